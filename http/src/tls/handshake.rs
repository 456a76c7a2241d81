//! What a handshake shows while it runs: the certificates that are presented, and whether a client certificate is
//! asked for.
//!
//! A handshake is one call on one thread, and its callbacks are called on that thread: what they see is kept there.

use crate::presented::Presented;
use std::cell::RefCell;
use std::sync::Arc;

/// What was seen.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// The server's certificates in DER, its own first.
    pub(super) chain: Vec<Vec<u8>>,
    /// Whether the server asked for a client certificate.
    pub(super) asked: bool,
    /// Whether the server has proved that its certificate, which is trusted, is its own.
    pub(super) verified: bool,
}

thread_local! {
    static SEEN: RefCell<Seen> = RefCell::default();
    /// The server's own certificate on the connection that was made last.
    static LAST: RefCell<Option<Arc<[u8]>>> = RefCell::default();
}

/// Begins to look.
pub(super) fn begin() {
    SEEN.with(|seen| seen.take());
}

/// What was seen since.
pub(super) fn end() -> Seen {
    SEEN.with(|seen| seen.take())
}

/// The server asked for a client certificate.
pub(super) fn asked() {
    SEEN.with(|seen| {
        if let Ok(mut seen) = seen.try_borrow_mut() {
            seen.asked = true;
        }
    });
}

/// The server's certificate is trusted, and it has proved to have the key.
pub(super) fn verified() {
    SEEN.with(|seen| {
        if let Ok(mut seen) = seen.try_borrow_mut() {
            seen.verified = true;
        }
    });
}

/// The server presented these certificates.
pub(super) fn presented(chain: Vec<Vec<u8>>, presented: &Presented) {
    presented.record(&chain);
    SEEN.with(|seen| {
        if let Ok(mut seen) = seen.try_borrow_mut() {
            seen.chain = chain;
        }
    });
}

/// Leaves the server's own certificate for a connection above this one.
pub(super) fn leave(certificate: Option<Arc<[u8]>>) {
    LAST.with(|last| last.replace(certificate));
}

/// What was left last.
pub(super) fn left() -> Option<Arc<[u8]>> {
    LAST.with(|last| last.take())
}
