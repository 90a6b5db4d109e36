//! Key bytes.

use std::fmt;

use zeroize::Zeroizing;

/// Key bytes, overwritten when dropped. Neither copied nor shown: `Debug` prints `Key(..)`.
///
/// # Examples
/// ```
/// use rails_session_core::Key;
///
/// let key = Key::new(&[7; 32]);
/// assert_eq!(key.len(), 32);
/// assert_eq!(format!("{key:?}"), "Key(..)");
/// ```
pub struct Key(Zeroizing<Vec<u8>>);

impl Key {
    /// A key from bytes that are a key already. The bytes are copied; any length goes.
    #[must_use]
    pub fn new(bytes: &[u8]) -> Self {
        Self(Zeroizing::new(bytes.to_vec()))
    }

    /// The key bytes. Whoever copies them has to wipe the copy.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Length in bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether the length is 0.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<Zeroizing<Vec<u8>>> for Key {
    /// Takes the bytes over without a copy.
    fn from(bytes: Zeroizing<Vec<u8>>) -> Self {
        Self(bytes)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::Key;

    #[test]
    fn debug_shows_no_bytes() {
        assert_eq!(
            format!("{:?} {:#?}", Key::new(b"secret"), Key::new(b"secret")),
            "Key(..) Key(..)"
        );
    }

    #[test]
    fn keeps_its_bytes() {
        let key = Key::new(b"secret");
        assert_eq!(
            (key.as_bytes(), key.len(), key.is_empty()),
            (b"secret".as_slice(), 6, false)
        );
        assert!(Key::new(b"").is_empty());
    }
}
