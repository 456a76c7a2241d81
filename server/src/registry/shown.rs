//! Rows written as JSON where they lie: from the database's memory into the answer, with nothing in between.
//!
//! A list of 100,000 cards is mostly this. [`Shown`] says of a field of an object which column holds its value, and
//! how that is written.

use super::stamp::Stamp;
use super::value::{Row, Value};
use crate::Error;
use cardwright_core::Named as _;
use cardwright_core::certiflow::CertificateType;
use cardwright_core::lifecycle::State;
use serde::de::IgnoredAny;

/// A field of an object in an answer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shown {
    /// Its name, in quotes and with the colon.
    pub(crate) key: &'static str,
    pub(crate) column: &'static str,
    pub(crate) kind: Kind,
}

impl Shown {
    /// Its name.
    pub(crate) fn name(&self) -> &'static str {
        self.key.trim_matches(['"', ':'])
    }
}

/// How a value is written. A missing one is `null`.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    /// A number.
    Number,
    /// A number, as a text.
    NumberAsText,
    /// A text.
    Text,
    /// A list, which is stored in JSON.
    List,
    /// A time.
    Time,
    /// A state, in the system's word.
    State(fn(State) -> Option<&'static str>),
    /// The type of a certificate.
    CertificateType,
}

/// The columns of an object.
pub(super) fn columns(fields: &[Shown]) -> String {
    fields.iter().map(|field| field.column).collect::<Vec<_>>().join(", ")
}

/// Writes an object from the columns of a row that begin at position `first`, without its closing brace.
pub(super) fn write(row: &impl Row, first: usize, fields: &[Shown], out: &mut Vec<u8>) -> Result<(), Error> {
    let mut between = b'{';
    for (position, field) in (first..).zip(fields) {
        out.push(between);
        out.extend_from_slice(field.key.as_bytes());
        field.kind.write(&row.value(position)?, out)?;
        between = b',';
    }
    Ok(())
}

impl Kind {
    fn write(self, value: &Value<'_>, out: &mut Vec<u8>) -> Result<(), Error> {
        let value = match value {
            Value::Null => {
                out.extend_from_slice(b"null");
                return Ok(());
            }
            Value::Guid(guid) => return json(&guid.to_string(), out),
            value => value,
        };
        match self {
            Kind::Number => json(&value.integer()?, out),
            Kind::NumberAsText => json(&value.integer()?.to_string(), out),
            Kind::Text => json(value.text()?, out),
            Kind::Time => {
                Stamp(value.integer()?).iso(7).write_json(out);
                Ok(())
            }
            Kind::List => {
                let list = value.text()?;
                let is_list = list == "[]" || serde_json::from_str::<Vec<IgnoredAny>>(list).is_ok();
                out.extend_from_slice(if is_list {
                    list.as_bytes()
                } else {
                    return Err(Error::Corrupt("a list in JSON"));
                });
                Ok(())
            }
            Kind::State(word) => {
                let state = State::from_number(value.integer()?).ok_or(Error::Corrupt("a card state"))?;
                json(&word(state), out)
            }
            Kind::CertificateType => {
                let kind =
                    CertificateType::from_number(value.integer()?).ok_or(Error::Corrupt("a certificate type"))?;
                json(kind.name(), out)
            }
        }
    }
}

fn json(value: &(impl serde::Serialize + ?Sized), out: &mut Vec<u8>) -> Result<(), Error> {
    serde_json::to_writer(out, value).map_err(|error| Error::Database(Box::new(error)))
}
