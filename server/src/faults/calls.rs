//! The calls below `/_sandbox`: an administrator reads and sets the faults of a running server.

use super::rules::{Faults, InForce};
use crate::http_request::HttpRequest;
use crate::registry::Caller;
use crate::reply::Reply;
use axum::http::{Method, StatusCode, header};
use serde_json::json;

/// Answers a request for the faults.
pub(crate) fn answer(in_force: &InForce, caller: &Caller, http: &HttpRequest) -> Reply {
    if !caller.rights.are_all() {
        return refused(StatusCode::FORBIDDEN, "Only who may do everything may set faults.");
    }
    match http.method {
        Method::GET => Reply::json(StatusCode::OK, &in_force.show()),
        Method::PUT => {
            let text = String::from_utf8_lossy(&http.body);
            match Faults::parse(&text) {
                Ok(faults) => in_force.replace(faults),
                Err(wrong) => return refused(StatusCode::BAD_REQUEST, &wrong.to_string()),
            }
            Reply::json(StatusCode::OK, &in_force.show())
        }
        Method::DELETE => {
            in_force.replace(Faults::default());
            Reply::empty(StatusCode::NO_CONTENT)
        }
        _ => Reply::empty(StatusCode::METHOD_NOT_ALLOWED).with(header::ALLOW, "GET, PUT, DELETE"),
    }
}

fn refused(status: StatusCode, why: &str) -> Reply {
    Reply::json(status, &json!({ "error": why }))
}
