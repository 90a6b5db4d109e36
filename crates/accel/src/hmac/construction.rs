//! How HMAC and PBKDF2 are made of a hash function.

#![expect(
    clippy::inline_always,
    reason = "an instruction that is not inlined into a function compiled for it becomes a call"
)]

use std::array;

use zeroize::{Zeroize, Zeroizing};

use super::compression::{Compression, Hash, Task};

/// The states after the key's blocks, with which both hashes of HMAC begin. Wiped when dropped.
pub(super) struct States<H: Hash> {
    inner: H::Words,
    outer: H::Words,
}

impl<H: Hash> Drop for States<H> {
    fn drop(&mut self) {
        self.inner.zeroize();
        self.outer.zeroize();
    }
}

/// The states for a key.
pub(super) struct Expand<'a> {
    pub(super) key: &'a [u8],
}

/// The MAC of a text.
pub(super) struct Authenticate<'a, H: Hash> {
    pub(super) states: &'a States<H>,
    pub(super) text: &'a [u8],
}

/// Fills `out` with the output of PBKDF2. None if that is longer than PBKDF2's.
pub(super) struct Derive<'a, H: Hash> {
    pub(super) states: &'a States<H>,
    pub(super) salt: &'a [u8],
    pub(super) iterations: u32,
    pub(super) out: &'a mut [u8],
}

impl<H: Hash> Task<H> for Expand<'_> {
    type Output = States<H>;

    #[inline(always)]
    fn run<C: Compression<H>>(self, compression: C) -> States<H> {
        let start = compression.load(&H::START);
        let mut key = Zeroizing::new([0; BLOCK]);
        if let Some(key) = key.get_mut(..self.key.len()) {
            key.copy_from_slice(self.key);
        } else {
            let (blocks, rest) = self.key.as_chunks();
            let state = compression.blocks(start, blocks);
            let state = finish(compression, state, [rest, &[]], self.key.len());
            let hash = Zeroizing::new(H::bytes(&compression.store(state)));
            for (key, byte) in key.iter_mut().zip(hash.as_ref().as_ref()) {
                *key = *byte;
            }
        }
        let state = |pad| {
            let block = Zeroizing::new(key.map(|byte| byte ^ pad));
            compression.store(compression.blocks(start, array::from_ref::<[u8; BLOCK]>(&block)))
        };
        States {
            inner: state(0x36),
            outer: state(0x5c),
        }
    }
}

impl<H: Hash> Task<H> for Authenticate<'_, H> {
    type Output = H::Words;

    #[inline(always)]
    fn run<C: Compression<H>>(self, compression: C) -> H::Words {
        let Self { states, text } = self;
        let (blocks, rest) = text.as_chunks();
        let state = compression.blocks(compression.load(&states.inner), blocks);
        let hash = finish(
            compression,
            state,
            [rest, &[]],
            text.len().wrapping_add(BLOCK),
        );
        let [mac] = compression.hashes(compression.load(&states.outer), [hash]);
        compression.store(mac)
    }
}

impl<H: Hash> Task<H> for Derive<'_, H> {
    type Output = Option<()>;

    #[inline(always)]
    fn run<C: Compression<H>>(self, compression: C) -> Option<()> {
        u32::try_from(self.out.len().div_ceil(H::LENGTH)).ok()?;
        let derivation = Derivation::new(compression, self.states, self.salt, self.iterations);
        // Blocks do not depend on each other, and a single one may keep the processor waiting.
        let at_once = usize::from(C::AT_ONCE);
        let mut done = 0_u32;
        for out in self.out.chunks_mut(H::LENGTH.wrapping_mul(at_once)) {
            match out.len().div_ceil(H::LENGTH).min(at_once) {
                1 => derivation.blocks::<1>(done, out),
                2 => derivation.blocks::<2>(done, out),
                3 => derivation.blocks::<3>(done, out),
                _ => derivation.blocks::<4>(done, out),
            }
            done = done.wrapping_add(C::AT_ONCE.into());
        }
        Some(())
    }
}

/// What the blocks of PBKDF2's output have in common.
struct Derivation<'a, H: Hash, C: Compression<H>> {
    compression: C,
    inner: C::State,
    outer: C::State,
    /// The inner state after the whole blocks of the salt.
    salted: C::State,
    salt_rest: &'a [u8],
    salt_length: usize,
    iterations: u32,
}

impl<'a, H: Hash, C: Compression<H>> Derivation<'a, H, C> {
    #[inline(always)]
    fn new(compression: C, states: &States<H>, salt: &'a [u8], iterations: u32) -> Self {
        let inner = compression.load(&states.inner);
        let (salt_blocks, salt_rest) = salt.as_chunks();
        Self {
            compression,
            inner,
            outer: compression.load(&states.outer),
            salted: compression.blocks(inner, salt_blocks),
            salt_rest,
            salt_length: salt.len(),
            iterations,
        }
    }

    /// The `N` blocks after the first `done`, as far as they fit in `out`.
    #[inline(always)]
    fn blocks<const N: usize>(&self, done: u32, out: &mut [u8]) {
        let compression = self.compression;
        let mut number = done;
        let mut macs = [(); N].map(|()| {
            number = number.wrapping_add(1);
            self.first(number)
        });
        let mut sums = macs;
        for _ in 1..self.iterations {
            for start in [self.inner, self.outer] {
                macs = compression.hashes(start, macs);
            }
            for (sum, mac) in sums.iter_mut().zip(&macs) {
                *sum = compression.xor(*sum, *mac);
            }
        }
        for (out, sum) in out.chunks_mut(H::LENGTH).zip(sums) {
            let bytes = Zeroizing::new(H::bytes(&compression.store(sum)));
            for (out, byte) in out.iter_mut().zip(bytes.as_ref().as_ref()) {
                *out = *byte;
            }
        }
    }

    /// The MAC of the salt and the number of a block.
    #[inline(always)]
    fn first(&self, number: u32) -> C::State {
        let compression = self.compression;
        let length = self.salt_length.wrapping_add(4).wrapping_add(BLOCK);
        let tail = [self.salt_rest, &number.to_be_bytes()];
        let hash = finish(compression, self.salted, tail, length);
        let [mac] = compression.hashes(self.outer, [hash]);
        mac
    }
}

/// The state after the end of a text, `length` bytes in all: the `tail` is what fills no block, that
/// is up to 63 bytes, and four more.
#[inline(always)]
#[expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "the blocks have 128 bytes, of which the tail, its end and the length take up to 76"
)]
fn finish<H: Hash, C: Compression<H>>(
    compression: C,
    state: C::State,
    tail: [&[u8]; 2],
    length: usize,
) -> C::State {
    let mut blocks = [[0; BLOCK]; 2];
    let bytes = blocks.as_flattened_mut();
    let mut end = 0;
    for part in tail {
        bytes[end..end + part.len()].copy_from_slice(part);
        end += part.len();
    }
    bytes[end] = 0x80;
    let blocks = &mut blocks[..(end + 1 + LENGTH).div_ceil(BLOCK)];
    if let Some(bits) = blocks.as_flattened_mut().last_chunk_mut::<LENGTH>() {
        *bits = (length as u64).wrapping_mul(8).to_be_bytes();
    }
    compression.blocks(state, blocks)
}

/// Length of a block in bytes.
const BLOCK: usize = 64;

/// What a text's length takes at the end of its last block.
const LENGTH: usize = 8;
