//! Figures of a running server for a monitor, in the text form of OpenMetrics 1.0.

use crate::Registry;
use core::sync::atomic::AtomicU64;
use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::{ConstCounter, Counter};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::metrics::histogram::Histogram;
use std::borrow::Cow;
use std::time::Duration;

/// The media type of the figures.
pub(crate) const MEDIA_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The limits of the histogram of durations, in seconds.
const BUCKETS: [f64; 9] = [0.001, 0.005, 0.02, 0.1, 0.5, 1.0, 5.0, 10.0, 30.0];

/// What is counted.
#[derive(Debug)]
pub(crate) struct Metrics {
    requests: Family<RequestLabels, Counter>,
    durations: Family<ApiLabel, Histogram, fn() -> Histogram>,
    sign_ins: Family<SignInLabel, Counter>,
    connections: Gauge,
    turned_away: Counter<u64, AtomicU64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    api: Cow<'static, str>,
    outcome: &'static str,
    /// 0 if no answer was made.
    status: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ApiLabel {
    api: Cow<'static, str>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct SignInLabel {
    outcome: &'static str,
}

/// How a sign-in ended.
#[derive(Debug, Clone, Copy)]
pub(crate) enum SignIn {
    /// Somebody was let in by a password that was checked.
    Password,
    /// Somebody was let in by a token.
    Token,
    /// The name or the password is wrong, or the credentials cannot be read.
    Wrong,
    /// The token is refused.
    TokenRefused,
    /// It was not looked at, as too many had failed before.
    Delayed,
    /// It was not looked at, as too many waited.
    Busy,
}

impl SignIn {
    const fn word(self) -> &'static str {
        match self {
            SignIn::Password => "password",
            SignIn::Token => "token",
            SignIn::Wrong => "wrong",
            SignIn::TokenRefused => "token-refused",
            SignIn::Delayed => "delayed",
            SignIn::Busy => "busy",
        }
    }
}

impl Metrics {
    pub(crate) fn new() -> Self {
        Metrics {
            requests: Family::default(),
            durations: Family::new_with_constructor(|| Histogram::new(BUCKETS)),
            sign_ins: Family::default(),
            connections: Gauge::default(),
            turned_away: Counter::default(),
        }
    }

    /// A request has come to its end.
    pub(crate) fn request(&self, api: Cow<'static, str>, outcome: &'static str, status: Option<u16>, took: Duration) {
        let status = status.map_or(0, u32::from);
        self.requests.get_or_create(&RequestLabels { api: api.clone(), outcome, status }).inc();
        self.durations.get_or_create(&ApiLabel { api }).observe(took.as_secs_f64());
    }

    /// Somebody has tried to sign in.
    pub(crate) fn sign_in(&self, how: SignIn) {
        self.sign_ins.get_or_create(&SignInLabel { outcome: how.word() }).inc();
    }

    /// The connections that there are: one more, or one less.
    pub(crate) const fn connections(&self) -> &Gauge {
        &self.connections
    }

    /// A connection was turned away.
    pub(crate) fn turned_away(&self) {
        self.turned_away.inc();
    }

    /// All figures.
    ///
    /// # Errors
    /// If they cannot be written, which does not happen.
    pub(crate) fn show(&self, registry: &Registry) -> Result<String, core::fmt::Error> {
        let is_well = i64::from(registry.health().cause().is_none());
        let mut all = prometheus_client::registry::Registry::with_prefix("cardwright");
        all.register("requests", "Requests that came to their end", self.requests.clone());
        all.register("request_duration_seconds", "How long requests took", self.durations.clone());
        all.register("sign_ins", "Sign-ins that were looked at or turned away", self.sign_ins.clone());
        all.register("connections", "Open connections", self.connections.clone());
        all.register("connections_turned_away", "Connections above the limits", self.turned_away.clone());
        all.register("registry_commits", "Transactions that were written", ConstCounter::new(registry.commits()));
        all.register("registry_up", "Whether the registry can be read and written", ConstGauge::new(is_well));
        let mut shown = String::new();
        text::encode(&mut shown, &all)?;
        Ok(shown)
    }
}
