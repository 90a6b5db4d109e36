//! The end of a quoted text, 32 characters at a time.

use std::arch::x86_64::{
    _mm256_andnot_si256, _mm256_cmpeq_epi8, _mm256_min_epu8, _mm256_movemask_epi8,
    _mm256_set1_epi8, _mm256_sub_epi8,
};

use super::{MAX_LEN, portable};
use crate::vector::{WIDTH, load};

/// As [`super::quoted_len`].
#[target_feature(enable = "avx2")]
pub(super) fn quoted_len(text: &[u8]) -> Option<usize> {
    let all = |byte: u8| _mm256_set1_epi8(byte.cast_signed());
    let mut rest = text;
    let mut len = 0_usize;
    while let Some((before, last)) = rest.split_last_chunk::<WIDTH>()
        && len < MAX_LEN
    {
        let bytes = load(last);
        let from_blank = _mm256_sub_epi8(bytes, all(b' '));
        let is_printable =
            _mm256_cmpeq_epi8(_mm256_min_epu8(from_blank, all(b'~' - b' ')), from_blank);
        let is_ordinary = _mm256_andnot_si256(
            _mm256_cmpeq_epi8(bytes, all(b'\\')),
            _mm256_andnot_si256(_mm256_cmpeq_epi8(bytes, all(b'"')), is_printable),
        );
        let ordinary = _mm256_movemask_epi8(is_ordinary).leading_ones() as usize;
        len = len.wrapping_add(ordinary);
        if let Some(place) = (WIDTH - 1).checked_sub(ordinary) {
            return (last.get(place) == Some(&b'"')).then_some(len);
        }
        rest = before;
    }
    if len < MAX_LEN {
        Some(len.wrapping_add(portable::quoted_len(rest)?))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::super::portable;
    use crate::random::Random;

    #[test]
    fn is_as_its_twin_for_every_length() {
        if !is_x86_feature_detected!("avx2") {
            return;
        }
        let mut random = Random::default();
        for len in 0..5000 {
            let noise = random.bytes(len);
            let text = noise.iter().map(|byte| match byte {
                0..=1 => b'"',
                2 if len % 2 == 0 => b'\\',
                3 if len % 3 == 0 => 0x7f,
                4 if len % 3 == 0 => 0x1f,
                _ => b' '.wrapping_add(byte % 64),
            });
            for text in [text.collect(), noise.clone()] {
                let mut text: Vec<u8> = text;
                for _ in 0..40 {
                    // SAFETY: there is AVX2.
                    let len = unsafe { super::quoted_len(&text) };
                    assert_eq!(len, portable::quoted_len(&text), "{}", text.escape_ascii());
                    text.pop();
                }
            }
        }
    }
}
