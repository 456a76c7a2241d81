//! One fault, made in code.

use super::read::WrongFault;
use super::rules::Faults;
use serde_json::{Map, Value, json};
use std::time::Duration;

/// What happens to requests for a path: a rule of [`Faults`], made in code.
///
/// ```
/// use cardwright_server::{Fault, Faults};
/// use std::time::Duration;
///
/// let faults = Faults::of([
///     // The first Revoke is carried out, and its answer is lost.
///     Fault::at("**/revoke").times(1).carry_out().close(),
///     Fault::at("**/cards").every(3).latency(Duration::from_millis(200)),
/// ])?;
/// assert_eq!(faults.len(), 2);
/// # Ok::<(), cardwright_server::WrongFault>(())
/// ```
#[derive(Debug, Clone)]
#[must_use = "a fault is in force once it is among those of a server"]
pub struct Fault(Map<String, Value>);

impl Fault {
    /// For the requests whose path is like this pattern, whatever its case: `*` stands for one segment, `**` for any number.
    /// `**/revoke` is CertiFlow's Revoke in every generation.
    pub fn at(path: &str) -> Self {
        Fault(Map::new()).with("path", json!(path))
    }

    /// For requests of this method alone, such as `POST`.
    pub fn method(self, method: &str) -> Self {
        self.with("method", json!(method))
    }

    /// This many requests pass first.
    pub fn skip(self, requests: u64) -> Self {
        self.with("skip", json!(requests))
    }

    /// It happens to each `n`th request. Default: to each.
    pub fn every(self, n: u64) -> Self {
        self.with("every", json!(n))
    }

    /// It happens this many times at most. Default: without an end.
    pub fn times(self, times: u64) -> Self {
        self.with("times", json!(times))
    }

    /// The request waits so long before it is carried out, ten minutes at most.
    pub fn latency(self, time: Duration) -> Self {
        self.with("latency_ms", json!(u64::try_from(time.as_millis()).unwrap_or(u64::MAX)))
    }

    /// The answer is this status. The request is not carried out, but with [`Self::carry_out`].
    pub fn status(self, status: u16) -> Self {
        self.with("status", json!(status))
    }

    /// The header `Retry-After` of that answer, in seconds.
    pub fn retry_after(self, seconds: u64) -> Self {
        self.with("retry_after", json!(seconds))
    }

    /// The body of that answer, and what it is.
    pub fn body(self, content_type: &str, body: &str) -> Self {
        self.with("body", json!(body)).with("content_type", json!(content_type))
    }

    /// The connection is closed instead of an answer. The request is not carried out, but with [`Self::carry_out`].
    pub fn close(self) -> Self {
        self.with("close", json!(true))
    }

    /// The request is carried out, although its answer is another or none.
    pub fn carry_out(self) -> Self {
        self.with("carry_out", json!(true))
    }

    /// The body of the answer breaks off after this number of bytes.
    pub fn truncate(self, bytes: usize) -> Self {
        self.with("truncate", json!(bytes))
    }

    /// The body of the answer comes in pieces of this number of bytes, with a pause before each.
    pub fn drip(self, bytes: usize, pause: Duration) -> Self {
        let every = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX);
        self.with("drip", json!({ "bytes": bytes, "every_ms": every }))
    }

    fn with(mut self, field: &str, value: Value) -> Self {
        self.0.insert(field.into(), value);
        self
    }
}

impl Faults {
    /// These faults. A request is judged by the first that matches it.
    ///
    /// # Errors
    /// [`WrongFault`] for one that does nothing, or that asks for what cannot be.
    pub fn of(faults: impl IntoIterator<Item = Fault>) -> Result<Self, WrongFault> {
        let rules: Vec<Value> = faults.into_iter().map(|fault| Value::Object(fault.0)).collect();
        Faults::parse(&json!({ "rules": rules }).to_string())
    }
}
