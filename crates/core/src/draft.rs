//! JSON composed of a draft: what a value is made of, without quotes, commas and escapes.
//!
//! JavaScript walks a value faster than `JSON.stringify` does if all it has to do is to line up
//! texts and note their lengths. What has to be looked at character by character is done here.
//!
//! # Words
//! A word's low four bits are its kind, the upper 28 bits a *length* in UTF-16 units. Texts stand
//! one after the other in the draft's text, in the order of the words that name their lengths.
//!
//! | kind | what it stands for |
//! | --- | --- |
//! | [`NIL`], [`TRUE`], [`FALSE`] | `null`, `true`, `false` |
//! | [`INTEGER`] | the number in the next word, in two's complement |
//! | [`NUMBER`] | *length* characters that are a number already |
//! | [`STRING`] | a string of *length* units |
//! | [`KEY`] | the same, followed by its value |
//! | [`KNOWN_KEY`] | a key that [`DraftKeys`] has under the number in the upper bits |
//! | [`ARRAY`], [`ARRAY_END`], [`OBJECT`], [`OBJECT_END`] | brackets and braces |

/// `null`.
pub const NIL: u32 = 0;
/// `true`.
pub const TRUE: u32 = 1;
/// `false`.
pub const FALSE: u32 = 2;
/// An integer of 32 bits.
pub const INTEGER: u32 = 3;
/// Any other number.
pub const NUMBER: u32 = 4;
/// A string.
pub const STRING: u32 = 5;
/// The name of a member.
pub const KEY: u32 = 6;
/// The name of a member that has a number.
pub const KNOWN_KEY: u32 = 7;
/// `[`.
pub const ARRAY: u32 = 8;
/// `]`.
pub const ARRAY_END: u32 = 9;
/// `{`.
pub const OBJECT: u32 = 10;
/// `}`.
pub const OBJECT_END: u32 = 11;

/// What is escaped besides what JSON demands, by the names of Rails' settings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Escapes {
    /// `<`, `>` and `&`.
    pub html_entities: bool,
    /// U+2028 and U+2029.
    pub js_separators: bool,
}

/// The names of members that come again and again, so that they need not be handed over each time.
///
/// # Examples
/// ```
/// use rails_session_core::draft::DraftKeys;
///
/// let mut keys = DraftKeys::default();
/// assert_eq!(keys.learn(b"user_id"), Some(0));
/// assert_eq!(keys.learn(b"locale"), Some(1));
/// assert_eq!(keys.learn(b"R&D"), None); // has to be escaped under some settings
/// ```
#[derive(Debug, Default)]
pub struct DraftKeys(Vec<Box<[u8]>>);

impl DraftKeys {
    /// Gives a key a number. None for a key that may need escapes or is longer than 64 bytes, and
    /// when 1,024 keys are known.
    pub fn learn(&mut self, key: &[u8]) -> Option<u32> {
        let number = u32::try_from(self.0.len()).ok()?;
        let fits = number < MOST_KEYS && key.len() <= LONGEST_KEY && Look::at(key).is_plain();
        fits.then(|| {
            self.0.push([b"\"", key, b"\":"].concat().into());
            number
        })
    }

    fn quoted(&self, number: usize) -> Option<&[u8]> {
        self.0.get(number).map(|quoted| &**quoted)
    }
}

/// Appends the JSON text of a draft to `out`, whose capacity grows before anything is written.
///
/// Returns false for words that are no draft of this text, and for a text with U+FFFD: JavaScript
/// hands over a lone surrogate as one, which is an error and no text.
///
/// # Panics
/// Never, whatever the words and the text are.
///
/// # Examples
/// ```
/// use rails_session_core::draft::{self, DraftKeys, Escapes};
///
/// let words = [
///     draft::OBJECT,
///     draft::KEY | 2 << 4,
///     draft::STRING | 3 << 4,
///     draft::KEY | 1 << 4,
///     draft::INTEGER,
///     7,
///     draft::OBJECT_END,
/// ];
/// let escapes = Escapes { html_entities: true, js_separators: false };
/// let mut json = Vec::new();
/// assert!(draft::write_json(&words, b"toR&Dn", escapes, &DraftKeys::default(), &mut json));
/// assert_eq!(json, br#"{"to":"R\u0026D","n":7}"#);
/// ```
#[must_use]
pub fn write_json(
    words: &[u32],
    text: &[u8],
    escapes: Escapes,
    keys: &DraftKeys,
    out: &mut Vec<u8>,
) -> bool {
    let look = Look::at(text);
    if look.has_replacement_lead && text.windows(3).any(|bytes| bytes == REPLACEMENT) {
        return false;
    }
    // So that no plaintext stays behind where the buffer was before it grew.
    let longest = if look.is_plain() { 1 } else { MAX_ESCAPE };
    let room = text.len().saturating_mul(longest);
    out.reserve(room.saturating_add(words.len().saturating_mul(MAX_WORD)));
    let mut writer = Writer {
        rest: text,
        look,
        escapes,
        keys,
        out,
    };
    writer.write(words).is_some() && writer.rest.is_empty()
}

struct Writer<'t, 'o> {
    /// The texts that are still to come.
    rest: &'t [u8],
    look: Look,
    escapes: Escapes,
    keys: &'o DraftKeys,
    out: &'o mut Vec<u8>,
}

impl<'t> Writer<'t, '_> {
    fn write(&mut self, words: &[u32]) -> Option<()> {
        let mut words = words.iter();
        let mut follows = false;
        while let Some(&word) = words.next() {
            let kind = word & KIND;
            if follows && kind != ARRAY_END && kind != OBJECT_END {
                self.out.push(b',');
            }
            follows = !matches!(kind, ARRAY | OBJECT | KEY | KNOWN_KEY);
            let length = (word >> KIND_BITS) as usize;
            match kind {
                STRING => self.quote(length)?,
                KEY => {
                    self.quote(length)?;
                    self.out.push(b':');
                }
                KNOWN_KEY => self.out.extend_from_slice(self.keys.quoted(length)?),
                INTEGER => {
                    let number = words.next()?.cast_signed();
                    self.out
                        .extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
                }
                NUMBER => {
                    let number = self.take(length)?;
                    self.out.extend_from_slice(number);
                }
                ARRAY => self.out.push(b'['),
                ARRAY_END => self.out.push(b']'),
                OBJECT => self.out.push(b'{'),
                OBJECT_END => self.out.push(b'}'),
                TRUE => self.out.extend_from_slice(b"true"),
                FALSE => self.out.extend_from_slice(b"false"),
                NIL => self.out.extend_from_slice(b"null"),
                _ => return None,
            }
        }
        Some(())
    }

    fn quote(&mut self, length: usize) -> Option<()> {
        let text = self.take(length)?;
        self.out.push(b'"');
        if self.look.is_plain() || Look::at(text).is_plain() {
            self.out.extend_from_slice(text);
        } else {
            self.escape(text);
        }
        self.out.push(b'"');
        Some(())
    }

    /// The next `length` UTF-16 units of the text.
    fn take(&mut self, length: usize) -> Option<&'t [u8]> {
        let bytes = if self.look.is_ascii {
            length
        } else {
            bytes_of(self.rest, length)?
        };
        let (text, rest) = self.rest.split_at_checked(bytes)?;
        self.rest = rest;
        Some(text)
    }

    fn escape(&mut self, text: &[u8]) {
        let Escapes {
            html_entities,
            js_separators,
        } = self.escapes;
        let mut bytes = text.iter();
        while let Some(&byte) = bytes.next() {
            match byte {
                b'"' | b'\\' => self.out.extend_from_slice(&[b'\\', byte]),
                0x08 => self.out.extend_from_slice(br"\b"),
                b'\t' => self.out.extend_from_slice(br"\t"),
                b'\n' => self.out.extend_from_slice(br"\n"),
                0x0c => self.out.extend_from_slice(br"\f"),
                b'\r' => self.out.extend_from_slice(br"\r"),
                0..0x20 => self.code(byte),
                b'<' | b'>' | b'&' if html_entities => self.code(byte),
                0xe2 if js_separators => match bytes.as_slice() {
                    [0x80, last @ (0xa8 | 0xa9), rest @ ..] => {
                        self.out.extend_from_slice(if *last == 0xa8 {
                            br"\u2028"
                        } else {
                            br"\u2029"
                        });
                        bytes = rest.iter();
                    }
                    _ => self.out.push(byte),
                },
                _ => self.out.push(byte),
            }
        }
    }

    /// `\u00xx`
    fn code(&mut self, byte: u8) {
        let digit = |value: u8| char::from_digit(u32::from(value), 16).map_or(b'0', |c| c as u8);
        let digits = [digit(byte >> 4), digit(byte & 0xf)];
        self.out.extend_from_slice(br"\u00");
        self.out.extend_from_slice(&digits);
    }
}

/// What can be seen of a text in one pass.
#[derive(Clone, Copy)]
struct Look {
    is_ascii: bool,
    /// There is a character that JSON or some setting has escaped.
    has_special: bool,
    /// There may be U+FFFD.
    has_replacement_lead: bool,
}

impl Look {
    /// Without branches, so that the compiler looks at many characters at once.
    fn at(text: &[u8]) -> Self {
        let is = u8::from;
        let (mut high, mut special, mut lead) = (0, 0, 0);
        for &byte in text {
            high |= byte;
            lead |= is(byte == 0xef);
            special |= is(byte < b' ')
                | is(byte == b'"')
                | is(byte == b'\\')
                | is(byte == b'<')
                | is(byte == b'>')
                | is(byte == b'&');
        }
        Self {
            is_ascii: high < 0x80,
            has_special: special != 0,
            has_replacement_lead: lead != 0,
        }
    }

    /// Whether the text may stand between quotes as it is, whatever the settings are.
    const fn is_plain(self) -> bool {
        self.is_ascii && !self.has_special
    }
}

/// How many bytes so many UTF-16 units take at the start of a text in UTF-8.
fn bytes_of(text: &[u8], units: usize) -> Option<usize> {
    let mut left = units;
    let mut bytes = text.iter().enumerate();
    let mut end = 0;
    while left > 0 {
        let (place, &lead) = bytes.next()?;
        let (length, units) = match lead {
            0..0x80 => (1, 1),
            0x80..0xe0 => (2, 1),
            0xe0..0xf0 => (3, 1),
            _ => (4, 2),
        };
        left = left.checked_sub(units)?;
        end = place.saturating_add(length);
        if length > 1 {
            bytes.nth(length.saturating_sub(2))?;
        }
    }
    Some(end)
}

const KIND_BITS: u32 = 4;
const KIND: u32 = (1 << KIND_BITS) - 1;
/// The most that a byte of a text becomes: `\u0001`.
const MAX_ESCAPE: usize = 6;
const MOST_KEYS: u32 = 1024;
const LONGEST_KEY: usize = 64;
/// The most that a word adds to its text: a key, quoted, with a colon and a comma.
const MAX_WORD: usize = LONGEST_KEY + 4;
const REPLACEMENT: &[u8] = "\u{fffd}".as_bytes();
