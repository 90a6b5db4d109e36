//! Memory that is used again and again, and wiped each time.

use std::fmt;

use zeroize::Zeroize;

/// Working memory for [`Keyring::open_into`](crate::Keyring::open_into) and
/// [`Keyring::seal_into`](crate::Keyring::seal_into), so that a message costs no allocation.
///
/// Whatever was written to it is overwritten after use, and when it is dropped. It grows with the
/// longest message, but lets go of any buffer above 64 KiB after each message; it has four.
///
/// # Examples
/// ```
/// use rails_session_core::{Digest, Key, Keyring, Scheme, Scratch};
///
/// let keyring = Keyring::new([Scheme::signed(Digest::Sha1, &Key::new(b"secret"))])?;
/// let mut scratch = Scratch::new();
/// for text in ["bad", "also bad"] {
///     assert!(keyring.open_into(text.as_bytes(), true, 0, &mut scratch).is_err());
/// }
/// # Ok::<(), rails_session_core::Error>(())
/// ```
#[derive(Default)]
pub struct Scratch {
    /// The message text: unescaped when opening, unescaped yet when sealing.
    pub(crate) text: Buffer,
    /// What lies below the signature of a CBC message.
    pub(crate) inner: Buffer,
    /// Ciphertext, then plaintext in its place; the other way round when sealing.
    pub(crate) plain: Buffer,
    /// What an envelope holds, when opening; the escaped message, when sealing.
    pub(crate) outcome: Buffer,
    /// Where escapes stand in the text.
    pub(crate) places: Vec<usize>,
}

impl Scratch {
    /// Empty working memory.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Overwrites all that the last message left.
    pub(crate) fn wipe(&mut self) {
        self.text.wipe();
        self.inner.wipe();
        self.plain.wipe();
        self.outcome.wipe();
        if self.places.len() > RETAINED_PLACES {
            self.places = Vec::new();
        }
    }
}

impl fmt::Debug for Scratch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Scratch(..)")
    }
}

/// Bytes that may be secret. All bytes past `len` are zero: growing and shrinking leave nothing
/// behind.
#[derive(Default)]
pub(crate) struct Buffer {
    bytes: Vec<u8>,
    len: usize,
}

impl Buffer {
    pub(crate) fn as_slice(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }

    pub(crate) fn as_mut_slice(&mut self) -> &mut [u8] {
        self.bytes.get_mut(..self.len).unwrap_or_default()
    }

    /// Wipes, and gives `len` zero bytes to write to.
    pub(crate) fn room(&mut self, len: usize) -> &mut [u8] {
        self.wipe();
        self.append(len)
    }

    /// Gives `len` zero bytes to write to, after those that are there.
    pub(crate) fn append(&mut self, len: usize) -> &mut [u8] {
        let start = self.len;
        self.reserve(len);
        self.len = start.saturating_add(len);
        self.bytes.get_mut(start..self.len).unwrap_or_default()
    }

    pub(crate) fn extend(&mut self, bytes: &[u8]) {
        self.append(bytes.len()).copy_from_slice(bytes);
    }

    /// Makes sure that the next `len` bytes can be appended without growing.
    pub(crate) fn reserve(&mut self, len: usize) {
        let needed = self.len.saturating_add(len);
        if needed > self.bytes.len() {
            let mut grown = Vec::new();
            grown.reserve_exact(needed);
            grown.extend_from_slice(self.as_slice());
            grown.resize(needed, 0);
            self.as_mut_slice().zeroize();
            self.bytes = grown;
        }
    }

    /// Keeps the first `len` bytes and wipes the others.
    pub(crate) fn truncate(&mut self, len: usize) {
        // Not if there is nothing to wipe: filling no bytes at no valid address costs more than all
        // the rest on processors where it ends in a masked AVX-512 store.
        if len < self.len
            && let Some(rest) = self.bytes.get_mut(len..self.len)
        {
            rest.zeroize();
            self.len = len;
        }
    }

    pub(crate) fn wipe(&mut self) {
        self.truncate(0);
        if self.bytes.len() > RETAINED {
            self.bytes = Vec::new();
        }
    }
}

#[cfg(test)]
impl Buffer {
    /// Whether all memory is zero, what is past the length included.
    pub(crate) fn is_wiped(&self) -> bool {
        self.len == 0 && self.bytes.iter().all(|&byte| byte == 0)
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        self.wipe();
    }
}

/// What a buffer keeps when it is wiped, in bytes: far more than a cookie has.
const RETAINED: usize = 64 * 1024;

/// The same for the places of escapes: one for each byte of the longest cookie that a server takes.
const RETAINED_PLACES: usize = 8 * 1024;

#[cfg(test)]
mod tests {
    use super::{Buffer, RETAINED};

    #[test]
    fn appends_and_grows() {
        let mut buffer = Buffer::default();
        buffer.extend(b"abc");
        buffer.append(2).copy_from_slice(b"de");
        assert_eq!(buffer.as_slice(), b"abcde");
        assert_eq!(buffer.room(3), [0; 3]);
        assert_eq!(buffer.as_mut_slice(), [0; 3]);
    }

    #[test]
    fn leaves_nothing_behind() {
        let mut buffer = Buffer::default();
        buffer.extend(b"secret");
        buffer.truncate(2);
        assert_eq!(buffer.bytes, b"se\0\0\0\0");
        buffer.truncate(4);
        assert_eq!(buffer.as_slice(), b"se");
        buffer.wipe();
        assert_eq!(buffer.bytes, [0; 6]);
    }

    #[test]
    fn gives_much_memory_back() {
        let mut buffer = Buffer::default();
        buffer.room(RETAINED).fill(1);
        buffer.wipe();
        assert_eq!(buffer.bytes.len(), RETAINED);
        buffer.room(RETAINED + 1).fill(1);
        buffer.wipe();
        assert_eq!(buffer.bytes.capacity(), 0);
    }
}
