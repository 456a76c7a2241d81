//! A request, parsed.

use axum::body::Bytes;
use axum::http::request::Parts;
use axum::http::{Method, header};
use percent_encoding::percent_decode_str;
use std::net::SocketAddr;

/// A request whose body has arrived. It has no `Debug`: it carries a password.
pub(crate) struct HttpRequest {
    /// `GET` for `HEAD`, whose answer is the same without its body.
    pub(crate) method: Method,
    /// The client's address.
    pub(crate) peer: SocketAddr,
    /// The path, still percent-encoded.
    pub(crate) path: String,
    query: Vec<(String, String)>,
    pub(crate) authorization: Option<String>,
    content_type: Option<String>,
    pub(crate) body: Bytes,
}

impl HttpRequest {
    pub(crate) fn new(parts: &Parts, peer: SocketAddr, body: Bytes) -> Self {
        let text = |name| parts.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        HttpRequest {
            method: if parts.method == Method::HEAD { Method::GET } else { parts.method.clone() },
            peer,
            path: parts.uri.path().to_owned(),
            query: form(parts.uri.query().unwrap_or_default().as_bytes()),
            authorization: text(header::AUTHORIZATION),
            content_type: text(header::CONTENT_TYPE),
            body,
        }
    }

    /// Whether it is for this address, without regard to case.
    pub(crate) fn is_for(&self, path: &str) -> bool {
        self.path.eq_ignore_ascii_case(path)
    }

    /// The first value of a parameter that is not empty. Names are compared without case.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters(name).next()
    }

    /// All values of a parameter that are not empty.
    pub(crate) fn parameters(&self, name: &str) -> impl Iterator<Item = &str> {
        let wanted = self.query.iter().filter(move |pair| pair.0.eq_ignore_ascii_case(name));
        wanted.map(|pair| pair.1.as_str()).filter(|value| !value.is_empty())
    }

    /// All parameters.
    pub(crate) fn query(&self) -> &[(String, String)] {
        &self.query
    }

    /// Whether the body is declared as JSON.
    pub(crate) fn is_json(&self) -> bool {
        self.media_type().is_some_and(|mime| mime.eq_ignore_ascii_case("application/json"))
    }

    /// Whether the body is declared as a form.
    pub(crate) fn is_form(&self) -> bool {
        self.media_type().is_some_and(|mime| mime.eq_ignore_ascii_case("application/x-www-form-urlencoded"))
    }

    /// Whether the body is declared as something other than JSON. Any page may send a text or a form without asking
    /// first (Fetch, "CORS-safelisted request-header").
    pub(crate) fn is_not_json(&self) -> bool {
        self.media_type().is_some_and(|mime| {
            let mime = mime.to_ascii_lowercase();
            !matches!(mime.as_str(), "application/json" | "text/json") && !mime.ends_with("+json")
        })
    }

    /// The media type without its parameters.
    fn media_type(&self) -> Option<&str> {
        self.content_type.as_deref().and_then(|value| value.split(';').next()).map(str::trim)
    }
}

/// The pairs of a query or of a form.
pub(crate) fn form(bytes: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(bytes).into_owned().collect()
}

/// A part of a path, decoded; `None` if that is not UTF-8.
pub(crate) fn decoded(part: &str) -> Option<String> {
    percent_decode_str(part).decode_utf8().ok().map(|text| text.into_owned())
}
