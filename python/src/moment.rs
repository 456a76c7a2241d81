//! Dates of the vendors' objects: what they are in Python, and what is wrong with one that cannot be read.
//!
//! The zone is the one that the server wrote. A date without a zone is a naive `datetime`: which zone is meant, only the
//! server's settings say.

use cardwright_core::Code;
use cardwright_core::date::{DAY, Moment};
use cardwright_core::json::Text;
use cardwright_python_common::Failure;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use std::borrow::Cow;

/// How much of a text that is no date is shown, in characters.
const SHOWN: usize = 60;

/// The date of a field, where there is one.
///
/// # Errors
/// The text, where it is no date.
pub(crate) fn read(text: Text<'_>) -> Result<Option<Moment>, NotADate> {
    let decoded = text.plain().map_or_else(|| text.to_cow(), Cow::Borrowed);
    match Moment::parse(&decoded) {
        None if !is_not_yet(&decoded) => Err(NotADate(decoded.into_owned())),
        moment => Ok(moment),
    }
}

/// A text that stands where a date should.
#[derive(Debug)]
pub(crate) struct NotADate(String);

impl std::fmt::Display for NotADate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let shown: String = self.0.chars().take(SHOWN).collect();
        let more = if shown.len() < self.0.len() { "…" } else { "" };
        write!(f, "{shown:?}{more} is no date or time, ISO 8601, of the years 1 to 9999")
    }
}

/// Whether it is .NET's "not yet": the first moment of the year 1, in whatever zone.
fn is_not_yet(text: &str) -> bool {
    // Core has no such moment, and has the one a year later.
    let later = text.strip_prefix("0001-01-01").map(|rest| format!("0002-01-01{rest}"));
    later.and_then(|later| Some(Moment::parse(&later)?.seconds + offset(&later).unwrap_or(0)))
        == Some(Moment::UNSET.seconds + 365 * DAY)
}

/// The offset from UTC, in seconds, that a date ends with; `None` where it has no zone.
fn offset(date: &str) -> Option<i64> {
    let (_, time) = date.split_at_checked(10)?;
    if time.ends_with(['Z', 'z']) {
        return Some(0);
    }
    let (at, sign) = time.rfind('+').map(|at| (at, 1)).or_else(|| Some((time.rfind('-')?, -1)))?;
    let zone = time.get(at + 1..)?;
    let number = |part: Option<&str>| part?.parse::<i64>().ok();
    let minutes = number(zone.get(zone.len().checked_sub(2)?..))?;
    Some(sign * (number(zone.get(..2))? * 3600 + minutes * 60))
}

/// A `datetime` in the zone that was written, or without one; `None` for no date, and for .NET's "not yet".
///
/// # Errors
/// `JSONError` with the name of the field, for what is no date.
pub(crate) fn decode<'py>(py: Python<'py>, field: &str, text: Option<Text<'_>>) -> PyResult<Bound<'py, PyAny>> {
    let Some(text) = text else { return Ok(py.None().into_bound(py)) };
    match read(text) {
        Ok(Some(moment)) => {
            let offset = offset(&text.to_cow());
            let zone = offset.map(|seconds| zone(py, seconds)).transpose()?;
            let local = Moment { seconds: moment.seconds + offset.unwrap_or(0), ..moment };
            datetime(py, local, zone)
        }
        Ok(None) => Ok(py.None().into_bound(py)),
        Err(wrong) => Err(Failure::new(Code::JsonType, format!("{field}: {wrong}")).into()),
    }
}

/// A `datetime` in UTC. Below a microsecond it is cut off.
pub(crate) fn in_utc(py: Python<'_>, moment: Moment) -> PyResult<Bound<'_, PyAny>> {
    datetime(py, moment, Some(zone(py, 0)?))
}

fn datetime<'py>(py: Python<'py>, local: Moment, zone: Option<Bound<'py, PyAny>>) -> PyResult<Bound<'py, PyAny>> {
    static DATETIME: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let ((year, month, day), second) = (local.ymd(), local.seconds.rem_euclid(DAY));
    let time = (second / 3600, second / 60 % 60, second % 60);
    let micros = local.nanos / 1_000;
    DATETIME.import(py, "datetime", "datetime")?.call1((year, month, day, time.0, time.1, time.2, micros, zone))
}

/// A `timezone`; for UTC the one that `datetime` has.
fn zone(py: Python<'_>, seconds: i64) -> PyResult<Bound<'_, PyAny>> {
    static UTC: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    static ZONE: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    static DELTA: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    if seconds == 0 {
        let utc = UTC.get_or_try_init(py, || {
            Ok::<_, PyErr>(py.import("datetime")?.getattr("timezone")?.getattr("utc")?.unbind())
        })?;
        return Ok(utc.bind(py).clone());
    }
    let delta = DELTA.import(py, "datetime", "timedelta")?;
    ZONE.import(py, "datetime", "timezone")?.call1((delta.call1((0, seconds))?,))
}
