//! The end of a quoted text.

#[cfg(target_arch = "x86_64")]
mod avx2;
mod portable;

/// The number of characters between the last `"` of `text` and its end: what is quoted there, if
/// the next character closed the quote.
///
/// None if there are 128 or more, or if one of them is no printable ASCII character or a `\`.
///
/// # Examples
/// ```
/// use rails_session_accel::quote::quoted_len;
///
/// assert_eq!(quoted_len(br#""pur":"cookie.id"#), Some(9));
/// assert_eq!(quoted_len(br#""pur":null"#), Some(5));
/// assert_eq!(quoted_len(br#""pur":"\n"#), None);
/// assert_eq!(quoted_len(b"null"), None);
/// ```
#[must_use]
#[inline]
pub fn quoted_len(text: &[u8]) -> Option<usize> {
    #[cfg(target_arch = "x86_64")]
    if crate::processor::processor_has!("avx2") {
        // SAFETY: the processor has AVX2.
        return unsafe { avx2::quoted_len(text) };
    }
    portable::quoted_len(text)
}

/// The longest text that is quoted, and its quote.
const MAX_LEN: usize = 128;

#[cfg(test)]
mod tests {
    use super::quoted_len;

    #[test]
    fn finds_the_last_quote_of_128_characters() {
        for before in [0, 1, 31, 32, 33, 200] {
            for len in 0..300 {
                let text = format!("{}\"{}", "\"".repeat(before), "p".repeat(len));
                let expected = (len < 128).then_some(len);
                assert_eq!(quoted_len(text.as_bytes()), expected, "{before} {len}");
                let unquoted = "q".repeat(before) + &"p".repeat(len);
                assert_eq!(quoted_len(unquoted.as_bytes()), None, "{before} {len}");
            }
        }
    }

    #[test]
    fn nothing_but_printable_characters_is_quoted() {
        for byte in 0..=u8::MAX {
            let is_printable = matches!(byte, b' '..=b'~') && byte != b'\\' && byte != b'"';
            for len in [1, 2, 31, 32, 33, 63, 64, 127] {
                for place in 0..len {
                    let mut text = [b"\"\"".as_slice(), &vec![b'p'; len]].concat();
                    if let Some(old) = text.get_mut(2 + place) {
                        *old = byte;
                    }
                    let expected = match byte {
                        b'"' => Some(len - place - 1),
                        _ => is_printable.then_some(len),
                    };
                    assert_eq!(quoted_len(&text), expected, "{byte} {len} {place}");
                }
            }
        }
    }
}
