//! Base64 as crate `base64` does it, with what instructions that has for a processor.

use std::sync::LazyLock;

use base64::Engine;
use base64::engine::{DecodePaddingMode, GeneralPurposeConfig};

use super::{Alphabet, decoded_len};

/// As [`super::decode`].
pub(super) fn decode(alphabet: Alphabet, text: &[u8], out: &mut [u8]) -> Option<usize> {
    let out = out.get_mut(..decoded_len(text.len()))?;
    match alphabet {
        Alphabet::Standard => ENGINES.standard.decode_slice(text, out).ok(),
        Alphabet::UrlSafe => {
            // Ruby fills the padding up only where the text has none at all.
            let engine = if text.last() == Some(&b'=') {
                &ENGINES.url_safe_padded
            } else {
                &ENGINES.url_safe
            };
            let decoded = engine.decode_slice(text, out).ok();
            decoded.or_else(|| decode_mixed(engine, text, out))
        }
    }
}

/// As [`super::encode`].
pub(super) fn encode(alphabet: Alphabet, bytes: &[u8], out: &mut [u8]) -> Option<usize> {
    let engine = match alphabet {
        Alphabet::Standard => &ENGINES.standard,
        Alphabet::UrlSafe => &ENGINES.url_safe,
    };
    engine.encode_slice(bytes, out).ok()
}

/// The url-safe rule for a text with `+` or `/` in it, which no engine takes. Nobody writes such a
/// text.
fn decode_mixed(engine: &Fastest, text: &[u8], out: &mut [u8]) -> Option<usize> {
    if !text.iter().any(|byte| matches!(byte, b'+' | b'/')) {
        return None;
    }
    let translated = text.iter().map(|byte| match byte {
        b'+' => b'-',
        b'/' => b'_',
        other => *other,
    });
    let translated = zeroize::Zeroizing::new(translated.collect::<Vec<u8>>());
    engine.decode_slice(&*translated, out).ok()
}

struct Engines {
    /// Writes and reads padding.
    standard: Fastest,
    /// Neither writes nor reads padding.
    url_safe: Fastest,
    /// Reads padding.
    url_safe_padded: Fastest,
}

/// Made once, since the engines look at what the processor can do.
static ENGINES: LazyLock<Engines> = LazyLock::new(|| {
    let padded =
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::RequireCanonical);
    let unpadded = GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone);
    Engines {
        standard: standard(padded),
        url_safe: url_safe(unpadded),
        url_safe_padded: url_safe(padded),
    }
});

#[cfg(any(
    target_arch = "x86_64",
    all(target_arch = "aarch64", target_feature = "neon")
))]
use self::simd::{Fastest, standard, url_safe};

#[cfg(any(
    target_arch = "x86_64",
    all(target_arch = "aarch64", target_feature = "neon")
))]
mod simd {
    use base64::engine::{GeneralPurposeConfig, Simd};

    pub(super) type Fastest = Simd;

    pub(super) fn standard(config: GeneralPurposeConfig) -> Fastest {
        Simd::standard(config)
    }

    pub(super) fn url_safe(config: GeneralPurposeConfig) -> Fastest {
        Simd::url_safe(config)
    }
}

#[cfg(not(any(
    target_arch = "x86_64",
    all(target_arch = "aarch64", target_feature = "neon")
)))]
use self::scalar::{Fastest, standard, url_safe};

#[cfg(not(any(
    target_arch = "x86_64",
    all(target_arch = "aarch64", target_feature = "neon")
)))]
mod scalar {
    use base64::alphabet;
    use base64::engine::{GeneralPurpose, GeneralPurposeConfig};

    pub(super) type Fastest = GeneralPurpose;

    pub(super) fn standard(config: GeneralPurposeConfig) -> Fastest {
        GeneralPurpose::new(&alphabet::STANDARD, config)
    }

    pub(super) fn url_safe(config: GeneralPurposeConfig) -> Fastest {
        GeneralPurpose::new(&alphabet::URL_SAFE, config)
    }
}
