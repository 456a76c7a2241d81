//! The threads of a bulk run.

use super::gate::Gate;
use super::plan::Bulk;
use super::table::{Counts, Fate, Standing};
use super::way::Work;
use super::{Pace, Progress, Ran, Stopped};
use crate::any::AnyClient;
use crate::engine::Engine;
use crate::error::Error;
use crate::told;
use cardwright_core::Named as _;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

/// How often progress is reported.
const TELL: Duration = Duration::from_millis(100);
/// How often it is told to a log.
const LOG: Duration = Duration::from_secs(5);
/// How many cards may wait to show their result while others go on.
const WAITING: usize = 128;

/// What the threads share.
#[derive(Debug, Default)]
struct Shared {
    next: AtomicUsize,
    failures: AtomicUsize,
}

impl Bulk {
    /// Carries out what is planned, finishes what is in doubt, and continues requests that waited for
    /// approval. Returns when all is done, or why it was not. `progress` is called on this thread, at
    /// once, about ten times a second, and at the end; when it breaks, the cards in progress are finished, and
    /// no other is begun.
    ///
    /// # Errors
    /// [`http::Error::Setup`](cardwright_http::Error::Setup) for settings that cannot be used, and for a client of
    /// another server. Later errors are in [`Ran`].
    pub fn run(
        &mut self,
        client: &AnyClient,
        settings: &Pace,
        progress: impl FnMut(&Progress) -> ControlFlow<()>,
    ) -> Result<Ran, Error> {
        settings.check()?;
        if client.system() != self.system || client.base() != self.base {
            return Err(Error::setting(format!("the plan is for {}, and the client for {}", self.base, client.base())));
        }
        Ok(run(self, client, settings, progress))
    }
}

fn run(
    bulk: &mut Bulk,
    client: &AnyClient,
    settings: &Pace,
    mut progress: impl FnMut(&Progress) -> ControlFlow<()>,
) -> Ran {
    let started = Instant::now();
    let gate = Gate::new(settings);
    let is_left = |standing: &Standing| matches!(standing.fate, Fate::Planned | Fate::Unknown | Fate::AwaitingApproval);
    let left: Vec<usize> =
        bulk.standings.iter().enumerate().filter(|(_, standing)| is_left(standing)).map(|(n, _)| n).collect();
    let (first, rest) = left.split_at(settings.canary.min(left.len()));
    let shared = Shared::default();
    let (mut counts, mut ended) = (bulk.counts(), 0);
    let operation = bulk.job.operation.name();
    tracing::info!(operation, cards = left.len(), concurrency = settings.concurrency, "a bulk run begins");
    let mut next_log = LOG;
    let mut report = |counts: Counts, ended: usize| {
        let elapsed = started.elapsed();
        let per_second = ended as f64 / elapsed.as_secs_f64().max(1e-9);
        if elapsed >= next_log {
            next_log = elapsed + LOG;
            let Counts { done, failed, unknown, planned, .. } = counts;
            tracing::info!(operation, done, failed, unknown, planned, per_second, "a bulk run goes on");
        }
        progress(&Progress { counts, per_second, elapsed, waits: gate.waits() })
    };
    let work = Work { job: &bulk.job, settings, gate: &gate, journal: bulk.journal.as_ref(), resumed: bulk.resumed };
    let mut results = Vec::new();
    // One card at a time means one. A card that waits may be a failure that counts.
    let waiting = if settings.concurrency == 1 { 0 } else { settings.max_failures.unwrap_or(WAITING).min(WAITING) };
    let threads = settings.concurrency.saturating_add(waiting).min(rest.len());
    for (cards, threads, is_canary) in [(first, 1, true), (rest, threads, false)] {
        if cards.is_empty() || gate.stopped().is_some() {
            continue;
        }
        shared.next.store(0, Ordering::Relaxed);
        std::thread::scope(|scope| {
            let _stops = StopsOnPanic(&gate);
            let (sender, cards_ended) = channel();
            let worker = |sender| {
                let (gate, work, shared, bulk) = (&gate, &work, &shared, &*bulk);
                let take = move || {
                    let _stops = StopsOnPanic(gate);
                    take_cards(client.engine(), work, bulk, cards, shared, is_canary, sender)
                };
                std::thread::Builder::new().spawn_scoped(scope, told::here(take))
            };
            // Where the system has no more threads, those that there are do it.
            let workers: Vec<_> =
                std::iter::repeat_n(sender, threads).map_while(|sender| worker(sender).ok()).collect();
            if workers.is_empty() {
                gate.stop(Stopped::Canceled, Some(Error::setting("the system has no thread left")));
            }
            let mut next_report = Instant::now();
            loop {
                if Instant::now() >= next_report {
                    if report(counts, ended).is_break() {
                        gate.stop(Stopped::Canceled, None);
                    }
                    next_report = Instant::now() + TELL;
                }
                match cards_ended.recv_timeout(next_report.saturating_duration_since(Instant::now())) {
                    Ok((n, standing)) => {
                        let before = bulk.standings.get(n).map(|standing| standing.fate);
                        *counts.of(before.unwrap_or_default()) -= 1;
                        *counts.of(standing.fate) += 1;
                        ended += usize::from(standing.fate != Fate::Planned);
                        results.push((n, standing));
                    }
                    Err(RecvTimeoutError::Timeout) => {}
                    Err(RecvTimeoutError::Disconnected) => break,
                }
            }
            for worker in workers {
                worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            }
        });
    }
    if let Some(Err(error)) = bulk.journal.as_ref().map(|journal| journal.finish()) {
        gate.stop(Stopped::Journal, Some(error));
    }
    let _ = report(counts, ended);
    for (n, standing) in results {
        if let Some(its) = bulk.standings.get_mut(n) {
            *its = standing;
        }
    }
    let (stopped, error) = gate.into_stopped().map_or((None, None), |(why, error)| (Some(why), error));
    let Counts { done, failed, unknown, planned, .. } = counts;
    match stopped {
        Some(why) => {
            let (why, code) = (why.name(), error.as_ref().map(|error| error.code().number()));
            tracing::warn!(operation, why, code, done, failed, unknown, planned, "a bulk run stopped");
        }
        None => tracing::info!(operation, done, failed, unknown, planned, "a bulk run ended"),
    }
    Ran { stopped, error, elapsed: started.elapsed() }
}

/// Stops the run if its thread panics: a run that nobody watches does not continue.
struct StopsOnPanic<'g>(&'g Gate);

impl Drop for StopsOnPanic<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.stop(Stopped::Canceled, None);
        }
    }
}

/// One thread: takes the next card until there is none, or the run stops.
fn take_cards(
    engine: &dyn Engine,
    work: &Work<'_>,
    bulk: &Bulk,
    cards: &[usize],
    shared: &Shared,
    is_canary: bool,
    ended: Sender<(usize, Standing)>,
) {
    while work.gate.stopped().is_none() {
        let Some(&n) = cards.get(shared.next.fetch_add(1, Ordering::Relaxed)) else { break };
        let (Some(card), Some(before)) = (bulk.cards.get(n), bulk.standings.get(n)) else { break };
        let after = work.card(engine, n, card, before);
        if matches!(after.fate, Fate::Failed | Fate::Unknown) {
            shared.failed(work, is_canary);
        }
        // The other end is there until all threads have ended.
        let _ = ended.send((n, after));
    }
    work.gate.pass_on();
}

impl Shared {
    /// A card was not done.
    fn failed(&self, work: &Work<'_>, is_canary: bool) {
        let failures = self.failures.fetch_add(1, Ordering::Relaxed) + 1;
        if is_canary {
            work.gate.stop(Stopped::Canary, None);
        } else if work.settings.max_failures.is_some_and(|most| failures > most) {
            work.gate.stop(Stopped::Failures, None);
        }
    }
}
