//! One request there and one answer back, over ureq.
//!
//! ureq turns statuses into errors and loses the server's words, has no time limits and follows
//! redirects unless told otherwise; here it is told. A redirect is not followed: what stands behind
//! one is a sign-in page, and credentials go to no other host.

use crate::error::{Error, words};
use crate::secret::{Credentials, Secret};
use crate::tls::{Tls, Trust};
use cardwright_core::{Code, http};
use std::io::Read;
use std::time::Duration;
use ureq::http::Uri;
use ureq::unversioned::{
    resolver::DefaultResolver,
    transport::{ConnectProxyConnector, Connector, TcpConnector},
};

/// How much of an error body is read.
const ERROR_BODY: u64 = 64 * 1024;

/// How long to wait for what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// For a connection, TLS included. 10 seconds.
    pub connect: Duration,
    /// For the answer to begin. 60 seconds.
    pub answer: Duration,
    /// For the next piece of an answer. 30 seconds.
    pub idle: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Timeouts { connect: Duration::from_secs(10), answer: Duration::from_secs(60), idle: Duration::from_secs(30) }
    }
}

/// What carries requests to one server as one user.
#[derive(Debug)]
pub(crate) struct Transport {
    agent: ureq::Agent,
    /// The API's base, with no slash at its end.
    base: String,
    authorization: Option<Secret>,
    /// The largest element of a list, and the largest single reply, in bytes.
    pub(crate) max_element: usize,
}

/// An answer with a status that means success.
#[derive(Debug)]
pub(crate) struct Reply {
    body: ureq::Body,
    /// What was asked, for errors.
    pub(crate) request: String,
    /// The server said that there is nothing.
    empty: bool,
}

impl Transport {
    pub(crate) fn new(
        base: &str,
        credentials: &Credentials,
        trust: Trust,
        timeouts: Timeouts,
        user_agent: &str,
        max_element: usize,
    ) -> Result<Self, Error> {
        let base = check_base(base)?;
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_resolve(Some(timeouts.connect))
            .timeout_connect(Some(timeouts.connect))
            .timeout_send_request(Some(timeouts.connect))
            .timeout_send_body(Some(timeouts.answer))
            .timeout_recv_response(Some(timeouts.answer))
            .timeout_per_read(Some(timeouts.idle))
            .timeout_per_write(Some(timeouts.idle))
            .user_agent(user_agent)
            .accept("application/json")
            .build();
        let connector =
            ().chain(ConnectProxyConnector::default()).chain(TcpConnector::default()).chain(Tls::new(trust));
        let agent = ureq::Agent::with_parts(config, connector, DefaultResolver::default());
        Ok(Transport { agent, base, authorization: credentials.header(), max_element })
    }

    /// The whole address of a call.
    pub(crate) fn address(&self, call: &dyn http::Call) -> String {
        let mut address = String::with_capacity(self.base.len() + 1 + http::target_len(call));
        address.push_str(&self.base);
        address.push('/');
        // A String takes everything.
        let _ = http::write_target(call, &mut address);
        address
    }

    /// The body of a call; `None` where it has none.
    pub(crate) fn body(call: &dyn http::Call) -> Option<String> {
        call.has_body().then(|| {
            let mut body = String::with_capacity(http::body_len(call));
            let _ = call.body(&mut body);
            body
        })
    }

    /// Sends a call and returns the answer, when it is one of success.
    pub(crate) fn send(&self, call: &dyn http::Call) -> Result<Reply, Error> {
        let method = call.route().method;
        let address = self.address(call);
        let request = format!("{} {address}", method.name());
        let mut builder = ureq::http::Request::builder().method(method.name()).uri(&address);
        if let Some(authorization) = &self.authorization {
            let mut value = ureq::http::HeaderValue::from_str(authorization.expose())
                .map_err(|_| Error::setup("the credentials hold a character that no HTTP header can carry"))?;
            value.set_sensitive(true);
            builder = builder.header("Authorization", value);
        }
        let body = Self::body(call);
        if body.is_some() {
            builder = builder.header("Content-Type", "application/json");
        }
        let unusable = |e: ureq::http::Error| Error::setup(format!("{address} is no usable address: {e}"));
        let answer = match method {
            http::Method::Get => self.agent.run(builder.body(()).map_err(unusable)?),
            http::Method::Post | http::Method::Put => {
                self.agent.run(builder.body(body.unwrap_or_default()).map_err(unusable)?)
            }
        };
        let answer = answer.map_err(|e| failure(e, &request))?;
        let status = answer.status().as_u16();
        if (200..300).contains(&status) {
            let empty = status == 204 || status == 205;
            return Ok(Reply { body: answer.into_body(), request, empty });
        }
        let location = answer.headers().get("Location").and_then(|value| value.to_str().ok()).map(str::to_string);
        let mut body = Vec::new();
        // A body that breaks off still has its first words.
        let _ = answer.into_body().into_reader().take(ERROR_BODY).read_to_end(&mut body);
        let said = match location {
            Some(location) if (300..400).contains(&status) => {
                format!("it points to {location}, which looks like a sign-in page or a wrong base address")
            }
            _ => words(&body),
        };
        Err(Error::answer(code_of(status), status, &request, said))
    }
}

impl Reply {
    /// The whole body, or `None` where there is none.
    pub(crate) fn document(self, limit: usize) -> Result<Option<Vec<u8>>, Error> {
        if self.empty {
            return Ok(None);
        }
        let Reply { body, request, .. } = self;
        let mut document = Vec::new();
        let read = body.into_reader().take(limit as u64 + 1).read_to_end(&mut document);
        read.map_err(|e| failure(ureq::Error::from(e), &request))?;
        if document.len() > limit {
            return Err(Error::decode(cardwright_core::Error::new(Code::Room, 0), &document, 0, &request));
        }
        let blank = document.iter().all(u8::is_ascii_whitespace);
        Ok((!blank).then_some(document))
    }

    /// The body to be read piece by piece, and what was asked; `None` where there is none.
    pub(crate) fn reader(self) -> (Option<ureq::BodyReader<'static>>, String) {
        let Reply { body, request, empty } = self;
        ((!empty).then(|| body.into_with_config().limit(u64::MAX).reader()), request)
    }
}

/// An address that everything else is relative to.
fn check_base(base: &str) -> Result<String, Error> {
    let wrong = |why: &str| Error::setup(format!("{base:?} is no base address: {why}"));
    let base_trimmed = base.trim_end_matches('/');
    let uri: Uri = base_trimmed.parse().map_err(|e| wrong(&format!("{e}")))?;
    match uri.scheme_str() {
        Some("http" | "https") => {}
        _ => return Err(wrong("it must begin with http:// or https://")),
    }
    if uri.authority().is_none_or(|authority| authority.as_str().contains('@')) {
        return Err(Error::setup("the base address must name a host, and no user or password"));
    }
    if uri.query().is_some() || base_trimmed.contains('#') {
        return Err(wrong("it must have no ? and no #"));
    }
    Ok(base_trimmed.to_string())
}

/// What a status that is no success means.
fn code_of(status: u16) -> Code {
    match status {
        401 | 407 => Code::SignIn,
        403 => Code::Forbidden,
        404 | 410 => Code::NotFound,
        409 => Code::Refused,
        408 | 429 | 503 => Code::Busy,
        400..=499 => Code::BadRequest,
        500..=599 => Code::ServerFailed,
        _ => Code::Unexpected,
    }
}

/// What a failure of the layers below means.
pub(crate) fn failure(error: ureq::Error, request: &str) -> Error {
    let code = match &error {
        ureq::Error::Timeout(_) => Code::Timeout,
        ureq::Error::HostNotFound | ureq::Error::ConnectionFailed | ureq::Error::ConnectProxyFailed(_) => {
            Code::Unreachable
        }
        ureq::Error::BadUri(_) | ureq::Error::RequireHttpsOnly(_) => Code::Address,
        ureq::Error::Tls(_) | ureq::Error::TlsRequired | ureq::Error::Other(_) => Code::Tls,
        ureq::Error::Http(_) | ureq::Error::Protocol(_) | ureq::Error::LargeResponseHeader(..) => Code::Unreadable,
        ureq::Error::Io(io) => match io.kind() {
            std::io::ErrorKind::ConnectionRefused
            | std::io::ErrorKind::NetworkUnreachable
            | std::io::ErrorKind::HostUnreachable
            | std::io::ErrorKind::AddrNotAvailable => Code::Unreachable,
            std::io::ErrorKind::TimedOut | std::io::ErrorKind::WouldBlock => Code::Timeout,
            std::io::ErrorKind::InvalidData if io.get_ref().is_some_and(|e| e.is::<rustls::Error>()) => Code::Tls,
            _ => Code::Broken,
        },
        _ => Code::Broken,
    };
    Error::Transport { code, request: request.to_string(), source: Box::new(error) }
}
