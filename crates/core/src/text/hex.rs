//! Lower-case hexadecimal digits, in which Rails writes a MAC.

/// Decodes exactly `out.len()` bytes from lower-case digits. False if `text` is anything else;
/// `out` is then undefined.
///
/// Upper-case digits do not count: Rails compares MACs as text.
pub(crate) fn decode_lower(text: &[u8], out: &mut [u8]) -> bool {
    if Some(text.len()) != out.len().checked_mul(2) {
        return false;
    }
    let (eights, rest) = text.as_chunks::<8>();
    let (fours, out) = out.as_chunks_mut::<4>();
    let mut wrong = 0;
    for (four, eight) in fours.iter_mut().zip(eights) {
        let digits = u64::from_le_bytes(*eight);
        wrong |= others(digits);
        let [a, b, c, d, ..] = packed(digits).to_le_bytes();
        *four = [a, b, c, d];
    }
    let (pairs, _) = rest.as_chunks::<2>();
    let mut all = 0;
    for (byte, &[high, low]) in out.iter_mut().zip(pairs) {
        let (high, low) = (value(high), value(low));
        all |= high | low;
        *byte = high << 4 | low;
    }
    wrong == 0 && all <= 0x0f
}

/// Not 0 if one of eight bytes is no lower-case digit.
const fn others(bytes: u64) -> u64 {
    let numeral = from(bytes, b'0') & !from(bytes, b'9' + 1);
    let letter = from(bytes, b'a') & !from(bytes, b'f' + 1);
    (!(numeral | letter) | bytes) & HIGHS
}

/// The high bit of each byte that is `least` or above, of bytes below 0x80.
const fn from(bytes: u64, least: u8) -> u64 {
    (bytes | HIGHS).wrapping_sub(ONES.wrapping_mul(least as u64))
}

/// Four bytes of eight digits.
const fn packed(digits: u64) -> u64 {
    let letters = digits >> 6 & ONES;
    let values = (digits & (ONES * 0x0f)).wrapping_add(letters.wrapping_mul(9));
    let bytes = (values << 4 | values >> 8) & 0x00ff_00ff_00ff_00ff;
    let pairs = (bytes | bytes >> 8) & 0x0000_ffff_0000_ffff;
    pairs | pairs >> 16
}

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = ONES * 0x80;

/// Writes two lower-case digits a byte.
pub(crate) fn encode_lower(bytes: &[u8], out: &mut [u8]) {
    for (pair, byte) in out.as_chunks_mut::<2>().0.iter_mut().zip(bytes) {
        *pair = [digit(byte >> 4), digit(byte & 0x0f)];
    }
}

/// Value of a lower-case digit, above 15 for any other byte.
const fn value(byte: u8) -> u8 {
    match byte {
        b'0'..=b'9' => byte.wrapping_sub(b'0'),
        b'a'..=b'f' => byte.wrapping_sub(b'a' - 10),
        _ => 0xff,
    }
}

/// `value` is below 16.
const fn digit(value: u8) -> u8 {
    if value < 10 {
        value.wrapping_add(b'0')
    } else {
        value.wrapping_add(b'a' - 10)
    }
}

#[cfg(test)]
mod tests {
    use super::{decode_lower, encode_lower};

    #[test]
    fn every_byte_comes_back() {
        for byte in 0..=u8::MAX {
            let mut text = [0; 2];
            encode_lower(&[byte], &mut text);
            assert_eq!(text.as_slice(), format!("{byte:02x}").as_bytes());
            let mut back = [0; 1];
            assert!(decode_lower(&text, &mut back));
            assert_eq!(back, [byte]);
        }
    }

    #[test]
    fn bytes_come_back_at_every_place() {
        for length in 0..40_u8 {
            let bytes: Vec<u8> = (0..length).map(|at| at.wrapping_mul(151)).collect();
            let mut text = vec![0; bytes.len() * 2];
            encode_lower(&bytes, &mut text);
            let mut back = vec![0; bytes.len()];
            assert!(decode_lower(&text, &mut back));
            assert_eq!(back, bytes);
            for at in 0..text.len() {
                for byte in 0..=u8::MAX {
                    let mut altered = text.clone();
                    altered.splice(at..=at, [byte]);
                    let expected = byte.is_ascii_hexdigit() && !byte.is_ascii_uppercase();
                    assert_eq!(decode_lower(&altered, &mut back), expected, "{at} {byte}");
                }
            }
        }
    }

    #[test]
    fn only_lower_case_digits_of_the_right_number_decode() {
        let mut out = [0; 2];
        for text in [
            "", "0", "00", "000", "00000", "000000", "000A", "FF00", "00 0", "000g", "00:0",
            "/000", "`000",
        ] {
            assert!(!decode_lower(text.as_bytes(), &mut out), "{text}");
        }
        for byte in 0..=u8::MAX {
            let expected = byte.is_ascii_hexdigit() && !byte.is_ascii_uppercase();
            assert_eq!(
                decode_lower(&[b'0', byte, b'0', b'0'], &mut out),
                expected,
                "{byte}"
            );
            assert_eq!(
                decode_lower(&[byte, b'0', b'0', b'0'], &mut out),
                expected,
                "{byte}"
            );
        }
    }
}
