//! Where a request goes, and what holds for every request: who is asking, how long its body may be
//! and how long it may take, which fault hits it, what is logged.

use crate::accept::Noise;
use crate::ask::Ask;
use crate::auth::Gate;
use crate::bearer::{self, Denied, Porter};
use crate::faults::{InForce, Outcome, Ruling, Shape};
use crate::log::{CORRELATION_ID, Entry, Ids};
use crate::registry::Caller;
use crate::reply::Reply;
use crate::switches::ErrorProfile;
use crate::{Config, Error, Registry, certiflow, faults, mim, openapi, operator, problem};
use axum::body::{Body, Bytes, to_bytes};
use axum::http::{Method, Request, Response, StatusCode, header};
use cardwright_core::certiflow::Dialect;
use cardwright_core::http::Route;
use cardwright_core::identity::Guid;
use core::fmt;
use hyper::body::{Body as _, Incoming};
use serde_json::json;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;
use tokio::time::{sleep, timeout, timeout_at};

/// What every request needs.
pub(crate) struct App {
    pub(crate) registry: Registry,
    pub(crate) gate: Gate,
    pub(crate) porter: Option<Porter>,
    pub(crate) config: Config,
    pub(crate) faults: InForce,
    pub(crate) ids: Ids,
}

/// Where the two APIs are.
pub(crate) const MIM_BASE: &str = "/CertificateManagement";
pub(crate) const CERTIFLOW_BASE: &str = "/certiflow/api";
pub(crate) const ICMAPI_BASE: &str = "/icmapi";

/// Where the faults are seen and set.
const FAULTS: &str = "/_sandbox/faults";

/// Where requests of MIM CM are decided.
const REQUESTS: &str = "/_sandbox/requests";

/// The connection is closed instead of an answer.
#[derive(Debug)]
pub(crate) struct Hangup;

impl fmt::Display for Hangup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the connection is closed on request")
    }
}

impl std::error::Error for Hangup {}

/// Answers a request, or does what a fault wants.
pub(crate) async fn serve(
    app: Arc<App>,
    peer: SocketAddr,
    request: Request<Incoming>,
) -> Result<Response<Shape>, Hangup> {
    let id = app.ids.of(request.headers());
    let (mut entry, ruling, answered) = receive(Arc::clone(&app), peer, request).await;
    let outcome = match answered {
        Outcome::Reply(reply) => {
            let mut response = Response::<Bytes>::from(reply).map(|body| ruling.shape(body));
            response.headers_mut().insert(CORRELATION_ID, id.clone());
            Ok(response)
        }
        Outcome::Close => Err(Hangup),
        Outcome::Noise(bytes) => {
            let mut response = Response::new(Shape::new(Bytes::new(), None, None));
            response.extensions_mut().insert(Noise(bytes));
            Ok(response)
        }
    };
    if app.config.log.is_on() {
        entry.fault = ruling.rule;
        let sent = outcome.as_ref().ok().filter(|response| response.extensions().get::<Noise>().is_none());
        let (status, bytes) = sent.map_or((None, 0), |sent| (Some(sent.status().as_u16()), sent.body().len()));
        app.config.log.write(&*app.config.clock, &id, &entry, status, bytes);
    }
    outcome
}

/// Takes a request in, carries it out unless a fault forbids that, and says what its client gets.
async fn receive(app: Arc<App>, peer: SocketAddr, request: Request<Incoming>) -> (Entry, Ruling, Outcome) {
    let (parts, body) = request.into_parts();
    let mut entry = entry(&parts.method, parts.uri.path(), app.config.log.is_on());
    let limit = app.config.time_limit;
    let deadline = tokio::time::Instant::now() + limit;
    let none = Ruling::default();
    let body = if body.is_end_stream() {
        Bytes::new()
    } else {
        match timeout_at(deadline, to_bytes(Body::new(body), app.config.body_limit)).await {
            Ok(Ok(body)) => body,
            Ok(Err(_)) => return (entry, none, Outcome::Reply(last(StatusCode::PAYLOAD_TOO_LARGE))),
            Err(_) => return (entry, none, Outcome::Reply(last(StatusCode::SERVICE_UNAVAILABLE))),
        }
    };
    let ask = Ask::new(&parts, peer, body);
    let mut ruling = if ask.is_for(FAULTS) { none } else { app.faults.ruling(&ask) };
    let left = deadline.saturating_duration_since(tokio::time::Instant::now());
    if !ruling.latency.is_zero() {
        sleep(ruling.latency).await;
    }
    let instead = ruling.instead.take();
    if let (Some(instead), false) = (instead.as_ref(), ruling.carry_out) {
        return (entry, ruling, instead.clone());
    }
    // A change that outlives the time limit is still carried out.
    let answered = match timeout(left, answer(&app, Arc::new(ask))).await {
        Ok(answered) => answered,
        Err(_) => Answered::nobody(last(StatusCode::SERVICE_UNAVAILABLE)),
    };
    (entry.account, entry.refused) = (answered.account, answered.refused);
    let outcome = instead.unwrap_or(Outcome::Reply(answered.reply));
    (entry, ruling, outcome)
}

/// An answer after which the connection is closed.
fn last(status: StatusCode) -> Reply {
    Reply::empty(status).with(header::CONNECTION, "close")
}

/// An answer, and whose question it was.
struct Answered {
    reply: Reply,
    account: Option<String>,
    /// Why a token was refused.
    refused: Option<String>,
}

impl Answered {
    const fn nobody(reply: Reply) -> Self {
        Answered { reply, account: None, refused: None }
    }
}

/// Answers a request. One card is read at once; what takes longer has a thread of its own, and changes
/// wait for their turn.
async fn answer(app: &Arc<App>, ask: Arc<Ask>) -> Answered {
    if ask.is_for("/health") {
        return Answered::nobody(health(&ask.method));
    }
    let Some(place) = place(app, &ask) else { return Answered::nobody(Reply::empty(StatusCode::NOT_FOUND)) };
    if let Some(document) = openapi::answer(&ask.method, &ask.path) {
        return Answered::nobody(document);
    }
    let caller = match caller(app, &ask).await {
        Ok(Ok(caller)) => caller,
        Ok(Err(denied)) => return unauthorized(app, &place, denied.as_ref()),
        Err(_) => return Answered::nobody(Reply::empty(StatusCode::INTERNAL_SERVER_ERROR)),
    };
    let reply = match place {
        Place::Mim(path) => mim::answer(app, &caller, &ask, path).await,
        Place::CertiFlow(dialect, path) => certiflow::answer(dialect, app, &caller, &ask, path).await,
        Place::Faults => faults::answer(&app.faults, &caller, &ask),
        Place::Requests(path) => operator::answer(app, &caller, &ask, path).await,
    };
    Answered { reply, account: Some(caller.name.clone()), refused: None }
}

/// What somebody is told who is not let in; `denied` says why, where a token was shown.
fn unauthorized(app: &App, place: &Place<'_>, denied: Option<&Denied>) -> Answered {
    let is_forbidden = denied.is_some_and(Denied::is_forbidden);
    let mut reply = match place.profile(app) {
        _ if is_forbidden => Reply::empty(StatusCode::FORBIDDEN),
        ErrorProfile::AspNetCore => Reply::empty(StatusCode::UNAUTHORIZED),
        ErrorProfile::Classic => problem::iis_unauthorized(),
    };
    if app.porter.is_some() {
        let challenge = denied.map_or_else(|| bearer::CHALLENGE.to_owned(), Denied::challenge);
        reply = reply.with(header::WWW_AUTHENTICATE, challenge);
    }
    if !is_forbidden {
        reply = reply.with(header::WWW_AUTHENTICATE, r#"Basic realm="Cardwright", charset="UTF-8""#);
    }
    Answered { refused: denied.map(Denied::to_string), ..Answered::nobody(reply) }
}

/// Who is asking; for somebody whom nobody knows, why a token was refused, where one was shown.
async fn caller(app: &Arc<App>, ask: &Arc<Ask>) -> Result<Result<Arc<Caller>, Option<Denied>>, Error> {
    let Some(header) = ask.authorization.as_deref() else { return Ok(Err(None)) };
    if let (Some(porter), Some(token)) = (&app.porter, bearer::token(header)) {
        return Ok(porter.caller(&app.registry, token).await?.map_err(Some));
    }
    if let Some(caller) = app.gate.remembered(&app.registry, header) {
        return Ok(Ok(caller));
    }
    let ask = Arc::clone(ask);
    let header = move |app: &App| app.gate.caller(&app.registry, ask.authorization.as_deref().unwrap_or_default());
    Ok(apart(app, header).await?.ok_or(None))
}

/// Does what takes longer than reading a card, on a thread that may block.
pub(crate) async fn apart<T: Send + 'static>(
    app: &Arc<App>,
    work: impl FnOnce(&App) -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let app = Arc::clone(app);
    let done = tokio::task::spawn_blocking(move || work(&app)).await;
    done.unwrap_or_else(|failed| Err(Error::Database(Box::new(failed))))
}

/// What a path that needs sign-in leads to.
enum Place<'p> {
    Mim(&'p str),
    CertiFlow(Dialect, &'p str),
    Faults,
    Requests(&'p str),
}

impl Place<'_> {
    /// The form of what is answered to somebody who has not signed in.
    const fn profile(&self, app: &App) -> ErrorProfile {
        match self {
            Place::CertiFlow(dialect, _) => certiflow::profile(app, *dialect),
            Place::Mim(_) | Place::Faults | Place::Requests(_) => ErrorProfile::AspNetCore,
        }
    }
}

/// What the path of a request leads to; `None` for nothing.
fn place<'a>(app: &App, ask: &'a Ask) -> Option<Place<'a>> {
    if let Some(path) = below(&ask.path, MIM_BASE) {
        return app.config.switches.mim_api.then_some(Place::Mim(path));
    }
    for (base, dialect) in [(CERTIFLOW_BASE, Dialect::G7), (ICMAPI_BASE, Dialect::G1)] {
        if let Some(path) = below(&ask.path, base) {
            return Some(Place::CertiFlow(dialect, path));
        }
    }
    let is_near = ask.peer.ip().is_loopback();
    if app.config.sandbox && is_near && ask.is_for(FAULTS) {
        return Some(Place::Faults);
    }
    below(&ask.path, REQUESTS).filter(|_| app.config.operator && is_near).map(Place::Requests)
}

/// What the log says of a request before it is answered; nothing where there is no log.
fn entry(method: &Method, path: &str, is_logged: bool) -> Entry {
    let mut entry = Entry {
        since: Instant::now(),
        method: method.clone(),
        route: None,
        ids: Vec::new(),
        account: None,
        refused: None,
        fault: None,
    };
    if !is_logged {
        return entry;
    }
    let mim = cardwright_core::mim::Endpoint::ALL.map(cardwright_core::mim::Endpoint::route);
    let routes = |dialect| -> Vec<_> {
        cardwright_core::certiflow::Endpoint::ALL.iter().filter_map(|endpoint| endpoint.route_in(dialect)).collect()
    };
    let bases = [(MIM_BASE, mim.to_vec()), (CERTIFLOW_BASE, routes(Dialect::G7)), (ICMAPI_BASE, routes(Dialect::G1))];
    let found = bases.iter().find_map(|base| {
        let path = below(path, base.0)?;
        base.1.iter().find_map(|route| {
            let mut arguments = [""; 2];
            route.matches(path, &mut arguments).then_some((base.0, route.path, arguments))
        })
    });
    if let Some((base, route, arguments)) = found {
        entry.route = Some(format!("{base}/{route}"));
        entry.ids = arguments.into_iter().filter(|id| is_id(id)).map(str::to_owned).collect();
    } else {
        let mut fixed = ["/health", FAULTS].into_iter().map(str::to_owned).chain(openapi::addresses());
        entry.route = fixed.find(|fixed| path.eq_ignore_ascii_case(fixed));
    }
    entry
}

/// Whether a part of a path is a number or a GUID: an id, and nothing that a person is called.
fn is_id(part: &str) -> bool {
    !part.is_empty() && (part.bytes().all(|byte| byte.is_ascii_digit()) || Guid::parse(part).is_ok())
}

fn health(method: &Method) -> Reply {
    if method == Method::GET {
        Reply::json(StatusCode::OK, &json!({ "status": "ok" }))
    } else {
        Reply::empty(StatusCode::METHOD_NOT_ALLOWED).with(header::ALLOW, "GET")
    }
}

/// The path below a base, whatever the case of the base's letters, and with no slash at either end.
pub(crate) fn below<'p>(path: &'p str, base: &str) -> Option<&'p str> {
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
