//! A request, taken apart.

use axum::body::Bytes;
use axum::http::request::Parts;
use axum::http::{Method, header};
use percent_encoding::percent_decode_str;
use std::net::SocketAddr;

/// A request whose body has arrived. It has no `Debug`: it carries a password.
pub(crate) struct Ask {
    pub(crate) method: Method,
    /// Who sent it.
    pub(crate) peer: SocketAddr,
    /// The path, still percent-encoded.
    pub(crate) path: String,
    query: Vec<(String, String)>,
    pub(crate) authorization: Option<String>,
    content_type: Option<String>,
    pub(crate) body: Bytes,
}

impl Ask {
    pub(crate) fn new(parts: &Parts, peer: SocketAddr, body: Bytes) -> Self {
        let text = |name| parts.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        Ask {
            method: parts.method.clone(),
            peer,
            path: parts.uri.path().to_owned(),
            query: form(parts.uri.query().unwrap_or_default().as_bytes()),
            authorization: text(header::AUTHORIZATION),
            content_type: text(header::CONTENT_TYPE),
            body,
        }
    }

    /// Whether it is for this address, whatever the case of its letters.
    pub(crate) fn is_for(&self, path: &str) -> bool {
        self.path.eq_ignore_ascii_case(path)
    }

    /// The first value of a parameter that is not empty, whatever the case of its name.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters(name).next()
    }

    /// All values of a parameter that are not empty.
    pub(crate) fn parameters(&self, name: &str) -> impl Iterator<Item = &str> {
        let wanted = self.query.iter().filter(move |pair| pair.0.eq_ignore_ascii_case(name));
        wanted.map(|pair| pair.1.as_str()).filter(|value| !value.is_empty())
    }

    /// Whether the body says that it is a form.
    pub(crate) fn is_form(&self) -> bool {
        let mime = self.content_type.as_deref().and_then(|value| value.split(';').next()).unwrap_or_default();
        mime.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded")
    }
}

/// The pairs of a query or of a form.
pub(crate) fn form(bytes: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(bytes).into_owned().collect()
}

/// A part of a path, decoded; `None` where that is no text.
pub(crate) fn decoded(part: &str) -> Option<String> {
    percent_decode_str(part).decode_utf8().ok().map(|text| text.into_owned())
}
