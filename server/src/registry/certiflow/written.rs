//! Cards written as JSON, with their certificates.

use crate::Error;
use crate::registry::record::database;
use crate::registry::shown::{Shown, columns, write};
use crate::registry::transaction::{Reading, next};
use cardwright_core::lifecycle::State;
use core::ops::Range;
use rusqlite::{Params, ToSql};

/// How a card is shown.
#[derive(Debug)]
pub(crate) struct CardShown {
    pub(crate) fields: Vec<Shown>,
    /// How its certificates are, in the field `certificates`; `None` if it has no such field.
    pub(crate) certificates: Option<&'static [Shown]>,
}

/// Cards in JSON.
#[derive(Debug, Default)]
pub(super) struct Written {
    bytes: Vec<u8>,
    /// The id of each card, and where it is without its certificates and its closing brace.
    cards: Vec<(i64, Range<usize>)>,
    /// The card of each certificate, in the order of the cards, and where that is.
    certificates: Vec<(i64, Range<usize>)>,
    has_certificates: bool,
}

impl Written {
    /// How many cards.
    pub(super) fn count(&self) -> u32 {
        u32::try_from(self.cards.len()).unwrap_or(u32::MAX)
    }

    /// Passes each card, and the parts of its object.
    pub(super) fn each(&self, mut take: impl FnMut(i64, &[&[u8]])) {
        let mut certificates = self.certificates.iter().peekable();
        let bytes = |range: &Range<usize>| self.bytes.get(range.clone()).unwrap_or_default();
        let mut parts: Vec<&[u8]> = Vec::new();
        for (id, range) in &self.cards {
            parts.clear();
            parts.push(bytes(range));
            if self.has_certificates {
                let mut between: &[u8] = br#","certificates":["#;
                let is_empty = certificates.peek().is_none_or(|one| one.0 != *id);
                while let Some((_, range)) = certificates.next_if(|one| one.0 == *id) {
                    parts.extend([between, bytes(range)]);
                    between = b",";
                }
                parts.push(if is_empty { br#","certificates":[]"# } else { b"]" });
            }
            parts.push(b"}");
            take(*id, &parts);
        }
    }
}

impl Reading<'_> {
    /// A card by its id in CertiFlow, as CertiFlow shows it; `None` if it does not.
    pub(crate) fn show_card(&self, id: i64, shown: &CardShown) -> Result<Option<Vec<u8>>, Error> {
        let rest = format!("WHERE id = ? AND state <> {}", State::Retired as u8);
        let mut found = None;
        self.write_cards(&rest, [id], shown)?.each(|_, parts| found = Some(parts.concat()));
        Ok(found)
    }

    /// The cards of a `SELECT` with this ending, which orders them by their ids. Their certificates come with one query
    /// for all.
    pub(super) fn write_cards(&self, rest: &str, values: impl Params, shown: &CardShown) -> Result<Written, Error> {
        // Room for one card with its certificates.
        let bytes = Vec::with_capacity(2 << 10);
        let has_certificates = shown.certificates.is_some();
        let mut written = Written { bytes, has_certificates, ..Written::default() };
        let mut statement = self.prepare(&format!("SELECT id, {} FROM card {rest}", columns(&shown.fields)))?;
        let mut rows = statement.query(values).map_err(database)?;
        while let Some(row) = next(&mut rows)? {
            let start = written.bytes.len();
            write(row, 1, &shown.fields, &mut written.bytes)?;
            written.cards.push((row.get(0).map_err(database)?, start..written.bytes.len()));
        }
        let Some(fields) = shown.certificates.filter(|_| !written.cards.is_empty()) else { return Ok(written) };
        let (of, ids): (_, Box<dyn ToSql>) = match written.cards.as_slice() {
            [(id, _)] => ("= ?", Box::new(*id)),
            // A list of ids would be another statement for each length.
            cards => {
                let ids: Vec<i64> = cards.iter().map(|card| card.0).collect();
                let ids = serde_json::to_string(&ids).map_err(|error| Error::Database(Box::new(error)))?;
                ("IN (SELECT value FROM json_each(?))", Box::new(ids))
            }
        };
        let mut statement = self.prepare(&format!(
            "SELECT card, {} FROM certificate INDEXED BY certificate_card WHERE card {of} ORDER BY card, id",
            columns(fields)
        ))?;
        let mut rows = statement.query([ids]).map_err(database)?;
        while let Some(row) = next(&mut rows)? {
            let start = written.bytes.len();
            write(row, 1, fields, &mut written.bytes)?;
            written.bytes.push(b'}');
            written.certificates.push((row.get(0).map_err(database)?, start..written.bytes.len()));
        }
        Ok(written)
    }
}
