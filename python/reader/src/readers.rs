//! Which readers there are.

use crate::failure::failed;
use cardwright_python_common::shown;
use cardwright_python_common::wait::blocking;
use cardwright_reader::{Sharing, Slot};
use pyo3::prelude::*;

/// A reader, as it was when `readers()` asked. A device with two slots is two readers.
#[pyclass(frozen, get_all, eq, hash, module = "cardwright.readers")]
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Reader {
    /// The name by which the system knows it.
    name: String,
    /// What is in it: `"empty"`, `"card"`, `"mute"` or `"unavailable"`.
    slot: &'static str,
    /// Who uses the card: `"free"`, `"shared"` or `"exclusive"`.
    sharing: &'static str,
    /// The card's ATR as the reader reported it, unchecked; empty without a card, and with a mute one.
    atr: Vec<u8>,
    /// How often a card came or went; 0 where the system does not count.
    events: u16,
}

impl From<cardwright_reader::Reader> for Reader {
    fn from(reader: cardwright_reader::Reader) -> Self {
        let slot = match reader.slot {
            Slot::Empty => "empty",
            Slot::Card => "card",
            Slot::Mute => "mute",
            _ => "unavailable",
        };
        let sharing = match reader.sharing {
            Sharing::Exclusive => "exclusive",
            Sharing::Shared => "shared",
            _ => "free",
        };
        Reader { name: reader.name, slot, sharing, atr: reader.atr, events: reader.events }
    }
}

#[pymethods]
impl Reader {
    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        shown(slf.as_any(), "Reader", &["name", "slot", "sharing", "atr", "events"])
    }
}

/// The readers of this machine, in the system's order; none is no error.
///
/// Raises:
///     NoReaderService: the system's smart-card service does not answer: on Linux, pcscd.
#[pyfunction]
pub(crate) fn readers(py: Python<'_>) -> PyResult<Vec<Reader>> {
    let readers = blocking(py, cardwright_reader::readers)?.map_err(failed)?;
    Ok(readers.into_iter().map(Reader::from).collect())
}
