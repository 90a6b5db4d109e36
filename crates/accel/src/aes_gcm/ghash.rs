//! GHASH (NIST SP 800-38D, section 6.4), many blocks to a reduction.
//!
//! GHASH numbers the bits of a block from the other end than processors do. As shown with POLYVAL
//! (RFC 8452, appendix A), nothing is to be done about that but to reverse the bytes of each block and
//! to multiply the key by x once.

#![expect(
    clippy::inline_always,
    reason = "an instruction that is not inlined into a function compiled for it becomes a call"
)]

use std::arch::x86_64::__m128i;

use zeroize::Zeroize;

use crate::aes_ni::{Block, Lanes, Narrow};

/// Powers of the key H, by which the blocks before the last are multiplied all at once.
/// Wiped when dropped.
#[derive(Default)]
#[repr(align(32))]
pub(super) struct Powers {
    /// From the highest power down to H itself.
    powers: [Block; COUNT],
    /// The sum of the halves of each, for Karatsuba's product.
    sums: [Block; COUNT],
}

impl Powers {
    /// `key` is the encrypted block of zeros.
    #[inline(always)]
    pub(super) fn expand(&mut self, narrow: Narrow, key: __m128i) {
        let mut bytes = Block::default();
        narrow.store_one(&mut bytes, key);
        let number = u128::from_be_bytes(bytes);
        bytes.zeroize();
        // The bit that falls out comes back reduced. It is secret: no branch.
        let carry = 0_u128.wrapping_sub(number >> 127) & X_128;
        let key = narrow.number((number << 1) ^ carry);
        let key_sum = narrow.xor(key, narrow.swap(key));

        let mut power = key;
        for (to_power, to_sum) in self.powers.iter_mut().zip(&mut self.sums).rev() {
            narrow.store_one(to_power, power);
            narrow.store_one(to_sum, narrow.xor(power, narrow.swap(power)));
            let mut product = Product::zero(narrow);
            product.add(narrow, power, key, key_sum);
            power = product.reduce(narrow);
        }
    }

    /// The hash of a ciphertext of `length` bytes: of all its blocks but the last, of the last one,
    /// filled up with zeros, and of the length.
    #[inline(always)]
    pub(super) fn hash<L: Lanes>(
        &self,
        lanes: L,
        blocks: &[Block],
        last: __m128i,
        length: usize,
    ) -> __m128i {
        let narrow = lanes.narrow();
        let mut hash = narrow.zero();
        let mut rest = blocks;
        while rest.len() > COUNT - 2
            && let Some((now, later)) = rest.split_first_chunk::<AT_ONCE>()
        {
            let mut product = Product::zero(lanes);
            self.multiply(lanes, &mut product, &mut hash, now, AT_ONCE);
            hash = product.fold(lanes).reduce(narrow);
            rest = later;
        }

        let mut product = Product::zero(lanes);
        let odd = self.multiply(
            lanes,
            &mut product,
            &mut hash,
            rest,
            rest.len().wrapping_add(2),
        );
        let mut product = product.fold(lanes);
        for block in odd {
            let block = narrow.reverse(narrow.load_one(block));
            self.multiply_one(narrow, &mut product, &mut hash, block, 3);
        }
        self.multiply_one(narrow, &mut product, &mut hash, narrow.reverse(last), 2);
        let bits = narrow.number((length as u128).wrapping_mul(8));
        self.multiply_one(narrow, &mut product, &mut hash, bits, 1);
        product.reduce(narrow)
    }

    /// Adds the products of whole vectors of blocks and of powers from the `highest` down. The hash so
    /// far goes with the first block. Returns the block that is left, if one is.
    #[inline(always)]
    fn multiply<'b, L: Lanes>(
        &self,
        lanes: L,
        product: &mut Product<L::Vector>,
        hash: &mut __m128i,
        blocks: &'b [Block],
        highest: usize,
    ) -> &'b [Block] {
        let narrow = lanes.narrow();
        let start = COUNT.wrapping_sub(highest);
        let (powers, _) = L::split(self.powers.get(start..).unwrap_or_default());
        let (sums, _) = L::split(self.sums.get(start..).unwrap_or_default());
        let (vectors, odd) = L::split(blocks);
        for ((vector, power), sum) in vectors.iter().zip(powers).zip(sums) {
            let vector = lanes.reverse(lanes.load(vector));
            let vector = lanes.xor(vector, lanes.extend(*hash));
            product.add(lanes, vector, lanes.load(power), lanes.load(sum));
            *hash = narrow.zero();
        }
        odd
    }

    /// As [`Powers::multiply`], for one block, whose bytes are reversed already.
    #[inline(always)]
    fn multiply_one(
        &self,
        narrow: Narrow,
        product: &mut Product<__m128i>,
        hash: &mut __m128i,
        block: __m128i,
        power: usize,
    ) {
        let at = COUNT.wrapping_sub(power);
        if let (Some(power), Some(sum)) = (self.powers.get(at), self.sums.get(at)) {
            let block = narrow.xor(block, *hash);
            product.add(narrow, block, narrow.load_one(power), narrow.load_one(sum));
        }
        *hash = narrow.zero();
    }
}

impl Drop for Powers {
    fn drop(&mut self) {
        self.powers.as_flattened_mut().zeroize();
        self.sums.as_flattened_mut().zeroize();
    }
}

/// A sum of carry-less products of 256 bits, not reduced yet.
struct Product<V> {
    low: V,
    /// (low + high) × (low + high), so that `low` and `high` are in it too many times.
    middle: V,
    high: V,
}

impl<V: Copy> Product<V> {
    #[inline(always)]
    fn zero<L: Lanes<Vector = V>>(lanes: L) -> Self {
        let zero = lanes.extend(lanes.narrow().zero());
        Self {
            low: zero,
            middle: zero,
            high: zero,
        }
    }

    /// Adds a product, by Karatsuba's method: three multiplications in place of four.
    #[inline(always)]
    fn add<L: Lanes<Vector = V>>(&mut self, lanes: L, block: V, power: V, power_sum: V) {
        let block_sum = lanes.xor(block, lanes.swap(block));
        self.low = lanes.xor(self.low, lanes.multiply_low(block, power));
        self.middle = lanes.xor(self.middle, lanes.multiply_low(block_sum, power_sum));
        self.high = lanes.xor(self.high, lanes.multiply_high(block, power));
    }

    /// Adds up the lanes.
    #[inline(always)]
    fn fold<L: Lanes<Vector = V>>(&self, lanes: L) -> Product<__m128i> {
        Product {
            low: lanes.fold(self.low),
            middle: lanes.fold(self.middle),
            high: lanes.fold(self.high),
        }
    }
}

impl Product<__m128i> {
    /// The product modulo POLYVAL's polynomial, in Montgomery's way: twice, the lowest 64 bits are
    /// made zero by adding a multiple of the polynomial, whose own lowest 64 bits are 1.
    #[inline(always)]
    fn reduce(&self, narrow: Narrow) -> __m128i {
        let polynomial = narrow.number(X_128 >> 64);
        let middle = narrow.xor(self.middle, narrow.xor(self.low, self.high));
        let middle = narrow.xor(middle, narrow.swap(self.low));
        let middle = narrow.xor(middle, narrow.multiply_low(self.low, polynomial));
        let high = narrow.xor(self.high, narrow.swap(middle));
        narrow.xor(high, narrow.multiply_low(middle, polynomial))
    }
}

/// So many powers are kept, and so many blocks at most share a reduction.
const COUNT: usize = 16;

/// How many blocks of a long text share a reduction.
const AT_ONCE: usize = 8;

/// x to the 128th, modulo the polynomial: x¹²⁷ + x¹²⁶ + x¹²¹ + 1.
const X_128: u128 = 0xc200_0000_0000_0000_0000_0000_0000_0001;
