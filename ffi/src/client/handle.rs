//! The handle of a client, and what can be done with it at any time.
//!
//! A client is shared with the lists that come from it, so that it may be freed before them.

use crate::detail;
use crate::error::CardwrightError;
use crate::frame::{boundary_with_detail, buffer, from_c};
use crate::hosted::{free, handle};
use crate::view::CardwrightStatusRow;
use cardwright::client::AnyClient;
use cardwright_core::mim::SmartcardStatus;
use cardwright_core::{Code, Error};
use core::ffi::c_char;
use core::ops::Deref;
use std::sync::Arc;

/// A client of one of the APIs. It may be shared between threads. After a fork, a child that goes on with it makes
/// connections of its own, and signs in by itself; what the parent does is not disturbed.
#[derive(Debug)]
pub struct CardwrightClient(pub(super) Arc<Shared>);

/// What the numbers of MIM CM's states mean at a site, unless it is the usual.
pub(super) type Statuses = Arc<[CardwrightStatusRow]>;

/// What a client, its lists and its threads have in common.
#[derive(Debug)]
pub(super) struct Shared {
    // Borrows from what follows: fields are dropped in this order.
    pub(super) client: AnyClient,
    pub(super) _rows: Arc<[(i64, SmartcardStatus)]>,
    /// The same for views of its cards.
    pub(super) statuses: Option<Statuses>,
}

impl Deref for Shared {
    type Target = AnyClient;

    fn deref(&self) -> &AnyClient {
        &self.client
    }
}

handle!(CardwrightClient: Send + Sync);

/// Writes how the last sign-in of a client went, without secrets: what the server offered, what was tried, and with
/// what result.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_client_explain(
    client: *const CardwrightClient, buffer: *mut c_char, capacity: usize, length: *mut usize,
    error: *mut CardwrightError,
) -> i32 {
    boundary_with_detail!(error, {
        let (client, buffer) = (from_c!(client), buffer!(buffer, capacity, length));
        let explanation = client.0.client.explain();
        buffer.text(|out| write!(out, "{explanation}"))?;
    })
}

/// Frees a client, which must not be in use; lists and cards that came from it stay valid. `NULL` is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_client_free(client: *mut CardwrightClient) {
    free!(client)
}

/// Stops a client for good, from any thread: calls under way fail at once with `CARDWRIGHT_CODE_CANCELED`, in all
/// threads, as do all later ones that would send something or read on in a list; and nothing more is sent.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_client_cancel(client: *const CardwrightClient, error: *mut CardwrightError) -> i32 {
    boundary_with_detail!(error, {
        from_c!(client).0.canceler().cancel();
    })
}

impl Shared {
    /// Refuses what belongs to a client that was canceled, also where nothing would be sent.
    pub(super) fn check_canceled(&self) -> Result<(), Error> {
        if self.client.canceler().is_canceled() { Err(Error::new(Code::Canceled, 0)) } else { Ok(()) }
    }
}

/// Records the detail of a client's error, and converts it to what crosses the boundary.
pub(super) fn noted(error: impl Into<cardwright::client::Error>) -> Error {
    let error = error.into();
    detail::words(error.unmasked().to_string());
    detail::refusal(error.status());
    match error {
        cardwright::client::Error::Call(error) => error,
        cardwright::client::Error::Http(cardwright::client::http::Error::Decode(decode)) => decode.error,
        cardwright::client::Error::Http(error) => Error { what: error.setting(), ..Error::new(error.code(), 0) },
        other => Error::new(other.code(), 0),
    }
}

/// An error of set-up, or about an argument: the name of the member or parameter, where the error has none.
pub(super) fn about(name: &'static str, error: Error) -> Error {
    if error.what.is_empty() { Error { what: name, ..error } } else { error }
}
