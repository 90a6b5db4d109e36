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

    /// As [`Alphabet::decode`], for exactly `N` bytes and for the text that [`Alphabet::encode_to`]
    /// writes: faster than an engine where there is little to decode.
    pub(crate) fn decode_exact<const N: usize>(self, text: &[u8]) -> Option<[u8; N]> {
        let (symbols, values) = match self {
            Self::Standard => (strip_padding(text, N)?, &STANDARD_VALUES),
            Self::UrlSafe => (text, &URL_SAFE_VALUES),
        };
        let value = |symbol: u8| {
            values
                .get(usize::from(symbol))
                .copied()
                .unwrap_or(NO_SYMBOL)
        };

        let mut bytes = [0; N];
        let (quads, symbols) = symbols.as_chunks::<4>();
        let (triples, last) = bytes.as_chunks_mut::<3>();
        if quads.len() != triples.len() {
            return None;
        }
        let mut all = 0;
        for (triple, quad) in triples.iter_mut().zip(quads) {
            let [a, b, c, d] = quad.map(value);
            all |= a | b | c | d;
            *triple = [a << 2 | b >> 4, b << 4 | c >> 2, c << 6 | d];
        }
        let unused = match (last, symbols) {
            ([], []) => 0,
            ([first], &[a, b]) => {
                let (a, b) = (value(a), value(b));
                all |= a | b;
                *first = a << 2 | b >> 4;
                b & 0x0f
            }
            ([first, second], &[a, b, c]) => {
                let (a, b, c) = (value(a), value(b), value(c));
                all |= a | b | c;
                (*first, *second) = (a << 2 | b >> 4, b << 4 | c >> 2);
                c & 0x03
            }
            _ => return None,
        };
        (all < 64 && unused == 0).then_some(bytes)
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

/// Above 63.
const NO_SYMBOL: u8 = 0xff;
static STANDARD_VALUES: [u8; 256] = values(b"+/");
static URL_SAFE_VALUES: [u8; 256] = values(b"+/-_");

/// Values of the symbols, where the last two values may have several.
#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
const fn values(last: &[u8]) -> [u8; 256] {
    let mut values = [NO_SYMBOL; 256];
    let first = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let mut value = 0_u8;
    while (value as usize) < first.len() {
        values[first[value as usize] as usize] = value;
        value = value.wrapping_add(1);
    }
    let mut number = 0_u8;
    while (number as usize) < last.len() {
        values[last[number as usize] as usize] = value.wrapping_add(number % 2);
        number = number.wrapping_add(1);
    }
    values
}

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
