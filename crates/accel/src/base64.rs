//! Base64 (RFC 4648) with rules as strict as Ruby's.

#[cfg(target_arch = "x86_64")]
mod avx2;
mod portable;

/// Which of the two alphabets, and what goes with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alphabet {
    /// `+/`, padded, both ways.
    Standard,
    /// `-_`, written without padding. Reading, `+/` are allowed too, and padding must be whole or
    /// absent.
    UrlSafe,
}

/// Decodes `text` to the start of `out` and returns the number of bytes.
///
/// No other characters than those of the alphabet, no whitespace; bits that no byte uses must be
/// zero. None for anything else, and if `out` is shorter than [`decoded_len`] says. What `out`
/// holds after those bytes, or if there is no answer, is not specified.
///
/// # Examples
/// ```
/// use rails_session_accel::base64::{Alphabet, decode};
///
/// let mut out = [0; 6];
/// assert_eq!(decode(Alphabet::Standard, b"aGVsbG8=", &mut out), Some(5));
/// assert_eq!(&out[..5], b"hello");
/// assert_eq!(decode(Alphabet::Standard, b"aGVsbG8", &mut out), None);
/// assert_eq!(decode(Alphabet::UrlSafe, b"aGVsbG8", &mut out), Some(5));
/// ```
#[must_use]
#[inline]
pub fn decode(alphabet: Alphabet, text: &[u8], out: &mut [u8]) -> Option<usize> {
    #[cfg(target_arch = "x86_64")]
    if crate::processor::processor_has!("avx2") {
        // SAFETY: the processor has AVX2.
        return unsafe { avx2::decode(alphabet, text, out) };
    }
    portable::decode(alphabet, text, out)
}

/// Writes the text of `bytes` to the start of `out` and returns its length: that of
/// [`encoded_len`]. None if `out` is shorter.
///
/// # Examples
/// ```
/// use rails_session_accel::base64::{Alphabet, encode};
///
/// let mut out = [0; 8];
/// assert_eq!(encode(Alphabet::Standard, b"hello", &mut out), Some(8));
/// assert_eq!(&out, b"aGVsbG8=");
/// assert_eq!(encode(Alphabet::UrlSafe, b"hello", &mut out), Some(7));
/// ```
#[must_use]
#[inline]
pub fn encode(alphabet: Alphabet, bytes: &[u8], out: &mut [u8]) -> Option<usize> {
    #[cfg(target_arch = "x86_64")]
    if crate::processor::processor_has!("avx2") {
        // SAFETY: the processor has AVX2.
        return unsafe { avx2::encode(alphabet, bytes, out) };
    }
    portable::encode(alphabet, bytes, out)
}

/// The number of bytes that a text of that length decodes to, at most: padding counts as symbols.
///
/// # Examples
/// ```
/// assert_eq!(rails_session_accel::base64::decoded_len(8), 6);
/// assert_eq!(rails_session_accel::base64::decoded_len(7), 6);
/// ```
#[must_use]
pub const fn decoded_len(len: usize) -> usize {
    len.div_ceil(4).saturating_mul(3)
}

/// The length of the text of that many bytes. None if it does not fit a `usize`.
///
/// # Examples
/// ```
/// use rails_session_accel::base64::{Alphabet, encoded_len};
///
/// assert_eq!(encoded_len(Alphabet::Standard, 5), Some(8));
/// assert_eq!(encoded_len(Alphabet::UrlSafe, 5), Some(7));
/// ```
#[must_use]
pub const fn encoded_len(alphabet: Alphabet, len: usize) -> Option<usize> {
    base64::encoded_len(len, matches!(alphabet, Alphabet::Standard))
}

#[cfg(test)]
mod tests {
    use super::Alphabet::{self, Standard, UrlSafe};
    use super::{decode, decoded_len, encode, encoded_len};
    use crate::random::Random;

    fn decoded(alphabet: Alphabet, text: &str) -> Option<Vec<u8>> {
        let mut out = vec![0; decoded_len(text.len())];
        let len = decode(alphabet, text.as_bytes(), &mut out)?;
        out.truncate(len);
        Some(out)
    }

    fn encoded(alphabet: Alphabet, bytes: &[u8]) -> String {
        let mut out = vec![0; encoded_len(alphabet, bytes.len()).unwrap_or_default()];
        assert_eq!(encode(alphabet, bytes, &mut out), Some(out.len()));
        String::from_utf8_lossy(&out).into_owned()
    }

    #[test]
    fn rfc_4648_section_10() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            let unpadded = text.trim_end_matches('=');
            assert_eq!(encoded(Standard, bytes.as_bytes()), text);
            assert_eq!(encoded(UrlSafe, bytes.as_bytes()), unpadded);
            assert_eq!(decoded(Standard, text).as_deref(), Some(bytes.as_bytes()));
            assert_eq!(decoded(UrlSafe, text).as_deref(), Some(bytes.as_bytes()));
            assert_eq!(
                decoded(UrlSafe, unpadded).as_deref(),
                Some(bytes.as_bytes())
            );
            assert_eq!(decoded(Standard, unpadded).is_some(), text == unpadded);
        }
    }

    #[test]
    fn only_canonical_text_decodes() {
        for before in [0, 4, 8, 28, 32, 36, 64] {
            for end in [
                "=", "A", "A=", "A==", "A===", "AA=", "AB==", "AAB=", "AAA", "AA==AA==",
                "AAAA====", "AAA=AAAA", "====", "=AAA", "AA=A", "A=A=",
            ] {
                let text = "A".repeat(before) + end;
                assert_eq!(decoded(Standard, &text), None, "{text}");
                assert_eq!(decoded(UrlSafe, &text).is_some(), end == "AAA", "{text}");
            }
        }
    }

    #[test]
    fn every_byte_comes_back() {
        let mut random = Random::default();
        let bytes: [u8; 5000] = random.array();
        for len in (0..bytes.len()).step_by(7) {
            for alphabet in [Standard, UrlSafe] {
                let bytes = bytes.get(..len).unwrap_or_default();
                assert_eq!(
                    decoded(alphabet, &encoded(alphabet, bytes)).as_deref(),
                    Some(bytes)
                );
            }
        }
    }

    #[test]
    fn takes_as_much_room_as_it_says() {
        for len in 0..100 {
            for alphabet in [Standard, UrlSafe] {
                let text = encoded(alphabet, &vec![7; len]);
                let mut out = vec![0; decoded_len(text.len()) + 1];
                assert_eq!(decode(alphabet, text.as_bytes(), &mut out), Some(len));
                assert_eq!(out.pop(), Some(0), "nothing is written past the room");
                assert_eq!(decode(alphabet, text.as_bytes(), &mut out), Some(len));
                if out.pop().is_some() {
                    assert_eq!(decode(alphabet, text.as_bytes(), &mut out), None);
                }
                let mut out = vec![0; text.len() + 1];
                assert_eq!(encode(alphabet, &vec![7; len], &mut out), Some(text.len()));
                assert_eq!(out.pop(), Some(0), "nothing is written past the room");
                if out.pop().is_some() {
                    assert_eq!(encode(alphabet, &vec![7; len], &mut out), None);
                }
            }
        }
        assert_eq!(encoded_len(Standard, usize::MAX), None);
        assert!(decoded_len(usize::MAX) > usize::MAX / 2);
    }
}
