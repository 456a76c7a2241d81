//! Headers of one's own: the key of a gateway, an id by which a request is found again in other logs.

use crate::error::Error;
use crate::secret::Secret;
use cardwright_core::Code;
use std::fmt;
use ureq::http::HeaderName;

/// Headers that requests to the server carry beside those that the library sets itself. They go neither to a proxy nor
/// to an issuer of tokens.
///
/// ```
/// use cardwright_http::Headers;
///
/// let headers = Headers::default().secret("Ocp-Apim-Subscription-Key", "6f1c").open("X-Request-Id", "42");
/// let shown = format!("{headers:?}");
/// assert!(shown.contains("X-Request-Id") && shown.contains("42") && !shown.contains("6f1c"));
/// ```
#[derive(Clone, Default)]
#[must_use]
pub struct Headers(Vec<Header>);

#[derive(Clone)]
struct Header {
    name: String,
    value: Secret,
    is_open: bool,
}

/// What the library sets itself, or HTTP gives a meaning for one connection (RFC 9110, 7.6.1).
const OURS: &[&str] = &[
    "accept",
    "accept-encoding",
    "authorization",
    "connection",
    "content-length",
    "content-type",
    "expect",
    "host",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
];

impl Headers {
    /// A header whose value is a secret, such as the key of a gateway: neither a log, nor `Debug`, nor an observer has
    /// it. It takes the place of another of this name.
    pub fn secret(self, name: impl Into<String>, value: impl Into<Secret>) -> Self {
        self.with(Header { name: name.into(), value: value.into(), is_open: false })
    }

    /// A header whose value everybody may see, such as a correlation id: an observer gets it with the request.
    pub fn open(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.with(Header { name: name.into(), value: Secret::new(value), is_open: true })
    }

    fn with(mut self, header: Header) -> Self {
        self.0.retain(|known| !known.name.eq_ignore_ascii_case(&header.name));
        self.0.push(header);
        self
    }

    /// These, and others, which take the place of those of the same names.
    pub(crate) fn and(&self, others: Headers) -> Self {
        others.0.into_iter().fold(self.clone(), Headers::with)
    }

    /// Names and values, and whether everybody may see them.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&str, &Secret, bool)> {
        self.0.iter().map(|header| (header.name.as_str(), &header.value, header.is_open))
    }

    /// Names and values as an observer gets them.
    pub(crate) fn shown(&self) -> Vec<(String, String)> {
        let value = |value: &Secret, is_open| if is_open { value.expose().to_string() } else { HIDDEN.to_string() };
        self.all().map(|(name, its, is_open)| (name.to_string(), value(its, is_open))).collect()
    }

    /// Whether they can be sent.
    ///
    /// # Errors
    /// [`Error::Setup`] with [`Code::Header`], which names the header and not its value.
    pub(crate) fn check(&self) -> Result<(), Error> {
        for (name, value, _) in self.all() {
            let wrong = |why: &str| Error::setup(Code::Header, format!("the header {name:?} {why}"));
            if HeaderName::try_from(name).is_err() {
                return Err(wrong("has no name that a header can have"));
            }
            if OURS.iter().any(|ours| ours.eq_ignore_ascii_case(name)) {
                return Err(wrong("is set by the library itself"));
            }
            let value = value.expose();
            if value.is_empty() || value.trim() != value || !value.bytes().all(|b| b == b' ' || b.is_ascii_graphic()) {
                return Err(wrong(
                    "has a value that no header can carry: it takes characters of ASCII, and no blank at an end",
                ));
            }
        }
        Ok(())
    }
}

/// What stands in place of a secret value.
const HIDDEN: &str = "(..)";

impl fmt::Debug for Headers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.shown()).finish()
    }
}
