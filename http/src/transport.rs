//! Requests and their answers, over ureq.
//!
//! A read is repeated where that may help. A change is repeated only if it certainly did not reach the
//! server, or if doing it twice has the same effect as doing it once ([`Repeat`]).

use crate::agent;
use crate::cancel::Canceler;
use crate::carrier::Carrier;
use crate::client_cert::ClientCertificate;
use crate::deadline::{Deadline, ListLimit};
use crate::error::Error;
use crate::headers::Headers;
use crate::observe::Observer;
use crate::presented::Presented;
use crate::process::PerProcess;
use crate::proxy::{Proxies, ProxyAddress, Route};
use crate::reply::{Raw, Reply};
use crate::request::{Attempt, Request};
use crate::response::{Response, SignInNote, header, headers, refusal};
use crate::retry::{Budget, Repeat, Retries};
use crate::setup::{Setup, check_base, check_carried, check_headers};
use crate::sign_in::{Authenticator, Credentials, Explanation, Origin};
use crate::slots::Slots;
use crate::tls::{Tls, Trust};
use cardwright_core::base::origin;
use cardwright_core::{Code, http};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Sends requests to one server as one user, from any number of threads. Each call blocks until its answer
/// begins or a time limit ends it.
///
/// After a fork, a child makes connections of its own, signs in anew, and leaves those of its parent alone.
#[derive(Debug)]
pub struct Transport {
    base: String,
    max_element: usize,
    total: Duration,
    list_limit: Duration,
    /// The list that the calls are of, if they are of one.
    list: Option<ListLimit>,
    retries: Retries,
    canceler: Canceler,
    observer: Observer,
    headers: Headers,
    recipe: Arc<Recipe>,
    own: Arc<PerProcess<Own>>,
}

/// What a process has for itself.
#[derive(Debug)]
struct Own {
    slots: Slots,
    route: Option<Arc<Route>>,
    authenticator: Authenticator,
    budget: Budget,
    presented: Presented,
}

/// What this is made of.
#[derive(Debug)]
struct Recipe {
    config: ureq::config::Config,
    user_agent: String,
    proxy: Option<ProxyAddress>,
    trust: Trust,
    certificate: Option<ClientCertificate>,
    credentials: Credentials,
    origin: Origin,
    tokens_in_clear: bool,
    carrier: Option<Arc<dyn Carrier>>,
}

impl Recipe {
    fn make(&self, canceler: &Canceler) -> Result<Own, Error> {
        let presented = Presented::default();
        let route = self.proxy.clone().map(|proxy| Route::new(proxy, &self.user_agent)).transpose()?.map(Arc::new);
        let tls = Tls::new(self.trust.clone(), self.certificate.clone(), presented.clone());
        tls.check()?;
        let tls = match &route {
            Some(route) => tls.through(route.uri().clone()),
            None => tls,
        };
        let slots = Slots::new(self.config.clone(), route.clone(), tls, canceler.clone());
        let slots = slots.carried_by(self.carrier.clone());
        let authenticator = Authenticator::new(self.credentials.clone(), self.origin.clone(), self.tokens_in_clear)?;
        Ok(Own { slots, route, authenticator, budget: Budget::new(), presented })
    }
}

impl Transport {
    /// A transport with these settings. Nothing is sent yet.
    ///
    /// # Errors
    /// [`Error::Setup`] if a setting cannot be used.
    pub fn new(setup: Setup) -> Result<Self, Error> {
        let Setup { tokens_in_clear, trust, certificate, credentials, user_agent, carrier, headers, .. } = setup;
        let (base, place) = check_base(&setup.base).map_err(|error| error.of_setting("base"))?;
        let proxy = match carrier {
            Some(_) => None,
            None => Proxies::new(&setup.proxy)
                .and_then(|proxies| proxies.of(&place))
                .map_err(|error| error.of_setting("proxy"))?,
        };
        let origin = Origin { secure: place.is_secure(), host: place.host };
        check_headers(&user_agent, &credentials)?;
        headers.check()?;
        if carrier.is_some() {
            check_carried(&credentials)?;
        }
        let config = agent::config(setup.timeouts, &user_agent)
            .max_response_header_size(64 * 1024)
            // A slot has one connection.
            .max_idle_connections(1)
            .max_idle_connections_per_host(1)
            .build();
        let recipe =
            Recipe { config, user_agent, proxy, trust, certificate, credentials, origin, tokens_in_clear, carrier };
        let canceler = Canceler::new();
        let own = Arc::new(PerProcess::new(recipe.make(&canceler)?));
        let Setup { max_element, retries, observer, .. } = setup;
        let (recipe, total, list_limit) = (Arc::new(recipe), setup.timeouts.total, setup.timeouts.list);
        Ok(Transport {
            base,
            max_element,
            total,
            list_limit,
            list: None,
            retries,
            canceler,
            observer,
            headers,
            recipe,
            own,
        })
    }

    /// A transport to another base of the same server, as the same user: over the same connections, with the same
    /// sign-in, and stopped by the same canceler.
    ///
    /// # Errors
    /// [`Error::Setup`] if it is no base, or one of another server.
    pub fn beside(&self, base: &str) -> Result<Self, Error> {
        let (base, _) = check_base(base)?;
        // With the port: the recipe's origin has the host alone.
        if !origin(&base).eq_ignore_ascii_case(origin(&self.base)) {
            return Err(Error::setup(Code::Address, format!("{base:?} is on another server than {:?}", self.base)));
        }
        Ok(Transport { base, ..self.shared() })
    }

    /// The same transport, with a canceler of its own: over the same connections, with the same sign-in and the same
    /// budget of repetitions. That canceler ends at once what is sent by the copy, lists and waits for a token
    /// included, and nothing else; the one of this transport stops the copy too.
    #[must_use]
    pub fn cancelable(&self) -> (Self, Canceler) {
        let canceler = self.canceler.below();
        (Transport { canceler: canceler.clone(), ..self.shared() }, canceler)
    }

    /// The same transport for the calls of one list: all that is sent by the copy together waits for the server as long
    /// as [`Timeouts::list`](crate::Timeouts::list) says, and each call within
    /// [`Timeouts::total`](crate::Timeouts::total) too.
    #[must_use]
    pub fn for_list(&self) -> Self {
        Transport { list: Some(ListLimit::new(self.list_limit)), ..self.shared() }
    }

    /// The same transport, whose requests have these headers too, such as the correlation id of one piece of work.
    ///
    /// # Errors
    /// [`Error::Setup`] with [`Code::Header`] for one that cannot be sent, or that the library sets itself.
    pub fn with_headers(&self, headers: Headers) -> Result<Self, Error> {
        headers.check()?;
        Ok(Transport { headers: self.headers.and(headers), ..self.shared() })
    }

    /// A copy that shares everything.
    fn shared(&self) -> Self {
        Transport {
            base: self.base.clone(),
            max_element: self.max_element,
            total: self.total,
            list_limit: self.list_limit,
            list: self.list.clone(),
            retries: self.retries,
            canceler: self.canceler.clone(),
            observer: self.observer.clone(),
            headers: self.headers.clone(),
            recipe: Arc::clone(&self.recipe),
            own: Arc::clone(&self.own),
        }
    }

    /// What this process has for itself.
    fn own(&self) -> Result<&Own, Error> {
        self.own.try_here(|parent| {
            let own = self.recipe.make(self.canceler.root())?;
            // A password that was refused stays so.
            own.authenticator.remember(&parent.authenticator);
            if let (Some(route), Some(parent)) = (&own.route, &parent.route) {
                route.remember(parent);
            }
            Ok(own)
        })
    }

    /// What the server offered for the sign-in, what was tried, and what was chosen.
    #[must_use]
    pub fn explain(&self) -> Explanation {
        self.own().map(|own| own.authenticator.explain()).unwrap_or_default()
    }

    /// The API's base, without a slash at its end.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The largest element of a list, and the largest single reply, in bytes.
    #[must_use]
    pub fn max_element(&self) -> usize {
        self.max_element
    }

    /// How often requests are repeated, and after which waits.
    #[must_use]
    pub fn retries(&self) -> Retries {
        self.retries
    }

    /// A handle that stops all requests from another thread.
    #[must_use]
    pub fn canceler(&self) -> &Canceler {
        &self.canceler
    }

    /// Checks that the client was not canceled, before more is made of the answer to `request`.
    ///
    /// # Errors
    /// [`Code::Canceled`].
    pub fn check_canceled(&self, request: &str) -> Result<(), Error> {
        if self.canceler.is_canceled() { Err(Error::canceled(request, true)) } else { Ok(()) }
    }

    /// The certificates that the server presented in the last TLS handshake, in DER, its own first, even if
    /// they are not trusted. Empty before the first handshake.
    #[must_use]
    pub fn presented(&self) -> Vec<Vec<u8>> {
        self.own().map(|own| own.presented.last()).unwrap_or_default()
    }

    /// The whole address of a call.
    pub fn address(&self, call: &dyn http::Call) -> String {
        let mut address = String::with_capacity(self.base.len() + 1 + http::target_len(call));
        address.push_str(&self.base);
        address.push('/');
        // Writing to a String cannot fail.
        let _ = http::write_target(call, &mut address);
        address
    }

    /// The body of a call; `None` if it has none.
    pub fn body(call: &dyn http::Call) -> Option<String> {
        call.has_body().then(|| {
            let mut body = String::with_capacity(http::body_len(call));
            let _ = call.body(&mut body);
            body
        })
    }

    /// Sends a call and returns the successful answer. A read is repeated where that may help; a change
    /// only if it certainly did not reach the server.
    ///
    /// # Errors
    /// Any of [`Error`]; an answer that is not successful is [`Error::Answer`].
    pub fn send(&self, call: &dyn http::Call) -> Result<Reply, Error> {
        let repeat = if call.route().method == http::Method::Get { Repeat::Always } else { Repeat::Unsent };
        self.send_again(call, repeat)
    }

    /// As [`Self::send`], with an explicit rule for repetitions.
    ///
    /// # Errors
    /// As [`Self::send`].
    pub fn send_again(&self, call: &dyn http::Call, repeat: Repeat) -> Result<Reply, Error> {
        self.send_up_to(self.retries.attempts, call, repeat)
    }

    /// As [`Self::send`], but never again: for a caller who repeats it by his own rules.
    ///
    /// # Errors
    /// As [`Self::send`].
    pub fn send_once(&self, call: &dyn http::Call) -> Result<Reply, Error> {
        self.send_up_to(1, call, Repeat::Unsent)
    }

    fn send_up_to(&self, attempts: u32, call: &dyn http::Call, repeat: Repeat) -> Result<Reply, Error> {
        let request = Request::new(call.route().method, self.address(call), Self::body(call), self.headers.clone());
        let own = self.own()?;
        let (mut attempt, mut sent) = (1, false);
        let _waiting = self.list.as_ref().map(ListLimit::wait);
        let mut deadline = Deadline::after(self.total, self.list.clone());
        loop {
            let error = match self.once(&request, attempt, &mut deadline) {
                Ok(answer) if answer.status().is_success() => {
                    if attempt == 1 {
                        own.budget.refill();
                    }
                    return Ok(Reply::new(answer, request.label));
                }
                Ok(answer) => refusal(answer, &request.label),
                Err(error) => error,
            };
            sent |= error.was_sent();
            let again = attempt < attempts && repeat.allows(&error) && own.budget.take();
            let wait = self.retries.wait(attempt, error.retry_after());
            let Some(wait) = wait.filter(|wait| again && deadline.leaves(*wait)) else {
                return Err(error.and_sent(sent, &request.label).after(attempt));
            };
            tracing::warn!(
                http.request.method = request.method.name(),
                url.full = request.redacted(),
                http.response.status_code = error.status(),
                attempt,
                retry_after_s = error.retry_after().map(|asked| asked.as_secs()),
                wait_ms = wait.as_secs_f64() * 1e3,
                code = error.code().number(),
                "will try again: {}",
                error.code().text()
            );
            if !self.canceler.wait(wait) {
                return Err(Error::canceled(&request.label, sent).after(attempt));
            }
            attempt += 1;
        }
    }

    /// Waits before a read that broke off is made again; returns whether it may be, after this number of attempts.
    #[must_use]
    pub fn pause(&self, attempt: u32) -> bool {
        let again = attempt < self.retries.attempts && self.own().is_ok_and(|own| own.budget.take());
        let wait = self.retries.wait(attempt, None).filter(|_| again);
        wait.is_some_and(|wait| {
            let _waiting = self.list.as_ref().map(ListLimit::wait);
            tracing::warn!(attempt, wait_ms = wait.as_secs_f64() * 1e3, "a list broke off: it will be read on");
            self.canceler.wait(wait)
        })
    }

    /// Sends a request once and returns the answer, whatever its status.
    fn once(&self, request: &Request, attempt: u32, deadline: &mut Deadline) -> Result<Response, Error> {
        let span = tracing::debug_span!(
            "http",
            http.request.method = request.method.name(),
            url.full = request.redacted(),
            http.request.resend_count = attempt - 1,
            http.response.status_code = tracing::field::Empty,
            error.type = tracing::field::Empty,
        );
        let _entered = span.enter();
        if self.canceler.is_canceled() {
            return Err(Error::canceled(&request.label, false));
        }
        let (started, own) = (Instant::now(), self.own()?);
        let mut sending = Attempt::new(own.slots.take(&self.canceler), request, deadline.clone());
        let exchanged = own.authenticator.exchange(&mut sending);
        *deadline = sending.deadline;
        let answer = match exchanged {
            Ok(answer) => {
                sending.slot.get().connection.begin_body();
                span.record("http.response.status_code", answer.status().as_u16());
                Ok(sending.slot.hold(own.authenticator.explained(answer, sending.longest_header)))
            }
            Err(_) if self.canceler.is_canceled() => Err(Error::canceled(&request.label, sending.sent)),
            Err(error) => {
                span.record("error.type", error.code().number());
                Err(error)
            }
        };
        self.observer.watch(request, attempt, started, answer)
    }

    /// Sends a request that the library has no call for: any path below the base, with a body in JSON.
    /// Returns the answer unchanged, whatever its status. It is never repeated.
    ///
    /// # Errors
    /// [`Error::Transport`] without an answer, [`Error::SignIn`] and [`Error::NoToken`] of the sign-in, and
    /// [`Error::Decode`] if the body is larger than [`Self::max_element`].
    pub fn raw(&self, method: http::Method, path: &str, body: Option<&str>) -> Result<Raw, Error> {
        let address = format!("{}/{}", self.base, path.trim_start_matches('/'));
        let request = Request::new(method, address, body.map(str::to_string), self.headers.clone());
        let answer = self.once(&request, 1, &mut Deadline::after(self.total, self.list.clone()))?;
        let (date, headers) = (header(&answer, "Date"), headers(answer.headers()));
        let sign_in = answer.extensions().get::<SignInNote>().and_then(|note| note.cause.clone());
        let reply = Reply::raw(answer, request.label);
        let (status, content_type) = (reply.status, reply.content_type().to_string());
        let body = reply.body(self.max_element)?.unwrap_or_default();
        Ok(Raw { status, content_type, date, headers, body, sign_in })
    }
}
