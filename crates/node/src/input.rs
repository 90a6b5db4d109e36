//! Arguments of what is called now and then. Every type checks what it is given and throws a `TypeError` for anything
//! else.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use napi::bindgen_prelude::{ClassInstance, FromNapiValue, Uint32Array};
use napi::{Env, Result, sys};
use rails_session_core as rails;
use zeroize::Zeroizing;

use crate::derive::Key;
use crate::error::{range_error, type_error};
use crate::workspace::{LEAST_WORDS, Memory, Workspace};

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
    /// The memory of an instance of class `Workspace`.
    WorkspaceHandle(Rc<RefCell<Memory>>) from ClassInstance<Workspace>, "a Workspace of this backend",
    |workspace: ClassInstance<Workspace>| Some(Rc::clone(&workspace.0))
);
argument!(
    /// Memory of JavaScript that is long enough for the tokens of a payload.
    Words(Uint32Array) from Uint32Array, "a Uint32Array with room for tokens",
    |words: Uint32Array| (words.len() >= LEAST_WORDS).then_some(words)
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
    /// A string, with U+FFFD for each lone surrogate.
    Text(String) from String, "a string", Some
);
argument!(
    /// A boolean.
    Flag(bool) from bool, "a boolean", Some
);

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "checked first"
)]
fn whole(number: f64) -> Option<u32> {
    let fits = number.fract() == 0.0 && (0.0..=f64::from(i32::MAX)).contains(&number);
    fits.then_some(number as u32)
}
