//! Streams of elements: however the bytes are cut, the same elements at the same places.

use cardwright_core::certiflow::CardInfo;
use cardwright_core::json::{self, Cursor, Elements, FromJson, List, Scalar};
use cardwright_core::{Code, Error};

/// The elements and errors of a stream, in order.
#[derive(Debug, Clone, PartialEq)]
enum Event {
    Element(usize, String),
    Error(Code, usize),
}

/// A value of any kind, as it stands.
fn raw<'a>(json: &mut Cursor<'a>) -> Result<&'a str, Error> {
    json.peek()?;
    let start = json.at();
    json.skip()?;
    Ok(json.since(start))
}

/// What comes by `next`. What comes by `read` must be the same, and read as it reads alone.
fn run<'c>(buffer: impl AsMut<[u8]>, chunks: impl IntoIterator<Item = &'c [u8]>) -> (Vec<Event>, Result<(), Error>) {
    let chunks: Vec<&[u8]> = chunks.into_iter().collect();
    let mut elements = Elements::new(buffer);
    let (mut events, mut values, mut bytes) = (Vec::new(), Vec::new(), 0);
    for chunk in &chunks {
        bytes += chunk.len();
        let mut rest = *chunk;
        loop {
            match elements.next(&mut rest) {
                Ok(Some(element)) => {
                    events.push(Event::Element(element.at, String::from_utf8_lossy(element.json).into_owned()));
                    let value = json::from_slice::<Raw<'_>>(element.json);
                    values.push(value.map(|value| value.0.to_string()));
                }
                Ok(None) => break,
                Err(error) => events.push(Event::Error(error.code, error.at)),
            }
            assert!(events.len() <= bytes, "more events than bytes");
        }
        assert!(rest.is_empty());
        assert_eq!(elements.offset(), bytes);
    }
    let end = elements.finish();

    let mut elements = Elements::new(elements.into_buffer());
    let (mut same, mut values, mut bytes) = (events.iter(), values.into_iter(), 0);
    for mut rest in chunks {
        bytes += rest.len();
        loop {
            let event = match elements.read(&mut rest, raw) {
                Ok(Some((element, value))) => {
                    assert_eq!(Some(value.map(str::to_string)), values.next());
                    Event::Element(element.at, String::from_utf8_lossy(element.json).into_owned())
                }
                Ok(None) => break,
                Err(error) => Event::Error(error.code, error.at),
            };
            assert_eq!(Some(&event), same.next());
        }
        assert!(rest.is_empty());
        assert_eq!(elements.offset(), bytes);
    }
    assert_eq!((same.next(), values.next(), elements.finish()), (None, None, end));
    (events, end)
}

struct Raw<'a>(&'a str);

impl<'a> FromJson<'a> for Raw<'a> {
    fn from_json(json: &mut Cursor<'a>) -> Result<Self, Error> {
        raw(json).map(Raw)
    }
}

fn whole(document: &str) -> (Vec<Event>, Result<(), Error>) {
    run([0; 256], [document.as_bytes()])
}

fn element(at: usize, json: &str) -> Event {
    Event::Element(at, json.into())
}

const CARDS: &str = r#"[{"id":1,"label":"a]}\"[{,\\","tags":["x","y"]},
 {"id":"two","certificates":[{"type":"Managed"},{"type":null}]} ,
	{"id":3,"label":"Ж😀\u0416\\"}]
"#;

/// Documents of every shape, good and bad.
const DOCUMENTS: [&str; 40] = [
    CARDS,
    "",
    " \n",
    "[]",
    " [ ] ",
    "[1]",
    "[1,2]",
    " [ 1 , 2 ] ",
    "[[],[[]],{}]",
    r#"["a","b,c","]"]"#,
    r#"["\"","\\","\\\""]"#,
    "[1,]",
    "[,1]",
    "[,]",
    "[1,,2]",
    "[1, ,2]",
    "[1 2,3]",
    "[@!,2]",
    "null",
    " null ",
    "nul",
    "nulx",
    "nullx",
    r#"{"id":1}"#,
    r#" {"a":{"b":["}"]}} "#,
    r#"{"id":1} x"#,
    r#"{"id":1}{"id":2}"#,
    "[1] x",
    "[1][2]",
    "[1",
    r#"["a"#,
    r#"{"id":1"#,
    "<html><body>no</body></html>",
    "5",
    "\"text\"",
    "true",
    "]",
    "\u{FEFF}[1]",
    "\u{FEFF}",
    "[}]",
];

#[test]
fn every_cut_in_two_gives_the_same_elements_at_the_same_places() {
    let mut cuts = 0;
    for document in DOCUMENTS {
        let expected = whole(document);
        for at in 0..=document.len() {
            let (a, b) = document.as_bytes().split_at(at);
            assert_eq!(run(vec![0; 256], [a, b]), expected, "{document:?} cut at {at}");
            cuts += 1;
        }
    }
    println!("{cuts} cuts");
    assert!(cuts > 400);
}

#[test]
fn chunks_of_any_size_give_the_same_elements_at_the_same_places() {
    for document in DOCUMENTS {
        let expected = whole(document);
        for size in 1..=8 {
            let chunks = document.as_bytes().chunks(size);
            assert_eq!(run(vec![0; 256], chunks.clone()), expected, "{document:?} in chunks of {size}");
            let with_empty_ones = chunks.flat_map(|chunk| [chunk, &[]]);
            assert_eq!(run(vec![0; 256], with_empty_ones), expected, "{document:?} in chunks of {size} and of 0");
        }
    }
}

#[test]
fn a_slice_of_the_callers_does_for_a_buffer() {
    let mut buffer = [0; 128];
    let chunks = CARDS.as_bytes().chunks(5);
    assert_eq!(run(&mut buffer[..], chunks.clone()), whole(CARDS));
    assert_eq!(run(&mut buffer, chunks), whole(CARDS));
}

#[test]
fn an_element_stands_where_its_offset_says_and_is_what_the_list_has() {
    let (events, end) = whole(CARDS);
    assert_eq!(end, Ok(()));
    let list = List::<CardInfo<'_>>::new(CARDS.as_bytes()).unwrap();
    let cards: Vec<CardInfo<'_>> = list.into_iter().map(Result::unwrap).collect();
    assert_eq!((events.len(), cards.len()), (3, 3));
    for (event, card) in events.iter().zip(cards) {
        let Event::Element(at, json) = event else { panic!("{event:?}") };
        assert_eq!(&CARDS[*at..*at + json.len()], json);
        assert_eq!(json, card.json());
        let alone = json::from_slice::<CardInfo<'_>>(json.as_bytes()).unwrap();
        assert_eq!(serde_json::to_string(&alone).unwrap(), serde_json::to_string(&card).unwrap());
    }
}

#[test]
fn each_shape_of_a_stream_gives_what_it_should() {
    use Code::{JsonEnd, JsonSyntax, JsonTrailing, JsonType};
    let end_at = |at| Err(Error::new(JsonEnd, at));
    for (document, events, end) in [
        ("[]", vec![], Ok(())),
        (" [ ] ", vec![], Ok(())),
        ("null", vec![], Ok(())),
        (" null\n", vec![], Ok(())),
        ("", vec![], end_at(0)),
        ("  ", vec![], end_at(2)),
        ("\u{FEFF}", vec![], end_at(3)),
        ("\u{FEFF} [1]", vec![element(5, "1")], Ok(())),
        ("\u{FEFF}null", vec![], Ok(())),
        ("[1,]", vec![element(1, "1"), Event::Error(JsonSyntax, 3)], Ok(())),
        ("[,1]", vec![Event::Error(JsonSyntax, 1), element(2, "1")], Ok(())),
        ("[,]", vec![Event::Error(JsonSyntax, 1), Event::Error(JsonSyntax, 2)], Ok(())),
        ("[1,,2]", vec![element(1, "1"), Event::Error(JsonSyntax, 3), element(4, "2")], Ok(())),
        ("[1, ,2]", vec![element(1, "1"), Event::Error(JsonSyntax, 4), element(5, "2")], Ok(())),
        ("[1 ,\t2 ]", vec![element(1, "1"), element(5, "2")], Ok(())),
        // A bad element is passed on as it is: reading it is the error.
        ("[1 2,3]", vec![element(1, "1 2"), element(5, "3")], Ok(())),
        ("[@!,2]", vec![element(1, "@!"), element(4, "2")], Ok(())),
        ("[}]", vec![element(1, "}")], Ok(())),
        ("[1\u{c}]", vec![element(1, "1\u{c}")], Ok(())),
        ("[\u{c}1]", vec![element(1, "\u{c}1")], Ok(())),
        (r#"{"a":[1,2]}"#, vec![element(0, r#"{"a":[1,2]}"#)], Ok(())),
        (r#" {"a":1} "#, vec![element(1, r#"{"a":1}"#)], Ok(())),
        (r#"{"a":1} x"#, vec![element(0, r#"{"a":1}"#), Event::Error(JsonTrailing, 8)], Ok(())),
        (r#"{},"#, vec![element(0, "{}"), Event::Error(JsonTrailing, 2)], Ok(())),
        ("[1] x y", vec![element(1, "1"), Event::Error(JsonTrailing, 4)], Ok(())),
        ("[1]]", vec![element(1, "1"), Event::Error(JsonTrailing, 3)], Ok(())),
        ("null x", vec![Event::Error(JsonTrailing, 5)], Ok(())),
        ("<html>", vec![Event::Error(JsonType, 0)], Ok(())),
        (" 5", vec![Event::Error(JsonType, 1)], Ok(())),
        ("\"[1]\"", vec![Event::Error(JsonType, 0)], Ok(())),
        ("]", vec![Event::Error(JsonType, 0)], Ok(())),
        ("nul]", vec![Event::Error(JsonType, 3)], Ok(())),
        ("nu ll", vec![Event::Error(JsonType, 2)], Ok(())),
        ("nu", vec![], end_at(2)),
        ("[1,2", vec![element(1, "1")], end_at(4)),
        (r#"[1,"a]"#, vec![element(1, "1")], end_at(6)),
        (r#"[1,"a\"]"#, vec![element(1, "1")], end_at(8)),
        (r#"{"a":1"#, vec![], end_at(6)),
        ("[", vec![], end_at(1)),
    ] {
        assert_eq!(whole(document), (events.clone(), end), "{document:?}");
        assert_eq!(run(vec![0; 64], document.as_bytes().chunks(1)), (events, end), "{document:?} byte by byte");
    }
}

#[test]
fn a_byte_order_mark_counts_only_whole_and_only_first() {
    for (document, at) in [
        (&b"\xEF[1]"[..], 1),
        (b"\xEF\xBB[1]", 2),
        (b"\xEF\xBB\xBF\xEF[1]", 3),
        (b" \xEF\xBB\xBF[1]", 1),
        (b" \xBB\xBF[1]", 1),
        (b"  \xBF[1]", 2),
        (b"\xEF \xBF[1]", 1),
        (b"\xBB[1]", 0),
    ] {
        let expected = (vec![Event::Error(Code::JsonType, at)], Ok(()));
        assert_eq!(run(vec![0; 8], [document]), expected, "{document:02X?}");
        assert_eq!(run(vec![0; 8], document.chunks(1)), expected, "{document:02X?} byte by byte");
    }
}

#[test]
fn an_empty_body_is_told_from_an_empty_list() {
    for (document, blank) in
        [("", true), (" \r\n", true), ("\u{FEFF} ", true), ("[]", false), ("null", false), ("x", false)]
    {
        let mut elements = Elements::new([0; 4]);
        assert!(matches!(elements.next(&mut document.as_bytes()), Ok(None)) || document == "x");
        assert_eq!(elements.is_blank(), blank, "{document:?}");
    }
}

/// Lists whose elements have every length from 1 to 20, as first, last, and several in a row.
fn lists() -> Vec<String> {
    let long = |n: usize| format!("\"{}\"", "L".repeat(n - 2));
    vec![
        format!("[{},2,3]", long(12)),
        format!("[1,{},3]", long(12)),
        format!("[1,2,{}]", long(12)),
        format!("[1,{},{},{},2]", long(9), long(20), long(9)),
        format!("[{}]", long(9)),
        format!("[ {}\n, 2 ,{} \n\n ]", long(8), long(8)),
        format!("[{},{},{}]", long(7), long(8), long(9)),
        format!("[[1,2,[3]],{{\"a\":{}}},\"]\"]", long(5)),
        format!(r#"{{"id":{}}}"#, long(9)),
        format!(r#" {{"id":{}}} "#, long(3)),
    ]
}

/// What should come: an element that crosses an edge and is larger than the buffer is an error.
fn expected(list: &str, chunk: usize, room: usize) -> Vec<Event> {
    let (events, _) = whole(list);
    let mut wanted = Vec::new();
    for event in events {
        let Event::Element(at, json) = &event else { panic!("{event:?}") };
        let end = at + json.len();
        // The byte that shows the end: the object's own, or the comma or bracket behind the white space.
        let shown =
            if list.trim_start().starts_with('{') { end - 1 } else { end + list[end..].find([',', ']']).unwrap() };
        let crosses = at / chunk != shown / chunk;
        wanted.push(if crosses && json.len() > room { Event::Error(Code::Room, *at) } else { event });
    }
    wanted
}

#[test]
fn an_element_that_is_too_large_is_an_error_beside_its_good_neighbours() {
    let (mut seen, mut errors) = (0, 0);
    for list in lists() {
        for chunk in 1..=list.len() {
            for room in 0..=22 {
                let wanted = expected(&list, chunk, room);
                errors += wanted.iter().filter(|event| matches!(event, Event::Error(..))).count();
                let mut buffer = vec![0; room];
                let (events, end) = run(&mut buffer[..], list.as_bytes().chunks(chunk));
                assert_eq!(events, wanted, "{list} in chunks of {chunk}, room {room}");
                assert_eq!(end, Ok(()));
                seen += 1;
            }
        }
    }
    println!("{seen} streams, {errors} errors");
    assert!(errors > 1_000);
}

#[test]
fn an_element_inside_one_chunk_needs_no_buffer() {
    let list = format!("[1,\"{}\",2]", "L".repeat(100_000));
    let (events, end) = run([0u8; 0], [list.as_bytes()]);
    assert_eq!((events.len(), end), (3, Ok(())));
    assert!(events.iter().all(|event| matches!(event, Event::Element(..))));
}

#[test]
fn an_element_too_large_is_passed_over_without_being_kept() {
    let mut elements = Elements::new([0u8; 16]);
    let mut rooms = 0;
    let mut ones = 0;
    let body = [b'x'; 1 << 16];
    let chunks = [&b"[1,\""[..]].into_iter().chain((0..64).map(|_| &body[..])).chain([&b"\",1]"[..]]);
    for mut chunk in chunks {
        loop {
            match elements.next(&mut chunk) {
                Ok(Some(element)) => ones += usize::from(element.json == b"1"),
                Ok(None) => break,
                Err(error) => {
                    assert_eq!(error, Error::new(Code::Room, 3));
                    rooms += 1;
                }
            }
        }
    }
    assert_eq!((ones, rooms, elements.finish()), (2, 1, Ok(())));
}

#[test]
fn nothing_more_comes_after_a_stream_that_is_no_list() {
    let mut elements = Elements::new([0u8; 16]);
    let mut chunk = &b"<html>[1,2]"[..];
    assert_eq!(elements.next(&mut chunk).unwrap_err(), Error::new(Code::JsonType, 0));
    for mut chunk in [&b"[1,2]"[..], b"\"", b"{}"] {
        assert_eq!(elements.next(&mut chunk), Ok(None));
        assert!(chunk.is_empty());
    }
    assert_eq!(elements.finish(), Ok(()));
}

#[test]
fn a_bad_element_does_not_spoil_its_neighbours() {
    let list = r#"[{"id":1},{"id":@},{"label":"no id"},{"id":4}]"#;
    for size in 1..=list.len() {
        let (events, end) = run(vec![0; 64], list.as_bytes().chunks(size));
        assert_eq!(end, Ok(()));
        let cards: Vec<Result<i64, (Code, usize, &str)>> = events
            .iter()
            .map(|event| {
                let Event::Element(at, json) = event else { panic!("{event:?}") };
                match json::from_slice::<CardInfo<'_>>(json.as_bytes()) {
                    Ok(card) => Ok(card.id().as_i64().unwrap()),
                    Err(error) => {
                        let error = error.within(*at);
                        Err((error.code, error.at, error.what))
                    }
                }
            })
            .collect();
        let wanted = [Ok(1), Err((Code::JsonSyntax, 16, "")), Err((Code::JsonMissing, 19, "id")), Ok(4)];
        assert_eq!(cards, wanted, "in chunks of {size}");
    }
}

#[test]
fn an_element_that_is_not_utf_8_is_an_error_when_it_is_read() {
    let list = b"[\"\xFF\",2]";
    let mut elements = Elements::new([0u8; 8]);
    let mut chunk = &list[..];
    let bad = elements.next(&mut chunk).unwrap().unwrap();
    assert_eq!(json::from_slice::<Scalar<'_>>(bad.json).unwrap_err(), Error::new(Code::JsonUtf8, 1));
    assert_eq!(elements.next(&mut chunk).unwrap().unwrap().json, b"2");
}

#[test]
fn elements_of_very_different_sizes_are_read_to_their_ends() {
    let texts = [0, 3, 2_000, 1, 0, 40_000, 700, 701, 5, 90_000, 2];
    let list: Vec<String> = texts.iter().map(|n| format!("\"{}\"", "aЖ😀".repeat(*n))).collect();
    let document = format!("[{}]", list.join(" ,\n"));
    for size in [7, 1_000, 65_536, document.len()] {
        let (events, end) = run(vec![0; document.len()], document.as_bytes().chunks(size));
        let read: Vec<String> = events
            .into_iter()
            .map(|event| match event {
                Event::Element(_, json) => json,
                Event::Error(..) => panic!("{event:?}"),
            })
            .collect();
        assert!(read == list && end == Ok(()), "in chunks of {size}");
    }
}

#[test]
fn a_good_element_inside_a_chunk_is_walked_once() {
    let card = r#"{"id":1,"label":"x"}"#;
    let list = format!("[{}]", [card; 100].join(", "));
    let walks = std::cell::Cell::new(0);
    let mut elements = Elements::new([0; 0]);
    let (mut chunk, mut cards) = (list.as_bytes(), 0);
    while let Some((_, value)) = elements
        .read(&mut chunk, |json| {
            walks.set(walks.get() + 1);
            CardInfo::from_json(json)
        })
        .unwrap()
    {
        assert_eq!(value.unwrap().json(), card);
        cards += 1;
    }
    assert_eq!((cards, walks.get(), elements.finish()), (100, 100, Ok(())));
}

#[test]
fn a_bad_element_that_is_read_has_its_error_beside_it() {
    let list = r#"[{"id":1},{"id":@},{"label":"no id"},{"id":4} x,{"id":5}]"#;
    for size in 1..=list.len() {
        let mut elements = Elements::new([0; 64]);
        let mut cards = Vec::new();
        for mut chunk in list.as_bytes().chunks(size) {
            while let Some((element, card)) = elements.read(&mut chunk, CardInfo::from_json).unwrap() {
                let card = card.map_err(|error| error.within(element.at));
                cards.push(card.map(|card| card.id().as_i64().unwrap()).map_err(|error| (error.code, error.at)));
            }
        }
        let bad = [Err((Code::JsonSyntax, 16)), Err((Code::JsonMissing, 19)), Err((Code::JsonTrailing, 46))];
        assert_eq!(cards, [&[Ok(1)], &bad[..], &[Ok(5)]].concat(), "in chunks of {size}");
        assert_eq!(elements.finish(), Ok(()));
    }
}

#[test]
fn a_string_may_have_anything_at_any_place_of_a_word_and_of_a_chunk() {
    let mut cuts = 0;
    for before in 0..=16 {
        for special in ["", "\\\"", "\\\\", "\\u0416", "Ж", "😀", "\u{7f}", "],"] {
            let text = format!("\"{}{special}{}\"", "a".repeat(before), "b".repeat(before % 5));
            let list = format!("[{text},{{{text}:{text}}},{text}]");
            let object = format!("{{{text}:{text}}}");
            let at = [1, 2 + text.len(), 3 + text.len() + object.len()];
            let wanted = vec![element(at[0], &text), element(at[1], &object), element(at[2], &text)];
            for cut in 0..=list.len() {
                let (a, b) = list.as_bytes().split_at(cut);
                // What is cut within a character is put together again before it is looked at.
                assert_eq!(run([0; 128], [a, b]), (wanted.clone(), Ok(())), "{list} cut at {cut}");
                cuts += 1;
            }
        }
    }
    println!("{cuts} cuts");
    assert!(cuts > 5_000);
}
