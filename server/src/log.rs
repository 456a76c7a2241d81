//! One line of JSON for each request, whether its client waited for the answer or not.
//!
//! A line names the call and not its content: query values, bodies, passwords and the `Authorization` header are
//! left out. It has the ids in a path and no other words of it, where the request came from, who asked or tried
//! to, how it ended and why.

use crate::app::App;
use crate::registry::{Iso, Stamp};
use axum::http::{HeaderMap, HeaderValue, Method};
use core::fmt;
use core::sync::atomic::{AtomicU64, Ordering};
use serde::Serialize;
use std::io::Write as _;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

/// Where a server writes lines: one for each request, or one for each failure of its own.
#[derive(Clone, Default)]
pub enum Log {
    /// Nowhere.
    #[default]
    Off,
    /// To the standard error output.
    Stderr,
    /// To a function, which gets the line without its line break. It must not block for long.
    To(Arc<dyn Fn(&str) + Send + Sync>),
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Log::Off => "Off",
            Log::Stderr => "Stderr",
            Log::To(_) => "To(..)",
        })
    }
}

impl Log {
    /// Whether anything is written.
    pub(crate) const fn is_on(&self) -> bool {
        !matches!(self, Log::Off)
    }

    /// Writes a line.
    pub(crate) fn write(&self, line: &str) {
        match self {
            Log::Off => {}
            Log::Stderr => {
                // One call for a whole line, so that lines do not mix. There is nowhere to report a failure.
                let _ = std::io::stderr().lock().write_all(format!("{line}\n").as_bytes());
            }
            Log::To(sink) => sink(line),
        }
    }
}

/// The header that carries a request's id.
pub(crate) const CORRELATION_ID: &str = "x-correlation-id";

/// Generates ids of requests: a prefix that is the same for a server's life, and a number.
#[derive(Debug)]
pub(crate) struct Ids {
    prefix: u64,
    next: AtomicU64,
}

impl Ids {
    pub(crate) const fn new(prefix: u64) -> Self {
        Ids { prefix, next: AtomicU64::new(1) }
    }

    /// The id that a client gave its request, if it is safe to repeat, or a new one.
    pub(crate) fn of(&self, headers: &HeaderMap) -> HeaderValue {
        let given = headers.get(CORRELATION_ID).filter(|id| is_sane(id.as_bytes()));
        given.cloned().unwrap_or_else(|| self.next())
    }

    /// A new id.
    pub(crate) fn next(&self) -> HeaderValue {
        let id = format!("{:016x}-{}", self.prefix, self.next.fetch_add(1, Ordering::Relaxed));
        HeaderValue::from_str(&id).unwrap_or(HeaderValue::from_static("-"))
    }
}

fn is_sane(id: &[u8]) -> bool {
    (1..=128).contains(&id.len()) && id.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte))
}

/// What is known of a request. Its line is written when this is dropped: once its answer is handed over, or its client
/// has gone.
pub(crate) struct Record {
    app: Arc<App>,
    id: HeaderValue,
    peer: SocketAddr,
    since: Instant,
    /// `None` for a request that cannot be parsed.
    method: Option<Method>,
    status: Option<u16>,
    bytes: usize,
    /// How it ended, if that is certain.
    end: Option<End>,
    /// Which API it is for, for the figures.
    pub(crate) api: &'static str,
    /// Base and route of the call.
    pub(crate) route: Option<String>,
    /// The ids in the places of the route.
    pub(crate) ids: Vec<String>,
    /// Who was let in.
    pub(crate) account: Option<String>,
    /// The name of a sign-in that failed.
    pub(crate) name: Option<String>,
    /// Why it was refused or failed.
    pub(crate) cause: Option<String>,
    /// The rule of the fault that was applied.
    pub(crate) fault: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// The whole answer was handed over.
    Whole,
    /// The answer broke off for a fault of ours.
    BrokenOff,
}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Record").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Record {
    /// A request that has arrived.
    pub(crate) fn new(app: &Arc<App>, id: HeaderValue, peer: SocketAddr, method: Option<Method>) -> Self {
        Record {
            app: Arc::clone(app),
            id,
            peer,
            since: Instant::now(),
            method,
            status: None,
            bytes: 0,
            end: None,
            api: "other",
            route: None,
            ids: Vec::new(),
            account: None,
            name: None,
            cause: None,
            fault: None,
        }
    }

    /// The request's id.
    pub(crate) const fn id(&self) -> &HeaderValue {
        &self.id
    }

    /// The head of the answer is made.
    pub(crate) fn answered(&mut self, status: u16) {
        self.status = Some(status);
    }

    /// A part of the body is handed over.
    pub(crate) const fn hand_over(&mut self, bytes: usize) {
        self.bytes = self.bytes.saturating_add(bytes);
    }

    /// The whole answer is handed over.
    pub(crate) const fn is_whole(&mut self) {
        self.end = Some(End::Whole);
    }

    /// The body breaks off because of this.
    pub(crate) fn broke_off(&mut self, cause: &dyn fmt::Display) {
        self.cause = Some(cause.to_string());
        self.end = Some(End::BrokenOff);
    }

    /// How it ended, in a word.
    fn outcome(&self) -> &'static str {
        match (self.end, self.status) {
            (Some(End::BrokenOff), _) => "failed",
            (None, _) if self.fault.is_some() => "fault",
            (None, _) => "hung-up",
            (Some(End::Whole), Some(500..)) => "failed",
            (Some(End::Whole), Some(400..)) => "refused",
            (Some(End::Whole), _) => "done",
        }
    }
}

/// A line.
#[derive(Serialize)]
struct Line<'a> {
    time: Iso,
    id: &'a str,
    peer: SocketAddr,
    method: Option<&'a str>,
    route: Option<&'a str>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    ids: &'a [String],
    /// `null` if none was made.
    status: Option<u16>,
    /// `done`, `refused`, `failed`, `hung-up` (by the client) or `fault`.
    outcome: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<&'a str>,
    ms: f64,
    account: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    /// How much of the body was handed over.
    bytes: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    fault: Option<&'a str>,
}

impl Drop for Record {
    fn drop(&mut self) {
        let config = &self.app.config;
        let took = self.since.elapsed();
        self.app.metrics.request(self.api, self.outcome(), self.status, took);
        if !config.log.is_on() {
            return;
        }
        let line = Line {
            time: Stamp::of(config.clock.now()).iso(3),
            id: self.id.to_str().unwrap_or_default(),
            peer: self.peer,
            method: self.method.as_ref().map(Method::as_str),
            route: self.route.as_deref(),
            ids: &self.ids,
            status: self.status,
            outcome: self.outcome(),
            cause: self.cause.as_deref(),
            // Microseconds, as milliseconds.
            ms: (took.as_secs_f64() * 1e6).round() / 1e3,
            account: self.account.as_deref(),
            name: self.name.as_deref(),
            bytes: self.bytes,
            fault: self.fault.as_deref(),
        };
        if let Ok(line) = serde_json::to_string(&line) {
            config.log.write(&line);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{CORRELATION_ID, HeaderMap, HeaderValue, Ids};

    #[test]
    fn a_sane_id_is_kept_and_any_other_is_replaced() {
        let ids = Ids::new(0xAB);
        let of = |id: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(CORRELATION_ID, HeaderValue::from_static(id));
            ids.of(&headers).to_str().unwrap().to_owned()
        };
        assert_eq!(of("7b1c-A_z.9"), "7b1c-A_z.9");
        for insane in ["", "a b", "a\"b", "{}", "a,b"] {
            assert!(of(insane).starts_with("00000000000000ab-"), "{insane}");
        }
        assert_ne!(ids.of(&HeaderMap::new()), ids.of(&HeaderMap::new()));
    }
}
