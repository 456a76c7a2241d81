//! Whole HTTP/1.1 messages: responses as they are read, by the rules of RFC 9112 and RFC 9110.

use cardwright_core::http::{ReplyPart, ReplyReader};
use cardwright_core::{Code, Error};
use proptest::prelude::*;

/// The parts of a response: status, headers, body, whether the connection can be kept, what was left.
#[derive(Debug, Default, PartialEq, Eq)]
struct Reply {
    status: u16,
    headers: Vec<String>,
    body: Vec<u8>,
    kept: bool,
    left: usize,
}

/// Reads a response that comes in pieces, with a line buffer of a size.
fn read<'b>(pieces: impl IntoIterator<Item = &'b [u8]>, room: usize) -> Result<Reply, Error> {
    let mut reader = ReplyReader::new(vec![0; room]);
    let mut reply = Reply::default();
    let mut ended = false;
    for mut piece in pieces {
        while let Some(found) = reader.next(&mut piece)? {
            match found {
                ReplyPart::Status(status) => reply.status = status,
                ReplyPart::Header { name, value } => {
                    reply.headers.push(format!("{name}: {}", String::from_utf8_lossy(value)));
                }
                ReplyPart::Body(bytes) => reply.body.extend(bytes),
                ReplyPart::End => {
                    ended = true;
                    break;
                }
            }
        }
        reply.left += piece.len();
        assert!(ended || piece.is_empty());
    }
    reader.finish()?;
    reply.kept = reader.keeps_connection();
    Ok(reply)
}

/// The same however the bytes are cut: whole, in chunks of every size, and in two and three parts everywhere.
fn reply_in(bytes: &[u8], room: usize) -> Result<Reply, Error> {
    let whole = read([bytes], room);
    for size in 1..bytes.len().min(200) {
        assert_eq!(read(bytes.chunks(size), room), whole, "in chunks of {size}");
    }
    for at in 0..bytes.len() {
        let (one, rest) = bytes.split_at(at);
        assert_eq!(read([one, rest], room), whole, "cut at {at}");
        if bytes.len() < 120 {
            for second in 0..rest.len() {
                let (two, three) = rest.split_at(second);
                assert_eq!(read([one, two, three], room), whole, "cut at {at} and {}", at + second);
            }
        }
    }
    whole
}

fn reply(bytes: &[u8]) -> Result<Reply, Error> {
    reply_in(bytes, 64)
}

/// What is taken: the clause, the response, its headers joined by `|`, its body, whether the connection is kept, and
/// how many bytes are left.
type Taken = (&'static str, &'static str, &'static str, &'static str, bool, usize);

#[rustfmt::skip]
const TAKEN: &[Taken] = &[
    ("9112, 2.2: an empty line before", "\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx", "Content-Length: 1", "x", true, 0),
    ("9112, 2.2: several", "\r\n\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n\r\n", "Content-Length: 0", "", true, 2),
    ("9112, 2.2: LF alone", "HTTP/1.1 200 OK\nContent-Length: 1\n\nxy", "Content-Length: 1", "x", true, 1),
    ("9112, 2.2: an empty line behind 1xx", "HTTP/1.1 100 Continue\r\n\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "Content-Length: 0", "", true, 0),
    ("9112, 4: no reason", "HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n", "Content-Length: 0", "", true, 0),
    ("9112, 4: nor a space", "HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", "Content-Length: 0", "", true, 0),
    ("9112, 4: a tab and other bytes in the reason", "HTTP/1.1 200 A\tllé\r\nContent-Length: 0\r\n\r\n", "Content-Length: 0", "", true, 0),
    ("9110, 2.5: a later minor version", "HTTP/1.2 200 OK\r\nContent-Length: 0\r\n\r\n", "Content-Length: 0", "", true, 0),
    ("9110, 5.5: no value", "HTTP/1.1 200 OK\r\nA:\r\nContent-Length: 0\r\n\r\n", "A: |Content-Length: 0", "", true, 0),
    ("9110, 5.5: white space around", "HTTP/1.1 200 OK\r\nA: \t b\tc \t\r\nContent-Length: 0\r\n\r\n", "A: b\tc|Content-Length: 0", "", true, 0),
    ("9110, 5.6.2: every letter of a token", "HTTP/1.1 200 OK\r\n!#$%&'*+-.^_`|~1Z: b\r\nContent-Length: 0\r\n\r\n", "!#$%&'*+-.^_`|~1Z: b|Content-Length: 0", "", true, 0),
    ("9110, 5.6.1.2: an empty element before a fold", "HTTP/1.1 200 OK\r\nContent-Length: ,\r\n 3\r\n\r\nabc", "Content-Length: , 3", "abc", true, 0),
    ("9112, 5.2: a fold is a space", "HTTP/1.1 200 OK\r\nA: b\r\n c\r\nContent-Length: 0\r\n\r\n", "A: b c|Content-Length: 0", "", true, 0),
    ("9112, 5.2: with what is around it", "HTTP/1.1 200 OK\r\nA: b \t\r\n\t  c\n d\r\nContent-Length: 0\r\n\r\n", "A: b c d|Content-Length: 0", "", true, 0),
    ("9112, 5.2: at the beginning", "HTTP/1.1 200 OK\r\nA:\r\n b\r\nContent-Length: 0\r\n\r\n", "A: b|Content-Length: 0", "", true, 0),
    ("9112, 5.2: of nothing", "HTTP/1.1 200 OK\r\nA: b\r\n \r\n\t\r\nContent-Length: 0\r\n\r\n", "A: b|Content-Length: 0", "", true, 0),
    ("9112, 5.2: in a length", "HTTP/1.1 200 OK\r\nContent-Length:\r\n 1\r\n\r\nx", "Content-Length: 1", "x", true, 0),
    ("9112, 5.2: in a coding", "HTTP/1.1 200 OK\r\nTransfer-Encoding:\r\n\tchunked\r\n\r\n0\r\n\r\n", "Transfer-Encoding: chunked", "", true, 0),
    ("9112, 5.2: in options", "HTTP/1.1 200 OK\r\nConnection: x,\r\n close\r\nContent-Length: 0\r\n\r\n", "Connection: x, close|Content-Length: 0", "", false, 0),
    ("9112, 5.2: which parts a word", "HTTP/1.1 200 OK\r\nConnection: clo\r\n se\r\nContent-Length: 0\r\n\r\n", "Connection: clo se|Content-Length: 0", "", true, 0),
    ("9112, 5.2: in a trailer", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: b\r\n c\r\n\r\n", "Transfer-Encoding: chunked", "", true, 0),
    ("9112, 6.3: 204 ends with its headers", "HTTP/1.1 204 No\r\nA: b\r\n\r\nxy", "A: b", "", true, 2),
    ("9112, 6.3: 204 of length zero", "HTTP/1.1 204 No\r\nContent-Length: 0\r\n\r\n", "Content-Length: 0", "", true, 0),
    ("9110, 8.6: 204 has no length", "HTTP/1.1 204 No\r\nContent-Length: 2\r\n\r\nxy", "Content-Length: 2", "", false, 2),
    ("9112, 6.1: 204 has no coding", "HTTP/1.1 204 No\r\nTransfer-Encoding: chunked\r\n\r\n", "Transfer-Encoding: chunked", "", false, 0),
    ("9112, 6.3: 304 says a length of another body", "HTTP/1.1 304 Same\r\nContent-Length: 2\r\n\r\nxy", "Content-Length: 2", "", true, 2),
    ("9112, 6.3: the same length twice", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 01\r\n\r\nx", "Content-Length: 1|Content-Length: 01", "x", true, 0),
    ("9112, 6.3: in a list", "HTTP/1.1 200 OK\r\nContent-Length: 1 ,1\t, 1\r\n\r\nx", "Content-Length: 1 ,1\t, 1", "x", true, 0),
    ("9112, 6.3: the coding outranks the length", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n", "Content-Length: 9|Transfer-Encoding: chunked", "a", false, 0),
    ("9112, 6.3: until the end", "HTTP/1.1 200 OK\r\n\r\nwhat", "", "what", false, 0),
    ("9112, 7: case of the coding", "HTTP/1.1 200 OK\r\ntransfer-ENCODING: Chunked\r\n\r\n0\r\n\r\nx", "transfer-ENCODING: Chunked", "", true, 1),
    ("9112, 7.1: sizes", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n00A\r\n0123456789\r\nb\r\n0123456789a\r\n00\r\n\r\n", "Transfer-Encoding: chunked", "01234567890123456789a", true, 0),
    ("9112, 7.1: padded by some servers", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1 \t \r\na\r\n0  \r\n\r\n", "Transfer-Encoding: chunked", "a", true, 0),
    ("9112, 7.1.1: extensions", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;a\r\na\r\n1 ; a = \"b;\tc\"\r\nb\r\n0;x\r\n\r\n", "Transfer-Encoding: chunked", "ab", true, 0),
    ("9112, 7.1.1: a long one", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\na\r\n0\r\n\r\n", "Transfer-Encoding: chunked", "a", true, 0),
    ("9112, 7.1.2: trailers count for nothing", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 5\r\nA: b\r\n\r\n", "Transfer-Encoding: chunked", "", true, 0),
    ("9112, 9.3: HTTP/1.0 closes", "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", "Content-Length: 0", "", false, 0),
    ("9112, 9.3: unless it says not", "HTTP/1.0 200 OK\r\nConnection: x , Keep-Alive ,\r\nContent-Length: 0\r\n\r\n", "Connection: x , Keep-Alive ,|Content-Length: 0", "", true, 0),
    ("9112, 9.3: in which header ever", "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nConnection: x\r\nContent-Length: 0\r\n\r\n", "Connection: keep-alive|Connection: x|Content-Length: 0", "", true, 0),
    ("9112, 9.3: close goes first", "HTTP/1.0 200 OK\r\nConnection: close\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n", "Connection: close|Connection: keep-alive|Content-Length: 0", "", false, 0),
    ("9112, 9.3: in one header too", "HTTP/1.1 200 OK\r\nConnection: keep-alive, close\r\nContent-Length: 0\r\n\r\n", "Connection: keep-alive, close|Content-Length: 0", "", false, 0),
    ("9112, 6.1: HTTP/1.0 has no coding", "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "Connection: keep-alive|Transfer-Encoding: chunked", "", false, 0),
    ("9112, 9.6: close", "HTTP/1.1 200 OK\r\nConnection: CLOSE\r\nContent-Length: 0\r\n\r\n", "Connection: CLOSE|Content-Length: 0", "", false, 0),
    ("9112, 9.6: another word", "HTTP/1.1 200 OK\r\nConnection: closed, xclose, clos, close x, \"close\"\r\nContent-Length: 0\r\n\r\n", "Connection: closed, xclose, clos, close x, \"close\"|Content-Length: 0", "", true, 0),
    ("9112, 9.6: of an interim response", "HTTP/1.1 103 Early\r\nConnection: close\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "Content-Length: 0", "", false, 0),
    ("9110, 15.2: interim responses, of which lengths say nothing", "HTTP/1.1 100 Continue\r\nContent-Length: 5\r\n\r\nHTTP/1.1 102 X\r\nTransfer-Encoding: chunked\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 1\r\n\r\nx", "Content-Length: 1", "x", true, 0),
    ("9110, 15.2: HTTP/1.0 before HTTP/1.1", "HTTP/1.0 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "Content-Length: 0", "", true, 0),
    ("IIS", "HTTP/1.1 200 OK\r\nCache-Control: no-cache\r\nContent-Type: application/json; charset=utf-8\r\nServer: Microsoft-IIS/10.0\r\nContent-Length: 2\r\n\r\n[]",
        "Cache-Control: no-cache|Content-Type: application/json; charset=utf-8|Server: Microsoft-IIS/10.0|Content-Length: 2", "[]", true, 0),
    ("HTTP.SYS", "HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/html; charset=us-ascii\r\nServer: Microsoft-HTTPAPI/2.0\r\nConnection: close\r\nContent-Length: 4\r\n\r\n<!DO",
        "Content-Type: text/html; charset=us-ascii|Server: Microsoft-HTTPAPI/2.0|Connection: close|Content-Length: 4", "<!DO", false, 0),
    ("Kestrel", "HTTP/1.1 200 OK\r\nDate: Thu, 03 Dec 2026 11:22:20 GMT\r\nServer: Kestrel\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n[]\r\n0\r\n\r\n",
        "Date: Thu, 03 Dec 2026 11:22:20 GMT|Server: Kestrel|Transfer-Encoding: chunked", "[]", true, 0),
];

#[test]
fn what_the_rules_allow_is_taken() {
    for (rule, bytes, headers, body, kept, left) in TAKEN {
        let found = reply(bytes.as_bytes()).unwrap_or_else(|error| panic!("{rule}: {error:?}"));
        assert_eq!(found.headers.join("|"), *headers, "{rule}");
        assert_eq!((found.body.as_slice(), found.kept, found.left), (body.as_bytes(), *kept, *left), "{rule}");
    }
}

/// What is refused, by the clause; `{}` before a head stands for a status line, `{+}` for a head with chunks.
#[rustfmt::skip]
const REFUSED: &[(&str, &[u8])] = &[
    ("9112, 4: no status line", b"<html>\r\n"),
    ("9112, 2.3: another version", b"HTTP/2 200\r\n"),
    ("9112, 2.3", b"HTTP/2.0 200 OK\r\n"),
    ("9112, 2.3: case", b"http/1.1 200 OK\r\n"),
    ("9112, 2.3: no digit", b"HTTP/1.x 200 OK\r\n"),
    ("9112, 2.3: two digits", b"HTTP/1.11 200 OK\r\n"),
    ("9112, 4: white space before", b" HTTP/1.1 200 OK\r\n"),
    ("9112, 4: two spaces", b"HTTP/1.1  200 OK\r\n"),
    ("9112, 4: a tab", b"HTTP/1.1\t200 OK\r\n"),
    ("9112, 4: a tab behind", b"HTTP/1.1 200\tOK\r\n"),
    ("9112, 4: two digits", b"HTTP/1.1 20 OK\r\n"),
    ("9112, 4: four digits", b"HTTP/1.1 2000 OK\r\n"),
    ("9112, 4: a letter", b"HTTP/1.1 2x0 OK\r\n"),
    ("9112, 4: no status", b"HTTP/1.1\r\n"),
    ("9110, 15: below 100", b"HTTP/1.1 099 OK\r\n"),
    ("9112, 4: NUL in a reason", b"HTTP/1.1 200 O\0K\r\n"),
    ("9112, 4: ESC", b"HTTP/1.1 200 O\x1BK\r\n"),
    ("9112, 4: DEL", b"HTTP/1.1 200 O\x7FK\r\n"),
    ("9112, 2.2: CR alone in a reason", b"HTTP/1.1 200 O\rK\r\n"),
    ("9112, 2.2: CR CR LF", b"HTTP/1.1 200 OK\r\r\n"),
    ("9112, 2.2: CR before the status line", b"\rHTTP/1.1 200 OK\r\n"),
    ("9112, 4: a control character at the end", b"HTTP/1.1 200 OK\x0C\r\n"),
    ("9112, 15.2.2: nobody asked", b"HTTP/1.1 101 Switching Protocols\r\n\r\n"),
    ("9112, 2.2: white space before the first header", b"{} A: b\r\n"),
    ("9112, 2.2: only white space", b"{} \r\n"),
    ("9112, 5: no colon", b"{}no colon\r\n"),
    ("9112, 5: no name", b"{}: b\r\n"),
    ("9112, 5.1: white space before the colon", b"{}A : b\r\n"),
    ("9112, 5.1: a tab", b"{}A\t: b\r\n"),
    ("9112, 5.1: before that of a length", b"{}Content-Length : 1\r\n"),
    ("9110, 5.6.2: a space in a name", b"{}a b: c\r\n"),
    ("9110, 5.6.2: no token", b"{}HTTP/1.1 200: c\r\n"),
    ("9110, 5.6.2", b"{}a(b): c\r\n"),
    ("9110, 5.6.2: beyond ASCII", b"{}a\xC3\xA4: c\r\n"),
    ("9110, 5.6.2: NUL", b"{}a\0: c\r\n"),
    ("9110, 5.5: NUL in a value", b"{}a: b\0c\r\n"),
    ("9110, 5.5: NUL at its end", b"{}a: b\0\r\n"),
    ("9110, 5.5: VT before it", b"{}a: \x0Bb\r\n"),
    ("9110, 5.5: FF behind it", b"{}a: b\x0C\r\n"),
    ("9110, 5.5: DEL", b"{}a: b\x7F\r\n"),
    ("9110, 5.5: CR alone", b"{}a: b\rc: d\r\n"),
    ("9110, 5.5: CR CR LF", b"{}a: b\r\r\n"),
    ("9112, 5.2: a control character in a fold", b"{}a: b\r\n \0\r\n"),
    ("9112, 5.2: CR alone in a fold", b"{}a: b\r\n \rc\r\n"),
    ("9110, 8.6: no length", b"{}Content-Length:\r\n\r\n"),
    ("9110, 8.6: none in a list", b"{}Content-Length: ,\r\n\r\n"),
    ("9110, 8.6: a sign", b"{}Content-Length: +1\r\n"),
    ("9110, 8.6", b"{}Content-Length: -1\r\n"),
    ("9110, 8.6: hexadecimal", b"{}Content-Length: 0x1\r\n"),
    ("9110, 8.6: a fraction", b"{}Content-Length: 1.0\r\n"),
    ("9110, 8.6: two numbers", b"{}Content-Length: 1 1\r\n"),
    ("9110, 8.6: folded", b"{}Content-Length: 1\r\n 1\r\n\r\n"),
    ("9110, 8.6: quoted", b"{}Content-Length: \"1\"\r\n"),
    ("9110, 8.6: too large", b"{}Content-Length: 18446744073709551616\r\n"),
    ("9112, 6.3: two lengths", b"{}Content-Length: 1\r\nContent-Length: 2\r\n"),
    ("9112, 6.3: in a list", b"{}Content-Length: 1, 2\r\n"),
    ("9112, 6.3: in lists", b"{}Content-Length: 1, 1\r\nContent-Length: 2\r\n"),
    ("9112, 6.1: another coding", b"{}Transfer-Encoding: gzip\r\n"),
    ("9112, 6.1: before chunks", b"{}Transfer-Encoding: gzip, chunked\r\n"),
    ("9112, 6.3: behind them", b"{}Transfer-Encoding: chunked, gzip\r\n"),
    ("9112, 6.1: chunks in chunks", b"{}Transfer-Encoding: chunked, chunked\r\n"),
    ("9112, 6.1: in two headers", b"{}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"),
    ("9112, 7: identity is gone", b"{}Transfer-Encoding: identity\r\n"),
    ("9112, 7: a parameter", b"{}Transfer-Encoding: chunked;q=1\r\n"),
    ("9112, 7: a letter more", b"{}Transfer-Encoding: xchunked\r\n"),
    ("9112, 7: a control character", b"{}Transfer-Encoding: \x0Bchunked\r\n"),
    ("9112, 7: none", b"{}Transfer-Encoding:\r\n\r\n"),
    ("9112, 7.1: no digit", b"{+}x\r\n"),
    ("9112, 7.1: no size", b"{+}\r\n"),
    ("9112, 7.1: only an extension", b"{+};a\r\n"),
    ("9112, 7.1: a sign", b"{+}-1\r\n"),
    ("9112, 7.1: a sign", b"{+}+1\r\n"),
    ("9112, 7.1: a prefix", b"{+}0x1\r\na\r\n"),
    ("9112, 7.1: too large", b"{+}10000000000000000\r\n"),
    ("9112, 7.1: white space before", b"{+} 1\r\na\r\n"),
    ("9112, 7.1: two sizes", b"{+}1 1\r\na\r\n"),
    ("9112, 7.1: VT behind", b"{+}1\x0B\r\na\r\n"),
    ("9112, 7.1: FF before", b"{+}\x0C1\r\na\r\n"),
    ("9112, 7.1: NUL", b"{+}1\0\r\na\r\n"),
    ("9112, 7.1: CR CR LF", b"{+}1\r\r\na\r\n"),
    ("9112, 7.1: LF alone", b"{+}1\na\r\n"),
    ("9112, 7.1.1: NUL in an extension", b"{+}1;a\0\r\na\r\n"),
    ("9112, 7.1.1: CR alone", b"{+}1;a\rb\r\na\r\n"),
    ("9112, 7.1.1: LF alone", b"{+}1;a\na\r\n"),
    ("9112, 7.1: more data than was said", b"{+}1\r\nab\r\n"),
    ("9112, 7.1: data that ends in LF", b"{+}1\r\na\n0\r\n\r\n"),
    ("9112, 7.1: in CR", b"{+}1\r\na\r0\r\n\r\n"),
    ("9112, 7.1: in a space", b"{+}1\r\na \r\n0\r\n\r\n"),
    ("9112, 7.1: in nothing", b"{+}1\r\na0\r\n\r\n"),
    ("9112, 7.1.2: a trailer without a colon", b"{+}0\r\nno colon\r\n"),
    ("9112, 7.1.2: without a name", b"{+}0\r\n: a\r\n"),
    ("9112, 7.1.2: white space before the first", b"{+}0\r\n a: b\r\n"),
    ("9112, 7.1.2: before the colon", b"{+}0\r\na : b\r\n"),
    ("9112, 7.1.2: a control character", b"{+}0\r\na: b\0\r\n"),
    ("9112, 7.1.2: CR alone", b"{+}0\r\na: b\rc\r\n"),
    ("9112, 7.1: another response", b"{+}0\r\nHTTP/1.1 200 OK\r\n"),
];

#[test]
fn what_the_rules_do_not_allow_is_refused() {
    for (rule, text) in REFUSED {
        let (head, rest) = match text {
            [b'{', b'}', rest @ ..] => (&b"HTTP/1.1 200 OK\r\n"[..], rest),
            [b'{', b'+', b'}', rest @ ..] => (&b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"[..], rest),
            text => (&b""[..], *text),
        };
        let found = reply(&[head, rest].concat());
        assert_eq!(found.map_err(|error| error.code), Err(Code::Unreadable), "{rule}: {}", text.escape_ascii());
    }
}

#[test]
fn every_control_character_but_the_tab_is_refused_in_every_line() {
    for byte in (0..=u8::MAX).filter(|byte| !matches!(byte, b'\n' | b'\r')) {
        for (before, after) in [
            ("HTTP/1.1 200 a", "b\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
            ("HTTP/1.1 200 OK\r\nA: b", "c\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;a", "b\r\na\r\n0\r\n\r\n"),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: b", "c\r\n\r\n"),
        ] {
            for padding in [0, 100] {
                let bytes = [before.as_bytes(), &vec![b'x'; padding], &[byte], after.as_bytes()].concat();
                let found = read([&bytes[..]], 64);
                match byte.is_ascii_control() && byte != b'\t' {
                    true => assert_eq!(found.map_err(|error| error.code), Err(Code::Unreadable), "{byte} in {before}"),
                    false => assert!(found.is_ok_and(|found| found.kept), "{byte} in {before}"),
                }
            }
        }
    }
}

#[test]
fn close_is_heard_wherever_it_stands_in_a_header_longer_than_the_buffer() {
    let kept = |version: u8, options: &str, room: usize| {
        let head = format!("HTTP/1.{version} 200 OK\r\nConnection: {options}\r\nContent-Length: 0\r\n\r\n");
        let found = read([head.as_bytes()], room);
        assert_eq!(read(head.as_bytes().chunks(1), room), found);
        found.unwrap().kept
    };
    for room in [32, 64, 128, 256] {
        // The word begins before the buffer's end, across it, at it and behind it.
        for before in 0..room + 20 {
            let long = "x".repeat(before);
            assert!(!kept(1, &format!("{long}, close"), room), "{room}, {before}");
            assert!(!kept(1, &format!("{long}, Close , y"), room), "{room}, {before}");
            assert!(!kept(1, &format!("{long},close\t"), room), "{room}, {before}");
            assert!(!kept(1, &format!("{long},\r\n close"), room), "{room}, {before}");
            assert!(kept(0, &format!("{long}, keep-alive"), room), "{room}, {before}");
            assert!(kept(1, &format!("{long}x close"), room), "{room}, {before}");
            assert!(kept(1, &format!("x,{long}xclose"), room), "{room}, {before}");
            assert!(kept(1, &format!("{long}, close{long}y"), room), "{room}, {before}");
            assert!(kept(1, &format!("{long}, close{}\"", " ".repeat(before)), room), "{room}, {before}");
        }
    }
    // Of several headers, each is heard.
    for at in 0..5 {
        let headers: String =
            (0..5).map(|n| format!("Connection: {}\r\n", if n == at { "close" } else { "keep-alive" })).collect();
        assert!(!reply(format!("HTTP/1.1 200 OK\r\n{headers}Content-Length: 0\r\n\r\n").as_bytes()).unwrap().kept);
    }
}

#[test]
fn a_header_that_is_too_long_for_the_buffer_is_passed_over() {
    let long = "x".repeat(20_000);
    let text = format!("HTTP/1.1 401 No\r\nWWW-Authenticate: Negotiate {long}\r\nContent-Length: 2\r\n\r\nno");
    for size in [1, 7, 64, 1000, 30_000] {
        let found = read(text.as_bytes().chunks(size), 64).unwrap();
        assert_eq!((found.status, found.headers.len(), found.body.as_slice()), (401, 1, &b"no"[..]));
    }
}

#[test]
fn no_more_than_64_kilobytes_of_headers_are_read() {
    let many = "A: b\r\n".repeat(20_000);
    let long = "x".repeat(70_000);
    let empty = "\r\n".repeat(40_000);
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    for text in [
        format!("HTTP/1.1 200 OK\r\n{many}\r\n"),
        format!("HTTP/1.1 200 OK\r\nA: {long}\r\n\r\n"),
        format!("HTTP/1.1 200 {long}\r\n\r\n"),
        format!("HTTP/1.1 200 OK\r\nA: b{}", "\r\n ".repeat(30_000)),
        format!("{empty}HTTP/1.1 200 OK\r\n\r\n"),
        "HTTP/1.1 100 Continue\r\n\r\n".repeat(4_000),
        format!("{chunked}1;{long}\r\n"),
        format!("{chunked}0\r\n{many}\r\n"),
    ] {
        for size in [1, 1000, 1 << 20] {
            let found = read(text.as_bytes().chunks(size), 64);
            assert_eq!(found.map_err(|error| error.code), Err(Code::Unreadable), "{}", &text[..60]);
        }
    }
}

#[test]
fn a_connection_that_breaks_is_told_from_an_end() {
    let bytes = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nA: b\r\n\r\n";
    for end in 0..bytes.len() {
        let found = reply(&bytes[..end]);
        assert_eq!(found.map_err(|error| (error.code, error.at)), Err((Code::Broken, end)), "cut at {end}");
    }
    assert!(reply(bytes).is_ok());
}

#[test]
fn a_buffer_that_is_too_small_for_what_counts_is_an_error() {
    let bytes = b"HTTP/1.1 200 OK\r\nContent-Length: 000000000000002\r\n\r\nno";
    for line in 0..80 {
        match read(bytes.chunks(7), line) {
            Ok(found) => assert_eq!(found.body, b"no", "{line}"),
            Err(error) => assert_eq!(error.code, Code::Room, "{line}"),
        }
    }
    assert!(read(bytes.chunks(7), 34).is_ok());
    // A list of codings that is cut is not taken for chunks.
    let bytes = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked         , gzip\r\n\r\n";
    assert_eq!(read([&bytes[..]], 30).map_err(|error| error.code), Err(Code::Room));
}

/// What responses are made of, in good order and in none.
const PIECES: &[&str] = &[
    "HTTP/1.1 200 OK\r\n",
    "HTTP/1.0 200 OK\r\n",
    "HTTP/1.1 100 Continue\r\n",
    "HTTP/1.1 204 No\r\n",
    "HTTP/1.1 5",
    "Connection: ",
    "close",
    "keep-alive",
    ", ",
    "\r\n",
    "\n",
    "\r",
    " ",
    "\t",
    "A",
    ": ",
    "b",
    "\0",
    "Content-Length: 5\r\n",
    "Content-Length:",
    "Transfer-Encoding: chunked\r\n",
    "chunked",
    "5\r\n",
    "5",
    "hello",
    "0\r\n",
    ";x=\"y\"",
    "\r\n\r\n",
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_cut_changes_what_is_read(
        first in 0..5_usize,
        pieces in prop::collection::vec(0..PIECES.len(), 0..24),
        cuts in prop::collection::vec(1..20_usize, 1..20),
        room in 0..90_usize,
    ) {
        let text: String = core::iter::once(first).chain(pieces).map(|n| PIECES[n]).collect();
        let mut parts = Vec::new();
        let mut rest = text.as_bytes();
        for cut in cuts.iter().cycle() {
            let (part, after) = rest.split_at((*cut).min(rest.len()));
            parts.push(part);
            rest = after;
            if rest.is_empty() {
                break;
            }
        }
        let whole = read([text.as_bytes()], room);
        prop_assert_eq!(&read(parts, room), &whole);
        prop_assert_eq!(&read(text.as_bytes().chunks(1), room), &whole);
        // A larger buffer shows more headers, and the rest is the same.
        if let Ok(small) = whole {
            let large = read([text.as_bytes()], text.len()).unwrap();
            prop_assert_eq!((large.status, &large.body, large.kept, large.left), (small.status, &small.body, small.kept, small.left));
            prop_assert!(small.headers.iter().all(|header| large.headers.contains(header)));
        }
    }
}

#[test]
fn a_status_that_the_buffer_cuts_is_not_taken() {
    let mut reader = cardwright_core::http::ReplyReader::new([0; 12]);
    let mut bytes = &b"HTTP/1.1 2200 OK\r\n"[..];
    assert_eq!(reader.next(&mut bytes).map_err(|error| error.code), Err(cardwright_core::Code::Room));
}
