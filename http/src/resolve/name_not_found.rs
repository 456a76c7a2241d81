//! The error for a name that has no address.

use crate::beneath::Beneath;
use std::fmt;

/// A name for which the system knows no address.
#[derive(Debug)]
pub(crate) struct NameNotFound {
    pub(super) name: String,
    /// The system's words.
    pub(super) why: String,
    pub(super) below: Beneath,
}

impl fmt::Display for NameNotFound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the name {} is not found: {}", self.name, self.why)
    }
}

impl std::error::Error for NameNotFound {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.below.source()
    }
}
