//! From what went wrong in Rust to an exception of `cardwright.errors`.
//!
//! The classes are written in Python; which one it is follows from the number of the error.

use crate::record::Origin;
use cardwright_client::{AnyCard, Error};
use cardwright_core::Code;
use cardwright_core::lifecycle::{Operation, legal};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyTuple};
use std::error::Error as _;

/// What went wrong, and what an exception tells of it.
#[derive(Debug)]
pub(crate) struct Failure {
    code: Code,
    message: String,
    status: Option<u16>,
    attempts: u32,
    /// Whether a change may have been carried out all the same.
    unknown: bool,
    card: Option<(AnyCard, Origin)>,
    legal: Vec<Operation>,
    request: Option<String>,
}

impl Failure {
    pub(crate) fn new(code: Code, message: impl Into<String>) -> Self {
        let (message, status, attempts, unknown) = (message.into(), None, 0, false);
        Failure { code, message, status, attempts, unknown, card: None, legal: Vec::new(), request: None }
    }

    /// A fault of this library.
    pub(crate) fn internal(message: &str) -> Self {
        Failure::new(Code::Internal, message)
    }

    /// An argument that a function does not take.
    pub(crate) fn argument(message: impl Into<String>) -> Self {
        Failure::new(Code::Argument, message)
    }

    /// The same, about this card.
    pub(crate) fn about(mut self, card: AnyCard, origin: Origin) -> Self {
        self.card = Some((card, origin));
        self
    }

    /// The answer to a change was lost, and nothing tells whether it was carried out.
    pub(crate) fn outcome_unknown(error: &Error, request: Option<String>) -> Self {
        let mut failure = Failure::from(error);
        failure.unknown = true;
        failure.request = request;
        failure.message += "; it may have been carried out all the same";
        failure
    }

    /// The exception.
    pub(crate) fn raise(self, py: Python<'_>) -> PyErr {
        self.exception(py).map_or_else(|error| error, PyErr::from_value)
    }

    fn exception(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        static MAKE: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        let make = MAKE.import(py, "cardwright.errors", "_make")?;
        let facts = PyDict::new(py);
        facts.set_item("status", self.status)?;
        facts.set_item("attempts", self.attempts)?;
        facts.set_item("unknown", self.unknown)?;
        facts.set_item("request", self.request)?;
        if let Some((card, origin)) = self.card {
            facts.set_item("card", crate::record::card(py, &card, origin)?)?;
        }
        let legal = self.legal.iter().map(|operation| crate::members::member(py, *operation));
        facts.set_item("legal", PyTuple::new(py, legal.collect::<PyResult<Vec<_>>>()?)?)?;
        make.call((self.code.number(), self.message), Some(&facts))
    }
}

impl From<&Error> for Failure {
    fn from(error: &Error) -> Self {
        let mut message = error.to_string();
        let mut below = error.source();
        while let Some(source) = below {
            message += &format!(": {source}");
            below = source.source();
        }
        let mut failure = Failure::new(error.code(), message);
        failure.status = error.status();
        match error {
            Error::NotAllowed { state: Some(state), .. } => {
                failure.legal = legal(*state).map(|(operation, _)| operation).collect();
            }
            Error::Transport { attempts, .. } => failure.attempts = *attempts,
            Error::Answer(answer) => failure.attempts = answer.attempts,
            Error::RequestEnded { request, .. } => failure.request = Some(request.clone()),
            _ => {}
        }
        failure
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Failure::from(&error)
    }
}

impl From<cardwright_core::Error> for Failure {
    fn from(error: cardwright_core::Error) -> Self {
        Failure::new(error.code, error.to_string())
    }
}

impl From<cardwright_server::Error> for Failure {
    fn from(error: cardwright_server::Error) -> Self {
        Failure::argument(error.to_string())
    }
}

/// A core error as an exception.
pub(crate) fn raise(py: Python<'_>, error: cardwright_core::Error) -> PyErr {
    Failure::from(error).raise(py)
}
