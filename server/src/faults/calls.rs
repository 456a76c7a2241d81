//! The calls below `/_sandbox`: an administrator sees and sets the faults of a running server.

use super::{Faults, Standing};
use crate::ask::Ask;
use crate::registry::Caller;
use crate::reply::Reply;
use axum::http::{Method, StatusCode, header};
use cardwright_core::Named as _;
use cardwright_core::certiflow::Privilege;
use cardwright_core::mim::Permission;
use serde_json::json;

/// Answers a request for the faults.
pub(crate) fn answer(standing: &Standing, caller: &Caller, ask: &Ask) -> Reply {
    if !is_administrator(caller) {
        return refused(StatusCode::FORBIDDEN, "Only who may do everything may set faults.");
    }
    match ask.method {
        Method::GET => Reply::json(StatusCode::OK, &standing.show()),
        Method::PUT => {
            let text = String::from_utf8_lossy(&ask.body);
            match Faults::parse(&text) {
                Ok(faults) => standing.replace(faults),
                Err(wrong) => return refused(StatusCode::BAD_REQUEST, &wrong.to_string()),
            }
            Reply::json(StatusCode::OK, &standing.show())
        }
        Method::DELETE => {
            standing.replace(Faults::default());
            Reply::empty(StatusCode::NO_CONTENT)
        }
        _ => Reply::empty(StatusCode::METHOD_NOT_ALLOWED).with(header::ALLOW, "GET, PUT, DELETE"),
    }
}

/// Whoever may do everything in both systems.
fn is_administrator(caller: &Caller) -> bool {
    Privilege::ALL.iter().all(|one| caller.has(*one)) && Permission::ALL.iter().all(|one| caller.may(*one))
}

fn refused(status: StatusCode, why: &str) -> Reply {
    Reply::json(status, &json!({ "error": why }))
}
