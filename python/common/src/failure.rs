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
    message: Box<str>,
    /// The next step, in the words of the package.
    hint: Option<Box<str>>,
    status: Option<u16>,
    attempts: u32,
    request_facts: RequestFacts,
    outcome: Option<&'static str>,
    card: Option<Box<MakeCard>>,
    identity: Option<Box<MakeCard>>,
    legal: Vec<Operation>,
    request: Option<Box<str>>,
    /// The generation that the server speaks, where another one was given.
    dialect: Option<Dialect>,
}

/// What is known of a request that failed, which its number does not say.
#[derive(Default)]
struct RequestFacts {
    /// Whether it may have reached the server; `None` where the error is not about a request.
    sent: Option<bool>,
    /// Whether a proxy is the cause.
    proxy: bool,
    /// Whether TLS is.
    tls: bool,
    /// Whether an issuer gave no token for it.
    no_token: bool,
}

/// What makes the card that an exception is about, or its identity, where there is an interpreter.
type MakeCard = Box<dyn FnOnce(Python<'_>) -> PyResult<Py<PyAny>> + Send>;

impl Failure {
    /// What has this number, in a line for people.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Failure {
            code,
            message: message.into().into_boxed_str(),
            hint: None,
            status: None,
            attempts: 0,
            request_facts: RequestFacts::default(),
            outcome: None,
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

    /// The same, with the next step, which is in the words of the command.
    #[must_use]
    pub fn hint(mut self, hint: Option<&str>) -> Self {
        self.hint = hint.map(|hint| crate::hint::in_python(hint).into());
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
        (self.outcome, self.message, self.request) =
            (Some(outcome), words.into(), request.map(Into::into).or(self.request));
        self
    }

    /// The same in other words.
    #[must_use]
    pub fn with_message(mut self, message: impl Into<String>) -> Self {
        self.message = message.into().into();
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
        facts.set_item("hint", self.hint.as_deref())?;
        let RequestFacts { sent, proxy, tls, no_token } = self.request_facts;
        facts.set_item("sent", sent)?;
        for (name, is_so) in [("proxy", proxy), ("tls", tls), ("no_token", no_token)] {
            facts.set_item(name, is_so)?;
        }
        facts.set_item("outcome", self.outcome)?;
        facts.set_item("request", self.request.as_deref())?;
        facts.set_item("dialect", self.dialect.map(|dialect| member(py, dialect)).transpose()?)?;
        if let Some(card) = self.card {
            facts.set_item("card", card(py)?)?;
        }
        if let Some(identity) = self.identity {
            facts.set_item("identity", identity(py)?)?;
        }
        let legal = self.legal.iter().map(|operation| member(py, *operation));
        facts.set_item("legal", PyTuple::new(py, legal.collect::<PyResult<Vec<_>>>()?)?)?;
        make.call((self.code.number(), &*self.message), Some(&facts))
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
        let mut failure = Failure::new(error.code(), said(error)).hint(cardwright::hint_after(error).as_deref());
        failure.status = error.status();
        failure.attempts = error.http().map_or(0, cardwright::client::http::Error::attempts);
        failure.request_facts = error.http().map(RequestFacts::from).unwrap_or_default();
        failure.request_facts.no_token = error.is_no_token();
        if let Error::RequestEnded { request, .. } = error {
            failure.request = Some(request.as_str().into());
        }
        if let Error::Dialect { found, .. } = error {
            failure.dialect = Some(*found);
        }
        failure
    }
}

/// What went wrong, in a line. A setting is named by the parameter that it is in Python.
#[cfg(feature = "client")]
fn said(error: &cardwright::client::Error) -> String {
    let said = error.unmasked().to_string();
    let parameter = match error.http().map_or("", cardwright::client::http::Error::setting) {
        "" => return said,
        "base" => "url",
        other => other,
    };
    format!("{parameter}: {said}")
}

#[cfg(feature = "client")]
impl From<&cardwright::client::http::Error> for RequestFacts {
    fn from(error: &cardwright::client::http::Error) -> Self {
        let tls = error.tls_failure();
        let by_proxy = error.proxy_refusal().is_some() || error.proxy_unreachable().is_some();
        RequestFacts {
            sent: Some(error.was_sent()),
            proxy: by_proxy || tls.is_some_and(|failure| failure.is_proxy),
            tls: tls.is_some(),
            no_token: false,
        }
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

/// What was gathered as the command gathers it is told in its words, with the next step: that names the variable to set.
#[cfg(feature = "client")]
impl From<cardwright::Failure> for Failure {
    fn from(failure: cardwright::Failure) -> Self {
        let next = failure.next().map(|next| format!(": {next}")).unwrap_or_default();
        Failure::new(failure.code().unwrap_or(Code::Setting), format!("{}{next}", failure.message()))
    }
}

impl From<cardwright_core::Error> for Failure {
    fn from(error: cardwright_core::Error) -> Self {
        Failure::new(error.code, error.to_string())
    }
}
