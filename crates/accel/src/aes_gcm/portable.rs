//! AES-GCM as the crate `aes-gcm` has it.

use aes::Aes192;
use aes_gcm::aead::consts::{U12, U16};
use aes_gcm::aead::{AeadInOut, KeyInit};
use aes_gcm::{Aes128Gcm, Aes256Gcm, AesGcm};

use super::{IV_LEN, TAG_LEN};

/// A cipher with its expanded key, which it wipes when dropped.
pub(super) enum Key {
    Aes128(Aes128Gcm),
    Aes192(AesGcm<Aes192, U12>),
    Aes256(Aes256Gcm),
}

impl Key {
    /// None if `key` has not 16, 24 or 32 bytes.
    pub(super) fn new(key: &[u8]) -> Option<Self> {
        None.or_else(|| Aes128Gcm::new_from_slice(key).ok().map(Self::Aes128))
            .or_else(|| AesGcm::new_from_slice(key).ok().map(Self::Aes192))
            .or_else(|| Aes256Gcm::new_from_slice(key).ok().map(Self::Aes256))
    }

    pub(super) fn open(
        &self,
        iv: &[u8; IV_LEN],
        blocks: &mut [[u8; 16]],
        length: usize,
        tag: &[u8; TAG_LEN],
    ) -> bool {
        match self {
            Self::Aes128(cipher) => open(cipher, iv, blocks, length, tag),
            Self::Aes192(cipher) => open(cipher, iv, blocks, length, tag),
            Self::Aes256(cipher) => open(cipher, iv, blocks, length, tag),
        }
    }

    pub(super) fn seal(
        &self,
        iv: &[u8; IV_LEN],
        blocks: &mut [[u8; 16]],
        length: usize,
    ) -> Option<[u8; TAG_LEN]> {
        match self {
            Self::Aes128(cipher) => seal(cipher, iv, blocks, length),
            Self::Aes192(cipher) => seal(cipher, iv, blocks, length),
            Self::Aes256(cipher) => seal(cipher, iv, blocks, length),
        }
    }
}

fn open<C>(
    cipher: &C,
    iv: &[u8; IV_LEN],
    blocks: &mut [[u8; 16]],
    length: usize,
    tag: &[u8; TAG_LEN],
) -> bool
where
    C: AeadInOut<NonceSize = U12, TagSize = U16>,
{
    let Some((text, padding)) = blocks.as_flattened_mut().split_at_mut_checked(length) else {
        return false;
    };
    let opened = cipher.decrypt_inout_detached(iv.into(), NO_DATA, text.into(), tag.into());
    if opened.is_ok() {
        padding.fill(0);
    }
    opened.is_ok()
}

fn seal<C>(
    cipher: &C,
    iv: &[u8; IV_LEN],
    blocks: &mut [[u8; 16]],
    length: usize,
) -> Option<[u8; TAG_LEN]>
where
    C: AeadInOut<NonceSize = U12, TagSize = U16>,
{
    let (text, padding) = blocks.as_flattened_mut().split_at_mut_checked(length)?;
    padding.fill(0);
    let tag = cipher.encrypt_inout_detached(iv.into(), NO_DATA, text.into());
    tag.ok().map(Into::into)
}

const NO_DATA: &[u8] = b"";
