//! Answers to GETs, and the lists in them.

use crate::failure::Failure;
use crate::target::Target;
use cardwright_client::http::{Credentials, Error, Explanation, Raw, Retries, Setup, Timeouts, Transport};
use cardwright_core::http::Method;
use serde_json::Value;
use std::time::Duration;

/// Asks a server by GETs alone.
pub(crate) struct Asker(Transport);

impl Asker {
    pub(super) fn new(target: &Target, base: &str, credentials: Credentials) -> Result<Self, Failure> {
        let limit = Duration::from_secs(20);
        let timeouts = Timeouts::new(Duration::from_secs(10), limit, limit);
        let retries = Retries::none();
        let transport = Transport::new(Setup { credentials, timeouts, retries, ..target.setup(base) })?;
        if let Some(limit) = target.limit() {
            limit.cancels(transport.canceler().clone());
        }
        Ok(Asker(transport))
    }

    pub(super) fn get(&self, path: &str) -> Result<Raw, Error> {
        self.0.raw(Method::Get, path, None)
    }

    /// How the sign-in went.
    pub(super) fn explain(&self) -> Explanation {
        self.0.explain()
    }

    /// The certificates that the server presented.
    pub(super) fn presented(&self) -> Vec<Vec<u8>> {
        self.0.presented()
    }
}

/// The elements of a list; nothing, `null` and one object are lists too. `None` for what is no JSON.
pub(super) fn list(answer: &Raw) -> Option<Vec<Value>> {
    let body = answer.body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&answer.body);
    if answer.status == 204 || body.iter().all(u8::is_ascii_whitespace) {
        return matches!(answer.status, 200 | 204).then(Vec::new);
    }
    match (answer.status, serde_json::from_slice(body)) {
        (200, Ok(Value::Array(items))) => Some(items),
        (200, Ok(Value::Null)) => Some(Vec::new()),
        (200, Ok(object @ Value::Object(_))) => Some(vec![object]),
        _ => None,
    }
}
