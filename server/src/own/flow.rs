//! Replies and refusals of the own API.

use crate::Error;
use crate::registry::Caller;
use crate::reply::Reply;
use axum::http::{StatusCode, header};
use serde_json::json;

/// What ends the handling of a request early: an answer, or an error of the registry.
pub(super) enum Stop {
    Answer(Reply),
    Fault(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Stop::Fault(error)
    }
}

/// The result of handling a request.
pub(super) type Flow = Result<Reply, Stop>;

/// The reply to a request.
pub(super) fn settle(flow: Flow) -> Reply {
    match flow {
        Ok(reply) | Err(Stop::Answer(reply)) => reply,
        Err(Stop::Fault(Error::Busy)) => {
            wrong(StatusCode::SERVICE_UNAVAILABLE, "Too many changes wait already.").with(header::RETRY_AFTER, "1")
        }
        Err(Stop::Fault(_)) => wrong(StatusCode::INTERNAL_SERVER_ERROR, "The registry failed."),
    }
}

/// An error.
pub(super) fn wrong(status: StatusCode, why: &str) -> Reply {
    Reply::json(status, &json!({ "error": why }))
}

pub(super) fn stop(status: StatusCode, why: &str) -> Stop {
    Stop::Answer(wrong(status, why))
}

/// Refuses who may not do everything.
pub(super) fn check_may_all(caller: &Caller, what: &str) -> Result<(), Stop> {
    match caller.rights.are_all() {
        true => Ok(()),
        false => Err(stop(StatusCode::FORBIDDEN, &format!("Only who may do everything may {what}."))),
    }
}
