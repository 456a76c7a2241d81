//! The parts of a request's head that the own API checks: every parameter, and the type of the body.

use crate::http_request::form;
use axum::http::header;
use axum::http::request::Parts;

/// All parameters of a request, and the type of its body.
pub(crate) struct Head {
    query: Vec<(String, String)>,
    content_type: Option<String>,
}

impl Head {
    pub(crate) fn of(parts: &Parts) -> Self {
        let content_type = parts.headers.get(header::CONTENT_TYPE);
        Head {
            query: form(parts.uri.query().unwrap_or_default().as_bytes()),
            content_type: content_type.and_then(|value| value.to_str().ok()).map(str::to_owned),
        }
    }

    /// The parameters, of which there are only these. Why not, if one is not known, stands twice, or is empty: each would
    /// be a filter that is not applied.
    pub(super) fn parameters(&self, known: &[&'static str]) -> Result<Parameters<'_>, String> {
        let mut found: Vec<(&'static str, &str)> = Vec::new();
        for (name, value) in &self.query {
            let Some(known) = known.iter().copied().find(|known| known.eq_ignore_ascii_case(name)) else {
                return Err(match known {
                    [] => format!("There is no parameter {name:?} here."),
                    known => format!("There is no parameter {name:?}; there are {}.", known.join(", ")),
                });
            };
            if found.iter().any(|pair| pair.0 == known) {
                return Err(format!("The parameter {known} stands twice."));
            }
            if value.is_empty() {
                return Err(format!("The parameter {known} is empty."));
            }
            found.push((known, value));
        }
        Ok(Parameters(found))
    }

    /// Whether the body is declared as JSON.
    pub(super) fn is_json(&self) -> bool {
        let mime = self.content_type.as_deref().and_then(|value| value.split(';').next()).unwrap_or_default();
        mime.trim().eq_ignore_ascii_case("application/json")
    }
}

/// The parameters of a call, each of which it knows.
pub(super) struct Parameters<'a>(Vec<(&'static str, &'a str)>);

impl<'a> Parameters<'a> {
    pub(super) fn text(&self, name: &str) -> Option<&'a str> {
        self.0.iter().find(|pair| pair.0 == name).map(|pair| pair.1)
    }
}
