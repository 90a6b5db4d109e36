//! Form escapes, with which Rack puts a message into a Set-Cookie line and takes it out of a Cookie
//! header.

#[cfg(target_arch = "x86_64")]
mod avx2;
mod portable;

/// How many bytes after those that count may be overwritten, so that few bytes can be written as if
/// they were many. Those after them are left alone.
pub const SLACK: usize = 64;

/// Unescapes as Rack does: `+` is a space, `%XX` a byte, in either case of digits. Writes to the
/// start of `out`, which has to be [`SLACK`] bytes longer than `text`, and returns the length.
///
/// None if any `%` is not followed by two hexadecimal digits, and if `out` is too short. What `out`
/// holds if there is no answer is not specified.
///
/// # Examples
/// ```
/// use rails_session_accel::escape::{SLACK, unescape};
///
/// let mut out = [0; 6 + SLACK];
/// assert_eq!(unescape(b"a+%2Fb", &mut out), Some(4));
/// assert_eq!(&out[..4], b"a /b");
/// assert_eq!(unescape(b"a+%2", &mut out), None);
/// ```
#[must_use]
#[inline]
pub fn unescape(text: &[u8], out: &mut [u8]) -> Option<usize> {
    let out = out.get_mut(..text.len().checked_add(SLACK)?)?;
    #[cfg(target_arch = "x86_64")]
    if crate::processor::processor_has!("avx2", "popcnt") {
        // SAFETY: the processor has AVX2 and POPCNT.
        return unsafe { avx2::unescape(text, out) };
    }
    portable::unescape(text, out)
}

/// Escapes as Rack does what a message is made of (`A-Za-z0-9+/=-_`): `+` is `%2B`, `/` is `%2F`
/// and `=` is `%3D`. Writes to the start of `out`, which has to be three times as long as `message`
/// and [`SLACK`] bytes, and returns the length.
///
/// Other characters stay as they are. None if `out` is too short.
///
/// # Examples
/// ```
/// use rails_session_accel::escape::{SLACK, escape};
///
/// let mut out = [0; 3 * 4 + SLACK];
/// assert_eq!(escape(b"ab+=", &mut out), Some(8));
/// assert_eq!(&out[..8], b"ab%2B%3D");
/// ```
#[must_use]
#[inline]
pub fn escape(message: &[u8], out: &mut [u8]) -> Option<usize> {
    let out = out.get_mut(..message.len().checked_mul(3)?.checked_add(SLACK)?)?;
    #[cfg(target_arch = "x86_64")]
    if crate::processor::processor_has!("avx2", "popcnt") {
        // SAFETY: the processor has AVX2 and POPCNT.
        return unsafe { avx2::escape(message, out) };
    }
    portable::escape(message, out)
}

#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, reason = "small numbers")]
mod tests {
    use super::{SLACK, escape, unescape};
    use crate::random::Random;

    fn unescaped(text: &str) -> Option<Vec<u8>> {
        let mut out = vec![0; text.len() + SLACK];
        let len = unescape(text.as_bytes(), &mut out)?;
        out.truncate(len);
        Some(out)
    }

    fn escaped(message: &str) -> Option<Vec<u8>> {
        let mut out = vec![0; 3 * message.len() + SLACK];
        let len = escape(message.as_bytes(), &mut out)?;
        out.truncate(len);
        Some(out)
    }

    #[test]
    fn unescapes_in_any_place() {
        for before in 0..100 {
            for after in [0, 1, 2, 3, 30, 31, 32, 33, 100] {
                for (text, expected) in [
                    ("", ""),
                    ("%41", "A"),
                    ("+", " "),
                    ("%2B%2b%2F%3D", "++/="),
                    ("%25%32%35", "%25"),
                    ("+*$%24$+*", " *$$$ *"),
                    ("%3D%3D--%2F", "==--/"),
                ] {
                    let around = |text: &str| {
                        ["x".repeat(before).as_str(), text, &"y".repeat(after)].concat()
                    };
                    let (text, expected) = (around(text), around(expected));
                    assert_eq!(
                        unescaped(&text).as_deref(),
                        Some(expected.as_bytes()),
                        "{text}"
                    );
                }
                for text in [
                    "%",
                    "%2",
                    "%%",
                    "%4g",
                    "%g4",
                    "%2%42",
                    "%%2B",
                    "%2%2B",
                    "%\u{ff10}1",
                    "%2?",
                ] {
                    let text = "x".repeat(before) + text + &"z".repeat(after);
                    assert_eq!(unescaped(&text), None, "{text}");
                }
            }
        }
    }

    #[test]
    fn escapes_in_any_place() {
        for before in 0..70 {
            for after in [0, 1, 2, 3, 30, 31, 32, 33] {
                for (text, expected) in [
                    ("", ""),
                    ("+", "%2B"),
                    ("/", "%2F"),
                    ("==", "%3D%3D"),
                    (
                        "+/+/=+/+/=+/+/=+/+/=",
                        "%2B%2F%2B%2F%3D%2B%2F%2B%2F%3D%2B%2F%2B%2F%3D%2B%2F%2B%2F%3D",
                    ),
                    ("-_+-", "-_%2B-"),
                ] {
                    let around = |text: &str| {
                        ["x".repeat(before).as_str(), text, &"y".repeat(after)].concat()
                    };
                    let (text, expected) = (around(text), around(expected));
                    assert_eq!(
                        escaped(&text).as_deref(),
                        Some(expected.as_bytes()),
                        "{text}"
                    );
                    assert_eq!(
                        unescaped(&expected).as_deref(),
                        Some(text.as_bytes()),
                        "{text}"
                    );
                }
            }
        }
        let stays = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        assert_eq!(escaped(stays).as_deref(), Some(stays.as_bytes()));
    }

    #[test]
    fn every_message_comes_back() {
        let mut random = Random::default();
        for len in 0..1000 {
            let pick = |byte: u8| match byte {
                0..=9 => '+',
                10..=19 => '/',
                20..=29 => '=',
                30..=39 => '-',
                _ => char::from(b'a' + byte % 26),
            };
            let message: String = random.bytes(len).into_iter().map(pick).collect();
            let sealed = escaped(&message).and_then(|text| String::from_utf8(text).ok());
            let opened = sealed.and_then(|text| unescaped(&text));
            assert_eq!(opened.as_deref(), Some(message.as_bytes()));
        }
    }

    #[test]
    fn takes_as_much_room_as_it_says() {
        for len in 0..100 {
            let signs = vec![b'='; len];
            let mut out = vec![0; 3 * len + SLACK];
            assert_eq!(escape(&signs, &mut out), Some(3 * len));
            out.pop();
            assert_eq!(escape(&signs, &mut out), None);
            let mut out = vec![0; len + SLACK];
            assert_eq!(unescape(&vec![b'x'; len], &mut out), Some(len));
            out.pop();
            assert_eq!(unescape(&vec![b'x'; len], &mut out), None);
        }
    }
}
