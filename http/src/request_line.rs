//! Method and address of a request, as errors name it: the values of parameters are shown only on request.

use std::borrow::Cow;
use std::fmt;

/// Method and address of a request, such as `GET https://cm.example.com/certiflow/api/Cards?userName=joe`.
///
/// Parameters may hold names of people and of cards, so `Display` and `Debug` show their names alone, as the spans of
/// `tracing` do. [`Self::unmasked`] has the whole.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct RequestLine(String);

impl RequestLine {
    /// The whole, with the values of parameters.
    #[must_use]
    pub fn unmasked(&self) -> &str {
        &self.0
    }

    /// The same for who writes errors: with the values of parameters, or without.
    pub(crate) fn shown(&self, unmasked: bool) -> Cow<'_, str> {
        if unmasked { Cow::Borrowed(&self.0) } else { masked(&self.0) }
    }

    pub(crate) fn rewrite(&mut self, anew: &dyn Fn(&str) -> String) {
        self.0 = anew(&self.0);
    }
}

impl From<&str> for RequestLine {
    fn from(line: &str) -> Self {
        RequestLine(line.to_string())
    }
}

impl From<String> for RequestLine {
    fn from(line: String) -> Self {
        RequestLine(line)
    }
}

impl From<RequestLine> for String {
    fn from(line: RequestLine) -> Self {
        line.0
    }
}

impl fmt::Display for RequestLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&masked(&self.0))
    }
}

impl fmt::Debug for RequestLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*masked(&self.0), f)
    }
}

/// The same address without the values of its parameters.
pub(crate) fn masked(address: &str) -> Cow<'_, str> {
    let Some((path, query)) = address.split_once('?') else { return Cow::Borrowed(address) };
    let names = query.split('&').map(|pair| pair.split('=').next().unwrap_or(""));
    let names: Vec<String> = names.map(|name| format!("{name}=REDACTED")).collect();
    Cow::Owned(format!("{path}?{}", names.join("&")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_parameters_are_shown_to_who_asks() {
        let line = RequestLine::from("GET https://h/api/Cards?userName=joe&serialNumber=1&x");
        let masked = "GET https://h/api/Cards?userName=REDACTED&serialNumber=REDACTED&x=REDACTED";
        assert_eq!((line.to_string().as_str(), format!("{line:?}")), (masked, format!("{masked:?}")));
        assert!(line.unmasked().ends_with("userName=joe&serialNumber=1&x"));
        assert_eq!(RequestLine::from("GET https://h/api/Cards/1").to_string(), "GET https://h/api/Cards/1");
    }
}
