//! The threads of a bulk run.

use super::gate::Gate;
use super::plan::Bulk;
use super::steps::Steps;
use super::table::{Counts, Fate, Standing};
use super::way::Work;
use super::{Progress, Ran, Settings, Stopped};
use crate::any::AnyClient;
use crate::error::Error;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How often somebody is told how far it is.
const TELL: Duration = Duration::from_millis(100);

/// What the threads share.
#[derive(Debug)]
struct Shared {
    next: AtomicUsize,
    failures: AtomicUsize,
    counts: Mutex<(Counts, usize)>,
    /// How many threads still work.
    working: Mutex<usize>,
    ended: Condvar,
}

impl Bulk {
    /// Carries out what is planned, finishes what is in doubt, and goes on with requests that waited for
    /// approval. Returns when all is done, or why it was not. `progress` is called on this thread, at
    /// once, about ten times a second, and at the end; when it breaks, cards that are under way come to
    /// their end, and no other is begun.
    ///
    /// # Errors
    /// [`http::Error::Setup`](cardwright_http::Error::Setup) for settings that cannot be, and for a client of another server. What goes wrong
    /// later is in [`Ran`].
    pub fn run(
        &mut self,
        client: &AnyClient,
        settings: &Settings,
        progress: impl FnMut(&Progress) -> ControlFlow<()>,
    ) -> Result<Ran, Error> {
        settings.check()?;
        if client.system() != self.system || client.base() != self.base {
            return Err(Error::setup(format!("the plan is for {}, and the client for {}", self.base, client.base())));
        }
        Ok(run(self, client, settings, progress))
    }
}

fn run(
    bulk: &mut Bulk,
    client: &AnyClient,
    settings: &Settings,
    mut progress: impl FnMut(&Progress) -> ControlFlow<()>,
) -> Ran {
    let started = Instant::now();
    let gate = Gate::new(settings);
    let is_left = |standing: &Standing| matches!(standing.fate, Fate::Planned | Fate::Unknown | Fate::AwaitingApproval);
    let left: Vec<usize> =
        bulk.standings.iter().enumerate().filter(|(_, standing)| is_left(standing)).map(|(n, _)| n).collect();
    let (first, rest) = left.split_at(settings.canary.min(left.len()));
    let begin = bulk.counts();
    let shared = Shared {
        next: AtomicUsize::new(0),
        failures: AtomicUsize::new(0),
        counts: Mutex::new((begin, 0)),
        working: Mutex::new(0),
        ended: Condvar::new(),
    };
    let mut tell = |gate: &Gate| {
        let (counts, ended) = *shared.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let elapsed = started.elapsed();
        let per_second = ended as f64 / elapsed.as_secs_f64().max(1e-9);
        progress(&Progress { counts, per_second, elapsed, waits: gate.waits() })
    };
    let work = Work { job: &bulk.job, settings, gate: &gate, journal: bulk.journal.as_ref() };
    let mut results = Vec::new();
    for (cards, threads, is_canary) in [(first, 1, true), (rest, settings.concurrency.min(rest.len()), false)] {
        if cards.is_empty() || gate.stopped().is_some() {
            continue;
        }
        shared.next.store(0, Ordering::Relaxed);
        *shared.working.lock().unwrap_or_else(PoisonError::into_inner) = threads;
        std::thread::scope(|scope| {
            let _stops = StopsOnPanic(&gate);
            let workers: Vec<_> = (0..threads)
                .map(|_| {
                    scope.spawn(|| {
                        let _working = Working(&shared);
                        let _stops = StopsOnPanic(&gate);
                        take_cards(client.steps(), &work, bulk, cards, &shared, is_canary)
                    })
                })
                .collect();
            loop {
                if tell(&gate).is_break() {
                    gate.stop(Stopped::Canceled, None);
                }
                let working = shared.working.lock().unwrap_or_else(PoisonError::into_inner);
                let waited = shared.ended.wait_timeout_while(working, TELL, |working| *working > 0);
                if *waited.unwrap_or_else(PoisonError::into_inner).0 == 0 {
                    break;
                }
            }
            for worker in workers {
                match worker.join() {
                    Ok(ended) => results.extend(ended),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
        });
    }
    if let Some(Err(error)) = bulk.journal.as_ref().map(|journal| journal.finish()) {
        gate.stop(Stopped::Journal, Some(error));
    }
    let _ = tell(&gate);
    for (n, standing) in results {
        if let Some(its) = bulk.standings.get_mut(n) {
            *its = standing;
        }
    }
    let (stopped, error) = gate.into_stopped().map_or((None, None), |(why, error)| (Some(why), error));
    Ran { stopped, error, elapsed: started.elapsed() }
}

/// Says that its thread has ended, however it does.
struct Working<'s>(&'s Shared);

impl Drop for Working<'_> {
    fn drop(&mut self) {
        *self.0.working.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        self.0.ended.notify_all();
    }
}

/// Stops the run where its thread panics: what nobody watches any more is not gone on with.
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
    client: &dyn Steps,
    work: &Work<'_>,
    bulk: &Bulk,
    cards: &[usize],
    shared: &Shared,
    is_canary: bool,
) -> Vec<(usize, Standing)> {
    let mut results = Vec::new();
    while work.gate.stopped().is_none() {
        let Some(&n) = cards.get(shared.next.fetch_add(1, Ordering::Relaxed)) else { break };
        let (Some(card), Some(before)) = (bulk.cards.get(n), bulk.standings.get(n)) else { break };
        let after = work.card(client, n, card, before);
        let fate = after.fate;
        let mut counts = shared.counts.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.0.of(before.fate) -= 1;
        *counts.0.of(fate) += 1;
        counts.1 += usize::from(fate != Fate::Planned);
        drop(counts);
        results.push((n, after));
        if matches!(fate, Fate::Failed | Fate::Unknown) {
            shared.failed(work, is_canary);
        }
    }
    results
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
