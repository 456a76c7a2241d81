//! The audit log: who did what to which card, and what was refused.

use super::{Reading, Registry, Stamp, Writing, cards::state, database, guid};
use crate::Error;
use cardwright_core::Named;
use cardwright_core::date::Moment;
use cardwright_core::identity::Guid;
use cardwright_core::lifecycle::{State, System};
use rusqlite::params;

/// A row of the audit log.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct AuditEntry {
    /// Its number: they grow, and are never given twice.
    pub id: i64,
    /// When.
    pub time: Moment,
    /// Who.
    pub account: String,
    /// Through which system; `None` where it was done to the registry itself.
    pub system: Option<System>,
    /// What: the neutral name of an operation (`suspend`, `revoke`), or what the registry or the
    /// request workflow does (`assign`, `issue`, `request`, `complete`, `cancel`, `set-state`).
    pub operation: String,
    /// The card, by its id in CertiFlow.
    pub card: Option<i64>,
    /// The card, by its id in MIM CM at that time.
    pub uuid: Option<Guid>,
    /// The card's state before.
    pub before: Option<State>,
    /// The card's state after.
    pub after: Option<State>,
    /// The reason or comment that was given, or why it was refused.
    pub note: String,
    /// Whether it was done.
    pub outcome: Outcome,
    /// The request that it belongs to.
    pub request: Option<Guid>,
}

/// Whether something was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Done,
    /// It was refused, and nothing changed.
    Refused,
}

impl Outcome {
    const fn word(self) -> &'static str {
        match self {
            Outcome::Done => "done",
            Outcome::Refused => "refused",
        }
    }
}

/// What to write down.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Event<'a> {
    pub(crate) account: &'a str,
    pub(crate) system: Option<System>,
    pub(crate) operation: &'a str,
    pub(crate) card: Option<(i64, Guid)>,
    pub(crate) before: Option<State>,
    pub(crate) after: Option<State>,
    pub(crate) note: &'a str,
    pub(crate) outcome: Outcome,
    pub(crate) request: Option<Guid>,
}

impl Registry {
    /// The rows of the audit log after one of them (0 for the first), oldest first, at most `limit`.
    ///
    /// # Errors
    /// [`Error::Database`] and [`Error::Corrupt`].
    pub fn audit(&self, after: i64, limit: u32) -> Result<Vec<AuditEntry>, Error> {
        self.read(|reading| reading.audit(after, limit))
    }
}

impl Reading<'_> {
    fn audit(&self, after: i64, limit: u32) -> Result<Vec<AuditEntry>, Error> {
        let sql = "SELECT id, time, account, system, operation, card, uuid, state_before, state_after, note, \
            outcome, request FROM audit WHERE id > ?1 ORDER BY id LIMIT ?2";
        let mut statement = self.connection.prepare_cached(sql).map_err(database)?;
        let mut rows = statement.query(params![after, limit]).map_err(database)?;
        let mut entries = Vec::new();
        while let Some(row) = rows.next().map_err(database)? {
            let state_in = |n| row.get::<_, Option<i64>>(n).map_err(database)?.map(state).transpose();
            let text = |n| row.get::<_, String>(n).map_err(database);
            let uuid = |n| row.get::<_, Option<String>>(n).map_err(database).and_then(guid);
            entries.push(AuditEntry {
                id: row.get(0).map_err(database)?,
                time: Stamp(row.get(1).map_err(database)?).moment(),
                account: text(2)?,
                system: System::from_name(&text(3)?),
                operation: text(4)?,
                card: row.get(5).map_err(database)?,
                uuid: uuid(6)?,
                before: state_in(7)?,
                after: state_in(8)?,
                note: text(9)?,
                outcome: if text(10)? == Outcome::Done.word() { Outcome::Done } else { Outcome::Refused },
                request: uuid(11)?,
            });
        }
        Ok(entries)
    }
}

impl Writing<'_> {
    /// Writes a row of the audit log.
    pub(crate) fn record(&self, event: &Event<'_>) -> Result<(), Error> {
        let sql = "INSERT INTO audit (time, account, system, operation, card, uuid, state_before, state_after, \
            note, outcome, request) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
        let mut statement = self.connection.prepare_cached(sql).map_err(database)?;
        let written = statement.execute(params![
            self.now.0,
            event.account,
            event.system.map_or("", Named::name),
            event.operation,
            event.card.map(|card| card.0),
            event.card.map(|card| card.1.to_string()),
            event.before.map(|state| state as u8),
            event.after.map(|state| state as u8),
            event.note,
            event.outcome.word(),
            event.request.map(|uuid| uuid.to_string()),
        ]);
        written.map(|_| ()).map_err(database)
    }
}
