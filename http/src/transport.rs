//! One request there and one answer back, over ureq.
//!
//! A read is repeated where that may help. A change is repeated only where it is certain that it never
//! reached the server, or where doing it twice is the same as doing it once ([`Repeat`]).

use crate::agent::{self, Proxy, Timeouts};
use crate::client_cert::ClientCertificate;
use crate::error::{Error, error_words, failure};
use crate::observe::{self, Observer};
use crate::presented::Presented;
use crate::retry::{Budget, Canceler, Repeat, Retries};
use crate::sending::{Outgoing, Response, Sending};
use crate::sign_in::{Credentials, Explanation, Place, Said, Signer};
use crate::slots::{Slots, hold};
use crate::tls::{Tls, Trust};
use cardwright_core::{Code, http};
use std::io::Read;
use std::time::{Duration, Instant};
use ureq::http::Uri;

/// How much of an error body is read.
const ERROR_BODY: u64 = 64 * 1024;

/// What carries requests to one server as one user.
#[derive(Debug)]
pub struct Transport {
    slots: Slots,
    /// The API's base, with no slash at its end.
    base: String,
    signer: Signer,
    /// The largest element of a list, and the largest single reply, in bytes.
    max_element: usize,
    retries: Retries,
    budget: Budget,
    canceler: Canceler,
    presented: Presented,
    observer: Observer,
}

/// How a transport is set up.
#[derive(Debug, Clone)]
pub struct Setup {
    /// The base of the API, an address without query and fragment.
    pub base: String,
    /// How to sign in.
    pub credentials: Credentials,
    /// Whether tokens may go over plain HTTP to another machine.
    pub tokens_in_clear: bool,
    /// Which certificates to trust.
    pub trust: Trust,
    /// The certificate that the client shows where the server asks for one.
    pub certificate: Option<ClientCertificate>,
    /// The time limits.
    pub timeouts: Timeouts,
    /// The header `User-Agent`.
    pub user_agent: String,
    /// The largest element of a list, and the largest single reply, in bytes.
    pub max_element: usize,
    /// How often and how patiently to repeat what may be repeated.
    pub retries: Retries,
    /// Whether requests go through a proxy.
    pub proxy: Proxy,
    /// Told of each request and its answer.
    pub observer: Observer,
}

impl Setup {
    /// The defaults for a base such as `https://cm.example.com/certiflow/api`: no credentials, what the
    /// operating system trusts, the proxy of the environment, 16 MiB for a reply.
    pub fn new(base: impl Into<String>) -> Self {
        Setup {
            base: base.into(),
            credentials: Credentials::Anonymous,
            tokens_in_clear: false,
            trust: Trust::system(),
            certificate: None,
            timeouts: Timeouts::default(),
            user_agent: format!("cardwright/{} ({})", env!("CARGO_PKG_VERSION"), std::env::consts::OS),
            max_element: 16 << 20,
            retries: Retries::default(),
            proxy: Proxy::default(),
            observer: Observer::default(),
        }
    }
}

/// An answer with a status that means success.
#[derive(Debug)]
pub struct Reply {
    body: ureq::Body,
    /// What was asked, for errors.
    pub request: String,
    /// The HTTP status.
    pub status: u16,
    /// The server said that there is nothing.
    empty: bool,
}

impl Transport {
    /// A transport that is set up like this. Nothing is sent yet.
    ///
    /// # Errors
    /// [`Error::Setup`] where a setting cannot be used.
    pub fn new(setup: Setup) -> Result<Self, Error> {
        let Setup {
            base,
            credentials,
            tokens_in_clear,
            trust,
            certificate,
            timeouts,
            user_agent,
            max_element,
            retries,
            proxy,
            observer,
        } = setup;
        let (base, place) = check_base(&base)?;
        let config = agent::config(timeouts, &proxy, &user_agent)?
            .max_response_header_size(64 * 1024)
            // A slot has one connection.
            .max_idle_connections(1)
            .max_idle_connections_per_host(1);
        let presented = Presented::default();
        let tls = Tls::new(trust, certificate, presented.clone());
        let canceler = Canceler::new();
        let slots = Slots::new(config.build(), tls, canceler.clone());
        let signer = Signer::new(credentials, place, tokens_in_clear)?;
        let budget = Budget::new();
        Ok(Transport { slots, base, signer, max_element, retries, budget, canceler, presented, observer })
    }

    /// How the sign-in went.
    pub fn explain(&self) -> Explanation {
        self.signer.explain()
    }

    /// The API's base, with no slash at its end.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The largest element of a list, and the largest single reply, in bytes.
    pub fn max_element(&self) -> usize {
        self.max_element
    }

    /// What stops all requests from another thread.
    pub fn canceler(&self) -> &Canceler {
        &self.canceler
    }

    /// The certificates that the server presented at the last TLS handshake, in DER, its own first; also
    /// those of a handshake that failed because they are not trusted. None before the first.
    pub fn presented(&self) -> Vec<Vec<u8>> {
        self.presented.last()
    }

    /// The whole address of a call.
    pub fn address(&self, call: &dyn http::Call) -> String {
        let mut address = String::with_capacity(self.base.len() + 1 + http::target_len(call));
        address.push_str(&self.base);
        address.push('/');
        // A String takes everything.
        let _ = http::write_target(call, &mut address);
        address
    }

    /// The body of a call; `None` where it has none.
    pub fn body(call: &dyn http::Call) -> Option<String> {
        call.has_body().then(|| {
            let mut body = String::with_capacity(http::body_len(call));
            let _ = call.body(&mut body);
            body
        })
    }

    /// Sends a call and returns the answer, when it is one of success. A read is repeated where that
    /// may help; a change only where it is certain that the server never saw it.
    ///
    /// # Errors
    /// Any of [`Error`]; an answer that is no success is [`Error::Answer`].
    pub fn send(&self, call: &dyn http::Call) -> Result<Reply, Error> {
        let repeat = if call.route().method == http::Method::Get { Repeat::Always } else { Repeat::Unsent };
        self.send_again(call, repeat)
    }

    /// As [`Self::send`], by what may be repeated.
    ///
    /// # Errors
    /// As [`Self::send`].
    pub fn send_again(&self, call: &dyn http::Call, repeat: Repeat) -> Result<Reply, Error> {
        let outgoing = Outgoing::new(call.route().method, self.address(call), Self::body(call));
        let mut attempt = 1;
        loop {
            let (error, asked) = match self.once(&outgoing, attempt) {
                Ok(answer) if answer.status().is_success() => {
                    if attempt == 1 {
                        self.budget.give();
                    }
                    let status = answer.status().as_u16();
                    let empty = matches!(status, 204 | 205);
                    return Ok(Reply { body: answer.into_body(), request: outgoing.shown, status, empty });
                }
                Ok(answer) => {
                    let error = refusal(answer, &outgoing.shown);
                    let asked = error.retry_after();
                    (error, asked)
                }
                Err(error) => (error, None),
            };
            let again = attempt < self.retries.attempts && repeat.allows(&error) && self.budget.take();
            let Some(wait) = self.retries.wait(attempt, asked).filter(|_| again) else {
                return Err(error.after(attempt));
            };
            tracing::warn!(attempt, wait_ms = wait.as_secs_f64() * 1e3, code = error.code().number(), "will try again");
            if !self.canceler.wait(wait) {
                return Err(outgoing.canceled());
            }
            attempt += 1;
        }
    }

    /// Sends a request once and returns the answer, whatever its status.
    fn once(&self, outgoing: &Outgoing, attempt: u32) -> Result<Response, Error> {
        let span = tracing::debug_span!(
            "http",
            http.request.method = outgoing.method.name(),
            url.full = outgoing.redacted(),
            http.request.resend_count = attempt - 1,
            http.response.status_code = tracing::field::Empty,
            error.type = tracing::field::Empty,
        );
        let _entered = span.enter();
        if self.canceler.is_canceled() {
            return Err(outgoing.canceled());
        }
        let started = Instant::now();
        let mut sending = Sending::new(self.slots.take(), outgoing);
        let answer = self.signer.exchange(&mut sending);
        let answer = match answer {
            Ok(answer) => {
                span.record("http.response.status_code", answer.status().as_u16());
                Ok(hold(self.signer.told(answer, sending.longest), sending.taken))
            }
            Err(_) if self.canceler.is_canceled() => Err(outgoing.canceled()),
            Err(error) => {
                span.record("error.type", error.code().number());
                Err(error)
            }
        };
        let request = (outgoing.method.name(), outgoing.address.as_str(), outgoing.body.as_deref(), attempt);
        self.observer.watch(request, started, answer)
    }

    /// Sends what the library has no words for: any path below the base, and a body of JSON. The
    /// answer comes as it is, whatever its status.
    ///
    /// # Errors
    /// [`Error::Transport`] where no answer came.
    pub fn raw(&self, method: http::Method, path: &str, body: Option<&str>) -> Result<Raw, Error> {
        let address = format!("{}/{}", self.base, path.trim_start_matches('/'));
        let outgoing = Outgoing::new(method, address, body.map(str::to_string));
        let answer = self.once(&outgoing, 1)?;
        let header = |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_string);
        let (status, content_type) = (answer.status().as_u16(), header("Content-Type").unwrap_or_default());
        let date = header("Date");
        let headers = observe::headers(answer.headers());
        let reply = Reply { body: answer.into_body(), request: outgoing.shown, status, empty: false };
        let body = reply.document(self.max_element)?.unwrap_or_default();
        Ok(Raw { status, content_type, date, headers, body })
    }
}

/// An answer as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Raw {
    /// The HTTP status.
    pub status: u16,
    /// The header `Content-Type`, or `""`.
    pub content_type: String,
    /// The header `Date`, which tells the server's clock.
    pub date: Option<String>,
    /// All headers, as they came; names are in small letters.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Raw {
    /// The values of a header, whatever the case of its name.
    pub fn header<'r>(&'r self, name: &'r str) -> impl Iterator<Item = &'r str> {
        self.headers.iter().filter(move |(its, _)| its.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// The error of an answer that is no success.
fn refusal(answer: Response, request: &str) -> Error {
    let status = answer.status().as_u16();
    let header = |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_string);
    let (location, asked) = (header("Location"), header("Retry-After"));
    let said = answer.extensions().get::<Said>().map(|Said(said)| said.clone()).unwrap_or_default();
    let mut body = Vec::new();
    // A body that breaks off still has its first words.
    let _ = answer.into_body().into_reader().take(ERROR_BODY).read_to_end(&mut body);
    let said = match location {
        Some(location) if (300..400).contains(&status) => {
            format!("it points to {location}, which looks like a sign-in page or a wrong base address")
        }
        _ => {
            [error_words(&body), said].iter().filter(|words| !words.is_empty()).cloned().collect::<Vec<_>>().join("; ")
        }
    };
    // A date instead of seconds is not worth the trouble of two clocks.
    let asked = asked.and_then(|seconds| seconds.trim().parse().ok()).map(Duration::from_secs);
    Error::answer(code_of(status), status, request, said).asking(asked)
}

impl Reply {
    /// The whole body, or `None` where there is none.
    ///
    /// # Errors
    /// Where the answer breaks off, or is larger than `limit` bytes.
    pub fn document(self, limit: usize) -> Result<Option<Vec<u8>>, Error> {
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

    /// Reads what is left of the answer, so that its connection can be used again, and tells its status.
    pub fn finish(self) -> u16 {
        // What breaks off here was an answer all the same.
        let _ = std::io::copy(&mut self.body.into_reader().take(ERROR_BODY), &mut std::io::sink());
        self.status
    }

    /// The body to be read piece by piece, and what was asked; `None` where there is none.
    pub(crate) fn reader(self) -> (Option<ureq::BodyReader<'static>>, String) {
        let Reply { body, request, empty, .. } = self;
        ((!empty).then(|| body.into_with_config().limit(u64::MAX).reader()), request)
    }
}

/// An address that everything else is relative to.
fn check_base(base: &str) -> Result<(String, Place), Error> {
    // What stands before an @ may be a password.
    let shown = if base.contains('@') { "the address".to_string() } else { format!("{base:?}") };
    let wrong = |why: &str| Error::setup(format!("{shown} is no base address: {why}"));
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
    let place = Place { host: uri.host().unwrap_or("").to_string(), secure: uri.scheme_str() == Some("https") };
    Ok((base_trimmed.to_string(), place))
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
