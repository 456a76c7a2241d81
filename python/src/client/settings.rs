//! The settings of a client, as the package hands them over.

use super::auth::Auth;
use super::proxies::Proxies;
use crate::systems;
use cardwright::client::Options;
use cardwright::client::http::{self, Retries};
use cardwright_core::certiflow::Dialect;
use cardwright_python_common::members::given;
use pyo3::prelude::*;
use std::path::PathBuf;

/// Certificates, a key of its own, and its password.
pub(super) type Pair = (Vec<u8>, Option<Vec<u8>>, Option<String>);

/// The settings of a client, by name; the package has their documentation.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Settings {
    /// `None` where it is gathered.
    pub(super) url: Option<String>,
    pub(super) auth: Option<Auth>,
    /// Where the environment is read: the profile, and the file that has it, where they are named.
    pub(super) sources: Option<(Option<String>, Option<PathBuf>)>,
    #[pyo3(default, from_py_with = dialect)]
    pub(super) dialect: Option<Dialect>,
    #[pyo3(default = systems::letter(&Options::default()).into())]
    pub(super) status_scheme: String,
    #[pyo3(default)]
    pub(super) check: Option<String>,
    #[pyo3(default)]
    pub(super) verify: Option<String>,
    #[pyo3(default)]
    pub(super) settle: Option<f64>,
    #[pyo3(default)]
    pub(super) total_timeout: Option<f64>,
    #[pyo3(default)]
    pub(super) list_timeout: Option<f64>,
    #[pyo3(default)]
    pub(super) connect_timeout: Option<f64>,
    #[pyo3(default)]
    pub(super) timeout: Option<f64>,
    #[pyo3(default)]
    pub(super) idle_timeout: Option<f64>,
    #[pyo3(default = Retries::default().attempts)]
    pub(super) attempts: u32,
    #[pyo3(default = Retries::default().longest_wait.as_secs_f64())]
    pub(super) longest_wait: f64,
    #[pyo3(default = Retries::default().longest_asked.as_secs_f64())]
    pub(super) longest_asked: f64,
    #[pyo3(default)]
    pub(super) proxy: Option<Proxies>,
    /// `None` within for no certificates of one's own, whatever the environment says.
    #[pyo3(default)]
    pub(super) ca: Given<Vec<u8>>,
    #[pyo3(default)]
    pub(super) tls: Option<String>,
    /// Certificates, key, and the password of the key.
    #[pyo3(default)]
    pub(super) certificate: Given<Pair>,
    #[pyo3(default)]
    pub(super) system_trust: Option<bool>,
    #[pyo3(default)]
    pub(super) page_size: Option<u32>,
    #[pyo3(default)]
    pub(super) trust_filters: Vec<String>,
    #[pyo3(default = http::Setup::new("").max_element)]
    pub(super) max_element: usize,
    #[pyo3(default)]
    pub(super) user_agent: Option<String>,
}

fn dialect(value: &Bound<'_, PyAny>) -> PyResult<Option<Dialect>> {
    if value.is_none() { Ok(None) } else { given("dialect", value).map(Some) }
}

impl Settings {
    /// Whether the environment is read.
    pub(super) fn is_gathered(&self) -> bool {
        self.sources.is_some()
    }
}

/// What is given, be it nothing; or not given.
pub(super) struct Given<T>(pub(super) Option<Option<T>>);

impl<T> Given<T> {
    pub(super) fn is_given(&self) -> bool {
        self.0.is_some()
    }
}

impl<T> Default for Given<T> {
    fn default() -> Self {
        Given(None)
    }
}

impl<'a, 'py, T: FromPyObject<'a, 'py>> FromPyObject<'a, 'py> for Given<T> {
    type Error = <Option<T> as FromPyObject<'a, 'py>>::Error;

    fn extract(given: Borrowed<'a, 'py, PyAny>) -> Result<Self, Self::Error> {
        given.extract().map(|given| Given(Some(given)))
    }
}
