//! A server that answers what it is told, for what a whole one would never do: the one of the client's
//! tests, by the first line and the body of a request.

use cardwright_testkit::raw::Raw;

/// A server on a free loopback port. It answers each request, of which it is given the first line and
/// the body, and closes the connection.
pub(crate) struct Fake(Raw);

impl Fake {
    pub(crate) fn answering(answer: impl Fn(&str, &str) -> String + Send + 'static) -> Self {
        Fake(Raw::answering(move |request| {
            let (line, body) = parts(request);
            answer(line, body).into_bytes()
        }))
    }

    pub(crate) fn url(&self, path: &str) -> String {
        self.0.url(path)
    }

    /// The requests so far: method, target and body.
    pub(crate) fn requests(&self) -> Vec<String> {
        let line = |request: &String| {
            let (line, body) = parts(request);
            format!("{line} {body}").trim().to_string()
        };
        self.0.requests().iter().map(line).collect()
    }
}

/// The method and target of a request, and its body.
fn parts(request: &str) -> (&str, &str) {
    let (head, body) = request.split_once("\r\n\r\n").unwrap_or((request, ""));
    let line = head.lines().next().unwrap_or_default();
    (line.strip_suffix(" HTTP/1.1").unwrap_or(line), body)
}

/// An answer with headers of its own, each with its line end.
pub(crate) fn answer(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
}

/// An answer of success with JSON.
pub(crate) fn json(body: &str) -> String {
    answer("200 OK", "Content-Type: application/json\r\n", body)
}
