//! The audit log: who did what to which card, and what was refused.

use super::rows::{AuditEntry, AuditQuery, CardKey, Event};
use super::{Reading, Registry, Writing};
use crate::Error;
use crate::visible::visible;

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
