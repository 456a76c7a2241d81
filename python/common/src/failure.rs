//! From what went wrong in Rust to an exception of `cardwright.errors`.
//!
//! The classes are written in Python; which one it is follows from the number of the error.

use crate::members::member;
use cardwright_core::Code;
use cardwright_core::certiflow::Dialect;
use cardwright_core::lifecycle::Operation;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyTuple};

/// What went wrong, and what an exception tells of it.
pub struct Failure {
    code: Code,
    message: String,
    status: Option<u16>,
    attempts: u32,
    outcome: Option<&'static str>,
    card: Option<Box<MakeCard>>,
    identity: Option<Box<MakeCard>>,
    legal: Vec<Operation>,
    request: Option<String>,
    /// The generation that the server speaks, where another one was given.
    dialect: Option<Dialect>,
}

/// What makes the card that an exception is about, or its identity, where there is an interpreter.
type MakeCard = Box<dyn FnOnce(Python<'_>) -> PyResult<Py<PyAny>> + Send>;

impl Failure {
    /// What has this number, in a line for people.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        let (message, status, attempts, outcome) = (message.into(), None, 0, None);
        Failure {
            code,
            message,
            status,
            attempts,
            outcome,
            card: None,
            identity: None,
            legal: Vec::new(),
            request: None,
            dialect: None,
        }
    }

    /// A fault of this library.
    #[must_use]
    pub fn internal(message: &str) -> Self {
        Failure::new(Code::Internal, message)
    }

    /// An argument that a function does not take.
    pub fn argument(message: impl Into<String>) -> Self {
        Failure::new(Code::Argument, message)
    }

    /// A value that no enumeration has.
    pub fn unknown_value(message: impl Into<String>) -> Self {
        Failure::new(Code::UnknownValue, message)
    }

    /// The same, about a card.
    #[must_use]
    pub fn about(mut self, card: impl FnOnce(Python<'_>) -> PyResult<Py<PyAny>> + Send + 'static) -> Self {
        self.card = Some(Box::new(Box::new(card)));
        self
    }

    /// The same, after a card in a reader has told this of itself.
    #[must_use]
    pub fn told(mut self, identity: impl FnOnce(Python<'_>) -> PyResult<Py<PyAny>> + Send + 'static) -> Self {
        self.identity = Some(Box::new(Box::new(identity)));
        self
    }

    /// The same, where these operations are allowed.
    #[must_use]
    pub fn legal(mut self, operations: Vec<Operation>) -> Self {
        self.legal = operations;
        self
    }

    /// How an operation ended that is not done: in words, and the request of MIM CM that is left behind.
    #[must_use]
    pub fn of_operation(mut self, outcome: &'static str, words: String, request: Option<String>) -> Self {
        (self.outcome, self.message, self.request) = (Some(outcome), words, request.or(self.request));
        self
    }

    /// The same in other words.
    #[must_use]
    pub fn with_message(mut self, message: impl Into<String>) -> Self {
        self.message = message.into();
        self
    }

    /// The exception.
    pub fn raise(self, py: Python<'_>) -> PyErr {
        self.exception(py).map_or_else(|error| error, PyErr::from_value)
    }

    fn exception(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        static MAKE: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        let make = MAKE.import(py, "cardwright.errors", "_make")?;
        let facts = PyDict::new(py);
        facts.set_item("status", self.status)?;
        facts.set_item("attempts", self.attempts)?;
        facts.set_item("outcome", self.outcome)?;
        facts.set_item("request", self.request)?;
        facts.set_item("dialect", self.dialect.map(|dialect| member(py, dialect)).transpose()?)?;
        if let Some(card) = self.card {
            facts.set_item("card", card(py)?)?;
        }
        if let Some(identity) = self.identity {
            facts.set_item("identity", identity(py)?)?;
        }
        let legal = self.legal.iter().map(|operation| member(py, *operation));
        facts.set_item("legal", PyTuple::new(py, legal.collect::<PyResult<Vec<_>>>()?)?)?;
        make.call((self.code.number(), self.message), Some(&facts))
    }
}

/// For `?` in functions that Python calls.
impl From<Failure> for PyErr {
    fn from(failure: Failure) -> PyErr {
        Python::attach(|py| failure.raise(py))
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

#[cfg(feature = "client")]
impl From<&cardwright::client::Error> for Failure {
    fn from(error: &cardwright::client::Error) -> Self {
        use cardwright::client::Error;
        let mut failure = Failure::new(error.code(), error.unmasked().to_string());
        failure.status = error.status();
        failure.attempts = error.http().map_or(0, cardwright::client::http::Error::attempts);
        if let Error::RequestEnded { request, .. } = error {
            failure.request = Some(request.clone());
        }
        if let Error::Dialect { found, .. } = error {
            failure.dialect = Some(*found);
        }
        failure
    }
}

#[cfg(feature = "client")]
impl From<cardwright::client::Error> for Failure {
    fn from(error: cardwright::client::Error) -> Self {
        Failure::from(&error)
    }
}

#[cfg(feature = "client")]
impl From<cardwright::client::http::Error> for Failure {
    fn from(error: cardwright::client::http::Error) -> Self {
        Failure::from(cardwright::client::Error::from(error))
    }
}

impl From<cardwright_core::Error> for Failure {
    fn from(error: cardwright_core::Error) -> Self {
        Failure::new(error.code, error.to_string())
    }
}
