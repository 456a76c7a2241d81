//! What a field of a vendor's object is in Python.
//!
//! The type of a core getter decides. What is not known stays as the server sent it.

use crate::page::{Kept, Page};
use cardwright_core::json::{FromJson, List, Scalar, Text};
use cardwright_core::{Known, Named};
use cardwright_python_common::Failure;
use cardwright_python_common::members::{Member, member};
use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use pyo3::types::{PyFloat, PyInt, PyTuple};
use std::sync::Arc;

/// A value that becomes a Python object.
pub(crate) trait Decode {
    fn decode<'py>(self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>>;
}

/// `str`, or `None`.
impl Decode for Option<Text<'_>> {
    fn decode<'py>(self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.map(Text::to_cow).into_bound_py_any(py)
    }
}

impl Decode for Text<'_> {
    fn decode<'py>(self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.to_cow().into_bound_py_any(py)
    }
}

/// `str`, `int`, `float`, `bool` or `None`, as it stands in the document.
impl Decode for Scalar<'_> {
    fn decode<'py>(self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        match self {
            Scalar::Null => Ok(py.None().into_bound(py)),
            Scalar::Bool(value) => value.into_bound_py_any(py),
            Scalar::Text(text) => text.to_cow().into_bound_py_any(py),
            Scalar::Number(digits) => match self.as_i64() {
                Some(number) => number.into_bound_py_any(py),
                None if digits.contains(['.', 'e', 'E']) => py.get_type::<PyFloat>().call1((digits,)),
                None => py.get_type::<PyInt>().call1((digits,)),
            },
        }
    }
}

/// The member, or what the server sent where there is none.
impl<T: Named + Member> Decode for Known<'_, T> {
    fn decode<'py>(self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        match self.known() {
            Some(value) => member(py, value),
            None => self.raw().decode(py),
        }
    }
}

/// A tuple of texts.
impl<'a> Decode for List<'a, Text<'a>> {
    fn decode<'py>(self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let items = self.into_iter().map(|item| match item {
            Ok(text) => text.decode(py),
            Err(error) => Err(Failure::from(error).into()),
        });
        Ok(PyTuple::new(py, items.collect::<PyResult<Vec<_>>>()?)?.into_any())
    }
}

/// A tuple of records.
pub(crate) fn records<'a, 'py, T: FromJson<'a> + Kept<'a>>(
    py: Python<'py>,
    list: List<'a, T>,
) -> PyResult<Bound<'py, PyAny>> {
    let mut page = Page::default();
    for item in list {
        page.push(&item.map_err(Failure::from)?);
    }
    let page = Arc::new(page);
    let items = (0..page.len()).map(|at| T::wrap(py, &page, at)).collect::<PyResult<Vec<_>>>()?;
    Ok(PyTuple::new(py, items)?.into_any())
}
