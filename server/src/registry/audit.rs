//! The audit log: who did what to which card, and what was refused.

use super::cards::{Card, CardKey};
use super::record::{Column, record};
use super::stamp::Stamp;
use super::store::Registry;
use super::transaction::{Reading, Writing};
use super::who::Who;
use crate::Error;
use crate::visible::visible;
use cardwright_core::date::Moment;
use cardwright_core::identity::Guid;
use cardwright_core::lifecycle::{State, System};
use rusqlite::types::{ToSqlOutput, Value};
use rusqlite::{Row, params, params_from_iter};

record! {
    /// A row of the audit log.
    #[derive(Debug, Clone, PartialEq, Eq)]
    #[non_exhaustive]
    pub struct AuditEntry in "audit" {
        /// Its number: numbers grow and are never reused.
        pub id: i64 = "id",
        /// When.
        pub time: Moment = "time",
        /// Who, by name: the account, or the name in a bearer's token after `token:`.
        pub account: String = "account",
        /// Through which system; `None` for a change to the registry itself.
        pub system: Option<System> = "system",
        /// What: the neutral name of an operation (`suspend`, `revoke`), or what the registry or the
        /// request workflow does (`assign`, `issue`, `request`, `complete`, `cancel`, `set-state`).
        pub operation: String = "operation",
        /// The card, by its id in CertiFlow.
        pub card: Option<i64> = "card",
        /// The card, by its id in MIM CM at that time.
        pub uuid: Option<Guid> = "uuid",
        /// The card's state before.
        pub before: Option<State> = "state_before",
        /// The card's state after.
        pub after: Option<State> = "state_after",
        /// The reason or comment that was given, or why it was refused.
        pub note: String = "note",
        /// Whether it was done.
        pub outcome: Outcome = "outcome",
        /// The request that it belongs to.
        pub request: Option<Guid> = "request",
        /// Who, if it was the bearer of a token: the issuer.
        pub issuer: Option<String> = "issuer",
        /// Who, if it was the bearer of a token: the subject at that issuer.
        pub subject: Option<String> = "subject",
    }
}

/// Whether something was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(cardwright_exhaustive), non_exhaustive)]
pub enum Outcome {
    /// It was done.
    Done,
    /// It was refused, and nothing changed.
    Refused,
}

impl Outcome {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Outcome::Done => "done",
            Outcome::Refused => "refused",
        }
    }
}

/// What to log.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Event<'a> {
    pub(crate) by: &'a Who,
    pub(crate) system: Option<System>,
    pub(crate) operation: &'a str,
    pub(crate) card: Option<(i64, Guid)>,
    pub(crate) before: Option<State>,
    pub(crate) after: Option<State>,
    pub(crate) note: &'a str,
    pub(crate) outcome: Outcome,
    pub(crate) request: Option<Guid>,
}

impl<'a> Event<'a> {
    /// Something that was done, and left the state of the card as it is.
    pub(crate) fn new(by: &'a Who, system: impl Into<Option<System>>, operation: &'a str, card: Option<&Card>) -> Self {
        let (system, state) = (system.into(), card.map(|card| card.state));
        let card = card.map(|card| (card.id, card.uuid));
        let outcome = Outcome::Done;
        Event { by, system, operation, card, before: state, after: state, note: "", outcome, request: None }
    }
}

impl Registry {
    /// The rows of the audit log after row `after` (0 for all), oldest first, at most `limit`.
    ///
    /// # Errors
    /// [`Error::Database`] and [`Error::Corrupt`].
    pub fn audit(&self, after: i64, limit: u32) -> Result<Vec<AuditEntry>, Error> {
        self.read(|reading| reading.all("WHERE id > ?1 ORDER BY id LIMIT ?2", params![after, limit]))
    }
}

/// Which rows of the audit log are wanted.
#[derive(Debug, Clone, Default)]
pub(crate) struct AuditQuery {
    pub(crate) card: Option<CardKey>,
    /// The name that the log shows; that of an account in upper or lower case.
    pub(crate) account: Option<String>,
    pub(crate) issuer: Option<String>,
    pub(crate) subject: Option<String>,
    /// From this time on.
    pub(crate) since: Option<Stamp>,
    /// Before this time.
    pub(crate) until: Option<Stamp>,
    /// After the row of this number.
    pub(crate) after: i64,
    /// The most rows.
    pub(crate) limit: u32,
}

/// Rows of the audit log, oldest first.
pub(crate) struct AuditPage {
    pub(crate) rows: Vec<AuditEntry>,
    /// The number after which the next rows come: those that are not here, and those that are not written yet.
    pub(crate) next: i64,
}

impl Reading<'_> {
    /// The rows that are wanted; `None` if there is no such card.
    pub(crate) fn audit(&self, query: &AuditQuery) -> Result<Option<AuditPage>, Error> {
        let mut rest = "WHERE id > ?".to_owned();
        let mut values: Vec<Value> = vec![query.after.into()];
        if let Some(key) = query.card {
            // A card's id in MIM CM changes when it is given to somebody anew; its number stays.
            let card = match self.card_by_key(key)? {
                Some(card) => Some(card.id),
                None => self.card_of_old(key)?,
            };
            let Some(card) = card else { return Ok(None) };
            rest.push_str(" AND card = ?");
            values.push(card.into());
        }
        let account = query.account.as_deref().map(|name| self.account_name(name)).transpose()?;
        for (column, wanted) in [("account", &account), ("issuer", &query.issuer), ("subject", &query.subject)] {
            if let Some(wanted) = wanted {
                rest.push_str(&format!(" AND {column} = ?"));
                values.push(wanted.clone().into());
            }
        }
        for (condition, wanted) in [("time >= ?", query.since), ("time < ?", query.until)] {
            if let Some(wanted) = wanted {
                rest.push_str(&format!(" AND {condition}"));
                values.push(wanted.0.into());
            }
        }
        rest.push_str(" ORDER BY id LIMIT ?");
        values.push(query.limit.into());
        let rows: Vec<AuditEntry> = self.all(&rest, params_from_iter(values))?;
        let next = match rows.last() {
            Some(last) if rows.len() >= query.limit as usize => last.id,
            // Changes are written one after the other, so that no smaller number comes later.
            _ => self.value::<Option<i64>>("SELECT max(id) FROM audit", [])?.flatten().unwrap_or_default(),
        };
        Ok(Some(AuditPage { rows, next: next.max(query.after) }))
    }

    /// The number of the card that had this id in MIM CM.
    fn card_of_old(&self, key: CardKey) -> Result<Option<i64>, Error> {
        let CardKey::Uuid(uuid) = key else { return Ok(None) };
        let sql = "SELECT card FROM audit WHERE uuid = ?1 AND card IS NOT NULL ORDER BY id LIMIT 1";
        self.value(sql, [uuid.to_string()])
    }
}

impl Column for Outcome {
    fn read(row: &Row<'_>, position: usize) -> Result<Self, Error> {
        let word = String::read(row, position)?;
        let found = [Outcome::Done, Outcome::Refused].into_iter().find(|outcome| outcome.word() == word);
        found.ok_or(Error::Corrupt("an outcome"))
    }

    fn write(&self) -> Result<ToSqlOutput<'_>, Error> {
        Ok(self.word().into())
    }
}

impl Writing<'_> {
    /// Writes a row of the audit log.
    pub(crate) fn record(&self, event: &Event<'_>) -> Result<(), Error> {
        let entry = AuditEntry {
            id: 0,
            time: self.now.moment(),
            account: event.by.name().to_owned(),
            system: event.system,
            operation: event.operation.to_owned(),
            card: event.card.map(|card| card.0),
            uuid: event.card.map(|card| card.1),
            before: event.before,
            after: event.after,
            note: visible(event.note).into_owned(),
            outcome: event.outcome,
            request: event.request,
            issuer: event.by.issuer().map(str::to_owned),
            subject: event.by.subject().map(str::to_owned),
        };
        self.insert_numbered(&entry)
    }
}
