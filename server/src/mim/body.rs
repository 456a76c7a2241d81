//! The JSON bodies of MIM CM. Names are compared without case; a data collection is a list, or a text
//! that holds one, as the documents show both.

use super::flow::{Stop, stop, uuid_in};
use crate::visible::visible;
use axum::http::StatusCode;
use cardwright_core::Named;
use cardwright_core::identity::Guid;
use serde_json::{Map, Value};

/// An object.
pub(super) struct Body(Map<String, Value>);

impl Body {
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, Stop> {
        match serde_json::from_slice(bytes) {
            Ok(Value::Object(fields)) => Ok(Body(fields)),
            _ => Err(wrong("The body must be a JSON object.")),
        }
    }

    /// A field that is not `null`.
    fn field(&self, name: &str) -> Option<&Value> {
        let found = self.0.iter().find(|field| field.0.eq_ignore_ascii_case(name));
        found.map(|field| field.1).filter(|value| !value.is_null())
    }

    /// A text.
    pub(super) fn text(&self, name: &str) -> Result<Option<&str>, Stop> {
        match self.field(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(wrong(&format!("{name} must be a text."))),
        }
    }

    /// A GUID; an empty text means none.
    pub(super) fn uuid(&self, name: &str) -> Result<Option<Guid>, Stop> {
        let text = self.text(name)?.filter(|text| !text.is_empty());
        Ok(text.map(|text| uuid_in(name, text)).transpose()?.filter(|uuid| !uuid.is_nil()))
    }

    /// A required GUID.
    pub(super) fn required_uuid(&self, name: &str) -> Result<Guid, Stop> {
        self.uuid(name)?.ok_or_else(|| wrong(&format!("{name} is missing.")))
    }

    /// A required word of an enumeration.
    pub(super) fn word<T: Named>(&self, name: &str) -> Result<T, Stop> {
        let text = self.text(name)?.ok_or_else(|| wrong(&format!("{name} is missing.")))?;
        T::from_name(text.trim()).ok_or_else(|| wrong(&format!("{name}: {text:?} is not known.")))
    }

    /// A priority, as a number or as a text.
    pub(super) fn priority(&self) -> Result<Option<u8>, Stop> {
        let number = match self.field("priority") {
            None => return Ok(None),
            Some(Value::String(text)) => text.trim().parse().ok(),
            // 7.0 is the same number as 7.
            Some(value) => {
                let number = value.as_f64().filter(|number| number.fract() == 0.0 && (0.0..256.0).contains(number));
                number.map(|number| number as u8)
            }
        };
        number.map(Some).ok_or_else(|| wrong("priority must be a number from 0 to 255."))
    }

    /// The questions and answers.
    pub(super) fn data_collection(&self) -> Result<Vec<(String, Option<String>)>, Stop> {
        let parsed;
        let items = match self.field("datacollection") {
            None => return Ok(Vec::new()),
            Some(Value::Array(items)) => items,
            Some(Value::String(text)) if text.trim().is_empty() => return Ok(Vec::new()),
            Some(Value::String(text)) => {
                parsed = serde_json::from_str::<Vec<Value>>(text).map_err(|_| wrong(DATA_COLLECTION))?;
                &parsed
            }
            Some(_) => return Err(wrong(DATA_COLLECTION)),
        };
        items.iter().map(|item| data_item(item).ok_or_else(|| wrong(DATA_COLLECTION))).collect()
    }
}

const DATA_COLLECTION: &str = "datacollection must be a list of objects with one field each, or a text that holds one.";

/// `{"question": "answer"}`, or the form of replies, `{"Name": "question", "Value": "answer"}`.
fn data_item(item: &Value) -> Option<(String, Option<String>)> {
    let fields = item.as_object()?;
    let answer = |value: &Value| match value {
        Value::Null => None,
        Value::String(text) => Some(visible(text).into_owned()),
        other => Some(other.to_string()),
    };
    let named = |name: &str| fields.iter().find(|field| field.0.eq_ignore_ascii_case(name)).map(|field| field.1);
    if let (2, Some(name), Some(value)) = (fields.len(), named("Name"), named("Value")) {
        return Some((visible(name.as_str()?).into_owned(), answer(value)));
    }
    match fields.iter().next() {
        Some((name, value)) if fields.len() == 1 => Some((visible(name).into_owned(), answer(value))),
        _ => None,
    }
}

fn wrong(text: &str) -> Stop {
    stop(StatusCode::BAD_REQUEST, text)
}
