//! Where a registry is kept.

use crate::Database;
use std::path::PathBuf;

/// Where the registry is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(not(cardwright_exhaustive), non_exhaustive)]
pub enum Data {
    /// In a new private directory that is removed when the server stops.
    Temporary,
    /// In the file `registry.sqlite` of this directory, which is created if it is missing, and made private if
    /// others may enter it. One server at a time may use it.
    Directory(PathBuf),
    /// In a database of PostgreSQL, which is made a registry if it is empty. Any number of servers may use it at the same
    /// time.
    Postgres(Database),
}
