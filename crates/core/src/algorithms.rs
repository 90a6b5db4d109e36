//! The digests and ciphers that Rails lets an application choose, and their names.

use std::fmt;
use std::str::FromStr;

use crate::Error;

/// Hash functions for HMAC and PBKDF2.
///
/// Parses the names that Rails settings and OpenSSL have for them, in either case: `SHA256`,
/// `SHA-256`, `SHA2-256`.
///
/// # Examples
/// ```
/// use rails_session_core::Digest;
///
/// let digest: Digest = "sha256".parse()?;
/// assert_eq!(digest, Digest::Sha256);
/// assert_eq!(digest.name(), "SHA256");
/// assert_eq!(digest.len(), 32);
/// # Ok::<(), rails_session_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Digest {
    /// MD5 (RFC 1321): 16 bytes.
    Md5,
    /// SHA-1 (FIPS 180-4): 20 bytes. What Rails signs with unless told otherwise.
    Sha1,
    /// SHA-256: 32 bytes.
    Sha256,
    /// SHA-384: 48 bytes.
    Sha384,
    /// SHA-512: 64 bytes.
    Sha512,
}

impl Digest {
    /// The name that Rails settings have for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Md5 => "MD5",
            Self::Sha1 => "SHA1",
            Self::Sha256 => "SHA256",
            Self::Sha384 => "SHA384",
            Self::Sha512 => "SHA512",
        }
    }

    /// Length of a hash in bytes.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "no hash is empty")]
    pub const fn len(self) -> usize {
        match self {
            Self::Md5 => 16,
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }
}

impl FromStr for Digest {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        find(
            name,
            &[
                (&["MD5"], Self::Md5),
                (&["SHA1", "SHA-1"], Self::Sha1),
                (&["SHA256", "SHA-256", "SHA2-256"], Self::Sha256),
                (&["SHA384", "SHA-384", "SHA2-384"], Self::Sha384),
                (&["SHA512", "SHA-512", "SHA2-512"], Self::Sha512),
            ],
        )
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// AES in CBC mode, which needs an HMAC besides. Parses OpenSSL's names, in either case.
///
/// # Examples
/// ```
/// use rails_session_core::CbcCipher;
///
/// let cipher: CbcCipher = "aes-256-cbc".parse()?;
/// assert_eq!((cipher, cipher.key_len()), (CbcCipher::Aes256, 32));
/// # Ok::<(), rails_session_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CbcCipher {
    /// `aes-128-cbc`
    Aes128,
    /// `aes-192-cbc`
    Aes192,
    /// `aes-256-cbc`, which Rails uses.
    Aes256,
}

impl CbcCipher {
    /// OpenSSL's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Aes128 => "aes-128-cbc",
            Self::Aes192 => "aes-192-cbc",
            Self::Aes256 => "aes-256-cbc",
        }
    }

    /// Length of its key in bytes.
    #[must_use]
    pub const fn key_len(self) -> usize {
        match self {
            Self::Aes128 => 16,
            Self::Aes192 => 24,
            Self::Aes256 => 32,
        }
    }
}

impl FromStr for CbcCipher {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        find(
            name,
            &[
                (&["aes-128-cbc", "aes128"], Self::Aes128),
                (&["aes-192-cbc", "aes192"], Self::Aes192),
                (&["aes-256-cbc", "aes256"], Self::Aes256),
            ],
        )
    }
}

impl fmt::Display for CbcCipher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Ciphers that authenticate by themselves: 12-byte IV, 16-byte tag, no additional data. Parses
/// OpenSSL's names, in either case.
///
/// # Examples
/// ```
/// use rails_session_core::AeadCipher;
///
/// let cipher: AeadCipher = "aes-256-gcm".parse()?;
/// assert_eq!((cipher, cipher.key_len()), (AeadCipher::Aes256Gcm, 32));
/// # Ok::<(), rails_session_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AeadCipher {
    /// `aes-128-gcm`, which Rails' encrypted credentials use.
    Aes128Gcm,
    /// `aes-192-gcm`
    Aes192Gcm,
    /// `aes-256-gcm`, which Rails' cookies use.
    Aes256Gcm,
    /// `chacha20-poly1305` (RFC 8439)
    ChaCha20Poly1305,
}

impl AeadCipher {
    /// OpenSSL's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Aes128Gcm => "aes-128-gcm",
            Self::Aes192Gcm => "aes-192-gcm",
            Self::Aes256Gcm => "aes-256-gcm",
            Self::ChaCha20Poly1305 => "chacha20-poly1305",
        }
    }

    /// Length of its key in bytes.
    #[must_use]
    pub const fn key_len(self) -> usize {
        match self {
            Self::Aes128Gcm => 16,
            Self::Aes192Gcm => 24,
            Self::Aes256Gcm | Self::ChaCha20Poly1305 => 32,
        }
    }
}

impl FromStr for AeadCipher {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        find(
            name,
            &[
                (&["aes-128-gcm", "id-aes128-GCM"], Self::Aes128Gcm),
                (&["aes-192-gcm", "id-aes192-GCM"], Self::Aes192Gcm),
                (&["aes-256-gcm", "id-aes256-GCM"], Self::Aes256Gcm),
                (&["chacha20-poly1305"], Self::ChaCha20Poly1305),
            ],
        )
    }
}

impl fmt::Display for AeadCipher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

fn find<T: Copy>(name: &str, table: &[(&[&str], T)]) -> Result<T, Error> {
    let row = table
        .iter()
        .find(|(names, _)| names.iter().any(|known| known.eq_ignore_ascii_case(name)));
    row.map(|&(_, algorithm)| algorithm)
        .ok_or(Error::UnknownAlgorithm)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::{AeadCipher, CbcCipher, Digest};
    use crate::Error;

    #[test]
    fn names_parse_back() {
        for digest in [
            Digest::Md5,
            Digest::Sha1,
            Digest::Sha256,
            Digest::Sha384,
            Digest::Sha512,
        ] {
            assert_eq!(digest.name().parse::<Digest>().unwrap(), digest);
            assert_eq!(
                digest.to_string().to_lowercase().parse::<Digest>().unwrap(),
                digest
            );
        }
        for cipher in [CbcCipher::Aes128, CbcCipher::Aes192, CbcCipher::Aes256] {
            assert_eq!(
                cipher.name().to_uppercase().parse::<CbcCipher>().unwrap(),
                cipher
            );
        }
        for cipher in [
            AeadCipher::Aes128Gcm,
            AeadCipher::Aes192Gcm,
            AeadCipher::Aes256Gcm,
            AeadCipher::ChaCha20Poly1305,
        ] {
            assert_eq!(
                cipher.name().to_uppercase().parse::<AeadCipher>().unwrap(),
                cipher
            );
        }
    }

    #[test]
    fn other_names_are_unknown() {
        for name in [
            "",
            "sha",
            "SHA224",
            "SHA3-256",
            "sha256 ",
            "aes-256-ctr",
            "aes-256-gcm\0",
            "aes-256",
        ] {
            assert_eq!(
                name.parse::<Digest>().unwrap_err(),
                Error::UnknownAlgorithm,
                "{name:?}"
            );
            assert_eq!(
                name.parse::<CbcCipher>().unwrap_err(),
                Error::UnknownAlgorithm,
                "{name:?}"
            );
            assert_eq!(
                name.parse::<AeadCipher>().unwrap_err(),
                Error::UnknownAlgorithm,
                "{name:?}"
            );
        }
    }
}
