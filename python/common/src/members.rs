//! The members of the enumerations of `cardwright`, which are written in Python by `cargo xtask gen`: [`member`] gives
//! one to Python, [`given`] takes one from it. Nothing else crosses the border by number.

use cardwright_core::Named;
use cardwright_core::atr::Rule;
use cardwright_core::certiflow::{CardState, CertificateType, Dialect, RevocationReason, Sure};
use cardwright_core::identity::{Basis, CardKind, Source, Trust};
use cardwright_core::lifecycle::{Evidence, Operation, State, System};
use cardwright_core::mim::{RequestStatus, RequestType, SmartcardStatus};
use pyo3::exceptions::PyRuntimeError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

/// A value that has a member in Python.
pub trait Member: Copy {
    /// The class, once it has been looked up.
    fn class() -> &'static PyOnceLock<Py<PyAny>>;
    /// Its name.
    const NAME: &'static str;
    /// The member's number.
    fn number(self) -> u32;
}

/// The member for a value.
///
/// # Errors
/// Where the package `cardwright` is of another version that lacks the member.
pub fn member<M: Member>(py: Python<'_>, value: M) -> PyResult<Bound<'_, PyAny>> {
    class::<M>(py)?.call_method1(intern!(py, "_of_number"), (value.number(),))
}

/// The value that Python gave as the parameter with this name: a member or its word.
///
/// # Errors
/// `TypeError` for what is neither, and `MissingArgument` for an unknown word; both list the words.
pub fn given<M: Member + Named>(name: &str, value: &Bound<'_, PyAny>) -> PyResult<M> {
    let py = value.py();
    let member = class::<M>(py)?.call_method1(intern!(py, "_given"), (name, value))?;
    let known = M::from_number(member.getattr(intern!(py, "number"))?.extract()?);
    known.ok_or_else(|| PyRuntimeError::new_err("a member that the core does not have"))
}

fn class<M: Member>(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
    M::class().import(py, "cardwright._enums", M::NAME)
}

macro_rules! members {
    ($($kind:ident $(by $how:ident)?),* $(,)?) => {
        $(impl Member for $kind {
            const NAME: &'static str = stringify!($kind);

            fn class() -> &'static PyOnceLock<Py<PyAny>> {
                static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
                &CLASS
            }

            fn number(self) -> u32 {
                members!(@number self $($how)?)
            }
        })*
    };
    (@number $value:ident) => { $value as u32 };
    (@number $value:ident name) => { cardwright_core::Named::number($value) };
}

members!(
    Basis,
    CardKind by name,
    CardState,
    CertificateType,
    Dialect,
    Evidence,
    Operation,
    RequestStatus,
    RequestType,
    RevocationReason,
    Rule,
    SmartcardStatus,
    Source by name,
    State,
    Sure,
    System,
    Trust,
);
