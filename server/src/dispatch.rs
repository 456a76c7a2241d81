//! What applies to every request: sign-in, limits of size and time, faults, the log; and which API it is for.

use crate::admission::Site;
use crate::api::{self, Api};
use crate::app::App;
use crate::auth::{self, Judged, Passwords};
use crate::bases::{HEALTH, OWN};
use crate::bearer::{self, Denied, Tokens};
use crate::faults::{InForce, Noise, Outcome, Ruling, Shape};
use crate::http_request::HttpRequest;
use crate::log::{CORRELATION_ID, Ids};
use crate::metrics::SignIn;
use crate::pages::Content;
use crate::registry::Caller;
use crate::reply::Reply;
use crate::request_log::Record;
use crate::route::{arguments, below};
use crate::{Error, faults, health, openapi, operator, own};
use axum::body::{Body, Bytes, to_bytes};
use axum::http::{Method, Request, Response, StatusCode, header};
use cardwright_core::identity::Guid;
use core::fmt;
use hyper::body::{Body as _, Incoming};
use std::borrow::Cow;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{sleep, timeout, timeout_at};

/// What every request passes through before a handler gets it.
pub(crate) struct Service {
    pub(crate) app: Arc<App>,
    /// The APIs; no base is the beginning of another.
    pub(crate) apis: Vec<Box<dyn Api>>,
    /// Where the server's own API is.
    pub(crate) own: Vec<String>,
    pub(crate) passwords: Passwords,
    pub(crate) tokens: Option<Tokens>,
    pub(crate) faults: InForce,
    pub(crate) ids: Ids,
    pub(crate) site: Site,
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

/// The record of a request that has arrived: made at once, as hyper drops an answer that it has not begun if the client
/// has hung up already.
pub(crate) fn record(service: &Service, peer: SocketAddr, request: &Request<Incoming>) -> Record {
    let id = service.ids.of(request.headers());
    let mut record = Record::new(&service.app, id, peer, Some(request.method().clone()));
    let path = request.uri().path();
    record.api = api_of(service, path);
    describe(service, path, &mut record);
    record
}

/// Answers a request, or does what a fault says. The record is written once the answer is handed over.
pub(crate) async fn serve(
    service: Arc<Service>,
    peer: SocketAddr,
    request: Request<Incoming>,
    mut record: Record,
) -> Result<(Response<Shape>, Record), Hangup> {
    let is_head = request.method() == Method::HEAD;
    let (ruling, answered) = receive(&service, peer, request, &mut record).await;
    record.fault.clone_from(&ruling.rule);
    match answered {
        Outcome::Reply(mut reply) => {
            record.cause = record.cause.take().or_else(|| reply.take_cause());
            let mut response = Response::<Content>::from(reply).map(|content| ruling.shape(content));
            response.headers_mut().insert(CORRELATION_ID, record.id().clone());
            record.answered(response.status().as_u16());
            if is_head {
                // hyper sends no body then.
                record.is_whole();
            }
            Ok((response, record))
        }
        Outcome::Close => Err(Hangup),
        Outcome::Noise(bytes) => {
            let mut response = Response::new(Shape::empty());
            response.extensions_mut().insert(Noise(bytes));
            Ok((response, record))
        }
    }
}

/// Writes the line of a request that cannot be parsed, which hyper has answered.
pub(crate) fn record_unparsed(service: &Service, peer: SocketAddr, status: u16, cause: &dyn fmt::Display) {
    let mut record = Record::new(&service.app, service.ids.next(), peer, None);
    record.answered(status);
    record.cause = Some(cause.to_string());
    record.is_whole();
}

/// Receives a request, carries it out unless a fault prevents that, and returns what the client gets.
async fn receive(
    service: &Service,
    peer: SocketAddr,
    request: Request<Incoming>,
    record: &mut Record,
) -> (Ruling, Outcome) {
    let (parts, body) = request.into_parts();
    let config = &service.app.config;
    let deadline = tokio::time::Instant::now() + config.time_limit;
    let none = Ruling::default();
    if let Err(refused) = service.site.check(&parts, config.body_limit) {
        let reply = if refused.is_last { last(refused.status) } else { Reply::empty(refused.status) };
        return (none, Outcome::Reply(reply.because(refused.cause)));
    }
    let body = if body.is_end_stream() {
        Bytes::new()
    } else {
        let length = body.size_hint().upper();
        let arriving = async {
            let _place = service.app.bounds.body(length).await;
            to_bytes(Body::new(body), config.body_limit).await
        };
        match timeout_at(deadline, arriving).await {
            Ok(Ok(body)) => body,
            Ok(Err(error)) => return (none, Outcome::Reply(unread(&error))),
            Err(_) => {
                return (none, Outcome::Reply(last(StatusCode::REQUEST_TIMEOUT).because("the body came too slowly")));
            }
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
        return (ruling, instead.clone());
    }
    // A change whose turn has come is still carried out; one that waits for it is dropped.
    let answered = timeout(left, answer(service, Arc::new(http), record)).await;
    let reply = answered.unwrap_or_else(|_| last(StatusCode::SERVICE_UNAVAILABLE).because("it took too long"));
    (ruling, instead.unwrap_or(Outcome::Reply(reply)))
}

/// An answer after which the connection is closed.
fn last(status: StatusCode) -> Reply {
    Reply::empty(status).with(header::CONNECTION, "close")
}

/// The answer to a body that is too long, or is not framed as it should be.
fn unread(error: &axum::Error) -> Reply {
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(inner) = cause {
        if inner.is::<hyper::Error>() {
            return last(StatusCode::BAD_REQUEST).because(format!("the body cannot be read: {inner}"));
        }
        cause = inner.source();
    }
    last(StatusCode::PAYLOAD_TOO_LARGE).because("the body is too long")
}

/// Answers a request. One card is read at once; what takes longer has a thread of its own, and changes
/// wait for their turn.
async fn answer(service: &Service, http: Arc<HttpRequest>, record: &mut Record) -> Reply {
    let app = &service.app;
    if let Some(reply) = health::answer(app, &http) {
        return reply;
    }
    let Some(place) = place(service, &http) else { return Reply::empty(StatusCode::NOT_FOUND) };
    if let Some(document) = openapi::answer(&service.apis, &http) {
        return document;
    }
    let caller = match caller(service, &http).await {
        Ok(caller) => caller,
        Err(denied) => {
            record.name = http.authorization.as_deref().and_then(auth::attempted);
            return unauthorized(service, &place, &denied);
        }
    };
    record.account = Some(caller.name().to_owned());
    match place {
        Place::Api(api, path) => api.answer(api::Request { app, caller: &caller, http: &http, path }).await,
        Place::Faults => faults::answer(&service.faults, &caller, &http),
        Place::Requests(path) => operator::answer(app, &caller, &http, path).await,
        Place::Own(path) => own::answer(app, &caller, &http, path).await,
    }
}

/// Why there is no caller.
enum NoCaller {
    /// It has sent no credentials.
    Nobody,
    /// They are wrong, and why.
    Wrong(&'static str),
    /// Its token is refused.
    Token(Denied),
    /// They are not looked at for so long.
    Later(Duration),
    /// Too many wait.
    Busy,
    /// The server is at fault.
    Failed(Error),
}

/// The answer to a request without a caller.
fn unauthorized(service: &Service, place: &Place<'_>, why: &NoCaller) -> Reply {
    let switches = &service.app.config.switches;
    let token = match why {
        NoCaller::Later(wait) => {
            // At least the time that is left, in whole seconds.
            let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
            let cause = "too many sign-ins of this account or address have failed";
            let reply = Reply::empty(StatusCode::TOO_MANY_REQUESTS).because(cause);
            return reply.with(header::RETRY_AFTER, seconds.to_string());
        }
        NoCaller::Busy => {
            let reply = Reply::empty(StatusCode::SERVICE_UNAVAILABLE).because("too many sign-ins wait");
            return reply.with(header::RETRY_AFTER, "1");
        }
        NoCaller::Failed(error) if error.is_unavailable() => {
            let reply = Reply::empty(StatusCode::SERVICE_UNAVAILABLE);
            return reply.with(header::RETRY_AFTER, "1").because(error);
        }
        NoCaller::Failed(error) => return Reply::empty(StatusCode::INTERNAL_SERVER_ERROR).because(error),
        NoCaller::Token(denied) => Some(denied),
        NoCaller::Nobody | NoCaller::Wrong(_) => None,
    };
    let is_forbidden = token.is_some_and(Denied::is_forbidden);
    let mut reply = match place {
        _ if is_forbidden => Reply::empty(StatusCode::FORBIDDEN),
        Place::Api(api, _) => api.unauthorized(switches),
        Place::Faults | Place::Requests(_) | Place::Own(_) => Reply::empty(StatusCode::UNAUTHORIZED),
    };
    if service.tokens.is_some() {
        let challenge = token.map_or_else(|| bearer::CHALLENGE.to_owned(), Denied::challenge);
        reply = reply.with(header::WWW_AUTHENTICATE, challenge);
    }
    if !is_forbidden {
        reply = reply.with(header::WWW_AUTHENTICATE, r#"Basic realm="Cardwright", charset="UTF-8""#);
    }
    match why {
        NoCaller::Token(denied) => reply.because(denied),
        NoCaller::Wrong(why) => reply.because(why),
        _ => reply,
    }
}

/// The caller, by a token or by a name and a password.
async fn caller(service: &Service, http: &HttpRequest) -> Result<Arc<Caller>, NoCaller> {
    let registry = &service.app.registry;
    let Some(header) = http.authorization.as_deref() else { return Err(NoCaller::Nobody) };
    let metrics = &service.app.metrics;
    if let (Some(tokens), Some(token)) = (&service.tokens, bearer::token(header)) {
        let judged = tokens.caller(registry, token).await.map_err(NoCaller::Failed)?;
        metrics.sign_in(if judged.is_ok() { SignIn::Token } else { SignIn::TokenRefused });
        return judged.map_err(NoCaller::Token);
    }
    if let Some(caller) = service.passwords.remembered(registry, header) {
        return Ok(caller);
    }
    let (how, judged) = match service.passwords.verify(registry, header, http.peer.ip()).await {
        Ok(Judged::Caller(caller)) => (SignIn::Password, Ok(caller)),
        Ok(Judged::Remembered(caller)) => return Ok(caller),
        Ok(Judged::Wrong(why)) => (SignIn::Wrong, Err(NoCaller::Wrong(why))),
        Ok(Judged::Later(wait)) => (SignIn::Delayed, Err(NoCaller::Later(wait))),
        Err(Error::Busy) => (SignIn::Busy, Err(NoCaller::Busy)),
        Err(error) => return Err(NoCaller::Failed(error)),
    };
    metrics.sign_in(how);
    judged
}

/// What a path that needs sign-in leads to.
enum Place<'p> {
    Api(&'p dyn Api, &'p str),
    Faults,
    Requests(&'p str),
    Own(&'p str),
}

/// What the path of a request leads to; `None` for nothing.
fn place<'a>(service: &'a Service, http: &'a HttpRequest) -> Option<Place<'a>> {
    let config = &service.app.config;
    // First, as it may be below the base of an API.
    if let Some(path) = own_path(service, &http.path) {
        return config.operator.then_some(Place::Own(path));
    }
    for api in &service.apis {
        if let Some(path) = below(&http.path, api.base()) {
            return api.is_on(&config.switches).then_some(Place::Api(&**api, path));
        }
    }
    let is_local = http.peer.ip().is_loopback();
    if config.sandbox && is_local && http.is_for(FAULTS) {
        return Some(Place::Faults);
    }
    below(&http.path, REQUESTS).filter(|_| config.operator && is_local).map(Place::Requests)
}

/// The path below the server's own API.
fn own_path<'p>(service: &Service, path: &'p str) -> Option<&'p str> {
    service.own.iter().find_map(|base| below(path, base))
}

/// Which API a path is of, for the figures.
fn api_of(service: &Service, path: &str) -> Cow<'static, str> {
    if own_path(service, path).is_some() {
        return OWN.into();
    }
    let api = service.apis.iter().find(|api| below(path, api.base()).is_some());
    let other = if below(path, HEALTH).is_some() { HEALTH } else { "other" };
    api.map_or(Cow::Borrowed(other), |api| api.label())
}

/// Which call a request is, for the log.
fn describe(service: &Service, path: &str, record: &mut Record) {
    if !service.app.config.log.is_on() {
        return;
    }
    let own = own_path(service, path).map(|path| (OWN, path, own::routes().collect()));
    let apis = service.apis.iter().filter_map(|api| Some((api.base(), below(path, api.base())?, api.routes())));
    let found = own.into_iter().chain(apis).find_map(|(base, path, routes): (_, _, Vec<_>)| {
        routes.into_iter().find_map(|route| Some((base, route.path, arguments(route, path)?)))
    });
    if let Some((base, route, arguments)) = found {
        record.route = Some(format!("{base}/{route}"));
        record.ids = arguments.into_iter().filter(|id| is_id(id)).map(str::to_owned).collect();
    } else {
        let fixed = health::ADDRESSES.into_iter().chain([FAULTS]).map(str::to_owned);
        record.route = fixed.chain(openapi::addresses(&service.apis)).find(|fixed| path.eq_ignore_ascii_case(fixed));
    }
}

/// Whether a part of a path is a number or a GUID: an id, and not a person's name.
fn is_id(part: &str) -> bool {
    !part.is_empty() && (part.bytes().all(|byte| byte.is_ascii_digit()) || Guid::parse(part).is_ok())
}
