//! A whole object as a Python `dict`: what `json.loads` makes of its text, in one pass.
//!
//! Numbers keep all their digits, the last of two members with one name counts, and half a surrogate pair stays one.

use cardwright_core::json::{Cursor, Scalar, Text};
use cardwright_core::{Code, Error};
use cardwright_python_common::Failure;
use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyFloat, PyInt, PyList, PyString};
use std::cell::RefCell;

/// The object that a text is.
///
/// # Errors
/// `JSONError` where it is none, `ValueError` for a whole number that has more digits than Python reads.
pub(crate) fn dict<'py>(py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyDict>> {
    object(py, &mut Cursor::of(text), value)
}

/// The members of the object that a text is, as a record keeps them: for a list or an object its [`Place`], as one that is
/// handed out may be changed.
///
/// # Errors
/// As [`dict`].
pub(super) fn members<'py>(py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyDict>> {
    object(py, &mut Cursor::of(text), |py, json| {
        json.peek().map_err(Failure::from)?;
        let from = json.at();
        match text.as_bytes().get(from) {
            Some(b'{' | b'[') => {
                json.skip().map_err(Failure::from)?;
                Ok(Bound::new(py, Place { from, to: json.at() })?.into_any())
            }
            _ => value(py, json),
        }
    })
}

/// Where a list or an object stands in the text of its record.
#[pyclass(frozen)]
pub(super) struct Place {
    from: usize,
    to: usize,
}

/// A member as it is handed out.
///
/// # Errors
/// As [`dict`].
pub(super) fn member<'py>(kept: Bound<'py, PyAny>, text: &str) -> PyResult<Bound<'py, PyAny>> {
    match kept.cast_exact::<Place>() {
        Ok(place) => {
            let Place { from, to } = *place.get();
            value(kept.py(), &mut Cursor::of(text.get(from..to).unwrap_or("")))
        }
        Err(_) => Ok(kept),
    }
}

/// An object, whose values a function reads.
fn object<'py, 'a>(
    py: Python<'py>,
    json: &mut Cursor<'a>,
    value: impl Fn(Python<'py>, &mut Cursor<'a>) -> PyResult<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    let mut inside = json.enter(b'{').map_err(Failure::from)?;
    loop {
        let (mut before, mut inside_before, mut scratch) = (*json, inside, [0; 24]);
        let Some(name) = json.key(&mut inside, &mut scratch).map_err(Failure::from)? else { return Ok(dict) };
        let name = match json.since(before.at()).contains('\\') {
            false => interned(py, name),
            true => {
                before.more(&mut inside_before).map_err(Failure::from)?;
                string(py, before.text().map_err(Failure::from)?)?
            }
        };
        dict.set_item(name, value(py, json)?)?;
    }
}

/// Any value. How deep it nests was checked when the record was read.
fn value<'py>(py: Python<'py>, json: &mut Cursor<'_>) -> PyResult<Bound<'py, PyAny>> {
    match json.peek().map_err(Failure::from)? {
        b'"' => Ok(string(py, json.text().map_err(Failure::from)?)?.into_any()),
        b'{' => Ok(object(py, json, value)?.into_any()),
        b'[' => {
            let mut inside = json.enter(b'[').map_err(Failure::from)?;
            let list = PyList::empty(py);
            while json.more(&mut inside).map_err(Failure::from)? {
                list.append(value(py, json)?)?;
            }
            Ok(list.into_any())
        }
        _ => match json.scalar().map_err(Failure::from)? {
            Scalar::Null => Ok(py.None().into_bound(py)),
            Scalar::Bool(value) => value.into_bound_py_any(py),
            Scalar::Text(text) => Ok(string(py, text)?.into_any()),
            Scalar::Number(digits) => number(py, digits),
        },
    }
}

fn number<'py>(py: Python<'py>, digits: &str) -> PyResult<Bound<'py, PyAny>> {
    if let Ok(number) = digits.parse::<i64>() {
        return number.into_bound_py_any(py);
    }
    if digits.contains(['.', 'e', 'E']) {
        let number = digits.parse().map_err(|_| Failure::from(Error::of(Code::JsonNumber, "")))?;
        return Ok(PyFloat::new(py, number).into_any());
    }
    py.get_type::<PyInt>().call1((digits,))
}

fn string<'py>(py: Python<'py>, text: Text<'_>) -> PyResult<Bound<'py, PyString>> {
    if let Some(plain) = text.plain() {
        return Ok(PyString::new(py, plain));
    }
    let decoded = text.to_cow();
    if !decoded.contains('\u{FFFD}') {
        return Ok(PyString::new(py, &decoded));
    }
    // One may stand for half a surrogate pair, which Python can have.
    let units: Vec<u8> = units(text.raw()).into_iter().flat_map(u16::to_le_bytes).collect();
    PyString::from_encoded_object(&PyBytes::new(py, &units), Some(c"utf-16-le"), Some(c"surrogatepass"))
}

/// The units of UTF-16 that a string in a document is.
fn units(raw: &str) -> Vec<u16> {
    let (mut units, mut rest) = (Vec::with_capacity(raw.len()), raw);
    while let Some((plain, escape)) = rest.split_once('\\') {
        units.extend(plain.encode_utf16());
        let four = escape.strip_prefix('u').and_then(|hex| u16::from_str_radix(hex.get(..4)?, 16).ok());
        let length = match four {
            Some(unit) => {
                units.push(unit);
                5
            }
            None => {
                units.push(match escape.as_bytes().first() {
                    Some(b'b') => 8,
                    Some(b'f') => 12,
                    Some(b'n') => 10,
                    Some(b'r') => 13,
                    Some(b't') => 9,
                    other => other.copied().unwrap_or_default().into(),
                });
                1
            }
        };
        rest = escape.get(length..).unwrap_or("");
    }
    units.extend(rest.encode_utf16());
    units
}

/// How many names are kept.
const NAMES: usize = 256;

/// A name, and the string for it.
type Seen = Option<(Box<str>, Py<PyString>)>;

thread_local! {
    /// Names of members that came before, each at the place that its letters give: a list of cards has the same few
    /// over and over.
    static SEEN: RefCell<Vec<Seen>> =
        RefCell::new(std::iter::repeat_with(|| None).take(NAMES).collect());
}

/// A name as a Python string, made once.
fn interned<'py>(py: Python<'py>, name: &str) -> Bound<'py, PyString> {
    // FNV-1a.
    let hash = name.bytes().fold(0x811C_9DC5u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    let at = (hash ^ hash >> 16) as usize % NAMES;
    let seen = SEEN.with_borrow(|seen| match seen.get(at) {
        Some(Some((one, string))) if **one == *name => Some(string.clone_ref(py)),
        _ => None,
    });
    if let Some(string) = seen {
        return string.into_bound(py);
    }
    let string = PyString::new(py, name);
    if name.len() <= 64 {
        let kept = Some((name.into(), string.clone().unbind()));
        // What stood there is dropped when nothing is borrowed.
        let _before = SEEN.with_borrow_mut(|seen| seen.get_mut(at).map(|place| std::mem::replace(place, kept)));
    }
    string
}
