//! The end of a quoted text, character by character.

use super::MAX_LEN;

/// As [`super::quoted_len`].
pub(super) fn quoted_len(text: &[u8]) -> Option<usize> {
    let mut from_end = text.iter().rev().take(MAX_LEN);
    let len = from_end.position(|&byte| byte == b'"' || !is_ordinary(byte))?;
    let start = text.len().checked_sub(len)?.checked_sub(1)?;
    (text.get(start) == Some(&b'"')).then_some(len)
}

/// Whether it is a printable ASCII character other than `\`.
const fn is_ordinary(byte: u8) -> bool {
    matches!(byte, b' '..=b'~') && byte != b'\\'
}
