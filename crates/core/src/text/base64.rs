//! Base64 as Ruby's `strict_decode64` and `urlsafe_decode64` read it and as Rails writes it.

use rails_session_accel::base64 as accel;

use crate::scratch::Buffer;

/// One of the two alphabets of RFC 4648, each with Ruby's rule for reading and Rails' for writing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Alphabet {
    /// `+/`, padded, both ways.
    Standard,
    /// `-_`, written without padding. Reading, `+/` are allowed too, and padding must be whole or
    /// absent.
    UrlSafe,
}

impl Alphabet {
    /// Decodes `text` and puts the bytes in `out`, in place of what was there.
    ///
    /// No other characters, no whitespace; bits that no byte uses must be zero. None for anything
    /// else.
    pub(crate) fn decode(self, text: &[u8], out: &mut Buffer) -> Option<()> {
        let room = out.room(accel::decoded_len(text.len()));
        let len = accel::decode(self.accel(), text, room)?;
        out.truncate(len);
        Some(())
    }

    /// As [`Alphabet::decode`], for exactly `N` bytes, 24 at most, and for the text that
    /// [`Alphabet::encode_to`] writes.
    pub(crate) fn decode_exact<const N: usize>(self, text: &[u8]) -> Option<[u8; N]> {
        let symbols = match self {
            Self::Standard => strip_padding(text, N)?,
            Self::UrlSafe => text,
        };
        if symbols.len() != N.wrapping_mul(8).div_ceil(6) {
            return None;
        }
        // A whole block, which takes less time than a part of one. All that is added stands for 0.
        let mut block = [b'A'; BLOCK];
        block.get_mut(..symbols.len())?.copy_from_slice(symbols);
        let mut bytes = [0; BLOCK / 4 * 3];
        accel::decode(self.accel(), &block, &mut bytes)?;
        let (exact, unused) = bytes.split_first_chunk()?;
        unused.iter().all(|byte| *byte == 0).then_some(*exact)
    }

    /// Length of [`Alphabet::encode_to`]'s text for that many bytes. None if it does not fit a
    /// `usize`.
    pub(crate) const fn encoded_len(self, len: usize) -> Option<usize> {
        accel::encoded_len(self.accel(), len)
    }

    /// Appends the text of `bytes` to `out`. None if memory addresses end before the text does.
    pub(crate) fn encode_to(self, bytes: &[u8], out: &mut Buffer) -> Option<()> {
        let room = out.append(self.encoded_len(bytes.len())?);
        accel::encode(self.accel(), bytes, room).map(|_| ())
    }

    const fn accel(self) -> accel::Alphabet {
        match self {
            Self::Standard => accel::Alphabet::Standard,
            Self::UrlSafe => accel::Alphabet::UrlSafe,
        }
    }
}

/// Takes off the padding that the text of `len` bytes has.
fn strip_padding(text: &[u8], len: usize) -> Option<&[u8]> {
    match len % 3 {
        0 => Some(text),
        1 => text.strip_suffix(b"=="),
        _ => text.strip_suffix(b"="),
    }
}

/// In symbols.
const BLOCK: usize = 32;

#[cfg(test)]
mod tests {
    use super::Alphabet::{self, Standard, UrlSafe};
    use crate::scratch::Buffer;

    fn decode(alphabet: Alphabet, text: &str) -> Option<Vec<u8>> {
        let mut out = Buffer::default();
        alphabet
            .decode(text.as_bytes(), &mut out)
            .map(|()| out.as_slice().to_vec())
    }

    fn encode(alphabet: Alphabet, bytes: &[u8]) -> String {
        let mut out = Buffer::default();
        assert!(alphabet.encode_to(bytes, &mut out).is_some());
        assert_eq!(
            alphabet.encoded_len(bytes.len()),
            Some(out.as_slice().len())
        );
        String::from_utf8_lossy(out.as_slice()).into_owned()
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
            assert_eq!(encode(Standard, bytes.as_bytes()), text);
            assert_eq!(encode(UrlSafe, bytes.as_bytes()), unpadded);
            assert_eq!(decode(Standard, text).as_deref(), Some(bytes.as_bytes()));
            assert_eq!(decode(UrlSafe, text).as_deref(), Some(bytes.as_bytes()));
            assert_eq!(decode(UrlSafe, unpadded).as_deref(), Some(bytes.as_bytes()));
            assert_eq!(decode(Standard, unpadded).is_some(), text == unpadded);
        }
    }

    #[test]
    fn only_canonical_text_decodes() {
        for text in [
            "=", "A", "A=", "A==", "A===", "AA=", "AB==", "AAB=", "AAA", "AA==AA==", "AAAA====",
            "AAA=AAAA",
        ] {
            assert_eq!(decode(Standard, text), None, "{text}");
            assert_eq!(decode(UrlSafe, text).is_some(), text == "AAA", "{text}");
        }
        for junk in ["\n", " ", "\0", "\u{e9}", "!", ",", "*", "=", "=="] {
            for at in 0..98 {
                let text = [
                    "A".repeat(at).as_str(),
                    junk,
                    &"A".repeat(99_usize.saturating_sub(at)),
                ]
                .concat();
                assert_eq!(decode(Standard, &text), None, "{text}");
                assert_eq!(decode(UrlSafe, &text), None, "{text}");
            }
        }
    }

    #[test]
    fn each_alphabet_takes_its_own_symbols() {
        for (standard, url_safe) in [("+/+/", "-_-_"), ("ab+/", "ab-_")] {
            let long = |text: &str| text.repeat(40);
            let bytes = decode(Standard, &long(standard));
            assert!(bytes.is_some());
            assert_eq!(decode(Standard, &long(url_safe)), None);
            assert_eq!(decode(UrlSafe, &long(url_safe)), bytes);
            assert_eq!(decode(UrlSafe, &long(standard)), bytes);
            assert_eq!(
                decode(UrlSafe, &[long(url_safe), long(standard)].concat()).map(|b| b.len()),
                Some(240)
            );
        }
    }

    #[test]
    fn exact_lengths_decode_as_any_length_does() {
        fn check<const N: usize>() {
            let mut next = 0xfa_u8;
            let bytes = [(); N].map(|()| {
                next = next.wrapping_add(89);
                next
            });
            for alphabet in [Standard, UrlSafe] {
                let good = encode(alphabet, &bytes);
                assert_eq!(alphabet.decode_exact(good.as_bytes()), Some(bytes));
                for at in 0..good.len() {
                    for byte in 0..=0x7f_u8 {
                        let mut text = good.clone().into_bytes();
                        text.splice(at..=at, [byte]);
                        let text = String::from_utf8_lossy(&text).into_owned();
                        let expected = decode(alphabet, &text).filter(|bytes| bytes.len() == N);
                        let exact = alphabet.decode_exact::<N>(text.as_bytes());
                        assert_eq!(exact.map(|bytes| bytes.to_vec()), expected, "{text}");
                    }
                }
                assert_eq!(
                    alphabet.decode_exact::<N>(format!("{good}A").as_bytes()),
                    None
                );
                assert_eq!(
                    alphabet.decode_exact::<N>(good.split_at(good.len() - 1).0.as_bytes()),
                    None
                );
            }
        }
        check::<12>();
        check::<16>();
        check::<17>();
    }
}
