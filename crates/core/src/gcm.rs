//! AES-GCM (NIST SP 800-38D), put together from the `aes` and `polyval` crates.
//!
//! The `aes-gcm` crate does the same, and is what the tests compare with. Here the blocks are handed over all at once
//! and in an order that the hash takes as it is, which takes a little more than half the time at all lengths that a
//! cookie has: neither field arithmetic nor rounds of AES are written here.

use aes::cipher::consts::U16;
use aes::cipher::{Array, BlockCipherEncrypt, BlockSizeUser, KeyInit};
use polyval::Polyval;
use polyval::universal_hash::UniversalHash;
use zeroize::Zeroize;

use crate::scratch::Buffer;
use crate::{Error, Key};

/// Length of an IV in bytes. Others are possible, but not in Rails.
pub(crate) const IV_LEN: usize = 12;

/// Length of a tag in bytes. Shorter ones are possible, and a way to forge messages.
pub(crate) const TAG_LEN: usize = 16;

/// A key with its AES round keys and its powers of the hash key. There is never any additional data.
pub(crate) struct Gcm<C> {
    aes: C,
    polyval: Polyval,
}

type Block = Array<u8, U16>;

impl<C> Gcm<C>
where
    C: BlockCipherEncrypt + BlockSizeUser<BlockSize = U16> + KeyInit,
{
    pub(crate) fn new(key: &Key) -> Result<Self, Error> {
        let aes = C::new_from_slice(key.as_bytes()).map_err(|_| Error::KeyLength)?;
        let mut hash_key = Block::default();
        aes.encrypt_block(&mut hash_key);
        let mut polyval_key = polyval_key(hash_key.0);
        let polyval = Polyval::new(&polyval_key.into());
        hash_key.zeroize();
        polyval_key.zeroize();
        Ok(Self { aes, polyval })
    }

    /// Verifies `data` and then decrypts it in place; leaves it alone if `tag` is wrong. `memory` is for work.
    pub(crate) fn open(
        &self,
        iv: [u8; IV_LEN],
        data: &mut [u8],
        tag: [u8; TAG_LEN],
        memory: &mut Buffer,
    ) -> Option<()> {
        let hash = self.hash(data, memory)?;
        let (mask, stream) = self.stream(iv, data.len(), memory)?;
        let expected = u128::from_be_bytes(tag) ^ mask;
        hash.verify(&expected.to_le_bytes().into()).ok()?;
        xor(data, stream);
        Some(())
    }

    /// Encrypts `data` in place and returns the tag. None if `data` is too long. `memory` is for work.
    pub(crate) fn seal(
        &self,
        iv: [u8; IV_LEN],
        data: &mut [u8],
        memory: &mut Buffer,
    ) -> Option<[u8; TAG_LEN]> {
        let (mask, stream) = self.stream(iv, data.len(), memory)?;
        xor(data, stream);
        let hash = self.hash(data, memory)?;
        let tag = u128::from_le_bytes(hash.finalize().0) ^ mask;
        Some(tag.to_be_bytes())
    }

    /// GHASH of the ciphertext and its length, before it is masked. Takes and gives bytes in reverse order (RFC 8452,
    /// appendix A).
    fn hash(&self, data: &[u8], memory: &mut Buffer) -> Option<Polyval> {
        let (whole, rest) = data.as_chunks::<BLOCK_LEN>();
        let rest_count = usize::from(!rest.is_empty());
        let reversed = blocks_of(memory, whole.len().checked_add(rest_count)?.checked_add(1)?)?;
        let (length, reversed_data) = reversed.split_last_mut()?;
        for (reversed, block) in reversed_data.iter_mut().zip(whole) {
            *reversed = reversed_block(*block);
        }
        if let Some(last) = reversed_data.last_mut().filter(|_| !rest.is_empty()) {
            let mut block = [0; BLOCK_LEN];
            for (byte, value) in block.iter_mut().zip(rest) {
                *byte = *value;
            }
            *last = reversed_block(block);
        }
        let bits = u128::try_from(data.len()).ok()?.checked_mul(8)?;
        *length = Block::from(bits.to_le_bytes());

        let mut hash = self.polyval.clone();
        hash.update(reversed);
        Some(hash)
    }

    /// The mask of the tag, and the key stream for `len` bytes, a few bytes more.
    fn stream<'m>(&self, iv: [u8; IV_LEN], len: usize, memory: &'m mut Buffer) -> Option<(u128, &'m [Block])> {
        // Counting is in 32 bits, and the first number is for the tag.
        let count = u32::try_from(len.div_ceil(BLOCK_LEN)).ok()?.checked_add(1)?;
        let blocks = blocks_of(memory, count.try_into().ok()?)?;
        let [a, b, c, d, e, f, g, h, i, j, k, l] = iv;
        for (block, number) in blocks.iter_mut().zip(1_u32..) {
            let [w, x, y, z] = number.to_be_bytes();
            *block = Block::from([a, b, c, d, e, f, g, h, i, j, k, l, w, x, y, z]);
        }
        self.aes.encrypt_blocks(blocks);
        let (mask, stream) = blocks.split_first()?;
        Some((u128::from_be_bytes(mask.0), stream))
    }
}

/// From GHASH's key to POLYVAL's: the bytes in reverse order, multiplied by x (RFC 8452, appendix A).
const fn polyval_key(hash_key: [u8; BLOCK_LEN]) -> [u8; BLOCK_LEN] {
    let reversed = u128::from_be_bytes(hash_key);
    // All ones if the product has to be reduced: no branch on the key.
    let reduce = (reversed >> 127).wrapping_neg();
    let product = (reversed << 1) ^ (reduce & POLYNOMIAL);
    product.to_le_bytes()
}

/// Room for `count` blocks.
fn blocks_of(memory: &mut Buffer, count: usize) -> Option<&mut [Block]> {
    let room = memory.room(count.checked_mul(BLOCK_LEN)?);
    Some(Block::slice_as_chunks_mut(room).0)
}

fn reversed_block(block: [u8; BLOCK_LEN]) -> Block {
    Block::from(u128::from_be_bytes(block).to_le_bytes())
}

fn xor(data: &mut [u8], stream: &[Block]) {
    for (byte, key) in data.iter_mut().zip(Block::slice_as_flattened(stream)) {
        *byte ^= key;
    }
}

const BLOCK_LEN: usize = 16;

/// POLYVAL's, without its highest term: x¹²⁷ + x¹²⁶ + x¹²¹ + 1.
const POLYNOMIAL: u128 = 1 << 127 | 1 << 126 | 1 << 121 | 1;

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use aes::{Aes128, Aes192, Aes256};
    use aes_gcm::AesGcm;
    use aes_gcm::aead::consts::{U12, U16};
    use aes_gcm::aead::{AeadInOut, KeyInit};

    use super::Gcm;
    use crate::Key;
    use crate::scratch::Buffer;

    #[test]
    fn every_length_is_as_in_the_aes_gcm_crate() {
        fn check<C>(key_len: usize)
        where
            Gcm<C>: Sized,
            C: aes::cipher::BlockCipherEncrypt + aes::cipher::BlockSizeUser<BlockSize = U16> + KeyInit,
            AesGcm<C, U12>: AeadInOut<NonceSize = U12, TagSize = U16> + KeyInit,
        {
            let mut memory = Buffer::default();
            let mut random = 0x9e37_79b9_u32;
            let mut next = || {
                random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                random.to_be_bytes()[0]
            };
            for len in (0..300).chain([511, 512, 1023, 1024, 1025, 4096, 5000]) {
                let key: Vec<u8> = (0..key_len).map(|_| next()).collect();
                let iv = [(); 12].map(|()| next());
                let plaintext: Vec<u8> = (0..len).map(|_| next()).collect();

                let oracle = AesGcm::<C, U12>::new_from_slice(&key).unwrap();
                let mut expected = plaintext.clone();
                let expected_tag =
                    oracle.encrypt_inout_detached(&iv.into(), b"", expected.as_mut_slice().into()).unwrap();

                let gcm = Gcm::<C>::new(&Key::new(&key)).unwrap();
                let mut data = plaintext.clone();
                let tag = gcm.seal(iv, &mut data, &mut memory).unwrap();
                assert_eq!((&data, tag), (&expected, expected_tag.into()), "{len}");

                for bit in 0..128 {
                    let wrong = (u128::from_be_bytes(tag) ^ (1 << bit)).to_be_bytes();
                    assert_eq!(gcm.open(iv, &mut data, wrong, &mut memory), None);
                    assert_eq!(data, expected, "nothing is decrypted under a wrong tag");
                }
                gcm.open(iv, &mut data, tag, &mut memory).unwrap();
                assert_eq!(data, plaintext);
            }
        }
        check::<Aes128>(16);
        check::<Aes192>(24);
        check::<Aes256>(32);
    }
}
