//! Form escapes in vectors, without a branch that depends on where they are. A processor cannot
//! foresee that in a text that it has not seen before, and a wrong guess takes it as long as 32
//! bytes do here.

use std::arch::x86_64::{
    __m256i, _mm_blendv_epi8, _mm_cmpeq_epi8, _mm_cvtsi128_si64, _mm_extract_epi64,
    _mm_movemask_epi8, _mm_or_si128, _mm_set_epi64x, _mm_set1_epi8, _mm_shuffle_epi8, _mm_sub_epi8,
    _mm_unpackhi_epi32, _mm_unpackhi_epi64, _mm_unpacklo_epi32, _mm_unpacklo_epi64,
    _mm256_and_si256, _mm256_andnot_si256, _mm256_blendv_epi8, _mm256_castsi256_si128,
    _mm256_cmpeq_epi8, _mm256_cmpgt_epi8, _mm256_extracti128_si256, _mm256_min_epi8,
    _mm256_movemask_epi8, _mm256_or_si256, _mm256_set1_epi8, _mm256_setzero_si256,
    _mm256_shuffle_epi8, _mm256_testz_si256,
};

use super::{SLACK, portable};
use crate::vector::{WIDTH, load, load_16, store_16, twice};

/// As [`super::unescape`].
#[target_feature(enable = "avx2,popcnt")]
pub(super) fn unescape(text: &[u8], out: &mut [u8]) -> Option<usize> {
    unescape_signs(text, out).or_else(|| portable::unescape(text, out))
}

/// As [`super::escape`].
#[target_feature(enable = "avx2,popcnt")]
pub(super) fn escape(message: &[u8], out: &mut [u8]) -> Option<usize> {
    let windows = message.as_chunks().0.iter();
    let mut to = copy_while(windows, |window| !has_signs(window), out);
    let (blocks, rest) = message.get(to..)?.as_chunks();
    for block in blocks {
        let out = out.get_mut(to..)?.first_chunk_mut()?;
        to = to.wrapping_add(escape_block(block, out));
    }
    if !rest.is_empty() {
        let mut block = [0; BLOCK];
        block.get_mut(..rest.len())?.copy_from_slice(rest);
        let len = escape_block(&block, out.get_mut(to..)?.first_chunk_mut()?);
        // What is not of the message stands there as it was.
        let others = BLOCK.wrapping_sub(rest.len());
        to = to.wrapping_add(len).checked_sub(others)?;
    }
    Some(to)
}

/// Unescapes a text of [`END`] bytes or more that has no escapes but those of [`super::escape`], and
/// no `+`: nearly every text. None for any other.
#[inline]
#[target_feature(enable = "avx2,popcnt")]
fn unescape_signs(text: &[u8], out: &mut [u8]) -> Option<usize> {
    // The last bytes are read elsewhere, where there is something behind them. They go there first,
    // since memory that was just written to is slow to read.
    let mut end = [0; 2 * END];
    *end.first_chunk_mut()? = *text.last_chunk::<END>()?;

    let windows = text.as_chunks().0.iter();
    let mut from = copy_while(windows, |window| is_plain(window), out);
    let mut to = from;
    let (mut strange, mut digits) = (_mm256_setzero_si256(), 0);
    while let Some(bytes) = text.get(from..)?.first_chunk() {
        let block = Block::of(bytes);
        strange = _mm256_or_si256(strange, block.strange);
        digits = digits >> WIDTH | block.escapes << 1 | block.escapes << 2;
        let out = out.get_mut(to..)?.first_chunk_mut()?;
        to = to.wrapping_add(put(block.bytes, !digits, out));
        from = from.wrapping_add(WIDTH);
    }
    let mut left = text.len().wrapping_sub(from);
    let mut start = END.wrapping_sub(left);
    while left > 0 {
        let block = Block::of(end.get(start..)?.first_chunk()?);
        strange = _mm256_or_si256(strange, block.strange);
        digits = digits >> WIDTH | block.escapes << 1 | block.escapes << 2;
        let len = left.min(WIDTH);
        let kept = !digits & (1_u64 << len).wrapping_sub(1);
        let out = out.get_mut(to..)?.first_chunk_mut()?;
        to = to.wrapping_add(put(block.bytes, kept, out));
        start = start.wrapping_add(len);
        left = left.wrapping_sub(len);
    }
    (_mm256_testz_si256(strange, strange) != 0).then_some(to)
}

/// Copies windows up to the first one that is not plain, and returns their length.
#[inline]
#[target_feature(enable = "avx2")]
fn copy_while<'a>(
    windows: impl Iterator<Item = &'a [u8; WINDOW]>,
    is_plain: impl Fn(&[u8; WINDOW]) -> bool,
    out: &mut [u8],
) -> usize {
    let mut len = 0_usize;
    for (window, out) in windows.zip(out.as_chunks_mut().0) {
        if !is_plain(window) {
            break;
        }
        *out = *window;
        len = len.wrapping_add(WINDOW);
    }
    len
}

/// Whether there is neither a `%` nor a `+`: those come before everything else that a message is
/// made of.
#[inline]
#[target_feature(enable = "avx2")]
fn is_plain(window: &[u8; WINDOW]) -> bool {
    let mut least = all(i8::MAX.cast_unsigned());
    for bytes in window.as_chunks().0 {
        least = _mm256_min_epi8(least, load(bytes));
    }
    _mm256_movemask_epi8(_mm256_cmpgt_epi8(all(b'+' + 1), least)) == 0
}

/// Whether there is one of the bytes that [`escape`] replaces.
#[inline]
#[target_feature(enable = "avx2")]
fn has_signs(window: &[u8; WINDOW]) -> bool {
    let mut found = _mm256_setzero_si256();
    for bytes in window.as_chunks().0 {
        let bytes = load(bytes);
        let is_equals = _mm256_cmpeq_epi8(bytes, all(b'='));
        let is_other = _mm256_cmpeq_epi8(_mm256_or_si256(bytes, all(b'+' ^ b'/')), all(b'/'));
        found = _mm256_or_si256(found, _mm256_or_si256(is_equals, is_other));
    }
    _mm256_testz_si256(found, found) == 0
}

#[inline]
#[target_feature(enable = "avx2")]
fn all(byte: u8) -> __m256i {
    _mm256_set1_epi8(byte.cast_signed())
}

/// 32 bytes of an escaped text.
struct Block {
    /// Bytes, those that are escaped in place of their `%`.
    bytes: __m256i,
    /// Bit n stands for a `%` at byte n.
    escapes: u64,
    /// Not zero if there is a `+` or an escape of another byte.
    strange: __m256i,
}

impl Block {
    #[inline]
    #[target_feature(enable = "avx2")]
    fn of(bytes: &[u8; WIDTH + 2]) -> Self {
        let [_, seconds @ .., _] = bytes;
        let [_, _, thirds @ ..] = bytes;
        let [firsts @ .., _, _] = bytes;
        let (firsts, seconds, thirds) = (load(firsts), load(seconds), load(thirds));

        // The low half of the last digit tells the three escapes apart.
        let by_low_half = |table| _mm256_shuffle_epi8(twice(table), thirds);
        let is_sign = _mm256_and_si256(
            _mm256_cmpeq_epi8(seconds, by_low_half(&HIGH_DIGITS)),
            _mm256_cmpeq_epi8(thirds, by_low_half(&LOW_DIGITS)),
        );

        let is_escape = _mm256_cmpeq_epi8(firsts, all(b'%'));
        let is_plus = _mm256_cmpeq_epi8(firsts, all(b'+'));
        Self {
            bytes: _mm256_blendv_epi8(firsts, by_low_half(&SIGNS), is_escape),
            escapes: u64::from(_mm256_movemask_epi8(is_escape).cast_unsigned()),
            strange: _mm256_or_si256(is_plus, _mm256_andnot_si256(is_sign, is_escape)),
        }
    }
}

/// Writes those of 32 bytes whose bits are set in `kept`, one after the other, and returns their
/// number. Of `out`, 32 bytes are overwritten at most.
#[inline]
#[target_feature(enable = "avx2,popcnt")]
fn put(bytes: __m256i, kept: u64, out: &mut [u8; SLACK]) -> usize {
    let halves = [
        _mm256_castsi256_si128(bytes),
        _mm256_extracti128_si256::<1>(bytes),
    ];
    let [a, b, c, d, ..] = kept.to_le_bytes();
    let mut to = 0_usize;
    for (half, (low, high)) in halves.into_iter().zip([(a, b), (c, d)]) {
        let order = |kept: u8| ORDERS.get(usize::from(kept)).copied().unwrap_or_default();
        let order = _mm_set_epi64x(
            (order(high) | UPPER_HALF).cast_signed(),
            order(low).cast_signed(),
        );
        let packed = _mm_shuffle_epi8(half, order);
        for (kept, packed) in [
            (low, _mm_cvtsi128_si64(packed)),
            (high, _mm_extract_epi64::<1>(packed)),
        ] {
            if let Some(out) = out.get_mut(to..).and_then(<[u8]>::first_chunk_mut) {
                *out = packed.to_le_bytes();
            }
            to = to.wrapping_add(kept.count_ones() as usize);
        }
    }
    to
}

/// Writes 16 bytes, escaped, and returns their number. Of `out`, 16 bytes more may be overwritten.
#[inline]
#[target_feature(enable = "avx2,popcnt")]
fn escape_block(block: &[u8; BLOCK], out: &mut [u8; SLACK]) -> usize {
    let all = |byte: u8| _mm_set1_epi8(byte.cast_signed());
    let bytes = load_16(block);
    let is_equals = _mm_cmpeq_epi8(bytes, all(b'='));
    // The two others differ in one bit.
    let is_sign = _mm_or_si128(
        is_equals,
        _mm_cmpeq_epi8(_mm_or_si128(bytes, all(b'+' ^ b'/')), all(b'/')),
    );
    let mut signs = _mm_movemask_epi8(is_sign).cast_unsigned() as usize;
    let firsts = _mm_blendv_epi8(bytes, all(b'%'), is_sign);
    let seconds = _mm_sub_epi8(all(b'2'), is_equals);
    // A sign has its own low half as its last digit.
    let thirds = _mm_shuffle_epi8(load_16(b"0123456789ABCDEF"), bytes);

    // For four bytes at a time, everything that may become of them.
    let (low, high) = (
        _mm_unpacklo_epi32(firsts, seconds),
        _mm_unpackhi_epi32(firsts, seconds),
    );
    let (low_end, high_end) = (
        _mm_unpacklo_epi32(thirds, thirds),
        _mm_unpackhi_epi32(thirds, thirds),
    );
    let mut to = 0_usize;
    for four in [
        _mm_unpacklo_epi64(low, low_end),
        _mm_unpackhi_epi64(low, low_end),
        _mm_unpacklo_epi64(high, high_end),
        _mm_unpackhi_epi64(high, high_end),
    ] {
        let expansion = EXPANSIONS.get(signs & 0x0f).unwrap_or(&[0; 16]);
        if let Some(out) = out.get_mut(to..).and_then(<[u8]>::first_chunk_mut) {
            store_16(_mm_shuffle_epi8(four, load_16(expansion)), out);
        }
        let count = (signs & 0x0f).count_ones() as usize;
        to = to.wrapping_add(count.wrapping_mul(2)).wrapping_add(4);
        signs >>= 4;
    }
    to
}

/// By the low half of its last digit: the first digit of the escape of a sign.
static HIGH_DIGITS: [u8; 16] = *b"??2?3?2?????????";
/// The last digit, or a byte with another low half.
static LOW_DIGITS: [u8; 16] = *b"??B?D?F????????\0";
/// The sign.
static SIGNS: [u8; 16] = *b"??+?=?/?????????";

/// By bits of eight bytes, set for those that are kept: the places of these, as bytes of a number.
#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
static ORDERS: [u64; 256] = {
    let mut orders = [0; 256];
    let mut kept = 0_usize;
    while kept < orders.len() {
        let (mut place, mut count) = (0_u64, 0);
        while place < 8 {
            if kept >> place & 1 == 1 {
                orders[kept] |= place << (8 * count);
                count += 1;
            }
            place += 1;
        }
        kept += 1;
    }
    orders
};

/// What makes an order for the upper half of a vector.
const UPPER_HALF: u64 = u64::from_ne_bytes([8; 8]);

/// By bits of four bytes, set for signs: the places of what becomes of them, in their four firsts,
/// four seconds and four thirds.
#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
static EXPANSIONS: [[u8; 16]; 16] = {
    let mut expansions = [[0; 16]; 16];
    let mut signs = 0_usize;
    while signs < expansions.len() {
        let (mut place, mut count) = (0_u8, 0);
        while place < 4 {
            expansions[signs][count] = place;
            count += 1;
            if signs >> place & 1 == 1 {
                expansions[signs][count] = 4 + place;
                expansions[signs][count + 1] = 8 + place;
                count += 2;
            }
            place += 1;
        }
        signs += 1;
    }
    expansions
};

/// What is copied at a time where there is nothing else to do.
const WINDOW: usize = 2 * WIDTH;
/// What is escaped at a time.
const BLOCK: usize = 16;
/// More bytes than windows may leave.
const END: usize = 2 * WIDTH;

#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, reason = "small numbers")]
mod tests {
    use super::super::{SLACK, portable};
    use crate::random::Random;

    /// What both give, which has to be the same.
    fn unescaped(text: &[u8]) -> Option<Vec<u8>> {
        let mut out = [(); 2].map(|()| vec![0; text.len() + SLACK]);
        let [first, second] = &mut out;
        // SAFETY: only called where there are AVX2 and POPCNT.
        let len = unsafe { super::unescape(text, first) };
        assert_eq!(
            len,
            portable::unescape(text, second),
            "{}",
            text.escape_ascii()
        );
        let [first, second] = out;
        Some(same(len?, first, second))
    }

    /// What both give, which has to be the same.
    fn escaped(message: &[u8]) -> Vec<u8> {
        let mut out = [(); 2].map(|()| vec![0; 3 * message.len() + SLACK]);
        let [first, second] = &mut out;
        // SAFETY: only called where there are AVX2 and POPCNT.
        let len = unsafe { super::escape(message, first) };
        assert_eq!(len, portable::escape(message, second));
        let [first, second] = out;
        same(len.unwrap_or_default(), first, second)
    }

    /// What counts of both, which has to be the same. Nothing was written far behind it.
    fn same(len: usize, mut first: Vec<u8>, mut second: Vec<u8>) -> Vec<u8> {
        for out in [&mut first, &mut second] {
            let behind = out.split_off(len).split_off(SLACK);
            assert!(behind.iter().all(|&byte| byte == 0), "{len}");
        }
        assert_eq!(first, second);
        first
    }

    /// A text of `len` pieces.
    fn text(pieces: &[&str], len: usize, random: &mut Random) -> Vec<u8> {
        let pick = |byte: u8| pieces.get(usize::from(byte).checked_rem(pieces.len())?);
        let picked: String = random
            .bytes(len)
            .into_iter()
            .filter_map(pick)
            .copied()
            .collect();
        picked.into_bytes()
    }

    #[test]
    fn is_as_its_twin_for_every_length() {
        if !(is_x86_feature_detected!("avx2") && is_x86_feature_detected!("popcnt")) {
            return;
        }
        let mut random = Random::default();
        let message: Vec<&str> = vec!["A", "b", "0", "z", "9", "_", "-", "Q", "X", "+", "/", "="];
        let mut others = message.clone();
        others.extend([
            "%2B", "%2F", "%3D", "%2b", "%41", "%", "%%", "%2", "\u{e9}", "\0",
        ]);
        for len in 0..5000 {
            let good = text(&message, len, &mut random);
            let sealed = escaped(&good);
            assert_eq!(unescaped(&sealed).as_ref(), Some(&good));
            for cut in 1..4 {
                unescaped(sealed.get(cut..).unwrap_or_default());
                unescaped(
                    sealed
                        .get(..sealed.len().saturating_sub(cut))
                        .unwrap_or_default(),
                );
            }
            unescaped(&text(&others, len.min(300), &mut random));
            let bytes = random.bytes(len);
            assert!(escaped(&bytes).len() >= len);
            unescaped(&bytes);
        }
    }

    #[test]
    fn is_as_its_twin_for_every_byte_in_every_place() {
        if !(is_x86_feature_detected!("avx2") && is_x86_feature_detected!("popcnt")) {
            return;
        }
        let text =
            b"abc%2Bdefghijklmno%2F%3Dpqrstuvwxyz0%3D%3D123456789--ABC%2FDEFGHIJKLMNOPQRSTUVWX%3D";
        for end in 0..text.len() {
            let mut text = text.get(..end).unwrap_or_default().to_vec();
            for place in 0..end {
                let old = text.get(place).copied().unwrap_or_default();
                for byte in 0..=u8::MAX {
                    if let Some(old) = text.get_mut(place) {
                        *old = byte;
                    }
                    unescaped(&text);
                    escaped(&text);
                }
                if let Some(byte) = text.get_mut(place) {
                    *byte = old;
                }
            }
        }
    }

    #[test]
    fn every_escape_is_as_its_twin_has_it() {
        if !(is_x86_feature_detected!("avx2") && is_x86_feature_detected!("popcnt")) {
            return;
        }
        for before in [0, 29, 30, 31, 32] {
            for high in 0..=u8::MAX {
                for low in 0..=u8::MAX {
                    let mut text = vec![b'x'; before];
                    text.extend([b'%', high, low]);
                    unescaped(&text);
                }
            }
        }
    }
}
