//! AES-CBC with the processor's instructions.

#![expect(
    clippy::inline_always,
    reason = "an instruction that is not inlined into a function compiled for it becomes a call"
)]

use std::arch::x86_64::__m128i;

use crate::aes_ni::{Block, Lanes, Narrow, Schedule, Task};

/// Round keys for both directions, wiped when dropped.
#[derive(Default)]
pub(super) struct Key {
    encryption: Schedule,
    decryption: Schedule,
}

/// Makes the key of 16, 24 or 32 bytes. None for any other number of them.
pub(super) struct Expand<'a> {
    pub(super) key: &'a mut Key,
    pub(super) bytes: &'a [u8],
}

pub(super) struct Encrypt<'a> {
    pub(super) key: &'a Key,
    pub(super) iv: &'a Block,
    pub(super) blocks: &'a mut [Block],
}

pub(super) struct Decrypt<'a> {
    pub(super) key: &'a Key,
    pub(super) iv: &'a Block,
    pub(super) blocks: &'a mut [Block],
}

impl Task for Expand<'_> {
    type Output = Option<()>;

    #[inline(always)]
    fn run<L: Lanes>(self, lanes: L) -> Option<()> {
        let Key {
            encryption,
            decryption,
        } = self.key;
        encryption.expand(lanes.narrow(), self.bytes)?;
        decryption.invert(lanes.narrow(), encryption);
        Some(())
    }
}

impl Task for Encrypt<'_> {
    type Output = ();

    /// Each block needs the one before: there is nothing to do at the same time.
    #[inline(always)]
    fn run<L: Lanes>(self, lanes: L) {
        let narrow = lanes.narrow();
        let mut before = narrow.load_one(self.iv);
        for block in self.blocks {
            let state = narrow.xor(narrow.load_one(block), before);
            [before] = self.key.encryption.encrypt(narrow, [state]);
            narrow.store_one(block, before);
        }
    }
}

impl Task for Decrypt<'_> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lanes>(self, lanes: L) {
        let Self { key, iv, blocks } = self;
        let narrow = lanes.narrow();
        let mut before = narrow.load_one(iv);
        let (vectors, odd) = L::split_mut(blocks);
        let rest = key.decrypt::<L, 8>(lanes, &mut before, vectors);
        let rest = key.decrypt::<L, 4>(lanes, &mut before, rest);
        let rest = key.decrypt::<L, 2>(lanes, &mut before, rest);
        key.decrypt::<L, 1>(lanes, &mut before, rest);
        let (odd, _) = Narrow::split_mut(odd);
        key.decrypt::<Narrow, 1>(narrow, &mut before, odd);
    }
}

impl Key {
    /// Decrypts `N` vectors at once, as often as there are so many, and returns the others. `before`
    /// is the block of ciphertext that comes before them.
    #[inline(always)]
    fn decrypt<'b, L: Lanes, const N: usize>(
        &self,
        lanes: L,
        before: &mut __m128i,
        vectors: &'b mut [L::Blocks],
    ) -> &'b mut [L::Blocks] {
        let (chunks, rest) = vectors.as_chunks_mut::<N>();
        for chunk in chunks {
            let mut ciphertext = [lanes.extend(*before); N];
            for (to, from) in ciphertext.iter_mut().zip(chunk.iter()) {
                *to = lanes.load(from);
            }
            let plaintext = self.decryption.decrypt(lanes, ciphertext);
            for ((to, plaintext), ciphertext) in chunk.iter_mut().zip(&plaintext).zip(&ciphertext) {
                let shifted = lanes.shift(*before, *ciphertext);
                lanes.store(to, lanes.xor(*plaintext, shifted));
                *before = lanes.last(*ciphertext);
            }
        }
        rest
    }
}
