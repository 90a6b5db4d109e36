//! Tokens of JSON as Rails writes it.

#![expect(
    clippy::inline_always,
    reason = "all of it is one loop, whose state then is in registers"
)]

use rails_session_accel::json_string::plain_len;

use super::keys::{Keys, Place};
use super::number::{self, Number};
use super::words::Words;
use super::{ARRAY, ESCAPED, FALSE, HASH, NIL, STRING, TRUE};

/// Writes the tokens of a JSON text that is an array or an object, without blanks, and on which
/// Ruby's parser and JavaScript's agree, and returns whether it is ASCII. None for any other.
pub(super) fn tokenize(text: &[u8], keys: &mut Keys, words: &mut Words<'_>) -> Option<bool> {
    let mut scanner = Scanner {
        text,
        at: 0,
        surplus: 0,
        is_ascii: true,
    };
    loop {
        scanner.value(words)?;
        // Behind a value: closing brackets, and a comma with what follows it.
        loop {
            let kind = words.kind();
            if kind == NIL {
                let is_whole = scanner.at == text.len();
                let is_text = scanner.is_ascii || super::is_text(text);
                return (is_whole && is_text).then_some(scanner.is_ascii);
            }
            let next = scanner.next()?;
            if next == if kind == HASH { b'}' } else { b']' } {
                words.close()?;
                continue;
            }
            if words.count() == 0 {
                // What stands here begins the first value.
                scanner.at = scanner.at.wrapping_sub(1);
            } else if next != b',' {
                return None;
            }
            if kind == HASH {
                scanner.key(keys, words)?;
            }
            break;
        }
    }
}

struct Scanner<'t> {
    text: &'t [u8],
    at: usize,
    /// How many bytes there were more than UTF-16 units.
    surplus: usize,
    is_ascii: bool,
}

impl Scanner<'_> {
    /// A whole value, or the opening bracket of one.
    #[inline(always)]
    fn value(&mut self, words: &mut Words<'_>) -> Option<()> {
        match self.next()? {
            b'"' => {
                let (kind, start, length) = self.string()?;
                words.text(kind, start, length)
            }
            b'{' => words.open(HASH),
            b'[' => words.open(ARRAY),
            b'n' => self.rest_of(b"ull").and_then(|()| words.constant(NIL)),
            b't' => self.rest_of(b"rue").and_then(|()| words.constant(TRUE)),
            b'f' => self.rest_of(b"alse").and_then(|()| words.constant(FALSE)),
            digit @ b'0'..=b'9' if matches!(self.text.get(self.at), Some(b',' | b'}' | b']')) => {
                words.integer(digit.wrapping_sub(b'0').into())
            }
            _ => {
                self.at = self.at.wrapping_sub(1);
                let (number, length) = number::read(self.text.get(self.at..)?)?;
                self.at = self.at.wrapping_add(length);
                match number {
                    Number::Integer(integer) => words.integer(integer),
                    Number::Float(float) => words.number(float),
                }
            }
        }
    }

    /// A key and the colon behind it.
    #[inline(always)]
    fn key(&mut self, keys: &mut Keys, words: &mut Words<'_>) -> Option<()> {
        if self.next()? != b'"' {
            return None;
        }
        let begin = self.at;
        if let Some((number, length)) = keys.expected(self.text.get(begin..)?) {
            self.at = begin.wrapping_add(length);
            return words.key(number, keys);
        }
        let (kind, start, length) = self.string()?;
        if kind != STRING || self.next()? != b':' {
            return None;
        }
        let key = self.text.get(begin..self.at.wrapping_sub(2))?;
        let place = || Place {
            start,
            length,
            is_utf8: false,
        };
        words.key(keys.number(key, place)?, keys)
    }

    /// Kind, start and length of the string behind whose opening quote we are. Both in UTF-16 units.
    #[inline(always)]
    fn string(&mut self) -> Option<(u32, usize, usize)> {
        let start = self.at.wrapping_sub(self.surplus);
        let mut kind = STRING;
        loop {
            let plain = plain_len(self.text.get(self.at..)?)?;
            self.at = self.at.wrapping_add(plain);
            match self.next()? {
                b'"' => {
                    let end = self.at.wrapping_sub(self.surplus).wrapping_sub(1);
                    return Some((kind, start, end.wrapping_sub(start)));
                }
                b'\\' => {
                    kind = ESCAPED;
                    self.escape()?;
                }
                byte @ 0x80.. => {
                    self.is_ascii = false;
                    // All bytes but the first of a character are surplus, and of four bytes two.
                    let surplus = match byte {
                        0x80..0xc0 => self.surplus.wrapping_add(1),
                        0xc0..0xf0 => self.surplus,
                        _ => self.surplus.wrapping_sub(1),
                    };
                    self.surplus = surplus;
                }
                // A control character.
                _ => return None,
            }
        }
    }

    /// What follows a backslash: one of the escapes that JSON has, but not of a surrogate.
    #[inline(always)]
    fn escape(&mut self) -> Option<()> {
        match self.next()? {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(()),
            b'u' => {
                let digits = self.text.get(self.at..self.at.wrapping_add(4))?;
                let is_surrogate = matches!(digits, [b'd' | b'D', ..]);
                self.at = self.at.wrapping_add(4);
                (!is_surrogate && digits.iter().all(u8::is_ascii_hexdigit)).then_some(())
            }
            _ => None,
        }
    }

    #[inline(always)]
    fn rest_of(&mut self, word: &[u8]) -> Option<()> {
        let found = self.text.get(self.at..self.at.wrapping_add(word.len()))?;
        self.at = self.at.wrapping_add(word.len());
        (found == word).then_some(())
    }

    #[inline(always)]
    fn next(&mut self) -> Option<u8> {
        let byte = *self.text.get(self.at)?;
        self.at = self.at.wrapping_add(1);
        Some(byte)
    }
}
