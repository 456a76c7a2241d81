//! The places at which a call of SQLite may fail. In a test build one after the other does, as SQLite's own tests make
//! each allocation and each write fail in turn; in any other build this is nothing.

/// A place.
///
/// # Errors
/// In a test build, if it is this place's turn.
#[cfg(not(test))]
#[expect(clippy::unnecessary_wraps, reason = "it fails in a test build")]
pub(super) const fn here() -> rusqlite::Result<()> {
    Ok(())
}

#[cfg(test)]
pub(crate) use on_request::{arm, disarm, here};

#[cfg(test)]
mod on_request {
    use core::sync::atomic::{AtomicBool, AtomicI64, Ordering};
    use rusqlite::ffi::{Error, SQLITE_IOERR};

    /// How many places pass before one fails; below zero, none does.
    static LEFT: AtomicI64 = AtomicI64::new(-1);
    /// Whether all further ones fail too.
    static IS_LASTING: AtomicBool = AtomicBool::new(false);
    static HAS_FAILED: AtomicBool = AtomicBool::new(false);

    /// The place after `pass` others fails; if it is `lasting`, all after it do too.
    pub(crate) fn arm(pass: i64, lasting: bool) {
        HAS_FAILED.store(false, Ordering::SeqCst);
        IS_LASTING.store(lasting, Ordering::SeqCst);
        LEFT.store(pass, Ordering::SeqCst);
    }

    /// No place fails any more. Returns whether one has.
    pub(crate) fn disarm() -> bool {
        LEFT.store(-1, Ordering::SeqCst);
        HAS_FAILED.load(Ordering::SeqCst)
    }

    pub(crate) fn here() -> rusqlite::Result<()> {
        let counted = LEFT.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| match left {
            ..0 => None,
            0 if IS_LASTING.load(Ordering::SeqCst) => Some(0),
            left => Some(left - 1),
        });
        if counted != Ok(0) {
            return Ok(());
        }
        HAS_FAILED.store(true, Ordering::SeqCst);
        Err(rusqlite::Error::SqliteFailure(Error::new(SQLITE_IOERR), Some("a failure on request".into())))
    }
}
