//! Watching what goes to a server and what comes back: for a recording, or for somebody who wonders.
//!
//! An observer is told after the answer was read, or given up. It never sees the header
//! `Authorization`, and of a long body only its beginning.

use crate::error::Error;
use std::fmt;
use std::io::{self, Read};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How much of an answer's body an observer is shown, in bytes.
pub const EXCERPT: usize = 64 * 1024;

/// A request, and what came of it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Exchange {
    /// The method.
    pub method: &'static str,
    /// The whole address.
    pub address: String,
    /// The body that was sent.
    pub sent: Option<String>,
    /// 1 for the first attempt.
    pub attempt: u32,
    /// The HTTP status; `None` where no answer came.
    pub status: Option<u16>,
    /// The answer's headers, as they came.
    pub headers: Vec<(String, String)>,
    /// The beginning of the answer's body, [`EXCERPT`] bytes at most.
    pub body: Vec<u8>,
    /// How much of the answer's body was read.
    pub body_bytes: u64,
    /// Why no answer came, or why it broke off.
    pub error: Option<String>,
    /// From the request to the answer's headers.
    pub took: Duration,
}

/// Who watches. It is called on the thread that sends, so it should be quick.
pub trait Observe: Send + Sync {
    /// An exchange is over.
    fn exchange(&self, exchange: Exchange);
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
    /// Tells this one.
    pub fn new(observe: Arc<dyn Observe>) -> Self {
        Observer(Some(observe))
    }

    /// Passes an answer on, and tells the observer when it was read.
    pub(crate) fn watch(
        &self,
        request: (&'static str, &str, Option<&str>, u32),
        started: Instant,
        answer: Result<ureq::http::Response<ureq::Body>, Error>,
    ) -> Result<ureq::http::Response<ureq::Body>, Error> {
        let Some(observe) = &self.0 else { return answer };
        let (method, address, sent, attempt) = request;
        let mut exchange = Exchange {
            method,
            address: address.to_string(),
            sent: sent.map(str::to_string),
            attempt,
            status: None,
            headers: Vec::new(),
            body: Vec::new(),
            body_bytes: 0,
            error: None,
            took: started.elapsed(),
        };
        match answer {
            Ok(answer) => {
                let (parts, body) = answer.into_parts();
                exchange.status = Some(parts.status.as_u16());
                exchange.headers = headers(&parts.headers);
                let told = Mutex::new(Some((exchange, Arc::clone(observe))));
                let body = ureq::Body::builder().reader(Watched { body: body.into_reader(), told });
                Ok(ureq::http::Response::from_parts(parts, body))
            }
            Err(error) => {
                exchange.error = Some(error.to_string());
                observe.exchange(exchange);
                Err(error)
            }
        }
    }
}

/// The headers of an answer, as they came.
pub(crate) fn headers(map: &ureq::http::HeaderMap) -> Vec<(String, String)> {
    map.iter().map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())).collect()
}

/// A body that is being read under somebody's eyes.
struct Watched {
    body: ureq::BodyReader<'static>,
    /// `None` when it was told.
    told: Mutex<Option<(Exchange, Arc<dyn Observe>)>>,
}

impl Read for Watched {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.body.read(buffer);
        let told = self.told.get_mut().unwrap_or_else(PoisonError::into_inner);
        let Some((exchange, _)) = told else { return read };
        match &read {
            Ok(count) => {
                let room = EXCERPT.saturating_sub(exchange.body.len()).min(*count);
                exchange.body.extend_from_slice(buffer.get(..room).unwrap_or(&[]));
                exchange.body_bytes += *count as u64;
            }
            Err(error) => exchange.error = Some(error.to_string()),
        }
        if !matches!(&read, Ok(1..)) {
            self.tell();
        }
        read
    }
}

impl Watched {
    fn tell(&mut self) {
        let told = self.told.get_mut().unwrap_or_else(PoisonError::into_inner);
        if let Some((exchange, observe)) = told.take() {
            observe.exchange(exchange);
        }
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        let told = self.told.get_mut().unwrap_or_else(PoisonError::into_inner);
        if told.as_ref().is_some_and(|(exchange, _)| exchange.body_bytes == 0) {
            // What nobody cared to read may be what somebody wants to see.
            let _ = io::copy(&mut self.by_ref().take(EXCERPT as u64), &mut io::sink());
        }
        self.tell();
    }
}
