//! A whole registry from one place to another: from SQLite to PostgreSQL, back, or between two of the same kind.
//!
//! Every row is read and written as what the tables hold, in the order of its key, so that what is unreadable stops the copy
//! and a copy that was broken off goes on after the last row that is there. The target is marked from the beginning to the end, and
//! no server opens it meanwhile; the source does not change. At the end both are read again, and their rows counted and hashed.

use super::copying::{Source, TABLES, Table, Target};
use super::value::Value;
use super::{Data, Database, postgres, sqlite};
use crate::Error;
use blake2::Blake2b;
use blake2::digest::Digest as _;
use blake2::digest::consts::U32;
use std::io;
use std::path::Path;

/// How many rows are copied at a time.
const BATCH: usize = 1000;

/// A table that was copied.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CopiedTable {
    /// Its name.
    pub table: &'static str,
    /// How many rows it has.
    pub rows: u64,
    /// The BLAKE2b-256 of all its rows, in hexadecimal digits: the same in both places.
    pub hash: String,
}

/// How far a copy is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct CopyProgress {
    /// The table that is copied, or compared.
    pub table: &'static str,
    /// How many of its rows were, since the copy was begun or went on.
    pub rows: u64,
    /// Whether the rows are there, and are read again to be compared.
    pub is_comparing: bool,
}

/// Copies a whole registry, from a folder or a database to another one that is empty, or to which such a copy was begun.
///
/// No server may use a folder meanwhile; servers over a database that is copied answer 503 to what would change it.
///
/// # Errors
/// [`Error::CopyStopped`] if there is no registry in the source, the target holds something else, a row cannot be read, or the rows
/// differ in the end;
/// [`Error::InUse`]; and as a server that is started over either.
pub fn copy_registry(
    from: &Data,
    to: &Data,
    mut progress: impl FnMut(&CopyProgress),
) -> Result<Vec<CopiedTable>, Error> {
    let (from, to) = (Place::of(from)?, Place::of(to)?);
    let (name, to_name) = (from.name()?, to.name()?);
    if name == to_name {
        return Err(Error::CopyStopped(format!("{name} is to be copied to itself")));
    }
    let mut source = from.source()?;
    let mut target = to.target()?;
    let (source, target) = (source.as_mut(), target.as_mut());
    match target.begun()? {
        Some(begun) if begun == name => {}
        Some(begun) => {
            let why = format!("a copy from {begun} into {to_name} was begun: go on with that one");
            return Err(Error::CopyStopped(why));
        }
        None => {
            if let Some(table) = target.begin(&name, &TABLES)? {
                return Err(Error::CopyStopped(format!("{to_name} has rows in {table}: name an empty place")));
            }
        }
    }
    for table in &TABLES {
        let last = target.last(table)?.map(|row| table.canonical(&row)).transpose()?;
        let mut after = last.map(|row| table.key_of(&row));
        let mut at = CopyProgress { table: table.name, rows: 0, is_comparing: false };
        loop {
            let page = source.page(table, after.as_ref(), BATCH)?;
            let rows = page.iter().map(|row| table.canonical(row)).collect::<Result<Vec<_>, _>>()?;
            // The key as it was read, which is the one that comes before the next page.
            let Some(last) = page.last() else { break };
            after = Some(table.key_of(last));
            at.rows += rows.len() as u64;
            target.add(table, rows).map_err(|error| match error {
                Error::Database(why) => {
                    Error::CopyStopped(format!("{to_name} does not take rows of {}: {why}", table.name))
                }
                error => error,
            })?;
            progress(&at);
        }
    }
    let mut copied = Vec::new();
    for table in &TABLES {
        let [theirs, ours] = [hashed(source, table, &mut progress)?, hashed(target, table, &mut progress)?];
        if theirs != ours {
            let counts = format!("{} has {} rows, and {} in the copy", table.name, theirs.rows, ours.rows);
            let hashes = format!("whose hashes are {} and {}", theirs.hash, ours.hash);
            let step = format!("one of the two was changed meanwhile: empty {to_name} and copy again");
            return Err(Error::CopyStopped(format!("{counts}, {hashes}; {step}")));
        }
        copied.push(ours);
    }
    target.end()?;
    Ok(copied)
}

/// A place that is copied from or to.
enum Place<'d> {
    Folder(&'d Path),
    Database(&'d Database),
}

impl<'d> Place<'d> {
    fn of(data: &'d Data) -> Result<Self, Error> {
        match data {
            Data::Temporary => Err(Error::CopyStopped("a temporary registry is gone when it is closed".into())),
            Data::Directory(path) => Ok(Place::Folder(path)),
            Data::Postgres(database) => Ok(Place::Database(database)),
        }
    }

    /// Where it is, always in the same words.
    fn name(&self) -> Result<String, Error> {
        match self {
            Place::Folder(path) => {
                // One that is there may be named by a link.
                let whole = path.canonicalize().or_else(|_| std::path::absolute(path));
                let whole = whole.map_err(|error| Error::Data(path.to_path_buf(), error))?;
                Ok(whole.display().to_string())
            }
            Place::Database(database) => Ok(database.to_string()),
        }
    }

    fn source(&self) -> Result<Box<dyn Source>, Error> {
        Ok(match self {
            Place::Folder(path) => {
                let file = path.join("registry.sqlite");
                if !file.is_file() {
                    return Err(Error::Data(file, io::ErrorKind::NotFound.into()));
                }
                Box::new(sqlite::Copying::open(path, false)?)
            }
            Place::Database(database) => Box::new(postgres::Copying::source(database)?),
        })
    }

    fn target(&self) -> Result<Box<dyn Target>, Error> {
        Ok(match self {
            Place::Folder(path) => Box::new(sqlite::Copying::open(path, true)?),
            Place::Database(database) => Box::new(postgres::Copying::target(database)?),
        })
    }
}

/// Counts and hashes the rows of a table, each value with its kind and length, so that no two different rows are the same bytes.
fn hashed<S: Source + ?Sized>(
    source: &mut S,
    table: &Table,
    progress: &mut impl FnMut(&CopyProgress),
) -> Result<CopiedTable, Error> {
    let mut hash = Blake2b::<U32>::new();
    let mut after = None;
    let mut at = CopyProgress { table: table.name, rows: 0, is_comparing: true };
    loop {
        let page = source.page(table, after.as_ref(), BATCH)?;
        let rows = page.iter().map(|row| table.canonical(row)).collect::<Result<Vec<_>, _>>()?;
        let Some(last) = page.last() else { break };
        after = Some(table.key_of(last));
        at.rows += rows.len() as u64;
        rows.iter().flatten().for_each(|value| add(&mut hash, value));
        progress(&at);
    }
    let count = source.count(table)?;
    if count != at.rows {
        let why = format!("{} has {count} rows, of which {} were read in the order of their keys", table.name, at.rows);
        return Err(Error::CopyStopped(why));
    }
    let hash = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(CopiedTable { table: table.name, rows: at.rows, hash })
}

fn add(hash: &mut Blake2b<U32>, value: &Value<'_>) {
    match value {
        Value::Null => hash.update([0]),
        Value::Integer(number) => {
            hash.update([1]);
            hash.update(number.to_be_bytes());
        }
        Value::Text(text) => {
            hash.update([2]);
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text.as_bytes());
        }
        Value::Guid(guid) => {
            hash.update([3]);
            hash.update(guid.bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Value, add};
    use blake2::Blake2b;
    use blake2::digest::Digest as _;

    #[test]
    fn different_rows_have_different_bytes() {
        let rows: [&[Value<'_>]; 6] = [
            &[],
            &[Value::Null],
            &["".into()],
            &["ab".into(), "c".into()],
            &["a".into(), "bc".into()],
            &[Value::Integer(0)],
        ];
        let hashes = rows.map(|row| {
            let mut hash = Blake2b::new();
            row.iter().for_each(|value| add(&mut hash, value));
            hash.finalize()
        });
        for (n, hash) in hashes.iter().enumerate() {
            assert!(hashes.iter().skip(n + 1).all(|other| other != hash));
        }
    }
}
