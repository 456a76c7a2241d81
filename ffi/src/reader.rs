//! Readers by PC/SC, what comes and goes, and the card in one of them.

mod readers;
mod session;
mod watch;

pub use readers::*;
pub use session::*;
pub use watch::*;

use crate::hosted::note;
use cardwright_core::Error;

// As the header says: they may be shared between threads. `Connection` says so of sessions.
const _: () = {
    const fn shared<T: Send + Sync>() {}
    shared::<CardwrightReaders>();
    shared::<CardwrightWatch>();
};

/// Keeps the detail of a reader's error, and makes what crosses the boundary of it.
fn noted(error: cardwright_reader::Error) -> Error {
    note(&error);
    Error::new(error.code(), 0)
}
