//! `base64(ciphertext)--base64(iv)--base64(tag)`: ciphers that authenticate by themselves.

use aes::{Aes128, Aes192, Aes256};
use chacha20poly1305::ChaCha20Poly1305;
use chacha20poly1305::aead::{AeadInOut, KeyInit};

use crate::gcm::{Gcm, IV_LEN as GCM_IV_LEN, TAG_LEN};
use crate::scratch::Buffer;
use crate::text::base64::Alphabet;
use crate::text::{SEPARATOR, split_tail};
use crate::{AeadCipher, Error, Key, Rejection};

/// Length of an IV in bytes, whichever the cipher is.
pub(crate) const IV_LEN: usize = GCM_IV_LEN;

/// A cipher with its expanded key.
pub(crate) enum Aead {
    Aes128Gcm(Gcm<Aes128>),
    Aes192Gcm(Gcm<Aes192>),
    Aes256Gcm(Gcm<Aes256>),
    ChaCha20Poly1305(ChaCha20Poly1305),
}

impl Aead {
    pub(crate) fn new(cipher: AeadCipher, key: &Key) -> Result<Self, Error> {
        Ok(match cipher {
            AeadCipher::Aes128Gcm => Self::Aes128Gcm(Gcm::new(key)?),
            AeadCipher::Aes192Gcm => Self::Aes192Gcm(Gcm::new(key)?),
            AeadCipher::Aes256Gcm => Self::Aes256Gcm(Gcm::new(key)?),
            AeadCipher::ChaCha20Poly1305 => {
                let cipher = ChaCha20Poly1305::new_from_slice(key.as_bytes());
                Self::ChaCha20Poly1305(cipher.map_err(|_| Error::KeyLength)?)
            }
        })
    }

    pub(crate) const fn cipher(&self) -> AeadCipher {
        match self {
            Self::Aes128Gcm(_) => AeadCipher::Aes128Gcm,
            Self::Aes192Gcm(_) => AeadCipher::Aes192Gcm,
            Self::Aes256Gcm(_) => AeadCipher::Aes256Gcm,
            Self::ChaCha20Poly1305(_) => AeadCipher::ChaCha20Poly1305,
        }
    }

    /// Puts the plaintext of a message in `plain`. Nothing is decrypted before the tag was right. `memory` is for work.
    pub(crate) fn open(
        &self,
        text: &[u8],
        alphabet: Alphabet,
        memory: &mut Buffer,
        plain: &mut Buffer,
    ) -> Result<(), Rejection> {
        let (iv, tag) = unframe(text, alphabet, plain).ok_or(Rejection::Malformed)?;
        let data = plain.as_mut_slice();
        let opened = match self {
            Self::Aes128Gcm(gcm) => gcm.open(iv, data, tag, memory),
            Self::Aes192Gcm(gcm) => gcm.open(iv, data, tag, memory),
            Self::Aes256Gcm(gcm) => gcm.open(iv, data, tag, memory),
            Self::ChaCha20Poly1305(cipher) => {
                let opened = cipher.decrypt_inout_detached(&iv.into(), NO_DATA, data.into(), &tag.into());
                opened.ok()
            }
        };
        opened.ok_or(Rejection::Unauthenticated)
    }

    /// Appends the message for `plain` to `text`. What `plain` holds is encrypted in its place. `memory` is for work.
    pub(crate) fn seal(
        &self,
        plain: &mut Buffer,
        iv: [u8; IV_LEN],
        alphabet: Alphabet,
        memory: &mut Buffer,
        text: &mut Buffer,
    ) -> Result<(), Error> {
        let data = plain.as_mut_slice();
        let tag = match self {
            Self::Aes128Gcm(gcm) => gcm.seal(iv, data, memory),
            Self::Aes192Gcm(gcm) => gcm.seal(iv, data, memory),
            Self::Aes256Gcm(gcm) => gcm.seal(iv, data, memory),
            Self::ChaCha20Poly1305(cipher) => {
                let tag = cipher.encrypt_inout_detached(&iv.into(), NO_DATA, data.into());
                tag.ok().map(Into::into)
            }
        };
        let tag: [u8; TAG_LEN] = tag.ok_or(Error::PayloadLength)?;
        let encoded_len = alphabet.encoded_len(plain.as_slice().len()).ok_or(Error::PayloadLength)?;
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

/// Decodes `base64(ciphertext)--base64(iv)--base64(tag)`. Puts the ciphertext, which is not empty, in `out`.
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
