//! Replies and refusals in the form of ASP.NET Web API.

use crate::Error;
pub(super) use crate::flow::{Flow, Stop};
use crate::reply::Reply;
use axum::http::StatusCode;
use cardwright_core::Named as _;
use cardwright_core::identity::Guid;
use cardwright_core::mim::RequestKind;
use serde_json::json;

/// A refusal is an answer like any other: what the audit log says of it is kept.
pub(super) fn settle(flow: Flow) -> Result<Reply, Error> {
    match flow {
        Ok(reply) => Ok(reply),
        Err(Stop::Answer(reply)) => Ok(*reply),
        Err(Stop::Fault(error)) => Err(error),
    }
}

/// An error in the form of ASP.NET Web API.
pub(super) fn message(status: StatusCode, text: &str) -> Reply {
    Reply::json(status, &json!({ "Message": text }))
}

pub(super) fn stop(status: StatusCode, text: &str) -> Stop {
    message(status, text).into()
}

pub(super) fn no_card(uuid: Guid) -> Stop {
    stop(StatusCode::NOT_FOUND, &format!("No smart card has the id {uuid}."))
}

/// The GUID in a path, parameter or field.
pub(super) fn uuid_in(name: &str, text: &str) -> Result<Guid, Stop> {
    Guid::parse(text.trim()).map_err(|_| stop(StatusCode::BAD_REQUEST, &format!("{name}: {text:?} is no GUID.")))
}

/// A request, as a sentence names it.
pub(super) fn named_request(uuid: Guid, kind: RequestKind) -> String {
    format!("Request {uuid} ({})", kind.name())
}
