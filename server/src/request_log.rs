//! One line of JSON for each request, whether its client waited for the answer or not.
//!
//! A line names the call and not its content: query values, bodies, passwords and the `Authorization` header are
//! left out. It has the ids in a path and no other words of it, where the request came from, who asked or tried
//! to, how it ended and why.

use crate::app::App;
use crate::registry::{Iso, Stamp};
use axum::http::{HeaderValue, Method};
use core::fmt;
use serde::Serialize;
use std::borrow::Cow;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

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
    pub(crate) api: Cow<'static, str>,
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
    /// The client read too little of it in time.
    TooSlow,
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
            api: Cow::Borrowed("other"),
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

    /// The connection is ended, as its client reads too little; what is handed over already may not arrive.
    pub(crate) fn is_let_go(&mut self) {
        self.cause = Some("the client reads too slowly".to_owned());
        self.end = Some(End::TooSlow);
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
            (Some(End::TooSlow), _) => "too-slow",
            (None, _) | (_, None) if self.fault.is_some() => "fault",
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
    /// `done`, `refused`, `failed`, `hung-up` (by the client), `too-slow` or `fault`.
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
        self.app.metrics.request(core::mem::take(&mut self.api), self.outcome(), self.status, took);
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
