//! The register of SKZI of Indeed CM 7.1: a lazy iterator over its entries.
//!
//! They are read on a thread of their own, a few ahead, which begins with the request for the first entry and ends when
//! the iterator is dropped.

use cardwright::client::{AnyClient, Error};
use cardwright_core::certiflow::OwnedSkziQuery;
use cardwright_python_common::Failure;
use cardwright_python_common::wait::{Told, channel, panicked, receive};
use pyo3::prelude::*;
use pyo3::sync::MutexExt as _;
use std::sync::{Arc, Mutex, PoisonError};

/// How many entries are read ahead.
const AHEAD: usize = 64;

/// An entry as it was sent, or `None` for the end.
type Part = Option<Result<String, Error>>;

/// Entries of the register, as JSON, one by one.
#[pyclass(frozen, module = "cardwright._cardwright")]
pub(crate) struct SkziEntries {
    process: u32,
    stage: Mutex<Stage>,
}

enum Stage {
    New(Arc<AnyClient>, OwnedSkziQuery),
    Reading(Told<Part>),
    Over,
}

impl SkziEntries {
    pub(super) fn new(client: Arc<AnyClient>, query: OwnedSkziQuery) -> Result<Self, Failure> {
        // What the generation lacks is an error at once, not at the first entry.
        drop(client.skzi(&query.view())?);
        Ok(SkziEntries { process: std::process::id(), stage: Mutex::new(Stage::New(client, query)) })
    }
}

/// Reads on another thread, until the receiver is gone.
fn start(py: Python<'_>, client: Arc<AnyClient>, query: OwnedSkziQuery) -> PyResult<Told<Part>> {
    let (sender, parts) = channel(py, AHEAD)?;
    std::thread::Builder::new().name("cardwright-skzi".into()).spawn(parts.mark().around(move || {
        let entries = match client.skzi(&query.view()) {
            Ok(entries) => entries,
            Err(error) => Box::new(std::iter::once(Err(error))),
        };
        for part in entries.map(Some).chain(std::iter::once(None)) {
            if sender.send(part).is_err() {
                break;
            }
        }
    }))?;
    Ok(parts)
}

#[pymethods]
impl SkziEntries {
    fn __iter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<String>> {
        if self.process != std::process::id() {
            let words = "a list cannot be read in another process after a fork: ask for it again there";
            return Err(Failure::argument(words).into());
        }
        // Another thread that iterates at the same time waits here, without the interpreter.
        let mut stage = self.stage.lock_py_attached(py).unwrap_or_else(PoisonError::into_inner);
        let mut parts = match std::mem::replace(&mut *stage, Stage::Over) {
            Stage::Over => return Ok(None),
            Stage::New(client, query) => start(py, client, query)?,
            Stage::Reading(parts) => parts,
        };
        let heard = receive(py, &mut parts);
        match heard {
            Ok(Some(None)) => Ok(None),
            Ok(Some(Some(entry))) => {
                *stage = Stage::Reading(parts);
                Ok(Some(entry.map_err(Failure::from)?))
            }
            Ok(None) => Err(panicked().into()),
            // A signal's handler has raised; the list can be read further.
            Err(raised) => {
                *stage = Stage::Reading(parts);
                Err(raised)
            }
        }
    }
}
