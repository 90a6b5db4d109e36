//! JSON composed of drafts, against `serde_json`.

#![allow(clippy::unwrap_used, reason = "tests panic when something is wrong")]

use rails_session_core::draft::{
    ARRAY, ARRAY_END, DraftKeys, Escapes, FALSE, INTEGER, KEY, KNOWN_KEY, NIL, NUMBER, OBJECT,
    OBJECT_END, STRING, TRUE, write_json,
};

const ALL: Escapes = Escapes {
    html_entities: true,
    js_separators: true,
};

fn json(words: &[u32], text: &str, escapes: Escapes) -> Option<String> {
    let mut out = Vec::new();
    write_json(words, text.as_bytes(), escapes, &keys(), &mut out)
        .then(|| String::from_utf8(out).unwrap())
}

fn keys() -> DraftKeys {
    let mut keys = DraftKeys::default();
    assert_eq!(keys.learn(b"user_id"), Some(0));
    assert_eq!(keys.learn(b""), Some(1));
    keys
}

#[test]
fn known_keys_stand_for_themselves() {
    let words = [OBJECT, KNOWN_KEY, NIL, KNOWN_KEY | 1 << 4, TRUE, OBJECT_END];
    assert_eq!(
        json(&words, "", ALL).unwrap(),
        r#"{"user_id":null,"":true}"#
    );
}

#[test]
fn keys_are_learnt_until_there_are_1024() {
    let mut keys = DraftKeys::default();
    for odd in ["a\"", "a\\", "\n", "é", "<", "&", ">", &"k".repeat(65)] {
        assert_eq!(keys.learn(odd.as_bytes()), None, "{odd}");
    }
    for number in 0..1024 {
        assert_eq!(keys.learn(&[b'k'; 64]), Some(number));
    }
    assert_eq!(keys.learn(b"one more"), None);
}

fn string(text: &str) -> u32 {
    STRING | u32::try_from(text.encode_utf16().count()).unwrap() << 4
}

#[test]
fn commas_stand_between_elements_only() {
    let words = [
        ARRAY,
        NIL,
        TRUE,
        FALSE,
        ARRAY,
        ARRAY_END,
        OBJECT,
        OBJECT_END,
        ARRAY,
        NIL,
        ARRAY_END,
        OBJECT,
        KEY,
        NIL,
        KEY | 1 << 4,
        ARRAY,
        ARRAY_END,
        OBJECT_END,
        INTEGER,
        (-5_i32).cast_unsigned(),
        NUMBER | 3 << 4,
        ARRAY_END,
    ];
    assert_eq!(
        json(&words, "a1.5", ALL).unwrap(),
        r#"[null,true,false,[],{},[null],{"":null,"a":[]},-5,1.5]"#
    );
}

#[test]
fn every_character_is_quoted_as_serde_json_does_or_as_rails_escapes_it() {
    let others = [
        '\u{7f}',
        '\u{80}',
        'é',
        '\u{7ff}',
        '\u{800}',
        '\u{2027}',
        '\u{2028}',
        '\u{2029}',
        '\u{202a}',
        '\u{e2}',
        '\u{fffc}',
        '\u{10000}',
        '😀',
    ];
    for character in (0..0x80_u8).map(char::from).chain(others) {
        for escapes in [Escapes::default(), ALL] {
            let text = format!("a{character}{character}b");
            let expected = serde_json::to_string(&text).unwrap();
            let expected = match character {
                '<' | '>' | '&' | '\u{2028}' | '\u{2029}' if escapes == ALL => {
                    expected.replace(character, &format!("\\u{:04x}", character as u32))
                }
                _ => expected,
            };
            let words = [string(&text)];
            assert_eq!(json(&words, &text, escapes).unwrap(), expected);
        }
    }
}

#[test]
fn lengths_are_those_of_utf16() {
    let texts = ["", "a", "é", "€", "😀", "a😀b", "<"];
    let words: Vec<u32> = [ARRAY]
        .into_iter()
        .chain(texts.map(string))
        .chain([ARRAY_END])
        .collect();
    assert_eq!(
        json(&words, &texts.concat(), Escapes::default()).unwrap(),
        serde_json::to_string(&texts).unwrap()
    );
}

#[test]
fn what_is_no_draft_is_refused() {
    assert_eq!(json(&[STRING | 1 << 4], "\u{fffd}", ALL), None);
    assert_eq!(json(&[STRING | 2 << 4], "a", ALL), None);
    assert_eq!(json(&[STRING | 2 << 4], "é", ALL), None);
    assert_eq!(json(&[STRING | 1 << 4], "😀", ALL), None);
    assert_eq!(json(&[STRING | 1 << 4], "ab", ALL), None);
    assert_eq!(json(&[INTEGER], "", ALL), None);
    assert_eq!(json(&[KNOWN_KEY | 2 << 4], "", ALL), None);
    assert_eq!(json(&[15], "", ALL), None);
    for cut in [&b"\xe2"[..], b"\xe2\x80", b"\xf0\x9f", b"\xc3", b"\x80"] {
        for units in 0..4 {
            let _ = write_json(&[STRING | units << 4], cut, ALL, &keys(), &mut Vec::new());
        }
    }
}

#[test]
fn no_text_is_longer_than_the_room_made_for_it() {
    for text in ["\u{1}".repeat(500), "x".repeat(500)] {
        let words: Vec<u32> = [ARRAY]
            .into_iter()
            .chain((0..500).flat_map(|_| [STRING | 1 << 4, INTEGER, i32::MIN.cast_unsigned()]))
            .chain([ARRAY_END])
            .collect();
        let mut out = Vec::new();
        assert!(write_json(&words, text.as_bytes(), ALL, &keys(), &mut out));
        let longest = if text.starts_with('x') { 1 } else { 6 };
        assert!(out.len() <= text.len() * longest + words.len() * 68);
    }
}
