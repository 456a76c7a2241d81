//! How a body is sent: whole or page by page; slowly or truncated, if a fault wants it so.

use crate::pages::{Content, Pages};
use axum::body::Bytes;
use std::time::Duration;

/// A slow body: a few bytes at a time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Drip {
    pub(crate) bytes: usize,
    pub(crate) every: Duration,
}

/// A body and how it is sent.
#[derive(Debug)]
pub(crate) struct Shape {
    pub(crate) bytes: Bytes,
    pub(crate) rest: Option<Pages>,
    /// After how many bytes the connection is closed.
    pub(crate) truncate: Option<usize>,
    pub(crate) drip: Option<Drip>,
}

impl Shape {
    /// A body, truncated if it is longer than `truncate`.
    pub(crate) fn new(content: Content, truncate: Option<usize>, drip: Option<Drip>) -> Self {
        let Content { bytes, rest } = content;
        Shape { truncate: truncate.filter(|cut| rest.is_some() || *cut < bytes.len()), bytes, rest, drip }
    }

    /// A body without bytes.
    pub(crate) fn empty() -> Self {
        Shape { bytes: Bytes::new(), rest: None, truncate: None, drip: None }
    }

    /// Whether nothing of it is left.
    pub(crate) const fn is_sent(&self) -> bool {
        self.bytes.is_empty() && self.rest.is_none()
    }
}
