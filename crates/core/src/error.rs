//! What can go wrong: mistakes of the program, and messages that do not open.

use std::fmt;

/// A mistake in how this crate is used, or a system without randomness. Never the fault of a
/// message that was read.
///
/// # Examples
/// ```
/// use rails_session_core::{AeadCipher, Error, Key, Scheme};
///
/// let error = Scheme::aead(AeadCipher::Aes256Gcm, &Key::new(b"too short")).unwrap_err();
/// assert_eq!(error, Error::KeyLength);
/// assert_eq!(error.code(), "key_length");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Error {
    /// No digest or cipher of this crate has that name.
    UnknownAlgorithm,
    /// The key has not the length that its cipher takes.
    KeyLength,
    /// PBKDF2 with 0 iterations.
    Iterations,
    /// More bytes asked of PBKDF2 than memory can be had for, or than 2³¹-1.
    DerivedLength,
    /// A keyring takes 1 to 127 schemes.
    SchemeCount,
    /// The IV has not the length that the scheme takes.
    IvLength,
    /// The payload is too long to be sealed.
    PayloadLength,
    /// The operating system gave no random bytes.
    Random,
}

impl Error {
    /// A short name that stays the same between releases.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::UnknownAlgorithm => "unknown_algorithm",
            Self::KeyLength => "key_length",
            Self::Iterations => "iterations",
            Self::DerivedLength => "derived_length",
            Self::SchemeCount => "scheme_count",
            Self::IvLength => "iv_length",
            Self::PayloadLength => "payload_length",
            Self::Random => "random",
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnknownAlgorithm => "unknown digest or cipher",
            Self::KeyLength => "the key has not the length that the cipher takes",
            Self::Iterations => "PBKDF2 takes at least one iteration",
            Self::DerivedLength => "too many bytes to derive",
            Self::SchemeCount => "a keyring takes 1 to 127 schemes",
            Self::IvLength => "the IV has not the length that the scheme takes",
            Self::PayloadLength => "the payload is too long to be sealed",
            Self::Random => "the operating system gave no random bytes",
        })
    }
}

impl std::error::Error for Error {}

/// Why a message does not open. An everyday answer, not a failure of the program.
///
/// Ordered by how much it tells: of several schemes that refuse a message, a
/// [`Keyring`](crate::Keyring) reports the greatest reason. Do not tell the sender of a message
/// which one it was.
///
/// # Examples
/// ```
/// use rails_session_core::Rejection;
///
/// assert!(Rejection::Malformed < Rejection::Unauthenticated);
/// assert_eq!(Rejection::Malformed.code(), "malformed");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Rejection {
    /// The text cannot be a message of any scheme: separator, alphabet, lengths.
    Malformed,
    /// Some scheme's framing fits, but no MAC or tag, or the CBC padding, was right.
    Unauthenticated,
    /// A MAC was right, and the text below it is not base64 or not framed as it should be.
    Undecodable,
}

impl Rejection {
    /// A short name that stays the same between releases.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::Unauthenticated => "unauthenticated",
            Self::Undecodable => "undecodable",
        }
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl std::error::Error for Rejection {}

#[cfg(test)]
mod tests {
    use super::{Error, Rejection};

    #[test]
    fn codes_differ() {
        let codes = [
            Error::UnknownAlgorithm,
            Error::KeyLength,
            Error::Iterations,
            Error::DerivedLength,
            Error::SchemeCount,
            Error::IvLength,
            Error::PayloadLength,
            Error::Random,
        ]
        .map(Error::code);
        let mut unique = codes.to_vec();
        unique.sort_unstable();
        unique.dedup();
        assert_eq!(unique.len(), codes.len());
    }

    #[test]
    fn the_most_telling_rejection_is_the_greatest() {
        assert!(Rejection::Undecodable > Rejection::Unauthenticated);
        assert!(Rejection::Unauthenticated > Rejection::Malformed);
    }
}
