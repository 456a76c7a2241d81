//! The operator's decisions on requests of MIM CM: approve, deny, fail. The product has them in its portal;
//! here they are `POST requests/{uuid}/{decision}` of the [own API](crate::own), and, as before there was one,
//! below `/_sandbox` from this computer only.

use crate::Error;
use crate::app::{App, spawn_blocking};
use crate::http_request::HttpRequest;
use crate::registry::{Caller, Decision};
use crate::reply::Reply;
use axum::http::{Method, StatusCode, header};
use cardwright_core::Named as _;
use cardwright_core::identity::Guid;
use serde_json::json;
use std::sync::Arc;

/// Answers a request for a path below `/_sandbox/requests`.
pub(crate) async fn answer(app: &Arc<App>, caller: &Arc<Caller>, http: &HttpRequest, path: &str) -> Reply {
    let Some((uuid, what)) = path.split_once('/') else { return wrong(StatusCode::NOT_FOUND, "No such call.") };
    if decision(what).is_some() && http.method != Method::POST {
        return Reply::empty(StatusCode::METHOD_NOT_ALLOWED).with(header::ALLOW, "POST");
    }
    decide(app, caller, uuid, what).await
}

type Decide = fn(&App, Guid, &Caller) -> Result<Decision, Error>;

/// What decides on a request, by its word.
fn decision(what: &str) -> Option<Decide> {
    match what.to_ascii_lowercase().as_str() {
        "approve" => Some(|app, request, by| app.registry.approve_as(request, by, app.config.switches.own_approval)),
        "deny" => Some(|app, request, by| app.registry.deny(request, by.who.clone())),
        "fail" => Some(|app, request, by| app.registry.fail(request, by.who.clone())),
        _ => None,
    }
}

/// Approves, denies or fails the request with this id.
pub(crate) async fn decide(app: &Arc<App>, caller: &Arc<Caller>, uuid: &str, what: &str) -> Reply {
    let Some(decide) = decision(what) else { return wrong(StatusCode::NOT_FOUND, "No such call.") };
    if !caller.rights.are_all() {
        return wrong(StatusCode::FORBIDDEN, "Only who may do everything may decide on requests.");
    }
    let Ok(uuid) = Guid::parse(uuid) else {
        return wrong(StatusCode::BAD_REQUEST, &format!("{uuid:?} is no GUID."));
    };
    let by = Arc::clone(caller);
    match spawn_blocking(app, move |app| decide(app, uuid, &by)).await {
        Ok(decision) => Reply::json(
            StatusCode::OK,
            &json!({
                "request": uuid.to_string(),
                "status": decision.status.name(),
                "approvals": decision.approvals,
                "needed": decision.needed,
            }),
        ),
        Err(error @ Error::NoSuchRequest(_)) => wrong(StatusCode::NOT_FOUND, &error.to_string()),
        Err(error @ Error::OwnRequest(_)) => wrong(StatusCode::FORBIDDEN, &error.to_string()),
        Err(error @ Error::RequestIs(..)) => wrong(StatusCode::CONFLICT, &error.to_string()),
        Err(error) if error.is_unavailable() => {
            let reply = wrong(StatusCode::SERVICE_UNAVAILABLE, "The database cannot be used at present.");
            reply.with(header::RETRY_AFTER, "1").because(error)
        }
        Err(error) => wrong(StatusCode::INTERNAL_SERVER_ERROR, "The registry failed.").because(error),
    }
}

fn wrong(status: StatusCode, why: &str) -> Reply {
    Reply::json(status, &json!({ "error": why }))
}
