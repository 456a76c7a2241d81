//! A record for Python: its words, and its fields by name.

use pyo3::IntoPyObjectExt as _;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::fmt::{Debug, Write as _};
use std::time::{Duration, SystemTime};
use tracing::Metadata;
use tracing::field::{Field, Visit};

/// A record that waits for Python.
#[derive(Debug)]
pub(super) struct Kept {
    pub(super) metadata: &'static Metadata<'static>,
    pub(super) line: Line,
    pub(super) at: SystemTime,
}

impl Kept {
    pub(super) fn now(metadata: &'static Metadata<'static>, line: Line) -> Self {
        Kept { metadata, line, at: SystemTime::now() }
    }
}

/// The words, and the fields in their order. Later ones are those of the spans around it.
#[derive(Debug, Default)]
pub(super) struct Line {
    words: String,
    fields: Vec<(&'static str, Value)>,
}

/// The value of a field.
#[derive(Debug, Clone)]
enum Value {
    Text(String),
    Signed(i64),
    Unsigned(u64),
    Float(f64),
    Flag(bool),
}

impl Line {
    /// The words, then `name=value` for each field, in one line whatever a server or a reader put in it.
    pub(super) fn text(&self) -> String {
        let mut text = self.words.clone();
        for (name, value) in &self.fields {
            // Writing to a String does not fail.
            let _ = match value {
                Value::Text(value) => write!(text, " {name}={value}"),
                Value::Signed(value) => write!(text, " {name}={value}"),
                Value::Unsigned(value) => write!(text, " {name}={value}"),
                Value::Float(value) => write!(text, " {name}={value}"),
                Value::Flag(value) => write!(text, " {name}={value}"),
            };
        }
        text.replace(char::is_control, " ")
    }

    /// The fields, by name.
    pub(super) fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        for (name, value) in &self.fields {
            let value = match value {
                Value::Text(value) => value.into_py_any(py)?,
                Value::Signed(value) => value.into_py_any(py)?,
                Value::Unsigned(value) => value.into_py_any(py)?,
                Value::Float(value) => value.into_py_any(py)?,
                Value::Flag(value) => value.into_py_any(py)?,
            };
            dict.set_item(name, value)?;
        }
        Ok(dict)
    }

    /// The scope that the span of a call names.
    pub(super) fn scope(&self) -> Option<u64> {
        match self.fields.as_slice() {
            [("scope", Value::Unsigned(scope))] => Some(*scope),
            _ => None,
        }
    }

    /// More fields of the same.
    pub(super) fn extend(&mut self, more: Line) {
        self.fields.extend(more.fields);
    }

    /// The fields of a span around it that it has no field of this name for.
    pub(super) fn within(&mut self, span: &Line) {
        for (name, value) in &span.fields {
            if *name != "scope" && !self.fields.iter().any(|(own, _)| own == name) {
                self.fields.push((name, value.clone()));
            }
        }
    }

    /// The record of the end of a span.
    pub(super) fn ended(mut self, name: &str, took: Duration) -> Self {
        let failed = self.fields.iter().any(|(name, _)| *name == "error.type");
        self.words = format!("{name} {}", if failed { "failed" } else { "answered" });
        self.fields.push(("ms", Value::Float((took.as_secs_f64() * 1e4).round() / 10.0)));
        self
    }

    fn push(&mut self, field: &Field, value: Value) {
        match (field.name(), value) {
            ("message", Value::Text(words)) => self.words = words,
            (name, value) => self.fields.push((name, value)),
        }
    }
}

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.push(field, Value::Text(format!("{value:?}")));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.push(field, Value::Text(value.to_string()));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.push(field, Value::Signed(value));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.push(field, Value::Unsigned(value));
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.push(field, Value::Float(value));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.push(field, Value::Flag(value));
    }
}
