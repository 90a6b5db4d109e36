//! What `rails-session-core` does with instructions that only some processors have.
//!
//! This is the one crate of the library with `unsafe` code beside the binding to Node. Each of its
//! functions has a safe twin, which is what runs on other processors, and a test that compares the
//! two. Which one runs is found out when the program runs, never when it is compiled.
#![deny(unsafe_op_in_unsafe_fn)]

#[cfg(target_arch = "x86_64")]
mod aes_ni;
#[cfg(target_arch = "x86_64")]
mod instructions;
mod processor;
#[cfg(test)]
mod random;
#[cfg(target_arch = "x86_64")]
mod vector;

pub mod aes_cbc;
pub mod aes_gcm;
pub mod base64;
pub mod escape;
pub mod hmac;
pub mod json_string;
pub mod quote;
pub mod survey;
