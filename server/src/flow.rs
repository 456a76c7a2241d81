//! How the handling of a request ends.

use crate::Error;
use crate::reply::Reply;

/// What ends the handling of a request early: an answer, or a fault of the registry, which undoes what was done.
pub(crate) enum Stop {
    Answer(Box<Reply>),
    Fault(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Stop::Fault(error)
    }
}

impl From<Reply> for Stop {
    fn from(reply: Reply) -> Self {
        Stop::Answer(Box::new(reply))
    }
}

/// The result of handling a request.
pub(crate) type Flow = Result<Reply, Stop>;
