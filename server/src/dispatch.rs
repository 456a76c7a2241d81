//! Where a request goes, and what holds for every request: who is asking, how long its body may be
//! and how long it may take.

use crate::ask::Ask;
use crate::auth::Gate;
use crate::reply::Reply;
use crate::{Config, Registry, certiflow, mim};
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{Method, Response, StatusCode, header};
use cardwright_core::http::Route;
use serde_json::json;
use std::sync::Arc;

/// What every request needs.
pub(crate) struct App {
    pub(crate) registry: Registry,
    pub(crate) gate: Gate,
    pub(crate) config: Config,
}

/// Where the two APIs are.
pub(crate) const MIM_BASE: &str = "/CertificateManagement";
pub(crate) const CERTIFLOW_BASE: &str = "/certiflow/api";

/// Answers a request.
pub(crate) async fn serve(State(app): State<Arc<App>>, request: Request) -> Response<Body> {
    let limit = app.config.time_limit;
    let reply = match tokio::time::timeout(limit, receive(app, request)).await {
        Ok(reply) => reply,
        Err(_) => Reply::empty(StatusCode::SERVICE_UNAVAILABLE).with(header::CONNECTION, "close"),
    };
    reply.into()
}

async fn receive(app: Arc<App>, request: Request) -> Reply {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, app.config.body_limit).await else {
        return Reply::empty(StatusCode::PAYLOAD_TOO_LARGE).with(header::CONNECTION, "close");
    };
    let ask = Ask::new(&parts, body);
    // Passwords and SQLite both block. A request that outlives its time limit is still carried out.
    let answered = tokio::task::spawn_blocking(move || answer(&app, &ask)).await;
    answered.unwrap_or_else(|_| Reply::empty(StatusCode::INTERNAL_SERVER_ERROR))
}

fn answer(app: &App, ask: &Ask) -> Reply {
    if ask.path.eq_ignore_ascii_case("/health") {
        return health(&ask.method);
    }
    let (is_mim, path) = match (below(&ask.path, MIM_BASE), below(&ask.path, CERTIFLOW_BASE)) {
        (Some(path), _) => (true, path),
        (None, Some(path)) => (false, path),
        (None, None) => return Reply::empty(StatusCode::NOT_FOUND),
    };
    let caller = match app.gate.caller(&app.registry, ask.authorization.as_deref()) {
        Ok(Some(caller)) => caller,
        Ok(None) => {
            let challenge = r#"Basic realm="Cardwright", charset="UTF-8""#;
            return Reply::empty(StatusCode::UNAUTHORIZED).with(header::WWW_AUTHENTICATE, challenge);
        }
        Err(_) => return Reply::empty(StatusCode::INTERNAL_SERVER_ERROR),
    };
    if is_mim { mim::answer(app, &caller, ask, path) } else { certiflow::answer(app, &caller, ask, path) }
}

fn health(method: &Method) -> Reply {
    if method == Method::GET {
        Reply::json(StatusCode::OK, &json!({ "status": "ok" }))
    } else {
        Reply::empty(StatusCode::METHOD_NOT_ALLOWED).with(header::ALLOW, "GET")
    }
}

/// The path below a base, whatever the case of the base's letters, and with no slash at either end.
fn below<'p>(path: &'p str, base: &str) -> Option<&'p str> {
    let (front, rest) = path.split_at_checked(base.len())?;
    let is_below = front.eq_ignore_ascii_case(base) && (rest.is_empty() || rest.starts_with('/'));
    let rest = rest.strip_prefix('/').unwrap_or(rest);
    is_below.then(|| rest.strip_suffix('/').unwrap_or(rest))
}

/// What a path and a method lead to.
pub(crate) enum Found<'p, E> {
    /// An endpoint, and what stands in the places of its route.
    Endpoint(E, [&'p str; 2]),
    /// The path is there, with these methods only.
    WrongMethod(String),
    /// Nothing.
    Nothing,
}

/// Finds the endpoint for a request.
pub(crate) fn find<'p, E: Copy>(
    all: &[E],
    route: impl Fn(E) -> &'static Route,
    method: &Method,
    path: &'p str,
) -> Found<'p, E> {
    let mut allow = Vec::new();
    for endpoint in all {
        let mut arguments = [""; 2];
        if !route(*endpoint).matches(path, &mut arguments) {
            continue;
        }
        let name = route(*endpoint).method.name();
        if method.as_str() == name {
            return Found::Endpoint(*endpoint, arguments);
        }
        allow.push(name);
    }
    if allow.is_empty() { Found::Nothing } else { Found::WrongMethod(allow.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::below;

    #[test]
    fn a_base_is_found_whatever_its_case_and_never_in_a_longer_word() {
        assert_eq!(below("/CertiFlow/API/Cards/", "/certiflow/api"), Some("Cards"));
        assert_eq!(below("/certiflow/api", "/certiflow/api"), Some(""));
        assert_eq!(below("/certiflow/apis", "/certiflow/api"), None);
        assert_eq!(below("/c", "/certiflow/api"), None);
        assert_eq!(below("/äääääääääääää", "/certiflow/api"), None);
    }
}
