//! `base64(ciphertext)--base64(iv)--base64(tag)`: ciphers that authenticate by themselves.

use chacha20poly1305::ChaCha20Poly1305;
use chacha20poly1305::aead::{AeadInOut, KeyInit};
use rails_session_accel::aes_gcm::{self, AesGcm};

use crate::scratch::Buffer;
use crate::text::base64::Alphabet;
use crate::text::{SEPARATOR, split_tail};
use crate::{AeadCipher, Error, Key, Rejection};

/// Length of an IV in bytes.
pub(crate) const IV_LEN: usize = aes_gcm::IV_LEN;

/// A cipher with its expanded key.
pub(crate) struct Aead {
    cipher: AeadCipher,
    key: Expanded,
}

enum Expanded {
    AesGcm(AesGcm),
    ChaCha20Poly1305(ChaCha20Poly1305),
}

impl Aead {
    pub(crate) fn new(cipher: AeadCipher, key: &Key) -> Result<Self, Error> {
        if key.len() != cipher.key_len() {
            return Err(Error::KeyLength);
        }
        let key = match cipher {
            AeadCipher::ChaCha20Poly1305 => ChaCha20Poly1305::new_from_slice(key.as_bytes())
                .ok()
                .map(Expanded::ChaCha20Poly1305),
            _ => AesGcm::new(key.as_bytes()).map(Expanded::AesGcm),
        };
        let key = key.ok_or(Error::KeyLength)?;
        Ok(Self { cipher, key })
    }

    pub(crate) const fn cipher(&self) -> AeadCipher {
        self.cipher
    }

    /// Puts the plaintext of a message in `plain`. Nothing is decrypted before the tag was right.
    pub(crate) fn open(
        &self,
        text: &[u8],
        alphabet: Alphabet,
        plain: &mut Buffer,
    ) -> Result<(), Rejection> {
        let (iv, tag) = unframe(text, alphabet, plain).ok_or(Rejection::Malformed)?;
        let is_open = match &self.key {
            Expanded::AesGcm(key) => {
                let length = plain.as_slice().len();
                key.open(&iv, plain.as_mut_blocks(), length, &tag)
            }
            Expanded::ChaCha20Poly1305(key) => {
                let data = plain.as_mut_slice().into();
                key.decrypt_inout_detached(&iv.into(), NO_DATA, data, &tag.into())
                    .is_ok()
            }
        };
        if is_open {
            Ok(())
        } else {
            Err(Rejection::Unauthenticated)
        }
    }

    /// Appends the message for `plain` to `text`. What `plain` holds is encrypted in its place.
    pub(crate) fn seal(
        &self,
        plain: &mut Buffer,
        iv: [u8; IV_LEN],
        alphabet: Alphabet,
        text: &mut Buffer,
    ) -> Result<(), Error> {
        let tag = match &self.key {
            Expanded::AesGcm(key) => {
                let length = plain.as_slice().len();
                key.seal(&iv, plain.as_mut_blocks(), length)
            }
            Expanded::ChaCha20Poly1305(key) => {
                let data = plain.as_mut_slice().into();
                key.encrypt_inout_detached(&iv.into(), NO_DATA, data)
                    .ok()
                    .map(Into::into)
            }
        }
        .ok_or(Error::PayloadLength)?;
        let encoded_len = alphabet
            .encoded_len(plain.as_slice().len())
            .ok_or(Error::PayloadLength)?;
        text.reserve(encoded_len.saturating_add(44));
        for (number, part) in [plain.as_slice(), &iv, &tag].into_iter().enumerate() {
            if number > 0 {
                text.extend(SEPARATOR);
            }
            alphabet.encode_to(part, text).ok_or(Error::PayloadLength)?;
        }
        Ok(())
    }
}

/// Decodes `base64(ciphertext)--base64(iv)--base64(tag)`. Puts the ciphertext, which is not empty,
/// in `out`.
fn unframe(
    text: &[u8],
    alphabet: Alphabet,
    out: &mut Buffer,
) -> Option<([u8; IV_LEN], [u8; TAG_LEN])> {
    let (rest, tag) = split_tail(text, alphabet.encoded_len(TAG_LEN)?)?;
    let (ciphertext, iv) = split_tail(rest, alphabet.encoded_len(IV_LEN)?)?;
    let iv = alphabet.decode_exact(iv)?;
    let tag = alphabet.decode_exact(tag)?;
    alphabet.decode(ciphertext, out)?;
    (!out.as_slice().is_empty()).then_some((iv, tag))
}

/// Rails authenticates nothing besides the ciphertext.
const NO_DATA: &[u8] = b"";

/// Length of a tag in bytes: never less, which would be a way to forge messages.
const TAG_LEN: usize = aes_gcm::TAG_LEN;

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::Aead;
    use crate::scratch::Buffer;
    use crate::text::base64::Alphabet::{self, Standard, UrlSafe};
    use crate::{AeadCipher, Key, Rejection};

    fn aead() -> Aead {
        Aead::new(AeadCipher::Aes256Gcm, &Key::new(&[7; 32])).unwrap()
    }

    fn seal(plaintext: &[u8], alphabet: Alphabet) -> String {
        let (mut plain, mut text) = <(Buffer, Buffer)>::default();
        plain.extend(plaintext);
        aead()
            .seal(&mut plain, [0; 12], alphabet, &mut text)
            .unwrap();
        String::from_utf8(text.as_slice().to_vec()).unwrap()
    }

    fn open(text: &str, alphabet: Alphabet) -> Result<Vec<u8>, Rejection> {
        let mut plain = Buffer::default();
        aead().open(text.as_bytes(), alphabet, &mut plain)?;
        Ok(plain.as_slice().to_vec())
    }

    #[test]
    fn each_alphabet_has_its_own_length_of_tag() {
        let (standard, url_safe) = (seal(b"{}", Standard), seal(b"{}", UrlSafe));
        assert_eq!(
            standard
                .replace('+', "-")
                .replace('/', "_")
                .replace('=', ""),
            url_safe
        );
        assert_eq!(open(&standard, Standard).unwrap(), b"{}");
        assert_eq!(open(&url_safe, UrlSafe).unwrap(), b"{}");
        assert_eq!(open(&standard, UrlSafe).unwrap_err(), Rejection::Malformed);
        assert_eq!(open(&url_safe, Standard).unwrap_err(), Rejection::Malformed);
    }

    #[test]
    fn what_is_not_framed_is_malformed() {
        let good = seal(b"0123456789", Standard);
        let [data, iv, tag] = good.split("--").collect::<Vec<_>>().try_into().unwrap();
        let short = |part: &str| part.split_at(4).1.to_owned();
        for text in [
            String::new(),
            "--".to_owned(),
            "----".to_owned(),
            data.to_owned(),
            format!("{data}--{iv}"),
            format!("--{iv}--{tag}"),
            format!("{iv}--{tag}"),
            format!("{data}--{}--{tag}", short(iv)),
            format!("{data}--{iv}--{}", short(tag)),
            format!("{data}--{iv}--{tag}--"),
            format!("{data}--{iv}--{tag}--{tag}"),
            format!("{data}--{data}--{iv}--{tag}"),
            format!("{data}--AA==AA==AA==AA==--{tag}"),
            format!("{data}--AAAAAAAAAAAAAA==--{tag}"),
            format!("{data}--{iv}--{}", tag.replace('=', "A")),
            format!("{data}-_{iv}--{tag}"),
            format!("{data} --{iv}--{tag}"),
        ] {
            assert_eq!(
                open(&text, Standard).unwrap_err(),
                Rejection::Malformed,
                "{text}"
            );
        }
        let other = format!("{iv}--{iv}--{tag}");
        assert_eq!(
            open(&other, Standard).unwrap_err(),
            Rejection::Unauthenticated
        );
    }
}
