//! What the library has no words for: a request by its path, and the answer as it came.

use super::{CardwrightClient, noted};
use crate::boundary::{CardwrightError, CardwrightText, Output, size};
use crate::hosted::{give, handle, run, take_back};
use crate::names::nth;
use cardwright_client::Raw;
use cardwright_core::http::Method;
use cardwright_core::{Code, Error};

/// An answer as it came. It may be shared between threads.
#[derive(Debug)]
pub struct CardwrightRaw(Raw);

/// An answer as it came. What it points to lies in the handle.
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightRawFacts {
    /// `sizeof(CardwrightRawFacts)`, set by the caller.
    pub struct_size: u32,
    /// The HTTP status, whatever it is.
    pub status: u32,
    /// The header `Content-Type`, or an empty text.
    pub content_type: CardwrightText,
    /// The body; a card or request in it can be read by `cardwright_view_parse`.
    pub body: *const u8,
    /// How many bytes the body has.
    pub body_length: usize,
}

/// Sends what this library has no words for: a `CardwrightMethod`, any path below the API's base with its
/// parameters, percent-encoded, and a body of JSON, with `data` as `NULL` for none. It signs in and has time limits
/// as everything else, is sent once, and the answer comes as it is: a refusal is a success of this function.
/// `*raw` is the caller's, for `cardwright_raw_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_client_raw(
    client: *const CardwrightClient,
    method: u32,
    path: CardwrightText,
    body: CardwrightText,
    raw: *mut *mut CardwrightRaw,
    error: *mut CardwrightError,
) -> i32 {
    let work = || {
        // SAFETY: client and texts stay for the call; the output is there to be written to.
        let (client, path, body, place) = unsafe { (handle(client)?, path.needed()?, body.get()?, Output::new(raw)?) };
        let methods = [Method::Get, Method::Post, Method::Put];
        let method = methods.into_iter().find(|known| *known as u32 == method);
        let method = method.ok_or(Error::of(Code::UnknownValue, "method"))?;
        place.put(give(CardwrightRaw(client.0.raw(method, path, body).map_err(noted)?)));
        Ok(())
    };
    // SAFETY: the error is the caller's to be written to.
    unsafe { run(error, work) }
}

/// Status, type and body of an answer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_raw_facts(
    raw: *const CardwrightRaw,
    facts: *mut CardwrightRawFacts,
    error: *mut CardwrightError,
) -> i32 {
    let body = || {
        // SAFETY: the answer is there to be read, the structure to be written to.
        let (raw, place) = unsafe { (&handle(raw)?.0, Output::structure(facts)?) };
        place.put(CardwrightRawFacts {
            struct_size: size::<CardwrightRawFacts>(),
            status: raw.status.into(),
            content_type: CardwrightText::within(&raw.content_type),
            body: raw.body.as_ptr(),
            body_length: raw.body.len(),
        });
        Ok(())
    };
    // SAFETY: the error is the caller's to be written to.
    unsafe { run(error, body) }
}

/// The value of a header by its name, whatever the case of its letters, and its index, from 0, among those of this
/// name. It lies in the handle.
///
/// `CARDWRIGHT_CODE_ARGUMENT` behind the last.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_raw_header(
    raw: *const CardwrightRaw,
    name: CardwrightText,
    index: usize,
    value: *mut CardwrightText,
    error: *mut CardwrightError,
) -> i32 {
    let body = || {
        // SAFETY: the answer is there to be read, the text stays for the call, the output is there to be written to.
        let (raw, name, place) = unsafe { (&handle(raw)?.0, name.needed()?, Output::new(value)?) };
        place.put(CardwrightText::within(nth(raw.header(name), index)?));
        Ok(())
    };
    // SAFETY: the error is the caller's to be written to.
    unsafe { run(error, body) }
}

/// Takes an answer back; what pointed into it is of no use any more. `NULL` is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_raw_free(raw: *mut CardwrightRaw) {
    // SAFETY: what a function of this library gave away, once.
    unsafe { take_back(raw) }
}
