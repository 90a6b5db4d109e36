//! The tokens of a payload, against `serde_json` and against dumps that Ruby wrote.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::panic,
    reason = "a failed unwrap is a failed test"
)]

use proptest::prelude::*;
use rails_session_core::tokens::{
    ARRAY, ESCAPED, FALSE, HASH, INTEGER, NIL, NUMBER, STRING, TRUE, Tokenizer, UTF8,
};
use serde_json::{Map, Number, Value, json};

/// Reads tokens as JavaScript does.
struct Reader<'p> {
    /// The payload as JavaScript has it.
    text: Vec<u16>,
    words: &'p [u32],
    at: usize,
    keys: &'p [String],
}

impl Reader<'_> {
    fn value(&mut self) -> Value {
        let head = self.next();
        let count = (head >> 4) as usize;
        match head & 15 {
            NIL => Value::Null,
            TRUE => Value::Bool(true),
            FALSE => Value::Bool(false),
            INTEGER => self.next().cast_signed().into(),
            NUMBER => {
                let low = u64::from(self.next());
                let bits = u64::from(self.next()) << 32 | low;
                Number::from_f64(f64::from_bits(bits)).map_or(Value::Null, Value::Number)
            }
            STRING => self.text(count).into(),
            ESCAPED => serde_json::from_str(&format!("\"{}\"", self.text(count))).unwrap(),
            UTF8 => {
                let bytes: Vec<u8> = self.text(count).chars().map(|c| c as u8).collect();
                String::from_utf8(bytes).unwrap().into()
            }
            ARRAY => {
                let end = self.next() as usize;
                let array = (0..count).map(|_| self.value()).collect();
                assert_eq!(self.at, end);
                array
            }
            HASH => {
                let end = self.next() as usize;
                let mut map = Map::new();
                for _ in 0..count {
                    let key = self.keys[self.next() as usize].clone();
                    map.insert(key, self.value());
                }
                assert_eq!(self.at, end);
                Value::Object(map)
            }
            kind => panic!("kind {kind}"),
        }
    }

    fn text(&mut self, length: usize) -> String {
        let start = self.next() as usize;
        String::from_utf16(&self.text[start..start + length]).unwrap()
    }

    fn next(&mut self) -> u32 {
        self.at += 1;
        self.words[self.at - 1]
    }
}

/// A tokenizer, and the keys that JavaScript knows.
#[derive(Default)]
struct Session {
    tokenizer: Tokenizer,
    keys: Vec<String>,
}

impl Session {
    fn read(&mut self, payload: &[u8]) -> Option<Value> {
        let mut words = vec![0; 4 * payload.len() + 8];
        let length = self.tokenizer.tokenize(payload, &mut words)?;
        let text: Vec<u16> = match std::str::from_utf8(payload) {
            Ok(text) if !payload.starts_with(&[4, 8]) => text.encode_utf16().collect(),
            _ => payload.iter().map(|byte| u16::from(*byte)).collect(),
        };
        for key in self.tokenizer.new_keys() {
            let number = key.number as usize;
            let start = key.start as usize;
            let units = &text[start..start + key.length as usize];
            let mut name = String::from_utf16(units).unwrap();
            if key.is_utf8 {
                name = String::from_utf8(name.chars().map(|c| c as u8).collect()).unwrap();
            }
            self.keys.truncate(number);
            self.keys.push(name);
        }
        let mut reader = Reader {
            text,
            words: &words[..length],
            at: 0,
            keys: &self.keys,
        };
        let value = reader.value();
        assert_eq!(reader.at, length);
        Some(value)
    }
}

fn read(payload: &[u8]) -> Option<Value> {
    Session::default().read(payload)
}

/// JSON without what Ruby and JavaScript read differently, or the tokenizer leaves to others.
fn ordinary() -> impl Strategy<Value = Value> {
    let text = prop_oneof![
        "[ -~]{0,40}",
        "\\PC{0,12}",
        "[a-z]{0,30}[\u{e9}\u{20ac}\u{1f600}\"\\\\\n\u{2028}<]{0,3}[a-z]{0,30}",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        (-999_999_999_999_999_i64..=999_999_999_999_999).prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        any::<f64>()
            .prop_filter("finite", |f| f.is_finite())
            .prop_map(Value::from),
        (any::<i32>(), 0..8_i32).prop_map(|(n, e)| Value::from(f64::from(n) / 10_f64.powi(e))),
        text.clone().prop_map(Value::String),
    ];
    let value = leaf.prop_recursive(6, 60, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
            prop::collection::vec(("[a-f_]{0,12}|[a-c\u{e9}]{1,9}", inner), 0..6)
                .prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
        ]
    });
    value.prop_filter("a container", |value| value.is_array() || value.is_object())
}

/// Numbers as JavaScript has them: no integers apart from floats.
fn as_numbers(value: Value) -> Value {
    match value {
        Value::Number(number) => number.as_f64().unwrap().into(),
        Value::Array(array) => array.into_iter().map(as_numbers).collect(),
        Value::Object(map) => map
            .into_iter()
            .map(|(key, value)| (key, as_numbers(value)))
            .collect::<Map<_, _>>()
            .into(),
        other => other,
    }
}

proptest! {
    #[test]
    fn ordinary_json_comes_back(values in prop::collection::vec(ordinary(), 1..4)) {
        let mut session = Session::default();
        for value in values {
            let text = value.to_string();
            // `-0` for a float that is a whole number is printed with a point.
            prop_assert_eq!(session.read(text.as_bytes()).map(as_numbers), Some(as_numbers(value)));
        }
    }

    #[test]
    fn what_is_no_json_is_never_read(value in ordinary(), at in any::<prop::sample::Index>(), by in any::<u8>()) {
        let mut text = value.to_string().into_bytes();
        let at = at.index(text.len());
        text[at] = by;
        if let Some(found) = read(&text) {
            match serde_json::from_slice(&text) {
                Ok(expected) => prop_assert_eq!(as_numbers(found), as_numbers(expected)),
                // Infinity, to Ruby and JavaScript.
                Err(error) => prop_assert!(error.to_string().contains("out of range"), "{error}"),
            }
        }
    }

    #[test]
    fn any_bytes_are_taken(bytes in prop::collection::vec(any::<u8>(), 0..200), marshal in any::<bool>()) {
        let head: &[u8] = if marshal { &[4, 8] } else { b"{" };
        read(&[head, &bytes].concat());
    }

    #[test]
    fn too_few_words_are_too_few(value in ordinary()) {
        let text = value.to_string();
        let mut words = vec![0; 4 * text.len() + 8];
        let needed = Tokenizer::default().tokenize(text.as_bytes(), &mut words).unwrap();
        for length in 0..needed {
            prop_assert_eq!(Tokenizer::default().tokenize(text.as_bytes(), &mut words[..length]), None);
        }
    }
}

#[test]
fn leaves_to_others_what_is_not_ordinary() {
    for text in [
        "",
        "1",
        "\"a\"",
        "null",
        " {}",
        "{} ",
        "{ }",
        "[1, 2]",
        "{\"a\": 1}",
        "[1,]",
        "[,1]",
        "{,}",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{1:2}",
        "[1 2]",
        "[",
        "{",
        "{\"a\":1",
        "]",
        "[}",
        "{]",
        "[01]",
        "[-0]",
        "[-]",
        "[+1]",
        "[.5]",
        "[1.]",
        "[1e]",
        "[1e+]",
        "[--1]",
        "[1234567890123456]",
        "[12345678901234567890]",
        "[nul]",
        "[True]",
        "[NaN]",
        "[/**/]",
        "[\"\\x\"]",
        "[\"\\ud83d\\ude00\"]",
        "[\"\\uD800\"]",
        "[\"\\u12\"]",
        "[\"\\u00zz\"]",
        "[\"a\nb\"]",
        "[\"\u{1}\"]",
        "[\"a]",
        "{\"\\u0061\":1}",
    ] {
        assert_eq!(read(text.as_bytes()), None, "{text}");
    }
    for bytes in [
        b"[\"\xff\"]".as_slice(),
        b"[\"\xc3\"]",
        b"[\"\xe2\x82\"]",
        b"[\"\xed\xa0\x80\"]",
    ] {
        assert_eq!(read(bytes), None);
    }
}

#[test]
fn nests_as_deep_as_ruby_does() {
    let nested = |depth| "[".repeat(depth) + &"]".repeat(depth);
    assert!(read(nested(100).as_bytes()).is_some());
    assert_eq!(read(nested(101).as_bytes()), None);
    assert_eq!(read("[".repeat(40_000).as_bytes()), None);
}

#[test]
fn the_last_of_equal_keys_counts() {
    assert_eq!(
        read(br#"{"c":{"a":1,"b":2,"a":3},"a":0}"#),
        Some(json!({"c": {"a": 3, "b": 2}, "a": 0}))
    );
}

#[test]
fn leaves_a_session_with_equal_keys_to_others() {
    assert_eq!(read(br#"{"a":1,"b":2,"a":3}"#), None);
    assert_eq!(read(br#"{"a":1,"b":{"a":2,"b":3},"a":3}"#), None);
    // {"a"=>1, :a=>2}
    assert_eq!(
        read(&bytes("04087b0749220661063a06455469063a06616907")),
        None
    );
}

#[test]
fn keys_are_numbered_once() {
    let mut tokenizer = Tokenizer::default();
    let mut words = [0; 64];
    let mut new_keys = |text: &str| {
        tokenizer.tokenize(text.as_bytes(), &mut words).unwrap();
        tokenizer.new_keys().len()
    };
    assert_eq!(new_keys(r#"{"a":1,"b":{"a":2}}"#), 2);
    assert_eq!(new_keys(r#"{"b":1,"a":{"c":2}}"#), 1);
    assert_eq!(new_keys(r#"{"c":1,"b":3,"a":4}"#), 0);
}

#[test]
fn no_key_is_learnt_from_bytes_that_are_no_text() {
    let mut tokenizer = Tokenizer::default();
    let mut words = [0; 64];
    assert!(
        tokenizer
            .tokenize(b"{\"\xe9\xff\":1,\"key\":2}", &mut words)
            .is_none()
    );
    assert!(tokenizer.new_keys().is_empty());
    assert!(tokenizer.tokenize(br#"{"key":3}"#, &mut words).is_some());
    assert_eq!(tokenizer.new_keys().len(), 1);
}

#[test]
fn thousands_of_keys_are_forgotten_and_learned_again() {
    let mut session = Session::default();
    for round in 0..5000 {
        let value =
            json!({ format!("key{round}"): round, "session_id": "x", format!("é{round}"): 1 });
        assert_eq!(session.read(value.to_string().as_bytes()), Some(value));
    }
}

/// Dumps that Ruby 3.1 wrote of the values in the comments.
#[test]
fn reads_what_ruby_dumped() {
    for (hex, expected) in [
        // {"session_id"=>"x", :user_id=>7, "list"=>[nil, true, false, -1, 1.5, 1e25, 100.0, :user_id, "x"]}
        (
            "04087b0849220f73657373696f6e5f6964063a06455449220678063b00543a0c757365725f6964690c4922096c697374063b00545b0e30544669fa6608312e3566093165323566083165323b0649220678063b0054",
            json!({"session_id": "x", "user_id": 7, "list": [null, true, false, -1, 1.5, 1e25, 100.0, "user_id", "x"]}),
        ),
        // s = "a"; {s=>s, "b"=>[s, s], "c"=>{"b"=>2**40, "d"=>-(2**52)}}
        (
            "04087b0849220661063a06455449220661063b005449220662063b00545b074007400749220663063b00547b0740086c2b0800000000000149220664063b00546c2d090000000000001000",
            json!({"a": "a", "b": ["a", "a"], "c": {"b": 1_u64 << 40, "d": -(1_i64 << 52)}}),
        ),
        // {"n"=>"José", "é"=>1, :a=>1, "b"=>2, "e"=>"" in US-ASCII, "big"=>[300, -300, 70000, 2**29, -(2**30)]}
        (
            "04087b0b4922066e063a06455449220a4a6f73c3a9063b0054492207c3a9063b005469063a0661690649220662063b0054690749220665063b0054492200063b0046492208626967063b00545b0a69022c0169fed4fe690370110169040000002069fc000000c0",
            json!({"n": "José", "é": 1, "a": 1, "b": 2, "e": "", "big": [300, -300, 70000, 1 << 29, -(1 << 30)]}),
        ),
        // f = 0.1; [f, f, 1.0 / 3, Infinity, -0.0], where JSON has no infinity
        (
            "04085b0a6608302e3140066617302e333333333333333333333333333333336608696e6666072d30",
            json!([0.1, 0.1, 1.0 / 3.0, null, -0.0]),
        ),
        // {"i"=>[], "h"=>{}, "k"=>[[1], {"x"=>{"y"=>"z"}}]}
        (
            "04087b0849220669063a0645545b0049220668063b00547b004922066b063b00545b075b0669067b0649220678063b00547b0649220679063b00544922067a063b0054",
            json!({"i": [], "h": {}, "k": [[1], {"x": {"y": "z"}}]}),
        ),
        // ActiveSupport::HashWithIndifferentAccess.new("a" => 1)
        (
            "0408433a2d416374697665537570706f72743a3a4861736857697468496e646966666572656e744163636573737b0649220661063a0645546906",
            json!({"a": 1}),
        ),
    ] {
        assert_eq!(
            read(&bytes(hex)).map(as_numbers),
            Some(as_numbers(expected)),
            "{hex}"
        );
    }
}

#[test]
fn leaves_to_others_what_ruby_has_alone() {
    for (value, hex) in [
        (
            "a Time",
            "04087b0649220674063a06455449753a0954696d650d2080118000000000073a0b6f666673657469003a097a6f6e65492208555443063b0046",
        ),
        ("a binary String", "04085b076906220662"),
        ("an Array that comes twice", "04085b075b0669064006"),
        ("an Integer for a key", "04087b0669066907"),
        ("a scalar", "04086c2b0a00000000000000004000"),
        ("a String alone", "040849220678063a064554"),
        ("a long Integer", "04085b066c2b090000000000000010"),
        ("a Symbol that is not ASCII", "04085b06493a07c3a9063a064554"),
        ("nil for a key", "04087b06306906"),
        ("a String that is not UTF-8", "04085b06492206ff063a064554"),
        ("a default", "04087d006906"),
        (
            "a Range",
            "04085b066f3a0a52616e6765083a096578636c463a0a626567696e69063a08656e646907",
        ),
        (
            "UTF-16",
            "04085b064922077800063a0d656e636f64696e67220d5554462d31364c45",
        ),
        (
            "ISO-8859-1",
            "04085b0649220678063a0d656e636f64696e67220f49534f2d383835392d31",
        ),
        ("another class", "0408433a0b4d79486173687b00"),
        // To Ruby, {"a"=>3, :a=>2}.
        (
            "a String, a Symbol and that String again",
            "04087b0849220661063a06455469063a06616907492206613b00546908",
        ),
        // {"b"=>["c", 1.0, true], "a"=>nil, :b=>{:c=>nil}, "d"=>{}}
        (
            "a String and a Symbol far from each other",
            "04087b0949220662063a0645545b0849220663063b00546606315449220661063b0054303a06627b063a06633049220664063b00547b00",
        ),
        ("a link to what contains it", "04085b064000"),
    ] {
        assert_eq!(read(&bytes(hex)), None, "{value}");
    }
}

#[test]
fn a_dump_that_is_cut_off_is_none() {
    let whole = bytes(
        "04087b0849220661063a06455449220661063b005449220662063b00545b074007400749220663063b00547b0740086c2b0800000000000149220664063b00546c2d090000000000001000",
    );
    for length in 0..whole.len() {
        assert_eq!(read(&whole[..length]), None);
    }
    for length in [
        "02ffff",
        "03ffffff",
        "04ffffff7f",
        "04ffffffff",
        "fcffffffff",
    ] {
        for tag in ["5b", "7b", "4922", "3a", "66", "6c2b"] {
            assert_eq!(read(&bytes(&format!("0408{tag}{length}"))), None);
        }
    }
}

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len() / 2)
        .map(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).unwrap())
        .collect()
}
