//! The one engine of outcomes, for single operations and for bulk runs.
//!
//! A change is sent once. What its answer proves is said by [`Sent`]; what it does not prove is looked for by
//! [`settle`], which reads again with growing pauses until a limit. Each system says what its changes are, and
//! what a read must show; how long to look, what is written down and who waits meanwhile is the same for all.

use crate::any::AnyCard;
use crate::error::Error;
use crate::outcome::Outcome;
use crate::subject::Subject;
use crate::system::Job;
use cardwright_core::lifecycle::{NativeState, Operation};
use cardwright_core::{Code, named};
use cardwright_http::{BodyKind, Finished, Meaning, Reply, Transport, meaning};
use std::time::{Duration, Instant};

/// Whether a card is read again after an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(not(cardwright_exhaustive), non_exhaustive)]
pub enum Verify {
    /// Always: [`Ending::Done`](crate::Ending) means that the card was seen so.
    #[default]
    Always,
    /// Not after a success: the server's word is taken, and the ending is
    /// [`Ending::Accepted`](crate::Ending). After any other answer the card is read all the same.
    Never,
}

named! { Verify { Always = "always", Never = "never" } }

/// How long an outcome is looked for, and whether it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Settling {
    /// How long a card is read again after an answer that proves nothing.
    pub(crate) limit: Duration,
    pub(crate) verify: Verify,
}

impl Settling {
    /// How long a card is read again after a success that it does not show: its server has finished, and at most a
    /// copy of its data lags behind.
    pub(crate) fn after_success(self) -> Duration {
        self.limit / 16
    }
}

impl Default for Settling {
    fn default() -> Self {
        Settling { limit: Duration::from_secs(5), verify: Verify::Always }
    }
}

/// What is known of an operation before it goes on.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Begun<'b> {
    /// It was sent before, and its outcome is not known.
    pub(crate) doubt: bool,
    /// Time has passed since the card was found: it is read before it is operated on.
    pub(crate) resumed: bool,
    /// The request of MIM CM that was made for it.
    pub(crate) request: Option<&'b str>,
}

/// What happens around the requests of an operation: what is written down, and where it waits.
pub(crate) trait Around {
    /// A change is about to be sent; `repeatable` where sending it twice does no harm.
    ///
    /// # Errors
    /// Where it cannot be written down. Nothing is sent then.
    fn sending(&mut self, _repeatable: bool) -> Result<(), Error> {
        Ok(())
    }

    /// What was about to be sent did not arrive.
    ///
    /// # Errors
    /// Where it cannot be written down.
    fn unsent(&mut self) -> Result<(), Error> {
        Ok(())
    }

    /// MIM CM has made a request.
    ///
    /// # Errors
    /// Where it cannot be written down.
    fn made(&mut self, _request: &str) -> Result<(), Error> {
        Ok(())
    }

    /// Waits before the next look; `false` where nobody waits any more.
    fn pause(&mut self, time: Duration) -> bool;

    /// Waits before a change is sent again, after its `attempt`th answer asked to wait or said nothing useful;
    /// `false` where it is not sent again.
    fn again(&mut self, attempt: u32, error: &Error) -> bool;
}

/// A single operation: nothing is written down, and the caller waits.
pub(crate) struct Alone<'t>(pub(crate) &'t Transport);

impl Around for Alone<'_> {
    fn pause(&mut self, time: Duration) -> bool {
        self.0.canceler().wait(time)
    }

    fn again(&mut self, attempt: u32, error: &Error) -> bool {
        let retries = self.0.retries();
        let wait = retries.wait(attempt, error.retry_after()).filter(|_| attempt < retries.attempts);
        wait.is_some_and(|wait| self.pause(wait))
    }
}

/// How a system carries out an operation on a card.
pub(crate) trait Engine: Sync {
    /// Judges a card for a plan.
    ///
    /// # Errors
    /// Why it is to be skipped.
    fn judge_plan(&self, state: Option<NativeState>, operation: Operation) -> Result<(), Error>;

    /// The card as it is now; `None` where the server no longer has it.
    ///
    /// # Errors
    /// Where it cannot be read.
    fn read_again(&self, card: &Subject) -> Result<Option<AnyCard>, Error>;

    /// Carries out an operation on a card and looks at the result.
    ///
    /// # Errors
    /// Why the operation was not begun.
    fn perform(
        &self,
        card: &Subject,
        job: &Job,
        begun: Begun<'_>,
        around: &mut dyn Around,
    ) -> Result<Outcome<AnyCard>, Error>;
}

/// What became of a change that was sent.
#[derive(Debug)]
pub(crate) enum Sent {
    /// The server said yes, by this status, as its vendor documents it.
    Success(u16),
    /// It may be carried out or not: the answer proves nothing, or was lost.
    Unclear(Error),
    /// The server asks to wait. Whether it was carried out is not said.
    Busy(Error),
    /// The server said no.
    Refused(Error),
    /// No byte of it left.
    Nothing(Error),
}

impl Sent {
    /// What an answer says whose success has no body.
    pub(crate) fn without_body(answer: Result<Reply, cardwright_http::Error>) -> Self {
        let reply = match answer {
            Ok(reply) => reply,
            Err(error) => return Self::failed(error),
        };
        let request = reply.request.clone();
        let Finished { status, body, .. } = reply.finish();
        match (meaning(status), body) {
            (Meaning::Success, BodyKind::Empty) => Sent::Success(status),
            (_, BodyKind::Empty) => Sent::Unclear(unproven(&request, status, "")),
            (_, BodyKind::Html(words) | BodyKind::Other(words)) => Sent::Unclear(unproven(&request, status, &words)),
        }
    }

    /// What an answer says whose success may have a body.
    pub(crate) fn with_body(answer: Result<Reply, cardwright_http::Error>) -> Self {
        let reply = match answer {
            Ok(reply) => reply,
            Err(error) => return Self::failed(error),
        };
        let request = reply.request.clone();
        let Finished { status, body, .. } = reply.finish();
        match (meaning(status), body) {
            (_, BodyKind::Html(words)) => Sent::Unclear(unproven(&request, status, &words)),
            (Meaning::Success, _) => Sent::Success(status),
            _ => Sent::Unclear(unproven(&request, status, "")),
        }
    }

    /// What a failure says.
    pub(crate) fn failed(error: impl Into<Error>) -> Self {
        let error = error.into();
        match error.http() {
            Some(http) if !http.was_sent() => match error.code() {
                Code::SignIn => Sent::Refused(error),
                _ => Sent::Nothing(error),
            },
            Some(cardwright_http::Error::SignIn { sent: false, .. }) => Sent::Refused(error),
            Some(cardwright_http::Error::Answer(answer)) => match meaning(answer.status) {
                Meaning::Refused | Meaning::SignIn => Sent::Refused(error),
                Meaning::Busy => Sent::Busy(error),
                _ => Sent::Unclear(error),
            },
            Some(_) => Sent::Unclear(error),
            None => Sent::Nothing(error),
        }
    }
}

/// The error of an answer that says yes and proves nothing.
pub(crate) fn unproven(request: &str, status: u16, words: &str) -> Error {
    let words = match words {
        "" => "it proves nothing".to_string(),
        words => format!("it proves nothing: {words}"),
    };
    cardwright_http::Error::answer(Code::Unexpected, status, request, words).into()
}

/// What a look at a card or a request tells of an operation.
#[derive(Debug)]
pub(crate) enum Look<C> {
    /// It was carried out.
    Done(C),
    /// It is as it was before.
    Before(C),
    /// It is neither; how it is, in words.
    Other(Option<C>, String),
    /// It is another card's record by now; how that shows.
    Foreign(C, String),
    /// It cannot be read now.
    Unreadable(Error),
    /// It may not be read; and what the account lacks.
    Forbidden(Error),
}

impl<C> Look<C> {
    /// What a read that failed tells: `lacks` names the privilege that reading takes.
    pub(crate) fn failed(error: Error, lacks: &str) -> Self {
        match error.code() {
            Code::Forbidden => Look::Forbidden(error.with_words(lacks)),
            Code::SignIn | Code::Canceled => Look::Forbidden(error),
            _ if error.http().is_none() => Look::Forbidden(error),
            _ => Look::Unreadable(error),
        }
    }

    /// The card, and what is said of it where the operation was not seen to be carried out.
    pub(crate) fn into_seen(self, state: impl FnOnce(&C) -> String) -> (Option<C>, String) {
        match self {
            Look::Done(card) => (Some(card), String::new()),
            Look::Before(card) => {
                let seen = format!("the card is still {}", state(&card));
                (Some(card), seen)
            }
            Look::Other(card, words) => (card, words),
            Look::Foreign(card, words) => (Some(card), format!("another card has its id by now: {words}")),
            Look::Unreadable(error) | Look::Forbidden(error) => {
                (None, format!("the card cannot be read: {}", error.unmasked()))
            }
        }
    }
}

/// How often a card is looked at at least, however short the limit: the first looks may take all of it.
const LOOKS: u32 = 4;

/// Looks until the operation shows, with growing pauses, for as long as the limit allows; returns the last look.
/// A server may finish its work after it has answered, or hung up.
pub(crate) fn settle<C>(limit: Duration, around: &mut dyn Around, mut look: impl FnMut() -> Look<C>) -> Look<C> {
    let began = Instant::now();
    let (shortest, mut pause, mut looks) = (limit / 64, limit / 64, 0);
    loop {
        let seen = look();
        looks += 1;
        let left = limit.saturating_sub(began.elapsed());
        let ends = matches!(seen, Look::Done(_) | Look::Foreign(..) | Look::Forbidden(_));
        let is_over = left.is_zero() && (looks >= LOOKS || limit.is_zero());
        if ends || is_over || !around.pause(pause.min(left).max(shortest)) {
            return seen;
        }
        // A little more, so that the shortest of limits ends too.
        pause = pause.saturating_mul(2) + Duration::from_micros(500);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Clock(Vec<Duration>);

    impl Around for Clock {
        fn pause(&mut self, time: Duration) -> bool {
            self.0.push(time);
            std::thread::sleep(time);
            true
        }

        fn again(&mut self, _: u32, _: &Error) -> bool {
            false
        }
    }

    #[test]
    fn looks_grow_apart_and_end_at_the_limit() {
        let (mut clock, mut looks) = (Clock(Vec::new()), 0);
        let seen = settle(Duration::from_millis(64), &mut clock, || {
            looks += 1;
            Look::Before(())
        });
        assert!(matches!(seen, Look::Before(())));
        assert!((4..=10).contains(&looks), "{looks} looks");
        let pauses = &clock.0;
        assert!(pauses[..pauses.len() - 1].is_sorted(), "{pauses:?}");
        // A look that takes longer than the limit is not the only one.
        let mut looks = 0;
        settle(Duration::from_millis(1), &mut clock, || {
            looks += 1;
            std::thread::sleep(Duration::from_millis(2));
            Look::Before(())
        });
        assert_eq!(looks, 4);
    }

    #[test]
    fn what_is_seen_at_once_is_not_looked_for_again() {
        let mut clock = Clock(Vec::new());
        assert!(matches!(settle(Duration::from_secs(5), &mut clock, || Look::Done(())), Look::Done(())));
        assert!(clock.0.is_empty());
    }
}
