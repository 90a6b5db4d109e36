//! Form escapes, eight bytes at a time: find the next one, then copy what is before it.

/// As [`super::unescape`].
pub(super) fn unescape(text: &[u8], out: &mut [u8]) -> Option<usize> {
    let (mut from, mut to, mut digits) = (0_usize, 0_usize, 0);
    loop {
        let rest = text.get(from..)?;
        let Some(len) = find(rest, escape_marks, |byte| matches!(byte, b'%' | b'+')) else {
            copy_run(rest, out.get_mut(to..)?, rest.len())?;
            return (digits <= 0x0f).then_some(to.wrapping_add(rest.len()));
        };
        copy_run(rest, out.get_mut(to..)?, len)?;
        let (byte, taken) = match *rest.get(len..)? {
            [b'%', high, low, ..] => {
                let (high, low) = (hex_value(high), hex_value(low));
                digits |= high | low;
                (high << 4 | low & 0x0f, 3)
            }
            [b'+', ..] => (b' ', 1),
            _ => return None,
        };
        to = to.wrapping_add(len);
        *out.get_mut(to)? = byte;
        to = to.wrapping_add(1);
        from = from.wrapping_add(len).wrapping_add(taken);
    }
}

/// As [`super::escape`].
pub(super) fn escape(message: &[u8], out: &mut [u8]) -> Option<usize> {
    let (mut from, mut to) = (0_usize, 0_usize);
    loop {
        let rest = message.get(from..)?;
        let Some(len) = find(rest, sign_marks, |byte| matches!(byte, b'+' | b'/' | b'=')) else {
            copy_run(rest, out.get_mut(to..)?, rest.len())?;
            return Some(to.wrapping_add(rest.len()));
        };
        copy_run(rest, out.get_mut(to..)?, len)?;
        to = to.wrapping_add(len);
        let sign = *rest.get(len)?;
        let (high, low) = (hex_digit(sign >> 4), hex_digit(sign & 0x0f));
        *out.get_mut(to..)?.first_chunk_mut()? = [b'%', high, low];
        to = to.wrapping_add(3);
        from = from.wrapping_add(len).wrapping_add(1);
    }
}

/// Where the first byte stands that `is_one` says yes to. `marks` marks the first one of a word,
/// and perhaps others after it.
#[inline]
fn find(text: &[u8], marks: impl Fn(u64) -> u64, is_one: impl Fn(u8) -> bool) -> Option<usize> {
    let (words, rest) = text.as_chunks::<WORD>();
    let mut start = 0_usize;
    for word in words {
        let marks = marks(u64::from_le_bytes(*word));
        if marks != 0 {
            return Some(start.wrapping_add((marks.trailing_zeros() / u8::BITS) as usize));
        }
        start = start.wrapping_add(WORD);
    }
    let place = rest.iter().position(|&byte| is_one(byte))?;
    Some(start.wrapping_add(place))
}

/// Marks `%` and `+`, and perhaps other bytes after them.
const fn escape_marks(word: u64) -> u64 {
    zero_bytes(word ^ repeated(b'%')) | zero_bytes(word ^ repeated(b'+'))
}

/// Marks `+`, `/` and `=`, and perhaps other bytes after them.
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
