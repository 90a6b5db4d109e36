//! A payload taken apart, so that its reader need not look at every character again.
//!
//! Building JavaScript objects through Node's C interface costs more than `JSON.parse`, and
//! `JSON.parse` more than all cryptography. So the payload goes to JavaScript as one string, and
//! beside it these words, which say where everything in it is: a reader of a few lines makes the
//! objects from them, or only the one value that was asked for.
//!
//! # Words
//! A value begins with a word whose low four bits are its kind. The upper 28 bits are a *count*.
//!
//! | kind | what follows |
//! | --- | --- |
//! | [`NIL`], [`TRUE`], [`FALSE`] | nothing |
//! | [`INTEGER`] | one word, the number in two's complement |
//! | [`NUMBER`] | two words, the low half of a double first |
//! | [`STRING`] | one word, where the text starts; *count* is its length |
//! | [`ESCAPED`] | the same, for a JSON string with escapes, without its quotes |
//! | [`UTF8`] | the same, for text in UTF-8 in a payload of one character a byte |
//! | [`ARRAY`] | one word, the number of the word behind the array; then *count* values |
//! | [`HASH`] | one word, the number of the word behind the hash; then *count* pairs of a key's number and a value |
//!
//! Places and lengths count UTF-16 units of the payload as JavaScript gets it. A key that comes
//! again in a Hash counts again: the last value is the one that holds. In the outermost Hash none
//! comes again.

mod json;
mod keys;
mod marshal;
mod number;
mod words;

pub use keys::NewKey;

use keys::Keys;
use marshal::Links;
use words::Words;

/// nil.
pub const NIL: u32 = 0;
/// true.
pub const TRUE: u32 = 1;
/// false.
pub const FALSE: u32 = 2;
/// An Integer that fits 32 bits.
pub const INTEGER: u32 = 3;
/// Any other number that a double holds exactly.
pub const NUMBER: u32 = 4;
/// A text that stands in the payload as it is.
pub const STRING: u32 = 5;
/// A JSON string with escapes.
pub const ESCAPED: u32 = 6;
/// Text in UTF-8 in a payload of bytes.
pub const UTF8: u32 = 7;
/// An Array.
pub const ARRAY: u32 = 8;
/// A Hash.
pub const HASH: u32 = 9;

/// Takes payloads apart, one after the other. It knows the keys that it has met before.
///
/// # Examples
/// ```
/// use rails_session_core::tokens::{self, Tokenizer};
///
/// let (mut tokenizer, mut words) = (Tokenizer::default(), [0; 16]);
/// let length = tokenizer.tokenize(br#"{"user_id":7}"#, &mut words).unwrap();
/// assert_eq!(words[..length], [1 << 4 | tokens::HASH, 5, 0, tokens::INTEGER, 7]);
/// assert_eq!(tokenizer.new_keys().len(), 1);
/// ```
#[derive(Default)]
pub struct Tokenizer {
    keys: Keys,
    links: Links,
    is_ascii: bool,
}

impl Tokenizer {
    /// Writes the tokens of a payload to `words`, which then starts with its outermost value, and
    /// returns how many words they are.
    ///
    /// None for a payload that is not an Array or a Hash in JSON or Marshal, or has something in it
    /// that only a reader of Ruby's rules knows what to make of, such as a long integer, a comment,
    /// a Time, an Array that comes twice, or a key that does in the outermost Hash; and if `words`
    /// is too short. What is in `words` then means nothing.
    pub fn tokenize(&mut self, payload: &[u8], words: &mut [u32]) -> Option<usize> {
        self.keys.begin();
        let mut out = Words::new(words);
        self.is_ascii = match payload {
            [b'{' | b'[', ..] => {
                let is_ascii = json::tokenize(payload, &mut self.keys, &mut out);
                if is_ascii.is_none() && !self.new_keys().is_empty() && !is_text(payload) {
                    // Their places are those in text.
                    *self = Self::default();
                }
                is_ascii
            }
            [4, 8, dump @ ..] => {
                marshal::tokenize(dump, &mut self.keys, &mut self.links, &mut out)?;
                Some(false)
            }
            _ => None,
        }?;
        Some(out.len())
    }

    /// Whether the last payload was JSON of ASCII characters only, if there are tokens of it.
    #[must_use]
    pub const fn is_ascii(&self) -> bool {
        self.is_ascii
    }

    /// The keys that the last payload was the first to have, or that were forgotten since.
    #[must_use]
    pub fn new_keys(&self) -> &[NewKey] {
        self.keys.added()
    }
}

fn is_text(payload: &[u8]) -> bool {
    std::str::from_utf8(payload).is_ok()
}
