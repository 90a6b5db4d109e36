//! Cookies and messages that Rails wrote, or that were made by altering one of its own, and what
//! Rails 8.1 made of them.
//!
//! `rails_vectors.json` has the key material as `secrets` (texts) and `keyrings` (how keys are
//! derived from a secret, or their hexadecimal digits), and `cases`. The first part of a case's id
//! is the version that wrote it. `plaintext` is what Rails found in it, null if Rails 8.1 rejects
//! it. `raw`: not form-escaped.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a panic is a failed test"
)]
#![allow(clippy::arithmetic_side_effects, reason = "small numbers")]
#![allow(clippy::print_stdout, reason = "says how many cases ran")]

use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rails_session_core::{Key, Keyring, Scheme, derive};
use serde_json::Value;

#[test]
fn reads_what_rails_reads() {
    let vectors = Vectors::load();
    let mut opened = 0_usize;
    let mut refused = 0_usize;
    for case in vectors.cases() {
        let id = text(&case["id"]);
        let keyring = &vectors.keyrings[number(&case["keys"])];
        let outcome = keyring.open(text(&case["text"]).as_bytes(), !is_raw(case), 0);
        if let Some(plaintext) = plaintext(case) {
            let found = outcome.unwrap_or_else(|rejection| panic!("{id}: {rejection}"));
            assert_eq!(found.plaintext(), plaintext, "{id}");
            opened += 1;
        } else {
            assert!(outcome.is_err(), "{id} opened");
            refused += 1;
        }
    }
    println!("{opened} opened, {refused} refused");
    assert_eq!(
        (opened, refused),
        (OPENED, REFUSED),
        "every case of the file ran"
    );
}

#[test]
fn writes_what_rails_wrote() {
    let vectors = Vectors::load();
    let mut written = 0_usize;
    for case in vectors.cases() {
        let (Some(plaintext), id) = (plaintext(case), text(&case["id"])) else {
            continue;
        };
        let keyring = &vectors.keyrings[number(&case["keys"])];
        let cookie = text(&case["text"]);
        // What was made from a message that Rails wrote is not what Rails writes; nor what an old
        // scheme wrote.
        let altered = [
            "spelling/",
            "odd_base64/",
            "_padded",
            "_read_with_other_setting",
        ]
        .iter()
        .any(|part| id.contains(part));
        let first = keyring
            .open(cookie.as_bytes(), !is_raw(case), 0)
            .is_ok_and(|opened| opened.scheme() == 0);
        if altered || !first {
            continue;
        }
        let iv = vectors.iv_of(case);
        let sealed = keyring.seal_with_iv(&plaintext, b"", !is_raw(case), &iv);
        assert_eq!(sealed.as_deref(), Ok(cookie), "{id}");
        written += 1;
    }
    println!("{written} written");
    assert_eq!(written, WRITTEN, "every case of the file ran");
}

struct Vectors {
    file: Value,
    keyrings: Vec<Keyring>,
}

impl Vectors {
    fn load() -> Self {
        let file: Value = serde_json::from_str(include_str!("rails_vectors.json")).expect("JSON");
        let mut keys = Keys {
            secrets: file["secrets"].clone(),
            known: HashMap::new(),
        };
        let keyrings = array(&file["keyrings"])
            .iter()
            .map(|schemes| keys.keyring(schemes))
            .collect();
        Self { file, keyrings }
    }

    fn cases(&self) -> &[Value] {
        array(&self.file["cases"])
    }

    /// Takes the IV out of a case's message.
    fn iv_of(&self, case: &Value) -> Vec<u8> {
        let scheme = &self.file["keyrings"][number(&case["keys"])][0];
        let message = text(&case["text"])
            .replace("%2B", "+")
            .replace("%2F", "/")
            .replace("%3D", "=");
        let decode = |text: &str| {
            let standard = text.replace('-', "+").replace('_', "/");
            STANDARD
                .decode(format!("{standard:=<0$}", text.len().next_multiple_of(4)))
                .expect("base64")
        };
        match (text(&scheme["kind"]), scheme["url_safe"] == true) {
            ("signed", _) => Vec::new(),
            ("aead", url_safe) => {
                let tag_len = if url_safe { 22 } else { 24 };
                decode(&message[message.len() - tag_len - 18..][..16])
            }
            (_, url_safe) => {
                let (data, _) = message.rsplit_once("--").expect("signed");
                let inner = String::from_utf8(decode(data)).expect("text");
                decode(&inner[inner.len() - if url_safe { 22 } else { 24 }..])
            }
        }
    }
}

/// Derives keys, each of them once.
struct Keys {
    secrets: Value,
    known: HashMap<String, Vec<u8>>,
}

impl Keys {
    fn keyring(&mut self, schemes: &Value) -> Keyring {
        Keyring::new(
            array(schemes)
                .iter()
                .map(|scheme| self.scheme(scheme))
                .collect::<Vec<_>>(),
        )
        .expect("1 to 127")
    }

    fn scheme(&mut self, scheme: &Value) -> Scheme {
        let key = self.key(&scheme["key"]);
        let digest = || text(&scheme["digest"]).parse().expect("known digest");
        let cipher = text(
            scheme
                .get("cipher")
                .unwrap_or(&Value::String(String::new())),
        )
        .to_owned();
        let built = match text(&scheme["kind"]) {
            "signed" => Scheme::signed(digest(), &key),
            "cbc" => {
                let sign_key = self.key(&scheme["sign"]);
                Scheme::cbc(
                    cipher.parse().expect("known cipher"),
                    &key,
                    digest(),
                    &sign_key,
                )
                .expect("key fits")
            }
            _ => Scheme::aead(cipher.parse().expect("known cipher"), &key).expect("key fits"),
        };
        built.url_safe(scheme["url_safe"] == true)
    }

    /// Hexadecimal digits, or secret, salt, digest, iterations and length.
    fn key(&mut self, key: &Value) -> Key {
        let secrets = &self.secrets;
        let bytes = self.known.entry(key.to_string()).or_insert_with(|| {
            if let Value::String(digits) = key {
                return unhex(digits);
            }
            let (secret, salt) = (text(&secrets[number(&key[0])]), text(&key[1]));
            let digest = text(&key[2]).parse().expect("known digest");
            let iterations = number(&key[3]).try_into().expect("32 bits");
            let key = derive(
                digest,
                secret.as_bytes(),
                salt.as_bytes(),
                iterations,
                number(&key[4]),
            );
            key.expect("derived").as_bytes().to_vec()
        });
        Key::new(bytes)
    }
}

fn plaintext(case: &Value) -> Option<Vec<u8>> {
    match &case["plaintext"] {
        Value::Null => None,
        Value::String(text) => Some(text.clone().into_bytes()),
        binary => Some(STANDARD.decode(text(&binary["base64"])).expect("base64")),
    }
}

fn is_raw(case: &Value) -> bool {
    case.get("raw").is_some()
}

fn text(value: &Value) -> &str {
    value.as_str().expect("text")
}

fn number(value: &Value) -> usize {
    value.as_u64().expect("number").try_into().expect("small")
}

fn array(value: &Value) -> &[Value] {
    value.as_array().expect("array")
}

fn unhex(digits: &str) -> Vec<u8> {
    let (pairs, rest) = digits.as_bytes().as_chunks::<2>();
    assert!(rest.is_empty());
    let byte = |pair: &[u8; 2]| {
        u8::from_str_radix(std::str::from_utf8(pair).expect("ASCII"), 16).expect("digits")
    };
    pairs.iter().map(byte).collect()
}

const OPENED: usize = 69;
const REFUSED: usize = 130;
const WRITTEN: usize = 50;
