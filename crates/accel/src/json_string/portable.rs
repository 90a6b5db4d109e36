//! The inside of a JSON string, 8 bytes at a time.

/// As [`super::plain_len`].
#[inline]
pub(super) fn plain_len(text: &[u8]) -> Option<usize> {
    let mut len = 0_usize;
    let (words, rest) = text.as_chunks();
    for word in words {
        let word = u64::from_le_bytes(*word);
        let found =
            (zeros(word ^ QUOTES) | zeros(word ^ BACKSLASHES) | below_blank(word) | word) & HIGHS;
        if found != 0 {
            let plain = found.trailing_zeros() / 8;
            return Some(len.wrapping_add(plain as usize));
        }
        len = len.wrapping_add(8);
    }
    let is_end = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..0x20 | 0x80..);
    Some(len.wrapping_add(rest.iter().position(is_end)?))
}

/// The high bit of the lowest byte that is zero; those above it may be set for nothing.
const fn zeros(word: u64) -> u64 {
    word.wrapping_sub(ONES) & !word
}

const fn below_blank(word: u64) -> u64 {
    word.wrapping_sub(ONES * 0x20) & !word
}

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = ONES * 0x80;
const QUOTES: u64 = ONES * 0x22;
const BACKSLASHES: u64 = ONES * 0x5c;
