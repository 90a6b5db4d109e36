//! The survey in plain code that compilers make vector instructions of.

use super::{MAX_OPENERS, Survey, is_odd_at};

/// As [`super::survey`].
pub(super) fn survey(text: &[u8]) -> Survey {
    let (blocks, rest) = text.as_chunks::<BLOCK>();
    // Blanks change nothing.
    let mut last = [b' '; BLOCK];
    for (byte, &value) in last.iter_mut().zip(rest) {
        *byte = value;
    }
    let (mut bits, mut openers, mut is_odd, mut start) = (0, 0_i64, false, 0_usize);
    for block in blocks.iter().chain([&last]) {
        let seen = Block::of(block);
        bits |= seen.bits;
        openers = openers.wrapping_add(seen.openers.into());
        is_odd |= seen.has_controls;
        is_odd |= seen.has_marks && has_odd_mark(block, text, start);
        is_odd |= seen.has_digits && has_long_number(block, text, start);
        start = start.wrapping_add(BLOCK);
    }
    Survey {
        is_ascii: bits.is_ascii(),
        is_odd: is_odd || openers > MAX_OPENERS,
    }
}

struct Block {
    /// The bits of all bytes.
    bits: u8,
    openers: u8,
    has_controls: bool,
    /// Has `-` or `\`.
    has_marks: bool,
    /// Has a word of nothing but digits.
    has_digits: bool,
}

impl Block {
    /// Not inlined, since only by itself does this become what it should: about a hundred vector
    /// instructions.
    #[inline(never)]
    fn of(block: &[u8; BLOCK]) -> Self {
        let bits = block.iter().fold(0, |bits, byte| bits | byte);
        let controls = block
            .iter()
            .fold(0, |controls, &byte| controls | u8::from(byte < b' '));
        // The two differ in one bit.
        let openers = block
            .iter()
            .map(|byte| u8::from(byte | 0x20 == b'{'))
            .fold(0, u8::wrapping_add);
        let marks = block.iter().fold(0, |marks, &byte| {
            marks | u8::from(byte == b'-') | u8::from(byte == b'\\')
        });
        let digits = block.map(|byte| if byte.is_ascii_digit() { u8::MAX } else { 0 });
        let (words, _) = digits.as_chunks::<WORD>();
        let has_digits = words
            .iter()
            .fold(0, |found, word| found | u8::from(*word == [u8::MAX; WORD]))
            != 0;
        Self {
            bits,
            openers,
            has_controls: controls != 0,
            has_marks: marks != 0,
            has_digits,
        }
    }
}

/// Whether an odd mark starts in `block`, which stands in `text` at `start`.
fn has_odd_mark(block: &[u8; BLOCK], text: &[u8], start: usize) -> bool {
    let mut bytes = block.iter().zip(start..);
    bytes.any(|(byte, at)| matches!(byte, b'-' | b'\\') && is_odd_at(text, at))
}

/// Whether a long number goes through a word of `block`, which stands in `text` at `start`.
fn has_long_number(block: &[u8; BLOCK], text: &[u8], start: usize) -> bool {
    let (words, _) = block.as_chunks::<WORD>();
    let mut words = words.iter().zip((start..).step_by(WORD));
    words.any(|(word, at)| word.iter().all(u8::is_ascii_digit) && is_odd_at(text, at))
}

const BLOCK: usize = 64;
const WORD: usize = 8;
