//! One request on its connection, to be sent as often as a sign-in takes.

use crate::error::{Error, failure};
use crate::retry::Canceler;
use crate::slots::{Slot, Taken, header_value};
use cardwright_core::{Code, http};
use zeroize::Zeroizing;

/// An answer, its body not read yet.
pub(crate) type Response = ureq::http::Response<ureq::Body>;

/// A request on its slot, to be sent as often as a sign-in takes.
pub(crate) struct Sending<'s> {
    pub(crate) taken: Taken,
    outgoing: &'s Outgoing,
    /// The length of the longest header `Authorization` so far.
    pub(crate) longest: usize,
}

impl<'s> Sending<'s> {
    pub(crate) fn new(taken: Taken, outgoing: &'s Outgoing) -> Self {
        Sending { taken, outgoing, longest: 0 }
    }

    /// The slot that it goes through.
    pub(crate) fn slot(&mut self) -> &mut Slot {
        self.taken.slot()
    }

    /// Goes on over another connection.
    pub(crate) fn renew(&mut self) {
        self.taken.renew();
    }

    /// What tells that the client is to stop.
    pub(crate) fn canceler(&self) -> &Canceler {
        self.taken.canceler()
    }

    /// What is asked, for errors.
    pub(crate) fn request(&self) -> &str {
        &self.outgoing.shown
    }

    /// Sends it once, with this header `Authorization`; without its body where the server cannot take
    /// it yet.
    pub(crate) fn send(&mut self, authorization: Option<Zeroizing<String>>, whole: bool) -> Result<Response, Error> {
        let outgoing = self.outgoing;
        let mut builder = ureq::http::Request::builder().method(outgoing.method.name()).uri(&outgoing.address);
        if let Some(authorization) = authorization {
            self.longest = self.longest.max(authorization.len());
            builder = builder.header("Authorization", header_value(authorization)?);
        }
        let body = outgoing.body.as_deref().filter(|_| whole);
        if body.is_some() {
            builder = builder.header("Content-Type", "application/json");
        }
        let unusable = |e: ureq::http::Error| Error::setup(format!("{} is no usable address: {e}", outgoing.address));
        let agent = &self.taken.slot().agent;
        let answer = match outgoing.method {
            http::Method::Get => agent.run(builder.body(()).map_err(unusable)?),
            // Without a body, its length is still said: IIS insists.
            http::Method::Post | http::Method::Put => agent.run(builder.body(body.unwrap_or("")).map_err(unusable)?),
        };
        answer.map_err(|error| failure(error, &outgoing.shown))
    }
}

/// A request as it goes out.
pub(crate) struct Outgoing {
    pub(crate) method: http::Method,
    pub(crate) address: String,
    pub(crate) body: Option<String>,
    /// What an error calls it.
    pub(crate) shown: String,
}

impl Outgoing {
    pub(crate) fn new(method: http::Method, address: String, body: Option<String>) -> Self {
        let shown = format!("{} {address}", method.name());
        Outgoing { method, address, body, shown }
    }

    /// The address for a log: parameters hold names of people, so only their own names are shown.
    pub(crate) fn redacted(&self) -> String {
        let Some((path, query)) = self.address.split_once('?') else { return self.address.clone() };
        let names = query.split('&').map(|pair| pair.split('=').next().unwrap_or(""));
        let names: Vec<String> = names.map(|name| format!("{name}=REDACTED")).collect();
        format!("{path}?{}", names.join("&"))
    }

    pub(crate) fn canceled(&self) -> Error {
        let source = "the client was told to stop".into();
        Error::Transport { code: Code::Canceled, request: self.shown.clone(), attempts: 1, source }
    }
}
