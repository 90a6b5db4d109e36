//! AES-CBC (NIST SP 800-38A). Padding is not part of it, and authentication neither: what is decrypted
//! has to have a MAC that was right.

#[cfg(target_arch = "x86_64")]
mod aes_ni;
mod portable;

use std::fmt;

#[cfg(target_arch = "x86_64")]
use self::aes_ni::{Decrypt, Encrypt, Expand};
#[cfg(target_arch = "x86_64")]
use crate::aes_ni::{Lanes, Narrow, Wide};

/// A key, expanded once for both directions. Wiped when dropped; `Debug` shows nothing of it.
///
/// # Examples
/// ```
/// use rails_session_accel::aes_cbc::AesCbc;
///
/// let key = AesCbc::new(&[7; 32]).unwrap();
/// let mut blocks = [*b"two blocks that ", *b"have 16 bytes ea"];
/// key.encrypt(&[0; 16], &mut blocks);
/// key.decrypt(&[0; 16], &mut blocks);
/// assert_eq!(blocks.as_flattened(), b"two blocks that have 16 bytes ea");
/// ```
pub struct AesCbc(Engine);

/// Boxed, so that a key is never moved, which would leave copies behind.
enum Engine {
    #[cfg(target_arch = "x86_64")]
    Vaes(Wide, Box<aes_ni::Key>),
    #[cfg(target_arch = "x86_64")]
    AesNi(Narrow, Box<aes_ni::Key>),
    Portable(Box<portable::Key>),
}

impl AesCbc {
    /// None unless `key` has 16, 24 or 32 bytes.
    #[must_use]
    pub fn new(key: &[u8]) -> Option<Self> {
        #[cfg(target_arch = "x86_64")]
        if let Some(lanes) = Wide::detect() {
            return Some(Self(Engine::Vaes(lanes, expand(lanes, key)?)));
        } else if let Some(lanes) = Narrow::detect() {
            return Some(Self(Engine::AesNi(lanes, expand(lanes, key)?)));
        }
        portable::Key::new(key).map(|key| Self(Engine::Portable(Box::new(key))))
    }

    /// Encrypts in place.
    #[inline]
    pub fn encrypt(&self, iv: &[u8; 16], blocks: &mut [[u8; 16]]) {
        match &self.0 {
            #[cfg(target_arch = "x86_64")]
            Engine::Vaes(lanes, key) => lanes.narrow().run(Encrypt { key, iv, blocks }),
            #[cfg(target_arch = "x86_64")]
            Engine::AesNi(lanes, key) => lanes.run(Encrypt { key, iv, blocks }),
            Engine::Portable(key) => key.encrypt(iv, blocks),
        }
    }

    /// Decrypts in place.
    #[inline]
    pub fn decrypt(&self, iv: &[u8; 16], blocks: &mut [[u8; 16]]) {
        match &self.0 {
            #[cfg(target_arch = "x86_64")]
            Engine::Vaes(lanes, key) => lanes.run(Decrypt { key, iv, blocks }),
            #[cfg(target_arch = "x86_64")]
            Engine::AesNi(lanes, key) => lanes.run(Decrypt { key, iv, blocks }),
            Engine::Portable(key) => key.decrypt(iv, blocks),
        }
    }
}

impl fmt::Debug for AesCbc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AesCbc(..)")
    }
}

#[cfg(target_arch = "x86_64")]
fn expand(lanes: impl Lanes, bytes: &[u8]) -> Option<Box<aes_ni::Key>> {
    let mut key = Box::<aes_ni::Key>::default();
    lanes.run(Expand {
        key: &mut key,
        bytes,
    })?;
    Some(key)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
#[allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "small numbers"
)]
mod tests {
    use hex_literal::hex;

    use super::{AesCbc, Engine, portable};
    use crate::random::Random;

    /// The key under everything that can run here, with a name; the safe twin comes first.
    fn engines(key: &[u8]) -> Vec<(&'static str, AesCbc)> {
        let engines = [
            portable::Key::new(key).map(|key| ("portable", Engine::Portable(Box::new(key)))),
            #[cfg(target_arch = "x86_64")]
            super::Narrow::detect().and_then(|lanes| {
                Some(("AES-NI", Engine::AesNi(lanes, super::expand(lanes, key)?)))
            }),
            #[cfg(target_arch = "x86_64")]
            super::Wide::detect()
                .and_then(|lanes| Some(("VAES", Engine::Vaes(lanes, super::expand(lanes, key)?)))),
        ];
        let engines = engines.into_iter().flatten();
        engines
            .map(|(name, engine)| (name, AesCbc(engine)))
            .collect()
    }

    /// NIST SP 800-38A, F.2.
    #[test]
    fn nist_sp_800_38a() {
        let iv = hex!("000102030405060708090a0b0c0d0e0f");
        let plaintext = [
            hex!("6bc1bee22e409f96e93d7e117393172a"),
            hex!("ae2d8a571e03ac9c9eb76fac45af8e51"),
            hex!("30c81c46a35ce411e5fbc1191a0a52ef"),
            hex!("f69f2445df4f9b17ad2b417be66c3710"),
        ];
        for (key, ciphertext) in [
            (
                hex!("2b7e151628aed2a6abf7158809cf4f3c").as_slice(),
                hex!(
                    "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2"
                    "73bed6b8e3c1743b7116e69e222295163ff1caa1681fac09120eca307586e1a7"
                ),
            ),
            (
                &hex!("8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b"),
                hex!(
                    "4f021db243bc633d7178183a9fa071e8b4d9ada9ad7dedf4e5e738763f69145a"
                    "571b242012fb7ae07fa9baac3df102e008b0e27988598881d920a9e64f5615cd"
                ),
            ),
            (
                &hex!("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4"),
                hex!(
                    "f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d"
                    "39f23369a9d9bacfa530e26304231461b2eb05e2c39be9fcda6c19078c6a9d1b"
                ),
            ),
        ] {
            for (name, key) in engines(key) {
                let mut blocks = plaintext;
                key.encrypt(&iv, &mut blocks);
                assert_eq!(blocks.as_flattened(), ciphertext, "{name}");
                key.decrypt(&iv, &mut blocks);
                assert_eq!(blocks, plaintext, "{name}");
            }
        }
    }

    #[test]
    fn twins_agree_at_all_lengths() {
        let mut random = Random::default();
        for length in 0..=MAX_BLOCKS {
            for key_length in [16, 24, 32] {
                let (key, iv) = (random.bytes(key_length), random.array());
                let text: Vec<[u8; 16]> = (0..length).map(|_| random.array()).collect();
                let mut expected = None;
                for (name, key) in engines(&key) {
                    // What is no ciphertext of ours is decrypted as well.
                    let (mut encrypted, mut decrypted) = (text.clone(), text.clone());
                    key.encrypt(&iv, &mut encrypted);
                    key.decrypt(&iv, &mut decrypted);
                    let outcome = (encrypted.clone(), decrypted);
                    let twin = expected.get_or_insert_with(|| outcome.clone());
                    assert_eq!(outcome, *twin, "{name} {length}");
                    key.decrypt(&iv, &mut encrypted);
                    assert_eq!(encrypted, text, "{name} {length}");
                }
            }
        }
    }

    #[test]
    fn refuses_other_keys() {
        for length in (0..=64).filter(|length| ![16, 24, 32].contains(length)) {
            assert!(AesCbc::new(&vec![0; length]).is_none());
        }
    }

    #[test]
    fn debug_shows_no_key() {
        assert_eq!(
            format!("{:?}", AesCbc::new(&[0; 16]).unwrap()),
            "AesCbc(..)"
        );
    }

    const MAX_BLOCKS: usize = if cfg!(miri) { 35 } else { 320 };
}
