//! What JavaScript sees of an error. Messages name what was wrong, never the value that was given.

use napi::{Env, Error, JsRangeError, JsTypeError};
use rails_session_core as rails;

/// A `TypeError` with Node's own code for a wrong argument.
pub(crate) fn type_error(env: Env, message: &str) -> Error {
    Error::from(JsTypeError::from(Error::new("ERR_INVALID_ARG_TYPE", message)).into_unknown(env))
}

/// A `RangeError` with Node's own code for a value out of range.
pub(crate) fn range_error(env: Env, message: &str) -> Error {
    Error::from(JsRangeError::from(Error::new("ERR_OUT_OF_RANGE", message)).into_unknown(env))
}

/// The JavaScript error for one of the core's.
pub(crate) fn to_js(env: Env, error: rails::Error) -> Error {
    match error {
        rails::Error::Random => Error::from_reason(error.to_string()),
        _ => range_error(env, &error.to_string()),
    }
}
