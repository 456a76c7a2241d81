//! Reading and writing within a transaction, whatever the database: what the rules stand on.

use super::stamp::Stamp;
use super::store::{Reads, Writes};
use core::ops::Deref;

/// What can be read, all from one state of the database.
#[derive(Clone, Copy)]
pub(crate) struct Reading<'c> {
    reads: &'c dyn Reads,
}

/// What can be written, in one transaction.
pub(crate) struct Writing<'c> {
    reading: Reading<'c>,
    pub(super) writes: &'c dyn Writes,
    /// The time of everything in this transaction.
    pub(crate) now: Stamp,
}

impl<'c> Reading<'c> {
    pub(super) const fn new(reads: &'c dyn Reads) -> Self {
        Reading { reads }
    }
}

impl<'c> Deref for Reading<'c> {
    type Target = dyn Reads + 'c;

    fn deref(&self) -> &Self::Target {
        self.reads
    }
}

impl<'c> Writing<'c> {
    pub(super) fn new(writes: &'c dyn Writes) -> Self {
        Writing { reading: Reading::new(writes), writes, now: writes.now() }
    }
}

impl<'c> Deref for Writing<'c> {
    type Target = Reading<'c>;

    fn deref(&self) -> &Reading<'c> {
        &self.reading
    }
}
