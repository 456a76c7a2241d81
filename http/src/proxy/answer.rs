//! A proxy's answer to CONNECT: its head, and the body of a refusal.
//!
//! The head and the body are bounded in size and time. What follows a successful head stays in the connection.
//!
//! RFC 9112, 4 and 6.3.

use super::challenges::offers;
use crate::deadline::left;
use std::time::{Duration, Instant};
use ureq::unversioned::transport::{NextTimeout, Transport, time};

/// The longest head of an answer, in bytes.
const HEAD: usize = 32 << 10;

/// The longest body that is read to keep the connection, in bytes, and for how long.
const BODY: usize = 256 << 10;
const BODY_TIME: Duration = Duration::from_secs(1);

/// How much of a refusal's body is kept for its words, in bytes.
const WORDS: usize = 16 << 10;

/// What the head of a proxy's answer says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) status: u16,
    pub(super) reason: String,
    /// The values of `Proxy-Authenticate`.
    pub(super) challenges: Vec<String>,
    /// All fields, in their order.
    pub(crate) fields: Vec<(String, String)>,
    body: Framing,
    /// Whether the connection stays open after the answer.
    keeps: bool,
}

/// How the end of a body is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Framing {
    Length(usize),
    Chunked,
    /// By the end of the connection.
    Close,
}

impl Head {
    /// The schemes that it offers.
    pub(super) fn schemes(&self) -> Vec<String> {
        offers(&self.challenges)
    }

    /// How the end of its body is found.
    pub(crate) fn framing(&self) -> Framing {
        self.body
    }
}

/// Why there is no head.
pub(crate) enum NoHead {
    /// In words: it is not there, or is not HTTP.
    Broken(&'static str),
    /// In words: the connection was closed.
    Closed(&'static str),
    Below(ureq::Error),
}

/// Reads the head of an answer and leaves what follows it.
pub(crate) fn read_head(
    transport: &mut dyn Transport,
    limit: NextTimeout,
    since: time::Instant,
) -> Result<Head, NoHead> {
    loop {
        let time = left(limit, since).map_err(NoHead::Below)?;
        let arrived = transport.maybe_await_input(time).map_err(NoHead::Below)?;
        let buffers = transport.buffers();
        let input = buffers.input();
        if let Some(end) = end_of_head(input) {
            let head = parse(input.get(..end).unwrap_or(&[]));
            buffers.input_consume(end);
            return head.ok_or(NoHead::Broken("it answers something other than HTTP"));
        }
        if input.len() > HEAD {
            return Err(NoHead::Broken("it answers with a head that is too long"));
        }
        if !arrived {
            return Err(NoHead::Closed("it closed the connection before it answered"));
        }
        // Without it, the next call would find the same input.
        buffers.input_consume(0);
    }
}

/// Reads the body of a refusal as far as it comes soon; returns its beginning, and whether the connection can be used on.
pub(super) fn read_body(
    transport: &mut dyn Transport,
    head: &Head,
    limit: NextTimeout,
    since: time::Instant,
) -> (Vec<u8>, bool) {
    let begun = Instant::now();
    let (mut body, mut ended) = (Vec::new(), false);
    while body.len() <= BODY {
        ended = head.body.ends(&body);
        if ended {
            break;
        }
        let Ok(mut time) = left(limit, since) else { break };
        let Some(soon) = BODY_TIME.checked_sub(begun.elapsed()) else { break };
        if *time.after > soon {
            time.after = soon.into();
        }
        if !transport.maybe_await_input(time).unwrap_or(false) {
            break;
        }
        let buffers = transport.buffers();
        let taken = buffers.input().len();
        body.extend_from_slice(buffers.input());
        buffers.input_consume(taken);
    }
    let mut words = match head.body {
        Framing::Chunked => chunks(&body).0,
        Framing::Length(_) | Framing::Close => body,
    };
    words.truncate(WORDS);
    (words, ended && head.keeps)
}

impl Framing {
    /// What a body holds, of what has arrived of it.
    pub(crate) fn content(self, body: &[u8]) -> Vec<u8> {
        match self {
            Framing::Chunked => chunks(body).0,
            Framing::Length(length) => body.get(..length).unwrap_or(body).to_vec(),
            Framing::Close => body.to_vec(),
        }
    }

    /// Whether this is the whole body.
    pub(crate) fn ends(self, body: &[u8]) -> bool {
        match self {
            Framing::Length(length) => body.len() >= length,
            Framing::Chunked => chunks(body).1,
            Framing::Close => false,
        }
    }
}

/// The content of a body in chunks (RFC 9112, 7.1), and whether its end is there.
fn chunks(mut body: &[u8]) -> (Vec<u8>, bool) {
    let mut content = Vec::new();
    loop {
        let Some(end) = body.windows(2).position(|bytes| bytes == b"\r\n") else { return (content, false) };
        let (line, rest) = body.split_at(end);
        let digits = line.split(|byte| matches!(byte, b';' | b' ')).next().unwrap_or(line);
        let length = std::str::from_utf8(digits).ok().and_then(|digits| usize::from_str_radix(digits, 16).ok());
        let rest = rest.get(2..).unwrap_or(&[]);
        match length {
            // Trailers, if any, end with an empty line.
            Some(0) => {
                return (content, rest.starts_with(b"\r\n") || rest.windows(4).any(|bytes| bytes == b"\r\n\r\n"));
            }
            Some(length) if length < BODY => {
                content.extend_from_slice(rest.get(..length).unwrap_or(rest));
                let Some(next) = rest.get(length.saturating_add(2)..) else { return (content, false) };
                body = next;
            }
            _ => return (content, false),
        }
    }
}

/// Where the head of an answer ends, after its empty line.
fn end_of_head(input: &[u8]) -> Option<usize> {
    let ends = |mark: &[u8]| input.windows(mark.len()).position(|bytes| bytes == mark).map(|at| at + mark.len());
    match (ends(b"\r\n\r\n"), ends(b"\n\n")) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

fn parse(head: &[u8]) -> Option<Head> {
    let text = String::from_utf8_lossy(head);
    let mut lines = text.lines();
    let (version, rest) = lines.next()?.split_once(' ')?;
    let minor = version.strip_prefix("HTTP/1.")?;
    let (status, reason) = rest.split_once(' ').unwrap_or((rest, ""));
    let status = status.parse().ok().filter(|_| status.len() == 3)?;
    let (challenges, body) = (Vec::new(), Framing::Close);
    let mut found =
        Head { status, reason: reason.trim().to_string(), challenges, fields: Vec::new(), body, keeps: minor != "0" };
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        let (name, value) = (name.trim(), value.trim());
        let is = |known: &str| name.eq_ignore_ascii_case(known);
        found.fields.push((name.to_string(), value.to_string()));
        let says = |word: &str| value.split(',').any(|one| one.trim().eq_ignore_ascii_case(word));
        if is("Proxy-Authenticate") {
            found.challenges.push(value.to_string());
        } else if is("Transfer-Encoding") && says("chunked") {
            found.body = Framing::Chunked;
        } else if is("Content-Length") && found.body == Framing::Close {
            found.body = value.parse().map_or(Framing::Close, Framing::Length);
        } else if is("Connection") || is("Proxy-Connection") {
            found.keeps = !says("close") && (found.keeps || says("keep-alive"));
        }
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_of_an_answer_is_read_with_its_challenges() {
        let head = b"HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Negotiate\r\n\
            Proxy-Authenticate: , NTLM,, Basic realm=\"a, b\"\r\nContent-Length: 12\r\n\r\n";
        assert_eq!(end_of_head(head), Some(head.len()));
        let read = parse(head).expect("a head");
        assert_eq!((read.status, read.reason.as_str()), (407, "Proxy Authentication Required"));
        assert_eq!(read.schemes(), ["Negotiate", "NTLM", "Basic"]);
        assert_eq!((read.body, read.keeps), (Framing::Length(12), true));
        assert_eq!(parse(b"HTTP/1.0 200\n\n").map(|head| (head.status, head.keeps)), Some((200, false)));
        for wrong in ["", "SSH-2.0-x\r\n\r\n", "HTTP/1.1\r\n\r\n", "HTTP/1.1 20 OK\r\n\r\n", "HTTP/1.1 abc\r\n\r\n"] {
            assert_eq!(parse(wrong.as_bytes()), None, "{wrong:?}");
        }
        assert_eq!(end_of_head(b"HTTP/1.1 200 OK\r\n"), None);
    }

    #[test]
    fn whether_a_connection_stays_is_what_the_head_says() {
        for (head, body, keeps) in [
            ("HTTP/1.1 407 x\r\nConnection: close\r\nContent-Length: 3\r\n\r\n", Framing::Length(3), false),
            ("HTTP/1.0 407 x\r\nProxy-Connection: keep-alive\r\nContent-Length: 0\r\n\r\n", Framing::Length(0), true),
            ("HTTP/1.1 407 x\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n", Framing::Chunked, true),
            ("HTTP/1.1 407 x\r\nContent-Length: x\r\n\r\n", Framing::Close, true),
        ] {
            let read = parse(head.as_bytes()).expect("a head");
            assert_eq!((read.body, read.keeps), (body, keeps), "{head:?}");
        }
    }

    #[test]
    fn a_body_in_chunks_is_read_to_its_end() {
        for (body, content, ends) in [
            ("3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n", "abcde", true),
            ("3\r\nabc\r\n0\r\nTrailer: x\r\n\r\n", "abc", true),
            ("3\r\nabc\r\n0\r\n", "abc", false),
            ("3\r\nab", "ab", false),
            ("ffffffffffffffffff\r\n", "", false),
            ("x\r\n", "", false),
            ("", "", false),
        ] {
            assert_eq!(chunks(body.as_bytes()), (content.as_bytes().to_vec(), ends), "{body:?}");
        }
    }
}
