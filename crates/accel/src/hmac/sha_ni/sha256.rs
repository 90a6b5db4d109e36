//! SHA-256, of several texts at once.

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
pub(in crate::hmac) struct Sha256(ShaNi);

/// Eight words, each vector with the first one highest.
#[derive(Clone, Copy)]
pub(in crate::hmac) struct State {
    abef: __m128i,
    cdgh: __m128i,
}

impl From<ShaNi> for Sha256 {
    #[inline(always)]
    fn from(sha_ni: ShaNi) -> Self {
        Self(sha_ni)
    }
}

impl Compression<compression::Sha256> for Sha256 {
    type State = State;
    const AT_ONCE: u8 = 4;

    #[inline(always)]
    fn load(self, &[a, b, c, d, e, f, g, h]: &[u32; 8]) -> State {
        State {
            abef: self.0.load_words(&[f, e, b, a]),
            cdgh: self.0.load_words(&[h, g, d, c]),
        }
    }

    #[inline(always)]
    fn store(self, state: State) -> [u32; 8] {
        let [f, e, b, a] = self.0.words(state.abef);
        let [h, g, d, c] = self.0.words(state.cdgh);
        [a, b, c, d, e, f, g, h]
    }

    #[inline(always)]
    fn blocks(self, mut state: State, blocks: &[[u8; 64]]) -> State {
        let order = self
            .0
            .load(&[3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12]);
        for block in blocks {
            [state] = self.compress(state, [self.0.message(block, order)]);
        }
        state
    }

    #[inline(always)]
    fn hashes<const N: usize>(self, start: State, hashes: [State; N]) -> [State; N] {
        let end = self.0.load_words(&[1 << 31, 0, 0, 0]);
        let bits = self.0.load_words(&[0, 0, 0, 8 * (64 + 32)]);
        let mut messages = [[end; 4]; N];
        for (message, hash) in messages.iter_mut().zip(&hashes) {
            let (feba, hgdc) = (self.turn(hash.abef), self.turn(hash.cdgh));
            *message = [self.low(feba, hgdc), self.high(feba, hgdc), end, bits];
        }
        self.compress(start, messages)
    }

    #[inline(always)]
    fn xor(self, a: State, b: State) -> State {
        State {
            abef: self.0.xor(a.abef, b.abef),
            cdgh: self.0.xor(a.cdgh, b.cdgh),
        }
    }
}

/// A block on its way into a state.
#[derive(Clone, Copy)]
struct Lane {
    state: State,
    /// The next words, of which rounds take four at a time.
    message: [__m128i; 4],
}

impl Sha256 {
    /// Each block compressed into `start`.
    #[inline(always)]
    fn compress<const N: usize>(self, start: State, messages: [[__m128i; 4]; N]) -> [State; N] {
        let mut lanes = messages.map(|message| Lane {
            state: start,
            message,
        });
        for constants in CONSTANTS.as_chunks().0 {
            let constants = self.0.load_words(constants);
            for lane in &mut lanes {
                self.rounds(lane, constants);
            }
        }
        lanes.map(|lane| State {
            abef: self.0.add(lane.state.abef, start.abef),
            cdgh: self.0.add(lane.state.cdgh, start.cdgh),
        })
    }

    /// Four rounds.
    #[inline(always)]
    fn rounds(self, lane: &mut Lane, constants: __m128i) {
        let [w0, w1, w2, w3] = lane.message;
        let State { abef, cdgh } = lane.state;
        let words = self.0.add(w0, constants);
        // Two rounds put the new A, B, E and F in the place of C, D, G and H, and the old ones are
        // the new C, D, G and H.
        let cdgh = self.rounds_2(cdgh, abef, words);
        let abef = self.rounds_2(abef, cdgh, self.upper(words));
        lane.state = State { abef, cdgh };
        let w4 = self.0.add(self.message_1(w0, w1), self.straddle(w3, w2));
        lane.message = [w1, w2, w3, self.message_2(w4, w3)];
    }

    instructions! {
        rounds_2(cdgh: __m128i, abef: __m128i, words: __m128i) -> __m128i = {
            x86::_mm_sha256rnds2_epu32(cdgh, abef, words)
        };
        message_1(a: __m128i, b: __m128i) -> __m128i = x86::_mm_sha256msg1_epu32(a, b);
        message_2(a: __m128i, b: __m128i) -> __m128i = x86::_mm_sha256msg2_epu32(a, b);
        upper(a: __m128i) -> __m128i = x86::_mm_shuffle_epi32::<0b00_00_11_10>(a);
        turn(a: __m128i) -> __m128i = x86::_mm_shuffle_epi32::<0b00_01_10_11>(a);
        low(a: __m128i, b: __m128i) -> __m128i = x86::_mm_unpacklo_epi64(a, b);
        high(a: __m128i, b: __m128i) -> __m128i = x86::_mm_unpackhi_epi64(a, b);
        straddle(high: __m128i, low: __m128i) -> __m128i = x86::_mm_alignr_epi8::<4>(high, low);
    }
}

const CONSTANTS: [u32; 64] = [
    0x428a_2f98,
    0x7137_4491,
    0xb5c0_fbcf,
    0xe9b5_dba5,
    0x3956_c25b,
    0x59f1_11f1,
    0x923f_82a4,
    0xab1c_5ed5,
    0xd807_aa98,
    0x1283_5b01,
    0x2431_85be,
    0x550c_7dc3,
    0x72be_5d74,
    0x80de_b1fe,
    0x9bdc_06a7,
    0xc19b_f174,
    0xe49b_69c1,
    0xefbe_4786,
    0x0fc1_9dc6,
    0x240c_a1cc,
    0x2de9_2c6f,
    0x4a74_84aa,
    0x5cb0_a9dc,
    0x76f9_88da,
    0x983e_5152,
    0xa831_c66d,
    0xb003_27c8,
    0xbf59_7fc7,
    0xc6e0_0bf3,
    0xd5a7_9147,
    0x06ca_6351,
    0x1429_2967,
    0x27b7_0a85,
    0x2e1b_2138,
    0x4d2c_6dfc,
    0x5338_0d13,
    0x650a_7354,
    0x766a_0abb,
    0x81c2_c92e,
    0x9272_2c85,
    0xa2bf_e8a1,
    0xa81a_664b,
    0xc24b_8b70,
    0xc76c_51a3,
    0xd192_e819,
    0xd699_0624,
    0xf40e_3585,
    0x106a_a070,
    0x19a4_c116,
    0x1e37_6c08,
    0x2748_774c,
    0x34b0_bcb5,
    0x391c_0cb3,
    0x4ed8_aa4a,
    0x5b9c_ca4f,
    0x682e_6ff3,
    0x748f_82ee,
    0x78a5_636f,
    0x84c8_7814,
    0x8cc7_0208,
    0x90be_fffa,
    0xa450_6ceb,
    0xbef9_a3f7,
    0xc671_78f2,
];
