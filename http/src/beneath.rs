//! The level below an error that is a value of ours.

use std::error::Error;
use std::io;
use std::sync::Arc;

/// The error below another, if there is one. Two errors that say the same are equal, whatever is below them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Beneath(Option<Arc<dyn Error + Send + Sync>>);

impl Beneath {
    /// This error.
    pub(crate) fn of(error: impl Error + Send + Sync + 'static) -> Self {
        Beneath(Some(Arc::new(error)))
    }

    /// This error of `io`, or what it was made of.
    pub(crate) fn of_io(error: io::Error) -> Self {
        if error.get_ref().is_none() {
            return Self::of(error);
        }
        Beneath(error.into_inner().map(Arc::from))
    }

    /// This error.
    pub(crate) fn of_box(error: Box<dyn Error + Send + Sync>) -> Self {
        Beneath(Some(Arc::from(error)))
    }

    pub(crate) fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.as_deref().map(|below| below as _)
    }
}

impl PartialEq for Beneath {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Beneath {}
