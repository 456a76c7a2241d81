//! The settings of a client in the environment, as the command reads them.

use cardwright::client::Secret;
use cardwright::client::http::TlsBackend;
use cardwright::{Auth, Settings, Way};
use cardwright_core::{Code, Named as _};
use cardwright_python_common::Failure;
use pyo3::prelude::*;
use pyo3::types::{IntoPyDict, PyDict};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The API's address; the generation of CertiFlow's API; the files of certificates to trust, of the client's certificate and of its key; the password of
/// that key; the library that does TLS.
#[pyfunction(name = "_environment")]
pub(crate) fn environment() -> PyResult<Environment> {
    let Settings { url, dialect, ca, client_cert, client_key, client_key_password, tls, .. } = settings()?;
    let password = client_key_password.map(|password| password.expose().to_string());
    let dialect = dialect.map(|dialect| dialect as u8);
    Ok((needed("URL", url)?, dialect, ca, client_cert, client_key, password, tls.unwrap_or_default().name()))
}

/// What [`environment`] returns; Python takes it apart at once.
type Environment =
    (String, Option<u8>, Option<PathBuf>, Option<PathBuf>, Option<PathBuf>, Option<String>, &'static str);

/// The libraries that can do TLS here: the value of `tls` for each, and its name. `"system"` is looked for by this call.
///
///     >>> tls_libraries()["rustls"]
///     'rustls with ring'
#[pyfunction]
pub(crate) fn tls_libraries() -> BTreeMap<&'static str, &'static str> {
    let named = |backend: &TlsBackend| Some((backend.name(), backend.library()?));
    TlsBackend::ALL.iter().filter_map(named).collect()
}

/// How to sign in: the name of a class of the package and its arguments, or `None`.
#[pyfunction(name = "_environment_sign_in")]
pub(crate) fn environment_sign_in(py: Python<'_>) -> PyResult<Option<(&'static str, Bound<'_, PyDict>)>> {
    let settings = settings()?;
    let way = settings.way().map_err(|failure| {
        let next = failure.next().map(|next| format!(": {next}")).unwrap_or_default();
        Failure::new(failure.code().unwrap_or(Code::Setting), format!("{}{next}", failure.message()))
    })?;
    let exposed = |secret: Option<Secret>| secret.map(|secret| secret.expose().to_string());
    let password = match way {
        Way::Anonymous => return Ok(None),
        Way::Tokens => {
            let issuer = settings.issuer;
            let arguments = [
                ("issuer", needed("ISSUER", issuer.address)?),
                ("client_id", needed("CLIENT_ID", issuer.client_id)?),
                ("secret", needed("CLIENT_SECRET", exposed(issuer.client_secret))?),
            ];
            return Ok(Some(("Oidc", arguments.into_py_dict(py)?)));
        }
        Way::Password(_) => Some(needed("PASSWORD", exposed(settings.password))?),
        // The environment names no keytab and no file with a token.
        Way::Ticket | Way::Keytab(_) | Way::TokenFile(_) => None,
        #[cfg_attr(cardwright_exhaustive, expect(unreachable_patterns))]
        _ => None,
    };
    let arguments = [("user", settings.user), ("password", password)].into_py_dict(py)?;
    if let Some(Auth::Only(schemes)) = settings.auth {
        let schemes: Vec<String> = schemes.iter().map(|scheme| scheme.name().to_ascii_lowercase()).collect();
        arguments.set_item("schemes", schemes)?;
    }
    Ok(Some(("SignIn", arguments)))
}

fn settings() -> Result<Settings, Failure> {
    Settings::from_environment().map_err(Failure::argument)
}

/// A setting that must be there.
fn needed(name: &str, value: Option<String>) -> Result<String, Failure> {
    value.ok_or_else(|| Failure::new(Code::Setting, format!("CARDWRIGHT_{name} is not set in the environment")))
}
