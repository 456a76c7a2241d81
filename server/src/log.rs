//! Where lines are written, and the ids of requests.

use axum::http::{HeaderMap, HeaderValue};
use core::fmt;
use core::sync::atomic::{AtomicU64, Ordering};
use std::io::Write as _;
use std::sync::Arc;

/// Where a server writes lines: one for each request, or one for each failure of its own.
#[derive(Clone, Default)]
#[cfg_attr(not(cardwright_exhaustive), non_exhaustive)]
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
