//! The second extension module of the Python package `cardwright`: readers and cards by PC/SC.
//!
//! It is a library of its own, because the first must load where PC/SC is not installed.

mod failure;
mod identity;
mod readers;
mod session;
mod virtual_card;
mod watch;

/// The extension module; `cardwright.readers` has the names for users.
#[pyo3::pymodule(gil_used = false)]
mod _reader {
    use pyo3::prelude::*;

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

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        cardwright_python_common::logging::install(module.py())
    }
}
