//! Rows of the audit log.

use super::{Card, CardKey, Who};
use crate::Error;
use crate::registry::record::{Column, record};
use crate::registry::stamp::Stamp;
use crate::registry::value::Value;
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
