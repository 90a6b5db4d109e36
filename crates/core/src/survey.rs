//! What can be seen of a payload in one pass over its bytes.

use rails_session_accel::survey as accel;

/// What a payload's bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Survey {
    pub(crate) is_ascii: bool,
    /// UTF-8, and not in one of the formats that count bytes.
    pub(crate) is_text: bool,
    /// Whether JavaScript's `JSON.parse` and Ruby's JSON parser are sure to make the same of it,
    /// should both accept it: UTF-8 with none of: a control character (below U+0020); a run of 16
    /// ASCII digits; `-0` at the start or after one of `:`, `[`, `,`, space; `\u` followed by `d`
    /// or `D`; more than 100 characters that are `[` or `{`.
    pub(crate) is_plain_json: bool,
}

impl Survey {
    pub(crate) fn of(payload: &[u8]) -> Self {
        let accel::Survey { is_ascii, is_odd } = accel::survey(payload);
        let is_text = !SIGNATURES
            .iter()
            .any(|signature| payload.starts_with(signature))
            && (is_ascii || std::str::from_utf8(payload).is_ok());
        Self {
            is_ascii,
            is_text,
            is_plain_json: is_text && !is_odd,
        }
    }
}

/// How Marshal and `ActiveSupport::MessagePack` start.
const SIGNATURES: [&[u8]; 2] = [&[0x04, 0x08], &[0xcc, 0x80]];

#[cfg(test)]
mod tests {
    use super::Survey;

    fn plain(text: &str) -> bool {
        Survey::of(text.as_bytes()).is_plain_json
    }

    #[test]
    fn ordinary_sessions_are_plain() {
        assert!(plain(""));
        assert!(plain(
            r#"{"session_id":"0ed1a2f53f4f0b3f5a3ce6e1c0d4b0a7","n":-1,"x":[1.5,"a-0","\u00e9"]}"#
        ));
        assert!(plain("{\"a\":123456789012345}"));
    }

    #[test]
    fn sixteen_digits_are_not_plain_wherever_they_stand() {
        for before in 0..70 {
            for after in [0, 1, 40] {
                let text =
                    |digits: &str| format!("{}{digits}{}", "x".repeat(before), "y".repeat(after));
                assert!(plain(&text("123456789012345")), "{before}");
                assert!(!plain(&text("0987654321098765")), "{before}");
                assert!(!plain(&text(&"7".repeat(90))), "{before}");
                assert!(plain(&text("12345678/0123456:8901234")), "{before}");
            }
        }
    }

    #[test]
    fn negative_zero_is_not_plain_wherever_it_stands() {
        assert!(!plain("-0"));
        assert!(!plain("-0.5"));
        for before in 0..70 {
            for start in [":", "[", ",", " "] {
                assert!(
                    !plain(&format!("{}{start}-0", "x".repeat(before))),
                    "{before} {start:?}"
                );
                assert!(
                    plain(&format!("{}{start}-1 0", "x".repeat(before))),
                    "{before} {start:?}"
                );
            }
            for start in ["a", "0", "\"", "{", "-", "\u{7f}"] {
                assert!(
                    plain(&format!("x{}{start}-0", "x".repeat(before))),
                    "{before} {start:?}"
                );
            }
        }
    }

    #[test]
    fn surrogate_escapes_are_not_plain_wherever_they_stand() {
        for before in 0..70 {
            let text = |end: &str| format!("{}{end}", "x".repeat(before));
            for end in [r"\ud83d", r"\uDEAD", r"\\ud800", r"\ud", r"\uD"] {
                assert!(!plain(&text(end)), "{before} {end}");
            }
            for end in [r"\u00d8", r"\Ud800", r"\u", r"\", r"\\", "ud800", r"\nd"] {
                assert!(plain(&text(end)), "{before} {end}");
            }
        }
    }

    #[test]
    fn more_than_a_hundred_openers_are_not_plain() {
        for padding in 0..70 {
            let text = |openers: usize| {
                "[{".repeat(openers / 2) + &"x".repeat(padding) + &"[".repeat(openers % 2)
            };
            assert!(
                plain(&text(100)) && !plain(&text(101)) && !plain(&text(5000)),
                "{padding}"
            );
        }
        assert!(plain(&"]}".repeat(500)));
        assert!(plain(&";\u{5c}\u{5d}z|}".repeat(200)));
    }

    #[test]
    fn control_characters_are_not_plain_wherever_they_stand() {
        for before in 0..70 {
            for control in '\0'..' ' {
                assert!(
                    !plain(&format!("{}{control}{{}}", "x".repeat(before))),
                    "{before}"
                );
            }
            assert!(
                plain(&format!("{} \u{7f}\u{80}{{}}", "x".repeat(before))),
                "{before}"
            );
        }
    }

    #[test]
    fn what_counts_in_bytes_is_no_text() {
        for payload in ["\x04", "\x04\x07i\0", "x\x04\x08", "\u{301}", "x\u{300}"] {
            assert!(Survey::of(payload.as_bytes()).is_text, "{payload:?}");
        }
        for payload in ["\x04\x08", "\x04\x080", "\u{300}", "\u{300}{}"] {
            let survey = Survey::of(payload.as_bytes());
            assert!(!survey.is_text && !survey.is_plain_json, "{payload:?}");
        }
    }

    #[test]
    fn bytes_are_never_plain() {
        for len in 0..70 {
            let ascii = vec![b'x'; len];
            let all = Survey {
                is_ascii: true,
                is_text: true,
                is_plain_json: true,
            };
            assert_eq!(Survey::of(&ascii), all);
            let utf8 = [ascii.as_slice(), "\u{e9}".as_bytes()].concat();
            assert_eq!(
                Survey::of(&utf8),
                Survey {
                    is_ascii: false,
                    ..all
                }
            );
            let bytes = [ascii.as_slice(), b"\xe9"].concat();
            assert_eq!(
                Survey::of(&bytes),
                Survey {
                    is_ascii: false,
                    is_text: false,
                    is_plain_json: false
                }
            );
        }
    }
}
