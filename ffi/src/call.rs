//! Calls of both APIs, as the requests that the caller sends.

#[cfg(feature = "certiflow")]
mod certiflow;
#[cfg(feature = "mim")]
mod mim;
mod query;
mod structures;

#[cfg(feature = "client")]
pub(crate) use certiflow::{query_of, reason_of};
pub use query::{CARDWRIGHT_MAX_TAGS, CardwrightQuery};
pub use structures::*;

use crate::error::{CardwrightError, name, refused};
use crate::frame::{boundary, buffer, from_c, nullable};
use cardwright_core::Error;
use cardwright_core::http::{self, Site};
use core::ffi::c_char;

/// The method of a call: a `CardwrightMethod`.
///
/// Codes of this and the next three functions, for what cannot be asked:
/// `CARDWRIGHT_CODE_NO_SUCH_CALL`, `NO_SUCH_PARAMETER`, `NO_SUCH_REASON`, `PARAMETER_NEEDED` for what the
/// dialect lacks or needs, `REASON_NEEDED`, `NO_SUCH_OPERATION`, `UNWRITABLE` for an id that cannot stand in
/// a path, `UNKNOWN_VALUE` for an unknown number, `ARGUMENT` for a missing text.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_call_method(
    call: *const CardwrightCall, method: *mut u32, error: *mut CardwrightError,
) -> i32 {
    boundary!(error, {
        let (call, method) = from_c!(call, method);
        with_call(&call, |call| {
            method.put(call.route().method as u32);
            Ok(())
        })?;
    })
}

/// Writes the address of a call below the API's base, percent-encoded, with its parameters:
/// `Cards/1013/Revoke?reason=CardLost`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_call_target(
    call: *const CardwrightCall, buffer: *mut c_char, capacity: usize, length: *mut usize, error: *mut CardwrightError,
) -> i32 {
    boundary!(error, {
        let (call, buffer) = (from_c!(call), buffer!(buffer, capacity, length));
        with_call(&call, |call| buffer.plain(|out| http::write_target(call, out)))?;
    })
}

/// Writes the body of a call, which is JSON, or nothing if it has none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_call_body(
    call: *const CardwrightCall, buffer: *mut c_char, capacity: usize, length: *mut usize, error: *mut CardwrightError,
) -> i32 {
    boundary!(error, {
        let (call, buffer) = (from_c!(call), buffer!(buffer, capacity, length));
        with_call(&call, |call| buffer.plain(|out| call.body(out)))?;
    })
}

/// Writes a call as a whole HTTP/1.1 message: request line, headers, empty line, body.
///
/// Besides the codes of `cardwright_call_method`: `CARDWRIGHT_CODE_ADDRESS` for an impossible host or
/// base, `CARDWRIGHT_CODE_UNWRITABLE` for a user, password or token that cannot stand in a header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_call_message(
    call: *const CardwrightCall, site: *const CardwrightSite, buffer: *mut c_char, capacity: usize, length: *mut usize,
    error: *mut CardwrightError,
) -> i32 {
    boundary!(error, {
        let (call, site, buffer) = (from_c!(call), from_c!(site), buffer!(buffer, capacity, length));
        let site = site_of(&site)?;
        with_call(&call, |call| buffer.plain(|out| http::write_message(call, &site, out)))?;
    })
}

pub(crate) fn site_of<'a>(given: &'a CardwrightSite) -> Result<Site<'a>, Error> {
    let site = Site::new(from_c!(given.host), nullable!(given.base).unwrap_or(""))?;
    match (nullable!(given.user), nullable!(given.password), nullable!(given.token)) {
        (None, None, None) => Ok(site),
        (Some(user), Some(password), None) => site.with_basic(user, password),
        #[cfg(not(feature = "bearer"))]
        (None, None, Some(_)) => Err(refused(name!(token), "the library is built without bearer tokens")),
        #[cfg(feature = "bearer")]
        (None, None, Some(token)) => site.with_bearer(token),
        (_, _, Some(_)) => Err(refused(name!(token), "there is a user or a password too: one way to sign in")),
        (Some(_), None, None) => Err(refused(name!(password), "no text, and the user needs one")),
        (None, Some(_), None) => Err(refused(name!(user), "no text, and there is a password")),
    }
}

/// Passes the call that the caller described to `with`.
fn with_call(given: &CardwrightCall, with: impl FnOnce(&dyn http::Call) -> Result<(), Error>) -> Result<(), Error> {
    #[cfg(feature = "mim")]
    if let Some(call) = mim::call(given)? {
        call.check()?;
        return with(&call);
    }
    #[cfg(feature = "certiflow")]
    {
        let mut tags = [""; CARDWRIGHT_MAX_TAGS];
        let lists = given.kind == CardwrightCallKind::CertiflowCards as u32;
        let query = if lists { nullable!(given.query) } else { None };
        let call = certiflow::call(given, query.as_deref(), &mut tags)?;
        let dialect = crate::enumeration::value(given.dialect, "dialect")?;
        #[cfg(not(feature = "generations"))]
        let dialect = match dialect {
            // A constant, of which the optimiser makes the most.
            cardwright_core::certiflow::Dialect::G7 => cardwright_core::certiflow::Dialect::G7,
            _ => return Err(Error::of(cardwright_core::Code::NoSuchCall, "dialect")),
        };
        with(&call.in_dialect(dialect)?)
    }
    #[cfg(not(feature = "certiflow"))]
    Err(Error::of(cardwright_core::Code::UnknownValue, "kind"))
}
