//! HTTP responses: the same parts however the bytes are cut, an end or an error that stays, and every
//! body back that is written as a response.
//!
//! The input is the response. The sizes of pieces and of the line are sums over its bytes, so that a seed is
//! a plain response.

#![no_main]

use std::fmt::Write as _;

use cardwright_core::http::{ReplyPart, ReplyReader};
use cardwright_core::{Code, Error};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|response: &[u8]| {
    let sum = response.iter().fold(0usize, |sum, byte| sum.wrapping_mul(31).wrapping_add((*byte).into()));
    let (piece, room) = (1 + sum % 67, sum / 67 % 200);
    for room in [room, response.len() + 1] {
        let whole = read(response, response.len().max(1), room);
        assert_eq!(read(response, piece, room), whole, "pieces of {piece}, room {room}");
        assert_eq!(read(response, 1, room), whole, "single bytes, room {room}");
        sane(&whole, response);
    }
    same_but_for_long_headers(&read(response, piece, room), &read(response, piece, response.len() + 1));
    back(response, piece);
});

/// What a reader says of a response.
#[derive(Debug, Default, PartialEq, Eq)]
struct Read {
    status: Option<u16>,
    headers: Vec<(String, Vec<u8>)>,
    body: Vec<u8>,
    /// How many bytes are left behind the end.
    ended: Option<usize>,
    failed: Option<Error>,
    finish: Option<Error>,
    keeps: bool,
}

fn read(response: &[u8], piece: usize, room: usize) -> Read {
    let mut reader = ReplyReader::new(vec![0; room]);
    let mut read = Read::default();
    let mut at = 0;
    'pieces: for piece in response.chunks(piece) {
        at += piece.len();
        let mut rest = piece;
        loop {
            match reader.next(&mut rest) {
                Ok(None) => break,
                Ok(Some(ReplyPart::Status(status))) => {
                    assert!(read.status.replace(status).is_none() && read.headers.is_empty() && read.body.is_empty());
                }
                Ok(Some(ReplyPart::Header { name, value })) => {
                    assert!(read.status.is_some() && read.body.is_empty());
                    read.headers.push((name.into(), value.into()));
                }
                Ok(Some(ReplyPart::Body(bytes))) => {
                    assert!(!bytes.is_empty());
                    read.body.extend(bytes);
                }
                Ok(Some(ReplyPart::End)) => {
                    read.ended = Some(response.len() - at + rest.len());
                    assert_eq!(reader.next(&mut &b"HTTP/1.1 200 OK\r\n"[..]), Ok(Some(ReplyPart::End)));
                    break 'pieces;
                }
                Err(error) => {
                    assert_eq!(reader.next(&mut &b"a"[..]), Err(error), "an error stays");
                    read.failed = Some(error);
                    break 'pieces;
                }
            }
        }
        assert!(rest.is_empty());
    }
    // The last byte may be the end: nobody asks without a chunk.
    if read.ended.is_none() && read.failed.is_none() && reader.next(&mut &[][..]) == Ok(Some(ReplyPart::End)) {
        read.ended = Some(0);
    }
    read.finish = reader.finish().err();
    read.keeps = reader.keeps_connection();
    read
}

fn sane(read: &Read, response: &[u8]) {
    assert!(read.status.is_none_or(|status| (200..=999).contains(&status)));
    assert!(read.body.len() <= response.len());
    assert_eq!(read.failed.is_some(), read.finish.is_some_and(|error| error.code != Code::Broken));
    assert!(!read.keeps || read.ended.is_some());
    if let Some(error) = read.failed {
        assert!(matches!(error.code, Code::Unreadable | Code::Room) && error.at <= response.len(), "{error:?}");
    }
    for (name, value) in &read.headers {
        assert!(!name.is_empty() && !value.iter().any(|byte| matches!(byte, b'\r' | b'\n')));
    }
}

/// A larger line shows more headers, and changes nothing else but a lack of room.
fn same_but_for_long_headers(small: &Read, large: &Read) {
    if small.failed.is_some_and(|error| error.code == Code::Room) {
        return;
    }
    let but_headers = |read: &Read| (read.status, read.body.clone(), read.ended, read.failed, read.finish, read.keeps);
    assert_eq!(but_headers(small), but_headers(large));
    let mut all = large.headers.iter();
    assert!(small.headers.iter().all(|header| all.any(|other| other == header)));
}

/// A body that is written by length and in chunks is read as it was.
fn back(body: &[u8], size: usize) {
    let mut by_length = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len()).into_bytes();
    by_length.extend(body);
    let mut chunked = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
    for chunk in body.chunks(size) {
        let mut line = String::new();
        let _ = write!(line, "{:x};extension=\"1\"\r\n", chunk.len());
        chunked.extend(line.as_bytes());
        chunked.extend(chunk);
        chunked.extend(b"\r\n");
    }
    chunked.extend(b"0\r\nTrailer: 1\r\n\r\n");
    for message in [by_length, chunked] {
        let read = read(&message, size, 64);
        assert_eq!((read.status, read.ended, read.failed, read.keeps), (Some(200), Some(0), None, true));
        assert_eq!(read.body, body);
    }
}
