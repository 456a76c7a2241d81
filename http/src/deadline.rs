//! How long one call may take as a whole, beside the limits of its parts.
//!
//! Until its answer begins, a call ends at a fixed time, waits between attempts included. After that only the time
//! counts in which it waits for the server: a program may take as long as it likes to use a list, whose answer it
//! reads little by little. The connections apply the limit to whatever they do, so that a server that sends a byte
//! now and then does not hold a call beyond it.

use std::time::{Duration, Instant};
use ureq::unversioned::transport::{NextTimeout, time};

/// The time at which a call ends; `None` if that is beyond what the system can tell.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Deadline(Option<Instant>);

impl Deadline {
    /// In this time from now on.
    pub(crate) fn after(total: Duration) -> Self {
        Deadline(Instant::now().checked_add(total))
    }

    /// Whether there is more than this time left.
    pub(crate) fn leaves(&self, wait: Duration) -> bool {
        self.0.is_none_or(|ends| ends.saturating_duration_since(Instant::now()) > wait)
    }

    /// Later by this time, in which the call waited for something that has a limit of its own.
    pub(crate) fn extend(&mut self, time: Duration) {
        self.0 = self.0.and_then(|ends| ends.checked_add(time));
    }
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

impl From<Deadline> for Limit {
    fn from(deadline: Deadline) -> Self {
        deadline.0.map_or(Limit::None, Limit::Until)
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
    pub(crate) fn cap(self, mut limit: NextTimeout) -> Result<NextTimeout, ureq::Error> {
        let left = match self {
            Limit::None => return Ok(limit),
            Limit::Until(ends) => ends.saturating_duration_since(Instant::now()),
            Limit::Left(left) => left,
        };
        if left.is_zero() {
            return Err(ureq::Error::Timeout(ureq::Timeout::Global));
        }
        if *limit.after > left {
            (limit.after, limit.reason) = (left.into(), ureq::Timeout::Global);
        }
        Ok(limit)
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
        let mut limit = Limit::from(Deadline::after(Duration::from_secs(1000)));
        assert!(matches!(limit, Limit::Until(_)));
        limit.spend(Duration::from_secs(5000));
        limit.begin_body();
        let Limit::Left(left) = limit else { panic!("{limit:?}") };
        assert!(left <= Duration::from_secs(1000) && left > Duration::from_secs(900), "{left:?}");
        let endless = Limit::from(Deadline::after(Duration::MAX));
        assert!(matches!(endless, Limit::None));
    }
}
