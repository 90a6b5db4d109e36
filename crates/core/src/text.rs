//! Message text: separators, base64, hexadecimal digits, form escapes.

pub(crate) mod base64;
pub(crate) mod escape;
pub(crate) mod hex;

/// Between the parts of a message.
pub(crate) const SEPARATOR: &[u8] = b"--";

/// Splits `head--tail` where `tail` has exactly `tail_len` bytes, whatever they are.
///
/// Lengths are what tells the parts apart: `--` may stand within a part of the url-safe alphabet.
pub(crate) fn split_tail(text: &[u8], tail_len: usize) -> Option<(&[u8], &[u8])> {
    let (head, tail) = text.split_at_checked(text.len().checked_sub(tail_len)?)?;
    Some((head.strip_suffix(SEPARATOR)?, tail))
}

#[cfg(test)]
mod tests {
    use super::split_tail;

    #[test]
    fn splits_by_length_from_the_right() {
        assert_eq!(
            split_tail(b"ab--cd", 2),
            Some((b"ab".as_slice(), b"cd".as_slice()))
        );
        assert_eq!(
            split_tail(b"a------", 3),
            Some((b"a-".as_slice(), b"---".as_slice()))
        );
        assert_eq!(
            split_tail(b"--cd", 2),
            Some((b"".as_slice(), b"cd".as_slice()))
        );
        assert_eq!(
            split_tail(b"ab--", 0),
            Some((b"ab".as_slice(), b"".as_slice()))
        );
    }

    #[test]
    fn refuses_what_is_too_short_or_has_no_separator() {
        for (text, len) in [
            ("", 0),
            ("-cd", 2),
            ("cd", 2),
            ("c", 2),
            ("ab-_cd", 2),
            ("ab--cd", 1),
            ("ab--cd", 3),
        ] {
            assert_eq!(split_tail(text.as_bytes(), len), None, "{text}");
        }
        assert_eq!(split_tail(b"ab--cd", usize::MAX), None);
    }
}
