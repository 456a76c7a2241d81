//! Requests for which the library has no function: by their path, with the answer as it came.

use super::handle::{CardwrightClient, noted};
use crate::error::CardwrightError;
use crate::frame::{boundary_with_detail, from_c, nth, nullable, size, structures};
use crate::hosted::{free, handle, into_raw};
use crate::text::CardwrightText;
use cardwright::client::Raw;
use cardwright_core::http::Method;
use cardwright_core::{Code, Error};

/// An answer as it came. It may be shared between threads.
#[derive(Debug)]
pub struct CardwrightRaw(Raw);

handle!(CardwrightRaw: Send + Sync);

impl CardwrightRaw {
    /// JSON that the library has read and checked.
    pub(super) fn of(json: String) -> Self {
        CardwrightRaw(Raw::of_json(json))
    }
}

/// An answer as it came. What it points to belongs to the handle.
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
    /// The length of the body in bytes.
    pub body_length: usize,
}

structures!(CardwrightRawFacts { status, content_type, body, body_length });

/// Sends a request for which this library has no function: a `CardwrightMethod`, any path below the API's base with
/// its parameters, percent-encoded, and a JSON body, whose `data` is `NULL` for none. It signs in and has time limits
/// like all others, is sent once, and the answer comes as it is: a refusal is a success of this function. Free `*raw`
/// with `cardwright_raw_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_client_raw(
    client: *const CardwrightClient, method: u32, path: CardwrightText, body: CardwrightText,
    raw: *mut *mut CardwrightRaw, error: *mut CardwrightError,
) -> i32 {
    boundary_with_detail!(error, {
        let (client, path, body, raw) = (from_c!(client), from_c!(path), nullable!(body), from_c!(raw));
        let method = Method::ALL.iter().copied().find(|known| *known as u32 == method);
        let method = method.ok_or(Error::of(Code::UnknownValue, "method"))?;
        raw.put(into_raw(CardwrightRaw(client.0.raw(method, path, body).map_err(noted)?)));
    })
}

/// Status, type and body of an answer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_raw_facts(
    raw: *const CardwrightRaw, facts: *mut CardwrightRawFacts, error: *mut CardwrightError,
) -> i32 {
    boundary_with_detail!(error, {
        let (raw, facts) = (&from_c!(raw).0, from_c!(facts));
        facts.put(CardwrightRawFacts {
            struct_size: size::<CardwrightRawFacts>(),
            status: raw.status.into(),
            content_type: CardwrightText::of(&raw.content_type),
            body: raw.body.as_ptr(),
            body_length: raw.body.len(),
        });
    })
}

/// The value of a header by its name, in upper or lower case, and its index, from 0, among those of this name. It
/// belongs to the handle.
///
/// `CARDWRIGHT_CODE_ARGUMENT` past the last.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_raw_header(
    raw: *const CardwrightRaw, name: CardwrightText, index: usize, value: *mut CardwrightText,
    error: *mut CardwrightError,
) -> i32 {
    boundary_with_detail!(error, {
        let (raw, name, value) = (&from_c!(raw).0, from_c!(name), from_c!(value));
        value.put(CardwrightText::of(nth(raw.header(name), index)?));
    })
}

/// Frees an answer; pointers into it become invalid. `NULL` is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_raw_free(raw: *mut CardwrightRaw) {
    free!(raw)
}
