//! Replies and refusals of the own API.

use crate::Error;
pub(super) use crate::flow::{Flow, Stop};
use crate::registry::Caller;
use crate::reply::Reply;
use axum::http::{StatusCode, header};
use serde_json::json;

/// The reply to a request.
pub(super) fn settle(flow: Flow) -> Reply {
    match flow {
        Ok(reply) => reply,
        Err(Stop::Answer(reply)) => *reply,
        Err(Stop::Fault(Error::Busy)) => {
            wrong(StatusCode::SERVICE_UNAVAILABLE, "Too many changes wait already.").with(header::RETRY_AFTER, "1")
        }
        Err(Stop::Fault(error)) if error.is_unavailable() => {
            let reply = wrong(StatusCode::SERVICE_UNAVAILABLE, "The database cannot be used at present.");
            reply.with(header::RETRY_AFTER, "1").because(error)
        }
        Err(Stop::Fault(error)) => wrong(StatusCode::INTERNAL_SERVER_ERROR, "The registry failed.").because(error),
    }
}

/// An error.
pub(super) fn wrong(status: StatusCode, why: &str) -> Reply {
    Reply::json(status, &json!({ "error": why }))
}

pub(super) fn stop(status: StatusCode, why: &str) -> Stop {
    wrong(status, why).into()
}

/// Refuses who may not do everything.
pub(super) fn check_may_all(caller: &Caller, what: &str) -> Result<(), Stop> {
    match caller.rights.are_all() {
        true => Ok(()),
        false => Err(stop(StatusCode::FORBIDDEN, &format!("Only who may do everything may {what}."))),
    }
}
