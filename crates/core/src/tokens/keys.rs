//! Numbers for the keys of hashes.

/// A key that was given a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewKey {
    /// Its number in the tokens.
    pub number: u32,
    /// Where it stands in the payload, in UTF-16 units.
    pub start: u32,
    /// Its length in UTF-16 units.
    pub length: u32,
    /// Whether what stands there is UTF-8, one character a byte.
    pub is_utf8: bool,
}

/// The keys of the sessions of an application, which are few and come again and again.
///
/// There is room for a thousand. When they are taken, all are forgotten.
#[derive(Default)]
pub(super) struct Keys {
    /// Numbers of keys by hash, one above the number; 0 is free. Open addressing.
    slots: Vec<u16>,
    known: Vec<Known>,
    added: Vec<NewKey>,
    /// Number of the key that came last in the payload; none at its start.
    last: Option<u16>,
    /// Number of the key that came first the last time.
    first: u16,
    /// Number of the payload.
    payload: u32,
}

struct Known {
    /// The key as it stands in JSON, but for its first quote: with a quote and a colon behind it.
    quoted: Box<[u8]>,
    /// The first bytes of that, and ones where they count.
    head: u128,
    mask: u128,
    /// Whether each of its bytes is a UTF-16 unit.
    is_ascii: bool,
    /// Number of the key that came after it the last time: sessions are much alike.
    successor: u16,
    /// Number of the payload in whose outermost Hash it was last.
    payload: u32,
}

impl Known {
    fn new(key: &[u8], payload: u32) -> Self {
        let quoted = [key, QUOTE_COLON].concat();
        let first = |byte: fn(u8) -> u8| {
            let mut bytes = [0; HEAD];
            for (to, from) in bytes.iter_mut().zip(&quoted) {
                *to = byte(*from);
            }
            u128::from_le_bytes(bytes)
        };
        Self {
            head: first(|byte| byte),
            mask: first(|_| 0xff),
            quoted: quoted.into(),
            is_ascii: key.is_ascii(),
            successor: 0,
            payload,
        }
    }

    /// Whether JSON begins with it. Keys are short: most take no call that compares bytes.
    #[inline]
    fn begins(&self, json: &[u8]) -> bool {
        match json.first_chunk() {
            Some(first) if (u128::from_le_bytes(*first) ^ self.head) & self.mask != 0 => false,
            Some(_) if self.quoted.len() <= HEAD => true,
            _ => json.starts_with(&self.quoted),
        }
    }

    fn text(&self) -> &[u8] {
        self.quoted.strip_suffix(QUOTE_COLON).unwrap_or_default()
    }
}

impl Keys {
    /// Begins another payload.
    pub(super) fn begin(&mut self) {
        self.added.clear();
        self.last = None;
        self.payload = self.payload.wrapping_add(1);
        if self.slots.is_empty() || self.known.len() > MAX_KEYS {
            self.known.clear();
            self.slots.clear();
            self.slots.resize(SLOTS, 0);
        }
    }

    /// Number and length of the key that `json` begins with, behind its first quote, if it is the
    /// expected one. The length is that of the key with quote and colon.
    #[inline]
    pub(super) fn expected(&mut self, json: &[u8]) -> Option<(u32, usize)> {
        let number = match self.last {
            Some(last) => self.known.get(usize::from(last))?.successor,
            None => self.first,
        };
        let known = self.known.get(usize::from(number))?;
        if !known.is_ascii || !known.begins(json) {
            return None;
        }
        let length = known.quoted.len();
        self.last = Some(number);
        Some((number.into(), length))
    }

    /// The number of a key. `place`: where it stands, if it is new. None for long keys, and if a
    /// single payload has too many.
    pub(super) fn number(&mut self, key: &[u8], place: impl FnOnce() -> Place) -> Option<u32> {
        let mut slot = hash(key);
        loop {
            let found = self.slots.get_mut(slot & MASK)?;
            let Some(number) = found.checked_sub(1) else {
                return self.add(key, slot & MASK, &place());
            };
            if self.known.get(usize::from(number))?.text() == key {
                return Some(self.remember(number));
            }
            slot = slot.wrapping_add(1);
        }
    }

    /// To be called for each key of the outermost Hash. None for one that comes again.
    #[inline]
    pub(super) fn once(&mut self, number: u32) -> Option<()> {
        let known = self.known.get_mut(usize::try_from(number).ok()?)?;
        let is_first = known.payload != self.payload;
        known.payload = self.payload;
        is_first.then_some(())
    }

    pub(super) fn added(&self) -> &[NewKey] {
        &self.added
    }

    #[cold]
    fn add(&mut self, key: &[u8], slot: usize, place: &Place) -> Option<u32> {
        // Half of the slots stay free, so that a search ends.
        if key.len() > LONGEST || self.known.len() >= SLOTS / 2 {
            return None;
        }
        let number = u16::try_from(self.known.len()).ok()?;
        self.known
            .push(Known::new(key, self.payload.wrapping_sub(1)));
        *self.slots.get_mut(slot)? = number.checked_add(1)?;
        self.added.push(NewKey {
            number: number.into(),
            start: u32::try_from(place.start).ok()?,
            length: u32::try_from(place.length).ok()?,
            is_utf8: place.is_utf8,
        });
        Some(self.remember(number))
    }

    fn remember(&mut self, number: u16) -> u32 {
        let before = self
            .last
            .and_then(|last| self.known.get_mut(usize::from(last)));
        *before.map_or(&mut self.first, |known| &mut known.successor) = number;
        self.last = Some(number);
        number.into()
    }
}

/// Where a text stands in the payload as JavaScript has it.
pub(super) struct Place {
    pub(super) start: usize,
    pub(super) length: usize,
    pub(super) is_utf8: bool,
}

/// Depends on the length, the first and the last eight bytes. Keys that agree in them are found one
/// after the other.
fn hash(key: &[u8]) -> usize {
    let (first, last) = match (key.first_chunk::<8>(), key.last_chunk::<8>()) {
        (Some(first), Some(last)) => (u64::from_le_bytes(*first), u64::from_le_bytes(*last)),
        _ => (short(key), 0),
    };
    let mixed = (first.rotate_left(23) ^ last ^ key.len() as u64).wrapping_mul(MULTIPLIER);
    // The best mixed bits are the upper ones.
    let [high, low, ..] = mixed.to_be_bytes();
    usize::from(u16::from_be_bytes([high, low]))
}

/// Less than eight bytes as a number.
fn short(key: &[u8]) -> u64 {
    match (key.first_chunk::<4>(), key.last_chunk::<4>()) {
        (Some(first), Some(last)) => {
            u64::from(u32::from_le_bytes(*first)) << 32 | u64::from(u32::from_le_bytes(*last))
        }
        _ => key
            .iter()
            .fold(0, |number, byte| number << 8 | u64::from(*byte)),
    }
}

const QUOTE_COLON: &[u8] = b"\":";
const HEAD: usize = size_of::<u128>();
const SLOTS: usize = 4096;
const MASK: usize = SLOTS - 1;
const MAX_KEYS: usize = 1024;
const LONGEST: usize = 256;
/// An odd number without a pattern. Keys are those of authentic payloads: nobody floods the table.
const MULTIPLIER: u64 = 0x517c_c1b7_2722_0a95;
