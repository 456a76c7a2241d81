//! Observing requests and answers, for recordings and diagnosis.
//!
//! An observer is called after the answer was read or given up. It never sees the `Authorization`
//! header, and only the beginning of a long body.

use crate::error::Error;
use crate::lock::lock;
use crate::process::Process;
use crate::request::Request;
use crate::request_line::masked;
use crate::response::{Response, headers};
use std::fmt;
use std::io::{self, Read};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// How much of an answer's body an observer gets, in bytes.
pub const EXCERPT: usize = 64 * 1024;

/// A request and its result. An observer gets it whole; its `Debug` shows the address without the values of its
/// parameters, the length of a body in bytes, and the names alone of the answer's headers.
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct Exchange {
    /// The HTTP method.
    pub method: &'static str,
    /// The whole address.
    pub address: String,
    /// The headers of one's own ([`Headers`](crate::Headers)); `(..)` in place of a secret value.
    pub own_headers: Vec<(String, String)>,
    /// The request's body.
    pub sent: Option<String>,
    /// 1 for the first attempt.
    pub attempt: u32,
    /// The HTTP status; `None` without an answer.
    pub status: Option<u16>,
    /// The answer's headers, unchanged.
    pub headers: Vec<(String, String)>,
    /// The beginning of the answer's body, [`EXCERPT`] bytes at most.
    pub body: Vec<u8>,
    /// How much of the answer's body was read, in bytes.
    pub body_bytes: u64,
    /// Why there is no answer, or why it broke off.
    pub error: Option<String>,
    /// The time from the request to the answer's headers.
    pub took: Duration,
}

impl fmt::Debug for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Exchange { method, address, own_headers, sent, attempt, status, headers, body, body_bytes, error, took } =
            self;
        let address_shown = masked(address);
        let names: Vec<&str> = headers.iter().map(|(name, _)| name.as_str()).collect();
        // An error names the request with its parameters.
        let error = error.as_ref().map(|error| match address.is_empty() {
            true => error.clone(),
            false => error.replace(address.as_str(), &address_shown),
        });
        let mut debug = f.debug_struct("Exchange");
        debug.field("method", method).field("address", &address_shown).field("own_headers", own_headers);
        debug.field("sent", &sent.as_ref().map(String::len)).field("attempt", attempt).field("status", status);
        debug.field("headers", &names).field("body", &body.len()).field("body_bytes", body_bytes);
        debug.field("error", &error).field("took", took).finish()
    }
}

/// An observer. It is called on the thread that sends, so it should be quick. After a fork, a child calls it too, for
/// what the child sends.
pub trait Observe: Send + Sync {
    /// Called when an exchange is over.
    fn exchange(&self, exchange: Exchange);

    /// Whether it wants the exchange that begins now. Default: every one.
    fn wants(&self) -> bool {
        true
    }
}

/// An observer, or none.
#[derive(Clone, Default)]
pub struct Observer(Option<Arc<dyn Observe>>);

impl fmt::Debug for Observer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Observer(..)" } else { "Observer(none)" })
    }
}

impl Observer {
    /// An observer that calls this one.
    pub fn new(observe: Arc<dyn Observe>) -> Self {
        Observer(Some(observe))
    }

    /// Passes an answer on, and reports the exchange when its body was read.
    pub(crate) fn watch(
        &self,
        request: &Request,
        attempt: u32,
        started: Instant,
        answer: Result<Response, Error>,
    ) -> Result<Response, Error> {
        let Some(observe) = self.0.as_ref().filter(|observe| observe.wants()) else { return answer };
        let mut exchange = Exchange {
            method: request.method.name(),
            address: request.address.clone(),
            own_headers: request.headers.shown(),
            sent: request.body.clone(),
            attempt,
            took: started.elapsed(),
            ..Exchange::default()
        };
        match answer {
            Ok(answer) => {
                exchange.status = Some(answer.status().as_u16());
                exchange.headers = headers(answer.headers());
                let pending = Mutex::new(Some((exchange, Arc::clone(observe))));
                Ok(answer.map(|body| {
                    let (process, body) = (Process::current(), body.into_reader());
                    ureq::Body::builder().reader(ObservedBody { process, body, pending })
                }))
            }
            Err(error) => {
                exchange.error = Some(error.unmasked().to_string());
                observe.exchange(exchange);
                Err(error)
            }
        }
    }
}

/// A body that is observed while it is read.
struct ObservedBody {
    process: Process,
    body: ureq::BodyReader<'static>,
    /// `None` after the report. The mutex makes it `Sync`.
    pending: Mutex<Option<(Exchange, Arc<dyn Observe>)>>,
}

impl Read for ObservedBody {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.body.read(buffer);
        if !self.process.is_current() {
            return read;
        }
        if let Some((exchange, _)) = &mut *lock(&self.pending) {
            match &read {
                Ok(count) => {
                    let room = EXCERPT.saturating_sub(exchange.body.len()).min(*count);
                    exchange.body.extend_from_slice(buffer.get(..room).unwrap_or(&[]));
                    exchange.body_bytes += *count as u64;
                }
                Err(error) => exchange.error = Some(error.to_string()),
            }
        }
        if !matches!(&read, Ok(1..)) {
            self.report();
        }
        read
    }
}

impl ObservedBody {
    fn report(&mut self) {
        let pending = lock(&self.pending).take();
        if let Some((exchange, observe)) = pending {
            observe.exchange(exchange);
        }
    }
}

impl Drop for ObservedBody {
    fn drop(&mut self) {
        if !self.process.is_current() {
            // The parent reads it and reports it.
            return;
        }
        let is_unread = lock(&self.pending).as_ref().is_some_and(|(exchange, _)| exchange.body_bytes == 0);
        if is_unread {
            // The caller did not need the body, but the observer may.
            let _ = io::copy(&mut self.by_ref().take(EXCERPT as u64), &mut io::sink());
        }
        self.report();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_debug_shows_names_nobody() {
        let address = "https://h/api/Cards?userName=anna";
        let exchange = Exchange {
            method: "GET",
            address: address.to_string(),
            sent: Some("anna's reason".to_string()),
            headers: vec![("location".to_string(), "/Cards?userName=anna".to_string())],
            body: b"[\"anna\"]".to_vec(),
            error: Some(format!("GET {address}: broken off: io: reset")),
            ..Exchange::default()
        };
        let shown = format!("{exchange:?}");
        assert!(!shown.contains("anna"), "{shown}");
        for part in
            ["Cards?userName=REDACTED\"", "sent: Some(13)", "body: 8", "location", "REDACTED: broken off: io: reset"]
        {
            assert!(shown.contains(part), "{part}: {shown}");
        }
    }
}
