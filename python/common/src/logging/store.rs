//! What is kept until Python has it, for each process.

use super::record::{Kept, Line};
use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Instant;
use tracing::Metadata;

/// The scope of calls that handlers make: nothing of it is kept.
pub(super) const QUIET: u64 = 1;

/// How many records of work that was left by its caller are kept at most.
const MOST: usize = 1_000;

/// What is kept.
#[derive(Debug)]
pub(super) struct State {
    /// The spans that have not ended.
    pub(super) spans: BTreeMap<u64, Span>,
    /// The records of each call.
    pub(super) scopes: BTreeMap<u64, VecDeque<Kept>>,
    /// Records of work that was left by its caller, for the next caller.
    pub(super) left: VecDeque<Kept>,
}

impl State {
    /// The scope of a span.
    pub(super) fn scope(&self, span: Option<&u64>) -> Option<u64> {
        self.spans.get(span?)?.scope
    }

    /// Keeps a record of this scope; those that a handler causes are not kept.
    pub(super) fn keep(&mut self, scope: Option<u64>, kept: Kept, is_handling: bool) {
        if scope == Some(QUIET) || is_handling {
            return;
        }
        match scope.and_then(|scope| self.scopes.get_mut(&scope)) {
            Some(records) => records.push_back(kept),
            None if self.left.len() < MOST => self.left.push_back(kept),
            None => {}
        }
    }
}

/// A span that has not ended.
#[derive(Debug)]
pub(super) struct Span {
    pub(super) metadata: &'static Metadata<'static>,
    pub(super) line: Line,
    pub(super) scope: Option<u64>,
    pub(super) handles: usize,
    began: Instant,
}

impl Span {
    pub(super) fn new(metadata: &'static Metadata<'static>, line: Line, scope: Option<u64>) -> Self {
        Span { metadata, line, scope, handles: 1, began: Instant::now() }
    }

    /// The scope, and the record of its end.
    pub(super) fn end(self) -> (Option<u64>, Kept) {
        let line = self.line.ended(self.metadata.name(), self.began.elapsed());
        (self.scope, Kept::now(self.metadata, line))
    }
}

/// A process has its own, so that a child waits for no lock that its parent's threads had.
struct Process {
    state: Mutex<State>,
    child: OnceLock<Box<Process>>,
}

impl Process {
    const fn new() -> Self {
        let state = State { spans: BTreeMap::new(), scopes: BTreeMap::new(), left: VecDeque::new() };
        Process { state: Mutex::new(state), child: OnceLock::new() }
    }
}

static FIRST: Process = Process::new();

/// How many forks ago the first process was.
static FORKS: AtomicUsize = AtomicUsize::new(0);

/// A child that was forked off begins with nothing.
pub(super) fn forked() {
    FORKS.fetch_add(1, Ordering::Relaxed);
}

/// What this process keeps. The lock is held for moments, and never while Python runs.
pub(super) fn state() -> MutexGuard<'static, State> {
    let mut process = &FIRST;
    for _ in 0..FORKS.load(Ordering::Relaxed) {
        process = process.child.get_or_init(|| Box::new(Process::new()));
    }
    process.state.lock().unwrap_or_else(PoisonError::into_inner)
}
