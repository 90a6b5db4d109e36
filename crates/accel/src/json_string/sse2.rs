//! The inside of a JSON string, 16 bytes at a time.

use std::arch::x86_64::{
    _mm_cmpeq_epi8, _mm_cmplt_epi8, _mm_loadu_si128, _mm_movemask_epi8, _mm_or_si128, _mm_set1_epi8,
};

use super::portable;

/// As [`super::plain_len`].
#[inline]
#[target_feature(enable = "sse2")]
pub(super) fn plain_len(text: &[u8]) -> Option<usize> {
    let all = |byte: u8| _mm_set1_epi8(byte.cast_signed());
    let mut len = 0_usize;
    let (blocks, rest) = text.as_chunks::<16>();
    for block in blocks {
        // SAFETY: 16 bytes can be read there, at any alignment.
        let bytes = unsafe { _mm_loadu_si128(block.as_ptr().cast()) };
        // As signed numbers, bytes above 127 are below zero.
        let is_outside = _mm_cmplt_epi8(bytes, all(b' '));
        let is_sign = _mm_or_si128(
            _mm_cmpeq_epi8(bytes, all(b'"')),
            _mm_cmpeq_epi8(bytes, all(b'\\')),
        );
        let ends = _mm_movemask_epi8(_mm_or_si128(is_outside, is_sign));
        if ends != 0 {
            return Some(len.wrapping_add(ends.trailing_zeros() as usize));
        }
        len = len.wrapping_add(16);
    }
    Some(len.wrapping_add(portable::plain_len(rest)?))
}

#[cfg(test)]
mod tests {
    use super::super::portable;
    use crate::random::Random;

    #[test]
    fn is_as_its_twin_for_every_length() {
        let mut random = Random::default();
        for len in 0..3000 {
            let noise = random.bytes(len);
            let plain = noise.iter().map(|byte| b' '.wrapping_add(byte % 2));
            let mixed = noise.iter().map(|byte| match byte {
                0 => b'"',
                1 => b'\\',
                2 => 0x1f,
                3 => 0x80,
                4 => 0x7f,
                _ => b' ',
            });
            for text in [plain.collect(), mixed.collect(), noise.clone()] {
                let text: Vec<u8> = text;
                for start in 0..len.min(20) {
                    let text = text.get(start..).unwrap_or_default();
                    // SAFETY: every processor of this architecture has SSE2.
                    let len = unsafe { super::plain_len(text) };
                    assert_eq!(len, portable::plain_len(text), "{}", text.escape_ascii());
                }
            }
        }
    }
}
