//! Thin binding of [`rails_session_core`] for Node.js: strings in, strings out. Neither defaults nor Rails versions are
//! known here; `src/backend/backend.ts` says what every export answers.
//!
//! A message that does not open is an answer. Wrong arguments throw a `TypeError` or a `RangeError` that never shows them.

#![deny(unsafe_code)]
#![expect(
    clippy::missing_errors_doc,
    clippy::must_use_candidate,
    clippy::needless_pass_by_value,
    clippy::new_without_default,
    reason = "only JavaScript calls what is public here, and napi hands it arguments by value"
)]

#[expect(
    unsafe_code,
    reason = "what is called for every message is made of raw Node-API calls: napi's own allocate, and read strings twice"
)]
mod call;
pub mod derive;
mod error;
#[expect(
    unsafe_code,
    reason = "napi's trait for the types of arguments is unsafe to implement and to call"
)]
pub mod input;
pub mod keyring;
mod panics;
#[expect(
    unsafe_code,
    reason = "memory that JavaScript reads without a call for each word"
)]
pub mod workspace;
