//! The places at which a call of SQLite may fail, in a test build.

use crate::registry::failing;

/// A place.
///
/// # Errors
/// In a test build, if it is this place's turn.
pub(super) fn may_fail() -> rusqlite::Result<()> {
    match failing::is_due() {
        true => Err(rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_IOERR), None)),
        false => Ok(()),
    }
}
