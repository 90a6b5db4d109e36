//! The metadata envelope that Rails puts around a cookie's payload:
//! `{"_rails":{"message":…,"exp":…,"pur":…}}`.

use std::ops::Range;

use rails_session_accel::quote::quoted_len;

use crate::scratch::Buffer;
use crate::text::base64::Alphabet;

/// Where the parts of an envelope are. An empty range stands for `null`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Envelope {
    /// Base64 of the payload.
    message: Range<usize>,
    pub(crate) exp: Range<usize>,
    pub(crate) pur: Range<usize>,
}

/// Takes a canonical envelope apart and decodes its message to `payload`. None if `plaintext` is
/// anything else.
///
/// Canonical is `{"_rails":{"message":"<strict base64>","exp":<value>,"pur":<value>}}`, byte for
/// byte, where a value is `null` or a quoted text of 1 to 127 printable ASCII characters without
/// `"` and `\`.
pub(crate) fn open(plaintext: &[u8], payload: &mut Buffer) -> Option<Envelope> {
    let envelope = split(plaintext)?;
    Alphabet::Standard.decode(plaintext.get(envelope.message.clone())?, payload)?;
    Some(envelope)
}

/// Appends an envelope to `out`: what comes before `tail` and `tail` itself. None if it is too long
/// for memory.
///
/// `tail` is everything from the quote that closes the message on.
pub(crate) fn seal(payload: &[u8], tail: &[u8], out: &mut Buffer) -> Option<()> {
    let message_len = Alphabet::Standard.encoded_len(payload.len())?;
    out.reserve(
        START
            .len()
            .checked_add(message_len)?
            .checked_add(tail.len())?,
    );
    out.extend(START);
    Alphabet::Standard.encode_to(payload, out)?;
    out.extend(tail);
    Some(())
}

/// From the right, since there everything is short.
fn split(plaintext: &[u8]) -> Option<Envelope> {
    if !plaintext.starts_with(START) {
        return None;
    }
    let rest = plaintext.strip_suffix(b"}}")?;
    let (rest, pur) = split_value(rest)?;
    let (rest, exp) = split_value(rest.strip_suffix(b",\"pur\":")?)?;
    let message = START.len()..rest.strip_suffix(b"\",\"exp\":")?.len();
    Some(Envelope { message, exp, pur })
}

/// Splits a value off the end of `text`. Returns what comes before it, and where the text between
/// its quotes is.
fn split_value(text: &[u8]) -> Option<(&[u8], Range<usize>)> {
    if let Some(head) = text.strip_suffix(b"null") {
        return Some((head, 0..0));
    }
    let unclosed = text.strip_suffix(b"\"")?;
    let len = quoted_len(unclosed)?;
    let head_len = unclosed.len().checked_sub(len)?;
    let head = unclosed.get(..head_len)?.strip_suffix(b"\"")?;
    (len > 0).then_some((head, head_len..unclosed.len()))
}

/// What every envelope starts with.
const START: &[u8] = b"{\"_rails\":{\"message\":\"";

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use std::ops::Range;

    use super::{open, seal};
    use crate::scratch::Buffer;

    /// Payload, exp, pur.
    type Parts = (Vec<u8>, String, String);

    fn parts(text: &str) -> Option<Parts> {
        let mut payload = Buffer::default();
        let envelope = open(text.as_bytes(), &mut payload)?;
        let value = |range: Range<usize>| text.get(range).unwrap().to_owned();
        Some((
            payload.as_slice().to_vec(),
            value(envelope.exp),
            value(envelope.pur),
        ))
    }

    fn have(payload: &str, exp: &str, pur: &str) -> Parts {
        (payload.as_bytes().to_vec(), exp.to_owned(), pur.to_owned())
    }

    #[test]
    fn takes_what_rails_writes_apart() {
        let purpose = r#"{"_rails":{"message":"e30=","exp":null,"pur":"cookie._shop_session"}}"#;
        assert_eq!(
            parts(purpose).unwrap(),
            have("{}", "", "cookie._shop_session")
        );
        let expiry = r#"{"_rails":{"message":"e30=","exp":"2026-12-24T12:00:00.000Z","pur":null}}"#;
        assert_eq!(
            parts(expiry).unwrap(),
            have("{}", "2026-12-24T12:00:00.000Z", "")
        );
        let both = r#"{"_rails":{"message":"","exp":"a","pur":"b ,:}{~!"}}"#;
        assert_eq!(parts(both).unwrap(), have("", "a", "b ,:}{~!"));
        let neither = r#"{"_rails":{"message":"AAAA","exp":null,"pur":null}}"#;
        assert_eq!(parts(neither).unwrap(), have("\0\0\0", "", ""));
    }

    #[test]
    fn anything_else_is_no_envelope() {
        for text in [
            "",
            "{}",
            r#"{"_rails":{"message":""#,
            r#"{"_rails":{"message":"e30=","exp":null,"pur":null}} "#,
            r#" {"_rails":{"message":"e30=","exp":null,"pur":null}}"#,
            r#"{"_rails":{"message":"e30=", "exp":null,"pur":null}}"#,
            r#"{"_rails":{"message":"e30=","pur":null,"exp":null}}"#,
            r#"{"_rails":{"message":"e30","exp":null,"pur":null}}"#,
            r#"{"_rails":{"message":"e31=","exp":null,"pur":null}}"#,
            r#"{"_rails":{"message":"-_-_","exp":null,"pur":null}}"#,
            r#"{"_rails":{"message":null,"exp":null,"pur":null}}"#,
            r#"{"_rails":{"message":"e30=","exp":null}}"#,
            r#"{"_rails":{"message":"e30=","exp":"","pur":null}}"#,
            r#"{"_rails":{"message":"e30=","exp":1,"pur":null}}"#,
            r#"{"_rails":{"message":"e30=","exp":null,"pur":"a\"b"}}"#,
            r#"{"_rails":{"message":"e30=","exp":null,"pur":"a\u0041"}}"#,
            r#"{"_rails":{"message":"e30=","exp":null,"pur":"é"}}"#,
            r#"{"_rails":{"message":"e30=","exp":null,"pur":null"}}"#,
            r#"{"_rails":{"message":"e30=","exp":null,"pur":"null}}"#,
            r#"{"_rails":{"message","exp":null,"pur":null}}"#,
            r#"{"_rails":{"message":","exp":null,"pur":null}}"#,
            "{\"_rails\":{\"message\":\"e30=\",\"exp\":null,\"pur\":\"a\nb\"}}",
            "{\"_rails\":{\"message\":\"e30=\",\"exp\":null,\"pur\":\"a\x7fb\"}}",
        ] {
            assert_eq!(parts(text), None, "{text}");
        }
    }

    #[test]
    fn a_value_has_at_most_127_characters() {
        let text = |len| {
            format!(
                r#"{{"_rails":{{"message":"e30=","exp":null,"pur":"{}"}}}}"#,
                "p".repeat(len)
            )
        };
        assert_eq!(parts(&text(127)).unwrap(), have("{}", "", &"p".repeat(127)));
        assert_eq!(parts(&text(128)), None);
        assert_eq!(parts(&text(5000)), None);
    }

    #[test]
    fn seals_what_it_opens() {
        let mut out = Buffer::default();
        seal(b"{}", br#"","exp":null,"pur":"cookie.x"}}"#, &mut out).unwrap();
        let text = std::str::from_utf8(out.as_slice()).unwrap();
        assert_eq!(
            text,
            r#"{"_rails":{"message":"e30=","exp":null,"pur":"cookie.x"}}"#
        );
        assert_eq!(parts(text).unwrap(), have("{}", "", "cookie.x"));
    }
}
