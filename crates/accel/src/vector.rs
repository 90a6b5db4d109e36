//! Vectors of 16 and 32 bytes, and where they come from and go to: only here do instructions touch
//! memory.

use std::arch::x86_64::{
    __m128i, __m256i, _mm_loadu_si128, _mm_storel_epi64, _mm_storeu_si128,
    _mm256_broadcastsi128_si256, _mm256_castsi256_si128, _mm256_extracti128_si256,
    _mm256_loadu_si256, _mm256_setr_m128i, _mm256_storeu_si256,
};

/// Bytes in a vector.
pub(crate) const WIDTH: usize = 32;

#[inline]
#[target_feature(enable = "avx2")]
pub(crate) fn load(bytes: &[u8; WIDTH]) -> __m256i {
    // SAFETY: 32 bytes can be read there, at any alignment.
    unsafe { _mm256_loadu_si256(bytes.as_ptr().cast()) }
}

#[inline]
#[target_feature(enable = "avx2")]
pub(crate) fn store(vector: __m256i, bytes: &mut [u8; WIDTH]) {
    // SAFETY: 32 bytes can be written there, at any alignment.
    unsafe { _mm256_storeu_si256(bytes.as_mut_ptr().cast(), vector) }
}

#[inline]
#[target_feature(enable = "avx2")]
pub(crate) fn load_16(bytes: &[u8; 16]) -> __m128i {
    // SAFETY: 16 bytes can be read there, at any alignment.
    unsafe { _mm_loadu_si128(bytes.as_ptr().cast()) }
}

#[inline]
#[target_feature(enable = "avx2")]
pub(crate) fn store_16(vector: __m128i, bytes: &mut [u8; 16]) {
    // SAFETY: 16 bytes can be written there, at any alignment.
    unsafe { _mm_storeu_si128(bytes.as_mut_ptr().cast(), vector) }
}

/// Bytes 0 to 15 and 8 to 23, as the two halves of a vector.
#[inline]
#[target_feature(enable = "avx2")]
pub(crate) fn load_24(bytes: &[u8; 24]) -> __m256i {
    let [low @ .., _, _, _, _, _, _, _, _] = bytes;
    let [_, _, _, _, _, _, _, _, high @ ..] = bytes;
    _mm256_setr_m128i(load_16(low), load_16(high))
}

/// The first 24 bytes of the vector.
#[inline]
#[target_feature(enable = "avx2")]
pub(crate) fn store_24(vector: __m256i, bytes: &mut [u8; 24]) {
    let [low @ .., _, _, _, _, _, _, _, _] = bytes;
    store_16(_mm256_castsi256_si128(vector), low);
    let [_, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, high @ ..] = bytes;
    let (high, upper): (&mut [u8; 8], _) = (high, _mm256_extracti128_si256::<1>(vector));
    // SAFETY: 8 bytes can be written there, at any alignment.
    unsafe { _mm_storel_epi64(high.as_mut_ptr().cast(), upper) }
}

/// The same 16 bytes in each half, since a vector is shuffled by halves.
#[inline]
#[target_feature(enable = "avx2")]
pub(crate) fn twice(bytes: &[u8; 16]) -> __m256i {
    _mm256_broadcastsi128_si256(load_16(bytes))
}
