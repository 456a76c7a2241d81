//! One card of a bulk run: what is known of it, what is written down, and what comes next.

use super::gate::Gate;
use super::journal::Journal;
use super::table::{Card, Fate, Standing};
use super::{Settings, Stopped};
use crate::error::Error;
use crate::system::Job;
use cardwright_core::Code;
use cardwright_core::lifecycle::NativeState;
use cardwright_http as http;

/// What all cards of a run have in common.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Work<'w> {
    pub(crate) job: &'w Job,
    pub(crate) settings: &'w Settings,
    pub(super) gate: &'w Gate,
    pub(super) journal: Option<&'w Journal>,
}

/// A card on its way.
pub(crate) struct Way<'w> {
    pub(crate) work: Work<'w>,
    pub(crate) n: usize,
    pub(crate) card: &'w Card,
    pub(crate) now: Standing,
    /// Whether any request may have arrived that is not accounted for.
    pub(crate) ambiguous: bool,
    /// A refusal that may be the answer to a second request, the first of which was carried out.
    pub(crate) refusal: Option<Error>,
    /// What went wrong last when it was sent.
    pub(crate) last: Option<Error>,
    /// How often it was sent in this run.
    pub(crate) sent: u32,
}

/// What comes next.
pub(crate) enum Next {
    End,
    /// Once more, after a while.
    Again(Error),
    /// Once more, when the server is ready.
    Busy(Error),
    /// The run cannot go on.
    Stop(Stopped, Error),
}

impl Way<'_> {
    /// What comes after an error that leaves the card as it is; a refusal ends it with this fate.
    pub(crate) fn failed(&mut self, error: Error, fate: Fate) -> Next {
        match kind(&error) {
            Kind::Fatal(why) => Next::Stop(why, error),
            Kind::Busy => Next::Busy(error),
            Kind::Unclear => Next::Again(error),
            Kind::Refused => {
                self.fail(fate, error);
                Next::End
            }
        }
    }

    /// What a read of the card tells; `None` where it tells that nothing was carried out.
    pub(crate) fn settle(&mut self, read: Result<Option<Option<NativeState>>, Error>) -> Option<Next> {
        let state = match read {
            Err(error) => return Some(self.failed(error, Fate::Unknown)),
            Ok(None) => {
                self.words(Fate::Unknown, None, "the answer was lost, and the card is no longer there".into());
                return Some(Next::End);
            }
            Ok(Some(state)) => state,
        };
        match (self.card.wanted(self.work.job), state) {
            (Some(wanted), Some(state)) if state == wanted => self.end(Fate::Done),
            (Some(_), state) if state == self.card.state => {
                self.now.doubt = false;
                return None;
            }
            (_, state) => {
                let state = state.map_or("in a state that is not known", NativeState::name);
                self.words(Fate::Unknown, None, format!("the answer was lost or unclear; the card is now {state}"));
            }
        }
        Some(Next::End)
    }

    /// Writes down that it is sent now.
    pub(crate) fn about_to_send(&mut self, synced: bool) -> Result<(), Error> {
        self.sent += 1;
        self.now.attempts = self.now.attempts.saturating_add(1);
        if let Some(journal) = self.work.journal {
            journal.sent(self.n, self.now.attempts, synced)?;
        }
        (self.now.doubt, self.ambiguous) = (true, true);
        Ok(())
    }

    /// A request of MIM CM was made, and its id is written down: the card does not show it.
    pub(crate) fn made(&mut self, request: &str) -> Result<(), Error> {
        self.now.more().request = Some(request.to_string());
        self.now.doubt = false;
        self.work.journal.map_or(Ok(()), |journal| journal.request(self.n, request))
    }

    /// What was sent last did not arrive; what was sent `before` may have.
    pub(crate) fn unsent(&mut self, before: bool) -> Option<Next> {
        self.sent -= 1;
        (self.now.doubt, self.ambiguous) = (false, before);
        // The line would also say so of what was sent before.
        let written = self.work.journal.filter(|_| !before).map(|journal| journal.unsent(self.n));
        written.and_then(Result::err).map(|error| Next::Stop(Stopped::Journal, error))
    }

    pub(crate) fn end(&mut self, fate: Fate) {
        (self.now.fate, self.now.doubt) = (fate, false);
        self.now.clear();
    }

    pub(crate) fn fail(&mut self, fate: Fate, error: Error) {
        self.now.status = error.status().unwrap_or(self.now.status);
        self.words(fate, Some(error.code()), error.to_string());
    }

    pub(crate) fn words(&mut self, fate: Fate, code: Option<Code>, words: String) {
        self.now.fate = fate;
        self.now.doubt = fate == Fate::Unknown;
        let more = self.now.more();
        (more.code, more.words) = (code, words);
    }

    pub(crate) fn write_end(&self) {
        if let Some(Err(error)) = self.work.journal.map(|journal| journal.end(self.n, &self.now)) {
            self.work.gate.stop(Stopped::Journal, Some(error));
        }
    }
}

/// Whether it is certain that a request was not carried out: it never arrived, or was turned away at
/// the door.
pub(crate) fn never_arrived(error: &Error) -> bool {
    match error {
        _ if error.is_no_token() => true,
        _ if error.is_lost_answer() => false,
        _ => matches!(error.code(), Code::Unreachable | Code::Address | Code::SignIn) || error.status() == Some(429),
    }
}

/// What an error means for a run.
pub(crate) enum Kind {
    /// No card will fare better.
    Fatal(Stopped),
    Busy,
    /// It may have been carried out, or will be another time.
    Unclear,
    Refused,
}

pub(crate) fn kind(error: &Error) -> Kind {
    match error.code() {
        Code::Canceled => Kind::Fatal(Stopped::Canceled),
        // Whatever keeps the issuer from giving one.
        _ if error.is_no_token() => Kind::Fatal(Stopped::SignIn),
        Code::Unreachable | Code::Tls | Code::Address => Kind::Fatal(Stopped::Unreachable),
        Code::SignIn => Kind::Fatal(Stopped::SignIn),
        _ => match error.status() {
            Some(429 | 503) => Kind::Busy,
            Some(408 | 500..=599) => Kind::Unclear,
            Some(_) => Kind::Refused,
            None => match error {
                Error::Http(http::Error::Transport { .. } | http::Error::Decode(_)) => Kind::Unclear,
                _ => Kind::Refused,
            },
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn transport(code: Code) -> http::Error {
        http::Error::Transport { code, request: "POST /".into(), attempts: 1, sent: code != Code::Unreachable, source: "so it is".into() }
    }

    fn sign_in(sent: bool) -> http::Error {
        http::Error::SignIn { request: "POST /".into(), message: "so it is".into(), sent }
    }

    fn no_token(error: http::Error) -> Error {
        http::Error::NoToken(std::sync::Arc::new(error)).into()
    }

    #[test]
    fn what_a_server_took_that_could_not_prove_who_it_is_may_have_been_carried_out() {
        assert!(!never_arrived(&sign_in(true).into()));
        assert!(never_arrived(&sign_in(false).into()));
    }

    #[test]
    fn without_a_token_nothing_is_sent_and_no_other_card_will_fare_better() {
        let issuers = [
            transport(Code::Unreachable),
            transport(Code::Timeout),
            transport(Code::Broken),
            http::Error::answer(Code::Busy, 503, "POST /token", ""),
            http::Error::answer(Code::BadRequest, 400, "POST /token", "invalid_client"),
            sign_in(false),
        ];
        for error in issuers.map(no_token) {
            assert!(matches!(kind(&error), Kind::Fatal(Stopped::SignIn)), "{error}");
            assert!(never_arrived(&error), "{error}");
        }
        let canceled = no_token(transport(Code::Canceled));
        assert!(matches!(kind(&canceled), Kind::Fatal(Stopped::Canceled)));
    }
}
