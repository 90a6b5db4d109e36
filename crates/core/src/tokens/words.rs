//! Writes tokens.

#![expect(
    clippy::inline_always,
    reason = "all of it is one loop, whose state then is in registers"
)]

use super::keys::Keys;
use super::{ARRAY, FALSE, HASH, INTEGER, NIL, NUMBER, TRUE};

/// The words of a payload, and which containers are open.
pub(super) struct Words<'w> {
    out: &'w mut [u32],
    len: usize,
    depth: usize,
    /// The innermost of them. Until it is closed, the second word of a container is where the one
    /// around it starts, whose first word is what it will be in the end, so far.
    innermost: Container,
}

/// A container that is being filled.
#[derive(Clone, Copy)]
struct Container {
    /// Where its first word stands.
    start: u32,
    kind: u32,
    count: u32,
}

impl Container {
    const fn head(self) -> u32 {
        self.count << KIND_BITS | self.kind
    }
}

impl<'w> Words<'w> {
    pub(super) const fn new(out: &'w mut [u32]) -> Self {
        Self {
            out,
            len: 0,
            depth: 0,
            innermost: Container {
                start: 0,
                kind: 0,
                count: 0,
            },
        }
    }

    /// Number of words written.
    pub(super) const fn len(&self) -> usize {
        self.len
    }

    /// Number of containers that are open.
    pub(super) const fn depth(&self) -> usize {
        self.depth
    }

    /// Kind of the container that was opened last; 0 if none is open.
    pub(super) const fn kind(&self) -> u32 {
        self.innermost.kind
    }

    /// How many values the container has that was opened last.
    pub(super) const fn count(&self) -> u32 {
        self.innermost.count
    }

    /// A value that is its kind alone.
    #[inline(always)]
    pub(super) fn constant(&mut self, kind: u32) -> Option<()> {
        self.value([kind])
    }

    /// A text of some kind.
    #[inline(always)]
    pub(super) fn text(&mut self, kind: u32, start: usize, length: usize) -> Option<()> {
        let length = u32::try_from(length).ok()?;
        if length > MAX_COUNT {
            return None;
        }
        self.value([length << KIND_BITS | kind, u32::try_from(start).ok()?])
    }

    /// An integer of at most 53 bits.
    #[inline(always)]
    pub(super) fn integer(&mut self, number: i64) -> Option<()> {
        match i32::try_from(number) {
            Ok(small) => self.value([INTEGER, small.cast_unsigned()]),
            #[expect(clippy::cast_precision_loss, reason = "the number has at most 53 bits")]
            Err(_) if (-MAX_SAFE..=MAX_SAFE).contains(&number) => self.number(number as f64),
            Err(_) => None,
        }
    }

    #[inline(always)]
    pub(super) fn number(&mut self, number: f64) -> Option<()> {
        let bits = number.to_bits();
        let low = u32::try_from(bits & u64::from(u32::MAX)).ok()?;
        self.value([NUMBER, low, u32::try_from(bits >> 32).ok()?])
    }

    /// The key of the next value. None if the outermost container has it already.
    #[inline(always)]
    pub(super) fn key(&mut self, number: u32, keys: &mut Keys) -> Option<()> {
        if self.depth == 1 {
            keys.once(number)?;
        }
        self.push([number])
    }

    /// Opens an [`ARRAY`] or a [`HASH`].
    #[inline(always)]
    pub(super) fn open(&mut self, kind: u32) -> Option<()> {
        let start = u32::try_from(self.len).ok()?;
        let around = self.innermost;
        self.value([kind, around.start])?;
        if self.depth > 0 {
            *self.word(around.start)? = self.innermost.head();
        }
        self.depth = self.depth.wrapping_add(1);
        self.innermost = Container {
            start,
            kind,
            count: 0,
        };
        (self.depth <= MAX_DEPTH).then_some(())
    }

    /// Whether the hash that was opened last, and is complete, has a key twice. None if it has many.
    #[cold]
    pub(super) fn has_key_twice(&mut self) -> Option<bool> {
        let Container { start, count, .. } = self.innermost;
        let mut found = [0; MAX_COMPARED];
        let found = found.get_mut(..usize::try_from(count).ok()?)?;
        let mut place = start.wrapping_add(2);
        for key in found.iter_mut() {
            *key = *self.word(place)?;
            let value = place.wrapping_add(1);
            place = match *self.word(value)? & KIND {
                NIL | TRUE | FALSE => value.wrapping_add(1),
                NUMBER => value.wrapping_add(3),
                ARRAY | HASH => *self.word(value.wrapping_add(1))?,
                _ => value.wrapping_add(2),
            };
        }
        found.sort_unstable();
        Some(found.windows(2).any(|pair| pair.first() == pair.last()))
    }

    /// Closes the container that was opened last.
    #[inline(always)]
    pub(super) fn close(&mut self) -> Option<()> {
        let Container { start, .. } = self.innermost;
        *self.word(start)? = self.innermost.head();
        let end = u32::try_from(self.len).ok()?;
        let around = std::mem::replace(self.word(start.wrapping_add(1))?, end);
        self.depth = self.depth.checked_sub(1)?;
        let head = if self.depth > 0 {
            *self.word(around)?
        } else {
            0
        };
        self.innermost = Container {
            start: around,
            kind: head & KIND,
            count: head >> KIND_BITS,
        };
        Some(())
    }

    #[inline(always)]
    fn word(&mut self, place: u32) -> Option<&mut u32> {
        self.out.get_mut(usize::try_from(place).ok()?)
    }

    #[inline(always)]
    fn value<const N: usize>(&mut self, words: [u32; N]) -> Option<()> {
        self.innermost.count = self.innermost.count.wrapping_add(1);
        self.push(words)
    }

    #[inline(always)]
    fn push<const N: usize>(&mut self, words: [u32; N]) -> Option<()> {
        *self.out.get_mut(self.len..)?.first_chunk_mut()? = words;
        self.len = self.len.wrapping_add(N);
        Some(())
    }
}

/// As Ruby's JSON parser.
pub(super) const MAX_DEPTH: usize = 100;
/// Keys of a hash that are compared with each other.
const MAX_COMPARED: usize = 64;
const KIND_BITS: u32 = 4;
const KIND: u32 = (1 << KIND_BITS) - 1;
/// A payload is shorter, so that no container has more values.
const MAX_COUNT: u32 = u32::MAX >> KIND_BITS;
/// What a double holds exactly, and JavaScript calls a safe integer.
pub(super) const MAX_SAFE: i64 = (1 << 53) - 1;
const _: () = assert!(ARRAY >> KIND_BITS == 0 && HASH >> KIND_BITS == 0);
