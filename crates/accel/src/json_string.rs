//! The inside of a JSON string.

mod portable;
#[cfg(target_arch = "x86_64")]
mod sse2;

/// The number of bytes at the start of `text` that are ASCII and stand for themselves inside a JSON
/// string: up to a quote, a backslash, a control character (below U+0020), or a byte of a character
/// that is not ASCII.
///
/// None if there is no end.
///
/// # Examples
/// ```
/// use rails_session_accel::json_string::plain_len;
///
/// assert_eq!(plain_len(br#"hello","next":1"#), Some(5));
/// assert_eq!(plain_len(br"a\n"), Some(1));
/// assert_eq!(plain_len("né".as_bytes()), Some(1));
/// assert_eq!(plain_len(b"no end"), None);
/// ```
#[must_use]
#[inline]
pub fn plain_len(text: &[u8]) -> Option<usize> {
    #[cfg(target_arch = "x86_64")]
    if crate::processor::processor_has!("sse2") {
        // SAFETY: the processor has SSE2, as every one of this architecture does.
        return unsafe { sse2::plain_len(text) };
    }
    portable::plain_len(text)
}

#[cfg(test)]
mod tests {
    use super::plain_len;

    #[test]
    fn every_byte_is_plain_or_an_end() {
        for byte in 0..=u8::MAX {
            let is_plain = matches!(byte, b' '..=0x7f) && byte != b'"' && byte != b'\\';
            for place in 0..70 {
                for after in [0, 1, 7, 8, 15, 16, 17, 40] {
                    let mut text = vec![b'p'; place];
                    text.push(byte);
                    text.extend(vec![b'q'; after]);
                    let expected = (!is_plain).then_some(place);
                    assert_eq!(plain_len(&text), expected, "{byte} {place} {after}");
                    text.push(b'"');
                    let expected = expected.unwrap_or(place + 1 + after);
                    assert_eq!(plain_len(&text), Some(expected), "{byte} {place} {after}");
                }
            }
        }
    }
}
