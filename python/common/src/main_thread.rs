//! Python's main thread, which handles signals and ends the interpreter.

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

/// Whether this is it.
pub(crate) fn on_main_thread(py: Python<'_>) -> PyResult<bool> {
    static IDENT: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    static MAIN: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let here = IDENT.import(py, "threading", "get_ident")?.call0()?;
    let main = MAIN.import(py, "threading", "main_thread")?.call0()?.getattr("ident")?;
    here.eq(main)
}
