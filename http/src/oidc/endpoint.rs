//! One request to the issuer and its answer.
//!
//! Redirects are not followed: no secret goes to an address that nobody named. Each request has a
//! connection of its own.

use super::Token;
use crate::agent::{self, Proxy, Timeouts};
use crate::error::{Error, error_words, failure};
use crate::presented::Presented;
use crate::secret::Secret;
use crate::tls::{Tls, Trust};
use base64::Engine as _;
use cardwright_core::Code;
use cardwright_core::base::is_loopback;
use serde::{Deserialize, Deserializer};
use std::io::Read as _;
use std::time::{Duration, SystemTime};
use ureq::http::Uri;
use ureq::unversioned::resolver::DefaultResolver;
use ureq::unversioned::transport::{ConnectProxyConnector, Connector as _, TcpConnector};
use zeroize::Zeroizing;

/// The longest answer that is read, in bytes: a token is a few kilobytes, with many groups in it a few
/// dozen.
const MOST: u64 = 256 << 10;

/// The longest time that a token or a code is taken to last.
const YEAR: f64 = 366.0 * 24.0 * 3600.0;

/// Carries requests to the issuer.
pub(super) struct Endpoint {
    agent: ureq::Agent,
}

impl Endpoint {
    pub(super) fn new(trust: Trust, timeouts: Timeouts, proxy: Proxy) -> Result<Self, Error> {
        let config = agent::config(timeouts, &proxy, concat!("cardwright/", env!("CARGO_PKG_VERSION")))?
            .max_idle_connections(0)
            .timeout_recv_body(Some(timeouts.answer));
        let tls = Tls::new(trust, None, Presented::default());
        let connector = ().chain(ConnectProxyConnector::default()).chain(TcpConnector::default()).chain(tls);
        Ok(Endpoint { agent: ureq::Agent::with_parts(config.build(), connector, DefaultResolver::default()) })
    }

    /// A document.
    pub(super) fn get(&self, address: &str) -> Result<Answer, Refusal> {
        let request = ureq::http::Request::get(address).body(()).map_err(|e| unusable(address, &e))?;
        Answer::read(format!("GET {address}"), self.agent.run(request), &[])
    }

    /// The answer to a form.
    pub(super) fn post(&self, address: &str, form: &Form, authorization: Option<&Secret>) -> Result<Answer, Refusal> {
        let mut request =
            ureq::http::Request::post(address).header("Content-Type", "application/x-www-form-urlencoded");
        if let Some(authorization) = authorization {
            let mut value = ureq::http::HeaderValue::from_str(authorization.expose())
                .map_err(|_| Error::setup("the client's id or secret cannot stand in a header"))?;
            value.set_sensitive(true);
            request = request.header("Authorization", value);
        }
        let request = request.body(form.text.as_str()).map_err(|e| unusable(address, &e))?;
        Answer::read(format!("POST {address}"), self.agent.run(request), &form.secrets)
    }
}

fn unusable(address: &str, error: &dyn std::fmt::Display) -> Error {
    Error::setup(format!("{address} is no usable address: {error}"))
}

/// Checks an address of the issuer's.
///
/// # Errors
/// In words, where it is none, or what goes there could be read on the way.
pub(super) fn check(address: &str) -> Result<(), String> {
    // What stands before an @ may be a password.
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

/// The header of a client that shows its secret by Basic: both are escaped first (RFC 6749, 2.3.1).
pub(super) fn basic(id: &str, secret: &Secret) -> Secret {
    let mut pair = Zeroizing::new(String::with_capacity(3 * (id.len() + secret.expose().len()) + 1));
    escape(id, &mut pair);
    pair.push(':');
    escape(secret.expose(), &mut pair);
    let coded = Zeroizing::new(base64::engine::general_purpose::STANDARD.encode(pair.as_bytes()));
    Secret::new(format!("Basic {}", *coded))
}

/// What is asked of the issuer, and what of it must not be seen.
pub(super) struct Form {
    text: Zeroizing<String>,
    secrets: Vec<Secret>,
}

impl Form {
    /// A form that asks for a token in this way.
    pub(super) fn new(grant_type: &str) -> Self {
        let mut form = Self::empty();
        form.add("grant_type", grant_type);
        form
    }

    pub(super) fn empty() -> Self {
        // So long that nothing is left behind by growing.
        Form { text: Zeroizing::new(String::with_capacity(64 << 10)), secrets: Vec::new() }
    }

    pub(super) fn add(&mut self, name: &str, value: &str) {
        if !self.text.is_empty() {
            self.text.push('&');
        }
        self.text.push_str(name);
        self.text.push('=');
        escape(value, &mut self.text);
    }

    pub(super) fn secret(&mut self, name: &str, value: &Secret) {
        self.add(name, value.expose());
        self.secrets.push(value.clone());
    }
}

/// `application/x-www-form-urlencoded`.
fn escape(text: &str, out: &mut String) {
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'*' => out.push(char::from(byte)),
            b' ' => out.push('+'),
            _ => {
                const DIGITS: [char; 16] =
                    ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];
                let digit = |nibble: u8| DIGITS.get(usize::from(nibble)).copied().unwrap_or('0');
                out.extend(['%', digit(byte >> 4), digit(byte & 0xF)]);
            }
        }
    }
}

/// What the issuer answered with status 200.
pub(super) struct Answer {
    body: Zeroizing<Vec<u8>>,
    request: String,
}

/// Why there is no answer, and the issuer's own word for it (`invalid_grant`), where it said one.
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
    fn read(
        request: String,
        answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>,
        secrets: &[Secret],
    ) -> Result<Self, Refusal> {
        let answer = answer.map_err(|error| failure(error, &request))?;
        let status = answer.status().as_u16();
        let place = answer.headers().get("Location").and_then(|value| value.to_str().ok()).map(str::to_string);
        let mut body = Zeroizing::new(Vec::new());
        let read = answer.into_body().into_reader().take(MOST + 1).read_to_end(&mut body);
        read.map_err(|error| failure(ureq::Error::from(error), &request))?;
        if body.len() as u64 > MOST {
            return Err(Error::answer(Code::Room, status, &request, "the answer is too long").into());
        }
        if status == 200 {
            return Ok(Answer { body, request });
        }
        #[derive(Deserialize)]
        struct Said {
            error: String,
        }
        let word = serde_json::from_slice(&body).map_or(String::new(), |said: Said| said.error);
        let code = match status {
            408 | 429 | 503 => Code::Busy,
            500.. => Code::ServerFailed,
            404 | 410 => Code::NotFound,
            300..=399 => Code::Unexpected,
            _ => Code::SignIn,
        };
        let mut words = match place {
            Some(place) if (300..400).contains(&status) => format!("it points to {place}"),
            _ => error_words(&body),
        };
        // An issuer that repeats what it was sent is not repeated.
        for secret in secrets.iter().map(Secret::expose).filter(|secret| !secret.is_empty()) {
            words = words.replace(secret, "(..)");
        }
        Err(Refusal { error: Error::answer(code, status, &request, words), word })
    }

    /// The answer as JSON.
    pub(super) fn json<'a, T: Deserialize<'a>>(&'a self) -> Result<T, Error> {
        serde_json::from_slice(&self.body).map_err(|error| {
            // What serde_json says may repeat a value.
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
            #[serde(deserialize_with = "secret")]
            access_token: Secret,
            token_type: Option<String>,
            expires_in: Option<Seconds>,
            #[serde(default, deserialize_with = "some_secret")]
            refresh_token: Option<Secret>,
        }
        let granted: Granted = self.json()?;
        if let Some(kind) = granted.token_type.filter(|kind| !kind.eq_ignore_ascii_case("bearer")) {
            return Err(self.unreadable(&format!("the token is no bearer token but a {kind:?}")));
        }
        let access = granted.access_token;
        if access.expose().is_empty() || !access.expose().bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(self.unreadable("the token is empty, or no header can carry it"));
        }
        let lifetime = granted.expires_in.map(|Seconds(seconds)| seconds);
        tracing::debug!(url.full = address, lifetime_s = lifetime.map(|one| one.as_secs()), "got a token");
        Ok(Token::new(access, granted.refresh_token.filter(|one| !one.expose().is_empty()), asked, lifetime))
    }
}

/// A secret out of JSON, copied once.
fn secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Secret, D::Error> {
    String::deserialize(deserializer).map(Secret::new)
}

fn some_secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Secret>, D::Error> {
    Option::<String>::deserialize(deserializer).map(|text| text.map(Secret::new))
}

/// A time in seconds: a number, or a text with one, as older issuers of Microsoft's write it.
#[derive(Clone, Copy)]
pub(super) struct Seconds(pub(super) Duration);

impl<'de> Deserialize<'de> for Seconds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Number(f64),
            Text(String),
        }
        let seconds = match Written::deserialize(deserializer)? {
            Written::Number(seconds) => seconds,
            Written::Text(text) => text.trim().parse().map_err(|_| serde::de::Error::custom("no number of seconds"))?,
        };
        // What is below nothing, or no number at all, is nothing.
        Ok(Seconds(Duration::from_secs_f64(if seconds > 0.0 { seconds.min(YEAR) } else { 0.0 })))
    }
}

/// A secret that an answer holds.
#[derive(Deserialize)]
pub(super) struct Hidden(#[serde(deserialize_with = "secret")] pub(super) Secret);

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
    fn a_form_is_escaped_and_basic_is_too() {
        let mut form = Form::new("a b");
        form.add("resource", "https://x/ä?&=+*-._");
        assert_eq!(*form.text, "grant_type=a+b&resource=https%3A%2F%2Fx%2F%C3%A4%3F%26%3D%2B*-._");
        // RFC 6749, 2.3.1 by way of RFC 7617: escaped, then coded.
        let header = basic("a b", &Secret::new("s:1"));
        assert_eq!(header.expose(), "Basic YStiOnMlM0Ex");
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
