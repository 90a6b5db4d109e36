//! Tokens of Ruby's Marshal 4.8.

use super::keys::{Keys, Place};
use super::number::{self, Number};
use super::words::{MAX_DEPTH, MAX_SAFE, Words};
use super::{ARRAY, FALSE, HASH, NIL, STRING, TRUE, UTF8};

/// What a dump's links lead to. Kept for the memory.
#[derive(Default)]
pub(super) struct Links {
    symbols: Vec<Text>,
    objects: Vec<Object>,
}

/// Writes the tokens of a dump, whose two bytes of version are off, if all that is in it is plain:
/// nil, booleans, numbers, text, symbols, arrays and hashes. None for any other.
pub(super) fn tokenize(
    dump: &[u8],
    keys: &mut Keys,
    links: &mut Links,
    words: &mut Words<'_>,
) -> Option<()> {
    links.symbols.clear();
    links.objects.clear();
    let mut containers = [Container::default(); MAX_DEPTH];
    let mut scanner = Scanner { dump, at: 0, links };
    loop {
        scanner.value(words, &mut containers)?;
        // Containers end after as many values as they have.
        loop {
            let Some(outer) = words.depth().checked_sub(1) else {
                // A scalar by itself is no container.
                return matches!(dump, [b'[' | b'{' | b'C', ..]).then_some(());
            };
            let container = containers.get_mut(outer)?;
            if container.size == words.count() {
                if container.keys == STRINGS | SYMBOLS && words.has_key_twice()? {
                    return None;
                }
                words.close()?;
                continue;
            }
            if words.kind() == HASH {
                container.keys |= scanner.key(keys, words)?;
            }
            break;
        }
    }
}

/// A container that is open.
#[derive(Clone, Copy, Default)]
struct Container {
    /// How many values, or pairs, it has.
    size: u32,
    /// [`STRINGS`], [`SYMBOLS`]. Of equal keys the last one counts. One of each kind with the same
    /// text are two keys to Ruby, and one in tokens: others have to say which of them counts.
    keys: u8,
}

/// A text in the payload.
#[derive(Clone, Copy)]
struct Text {
    kind: u32,
    start: usize,
    length: usize,
}

/// What has a number that links can name.
#[derive(Clone, Copy)]
enum Object {
    Text(Text),
    Number(f64),
    /// Something that is not copied by a link, but is the same.
    Other,
}

struct Scanner<'d, 'l> {
    dump: &'d [u8],
    at: usize,
    links: &'l mut Links,
}

impl<'d> Scanner<'d, '_> {
    /// A whole value, or the head of a container, which then is one of the `containers`.
    fn value(&mut self, words: &mut Words<'_>, containers: &mut [Container]) -> Option<()> {
        match self.byte()? {
            b'0' => words.constant(NIL),
            b'T' => words.constant(TRUE),
            b'F' => words.constant(FALSE),
            b'i' => words.integer(self.int()?),
            b'I' => {
                let text = self.string()?;
                words.text(text.kind, text.start, text.length)
            }
            b':' => {
                let text = self.symbol()?;
                words.text(text.kind, text.start, text.length)
            }
            b';' => {
                let text = self.symbol_link()?;
                words.text(text.kind, text.start, text.length)
            }
            b'@' => match self.link()? {
                Object::Text(text) => words.text(text.kind, text.start, text.length),
                Object::Number(number) => words.number(number),
                Object::Other => None,
            },
            b'f' => {
                let number = self.float()?;
                self.links.objects.push(Object::Number(number));
                words.number(number)
            }
            b'l' => {
                let integer = self.bignum()?;
                #[expect(clippy::cast_precision_loss, reason = "it has at most 53 bits")]
                self.links.objects.push(Object::Number(integer as f64));
                words.integer(integer)
            }
            b'[' => self.container(ARRAY, words, containers),
            b'{' => self.container(HASH, words, containers),
            b'C' => {
                self.indifferent_access()?;
                self.container(HASH, words, containers)
            }
            _ => None,
        }
    }

    /// A key of a hash, and which kind it is: [`STRINGS`] or [`SYMBOLS`].
    fn key(&mut self, keys: &mut Keys, words: &mut Words<'_>) -> Option<u8> {
        let (text, kind) = match self.byte()? {
            b'I' => (self.string()?, STRINGS),
            b':' => (self.symbol()?, SYMBOLS),
            b';' => (self.symbol_link()?, SYMBOLS),
            b'@' => match self.link()? {
                Object::Text(text) => (text, STRINGS),
                _ => return None,
            },
            _ => return None,
        };
        let start = text.start.checked_sub(HEADER)?;
        let key = self.dump.get(start..start.checked_add(text.length)?)?;
        let place = || Place {
            start: text.start,
            length: text.length,
            is_utf8: text.kind == UTF8,
        };
        words.key(keys.number(key, place)?, keys)?;
        Some(kind)
    }

    fn container(
        &mut self,
        kind: u32,
        words: &mut Words<'_>,
        containers: &mut [Container],
    ) -> Option<()> {
        let size = u32::try_from(self.int()?).ok()?;
        self.links.objects.push(Object::Other);
        words.open(kind)?;
        *containers.get_mut(words.depth().checked_sub(1)?)? = Container { size, keys: 0 };
        Some(())
    }

    /// The class `ActiveSupport::HashWithIndifferentAccess` and the tag of its pairs.
    fn indifferent_access(&mut self) -> Option<()> {
        let text = match self.byte()? {
            b':' => self.symbol()?,
            b';' => self.symbol_link()?,
            _ => return None,
        };
        let start = text.start.checked_sub(HEADER)?;
        let name = self.dump.get(start..start.checked_add(text.length)?)?;
        (name == INDIFFERENT_ACCESS && self.byte()? == b'{').then_some(())
    }

    /// A String with its encoding, behind the `I`.
    fn string(&mut self) -> Option<Text> {
        if self.byte()? != b'"' {
            return None;
        }
        let (start, bytes) = self.bytes()?;
        let is_ascii = bytes.is_ascii();
        let is_utf8 = is_ascii || std::str::from_utf8(bytes).is_ok();
        let text = Text {
            kind: if is_ascii { STRING } else { UTF8 },
            start,
            length: bytes.len(),
        };
        self.links.objects.push(Object::Text(text));
        // One instance variable, the encoding: true for UTF-8, false for US-ASCII.
        if self.int()? != 1 || !self.is_encoding()? {
            return None;
        }
        match self.byte()? {
            b'T' if is_utf8 => Some(text),
            b'F' if is_ascii => Some(text),
            _ => None,
        }
    }

    /// Whether the Symbol `E` stands here.
    fn is_encoding(&mut self) -> Option<bool> {
        let text = match self.byte()? {
            b':' => self.symbol()?,
            b';' => self.symbol_link()?,
            _ => return None,
        };
        let start = text.start.checked_sub(HEADER)?;
        Some(text.length == 1 && self.dump.get(start) == Some(&b'E'))
    }

    /// A new Symbol of ASCII, behind the `:`.
    fn symbol(&mut self) -> Option<Text> {
        let (start, bytes) = self.bytes()?;
        let text = Text {
            kind: STRING,
            start,
            length: bytes.len(),
        };
        self.links.symbols.push(text);
        bytes.is_ascii().then_some(text)
    }

    fn symbol_link(&mut self) -> Option<Text> {
        let number = usize::try_from(self.int()?).ok()?;
        self.links.symbols.get(number).copied()
    }

    fn link(&mut self) -> Option<Object> {
        let number = usize::try_from(self.int()?).ok()?;
        self.links.objects.get(number).copied()
    }

    /// An Integer beyond 31 bits that a double holds: its sign, and so many pairs of bytes.
    fn bignum(&mut self) -> Option<i64> {
        let is_negative = self.byte()? == b'-';
        let pairs = usize::try_from(self.int()?).ok()?;
        let end = self.at.checked_add(pairs.checked_mul(2)?)?;
        let magnitude = self.dump.get(self.at..end)?;
        self.at = end;
        let mut bytes = [0; 8];
        bytes.get_mut(..magnitude.len())?.copy_from_slice(magnitude);
        let integer = i64::try_from(u64::from_le_bytes(bytes)).ok()?;
        (integer <= MAX_SAFE).then_some(if is_negative {
            integer.wrapping_neg()
        } else {
            integer
        })
    }

    /// A Float, of which Ruby writes the shortest digits.
    fn float(&mut self) -> Option<f64> {
        let (_, text) = self.bytes()?;
        match text {
            b"inf" => Some(f64::INFINITY),
            b"-inf" => Some(f64::NEG_INFINITY),
            b"nan" => Some(f64::NAN),
            b"-0" => Some(-0.0),
            _ => {
                let (number, length) = number::read(text)?;
                #[expect(clippy::cast_precision_loss, reason = "it has at most 15 digits")]
                let float = match number {
                    Number::Integer(integer) => integer as f64,
                    Number::Float(float) => float,
                };
                (length == text.len()).then_some(float)
            }
        }
    }

    /// Bytes with their length before them, and where they start in the payload.
    fn bytes(&mut self) -> Option<(usize, &'d [u8])> {
        let length = usize::try_from(self.int()?).ok()?;
        let start = self.at;
        let end = start.checked_add(length)?;
        let bytes = self.dump.get(start..end)?;
        self.at = end;
        Some((start.wrapping_add(HEADER), bytes))
    }

    /// An integer as Marshal packs it: small ones in a byte, others with the number of their bytes.
    fn int(&mut self) -> Option<i64> {
        let first = self.byte()?.cast_signed();
        match first {
            0 => Some(0),
            5..=127 => Some(i64::from(first).wrapping_sub(5)),
            -128..=-5 => Some(i64::from(first).wrapping_add(5)),
            1..=4 => self.little_endian(first.unsigned_abs(), 0),
            -4..=-1 => self.little_endian(first.unsigned_abs(), u8::MAX),
        }
    }

    /// A number of so many bytes; `high` stands for those that are not there.
    fn little_endian(&mut self, length: u8, high: u8) -> Option<i64> {
        let mut bytes = [high; 8];
        for byte in bytes.get_mut(..usize::from(length))? {
            *byte = self.byte()?;
        }
        Some(i64::from_le_bytes(bytes))
    }

    fn byte(&mut self) -> Option<u8> {
        let byte = *self.dump.get(self.at)?;
        self.at = self.at.wrapping_add(1);
        Some(byte)
    }
}

/// Bytes of a payload before its dump: those of the version.
const HEADER: usize = 2;
/// Kinds of keys.
const STRINGS: u8 = 1;
const SYMBOLS: u8 = 2;
const INDIFFERENT_ACCESS: &[u8] = b"ActiveSupport::HashWithIndifferentAccess";
