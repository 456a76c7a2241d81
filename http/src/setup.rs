//! The settings of a transport, and which of them can be used.

use crate::address::{Place, without_empty_port};
use crate::agent::{Proxy, Timeouts};
use crate::carrier::Carrier;
use crate::client_cert::ClientCertificate;
use crate::error::Error;
use crate::headers::Headers;
use crate::observe::{Observe, Observer};
use crate::request_line::masked;
use crate::retry::Retries;
use crate::secret::Secret;
use crate::sign_in::{Credentials, Scheme};
use crate::tls::Trust;
use cardwright_core::Code;
use std::fmt;
use std::sync::Arc;
use ureq::http::Uri;

/// The settings of a transport.
///
/// ```
/// use cardwright_http::{Credentials, Retries, Secret, Setup, Timeouts, Transport};
/// use std::time::Duration;
///
/// let setup = Setup::new("https://cm.example.com/certiflow/api")
///     .credentials(Credentials::basic("operator", Secret::new("a password")))
///     .timeouts(Timeouts::default().connect(Duration::from_secs(3)).total(Duration::from_secs(20)))
///     .retries(Retries::none())
///     .product("Kiosk/2.1");
/// let transport = Transport::new(setup)?;
/// assert_eq!(transport.base(), "https://cm.example.com/certiflow/api");
/// # Ok::<(), cardwright_http::Error>(())
/// ```
#[derive(Clone)]
#[allow(
    clippy::exhaustive_structs,
    reason = "made by setters or with ..Setup::new(base); a field more is no breaking change, as the front page says"
)]
#[must_use]
pub struct Setup {
    /// The base of the API: an `http` or `https` address without user, query and fragment.
    pub base: String,
    /// The account, and how it signs in.
    pub credentials: Credentials,
    /// Whether tokens may be sent over plain HTTP to another machine.
    pub tokens_in_clear: bool,
    /// The authorities whose certificates are trusted.
    pub trust: Trust,
    /// The certificate that the client presents if the server asks for one.
    pub certificate: Option<ClientCertificate>,
    /// The time limits.
    pub timeouts: Timeouts,
    /// The header `User-Agent`.
    pub user_agent: String,
    /// The largest element of a list, and the largest single reply, in bytes.
    pub max_element: usize,
    /// How often to repeat what may be repeated, and how long to wait.
    pub retries: Retries,
    /// The proxy for requests.
    pub proxy: Proxy,
    /// Called with each request and its answer.
    pub observer: Observer,
    /// Headers of one's own, with each request to the server.
    pub headers: Headers,
    /// What carries requests in place of connections, for tests.
    pub carrier: Option<Arc<dyn Carrier>>,
}

impl fmt::Debug for Setup {
    /// Without what stands before an `@` in the base, which may be a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Setup { base, credentials, tokens_in_clear, trust, certificate, timeouts, user_agent, max_element, .. } =
            self;
        let Setup { retries, proxy, observer, headers, carrier, .. } = self;
        let shown =
            base.rsplit_once('@').map_or_else(|| masked(base), |(_, after)| format!("(..)@{}", masked(after)).into());
        let mut debug = f.debug_struct("Setup");
        debug.field("base", &shown).field("credentials", credentials).field("tokens_in_clear", tokens_in_clear);
        debug.field("trust", trust).field("certificate", certificate).field("timeouts", timeouts);
        debug.field("user_agent", user_agent).field("max_element", max_element).field("retries", retries);
        debug
            .field("proxy", proxy)
            .field("observer", observer)
            .field("headers", headers)
            .field("carrier", carrier)
            .finish()
    }
}

impl Setup {
    /// The defaults for a base such as `https://cm.example.com/certiflow/api`: no credentials, the
    /// authorities of the operating system, the proxy of the environment, 16 MiB for a reply.
    pub fn new(base: impl Into<String>) -> Self {
        Setup {
            base: base.into(),
            credentials: Credentials::Anonymous,
            tokens_in_clear: false,
            trust: Trust::system(),
            certificate: None,
            timeouts: Timeouts::default(),
            user_agent: format!("cardwright/{} ({})", env!("CARGO_PKG_VERSION"), std::env::consts::OS),
            max_element: 16 << 20,
            retries: Retries::default(),
            proxy: Proxy::default(),
            observer: Observer::default(),
            headers: Headers::default(),
            carrier: None,
        }
    }

    /// The account, and how it signs in.
    pub fn credentials(mut self, credentials: impl Into<Credentials>) -> Self {
        self.credentials = credentials.into();
        self
    }

    /// Whether tokens may be sent over plain HTTP to another machine.
    pub fn tokens_in_clear(mut self, may: bool) -> Self {
        self.tokens_in_clear = may;
        self
    }

    /// The authorities whose certificates are trusted.
    pub fn trust(mut self, trust: Trust) -> Self {
        self.trust = trust;
        self
    }

    /// The certificate that the client presents if the server asks for one.
    pub fn certificate(mut self, certificate: ClientCertificate) -> Self {
        self.certificate = Some(certificate);
        self
    }

    /// The time limits.
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = timeouts;
        self
    }

    /// What to put before the library's own name in the header `User-Agent`, such as `Kiosk/2.1`.
    pub fn product(mut self, product: &str) -> Self {
        self.user_agent = format!("{product} {}", self.user_agent);
        self
    }

    /// The largest element of a list, and the largest single reply, in bytes.
    pub fn max_element(mut self, bytes: usize) -> Self {
        self.max_element = bytes;
        self
    }

    /// How often to repeat what may be repeated, and how long to wait.
    pub fn retries(mut self, retries: Retries) -> Self {
        self.retries = retries;
        self
    }

    /// The proxy for requests.
    pub fn proxy(mut self, proxy: impl Into<Proxy>) -> Self {
        self.proxy = proxy.into();
        self
    }

    /// A header of one's own with each request to the server, such as the key of a gateway. Its value is a secret;
    /// [`Headers::open`] is for those that are none.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<Secret>) -> Self {
        self.headers = self.headers.secret(name, value);
        self
    }

    /// What carries requests in place of connections, for tests. Negotiate and NTLM are refused with it.
    pub fn carrier(mut self, carrier: Arc<dyn Carrier>) -> Self {
        self.carrier = Some(carrier);
        self
    }

    /// Called with each request and its answer.
    pub fn observe(mut self, observe: Arc<dyn Observe>) -> Self {
        self.observer = Observer::new(observe);
        self
    }
}

/// Checks the address that everything else is relative to.
pub(crate) fn check_base(base: &str) -> Result<(String, Place), Error> {
    // The part before an @ may be a password.
    let shown = if base.contains('@') { "the address".to_string() } else { format!("{:?}", masked(base)) };
    let wrong = |why: &str| Error::setup(Code::Address, format!("{shown} is no base address: {why}"));
    let place = Place::of(base).map_err(|why| wrong(&why.to_string()))?;
    if !matches!(place.scheme.as_str(), "http" | "https") {
        return Err(wrong("it must begin with http:// or https://"));
    }
    let trimmed = without_empty_port(base.trim_end_matches('/'));
    let uri: Uri = trimmed.parse().map_err(|e| wrong(&format!("{e}")))?;
    if uri.authority().is_none_or(|authority| authority.as_str().contains('@')) {
        return Err(Error::setup(Code::Address, "the base address must name a host, and no user or password"));
    }
    if uri.query().is_some() || trimmed.contains('#') {
        return Err(wrong("it must have no ? and no #"));
    }
    Ok((trimmed.into_owned(), place))
}

/// Checks that nobody signs in to a carrier by a scheme that belongs to a connection: there is none.
pub(crate) fn check_carried(credentials: &Credentials) -> Result<(), Error> {
    match credentials {
        Credentials::SignIn(sign_in)
            if sign_in.schemes.iter().any(|scheme| matches!(scheme, Scheme::Negotiate | Scheme::Ntlm)) =>
        {
            Err(Error::setup(
                Code::Setting,
                "Negotiate and NTLM sign a connection in, and a carrier has none: with it an account signs in by Basic \
                 or a token",
            ))
        }
        _ => Ok(()),
    }
}

/// Checks what goes into headers with every request (RFC 9110, 5.5).
pub(crate) fn check_headers(user_agent: &str, credentials: &Credentials) -> Result<(), Error> {
    credentials.check_basic()?;
    credentials.check_user()?;
    if user_agent.is_empty() || !user_agent.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()) {
        return Err(Error::setup(
            Code::Header,
            format!("the user agent {user_agent:?} holds what no header can carry"),
        )
        .of_setting("user_agent"));
    }
    if let Credentials::Bearer(token) = credentials
        && (token.expose().is_empty() || !token.expose().bytes().all(|byte| byte.is_ascii_graphic()))
    {
        return Err(
            Error::setup(Code::Header, "the token is empty, or holds what no header can carry").of_setting("token")
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_before_an_at_sign_is_not_shown() {
        for base in ["https://anna:hush@h/api", "anna:hush@h/api", "https://anna:hu/sh?x=@h/api"] {
            let shown = format!("{:?}", Setup::new(base));
            assert!(shown.contains("\"(..)@h/api\"") && !shown.contains("hu") && !shown.contains("anna"), "{shown}");
        }
        let shown = format!("{:?}", Setup::new("https://h/api?user=anna"));
        assert!(shown.contains("\"https://h/api?user=REDACTED\""), "{shown}");
    }
}
