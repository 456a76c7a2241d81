//! The command `cardwright`, for the script that the wheel puts on the path.

use pyo3::prelude::*;
use std::ffi::OsString;

/// Runs the command; the first argument is its own name. Returns the exit code.
#[pyfunction]
pub(crate) fn command(py: Python<'_>, arguments: Vec<OsString>) -> u8 {
    py.detach(|| cardwright_cli::run(arguments)) as u8
}
