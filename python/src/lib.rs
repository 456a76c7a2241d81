//! The first extension module of the Python package `cardwright`: the core, the client and the server as Python objects.
//!
//! It is thin. The public classes that talk to a system, the exceptions and the enumerations are written in Python, in
//! `python/cardwright`; here is what must be fast or must move bytes. What may block releases the interpreter, and
//! Ctrl-C ends it ([`wait`](cardwright_python_common::wait)).

mod atr;
mod bulk;
mod client;
mod command;
mod decode;
mod fields;
mod html;
mod lifecycle;
mod moment;
mod page;
mod pickled;
mod record;
mod server;
mod systems;
mod table;
mod tls;

/// The extension module; `cardwright` has the names for users.
#[pyo3::pymodule(gil_used = false)]
mod _cardwright {
    use pyo3::prelude::*;

    #[pymodule_export]
    use crate::atr::{Atr, Finding, Globals, Level, Rate, SpecificMode, T1, Tck, Timing, Vpp};
    #[pymodule_export]
    use crate::atr::{Capabilities, CardServiceData, DataObject, Historical, Status, StorageCard};
    #[pymodule_export]
    use crate::bulk::given::card_list;
    #[pymodule_export]
    use crate::bulk::{Bulk, Counts, Group, Progress};
    #[pymodule_export]
    use crate::client::auth::Explanation;
    #[pymodule_export]
    use crate::client::cards::Cards;
    #[pymodule_export]
    use crate::client::examined::{DoctorCheck, FollowedRequest};
    #[pymodule_export]
    use crate::client::generation::Generation;
    #[pymodule_export]
    use crate::client::own::OwnServer;
    #[pymodule_export]
    use crate::client::recording::Recording;
    #[pymodule_export]
    use crate::client::skzi::SkziEntries;
    #[pymodule_export]
    use crate::client::{Answer, Canceler, Client, Outcome, PlannedRequest};
    #[pymodule_export]
    use crate::command::command;
    #[pymodule_export]
    use crate::fields::{CardInfo, Certificate, DataItem, Request, Smartcard};
    #[pymodule_export]
    use crate::lifecycle::{Verdict, operation, verdict};
    #[pymodule_export]
    use crate::record::{Card, Record};
    #[pymodule_export]
    use crate::server::{AuditEntry, Server};
    #[pymodule_export]
    use crate::tls::tls_libraries;

    #[pymodule_export]
    use crate::table::{AtrTable, Table, card_cells, named_column, parse_atrs};

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        // So that `isinstance` and patterns of `match` know records for what they are.
        pyo3::types::PyMapping::register::<crate::record::Record>(module.py())?;
        cardwright_python_common::logging::install(module.py())?;
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
