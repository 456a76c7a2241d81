//! One card's way through a bulk run.
//!
//! While a card is in doubt (its operation was sent, and nothing tells what came of it) nothing is sent
//! but reads of it, unless the operation may be repeated.

use super::gate::{Gate, Passage};
use super::journal::Journal;
use super::plan::wanted;
use super::table::{Card, Fate, Standing};
use super::{Job, Settings, Stopped};
use crate::any::AnyClient;
use crate::certiflow::{CertiFlow, Key, native_state};
use crate::client::Client;
use crate::error::Error;
use crate::mim::Mim;
use crate::operate::Outcome;
use cardwright_core::Code;
use cardwright_core::lifecycle::NativeState;
use cardwright_http as http;
use std::time::Duration;

/// How often a card may be told to wait before that counts as a failure.
const PATIENCE: u32 = 100;

/// What all cards of a run have in common.
#[derive(Debug, Clone, Copy)]
pub(super) struct Work<'w> {
    pub(super) client: &'w AnyClient,
    pub(super) job: &'w Job,
    pub(super) settings: &'w Settings,
    pub(super) gate: &'w Gate,
    pub(super) journal: Option<&'w Journal>,
}

/// A card on its way.
struct Way<'w> {
    work: Work<'w>,
    n: usize,
    card: &'w Card,
    now: Standing,
    /// Whether any request may have arrived that is not accounted for.
    ambiguous: bool,
    /// A refusal that may be the answer to a second request, the first of which was carried out.
    refusal: Option<Error>,
    /// What went wrong last when it was sent.
    last: Option<Error>,
    /// How often it was sent in this run.
    sent: u32,
}

/// What comes next.
enum Next {
    End,
    /// Once more, after a while.
    Again(Error),
    /// Once more, when the server is ready.
    Busy(Error),
    /// The run cannot go on.
    Stop(Stopped, Error),
}

impl<'w> Work<'w> {
    /// Takes a card to its end, or leaves it to be resumed where the run stops.
    pub(super) fn card(self, n: usize, card: &'w Card, standing: &Standing) -> Standing {
        let now = standing.clone();
        let ambiguous = now.doubt;
        let mut way = Way { work: self, n, card, now, ambiguous, refusal: None, last: None, sent: 0 };
        way.go();
        way.now
    }
}

impl Way<'_> {
    fn go(&mut self) {
        let Work { gate, settings, .. } = self.work;
        let (mut tries, mut waits) = (0u32, 0u32);
        loop {
            if !gate.enter() {
                return self.put_back();
            }
            let next = match self.work.client {
                AnyClient::CertiFlow(client) => self.certiflow(client),
                AnyClient::Mim(client) => self.mim(client),
            };
            gate.leave(match &next {
                Next::End => Passage::Good,
                Next::Busy(error) => Passage::Busy(error.retry_after()),
                Next::Again(_) | Next::Stop(..) => Passage::Bad,
            });
            let error = match next {
                Next::End => return self.write_end(),
                Next::Stop(why, error) => {
                    gate.stop(why, Some(error));
                    continue;
                }
                Next::Busy(error) => {
                    waits += 1;
                    error
                }
                Next::Again(error) => {
                    tries += 1;
                    // The first look is at once: most answers are lost after the work was done.
                    if tries > 1 {
                        gate.rest(Duration::from_millis(20 << tries.min(7)));
                    }
                    error
                }
            };
            // Each attempt may need a second look at the card.
            if tries >= settings.attempts.saturating_mul(2).max(2) || waits >= PATIENCE {
                // A request of MIM CM stays open until somebody ends it.
                let open = self.now.doubt || self.now.request().is_some();
                self.fail(if open { Fate::Unknown } else { Fate::Failed }, error);
                return self.write_end();
            }
            self.last = Some(error);
        }
    }

    fn certiflow(&mut self, client: &Client<CertiFlow>) -> Next {
        let Work { job, settings, .. } = self.work;
        let repeatable = job.operation.facts().repeatable;
        if self.now.doubt && !repeatable {
            let key = Key { id: self.card.id(), serial: self.card.serial(), user: self.card.user() };
            let read = client.again(key).map(|card| card.map(|card| native_state(&card.view())));
            if let Some(next) = self.settle(read) {
                return next;
            }
        }
        if let Some(refusal) = self.refusal.take() {
            self.fail(Fate::Failed, refusal);
            return Next::End;
        }
        if self.sent >= settings.attempts.max(1) {
            match self.last.take() {
                Some(error) => self.fail(Fate::Failed, error.after(self.sent)),
                None => self.words(Fate::Failed, None, "not carried out".into()),
            }
            return Next::End;
        }
        let ambiguous = self.ambiguous;
        if let Err(error) = self.about_to_send(!repeatable) {
            return Next::Stop(Stopped::Journal, error);
        }
        let error = match client.send(self.card.id(), job.operation, job.reason) {
            Ok(status) => {
                self.now.status = status;
                self.end(Fate::Done);
                return Next::End;
            }
            Err(error) => error,
        };
        self.now.status = error.status().unwrap_or(0);
        match kind(&error) {
            Kind::Fatal(why) if never_arrived(&error) => self.unsent(ambiguous).unwrap_or(Next::Stop(why, error)),
            Kind::Fatal(why) => Next::Stop(why, error),
            Kind::Busy if never_arrived(&error) => self.unsent(ambiguous).unwrap_or(Next::Busy(error)),
            Kind::Busy => Next::Busy(error),
            Kind::Unclear => Next::Again(error),
            Kind::Refused if ambiguous && !repeatable => {
                // An earlier request may have been carried out meanwhile: then this one had to be refused.
                self.refusal = Some(error);
                self.certiflow(client)
            }
            Kind::Refused => {
                self.fail(Fate::Failed, error);
                Next::End
            }
        }
    }

    fn mim(&mut self, client: &Client<Mim>) -> Next {
        let Work { job, journal, .. } = self.work;
        if let Some(request) = self.now.request().map(str::to_string) {
            match client.go_on(&request) {
                // The card is tried again after it failed, and its request has ended: it needs another.
                Err(Error::RequestEnded { status: Some(_), .. })
                    if self.now.fate == Fate::Planned && self.sent == 0 =>
                {
                    self.now.more = None;
                }
                outcome => return self.carried_out(outcome),
            }
        }
        if self.now.doubt {
            let read = client.smartcard(self.card.id());
            let read = read.map(|card| card.map(|card| client.state(&card.view())));
            // A request that nobody has carried out yet does not show in the card.
            return self.settle(read).unwrap_or_else(|| {
                let said =
                    "the answer to the making of a request was lost; the card is unchanged, and there may be a request";
                self.words(Fate::Unknown, Some(Code::Broken), said.into());
                Next::End
            });
        }
        if let Err(error) = client.judge(self.card.id(), self.card.state, job.operation) {
            return match kind(&error) {
                Kind::Fatal(why) => Next::Stop(why, error),
                Kind::Busy => Next::Busy(error),
                Kind::Unclear => Next::Again(error),
                Kind::Refused => {
                    self.fail(Fate::Failed, error);
                    Next::End
                }
            };
        }
        if let Err(error) = self.about_to_send(true) {
            return Next::Stop(Stopped::Journal, error);
        }
        let request = match client.create(self.card.id(), job.operation, &job.comment) {
            Ok(request) => request,
            Err(error) => {
                self.now.status = error.status().unwrap_or(0);
                return match kind(&error) {
                    Kind::Fatal(why) if never_arrived(&error) => self.unsent(false).unwrap_or(Next::Stop(why, error)),
                    Kind::Fatal(why) => Next::Stop(why, error),
                    Kind::Busy if never_arrived(&error) => self.unsent(false).unwrap_or(Next::Busy(error)),
                    Kind::Busy => Next::Busy(error),
                    _ if error.is_lost_answer() || error.is_decode() => Next::Again(error),
                    _ => {
                        self.fail(Fate::Failed, error);
                        Next::End
                    }
                };
            }
        };
        self.now.more().request = Some(request.clone());
        self.now.doubt = false;
        if let Some(Err(error)) = journal.map(|journal| journal.request(self.n, &request)) {
            return Next::Stop(Stopped::Journal, error);
        }
        let outcome = client.carry_out(&request, self.card.id(), job.operation, None, false);
        self.carried_out(outcome)
    }

    /// What became of a request of MIM CM.
    fn carried_out<C>(&mut self, outcome: Result<Outcome<C>, Error>) -> Next {
        let error = match outcome {
            Ok(Outcome::Done { .. }) => {
                self.end(Fate::Done);
                return Next::End;
            }
            Ok(Outcome::AwaitingApproval { .. }) => {
                self.end(Fate::AwaitingApproval);
                return Next::End;
            }
            Ok(Outcome::Unknown { error, .. }) => return Next::Again(error),
            Err(error) => error,
        };
        self.now.status = error.status().unwrap_or(0);
        match kind(&error) {
            Kind::Fatal(why) => Next::Stop(why, error),
            Kind::Busy => Next::Busy(error),
            Kind::Unclear => Next::Again(error),
            Kind::Refused => {
                self.fail(Fate::Failed, error);
                Next::End
            }
        }
    }

    /// What a read of the card tells; `None` where it tells that nothing was carried out.
    fn settle(&mut self, read: Result<Option<Option<NativeState>>, Error>) -> Option<Next> {
        let state = match read {
            Err(error) => {
                return Some(match kind(&error) {
                    Kind::Fatal(why) => Next::Stop(why, error),
                    Kind::Busy => Next::Busy(error),
                    Kind::Unclear => Next::Again(error),
                    Kind::Refused => {
                        self.fail(Fate::Unknown, error);
                        Next::End
                    }
                });
            }
            Ok(None) => {
                self.words(Fate::Unknown, None, "the answer was lost, and the card is no longer there".into());
                return Some(Next::End);
            }
            Ok(Some(state)) => state,
        };
        match (wanted(self.card, self.work.job), state) {
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
    fn about_to_send(&mut self, synced: bool) -> Result<(), Error> {
        self.sent += 1;
        self.now.attempts = self.now.attempts.saturating_add(1);
        if let Some(journal) = self.work.journal {
            journal.sent(self.n, self.now.attempts, synced)?;
        }
        (self.now.doubt, self.ambiguous) = (true, true);
        Ok(())
    }

    /// What was sent last did not arrive; what was sent `before` may have.
    fn unsent(&mut self, before: bool) -> Option<Next> {
        self.sent -= 1;
        (self.now.doubt, self.ambiguous) = (false, before);
        // The line would also say so of what was sent before.
        let written = self.work.journal.filter(|_| !before).map(|journal| journal.unsent(self.n));
        written.and_then(Result::err).map(|error| Next::Stop(Stopped::Journal, error))
    }

    fn end(&mut self, fate: Fate) {
        (self.now.fate, self.now.doubt) = (fate, false);
        self.now.clear();
    }

    fn fail(&mut self, fate: Fate, error: Error) {
        self.now.status = error.status().unwrap_or(self.now.status);
        self.words(fate, Some(error.code()), error.to_string());
    }

    fn words(&mut self, fate: Fate, code: Option<Code>, words: String) {
        self.now.fate = fate;
        self.now.doubt = fate == Fate::Unknown;
        let more = self.now.more();
        (more.code, more.words) = (code, words);
    }

    fn write_end(&self) {
        if let Some(Err(error)) = self.work.journal.map(|journal| journal.end(self.n, &self.now)) {
            self.work.gate.stop(Stopped::Journal, Some(error));
        }
    }

    /// The run stops: the journal holds what is known, and the next run goes on from there. A card in
    /// doubt is looked at once more where somebody asked to stop and the server is there.
    fn put_back(&mut self) {
        let repeatable = self.work.job.operation.facts().repeatable;
        let unreachable = matches!(
            self.work.gate.stopped(),
            Some(Stopped::Unreachable | Stopped::SignIn | Stopped::Busy | Stopped::Journal)
        );
        if let (AnyClient::CertiFlow(client), true, false) =
            (self.work.client, self.now.doubt && self.sent > 0 && !repeatable, unreachable)
        {
            let key = Key { id: self.card.id(), serial: self.card.serial(), user: self.card.user() };
            let read = client.again(key).map(|card| card.map(|card| native_state(&card.view())));
            if let Some(Next::End) = self.settle(read) {
                return self.write_end();
            }
        }
        self.now.fate = match (self.now.fate, self.now.request()) {
            (Fate::AwaitingApproval, _) => Fate::AwaitingApproval,
            _ if self.now.doubt => Fate::Unknown,
            (_, Some(_)) => Fate::Unknown,
            _ => Fate::Planned,
        };
    }
}

/// Whether it is certain that a request was not carried out: it never arrived, or was turned away at
/// the door.
fn never_arrived(error: &Error) -> bool {
    match error {
        _ if error.is_no_token() => true,
        _ if error.is_lost_answer() => false,
        _ => matches!(error.code(), Code::Unreachable | Code::Address | Code::SignIn) || error.status() == Some(429),
    }
}

/// What an error means for a run.
enum Kind {
    /// No card will fare better.
    Fatal(Stopped),
    Busy,
    /// It may have been carried out, or will be another time.
    Unclear,
    Refused,
}

fn kind(error: &Error) -> Kind {
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
        http::Error::Transport { code, request: "POST /".into(), attempts: 1, source: "so it is".into() }
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
