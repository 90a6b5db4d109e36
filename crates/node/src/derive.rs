//! Keys, and PBKDF2 on the calling thread or on another.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use napi::bindgen_prelude::{AsyncTask, Uint8Array};
use napi::{Env, Error, Result, Task};
use napi_derive::napi;
use rails_session_core as rails;

use crate::error::to_js;
use crate::input::{Bytes, Digest, Whole};
use crate::panics;

/// Key bytes outside the JavaScript heap, wiped when collected.
#[napi]
pub struct Key(pub(crate) Arc<rails::Key>);

#[napi]
impl Key {
    /// A key from bytes that are a key already. The bytes are copied.
    #[napi(factory, catch_unwind, ts_args_type = "bytes: Uint8Array")]
    pub fn from_bytes(bytes: Bytes) -> Self {
        panics::point("Key.fromBytes");
        Self(Arc::new(rails::Key::new(&bytes.0)))
    }

    /// Length in bytes.
    #[napi(getter, catch_unwind)]
    pub fn length(&self) -> u32 {
        panics::point("Key.length");
        u32::try_from(self.0.len()).unwrap_or(u32::MAX)
    }

    /// A copy of the key bytes.
    #[napi(catch_unwind)]
    pub fn bytes(&self) -> Uint8Array {
        panics::point("Key.bytes");
        Uint8Array::from(self.0.as_bytes())
    }
}

/// Arguments of PBKDF2-HMAC, copied out of JavaScript.
pub struct Derivation(Digest, Bytes, Bytes, Whole, Whole);

/// PBKDF2-HMAC on the calling thread. `length` in bytes.
#[napi(
    catch_unwind,
    ts_args_type = "digest: string, secret: Uint8Array, salt: Uint8Array, iterations: number, length: number"
)]
pub fn derive(
    env: Env,
    digest: Digest,
    secret: Bytes,
    salt: Bytes,
    iterations: Whole,
    length: Whole,
) -> Result<Key> {
    panics::point("derive");
    let mut derivation = Derivation(digest, secret, salt, iterations, length);
    derivation
        .compute()
        .and_then(|key| derivation.resolve(env, key))
}

/// As `derive`, on a thread of libuv's pool.
#[napi(
    catch_unwind,
    ts_args_type = "digest: string, secret: Uint8Array, salt: Uint8Array, iterations: number, length: number",
    ts_return_type = "Promise<Key>"
)]
pub fn derive_async(
    digest: Digest,
    secret: Bytes,
    salt: Bytes,
    iterations: Whole,
    length: Whole,
) -> AsyncTask<Derivation> {
    panics::point("deriveAsync");
    AsyncTask::new(Derivation(digest, secret, salt, iterations, length))
}

impl Task for Derivation {
    type Output = std::result::Result<rails::Key, rails::Error>;
    type JsValue = Key;

    fn compute(&mut self) -> Result<Self::Output> {
        let Self(digest, secret, salt, iterations, length) = self;
        // napi does not catch what unwinds here, on a thread that is not ours.
        let derived = catch_unwind(AssertUnwindSafe(|| {
            panics::point("Derivation.compute");
            rails::derive(
                digest.0,
                &secret.0,
                &salt.0,
                iterations.0,
                length.0 as usize,
            )
        }));
        derived.map_err(|_| Error::from_reason("PBKDF2 panicked"))
    }

    fn resolve(&mut self, env: Env, output: Self::Output) -> Result<Key> {
        output
            .map(|key| Key(Arc::new(key)))
            .map_err(|error| to_js(env, error))
    }
}
