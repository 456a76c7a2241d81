//! What a database does for the registry: the domain's methods, and not SQL's. [`crate::registry::sqlite`] and
//! [`crate::registry::postgres`] have them, and the same tests run over both.
//!
//! What a rule says (which operation is allowed, what the audit log gets) stands above these methods, once. What is here is
//! found, listed and changed. All of a reading is of one state of the database; all of a writing is in one transaction, and
//! what it reads by an id stays as it is until that ends.

mod reads;
mod writes;

pub(crate) use reads::Reads;
pub(crate) use writes::Writes;

use super::health::Health;
use super::reading::{Reading, Writing};
use crate::Error;
use core::future::Future;
use core::pin::Pin;

/// What reads. Where the connection breaks before it has read anything, it is called again.
pub(super) type Read<'r> = &'r mut dyn FnMut(&Reading<'_>) -> Result<(), Error>;
/// What writes. Where another transaction was in the way, it is called again, in a new one.
pub(super) type Write<'w> = &'w mut dyn FnMut(&Writing<'_>) -> Result<(), Error>;
/// As [`Write`], for another thread.
pub(super) type Change = Box<dyn FnMut(&Writing<'_>) -> Result<(), Error> + Send>;
/// Whether a change was carried out.
pub(super) type Changing = Pin<Box<dyn Future<Output = Result<(), Error>> + Send>>;

/// How much a reading reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// One statement: it needs no transaction.
    One,
    /// Several.
    Several,
}

/// A database with a registry.
pub(super) trait Store: Send + Sync {
    /// Reads.
    fn read(&self, extent: Extent, read: Read<'_>) -> Result<(), Error>;
    /// Writes in a transaction of its own: everything if the result is `Ok`, nothing otherwise.
    fn write(&self, write: Write<'_>) -> Result<(), Error>;
    /// As [`Self::write`], for accounts and roles: afterwards no cached sign-in is used.
    fn write_accounts(&self, write: Write<'_>) -> Result<(), Error>;
    /// Writes, together with other pending changes where the database gains by that. It is durable when this is ready. What
    /// was begun is carried out even if it is no longer awaited.
    fn change(&self, change: Change) -> Result<Changing, Error>;
    /// The number of the last row of the audit log. No row with a smaller number is written any more.
    fn audit_end(&self) -> Result<i64, Error>;
    /// Whether the calls wait for a network: then they need a thread that may block.
    fn is_remote(&self) -> bool;
    /// A number that changes whenever an account or a role does.
    fn epoch(&self) -> Result<u64, Error>;
    /// The same, if it is known without asking the database.
    fn known_epoch(&self) -> Option<u64>;
    /// Forgets every cached sign-in.
    #[cfg(test)]
    fn forget_callers(&self);
    /// How many transactions were committed since it was opened.
    fn commits(&self) -> u64;
    /// Whether it was made when this server started.
    fn is_new(&self) -> bool;
    /// What is wrong with what it holds, if anything is.
    fn complaints(&self) -> Result<Vec<String>, Error>;
    /// Where it is, for a message: no password.
    fn place(&self) -> String;
    /// Whether it can be read and written.
    fn health(&self) -> &Health;
}
