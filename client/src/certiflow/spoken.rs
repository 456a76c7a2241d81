//! Which generation the server speaks, as far as a client knows.
//!
//! A generation that was given is spoken, and no other. Where none was given, the base of the API leaves a few, and each
//! answer leaves fewer. Questions of their own are asked only where a server would ignore what is asked for, or has not
//! what was asked, and once: see [`Probe`].

use super::CertiFlow;
use super::list::read_card;
use crate::client::Client;
use crate::error::Error;
use cardwright_core::base::usual_dialects;
use cardwright_core::certiflow::{Answer, Call, Dialect, Dialects, Endpoint, Finding, Probe, Query, Request, Sure};
use cardwright_core::{Code, Error as CallError, Named as _};
use cardwright_http::{Meaning, Stream, meaning};

/// How often a client asks the questions by itself.
const MOST_PROBES: u32 = 3;

impl Client<CertiFlow> {
    /// The generation that is spoken: the one that was given, else what is known or usual at this base.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.candidates().next().unwrap_or_default()
    }

    /// The generation that was given; `None` where it is found out.
    #[must_use]
    pub fn given_dialect(&self) -> Option<Dialect> {
        self.api.given
    }

    /// What questions to the server have told of its generation; `None` where none were needed yet.
    #[must_use]
    pub fn finding(&self) -> Option<Finding> {
        self.api.known.finding()
    }

    /// Finds out which generation the server speaks, by at most [`Probe::MOST`] questions that change nothing. Where no
    /// generation was given, it is spoken from then on.
    ///
    /// # Errors
    /// Where no answer came to the first question: the network, TLS, no token. Where it is canceled. Any other answer is
    /// part of the finding.
    pub fn probe(&self) -> Result<Finding, Error> {
        let mut asked = self.api.known.asked();
        self.ask(&mut asked)
    }

    /// Asks the questions, and counts that they were asked.
    fn ask(&self, times: &mut u32) -> Result<Finding, Error> {
        *times += 1;
        let mut probe = Probe::new();
        let mut asked = 0;
        while let Some(question) = probe.question() {
            let reply = match self.transport.send(&question) {
                Ok(reply) => reply,
                Err(error) => {
                    let answer = match error.status() {
                        Some(404 | 405) => Answer::Missing,
                        Some(401 | 403) => Answer::Denied,
                        Some(status) if meaning(status) == Meaning::Refused => Answer::Refused,
                        None if asked == 0 || error.code() == Code::Canceled => return Err(error.into()),
                        _ => Answer::Unclear,
                    };
                    probe.answer(answer);
                    asked += 1;
                    continue;
                }
            };
            asked += 1;
            let mut stream = Stream::new(reply, &self.transport);
            match (stream.next(read_card), stream.next(read_card)) {
                (Some(Ok(card)), None) => probe.answer(Answer::Card(card.view().id())),
                (Some(Ok(card)), Some(_)) => probe.answer(Answer::Cards(card.view().id())),
                (None, _) => probe.answer(Answer::Empty),
                (Some(Err(_)), _) => probe.answer(Answer::Unclear),
            }
        }
        let finding = probe.finding();
        self.api.known.found(finding);
        if finding.sure() != Sure::Nothing {
            self.api.known.leave(finding.spoken());
        }
        tracing::info!("{finding}");
        Ok(finding)
    }

    /// As [`Self::probe`], once for a client; where nothing was learned, or not enough to tell about `dialect`, some
    /// times more.
    fn probed(&self, dialect: Option<Dialect>) -> Result<Finding, Error> {
        let mut asked = self.api.known.asked();
        match self.finding() {
            Some(finding) if *asked >= MOST_PROBES => Ok(finding),
            Some(finding) if finding.sure() == Sure::Shown => Ok(finding),
            Some(finding) if finding.sure() == Sure::Several && dialect.is_none_or(|one| finding.rules_out(one)) => {
                Ok(finding)
            }
            _ => self.ask(&mut asked),
        }
    }

    /// The generations that are usual at this base, in the order in which they are tried; none at another base.
    fn usual(&self) -> &'static [Dialect] {
        usual_dialects(self.base())
    }

    /// Those that the base and the answers leave. Where one was given, the base says nothing about it.
    fn possible(&self) -> Dialects {
        let known = self.api.known.possible();
        if known.is_empty() { self.at_first() } else { known }
    }

    fn at_first(&self) -> Dialects {
        match (self.api.given, self.usual()) {
            (Some(_), _) | (None, []) => Dialects::ALL,
            (None, usual) => usual.iter().copied().collect(),
        }
    }

    /// The generations to try, in this order: what was found, what is usual at the base, then the newest first.
    fn candidates(&self) -> impl Iterator<Item = Dialect> + use<> {
        let (given, possible) = (self.api.given, self.possible());
        let found = self.finding().and_then(|finding| finding.dialect(self.usual()));
        let usual = found.into_iter().chain(self.usual().iter().chain(Dialect::ALL.iter().rev()).copied());
        let usual = usual.filter(move |one| given.is_none() && possible.has(*one));
        given.into_iter().chain(usual)
    }

    /// Whether the base and the answers leave a generation.
    pub(super) fn may_speak(&self, dialect: Dialect) -> bool {
        self.possible().has(dialect)
    }

    /// Notes that an answer leaves these generations alone.
    pub(super) fn learn(&self, shown: Dialects) {
        self.api.known.narrow(self.at_first(), shown);
    }

    /// Notes that a list of this generation's was answered.
    pub(super) fn learn_list(&self, dialect: Dialect, query: &Query<'_>) {
        let route = query.endpoint(dialect).route_in(dialect);
        let same = |one: &Dialect| query.endpoint(*one).route_in(*one) == route;
        self.learn(Dialects::ALL.iter().filter(same).collect());
    }

    /// The generation in which a list is asked for. Where another one that is possible has other names for its filters,
    /// which a server would ignore, the server is asked first.
    ///
    /// # Errors
    /// What the generation lacks, see [`Query::check`]; where the server could not be asked.
    pub(super) fn dialect_for(&self, query: &Query<'_>) -> Result<Dialect, Error> {
        let dialect = self.any_for(query)?;
        let differs = |other: Dialect| query.check(other).is_ok() && query.is_read_otherwise(dialect, other);
        if self.api.given.is_some() || self.finding().is_some() || !self.candidates().any(differs) {
            return Ok(dialect);
        }
        self.probed(None)?;
        Ok(self.any_for(query)?)
    }

    /// The first generation to try that has what a query asks for. Nothing is sent.
    ///
    /// # Errors
    /// What the newest one lacks.
    pub(super) fn any_for(&self, query: &Query<'_>) -> Result<Dialect, CallError> {
        // They bound the whole list, in a generation without pages too.
        let query = Query { offset: None, count: None, ..*query };
        match self.candidates().find(|dialect| query.check(*dialect).is_ok()) {
            Some(dialect) => Ok(dialect),
            None => {
                let dialect = self.candidates().max().unwrap_or_default();
                query.check(dialect)?;
                Ok(dialect)
            }
        }
    }

    /// A call as the spoken generation has it. Where that one lacks it and another possible one does not, the server is
    /// asked which it is.
    ///
    /// # Errors
    /// What the generation lacks.
    pub(super) fn request<'a>(&self, call: Call<'a>) -> Result<Request<'a>, Error> {
        let dialect = self.dialect();
        match call.in_dialect(dialect) {
            Err(lacks) if lacks.at == dialect as usize && self.finding().is_none() => {
                if !self.candidates().any(|other| call.in_dialect(other).is_ok()) {
                    let newest = self.candidates().max().unwrap_or(dialect);
                    return Ok(call.in_dialect(newest)?);
                }
                self.probed(None)?;
                Ok(call.in_dialect(self.dialect())?)
            }
            request => Ok(request?),
        }
    }

    /// Asks the server which generation it speaks, where another possible one does not have a call at all, or elsewhere. One
    /// that cannot be asked is sent the call: it refuses what it does not have.
    pub(super) fn ask_who_has(&self, call: Call<'_>) {
        let route = |dialect: Dialect| call.endpoint(dialect).and_then(|endpoint| endpoint.route_in(dialect));
        let dialect = self.dialect();
        let lacks = |other: Dialect| call.in_dialect(other).is_err() || route(other) != route(dialect);
        if self.api.given.is_none() && self.candidates().any(lacks) {
            let _ = self.probed(None);
        }
    }

    /// Asks the server which generation it speaks, where a card cannot be read otherwise.
    pub(super) fn ask_for_key(&self) {
        if self.api.given.is_none() {
            let _ = self.probed(None);
        }
    }

    /// What to do where an answer does not fit the generation that was spoken: the one to speak instead.
    ///
    /// # Errors
    /// `error` itself where no other is known; [`Error::Dialect`] where another one was given than the server speaks.
    pub(super) fn instead_of(&self, dialect: Dialect, error: Error) -> Result<Dialect, Error> {
        // A server that cannot be asked tells nothing: the first error is the better one.
        let Ok(finding) = self.probed(Some(dialect)) else { return Err(error) };
        match finding.dialect(self.usual()) {
            Some(found) if finding.rules_out(dialect) => match self.api.given {
                Some(_) => Err(Error::Dialect { given: dialect, found, finding }),
                None => {
                    // What was learned of the other one tells nothing.
                    self.api.known.leave(finding.spoken());
                    self.api.known.forget_keys();
                    self.obeyed.clear();
                    Ok(found)
                }
            },
            _ => Err(error),
        }
    }

    /// Whether all possible generations take the reason of a revocation where the spoken one has it. One that looks for
    /// it elsewhere would revoke without it.
    pub(super) fn knows_place_of_reason(&self) -> bool {
        let dialect = self.dialect();
        let route = Endpoint::Revoke.route_in(dialect);
        let same_route = |one: &Dialect| Endpoint::Revoke.route_in(*one) == route;
        self.possible().iter().filter(same_route).all(|one| one.reason_in_body() == dialect.reason_in_body())
    }
}
