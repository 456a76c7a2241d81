//! Whole HTTP/1.1 messages: requests as they are written, responses as they are read.

use cardwright_core::Code;
use cardwright_core::certiflow::{self, Dialect, RevocationReason};
use cardwright_core::http::{self, ReplyPart, ReplyReader, Site};
use cardwright_core::lifecycle::Operation;
use cardwright_core::mim;

fn site() -> Site<'static> {
    Site::new("cm.example:8443", "/certiflow/api/").unwrap()
}

fn card() -> certiflow::Call<'static> {
    certiflow::Call::Card { id: "1013" }
}

#[test]
fn a_get_has_no_body_and_says_no_length() {
    let call = card().in_dialect(Dialect::G7).unwrap();
    let mut buffer = [0; 256];
    let message = http::message_to(&call, &site(), &mut buffer).unwrap();
    assert_eq!(
        message,
        "GET /certiflow/api/Cards/1013 HTTP/1.1\r\nHost: cm.example:8443\r\nAccept: application/json\r\n\r\n"
    );
    assert_eq!(message.len(), http::message_len(&call, &site()));
}

#[test]
fn a_post_without_a_body_says_that_its_length_is_zero() {
    let call =
        certiflow::Call::Operate { operation: Operation::Revoke, id: "1013", reason: Some(RevocationReason::CardLost) };
    let call = call.in_dialect(Dialect::G7).unwrap();
    // RFC 7617, 2.
    let site = site().with_basic("Aladdin", "open sesame").unwrap();
    let mut buffer = [0; 256];
    let message = http::message_to(&call, &site, &mut buffer).unwrap();
    let (first, headers) = message.split_once("\r\n").unwrap();
    assert!(first.starts_with("POST /certiflow/api/") && first.ends_with(" HTTP/1.1"), "{first}");
    assert_eq!(
        headers,
        "Host: cm.example:8443\r\nAuthorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n\
         Accept: application/json\r\nContent-Length: 0\r\n\r\n"
    );
}

#[test]
fn a_body_follows_its_type_and_length() {
    let call = mim::Call::EndRequest { uuid: "438d1b30-f3b4-4bed-85fa-285e08605ba7", end: mim::RequestEnd::Completed };
    let site = Site::new("[fd00::5]", "/CertificateManagement").unwrap().with_bearer("abc.DEF~1/+==").unwrap();
    let mut buffer = [0; 512];
    let message = http::message_to(&call, &site, &mut buffer).unwrap();
    let (head, body) = message.split_once("\r\n\r\n").unwrap();
    assert!(head.contains("\r\nAuthorization: Bearer abc.DEF~1/+==\r\n"), "{head}");
    assert!(head.ends_with(&format!("Content-Type: application/json\r\nContent-Length: {}", body.len())), "{head}");
    assert_eq!(body.len(), http::body_len(&call));

    let short = http::message_to(&call, &site, &mut [0; 20]).unwrap_err();
    assert_eq!((short.code, short.at), (Code::Room, http::message_len(&call, &site)));
}

#[test]
fn base64_of_every_length_is_right() {
    // "f:" is "Zjo=": the user and its colon stand before.
    for (password, wanted) in [("", "Zjo="), ("o", "Zjpv"), ("ob", "ZjpvYg=="), ("oba", "ZjpvYmE="), ("ä", "ZjrDpA==")]
    {
        let site = site().with_basic("f", password).unwrap();
        let call = card().in_dialect(Dialect::G7).unwrap();
        let mut buffer = [0; 256];
        let message = http::message_to(&call, &site, &mut buffer).unwrap();
        assert!(message.contains(&format!("Basic {wanted}\r\n")), "{password}: {message}");
    }
}

#[test]
fn nothing_in_a_site_can_end_a_line() {
    let code = |result: Result<Site<'_>, cardwright_core::Error>| result.map_err(|e| (e.code, e.what, e.at)).err();
    assert_eq!(code(Site::new("a\r\nX: y", "")), Some((Code::Address, "host", 1)));
    assert_eq!(code(Site::new("", "")), Some((Code::Address, "host", 0)));
    assert_eq!(code(Site::new("user@host", "")), Some((Code::Address, "host", 4)));
    for port in ["h:0", "h:80800", "h:x", "h:1:2", "[::1]:65536", "fd00::5"] {
        assert_eq!(code(Site::new(port, "")).map(|(_, what, _)| what), Some("port"), "{port}");
    }
    for host in ["::1", "[fd00::5", "[x]"] {
        assert_eq!(code(Site::new(host, "")).map(|(_, what, _)| what), Some("host"), "{host}");
    }
    assert!(Site::new("h:", "").is_ok() && Site::new("[::1]:65535", "").is_ok());
    assert_eq!(code(Site::new("h", "api")), Some((Code::Address, "base", 0)));
    assert_eq!(code(Site::new("h", "/a b")), Some((Code::Address, "base", 2)));
    assert_eq!(code(Site::new("h", "/a?b")), Some((Code::Address, "base", 2)));
    assert_eq!(code(site().with_basic("a:b", "")), Some((Code::Unwritable, "user", 1)));
    assert_eq!(code(site().with_basic("a", "b\n")), Some((Code::Unwritable, "password", 1)));
    assert_eq!(code(site().with_bearer("")), Some((Code::Unwritable, "token", 0)));
    assert_eq!(code(site().with_bearer("a b")), Some((Code::Unwritable, "token", 1)));
}

#[test]
fn a_site_does_not_show_what_is_secret() {
    let basic = format!("{:?}", site().with_basic("someone", "s3cret").unwrap());
    let bearer = format!("{:?}", site().with_bearer("s3cret").unwrap());
    assert!(!basic.contains("s3cret") && basic.contains("Basic(..)"), "{basic}");
    assert!(!bearer.contains("s3cret") && bearer.contains("Bearer(..)"), "{bearer}");
}

/// The parts of a response: status, headers, body, whether the connection can be kept, what was left.
#[derive(Debug, PartialEq, Eq)]
struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    kept: bool,
    left: usize,
}

/// Reads a response in chunks of a size, with a line buffer of a size.
fn read(bytes: &[u8], chunk: usize, line: usize) -> Result<Reply, (Code, usize)> {
    let mut reader = ReplyReader::new(vec![0; line]);
    let mut reply = Reply { status: 0, headers: Vec::new(), body: Vec::new(), kept: false, left: 0 };
    let mut at = 0;
    for mut part in bytes.chunks(chunk) {
        at += part.len();
        while let Some(found) = reader.next(&mut part).map_err(|e| (e.code, e.at))? {
            match found {
                ReplyPart::Status(status) => reply.status = status,
                ReplyPart::Header { name, value } => {
                    reply.headers.push((name.into(), String::from_utf8_lossy(value).into()));
                }
                ReplyPart::Body(bytes) => reply.body.extend(bytes),
                ReplyPart::End => {
                    reply.left = bytes.len() - at + part.len();
                    reply.kept = reader.keeps_connection();
                    return Ok(reply);
                }
            }
        }
        assert!(part.is_empty());
    }
    reader.finish().map_err(|e| (e.code, e.at))?;
    Ok(reply)
}

/// The same however the bytes are cut.
fn reply(bytes: &[u8]) -> Result<Reply, (Code, usize)> {
    let whole = read(bytes, bytes.len().max(1), 64);
    for chunk in 1..bytes.len() {
        let parts = read(bytes, chunk, 64);
        match (&whole, &parts) {
            (Ok(whole), Ok(parts)) => assert_eq!(whole, parts, "in chunks of {chunk}"),
            (Err((whole, _)), Err((parts, _))) => assert_eq!(whole, parts, "in chunks of {chunk}"),
            _ => panic!("{whole:?} whole, {parts:?} in chunks of {chunk}"),
        }
    }
    whole
}

#[test]
fn a_body_of_a_stated_length_ends_there() {
    let found =
        reply(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\ncontent-length:  4 \r\n\r\n[{}]HTTP").unwrap();
    assert_eq!(found.status, 200);
    assert_eq!(found.headers[0], ("Content-Type".into(), "application/json".into()));
    assert_eq!((found.body.as_slice(), found.kept, found.left), (&b"[{}]"[..], true, 4));
}

#[test]
fn chunks_are_put_together_and_their_extensions_and_trailers_passed_over() {
    let bytes = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\
                  2\r\n[{\r\n0A;name=\"v\"\r\n0123456789\r\n000\r\nX-Sum: 1\r\n\r\nnext";
    let found = reply(bytes).unwrap();
    assert_eq!((found.body.as_slice(), found.kept, found.left), (&b"[{0123456789"[..], true, 4));
}

#[test]
fn a_body_without_a_length_ends_with_the_connection() {
    let found = reply(b"HTTP/1.0 500 Internal Server Error\nServer: x\n\nwhat happened").unwrap();
    assert_eq!((found.status, found.body.as_slice(), found.kept), (500, &b"what happened"[..], false));
}

#[test]
fn what_has_no_body_ends_with_its_headers() {
    for head in [
        "HTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.1 304\r\nContent-Length: 5\r\n\r\n",
        "HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n",
    ] {
        let found = reply(head.as_bytes()).unwrap();
        assert_eq!((found.body.len(), found.kept, found.left), (0, true, 0), "{head}");
    }
}

#[test]
fn interim_responses_are_passed_over() {
    let found = reply(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: a\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 1\r\n\r\nx");
    let found = found.unwrap();
    assert_eq!((found.status, found.headers.len(), found.body.as_slice()), (201, 1, &b"x"[..]));
}

#[test]
fn the_connection_header_is_heard() {
    let kept = |head: &str| reply(format!("{head}Content-Length: 0\r\n\r\n").as_bytes()).unwrap().kept;
    assert!(!kept("HTTP/1.1 200 OK\r\nConnection: x, Close\r\n"));
    assert!(!kept("HTTP/1.0 200 OK\r\n"));
    assert!(kept("HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\n"));
}

#[test]
fn a_header_that_is_too_long_for_the_buffer_is_passed_over() {
    let long = "x".repeat(20_000);
    let found = reply(
        format!("HTTP/1.1 401 No\r\nWWW-Authenticate: Negotiate {long}\r\nContent-Length: 2\r\n\r\nno").as_bytes(),
    );
    let found = found.unwrap();
    assert_eq!((found.status, found.headers.len(), found.body.as_slice()), (401, 1, &b"no"[..]));
}

#[test]
fn what_cannot_be_read_is_an_error() {
    let head = "HTTP/1.1 200 OK\r\n";
    let many = "A: b\r\n".repeat(20_000);
    for wrong in [
        "<html>\r\n",
        "HTTP/2 200\r\n",
        "HTTP/1.1 2x0 OK\r\n",
        "HTTP/1.1 099 OK\r\n",
        "HTTP/1.1 2000 OK\r\n",
        "HTTP/1.1 101 Switching Protocols\r\n\r\n",
        &format!("{head} folded: x\r\n"),
        &format!("{head}no colon\r\n"),
        &format!("{head}a b: c\r\n"),
        &format!("{head}HTTP/1.1 200: c\r\n"),
        &format!("{head}a: b\0c\r\n"),
        &format!("{head}Content-Length: -1\r\n"),
        &format!("{head}Content-Length: 1, 1\r\n"),
        &format!("{head}Content-Length: 99999999999999999999\r\n"),
        &format!("{head}Content-Length: 1\r\nContent-Length: 2\r\n"),
        &format!("{head}Transfer-Encoding: gzip, chunked\r\n"),
        &format!("{head}Transfer-Encoding: chunked\r\n\r\nx\r\n"),
        &format!("{head}Transfer-Encoding: chunked\r\n\r\n\r\n"),
        &format!("{head}Transfer-Encoding: chunked\r\n\r\n-1\r\n"),
        &format!("{head}Transfer-Encoding: chunked\r\n\r\n10000000000000000\r\n"),
        &format!("{head}Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n"),
    ] {
        assert_eq!(reply(wrong.as_bytes()).map_err(|(code, _)| code), Err(Code::Unreadable), "{wrong:?}");
    }
    assert_eq!(read(format!("{head}{many}\r\n").as_bytes(), 1000, 64).map_err(|(code, _)| code), Err(Code::Unreadable));
}

#[test]
fn a_connection_that_breaks_is_told_from_an_end() {
    let bytes = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
    for end in 0..bytes.len() {
        let found = reply(&bytes[..end]);
        assert_eq!(found, Err((Code::Broken, end)), "cut at {end}");
    }
    assert!(reply(bytes).is_ok());
}

#[test]
fn a_buffer_that_is_too_small_for_what_counts_is_an_error() {
    let bytes = b"HTTP/1.1 200 OK\r\nContent-Length: 000000000000002\r\n\r\nno";
    for line in 0..80 {
        match read(bytes, 7, line) {
            Ok(found) => assert_eq!(found.body, b"no", "{line}"),
            Err((code, _)) => assert_eq!(code, Code::Room, "{line}"),
        }
    }
    assert!(read(bytes, 7, 34).is_ok());
}

#[test]
fn a_message_with_two_lengths_is_the_last_on_its_connection() {
    let bytes = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n";
    let found = reply(bytes).unwrap();
    assert_eq!((found.body.as_slice(), found.kept), (&b"a"[..], false));
}
