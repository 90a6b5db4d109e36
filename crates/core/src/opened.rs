//! What a message that was opened holds.

use std::cell::OnceCell;
use std::fmt;
use std::ops::Range;

use crate::envelope::Envelope;
use crate::scratch::{Buffer, Scratch};
use crate::survey::Survey;

/// An authentic plaintext, taken apart if it was a metadata envelope. Overwritten when dropped.
///
/// `Debug` shows no content.
///
/// # Examples
/// ```
/// use rails_session_core::{Digest, Key, Keyring, Scheme};
///
/// let keyring = Keyring::new([Scheme::signed(Digest::Sha1, &Key::new(b"secret"))])?;
/// let cookie = keyring.seal(br#"{"user_id":1}"#, br#"","exp":null,"pur":"cookie.s"}}"#, true)?;
///
/// let opened = keyring.open(cookie.as_bytes(), true, 0).unwrap();
/// assert_eq!(opened.payload(), br#"{"user_id":1}"#);
/// assert_eq!((opened.exp(), opened.pur()), (None, Some(b"cookie.s".as_slice())));
/// assert!(opened.is_envelope() && opened.is_plain_json());
/// assert_eq!(opened.scheme(), 0);
/// # Ok::<(), rails_session_core::Error>(())
/// ```
pub struct Opened<'s> {
    memory: Memory<'s>,
    scheme: usize,
    envelope: Option<Envelope>,
    /// Made when it is asked for.
    survey: OnceCell<Survey>,
}

enum Memory<'s> {
    Borrowed(&'s mut Scratch),
    Owned(Box<Scratch>),
}

impl Opened<'_> {
    /// Number of the scheme that opened the message: 0 for the one that seals.
    #[must_use]
    pub const fn scheme(&self) -> usize {
        self.scheme
    }

    /// The whole plaintext, with its envelope.
    #[must_use]
    pub fn plaintext(&self) -> &[u8] {
        self.scratch().plain.as_slice()
    }

    /// What the envelope holds, or the whole plaintext if there is no envelope.
    #[must_use]
    pub fn payload(&self) -> &[u8] {
        payload(self.scratch(), self.envelope.is_some()).as_slice()
    }

    /// Whether the plaintext was a canonical metadata envelope, which has been taken apart. Byte for
    /// byte, that is
    /// `{"_rails":{"message":"<strict base64>","exp":<value>,"pur":<value>}}`, where a value is
    /// `null` or a quoted text of 1 to 127 printable ASCII characters without `"` and `\`.
    #[must_use]
    pub const fn is_envelope(&self) -> bool {
        self.envelope.is_some()
    }

    /// The envelope's expiry, as written: `2026-12-24T12:00:00.000Z`, in ASCII. Not compared with any clock.
    #[must_use]
    pub fn exp(&self) -> Option<&[u8]> {
        self.value(&self.envelope.as_ref()?.exp)
    }

    /// The envelope's purpose: `cookie._shop_session`, in ASCII. Not compared with anything.
    #[must_use]
    pub fn pur(&self) -> Option<&[u8]> {
        self.value(&self.envelope.as_ref()?.pur)
    }

    /// Whether the payload is ASCII.
    #[must_use]
    pub fn is_ascii(&self) -> bool {
        self.survey().is_ascii
    }

    /// Whether the payload is text: UTF-8, and without the signature of Marshal (04 08) or of
    /// `ActiveSupport::MessagePack` (CC 80), whose lengths count bytes.
    #[must_use]
    pub fn is_text(&self) -> bool {
        self.survey().is_text
    }

    /// Whether JavaScript's `JSON.parse` and Ruby's JSON parser are sure to make the same of the
    /// payload, should both accept it.
    ///
    /// True if the payload is text and has none of: a control character (below U+0020); a run of
    /// 16 ASCII digits; `-0` at the start or after one of `:`, `[`, `,`, space; `\u` followed by
    /// `d` or `D`; more than 100 characters that are `[` or `{`.
    #[must_use]
    pub fn is_plain_json(&self) -> bool {
        self.survey().is_plain_json
    }

    fn survey(&self) -> &Survey {
        self.survey.get_or_init(|| Survey::of(self.payload()))
    }

    fn scratch(&self) -> &Scratch {
        match &self.memory {
            Memory::Borrowed(scratch) => scratch,
            Memory::Owned(scratch) => scratch,
        }
    }

    fn value(&self, range: &Range<usize>) -> Option<&[u8]> {
        let value = self.plaintext().get(range.clone())?;
        (!value.is_empty()).then_some(value)
    }
}

impl<'s> Opened<'s> {
    pub(crate) fn borrowed(scratch: &'s mut Scratch, found: Found) -> Self {
        Self::new(Memory::Borrowed(scratch), found)
    }

    pub(crate) fn owned(scratch: Box<Scratch>, found: Found) -> Self {
        Self::new(Memory::Owned(scratch), found)
    }

    fn new(memory: Memory<'s>, found: Found) -> Self {
        let Found { scheme, envelope } = found;
        Self {
            memory,
            scheme,
            envelope,
            survey: OnceCell::new(),
        }
    }
}

impl Drop for Opened<'_> {
    fn drop(&mut self) {
        if let Memory::Borrowed(scratch) = &mut self.memory {
            scratch.wipe();
        }
    }
}

impl fmt::Debug for Opened<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Opened(scheme {}, {} bytes)",
            self.scheme,
            self.payload().len()
        )
    }
}

/// What was found out about the plaintext in a [`Scratch`].
pub(crate) struct Found {
    scheme: usize,
    envelope: Option<Envelope>,
}

impl Found {
    /// Looks at `scratch.plain`, and puts the payload of an envelope in `scratch.outcome`.
    pub(crate) fn look_at(scratch: &mut Scratch, scheme: usize) -> Self {
        let envelope = crate::envelope::open(scratch.plain.as_slice(), &mut scratch.outcome);
        Self { scheme, envelope }
    }
}

fn payload(scratch: &Scratch, is_envelope: bool) -> &Buffer {
    if is_envelope {
        &scratch.outcome
    } else {
        &scratch.plain
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use crate::{Digest, Key, Keyring, Scheme, Scratch};

    fn keyring() -> Keyring {
        Keyring::new([Scheme::signed(Digest::Sha1, &Key::new(b"secret"))]).unwrap()
    }

    #[test]
    fn without_an_envelope_the_payload_is_the_plaintext() {
        let text = keyring().seal(b"{\"a\":1}", b"", true).unwrap();
        let opened = keyring().open(text.as_bytes(), true, 0).unwrap();
        assert_eq!(
            (opened.payload(), opened.plaintext()),
            (b"{\"a\":1}".as_slice(), opened.payload())
        );
        assert_eq!(
            (opened.is_envelope(), opened.exp(), opened.pur()),
            (false, None, None)
        );
    }

    #[test]
    fn the_plaintext_of_what_was_opened_is_wiped() {
        let mut scratch = Scratch::new();
        let text = keyring()
            .seal(b"secret", b"\",\"exp\":null,\"pur\":null}}", true)
            .unwrap();
        let opened = keyring()
            .open_into(text.as_bytes(), true, 0, &mut scratch)
            .unwrap();
        assert_eq!(opened.payload(), b"secret");
        drop(opened);
        for buffer in [&scratch.plain, &scratch.outcome] {
            assert!(buffer.is_wiped());
        }
    }
}
