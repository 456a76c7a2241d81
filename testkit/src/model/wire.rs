//! Requests and answers as bytes.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// A request that arrived whole.
#[derive(Debug, Clone, Default)]
pub(super) struct Asked {
    pub(super) method: String,
    /// The path, still encoded.
    pub(super) path: String,
    /// The parameters, decoded.
    pub(super) query: Vec<(String, String)>,
    pub(super) body: String,
}

impl Asked {
    pub(super) fn new(method: &str, target: &str, body: &str) -> Self {
        // Through a proxy the whole address stands there.
        let target = match target.split_once("://") {
            Some((_, rest)) => rest.find('/').map_or("/", |at| &rest[at..]),
            None => target,
        };
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        let query = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, ""))).map(|(n, v)| (decode(n), decode(v)));
        Asked { method: method.into(), path: path.into(), query: query.collect(), body: body.into() }
    }

    /// The decoded parts of the path behind `base`; `None` for another path.
    pub(super) fn below(&self, base: &str) -> Option<Vec<String>> {
        let rest = self.path.strip_prefix(base)?.strip_prefix('/')?;
        Some(rest.split('/').map(decode).collect())
    }

    /// The first value of a parameter.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(its, _)| its.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// Reads the next request; `None` where the connection ends before it is whole.
pub(super) fn read(stream: &mut BufReader<TcpStream>) -> Option<Asked> {
    let mut first = String::new();
    stream.read_line(&mut first).ok().filter(|read| *read > 0)?;
    let mut length = 0;
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).ok().filter(|read| *read > 0)?;
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).ok()?;
    let mut words = first.split(' ');
    Some(Asked::new(words.next()?, words.next()?, &String::from_utf8_lossy(&body)))
}

/// What is sent back.
#[derive(Debug, Clone, Default)]
pub(super) struct Reply {
    /// The status; 0 where the answer does not come to its end.
    pub(super) status: u16,
    pub(super) bytes: Vec<u8>,
    /// Whether the connection ends after it.
    pub(super) close: bool,
    /// How long to wait before it.
    pub(super) delay: Duration,
}

impl Reply {
    /// An answer with the default `Content-Type` for its body.
    pub(super) fn new(status: u16, body: &str) -> Self {
        Self::with(status, body, &[])
    }

    /// An answer with more header lines.
    pub(super) fn with(status: u16, body: &str, lines: &[&str]) -> Self {
        let kind = if body.trim_start().starts_with('<') { "text/html" } else { "application/json" };
        let mut head = format!("HTTP/1.1 {status} X\r\n");
        if !body.is_empty() {
            head += &format!("Content-Type: {kind}; charset=utf-8\r\n");
        }
        if status != 204 && status != 304 {
            head += &format!("Content-Length: {}\r\n", body.len());
        }
        for line in lines {
            head += line;
            head += "\r\n";
        }
        let bytes = [head.as_bytes(), b"\r\n", body.as_bytes()].concat();
        Reply { status, bytes, ..Self::default() }
    }

    /// The connection ends without an answer.
    pub(super) fn none() -> Self {
        Reply { close: true, ..Self::default() }
    }

    /// These bytes, and the end of the connection.
    pub(super) fn broken(bytes: Vec<u8>) -> Self {
        Reply { bytes, close: true, ..Self::default() }
    }

    /// The same without its last bytes.
    pub(super) fn cut(mut self, bytes: usize) -> Self {
        self.bytes.truncate(self.bytes.len().saturating_sub(bytes));
        Reply { status: 0, close: true, ..self }
    }

    /// The same, after which the connection ends, as its head says.
    pub(super) fn closing(mut self) -> Self {
        let head = self.bytes.windows(4).position(|bytes| bytes == b"\r\n\r\n");
        if let Some(end) = head.filter(|_| !self.close) {
            self.bytes.splice(end..end, *b"\r\nConnection: close");
        }
        self.close = true;
        self
    }

    pub(super) fn after(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Sends it. Whether the connection goes on.
    pub(super) fn send(&self, stream: &mut TcpStream) -> bool {
        if !self.delay.is_zero() {
            std::thread::sleep(self.delay);
        }
        stream.write_all(&self.bytes).is_ok() && !self.close
    }
}

fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let escaped = after.get(..2).filter(|_| *first == b'%').and_then(|digits| std::str::from_utf8(digits).ok());
        match escaped.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(if *first == b'+' { b' ' } else { *first });
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_taken_apart_and_decoded() {
        let asked = Asked::new("GET", "http://host:1/api/Cards/a%20b/Disable?userName=A%5Cb+c&x", "");
        assert_eq!(asked.below("/api").expect("below"), ["Cards", "a b", "Disable"]);
        assert_eq!((asked.parameter("USERNAME"), asked.parameter("x")), (Some("A\\b c"), Some("")));
        assert_eq!(asked.below("/apiary"), None);
    }

    #[test]
    fn an_answer_that_closes_says_so_and_a_cut_one_is_shorter() {
        let text = |reply: Reply| String::from_utf8(reply.bytes).expect("text");
        assert!(text(Reply::new(200, "[]").closing()).ends_with("\r\nConnection: close\r\n\r\n[]"));
        assert!(text(Reply::new(200, "[]").cut(1)).ends_with("\r\n\r\n["));
        assert!(!text(Reply::new(204, "")).contains("Content-Length"));
        assert!(text(Reply::with(503, "", &["Retry-After: 0"])).contains("\r\nRetry-After: 0\r\n"));
    }
}
