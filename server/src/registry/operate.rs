//! Operations on cards: judged by the tables of `cardwright_core::lifecycle`, and carried out by
//! compare-and-set.

use super::rows::{Card, CardEffect, CertificateEffect, Event, Outcome, Who};
use super::{Registry, Writing};
use crate::Error;
use cardwright_core::Named as _;
use cardwright_core::identity::Guid;
use cardwright_core::lifecycle::{Evidence, NativeState, Operation, State, System, Verdict};

/// An operation, who requests it, and its meaning in the system that received the request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Act<'a> {
    pub(crate) by: &'a Who,
    pub(crate) system: System,
    /// The state that the system shows for a card; `None` if it does not show such a card.
    pub(crate) shown: fn(State) -> Option<NativeState>,
    pub(crate) operation: Operation,
    pub(crate) effects: Effects,
    pub(crate) note: &'a str,
    pub(crate) request: Option<Guid>,
}

/// What an operation changes besides the state.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Effects {
    pub(crate) card: CardEffect,
    pub(crate) certificates: CertificateEffect,
}

/// The result of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Judged {
    /// It was done.
    Done,
    /// It is not allowed in this state.
    Refused { state: NativeState, evidence: Evidence, source: &'static str },
    /// The system has no such card.
    NoCard,
}

impl Registry {
    /// Puts a card into a state, whatever the tables say, and leaves its certificates as they are: for
    /// tests and demonstrations. The audit log shows it as `set-state`.
    ///
    /// # Errors
    /// [`Error::NoSuchCard`], [`Error::Database`].
    pub fn set_state(&self, id: i64, state: State) -> Result<(), Error> {
        self.write(|writing| {
            let card = writing.card(id)?.ok_or(Error::NoSuchCard(id))?;
            writing.writes.change_card(id, card.state, state, CardEffect::Nothing)?;
            writing
                .record(&Event { after: Some(state), ..Event::new(&Who::account(""), None, "set-state", Some(&card)) })
        })
    }

    /// The state of a card.
    ///
    /// # Errors
    /// [`Error::NoSuchCard`], [`Error::Database`].
    pub fn state(&self, id: i64) -> Result<State, Error> {
        self.read(|reading| reading.card(id))?.map(|card| card.state).ok_or(Error::NoSuchCard(id))
    }
}

impl Writing<'_> {
    /// Carries out an operation on a card if its state allows it, and logs it either way.
    pub(crate) fn operate(&self, id: i64, act: &Act<'_>) -> Result<Judged, Error> {
        loop {
            let Some(card) = self.card(id)? else { return Ok(Judged::NoCard) };
            let Some(state) = (act.shown)(card.state) else { return Ok(Judged::NoCard) };
            let (evidence, source) = match Verdict::of(state, act.operation) {
                Verdict::Allowed { to, .. } => {
                    let Some(to) = to.neutral() else { return Err(Error::Corrupt("a row that leads nowhere")) };
                    if self.writes.change_card(card.id, card.state, to, act.effects.card)? {
                        let touched = self.touch_certificates(card.id, act.effects.certificates)?;
                        self.record(&event(&card, act, to, &touched.note(act.note), Outcome::Done))?;
                        return Ok(Judged::Done);
                    }
                    // Another change came first: the new state decides.
                    continue;
                }
                Verdict::Refused { evidence, source } => (evidence, source),
                Verdict::Lacks => (Evidence::Documented, "the system has no such operation"),
            };
            self.record(&event(&card, act, card.state, source, Outcome::Refused))?;
            return Ok(Judged::Refused { state, evidence, source });
        }
    }
}

fn event<'a>(card: &Card, act: &'a Act<'_>, after: State, note: &'a str, outcome: Outcome) -> Event<'a> {
    Event {
        after: Some(after),
        note,
        outcome,
        request: act.request,
        ..Event::new(act.by, act.system, act.operation.name(), Some(card))
    }
}
