//! Memory that is used again and again, and wiped each time.

use std::fmt;

use zeroize::Zeroize;

/// Working memory for [`Keyring::open_into`](crate::Keyring::open_into) and
/// [`Keyring::seal_into`](crate::Keyring::seal_into), so that a message costs no allocation.
///
/// Plaintexts are overwritten after use. The texts of messages, which are no secret, stay until the
/// next ones take their place, or it is dropped. It grows with the longest message, but lets go of
/// any buffer above 64 KiB after each message; it has four.
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
}

impl Scratch {
    /// Empty working memory.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Overwrites the plaintext that the last message left.
    pub(crate) fn wipe(&mut self) {
        self.text.clear();
        self.inner.clear();
        self.plain.wipe();
        self.outcome.wipe();
    }
}

impl fmt::Debug for Scratch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Scratch(..)")
    }
}

/// Bytes that may be secret.
#[derive(Default)]
pub(crate) struct Buffer {
    bytes: Vec<u8>,
    len: usize,
    /// How many bytes have been written to since the last wipe: all after them are zero.
    used: usize,
}

impl Buffer {
    pub(crate) fn as_slice(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }

    pub(crate) fn as_mut_slice(&mut self) -> &mut [u8] {
        self.bytes.get_mut(..self.len).unwrap_or_default()
    }

    /// As [`Buffer::as_mut_slice`], in whole blocks: what ends the last one does not count.
    pub(crate) fn as_mut_blocks(&mut self) -> &mut [[u8; BLOCK]] {
        let end = self.len.next_multiple_of(BLOCK);
        self.used = self.used.max(end);
        let blocks = self.bytes.get_mut(..end).unwrap_or_default();
        blocks.as_chunks_mut().0
    }

    /// Gives `len` bytes to write to, in place of what was there. They may be any.
    pub(crate) fn room(&mut self, len: usize) -> &mut [u8] {
        self.len = 0;
        self.append(len)
    }

    /// Gives `len` bytes to write to, after those that are there. They may be any.
    pub(crate) fn append(&mut self, len: usize) -> &mut [u8] {
        let start = self.len;
        self.reserve(len);
        self.len = start.saturating_add(len);
        self.used = self.used.max(self.len);
        self.bytes.get_mut(start..self.len).unwrap_or_default()
    }

    /// Gives `room` bytes to `write`, in place of what was there. That returns how many of them
    /// count, and may have written to `slack` more. None if it fails.
    pub(crate) fn fill(
        &mut self,
        room: usize,
        slack: usize,
        write: impl FnOnce(&mut [u8]) -> Option<usize>,
    ) -> Option<()> {
        let used = self.used;
        let len = write(self.room(room))?;
        self.truncate(len);
        self.used = used.max(len.saturating_add(slack)).min(self.used);
        Some(())
    }

    pub(crate) fn extend(&mut self, bytes: &[u8]) {
        self.append(bytes.len()).copy_from_slice(bytes);
    }

    /// Makes sure that the next `len` bytes can be appended without growing.
    pub(crate) fn reserve(&mut self, len: usize) {
        let needed = self.len.saturating_add(len);
        if needed > self.bytes.len() {
            let needed = needed.checked_next_multiple_of(BLOCK).unwrap_or(needed);
            let mut grown = Vec::new();
            grown.reserve_exact(needed);
            grown.extend_from_slice(self.as_slice());
            grown.resize(needed, 0);
            self.zeroize();
            self.used = self.len;
            self.bytes = grown;
        }
    }

    /// Keeps the first `len` bytes.
    pub(crate) fn truncate(&mut self, len: usize) {
        self.len = self.len.min(len);
    }

    pub(crate) fn wipe(&mut self) {
        self.zeroize();
        self.used = 0;
        self.clear();
    }

    /// Forgets what is no secret.
    pub(crate) fn clear(&mut self) {
        self.len = 0;
        if self.bytes.len() > RETAINED {
            self.bytes = Vec::new();
        }
    }

    fn zeroize(&mut self) {
        // Not if there is nothing to wipe: filling no bytes at no valid address costs more than all
        // the rest on processors where it ends in a masked AVX-512 store.
        if self.used > 0
            && let Some(used) = self.bytes.get_mut(..self.used)
        {
            used.zeroize();
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

/// A block of AES, of which all memory is a multiple.
const BLOCK: usize = 16;

/// What a buffer keeps when it is wiped, in bytes: far more than a cookie has.
const RETAINED: usize = 64 * 1024;

#[cfg(test)]
mod tests {
    use super::{Buffer, RETAINED};

    #[test]
    fn appends_and_grows() {
        let mut buffer = Buffer::default();
        buffer.extend(b"abc");
        buffer.append(2).copy_from_slice(b"de");
        assert_eq!(buffer.as_slice(), b"abcde");
        buffer.room(3).copy_from_slice(b"xyz");
        assert_eq!(buffer.as_mut_slice(), b"xyz");
    }

    #[test]
    fn leaves_nothing_behind() {
        let mut buffer = Buffer::default();
        buffer.extend(b"secret");
        buffer.truncate(2);
        assert_eq!(buffer.as_slice(), b"se");
        buffer.truncate(4);
        assert_eq!(buffer.as_slice(), b"se");
        buffer.wipe();
        assert!(buffer.is_wiped());
        buffer.room(6).fill(1);
        buffer.room(1).fill(2);
        buffer.wipe();
        assert!(buffer.is_wiped());
    }

    #[test]
    fn what_is_filled_is_wiped() {
        let mut buffer = Buffer::default();
        let fill = |buffer: &mut Buffer, len: usize, slack: usize| {
            buffer.fill(9, slack, |room| {
                room.get_mut(..len + slack)?.fill(7);
                Some(len)
            })
        };
        for (len, slack) in [(3, 4), (0, 1), (9, 0), (0, 0)] {
            assert_eq!(fill(&mut buffer, len, slack), Some(()));
            assert_eq!(buffer.as_slice(), vec![7; len]);
        }
        assert_eq!(fill(&mut buffer, 9, 1), None);
        buffer.wipe();
        assert!(buffer.is_wiped());
        assert!(fill(&mut buffer, 9, 0).is_some() && fill(&mut buffer, 1, 0).is_some());
        buffer.wipe();
        assert!(buffer.is_wiped());
    }

    #[test]
    fn has_whole_blocks() {
        let mut buffer = Buffer::default();
        assert!(buffer.as_mut_blocks().is_empty());
        for len in 1..100_usize {
            buffer.extend(b"x");
            assert_eq!(buffer.as_mut_blocks().len(), len.div_ceil(16));
            assert_eq!(buffer.as_slice().len(), len);
        }
        buffer.as_mut_blocks().fill([1; 16]);
        buffer.wipe();
        assert!(buffer.is_wiped());
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
