//! Project Wycheproof's vectors, put into message texts: known attacks on implementations of each
//! primitive.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a panic is a failed test"
)]
#![allow(clippy::arithmetic_side_effects, reason = "small numbers")]
#![allow(clippy::print_stdout, reason = "says how many cases ran")]

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use rails_session_core::{AeadCipher, CbcCipher, Digest, Key, Keyring, Rejection, Scheme, derive};
use wycheproof::TestResult;

#[test]
fn aes_gcm() {
    let counts = check_aead(
        wycheproof::aead::TestName::AesGcm,
        |key_bits| match key_bits {
            128 => AeadCipher::Aes128Gcm,
            192 => AeadCipher::Aes192Gcm,
            256 => AeadCipher::Aes256Gcm,
            bits => panic!("no AES key has {bits} bits"),
        },
    );
    println!("AES-GCM: {counts:?}");
    assert!(counts.valid >= 60 && counts.invalid >= 80, "{counts:?}");
}

#[test]
fn chacha20_poly1305() {
    let counts = check_aead(wycheproof::aead::TestName::ChaCha20Poly1305, |_| {
        AeadCipher::ChaCha20Poly1305
    });
    println!("ChaCha20-Poly1305: {counts:?}");
    assert!(counts.valid >= 40 && counts.invalid >= 100, "{counts:?}");
}

#[test]
fn aes_cbc_pkcs5() {
    let mut counts = Counts::default();
    let set = wycheproof::cipher::TestSet::load(wycheproof::cipher::TestName::AesCbcPkcs5).unwrap();
    for group in set.test_groups {
        let cipher = match group.key_size {
            128 => CbcCipher::Aes128,
            192 => CbcCipher::Aes192,
            256 => CbcCipher::Aes256,
            bits => panic!("no AES key has {bits} bits"),
        };
        for test in group.tests {
            let sign_key = Key::new(b"sign key");
            let scheme =
                Scheme::cbc(cipher, &Key::new(&test.key), Digest::Sha1, &sign_key).unwrap();
            let keyring = Keyring::new([scheme]).unwrap();
            // The signature is ours, and right: what counts is what happens below it.
            let inner = [STANDARD.encode(&test.ct), STANDARD.encode(&test.nonce)].join("--");
            let signer = Keyring::new([Scheme::signed(Digest::Sha1, &sign_key)]).unwrap();
            let message = signer.seal(inner.as_bytes(), b"", false).unwrap();
            let outcome = keyring.open(message.as_bytes(), false, 0);
            if test.result == TestResult::Valid {
                assert_eq!(outcome.unwrap().plaintext(), &*test.pt, "{}", test.tc_id);
                let iv: &[u8] = &test.nonce;
                assert_eq!(
                    keyring.seal_with_iv(&test.pt, b"", false, iv).unwrap(),
                    message,
                    "{}",
                    test.tc_id
                );
            } else {
                assert_eq!(
                    outcome.unwrap_err(),
                    Rejection::Unauthenticated,
                    "{}",
                    test.tc_id
                );
            }
            counts.add(test.result);
        }
    }
    println!("AES-CBC-PKCS5: {counts:?}");
    assert!(counts.valid >= 50 && counts.invalid >= 50, "{counts:?}");
}

#[test]
fn hmac() {
    use wycheproof::mac::TestName::{HmacSha1, HmacSha256, HmacSha384, HmacSha512};
    for (name, digest) in [
        (HmacSha1, Digest::Sha1),
        (HmacSha256, Digest::Sha256),
        (HmacSha384, Digest::Sha384),
        (HmacSha512, Digest::Sha512),
    ] {
        let mut counts = Counts::default();
        for group in wycheproof::mac::TestSet::load(name).unwrap().test_groups {
            for test in group.tests {
                let keyring = Keyring::new([Scheme::signed(digest, &Key::new(&test.key))]).unwrap();
                let digits: String = test
                    .tag
                    .iter()
                    .flat_map(|byte| [byte >> 4, byte & 0x0f])
                    .map(hex_digit)
                    .collect();
                let message = [test.msg.as_slice(), b"--", digits.as_bytes()].concat();
                let outcome = keyring.open(&message, false, 0).err();
                // Hardly any of the texts is base64: under a right MAC they are undecodable.
                let expected = if test.msg.is_empty() || test.tag.len() != digest.len() {
                    vec![Some(Rejection::Malformed), Some(Rejection::Unauthenticated)]
                } else if test.result == TestResult::Valid {
                    vec![Some(Rejection::Undecodable), None]
                } else {
                    vec![Some(Rejection::Unauthenticated)]
                };
                assert!(
                    expected.contains(&outcome),
                    "{digest} {}: {outcome:?}",
                    test.tc_id
                );
                if test.tag.len() == digest.len() {
                    counts.add(test.result);
                }
            }
        }
        println!("HMAC-{digest}: {counts:?}");
        assert!(counts.valid >= 30 && counts.invalid >= 50, "{counts:?}");
    }
}

#[test]
fn pbkdf2() {
    use wycheproof::pbkdf2::TestName::{
        Pbkdf2HmacSha1, Pbkdf2HmacSha256, Pbkdf2HmacSha384, Pbkdf2HmacSha512,
    };
    for (name, digest) in [
        (Pbkdf2HmacSha1, Digest::Sha1),
        (Pbkdf2HmacSha256, Digest::Sha256),
        (Pbkdf2HmacSha384, Digest::Sha384),
        (Pbkdf2HmacSha512, Digest::Sha512),
    ] {
        let mut ran = 0_usize;
        for group in wycheproof::pbkdf2::TestSet::load(name).unwrap().test_groups {
            for test in group.tests {
                // Without optimisation, all would take minutes: a sixth of those with much to do
                // has to be enough.
                let rounds = test.iteration_count * test.dk_len.div_ceil(digest.len());
                if rounds > 20_000 || (rounds > 1_000 && test.tc_id % 6 != 0) {
                    continue;
                }
                assert_eq!(test.result, TestResult::Valid);
                let iterations = u32::try_from(test.iteration_count).unwrap();
                let key =
                    derive(digest, &test.password, &test.salt, iterations, test.dk_len).unwrap();
                assert_eq!(key.as_bytes(), &*test.dk, "{digest} {}", test.tc_id);
                ran += 1;
            }
        }
        println!("PBKDF2-HMAC-{digest}: {ran}");
        assert!(ran >= 5, "{digest}: {ran}");
    }
}

fn hex_digit(value: u8) -> char {
    char::from_digit(value.into(), 16).unwrap()
}

/// How many ran, by what is expected of them.
#[derive(Debug, Default)]
struct Counts {
    valid: usize,
    invalid: usize,
}

impl Counts {
    fn add(&mut self, result: TestResult) {
        match result {
            TestResult::Valid => self.valid += 1,
            TestResult::Invalid => self.invalid += 1,
            TestResult::Acceptable => panic!("none of these sets has such a case"),
        }
    }
}

/// Runs all cases, standard and url-safe. A message has no additional data, so that those with such
/// data have to be refused like any forgery; so do those with an IV or a tag of another length, and
/// those without ciphertext.
fn check_aead(name: wycheproof::aead::TestName, cipher: impl Fn(usize) -> AeadCipher) -> Counts {
    let mut counts = Counts::default();
    for group in wycheproof::aead::TestSet::load(name).unwrap().test_groups {
        for test in group.tests {
            let scheme = || Scheme::aead(cipher(group.key_size), &Key::new(&test.key)).unwrap();
            let parts = [&test.ct, &test.nonce, &test.tag];
            let standard = parts.map(|part| STANDARD.encode(part)).join("--");
            let url_safe = parts.map(|part| URL_SAFE_NO_PAD.encode(part)).join("--");
            let result = if test.aad.is_empty() {
                test.result
            } else {
                TestResult::Invalid
            };
            let fits = group.nonce_size == 96 && group.tag_size == 128 && !test.ct.is_empty();
            for (message, is_url_safe) in [(standard, false), (url_safe, true)] {
                let keyring = Keyring::new([scheme().url_safe(is_url_safe)]).unwrap();
                let outcome = keyring.open(message.as_bytes(), false, 0);
                if !fits {
                    assert!(outcome.is_err(), "{}", test.tc_id);
                } else if result == TestResult::Valid {
                    assert_eq!(outcome.unwrap().plaintext(), &*test.pt, "{}", test.tc_id);
                    let sealed = keyring.seal_with_iv(&test.pt, b"", false, &test.nonce);
                    assert_eq!(sealed.unwrap(), message, "{}", test.tc_id);
                } else {
                    assert_eq!(
                        outcome.unwrap_err(),
                        Rejection::Unauthenticated,
                        "{}",
                        test.tc_id
                    );
                }
            }
            if fits {
                counts.add(result);
            }
        }
    }
    counts
}
