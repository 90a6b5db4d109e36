//! Keys with the schemes they belong to: where messages are opened and sealed.

use crate::envelope;
use crate::opened::{Found, Opened};
use crate::text::escape::{escape, unescape};
use crate::{Error, Rejection, Scheme, Scratch};

/// Schemes in the order in which they are tried. The first one seals; all of them open.
///
/// Immutable, and may be shared between threads.
///
/// # Examples
/// ```
/// use rails_session_core::{AeadCipher, Digest, Keyring, Scheme, derive};
///
/// let gcm = |secret: &[u8]| {
///     let key = derive(Digest::Sha256, secret, b"authenticated encrypted cookie", 1000, 32)?;
///     Scheme::aead(AeadCipher::Aes256Gcm, &key)
/// };
/// let old = Keyring::new([gcm(b"old secret_key_base")?])?;
/// let new = Keyring::new([gcm(b"new secret_key_base")?, gcm(b"old secret_key_base")?])?;
///
/// let cookie = old.seal(b"{}", b"", true)?;
/// let opened = new.open(cookie.as_bytes(), true, 0).unwrap();
/// assert_eq!((opened.payload(), opened.scheme()), (b"{}".as_slice(), 1));
/// # Ok::<(), rails_session_core::Error>(())
/// ```
#[derive(Debug)]
pub struct Keyring {
    sealer: Scheme,
    /// The schemes after the first.
    others: Vec<Scheme>,
}

impl Keyring {
    /// A keyring of 1 to 127 schemes.
    ///
    /// # Errors
    /// [`Error::SchemeCount`] for any other number of schemes.
    pub fn new(schemes: impl IntoIterator<Item = Scheme>) -> Result<Self, Error> {
        let mut schemes = schemes.into_iter();
        let sealer = schemes.next().ok_or(Error::SchemeCount)?;
        let others: Vec<_> = schemes.take(MAX_SCHEMES).collect();
        if others.len() < MAX_SCHEMES {
            Ok(Self { sealer, others })
        } else {
            Err(Error::SchemeCount)
        }
    }

    /// Opens a message under the first scheme that authenticates it, from scheme number `from` on.
    ///
    /// `escaped`: the text is form-escaped, as it stands in a Cookie header, and is unescaped as
    /// Rack does: `+` is a space, `%XX` a byte; a text with any other `%` is left as it is.
    ///
    /// Reads what Rails 8.1 reads. The parts of a message are told apart by their lengths, from the
    /// right; nothing is decoded, decrypted or parsed before its MAC or tag was right, but for the
    /// base64 of a message that has a tag. Takes time in proportion to the text and the number of
    /// schemes.
    ///
    /// # Errors
    /// The most telling [`Rejection`] of all schemes tried; [`Rejection::Malformed`] if `from` is
    /// past the last one.
    ///
    /// # Panics
    /// Never, whatever the text is.
    ///
    /// # Examples
    /// ```
    /// use rails_session_core::{Digest, Key, Keyring, Rejection, Scheme};
    ///
    /// let keyring = Keyring::new([Scheme::signed(Digest::Sha1, &Key::new(b"secret"))])?;
    /// let cookie = keyring.seal(b"hello", b"", true)?;
    /// assert_eq!(keyring.open(cookie.as_bytes(), true, 0).unwrap().payload(), b"hello");
    ///
    /// let rejection = keyring.open(b"aGVsbG8=", true, 0).unwrap_err();
    /// assert_eq!(rejection, Rejection::Malformed);
    /// # Ok::<(), rails_session_core::Error>(())
    /// ```
    pub fn open(
        &self,
        text: &[u8],
        escaped: bool,
        from: usize,
    ) -> Result<Opened<'static>, Rejection> {
        let mut scratch = Box::new(Scratch::new());
        let found = self.find(text, escaped, from, &mut scratch)?;
        Ok(Opened::owned(scratch, found))
    }

    /// As [`Keyring::open`], in memory that is used again and again: no allocation, once that has
    /// grown.
    ///
    /// The plaintext is overwritten when what is returned is dropped.
    ///
    /// # Errors
    /// As [`Keyring::open`].
    ///
    /// # Panics
    /// Never, whatever the text is.
    ///
    /// # Examples
    /// ```
    /// use rails_session_core::{Digest, Key, Keyring, Scheme, Scratch};
    ///
    /// let keyring = Keyring::new([Scheme::signed(Digest::Sha1, &Key::new(b"secret"))])?;
    /// let cookie = keyring.seal(b"hello", b"", true)?;
    /// let mut scratch = Scratch::new();
    /// for _ in 0..3 {
    ///     let opened = keyring.open_into(cookie.as_bytes(), true, 0, &mut scratch).unwrap();
    ///     assert_eq!(opened.payload(), b"hello");
    /// }
    /// # Ok::<(), rails_session_core::Error>(())
    /// ```
    pub fn open_into<'s>(
        &self,
        text: &[u8],
        escaped: bool,
        from: usize,
        scratch: &'s mut Scratch,
    ) -> Result<Opened<'s>, Rejection> {
        match self.find(text, escaped, from, scratch) {
            Ok(found) => Ok(Opened::borrowed(scratch, found)),
            Err(rejection) => {
                scratch.wipe();
                Err(rejection)
            }
        }
    }

    /// Seals under the first scheme, with an IV from the operating system, and returns the message
    /// text.
    ///
    /// With an empty `tail` the plaintext is the payload; otherwise it is `{"_rails":{"message":"`,
    /// strict base64 of the payload, and `tail`, which has to close the quote. `escape`:
    /// form-escapes the message, as Rack does for a Set-Cookie value.
    ///
    /// # Errors
    /// [`Error::Random`] when the operating system gives no random bytes; [`Error::PayloadLength`]
    /// when the payload is too long for the cipher (64 GiB) or for memory.
    ///
    /// # Panics
    /// Never.
    ///
    /// # Examples
    /// ```
    /// use rails_session_core::{Digest, Key, Keyring, Scheme};
    ///
    /// let keyring = Keyring::new([Scheme::signed(Digest::Sha1, &Key::new(b"secret"))])?;
    /// let cookie = keyring.seal(b"hello", b"", true)?;
    /// assert_eq!(cookie, "aGVsbG8%3D--5ee7be1505945baa514b18bf6f6c0d3c0231d693");
    /// # Ok::<(), rails_session_core::Error>(())
    /// ```
    pub fn seal(&self, payload: &[u8], tail: &[u8], escape: bool) -> Result<String, Error> {
        self.seal_into(payload, tail, escape, &mut Scratch::new())
            .map(to_string)
    }

    /// As [`Keyring::seal`], in memory that is used again and again. Returns ASCII.
    ///
    /// # Errors
    /// As [`Keyring::seal`].
    ///
    /// # Panics
    /// Never.
    ///
    /// # Examples
    /// ```
    /// use rails_session_core::{Digest, Key, Keyring, Scheme, Scratch};
    ///
    /// let keyring = Keyring::new([Scheme::signed(Digest::Sha1, &Key::new(b"secret"))])?;
    /// let mut scratch = Scratch::new();
    /// let cookie = keyring.seal_into(b"hello", b"", true, &mut scratch)?;
    /// assert!(cookie.starts_with(b"aGVsbG8%3D--"));
    /// # Ok::<(), rails_session_core::Error>(())
    /// ```
    pub fn seal_into<'s>(
        &self,
        payload: &[u8],
        tail: &[u8],
        escape: bool,
        scratch: &'s mut Scratch,
    ) -> Result<&'s [u8], Error> {
        let mut iv = [0; MAX_IV_LEN];
        let iv = iv.get_mut(..self.sealer.iv_len()).unwrap_or_default();
        if !iv.is_empty() {
            getrandom::fill(iv).map_err(|_| Error::Random)?;
        }
        self.write(payload, tail, escape, iv, scratch)
    }

    /// As [`Keyring::seal`], with a given IV. For tests that compare with recorded messages: an IV
    /// that is used twice gives an AEAD scheme's key away.
    ///
    /// # Errors
    /// As [`Keyring::seal`]; [`Error::IvLength`] when `iv` has not the length that the scheme
    /// takes.
    #[doc(hidden)]
    pub fn seal_with_iv(
        &self,
        payload: &[u8],
        tail: &[u8],
        escape: bool,
        iv: &[u8],
    ) -> Result<String, Error> {
        self.write(payload, tail, escape, iv, &mut Scratch::new())
            .map(to_string)
    }

    /// Opens `text` in `scratch`.
    fn find(
        &self,
        text: &[u8],
        escaped: bool,
        from: usize,
        scratch: &mut Scratch,
    ) -> Result<Found, Rejection> {
        let Scratch {
            text: unescaped,
            inner,
            plain,
            ..
        } = scratch;
        let text = if escaped {
            unescape(text, unescaped)
        } else {
            text
        };
        let mut rejection = Rejection::Malformed;
        for (number, scheme) in std::iter::once(&self.sealer)
            .chain(&self.others)
            .enumerate()
            .skip(from)
        {
            match scheme.open(text, inner, plain) {
                Ok(()) => return Ok(Found::look_at(scratch, number)),
                Err(reason) => rejection = rejection.max(reason),
            }
        }
        Err(rejection)
    }

    /// Seals in `scratch`, which then holds nothing but the message.
    fn write<'s>(
        &self,
        payload: &[u8],
        tail: &[u8],
        escaped: bool,
        iv: &[u8],
        scratch: &'s mut Scratch,
    ) -> Result<&'s [u8], Error> {
        scratch.wipe();
        // What the longest padding takes, besides.
        let room = payload.len().saturating_add(MAX_IV_LEN);
        if tail.is_empty() {
            scratch.plain.reserve(room);
            scratch.plain.extend(payload);
        } else {
            scratch.plain.reserve(room.saturating_add(tail.len()));
            envelope::seal(payload, tail, &mut scratch.plain).ok_or(Error::PayloadLength)?;
        }
        let sealed = self.sealer.seal(iv, scratch);
        scratch.plain.wipe();
        scratch.inner.clear();
        sealed?;
        if escaped {
            escape(scratch.text.as_slice(), &mut scratch.outcome).ok_or(Error::PayloadLength)?;
            Ok(scratch.outcome.as_slice())
        } else {
            Ok(scratch.text.as_slice())
        }
    }
}

/// `text` is ASCII, so that nothing is lost.
fn to_string(text: &[u8]) -> String {
    String::from_utf8_lossy(text).into_owned()
}

/// Many more than the rotations of any application.
const MAX_SCHEMES: usize = 127;
const MAX_IV_LEN: usize = 16;
