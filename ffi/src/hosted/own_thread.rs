//! Work on a thread of its own, for which the program's thread waits.
//!
//! What blocks in a channel or a scope of Rust's asks for the thread's own handle, which is not given back where the
//! thread ends with the process, as the main thread of a program in C does: valgrind counts it as possibly lost. A call that
//! waits here waits by a lock and a condition, and has no such handle.

use cardwright_core::{Code, Error};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// Does work on a thread of its own.
pub(crate) fn on_own_thread<T: Send + 'static>(
    name: &str, work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Error> {
    let started = std::thread::Builder::new().name(name.into()).spawn(work);
    // The system has no thread left.
    let thread = started.map_err(|_| Error::of(Code::Setting, "thread"))?;
    thread.join().map_err(|_| Error::new(Code::Internal, 0))
}

/// Does work on a thread of its own, which asks this one again and again: `asked` answers here.
pub(crate) fn on_own_thread_asking<Q, A, T>(
    name: &str, work: impl FnOnce(&Line<Q, A>) -> T + Send + 'static, mut asked: impl FnMut(Q) -> A,
) -> Result<T, Error>
where
    Q: Send + 'static,
    A: Send + 'static,
    T: Send + 'static,
{
    let line = Arc::new(Line { state: Mutex::new(State::Idle), changed: Condvar::new() });
    let other = Arc::clone(&line);
    let started = std::thread::Builder::new().name(name.into()).spawn(move || {
        // Also where the work panics.
        let line = HangsUp(other);
        work(&line.0)
    });
    let thread = started.map_err(|_| Error::of(Code::Setting, "thread"))?;
    while let Some(question) = line.question() {
        line.set(State::Answer(asked(question)));
    }
    thread.join().map_err(|_| Error::new(Code::Internal, 0))
}

/// The line between a thread that asks and the one that answers.
pub(crate) struct Line<Q, A> {
    state: Mutex<State<Q, A>>,
    changed: Condvar,
}

enum State<Q, A> {
    Idle,
    Question(Q),
    Answer(A),
    Over,
}

impl<Q, A> Line<Q, A> {
    /// Asks the thread that waits.
    pub(crate) fn ask(&self, question: Q) -> Option<A> {
        self.set(State::Question(question));
        let is_open = |state: &mut State<Q, A>| matches!(state, State::Question(_) | State::Idle);
        let mut state = self.changed.wait_while(self.lock(), is_open).unwrap_or_else(PoisonError::into_inner);
        match std::mem::replace(&mut *state, State::Idle) {
            State::Answer(answer) => Some(answer),
            _ => None,
        }
    }

    /// Waits for the next question; `None` where there will be none.
    fn question(&self) -> Option<Q> {
        let is_none = |state: &mut State<Q, A>| matches!(state, State::Idle | State::Answer(_));
        let mut state = self.changed.wait_while(self.lock(), is_none).unwrap_or_else(PoisonError::into_inner);
        match std::mem::replace(&mut *state, State::Idle) {
            State::Question(question) => Some(question),
            _ => None,
        }
    }

    fn set(&self, to: State<Q, A>) {
        *self.lock() = to;
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State<Q, A>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Ends the line when the work ends.
struct HangsUp<Q, A>(Arc<Line<Q, A>>);

impl<Q, A> Drop for HangsUp<Q, A> {
    fn drop(&mut self) {
        self.0.set(State::Over);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_question_is_answered_on_the_thread_that_waits() {
        let here = std::thread::current().id();
        let mut asked = Vec::new();
        let work = |line: &Line<u32, u32>| {
            assert_ne!(std::thread::current().name(), None);
            (1..=3).filter_map(|n| line.ask(n)).sum::<u32>()
        };
        let sum = on_own_thread_asking("asks", work, |question| {
            assert_eq!(std::thread::current().id(), here);
            asked.push(question);
            question * 10
        });
        assert_eq!((sum, asked), (Ok(60), vec![1, 2, 3]));
    }

    #[test]
    fn a_panic_of_the_work_ends_the_wait() {
        let work = |line: &Line<(), ()>| line.ask(()).map(|()| panic!("on purpose"));
        let done: Result<Option<()>, Error> = on_own_thread_asking("panics", work, |()| ());
        assert_eq!(done.map_err(|error| error.code), Err(Code::Internal));
        let done: Result<(), Error> = on_own_thread("panics", || panic!("on purpose"));
        assert_eq!(done.map_err(|error| error.code), Err(Code::Internal));
    }
}
