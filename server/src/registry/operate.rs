//! Operations on cards: judged by the tables of `cardwright_core::lifecycle`, and done by
//! compare-and-set.

use super::{Card, Event, Outcome, Registry, Writing, database};
use crate::Error;
use cardwright_core::Named;
use cardwright_core::certiflow::RevocationReason;
use cardwright_core::identity::Guid;
use cardwright_core::lifecycle::{Evidence, NativeState, Operation, State, System, Verdict};
use cardwright_core::mim::SmartcardStatus;
use rusqlite::params;

/// An operation, and who asks for it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Act<'a> {
    pub(crate) account: &'a str,
    pub(crate) system: System,
    pub(crate) operation: Operation,
    pub(crate) reason: Option<RevocationReason>,
    pub(crate) note: &'a str,
    pub(crate) request: Option<Guid>,
}

/// What came of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Judged {
    /// It was done.
    Done,
    /// It is not allowed in this state.
    Refused { state: NativeState, evidence: Evidence, source: &'static str },
    /// The system has no such card.
    NoCard,
}

/// A card's state in a system; `None` where the system does not show such a card.
pub(crate) fn native(state: State, system: System) -> Option<NativeState> {
    match system {
        System::CertiFlow => state.native(System::CertiFlow),
        System::Mim => Some(NativeState::Mim(mim_status(state))),
    }
}

/// A card's status in MIM CM. A pending card is shown as Assigned, which is assumed: in MIM CM it is
/// the request that is pending.
pub(crate) fn mim_status(state: State) -> SmartcardStatus {
    match state.native(System::Mim) {
        Some(NativeState::Mim(status)) => status,
        _ => SmartcardStatus::Assigned,
    }
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
            let sql = "UPDATE card SET state = ?2 WHERE id = ?1";
            writing.connection.execute(sql, params![id, state as u8]).map_err(database)?;
            writing.record(&Event {
                account: "",
                system: None,
                operation: "set-state",
                card: Some((card.id, card.uuid)),
                before: Some(card.state),
                after: Some(state),
                note: "",
                outcome: Outcome::Done,
                request: None,
            })
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
    /// Does an operation to a card where its state allows it, and writes it down either way.
    pub(crate) fn operate(&self, id: i64, act: &Act<'_>) -> Result<Judged, Error> {
        loop {
            let Some(card) = self.card(id)? else { return Ok(Judged::NoCard) };
            let Some(state) = native(card.state, act.system) else { return Ok(Judged::NoCard) };
            let (evidence, source) = match Verdict::of(state, act.operation) {
                Verdict::Allowed { to, .. } => {
                    let Some(to) = to.neutral() else { return Err(Error::Corrupt("a row that leads nowhere")) };
                    if self.change(&card, to, act)? {
                        let touched = self.touch_certificates(card.id, act.operation, act.system, act.reason)?;
                        self.record(&event(&card, act, to, &touched.note(act.note), Outcome::Done))?;
                        return Ok(Judged::Done);
                    }
                    // Another got there first: the new state decides.
                    continue;
                }
                Verdict::Refused { evidence, source } => (evidence, source),
                Verdict::Lacks => (Evidence::Documented, "the system has no such operation"),
            };
            self.record(&event(&card, act, card.state, source, Outcome::Refused))?;
            return Ok(Judged::Refused { state, evidence, source });
        }
    }

    /// Changes a card to what it is after an operation; whether it was still in the state before.
    fn change(&self, card: &Card, to: State, act: &Act<'_>) -> Result<bool, Error> {
        // timeDisabled is kept when the hold is lifted, and PreUpdate leaves timeUpdated alone: both
        // are assumed.
        let effects = match (act.operation, act.system) {
            (Operation::Suspend, _) => ", time_disabled = ?4",
            (Operation::Revoke, _) => ", time_revoked = ?4, revocation_reason = ?5",
            (Operation::Retire, System::CertiFlow) => {
                ", user_uuid = NULL, user_name = NULL, user_upn = NULL, policy_id = NULL, policy_name = NULL, \
                  template = NULL, template_version = 0"
            }
            (Operation::Resume | Operation::PreUpdate, _) | (Operation::Retire, System::Mim) => "",
        };
        let sql = format!("UPDATE card SET state = ?3{effects} WHERE id = ?1 AND state = ?2");
        let mut statement = self.connection.prepare_cached(&sql).map_err(database)?;
        statement.raw_bind_parameter(1, card.id).map_err(database)?;
        statement.raw_bind_parameter(2, card.state as u8).map_err(database)?;
        statement.raw_bind_parameter(3, to as u8).map_err(database)?;
        if effects.contains("?4") {
            statement.raw_bind_parameter(4, self.now.0).map_err(database)?;
        }
        if effects.contains("?5") {
            let reason = act.reason.unwrap_or(RevocationReason::None);
            statement.raw_bind_parameter(5, reason as u8).map_err(database)?;
        }
        Ok(statement.raw_execute().map_err(database)? == 1)
    }
}

fn event<'a>(card: &Card, act: &'a Act<'_>, after: State, note: &'a str, outcome: Outcome) -> Event<'a> {
    Event {
        account: act.account,
        system: Some(act.system),
        operation: act.operation.name(),
        card: Some((card.id, card.uuid)),
        before: Some(card.state),
        after: Some(after),
        note,
        outcome,
        request: act.request,
    }
}
