//! Opens and seals the session cookies of Ruby on Rails.
//!
//! A Rails application keeps its session in a cookie that is signed or encrypted under keys derived
//! from `secret_key_base`. This crate derives such a key ([`derive()`]), turns the text of a cookie
//! into authentic plaintext ([`Keyring::open`]) and plaintext into the text of a cookie
//! ([`Keyring::seal`]), in one call each. It reads what Rails 8.1 reads, whichever Rails wrote it,
//! and writes what Rails 3.2 to 8.x read.
//!
//! It has mechanisms and no policy: which salts, digests and ciphers a Rails application uses,
//! whether a purpose fits or an expiry has passed, and what the payload means (JSON, Marshal, and
//! so on) is for the caller to know.
//!
//! # Examples
//!
//! The session of a Rails 7.1 application with its defaults:
//!
//! ```
//! use rails_session_core::{AeadCipher, Digest, Keyring, Rejection, Scheme, derive};
//!
//! let secret_key_base = b"0d28014061b51e31bfde3f1bf1e8b582c0e43b126a748f37de7f151517e92768";
//! let key = derive(Digest::Sha256, secret_key_base, b"authenticated encrypted cookie", 1000, 32)?;
//! let keyring = Keyring::new([Scheme::aead(AeadCipher::Aes256Gcm, &key)?])?;
//!
//! // What goes into Set-Cookie, with the metadata that Rails puts around it:
//! let tail = br#"","exp":null,"pur":"cookie._shop_session"}}"#;
//! let cookie = keyring.seal(br#"{"session_id":"4f4e9cb2","user_id":1}"#, tail, true)?;
//!
//! // What comes back in a Cookie header:
//! let opened = keyring.open(cookie.as_bytes(), true, 0).unwrap();
//! assert_eq!(opened.payload(), br#"{"session_id":"4f4e9cb2","user_id":1}"#);
//! assert_eq!(opened.pur(), Some(b"cookie._shop_session".as_slice()));
//! assert_eq!(opened.exp(), None);
//!
//! // What somebody made up:
//! assert_eq!(keyring.open(b"BAh7AA--6d7a", true, 0).unwrap_err(), Rejection::Malformed);
//! # Ok::<(), rails_session_core::Error>(())
//! ```
//!
//! # Security
//!
//! - MACs and tags are compared in constant time, and before anything else is looked at: a CBC
//!   message is decrypted only after its MAC was right, tags have exactly 16 bytes and IVs exactly
//!   12.
//! - A message has one spelling: base64 is canonical, parts are told apart by length. The
//!   exceptions are Rails' own: it reads a signed message in either alphabet of base64.
//! - Keys, plaintexts and working memory are overwritten when they are dropped; `Debug` shows none
//!   of them.
//! - Any bytes may be given to [`Keyring::open`]: it does not panic, and takes time and memory in
//!   proportion to them.

#![forbid(unsafe_code)]
#![deny(missing_docs)]

pub use algorithms::{AeadCipher, CbcCipher, Digest};
pub use derive::derive;
pub use error::{Error, Rejection};
pub use keyring::Keyring;
pub use keys::Key;
pub use opened::Opened;
pub use scheme::Scheme;
pub use scratch::Scratch;

mod aead;
mod algorithms;
mod cbc;
mod derive;
pub mod draft;
mod envelope;
mod error;
mod keyring;
mod keys;
mod mac;
mod opened;
mod scheme;
mod scratch;
mod signed;
mod survey;
mod text;
pub mod tokens;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
