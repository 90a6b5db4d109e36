//! What the processor can do.

/// Whether the processor has all of these features, by the names of `is_x86_feature_detected!`,
/// which looks once and remembers.
///
/// Never with the feature `test-portable` of this crate: the safe twins run then.
#[cfg(target_arch = "x86_64")]
macro_rules! processor_has {
    ($($feature:tt),+) => {
        !cfg!(feature = "test-portable") $(&& std::arch::is_x86_feature_detected!($feature))+
    };
}

#[cfg(target_arch = "x86_64")]
pub(crate) use processor_has;
