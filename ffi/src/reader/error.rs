//! Errors of readers as they cross to C.

use crate::detail;
use cardwright_core::Error;

/// Records the detail of a reader's error, and converts it to what crosses the boundary.
pub(super) fn noted(error: cardwright::reader::Error) -> Error {
    detail::record(&error);
    Error::new(error.code(), 0)
}
