//! The libraries that can do TLS here.

use cardwright::client::http::TlsBackend;
use cardwright_core::Named as _;
use pyo3::prelude::*;
use std::collections::BTreeMap;

/// The libraries that can do TLS here: the value of `tls` for each, and its name. `"system"` is looked for by this call.
///
///     >>> tls_libraries()["rustls"]
///     'rustls with ring'
#[pyfunction]
pub(crate) fn tls_libraries() -> BTreeMap<&'static str, &'static str> {
    let named = |backend: &TlsBackend| Some((backend.name(), backend.library()?));
    TlsBackend::ALL.iter().filter_map(named).collect()
}
