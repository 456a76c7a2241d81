//! A card that is a program, in a reader of vpcd.

use cardwright_core::Code;
use cardwright_python_common::Failure;
use cardwright_python_common::wait::blocking;
use cardwright_reader::virtual_card::{Inserted, SAMPLES, Script, insert};
use pyo3::prelude::*;
use std::sync::{Mutex, PoisonError};

/// A virtual card in a virtual reader, which every program of the machine sees as a real one.
#[pyclass(frozen, module = "cardwright._reader")]
pub(crate) struct VirtualCard {
    inserted: Mutex<Option<Inserted>>,
}

#[pymethods]
impl VirtualCard {
    /// The names of the cards that come with it.
    #[staticmethod]
    fn names() -> Vec<&'static str> {
        SAMPLES.iter().map(|(name, _)| *name).collect()
    }

    #[new]
    fn new(py: Python<'_>, script: &str, address: String) -> PyResult<Self> {
        let json = SAMPLES.iter().find(|(name, _)| *name == script).map_or(script, |(_, json)| *json);
        let card = Script::parse(json, None).map_err(|wrong| Failure::argument(wrong.to_string()))?;
        let inserted = blocking(py, move || insert(&address, card).map_err(|error| format!("{address}: {error}")))?;
        let inserted = inserted.map_err(|why| {
            let message = format!("nobody waits for a card at {why} (Debian: pcscd and vsmartcard-vpcd)");
            Failure::new(Code::NoReader, message)
        })?;
        Ok(VirtualCard { inserted: Mutex::new(Some(inserted)) })
    }

    /// Pulls the card. Twice is as good as once.
    fn remove(&self, py: Python<'_>) {
        let inserted = self.inserted.lock().unwrap_or_else(PoisonError::into_inner).take();
        py.detach(|| drop(inserted));
    }
}
