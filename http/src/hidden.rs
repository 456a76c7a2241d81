//! Values of headers that ureq does not see: it writes every byte of a request to the crate `log`, at the level trace.
//!
//! In the request that ureq gets, asterisks stand in place of such a value, as many as it has bytes. The last link of
//! the chain of connectors, which is ours, writes the value over them on the way to the server.

use crate::error::Error;
use crate::secret::Secret;
use std::fmt;
use ureq::http::HeaderValue;
use ureq::http::request::Builder;

/// The hidden values of one request, by the names of their headers.
#[derive(Default)]
pub(crate) struct Hidden(Vec<(String, Secret)>);

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

impl Hidden {
    /// The same request with this header, whose value is hidden.
    ///
    /// # Errors
    /// If no header can carry the value.
    pub(crate) fn header(&mut self, builder: Builder, name: &str, value: Secret) -> Result<Builder, Error> {
        let stars = "*".repeat(value.expose().len());
        value.clone().header_value()?;
        self.0.push((name.to_ascii_lowercase(), value));
        Ok(builder.header(name, HeaderValue::try_from(stars).unwrap_or_else(|_| HeaderValue::from_static(""))))
    }

    /// Writes the values into a request where their asterisks are, each once: into its head, which is written first and
    /// line by line.
    pub(crate) fn reveal(&mut self, written: &mut [u8]) {
        self.0.retain(|(name, value)| {
            let Some(at) = place(written, name, value.expose().len()) else { return true };
            if let Some(place) = written.get_mut(at..).and_then(|rest| rest.get_mut(..value.expose().len())) {
                place.copy_from_slice(value.expose().as_bytes());
            }
            false
        });
    }
}

/// Where the asterisks of this header begin.
fn place(written: &[u8], name: &str, length: usize) -> Option<usize> {
    let mut at = 0;
    loop {
        let rest = written.get(at..)?;
        let end = rest.windows(2).position(|pair| pair == b"\r\n")?;
        let line = rest.get(..end).unwrap_or(rest);
        if let Some((its, value)) = line.split_at_checked(name.len())
            && its.eq_ignore_ascii_case(name.as_bytes())
            && let Some(stars) = value.strip_prefix(b": ")
            && stars.len() == length
            && stars.iter().all(|byte| *byte == b'*')
        {
            return Some(at + name.len() + 2);
        }
        // The head ends with an empty line.
        if line.is_empty() {
            return None;
        }
        at += end + 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_written_over_its_asterisks_and_nowhere_else() {
        let mut hidden = Hidden::default();
        let builder = ureq::http::Request::post("http://h/****");
        let builder = hidden.header(builder, "Authorization", Secret::new("Basic YTpi")).expect("a value");
        let builder = hidden.header(builder, "X-Key", Secret::new("four")).expect("a value");
        let request = builder.body(()).expect("a request");
        assert_eq!(request.headers()["authorization"], "**********");
        let mut first = b"POST /**** HTTP/1.1\r\nhost: ****\r\nauthorization: **********\r\n".to_vec();
        hidden.reveal(&mut first);
        assert_eq!(first, b"POST /**** HTTP/1.1\r\nhost: ****\r\nauthorization: Basic YTpi\r\n");
        let mut second = b"x-key: ****\r\n\r\nx-key: ****\r\n".to_vec();
        hidden.reveal(&mut second);
        assert_eq!(second, b"x-key: four\r\n\r\nx-key: ****\r\n");
        assert!(hidden.0.is_empty() && !format!("{hidden:?}").contains("four"));
        let mut hidden = Hidden::default();
        assert!(hidden.header(ureq::http::Request::get("/"), "A", Secret::new("b\nc")).is_err());
    }
}
