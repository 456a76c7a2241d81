//! Errors of the reader as exceptions.

use cardwright_python_common::Failure;
use std::error::Error as _;

/// An error of the reader, with the words of PC/SC.
pub(crate) fn failed(error: cardwright_reader::Error) -> Failure {
    let source = error.source().map(|source| format!(": {source}")).unwrap_or_default();
    Failure::new(error.code(), format!("{error}{source}"))
}

/// Checks that an object is used in the process that made it: after a fork the connection to the service is the parent's.
pub(crate) fn check_process(process: u32, what: &str) -> Result<(), Failure> {
    match process == std::process::id() {
        true => Ok(()),
        false => Err(Failure::argument(format!("{what} cannot be used after a fork: make one in the child"))),
    }
}
