//! A request, and an attempt to send it through a slot.

use crate::cancel::Canceler;
use crate::carrier;
use crate::deadline::Deadline;
use crate::error::Error;
use crate::headers::Headers;
use crate::hidden::Hidden;
use crate::proxy::{Asked, Asking, Failed, asked, target};
use crate::request_line::masked;
use crate::response::{ProxyNote, Response, header};
use crate::secret::Secret;
use crate::slots::SlotGuard;
use cardwright_core::{Code, http};
use ureq::http::Uri;

/// A request as it is sent.
pub(crate) struct Request {
    pub(crate) method: http::Method,
    pub(crate) address: String,
    pub(crate) body: Option<String>,
    /// Those of one's own.
    pub(crate) headers: Headers,
    /// Method and address, for errors.
    pub(crate) label: String,
}

impl Request {
    pub(crate) fn new(method: http::Method, address: String, body: Option<String>, headers: Headers) -> Self {
        let label = format!("{} {address}", method.name());
        Request { method, address, body, headers, label }
    }

    /// Whether it goes to the server encrypted.
    fn is_encrypted(&self) -> bool {
        self.address.get(..6).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https:"))
    }

    /// The address for a log.
    pub(crate) fn redacted(&self) -> String {
        masked(&self.address).into_owned()
    }
}

/// One attempt at a request: it is sent through one slot, as often as the sign-in takes.
pub(crate) struct Attempt<'r> {
    pub(crate) slot: SlotGuard,
    request: &'r Request,
    /// The length of the longest `Authorization` header so far, in bytes.
    pub(crate) longest_header: usize,
    /// Whether any byte of the request may have left, in whatever leg.
    pub(crate) sent: bool,
    /// When the call ends.
    pub(crate) deadline: Deadline,
}

impl<'r> Attempt<'r> {
    pub(crate) fn new(slot: SlotGuard, request: &'r Request, deadline: Deadline) -> Self {
        Attempt { slot, request, longest_header: 0, sent: false, deadline }
    }

    /// Method and address, for errors.
    pub(crate) fn label(&self) -> &str {
        &self.request.label
    }

    /// Does something that has a limit of its own, and does not count for that of the call.
    pub(crate) fn beside_the_limit<T>(&mut self, what: impl FnOnce(&Canceler) -> T) -> T {
        let canceler = self.slot.canceler();
        self.deadline.beside(|| what(canceler))
    }

    /// Sends the request once with this `Authorization` header; without its body if the server cannot
    /// accept it yet. A proxy that carries the request itself is signed in to as it wants.
    pub(crate) fn send(&mut self, authorization: Option<Secret>, with_body: bool) -> Result<Response, Error> {
        let (route, request) = (self.slot.route(), self.request);
        let Some(proxy) = route.as_ref().and_then(|route| route.forwards(request.is_encrypted())) else {
            return self.send_to(authorization, None, with_body);
        };
        let uri: Uri = request.address.parse().map_err(|error| unusable(&request.address, &error))?;
        let slot = self.slot.get();
        let signed_in = slot.signed_in_to_proxy.is_some_and(|number| number == slot.connection.number());
        let asking = Asking { method: request.method.name(), target: &target(&uri), secure: false, signed_in };
        match proxy.exchange(asking, |to_proxy, keep| self.ask(authorization.clone(), to_proxy, with_body, keep)) {
            Ok((mut answer, signed_in)) => {
                let slot = self.slot.get();
                slot.signed_in_to_proxy = signed_in.then(|| slot.connection.number());
                let is_json = header(&answer, "Content-Type").is_some_and(|kind| kind.contains("json"));
                if matches!(answer.status().as_u16(), 403 | 502..=504) && !is_json {
                    let note = format!("this may be the answer of the proxy {}", proxy.place());
                    answer.extensions_mut().insert(ProxyNote(note));
                }
                Ok(answer)
            }
            Err(Failed::Below(error)) if error.was_sent() && proxy.is_unproven() => Err(error.with_unproven_password()),
            Err(Failed::Below(error)) => Err(error),
            Err(Failed::Refused(refusal)) => {
                Err(Error::transport(ureq::Error::Other(Box::new(refusal)), &request.label, self.sent))
            }
        }
    }

    /// Sends the request once to a proxy that carries it, with this `Proxy-Authorization`; if it is to be so, over the
    /// connection that was used last.
    fn ask(
        &mut self,
        authorization: Option<Secret>,
        to_proxy: Option<Secret>,
        with_body: bool,
        keep: bool,
    ) -> Result<Asked<Response>, Error> {
        let connection = self.slot.get().connection.clone();
        let (pinned, sent) = (connection.is_pinned(), self.sent);
        connection.pin(pinned || keep);
        let answer = self.send_to(authorization, to_proxy, with_body);
        connection.pin(pinned);
        // Without it, the server's sign-in has pinned the connection, and hears of its loss itself.
        if !pinned && connection.has_refused() {
            self.sent = sent;
            return Ok(Asked::NotKept);
        }
        let asked = asked(answer?);
        if matches!(asked, Asked::Wants(_)) {
            // The proxy has not passed the request on.
            self.sent = sent;
        }
        Ok(asked)
    }

    fn send_to(
        &mut self,
        authorization: Option<Secret>,
        to_proxy: Option<Secret>,
        with_body: bool,
    ) -> Result<Response, Error> {
        let request = self.request;
        let body = request.body.as_deref().filter(|_| with_body);
        if let Some(carrier) = self.slot.carrier() {
            let user_agent = self.slot.user_agent();
            let mut set = vec![("Accept", "application/json".to_string()), ("User-Agent", user_agent)];
            set.extend(authorization.map(|value| ("Authorization", value.expose().to_string())));
            set.extend(body.map(|_| ("Content-Type", "application/json".to_string())));
            let headers = carrier::all(&request.headers, &set);
            let answer = carrier::carry(
                &*carrier,
                (request.method, &request.address, &request.label),
                &headers,
                body,
                self.sent,
            );
            self.sent |= answer.as_ref().map_or_else(Error::was_sent, |_| true);
            return answer;
        }
        let mut builder = ureq::http::Request::builder().method(request.method.name()).uri(&request.address);
        let mut hidden = Hidden::default();
        if let Some(authorization) = authorization {
            self.longest_header = self.longest_header.max(authorization.expose().len());
            builder = hidden.header(builder, "Authorization", authorization)?;
        }
        for (name, value, is_open) in request.headers.all() {
            builder = match is_open {
                true => builder.header(name, value.expose()),
                false => hidden.header(builder, name, value.clone())?,
            };
        }
        if body.is_some() {
            builder = builder.header("Content-Type", "application/json");
        }
        if let Some(to_proxy) = to_proxy {
            builder = hidden.header(builder, "Proxy-Authorization", to_proxy)?;
        }
        let unusable = |error: ureq::http::Error| unusable(&request.address, &error);
        let slot = self.slot.get();
        slot.connection.begin(&self.deadline, hidden);
        let agent = &slot.agent;
        let answer = match request.method {
            http::Method::Get => agent.run(builder.body(()).map_err(unusable)?),
            // An empty body still has a Content-Length, which IIS requires.
            http::Method::Post | http::Method::Put | http::Method::Patch => {
                agent.run(builder.body(body.unwrap_or("")).map_err(unusable)?)
            }
            http::Method::Delete if body.is_none() => agent.run(builder.body(()).map_err(unusable)?),
            http::Method::Delete => {
                return Err(Error::setup(cardwright_core::Code::Setting, "DELETE is sent without a body"));
            }
            #[cfg_attr(cardwright_exhaustive, expect(unreachable_patterns))]
            _ => {
                return Err(Error::setup(
                    cardwright_core::Code::Setting,
                    format!("the method {} is not sent", request.method.name()),
                ));
            }
        };
        self.sent |= slot.connection.has_sent();
        answer.map_err(|error| Error::transport(error, &request.label, self.sent))
    }
}

fn unusable(address: &str, error: &dyn std::fmt::Display) -> Error {
    Error::setup(Code::Address, format!("{} is no usable address: {error}", masked(address)))
}
