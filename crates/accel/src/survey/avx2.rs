//! The survey in vectors, 64 bytes at a time.

use std::arch::x86_64::{
    __m256i, _mm256_add_epi64, _mm256_and_si256, _mm256_cmpeq_epi8, _mm256_cmpeq_epi64,
    _mm256_extract_epi64, _mm256_min_epu8, _mm256_movemask_epi8, _mm256_or_si256, _mm256_sad_epu8,
    _mm256_set1_epi8, _mm256_set1_epi64x, _mm256_setzero_si256, _mm256_sub_epi8,
    _mm256_testz_si256,
};

use super::{MAX_OPENERS, Survey, is_odd_at, portable};
use crate::vector::{WIDTH, load};

/// As [`super::survey`].
#[target_feature(enable = "avx2")]
pub(super) fn survey(text: &[u8]) -> Survey {
    let Some(last) = text.last_chunk::<BLOCK>() else {
        return portable::survey(text);
    };
    // The last bytes are read elsewhere, where there are blanks behind them, which change nothing.
    // They go there first, since memory that was just written to is slow to read.
    let mut end = [b' '; 2 * BLOCK + 1];
    if let Some(end) = end.first_chunk_mut() {
        *end = *last;
    }

    let mut seen = Seen {
        bits: _mm256_setzero_si256(),
        least: all(u8::MAX),
        openers: _mm256_setzero_si256(),
        is_odd: false,
    };
    let mut start = 0_usize;
    while let Some(block) = text.get(start..).unwrap_or_default().first_chunk() {
        seen.look_at(block, text, start);
        start = start.wrapping_add(BLOCK);
    }
    let read = BLOCK.wrapping_sub(text.len().wrapping_sub(start));
    if let Some(block) = end.get(read..).and_then(<[u8]>::first_chunk) {
        seen.look_at(block, text, start);
    }
    Survey {
        is_ascii: _mm256_movemask_epi8(seen.bits) == 0,
        is_odd: seen.is_odd || seen.has_controls() || seen.has_many_openers(),
    }
}

struct Seen {
    /// The bits of all bytes.
    bits: __m256i,
    /// The least of all bytes.
    least: __m256i,
    /// The number of `[` and `{`, in four parts.
    openers: __m256i,
    is_odd: bool,
}

impl Seen {
    /// Looks at the block of `text` at `start`, and at the byte after it.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn look_at(&mut self, block: &[u8; BLOCK + 1], text: &[u8], start: usize) {
        let [halves @ .., _] = block;
        let [_, next_halves @ ..] = block;
        let mut openers = _mm256_setzero_si256();
        let mut suspects = [_mm256_setzero_si256(); 2];
        for ((half, next), suspects) in halves
            .as_chunks()
            .0
            .iter()
            .zip(next_halves.as_chunks().0)
            .zip(&mut suspects)
        {
            let (bytes, next) = (load(half), load(next));
            self.bits = _mm256_or_si256(self.bits, bytes);
            self.least = _mm256_min_epu8(self.least, bytes);

            // The two differ in one bit.
            let is_opener = equal(_mm256_or_si256(bytes, all(0x20)), b'{');
            openers = _mm256_sub_epi8(openers, is_opener);

            let is_minus_zero = _mm256_and_si256(equal(bytes, b'-'), equal(next, b'0'));
            let is_escape = _mm256_and_si256(equal(bytes, b'\\'), equal(next, b'u'));
            let is_digit = is_below(_mm256_sub_epi8(bytes, all(b'0')), 10);
            let is_number = _mm256_cmpeq_epi64(is_digit, all(u8::MAX));
            // The first byte stands for its word.
            let is_number = _mm256_and_si256(is_number, _mm256_set1_epi64x(0xff));
            let is_mark = _mm256_or_si256(is_minus_zero, is_escape);
            *suspects = _mm256_or_si256(is_mark, is_number);
        }
        let openers = _mm256_sad_epu8(openers, _mm256_setzero_si256());
        self.openers = _mm256_add_epi64(self.openers, openers);
        let [low, high] = suspects;
        let any = _mm256_or_si256(low, high);
        if _mm256_testz_si256(any, any) == 0 && !self.is_odd {
            let places = |half| u64::from(_mm256_movemask_epi8(half).cast_unsigned());
            self.is_odd = is_any_odd(places(low) | places(high) << WIDTH, text, start);
        }
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    fn has_controls(&self) -> bool {
        _mm256_movemask_epi8(is_below(self.least, b' ')) != 0
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    fn has_many_openers(&self) -> bool {
        let parts = [
            _mm256_extract_epi64::<0>(self.openers),
            _mm256_extract_epi64::<1>(self.openers),
            _mm256_extract_epi64::<2>(self.openers),
            _mm256_extract_epi64::<3>(self.openers),
        ];
        parts.into_iter().fold(0, i64::wrapping_add) > MAX_OPENERS
    }
}

/// Whether `text` is odd at one of the places after `start` for which `suspects` has a bit.
#[cold]
fn is_any_odd(mut suspects: u64, text: &[u8], start: usize) -> bool {
    while suspects != 0 {
        if is_odd_at(text, start.wrapping_add(suspects.trailing_zeros() as usize)) {
            return true;
        }
        suspects &= suspects.wrapping_sub(1);
    }
    false
}

#[inline]
#[target_feature(enable = "avx2")]
fn all(byte: u8) -> __m256i {
    _mm256_set1_epi8(byte.cast_signed())
}

#[inline]
#[target_feature(enable = "avx2")]
fn equal(bytes: __m256i, byte: u8) -> __m256i {
    _mm256_cmpeq_epi8(bytes, all(byte))
}

#[inline]
#[target_feature(enable = "avx2")]
fn is_below(bytes: __m256i, limit: u8) -> __m256i {
    _mm256_cmpeq_epi8(_mm256_min_epu8(bytes, all(limit.wrapping_sub(1))), bytes)
}

const BLOCK: usize = 2 * WIDTH;

#[cfg(test)]
mod tests {
    use super::super::{Survey, portable};
    use crate::random::Random;

    /// What both give, which has to be the same.
    fn surveyed(text: &[u8]) -> Survey {
        // SAFETY: only called where there is AVX2.
        let seen = unsafe { super::survey(text) };
        assert_eq!(seen, portable::survey(text), "{}", text.escape_ascii());
        seen
    }

    #[test]
    fn is_as_its_twin_for_every_length() {
        if !is_x86_feature_detected!("avx2") {
            return;
        }
        let mut random = Random::default();
        let mut odd = 0;
        for len in 0..5000 {
            surveyed(&random.bytes(len));
            // Much that is nearly odd, seldom something that is.
            let text = random.bytes(len).into_iter().map(|byte| match byte {
                0..=140 => b'0'.wrapping_add(byte % 10),
                141..=150 => b'-',
                151..=160 => b'\\',
                161..=180 => b'u',
                181..=200 => b'd',
                201..=220 => b':',
                221 => b'[',
                222 => b'{',
                223 if len % 10 == 0 => b'\n',
                224 if len % 3 == 0 => 0xe9,
                _ => b'x',
            });
            let text: Vec<u8> = text.collect();
            for part in text.chunks(67) {
                odd += u32::from(surveyed(part).is_odd);
            }
            surveyed(&text);
        }
        assert!(
            (1000..150_000).contains(&odd),
            "both outcomes are common: {odd}"
        );
    }

    #[test]
    fn is_as_its_twin_for_every_byte_in_every_place() {
        if !is_x86_feature_detected!("avx2") {
            return;
        }
        let text = br#"{"id":123456789012345,"n":[-1,:-0",-10, -2],"s":"\u0041\ud800","z":98765432109876543210}"#;
        for start in 0..text.len() {
            let mut text = text.get(start..).unwrap_or_default().to_vec();
            for place in 0..text.len() {
                let old = text.get(place).copied().unwrap_or_default();
                for byte in 0..=u8::MAX {
                    if let Some(old) = text.get_mut(place) {
                        *old = byte;
                    }
                    surveyed(&text);
                }
                if let Some(byte) = text.get_mut(place) {
                    *byte = old;
                }
            }
        }
    }
}
