//! HMAC over message text, with the key's part of the work done once.

use hmac::digest::Output;
use hmac::{Hmac, KeyInit};
use md5::Md5;
use rails_session_accel::hmac::{HmacSha1, HmacSha256};
use sha2::{Sha384, Sha512};

use crate::scratch::Buffer;
use crate::text::hex;
use crate::{Digest, Key};

/// HMAC (RFC 2104) states after the key's block, of which each message takes a copy.
pub(crate) struct Mac {
    digest: Digest,
    state: State,
}

/// Boxed, where they are much longer than the others.
enum State {
    Md5(Box<Hmac<Md5>>),
    Sha1(HmacSha1),
    Sha256(HmacSha256),
    Sha384(Box<Hmac<Sha384>>),
    Sha512(Box<Hmac<Sha512>>),
}

impl Mac {
    /// A key of any length goes.
    pub(crate) fn new(digest: Digest, key: &Key) -> Self {
        let state = match digest {
            Digest::Md5 => State::Md5(Box::new(keyed(key))),
            Digest::Sha1 => State::Sha1(HmacSha1::new(key.as_bytes())),
            Digest::Sha256 => State::Sha256(HmacSha256::new(key.as_bytes())),
            Digest::Sha384 => State::Sha384(Box::new(keyed(key))),
            Digest::Sha512 => State::Sha512(Box::new(keyed(key))),
        };
        Self { digest, state }
    }

    pub(crate) const fn digest(&self) -> Digest {
        self.digest
    }

    /// Length of a MAC in hexadecimal digits.
    pub(crate) const fn hex_len(&self) -> usize {
        self.digest.len().wrapping_mul(2)
    }

    /// Whether `digits` are the MAC of `text`, in lower case. In constant time, as far as `digits`
    /// are digits at all.
    pub(crate) fn verify(&self, text: &[u8], digits: &[u8]) -> bool {
        let mut given = [0; MAX_LEN];
        let Some(given) = given.get_mut(..self.digest.len()) else {
            return false;
        };
        hex::decode_lower(digits, given)
            && match &self.state {
                State::Md5(hmac) => verify(hmac.as_ref(), text, given),
                State::Sha1(hmac) => hmac.verify(text, given),
                State::Sha256(hmac) => hmac.verify(text, given),
                State::Sha384(hmac) => verify(hmac.as_ref(), text, given),
                State::Sha512(hmac) => verify(hmac.as_ref(), text, given),
            }
    }

    /// Appends the MAC of what `out` holds from `start` on.
    pub(crate) fn append_to(&self, out: &mut Buffer, start: usize) {
        let text = out.as_slice().get(start..).unwrap_or_default();
        match &self.state {
            State::Md5(hmac) => append(&mac(hmac.as_ref(), text), out),
            State::Sha1(hmac) => append(&hmac.mac(text), out),
            State::Sha256(hmac) => append(&hmac.mac(text), out),
            State::Sha384(hmac) => append(&mac(hmac.as_ref(), text), out),
            State::Sha512(hmac) => append(&mac(hmac.as_ref(), text), out),
        }
    }
}

fn verify<H: Clone + hmac::Mac>(hmac: &H, text: &[u8], mac: &[u8]) -> bool {
    hmac.clone().chain_update(text).verify_slice(mac).is_ok()
}

fn mac<H: Clone + hmac::Mac>(hmac: &H, text: &[u8]) -> Output<H> {
    hmac.clone().chain_update(text).finalize().into_bytes()
}

fn append(mac: &[u8], out: &mut Buffer) {
    out.extend(crate::text::SEPARATOR);
    hex::encode_lower(mac, out.append(mac.len().wrapping_mul(2)));
}

#[expect(
    clippy::expect_used,
    reason = "HMAC hashes a key longer than a block and pads a shorter one: any length goes"
)]
fn keyed<H: KeyInit>(key: &Key) -> H {
    H::new_from_slice(key.as_bytes()).expect("HMAC takes keys of any length")
}

/// Length of the longest MAC in bytes.
const MAX_LEN: usize = 64;

#[cfg(test)]
mod tests {
    use super::Mac;
    use crate::scratch::Buffer;
    use crate::{Digest, Key};

    fn mac(digest: Digest, key: &[u8], text: &[u8]) -> String {
        let mut out = Buffer::default();
        out.extend(text);
        Mac::new(digest, &Key::new(key)).append_to(&mut out, 0);
        let digits = out
            .as_slice()
            .strip_prefix(text)
            .and_then(|rest| rest.strip_prefix(b"--"));
        String::from_utf8_lossy(digits.unwrap_or_default()).into_owned()
    }

    #[test]
    fn rfc_2202_case_2() {
        let (key, text) = (b"Jefe", b"what do ya want for nothing?");
        assert_eq!(
            mac(Digest::Md5, key, text),
            "750c783e6ab0b503eaa86e310a5db738"
        );
        assert_eq!(
            mac(Digest::Sha1, key, text),
            "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"
        );
    }

    #[test]
    fn rfc_4231_case_2() {
        let (key, text) = (b"Jefe", b"what do ya want for nothing?");
        assert_eq!(
            mac(Digest::Sha256, key, text),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
        assert_eq!(
            mac(Digest::Sha384, key, text),
            "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649"
        );
        assert_eq!(
            mac(Digest::Sha512, key, text),
            "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"
        );
    }

    #[test]
    fn verifies_lower_case_digits_only() {
        for digest in [
            Digest::Md5,
            Digest::Sha1,
            Digest::Sha256,
            Digest::Sha384,
            Digest::Sha512,
        ] {
            let checker = Mac::new(digest, &Key::new(b"key"));
            let digits = mac(digest, b"key", b"text");
            assert_eq!(digits.len(), checker.hex_len());
            assert!(checker.verify(b"text", digits.as_bytes()));
            assert!(!checker.verify(b"Text", digits.as_bytes()));
            assert!(!checker.verify(b"text", digits.to_uppercase().as_bytes()));
            assert!(!checker.verify(b"text", mac(digest, b"kez", b"text").as_bytes()));
            assert!(!checker.verify(b"text", b""));
            assert!(!checker.verify(
                b"text",
                digits.as_bytes().split_last().map_or(b"", |(_, rest)| rest)
            ));
        }
    }
}
