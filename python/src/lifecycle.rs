//! What the transition tables say, before anything is sent.

use crate::pickled::pickled;
use crate::systems;
use cardwright_core::lifecycle::{Operation, System, Verdict as CoreVerdict};
use cardwright_core::{Code, Named as _};
use cardwright_python_common::Failure;
use cardwright_python_common::members::{given, member};
use pyo3::prelude::*;
use pyo3::types::PyString;

pickled! {
    /// What a table says of an operation in a state. It is true where the operation is allowed.
    #[pyclass(frozen, get_all, module = "cardwright")]
    pub(crate) struct Verdict {
        /// Whether the operation is allowed.
        allowed: bool,
        /// The state that it leads to, in the system's own words; `None` where it is not allowed.
        to: Option<Py<PyAny>>,
        /// How sure that is: `Evidence`.
        evidence: Py<PyAny>,
        /// The clause behind it; `""` where the system has no such operation.
        source: String,
        /// Whether the system has no such operation at all.
        lacks: bool,
    }
}

impl Verdict {
    pub(crate) fn new(py: Python<'_>, verdict: CoreVerdict) -> PyResult<Self> {
        let evidence = member(py, verdict.evidence())?.unbind();
        let (to, source) = match verdict {
            CoreVerdict::Allowed { to, source, .. } => (Some(systems::state(py, to)?.unbind()), source),
            CoreVerdict::Refused { source, .. } => (None, source),
            CoreVerdict::Lacks => (None, ""),
        };
        let lacks = matches!(verdict, CoreVerdict::Lacks);
        Ok(Verdict { allowed: to.is_some(), to, evidence, source: source.into(), lacks })
    }

    /// The verdict as a Python object, where there is one.
    pub(crate) fn shown(py: Python<'_>, verdict: Option<CoreVerdict>) -> PyResult<Option<Py<Self>>> {
        verdict.map(|verdict| Py::new(py, Verdict::new(py, verdict)?)).transpose()
    }
}

#[pymethods]
impl Verdict {
    fn __bool__(&self) -> bool {
        self.allowed
    }

    fn __eq__(&self, py: Python<'_>, other: &Bound<'_, PyAny>) -> PyResult<bool> {
        let Ok(other) = other.cast::<Verdict>() else { return Ok(false) };
        let other = other.get();
        let to = match (&self.to, &other.to) {
            (Some(one), Some(two)) => one.bind(py).eq(two)?,
            (one, two) => one.is_none() && two.is_none(),
        };
        Ok(to
            && self.evidence.bind(py).eq(&other.evidence)?
            && (self.allowed, &self.source, self.lacks) == (other.allowed, &other.source, other.lacks))
    }

    fn __hash__(&self) -> isize {
        self.source.len() as isize * 4 + isize::from(self.allowed) * 2 + isize::from(self.lacks)
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let evidence = self.evidence.bind(py).str()?;
        Ok(match &self.to {
            Some(to) => format!("<Verdict allowed, to {} ({evidence}: {})>", to.bind(py).str()?, self.source),
            None if self.lacks => "<Verdict no such operation>".into(),
            None => format!("<Verdict refused ({evidence}: {})>", self.source),
        })
    }
}

/// What the table of a system says.
#[pyfunction]
pub(crate) fn verdict(
    py: Python<'_>,
    system: &Bound<'_, PyAny>,
    state: &Bound<'_, PyAny>,
    operation: &Bound<'_, PyAny>,
) -> PyResult<Verdict> {
    let system = given("system", system)?;
    let state = systems::state_of(system, state)?;
    Verdict::new(py, CoreVerdict::of(state, operation_of(system, operation)?))
}

/// The operation that a system, or the core, calls so.
#[pyfunction]
pub(crate) fn operation<'py>(system: &Bound<'py, PyAny>, word: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    member(word.py(), operation_of(given("system", system)?, word)?)
}

/// The operation that Python gave: a member, the word that the system has for it, or the neutral one.
///
/// # Errors
/// `NotSupported` for another word, `TypeError` for what is neither a member nor a word.
pub(crate) fn operation_of(system: System, operation: &Bound<'_, PyAny>) -> PyResult<Operation> {
    let Some(word) = operation.cast::<PyString>().ok().filter(|word| !word.hasattr("_value_").unwrap_or(false)) else {
        return given("operation", operation);
    };
    let half = |_| Failure::argument("operation has half a character (a surrogate) in it");
    let word = word.to_cow().map_err(half)?;
    let neutral = || Operation::from_name(&word).filter(|one| one.native(system).is_some());
    let found = Operation::from_native(system, &word).ok().or_else(neutral);
    Ok(found.ok_or_else(|| {
        let words: Vec<&str> = Operation::of(system).filter_map(|one| one.native(system)).collect();
        let message = format!("operation: {} has no {:?}, but {}", system.name(), word, words.join(", "));
        Failure::new(Code::NoSuchOperation, message)
    })?)
}
