//! One card of a bulk run: what is written down of it, where it waits, and what its outcome means for the run.
//!
//! The operation itself is the engine's. While it waits for a card to show the result, another card goes on: the
//! gate counts only those that do not wait.

use super::gate::{Gate, Passage};
use super::journal::Journal;
use super::table::{Fate, Standing};
use super::{Pace, Stopped};
use crate::any::AnyCard;
use crate::engine::{Around, Begun, Engine};
use crate::error::Error;
use crate::outcome::{Ending, Outcome};
use crate::subject::Subject;
use crate::system::Job;
use cardwright_core::{Code, Named as _};
use cardwright_http::{Meaning, meaning};
use std::time::Duration;

/// How often a server may ask to wait before a card's operation is begun.
const PATIENCE: u32 = 100;

/// What all cards of a run have in common.
#[derive(Debug, Clone, Copy)]
pub(super) struct Work<'w> {
    pub(super) job: &'w Job,
    pub(super) settings: &'w Pace,
    pub(super) gate: &'w Gate,
    pub(super) journal: Option<&'w Journal>,
    /// Time has passed since the cards were found.
    pub(super) resumed: bool,
}

/// A card on its way.
struct Way<'w> {
    work: Work<'w>,
    n: usize,
    now: Standing,
    /// Whether it has a place among those that do not wait.
    inside: bool,
    /// Whether the journal holds an earlier request of it that may have arrived.
    doubt_before: bool,
}

impl<'w> Work<'w> {
    /// Takes a card to its end, or leaves it to be resumed where the run stops.
    pub(super) fn card(self, engine: &dyn Engine, n: usize, card: &Subject, standing: &Standing) -> Standing {
        let now = standing.clone();
        let doubt_before = now.doubt;
        let mut way = Way { work: self, n, now, inside: false, doubt_before };
        way.go(engine, card);
        way.now
    }
}

impl Way<'_> {
    fn go(&mut self, engine: &dyn Engine, card: &Subject) {
        if !self.enter() {
            return self.put_back();
        }
        let request = self.now.request().map(str::to_string);
        let mut begun = Begun { doubt: self.now.doubt, resumed: self.work.resumed, request: request.as_deref() };
        let mut outcome = self.perform(engine, card, begun);
        // The card is tried again after it failed, and its request has ended: it needs another.
        let has_ended =
            |outcome: &Outcome<AnyCard>| matches!(outcome.error, Some(Error::RequestEnded { status: Some(_), .. }));
        if self.now.fate == Fate::Planned && request.is_some() && outcome.as_ref().is_ok_and(has_ended) {
            self.now.more = None;
            begun.request = None;
            outcome = self.perform(engine, card, begun);
        }
        let passage = match &outcome {
            Ok(outcome) if outcome.is_success() || outcome.ending == Ending::AwaitingApproval => Passage::Good,
            _ => Passage::Bad,
        };
        self.leave(passage);
        match outcome {
            Ok(outcome) => self.ended(card, outcome),
            Err(error) => match fatal(&error) {
                Some(why) => {
                    self.work.gate.stop(why, Some(error));
                    self.put_back();
                }
                None => {
                    self.tell(card, "failed", Some(&error));
                    let words = error.unmasked().to_string();
                    self.end(Fate::Failed, error.status(), Some(&error), words);
                }
            },
        }
    }

    /// Carries the operation out. Where a read before it failed, so that it was not begun, it is begun later.
    fn perform(&mut self, engine: &dyn Engine, card: &Subject, begun: Begun<'_>) -> Result<Outcome<AnyCard>, Error> {
        let (mut waits, mut tries) = (0, 1);
        loop {
            let outcome = engine.perform(card, self.work.job, begun, self);
            let Some(error) = outcome.as_ref().err().filter(|_| !self.now.doubt) else { return outcome };
            let goes_on = match error.code() {
                Code::Busy if waits < PATIENCE => {
                    waits += 1;
                    self.leave(Passage::Busy(error.retry_after()));
                    self.come_back()
                }
                Code::ServerFailed | Code::Broken | Code::Timeout => {
                    tries += 1;
                    self.again(tries - 1, error)
                }
                _ => false,
            };
            if !goes_on {
                return outcome;
            }
        }
    }

    /// Tells a log how a card ended.
    fn tell(&self, card: &Subject, result: &str, error: Option<&Error>) {
        let (card, operation) = (card.id(), self.work.job.operation.name());
        match error.map(Error::code) {
            None => tracing::debug!(card, operation, result, "a card ended"),
            Some(code) => {
                let (code, why) = (code.number(), code.text());
                tracing::warn!(card, operation, result, code, why, "a card ended");
            }
        }
    }

    /// Writes down the outcome, and stops the run where no other card would fare better.
    fn ended(&mut self, card: &Subject, outcome: Outcome<AnyCard>) {
        let error = outcome.error.as_ref().filter(|_| !outcome.is_success());
        self.tell(card, outcome.ending.name(), error);
        let stops = outcome.error.as_ref().filter(|_| !outcome.is_success()).and_then(fatal);
        let words = match outcome.ending {
            Ending::Done | Ending::Accepted | Ending::AwaitingApproval => outcome.warning.clone().unwrap_or_default(),
            Ending::Refused | Ending::NotSent => outcome.error.as_ref().map(Error::to_string).unwrap_or_default(),
            Ending::Unknown => outcome.to_string().trim_start_matches("unknown: ").to_string(),
        };
        let stays = match (outcome.ending, stops) {
            // Nothing was done with it, and nothing is known against it.
            (Ending::NotSent, _) | (Ending::Refused, Some(_)) if self.now.request().is_none() => {
                // What was turned away at the door was not carried out.
                let unsent = if outcome.ending == Ending::Refused { self.unsent() } else { Ok(()) };
                if let Err(error) = unsent {
                    self.work.gate.stop(Stopped::Journal, Some(error));
                }
                true
            }
            (Ending::Unknown, _) => self.work.gate.stopped().is_some() && self.now.doubt,
            _ => false,
        };
        if !stays {
            let error = outcome.error.as_ref().filter(|_| !outcome.is_success());
            self.end(Fate::from(outcome.ending), outcome.status, error, words);
        }
        let why = match outcome.ending {
            Ending::NotSent => stops.or(Some(Stopped::Unreachable)),
            _ => stops,
        };
        if let Some(why) = why {
            self.work.gate.stop(why, outcome.error);
        }
        if stays {
            self.put_back();
        }
    }

    fn end(&mut self, fate: Fate, status: Option<u16>, error: Option<&Error>, words: String) {
        self.now.fate = fate;
        self.now.doubt = fate == Fate::Unknown && self.now.request().is_none();
        self.now.status = status.unwrap_or(0);
        self.now.clear();
        if !words.is_empty() || error.is_some() {
            let more = self.now.more();
            (more.code, more.words) = (error.map(Error::code), words);
        }
        if let Some(Err(error)) = self.work.journal.map(|journal| journal.end(self.n, &self.now)) {
            self.work.gate.stop(Stopped::Journal, Some(error));
        }
    }

    /// The run stops: the journal holds what is known, and the next run resumes from there.
    fn put_back(&mut self) {
        self.now.fate = match (self.now.fate, self.now.request()) {
            (Fate::AwaitingApproval, _) => Fate::AwaitingApproval,
            _ if self.now.doubt => Fate::Unknown,
            (_, Some(_)) => Fate::Unknown,
            _ => Fate::Planned,
        };
    }

    fn enter(&mut self) -> bool {
        self.inside = self.work.gate.enter();
        self.inside
    }

    /// Enters before those that have not begun.
    fn come_back(&mut self) -> bool {
        self.inside = self.work.gate.come_back();
        self.inside
    }

    fn leave(&mut self, passage: Passage) {
        if std::mem::take(&mut self.inside) {
            self.work.gate.leave(passage);
        }
    }
}

impl Around for Way<'_> {
    fn sending(&mut self, repeatable: bool) -> Result<(), Error> {
        self.now.attempts = self.now.attempts.saturating_add(1);
        if let Some(journal) = self.work.journal {
            journal.sent(self.n, self.now.attempts, !repeatable)?;
        }
        self.now.doubt = true;
        Ok(())
    }

    fn unsent(&mut self) -> Result<(), Error> {
        // The line would also say so of what was sent before.
        self.now.doubt = self.doubt_before;
        let journal = self.work.journal.filter(|_| !self.doubt_before);
        journal.map_or(Ok(()), |journal| journal.unsent(self.n))
    }

    fn made(&mut self, request: &str) -> Result<(), Error> {
        self.now.more().request = Some(request.to_string());
        self.now.doubt = false;
        self.work.journal.map_or(Ok(()), |journal| journal.request(self.n, request))
    }

    fn pause(&mut self, time: Duration) -> bool {
        self.leave(Passage::Bad);
        self.work.gate.pass_on();
        self.work.gate.rest(time) && self.come_back()
    }

    fn again(&mut self, attempt: u32, error: &Error) -> bool {
        if attempt >= self.work.settings.attempts.max(1) {
            return false;
        }
        let is_busy = error.status().is_some_and(|status| meaning(status) == Meaning::Busy);
        self.leave(if is_busy { Passage::Busy(error.retry_after()) } else { Passage::Bad });
        if !is_busy {
            self.work.gate.pass_on();
        }
        (is_busy || self.work.gate.rest(Duration::from_millis(20 << attempt.min(7)))) && self.come_back()
    }
}

/// Why no other card would fare better after this error.
fn fatal(error: &Error) -> Option<Stopped> {
    match error.code() {
        Code::Canceled => Some(Stopped::Canceled),
        // Whatever keeps the issuer from giving one.
        _ if error.is_no_token() => Some(Stopped::SignIn),
        Code::SignIn => Some(Stopped::SignIn),
        Code::Unreachable | Code::Tls => Some(Stopped::Unreachable),
        // A setting that cannot be used; an address that the server does not have is its answer to this card.
        code if code.is_setup() && error.status().is_none() => Some(Stopped::Unreachable),
        Code::Journal => Some(Stopped::Journal),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cardwright_http as http;

    #[test]
    fn without_a_token_nothing_is_sent_and_no_other_card_will_fare_better() {
        let issuers = [
            http::Error::answer(Code::Busy, 503, "POST /token", ""),
            http::Error::answer(Code::BadRequest, 400, "POST /token", "invalid_client"),
        ];
        for error in issuers {
            let error = Error::from(http::Error::NoToken(std::sync::Arc::new(error)));
            assert_eq!(fatal(&error), Some(Stopped::SignIn), "{error}");
            assert!(error.http().is_some_and(|error| !error.was_sent()), "{error}");
        }
    }
}
