//! One line of JSON for each request.
//!
//! A line names the call and not its content: query values, bodies, passwords and the `Authorization` header are
//! left out. It has the ids in a path and no other words of it, and the reason why a token was refused.

use crate::clock::Clock;
use crate::registry::{Iso, Stamp};
use axum::http::{HeaderMap, HeaderValue, Method};
use core::fmt;
use core::sync::atomic::{AtomicU64, Ordering};
use serde::Serialize;
use std::io::Write as _;
use std::sync::Arc;
use std::time::Instant;

/// Where a server writes a line for each request.
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
        given.cloned().unwrap_or_else(|| {
            let id = format!("{:016x}-{}", self.prefix, self.next.fetch_add(1, Ordering::Relaxed));
            HeaderValue::from_str(&id).unwrap_or(HeaderValue::from_static("-"))
        })
    }
}

fn is_sane(id: &[u8]) -> bool {
    (1..=128).contains(&id.len()) && id.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte))
}

/// What is known of a request that has arrived.
pub(crate) struct Entry {
    pub(crate) since: Instant,
    pub(crate) method: Method,
    /// Base and route of the call.
    pub(crate) route: Option<String>,
    /// The ids in the places of the route.
    pub(crate) ids: Vec<String>,
    pub(crate) account: Option<String>,
    /// Why a token was refused.
    pub(crate) refused: Option<String>,
    /// The rule of the fault that was applied.
    pub(crate) fault: Option<String>,
}

/// A line.
#[derive(Serialize)]
struct Line<'a> {
    time: Iso,
    id: &'a str,
    method: &'a str,
    route: Option<&'a str>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    ids: &'a [String],
    /// `null` if none was sent.
    status: Option<u16>,
    ms: f64,
    account: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refused: Option<&'a str>,
    /// The length of the body.
    bytes: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    fault: Option<&'a str>,
}

impl Log {
    /// Whether anything is written.
    pub(crate) const fn is_on(&self) -> bool {
        !matches!(self, Log::Off)
    }

    /// Writes a line.
    pub(crate) fn write(&self, clock: &dyn Clock, id: &HeaderValue, entry: &Entry, status: Option<u16>, bytes: usize) {
        let line = Line {
            time: Stamp::of(clock.now()).iso(3),
            id: id.to_str().unwrap_or_default(),
            method: entry.method.as_str(),
            route: entry.route.as_deref(),
            ids: &entry.ids,
            status,
            // Microseconds, as milliseconds.
            ms: (entry.since.elapsed().as_secs_f64() * 1e6).round() / 1e3,
            account: entry.account.as_deref(),
            refused: entry.refused.as_deref(),
            bytes,
            fault: entry.fault.as_deref(),
        };
        let Ok(mut line) = serde_json::to_string(&line) else { return };
        match self {
            Log::Off => {}
            Log::Stderr => {
                line.push('\n');
                // One call for a whole line, so that lines do not mix. There is nowhere to report a failure.
                let _ = std::io::stderr().lock().write_all(line.as_bytes());
            }
            Log::To(sink) => sink(&line),
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
