//! Functions that are called for every message, and strings from and to them.
//!
//! These are raw Node-API calls. Through napi's own closures a call takes 13 ns (Node 20) to 37 ns
//! (Node 24) longer, and its strings are read twice, to know their length first.

use std::ffi::c_void;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;
use std::sync::atomic::{Ordering, compiler_fence};

use napi::bindgen_prelude::{FromNapiValue, ToNapiValue};
use napi::{Env, Error, JsError, Result, sys};

use crate::error::{range_error, type_error};

/// A JavaScript value, for as long as the call lasts that it belongs to.
pub(crate) struct Local(sys::napi_value);

impl ToNapiValue for Local {
    unsafe fn to_napi_value(_env: sys::napi_env, local: Self) -> Result<sys::napi_value> {
        Ok(local.0)
    }
}

/// A new JavaScript function that runs `run`. What that returns as an error, and its panics, are
/// thrown.
pub(crate) fn function<F>(env: &Env, name: &str, run: F) -> Result<Local>
where
    F: Fn(&Call) -> Result<Local> + 'static,
{
    let length = length(name.as_bytes())?;
    let data = Box::into_raw(Box::new(run)).cast::<c_void>();
    let mut function = ptr::null_mut();
    // SAFETY: `name` has `length` bytes, which are copied. `data` is what `call` takes it for, and
    // stays until the function is collected.
    let status = unsafe {
        let (name, call) = (name.as_ptr().cast(), Some(call::<F> as _));
        sys::napi_create_function(env.raw(), name, length, call, data, &raw mut function)
    };
    if status == sys::Status::napi_ok {
        // SAFETY: `data` is what `drop_data` takes it for, and nothing uses it after the function.
        let status = unsafe {
            let (drop, hint) = (Some(drop_data::<F> as _), ptr::null_mut());
            sys::napi_add_finalizer(env.raw(), function, data, drop, hint, ptr::null_mut())
        };
        if status == sys::Status::napi_ok {
            return Ok(Local(function));
        }
        // The function is still there, and whoever had it could call it: its data is left to it.
    } else {
        // SAFETY: it is that box, and there is no function that could use it.
        drop(unsafe { Box::from_raw(data.cast::<F>()) });
    }
    Err(Error::from_reason("no function was made"))
}

/// What Node-API calls for a function that was made of an `F`.
unsafe extern "C" fn call<F>(env: sys::napi_env, info: sys::napi_callback_info) -> sys::napi_value
where
    F: Fn(&Call) -> Result<Local> + 'static,
{
    let mut call = Call {
        env,
        arguments: [ptr::null_mut(); ARGUMENTS],
    };
    let mut count = ARGUMENTS;
    let mut data = ptr::null_mut();
    // SAFETY: there is room for so many arguments; `undefined` stands for each that was not given.
    let status = unsafe {
        let arguments = call.arguments.as_mut_ptr();
        sys::napi_get_cb_info(
            env,
            info,
            &raw mut count,
            arguments,
            ptr::null_mut(),
            &raw mut data,
        )
    };
    if status != sys::Status::napi_ok {
        return ptr::null_mut();
    }
    // SAFETY: `function` gave it a box of an `F`, and it is only dropped with the function, which
    // is being called.
    let run = unsafe { &*data.cast::<F>() };
    // What calls share is only memory that each fills anew.
    let outcome = catch_unwind(AssertUnwindSafe(|| run(&call)));
    let error = match outcome {
        Ok(Ok(value)) => return value.0,
        Ok(Err(error)) => error,
        Err(payload) => {
            // What was thrown may panic once more.
            let _ = catch_unwind(AssertUnwindSafe(|| drop(payload)));
            Error::from_reason("the native addon panicked")
        }
    };
    // SAFETY: it is the environment of the running call.
    unsafe { JsError::from(error).throw_into(env) };
    ptr::null_mut()
}

unsafe extern "C" fn drop_data<F>(_env: sys::napi_env, data: *mut c_void, _hint: *mut c_void) {
    // SAFETY: it is the box that `function` made, and Node-API calls this once.
    let data = unsafe { Box::from_raw(data.cast::<F>()) };
    // Nothing is left to tell about a panic.
    let _ = catch_unwind(AssertUnwindSafe(|| drop(data)));
}

/// A call of a [`function`], with its arguments: those that were not given are `undefined`.
pub(crate) struct Call {
    env: sys::napi_env,
    arguments: [sys::napi_value; ARGUMENTS],
}

impl Call {
    pub(crate) fn env(&self) -> Env {
        Env::from_raw(self.env)
    }

    /// A number, modulo 2^32.
    pub(crate) fn number<const N: usize>(&self) -> Result<u32> {
        let mut number = 0;
        // SAFETY: the arguments are handles of the running call.
        let status =
            unsafe { sys::napi_get_value_uint32(self.env, self.argument::<N>(), &raw mut number) };
        self.expect(status, "expected a number").map(|()| number)
    }

    /// A value of another type.
    pub(crate) fn value<const N: usize, T: FromNapiValue>(&self) -> Result<T> {
        // SAFETY: the arguments are handles of the running call.
        unsafe { T::from_napi_value(self.env, self.argument::<N>()) }
    }

    /// Reads a string into `bytes` as UTF-8, with U+FFFD for each lone surrogate. Allocates if the
    /// capacity is short.
    pub(crate) fn read<const N: usize>(&self, bytes: &mut Vec<u8>) -> Result<()> {
        self.read_as::<N, false>(bytes)
    }

    /// As [`Call::read`], but as Latin-1, which takes less time. Only for a string that has no
    /// character above 255: `Ł` (U+0141) would be cut down to `A`.
    pub(crate) fn read_latin_1<const N: usize>(&self, bytes: &mut Vec<u8>) -> Result<()> {
        self.read_as::<N, true>(bytes)
    }

    fn read_as<const N: usize, const LATIN_1: bool>(&self, bytes: &mut Vec<u8>) -> Result<()> {
        let string = self.argument::<N>();
        if self.fill::<LATIN_1>(string, bytes)? {
            return Ok(());
        }
        wipe(bytes);
        let mut length = 0_usize;
        // SAFETY: without a buffer only the length is asked for, and it is a string.
        unsafe {
            sys::napi_get_value_string_utf8(self.env, string, ptr::null_mut(), 0, &raw mut length)
        };
        let room = length.saturating_add(SLACK).saturating_add(1);
        bytes
            .try_reserve_exact(room)
            .map_err(|_| Error::from_reason("out of memory"))?;
        self.fill::<LATIN_1>(string, bytes).map(|_| ())
    }

    /// As [`Call::read`], with one byte for each character. A character above 255 is a
    /// `RangeError`.
    pub(crate) fn read_single_bytes<const N: usize>(&self, bytes: &mut Vec<u8>) -> Result<()> {
        self.read::<N>(bytes)?;
        if narrow(bytes) {
            Ok(())
        } else {
            let message = "a character stands for more than one byte";
            Err(range_error(self.env(), message))
        }
    }

    /// A new string. `bytes` are UTF-8, or one character each if `single_bytes`.
    pub(crate) fn string(&self, bytes: &[u8], single_bytes: bool) -> Result<Local> {
        let length = length(bytes)?;
        let create = if single_bytes {
            sys::napi_create_string_latin1
        } else {
            sys::napi_create_string_utf8
        };
        let mut string = ptr::null_mut();
        // SAFETY: `bytes` has `length` bytes, which are copied.
        let status = unsafe { create(self.env, bytes.as_ptr().cast(), length, &raw mut string) };
        if status == sys::Status::napi_ok {
            Ok(Local(string))
        } else {
            Err(Error::from_reason("no string was made"))
        }
    }

    /// Reads as much as there is capacity for, and returns whether that was surely all.
    fn fill<const LATIN_1: bool>(
        &self,
        string: sys::napi_value,
        bytes: &mut Vec<u8>,
    ) -> Result<bool> {
        let get = if LATIN_1 {
            sys::napi_get_value_string_latin1
        } else {
            sys::napi_get_value_string_utf8
        };
        bytes.clear();
        let (buffer, capacity) = (bytes.as_mut_ptr().cast(), bytes.capacity());
        let mut written = 0;
        // SAFETY: no more than `capacity` bytes are written.
        let status = unsafe { get(self.env, string, buffer, capacity, &raw mut written) };
        self.expect(status, "expected a string")?;
        // SAFETY: so many bytes were written.
        unsafe { bytes.set_len(written) };
        Ok(written.saturating_add(SLACK) < capacity)
    }

    const fn argument<const N: usize>(&self) -> sys::napi_value {
        const { assert!(N < ARGUMENTS) };
        let [first, second, third, fourth] = self.arguments;
        match N {
            0 => first,
            1 => second,
            2 => third,
            _ => fourth,
        }
    }

    /// A `TypeError` unless the status is good.
    fn expect(&self, status: sys::napi_status, message: &str) -> Result<()> {
        if status == sys::Status::napi_ok {
            Ok(())
        } else {
            Err(type_error(self.env(), message))
        }
    }
}

/// Overwrites what may be secret, and gives much memory back. The fence keeps the writes from being
/// left out as unused.
pub(crate) fn wipe(bytes: &mut Vec<u8>) {
    bytes.fill(0);
    compiler_fence(Ordering::SeqCst);
    clear(bytes);
}

/// Forgets what is no secret, and gives much memory back.
pub(crate) fn clear(bytes: &mut Vec<u8>) {
    bytes.clear();
    bytes.shrink_to(RETAINED);
}

fn length(bytes: &[u8]) -> Result<isize> {
    isize::try_from(bytes.len()).map_err(|_| Error::from_reason("too long"))
}

/// From UTF-8 to one byte for each character, in place. False if there is a character above 255.
fn narrow(bytes: &mut Vec<u8>) -> bool {
    if bytes.is_ascii() {
        return true;
    }
    let (before, mut high_bits, mut fits) = (bytes.len(), 0, true);
    bytes.retain_mut(|byte| match *byte {
        0..0x80 => true,
        0x80..0xc0 => {
            *byte = high_bits | (*byte & 0x3f);
            true
        }
        lead => {
            high_bits = lead << 6;
            fits &= lead < 0xc4;
            false
        }
    });
    // Nor is anything left behind the end.
    let after = bytes.len();
    bytes.resize(before, 0);
    bytes.truncate(after);
    fits
}

/// The most that a function takes.
const ARGUMENTS: usize = 4;

/// Node-API does not say whether it left something out. It ends with a NUL and splits no character,
/// so that a string that was cut leaves at most four bytes free.
const SLACK: usize = 4;

/// What is kept between calls, in bytes.
const RETAINED: usize = 16 * 1024;
