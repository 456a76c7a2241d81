//! Whether the server can work, for a monitor, without sign-in.
//!
//! `/health` and `/health/ready` answer 503 while the registry cannot be read or written; `/health/live` answers 200 as long as
//! the server answers at all, so that what restarts a dead server leaves one with a full disk alone.

use crate::app::App;
use crate::http_request::HttpRequest;
use crate::reply::Reply;
use axum::http::{Method, StatusCode, header};
use serde_json::json;

/// The addresses.
pub(crate) const ADDRESSES: [&str; 3] = ["/health", "/health/ready", LIVE];

const LIVE: &str = "/health/live";

/// The answer to a request for one of these; `None` for any other request.
pub(crate) fn answer(app: &App, http: &HttpRequest) -> Option<Reply> {
    let address = ADDRESSES.into_iter().find(|address| http.is_for(address))?;
    if http.method != Method::GET {
        return Some(Reply::empty(StatusCode::METHOD_NOT_ALLOWED).with(header::ALLOW, "GET, HEAD"));
    }
    let cause = app.registry.health().cause().filter(|_| address != LIVE);
    Some(match cause {
        None => Reply::json(StatusCode::OK, &json!({ "status": "ok" })),
        // The cause may name files, which is for the operator.
        Some(cause) => {
            let reply = Reply::json(StatusCode::SERVICE_UNAVAILABLE, &json!({ "status": "failing" }));
            reply.with(header::RETRY_AFTER, "1").because(cause)
        }
    })
}
