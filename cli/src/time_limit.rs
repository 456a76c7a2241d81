//! The time limit of a whole command.
//!
//! It ends a command as Ctrl-C ends one that listens to it: by the cancelers of what is under way, so that an
//! operation in flight is reported as what it is. What no canceler reaches, such as a reader that hangs, ends with the
//! process shortly after. Time in which a person is asked does not count.

use crate::failure::{Exit, Failure, Kind, report};
use crate::terminal;
use cardwright::client::Canceler;
use cardwright::core::Code;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long a command may take to end after its limit.
const GRACE: Duration = Duration::from_secs(2);
/// The next step for a card of which nobody knows whether it was changed.
const LOOK_AGAIN: &str = "look at the card again before anything else is done with it";
/// How often is looked whether a person is still asked.
const STEP: Duration = Duration::from_millis(50);

/// The time limit of a command; none until it is set.
#[derive(Debug, Clone)]
pub(crate) struct TimeLimit(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    started: Instant,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    limit: Option<Duration>,
    cancelers: Vec<Canceler>,
    passed: bool,
    /// The command has ended.
    over: bool,
    /// A change may be under way: what to look at where it is cut short.
    changing: Option<&'static str>,
    /// Whether errors are printed in JSON.
    json: bool,
}

impl Default for TimeLimit {
    fn default() -> Self {
        TimeLimit(Arc::new(Shared { started: Instant::now(), state: Mutex::default(), changed: Condvar::new() }))
    }
}

impl TimeLimit {
    /// Sets the limit, from the start of the command on; a later one takes the place of an earlier one.
    pub(crate) fn set(&self, limit: Duration, json: bool) -> Result<(), Failure> {
        let is_new = {
            let mut state = self.state();
            state.json = json;
            state.limit.replace(limit).is_none()
        };
        self.0.changed.notify_all();
        if is_new {
            let own = self.clone();
            let started = std::thread::Builder::new().name("time limit".into()).spawn(move || own.watch_time());
            started.map_err(|error| Failure::new(Kind::Failed, format!("no thread for the time limit: {error}")))?;
        }
        Ok(())
    }

    /// Cancels this too when the limit has passed.
    pub(crate) fn cancels(&self, canceler: Canceler) {
        let mut state = self.state();
        if state.passed {
            canceler.cancel();
        }
        state.cancelers.push(canceler);
    }

    /// Does what may change a card: if it must be cut short, nobody knows whether it did. When it has returned, the
    /// limit is over: what is known then is told, however long that takes.
    pub(crate) fn changing<T>(&self, what: impl FnOnce() -> T) -> T {
        self.changing_other(LOOK_AGAIN, what)
    }

    /// The same for what is no card, with the next step where nobody knows.
    pub(crate) fn changing_other<T>(&self, look: &'static str, what: impl FnOnce() -> T) -> T {
        self.state().changing = Some(look);
        let done = what();
        let mut state = self.state();
        (state.changing, state.over) = (None, true);
        self.0.changed.notify_all();
        drop(state);
        done
    }

    /// Whether the limit has passed.
    pub(crate) fn has_passed(&self) -> bool {
        self.state().passed
    }

    /// That the limit has not passed.
    ///
    /// # Errors
    /// That it has.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        let state = self.state();
        match state.limit.filter(|_| state.passed) {
            Some(limit) => Err(passed(limit, "")),
            None => Ok(()),
        }
    }

    /// The command has ended: so has its limit. What was canceled because of it is told as that.
    pub(crate) fn end(&self, done: Result<Exit, Failure>) -> Result<Exit, Failure> {
        let mut state = self.state();
        state.over = true;
        self.0.changed.notify_all();
        let limit = state.limit.filter(|_| state.passed);
        match (done, limit) {
            (Err(failure), Some(limit)) if failure.code() == Some(Code::Canceled) => {
                let told = passed(limit, failure.message());
                Err(match (failure.kind(), failure.next()) {
                    (Kind::Unknown, Some(look)) => Failure::new(Kind::Unknown, told.message()).hint(look),
                    (Kind::Unknown, None) => Failure::new(Kind::Unknown, told.message()),
                    _ => told,
                })
            }
            (done, _) => done,
        }
    }

    fn watch_time(&self) {
        let mut state = self.state();
        loop {
            let Some(limit) = state.limit.filter(|_| !state.over) else { return };
            let left = limit.saturating_sub(self.0.started.elapsed().saturating_sub(terminal::asked_for()));
            if left.is_zero() {
                break;
            }
            let step = if terminal::is_asking() { STEP } else { left };
            state = self.wait(state, step);
        }
        state.passed = true;
        state.cancelers.iter().for_each(Canceler::cancel);
        let end = Instant::now() + GRACE;
        while !state.over {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                let failure = passed(state.limit.unwrap_or_default(), "");
                let failure = match state.changing {
                    Some(look) => Failure::new(Kind::Unknown, failure.message()).hint(look),
                    None => failure,
                };
                let exit = report(&failure, state.json);
                std::process::exit(exit as i32);
            }
            state = self.wait(state, left);
        }
    }

    fn wait<'s>(&self, state: MutexGuard<'s, State>, time: Duration) -> MutexGuard<'s, State> {
        self.0.changed.wait_timeout(state, time).unwrap_or_else(PoisonError::into_inner).0
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// That a limit has passed.
fn passed(limit: Duration, what: &str) -> Failure {
    let seconds = limit.as_secs_f64();
    let unit = if seconds == 1.0 { "second" } else { "seconds" };
    let message = format!("the time limit of {seconds} {unit} has passed");
    let message = if what.is_empty() { message } else { format!("{message}: {what}") };
    Failure::new(Kind::NoConnection, message).hint("--time-limit gives the command more time")
}
