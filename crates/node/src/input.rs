//! Values from JavaScript, and strings to it: the only place with unsafe code.
//!
//! Every type checks what it is given and throws a `TypeError` for anything else. Strings are read as UTF-8 always:
//! reading them as Latin-1 would cut `Ł` (U+0141) down to `A`.

use std::ptr;
use std::sync::Arc;
use std::sync::atomic::{Ordering, compiler_fence};

use napi::bindgen_prelude::{ClassInstance, FromNapiValue, ToNapiValue};
use napi::{Env, Error, Result, sys};
use rails_session_core as rails;
use zeroize::Zeroizing;

use crate::derive::Key;
use crate::error::{range_error, type_error};

/// Defines the type of an argument. It is read as `$from`, or a `TypeError` is thrown; then converted to an `Option`, where
/// nothing means a `RangeError`.
macro_rules! argument {
    ($(#[$doc:meta])* $name:ident($holds:ty) from $from:ty, $what:literal, $convert:expr) => {
        $(#[$doc])*
        pub struct $name(pub(crate) $holds);

        impl FromNapiValue for $name {
            unsafe fn from_napi_value(env: sys::napi_env, value: sys::napi_value) -> Result<Self> {
                const MESSAGE: &str = concat!("expected ", $what);
                // SAFETY: napi gives a live environment and a handle of the running call.
                let given = unsafe { <$from>::from_napi_value(env, value) };
                let given = given.map_err(|_| type_error(Env::from_raw(env), MESSAGE))?;
                $convert(given).map(Self).ok_or_else(|| range_error(Env::from_raw(env), MESSAGE))
            }
        }
    };
}

argument!(
    /// A copy of a `Uint8Array`. Copied, since memory shared with another thread could change while it is read.
    Bytes(Zeroizing<Vec<u8>>) from &[u8], "a Uint8Array", |bytes: &[u8]| Some(Zeroizing::new(bytes.to_vec()))
);
argument!(
    /// The key of an instance of class `Key`; an instance of another class is told apart by its type tag.
    KeyHandle(Arc<rails::Key>) from ClassInstance<Key>, "a Key of this backend",
    |key: ClassInstance<Key>| Some(Arc::clone(&key.0))
);
argument!(
    /// The name of a digest.
    Digest(rails::Digest) from String, "the name of a digest", |name: String| name.parse().ok()
);
argument!(
    /// The name of a cipher in CBC mode.
    CbcCipher(rails::CbcCipher) from String, "the name of a CBC cipher", |name: String| name.parse().ok()
);
argument!(
    /// The name of a cipher that authenticates by itself.
    AeadCipher(rails::AeadCipher) from String, "the name of an AEAD cipher", |name: String| name.parse().ok()
);
argument!(
    /// A whole number.
    Whole(u32) from f64, "a whole number from 0 to 2147483647", whole
);
argument!(
    /// A number that may be any: it is taken modulo 2^32.
    Index(u32) from u32, "a number", Some
);
argument!(
    /// A boolean.
    Flag(bool) from bool, "a boolean", Some
);

/// A string that is yet to be read, or one to be returned. Lives as long as the call it belongs to.
pub struct Text(sys::napi_value);

impl FromNapiValue for Text {
    unsafe fn from_napi_value(_env: sys::napi_env, value: sys::napi_value) -> Result<Self> {
        Ok(Self(value))
    }
}

impl ToNapiValue for Text {
    unsafe fn to_napi_value(_env: sys::napi_env, text: Self) -> Result<sys::napi_value> {
        Ok(text.0)
    }
}

impl Text {
    /// A new string. `bytes` are UTF-8, or one character each if `single_bytes`.
    pub(crate) fn new(env: Env, bytes: &[u8], single_bytes: bool) -> Result<Self> {
        let length =
            isize::try_from(bytes.len()).map_err(|_| Error::from_reason("string too long"))?;
        let create = if single_bytes {
            sys::napi_create_string_latin1
        } else {
            sys::napi_create_string_utf8
        };
        let mut string = ptr::null_mut();
        // SAFETY: `bytes` has `length` bytes, which are copied.
        let status = unsafe { create(env.raw(), bytes.as_ptr().cast(), length, &raw mut string) };
        if status == sys::Status::napi_ok {
            Ok(Self(string))
        } else {
            Err(Error::from_reason("no string was made"))
        }
    }

    /// Reads the string into `bytes` as UTF-8, with U+FFFD for each lone surrogate. Allocates if the capacity is short.
    pub(crate) fn read(&self, env: Env, bytes: &mut Vec<u8>) -> Result<()> {
        if self.fill(env, bytes)? {
            return Ok(());
        }
        wipe(bytes);
        let mut length = 0_usize;
        // SAFETY: without a buffer only the length is asked for, and it is a string.
        unsafe {
            sys::napi_get_value_string_utf8(env.raw(), self.0, ptr::null_mut(), 0, &raw mut length)
        };
        let room = length.saturating_add(SLACK).saturating_add(1);
        bytes
            .try_reserve_exact(room)
            .map_err(|_| Error::from_reason("out of memory"))?;
        self.fill(env, bytes).map(|_| ())
    }

    /// As [`Text::read`], with one byte for each character. A character above 255 is a `RangeError`.
    pub(crate) fn read_single_bytes(&self, env: Env, bytes: &mut Vec<u8>) -> Result<()> {
        self.read(env, bytes)?;
        if narrow(bytes) {
            Ok(())
        } else {
            Err(range_error(
                env,
                "a character stands for more than one byte",
            ))
        }
    }

    /// Reads as much as there is capacity for, and returns whether that was surely all.
    fn fill(&self, env: Env, bytes: &mut Vec<u8>) -> Result<bool> {
        bytes.clear();
        let (buffer, capacity) = (bytes.as_mut_ptr().cast(), bytes.capacity());
        let mut written = 0;
        // SAFETY: no more than `capacity` bytes are written.
        let status = unsafe {
            sys::napi_get_value_string_utf8(env.raw(), self.0, buffer, capacity, &raw mut written)
        };
        if status != sys::Status::napi_ok {
            return Err(type_error(env, "expected a string"));
        }
        // SAFETY: so many bytes were written.
        unsafe { bytes.set_len(written) };
        Ok(written.saturating_add(SLACK) < capacity)
    }
}

/// Overwrites what may be secret, and gives much memory back. The fence keeps the writes from being left out as unused.
pub(crate) fn wipe(bytes: &mut Vec<u8>) {
    bytes.fill(0);
    compiler_fence(Ordering::SeqCst);
    bytes.clear();
    bytes.shrink_to(RETAINED);
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "checked first"
)]
fn whole(number: f64) -> Option<u32> {
    let fits = number.fract() == 0.0 && (0.0..=f64::from(i32::MAX)).contains(&number);
    fits.then_some(number as u32)
}

/// From UTF-8 to one byte for each character, in place. False if there is a character above 255.
fn narrow(bytes: &mut Vec<u8>) -> bool {
    if bytes.is_ascii() {
        return true;
    }
    let (before, mut high_bits, mut fits) = (bytes.len(), 0, true);
    bytes.retain_mut(|byte| match *byte {
        0..0x80 => true,
        0x80..0xc0 => {
            *byte = high_bits | (*byte & 0x3f);
            true
        }
        lead => {
            high_bits = lead << 6;
            fits &= lead < 0xc4;
            false
        }
    });
    // Nor is anything left behind the end.
    let after = bytes.len();
    bytes.resize(before, 0);
    bytes.truncate(after);
    fits
}

/// Node-API does not say whether it left something out. It ends with a NUL and splits no character, so that a string that
/// was cut leaves at most four bytes free.
const SLACK: usize = 4;

/// What is kept between calls, in bytes.
const RETAINED: usize = 16 * 1024;
