//! HTTP responses: the reader agrees with httparse on every head that fits its buffer, and with a model of
//! RFC 9112 on what follows.
//!
//! Where they may differ, and why:
//! - A minor version above 1 is read as 1 (RFC 9110, 2.5); httparse refuses it.
//! - A status below 100 (RFC 9110, 15), and 101, for which nobody asked, are refused.
//! - So is a head whose lengths are doubtful, of which httparse knows nothing (RFC 9112, 6).
//! - The reader may tell at the end of a line what is wrong at its beginning. So lines are ended before a refusal
//!   is looked for.
//! - httparse leaves a fold as it was written; the reader has a space for it (RFC 9112, 5.2).

#![no_main]

use cardwright_core::http::{ReplyPart, ReplyReader};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    if input.len() < 60 << 10 {
        agree(input);
        // A refusal within a line that has no end yet.
        agree(&[input, b"\r\n\r\n"].concat());
    }
});

fn agree(input: &[u8]) {
    let (model, read) = (model(input), read(input));
    match (&model, &read.end) {
        (Model::Whole(model), End::Ended) => assert_eq!(*model, read.reply),
        (Model::UntilClose(model), End::More) => assert_eq!(*model, read.reply),
        (Model::More, End::More | End::Failed) | (Model::Refused, End::Failed) => {}
        // It is refused once its line is ended, for which the next byte counts too.
        (Model::Refused, End::More) => {
            let ended = [input, b"\r\n\r\n"].concat();
            assert_eq!(self::read(&ended).end, End::Failed, "{model:?} {read:?}");
        }
        _ => panic!("{model:?} {read:?}"),
    }
    if let (Model::More, End::Failed) = (&model, &read.end) {
        let ended = [input, b"\r\n\r\n"].concat();
        assert_eq!(self::model(&ended), Model::Refused, "{read:?}");
    }
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Reply {
    status: u16,
    headers: Vec<(String, Vec<u8>)>,
    body: Vec<u8>,
    left: usize,
    keeps: bool,
}

#[derive(Debug, PartialEq, Eq)]
enum End {
    Ended,
    More,
    Failed,
}

#[derive(Debug)]
struct Read {
    reply: Reply,
    end: End,
}

/// What the reader says.
fn read(input: &[u8]) -> Read {
    let mut reader = ReplyReader::new(vec![0; input.len() + 1]);
    let mut read = Read { reply: Reply::default(), end: End::More };
    let mut rest = input;
    loop {
        match reader.next(&mut rest) {
            Ok(None) => break,
            Ok(Some(ReplyPart::Status(status))) => read.reply.status = status,
            Ok(Some(ReplyPart::Header { name, value })) => read.reply.headers.push((name.into(), value.into())),
            Ok(Some(ReplyPart::Body(bytes))) => read.reply.body.extend(bytes),
            Ok(Some(ReplyPart::End)) => {
                read.end = End::Ended;
                break;
            }
            Err(_) => {
                read.end = End::Failed;
                break;
            }
        }
    }
    read.reply.left = rest.len();
    read.reply.keeps = reader.keeps_connection();
    read
}

#[derive(Debug, PartialEq, Eq)]
enum Model {
    Whole(Reply),
    /// As far as it goes.
    UntilClose(Reply),
    More,
    Refused,
}

/// What is to be said: heads by httparse, the rest by the rules.
fn model(input: &[u8]) -> Model {
    let mut rest = input.to_vec();
    let mut closes = false;
    loop {
        let (old, status, headers, head) = match head(&mut rest) {
            Ok(Some(head)) => head,
            Ok(None) => return Model::More,
            Err(()) => return Model::Refused,
        };
        rest.drain(..head);
        let named = |wanted: &str| {
            let of_name = headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case(wanted));
            of_name.map(|(_, value)| value.as_slice()).collect::<Vec<_>>()
        };
        let elements = |values: Vec<&[u8]>| -> Vec<String> {
            let all = values.join(&b","[..]);
            let parts = all.split(|byte| *byte == b',').map(|part| spaces(part).to_ascii_lowercase());
            parts.filter(|part| !part.is_empty()).map(|part| String::from_utf8_lossy(&part).into_owned()).collect()
        };
        let options = elements(named("Connection"));
        closes |= options.iter().any(|option| option == "close");
        let Some(length) = length(&named("Content-Length")) else { return Model::Refused };
        let chunked = match named("Transfer-Encoding").as_slice() {
            [] => false,
            [coding] if coding.eq_ignore_ascii_case(b"chunked") => true,
            _ => return Model::Refused,
        };
        match status {
            0..=99 | 101 => return Model::Refused,
            100..=199 => continue,
            _ => {}
        }
        let persists = if old { options.iter().any(|option| option == "keep-alive") && !chunked } else { true };
        let mut reply = Reply { status, headers: headers.clone(), ..Reply::default() };
        reply.keeps = persists && !closes && !(chunked && length.is_some());
        if status == 204 || status == 304 {
            // A server that sends a length or a coding with 204 breaks the rules.
            reply.keeps &= status == 304 || !chunked && length.is_none_or(|length| length == 0);
            reply.left = rest.len();
            return Model::Whole(reply);
        }
        if chunked {
            return match chunks(&rest) {
                Chunks::Whole { body, closes, left } => {
                    reply.keeps &= !closes;
                    Model::Whole(Reply { body, left, ..reply })
                }
                Chunks::More => Model::More,
                Chunks::Refused => Model::Refused,
            };
        }
        return match length {
            Some(length) => match usize::try_from(length).ok().and_then(|length| rest.split_at_checked(length)) {
                Some((body, after)) => Model::Whole(Reply { body: body.into(), left: after.len(), ..reply }),
                None => Model::More,
            },
            None => Model::UntilClose(Reply { body: rest, keeps: false, ..reply }),
        };
    }
}

/// A head as httparse reads it: whether it is of HTTP/1.0, its status, its headers, its length.
#[allow(clippy::type_complexity, reason = "it is taken apart at once")]
fn head(input: &mut [u8]) -> Result<Option<(bool, u16, Vec<(String, Vec<u8>)>, usize)>, ()> {
    // A later minor version is read as the latest that is known.
    let first = input.iter().position(|byte| !matches!(byte, b'\r' | b'\n')).unwrap_or(0);
    if let Some([b'H', b'T', b'T', b'P', b'/', b'1', b'.', minor @ b'2'..=b'9']) = input.get_mut(first..first + 8) {
        *minor = b'1';
    }
    let lines = input.iter().filter(|byte| **byte == b'\n').count();
    let mut headers = vec![httparse::EMPTY_HEADER; lines + 1];
    let mut response = httparse::Response::new(&mut headers);
    let mut config = httparse::ParserConfig::default();
    config.allow_obsolete_multiline_headers_in_responses(true);
    match config.parse_response(&mut response, input) {
        Ok(httparse::Status::Complete(length)) => {
            let headers = response.headers.iter().map(|header| (header.name.into(), unfolded(header.value))).collect();
            Ok(Some((response.version == Some(0), response.code.unwrap_or(0), headers, length)))
        }
        Ok(httparse::Status::Partial) => Ok(None),
        Err(_) => Err(()),
    }
}

/// A value with a space for each fold.
fn unfolded(value: &[u8]) -> Vec<u8> {
    let lines = value.split(|byte| *byte == b'\n').map(|line| spaces(line.strip_suffix(b"\r").unwrap_or(line)));
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join(&b' ')
}

/// Without spaces and tabs around it.
fn spaces(text: &[u8]) -> &[u8] {
    let is_space = |byte: &u8| matches!(byte, b' ' | b'\t');
    let Some(from) = text.iter().position(|byte| !is_space(byte)) else { return &[] };
    let to = text.iter().rposition(|byte| !is_space(byte)).unwrap_or(from);
    &text[from..=to]
}

/// The length that the headers say, if they do; nothing if they do not agree or are no numbers (RFC 9112, 6.3).
fn length(values: &[&[u8]]) -> Option<Option<u64>> {
    let mut length = None;
    for value in values {
        let numbers: Vec<_> = value.split(|byte| *byte == b',').map(spaces).filter(|text| !text.is_empty()).collect();
        if numbers.is_empty() {
            return None;
        }
        for number in numbers {
            let text =
                std::str::from_utf8(number).ok().filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()))?;
            let number = text.parse::<u64>().ok()?;
            if length.replace(number).is_some_and(|before| before != number) {
                return None;
            }
        }
    }
    Some(length)
}

enum Chunks {
    Whole { body: Vec<u8>, closes: bool, left: usize },
    More,
    Refused,
}

/// A chunked body (RFC 9112, 7.1).
fn chunks(input: &[u8]) -> Chunks {
    let mut body = Vec::new();
    let mut rest = input;
    loop {
        let Some(end) = rest.iter().position(|byte| *byte == b'\n') else { return Chunks::More };
        let (line, after) = (&rest[..end], &rest[end + 1..]);
        let Some(line) = line.strip_suffix(b"\r") else { return Chunks::Refused };
        if line.iter().any(|byte| byte.is_ascii_control() && *byte != b'\t') {
            return Chunks::Refused;
        }
        let digits = line.split(|byte| *byte == b';').next().unwrap_or_default();
        let padded = digits.iter().position(|byte| matches!(byte, b' ' | b'\t')).unwrap_or(digits.len());
        let (digits, padding) = digits.split_at(padded);
        if digits.is_empty() || !digits.iter().all(u8::is_ascii_hexdigit) || !spaces(padding).is_empty() {
            return Chunks::Refused;
        }
        let significant = std::str::from_utf8(digits).unwrap_or_default().trim_start_matches('0');
        if significant.is_empty() {
            return trailers(after, body);
        }
        let Ok(size) = u64::from_str_radix(significant, 16) else { return Chunks::Refused };
        let data = usize::try_from(size).ok().and_then(|size| after.split_at_checked(size));
        let Some((data, after)) = data else { return Chunks::More };
        body.extend(data);
        rest = match after {
            [b'\r', b'\n', after @ ..] => after,
            [] | [b'\r'] => return Chunks::More,
            _ => return Chunks::Refused,
        };
    }
}

/// Trailers are headers: httparse reads them behind a status line.
fn trailers(rest: &[u8], body: Vec<u8>) -> Chunks {
    const HEAD: &[u8] = b"HTTP/1.1 200 OK\r\n";
    match head(&mut [HEAD, rest].concat()) {
        Ok(Some((_, _, headers, length))) => {
            let options = headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("Connection"));
            let closes = options.flat_map(|(_, value)| value.split(|byte| *byte == b',').map(spaces));
            let closes = closes.into_iter().any(|option| option.eq_ignore_ascii_case(b"close"));
            Chunks::Whole { body, closes, left: HEAD.len() + rest.len() - length }
        }
        Ok(None) => Chunks::More,
        Err(()) => Chunks::Refused,
    }
}
