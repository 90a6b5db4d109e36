//! The round keys of AES (FIPS 197), and the rounds.

#![expect(
    clippy::inline_always,
    reason = "an instruction that is not inlined into a function compiled for it becomes a call"
)]

use zeroize::{Zeroize, Zeroizing};

use super::{Block, Lanes, Narrow};

/// Round keys in the order in which they are used. Wiped when dropped.
#[derive(Default)]
pub(crate) struct Schedule {
    /// All but the last; zeros where a shorter key has none.
    keys: [Block; MAX_ROUNDS],
    last: Block,
    /// 10, 12 or 14.
    rounds: usize,
}

impl Schedule {
    /// Takes the keys for encryption from 16, 24 or 32 bytes. None for any other number of them.
    #[inline(always)]
    pub(crate) fn expand(&mut self, narrow: Narrow, key: &[u8]) -> Option<()> {
        self.rounds = match key.len() {
            16 => 10,
            24 => 12,
            32 => 14,
            _ => return None,
        };
        let words = expand(narrow, key);
        let (keys, _) = words.as_flattened().as_chunks();
        for (to, from) in self.keys.iter_mut().zip(keys).take(self.rounds) {
            *to = *from;
        }
        self.last = *keys.get(self.rounds)?;
        Some(())
    }

    /// Takes the keys for decryption, by the equivalent inverse cipher, from those for encryption.
    #[inline(always)]
    pub(crate) fn invert(&mut self, narrow: Narrow, forward: &Self) {
        self.rounds = forward.rounds;
        let forward_keys = forward.keys.get(..forward.rounds).unwrap_or_default();
        if let ([to_first, to_keys @ ..], [first, keys @ ..]) = (&mut self.keys, forward_keys) {
            *to_first = forward.last;
            for (to, key) in to_keys.iter_mut().zip(keys.iter().rev()) {
                narrow.store_one(to, narrow.unmix(narrow.load_one(key)));
            }
            self.last = *first;
        }
    }

    /// Encrypts blocks that do not depend on each other.
    #[inline(always)]
    pub(crate) fn encrypt<L: Lanes, const N: usize>(
        &self,
        lanes: L,
        blocks: [L::Vector; N],
    ) -> [L::Vector; N] {
        self.run(lanes, blocks, L::encrypt_round, L::encrypt_last)
    }

    /// As [`Schedule::encrypt`], with keys from [`Schedule::invert`].
    #[inline(always)]
    pub(crate) fn decrypt<L: Lanes, const N: usize>(
        &self,
        lanes: L,
        blocks: [L::Vector; N],
    ) -> [L::Vector; N] {
        self.run(lanes, blocks, L::decrypt_round, L::decrypt_last)
    }

    #[inline(always)]
    fn run<L: Lanes, const N: usize>(
        &self,
        lanes: L,
        mut blocks: [L::Vector; N],
        round: impl Fn(L, L::Vector, L::Vector) -> L::Vector,
        last: impl Fn(L, L::Vector, L::Vector) -> L::Vector,
    ) -> [L::Vector; N] {
        let load = |key| lanes.repeat(lanes.narrow().load_one(key));
        let each = |blocks: &mut [L::Vector; N], key| {
            let key = load(key);
            for block in blocks {
                *block = round(lanes, *block, key);
            }
        };
        let [first, shared @ .., tenth, eleventh, twelfth, thirteenth] = &self.keys;

        let key = load(first);
        for block in &mut blocks {
            *block = lanes.xor(*block, key);
        }
        for key in shared {
            each(&mut blocks, key);
        }
        if self.rounds > 10 {
            for key in [tenth, eleventh] {
                each(&mut blocks, key);
            }
            if self.rounds > 12 {
                for key in [twelfth, thirteenth] {
                    each(&mut blocks, key);
                }
            }
        }
        let key = load(&self.last);
        for block in &mut blocks {
            *block = last(lanes, *block, key);
        }
        blocks
    }
}

impl Drop for Schedule {
    fn drop(&mut self) {
        self.keys.as_flattened_mut().zeroize();
        self.last.zeroize();
    }
}

/// The key expansion, into words in the order of memory. As many as the longest key has; those that
/// a shorter one does not need make no difference.
#[inline(always)]
#[expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "`of_key` is 4, 6 or 8, and less than `i`, which stays below the length"
)]
fn expand(narrow: Narrow, key: &[u8]) -> Zeroizing<[[u8; 4]; 4 * (MAX_ROUNDS + 1)]> {
    let mut words = Zeroizing::new([[0; 4]; 4 * (MAX_ROUNDS + 1)]);
    let (key, _) = key.as_chunks();
    let of_key = key.len();
    words[..of_key].copy_from_slice(key);
    let mut constant = 1;
    for i in of_key..words.len() {
        let mut word = u32::from_le_bytes(words[i - 1]);
        if i % of_key == 0 {
            word = narrow.substitute(word.rotate_right(8)) ^ constant;
            // Of the field of AES: x to the eighth is 0x11b.
            constant = (constant << 1) ^ ((constant >> 7) * 0x11b);
        } else if of_key == 8 && i % of_key == 4 {
            word = narrow.substitute(word);
        }
        words[i] = (u32::from_le_bytes(words[i - of_key]) ^ word).to_le_bytes();
    }
    words
}

const MAX_ROUNDS: usize = 14;
