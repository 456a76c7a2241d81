//! The audit log: who did what to which card, and what was refused.

use super::cards::{Card, CardKey};
use super::record::{Column, record};
use super::stamp::Stamp;
use super::value::Value;
use super::who::Who;
use super::{Reading, Registry, Writing};
use crate::Error;
use crate::visible::visible;
use cardwright_core::date::Moment;
use cardwright_core::identity::Guid;
use cardwright_core::lifecycle::{State, System};

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
        let query = AuditQuery { after, limit, ..AuditQuery::default() };
        Ok(self.audit_page(&query)?.map(|page| page.rows).unwrap_or_default())
    }

    /// The rows that are wanted; `None` if there is no such card.
    pub(crate) fn audit_page(&self, query: &AuditQuery) -> Result<Option<AuditPage>, Error> {
        // Before anything else is read: the rows up to it are then all there.
        let end = self.store().audit_end()?;
        self.read(|reading| reading.audit(query, end))
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
    /// The rows up to number `end` that are wanted; `None` if there is no such card.
    fn audit(&self, query: &AuditQuery, end: i64) -> Result<Option<AuditPage>, Error> {
        let card = match query.card {
            None => None,
            Some(key) => match self.card_at_any_time(key)? {
                None => return Ok(None),
                found => found,
            },
        };
        let account = query.account.as_deref().map(|name| self.account_name(name)).transpose()?;
        let rows = self.audit_rows(&AuditQuery { account, ..query.clone() }, card, end)?;
        let next = match rows.last() {
            Some(last) if rows.len() >= query.limit as usize => last.id,
            _ => end,
        };
        Ok(Some(AuditPage { rows, next: next.max(query.after) }))
    }

    /// The number of a card. Its id in MIM CM changes when it is given to somebody anew; its number stays.
    fn card_at_any_time(&self, key: CardKey) -> Result<Option<i64>, Error> {
        match (self.card_by_key(key)?, key) {
            (Some(card), _) => Ok(Some(card.id)),
            (None, CardKey::Uuid(uuid)) => self.card_of_old(uuid),
            (None, CardKey::Id(_)) => Ok(None),
        }
    }
}

impl Column for Outcome {
    fn read(value: &Value<'_>) -> Result<Self, Error> {
        let word = value.text()?;
        let found = [Outcome::Done, Outcome::Refused].into_iter().find(|outcome| outcome.word() == word);
        found.ok_or(Error::Corrupt("an outcome"))
    }

    fn write(&self) -> Result<Value<'_>, Error> {
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
        self.writes.add_audit(&entry)
    }
}
