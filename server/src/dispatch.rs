//! What applies to every request: sign-in, limits of size and time, faults, the log; and which API it is for.

use crate::api::{self, Api};
use crate::app::{App, spawn_blocking};
use crate::auth::Passwords;
use crate::bearer::{self, Denied, Tokens};
use crate::faults::{InForce, Noise, Outcome, Ruling, Shape};
use crate::http_request::HttpRequest;
use crate::log::{CORRELATION_ID, Entry, Ids};
use crate::registry::Caller;
use crate::reply::Reply;
use crate::route::{arguments, below};
use crate::{Error, faults, openapi, operator, own};
use axum::body::{Body, Bytes, to_bytes};
use axum::http::{Method, Request, Response, StatusCode, header};
use cardwright_core::identity::Guid;
use core::fmt;
use hyper::body::{Body as _, Incoming};
use serde_json::json;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;
use tokio::time::{sleep, timeout, timeout_at};

/// What every request passes through before a handler gets it.
pub(crate) struct Service {
    pub(crate) app: Arc<App>,
    /// The APIs; no base is the beginning of another.
    pub(crate) apis: &'static [&'static dyn Api],
    pub(crate) passwords: Passwords,
    pub(crate) tokens: Option<Tokens>,
    pub(crate) faults: InForce,
    pub(crate) ids: Ids,
}

/// Where faults are read and set.
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

/// Answers a request, or does what a fault says.
pub(crate) async fn serve(
    service: Arc<Service>,
    peer: SocketAddr,
    request: Request<Incoming>,
) -> Result<Response<Shape>, Hangup> {
    let id = service.ids.of(request.headers());
    let (mut entry, ruling, answered) = receive(&service, peer, request).await;
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
    let config = &service.app.config;
    if config.log.is_on() {
        entry.fault = ruling.rule;
        let sent = outcome.as_ref().ok().filter(|response| response.extensions().get::<Noise>().is_none());
        let (status, bytes) = sent.map_or((None, 0), |sent| (Some(sent.status().as_u16()), sent.body().len()));
        config.log.write(&*config.clock, &id, &entry, status, bytes);
    }
    outcome
}

/// Receives a request, carries it out unless a fault prevents that, and returns what the client gets.
async fn receive(service: &Service, peer: SocketAddr, request: Request<Incoming>) -> (Entry, Ruling, Outcome) {
    let (parts, body) = request.into_parts();
    let mut entry = entry(service, &parts.method, parts.uri.path());
    let config = &service.app.config;
    let deadline = tokio::time::Instant::now() + config.time_limit;
    let none = Ruling::default();
    let body = if body.is_end_stream() {
        Bytes::new()
    } else {
        match timeout_at(deadline, to_bytes(Body::new(body), config.body_limit)).await {
            Ok(Ok(body)) => body,
            Ok(Err(_)) => return (entry, none, Outcome::Reply(last(StatusCode::PAYLOAD_TOO_LARGE))),
            Err(_) => return (entry, none, Outcome::Reply(last(StatusCode::SERVICE_UNAVAILABLE))),
        }
    };
    let http = HttpRequest::new(&parts, peer, body);
    let mut ruling = if http.is_for(FAULTS) { none } else { service.faults.ruling(&http) };
    let left = deadline.saturating_duration_since(tokio::time::Instant::now());
    if !ruling.latency.is_zero() {
        sleep(ruling.latency).await;
    }
    let instead = ruling.instead.take();
    if let (Some(instead), false) = (instead.as_ref(), ruling.carry_out) {
        return (entry, ruling, instead.clone());
    }
    // A change that outlives the time limit is still carried out.
    let answered = match timeout(left, answer(service, Arc::new(http), &own::Head::of(&parts))).await {
        Ok(answered) => answered,
        Err(_) => Answered::anonymous(last(StatusCode::SERVICE_UNAVAILABLE)),
    };
    (entry.account, entry.refused) = (answered.account, answered.refused);
    let outcome = instead.unwrap_or(Outcome::Reply(answered.reply));
    (entry, ruling, outcome)
}

/// An answer after which the connection is closed.
fn last(status: StatusCode) -> Reply {
    Reply::empty(status).with(header::CONNECTION, "close")
}

/// An answer, and the account that asked.
struct Answered {
    reply: Reply,
    account: Option<String>,
    /// Why a token was refused.
    refused: Option<String>,
}

impl Answered {
    const fn anonymous(reply: Reply) -> Self {
        Answered { reply, account: None, refused: None }
    }
}

/// Answers a request. One card is read at once; what takes longer has a thread of its own, and changes
/// wait for their turn.
async fn answer(service: &Service, http: Arc<HttpRequest>, head: &own::Head) -> Answered {
    let app = &service.app;
    if http.is_for("/health") {
        return Answered::anonymous(health(&http.method));
    }
    let Some(place) = place(service, &http) else { return Answered::anonymous(Reply::empty(StatusCode::NOT_FOUND)) };
    if let Some(document) = openapi::answer(service.apis, &http) {
        return Answered::anonymous(document);
    }
    let caller = match caller(service, &http).await {
        Ok(Ok(caller)) => caller,
        Ok(Err(denied)) => return unauthorized(service, &place, denied.as_ref()),
        Err(_) => return Answered::anonymous(Reply::empty(StatusCode::INTERNAL_SERVER_ERROR)),
    };
    let reply = match place {
        Place::Api(api, path) => api.answer(api::Request { app, caller: &caller, http: &http, path }).await,
        Place::Faults => faults::answer(&service.faults, &caller, &http),
        Place::Requests(path) => operator::answer(app, &caller, &http, path).await,
        Place::Own(path) => own::answer(app, &caller, (&http, head), path).await,
    };
    Answered { reply, account: Some(caller.name().to_owned()), refused: None }
}

/// The answer to a caller that is refused; `denied` says why, if there was a token.
fn unauthorized(service: &Service, place: &Place<'_>, denied: Option<&Denied>) -> Answered {
    let is_forbidden = denied.is_some_and(Denied::is_forbidden);
    let mut reply = match place {
        _ if is_forbidden => Reply::empty(StatusCode::FORBIDDEN),
        Place::Api(api, _) => api.unauthorized(&service.app.config.switches),
        Place::Faults | Place::Requests(_) | Place::Own(_) => Reply::empty(StatusCode::UNAUTHORIZED),
    };
    if service.tokens.is_some() {
        let challenge = denied.map_or_else(|| bearer::CHALLENGE.to_owned(), Denied::challenge);
        reply = reply.with(header::WWW_AUTHENTICATE, challenge);
    }
    if !is_forbidden {
        reply = reply.with(header::WWW_AUTHENTICATE, r#"Basic realm="Cardwright", charset="UTF-8""#);
    }
    Answered { refused: denied.map(Denied::to_string), ..Answered::anonymous(reply) }
}

/// The caller; if there is none, why its token was refused, if it sent one.
async fn caller(service: &Service, http: &Arc<HttpRequest>) -> Result<Result<Arc<Caller>, Option<Denied>>, Error> {
    let registry = &service.app.registry;
    let Some(header) = http.authorization.as_deref() else { return Ok(Err(None)) };
    if let (Some(tokens), Some(token)) = (&service.tokens, bearer::token(header)) {
        return Ok(tokens.caller(registry, token).await?.map_err(Some));
    }
    if let Some(caller) = service.passwords.remembered(registry, header) {
        return Ok(Ok(caller));
    }
    let (http, passwords) = (Arc::clone(http), service.passwords.clone());
    let verify = move |app: &App| passwords.verify(&app.registry, http.authorization.as_deref().unwrap_or_default());
    Ok(spawn_blocking(&service.app, verify).await?.ok_or(None))
}

/// What a path that needs sign-in leads to.
enum Place<'p> {
    Api(&'static dyn Api, &'p str),
    Faults,
    Requests(&'p str),
    Own(&'p str),
}

/// What the path of a request leads to; `None` for nothing.
fn place<'a>(service: &Service, http: &'a HttpRequest) -> Option<Place<'a>> {
    let config = &service.app.config;
    for api in service.apis {
        if let Some(path) = below(&http.path, api.base()) {
            return api.is_on(&config.switches).then_some(Place::Api(*api, path));
        }
    }
    if let Some(path) = below(&http.path, own::BASE) {
        return config.operator.then_some(Place::Own(path));
    }
    let is_local = http.peer.ip().is_loopback();
    if config.sandbox && is_local && http.is_for(FAULTS) {
        return Some(Place::Faults);
    }
    below(&http.path, REQUESTS).filter(|_| config.operator && is_local).map(Place::Requests)
}

/// What the log says of a request before it is answered; nothing if there is no log.
fn entry(service: &Service, method: &Method, path: &str) -> Entry {
    let mut entry = Entry {
        since: Instant::now(),
        method: method.clone(),
        route: None,
        ids: Vec::new(),
        account: None,
        refused: None,
        fault: None,
    };
    if !service.app.config.log.is_on() {
        return entry;
    }
    let found = service.apis.iter().find_map(|api| {
        let path = below(path, api.base())?;
        api.routes().into_iter().find_map(|route| Some((api.base(), route.path, arguments(route, path)?)))
    });
    if let Some((base, route, arguments)) = found {
        entry.route = Some(format!("{base}/{route}"));
        entry.ids = arguments.into_iter().filter(|id| is_id(id)).map(str::to_owned).collect();
    } else {
        let mut fixed = ["/health", FAULTS].into_iter().map(str::to_owned).chain(openapi::addresses(service.apis));
        entry.route = fixed.find(|fixed| path.eq_ignore_ascii_case(fixed));
    }
    entry
}

/// Whether a part of a path is a number or a GUID: an id, and not a person's name.
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
