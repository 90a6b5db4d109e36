//! Lower-case hexadecimal digits, in which Rails writes a MAC.

/// Decodes exactly `out.len()` bytes from lower-case digits. False if `text` is anything else;
/// `out` is then undefined.
///
/// Upper-case digits do not count: Rails compares MACs as text.
pub(crate) fn decode_lower(text: &[u8], out: &mut [u8]) -> bool {
    let (pairs, rest) = text.as_chunks::<2>();
    if pairs.len() != out.len() || !rest.is_empty() {
        return false;
    }
    let mut all = 0;
    for (byte, &[high, low]) in out.iter_mut().zip(pairs) {
        let (high, low) = (value(high), value(low));
        all |= high | low;
        *byte = high << 4 | low;
    }
    all <= 0x0f
}

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
