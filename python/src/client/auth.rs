//! Credentials, from the classes of the package, and the course of a sign-in.

use super::gathered::Gathered;
use cardwright::client::{Credentials, DeviceCode, Oidc, OidcBuilder, Proxy, Scheme, Secret, SignIn, Trust};
use cardwright_core::Named as _;
use cardwright_python_common::Failure;
use pyo3::prelude::*;
use std::path::PathBuf;
use std::sync::Arc;

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
    issuer: String,
    client_id: String,
    secret: Option<String>,
    scope: Option<String>,
    resource: Option<String>,
    audience: Option<String>,
    token_endpoint: Option<String>,
    device_endpoint: Option<String>,
    cache: Option<PathBuf>,
    /// A function that tells a person the code to type.
    prompt: Option<Py<PyAny>>,
}

/// The account that signs in, for any number of clients.
#[derive(Default)]
pub(super) enum Account {
    #[default]
    Anonymous,
    Given(Credentials),
    /// Each client has tokens of its own, as a fork must not copy a lock.
    Tokens {
        issuer: Issuer,
        secret: Option<Secret>,
        prompt: Option<Arc<Py<PyAny>>>,
    },
    /// The same, of the issuer that the environment or a profile names.
    Gathered(Box<Gathered>),
}

impl Account {
    /// # Errors
    /// For arguments that exclude each other.
    pub(super) fn new(auth: Auth) -> Result<Self, Failure> {
        Ok(match auth {
            Auth::Bearer { token } => Account::Given(Credentials::Bearer(Secret::new(token))),
            Auth::Basic { given: (user, password) } => Account::Given(Credentials::basic(user, Secret::new(password))),
            Auth::SignIn { given } => Account::Given(given.sign_in()?.into()),
            Auth::Oidc { given: mut issuer } => {
                let (secret, prompt) = (issuer.secret.take().map(Secret::new), issuer.prompt.take().map(Arc::new));
                Account::Tokens { issuer, secret, prompt }
            }
        })
    }

    /// The name of the user, if one was given.
    pub(super) fn user(&self) -> Option<&str> {
        match self {
            Account::Given(credentials) => credentials.user(),
            _ => None,
        }
    }

    /// Credentials for one client; an issuer of tokens is reached with the client's trust and proxy.
    pub(super) fn credentials(&self, trust: &Trust, proxy: &Proxy) -> Result<Credentials, Failure> {
        let (issuer, secret, prompt) = match self {
            Account::Anonymous => return Ok(Credentials::Anonymous),
            Account::Given(credentials) => return Ok(credentials.clone()),
            Account::Gathered(gathered) => return Ok(gathered.target()?.credentials().clone()),
            Account::Tokens { issuer, secret, prompt } => (issuer, secret, prompt),
        };
        type Set = fn(OidcBuilder, &str) -> OidcBuilder;
        let texts: [(&Option<String>, Set); 5] = [
            (&issuer.scope, |builder, scope| builder.scope(scope)),
            (&issuer.resource, |builder, resource| builder.resource(resource)),
            (&issuer.audience, |builder, audience| builder.audience(audience)),
            (&issuer.token_endpoint, |builder, address| builder.token_endpoint(address)),
            (&issuer.device_endpoint, |builder, address| builder.device_endpoint(address)),
        ];
        let mut builder = Oidc::builder(&issuer.issuer, &issuer.client_id).trust(trust.clone()).proxy(proxy.clone());
        for (text, set) in texts {
            builder = text.iter().fold(builder, |builder, text| set(builder, text));
        }
        if let Some(secret) = secret {
            builder = builder.secret(secret.clone());
        }
        if let Some(prompt) = prompt.clone() {
            builder = builder.device_code(move |code| tell(&prompt, code));
        }
        if let Some(file) = &issuer.cache {
            builder = builder.cache(file);
        }
        Ok(Credentials::Tokens(Arc::new(builder.build()?)))
    }
}

impl User {
    fn sign_in(self) -> Result<SignIn, Failure> {
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
fn tell(prompt: &Py<PyAny>, code: &DeviceCode) {
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
