//! Requests for `http` addresses to an HTTP proxy: their target is the whole address.
//!
//! ureq writes the path alone, so the beginning of each request is rewritten on its way to the proxy. A request begins
//! with what is written first after an answer was read, or at all.
//!
//! RFC 9112, 3.2.2 (absolute form).

use ureq::http::Uri;
use ureq::unversioned::transport::{Buffers, NextTimeout, Transport};
use zeroize::Zeroizing;

/// A connection to a proxy, for requests to one server.
#[derive(Debug)]
pub(super) struct AbsoluteForm {
    proxy: Box<dyn Transport>,
    /// Scheme, host and port of the server, as they stand in the target.
    origin: String,
    /// Whether what is written next begins a request.
    begins: bool,
}

impl AbsoluteForm {
    pub(super) fn new(proxy: Box<dyn Transport>, server: &Uri) -> Self {
        AbsoluteForm { proxy, origin: origin(server), begins: true }
    }

    /// Writes the beginning of a request with the whole address in its first line.
    fn begin(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        let output = self.proxy.buffers().output().get(..amount).unwrap_or(&[]);
        let Some(request) = in_absolute_form(output, &self.origin) else {
            return Err(ureq::Error::BadUri("the request has no target".to_string()));
        };
        let mut rest = request.as_slice();
        while !rest.is_empty() {
            let output = self.proxy.buffers().output();
            let length = rest.len().min(output.len());
            let (now, later) = rest.split_at(length);
            let Some(place) = output.get_mut(..length).filter(|place| !place.is_empty()) else {
                return Err(ureq::Error::BadUri("there is no room for the request".to_string()));
            };
            place.copy_from_slice(now);
            self.proxy.transmit_output(length, timeout)?;
            rest = later;
        }
        Ok(())
    }
}

/// The target of a request to this address, as it stands in the request line to a proxy.
pub(crate) fn target(address: &Uri) -> String {
    origin(address) + address.path_and_query().map_or("/", |path| path.as_str())
}

fn origin(address: &Uri) -> String {
    let authority = address.authority().map_or("", |authority| authority.as_str());
    format!("http://{authority}")
}

/// The beginning of a request with the origin before its target; nothing if it is no request.
fn in_absolute_form(request: &[u8], origin: &str) -> Option<Zeroizing<Vec<u8>>> {
    let end = request.iter().position(|byte| *byte == b' ')?.saturating_add(1);
    let (method, rest) = request.split_at_checked(end)?;
    // A request may hold a password; one allocation leaves no copy behind.
    let mut whole = Zeroizing::new(Vec::with_capacity(request.len().saturating_add(origin.len())));
    whole.extend_from_slice(method);
    whole.extend_from_slice(origin.as_bytes());
    whole.extend_from_slice(rest);
    rest.starts_with(b"/").then_some(whole)
}

impl Transport for AbsoluteForm {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.proxy.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        if amount == 0 || !std::mem::take(&mut self.begins) {
            return self.proxy.transmit_output(amount, timeout);
        }
        self.begin(amount, timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        self.begins = true;
        self.proxy.await_input(timeout)
    }

    fn is_open(&mut self) -> bool {
        self.proxy.is_open()
    }

    fn is_tls(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_target_becomes_the_whole_address() {
        let server: Uri = "http://h.example:8080/api/Cards?x=%20y".parse().expect("an address");
        let request = in_absolute_form(b"GET /api/Cards?x=%20y HTTP/1.1\r\nHost: x\r\n\r\n", &origin(&server));
        let expected = format!("GET {} HTTP/1.1\r\nHost: x\r\n\r\n", target(&server));
        assert_eq!(request.as_deref().map(Vec::as_slice), Some(expected.as_bytes()));
        assert!(expected.starts_with("GET http://h.example:8080/api/Cards?x=%20y "));
        for no_request in [&b""[..], b"GET", b"GET x", b"{\"a\": 1}"] {
            assert!(in_absolute_form(no_request, "http://h").is_none());
        }
    }
}
