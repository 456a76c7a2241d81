//! Exactly one record of a card, or none to act on, however the reply is cut.

use cardwright_core::certiflow::CardState;
use cardwright_core::identity::{Candidate, NotOne, OneRecord, Only, RecordId, Serial};
use cardwright_core::json::{self, Scalar, Text};
use cardwright_core::{Code, Error};

type Outcome = Result<(Result<(String, Option<CardState>), NotOne>, usize), Error>;

/// Reads a body of cards in pieces of that length.
fn cards(serial: &str, body: &str, piece: usize, room: usize) -> Outcome {
    let mut reply = OneRecord::new(Serial::parse(serial)?, vec![0; room]);
    for piece in body.as_bytes().chunks(piece) {
        reply.cards(piece, |card| card.state().known())?;
    }
    let others = reply.others();
    let one = reply.finish()?.one();
    Ok((one.map(|record| (record.id().to_string(), record.kept)), others))
}

/// As [`cards`], in pieces of every length, which must not matter.
fn any(serial: &str, body: &str) -> Outcome {
    let whole = cards(serial, body, body.len().max(1), 4096);
    for piece in 1..body.len() {
        assert_eq!(cards(serial, body, piece, 4096), whole, "{body} in pieces of {piece}");
    }
    whole
}

fn found(id: &str, state: CardState, others: usize) -> Outcome {
    Ok((Ok((id.into(), Some(state))), others))
}

#[test]
fn the_only_record_among_others() {
    let body = r#" [{"id":1,"serialNumber":"AA","state":"Revoked"},
        {"id":"b\u002f2","serialNumber":"0a:0b","state":"Issued"},{"id":3,"serialNumber":null},{"id":4}]"#;
    assert_eq!(any("0A0B", body), found("b/2", CardState::Issued, 3));
    assert_eq!(any("0C", body), Ok((Err(NotOne::Nothing), 4)));
    // One card that is no list, and a state that is not known.
    assert_eq!(any("7", r#"{"id":7,"serialNumber":"7","state":"New"}"#), Ok((Ok(("7".into(), None)), 0)));
    for empty in ["[]", "null"] {
        assert_eq!(any("7", empty), Ok((Err(NotOne::Nothing), 0)));
    }
}

#[test]
fn a_serial_number_in_whatever_spelling_is_the_same() {
    let guid = "D1EF6869-5517-42A0-8F05-16CA1A0B834D";
    let record = |serial: &str| format!(r#"[{{"id":5,"serialNumber":{serial},"state":"Issued"}}]"#);
    for serial in [
        r#""{d1ef6869-5517-42a0-8f05-16ca1a0b834d}""#,
        r#""6968EFD11755A0428F0516CA1A0B834D""#,
        r#""d1 ef 68 69 55 17 42 a0 8f 05 16 ca 1a 0b 83 4d""#,
        r#""\u0044\u0031EF6869-5517-42A0-8F05-16CA1A0B834D""#,
    ] {
        assert_eq!(any(guid, &record(serial)), found("5", CardState::Issued, 0), "{serial}");
    }
    for serial in [r#""""#, r#""\u0007""#, r#""D1EF6869-5517-42A0-8F05-16CA1A0B834E""#, "null"] {
        assert_eq!(any(guid, &record(serial)), Ok((Err(NotOne::Nothing), 1)), "{serial}");
    }
}

#[test]
fn two_records_are_an_error_and_one_that_comes_twice_is_not() {
    let one = r#"{"id":1,"serialNumber":"AA","state":"Issued"}"#;
    let two = r#"{"id":2,"serialNumber":"aa","state":"Revoked"}"#;
    assert_eq!(any("AA", &format!("[{one},{two}]")), Ok((Err(NotOne::Several), 0)));
    assert_eq!(any("AA", &format!("[{one},{one},{one}]")), found("1", CardState::Issued, 0));
    assert_eq!(any("AA", &format!("[{one},{one},{two},{one}]")), Ok((Err(NotOne::Several), 0)));
    // A number and a text of the same digits are one id, as they make the same address.
    let text = one.replace("\"id\":1", "\"id\":\"1\"");
    assert_eq!(any("AA", &format!("[{one},{text}]")), found("1", CardState::Issued, 0));
}

#[test]
fn what_cannot_be_read_may_have_been_the_card() {
    let good = r#"{"id":1,"serialNumber":"AA","state":"Issued"}"#;
    let code = |body: &str| any("AA", body).map_err(|error| (error.code, error.what));
    assert_eq!(code(&format!("[{good}")), Err((Code::JsonEnd, "")));
    assert_eq!(code(&format!("[{good},")), Err((Code::JsonEnd, "")));
    assert_eq!(code(&format!("[{good}]]")), Err((Code::JsonTrailing, "")));
    assert_eq!(code(&format!(r#"[{good},{{"serialNumber":"AA"}}]"#)), Err((Code::JsonMissing, "id")));
    assert_eq!(
        code(&format!(r#"[{good},{{"id":2,"serialNumber":"{}"}}]"#, "\\u0041".repeat(200))),
        Err((Code::Room, "serialNumber"))
    );
    assert_eq!(
        code(&format!(r#"[{good},{{"id":"{}","serialNumber":"AA"}}]"#, "9".repeat(65))),
        Err((Code::Room, "id"))
    );
    assert_eq!(code(&format!(r#"[{good},{{"id":"","serialNumber":"AA"}}]"#)), Err((Code::Room, "id")));
    assert_eq!(cards("AA", &format!("[{good}]"), 10, 20), Err(Error::new(Code::Room, 1)));

    // Who passes over an error while reading has it at the end.
    let mut reply = OneRecord::new(Serial::parse("AA").expect("a serial"), [0; 64]);
    assert_eq!(
        reply.cards(br#"[{"id":1,"serialNumber":"AA"},{"id":},"#, |_| ()).map_err(|e| e.code),
        Err(Code::JsonSyntax)
    );
    reply.cards(br#"{"id":3}]"#, |_| ()).expect("read");
    assert_eq!(reply.finish(), Err(Error::new(Code::JsonSyntax, 36)));
    for body in [&b"7"[..], b"<html>", b""] {
        let mut reply = OneRecord::new(Serial::parse("AA").expect("a serial"), [0; 64]);
        let _ = reply.cards(body, |_| ());
        assert!(reply.finish().is_err(), "{body:?}");
    }
}

#[test]
fn smart_cards_of_mim_and_records_of_others() {
    let body = r#"{"Uuid":"c09ea38a-e49a-44f6-baf7-fcb24f1a7cf3","Status":3,"SerialNumber":"{AA}"}"#;
    let mut reply = OneRecord::new(Serial::parse("{aa}").expect("a serial"), [0; 8]);
    reply.smartcards(body.as_bytes(), |card| card.status().as_i64()).expect("read");
    let record = reply.finish().expect("whole").one().expect("one");
    assert_eq!((record.id(), record.kept), ("c09ea38a-e49a-44f6-baf7-fcb24f1a7cf3", Some(3)));

    let mut reply = OneRecord::new(Serial::parse("7").expect("a serial"), [0; 8]);
    reply
        .read(br#"["7","8","7"]"#, |element| {
            let text: Text<'_> = json::from_slice(element)?;
            Ok(Candidate { id: Scalar::Text(text), serial_number: Some(text), kept: element.len() })
        })
        .expect("read");
    assert_eq!(reply.others(), 1);
    let only = reply.finish().expect("whole");
    assert!(matches!(only, Only::One(record) if record.id() == "7" && record.kept == 3));
}

#[test]
fn an_id_is_kept_as_text() {
    let id = |json: &str| RecordId::new(json::from_slice(json.as_bytes()).expect("a scalar"));
    assert_eq!(id("17").expect("an id").as_str(), "17");
    assert_eq!(id(r#""x\ty""#).expect("an id").to_string(), "x\ty");
    assert_eq!(id("null"), None);
    assert_eq!(id(&format!("\"{}\"", "я".repeat(32))).expect("an id").as_str().len(), RecordId::ROOM);
    assert_eq!(id(&format!("\"{}\"", "я".repeat(33))), None);
    assert_eq!(Error::from(NotOne::Several).code, Code::Unexpected);
    assert_eq!(NotOne::Nothing.to_string(), "no such card");
}
