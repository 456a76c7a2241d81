//! A card as somebody wrote it, in a line of an inventory.

use crate::Error;
use crate::registry::Stamp;
use cardwright_core::date::Moment;
use serde_json::{Map, Value};

/// A card as it was written, and its line.
pub(crate) struct Row {
    pub(super) line: u64,
    /// The fields that are not empty, by the names of [`CardInfo::FIELDS`].
    pub(super) fields: Map<String, Value>,
}

pub(super) fn wrong(line: u64, what: impl Into<String>) -> Error {
    Error::Inventory(line, what.into())
}

impl Row {
    pub(crate) fn wrong(&self, what: impl Into<String>) -> Error {
        wrong(self.line, what)
    }

    /// A text; a number counts as one.
    pub(crate) fn text(&self, name: &str) -> Result<Option<String>, Error> {
        match self.fields.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(Value::Number(number)) => Ok(Some(number.to_string())),
            Some(_) => Err(self.wrong(format!("{name}: not a text"))),
        }
    }

    pub(crate) fn number(&self, name: &str) -> Result<Option<i64>, Error> {
        let read = |text: String| {
            let number = text.trim().parse::<i64>().ok().filter(|number| *number > 0);
            number.ok_or_else(|| self.wrong(format!("{name}: {text:?} is no number above 0")))
        };
        self.text(name)?.map(read).transpose()
    }

    /// A time; .NET's minimum date means none.
    pub(crate) fn time(&self, name: &str) -> Result<Option<Stamp>, Error> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        if text.starts_with("0001-01-01T00:00:00") {
            return Ok(None);
        }
        let moment = Moment::parse(text.trim());
        moment.map(|moment| Some(Stamp::of(moment))).ok_or_else(|| self.wrong(format!("{name}: {text:?} is no time")))
    }

    /// A list of texts; a text alone is a list of one.
    pub(crate) fn tags(&self, name: &str) -> Result<Vec<String>, Error> {
        let tag = |tag: &Value| {
            tag.as_str().map(str::to_owned).ok_or_else(|| self.wrong(format!("{name}: not a list of texts")))
        };
        match self.fields.get(name) {
            None => Ok(Vec::new()),
            Some(Value::Array(tags)) => tags.iter().map(tag).collect(),
            Some(one) => Ok(vec![tag(one)?]),
        }
    }
}
