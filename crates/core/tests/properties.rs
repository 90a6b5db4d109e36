//! Properties that hold for every message, and comparisons with references that are slow and plain.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a panic is a failed test"
)]
#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    reason = "small numbers"
)]

use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use rails_session_core::{AeadCipher, CbcCipher, Digest, Key, Keyring, Rejection, Scheme, Scratch};
use sha1::Sha1;

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_sealed_opens(
        number in 0..SCHEMES,
        url_safe: bool,
        payload in vec(any::<u8>(), 0..400),
        has_tail: bool,
        escape: bool,
    ) {
        let keyring = keyring(number, url_safe);
        let tail = if has_tail { TAIL } else { b"" };
        let text = keyring.seal(&payload, tail, escape).unwrap();
        let opened = keyring.open(text.as_bytes(), escape, 0);
        // Rails takes neither signed nor authenticated data that is empty.
        if payload.is_empty() && !has_tail && !is_cbc(number) {
            prop_assert_eq!(opened.unwrap_err(), Rejection::Malformed);
        } else {
            let opened = opened.unwrap();
            prop_assert_eq!(opened.payload(), &payload);
            prop_assert_eq!(opened.is_envelope(), has_tail);
            prop_assert_eq!(opened.pur(), has_tail.then_some(b"cookie._shop_session".as_slice()));
            prop_assert_eq!(opened.exp(), has_tail.then_some(b"2026-12-24T12:00:00.000Z".as_slice()));
            let counts_bytes = payload.starts_with(&[4, 8]) || payload.starts_with(&[0xcc, 0x80]);
            prop_assert_eq!(opened.is_text(), str::from_utf8(&payload).is_ok() && !counts_bytes);
            prop_assert_eq!(opened.is_ascii(), payload.is_ascii());
            let plaintext = if has_tail { envelope(&payload) } else { payload };
            prop_assert_eq!(opened.plaintext(), plaintext);
        }
    }

    #[test]
    fn only_the_escapes_differ(
        number in 0..SCHEMES,
        url_safe: bool,
        payload in vec(any::<u8>(), 0..400),
        iv: [u8; 16],
    ) {
        let keyring = keyring(number, url_safe);
        let iv = &iv[..iv_len(number)];
        let raw = keyring.seal_with_iv(&payload, TAIL, false, iv).unwrap();
        let escaped = keyring.seal_with_iv(&payload, TAIL, true, iv).unwrap();
        prop_assert_eq!(escape_reference(raw.as_bytes()), escaped.as_bytes());
        prop_assert_eq!(unescape_reference(escaped.as_bytes()), raw.as_bytes());
    }

    #[test]
    fn memory_that_was_used_changes_nothing(
        numbers in vec((0..SCHEMES, vec(any::<u8>(), 0..200), any::<bool>()), 1..8),
    ) {
        let mut scratch = Scratch::new();
        for (number, payload, spoil) in numbers {
            let keyring = keyring(number, false);
            let mut text = keyring.seal_into(&payload, TAIL, true, &mut scratch).unwrap().to_vec();
            if spoil {
                text[0] ^= 1;
            }
            let fresh = keyring.open(&text, true, 0);
            let reused = keyring.open_into(&text, true, 0, &mut scratch);
            prop_assert_eq!(fresh.as_ref().err(), reused.as_ref().err());
            if let (Ok(fresh), Ok(reused)) = (fresh, reused) {
                prop_assert_eq!(fresh.plaintext(), reused.plaintext());
                prop_assert_eq!(fresh.payload(), reused.payload());
            }
        }
    }

    #[test]
    fn any_bytes_are_refused(text in text_like_a_message(), escaped: bool, url_safe: bool, from in 0..40_usize) {
        let keyring = long_keyring(url_safe);
        prop_assert!(keyring.open(&text, escaped, from).is_err());
    }

    #[test]
    fn any_bytes_under_a_right_mac_are_data_or_undecodable(inner in text_like_a_message(), url_safe: bool) {
        let message = [inner.as_slice(), b"--", mac(&inner).as_bytes()].concat();
        let signed = Scheme::signed(Digest::Sha1, &Key::new(SIGN_KEY)).url_safe(url_safe);
        let rejection = Keyring::new([signed]).unwrap().open(&message, false, 0).err();
        let expected = if inner.is_empty() { Rejection::Malformed } else { Rejection::Undecodable };
        prop_assert!(rejection.is_none_or(|rejection| rejection == expected));

        let signer = Keyring::new([Scheme::signed(Digest::Sha1, &Key::new(SIGN_KEY))]).unwrap();
        let message = signer.seal(&inner, b"", false).unwrap();
        let rejection = keyring(CBC, url_safe).open(message.as_bytes(), false, 0).err();
        prop_assert!(rejection.is_some());
    }

    #[test]
    fn unescapes_as_the_reference(text in text_with_escapes()) {
        // The MAC is right exactly if the text below it was read as expected.
        let expected = unescape_reference(&text);
        let message = [text.as_slice(), b"--", mac(&expected).as_bytes()].concat();
        let signed = Keyring::new([Scheme::signed(Digest::Sha1, &Key::new(SIGN_KEY))]).unwrap();
        let rejection = signed.open(&message, true, 0).err();
        let is_right = matches!(rejection, None | Some(Rejection::Undecodable));
        prop_assert_eq!(is_right, !expected.is_empty(), "{:?}", rejection);
    }

    #[test]
    fn judges_json_as_the_reference(text in text_like_json()) {
        let opened_is_plain = open_plaintext(&text, rails_session_core::Opened::is_plain_json);
        prop_assert_eq!(opened_is_plain, is_plain_json_reference(&text));
    }

    #[test]
    fn splits_envelopes_as_the_reference(text in text_like_an_envelope()) {
        let parts = open_plaintext(&text, |opened| {
            let value = |value: Option<&[u8]>| String::from_utf8(value.unwrap_or_default().to_vec()).unwrap();
            opened.is_envelope().then(|| (opened.payload().to_vec(), value(opened.exp()), value(opened.pur())))
        });
        prop_assert_eq!(parts, split_envelope_reference(&text));
    }
}

#[test]
fn every_flipped_bit_is_refused() {
    for number in 0..SCHEMES {
        for url_safe in [false, true] {
            let keyring = keyring(number, url_safe);
            let text = keyring.seal(PAYLOAD, TAIL, false).unwrap().into_bytes();
            assert!(keyring.open(&text, false, 0).is_ok());
            for at in 0..text.len() {
                for bit in 0..8 {
                    let mut text = text.clone();
                    text[at] ^= 1 << bit;
                    assert!(
                        keyring.open(&text, false, 0).is_err(),
                        "scheme {number}, byte {at}, bit {bit}"
                    );
                }
            }
        }
    }
}

#[test]
fn every_truncation_is_refused() {
    for number in 0..SCHEMES {
        for url_safe in [false, true] {
            let keyring = keyring(number, url_safe);
            let text = keyring.seal(PAYLOAD, TAIL, false).unwrap().into_bytes();
            for len in 0..text.len() {
                assert!(
                    keyring.open(&text[..len], false, 0).is_err(),
                    "scheme {number}, first {len}"
                );
                assert!(
                    keyring.open(&text[text.len() - len..], false, 0).is_err(),
                    "scheme {number}, last {len}"
                );
            }
            for byte in 0..=u8::MAX {
                assert!(
                    keyring
                        .open(&[text.as_slice(), &[byte]].concat(), false, 0)
                        .is_err()
                );
                assert!(
                    keyring
                        .open(&[&[byte], text.as_slice()].concat(), false, 0)
                        .is_err()
                );
            }
        }
    }
}

#[test]
fn schemes_are_tried_in_order() {
    let keyring = long_keyring(false);
    for number in 0..SCHEMES {
        let text = self::keyring(number, false)
            .seal(PAYLOAD, b"", true)
            .unwrap();
        for from in 0..=number {
            let opened = keyring.open(text.as_bytes(), true, from).unwrap();
            assert_eq!((opened.scheme(), opened.payload()), (number, PAYLOAD));
        }
        for from in [number + 1, SCHEMES, SCHEMES + 1, usize::MAX] {
            assert!(keyring.open(text.as_bytes(), true, from).is_err());
        }
    }
}

#[test]
fn the_most_telling_rejection_is_reported() {
    let sha1 = || Scheme::signed(Digest::Sha1, &Key::new(SIGN_KEY));
    let gcm = || Scheme::aead(AeadCipher::Aes256Gcm, &Key::new(&[7; 32])).unwrap();
    let undecodable = ["!!--", &mac(b"!!")].concat();
    let unauthenticated = ["!?--", &mac(b"!!")].concat();
    for schemes in [[sha1(), gcm()], [gcm(), sha1()]] {
        let keyring = Keyring::new(schemes).unwrap();
        let open = |text: &str| keyring.open(text.as_bytes(), false, 0).unwrap_err();
        assert_eq!(open(&undecodable), Rejection::Undecodable);
        assert_eq!(open(&unauthenticated), Rejection::Unauthenticated);
        assert_eq!(open("!!"), Rejection::Malformed);
    }
}

#[test]
fn a_keyring_takes_1_to_127_schemes() {
    let keyring = |count| Keyring::new((0..count).map(|_| scheme(0)));
    assert!(keyring(0).is_err() && keyring(128).is_err() && keyring(300).is_err());
    let keyring = keyring(127).unwrap();
    let text = keyring.seal(PAYLOAD, b"", true).unwrap();
    assert_eq!(
        keyring.open(text.as_bytes(), true, 126).unwrap().scheme(),
        126
    );
}

#[test]
fn every_message_has_its_own_iv() {
    for number in (0..SCHEMES).filter(|&number| iv_len(number) > 0) {
        let keyring = keyring(number, false);
        let seal = || keyring.seal(PAYLOAD, b"", false).unwrap();
        assert_ne!(seal(), seal());
    }
}

#[test]
fn ivs_of_other_lengths_are_refused() {
    for number in 0..SCHEMES {
        for len in 0..20 {
            let sealed = keyring(number, false).seal_with_iv(PAYLOAD, b"", false, &vec![0; len]);
            assert_eq!(
                sealed.is_ok(),
                len == iv_len(number),
                "scheme {number}, IV of {len} bytes"
            );
        }
    }
}

#[test]
fn long_messages_open() {
    for number in 0..SCHEMES {
        let keyring = keyring(number, false);
        for len in [1000, 4095, 4096, 4097, 70_000, 300_000] {
            let payload: Vec<u8> = (0..len)
                .map(|index: usize| (index * 31 % 251) as u8)
                .collect();
            let text = keyring.seal(&payload, TAIL, true).unwrap();
            assert_eq!(
                keyring.open(text.as_bytes(), true, 0).unwrap().payload(),
                payload
            );
        }
    }
}

#[test]
fn nothing_is_shown() {
    let keyring = keyring(CBC, false);
    let text = keyring.seal(b"secret", b"", true).unwrap();
    let opened = keyring.open(text.as_bytes(), true, 0).unwrap();
    assert_eq!(
        format!("{opened:?} {:?}", Scratch::new()),
        "Opened(scheme 0, 6 bytes) Scratch(..)"
    );
    assert!(!format!("{keyring:?}").contains("sign key"));
}

#[test]
fn keyrings_are_shared_between_threads() {
    fn shared<T: Send + Sync>(_: &T) {}
    shared(keyring(0, false));
}

/// A scheme of each kind with each algorithm, all under different keys.
fn scheme(number: usize) -> Scheme {
    let key = |len| Key::new(&vec![number as u8; len]);
    let cbc = |cipher: CbcCipher, digest| {
        Scheme::cbc(cipher, &key(cipher.key_len()), digest, &key(64)).unwrap()
    };
    let aead = |cipher: AeadCipher| Scheme::aead(cipher, &key(cipher.key_len())).unwrap();
    match number {
        0 => Scheme::signed(Digest::Md5, &key(64)),
        1 => Scheme::signed(Digest::Sha1, &key(64)),
        2 => Scheme::signed(Digest::Sha256, &key(64)),
        3 => Scheme::signed(Digest::Sha384, &key(64)),
        4 => Scheme::signed(Digest::Sha512, &key(64)),
        CBC => Scheme::cbc(
            CbcCipher::Aes256,
            &key(32),
            Digest::Sha1,
            &Key::new(SIGN_KEY),
        )
        .unwrap(),
        6 => cbc(CbcCipher::Aes128, Digest::Sha256),
        7 => cbc(CbcCipher::Aes192, Digest::Sha512),
        8 => aead(AeadCipher::Aes128Gcm),
        9 => aead(AeadCipher::Aes192Gcm),
        10 => aead(AeadCipher::Aes256Gcm),
        _ => aead(AeadCipher::ChaCha20Poly1305),
    }
}

/// One of that scheme, made once: without optimisation, expanding keys takes long.
fn keyring(number: usize, url_safe: bool) -> &'static Keyring {
    static KEYRINGS: LazyLock<Vec<[Keyring; 2]>> = LazyLock::new(|| {
        let keyring = |number, url_safe| Keyring::new([scheme(number).url_safe(url_safe)]).unwrap();
        (0..SCHEMES)
            .map(|number| [keyring(number, false), keyring(number, true)])
            .collect()
    });
    &KEYRINGS[number][usize::from(url_safe)]
}

/// All schemes.
fn long_keyring(url_safe: bool) -> &'static Keyring {
    static KEYRINGS: LazyLock<[Keyring; 2]> = LazyLock::new(|| {
        [false, true].map(|url_safe| {
            Keyring::new((0..SCHEMES).map(|number| scheme(number).url_safe(url_safe))).unwrap()
        })
    });
    &KEYRINGS[usize::from(url_safe)]
}

fn iv_len(number: usize) -> usize {
    match number {
        0..5 => 0,
        5..8 => 16,
        _ => 12,
    }
}

fn is_cbc(number: usize) -> bool {
    iv_len(number) == 16
}

/// HMAC-SHA1 of any text.
fn mac(text: &[u8]) -> String {
    let mac = Hmac::<Sha1>::new_from_slice(SIGN_KEY)
        .unwrap()
        .chain_update(text)
        .finalize()
        .into_bytes();
    mac.iter()
        .flat_map(|byte| [byte >> 4, byte & 0x0f])
        .map(|digit| char::from_digit(digit.into(), 16).unwrap())
        .collect()
}

/// What a message opens to whose plaintext is `text`.
fn open_plaintext<T>(text: &[u8], look: impl Fn(&rails_session_core::Opened<'static>) -> T) -> T {
    let keyring = keyring(CBC, false);
    let message = keyring.seal(text, b"", false).unwrap();
    let opened = keyring.open(message.as_bytes(), false, 0).unwrap();
    assert_eq!(opened.plaintext(), text);
    look(&opened)
}

fn envelope(payload: &[u8]) -> Vec<u8> {
    [
        br#"{"_rails":{"message":""#.as_slice(),
        STANDARD.encode(payload).as_bytes(),
        TAIL,
    ]
    .concat()
}

/// `URI.encode_www_form_component`.
fn escape_reference(text: &[u8]) -> Vec<u8> {
    let escape = |&byte: &u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'*' | b'-' | b'.' | b'_' => vec![byte],
        b' ' => vec![b'+'],
        _ => format!("%{byte:02X}").into_bytes(),
    };
    text.iter().flat_map(escape).collect()
}

/// `URI.decode_www_form_component`, which refuses a bad escape; Rack then takes the text as it is.
fn unescape_reference(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let [first, after @ ..] = rest {
        rest = after;
        match first {
            b'+' => bytes.push(b' '),
            b'%' => {
                let digits = after
                    .get(..2)
                    .filter(|digits| digits.iter().all(u8::is_ascii_hexdigit));
                let Some(digits) = digits else {
                    return text.to_vec();
                };
                bytes.push(u8::from_str_radix(str::from_utf8(digits).unwrap(), 16).unwrap());
                rest = &after[2..];
            }
            other => bytes.push(*other),
        }
    }
    bytes
}

fn is_plain_json_reference(text: &[u8]) -> bool {
    let has_digits = text
        .windows(16)
        .any(|window| window.iter().all(u8::is_ascii_digit));
    let has_surrogate = text
        .windows(3)
        .any(|window| window == br"\ud" || window == br"\uD");
    let has_negative_zero = (0..text.len())
        .any(|at| text[at..].starts_with(b"-0") && (at == 0 || b":[, ".contains(&text[at - 1])));
    let has_control = text.iter().any(|byte| *byte < b' ');
    let openers = text.iter().filter(|byte| b"[{".contains(byte)).count();
    str::from_utf8(text).is_ok()
        && !has_control
        && !has_digits
        && !has_surrogate
        && !has_negative_zero
        && openers <= 100
}

/// From the left, piece by piece. Payload, exp, pur.
fn split_envelope_reference(text: &[u8]) -> Option<(Vec<u8>, String, String)> {
    fn value(text: &str) -> Option<(String, &str)> {
        if let Some(rest) = text.strip_prefix("null") {
            return Some((String::new(), rest));
        }
        let (value, rest) = text.strip_prefix('"')?.split_once('"')?;
        let fits = (1..=127).contains(&value.len())
            && value.chars().all(|c| matches!(c, ' '..='~') && c != '\\');
        fits.then(|| (value.to_owned(), rest))
    }
    let text = str::from_utf8(text)
        .ok()?
        .strip_prefix(r#"{"_rails":{"message":""#)?;
    let (message, rest) = text.split_once('"')?;
    let (exp, rest) = value(rest.strip_prefix(r#","exp":"#)?)?;
    let (pur, rest) = value(rest.strip_prefix(r#","pur":"#)?)?;
    (rest == "}}").then_some(())?;
    Some((STANDARD.decode(message).ok()?, exp, pur))
}

fn joined(pieces: impl Strategy<Value = Vec<u8>>, count: usize) -> impl Strategy<Value = Vec<u8>> {
    vec(pieces, 0..count).prop_map(|pieces| pieces.concat())
}

fn text_like_a_message() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        select(vec![
            "--",
            "-",
            "=",
            "==",
            "%2B",
            "%",
            "+",
            "/",
            "_",
            " ",
            "AAAA",
            "AAAAAAAAAAAAAAAA"
        ])
        .prop_map(|piece| piece.as_bytes().to_vec()),
        vec(any::<u8>(), 1..40),
        vec(any::<u8>(), 12..=16).prop_map(|bytes| STANDARD.encode(bytes).into_bytes()),
        "[0-9a-f]{32,128}".prop_map(String::into_bytes),
    ];
    joined(piece, 12)
}

fn text_with_escapes() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        8 => "[A-Za-z0-9_-]{1,40}".prop_map(String::into_bytes),
        8 => any::<u8>().prop_map(|byte| format!("%{byte:02X}").into_bytes()),
        2 => any::<u8>().prop_map(|byte| format!("%{byte:02x}").into_bytes()),
        1 => select(vec!["+", "%", "%2", "$", "*", "%25", "%%", "%+1", "++", "\u{e9}"])
            .prop_map(|piece| piece.as_bytes().to_vec()),
    ];
    joined(piece, 20)
}

fn text_like_json() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        4 => "[a-z\":, ]{0,20}".prop_map(String::into_bytes),
        4 => "[0-9]{1,17}".prop_map(String::into_bytes),
        2 => select(vec!["-0", "-", "\\", "\\u", "d", "D", "[", "{", ":", "/", ": -0", "\u{e9}", "0.5"])
            .prop_map(|piece| piece.as_bytes().to_vec()),
        1 => (0..60_usize).prop_map(|count| "[{".repeat(count).into_bytes()),
    ];
    let any = prop_oneof![4 => Just(Vec::new()), 1 => vec(any::<u8>(), 1..3)];
    (joined(piece, 16), any).prop_map(|(text, any)| [text, any].concat())
}

fn text_like_an_envelope() -> impl Strategy<Value = Vec<u8>> {
    let message = prop_oneof![
        vec(any::<u8>(), 0..80).prop_map(|bytes| STANDARD.encode(bytes)),
        "[A-Za-z+/=_\"-]{0,9}"
    ];
    let value = || {
        prop_oneof![
            Just("null".to_owned()),
            "\"[ -~]{0,9}\"",
            "\"[a-z.]{120,130}\"",
            "[ -~]{0,5}"
        ]
    };
    let whole = (
        message,
        value(),
        value(),
        select(vec!["}}", "}", "}} ", "}}}", ""]),
    )
        .prop_map(|(message, exp, pur, end)| {
            format!(r#"{{"_rails":{{"message":"{message}","exp":{exp},"pur":{pur}{end}"#)
                .into_bytes()
        });
    (
        whole,
        any::<prop::sample::Index>(),
        select(vec![None, Some(b'"'), Some(b' '), Some(0)]),
    )
        .prop_map(|(mut text, at, change)| {
            if let Some(byte) = change {
                let at = at.index(text.len());
                text[at] = byte;
            }
            text
        })
}

const SCHEMES: usize = 12;
/// The CBC scheme that signs with [`SIGN_KEY`] and SHA-1.
const CBC: usize = 5;
const SIGN_KEY: &[u8] = b"sign key";
const PAYLOAD: &[u8] = br#"{"user_id":1}"#;
const TAIL: &[u8] = br#"","exp":"2026-12-24T12:00:00.000Z","pur":"cookie._shop_session"}}"#;
