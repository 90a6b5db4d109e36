//! One way to protect a message, with its keys.

use std::fmt;

use crate::aead::{self, Aead};
use crate::cbc::{self, Cbc};
use crate::mac::Mac;
use crate::scratch::Buffer;
use crate::signed::Signed;
use crate::text::base64::Alphabet;
use crate::{AeadCipher, CbcCipher, Digest, Error, Key, Rejection, Scratch};

/// One way to protect a message, with its keys, which are expanded once and wiped when it is
/// dropped.
///
/// `Debug` names the algorithms and shows no key.
///
/// # Examples
/// ```
/// use rails_session_core::{AeadCipher, CbcCipher, Digest, Key, Scheme};
///
/// let signed = Scheme::signed(Digest::Sha1, &Key::new(&[1; 64]));
/// let cbc = Scheme::cbc(CbcCipher::Aes256, &Key::new(&[2; 32]), Digest::Sha1, &Key::new(&[3; 64]))?;
/// let gcm = Scheme::aead(AeadCipher::Aes256Gcm, &Key::new(&[4; 32]))?.url_safe(true);
/// assert_eq!(format!("{gcm:?}"), "Scheme(aes-256-gcm, url-safe)");
/// # Ok::<(), rails_session_core::Error>(())
/// ```
pub struct Scheme {
    kind: Kind,
    alphabet: Alphabet,
}

/// Boxed, as they are of very different sizes.
enum Kind {
    Signed(Box<Signed>),
    Cbc(Box<Cbc>),
    Aead(Box<Aead>),
}

impl Scheme {
    /// Signed, for everyone to read: `base64(data)--hex(HMAC)`, as `ActiveSupport::MessageVerifier`
    /// has it.
    ///
    /// The key may have any length; Rails derives 64 bytes.
    ///
    /// # Examples
    /// ```
    /// use rails_session_core::{Digest, Key, Keyring, Scheme};
    ///
    /// let keyring = Keyring::new([Scheme::signed(Digest::Sha1, &Key::new(&[1; 64]))])?;
    /// assert!(keyring.seal(b"{}", b"", false)?.starts_with("e30=--"));
    /// # Ok::<(), rails_session_core::Error>(())
    /// ```
    #[must_use]
    pub fn signed(digest: Digest, key: &Key) -> Self {
        Self::new(Kind::Signed(Box::new(Signed::new(Mac::new(digest, key)))))
    }

    /// Encrypted by AES-CBC, then signed: `base64(base64(ciphertext)--base64(iv))--hex(HMAC)`.
    ///
    /// `sign_key` may have any length; Rails derives 64 bytes.
    ///
    /// # Errors
    /// [`Error::KeyLength`] when `key` has not the length that `cipher` takes.
    ///
    /// # Examples
    /// ```
    /// use rails_session_core::{CbcCipher, Digest, Key, Keyring, Scheme};
    ///
    /// let (key, sign_key) = (Key::new(&[2; 32]), Key::new(&[3; 64]));
    /// let scheme = Scheme::cbc(CbcCipher::Aes256, &key, Digest::Sha1, &sign_key)?;
    /// let keyring = Keyring::new([scheme])?;
    /// let message = keyring.seal(b"{}", b"", false)?;
    /// assert_eq!(keyring.open(message.as_bytes(), false, 0).unwrap().payload(), b"{}");
    /// # Ok::<(), rails_session_core::Error>(())
    /// ```
    pub fn cbc(
        cipher: CbcCipher,
        key: &Key,
        digest: Digest,
        sign_key: &Key,
    ) -> Result<Self, Error> {
        let cbc = Cbc::new(cipher, key, Mac::new(digest, sign_key))?;
        Ok(Self::new(Kind::Cbc(Box::new(cbc))))
    }

    /// Encrypted by a cipher that authenticates by itself:
    /// `base64(ciphertext)--base64(iv)--base64(tag)`.
    ///
    /// # Errors
    /// [`Error::KeyLength`] when `key` has not the length that `cipher` takes.
    ///
    /// # Examples
    /// ```
    /// use rails_session_core::{AeadCipher, Error, Key, Scheme};
    ///
    /// assert!(Scheme::aead(AeadCipher::ChaCha20Poly1305, &Key::new(&[4; 32])).is_ok());
    /// let too_short = Scheme::aead(AeadCipher::Aes256Gcm, &Key::new(&[4; 16]));
    /// assert_eq!(too_short.unwrap_err(), Error::KeyLength);
    /// ```
    pub fn aead(cipher: AeadCipher, key: &Key) -> Result<Self, Error> {
        let aead = Aead::new(cipher, key)?;
        Ok(Self::new(Kind::Aead(Box::new(aead))))
    }

    /// With true, `-_` for `+/` in base64, and no padding when writing. Default: false.
    #[must_use]
    pub fn url_safe(mut self, url_safe: bool) -> Self {
        self.alphabet = if url_safe {
            Alphabet::UrlSafe
        } else {
            Alphabet::Standard
        };
        self
    }

    /// Length of the IV that sealing takes, in bytes: 0 for a signed message, 16 for CBC, 12 for
    /// the others.
    #[must_use]
    pub const fn iv_len(&self) -> usize {
        match self.kind {
            Kind::Signed(_) => 0,
            Kind::Cbc(_) => cbc::IV_LEN,
            Kind::Aead(_) => aead::IV_LEN,
        }
    }

    const fn new(kind: Kind) -> Self {
        Self {
            kind,
            alphabet: Alphabet::Standard,
        }
    }

    /// Puts the plaintext of a message in `plain`; `inner` is working memory.
    pub(crate) fn open(
        &self,
        text: &[u8],
        inner: &mut Buffer,
        plain: &mut Buffer,
    ) -> Result<(), Rejection> {
        match &self.kind {
            Kind::Signed(signed) => signed.open(text, plain),
            Kind::Cbc(cbc) => cbc.open(text, self.alphabet, inner, plain),
            Kind::Aead(aead) => aead.open(text, self.alphabet, plain),
        }
    }

    /// Puts the message for `scratch.plain` in `scratch.text`.
    pub(crate) fn seal(&self, iv: &[u8], scratch: &mut Scratch) -> Result<(), Error> {
        let Scratch {
            text, inner, plain, ..
        } = scratch;
        match &self.kind {
            Kind::Signed(_) if !iv.is_empty() => Err(Error::IvLength),
            Kind::Signed(signed) => signed.seal(plain.as_slice(), self.alphabet, text),
            Kind::Cbc(cbc) => cbc.seal(plain, exact(iv)?, self.alphabet, inner, text),
            Kind::Aead(aead) => aead.seal(plain, exact(iv)?, self.alphabet, text),
        }
    }
}

impl fmt::Debug for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Scheme(")?;
        match &self.kind {
            Kind::Signed(signed) => write!(f, "HMAC-{}", signed.mac().digest())?,
            Kind::Cbc(cbc) => write!(f, "{}, HMAC-{}", cbc.cipher(), cbc.mac().digest())?,
            Kind::Aead(aead) => write!(f, "{}", aead.cipher())?,
        }
        f.write_str(if self.alphabet == Alphabet::UrlSafe {
            ", url-safe)"
        } else {
            ")"
        })
    }
}

fn exact<const N: usize>(iv: &[u8]) -> Result<[u8; N], Error> {
    iv.try_into().map_err(|_| Error::IvLength)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::Scheme;
    use crate::{AeadCipher, CbcCipher, Digest, Error, Key};

    #[test]
    fn keys_must_fit_their_cipher() {
        for len in 0..=65 {
            let key = Key::new(&vec![7; len]);
            for cipher in [CbcCipher::Aes128, CbcCipher::Aes192, CbcCipher::Aes256] {
                let scheme = Scheme::cbc(cipher, &key, Digest::Sha1, &Key::new(b""));
                assert_eq!(
                    scheme.err(),
                    (len != cipher.key_len()).then_some(Error::KeyLength),
                    "{cipher} {len}"
                );
            }
            for cipher in [
                AeadCipher::Aes128Gcm,
                AeadCipher::Aes192Gcm,
                AeadCipher::Aes256Gcm,
                AeadCipher::ChaCha20Poly1305,
            ] {
                let scheme = Scheme::aead(cipher, &key);
                assert_eq!(
                    scheme.err(),
                    (len != cipher.key_len()).then_some(Error::KeyLength),
                    "{cipher} {len}"
                );
            }
        }
    }

    #[test]
    fn debug_names_algorithms_only() {
        let key = Key::new(&[0x41; 32]);
        let cbc = Scheme::cbc(CbcCipher::Aes256, &key, Digest::Sha256, &key).unwrap();
        assert_eq!(format!("{cbc:?}"), "Scheme(aes-256-cbc, HMAC-SHA256)");
        assert_eq!(
            format!("{:?}", Scheme::signed(Digest::Md5, &key).url_safe(true)),
            "Scheme(HMAC-MD5, url-safe)"
        );
        let chacha = Scheme::aead(AeadCipher::ChaCha20Poly1305, &key).unwrap();
        assert_eq!(format!("{chacha:#?}"), "Scheme(chacha20-poly1305)");
    }

    #[test]
    fn iv_lengths() {
        let key = Key::new(&[0; 32]);
        assert_eq!(Scheme::signed(Digest::Sha1, &key).iv_len(), 0);
        assert_eq!(
            Scheme::cbc(CbcCipher::Aes256, &key, Digest::Sha1, &key)
                .unwrap()
                .iv_len(),
            16
        );
        assert_eq!(
            Scheme::aead(AeadCipher::Aes256Gcm, &key).unwrap().iv_len(),
            12
        );
    }
}
