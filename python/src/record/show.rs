//! Records for people: a line, and a table for notebooks.

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
pub(super) fn html(class: &Bound<'_, PyType>, parsed: &Bound<'_, PyAny>) -> PyResult<String> {
    let mut rows = String::new();
    for (name, value) in parsed.cast::<PyDict>()?.iter() {
        if value.is_none() || value.str()?.to_cow()?.is_empty() {
            continue;
        }
        let (name, value) = (escaped(&name.str()?.to_cow()?), escaped(&value.str()?.to_cow()?));
        rows +=
            &format!("<tr><th style=\"text-align:left\">{name}</th><td style=\"text-align:left\">{value}</td></tr>");
    }
    let name = class.name()?;
    Ok(format!("<table><caption>{name}</caption>{rows}</table>"))
}

/// A text escaped for HTML: what a server wrote is no markup.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out += "&amp;",
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '"' => out += "&quot;",
            '\'' => out += "&#x27;",
            c => out.push(c),
        }
    }
    out
}
