//! What HMAC takes of a hash function: the part that compresses a block into a state.

use zeroize::Zeroize;

use super::portable;
#[cfg(target_arch = "x86_64")]
use super::sha_ni::{self, ShaNi};

/// A hash function whose blocks have 64 bytes (FIPS 180-4).
pub(super) trait Hash: Copy + Sized {
    /// A state, word by word.
    type Words: Copy + Default + AsRef<[u32]> + Zeroize;
    /// A hash.
    type Bytes: AsRef<[u8]> + Zeroize;
    /// Length of a hash in bytes.
    const LENGTH: usize;
    /// The state before the first block.
    const START: Self::Words;

    type Portable: Compression<Self>;
    const PORTABLE: Self::Portable;
    #[cfg(target_arch = "x86_64")]
    type ShaNi: Compression<Self> + From<ShaNi>;

    fn bytes(words: &Self::Words) -> Self::Bytes;
}

/// An implementation of a hash function.
pub(super) trait Compression<H: Hash>: Copy {
    type State: Copy;
    /// How many hashes it is worth to ask for at once, up to four.
    const AT_ONCE: u8;

    fn load(self, words: &H::Words) -> Self::State;
    fn store(self, state: Self::State) -> H::Words;
    /// The state after these blocks.
    fn blocks(self, state: Self::State, blocks: &[[u8; 64]]) -> Self::State;
    /// For each of `hashes` the state after a text that consists of a block, after which the state is
    /// `start`, and that hash.
    fn hashes<const N: usize>(
        self,
        start: Self::State,
        hashes: [Self::State; N],
    ) -> [Self::State; N];
    fn xor(self, a: Self::State, b: Self::State) -> Self::State;
}

/// Work with a hash function. What it calls has to be inlined into it, all the way down to the
/// instructions.
pub(super) trait Task<H: Hash> {
    type Output;
    fn run<C: Compression<H>>(self, compression: C) -> Self::Output;
}

#[derive(Clone, Copy)]
pub(super) struct Sha1;

#[derive(Clone, Copy)]
pub(super) struct Sha256;

impl Hash for Sha1 {
    type Words = [u32; 5];
    type Bytes = [u8; 20];
    const LENGTH: usize = 20;
    const START: [u32; 5] = [
        0x6745_2301,
        0xefcd_ab89,
        0x98ba_dcfe,
        0x1032_5476,
        0xc3d2_e1f0,
    ];

    type Portable = portable::Sha1;
    const PORTABLE: portable::Sha1 = portable::Sha1;
    #[cfg(target_arch = "x86_64")]
    type ShaNi = sha_ni::Sha1;

    fn bytes(words: &[u32; 5]) -> [u8; 20] {
        bytes(words)
    }
}

impl Hash for Sha256 {
    type Words = [u32; 8];
    type Bytes = [u8; 32];
    const LENGTH: usize = 32;
    const START: [u32; 8] = [
        0x6a09_e667,
        0xbb67_ae85,
        0x3c6e_f372,
        0xa54f_f53a,
        0x510e_527f,
        0x9b05_688c,
        0x1f83_d9ab,
        0x5be0_cd19,
    ];

    type Portable = portable::Sha256;
    const PORTABLE: portable::Sha256 = portable::Sha256;
    #[cfg(target_arch = "x86_64")]
    type ShaNi = sha_ni::Sha256;

    fn bytes(words: &[u32; 8]) -> [u8; 32] {
        bytes(words)
    }
}

fn bytes<const N: usize>(words: &[u32]) -> [u8; N] {
    let mut bytes = [0; N];
    for (bytes, word) in bytes.as_chunks_mut().0.iter_mut().zip(words) {
        *bytes = word.to_be_bytes();
    }
    bytes
}
