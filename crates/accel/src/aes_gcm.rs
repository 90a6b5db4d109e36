//! AES-GCM (NIST SP 800-38D) with IVs of 12 bytes, tags of 16 and no additional data.

#[cfg(target_arch = "x86_64")]
mod aes_ni;
#[cfg(target_arch = "x86_64")]
mod ghash;
mod portable;

use std::fmt;

#[cfg(target_arch = "x86_64")]
use self::aes_ni::{Expand, Open, Seal};
#[cfg(target_arch = "x86_64")]
use crate::aes_ni::{Lanes, Narrow, Wide};

/// A key, expanded once. Wiped when dropped; `Debug` shows nothing of it.
///
/// Texts are given in whole blocks of 16 bytes, which spares copying their ends: `length` says how
/// many bytes there are. What follows in the last block is ignored, and zero afterwards.
///
/// # Examples
/// ```
/// use rails_session_accel::aes_gcm::AesGcm;
///
/// let key = AesGcm::new(&[7; 32]).unwrap();
/// let mut blocks = [*b"a text of 20 byt", *b"es, then nothing"];
/// let tag = key.seal(&[0; 12], &mut blocks, 20).unwrap();
///
/// assert!(!key.open(&[1; 12], &mut blocks, 20, &tag));
/// assert!(key.open(&[0; 12], &mut blocks, 20, &tag));
/// assert_eq!(blocks.as_flattened(), b"a text of 20 bytes, \0\0\0\0\0\0\0\0\0\0\0\0");
/// ```
pub struct AesGcm(Engine);

/// Boxed, so that a key is never moved, which would leave copies behind.
enum Engine {
    #[cfg(target_arch = "x86_64")]
    Vaes(Wide, Box<aes_ni::Key>),
    #[cfg(target_arch = "x86_64")]
    AesNi(Narrow, Box<aes_ni::Key>),
    Portable(Box<portable::Key>),
}

/// Length of an IV in bytes.
pub const IV_LEN: usize = 12;

/// Length of a tag in bytes.
pub const TAG_LEN: usize = 16;

impl AesGcm {
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

    /// Decrypts `blocks` in place and returns true, if the tag is right. If not, `blocks` stay as they
    /// are: nothing is decrypted before the tag has been compared, in constant time.
    ///
    /// False also if `length` bytes do not end in the last of the `blocks`.
    #[must_use]
    #[inline]
    pub fn open(
        &self,
        iv: &[u8; IV_LEN],
        blocks: &mut [[u8; 16]],
        length: usize,
        tag: &[u8; TAG_LEN],
    ) -> bool {
        if !is_length(length, blocks) {
            return false;
        }
        match &self.0 {
            #[cfg(target_arch = "x86_64")]
            Engine::Vaes(lanes, key) => lanes.run(Open {
                key,
                iv,
                blocks,
                length,
                tag,
            }),
            #[cfg(target_arch = "x86_64")]
            Engine::AesNi(lanes, key) => lanes.run(Open {
                key,
                iv,
                blocks,
                length,
                tag,
            }),
            Engine::Portable(key) => key.open(iv, blocks, length, tag),
        }
    }

    /// Encrypts `blocks` in place and returns the tag. No IV may be used twice.
    ///
    /// None if `length` bytes do not end in the last of the `blocks`, or are more than 64 GiB.
    #[must_use]
    #[inline]
    pub fn seal(
        &self,
        iv: &[u8; IV_LEN],
        blocks: &mut [[u8; 16]],
        length: usize,
    ) -> Option<[u8; TAG_LEN]> {
        if !is_length(length, blocks) {
            return None;
        }
        match &self.0 {
            #[cfg(target_arch = "x86_64")]
            Engine::Vaes(lanes, key) => Some(lanes.run(Seal {
                key,
                iv,
                blocks,
                length,
            })),
            #[cfg(target_arch = "x86_64")]
            Engine::AesNi(lanes, key) => Some(lanes.run(Seal {
                key,
                iv,
                blocks,
                length,
            })),
            Engine::Portable(key) => key.seal(iv, blocks, length),
        }
    }
}

impl fmt::Debug for AesGcm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AesGcm(..)")
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

/// Whether a text of that length ends in the last of the blocks, and counts fewer blocks than a
/// counter of 32 bits that starts at 2.
fn is_length(length: usize, blocks: &[[u8; 16]]) -> bool {
    blocks.len() == length.div_ceil(16) && blocks.len() as u64 <= MAX_BLOCKS
}

const MAX_BLOCKS: u64 = 0xffff_fffe;

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
#[allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "small numbers"
)]
mod tests {
    use hex_literal::hex;

    use super::{AesGcm, Engine, IV_LEN, TAG_LEN, portable};
    use crate::random::Random;

    /// The key under everything that can run here, with a name; the safe twin comes first.
    fn engines(key: &[u8]) -> Vec<(&'static str, AesGcm)> {
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
            .map(|(name, engine)| (name, AesGcm(engine)))
            .collect()
    }

    /// Whole blocks, of which the last ends with what is no text.
    fn blocks(text: &[u8]) -> Vec<[u8; 16]> {
        let mut blocks = vec![[0xee; 16]; text.len().div_ceil(16)];
        blocks.as_flattened_mut()[..text.len()].copy_from_slice(text);
        blocks
    }

    fn check(
        key: &[u8],
        iv: [u8; IV_LEN],
        plaintext: &[u8],
        ciphertext: &[u8],
        tag: [u8; TAG_LEN],
    ) {
        for (name, key) in engines(key) {
            let length = plaintext.len();
            let mut blocks = blocks(plaintext);
            assert_eq!(key.seal(&iv, &mut blocks, length), Some(tag), "{name}");
            assert_eq!(&blocks.as_flattened()[..length], ciphertext, "{name}");
            assert!(key.open(&iv, &mut blocks, length, &tag), "{name}");
            assert_eq!(&blocks.as_flattened()[..length], plaintext, "{name}");
        }
    }

    /// Cases 1 to 3, 7 to 9 and 13 to 15 of the specification's appendix B: those without additional
    /// data and with IVs of 12 bytes.
    #[test]
    fn specification() {
        let zero_key = [0; 32];
        check(
            &zero_key[..16],
            [0; 12],
            b"",
            b"",
            hex!("58e2fccefa7e3061367f1d57a4e7455a"),
        );
        check(
            &zero_key[..24],
            [0; 12],
            b"",
            b"",
            hex!("cd33b28ac773f74ba00ed1f312572435"),
        );
        check(
            &zero_key,
            [0; 12],
            b"",
            b"",
            hex!("530f8afbc74536b9a963b4f1c4cb738b"),
        );
        check(
            &zero_key[..16],
            [0; 12],
            &[0; 16],
            &hex!("0388dace60b6a392f328c2b971b2fe78"),
            hex!("ab6e47d42cec13bdf53a67b21257bddf"),
        );
        check(
            &zero_key[..24],
            [0; 12],
            &[0; 16],
            &hex!("98e7247c07f0fe411c267e4384b0f600"),
            hex!("2ff58d80033927ab8ef4d4587514f0fb"),
        );
        check(
            &zero_key,
            [0; 12],
            &[0; 16],
            &hex!("cea7403d4d606b6e074ec5d3baf39d18"),
            hex!("d0d1c8a799996bf0265b98b5d48ab919"),
        );
        let key = hex!("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
        let iv = hex!("cafebabefacedbaddecaf888");
        let plaintext = hex!(
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
            "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255"
        );
        check(
            &key[..16],
            iv,
            &plaintext,
            &hex!(
                "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e"
                "21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091473f5985"
            ),
            hex!("4d5c2af327cd64a62cf35abd2ba6fab4"),
        );
        check(
            &key[..24],
            iv,
            &plaintext,
            &hex!(
                "3980ca0b3c00e841eb06fac4872a2757859e1ceaa6efd984628593b40ca1e19c"
                "7d773d00c144c525ac619d18c84a3f4718e2448b2fe324d9ccda2710acade256"
            ),
            hex!("9924a7c8587336bfb118024db8674a14"),
        );
        check(
            &key,
            iv,
            &plaintext,
            &hex!(
                "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
                "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad"
            ),
            hex!("b094dac5d93471bdec1a502270e3cc6c"),
        );
    }

    #[test]
    fn twins_agree_at_all_lengths() {
        let mut random = Random::default();
        for length in 0..=MAX_LENGTH {
            let key = random.bytes([16, 24, 32][length % 3]);
            let (iv, text) = (random.array(), random.bytes(length));
            let mut expected = None;
            for (name, key) in engines(&key) {
                let mut sealed = blocks(&text);
                let tag = key.seal(&iv, &mut sealed, length).unwrap();
                let padding = &sealed.as_flattened()[length..];
                assert!(padding.iter().all(|&byte| byte == 0), "{name} {length}");
                let (twin, twin_tag) = expected.get_or_insert_with(|| (sealed.clone(), tag));
                assert_eq!((&sealed, tag), (&*twin, *twin_tag), "{name} {length}");

                let mut opened = blocks(&sealed.as_flattened()[..length]);
                assert!(key.open(&iv, &mut opened, length, &tag), "{name} {length}");
                assert_eq!(&opened.as_flattened()[..length], text, "{name} {length}");
                let padding = &opened.as_flattened()[length..];
                assert!(padding.iter().all(|&byte| byte == 0), "{name} {length}");
            }
        }
    }

    #[test]
    fn nothing_forged_is_opened_or_touched() {
        let mut random = Random::default();
        for length in [
            0, 1, 15, 16, 17, 60, 64, 113, 128, 224, 241, 388, 1024, 2560,
        ] {
            let key = random.bytes(32);
            let (iv, text): ([u8; IV_LEN], _) = (random.array(), random.bytes(length));
            for (name, key) in engines(&key) {
                let mut sealed = blocks(&text);
                let tag = key.seal(&iv, &mut sealed, length).unwrap();
                let refused =
                    |iv: &[u8; IV_LEN], text: &[[u8; 16]], length, tag: &[u8; TAG_LEN]| {
                        let mut blocks = text.to_vec();
                        assert!(!key.open(iv, &mut blocks, length, tag), "{name} {length}");
                        assert_eq!(blocks, text, "{name} {length}");
                    };
                for bit in 0..128 {
                    let mut tag = tag;
                    tag[bit / 8] ^= 1 << (bit % 8);
                    refused(&iv, &sealed, length, &tag);
                }
                for bit in 0..8 * length {
                    let mut sealed = sealed.clone();
                    sealed.as_flattened_mut()[bit / 8] ^= 1 << (bit % 8);
                    refused(&iv, &sealed, length, &tag);
                }
                for bit in 0..8 * IV_LEN {
                    let mut iv = iv;
                    iv[bit / 8] ^= 1 << (bit % 8);
                    refused(&iv, &sealed, length, &tag);
                }
                for other in (length.div_ceil(16) * 16).saturating_sub(15)..length {
                    refused(&iv, &sealed, other, &tag);
                }
            }
        }
    }

    #[test]
    fn refuses_other_lengths() {
        for length in (0..=64).filter(|length| ![16, 24, 32].contains(length)) {
            assert!(AesGcm::new(&vec![0; length]).is_none());
        }
        for (name, key) in engines(&[0; 32]) {
            for (blocks, length) in [(0, 1), (1, 0), (1, 17), (2, 16), (2, 33), (2, usize::MAX)] {
                let mut blocks = vec![[0; 16]; blocks];
                assert_eq!(
                    key.seal(&[0; 12], &mut blocks, length),
                    None,
                    "{name} {length}"
                );
                assert!(
                    !key.open(&[0; 12], &mut blocks, length, &[0; 16]),
                    "{name} {length}"
                );
            }
        }
    }

    #[test]
    fn debug_shows_no_key() {
        assert_eq!(
            format!("{:?}", AesGcm::new(&[0; 16]).unwrap()),
            "AesGcm(..)"
        );
    }

    const MAX_LENGTH: usize = if cfg!(miri) { 300 } else { 5000 };
}
