//! What is only looked at: a request of MIM CM, and a server.

use super::setup::Setup;
use crate::pickled::pickled;
use crate::systems;
use cardwright::client::{Canceler, FollowedRequest as Found};
use cardwright::doctor::{Check, examine};
use cardwright::{Failure as Words, Target};
use cardwright_core::Code;
use cardwright_python_common::Failure;
use cardwright_python_common::members::member;
use cardwright_python_common::wait::blocking;
use pyo3::prelude::*;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;
use std::time::Duration;

pickled! {
    /// A request of MIM CM as it is now, and the card that it is for.
    #[pyclass(frozen, get_all, module = "cardwright")]
    pub(crate) struct FollowedRequest {
        /// The request as the server sent it.
        request: Py<PyAny>,
        /// What comes next: `str`, `"awaiting approval"`, `"approved"` (`go_on` carries it out), `"done"`, `"ended"` (it was denied,
        /// was canceled or has failed, as `request.status` says) or `"unknown"`.
        step: String,
        /// The operation that it is for, or `None` where this library cannot do it.
        operation: Option<Py<PyAny>>,
        /// The card that it is for: `Smartcard`, or `None` where it is for none, the server does not have it, or it cannot be
        /// read.
        card: Option<Py<PyAny>>,
        /// Why the card cannot be read: `CardwrightError`, or `None`.
        unread: Option<Py<PyAny>>,
    }
}

impl FollowedRequest {
    pub(super) fn new(py: Python<'_>, found: Found, setup: &Setup) -> PyResult<Self> {
        let step = found.step_name().into();
        let Found { request, operation, card, unread, .. } = found;
        let card = card.map(|card| systems::card(py, &card, setup.source(None)).map(Bound::unbind)).transpose()?;
        Ok(FollowedRequest {
            request: systems::request(py, &request)?.unbind(),
            step,
            operation: operation.map(|operation| member(py, operation).map(Bound::unbind)).transpose()?,
            card,
            unread: unread.map(|error| Failure::from(error).raise(py).into_value(py).into_any()),
        })
    }
}

#[pymethods]
impl FollowedRequest {
    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        Ok(format!("<FollowedRequest {} {}>", self.step, self.request.bind(py).repr()?))
    }
}

pickled! {
    /// A check that `doctor` made.
    #[pyclass(frozen, get_all, module = "cardwright")]
    #[derive(PartialEq, Eq, Hash)]
    pub(crate) struct DoctorCheck {
        /// What was looked at.
        name: String,
        /// How it came out: `str`, `"ok"`, `"warn"` or `"fail"`.
        level: String,
        /// What was seen.
        seen: String,
        /// The next step, in the words of the options of the command: `str`, or `None`.
        next: Option<String>,
    }
}

impl From<Check> for DoctorCheck {
    fn from(check: Check) -> Self {
        DoctorCheck { name: check.name.into(), level: check.level.name().into(), seen: check.seen, next: check.next }
    }
}

#[pymethods]
impl DoctorCheck {
    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        other.cast::<Self>().is_ok_and(|other| self == other.get())
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.hash(&mut hasher);
        hasher.finish()
    }

    fn __repr__(&self) -> String {
        let next = self.next.as_ref().map(|next| format!("; next: {next}")).unwrap_or_default();
        format!("<DoctorCheck {} {}: {}{next}>", self.level, self.name, self.seen)
    }
}

/// Examines the server of a client, until its canceler ends it.
pub(super) fn doctor(
    py: Python<'_>,
    setup: &Arc<Setup>,
    limit: Duration,
    canceler: Canceler,
) -> PyResult<Vec<DoctorCheck>> {
    let mut target: Target = setup.target()?;
    (target.time_limit, target.canceler) = (Some(limit), Some(canceler.clone()));
    let report = blocking(py, move || examine(&target, &mut |_| {}))?.map_err(failed)?;
    if canceler.is_canceled() {
        return Err(Failure::new(Code::Canceled, "the examination was canceled").into());
    }
    Ok(report.checks.into_iter().map(DoctorCheck::from).collect())
}

/// A setting that cannot be used.
fn failed(words: Words) -> Failure {
    Failure::new(words.code().unwrap_or(Code::Setting), words.to_string())
}
