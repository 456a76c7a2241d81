//! How long one call may take as a whole, and all calls of a list together, beside the limits of their parts.
//!
//! Until its answer begins, a call ends at a fixed time, waits between attempts included. After that only the time
//! counts in which it waits for the server: a program may take as long as it likes to use a list, whose answer it
//! reads little by little. The connections apply the limit to whatever they do, so that a server that sends a byte
//! now and then does not hold a call beyond it.

use crate::lock::lock;
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use ureq::unversioned::transport::{NextTimeout, time};

/// The time at which a call ends; `None` if that is beyond what the system can tell. A call that is one of a list has
/// that one's limit too.
#[derive(Debug, Clone)]
pub(crate) struct Deadline {
    ends: Option<Instant>,
    list: Option<ListLimit>,
}

impl Deadline {
    /// In this time from now on, and within the limit of this list.
    pub(crate) fn after(total: Duration, list: Option<ListLimit>) -> Self {
        Deadline { ends: Instant::now().checked_add(total), list }
    }

    /// Whether there is more than this time left.
    pub(crate) fn leaves(&self, wait: Duration) -> bool {
        self.ends.is_none_or(|ends| ends.saturating_duration_since(Instant::now()) > wait)
            && self.list.as_ref().is_none_or(|list| list.left() > wait)
    }

    /// Does something that has a limit of its own, and counts neither for the call nor for the list.
    pub(crate) fn beside<T>(&mut self, what: impl FnOnce() -> T) -> T {
        let begun = Instant::now();
        let done = match &self.list {
            Some(list) => list.beside(what),
            None => what(),
        };
        self.ends = self.ends.and_then(|ends| ends.checked_add(begun.elapsed()));
        done
    }

    /// The limit of the list that the call is one of.
    pub(crate) fn list(&self) -> Option<ListLimit> {
        self.list.clone()
    }
}

/// How long all calls of a list together may wait for the server. Copies count together, and a time in which several
/// wait counts once.
#[derive(Debug, Clone)]
pub(crate) struct ListLimit(Arc<Mutex<Waited>>);

#[derive(Debug)]
struct Waited {
    left: Duration,
    /// How many wait.
    waiting: u32,
    /// Since when any of them does.
    since: Instant,
}

impl Waited {
    fn left(&self) -> Duration {
        match self.waiting {
            0 => self.left,
            _ => self.left.saturating_sub(self.since.elapsed()),
        }
    }

    fn begin(&mut self) {
        if self.waiting == 0 {
            self.since = Instant::now();
        }
        self.waiting = self.waiting.saturating_add(1);
    }

    fn end(&mut self) {
        self.left = self.left();
        self.since = Instant::now();
        self.waiting = self.waiting.saturating_sub(1);
    }
}

impl ListLimit {
    pub(crate) fn new(left: Duration) -> Self {
        ListLimit(Arc::new(Mutex::new(Waited { left, waiting: 0, since: Instant::now() })))
    }

    fn left(&self) -> Duration {
        lock(&self.0).left()
    }

    /// Counts the time until this is dropped.
    pub(crate) fn wait(&self) -> Waiting {
        lock(&self.0).begin();
        Waiting(self.clone())
    }

    /// Does something whose time does not count, between a [`Self::wait`] and its end.
    fn beside<T>(&self, what: impl FnOnce() -> T) -> T {
        struct Resume<'l>(&'l ListLimit);
        impl Drop for Resume<'_> {
            fn drop(&mut self) {
                lock(&self.0.0).begin();
            }
        }
        lock(&self.0).end();
        let _resume = Resume(self);
        what()
    }

    /// A limit of a part of a call, within this one.
    pub(crate) fn cap(&self, limit: NextTimeout) -> Result<NextTimeout, ureq::Error> {
        within(self.left(), limit, OF_LIST)
    }
}

/// Somebody waits.
#[derive(Debug)]
pub(crate) struct Waiting(ListLimit);

impl Drop for Waiting {
    fn drop(&mut self) {
        lock(&self.0.0).end();
    }
}

/// The reason for the end of a call, in the words that ureq has: the limit of a call is its global one.
pub(crate) const OF_CALL: ureq::Timeout = ureq::Timeout::Global;
/// The same for the limit of a list; ureq's own limit of this name is not used.
pub(crate) const OF_LIST: ureq::Timeout = ureq::Timeout::PerCall;

/// A limit was reached that is not one of a part.
#[derive(Debug)]
pub(crate) struct Overdue(pub(crate) &'static str);

impl fmt::Display for Overdue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Overdue {}

/// A limit of a part, within what is left of the whole.
fn within(left: Duration, mut limit: NextTimeout, reason: ureq::Timeout) -> Result<NextTimeout, ureq::Error> {
    if left.is_zero() {
        return Err(ureq::Error::Timeout(reason));
    }
    if *limit.after > left {
        (limit.after, limit.reason) = (left.into(), reason);
    }
    Ok(limit)
}

/// The limit of a call over a connection.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) enum Limit {
    /// None.
    #[default]
    None,
    /// Until its answer begins: a fixed time.
    Until(Instant),
    /// While its answer is read: so much more waiting.
    Left(Duration),
}

impl From<&Deadline> for Limit {
    fn from(deadline: &Deadline) -> Self {
        deadline.ends.map_or(Limit::None, Limit::Until)
    }
}

impl Limit {
    /// The answer has begun.
    pub(crate) fn begin_body(&mut self) {
        if let Limit::Until(ends) = *self {
            *self = Limit::Left(ends.saturating_duration_since(Instant::now()));
        }
    }

    /// Takes the time that was spent waiting.
    pub(crate) fn spend(&mut self, spent: Duration) {
        if let Limit::Left(left) = self {
            *left = left.saturating_sub(spent);
        }
    }

    /// A limit of a part of the call, within this one.
    pub(crate) fn cap(self, limit: NextTimeout) -> Result<NextTimeout, ureq::Error> {
        let left = match self {
            Limit::None => return Ok(limit),
            Limit::Until(ends) => ends.saturating_duration_since(Instant::now()),
            Limit::Left(left) => left,
        };
        within(left, limit, OF_CALL)
    }
}

/// What is left of a limit that has run since this time.
pub(crate) fn left(mut limit: NextTimeout, since: time::Instant) -> Result<NextTimeout, ureq::Error> {
    if let (time::Duration::Exact(after), time::Instant::Exact(since)) = (limit.after, since) {
        let Some(left) = after.checked_sub(since.elapsed()).filter(|left| !left.is_zero()) else {
            return Err(ureq::Error::Timeout(limit.reason));
        };
        limit.after = left.into();
    }
    Ok(limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_call_ends_with_the_call() {
        let part = NextTimeout {
            after: time::Duration::from_secs(60),
            reason: ureq::Timeout::RecvResponse,
            ..NextTimeout::default()
        };
        assert_eq!(Limit::None.cap(part).expect("no limit"), part);
        let mut limit = Limit::Left(Duration::from_secs(10));
        limit.spend(Duration::from_secs(7));
        let capped = limit.cap(part).expect("some is left");
        assert_eq!((*capped.after, capped.reason), (Duration::from_secs(3), ureq::Timeout::Global));
        limit.spend(Duration::from_secs(4));
        assert!(matches!(limit.cap(part), Err(ureq::Error::Timeout(ureq::Timeout::Global))));
        assert!(Limit::Left(Duration::from_secs(100)).cap(part).expect("enough") == part);
    }

    #[test]
    fn only_waiting_counts_once_the_answer_has_begun() {
        let mut limit = Limit::from(&Deadline::after(Duration::from_secs(1000), None));
        assert!(matches!(limit, Limit::Until(_)));
        limit.spend(Duration::from_secs(5000));
        limit.begin_body();
        let Limit::Left(left) = limit else { panic!("{limit:?}") };
        assert!(left <= Duration::from_secs(1000) && left > Duration::from_secs(900), "{left:?}");
        let endless = Limit::from(&Deadline::after(Duration::MAX, None));
        assert!(matches!(endless, Limit::None));
    }

    #[test]
    fn a_list_counts_the_time_in_which_anybody_waits_and_each_moment_once() {
        let list = ListLimit::new(Duration::from_secs(60));
        let (one, other) = (list.wait(), list.clone().wait());
        std::thread::sleep(Duration::from_millis(40));
        drop(one);
        let left = list.left();
        assert!(left <= Duration::from_millis(59_960) && left > Duration::from_secs(50), "{left:?}");
        list.beside(|| std::thread::sleep(Duration::from_millis(1)));
        drop(other);
        let left = list.left();
        std::thread::sleep(Duration::from_millis(5));
        assert_eq!(list.left(), left, "nobody waits");
        let part = NextTimeout { after: time::Duration::from_secs(600), ..NextTimeout::default() };
        assert_eq!(list.cap(part).expect("some is left").reason, OF_LIST);
        assert!(matches!(ListLimit::new(Duration::ZERO).cap(part), Err(ureq::Error::Timeout(OF_LIST))));
    }
}
