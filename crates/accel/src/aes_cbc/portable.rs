//! AES-CBC as the crates `aes` and `cbc` have it.

use aes::cipher::array::Array;
use aes::cipher::{
    BlockCipherDecrypt, BlockCipherEncrypt, BlockModeDecrypt, BlockModeEncrypt, BlockSizeUser,
};
use aes::cipher::{InnerIvInit, KeyInit, consts::U16};
use aes::{Aes128, Aes192, Aes256};

/// Round keys for both directions, wiped when dropped.
pub(super) enum Key {
    Aes128(Aes128),
    Aes192(Aes192),
    Aes256(Aes256),
}

impl Key {
    /// None if `key` has not 16, 24 or 32 bytes.
    pub(super) fn new(key: &[u8]) -> Option<Self> {
        None.or_else(|| Aes128::new_from_slice(key).ok().map(Self::Aes128))
            .or_else(|| Aes192::new_from_slice(key).ok().map(Self::Aes192))
            .or_else(|| Aes256::new_from_slice(key).ok().map(Self::Aes256))
    }

    pub(super) fn encrypt(&self, iv: &[u8; 16], blocks: &mut [[u8; 16]]) {
        match self {
            Self::Aes128(aes) => encrypt(aes, iv, blocks),
            Self::Aes192(aes) => encrypt(aes, iv, blocks),
            Self::Aes256(aes) => encrypt(aes, iv, blocks),
        }
    }

    pub(super) fn decrypt(&self, iv: &[u8; 16], blocks: &mut [[u8; 16]]) {
        match self {
            Self::Aes128(aes) => decrypt(aes, iv, blocks),
            Self::Aes192(aes) => decrypt(aes, iv, blocks),
            Self::Aes256(aes) => decrypt(aes, iv, blocks),
        }
    }
}

fn encrypt<C>(aes: &C, iv: &[u8; 16], blocks: &mut [[u8; 16]])
where
    C: BlockCipherEncrypt + BlockSizeUser<BlockSize = U16>,
{
    let blocks = Array::cast_slice_from_core_mut(blocks);
    cbc::Encryptor::inner_iv_init(aes, iv.into()).encrypt_blocks(blocks);
}

fn decrypt<C>(aes: &C, iv: &[u8; 16], blocks: &mut [[u8; 16]])
where
    C: BlockCipherDecrypt + BlockSizeUser<BlockSize = U16>,
{
    let blocks = Array::cast_slice_from_core_mut(blocks);
    cbc::Decryptor::inner_iv_init(aes, iv.into()).decrypt_blocks(blocks);
}
