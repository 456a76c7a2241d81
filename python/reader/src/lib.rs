//! The extension module of the Python package `cardwright-reader`: readers and cards by PC/SC.
//!
//! It is apart from that of `cardwright`, which loads where PC/SC is not installed.

mod identity;
mod readers;
mod session;
mod virtual_card;
mod watch;

/// The extension module; `cardwright.readers` has the names for users.
#[pyo3::pymodule(gil_used = false)]
mod _cardwright_reader {
    #[pymodule_export]
    use crate::identity::{Guess, Identifier, Identity};
    #[pymodule_export]
    use crate::readers::{Reader, readers};
    #[pymodule_export]
    use crate::session::{Response, Session};
    #[pymodule_export]
    use crate::virtual_card::VirtualCard;
    #[pymodule_export]
    use crate::watch::{Event, Watch};
}

use cardwright_python_common::Failure;
use pyo3::prelude::*;
use std::error::Error as _;

/// An error of the reader as an exception, with what PC/SC said.
fn raise(py: Python<'_>, error: &cardwright_reader::Error) -> PyErr {
    let mut message = error.to_string();
    if let Some(source) = error.source() {
        message += &format!(": {source}");
    }
    Failure::new(error.code(), message).raise(py)
}

/// What was made before a fork is of no use after it: the service's connection is the parent's.
fn in_process(py: Python<'_>, process: u32, what: &str) -> PyResult<()> {
    if process == std::process::id() {
        return Ok(());
    }
    Err(Failure::argument(format!("{what} cannot be used after a fork: make one in the child")).raise(py))
}
