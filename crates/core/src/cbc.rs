//! A signed message whose data is `base64(ciphertext)--base64(iv)`: AES-CBC, encrypted and then
//! signed.

use rails_session_accel::aes_cbc::AesCbc;

use crate::mac::Mac;
use crate::scratch::Buffer;
use crate::signed::Signed;
use crate::text::base64::Alphabet;
use crate::text::{SEPARATOR, split_tail};
use crate::{CbcCipher, Error, Key, Rejection};

/// Length of an IV in bytes.
pub(crate) const IV_LEN: usize = 16;

/// Keys of an encrypted and signed message: AES round keys and an HMAC state.
pub(crate) struct Cbc {
    cipher: CbcCipher,
    key: AesCbc,
    signed: Signed,
}

impl Cbc {
    pub(crate) fn new(cipher: CbcCipher, key: &Key, mac: Mac) -> Result<Self, Error> {
        if key.len() != cipher.key_len() {
            return Err(Error::KeyLength);
        }
        Ok(Self {
            cipher,
            key: AesCbc::new(key.as_bytes()).ok_or(Error::KeyLength)?,
            signed: Signed::new(mac),
        })
    }

    pub(crate) const fn cipher(&self) -> CbcCipher {
        self.cipher
    }

    pub(crate) const fn mac(&self) -> &Mac {
        self.signed.mac()
    }

    /// Puts the plaintext of a message in `plain`. Nothing is decoded or decrypted before the MAC
    /// was right.
    pub(crate) fn open(
        &self,
        text: &[u8],
        alphabet: Alphabet,
        inner: &mut Buffer,
        plain: &mut Buffer,
    ) -> Result<(), Rejection> {
        self.signed.open(text, inner)?;
        let iv = unframe(inner.as_slice(), alphabet, plain).ok_or(Rejection::Undecodable)?;
        if !plain.as_slice().len().is_multiple_of(IV_LEN) {
            return Err(Rejection::Unauthenticated);
        }
        self.key.decrypt(&iv, plain.as_mut_blocks());
        let len = unpadded_len(plain.as_slice()).ok_or(Rejection::Unauthenticated)?;
        plain.truncate(len);
        Ok(())
    }

    /// Appends the message for `plain` to `text`. What `plain` holds is encrypted in its place.
    pub(crate) fn seal(
        &self,
        plain: &mut Buffer,
        iv: [u8; IV_LEN],
        alphabet: Alphabet,
        inner: &mut Buffer,
        text: &mut Buffer,
    ) -> Result<(), Error> {
        pad(plain);
        self.key.encrypt(&iv, plain.as_mut_blocks());

        let encoded_len = alphabet
            .encoded_len(plain.as_slice().len())
            .ok_or(Error::PayloadLength)?;
        inner.clear();
        inner.reserve(encoded_len.saturating_add(26));
        alphabet
            .encode_to(plain.as_slice(), inner)
            .ok_or(Error::PayloadLength)?;
        inner.extend(SEPARATOR);
        alphabet.encode_to(&iv, inner).ok_or(Error::PayloadLength)?;
        self.signed.seal(inner.as_slice(), alphabet, text)
    }
}

/// Decodes `base64(ciphertext)--base64(iv)`. Puts the ciphertext in `out` and returns the IV.
fn unframe(inner: &[u8], alphabet: Alphabet, out: &mut Buffer) -> Option<[u8; IV_LEN]> {
    let (ciphertext, iv) = split_tail(inner, alphabet.encoded_len(IV_LEN)?)?;
    alphabet.decode(ciphertext, out)?;
    alphabet.decode_exact(iv)
}

/// Fills the last block up, or adds one: each byte says how many there are (PKCS #7).
fn pad(plain: &mut Buffer) {
    let missing = IV_LEN.wrapping_sub(plain.as_slice().len() % IV_LEN);
    let byte = u8::try_from(missing).unwrap_or_default();
    plain.append(missing).fill(byte);
}

/// The length without padding, if that is right: it is not, if there are no bytes at all.
fn unpadded_len(plain: &[u8]) -> Option<usize> {
    let byte = *plain.last()?;
    let len = plain.len().checked_sub(byte.into())?;
    let is_padding =
        (1..=16).contains(&byte) && plain.get(len..)?.iter().all(|&other| other == byte);
    is_padding.then_some(len)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::Cbc;
    use crate::mac::Mac;
    use crate::scratch::Buffer;
    use crate::signed::Signed;
    use crate::text::base64::Alphabet::{self, Standard, UrlSafe};
    use crate::{CbcCipher, Digest, Key, Rejection};

    const IV: &str = "AAAAAAAAAAAAAAAAAAAAAA==";

    fn mac() -> Mac {
        Mac::new(Digest::Sha1, &Key::new(b"sign key"))
    }

    fn cbc() -> Cbc {
        Cbc::new(CbcCipher::Aes128, &Key::new(&[7; 16]), mac()).unwrap()
    }

    /// Opens a message whose signature is right, and below it `inner`.
    fn open(inner: &str, alphabet: Alphabet) -> Result<Vec<u8>, Rejection> {
        let (mut text, mut memory, mut plain) = Default::default();
        Signed::new(mac())
            .seal(inner.as_bytes(), Standard, &mut text)
            .unwrap();
        cbc().open(text.as_slice(), alphabet, &mut memory, &mut plain)?;
        Ok(plain.as_slice().to_vec())
    }

    /// What is below the signature of a message for `plaintext`.
    fn inner(plaintext: &[u8], alphabet: Alphabet) -> String {
        let (mut plain, mut memory, mut text) = <(Buffer, _, _)>::default();
        plain.extend(plaintext);
        cbc()
            .seal(&mut plain, [0; 16], alphabet, &mut memory, &mut text)
            .unwrap();
        String::from_utf8(memory.as_slice().to_vec()).unwrap()
    }

    #[test]
    fn pads_and_takes_padding_off() {
        for len in 0..50 {
            let plaintext = vec![b'x'; len];
            for alphabet in [Standard, UrlSafe] {
                assert_eq!(
                    open(&inner(&plaintext, alphabet), alphabet).unwrap(),
                    plaintext
                );
            }
        }
    }

    #[test]
    fn each_alphabet_has_its_own_length_of_iv() {
        assert!(inner(b"{}", Standard).ends_with("--AAAAAAAAAAAAAAAAAAAAAA=="));
        assert!(inner(b"{}", UrlSafe).ends_with("--AAAAAAAAAAAAAAAAAAAAAA"));
        assert_eq!(
            open(&inner(b"{}", Standard), UrlSafe).unwrap_err(),
            Rejection::Undecodable
        );
        assert_eq!(
            open(&inner(b"{}", UrlSafe), Standard).unwrap_err(),
            Rejection::Undecodable
        );
    }

    #[test]
    fn what_is_signed_but_not_framed_is_undecodable() {
        let good = inner(b"{}", Standard);
        let (data, _) = good.split_once("--").unwrap();
        for inner in [
            "--".to_owned(),
            data.to_owned(),
            IV.to_owned(),
            format!("{data}-{IV}"),
            format!("{data}--{IV}--"),
            format!("{data}--A{IV}"),
            format!("{data}--{}", IV.replace('=', "A")),
            format!("{data}--{}", IV.replace("A=", "B=")),
            format!("{data}\n--{IV}"),
            format!("x{data}--{IV}"),
            format!("{data}--{data}--{IV}"),
        ] {
            assert_eq!(
                open(&inner, Standard).unwrap_err(),
                Rejection::Undecodable,
                "{inner}"
            );
        }
    }

    #[test]
    fn the_signature_is_looked_at_first() {
        let (mut text, mut memory, mut plain) = <(Buffer, _, _)>::default();
        Signed::new(mac())
            .seal(b"no frame", Standard, &mut text)
            .unwrap();
        let open =
            |text: &[u8], memory: &mut _, plain: &mut _| cbc().open(text, Standard, memory, plain);
        let rejection = open(text.as_slice(), &mut memory, &mut plain).unwrap_err();
        assert_eq!(rejection, Rejection::Undecodable);
        let mut forged = text.as_slice().to_vec();
        forged.splice(..1, *b"_");
        let rejection = open(&forged, &mut memory, &mut plain).unwrap_err();
        assert_eq!(rejection, Rejection::Unauthenticated);
        let rejection = open(b"no frame", &mut memory, &mut plain).unwrap_err();
        assert_eq!(rejection, Rejection::Malformed);
    }

    #[test]
    fn wrong_lengths_and_paddings_are_unauthenticated() {
        // No bytes, three bytes, and a block of zeros, which does not decrypt to any padding.
        for data in ["", "AAAA", IV] {
            let rejection = open(&format!("{data}--{IV}"), Standard).unwrap_err();
            assert_eq!(rejection, Rejection::Unauthenticated, "{data}");
        }
    }
}
