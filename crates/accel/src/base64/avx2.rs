//! Base64 in vectors, 32 symbols or 24 bytes at a time, after Wojciech Muła and Daniel Lemire,
//! "Faster Base64 Encoding and Decoding Using AVX2 Instructions" (2018).
//!
//! The last vector ends where the text ends, so that it overlaps the one before: that is faster
//! than to go on symbol by symbol.

use std::arch::x86_64::{
    __m256i, _mm256_add_epi8, _mm256_and_si256, _mm256_blendv_epi8, _mm256_cmpeq_epi8,
    _mm256_cmpgt_epi8, _mm256_madd_epi16, _mm256_maddubs_epi16, _mm256_mulhi_epu16,
    _mm256_mullo_epi16, _mm256_or_si256, _mm256_permutevar8x32_epi32, _mm256_set1_epi8,
    _mm256_set1_epi32, _mm256_setr_epi32, _mm256_setzero_si256, _mm256_shuffle_epi8,
    _mm256_srli_epi32, _mm256_sub_epi8, _mm256_subs_epu8, _mm256_testz_si256,
};

use super::{Alphabet, encoded_len, portable};
use crate::vector::{WIDTH, load, load_24, store, store_24, twice};

/// As [`super::decode`].
#[target_feature(enable = "avx2")]
pub(super) fn decode(alphabet: Alphabet, text: &[u8], out: &mut [u8]) -> Option<usize> {
    match alphabet {
        // What is short, or has no padding where some belongs.
        _ if text.len() < WIDTH || !text.len().is_multiple_of(4) => {
            portable::decode(alphabet, text, out)
        }
        Alphabet::Standard => decode_as::<false>(text, out),
        Alphabet::UrlSafe => decode_as::<true>(text, out),
    }
}

/// As [`super::encode`].
#[target_feature(enable = "avx2")]
pub(super) fn encode(alphabet: Alphabet, bytes: &[u8], out: &mut [u8]) -> Option<usize> {
    let out = out.get_mut(..encoded_len(alphabet, bytes.len())?)?;
    match alphabet {
        _ if bytes.len() < BYTES => return portable::encode(alphabet, bytes, out),
        Alphabet::Standard => encode_as::<false>(bytes, out),
        Alphabet::UrlSafe => encode_as::<true>(bytes, out),
    }?;
    Some(out.len())
}

/// Decodes a text of a vector or more, in whole quads.
#[inline]
#[target_feature(enable = "avx2")]
fn decode_as<const URL_SAFE: bool>(text: &[u8], out: &mut [u8]) -> Option<usize> {
    let padding = match text {
        [.., b'=', b'='] => 2,
        [.., b'='] => 1,
        _ => 0,
    };
    // Padding is decoded as symbols of value 0, and what comes of it must be 0 as well.
    let quads = text.len() / 4;
    let room = out.get_mut(..quads.checked_mul(3)?)?;
    let len = room.len().checked_sub(padding)?;

    let mut strange = _mm256_setzero_si256();
    let mut decode = |symbols: __m256i, bytes: &mut [u8; BYTES]| {
        let block = Decoded::of::<URL_SAFE>(symbols);
        strange = _mm256_or_si256(strange, block.strange);
        store_24(block.bytes, bytes);
    };
    let blocks = text.as_chunks().0.iter().zip(room.as_chunks_mut().0);
    for (symbols, bytes) in blocks.take(quads.saturating_sub(1) / QUADS) {
        decode(load(symbols), bytes);
    }
    let is_padding = load(IS_PADDING.get(padding)?);
    let symbols = _mm256_blendv_epi8(load(text.last_chunk()?), all(b'A'), is_padding);
    decode(symbols, room.last_chunk_mut()?);
    let unused = room.get(len..)?.iter().fold(0, |bits, byte| bits | byte);
    (unused == 0 && _mm256_testz_si256(strange, strange) != 0).then_some(len)
}

struct Decoded {
    /// 24 bytes.
    bytes: __m256i,
    /// Not zero if there was a byte that is no symbol.
    strange: __m256i,
}

impl Decoded {
    #[inline]
    #[target_feature(enable = "avx2")]
    fn of<const URL_SAFE: bool>(symbols: __m256i) -> Self {
        let symbols = if URL_SAFE {
            let is_minus = _mm256_cmpeq_epi8(symbols, all(b'-'));
            let is_low_line = _mm256_cmpeq_epi8(symbols, all(b'_'));
            let symbols = _mm256_blendv_epi8(symbols, all(b'+'), is_minus);
            _mm256_blendv_epi8(symbols, all(b'/'), is_low_line)
        } else {
            symbols
        };

        // The mask keeps a bit more than the high half, at which no shuffle looks.
        let high = _mm256_and_si256(_mm256_srli_epi32::<4>(symbols), all(b'/'));
        let low = _mm256_and_si256(symbols, all(b'/'));
        let strange = _mm256_and_si256(
            _mm256_shuffle_epi8(twice(&STRANGE_BY_LOW), low),
            _mm256_shuffle_epi8(twice(&STRANGE_BY_HIGH), high),
        );

        // A slash looks one place before its high half, where nobody else looks.
        let is_slash = _mm256_cmpeq_epi8(symbols, all(b'/'));
        let place = _mm256_add_epi8(is_slash, high);
        let offset = _mm256_shuffle_epi8(twice(&DECODE_OFFSETS.map(i8::cast_unsigned)), place);
        let values = _mm256_add_epi8(symbols, offset);

        // Four values of 6 bits make one of 24, the three bytes of which are then put in order.
        let pairs = _mm256_maddubs_epi16(values, _mm256_set1_epi32(0x0140_0140));
        let quads = _mm256_madd_epi16(pairs, _mm256_set1_epi32(0x0001_1000));
        let bytes = _mm256_permutevar8x32_epi32(
            _mm256_shuffle_epi8(quads, twice(&DECODE_ORDER)),
            _mm256_setr_epi32(0, 1, 2, 4, 5, 6, 3, 7),
        );
        Self { bytes, strange }
    }
}

/// Encodes a vector of bytes or more. `out` has the length of the text.
#[inline]
#[target_feature(enable = "avx2")]
fn encode_as<const URL_SAFE: bool>(bytes: &[u8], out: &mut [u8]) -> Option<()> {
    let (triples, rest) = bytes.as_chunks::<3>();
    let (quads, last_quad) = out.split_at_mut_checked(triples.len().checked_mul(4)?)?;
    let triples = triples.as_flattened();

    let blocks = triples.as_chunks().0.iter().zip(quads.as_chunks_mut().0);
    for (bytes, symbols) in blocks.take(triples.len().saturating_sub(1) / BYTES) {
        store(encoded::<URL_SAFE>(load_24(bytes)), symbols);
    }
    let last = encoded::<URL_SAFE>(load_24(triples.last_chunk()?));
    store(last, quads.last_chunk_mut()?);

    let symbol = |value: u8| {
        let symbols = if URL_SAFE {
            URL_SAFE_SYMBOLS
        } else {
            STANDARD_SYMBOLS
        };
        let symbol = symbols.get(usize::from(value & 0x3f));
        symbol.copied().unwrap_or_default()
    };
    let symbols = match *rest {
        [first] => [symbol(first >> 2), symbol(first << 4), b'=', b'='],
        [first, second] => {
            let middle = first << 4 | second >> 4;
            [
                symbol(first >> 2),
                symbol(middle),
                symbol(second << 2),
                b'=',
            ]
        }
        _ => return Some(()),
    };
    last_quad.copy_from_slice(symbols.get(..last_quad.len())?);
    Some(())
}

/// The symbols of bytes 0 to 11 and 20 to 31.
#[inline]
#[target_feature(enable = "avx2")]
fn encoded<const URL_SAFE: bool>(bytes: __m256i) -> __m256i {
    let triples = _mm256_shuffle_epi8(bytes, load(&ENCODE_ORDER));
    let first_and_third = _mm256_mulhi_epu16(
        _mm256_and_si256(triples, _mm256_set1_epi32(0x0fc0_fc00)),
        _mm256_set1_epi32(0x0400_0040),
    );
    let second_and_fourth = _mm256_mullo_epi16(
        _mm256_and_si256(triples, _mm256_set1_epi32(0x003f_03f0)),
        _mm256_set1_epi32(0x0100_0010),
    );
    let values = _mm256_or_si256(first_and_third, second_and_fourth);

    // 0 for capitals, 1 for small letters, 2 to 11 for digits, then 12 and 13.
    let kind = _mm256_sub_epi8(
        _mm256_subs_epu8(values, all(51)),
        _mm256_cmpgt_epi8(values, all(25)),
    );
    let offsets = if URL_SAFE {
        URL_SAFE_OFFSETS
    } else {
        STANDARD_OFFSETS
    };
    let offsets = twice(&offsets.map(i8::cast_unsigned));
    _mm256_add_epi8(values, _mm256_shuffle_epi8(offsets, kind))
}

#[inline]
#[target_feature(enable = "avx2")]
fn all(byte: u8) -> __m256i {
    _mm256_set1_epi8(byte.cast_signed())
}

/// In a vector of symbols.
const QUADS: usize = 8;
/// In a vector of symbols, when decoded.
const BYTES: usize = 24;

/// By number of padding characters: where they stand at the end of the text.
static IS_PADDING: [[u8; WIDTH]; 3] = {
    let mut masks = [[0; WIDTH]; 3];
    let [_, [.., one], [.., two, three]] = &mut masks;
    (*one, *two, *three) = (0xff, 0xff, 0xff);
    masks
};

/// Reasons to refuse a byte, as bits, by its low half and by its high half. One that is in both
/// tables holds.
#[rustfmt::skip]
static STRANGE_BY_LOW: [u8; 16] = [
    0x15, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x13, 0x1a, 0x1b, 0x1b, 0x1b, 0x1a,
];
#[rustfmt::skip]
static STRANGE_BY_HIGH: [u8; 16] = [
    0x10, 0x10, 0x01, 0x02, 0x04, 0x08, 0x04, 0x08, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10,
];

/// What is to be added to a symbol to get its value, by its high half.
const DECODE_OFFSETS: [i8; 16] = [0, 16, 19, 4, -65, -65, -71, -71, 0, 0, 0, 0, 0, 0, 0, 0];

/// The bytes of values of 24 bits, which stand in 32, from the highest to the lowest.
static DECODE_ORDER: [u8; 16] = [2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, 255, 255, 255, 255];

/// Triples as second, first, third and second byte.
#[rustfmt::skip]
static ENCODE_ORDER: [u8; WIDTH] = [
    1, 0, 2, 1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10,
    5, 4, 6, 5, 8, 7, 9, 8, 11, 10, 12, 11, 14, 13, 15, 14,
];

/// What is to be added to a value to get its symbol, by kind of symbol.
const STANDARD_OFFSETS: [i8; 16] = [
    65, 71, -4, -4, -4, -4, -4, -4, -4, -4, -4, -4, -19, -16, 0, 0,
];
const URL_SAFE_OFFSETS: [i8; 16] = [
    65, 71, -4, -4, -4, -4, -4, -4, -4, -4, -4, -4, -17, 32, 0, 0,
];

static STANDARD_SYMBOLS: &[u8; 64] =
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static URL_SAFE_SYMBOLS: &[u8; 64] =
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

#[cfg(test)]
mod tests {
    use super::super::Alphabet::{self, Standard, UrlSafe};
    use super::super::{decoded_len, encoded_len, portable};
    use crate::random::Random;

    /// What both give, which has to be the same.
    fn decoded(alphabet: Alphabet, text: &[u8]) -> Option<Vec<u8>> {
        let mut out = [(); 2].map(|()| vec![0; decoded_len(text.len())]);
        let [first, second] = &mut out;
        // SAFETY: only called where there is AVX2.
        let len = unsafe { super::decode(alphabet, text, first) };
        assert_eq!(
            len,
            portable::decode(alphabet, text, second),
            "{alphabet:?} {}",
            text.escape_ascii()
        );
        let [first, second] = &out;
        let first = first.get(..len?).map(<[u8]>::to_vec);
        assert_eq!(first.as_deref(), second.get(..len?));
        first
    }

    /// What both give, which has to be the same.
    fn encoded(alphabet: Alphabet, bytes: &[u8]) -> Vec<u8> {
        let len = encoded_len(alphabet, bytes.len()).unwrap_or_default();
        let mut out = [(); 2].map(|()| vec![0; len]);
        let [first, second] = &mut out;
        // SAFETY: only called where there is AVX2.
        assert_eq!(unsafe { super::encode(alphabet, bytes, first) }, Some(len));
        assert_eq!(portable::encode(alphabet, bytes, second), Some(len));
        let [first, second] = out;
        assert_eq!(first, second);
        first
    }

    #[test]
    fn is_as_its_twin_for_every_length() {
        if !is_x86_feature_detected!("avx2") {
            return;
        }
        let mut random = Random::default();
        for len in 0..5000 {
            for alphabet in [Standard, UrlSafe] {
                let bytes = random.bytes(len);
                let text = encoded(alphabet, &bytes);
                assert_eq!(decoded(alphabet, &text), Some(bytes));
                for cut in 1..=4 {
                    decoded(alphabet, text.get(cut..).unwrap_or_default());
                    decoded(
                        alphabet,
                        text.get(..text.len().saturating_sub(cut))
                            .unwrap_or_default(),
                    );
                }
                // One other byte, anywhere.
                let [byte, place @ ..]: [u8; 9] = random.array();
                let place = usize::from_le_bytes(place).checked_rem(text.len());
                let mut text = text;
                if let Some(old) = place.and_then(|place| text.get_mut(place)) {
                    *old = byte;
                }
                decoded(alphabet, &text);
                decoded(alphabet, &random.bytes(len));
            }
        }
    }

    #[test]
    fn is_as_its_twin_for_every_byte_in_every_place() {
        if !is_x86_feature_detected!("avx2") {
            return;
        }
        let mut random = Random::default();
        for len in (0..40).chain([46, 47, 48, 49, 70, 71, 72, 73, 74]) {
            for alphabet in [Standard, UrlSafe] {
                let text = encoded(alphabet, &random.bytes(len));
                for place in 0..text.len() {
                    let mut text = text.clone();
                    for byte in 0..=u8::MAX {
                        if let Some(old) = text.get_mut(place) {
                            *old = byte;
                        }
                        decoded(alphabet, &text);
                    }
                }
            }
        }
    }
}
