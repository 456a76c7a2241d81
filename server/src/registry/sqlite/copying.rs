//! A copy of a registry, from or to SQLite.

use super::folder::Folder;
use super::schema;
use super::statements::{Statements, database};
use crate::Error;
use crate::registry::copying::{Source, Table, Target, Values};
use crate::registry::stamp::Stamp;
use crate::registry::value::{Row as _, Value};
use rusqlite::{Connection, params_from_iter};
use std::path::Path;

/// A folder for a copy, which no server uses meanwhile.
pub(in crate::registry) struct Copying {
    connection: Connection,
    _folder: Folder,
}

impl Copying {
    /// Opens a folder, which may be one to which a copy was begun.
    ///
    /// # Errors
    /// As a server that is started over it.
    pub(in crate::registry) fn open(path: &Path, may_be_half: bool) -> Result<Self, Error> {
        let folder = Folder::open(Some(path))?;
        if !may_be_half && !schema::is_current(&folder.registry())? {
            let why = "is of another version: start a server of this version over it first";
            return Err(Error::CopyStopped(format!("{} {why}", path.display())));
        }
        let connection = schema::open_writer(&folder.registry(), folder.is_new(), may_be_half)?;
        folder.finish()?;
        Ok(Copying { connection, _folder: folder })
    }

    /// Statements, which are for reading or within a transaction.
    const fn statements(connection: &Connection) -> Statements<'_> {
        Statements { connection, now: Stamp(0) }
    }

    fn rows(&self, sql: &str, values: &[Value<'_>], width: usize) -> Result<Vec<Values>, Error> {
        Self::statements(&self.connection).rows(sql, params_from_iter(values), |row| {
            (0..width).map(|at| row.value(at).map(Value::into_owned)).collect()
        })
    }
}

/// The key of a table, as it is compared: byte by byte, whatever the column says.
fn key(table: &Table) -> Vec<String> {
    let is_text = table.name == "account";
    table
        .key()
        .iter()
        .map(|column| if is_text { format!("{column} COLLATE BINARY") } else { (*column).into() })
        .collect()
}

impl Source for Copying {
    fn count(&mut self, table: &Table) -> Result<u64, Error> {
        let rows = self.rows(&format!("SELECT count(*) FROM {}", table.name), &[], 1)?;
        let count = rows.first().and_then(|row| row.first()).map_or(Ok(0), Value::integer)?;
        Ok(count.unsigned_abs())
    }

    fn page(&mut self, table: &Table, after: Option<&Values>, most: usize) -> Result<Vec<Values>, Error> {
        let (name, columns, key) = (table.name, table.columns.join(", "), key(table).join(", "));
        let values = after.map(Vec::as_slice).unwrap_or_default();
        let condition = match values.len() {
            0 => String::new(),
            count => format!("WHERE ({key}) > ({})", vec!["?"; count].join(", ")),
        };
        let sql = format!("SELECT {columns} FROM {name} {condition} ORDER BY {key} LIMIT {most}");
        self.rows(&sql, values, table.columns.len())
    }
}

impl Target for Copying {
    fn begun(&mut self) -> Result<Option<String>, Error> {
        schema::copying(&self.connection).map_err(database)
    }

    fn begin(&mut self, from: &str, tables: &[Table]) -> Result<Option<&'static str>, Error> {
        for table in tables {
            if !self.rows(&format!("SELECT 1 FROM {} LIMIT 1", table.name), &[], 1)?.is_empty() {
                return Ok(Some(table.name));
            }
        }
        let transaction = self.connection.transaction().map_err(database)?;
        schema::mark(&transaction, from).and_then(|()| transaction.commit()).map_err(database)?;
        Ok(None)
    }

    fn last(&mut self, table: &Table) -> Result<Option<Values>, Error> {
        let order: Vec<String> = key(table).iter().map(|column| format!("{column} DESC")).collect();
        let (columns, order) = (table.columns.join(", "), order.join(", "));
        let sql = format!("SELECT {columns} FROM {} ORDER BY {order} LIMIT 1", table.name);
        Ok(self.rows(&sql, &[], table.columns.len())?.pop())
    }

    fn add(&mut self, table: &Table, rows: Vec<Values>) -> Result<(), Error> {
        let transaction = self.connection.transaction().map_err(database)?;
        for row in rows {
            Self::statements(&transaction).insert_values(table.name, table.columns, row)?;
        }
        transaction.commit().map_err(database)
    }

    /// The next ids come after the greatest by themselves.
    fn end(&mut self) -> Result<(), Error> {
        let transaction = self.connection.transaction().map_err(database)?;
        schema::unmark(&transaction).and_then(|()| transaction.commit()).map_err(database)
    }
}
