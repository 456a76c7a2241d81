//! One request to the issuer and its answer.
//!
//! Redirects are not followed: no secret goes to an address that was not configured. Each request has
//! its own connection.

use super::form::Form;
use super::token::Token;
use crate::agent::{self, LONGEST, Proxy, Timeouts};
use crate::error::{Error, error_words};
use crate::presented::Presented;
use crate::proxy::Tunnels;
use crate::resolve::Names;
use crate::response::{Response, header};
use crate::secret::Secret;
use crate::status::issuer_code_of;
use crate::tls::{Tls, Trust};
use cardwright_core::Code;
use cardwright_core::base::is_loopback;
use serde::Deserialize;
use std::io::Read as _;
use std::time::{Duration, SystemTime};
use ureq::http::Uri;
use ureq::unversioned::transport::{Connector as _, TcpConnector};
use zeroize::Zeroizing;

/// The longest answer that is read, in bytes. A token has a few kilobytes, with many groups a few dozen.
const MOST: u64 = 256 << 10;

/// The longest lifetime of a token or a code that is taken over, in seconds.
const YEAR: f64 = 366.0 * 24.0 * 3600.0;

/// The header `User-Agent`.
const USER_AGENT: &str = concat!("cardwright/", env!("CARGO_PKG_VERSION"));

/// Sends requests to the issuer.
pub(super) struct Endpoint {
    agent: ureq::Agent,
    trust: Trust,
}

impl Endpoint {
    pub(super) fn new(trust: Trust, timeouts: Timeouts, proxy: Proxy) -> Result<Self, Error> {
        let config = agent::config(timeouts, &proxy, USER_AGENT)?
            .max_idle_connections(0)
            .timeout_recv_body(Some(timeouts.answer.min(LONGEST)))
            .timeout_global(Some(timeouts.total.min(LONGEST)));
        Ok(Self::of(config.build(), trust))
    }

    fn of(config: ureq::config::Config, trust: Trust) -> Self {
        let tls = Tls::new(trust.clone(), None, Presented::default());
        let connector = ().chain(Tunnels::new(USER_AGENT)).chain(TcpConnector::default()).chain(tls);
        Endpoint { agent: ureq::Agent::with_parts(config, connector, Names::default()), trust }
    }

    /// One with the same settings and nothing in common.
    pub(super) fn fresh(&self) -> Self {
        Self::of(self.agent.config().clone(), self.trust.clone())
    }

    /// Reads a document.
    pub(super) fn get(&self, address: &str) -> Result<Answer, Refusal> {
        let request = ureq::http::Request::get(address).body(()).map_err(|e| unusable(address, &e))?;
        Answer::read(format!("GET {address}"), self.agent.run(request), &[])
    }

    /// Sends a form.
    pub(super) fn post(&self, address: &str, form: &Form, authorization: Option<Secret>) -> Result<Answer, Refusal> {
        let mut request =
            ureq::http::Request::post(address).header("Content-Type", "application/x-www-form-urlencoded");
        if let Some(authorization) = authorization {
            request = request.header("Authorization", authorization.header_value()?);
        }
        let request = request.body(form.text.as_str()).map_err(|e| unusable(address, &e))?;
        Answer::read(format!("POST {address}"), self.agent.run(request), &form.secrets)
    }
}

fn unusable(address: &str, error: &dyn std::fmt::Display) -> Error {
    Error::setup(format!("{address} is no usable address: {error}"))
}

/// Checks an address of the issuer.
///
/// # Errors
/// In words, if it is not an address, or others could read what is sent to it.
pub(super) fn check(address: &str) -> Result<(), String> {
    // The part before an @ may be a password.
    let shown = if address.contains('@') { "the address".to_string() } else { format!("{address:?}") };
    let wrong = |why: &str| format!("{shown} cannot be an issuer's address: {why}");
    let uri: Uri = address.parse().map_err(|e| wrong(&format!("{e}")))?;
    if uri.authority().is_none_or(|authority| authority.as_str().contains('@')) || address.contains('#') {
        return Err(wrong("it must name a host, and neither a user nor a place in a page"));
    }
    match uri.scheme_str() {
        Some("https") => Ok(()),
        Some("http") if uri.host().is_some_and(is_loopback) => Ok(()),
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
        let read = answer.into_body().into_reader().take(MOST + 1).read_to_end(&mut body);
        read.map_err(|error| Error::transport(error, &request, true))?;
        if body.len() as u64 > MOST {
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
        for bad in ["", "h", "http://h/", "http://localhost.example/", "ftp://h", "https://u:p@h/", "https://h/#x"] {
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
