//! A body that another thread reads while the pieces before are used.
//!
//! The thread is a few MiB ahead at most. So a caller that takes its time does not keep the server waiting for what
//! fits in there: servers cut off who reads too slowly.

use crate::abort::Abort;
use crate::error::OtherProcess;
use crate::process::Process;
use std::io::{self, Read};
use std::sync::mpsc::{Receiver, channel, sync_channel};

/// How large a piece is, in bytes, and how many may wait.
const PIECE: usize = 64 * 1024;
const WAITING: usize = 40;

/// What remains of a body.
pub(crate) type Body = Box<dyn Read + Send>;

/// A body that another thread reads.
struct Ahead {
    pieces: Option<Receiver<io::Result<Vec<u8>>>>,
    piece: Vec<u8>,
    at: usize,
    abort: Abort,
    process: Process,
}

/// Reads a body on a thread of its own from now on; here, where the system has no thread left.
pub(crate) fn read_ahead(mut body: Body, abort: Abort) -> Body {
    let (give, pieces) = sync_channel(WAITING);
    let (hand_over, taken) = channel::<Body>();
    let run = move || {
        let Ok(mut body) = taken.recv() else { return };
        loop {
            let mut piece = vec![0; PIECE];
            let read = body.read(&mut piece).map(|read| {
                piece.truncate(read);
                piece
            });
            let goes_on = read.as_ref().is_ok_and(|piece| !piece.is_empty());
            if give.send(read).is_err() || !goes_on {
                return;
            }
        }
    };
    if std::thread::Builder::new().name("cardwright-body".into()).spawn(run).is_ok() {
        match hand_over.send(body) {
            Ok(()) => {
                let (piece, process) = (Vec::new(), Process::current());
                return Box::new(Ahead { pieces: Some(pieces), piece, at: 0, abort, process });
            }
            Err(back) => body = back.0,
        }
    }
    body
}

impl Read for Ahead {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.piece.len() {
            if !self.process.is_current() {
                return Err(io::Error::other(OtherProcess("an answer")));
            }
            let Some(pieces) = &self.pieces else { return Ok(0) };
            self.piece = pieces.recv().unwrap_or_else(|_| Ok(Vec::new()))?;
            self.at = 0;
        }
        let here = self.piece.get(self.at..).unwrap_or(&[]).read(buffer)?;
        self.at += here;
        Ok(here)
    }
}

impl Drop for Ahead {
    /// Ends the thread, also where it waits for the server. In a process that was forked off it is not there, and may
    /// have held what the pieces come by.
    fn drop(&mut self) {
        if self.process.is_current() {
            self.abort.abort();
        } else {
            std::mem::forget(self.pieces.take());
        }
    }
}
