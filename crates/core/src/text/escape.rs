//! Form escapes, with which Rack puts a message into a Set-Cookie line and takes it out of a Cookie
//! header.

use rails_session_accel::escape::{self as accel, SLACK};

use crate::scratch::Buffer;

/// Unescapes as Rack does: `+` is a space, `%XX` a byte, in either case of digits.
///
/// Returns `text` itself if any `%` is not followed by two hexadecimal digits, plus signs and all.
pub(crate) fn unescape<'a>(text: &'a [u8], out: &'a mut Buffer) -> &'a [u8] {
    let room = text.len().saturating_add(SLACK);
    match out.fill(room, SLACK, |out| accel::unescape(text, out)) {
        Some(()) => out.as_slice(),
        None => text,
    }
}

/// Puts a message in `out`, escaped as Rack does. None if memory addresses end before that does.
///
/// Of what a message is made of (`A-Za-z0-9+/=-_`), Rack escapes three: `+` is `%2B`, `/` is `%2F`
/// and `=` is `%3D`.
pub(crate) fn escape(message: &[u8], out: &mut Buffer) -> Option<()> {
    let room = message.len().checked_mul(3)?.checked_add(SLACK)?;
    out.fill(room, SLACK, |out| accel::escape(message, out))
}

#[cfg(test)]
mod tests {
    use super::{escape, unescape};
    use crate::scratch::Buffer;

    fn unescaped(text: &[u8]) -> Vec<u8> {
        unescape(text, &mut Buffer::default()).to_vec()
    }

    fn escaped(text: &[u8]) -> Vec<u8> {
        let mut out = Buffer::default();
        assert!(escape(text, &mut out).is_some());
        out.as_slice().to_vec()
    }

    #[test]
    fn unescapes_in_any_place() {
        for (text, expected) in [
            ("", ""),
            ("plain", "plain"),
            ("%41", "A"),
            ("a+b", "a b"),
            ("%2B%2b%2F%3D", "++/="),
            ("aaaaaaa%2Fbbbbbbbb%2F", "aaaaaaa/bbbbbbbb/"),
            ("%25%32%35", "%25"),
            ("+%2B+", " + "),
            ("+*$%24$+*", " *$$$ *"),
            (
                "0123456789012345678901234567890123456789012345%2B",
                "0123456789012345678901234567890123456789012345+",
            ),
            (
                "%3D0123456789012345678901234567890123456789012345",
                "=0123456789012345678901234567890123456789012345",
            ),
        ] {
            assert_eq!(unescaped(text.as_bytes()), expected.as_bytes(), "{text}");
        }
    }

    #[test]
    fn one_bad_escape_leaves_the_whole_text() {
        for text in [
            "%",
            "%2",
            "%%",
            "%4g",
            "%g4",
            "%41%",
            "%41+%",
            "%2%42",
            "+%$2",
            "a%zz+%41",
            "%%%%%%%%",
            "%\u{ff10}1",
        ] {
            assert_eq!(unescaped(text.as_bytes()), text.as_bytes(), "{text}");
        }
    }

    #[test]
    fn every_byte_comes_back() {
        for byte in 0..=u8::MAX {
            let upper = format!("%{byte:02X}");
            assert_eq!(unescaped(upper.as_bytes()), [byte]);
            assert_eq!(unescaped(upper.to_lowercase().as_bytes()), [byte]);
        }
    }

    #[test]
    fn escapes_as_rack_does() {
        assert_eq!(escaped(b""), b"");
        assert_eq!(escaped(b"=="), b"%3D%3D");
        assert_eq!(escaped(b"+/+/+/+/+"), b"%2B%2F%2B%2F%2B%2F%2B%2F%2B");
        let stays = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        assert_eq!(escaped(stays), stays);
    }

    #[test]
    fn escapes_in_any_place() {
        for len in 0..80 {
            for (sign, expected) in [("+", "%2B"), ("/", "%2F"), ("=", "%3D"), ("=-", "%3D-")] {
                let text = |sign: &str| {
                    [
                        "x".repeat(len).as_str(),
                        sign,
                        "--",
                        &"y".repeat(80 - len),
                        sign,
                    ]
                    .concat()
                };
                assert_eq!(escaped(text(sign).as_bytes()), text(expected).as_bytes());
                assert_eq!(unescaped(text(expected).as_bytes()), text(sign).as_bytes());
            }
        }
    }
}
