//! One request to the issuer and its answer.
//!
//! Redirects are not followed: no secret goes to an address that was not configured. Each request has
//! its own connection.

use super::exchange::{Connect, Exchange};
use super::form::Form;
use super::token::Token;
use crate::address::Place;
use crate::agent::{self, Proxy, Timeouts};
use crate::cancel::Canceler;
use crate::error::{Error, error_words};
use crate::lock::{lock, try_lock};
use crate::presented::Presented;
use crate::proxy::{Asked, Asking, Failed, Proxies, ProxyConnector, Route, asked, target};
use crate::resolve::Names;
use crate::response::{Response, header};
use crate::secret::Secret;
use crate::status::issuer_code_of;
use crate::tls::{Tls, Trust};
use cardwright_core::Code;
use cardwright_core::base::is_loopback;
use serde::Deserialize;
use std::io::Read as _;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};
use ureq::http::Uri;
use ureq::unversioned::transport::{Connector as _, TcpConnector, Transport as _};
use zeroize::Zeroizing;

/// The longest answer that is read, in bytes. A token has a few kilobytes, with many groups a few dozen.
const MOST: usize = 256 << 10;

/// The longest lifetime of a token or a code that is taken over, in seconds.
const YEAR: f64 = 366.0 * 24.0 * 3600.0;

/// The header `User-Agent`.
const USER_AGENT: &str = concat!("cardwright/", env!("CARGO_PKG_VERSION"));

/// Sends requests to the issuer.
pub(super) struct Endpoint {
    config: ureq::config::Config,
    timeouts: Timeouts,
    trust: Trust,
    tls: Tls,
    proxies: Proxies,
    /// The proxies that requests have gone through.
    routes: Mutex<Vec<Arc<Route>>>,
}

impl Endpoint {
    pub(super) fn new(trust: Trust, timeouts: Timeouts, proxy: &Proxy) -> Result<Self, Error> {
        let config = agent::config(timeouts, USER_AGENT);
        Ok(Self::of(config.build(), timeouts, trust, Proxies::new(proxy)?))
    }

    fn of(config: ureq::config::Config, timeouts: Timeouts, trust: Trust, proxies: Proxies) -> Self {
        let tls = Tls::new(trust.clone(), None, Presented::default());
        Endpoint { config, timeouts, trust, tls, proxies, routes: Mutex::default() }
    }

    /// One with the same settings and nothing in common.
    pub(super) fn fresh(&self) -> Self {
        let fresh = Self::of(self.config.clone(), self.timeouts, self.trust.clone(), self.proxies.clone());
        // A password that a proxy has refused stays so.
        if let Some(routes) = try_lock(&self.routes) {
            lock(&fresh.routes).extend(routes.iter().filter_map(|route| route.fresh().ok()).map(Arc::new));
        }
        fresh
    }

    /// The proxy through which requests to this address go.
    ///
    /// # Errors
    /// [`Error::Setup`] if the address or the proxy cannot be used.
    pub(super) fn route(&self, address: &str) -> Result<Option<Arc<Route>>, Error> {
        let place = Place::of(address).map_err(|why| unusable(address, &why))?;
        let Some(proxy) = self.proxies.of(&place)? else { return Ok(None) };
        let mut routes = lock(&self.routes);
        if let Some(known) = routes.iter().find(|route| route.goes_through(&proxy)) {
            return Ok(Some(Arc::clone(known)));
        }
        let route = Arc::new(Route::new(proxy, USER_AGENT)?);
        routes.push(Arc::clone(&route));
        Ok(Some(route))
    }

    /// Reads a document.
    pub(super) fn get(&self, address: &str, canceler: &Canceler) -> Result<Answer, Refusal> {
        let request = || ureq::http::Request::get(address);
        let answer = self.run("GET", address, &request, "", canceler);
        Answer::read(format!("GET {address}"), answer?, &[])
    }

    /// Sends a form.
    pub(super) fn post(
        &self,
        address: &str,
        form: &Form,
        authorization: Option<Secret>,
        canceler: &Canceler,
    ) -> Result<Answer, Refusal> {
        let authorization = authorization.map(Secret::header_value).transpose()?;
        let request = || {
            let request =
                ureq::http::Request::post(address).header("Content-Type", "application/x-www-form-urlencoded");
            match &authorization {
                Some(authorization) => request.header("Authorization", authorization),
                None => request,
            }
        };
        let answer = self.run("POST", address, &request, form.text.as_str(), canceler);
        Answer::read(format!("POST {address}"), answer?, &form.secrets)
    }

    /// Sends a request, as often as the sign-in to a proxy takes that carries it.
    fn run(
        &self,
        method: &str,
        address: &str,
        request: &dyn Fn() -> Builder,
        body: &str,
        canceler: &Canceler,
    ) -> Result<Result<Response, ureq::Error>, Error> {
        let route = self.route(address)?;
        let names = Names::default().left_to_proxy(route.as_ref().is_some_and(|route| route.resolves_names()));
        let (config, timeouts, connect) = (&self.config, self.timeouts, self.connect(route.clone()));
        // In absolute form, `AbsoluteForm` writes the whole address.
        let exchange =
            Exchange { config, timeouts, names: &names, connect, canceler, most: MOST, user_agent: USER_AGENT };
        let send = |request: Builder| {
            let request = request.body(body).map_err(|error| unusable(address, &error))?;
            Ok(exchange.run(&request))
        };
        let uri: Uri = address.parse().map_err(|error| unusable(address, &error))?;
        let Some(proxy) = route.as_ref().and_then(|route| route.forwards(uri.scheme_str() == Some("https"))) else {
            return send(request());
        };
        let asking = Asking { method, target: &target(&uri), secure: false, signed_in: false };
        let exchanged = proxy.exchange(asking, |to_proxy, keep| {
            // Each request has a connection of its own.
            if keep {
                return Ok(Asked::NotKept);
            }
            let request = match to_proxy {
                Some(to_proxy) => request().header("Proxy-Authorization", to_proxy.header_value()?),
                None => request(),
            };
            match send(request)? {
                Ok(answer) => Ok(match asked(answer) {
                    Asked::Passed(answer, status) => Asked::Passed(Ok(answer), status),
                    Asked::Wants(wanted) => Asked::Wants(wanted),
                    Asked::NotKept => Asked::NotKept,
                }),
                Err(error) => Ok(Asked::Passed(Err(error), 0)),
            }
        });
        match exchanged {
            Ok((answer, _)) => Ok(answer),
            Err(Failed::Below(error)) => Err(error),
            Err(Failed::Refused(refusal)) => Ok(Err(ureq::Error::Other(Box::new(refusal)))),
        }
    }

    fn connect(&self, route: Option<Arc<Route>>) -> Arc<Connect> {
        let connector = ().chain(ProxyConnector::new(route, Names::default()));
        let connector = connector.chain(TcpConnector::default()).chain(self.tls.clone());
        Arc::new(move |details| match connector.connect(details, None)? {
            Some(transport) => Ok(transport.boxed()),
            None => Err(ureq::Error::ConnectionFailed),
        })
    }
}

type Builder = ureq::http::request::Builder;

fn unusable(address: &str, error: &dyn std::fmt::Display) -> Error {
    Error::setup(Code::Address, format!("{address} is no usable address: {error}"))
}

/// Checks an address of the issuer.
///
/// # Errors
/// In words, if it is not an address, or others could read what is sent to it.
pub(super) fn check(address: &str) -> Result<(), String> {
    // The part before an @ may be a password.
    let shown = if address.contains('@') { "the address".to_string() } else { format!("{address:?}") };
    let wrong = |why: &str| format!("{shown} cannot be an issuer's address: {why}");
    let place = Place::of(address).map_err(|why| wrong(&why.to_string()))?;
    let uri: Uri = address.parse().map_err(|e| wrong(&format!("{e}")))?;
    if uri.authority().is_none_or(|authority| authority.as_str().contains('@')) || address.contains('#') {
        return Err(wrong("it must name a host, and neither a user nor a place in a page"));
    }
    match place.scheme.as_str() {
        "https" => Ok(()),
        "http" if is_loopback(&place.host) => Ok(()),
        _ => Err(wrong("it must begin with https://; http:// is for this computer alone")),
    }
}

/// An answer with status 200.
pub(super) struct Answer {
    body: Zeroizing<Vec<u8>>,
    request: String,
}

/// Why there is no such answer, and the issuer's own word for it (`invalid_grant`), if any.
pub(super) struct Refusal {
    pub(super) error: Error,
    word: String,
}

impl Refusal {
    pub(super) fn is(&self, word: &str) -> bool {
        self.word == word
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Refusal { error, word: String::new() }
    }
}

impl Answer {
    fn read(request: String, answer: Result<Response, ureq::Error>, secrets: &[Secret]) -> Result<Self, Refusal> {
        let answer = answer.map_err(|error| Error::transport(error, &request, true))?;
        let status = answer.status().as_u16();
        let location = header(&answer, "Location");
        let mut body = Zeroizing::new(Vec::new());
        let read = answer.into_body().into_reader().take(MOST as u64 + 1).read_to_end(&mut body);
        read.map_err(|error| Error::transport(error, &request, true))?;
        if body.len() > MOST {
            return Err(Error::answer(Code::Room, status, &request, "the answer is too long").into());
        }
        if status == 200 {
            return Ok(Answer { body, request });
        }
        #[derive(Deserialize)]
        struct Problem {
            error: String,
        }
        let word = serde_json::from_slice(&body).map_or(String::new(), |problem: Problem| problem.error);
        let code = issuer_code_of(status);
        let mut words = match location {
            Some(location) if (300..400).contains(&status) => format!("it points to {location}"),
            _ => error_words(&body),
        };
        // The issuer may repeat what was sent to it.
        for secret in secrets.iter().map(Secret::expose).filter(|secret| !secret.is_empty()) {
            words = words.replace(secret, "(..)");
        }
        Err(Refusal { error: Error::answer(code, status, &request, words).with_oauth(&word), word })
    }

    /// The answer as JSON.
    pub(super) fn json<'a, T: Deserialize<'a>>(&'a self) -> Result<T, Error> {
        serde_json::from_slice(&self.body).map_err(|error| {
            // The error of serde_json may repeat a value.
            let at = format!("line {}, column {}", error.line(), error.column());
            self.unreadable(&format!("it is not the JSON that was expected, at {at}"))
        })
    }

    pub(super) fn unreadable(&self, why: &str) -> Error {
        Error::answer(Code::Unreadable, 200, &self.request, why)
    }

    /// The token in it (RFC 6749, 5.1).
    pub(super) fn token(&self, asked: SystemTime, address: &str) -> Result<Token, Error> {
        #[derive(Deserialize)]
        struct Granted {
            access_token: SecretText,
            token_type: Option<String>,
            expires_in: Option<Seconds>,
            refresh_token: Option<SecretText>,
        }
        let granted: Granted = self.json()?;
        if let Some(kind) = granted.token_type.filter(|kind| !kind.eq_ignore_ascii_case("bearer")) {
            return Err(self.unreadable(&format!("the token is no bearer token but a {kind:?}")));
        }
        let SecretText(access) = granted.access_token;
        let refresh = granted.refresh_token.map(|SecretText(refresh)| refresh);
        if access.expose().is_empty() || !access.expose().bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(self.unreadable("the token is empty, or no header can carry it"));
        }
        let lifetime = granted.expires_in.map(|Seconds(seconds)| seconds);
        tracing::debug!(url.full = address, lifetime_s = lifetime.map(|lifetime| lifetime.as_secs()), "got a token");
        Ok(Token::new(access, refresh.filter(|refresh| !refresh.expose().is_empty()), asked, lifetime))
    }
}

/// A secret in an answer.
#[derive(Deserialize)]
#[serde(from = "String")]
pub(super) struct SecretText(pub(super) Secret);

impl From<String> for SecretText {
    fn from(text: String) -> Self {
        SecretText(Secret::new(text))
    }
}

/// A time in seconds: a number, or a text with one, as older issuers of Microsoft write it.
#[derive(Clone, Copy, Deserialize)]
#[serde(try_from = "NumberOrText")]
pub(super) struct Seconds(pub(super) Duration);

#[derive(Deserialize)]
#[serde(untagged)]
enum NumberOrText {
    Number(f64),
    Text(String),
}

impl TryFrom<NumberOrText> for Seconds {
    type Error = std::num::ParseFloatError;

    fn try_from(value: NumberOrText) -> Result<Self, Self::Error> {
        let seconds = match value {
            NumberOrText::Number(seconds) => seconds,
            NumberOrText::Text(text) => text.trim().parse()?,
        };
        // A negative number and NaN count as zero.
        Ok(Seconds(Duration::from_secs_f64(if seconds > 0.0 { seconds.min(YEAR) } else { 0.0 })))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_this_computer() {
        for good in ["https://h/adfs", "http://127.0.0.1:3", "http://[::1]:3/x", "http://localhost"] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for bad in [
            "",
            "h",
            "http://h/",
            "http://localhost.example/",
            "ftp://h",
            "https://u:p@h/",
            "https://h/#x",
            "https://h:80800/",
        ] {
            assert!(check(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn seconds_are_numbers_or_texts() {
        let read = |text: &str| serde_json::from_str::<Seconds>(text).map(|seconds| seconds.0.as_secs_f64());
        for (text, seconds) in [("60", 60.0), ("\"900\"", 900.0), ("0.5", 0.5), ("-1", 0.0), ("1e300", YEAR)] {
            assert!(read(text).is_ok_and(|its| its == seconds), "{text}");
        }
        assert!(read("\"soon\"").is_err() && read("[]").is_err());
        assert!(read("\"NaN\"").is_ok_and(|its| its == 0.0));
    }
}
