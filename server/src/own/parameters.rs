//! The parameters of a call of the own API, each of which it must know.

use crate::http_request::HttpRequest;

/// The parameters of a call, each of which it knows.
pub(super) struct Parameters<'a>(Vec<(&'static str, &'a str)>);

impl<'a> Parameters<'a> {
    pub(super) fn text(&self, name: &str) -> Option<&'a str> {
        self.0.iter().find(|pair| pair.0 == name).map(|pair| pair.1)
    }
}

/// The parameters, of which there are only these. Why not, if one is not known, stands twice, or is empty: each would
/// be a filter that is not applied.
pub(super) fn read<'h>(http: &'h HttpRequest, known: &[&'static str]) -> Result<Parameters<'h>, String> {
    let mut found: Vec<(&'static str, &str)> = Vec::new();
    for (name, value) in http.query() {
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
