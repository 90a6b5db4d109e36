//! AES-GCM (NIST SP 800-38D) with the processor's instructions.

#![expect(
    clippy::inline_always,
    reason = "an instruction that is not inlined into a function compiled for it becomes a call"
)]

use std::arch::x86_64::__m128i;

use super::ghash::Powers;
use super::{IV_LEN, TAG_LEN};
use crate::aes_ni::{Block, Lanes, Narrow, Schedule, Task};

/// Round keys, and powers of the hash key. Both are wiped when dropped.
#[derive(Default)]
pub(super) struct Key {
    schedule: Schedule,
    powers: Powers,
}

/// Makes the key of 16, 24 or 32 bytes. None for any other number of them.
pub(super) struct Expand<'a> {
    pub(super) key: &'a mut Key,
    pub(super) bytes: &'a [u8],
}

/// Decrypts in place if the tag is right, and says whether it is.
pub(super) struct Open<'a> {
    pub(super) key: &'a Key,
    pub(super) iv: &'a [u8; IV_LEN],
    pub(super) blocks: &'a mut [Block],
    pub(super) length: usize,
    pub(super) tag: &'a [u8; TAG_LEN],
}

/// Encrypts in place and returns the tag.
pub(super) struct Seal<'a> {
    pub(super) key: &'a Key,
    pub(super) iv: &'a [u8; IV_LEN],
    pub(super) blocks: &'a mut [Block],
    pub(super) length: usize,
}

impl Task for Expand<'_> {
    type Output = Option<()>;

    #[inline(always)]
    fn run<L: Lanes>(self, lanes: L) -> Option<()> {
        let narrow = lanes.narrow();
        self.key.schedule.expand(narrow, self.bytes)?;
        let [hash_key] = self.key.schedule.encrypt(narrow, [narrow.zero()]);
        self.key.powers.expand(narrow, hash_key);
        Some(())
    }
}

impl Task for Open<'_> {
    type Output = bool;

    #[inline(always)]
    fn run<L: Lanes>(self, lanes: L) -> bool {
        if fits::<L, FEW>(self.blocks) {
            self.run_with::<L, { FEW + 1 }>(lanes)
        } else {
            self.run_with::<L, { MANY + 1 }>(lanes)
        }
    }
}

impl Open<'_> {
    /// The start of the key stream is worked out beside the tag, which does not keep the processor
    /// busy. It touches no text before the tag is known to be right.
    #[inline(always)]
    fn run_with<L: Lanes, const N: usize>(self, lanes: L) -> bool {
        let narrow = lanes.narrow();
        let mut counter = Counter::new(lanes, self.iv);
        let start = counter.start::<N>(&self.key.schedule);
        let tag = self.key.tag(lanes, self.blocks, self.length, &start);
        if !narrow.equal(tag, narrow.load_one(self.tag)) {
            return false;
        }
        self.key.apply(counter, &start, self.blocks, self.length);
        true
    }
}

impl Task for Seal<'_> {
    type Output = [u8; TAG_LEN];

    #[inline(always)]
    fn run<L: Lanes>(self, lanes: L) -> [u8; TAG_LEN] {
        if fits::<L, FEW>(self.blocks) {
            self.run_with::<L, { FEW + 1 }>(lanes)
        } else {
            self.run_with::<L, { MANY + 1 }>(lanes)
        }
    }
}

impl Seal<'_> {
    #[inline(always)]
    fn run_with<L: Lanes, const N: usize>(self, lanes: L) -> [u8; TAG_LEN] {
        let mut counter = Counter::new(lanes, self.iv);
        let start = counter.start::<N>(&self.key.schedule);
        self.key.apply(counter, &start, self.blocks, self.length);
        let mut bytes = [0; TAG_LEN];
        let tag = self.key.tag(lanes, self.blocks, self.length, &start);
        lanes.narrow().store_one(&mut bytes, tag);
        bytes
    }
}

impl Key {
    /// Adds the key stream, of which the `start` is known, to the text.
    #[inline(always)]
    fn apply<L: Lanes>(
        &self,
        mut counter: Counter<L>,
        start: &[L::Vector],
        blocks: &mut [Block],
        length: usize,
    ) {
        let lanes = counter.lanes;
        let narrow = lanes.narrow();
        let rest = add_stream(lanes, start.get(1..).unwrap_or_default(), blocks);
        let (rest, odd) = L::split_mut(rest);
        let rest = counter.add::<8>(&self.schedule, rest);
        let rest = counter.add::<4>(&self.schedule, rest);
        let rest = counter.add::<2>(&self.schedule, rest);
        counter.add::<1>(&self.schedule, rest);
        if let [odd] = odd {
            let [stream] = counter.next::<1>(&self.schedule);
            narrow.store_one(odd, narrow.xor(narrow.load_one(odd), lanes.first(stream)));
        }
        if let Some(last) = blocks.last_mut() {
            narrow.store_one(last, without_padding(narrow, last, length));
        }
    }

    /// The tag of a ciphertext.
    #[inline(always)]
    fn tag<L: Lanes>(
        &self,
        lanes: L,
        blocks: &[Block],
        length: usize,
        start: &[L::Vector],
    ) -> __m128i {
        let narrow = lanes.narrow();
        let mask = start
            .first()
            .map_or_else(|| narrow.zero(), |mask| lanes.first(*mask));
        let (last, blocks) = blocks.split_last().unwrap_or((&[0; 16], &[]));
        let last = without_padding(narrow, last, length);
        let hash = self.powers.hash(lanes, blocks, last, length);
        narrow.xor(narrow.reverse(hash), mask)
    }
}

/// Counter mode: the IV and a number of 32 bits that counts blocks, encrypted.
struct Counter<L: Lanes> {
    lanes: L,
    /// The first block, its bytes reversed, so that the number is least significant. For the tag.
    first: L::Vector,
    /// The next blocks, in the same way. For the text.
    next: L::Vector,
}

impl<L: Lanes> Counter<L> {
    #[inline(always)]
    fn new(lanes: L, iv: &[u8; IV_LEN]) -> Self {
        let mut block = [0; 16];
        if let Some(start) = block.first_chunk_mut() {
            *start = *iv;
        }
        let number = u128::from_be_bytes(block);
        let numbered = |count| lanes.repeat(lanes.narrow().number(number | count));
        Self {
            lanes,
            first: numbered(1),
            next: lanes.add(numbered(2), lanes.indices()),
        }
    }

    /// What makes a hash a tag, and after it the first `N - 1` vectors of the key stream.
    #[inline(always)]
    fn start<const N: usize>(&mut self, schedule: &Schedule) -> [L::Vector; N] {
        let lanes = self.lanes;
        let mut blocks = [lanes.reverse(self.first); N];
        for block in blocks.iter_mut().skip(1) {
            *block = lanes.reverse(self.next);
            self.next = lanes.add(self.next, lanes.count());
        }
        schedule.encrypt(lanes, blocks)
    }

    /// The next `N` vectors of the key stream.
    #[inline(always)]
    fn next<const N: usize>(&mut self, schedule: &Schedule) -> [L::Vector; N] {
        let lanes = self.lanes;
        let mut blocks = [self.next; N];
        for block in &mut blocks {
            *block = lanes.reverse(self.next);
            self.next = lanes.add(self.next, lanes.count());
        }
        schedule.encrypt(lanes, blocks)
    }

    /// Adds the key stream to `N` vectors at once, as often as there are so many, and returns the
    /// others.
    #[inline(always)]
    fn add<'b, const N: usize>(
        &mut self,
        schedule: &Schedule,
        vectors: &'b mut [L::Blocks],
    ) -> &'b mut [L::Blocks] {
        let lanes = self.lanes;
        let (chunks, rest) = vectors.as_chunks_mut::<N>();
        for chunk in chunks {
            let stream = self.next::<N>(schedule);
            for (blocks, key) in chunk.iter_mut().zip(&stream) {
                lanes.store(blocks, lanes.xor(lanes.load(blocks), *key));
            }
        }
        rest
    }
}

/// Whether `N` vectors are enough for the blocks.
#[inline(always)]
fn fits<L: Lanes, const N: usize>(blocks: &[Block]) -> bool {
    blocks.len() <= N.wrapping_mul(L::COUNT)
}

/// Adds a key stream to as many blocks as it has, and returns the others.
#[inline(always)]
fn add_stream<'b, L: Lanes>(
    lanes: L,
    stream: &[L::Vector],
    blocks: &'b mut [Block],
) -> &'b mut [Block] {
    let now = stream.len().wrapping_mul(L::COUNT).min(blocks.len());
    let (now, later) = blocks.split_at_mut(now);
    let (vectors, odd) = L::split_mut(now);
    let mut stream = stream.iter();
    for (blocks, key) in vectors.iter_mut().zip(stream.by_ref()) {
        lanes.store(blocks, lanes.xor(lanes.load(blocks), *key));
    }
    let narrow = lanes.narrow();
    for (block, key) in odd.iter_mut().zip(stream) {
        let key = lanes.first(*key);
        narrow.store_one(block, narrow.xor(narrow.load_one(block), key));
    }
    later
}

/// The last block of a text of `length` bytes, with zeros for what is not text.
#[inline(always)]
fn without_padding(narrow: Narrow, last: &Block, length: usize) -> __m128i {
    let missing = length.wrapping_neg() % 16;
    let text = narrow.number(u128::MAX >> missing.wrapping_mul(8));
    narrow.and(narrow.load_one(last), text)
}

/// Vectors of key stream that are worked out before the tag is known: as many as fit the registers.
const MANY: usize = 8;

/// The same for short texts, which need no more.
const FEW: usize = 4;
