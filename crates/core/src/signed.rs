//! `base64(data)--hex(HMAC(base64(data)))`, as `ActiveSupport::MessageVerifier` has it.

use crate::mac::Mac;
use crate::scratch::Buffer;
use crate::text::base64::Alphabet;
use crate::text::split_tail;
use crate::{Error, Rejection};

/// A MAC over base64 text, with its key.
pub(crate) struct Signed {
    mac: Mac,
}

impl Signed {
    pub(crate) const fn new(mac: Mac) -> Self {
        Self { mac }
    }

    pub(crate) const fn mac(&self) -> &Mac {
        &self.mac
    }

    /// Puts the data of a message in `data`. Nothing is decoded before the MAC was right.
    pub(crate) fn open(&self, text: &[u8], data: &mut Buffer) -> Result<(), Rejection> {
        let (encoded, digits) = split_tail(text, self.mac.hex_len()).ok_or(Rejection::Malformed)?;
        if encoded.is_empty() {
            return Err(Rejection::Malformed);
        }
        if !self.mac.verify(encoded, digits) {
            return Err(Rejection::Unauthenticated);
        }
        // Rails tries its own alphabet and then the other one. The order makes no difference, since
        // the url-safe rule gives the same bytes for all that the standard rule takes.
        let decoded = Alphabet::Standard
            .decode(encoded, data)
            .or_else(|| Alphabet::UrlSafe.decode(encoded, data));
        decoded.ok_or(Rejection::Undecodable)
    }

    /// Appends the message for `data` to `text`.
    pub(crate) fn seal(
        &self,
        data: &[u8],
        alphabet: Alphabet,
        text: &mut Buffer,
    ) -> Result<(), Error> {
        let start = text.as_slice().len();
        let encoded_len = alphabet
            .encoded_len(data.len())
            .ok_or(Error::PayloadLength)?;
        text.reserve(
            encoded_len
                .saturating_add(2)
                .saturating_add(self.mac.hex_len()),
        );
        alphabet.encode_to(data, text).ok_or(Error::PayloadLength)?;
        self.mac.append_to(text, start);
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::Signed;
    use crate::mac::Mac;
    use crate::scratch::Buffer;
    use crate::text::base64::Alphabet;
    use crate::{Digest, Key, Rejection};

    fn signed() -> Signed {
        Signed::new(Mac::new(Digest::Sha1, &Key::new(b"secret")))
    }

    /// The message whose base64 text is `encoded`, whatever that is.
    fn message(encoded: &str) -> Vec<u8> {
        let mut text = Buffer::default();
        text.extend(encoded.as_bytes());
        signed().mac.append_to(&mut text, 0);
        text.as_slice().to_vec()
    }

    fn open(text: &[u8]) -> Result<Vec<u8>, Rejection> {
        let mut data = Buffer::default();
        signed()
            .open(text, &mut data)
            .map(|()| data.as_slice().to_vec())
    }

    #[test]
    fn reads_either_alphabet() {
        for encoded in ["+/+/", "-_-_", "-/+_"] {
            assert_eq!(
                open(&message(encoded)).unwrap(),
                [0xfb, 0xff, 0xbf],
                "{encoded}"
            );
        }
        for encoded in ["AA==", "AA"] {
            assert_eq!(open(&message(encoded)).unwrap(), [0], "{encoded}");
        }
    }

    #[test]
    fn what_is_signed_but_no_base64_is_undecodable() {
        for encoded in [
            "A",
            "AA=",
            "AB",
            "AB==",
            "A A=",
            "AAAA\n",
            "--",
            "AAAA--",
            "\u{e9}\u{e9}",
        ] {
            assert_eq!(
                open(&message(encoded)).unwrap_err(),
                Rejection::Undecodable,
                "{encoded:?}"
            );
        }
    }

    #[test]
    fn framing_goes_by_length() {
        assert_eq!(open(&message("")).unwrap_err(), Rejection::Malformed);
        let good = message("AAAA");
        assert_eq!(
            open(good.get(1..).unwrap()).unwrap_err(),
            Rejection::Unauthenticated
        );
        assert_eq!(
            open(good.get(..good.len() - 1).unwrap()).unwrap_err(),
            Rejection::Malformed
        );
        assert_eq!(
            open(&[good.as_slice(), b"-"].concat()).unwrap_err(),
            Rejection::Malformed
        );
        assert_eq!(
            open(&[good.as_slice(), b"--x"].concat()).unwrap_err(),
            Rejection::Malformed
        );
    }

    #[test]
    fn writes_its_own_alphabet() {
        for (alphabet, expected) in [(Alphabet::Standard, "+w=="), (Alphabet::UrlSafe, "-w")] {
            let mut text = Buffer::default();
            signed().seal(&[0xfb], alphabet, &mut text).unwrap();
            assert_eq!(text.as_slice(), message(expected));
        }
    }
}
