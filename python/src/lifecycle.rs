//! What the transition tables say, before anything is sent.

use crate::pickled::pickled;
use crate::systems;
use cardwright_core::Named as _;
use cardwright_core::lifecycle::{Operation, Verdict as CoreVerdict};
use cardwright_python_common::Failure;
use cardwright_python_common::members::member;
use pyo3::prelude::*;

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

/// What the table of a system says: by the numbers of system, state and operation.
#[pyfunction]
pub(crate) fn verdict(py: Python<'_>, system: u8, state: u8, operation: u8) -> PyResult<Verdict> {
    let state = systems::state_of(systems::system(system)?, state)?;
    Verdict::new(py, CoreVerdict::of(state, operation_of(operation)?))
}

/// The operation with a number.
///
/// # Errors
/// Where there is none.
pub(crate) fn operation_of(number: u8) -> Result<Operation, Failure> {
    Operation::from_number(number.into()).ok_or_else(|| Failure::unknown_value("no such operation"))
}

/// The number of the operation that a system, or the core, calls so.
#[pyfunction]
pub(crate) fn operation(system: u8, word: &str) -> PyResult<u8> {
    let system = systems::system(system)?;
    Ok(Operation::from_native(system, word)
        .or_else(|error| Operation::from_name(word).filter(|one| one.native(system).is_some()).ok_or(error))
        .map_err(Failure::from)? as u8)
}
