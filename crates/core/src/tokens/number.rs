//! Decimal numbers.

/// A number, by its text.
pub(super) enum Number {
    Integer(i64),
    Float(f64),
}

/// Reads the JSON number that `text` begins with, and says how long it is. None if there is none,
/// for an integer of more than 15 digits, and for `-0`, which is an Integer to Ruby.
pub(super) fn read(text: &[u8]) -> Option<(Number, usize)> {
    let negative = text.first() == Some(&b'-');
    let start = usize::from(negative);
    let (mut value, length) = first_digits(text, start);
    let mut at = start.wrapping_add(length);
    while let Some(digit) = digit_at(text, at) {
        // Wraps for what is too long, which is then refused or parsed again.
        value = value.wrapping_mul(10).wrapping_add(digit.into());
        at = at.wrapping_add(1);
    }
    let digits = at.wrapping_sub(start);
    let leading_zero = digits > 1 && text.get(start) == Some(&b'0');
    if digits == 0 || leading_zero {
        return None;
    }
    match text.get(at) {
        Some(b'.') => read_fraction(text, at, digits, value, negative),
        Some(b'e' | b'E') => read_float(text, at),
        _ if digits > MAX_DIGITS || (negative && value == 0) => None,
        _ => Some((
            Number::Integer(if negative {
                value.wrapping_neg()
            } else {
                value
            }),
            at,
        )),
    }
}

/// A number with a point at `at`, whose integer is `value`. Where all its digits and the power of
/// ten are exact in a double, so is their quotient but for one rounding, which is the right one.
fn read_fraction(
    text: &[u8],
    at: usize,
    digits: usize,
    value: i64,
    negative: bool,
) -> Option<(Number, usize)> {
    let mut value = value;
    let mut end = at.wrapping_add(1);
    while let Some(digit) = digit_at(text, end) {
        value = value.wrapping_mul(10).wrapping_add(digit.into());
        end = end.wrapping_add(1);
    }
    let decimals = end.wrapping_sub(at).wrapping_sub(1);
    if decimals == 0 {
        return None;
    }
    let is_plain = !matches!(text.get(end), Some(b'e' | b'E'));
    match POWERS_OF_TEN.get(decimals) {
        Some(power) if is_plain && digits.wrapping_add(decimals) <= MAX_DIGITS => {
            #[expect(clippy::cast_precision_loss, reason = "it has at most 15 digits")]
            let number = value as f64 / power;
            Some((Number::Float(if negative { -number } else { number }), end))
        }
        _ => read_float(text, at),
    }
}

/// `at`: where the digits of the integer end.
fn read_float(text: &[u8], at: usize) -> Option<(Number, usize)> {
    let mut end = at;
    if text.get(end) == Some(&b'.') {
        end = digits_end(text, end.wrapping_add(1))?;
    }
    if let Some(b'e' | b'E') = text.get(end) {
        end = end.wrapping_add(1);
        if let Some(b'+' | b'-') = text.get(end) {
            end = end.wrapping_add(1);
        }
        end = digits_end(text, end)?;
    }
    let number = std::str::from_utf8(text.get(..end)?).ok()?.parse().ok()?;
    Some((Number::Float(number), end))
}

/// Where a run of digits ends; None if there is no digit.
fn digits_end(text: &[u8], start: usize) -> Option<usize> {
    let mut at = start;
    while digit_at(text, at).is_some() {
        at = at.wrapping_add(1);
    }
    (at > start).then_some(at)
}

/// The digits that stand in the next eight bytes, as a number, and how many there are. All at once, since no branch
/// predictor knows how long the next number is. None if fewer bytes are left.
fn first_digits(text: &[u8], start: usize) -> (i64, usize) {
    let Some(chunk) = text.get(start..).and_then(<[u8]>::first_chunk) else {
        return (0, 0);
    };
    let word = u64::from_le_bytes(*chunk);
    // A byte has its high bit set here if it is below '0' or above '9', or a byte before it is.
    let others = (word.wrapping_sub(ONES * 0x30) | word.wrapping_add(ONES * 0x46)) & (ONES * 0x80);
    let bits = others.trailing_zeros() & !7;
    let Some(unused) = 64_u32.checked_sub(bits).filter(|unused| *unused < 64) else {
        return (0, 0);
    };
    // Zeros go before the digits. Then neighbours are put together: ones, pairs, fours.
    let digits = (word.wrapping_sub(ONES * 0x30) << unused) & (ONES * 0x0f);
    let pairs = digits.wrapping_mul(10).wrapping_add(digits >> 8) & 0x00ff_00ff_00ff_00ff;
    let fours = pairs.wrapping_mul(100).wrapping_add(pairs >> 16) & 0x0000_ffff_0000_ffff;
    let value = fours.wrapping_mul(10_000).wrapping_add(fours >> 32) & 0xffff_ffff;
    (
        i64::try_from(value).unwrap_or_default(),
        (bits / 8) as usize,
    )
}

const ONES: u64 = 0x0101_0101_0101_0101;

fn digit_at(text: &[u8], at: usize) -> Option<u8> {
    text.get(at)?.checked_sub(b'0').filter(|digit| *digit < 10)
}

/// So many digits always fit a double.
const MAX_DIGITS: usize = 15;

const POWERS_OF_TEN: [f64; 16] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
];
