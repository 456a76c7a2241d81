//! What a card tells of itself.

use cardwright_core::identity as core;
use cardwright_python_common::Failure;
use cardwright_python_common::members::{given, member};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};
use std::borrow::Cow;

/// What a card is, and every identifier that it told.
#[pyclass(frozen, module = "cardwright.readers")]
pub(crate) struct Identity {
    identity: core::Identity,
    atr: Vec<u8>,
}

impl Identity {
    pub(crate) fn new(identity: core::Identity, atr: Vec<u8>) -> Self {
        Identity { identity, atr }
    }
}

#[pymethods]
impl Identity {
    /// The card's ATR, unchecked.
    #[getter]
    fn atr(&self) -> Vec<u8> {
        self.atr.clone()
    }

    /// What the card is: a tuple of `CardKind`.
    #[getter]
    fn kinds<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let kinds = self.identity.kinds().map(|kind| member(py, kind));
        PyTuple::new(py, kinds.collect::<PyResult<Vec<_>>>()?)
    }

    /// What each kind rests on, the card's own answer, its ATR, or a hint: a `dict` from `CardKind` to `Basis`.
    #[getter]
    fn evidence<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let evidence = PyDict::new(py);
        for kind in self.identity.kinds() {
            if let Some(basis) = self.identity.basis(kind) {
                evidence.set_item(member(py, kind)?, member(py, basis)?)?;
            }
        }
        Ok(evidence)
    }

    /// The kinds of which the number could not be read, each with why: a `dict` from `CardKind` to `str`.
    #[getter]
    fn unread<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let unread = PyDict::new(py);
        for (kind, why) in self.identity.unread() {
            unread.set_item(member(py, kind)?, why)?;
        }
        Ok(unread)
    }

    /// Its identifiers in the order in which they were found: a tuple of `Identifier`.
    #[getter]
    fn identifiers<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let identifiers = self.identity.identifiers().map(|one| Identifier::new(py, one));
        PyTuple::new(py, identifiers.collect::<PyResult<Vec<_>>>()?)
    }

    /// The spellings in which a system may have stored the card's serial number: the strongest identifier
    /// first, and of each the best guess first. A tuple of `Guess`; `system` is a `System`.
    fn guesses<'py>(&self, system: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyTuple>> {
        let py = system.py();
        let guesses = self.identity.guesses(given("system", system)?).map(|guess| Guess::new(py, &guess));
        PyTuple::new(py, guesses.collect::<PyResult<Vec<_>>>()?)
    }

    /// The same with a number that the program itself has read from the card, text or bytes: of `source`, a
    /// `Source.other(n)`, in place of another one of it. `kind` is what the card is then, a `CardKind`, or `None`.
    ///
    /// Raises:
    ///     InputError: `serial` is no serial number.
    #[pyo3(signature = (source, serial, kind=None))]
    fn with_identifier(
        &self,
        source: &Bound<'_, PyAny>,
        serial: &Bound<'_, PyAny>,
        kind: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let source = given("source", source)?;
        let identifier = match (serial.extract::<Cow<'_, str>>(), serial.extract::<&[u8]>()) {
            (Ok(text), _) => core::Identifier::of_text(source, &text),
            (_, Ok(bytes)) => core::Identifier::new(source, bytes),
            _ => None,
        };
        let identifier = identifier.ok_or_else(|| {
            Failure::argument("no serial number: up to 32 printable ASCII characters or 42 bytes, not all 00 or FF")
        })?;
        let no_room = |error: cardwright_core::Error| Failure::new(error.code, error.to_string());
        let mut identity = self.identity;
        if let Some(kind) = kind {
            identity = identity.with_kind(given("kind", kind)?, core::Basis::Answer).map_err(no_room)?;
        }
        let identity = identity.with_identifier(identifier).map_err(no_room)?;
        Ok(Identity { identity, atr: self.atr.clone() })
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        other.cast::<Identity>().is_ok_and(|other| other.get().identity == self.identity && other.get().atr == self.atr)
    }

    fn __hash__(&self) -> u64 {
        use std::hash::{DefaultHasher, Hash as _, Hasher as _};
        let mut hasher = DefaultHasher::new();
        self.atr.hash(&mut hasher);
        self.identity.identifiers().for_each(|one| one.hash(&mut hasher));
        hasher.finish()
    }

    fn __str__(&self) -> String {
        self.identity.to_string()
    }

    fn __repr__(&self) -> String {
        format!("<Identity {}>", self.identity)
    }
}

/// A number that the card gave.
#[pyclass(frozen, get_all, module = "cardwright.readers")]
pub(crate) struct Identifier {
    /// Where it comes from: `Source`.
    source: Py<PyAny>,
    /// How far it tells one card from all others: `Trust`.
    trust: Py<PyAny>,
    /// How sure it is that this is the card's number, documented or assumed from its relatives: `Evidence`.
    evidence: Py<PyAny>,
    /// Whether it stands for a person, as a document number does: nothing for logs.
    personal: bool,
    /// As its makers print it.
    text: String,
    /// The same for logs: a star for each letter and digit but the last two.
    masked: String,
    /// As it was read; none where the card hides it.
    bytes: Vec<u8>,
}

impl Identifier {
    fn new(py: Python<'_>, one: &core::Identifier) -> PyResult<Self> {
        let (source, trust) = (member(py, one.source())?.unbind(), member(py, one.trust())?.unbind());
        let (evidence, personal) = (member(py, one.evidence())?.unbind(), one.source().is_personal());
        Ok(Identifier {
            source,
            trust,
            evidence,
            personal,
            text: one.to_string(),
            masked: one.masked().to_string(),
            bytes: one.bytes().to_vec(),
        })
    }
}

#[pymethods]
impl Identifier {
    fn __str__(&self) -> &str {
        &self.text
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let (source, trust) = (self.source.bind(py).str()?, self.trust.bind(py).str()?);
        // Representations end up in logs.
        let text = if self.personal { &self.masked } else { &self.text };
        Ok(format!("<Identifier {source} {text} ({trust})>"))
    }
}

/// One way in which a system may have stored the serial number of a card.
#[pyclass(frozen, get_all, module = "cardwright.readers")]
pub(crate) struct Guess {
    /// The serial number as the system would write it.
    spelling: String,
    /// The identifier that it was made of: `Source`.
    source: Py<PyAny>,
    /// Whether that is documented, or assumed: `Evidence`.
    evidence: Py<PyAny>,
}

impl Guess {
    fn new(py: Python<'_>, guess: &core::Guess) -> PyResult<Self> {
        let (source, evidence) = (member(py, guess.source)?.unbind(), member(py, guess.evidence)?.unbind());
        Ok(Guess { spelling: guess.spelling.to_string(), source, evidence })
    }
}

#[pymethods]
impl Guess {
    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        Ok(format!("<Guess {} ({})>", self.spelling, self.evidence.bind(py).str()?))
    }
}
