//! For a test: with the feature `test-panic`, the export that the environment variable `RAILS_SESSION_TEST_PANIC` names
//! panics. Without the feature this is nothing.

/// Stands at the start of the export of that name.
#[cfg(feature = "test-panic")]
#[expect(clippy::panic, reason = "what it is for")]
pub(crate) fn point(name: &str) {
    if std::env::var_os("RAILS_SESSION_TEST_PANIC").is_some_and(|wanted| wanted == name) {
        panic!("injected panic");
    }
}

/// Stands at the start of the export of that name.
#[cfg(not(feature = "test-panic"))]
#[inline]
pub(crate) fn point(_name: &str) {}
