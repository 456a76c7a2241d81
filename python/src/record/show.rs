//! Records for people: a line, and a table for notebooks.

use crate::html;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyType};

/// The properties that tell one record from another; a line has those that have a value.
const TELLING: &[&str] = &["id", "uuid", "state", "kind", "request_type", "name", "serial_number", "user_name"];

/// `<CardInfo id=1013 state=Issued serial_number='02A1B3C4'>`.
pub(super) fn line(record: &Bound<'_, PyAny>) -> PyResult<String> {
    let mut line = format!("<{}", record.get_type().name()?);
    for name in TELLING {
        if *name == "uuid" && line.contains(" id=") {
            continue;
        }
        let Some(value) = record.getattr_opt(*name)?.filter(|value| !value.is_none()) else { continue };
        // A member of an enumeration is shown by its word.
        let shown = if value.hasattr("_value_")? { value.str()? } else { value.repr()? };
        line += &format!(" {name}={shown}");
    }
    Ok(line + ">")
}

/// A row for each member that is not empty.
pub(super) fn html(class: &Bound<'_, PyType>, parsed: &Bound<'_, PyDict>) -> PyResult<String> {
    let mut rows = Vec::new();
    for (name, value) in parsed.iter() {
        let value = if value.is_none() { String::new() } else { shown(&value)? };
        if !value.is_empty() {
            rows.push([shown(&name)?, value]);
        }
    }
    Ok(html::table(&class.name()?.to_cow()?, ["", ""], rows))
}

/// A value as text, without what cannot be written: half a surrogate pair.
fn shown(value: &Bound<'_, PyAny>) -> PyResult<String> {
    Ok(value.str()?.to_string_lossy().into_owned())
}
