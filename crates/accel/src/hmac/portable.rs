//! SHA-1 and SHA-256 as the crates `sha1` and `sha2` have them.

use super::compression::{self, Compression};

#[derive(Clone, Copy)]
pub(super) struct Sha1;

#[derive(Clone, Copy)]
pub(super) struct Sha256;

impl Compression<compression::Sha1> for Sha1 {
    type State = [u32; 5];
    const AT_ONCE: u8 = 1;

    fn load(self, words: &[u32; 5]) -> [u32; 5] {
        *words
    }

    fn store(self, state: [u32; 5]) -> [u32; 5] {
        state
    }

    fn blocks(self, mut state: [u32; 5], blocks: &[[u8; 64]]) -> [u32; 5] {
        sha1::block_api::compress(&mut state, blocks);
        state
    }

    fn hashes<const N: usize>(self, start: [u32; 5], hashes: [[u32; 5]; N]) -> [[u32; 5]; N] {
        hashes.map(|hash| self.blocks(start, &[last_block(&hash)]))
    }

    fn xor(self, a: [u32; 5], b: [u32; 5]) -> [u32; 5] {
        xor(a, b)
    }
}

impl Compression<compression::Sha256> for Sha256 {
    type State = [u32; 8];
    const AT_ONCE: u8 = 1;

    fn load(self, words: &[u32; 8]) -> [u32; 8] {
        *words
    }

    fn store(self, state: [u32; 8]) -> [u32; 8] {
        state
    }

    fn blocks(self, mut state: [u32; 8], blocks: &[[u8; 64]]) -> [u32; 8] {
        sha2::block_api::compress256(&mut state, blocks);
        state
    }

    fn hashes<const N: usize>(self, start: [u32; 8], hashes: [[u32; 8]; N]) -> [[u32; 8]; N] {
        hashes.map(|hash| self.blocks(start, &[last_block(&hash)]))
    }

    fn xor(self, a: [u32; 8], b: [u32; 8]) -> [u32; 8] {
        xor(a, b)
    }
}

/// The last block of a text that consists of a block and this hash.
fn last_block(hash: &[u32]) -> [u8; 64] {
    let bytes = hash.len().wrapping_mul(4);
    let bits = (bytes as u64).wrapping_add(64).wrapping_mul(8);
    let words = hash
        .iter()
        .copied()
        .chain([1 << 31])
        .chain(std::iter::repeat(0));
    let mut block = [0; 64];
    let (words_of_block, _) = block.as_chunks_mut();
    for (to, word) in words_of_block.iter_mut().zip(words) {
        *to = word.to_be_bytes();
    }
    if let Some(to) = block.last_chunk_mut() {
        *to = bits.to_be_bytes();
    }
    block
}

fn xor<const N: usize>(mut a: [u32; N], b: [u32; N]) -> [u32; N] {
    for (a, b) in a.iter_mut().zip(b) {
        *a ^= b;
    }
    a
}
