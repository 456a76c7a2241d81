//! The places at which a call of the database may fail. In a test build one after the other does, as SQLite's own tests
//! make each allocation and each write fail in turn; in any other build this is nothing.

/// Whether it is the turn of this place to fail.
#[cfg(not(test))]
pub(super) const fn is_due() -> bool {
    false
}

#[cfg(test)]
pub(crate) use on_request::{arm, disarm, is_due};

#[cfg(test)]
mod on_request {
    use core::sync::atomic::{AtomicBool, AtomicI64, Ordering};

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

    pub(crate) fn is_due() -> bool {
        let counted = LEFT.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| match left {
            ..0 => None,
            0 if IS_LASTING.load(Ordering::SeqCst) => Some(0),
            left => Some(left - 1),
        });
        if counted != Ok(0) {
            return false;
        }
        HAS_FAILED.store(true, Ordering::SeqCst);
        true
    }
}
