//! AES with the processor's instructions: vectors of blocks, and round keys.

mod lanes;
mod schedule;

pub(crate) use lanes::{Lanes, Narrow, Task, Wide};
pub(crate) use schedule::Schedule;

/// 16 bytes, which AES turns into 16 others.
pub(crate) type Block = [u8; 16];
