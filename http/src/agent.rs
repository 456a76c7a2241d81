//! The settings of ureq's agents: time limits, and defaults of ureq that are switched off.
//!
//! By default ureq turns error statuses into errors without the server's words, has no time limits and
//! follows redirects. Here redirects are not followed: they usually lead to a sign-in page, and
//! credentials must not go to another host.

use crate::secret::Secret;
use std::time::Duration;

/// The time limits of a call and of a list: of their parts, and of all of it. No limit is longer than the one of
/// what it is a part of: whatever a server does, a call ends with `total`, and a list with `list`.
///
/// ```
/// use cardwright_http::Timeouts;
/// use std::time::Duration;
///
/// // One second for whatever a call does, from its beginning to its last byte.
/// let short = Timeouts::each(Duration::from_secs(1));
/// assert_eq!((short.connect, short.total), (Duration::from_secs(1), Duration::from_secs(1)));
/// // The defaults, but for a list.
/// let patient = Timeouts::default().list(Duration::from_secs(3 * 3600));
/// assert_eq!(patient.total, Duration::from_secs(300));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(
    clippy::exhaustive_structs,
    reason = "made by setters or with ..default(); a field more is no breaking change, as the front page says"
)]
#[must_use]
pub struct Timeouts {
    /// For a connection, including TLS and what a proxy does. Default: 10 seconds.
    pub connect: Duration,
    /// For the head of the answer. Default: 60 seconds.
    pub answer: Duration,
    /// For the next piece of the answer. Default: 30 seconds.
    pub idle: Duration,
    /// For all of a call, from its beginning to the last byte of its answer: all attempts, the waits between them and
    /// the legs of a sign-in count. A list is one call for each page. Default: 5 minutes.
    ///
    /// Once the answer has begun, only the time counts in which the call waits for the server, not what a program does
    /// between the elements of a list. What has limits of its own does not count: getting a token, and the system's
    /// Kerberos library, which waits for a KDC as long as its configuration says.
    pub total: Duration,
    /// For a whole list, over all its pages: the time counts in which it waits for the server, as with `total`, and
    /// the waits before a page is asked for again. Default: one hour.
    pub list: Duration,
}

impl Timeouts {
    /// These limits for the parts of a call, and their sum in total: an answer whose pieces keep coming may take as
    /// long as that and no longer. Who expects long answers sets [`Self::total`]. The one of a list is the default.
    pub fn new(connect: Duration, answer: Duration, idle: Duration) -> Self {
        let total = connect.saturating_add(answer).saturating_add(idle);
        Timeouts { connect, answer, idle, total, ..Self::default() }
    }

    /// These limits where they are given, as settings of a person are; defaults for the others. The one in total, where
    /// it is not given, is the sum of the parts if all three are given, or if that is longer than the default.
    pub fn given(
        connect: Option<Duration>,
        answer: Option<Duration>,
        idle: Option<Duration>,
        total: Option<Duration>,
    ) -> Self {
        let default = Self::default();
        let all = connect.is_some() && answer.is_some() && idle.is_some();
        let parts = Self::new(
            connect.unwrap_or(default.connect),
            answer.unwrap_or(default.answer),
            idle.unwrap_or(default.idle),
        );
        let usual = if all { parts.total } else { parts.total.max(default.total) };
        parts.total(total.unwrap_or(usual))
    }

    /// The same limit for each part of a call and for all of it. The one of a list is the default, or this where it is
    /// longer.
    pub fn each(limit: Duration) -> Self {
        let list = limit.max(Self::default().list);
        Timeouts { connect: limit, answer: limit, idle: limit, total: limit, list }
    }

    /// For a connection, including TLS and what a proxy does.
    pub fn connect(mut self, limit: Duration) -> Self {
        self.connect = limit;
        self
    }

    /// For the head of the answer.
    pub fn answer(mut self, limit: Duration) -> Self {
        self.answer = limit;
        self
    }

    /// For the next piece of the answer.
    pub fn idle(mut self, limit: Duration) -> Self {
        self.idle = limit;
        self
    }

    /// For all of a call.
    pub fn total(mut self, limit: Duration) -> Self {
        self.total = limit;
        self
    }

    /// For a whole list.
    pub fn list(mut self, limit: Duration) -> Self {
        self.list = limit;
        self
    }
}

impl Default for Timeouts {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        let (connect, answer, idle) = (seconds(10), seconds(60), seconds(30));
        Timeouts { connect, answer, idle, total: seconds(300), list: seconds(3600) }
    }
}

/// The proxy for requests.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub enum Proxy {
    /// The one of the environment, as [`proxy_for`](crate::proxy_for) finds it: `HTTPS_PROXY`, `HTTP_PROXY`,
    /// `ALL_PROXY`, `NO_PROXY`.
    #[default]
    Environment,
    /// No proxy.
    None,
    /// The proxy at this address, which may hold a name and a password: `HOST:PORT` or
    /// `SCHEME://USER:PASSWORD@HOST:PORT`, as [`ProxyAddress::parse`](crate::ProxyAddress::parse) reads it.
    Address(Secret),
}

impl From<Option<Secret>> for Proxy {
    /// The proxy at this address, or none.
    fn from(address: Option<Secret>) -> Self {
        address.map_or(Proxy::None, Proxy::Address)
    }
}

/// A configuration of ureq under construction.
type Config = ureq::config::ConfigBuilder<ureq::typestate::AgentScope>;

/// The longest limit that has an effect.
pub(crate) const LONGEST: Duration = Duration::from_secs(366 * 24 * 3600);

/// The settings that all agents of this library share. ureq knows nothing of a proxy: the chain of connectors does.
pub(crate) fn config(timeouts: Timeouts, user_agent: &str) -> Config {
    // ureq adds them to the present time, and panics where that cannot be told.
    let limit = |limit: Duration| Some(limit.min(LONGEST));
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .timeout_resolve(limit(timeouts.connect))
        .timeout_connect(limit(timeouts.connect))
        .timeout_send_request(limit(timeouts.connect))
        .timeout_send_body(limit(timeouts.answer))
        .timeout_recv_response(limit(timeouts.answer))
        .timeout_per_read(limit(timeouts.idle))
        .timeout_per_write(limit(timeouts.idle))
        .user_agent(user_agent)
        .accept("application/json")
        .proxy(None)
}
