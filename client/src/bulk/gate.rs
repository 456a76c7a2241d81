//! The gate that each request of a bulk run goes through: how many at a time, how many a second, and
//! the back-off that all threads share.
//!
//! A server that asks to wait halves the number of cards that are under way; as many successes as that
//! number add one again.

use super::{Pace, Stopped};
use crate::error::Error;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The first wait that is the engine's own choice, doubled each time, and the longest.
const FIRST: Duration = Duration::from_millis(100);
const LONGEST: Duration = Duration::from_secs(5);
/// What was not used of the rate may be made up for so long.
const SLACK: Duration = Duration::from_millis(100);

/// The gate of a run.
#[derive(Debug)]
pub(super) struct Gate {
    pace: Mutex<Flow>,
    changed: Condvar,
    /// For those that wait until fewer are under way.
    room: Condvar,
    most: usize,
    interval: Option<Duration>,
    longest_asked: Duration,
}

#[derive(Debug)]
struct Flow {
    stopped: Option<(Stopped, Option<Error>)>,
    active: usize,
    /// How many have paused and want to come back.
    back: usize,
    /// How many may be under way at the moment.
    limit: usize,
    /// Successes since the limit was changed.
    good: usize,
    /// Nothing is sent before.
    until: Option<Instant>,
    /// How often the server asked to wait without a success in between.
    in_a_row: u32,
    /// When the rate next has room.
    free: Instant,
}

/// How a passage through the gate went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Passage {
    /// As it should.
    Good,
    /// The server asks to wait, perhaps so long.
    Busy(Option<Duration>),
    /// Some other way.
    Bad,
}

impl Gate {
    pub(super) fn new(settings: &Pace) -> Self {
        let pace = Flow {
            stopped: None,
            active: 0,
            back: 0,
            limit: settings.concurrency,
            good: 0,
            until: None,
            in_a_row: 0,
            free: Instant::now(),
        };
        // One in a day is as slow as it gets.
        let interval = settings.rate.map(|rate| Duration::from_secs_f64((1.0 / rate).min(86_400.0)));
        let longest_asked = settings.longest_wait;
        Gate {
            pace: Mutex::new(pace),
            changed: Condvar::new(),
            room: Condvar::new(),
            most: settings.concurrency,
            interval,
            longest_asked,
        }
    }

    fn pace(&self) -> MutexGuard<'_, Flow> {
        self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until a request may go; `false` where none may any more.
    pub(super) fn enter(&self) -> bool {
        self.wait_for_room(false)
    }

    /// As [`Self::enter`], before those that enter for the first time.
    pub(super) fn come_back(&self) -> bool {
        self.pace().back += 1;
        self.wait_for_room(true)
    }

    fn wait_for_room(&self, mut comes_back: bool) -> bool {
        let mut pace = self.pace();
        let mut turn = None;
        loop {
            if pace.stopped.is_some() {
                pace.active -= usize::from(turn.is_some());
                pace.back -= usize::from(comes_back);
                return false;
            }
            let now = Instant::now();
            let wait = if let Some(until) = pace.until.filter(|until| *until > now) {
                Some(until - now)
            } else if let Some(turn) = turn {
                if turn <= now {
                    return true;
                }
                Some(turn - now)
            } else if pace.active < pace.limit && (comes_back || pace.back == 0) {
                pace.active += 1;
                pace.back -= usize::from(std::mem::take(&mut comes_back));
                if pace.active < pace.limit {
                    // One alone might be one that has to let others in first.
                    self.room.notify_all();
                }
                let Some(interval) = self.interval else { return true };
                let mine = pace.free.max(now.checked_sub(SLACK).unwrap_or(now));
                pace.free = mine + interval;
                turn = Some(mine);
                continue;
            } else {
                None
            };
            pace = match wait {
                Some(wait) => self.changed.wait_timeout(pace, wait).unwrap_or_else(PoisonError::into_inner).0,
                None => self.room.wait(pace).unwrap_or_else(PoisonError::into_inner),
            };
        }
    }

    /// Lets another in, where one that left does not come back.
    pub(super) fn pass_on(&self) {
        self.room.notify_all();
    }

    /// After a passage that [`Self::enter`] began. Only one that comes back is let in instead: the thread that leaves
    /// usually takes the next card, or else calls [`Self::pass_on`].
    pub(super) fn leave(&self, passage: Passage) {
        let mut waits = None;
        let mut pace = self.pace();
        pace.active -= 1;
        match passage {
            Passage::Good => {
                pace.in_a_row = 0;
                pace.good += 1;
                if pace.good >= pace.limit && pace.limit < self.most {
                    (pace.limit, pace.good) = (pace.limit + 1, 0);
                    self.room.notify_one();
                }
            }
            Passage::Busy(asked) => waits = self.slow(&mut pace, asked),
            Passage::Bad => {}
        }
        if pace.back > 0 {
            // One that comes back waits among those that may not enter before it.
            self.room.notify_all();
        }
        let limit = pace.limit;
        drop(pace);
        if let Some(wait) = waits {
            let wait_ms = wait.as_secs_f64() * 1e3;
            tracing::warn!(wait_ms, concurrency = limit, "the server asks to wait: all cards of the run do");
        }
    }

    /// Slows all down; returns how long, where that is news.
    fn slow(&self, pace: &mut Flow, asked: Option<Duration>) -> Option<Duration> {
        if asked.is_some_and(|asked| asked > self.longest_asked) {
            pace.stopped.get_or_insert((Stopped::Busy, None));
            self.wake_all();
            return None;
        }
        let now = Instant::now();
        let is_news = pace.until.is_none_or(|until| until <= now);
        if is_news {
            pace.in_a_row += 1;
            (pace.limit, pace.good) = ((pace.limit / 2).max(1), 0);
        }
        let own = FIRST.saturating_mul(1 << pace.in_a_row.saturating_sub(1).min(16)).min(LONGEST);
        // Those that were under way together are answered together: they do not add up.
        let wait = asked.unwrap_or(own);
        if is_news || asked.is_some() {
            let until = now + wait;
            pace.until = Some(pace.until.map_or(until, |before| before.max(until)));
        }
        is_news.then_some(wait)
    }

    /// Waits; `false` where the run stops meanwhile.
    pub(super) fn rest(&self, time: Duration) -> bool {
        let waited = self.changed.wait_timeout_while(self.pace(), time, |pace| pace.stopped.is_none());
        waited.unwrap_or_else(PoisonError::into_inner).0.stopped.is_none()
    }

    /// Lets nothing through any more. The first reason stays, with the server's own answer where one of those that were
    /// under way together has it: the others may only know that it refuses.
    pub(super) fn stop(&self, why: Stopped, error: Option<Error>) {
        let mut pace = self.pace();
        match &mut pace.stopped {
            None => pace.stopped = Some((why, error)),
            Some((first, Some(told))) if *first == why && told.status().is_none() => {
                if let Some(answer) = error.filter(|error| error.status().is_some()) {
                    *told = answer;
                }
            }
            Some(_) => {}
        }
        drop(pace);
        self.wake_all();
    }

    fn wake_all(&self) {
        self.changed.notify_all();
        self.room.notify_all();
    }

    /// Why the run stops, if it does.
    pub(super) fn stopped(&self) -> Option<Stopped> {
        self.pace().stopped.as_ref().map(|(why, _)| *why)
    }

    /// Whether everybody waits, because the server asked for it.
    pub(super) fn waits(&self) -> bool {
        self.pace().until.is_some_and(|until| until > Instant::now())
    }

    pub(super) fn into_stopped(self) -> Option<(Stopped, Option<Error>)> {
        self.pace.into_inner().unwrap_or_else(PoisonError::into_inner).stopped
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gate(concurrency: usize) -> Gate {
        Gate::new(&Pace { concurrency, ..Pace::default() })
    }

    #[test]
    fn a_server_that_asks_to_wait_halves_what_is_under_way_and_successes_add_to_it() {
        let gate = gate(8);
        for _ in 0..8 {
            assert!(gate.enter());
        }
        // Eight that were answered together count once.
        for _ in 0..8 {
            gate.leave(Passage::Busy(Some(Duration::from_millis(1))));
        }
        assert_eq!(gate.pace().limit, 4);
        assert_eq!(gate.pace().active, 0);
        for _ in 0..4 {
            assert!(gate.enter());
            gate.leave(Passage::Good);
        }
        assert_eq!(gate.pace().limit, 5);
    }

    #[test]
    fn the_own_wait_doubles_up_to_the_longest() {
        let gate = gate(2);
        let mut waits = Vec::new();
        for _ in 0..8 {
            let mut pace = gate.pace();
            pace.until = None;
            let before = Instant::now();
            gate.slow(&mut pace, None);
            waits.push(pace.until.expect("a wait").duration_since(before).as_millis() / 100);
        }
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 50, 50]);
    }

    #[test]
    fn a_success_between_two_answers_that_ask_to_wait_does_no_harm() {
        let gate = gate(3);
        for _ in 0..3 {
            assert!(gate.enter());
        }
        let asked = Passage::Busy(Some(Duration::from_secs(60)));
        for passage in [asked, Passage::Good, asked] {
            gate.leave(passage);
        }
        assert_eq!(gate.pace().in_a_row, 0);
        assert!(gate.waits());
    }

    #[test]
    fn a_wait_that_is_too_long_stops_the_run_and_lets_nobody_in() {
        let gate = gate(2);
        assert!(gate.enter());
        gate.leave(Passage::Busy(Some(Duration::from_secs(301))));
        assert!(!gate.enter());
        assert_eq!(gate.stopped(), Some(Stopped::Busy));
    }

    #[test]
    fn a_rate_spaces_requests_whatever_the_number_of_threads() {
        let gate = Gate::new(&Pace { concurrency: 4, rate: Some(1_000.0), ..Pace::default() });
        let before = gate.pace().free;
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..50 {
                        assert!(gate.enter());
                        gate.leave(Passage::Good);
                    }
                });
            }
        });
        assert!(gate.pace().free >= before + Duration::from_millis(99), "200 at 1,000 a second, 100 ms of slack");
    }
}
