//! PBKDF2: from `secret_key_base` and a salt to a key.

use md5::Md5;
use pbkdf2::pbkdf2_hmac;
use rails_session_accel::hmac::{HmacSha1, HmacSha256};
use sha2::{Sha384, Sha512};
use zeroize::Zeroizing;

use crate::{Digest, Error, Key};

/// Derives a key of `length` bytes: PBKDF2-HMAC (RFC 8018), as `ActiveSupport::KeyGenerator` does
/// it.
///
/// Rails uses 1000 iterations for all that an application's own key generator derives, lengths of
/// 64 bytes for HMAC and of 16, 24 or 32 for AES. Time grows with `iterations` × ⌈`length` / digest
/// length⌉: 1000 iterations take about 0.1 ms for 32 bytes with SHA-256 and 0.2 ms for 64 bytes
/// with SHA-1, on a processor with SHA instructions.
///
/// # Errors
/// [`Error::Iterations`] when `iterations` is 0; [`Error::DerivedLength`] when `length` is above
/// 2³¹-1, or above what memory can be had for.
///
/// # Panics
/// Never.
///
/// # Examples
/// ```
/// use rails_session_core::{Digest, derive};
///
/// let key = derive(Digest::Sha256, b"secret_key_base", b"authenticated encrypted cookie", 1000, 32)?;
/// assert_eq!(key.len(), 32);
/// # Ok::<(), rails_session_core::Error>(())
/// ```
pub fn derive(
    digest: Digest,
    secret: &[u8],
    salt: &[u8],
    iterations: u32,
    length: usize,
) -> Result<Key, Error> {
    if iterations == 0 {
        return Err(Error::Iterations);
    }
    let mut bytes = room_for(length)?;
    match digest {
        Digest::Md5 => pbkdf2_hmac::<Md5>(secret, salt, iterations, &mut bytes),
        Digest::Sha1 => HmacSha1::new(secret)
            .pbkdf2(salt, iterations, &mut bytes)
            .ok_or(Error::DerivedLength)?,
        Digest::Sha256 => HmacSha256::new(secret)
            .pbkdf2(salt, iterations, &mut bytes)
            .ok_or(Error::DerivedLength)?,
        Digest::Sha384 => pbkdf2_hmac::<Sha384>(secret, salt, iterations, &mut bytes),
        Digest::Sha512 => pbkdf2_hmac::<Sha512>(secret, salt, iterations, &mut bytes),
    }
    Ok(Key::from(bytes))
}

fn room_for(length: usize) -> Result<Zeroizing<Vec<u8>>, Error> {
    if length > MAX_LENGTH {
        return Err(Error::DerivedLength);
    }
    let mut bytes = Zeroizing::new(Vec::new());
    bytes
        .try_reserve_exact(length)
        .map_err(|_| Error::DerivedLength)?;
    bytes.resize(length, 0);
    Ok(bytes)
}

/// As `node:crypto` has it; the number of PBKDF2's blocks then fits 32 bits for every digest.
const MAX_LENGTH: usize = 0x7fff_ffff;

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::derive;
    use crate::{Digest, Error};

    #[test]
    fn refuses_zero_iterations_and_huge_lengths() {
        assert_eq!(
            derive(Digest::Sha1, b"s", b"s", 0, 20).unwrap_err(),
            Error::Iterations
        );
        assert_eq!(
            derive(Digest::Sha1, b"s", b"s", 1, usize::MAX).unwrap_err(),
            Error::DerivedLength
        );
    }

    #[test]
    fn a_shorter_key_is_a_prefix_of_a_longer_one() {
        for digest in [
            Digest::Md5,
            Digest::Sha1,
            Digest::Sha256,
            Digest::Sha384,
            Digest::Sha512,
        ] {
            let long = derive(digest, b"secret", b"salt", 2, 150).unwrap();
            for length in [0, 1, 16, 20, 63, 64, 65, 128] {
                let short = derive(digest, b"secret", b"salt", 2, length).unwrap();
                assert_eq!(short.as_bytes(), long.as_bytes().get(..length).unwrap());
            }
        }
    }
}
