//! The next page, asked for while this one is read.

use super::page::ask;
use crate::certiflow::CertiFlow;
use crate::client::Client;
use crate::error::Error;
use crate::told;
use cardwright_core::certiflow::{Dialect, OwnedQuery};
use cardwright_http::{Process, Reply};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// A page that was asked for.
#[derive(Debug)]
pub(super) struct Coming {
    /// Where it begins, and how many cards were asked for.
    pub(super) offset: u32,
    pub(super) asked: u32,
    reply: Option<Receiver<Answer>>,
    process: Process,
}

/// An answer, and how long it took to begin.
type Answer = (Result<Reply, Error>, Duration);

impl Coming {
    /// Asks for a page on a thread of its own; `None` where there can be none.
    pub(super) fn start(
        client: &Client<CertiFlow>,
        dialect: Dialect,
        query: &OwnedQuery,
        offset: u32,
        asked: u32,
    ) -> Option<Self> {
        let (give, reply) = channel();
        let (client, query) = (client.clone(), query.clone());
        let run = move || {
            let since = Instant::now();
            let reply = ask(&client, dialect, &query, Some((offset, asked)));
            // Nobody may want it any more.
            let _ = give.send((reply, since.elapsed()));
        };
        spawn(run).ok()?;
        Some(Coming { offset, asked, reply: Some(reply), process: Process::current() })
    }

    /// The answer, once it begins; `None` where there is none, as in a process that was forked off.
    pub(super) fn reply(mut self) -> Option<Answer> {
        let reply = self.reply.take_if(|_| self.process.is_current())?;
        reply.recv().ok()
    }
}

impl Drop for Coming {
    /// In a process that was forked off the thread is not there, and may have held what the answer comes by.
    fn drop(&mut self) {
        if !self.process.is_current() {
            std::mem::forget(self.reply.take());
        }
    }
}

/// Runs a part of a list on a thread of its own.
///
/// # Errors
/// Where the system has no thread left.
pub(super) fn spawn(run: impl FnOnce() + Send + 'static) -> std::io::Result<()> {
    std::thread::Builder::new().name("cardwright-list".into()).spawn(told::here(run)).map(|_| ())
}
