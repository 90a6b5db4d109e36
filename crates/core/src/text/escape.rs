//! Form escapes, with which Rack puts a message into a Set-Cookie line and takes it out of a Cookie
//! header.
//!
//! Both ways work in two steps: find what is to be replaced, then copy the runs between. The first
//! step is the same for every text and the second has few branches, so that the processor has
//! little to guess wrong. A loop over bytes takes two to four times as long for texts that it has
//! not seen before.

use crate::scratch::Buffer;

/// Unescapes as Rack does: `+` is a space, `%XX` a byte, in either case of digits.
///
/// Returns `text` itself if nothing in it is escaped; so it does if any `%` is not followed by two
/// hexadecimal digits, plus signs and all. `places` is working memory.
pub(crate) fn unescape<'a>(
    text: &'a [u8],
    out: &'a mut Buffer,
    places: &mut Vec<usize>,
) -> &'a [u8] {
    let places = find(text, escape_marks, places);
    if places.is_empty() {
        return text;
    }
    match unescape_at(places, text, out.room(text.len())) {
        Some(len) => {
            out.truncate(len);
            out.as_slice()
        }
        None => text,
    }
}

/// Appends a message to `out`, escaped as Rack does. `places` is working memory.
///
/// Of what a message is made of (`A-Za-z0-9+/=-_`), Rack escapes three: `+` is `%2B`, `/` is `%2F`
/// and `=` is `%3D`.
pub(crate) fn escape(message: &[u8], out: &mut Buffer, places: &mut Vec<usize>) {
    let places = find(message, sign_marks, places);
    let len = places.len().saturating_mul(2).saturating_add(message.len());
    let escaped = escape_at(places, message, out.append(len));
    debug_assert!(
        escaped.is_some(),
        "the places are within the message, and the room is what they take"
    );
}

/// Where the bytes stand that `marks` marks, in order.
#[inline]
fn find<'a>(text: &[u8], marks: impl Fn(u64) -> u64, places: &'a mut Vec<usize>) -> &'a [usize] {
    if places.len() < text.len() {
        places.resize(text.len(), 0);
    }
    let (words, rest) = text.as_chunks::<WORD>();
    let mut count = 0_usize;
    let mut start = 0_usize;
    for word in words {
        count = note(marks(u64::from_le_bytes(*word)), start, places, count);
        start = start.wrapping_add(WORD);
    }
    let mut last = [0; WORD];
    for (byte, &value) in last.iter_mut().zip(rest) {
        *byte = value;
    }
    count = note(marks(u64::from_le_bytes(last)), start, places, count);
    places.get(..count).unwrap_or_default()
}

/// Writes down the places of the bytes that are marked in the word at `start`. Returns the number
/// of all places.
#[inline]
fn note(mut marks: u64, start: usize, places: &mut [usize], mut count: usize) -> usize {
    while marks != 0 {
        let offset = (marks.trailing_zeros() / u8::BITS) as usize;
        if let Some(place) = places.get_mut(count) {
            *place = start.wrapping_add(offset);
        }
        count = count.wrapping_add(1);
        marks &= marks.wrapping_sub(1);
    }
    count
}

/// Marks `%` and `+`, and perhaps other bytes after them.
const fn escape_marks(word: u64) -> u64 {
    zero_bytes(word ^ repeated(b'%')) | zero_bytes(word ^ repeated(b'+'))
}

/// Marks `+`, `/` and `=`, and perhaps other bytes after them, but none that a message is made of.
const fn sign_marks(word: u64) -> u64 {
    // The first two differ in one bit.
    zero_bytes((word | repeated(b'+' ^ b'/')) ^ repeated(b'/')) | zero_bytes(word ^ repeated(b'='))
}

/// The top bit of every byte of `word` that is zero; perhaps also that of a byte that is 1, after a
/// zero byte.
const fn zero_bytes(word: u64) -> u64 {
    word.wrapping_sub(repeated(0x01)) & !word & repeated(0x80)
}

const fn repeated(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; WORD])
}

/// Unescapes a text whose `%` and `+` are among `places`. `out` is as long as `text`. Returns the
/// length written, none for a bad escape.
fn unescape_at(places: &[usize], text: &[u8], out: &mut [u8]) -> Option<usize> {
    let mut from = 0_usize;
    let mut to = 0_usize;
    let mut digits = 0;
    for &place in places {
        // A place within the last escape is behind `from`, and no digit.
        let len = place.checked_sub(from)?;
        copy_run(text.get(from..)?, out.get_mut(to..)?, len)?;
        to = to.wrapping_add(len);
        let (byte, taken) = match text.get(place..)? {
            &[b'%', high, low, ..] => {
                let (high, low) = (hex_value(high), hex_value(low));
                digits |= high | low;
                (high << 4 | low & 0x0f, 3)
            }
            [b'%', ..] | [] => return None,
            [b'+', ..] => (b' ', 1),
            [other, ..] => (*other, 1),
        };
        *out.get_mut(to)? = byte;
        to = to.wrapping_add(1);
        from = place.wrapping_add(taken);
    }
    let rest = text.get(from..)?;
    let end = to.wrapping_add(rest.len());
    out.get_mut(to..end)?.copy_from_slice(rest);
    (digits <= 0x0f).then_some(end)
}

/// Escapes the bytes of `message` that stand at `places`. `out` has the length of the outcome.
fn escape_at(places: &[usize], message: &[u8], out: &mut [u8]) -> Option<()> {
    let mut from = 0_usize;
    let mut to = 0_usize;
    for &place in places {
        let len = place.checked_sub(from)?;
        copy_run(message.get(from..)?, out.get_mut(to..)?, len)?;
        to = to.wrapping_add(len);
        let byte = *message.get(place)?;
        *out.get_mut(to..)?.first_chunk_mut()? =
            [b'%', hex_digit(byte >> 4), hex_digit(byte & 0x0f)];
        to = to.wrapping_add(3);
        from = place.wrapping_add(1);
    }
    out.get_mut(to..)?.copy_from_slice(message.get(from..)?);
    Some(())
}

/// Copies `len` bytes. May copy more bytes after them, which later runs overwrite: most runs are
/// short, and copying a fixed number of bytes takes no call and no loop.
#[inline]
fn copy_run(source: &[u8], target: &mut [u8], len: usize) -> Option<()> {
    if len <= RUN
        && let (Some(source), Some(target)) =
            (source.first_chunk::<RUN>(), target.first_chunk_mut::<RUN>())
    {
        *target = *source;
    } else {
        target.get_mut(..len)?.copy_from_slice(source.get(..len)?);
    }
    Some(())
}

/// Value of a digit of either case, above 15 for any other byte.
fn hex_value(byte: u8) -> u8 {
    HEX_VALUE
        .get(usize::from(byte))
        .copied()
        .unwrap_or(NO_DIGIT)
}

/// `value` is below 16.
const fn hex_digit(value: u8) -> u8 {
    if value < 10 {
        value.wrapping_add(b'0')
    } else {
        value.wrapping_add(b'A' - 10)
    }
}

const WORD: usize = 8;
const RUN: usize = 32;
const NO_DIGIT: u8 = 0xff;
static HEX_VALUE: [u8; 256] = hex_value_table();

#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
const fn hex_value_table() -> [u8; 256] {
    let mut table = [NO_DIGIT; 256];
    let digits = b"0123456789abcdef";
    let mut value = 0_u8;
    while (value as usize) < digits.len() {
        let digit = digits[value as usize];
        table[digit as usize] = value;
        table[digit.to_ascii_uppercase() as usize] = value;
        value = value.wrapping_add(1);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::{escape, unescape};
    use crate::scratch::Buffer;

    fn unescaped(text: &[u8]) -> Vec<u8> {
        unescape(text, &mut Buffer::default(), &mut Vec::new()).to_vec()
    }

    fn escaped(text: &[u8]) -> Vec<u8> {
        let mut out = Buffer::default();
        escape(text, &mut out, &mut Vec::new());
        out.as_slice().to_vec()
    }

    #[test]
    fn unescapes_in_any_place() {
        for (text, expected) in [
            ("", ""),
            ("plain", "plain"),
            ("%41", "A"),
            ("a+b", "a b"),
            ("%2B%2b%2F%3D", "++/="),
            ("aaaaaaa%2Fbbbbbbbb%2F", "aaaaaaa/bbbbbbbb/"),
            ("%25%32%35", "%25"),
            ("+%2B+", " + "),
            ("+*$%24$+*", " *$$$ *"),
            (
                "0123456789012345678901234567890123456789012345%2B",
                "0123456789012345678901234567890123456789012345+",
            ),
            (
                "%3D0123456789012345678901234567890123456789012345",
                "=0123456789012345678901234567890123456789012345",
            ),
        ] {
            assert_eq!(unescaped(text.as_bytes()), expected.as_bytes(), "{text}");
        }
    }

    #[test]
    fn one_bad_escape_leaves_the_whole_text() {
        for text in [
            "%",
            "%2",
            "%%",
            "%4g",
            "%g4",
            "%41%",
            "%41+%",
            "%2%42",
            "+%$2",
            "a%zz+%41",
            "%%%%%%%%",
            "%\u{ff10}1",
        ] {
            assert_eq!(unescaped(text.as_bytes()), text.as_bytes(), "{text}");
        }
    }

    #[test]
    fn every_byte_comes_back() {
        for byte in 0..=u8::MAX {
            let upper = format!("%{byte:02X}");
            assert_eq!(unescaped(upper.as_bytes()), [byte]);
            assert_eq!(unescaped(upper.to_lowercase().as_bytes()), [byte]);
        }
    }

    #[test]
    fn escapes_as_rack_does() {
        assert_eq!(escaped(b""), b"");
        assert_eq!(escaped(b"=="), b"%3D%3D");
        assert_eq!(escaped(b"+/+/+/+/+"), b"%2B%2F%2B%2F%2B%2F%2B%2F%2B");
        let stays = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        assert_eq!(escaped(stays), stays);
    }

    #[test]
    fn escapes_in_any_place() {
        for len in 0..80 {
            for (sign, expected) in [("+", "%2B"), ("/", "%2F"), ("=", "%3D"), ("=-", "%3D-")] {
                let text = |sign: &str| {
                    [
                        "x".repeat(len).as_str(),
                        sign,
                        "--",
                        &"y".repeat(80 - len),
                        sign,
                    ]
                    .concat()
                };
                assert_eq!(escaped(text(sign).as_bytes()), text(expected).as_bytes());
                assert_eq!(unescaped(text(expected).as_bytes()), text(sign).as_bytes());
            }
        }
    }
}
