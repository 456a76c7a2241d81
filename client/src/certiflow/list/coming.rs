//! The next page, asked for while this one is read.

use super::page::ask;
use crate::certiflow::CertiFlow;
use crate::client::Client;
use crate::error::Error;
use cardwright_core::certiflow::OwnedQuery;
use cardwright_http::Reply;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// A page that was asked for.
#[derive(Debug)]
pub(super) struct Coming {
    /// Where it begins, and how many cards were asked for.
    pub(super) offset: u32,
    pub(super) asked: u32,
    reply: Receiver<(Result<Reply, Error>, Duration)>,
}

impl Coming {
    /// Asks for a page on a thread of its own; `None` where there can be none.
    pub(super) fn start(client: &Client<CertiFlow>, query: &OwnedQuery, offset: u32, asked: u32) -> Option<Self> {
        let (give, reply) = channel();
        let (client, query) = (client.clone(), query.clone());
        let run = move || {
            let since = Instant::now();
            let reply = ask(&client, &query, Some((offset, asked)));
            // Nobody may want it any more.
            let _ = give.send((reply, since.elapsed()));
        };
        spawn(run).ok()?;
        Some(Coming { offset, asked, reply })
    }

    /// The answer, once it begins, and how long that took; `None` where there is none.
    pub(super) fn reply(self) -> Option<(Result<Reply, Error>, Duration)> {
        self.reply.recv().ok()
    }
}

/// Runs a part of a list on a thread of its own, within the caller's span and under its subscriber.
///
/// # Errors
/// Where the system has no thread left.
pub(super) fn spawn(run: impl FnOnce() + Send + 'static) -> std::io::Result<()> {
    let dispatch = tracing::dispatcher::get_default(Clone::clone);
    let span = tracing::Span::current();
    let run = move || tracing::dispatcher::with_default(&dispatch, || span.in_scope(run));
    std::thread::Builder::new().name("cardwright-list".into()).spawn(run).map(|_| ())
}
