//! A token and its lifetime.

use crate::secret::Secret;
use std::time::{Duration, SystemTime};

/// How long before its end a token is renewed, at most.
const MARGIN: Duration = Duration::from_secs(60);

/// A token, and how long it is valid.
#[derive(Clone)]
pub(super) struct Token {
    pub(super) access: Secret,
    pub(super) refresh: Option<Secret>,
    /// `None` if the issuer does not say.
    pub(super) ends: Option<SystemTime>,
    /// When to get another one.
    pub(super) renew: Option<SystemTime>,
}

impl Token {
    pub(super) fn new(access: Secret, refresh: Option<Secret>, asked: SystemTime, lifetime: Option<Duration>) -> Self {
        // Counted from the request, so that a slow answer does not extend the lifetime.
        let ends = lifetime.and_then(|lifetime| asked.checked_add(lifetime));
        let renew = lifetime.and_then(|lifetime| ends?.checked_sub(MARGIN.min(lifetime / 5)));
        Token { access, refresh, ends, renew }
    }

    /// Whether it need not be renewed yet.
    pub(super) fn is_fresh(&self) -> bool {
        self.renew.is_none_or(|renew| SystemTime::now() < renew)
    }

    /// Whether it is still valid.
    pub(super) fn is_valid(&self) -> bool {
        self.ends.is_none_or(|ends| SystemTime::now() < ends)
    }

    /// Makes it count as expired.
    pub(super) fn expire(&mut self) {
        (self.ends, self.renew) = (Some(SystemTime::UNIX_EPOCH), Some(SystemTime::UNIX_EPOCH));
    }
}

/// Seconds since 1970.
pub(super) fn seconds(time: SystemTime) -> u64 {
    time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs()
}
