//! SHA-1, of several texts at once.

#![expect(
    clippy::many_single_char_names,
    reason = "the words of a state have no other names in FIPS 180-4"
)]

use std::arch::x86_64 as x86;
use std::arch::x86_64::__m128i;

use super::ShaNi;
use crate::hmac::compression::{self, Compression};
use crate::instructions::instructions;

#[derive(Clone, Copy)]
pub(in crate::hmac) struct Sha1(ShaNi);

/// Five words, each vector with the first one highest. What is below `e` is zero.
#[derive(Clone, Copy)]
pub(in crate::hmac) struct State {
    abcd: __m128i,
    e: __m128i,
}

impl From<ShaNi> for Sha1 {
    #[inline(always)]
    fn from(sha_ni: ShaNi) -> Self {
        Self(sha_ni)
    }
}

impl Compression<compression::Sha1> for Sha1 {
    type State = State;
    const AT_ONCE: u8 = 4;

    #[inline(always)]
    fn load(self, &[a, b, c, d, e]: &[u32; 5]) -> State {
        State {
            abcd: self.0.load_words(&[d, c, b, a]),
            e: self.0.load_words(&[0, 0, 0, e]),
        }
    }

    #[inline(always)]
    fn store(self, state: State) -> [u32; 5] {
        let [d, c, b, a] = self.0.words(state.abcd);
        let [_, _, _, e] = self.0.words(state.e);
        [a, b, c, d, e]
    }

    #[inline(always)]
    fn blocks(self, mut state: State, blocks: &[[u8; 64]]) -> State {
        let order = self
            .0
            .load(&[15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
        for block in blocks {
            [state] = self.compress(state, [self.0.message(block, order)]);
        }
        state
    }

    #[inline(always)]
    fn hashes<const N: usize>(self, start: State, hashes: [State; N]) -> [State; N] {
        let zero = self.0.load_words(&[0; 4]);
        let end = self.0.load_words(&[0, 0, 1 << 31, 0]);
        let bits = self.0.load_words(&[8 * (64 + 20), 0, 0, 0]);
        let mut messages = [[zero; 4]; N];
        for (message, hash) in messages.iter_mut().zip(&hashes) {
            *message = [hash.abcd, self.0.xor(hash.e, end), zero, bits];
        }
        self.compress(start, messages)
    }

    #[inline(always)]
    fn xor(self, a: State, b: State) -> State {
        State {
            abcd: self.0.xor(a.abcd, b.abcd),
            e: self.0.xor(a.e, b.e),
        }
    }
}

/// A block on its way into a state.
#[derive(Clone, Copy)]
struct Lane {
    before: __m128i,
    abcd: __m128i,
    /// The last sixteen words, four to a vector.
    message: [__m128i; 4],
}

impl Sha1 {
    /// Each block compressed into `start`.
    #[inline(always)]
    fn compress<const N: usize>(self, start: State, messages: [[__m128i; 4]; N]) -> [State; N] {
        let State { abcd, e } = start;
        let mut lanes = messages.map(|message| Lane {
            before: abcd,
            abcd: self.rounds_0(abcd, self.0.add(e, message[0])),
            message,
        });
        for lane in &mut lanes {
            let [_, words, _, _] = lane.message;
            self.rounds(lane, words, Self::rounds_0);
        }
        for lane in &mut lanes {
            let [_, _, words, _] = lane.message;
            self.rounds(lane, words, Self::rounds_0);
        }
        for lane in &mut lanes {
            let [_, _, _, words] = lane.message;
            self.rounds(lane, words, Self::rounds_0);
        }
        self.more_rounds::<1, N>(&mut lanes, Self::rounds_0);
        self.more_rounds::<5, N>(&mut lanes, Self::rounds_1);
        self.more_rounds::<5, N>(&mut lanes, Self::rounds_2);
        self.more_rounds::<5, N>(&mut lanes, Self::rounds_3);
        lanes.map(|lane| State {
            abcd: self.0.add(lane.abcd, abcd),
            e: self.next_e(lane.before, e),
        })
    }

    #[inline(always)]
    fn more_rounds<const TIMES: usize, const N: usize>(
        self,
        lanes: &mut [Lane; N],
        rounds: impl Fn(Self, __m128i, __m128i) -> __m128i,
    ) {
        for _ in 0..TIMES {
            for lane in &mut *lanes {
                let [w0, w1, w2, w3] = lane.message;
                let words = self.message_2(self.0.xor(self.message_1(w0, w1), w2), w3);
                lane.message = [w1, w2, w3, words];
                self.rounds(lane, words, &rounds);
            }
        }
    }

    /// Four rounds.
    #[inline(always)]
    fn rounds(
        self,
        lane: &mut Lane,
        words: __m128i,
        rounds: impl Fn(Self, __m128i, __m128i) -> __m128i,
    ) {
        let next = rounds(self, lane.abcd, self.next_e(lane.before, words));
        lane.before = lane.abcd;
        lane.abcd = next;
    }

    instructions! {
        rounds_0(abcd: __m128i, words: __m128i) -> __m128i = x86::_mm_sha1rnds4_epu32::<0>(abcd, words);
        rounds_1(abcd: __m128i, words: __m128i) -> __m128i = x86::_mm_sha1rnds4_epu32::<1>(abcd, words);
        rounds_2(abcd: __m128i, words: __m128i) -> __m128i = x86::_mm_sha1rnds4_epu32::<2>(abcd, words);
        rounds_3(abcd: __m128i, words: __m128i) -> __m128i = x86::_mm_sha1rnds4_epu32::<3>(abcd, words);
        next_e(before: __m128i, words: __m128i) -> __m128i = x86::_mm_sha1nexte_epu32(before, words);
        message_1(a: __m128i, b: __m128i) -> __m128i = x86::_mm_sha1msg1_epu32(a, b);
        message_2(a: __m128i, b: __m128i) -> __m128i = x86::_mm_sha1msg2_epu32(a, b);
    }
}
