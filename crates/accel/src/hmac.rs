//! HMAC (RFC 2104) with SHA-1 and SHA-256, and PBKDF2 (RFC 8018), which is made of it.

mod compression;
mod construction;
mod portable;
#[cfg(target_arch = "x86_64")]
mod sha_ni;
#[cfg(test)]
mod tests;

use std::fmt;

use ctutils::CtEq;

use self::compression::{Hash, Task};
use self::construction::{Authenticate, Derive, Expand, States};
#[cfg(target_arch = "x86_64")]
use self::sha_ni::ShaNi;

macro_rules! hmac {
    ($(#[$attribute:meta])* $name:ident, $hash:ty, $length:literal) => {
        $(#[$attribute])*
        pub struct $name {
            engine: Engine,
            states: States<$hash>,
        }

        impl $name {
            /// A key of any length.
            #[must_use]
            pub fn new(key: &[u8]) -> Self {
                Self::with(Engine::detect(), key)
            }

            /// The MAC of a text.
            #[must_use]
            #[inline]
            pub fn mac(&self, text: &[u8]) -> [u8; $length] {
                let states = &self.states;
                <$hash>::bytes(&self.engine.run::<$hash, _>(Authenticate { states, text }))
            }

            /// Whether it is the MAC of a text. In constant time, but for its length.
            #[must_use]
            #[inline]
            pub fn verify(&self, text: &[u8], mac: &[u8]) -> bool {
                self.mac(text).as_slice().ct_eq(mac).to_bool()
            }

            /// Fills `out` with what PBKDF2 derives, if the key is taken for the password. Zero
            /// `iterations` count as one.
            ///
            /// None if `out` is longer than 2³²-1 MACs.
            #[must_use]
            pub fn pbkdf2(&self, salt: &[u8], iterations: u32, out: &mut [u8]) -> Option<()> {
                let states = &self.states;
                self.engine.run::<$hash, _>(Derive { states, salt, iterations, out })
            }

            fn with(engine: Engine, key: &[u8]) -> Self {
                let states = engine.run::<$hash, _>(Expand { key });
                Self { engine, states }
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }
    };
}

hmac! {
    /// A key for HMAC-SHA1, with the work done that is the same for all texts. Wiped when dropped;
    /// `Debug` shows nothing of it.
    ///
    /// # Examples
    /// ```
    /// use rails_session_accel::hmac::HmacSha1;
    ///
    /// let key = HmacSha1::new(b"Jefe");
    /// let mac = key.mac(b"what do ya want for nothing?");
    /// assert_eq!(mac[..4], [0xef, 0xfc, 0xdf, 0x6a]);
    /// assert!(key.verify(b"what do ya want for nothing?", &mac));
    /// assert!(!key.verify(b"what do ya want for nothing!", &mac));
    ///
    /// let mut derived = [0; 20];
    /// HmacSha1::new(b"password").pbkdf2(b"salt", 2, &mut derived).unwrap();
    /// assert_eq!(derived[..4], [0xea, 0x6c, 0x01, 0x4d]);
    /// ```
    HmacSha1, compression::Sha1, 20
}

hmac! {
    /// A key for HMAC-SHA256, with the work done that is the same for all texts. Wiped when dropped;
    /// `Debug` shows nothing of it.
    ///
    /// # Examples
    /// ```
    /// use rails_session_accel::hmac::HmacSha256;
    ///
    /// let key = HmacSha256::new(b"Jefe");
    /// let mac = key.mac(b"what do ya want for nothing?");
    /// assert_eq!(mac[..4], [0x5b, 0xdc, 0xc1, 0x46]);
    /// assert!(key.verify(b"what do ya want for nothing?", &mac));
    /// assert!(!key.verify(b"what do ya want for nothing!", &mac));
    ///
    /// let mut derived = [0; 64];
    /// HmacSha256::new(b"passwd").pbkdf2(b"salt", 1, &mut derived).unwrap();
    /// assert_eq!(derived[..4], [0x55, 0xac, 0x04, 0x6e]);
    /// ```
    HmacSha256, compression::Sha256, 32
}

/// What compresses blocks.
#[derive(Clone, Copy)]
enum Engine {
    #[cfg(target_arch = "x86_64")]
    ShaNi(ShaNi),
    Portable,
}

impl Engine {
    fn detect() -> Self {
        #[cfg(target_arch = "x86_64")]
        if let Some(sha_ni) = ShaNi::detect() {
            return Self::ShaNi(sha_ni);
        }
        Self::Portable
    }

    #[inline]
    fn run<H: Hash, T: Task<H>>(self, task: T) -> T::Output {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::ShaNi(sha_ni) => sha_ni.run::<H, T>(task),
            Self::Portable => task.run(H::PORTABLE),
        }
    }
}
