//! Credentials, from the classes of the package, and the course of a sign-in.

use cardwright::client::{DeviceCode, Scheme, Secret, SignIn};
use cardwright_core::Named as _;
use cardwright_python_common::Failure;
use pyo3::prelude::*;
use std::path::PathBuf;

/// A way to sign in; the package has its documentation and defaults.
#[derive(FromPyObject)]
pub(crate) enum Auth {
    Bearer {
        #[pyo3(item("bearer"))]
        token: String,
    },
    Basic {
        #[pyo3(item("basic"))]
        given: (String, String),
    },
    SignIn {
        #[pyo3(item("sign_in"))]
        given: User,
    },
    Oidc {
        #[pyo3(item("oidc"))]
        given: Issuer,
    },
}

/// A user, and the schemes that may be used.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct User {
    user: Option<String>,
    password: Option<String>,
    schemes: Vec<String>,
    #[pyo3(default)]
    keytab: Option<PathBuf>,
    #[pyo3(default)]
    ccache: Option<PathBuf>,
    #[pyo3(default)]
    service: Option<String>,
    #[pyo3(default = "warn".into())]
    mutual: String,
    #[pyo3(default = true)]
    channel_bindings: bool,
    #[pyo3(default)]
    basic_in_clear: bool,
}

/// An issuer of tokens, and its client.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Issuer {
    pub(super) issuer: String,
    pub(super) client_id: String,
    pub(super) secret: Option<String>,
    pub(super) scope: Option<String>,
    pub(super) resource: Option<String>,
    pub(super) audience: Option<String>,
    pub(super) token_endpoint: Option<String>,
    pub(super) device_endpoint: Option<String>,
    pub(super) cache: Option<PathBuf>,
    /// A function that tells a person the code to type.
    pub(super) prompt: Option<Py<PyAny>>,
}

impl User {
    pub(super) fn sign_in(self) -> Result<SignIn, Failure> {
        let User { user, password, keytab, mutual, .. } = self;
        let password = password.map(Secret::new);
        let given = match (user, password, keytab) {
            (_, Some(_), Some(_)) => return Err(Failure::argument("give a password or a keytab, not both")),
            (Some(user), Some(password), None) => SignIn::password(user, password),
            (None, Some(_), None) => {
                return Err(Failure::argument("a password without a name: give principal or user"));
            }
            (user, None, keytab) => {
                let ambient = keytab.into_iter().fold(SignIn::ambient(), SignIn::keytab);
                user.into_iter().fold(ambient, SignIn::principal)
            }
        };
        let schemes = self.schemes.iter().map(|name| scheme(name)).collect::<Result<Vec<_>, _>>()?;
        if schemes.is_empty() {
            return Err(Failure::argument("schemes is empty: leave it out for all"));
        }
        let wrong_mutual = |_| Failure::argument(format!("mutual must be \"warn\" or \"require\", not {mutual:?}"));
        let mutual = cardwright::named(&mutual).map_err(wrong_mutual)?;
        let given = given.schemes(&schemes).mutual(mutual).channel_bindings(self.channel_bindings);
        let given = self.ccache.into_iter().fold(given.basic_in_clear(self.basic_in_clear), SignIn::ccache);
        Ok(self.service.into_iter().fold(given, SignIn::service))
    }
}

/// A scheme that a user can sign in by.
fn scheme(name: &str) -> Result<Scheme, Failure> {
    let known = Scheme::from_name(name).filter(|scheme| *scheme != Scheme::Bearer);
    known.ok_or_else(|| {
        let all = Scheme::ALL.iter().filter(|scheme| **scheme != Scheme::Bearer);
        let all: Vec<String> = all.map(|scheme| word(*scheme)).collect();
        Failure::argument(format!("schemes must be of {}, not {name:?}", all.join(", ")))
    })
}

/// The package's word for a scheme.
fn word(scheme: Scheme) -> String {
    scheme.name().to_ascii_lowercase()
}

/// Tells a person the code, on the thread that waits for it. An interpreter that ends tells nothing.
pub(super) fn tell(prompt: &Py<PyAny>, code: &DeviceCode) {
    tell_by(|py| Ok(prompt.bind(py).clone()), code);
}

/// The same, by a function that is looked up.
pub(super) fn tell_by(prompt: impl for<'py> FnOnce(Python<'py>) -> PyResult<Bound<'py, PyAny>>, code: &DeviceCode) {
    let told = (&code.user_code, &code.address, &code.address_with_code, code.lasts.as_secs());
    let _ = Python::try_attach(|py| {
        if let Err(error) = prompt(py).and_then(|prompt| prompt.call1(told)) {
            error.write_unraisable(py, None);
        }
    });
}

/// What a server offered, what was tried, and what was chosen; without secrets.
#[pyclass(frozen, eq, module = "cardwright")]
#[derive(PartialEq, Eq)]
pub(crate) struct Explanation {
    /// The schemes that the server offered when it was last asked, by its own words: a list of `str`.
    #[pyo3(get)]
    offered: Vec<String>,
    /// What was tried, with its outcome or why it was not tried: a list of pairs, each with a scheme as `SignIn`
    /// names it.
    #[pyo3(get)]
    tried: Vec<(String, String)>,
    /// The scheme by which the server let the user in, as `SignIn` names it: `str`, or `None`.
    #[pyo3(get)]
    chosen: Option<String>,
    text: String,
}

impl From<cardwright::client::Explanation> for Explanation {
    fn from(explanation: cardwright::client::Explanation) -> Self {
        let text = explanation.to_string();
        let tried = explanation.tried.into_iter().map(|(scheme, outcome)| (word(scheme), outcome)).collect();
        Explanation { offered: explanation.offered, tried, chosen: explanation.chosen.map(word), text }
    }
}

#[pymethods]
impl Explanation {
    fn __str__(&self) -> &str {
        &self.text
    }

    fn __repr__(&self) -> String {
        format!("<Explanation {}>", self.text)
    }
}
