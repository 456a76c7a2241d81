//! What a database does for a copy of a registry: reading rows by their keys, and adding them.

use super::record::{Record, record};
use super::rows::{Account, AuditEntry, CaStatus, Card, Policy, Request, Template};
use super::stamp::Stamp;
use super::value::{Row, Value};
use crate::Error;
use cardwright_core::certiflow::CertificateType;
use cardwright_core::identity::Guid;
use std::borrow::Cow;

/// A row that belongs to no statement.
pub(super) type Values = Vec<Value<'static>>;

/// A table whose rows are copied.
#[derive(Debug, Clone, Copy)]
pub(super) struct Table {
    pub(super) name: &'static str,
    /// The first ones are the key.
    pub(super) columns: &'static [&'static str],
    keys: usize,
    /// The row as the program would write it.
    canonical: fn(&Values) -> Result<Values, Error>,
}

impl Table {
    pub(super) const fn of<R: Record>(keys: usize) -> Self {
        Table { name: R::TABLE, columns: R::COLUMNS, keys, canonical: canonical::<R> }
    }

    /// The columns of its key.
    pub(super) fn key(&self) -> &'static [&'static str] {
        self.columns.get(..self.keys).unwrap_or_default()
    }

    /// The key of a row.
    pub(super) fn key_of(&self, row: &Values) -> Values {
        row.iter().take(self.keys).cloned().collect()
    }

    /// The row as the program would write it. Its key is written that way already: otherwise the two databases would have the
    /// rows in another order.
    ///
    /// # Errors
    /// [`Error::CopyStopped`], which names its table and its key.
    pub(super) fn canonical(&self, row: &Values) -> Result<Values, Error> {
        let canonical = (self.canonical)(row).and_then(|canonical| {
            let is_kept = canonical.iter().zip(row).take(self.keys).all(|(value, was)| match (value, was) {
                (Value::Guid(guid), Value::Text(text)) => *text == guid.to_string(),
                (value, was) => value == was,
            });
            if is_kept { Ok(canonical) } else { Err(Error::Corrupt("a key in another spelling")) }
        });
        canonical.map_err(|error| {
            let key: Vec<String> = row.iter().take(self.keys).map(|value| format!("{value:?}")).collect();
            Error::CopyStopped(format!("the row {} of {}: {error}", key.join(", "), self.name))
        })
    }
}

fn canonical<R: Record>(row: &Values) -> Result<Values, Error> {
    Ok(R::read(row, 0)?.values()?.into_iter().map(Value::into_owned).collect())
}

impl Row for Values {
    fn value(&self, position: usize) -> Result<Value<'_>, Error> {
        Ok(match self.get(position) {
            Some(Value::Text(text)) => Value::Text(Cow::Borrowed(text)),
            Some(value) => value.clone(),
            None => Value::Null,
        })
    }
}

/// What is copied from.
pub(super) trait Source {
    /// How many rows a table has.
    fn count(&mut self, table: &Table) -> Result<u64, Error>;
    /// The next rows by their keys, after this one.
    fn page(&mut self, table: &Table, after: Option<&Values>, most: usize) -> Result<Vec<Values>, Error>;
}

/// What is copied to.
pub(super) trait Target: Source {
    /// From where a copy into it was begun that did not come to its end.
    fn begun(&mut self) -> Result<Option<String>, Error>;
    /// Marks it: a copy from here begins; unless one of the tables has rows, which is returned.
    fn begin(&mut self, from: &str, tables: &[Table]) -> Result<Option<&'static str>, Error>;
    /// The row with the greatest key.
    fn last(&mut self, table: &Table) -> Result<Option<Values>, Error>;
    /// Adds rows, all or none.
    fn add(&mut self, table: &Table, rows: Vec<Values>) -> Result<(), Error>;
    /// It is whole: takes the mark away, and numbers further rows after all that are there.
    fn end(&mut self) -> Result<(), Error>;
}

/// The tables with what a registry holds, each after those to which its rows refer.
pub(super) const TABLES: [Table; 9] = [
    Table::of::<Role>(1),
    Table::of::<Account>(1),
    Table::of::<Template>(1),
    Table::of::<Policy>(2),
    Table::of::<Card>(1),
    Table::of::<WholeCertificate>(1),
    Table::of::<Request>(1),
    Table::of::<Approval>(3),
    Table::of::<AuditEntry>(1),
];

record! {
    /// A role.
    struct Role in "role" {
        name: String = "name",
        privileges: i64 = "privileges",
        permissions: i64 = "permissions",
    }
}

record! {
    /// A certificate, and what the certificate authority knows of it.
    struct WholeCertificate in "certificate" {
        id: i64 = "id",
        card: i64 = "card",
        kind: CertificateType = "type",
        serial_number: String = "serial_number",
        thumbprint: String = "thumbprint",
        subject: String = "subject",
        issuer: String = "issuer",
        valid_to: Stamp = "valid_to",
        revoke_with_card: bool = "revoke_with_card",
        in_new_policy: bool = "in_new_policy",
        status: CaStatus = "ca_status",
        crl_reason: Option<u8> = "crl_reason",
        held_with_card: bool = "held_with_card",
    }
}

record! {
    /// An approval.
    struct Approval in "approval" {
        request: Guid = "request",
        issuer: String = "issuer",
        subject: String = "subject",
        name: String = "name",
        time: Stamp = "time",
    }
}
