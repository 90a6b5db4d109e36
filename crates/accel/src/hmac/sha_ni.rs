//! SHA-1 and SHA-256 with the processor's instructions.

#![expect(
    clippy::inline_always,
    reason = "an instruction that is not inlined into a function compiled for it becomes a call"
)]

mod sha1;
mod sha256;

use std::arch::x86_64 as x86;
use std::arch::x86_64::__m128i;

pub(super) use self::sha1::Sha1;
pub(super) use self::sha256::Sha256;
use super::compression::{Hash, Task};
use crate::instructions::instructions;
use crate::processor::processor_has;

/// Proof that the processor has the SHA instructions, which is what makes its methods safe.
#[derive(Clone, Copy)]
pub(super) struct ShaNi(());

impl ShaNi {
    pub(super) fn detect() -> Option<Self> {
        processor_has!("sha", "ssse3", "sse4.1").then_some(Self(()))
    }

    /// Runs what is compiled for these instructions, and not for AVX: they know nothing of it, and are
    /// four times as slow once vectors of 32 bytes have been used among them.
    #[inline]
    pub(super) fn run<H: Hash, T: Task<H>>(self, task: T) -> T::Output {
        #[target_feature(enable = "sha,ssse3,sse4.1")]
        fn run<H: Hash, T: Task<H>>(sha_ni: ShaNi, task: T) -> T::Output {
            task.run(H::ShaNi::from(sha_ni))
        }
        // SAFETY: the processor has the instructions, or there would be no `self`.
        unsafe { run::<H, T>(self, task) }
    }

    /// The words of a block, in vectors, whose bytes are put into this order.
    #[inline(always)]
    fn message(self, block: &[u8; 64], order: __m128i) -> [__m128i; 4] {
        let zero = self.load_words(&[0; 4]);
        let mut message = [zero; 4];
        for (vector, bytes) in message.iter_mut().zip(block.as_chunks().0) {
            *vector = self.shuffle(self.load(bytes), order);
        }
        message
    }

    /// The words of a vector, from the lowest to the highest.
    #[inline(always)]
    fn words(self, vector: __m128i) -> [u32; 4] {
        let mut words = [0; 4];
        self.store_words(&mut words, vector);
        words
    }

    instructions! {
        load(bytes: &[u8; 16]) -> __m128i = x86::_mm_loadu_si128(bytes.as_ptr().cast());
        load_words(words: &[u32; 4]) -> __m128i = x86::_mm_loadu_si128(words.as_ptr().cast());
        store_words(words: &mut [u32; 4], vector: __m128i) -> () = {
            x86::_mm_storeu_si128(words.as_mut_ptr().cast(), vector);
        };
        xor(a: __m128i, b: __m128i) -> __m128i = x86::_mm_xor_si128(a, b);
        add(a: __m128i, b: __m128i) -> __m128i = x86::_mm_add_epi32(a, b);
        shuffle(a: __m128i, order: __m128i) -> __m128i = x86::_mm_shuffle_epi8(a, order);
    }
}
