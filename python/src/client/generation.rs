//! Which generation of CertiFlow's API a server speaks.

use crate::pickled::pickled;
use cardwright_python_common::members::member;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

pickled! {
    /// Which generation of CertiFlow's API a server was found to speak, by questions that change nothing.
    #[pyclass(frozen, get_all, module = "cardwright")]
    pub(crate) struct Generation {
        /// The one to give as `dialect`, so that nothing need be asked any more: `Dialect`, or `None` where nothing was
        /// learned.
        dialect: Option<Py<PyAny>>,
        /// All that would answer so, the oldest first: `tuple[Dialect, ...]`.
        dialects: Py<PyTuple>,
        /// How sure that is: `Sure`.
        sure: Py<PyAny>,
        /// From what that is known: `str`, such as `G6: Cards answers, Cards/{id} is missing, …`.
        text: String,
    }
}

impl Generation {
    pub(super) fn new(py: Python<'_>, found: cardwright::Generation) -> PyResult<Self> {
        let dialects: Vec<_> =
            found.finding.dialects().iter().map(|dialect| member(py, dialect)).collect::<PyResult<_>>()?;
        Ok(Generation {
            dialect: found.dialect.map(|dialect| member(py, dialect).map(Bound::unbind)).transpose()?,
            dialects: PyTuple::new(py, dialects)?.unbind(),
            sure: member(py, found.finding.sure())?.unbind(),
            text: found.finding.to_string(),
        })
    }
}

#[pymethods]
impl Generation {
    fn __repr__(&self) -> String {
        format!("<Generation {}>", self.text)
    }
}
