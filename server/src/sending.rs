//! The body of an answer while it is sent.

use crate::activity::Activity;
use crate::faults::Shape;
use crate::pages::{Page, Pages};
use crate::request_log::Record;
use axum::body::Bytes;
use core::fmt;
use core::future::Future as _;
use core::pin::Pin;
use core::task::{Context, Poll, ready};
use hyper::body::{Body, Frame, SizeHint};
use std::sync::Arc;
use tokio::task::JoinHandle;
use tokio::time::{Sleep, sleep};

/// A body that is being sent. When it is dropped, its request's line is written.
#[derive(Debug)]
pub(crate) struct Sending {
    shape: Shape,
    /// The next page, which is made while this one is sent.
    next: Option<JoinHandle<Result<Page, crate::Error>>>,
    activity: Arc<Activity>,
    pause: Option<Pin<Box<Sleep>>>,
    record: Record,
}

impl Sending {
    pub(crate) fn new(shape: Shape, activity: Arc<Activity>, mut record: Record) -> Self {
        // The head of the answer must have left before its body may break off.
        activity.hand_over();
        if shape.is_sent() {
            record.is_whole();
        }
        Sending { shape, next: None, activity, pause: None, record }
    }

    /// Waits for the next page.
    fn poll_page(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BrokenOff>> {
        let Some(rest) = &self.shape.rest else { return Poll::Ready(Ok(())) };
        let next = self.next.get_or_insert_with(|| make(rest));
        let page = ready!(Pin::new(next).poll(context));
        self.next = None;
        match page {
            Ok(Ok(Page::More(bytes))) => {
                self.next = Some(make(rest));
                self.shape.bytes = bytes;
            }
            Ok(Ok(Page::Last(bytes))) => {
                self.shape.bytes = bytes;
                self.shape.rest = None;
            }
            Ok(Err(error)) => return Poll::Ready(Err(self.break_off(&error))),
            Err(error) => return Poll::Ready(Err(self.break_off(&error))),
        }
        Poll::Ready(Ok(()))
    }

    fn break_off(&mut self, cause: &dyn fmt::Display) -> BrokenOff {
        self.record.broke_off(cause);
        BrokenOff
    }
}

/// Begins to make the next page.
fn make(pages: &Pages) -> JoinHandle<Result<Page, crate::Error>> {
    let pages = pages.clone();
    tokio::spawn(async move { pages.next().await })
}

/// The body breaks off here.
#[derive(Debug)]
pub(crate) struct BrokenOff;

impl fmt::Display for BrokenOff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the body breaks off")
    }
}

impl std::error::Error for BrokenOff {}

impl Body for Sending {
    type Data = Bytes;
    type Error = BrokenOff;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BrokenOff>>> {
        let sending = self.get_mut();
        if let Some(sleep) = &mut sending.pause {
            ready!(sleep.as_mut().poll(context));
            sending.pause = None;
        }
        if sending.shape.truncate == Some(0) {
            // On an error, hyper drops what it has not written yet.
            return if sending.activity.is_flushed(context.waker()) {
                Poll::Ready(Some(Err(BrokenOff)))
            } else {
                Poll::Pending
            };
        }
        if sending.shape.bytes.is_empty()
            && let Err(broken) = ready!(sending.poll_page(context))
        {
            return Poll::Ready(Some(Err(broken)));
        }
        let shape = &mut sending.shape;
        if shape.bytes.is_empty() {
            sending.record.is_whole();
            return Poll::Ready(None);
        }
        let most = shape.drip.map_or(usize::MAX, |drip| drip.bytes);
        let length = shape.bytes.len().min(most).min(shape.truncate.unwrap_or(usize::MAX));
        let part = shape.bytes.split_to(length);
        shape.truncate = shape.truncate.map(|left| left - length);
        sending.pause = shape.drip.map(|drip| Box::pin(sleep(drip.every)));
        sending.activity.hand_over();
        sending.record.hand_over(length);
        if shape.is_sent() {
            sending.record.is_whole();
        }
        Poll::Ready(Some(Ok(Frame::data(part))))
    }

    fn is_end_stream(&self) -> bool {
        self.shape.is_sent()
    }

    fn size_hint(&self) -> SizeHint {
        match self.shape.rest {
            None => SizeHint::with_exact(self.shape.bytes.len() as u64),
            Some(_) => SizeHint::new(),
        }
    }
}

impl Drop for Sending {
    fn drop(&mut self) {
        if self.activity.is_let_go() {
            self.record.is_let_go();
        }
        if let Some(next) = &self.next {
            next.abort();
        }
        self.activity.end();
    }
}
