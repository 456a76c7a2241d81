//! The body of an answer while it is sent: whole, slowly, or truncated.

use crate::activity::Activity;
use axum::body::Bytes;
use core::fmt;
use core::future::Future as _;
use core::pin::Pin;
use core::task::{Context, Poll, ready};
use hyper::body::{Body, Frame, SizeHint};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Sleep, sleep};

/// A slow body: a few bytes at a time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Drip {
    pub(crate) bytes: usize,
    pub(crate) every: Duration,
}

/// A body and how it is sent.
#[derive(Debug, Clone)]
pub(crate) struct Shape {
    bytes: Bytes,
    /// After how many bytes the connection is closed.
    truncate: Option<usize>,
    drip: Option<Drip>,
}

impl Shape {
    /// A body, truncated if it is longer than `truncate`.
    pub(crate) fn new(bytes: Bytes, truncate: Option<usize>, drip: Option<Drip>) -> Self {
        Shape { truncate: truncate.filter(|cut| *cut < bytes.len()), bytes, drip }
    }

    /// How many of its bytes are sent.
    pub(crate) fn len(&self) -> usize {
        self.truncate.unwrap_or(self.bytes.len())
    }
}

/// A body that is being sent.
#[derive(Debug)]
pub(crate) struct Sending {
    shape: Shape,
    activity: Arc<Activity>,
    pause: Option<Pin<Box<Sleep>>>,
}

impl Sending {
    pub(crate) fn new(shape: Shape, activity: Arc<Activity>) -> Self {
        // The head of the answer must have left before its body may break off.
        activity.hand_over();
        Sending { shape, activity, pause: None }
    }
}

/// The body breaks off here.
#[derive(Debug)]
pub(crate) struct BrokenOff;

impl fmt::Display for BrokenOff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the body breaks off on request")
    }
}

impl std::error::Error for BrokenOff {}

impl Body for Sending {
    type Data = Bytes;
    type Error = BrokenOff;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BrokenOff>>> {
        let Sending { shape, activity, pause } = self.get_mut();
        if let Some(sleep) = pause {
            ready!(sleep.as_mut().poll(context));
            *pause = None;
        }
        if shape.truncate == Some(0) {
            // On an error, hyper drops what it has not written yet.
            return if activity.is_flushed(context.waker()) {
                Poll::Ready(Some(Err(BrokenOff)))
            } else {
                Poll::Pending
            };
        }
        if shape.bytes.is_empty() {
            return Poll::Ready(None);
        }
        let most = shape.drip.map_or(usize::MAX, |drip| drip.bytes);
        let length = shape.bytes.len().min(most).min(shape.truncate.unwrap_or(usize::MAX));
        let part = shape.bytes.split_to(length);
        shape.truncate = shape.truncate.map(|left| left - length);
        *pause = shape.drip.map(|drip| Box::pin(sleep(drip.every)));
        activity.hand_over();
        Poll::Ready(Some(Ok(Frame::data(part))))
    }

    fn is_end_stream(&self) -> bool {
        self.shape.bytes.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.shape.bytes.len() as u64)
    }
}

impl Drop for Sending {
    fn drop(&mut self) {
        self.activity.end();
    }
}
