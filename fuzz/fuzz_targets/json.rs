//! JSON against serde_json: the same verdict, the same texts; and streams of elements that are the
//! same however they are cut.
//!
//! The input is the document. The sizes of chunks and buffers are sums over its bytes, so that a seed
//! is a plain document.

#![no_main]

use cardwright_core::json::{self, Cursor, Elements, FromJson, List, Text};
use cardwright_core::{Code, Error};
use libfuzzer_sys::fuzz_target;
use serde::de::IgnoredAny;

fuzz_target!(|document: &[u8]| {
    verdict(document);
    text(document);
    elements(document);
});

/// Both say whether it is JSON. Only depth is seen differently: serde_json has no limit here.
fn verdict(document: &[u8]) {
    let ours = json::check(document);
    let Ok(text) = std::str::from_utf8(document) else {
        assert_eq!(ours.unwrap_err().code, Code::JsonUtf8);
        return;
    };
    let theirs = serde_json::from_str::<IgnoredAny>(text.strip_prefix('\u{FEFF}').unwrap_or(text));
    match (ours, theirs) {
        (Ok(()), Ok(_)) | (Err(Error { code: Code::JsonDepth, .. }), _) => {}
        (Err(error), Err(_)) => assert!(error.at <= document.len()),
        (ours, theirs) => panic!("{ours:?}, serde_json: {:?}", theirs.err()),
    }
}

/// Both decode a string to the same text; half a pair is refused by serde_json alone.
fn text(document: &[u8]) {
    if let (Ok(ours), Ok(source)) = (json::from_slice::<Text<'_>>(document), std::str::from_utf8(document)) {
        match serde_json::from_str::<String>(source.strip_prefix('\u{FEFF}').unwrap_or(source)) {
            Ok(theirs) => {
                assert!(ours == *theirs.as_str());
                assert_eq!(ours.to_string(), theirs);
                assert_eq!(ours.to_cow(), theirs);
                assert_eq!(format!("{ours:^9.5}"), format!("{theirs:^9.5}"));
                assert_eq!(ours.copy_to(&mut vec![0; theirs.len()]), Some(theirs.as_str()));
                assert_eq!(ours.copy_to(&mut vec![0; theirs.len().saturating_sub(1)]).is_none(), !theirs.is_empty());
            }
            Err(_) => assert!(ours.to_string().contains('\u{FFFD}'), "{ours:?}"),
        }
    }
    if let Ok(any) = std::str::from_utf8(document) {
        let mut out = String::new();
        json::write_text(any, &mut out).unwrap();
        assert_eq!(serde_json::from_str::<String>(&out).unwrap(), any);
    }
}

/// A value of any kind, as it stands.
struct Raw<'a>(&'a str);

impl<'a> FromJson<'a> for Raw<'a> {
    fn from_json(cursor: &mut Cursor<'a>) -> Result<Self, Error> {
        cursor.peek()?;
        let start = cursor.at();
        cursor.skip()?;
        Ok(Raw(cursor.since(start)))
    }
}

type Event = Result<(usize, Vec<u8>), (Code, usize)>;

fn stream(document: &[u8], chunk: usize, room: usize) -> (Vec<Event>, Result<(), Error>) {
    let mut elements = Elements::new(vec![0; room]);
    let mut events: Vec<Event> = Vec::new();
    for mut rest in document.chunks(chunk) {
        loop {
            match elements.next(&mut rest) {
                Ok(Some(element)) => {
                    // Only white space may be left out, and only behind an element.
                    assert_eq!(&document[element.at..][..element.json.len()], element.json);
                    events.push(Ok((element.at, element.json.to_vec())));
                }
                Ok(None) => break,
                Err(error) => events.push(Err((error.code, error.at))),
            }
            assert!(events.len() <= document.len());
        }
        assert!(rest.is_empty());
    }
    (events, elements.finish())
}

/// What comes by `read` is what comes by `next`, and reads as it reads alone.
fn read(document: &[u8], chunk: usize, room: usize) -> (Vec<Event>, Result<(), Error>) {
    let mut elements = Elements::new(vec![0; room]);
    let mut events: Vec<Event> = Vec::new();
    for mut rest in document.chunks(chunk) {
        loop {
            match elements.read(&mut rest, Raw::from_json) {
                Ok(Some((element, value))) => {
                    let alone = json::from_slice::<Raw<'_>>(element.json);
                    assert_eq!(value.map(|raw| raw.0), alone.map(|raw| raw.0));
                    events.push(Ok((element.at, element.json.to_vec())));
                }
                Ok(None) => break,
                Err(error) => events.push(Err((error.code, error.at))),
            }
        }
        assert!(rest.is_empty());
    }
    (events, elements.finish())
}

fn elements(document: &[u8]) {
    let sum = document.iter().fold(0usize, |sum, byte| sum.wrapping_mul(31).wrapping_add((*byte).into()));
    let (chunk, room) = (1 + sum % 67, sum / 67 % 80);
    let whole = stream(document, document.len().max(1), document.len());
    assert_eq!(stream(document, chunk, document.len()), whole, "chunks of {chunk}");

    // In a small buffer some are too large; the others are the same.
    let (small, end) = stream(document, chunk, room);
    for (chunk, room) in [(document.len().max(1), document.len()), (chunk, room)] {
        assert_eq!(read(document, chunk, room), stream(document, chunk, room), "chunks of {chunk}, room {room}");
    }
    assert_eq!(end, whole.1);
    let large = small.iter().filter(|event| matches!(event, Err((Code::Room, _)))).count();
    let others: Vec<&Event> = small.iter().filter(|event| !matches!(event, Err((Code::Room, _)))).collect();
    assert!(others.iter().all(|event| whole.0.contains(event)));
    // An element that is too large and never ends is an error in the small buffer alone.
    assert!(small.len() == whole.0.len() || (end.is_err() && large > 0 && small.len() == whole.0.len() + 1));

    if json::check(document).is_err() {
        return;
    }
    let elements: Vec<&str> =
        whole.0.iter().flatten().map(|(_, json)| std::str::from_utf8(json).expect("checked")).collect();
    let first = document.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(document).trim_ascii_start().first();
    match first {
        Some(b'[' | b'{' | b'n') => {
            let list = List::<Raw<'_>>::new(document).expect("checked");
            let items: Vec<&str> = list.into_iter().map(|item| item.expect("checked").0).collect();
            assert_eq!(elements, items);
            assert!(whole.0.iter().all(Result::is_ok) && whole.1.is_ok());
        }
        _ => assert!(matches!(whole.0[..], [Err((Code::JsonType, _))])),
    }
}
