//! What can be seen of JSON text in one pass over its bytes.

#[cfg(target_arch = "x86_64")]
mod avx2;
mod portable;

/// What a text has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Survey {
    /// Nothing but ASCII.
    pub is_ascii: bool,
    /// Any of: a control character (below U+0020); a run of 16 ASCII digits; `-0` at the start or
    /// after one of `:`, `[`, `,`, space; `\u` followed by `d` or `D`; more than 100 characters that
    /// are `[` or `{`.
    pub is_odd: bool,
}

/// Looks at all bytes of `text`, which may be any.
///
/// # Examples
/// ```
/// use rails_session_accel::survey::survey;
///
/// let seen = survey(br#"{"id":12,"name":"Zo\u00eb"}"#);
/// assert!(seen.is_ascii && !seen.is_odd);
/// assert!(survey(br#"{"id":-0}"#).is_odd);
/// assert!(!survey("Zoë".as_bytes()).is_ascii);
/// ```
#[must_use]
#[inline]
pub fn survey(text: &[u8]) -> Survey {
    #[cfg(target_arch = "x86_64")]
    if crate::processor::processor_has!("avx2") {
        // SAFETY: the processor has AVX2.
        return unsafe { avx2::survey(text) };
    }
    portable::survey(text)
}

/// Whether `-0` as the start of a number or the escape of a surrogate starts at that place, or
/// whether a run of 16 digits goes through it.
fn is_odd_at(text: &[u8], at: usize) -> bool {
    let (before, rest) = text.split_at_checked(at).unwrap_or_default();
    match rest {
        [b'-', b'0', ..] => matches!(before.last(), None | Some(b':' | b'[' | b',' | b' ')),
        [b'\\', b'u', b'd' | b'D', ..] => true,
        [b'0'..=b'9', ..] => {
            let count = |digit: &&u8| digit.is_ascii_digit();
            let before = before.iter().rev().take(DIGITS).take_while(count).count();
            let after = rest.iter().take(DIGITS).take_while(count).count();
            before.wrapping_add(after) >= DIGITS
        }
        _ => false,
    }
}

/// In a row, of which 8 are an aligned word.
const DIGITS: usize = 16;
const MAX_OPENERS: i64 = 100;

#[cfg(test)]
mod tests {
    use super::{Survey, survey};

    fn is_odd(text: &str) -> bool {
        survey(text.as_bytes()).is_odd
    }

    #[test]
    fn ordinary_json_is_not_odd() {
        for text in [
            "",
            "{}",
            r#"{"session_id":"0ed1a2f53f4f0b3f5a3ce6e1c0d4b0a7","n":-1,"x":[1.5,"a-0","\u00e9"]}"#,
            r#"{"a":123456789012345}"#,
        ] {
            assert_eq!(
                survey(text.as_bytes()),
                Survey {
                    is_ascii: true,
                    is_odd: false
                }
            );
        }
    }

    #[test]
    fn oddities_are_seen_in_any_place() {
        for before in 0..140 {
            for after in [0, 1, 2, 14, 15, 16, 40, 63, 64, 65] {
                let is_odd = |text: &str| {
                    is_odd(&["x".repeat(before).as_str(), text, &"y".repeat(after)].concat())
                };
                for text in [
                    "0987654321098765",
                    "01234567890123456789",
                    ":-0",
                    "[-0",
                    ",-0",
                    " -0",
                    r"\ud83d",
                    r"\uDEAD",
                    r"\\ud800",
                    "\n",
                    "\0",
                    "\u{1f}",
                ] {
                    assert!(is_odd(text), "{before} {text} {after}");
                }
                for text in [
                    "098765432109876",
                    "12345678/0123456:8901234",
                    "a-0",
                    "\"-0",
                    ":-1",
                    r"\u00d8",
                    r"\Ud800",
                    r"\u",
                    "ud800",
                    r"\nd",
                    "\u{7f}",
                    "\u{80}",
                    "\u{e9}",
                ] {
                    assert!(!is_odd(text), "{before} {text} {after}");
                }
            }
        }
        assert!(is_odd("-0") && is_odd("-0.5"));
    }

    #[test]
    fn openers_are_counted() {
        for padding in 0..140 {
            let text = |openers: usize| {
                "[{".repeat(openers / 2) + &"x".repeat(padding) + &"[".repeat(openers % 2)
            };
            assert!(!is_odd(&text(100)) && is_odd(&text(101)) && is_odd(&text(50_000)));
        }
        assert!(!is_odd(&";\u{5c}\u{5d}z|}".repeat(200)));
    }

    #[test]
    fn ascii_is_told_apart_in_any_place() {
        for len in 0..140 {
            for place in 0..=len {
                let mut text = vec![b'x'; len];
                assert!(survey(&text).is_ascii);
                text.insert(place, 0x80);
                assert!(!survey(&text).is_ascii);
            }
        }
    }
}
