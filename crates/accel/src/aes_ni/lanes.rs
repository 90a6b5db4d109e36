//! Vectors of one or two blocks, and what the processor does with them.
//!
//! AES-NI takes one block at a time, VAES two; nearly every processor has the one, those made since
//! about 2020 have both. What is built on them is written once, over [`Lanes`].

#![expect(
    clippy::inline_always,
    reason = "an instruction that is not inlined into a function compiled for it becomes a call"
)]

use std::arch::x86_64 as x86;
use std::arch::x86_64::{__m128i, __m256i};
use std::array;

use super::Block;
use crate::instructions::instructions;
use crate::processor::processor_has;

/// As many blocks as go through an instruction at once.
///
/// A value is proof that the processor has the instructions, which is what makes its methods safe.
pub(crate) trait Lanes: Copy {
    type Vector: Copy;
    /// A vector in memory.
    type Blocks: 'static;
    /// The number of lanes.
    const COUNT: usize;

    /// Splits into vectors, and what is left.
    fn split(blocks: &[Block]) -> (&[Self::Blocks], &[Block]);
    /// As [`Lanes::split`].
    fn split_mut(blocks: &mut [Block]) -> (&mut [Self::Blocks], &mut [Block]);
    /// The same processor, one block at a time.
    fn narrow(self) -> Narrow;
    /// Runs what is compiled for these instructions.
    fn run<T: Task>(self, task: T) -> T::Output;

    fn load(self, blocks: &Self::Blocks) -> Self::Vector;
    fn store(self, blocks: &mut Self::Blocks, vector: Self::Vector);
    /// The block in all lanes.
    fn repeat(self, block: __m128i) -> Self::Vector;
    /// The block in the first lane, and zeros.
    fn extend(self, block: __m128i) -> Self::Vector;
    /// 0, 1, … by lane.
    fn indices(self) -> Self::Vector;
    /// [`Lanes::COUNT`] in all lanes.
    fn count(self) -> Self::Vector;

    fn first(self, vector: Self::Vector) -> __m128i;
    fn last(self, vector: Self::Vector) -> __m128i;
    /// The XOR of all lanes.
    fn fold(self, vector: Self::Vector) -> __m128i;
    /// The vector one lane further: `before` comes in, the last block falls out.
    fn shift(self, before: __m128i, vector: Self::Vector) -> Self::Vector;

    fn xor(self, a: Self::Vector, b: Self::Vector) -> Self::Vector;
    /// Adds numbers of 32 bits.
    fn add(self, a: Self::Vector, b: Self::Vector) -> Self::Vector;
    /// Turns the bytes of each block round.
    fn reverse(self, a: Self::Vector) -> Self::Vector;
    /// Swaps the halves of each block.
    fn swap(self, a: Self::Vector) -> Self::Vector;
    /// The carry-less product of the low halves.
    fn multiply_low(self, a: Self::Vector, b: Self::Vector) -> Self::Vector;
    /// The carry-less product of the high halves.
    fn multiply_high(self, a: Self::Vector, b: Self::Vector) -> Self::Vector;
    fn encrypt_round(self, state: Self::Vector, key: Self::Vector) -> Self::Vector;
    fn encrypt_last(self, state: Self::Vector, key: Self::Vector) -> Self::Vector;
    fn decrypt_round(self, state: Self::Vector, key: Self::Vector) -> Self::Vector;
    fn decrypt_last(self, state: Self::Vector, key: Self::Vector) -> Self::Vector;
}

/// Work on vectors. What it calls has to be inlined into it, all the way down to the instructions.
pub(crate) trait Task {
    type Output;
    fn run<L: Lanes>(self, lanes: L) -> Self::Output;
}

/// One block at a time: AES-NI and PCLMULQDQ, encoded as AVX has it.
#[derive(Clone, Copy)]
pub(crate) struct Narrow(());

/// Two blocks at a time: VAES and VPCLMULQDQ, on AVX2.
#[derive(Clone, Copy)]
pub(crate) struct Wide(());

impl Narrow {
    pub(crate) fn detect() -> Option<Self> {
        processor_has!("aes", "pclmulqdq", "avx").then_some(Self(()))
    }

    #[inline(always)]
    pub(crate) fn load_one(self, block: &Block) -> __m128i {
        self.load(array::from_ref(block))
    }

    #[inline(always)]
    pub(crate) fn store_one(self, block: &mut Block, vector: __m128i) {
        self.store(array::from_mut(block), vector);
    }

    /// The number with its least significant byte first.
    #[inline(always)]
    pub(crate) fn number(self, number: u128) -> __m128i {
        self.load_one(&number.to_le_bytes())
    }

    /// Whether two blocks are the same, in constant time.
    #[inline(always)]
    pub(crate) fn equal(self, a: __m128i, b: __m128i) -> bool {
        self.is_zero(self.xor(a, b))
    }

    instructions! {
        pub(crate) zero() -> __m128i = x86::_mm_setzero_si128();
        pub(crate) and(a: __m128i, b: __m128i) -> __m128i = x86::_mm_and_si128(a, b);
        is_zero(a: __m128i) -> bool = x86::_mm_testz_si128(a, a) == 1;
        pub(super) substitute(word: u32) -> u32 = {
            let words = x86::_mm_set1_epi32(word.cast_signed());
            x86::_mm_cvtsi128_si32(x86::_mm_aeskeygenassist_si128::<0>(words)).cast_unsigned()
        };
        pub(super) unmix(a: __m128i) -> __m128i = x86::_mm_aesimc_si128(a);
    }
}

impl Wide {
    pub(crate) fn detect() -> Option<Self> {
        // VAES for vectors of 32 bytes needs no AVX-512.
        let has = processor_has!("vaes", "vpclmulqdq", "avx2", "aes", "pclmulqdq");
        has.then_some(Self(()))
    }
}

impl Lanes for Narrow {
    type Vector = __m128i;
    type Blocks = [Block; 1];
    const COUNT: usize = 1;

    #[inline(always)]
    fn split(blocks: &[Block]) -> (&[Self::Blocks], &[Block]) {
        blocks.as_chunks()
    }

    #[inline(always)]
    fn split_mut(blocks: &mut [Block]) -> (&mut [Self::Blocks], &mut [Block]) {
        blocks.as_chunks_mut()
    }

    #[inline(always)]
    fn narrow(self) -> Narrow {
        self
    }

    #[inline]
    fn run<T: Task>(self, task: T) -> T::Output {
        #[target_feature(enable = "aes,pclmulqdq,avx")]
        fn run<T: Task>(lanes: Narrow, task: T) -> T::Output {
            task.run(lanes)
        }
        // SAFETY: the processor has the instructions, or there would be no `self`.
        unsafe { run(self, task) }
    }

    #[inline(always)]
    fn repeat(self, block: __m128i) -> __m128i {
        block
    }

    #[inline(always)]
    fn extend(self, block: __m128i) -> __m128i {
        block
    }

    #[inline(always)]
    fn first(self, vector: __m128i) -> __m128i {
        vector
    }

    #[inline(always)]
    fn last(self, vector: __m128i) -> __m128i {
        vector
    }

    #[inline(always)]
    fn fold(self, vector: __m128i) -> __m128i {
        vector
    }

    #[inline(always)]
    fn shift(self, before: __m128i, _: __m128i) -> __m128i {
        before
    }

    instructions! {
        load(blocks: &[Block; 1]) -> __m128i = x86::_mm_loadu_si128(blocks.as_ptr().cast());
        store(blocks: &mut [Block; 1], vector: __m128i) -> () = {
            x86::_mm_storeu_si128(blocks.as_mut_ptr().cast(), vector);
        };
        indices() -> __m128i = x86::_mm_setzero_si128();
        count() -> __m128i = x86::_mm_setr_epi32(1, 0, 0, 0);
        xor(a: __m128i, b: __m128i) -> __m128i = x86::_mm_xor_si128(a, b);
        add(a: __m128i, b: __m128i) -> __m128i = x86::_mm_add_epi32(a, b);
        reverse(a: __m128i) -> __m128i = {
            x86::_mm_shuffle_epi8(a, x86::_mm_set_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15))
        };
        swap(a: __m128i) -> __m128i = x86::_mm_shuffle_epi32::<0b01_00_11_10>(a);
        multiply_low(a: __m128i, b: __m128i) -> __m128i = x86::_mm_clmulepi64_si128::<0x00>(a, b);
        multiply_high(a: __m128i, b: __m128i) -> __m128i = x86::_mm_clmulepi64_si128::<0x11>(a, b);
        encrypt_round(state: __m128i, key: __m128i) -> __m128i = x86::_mm_aesenc_si128(state, key);
        encrypt_last(state: __m128i, key: __m128i) -> __m128i = x86::_mm_aesenclast_si128(state, key);
        decrypt_round(state: __m128i, key: __m128i) -> __m128i = x86::_mm_aesdec_si128(state, key);
        decrypt_last(state: __m128i, key: __m128i) -> __m128i = x86::_mm_aesdeclast_si128(state, key);
    }
}

impl Lanes for Wide {
    type Vector = __m256i;
    type Blocks = [Block; 2];
    const COUNT: usize = 2;

    #[inline(always)]
    fn split(blocks: &[Block]) -> (&[Self::Blocks], &[Block]) {
        blocks.as_chunks()
    }

    #[inline(always)]
    fn split_mut(blocks: &mut [Block]) -> (&mut [Self::Blocks], &mut [Block]) {
        blocks.as_chunks_mut()
    }

    #[inline(always)]
    fn narrow(self) -> Narrow {
        Narrow(())
    }

    #[inline]
    fn run<T: Task>(self, task: T) -> T::Output {
        #[target_feature(enable = "vaes,vpclmulqdq,avx2,aes,pclmulqdq")]
        fn run<T: Task>(lanes: Wide, task: T) -> T::Output {
            task.run(lanes)
        }
        // SAFETY: the processor has the instructions, or there would be no `self`.
        unsafe { run(self, task) }
    }

    #[inline(always)]
    fn fold(self, vector: __m256i) -> __m128i {
        self.narrow().xor(self.first(vector), self.last(vector))
    }

    instructions! {
        load(blocks: &[Block; 2]) -> __m256i = x86::_mm256_loadu_si256(blocks.as_ptr().cast());
        store(blocks: &mut [Block; 2], vector: __m256i) -> () = {
            x86::_mm256_storeu_si256(blocks.as_mut_ptr().cast(), vector);
        };
        repeat(block: __m128i) -> __m256i = x86::_mm256_broadcastsi128_si256(block);
        extend(block: __m128i) -> __m256i = x86::_mm256_zextsi128_si256(block);
        indices() -> __m256i = x86::_mm256_setr_epi32(0, 0, 0, 0, 1, 0, 0, 0);
        count() -> __m256i = x86::_mm256_setr_epi32(2, 0, 0, 0, 2, 0, 0, 0);
        first(vector: __m256i) -> __m128i = x86::_mm256_castsi256_si128(vector);
        last(vector: __m256i) -> __m128i = x86::_mm256_extracti128_si256::<1>(vector);
        shift(before: __m128i, vector: __m256i) -> __m256i = {
            x86::_mm256_inserti128_si256::<1>(x86::_mm256_castsi128_si256(before), x86::_mm256_castsi256_si128(vector))
        };
        xor(a: __m256i, b: __m256i) -> __m256i = x86::_mm256_xor_si256(a, b);
        add(a: __m256i, b: __m256i) -> __m256i = x86::_mm256_add_epi32(a, b);
        reverse(a: __m256i) -> __m256i = {
            let order = x86::_mm_set_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
            x86::_mm256_shuffle_epi8(a, x86::_mm256_broadcastsi128_si256(order))
        };
        swap(a: __m256i) -> __m256i = x86::_mm256_shuffle_epi32::<0b01_00_11_10>(a);
        multiply_low(a: __m256i, b: __m256i) -> __m256i = x86::_mm256_clmulepi64_epi128::<0x00>(a, b);
        multiply_high(a: __m256i, b: __m256i) -> __m256i = x86::_mm256_clmulepi64_epi128::<0x11>(a, b);
        encrypt_round(state: __m256i, key: __m256i) -> __m256i = x86::_mm256_aesenc_epi128(state, key);
        encrypt_last(state: __m256i, key: __m256i) -> __m256i = x86::_mm256_aesenclast_epi128(state, key);
        decrypt_round(state: __m256i, key: __m256i) -> __m256i = x86::_mm256_aesdec_epi128(state, key);
        decrypt_last(state: __m256i, key: __m256i) -> __m256i = x86::_mm256_aesdeclast_epi128(state, key);
    }
}
