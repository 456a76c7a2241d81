//! ATRs.

use crate::failure::raise;
use cardwright_core::atr::AtrBuf;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};

/// The answer to reset of a card (ISO/IEC 7816-3, 8).
#[pyclass(frozen, module = "cardwright")]
pub(crate) struct Atr {
    kept: AtrBuf,
}

/// A rule of a standard that an ATR breaks.
#[pyclass(frozen, get_all, module = "cardwright")]
pub(crate) struct Finding {
    /// The index of the byte.
    at: usize,
}

#[pymethods]
impl Atr {
    #[new]
    fn new(py: Python<'_>, atr: &Bound<'_, PyAny>) -> PyResult<Self> {
        let kept = match atr.cast::<PyString>() {
            Ok(text) => AtrBuf::from_hex(&text.to_cow()?),
            Err(_) => AtrBuf::parse(atr.cast::<PyBytes>()?.as_bytes()),
        };
        Ok(Atr { kept: kept.map_err(|error| raise(py, error))? })
    }
}
