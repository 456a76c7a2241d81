//! JSON: what is read, what is refused and where, and what is written.

use cardwright_core::certiflow::CardInfo;
use cardwright_core::json::{self, Cursor, FromJson, List, MAX_DEPTH, ObjectWriter, Scalar, Text};
use cardwright_core::{Code, Error};
use serde_json::{Value, json};

/// What is wrong, how, and at which byte.
#[rustfmt::skip]
const WRONG: &[(&str, Code, usize)] = &[
    ("", Code::JsonEnd, 0),
    (" \n", Code::JsonEnd, 2),
    ("\u{FEFF}", Code::JsonEnd, 3),
    // Words.
    ("nul", Code::JsonSyntax, 0),
    ("nulL", Code::JsonSyntax, 0),
    ("nullx", Code::JsonTrailing, 4),
    ("tru", Code::JsonSyntax, 0),
    ("True", Code::JsonSyntax, 0),
    ("falsey", Code::JsonTrailing, 5),
    ("undefined", Code::JsonSyntax, 0),
    // Numbers.
    ("+1", Code::JsonSyntax, 0),
    (".5", Code::JsonSyntax, 0),
    ("-", Code::JsonNumber, 1),
    ("-a", Code::JsonNumber, 1),
    ("--1", Code::JsonNumber, 1),
    ("01", Code::JsonTrailing, 1),
    ("-01", Code::JsonTrailing, 2),
    ("1.", Code::JsonNumber, 2),
    ("1.e5", Code::JsonNumber, 2),
    ("1e", Code::JsonNumber, 2),
    ("1e+", Code::JsonNumber, 3),
    ("1e5.", Code::JsonTrailing, 3),
    ("0x10", Code::JsonTrailing, 1),
    ("1_000", Code::JsonTrailing, 1),
    ("NaN", Code::JsonSyntax, 0),
    ("-Infinity", Code::JsonNumber, 1),
    ("٣", Code::JsonSyntax, 0),
    // Strings.
    ("\"abc", Code::JsonEnd, 4),
    ("\"", Code::JsonEnd, 1),
    ("\"a\\", Code::JsonEscape, 2),
    ("\"a\\\"", Code::JsonEnd, 4),
    ("\"\\x\"", Code::JsonEscape, 1),
    ("\"\\'\"", Code::JsonEscape, 1),
    ("\"\\U0041\"", Code::JsonEscape, 1),
    ("\"\\u12g4\"", Code::JsonEscape, 1),
    ("\"\\u+041\"", Code::JsonEscape, 1),
    ("\"ab\\u 041\"", Code::JsonEscape, 3),
    ("\"\\u12", Code::JsonEscape, 1),
    ("\"\\u12\"", Code::JsonEscape, 1),
    ("\"\\u٠٠٠٠\"", Code::JsonEscape, 1),
    ("\"a\tb\"", Code::JsonControl, 2),
    ("\"a\nb\"", Code::JsonControl, 2),
    ("\"12345678\u{1f}\"", Code::JsonControl, 9),
    ("\"\0\"", Code::JsonControl, 1),
    ("'a'", Code::JsonSyntax, 0),
    // Lists.
    ("[", Code::JsonEnd, 1),
    ("[1", Code::JsonEnd, 2),
    ("[1,", Code::JsonEnd, 3),
    ("[1,]", Code::JsonSyntax, 3),
    ("[,1]", Code::JsonSyntax, 1),
    ("[,1 2]", Code::JsonSyntax, 1),
    ("[1 2]", Code::JsonSyntax, 3),
    ("[1,,2]", Code::JsonSyntax, 3),
    ("[}", Code::JsonSyntax, 1),
    ("[1}", Code::JsonSyntax, 2),
    ("]", Code::JsonSyntax, 0),
    ("[1:2]", Code::JsonSyntax, 2),
    // Objects.
    ("{", Code::JsonEnd, 1),
    ("{\"a\"", Code::JsonEnd, 4),
    ("{\"a\":", Code::JsonEnd, 5),
    ("{\"a\":1", Code::JsonEnd, 6),
    ("{\"a\":1,", Code::JsonEnd, 7),
    ("{\"a\"}", Code::JsonSyntax, 4),
    ("{\"a\":}", Code::JsonSyntax, 5),
    ("{\"a\":1,}", Code::JsonSyntax, 7),
    ("{,}", Code::JsonSyntax, 1),
    ("{a:1}", Code::JsonSyntax, 1),
    ("{1:2}", Code::JsonSyntax, 1),
    ("{null:1}", Code::JsonSyntax, 1),
    ("{\"a\" 1}", Code::JsonSyntax, 5),
    ("{\"a\"::1}", Code::JsonSyntax, 5),
    ("{\"a\":1 \"b\":2}", Code::JsonSyntax, 7),
    ("{\"a\":1]", Code::JsonSyntax, 6),
    ("{]", Code::JsonSyntax, 1),
    ("{\"\\x\":1}", Code::JsonEscape, 2),
    ("}", Code::JsonSyntax, 0),
    // What follows, and what is no white space.
    ("1 1", Code::JsonTrailing, 2),
    ("[] []", Code::JsonTrailing, 3),
    ("{}}", Code::JsonTrailing, 2),
    ("[1]//", Code::JsonTrailing, 3),
    ("/**/1", Code::JsonSyntax, 0),
    ("\u{c}1", Code::JsonSyntax, 0),
    ("1\u{b}", Code::JsonTrailing, 1),
    ("\u{a0}1", Code::JsonSyntax, 0),
    ("\u{FEFF}\u{FEFF}1", Code::JsonSyntax, 3),
    (" \u{FEFF}1", Code::JsonSyntax, 1),
    ("1\0", Code::JsonTrailing, 1),
    ("@!junk", Code::JsonSyntax, 0),
];

#[test]
fn each_wrong_document_is_refused_at_the_byte_that_is_wrong() {
    for (document, code, at) in WRONG {
        assert_eq!(json::check(document.as_bytes()), Err(Error::new(*code, *at)), "{document:?}");
        let serde = serde_json::from_str::<serde::de::IgnoredAny>(document);
        assert!(serde.is_err(), "serde_json takes {document:?}");
    }
    println!("{} wrong documents", WRONG.len());
}

#[test]
fn each_wrong_value_is_refused_in_a_field_that_nobody_knows_too() {
    for (value, code, at) in WRONG {
        let document = format!(r#"{{"id":1,"x":{value}}}"#);
        let error = json::from_slice::<CardInfo<'_>>(document.as_bytes()).expect_err(&document);
        // Behind a value that ends, or that does not begin, stands the bracket of the card itself.
        if !matches!(code, Code::JsonTrailing | Code::JsonEnd) && !value.is_empty() && !document.contains('\u{FEFF}') {
            assert_eq!(error, Error::new(*code, at + 12), "{document}");
        }
        assert!(error.at <= document.len());
    }
}

#[test]
fn bytes_that_are_not_utf_8_are_refused_where_they_stand() {
    for (document, at) in [
        (&b"\"\xFF\""[..], 1),
        (b"\"\xC0\x80\"", 1),
        (b"[\"\xED\xA0\x80\"]", 2),
        (b"\"\xF4\x90\x80\x80\"", 1),
        (b"\xFF\xFE1\0", 0),
        (b"\"\xD0", 1),
        (b"\xEF\xBB[1]", 0),
    ] {
        assert_eq!(json::check(document), Err(Error::new(Code::JsonUtf8, at)), "{document:02X?}");
        assert_eq!(List::<Scalar<'_>>::new(document).unwrap_err(), Error::new(Code::JsonUtf8, at));
        let mut out = String::new();
        json::path(document, at, &mut out).unwrap();
        assert_eq!(out, "$");
    }
}

#[test]
fn what_is_json_is_taken() {
    for document in [
        "1",
        "-0",
        "0",
        "-0.0e-0",
        "1.5E+3",
        "123456789012345678901234567890",
        "1e999",
        "\"\"",
        "\"\u{7f}\u{80}\u{ffff}\"",
        "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0000\\uFFFF\"",
        "[]",
        "{}",
        "[[],{},[[]]]",
        "{\"\":{\"\":{}}}",
        " \t\r\n[ 1 , 2 ] \n",
        "\u{FEFF}1",
        "{\"a\":1,\"a\":2}",
        "true",
        "false",
        "null",
    ] {
        assert_eq!(json::check(document.as_bytes()), Ok(()), "{document:?}");
    }
}

#[test]
fn nesting_is_followed_to_its_limit_and_no_further() {
    assert_eq!(MAX_DEPTH, 64);
    let lists = |depth: usize| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
    let objects = |depth: usize| format!("{}1{}", "{\"a\":".repeat(depth), "}".repeat(depth));
    let mixed = |depth: usize| format!("{}1{}", "[{\"a\":".repeat(depth / 2), "}]".repeat(depth / 2));
    for (document, at) in [(lists(65), 64), (objects(65), 64 * 5), ("[".repeat(100_000), 64), (mixed(66), 32 * 6)] {
        assert_eq!(json::check(document.as_bytes()), Err(Error::new(Code::JsonDepth, at)));
        let card = format!(r#"{{"id":1,"x":{document}}}"#);
        assert_eq!(
            json::from_slice::<CardInfo<'_>>(card.as_bytes()).unwrap_err(),
            Error::new(Code::JsonDepth, at + 12)
        );
        let card = format!(r#"{{"id":1,"certificates":{document}}}"#);
        assert_eq!(
            json::from_slice::<CardInfo<'_>>(card.as_bytes()).unwrap_err(),
            Error::new(Code::JsonDepth, at + 23)
        );
    }
    for document in [lists(64), objects(64), mixed(64)] {
        assert_eq!(json::check(document.as_bytes()), Ok(()));
        let card = format!(r#"{{"id":1,"x":{document}}}"#);
        assert!(json::from_slice::<CardInfo<'_>>(card.as_bytes()).is_ok());
    }
    let mut out = String::new();
    json::path("[".repeat(70).as_bytes(), 64, &mut out).unwrap();
    assert_eq!(out, format!("${}", "[0]".repeat(64)));
}

#[test]
fn a_text_is_decoded_as_serde_json_decodes_it() {
    for (document, decoded) in [
        (r#""""#, ""),
        (r#""plain""#, "plain"),
        (r#""DEMO\\ipetrov""#, r"DEMO\ipetrov"),
        (r#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"),
        (r#""\u0418\u0432\u0430\u043d""#, "Иван"),
        (r#""\ud83d\ude00""#, "😀"),
        (r#""\uD83D\uDE00!""#, "😀!"),
        (r#""a\ud83d\ude00\ud83d\ude01z""#, "a😀😁z"),
        (r#""\u0000\u001f\u007f""#, "\0\u{1f}\u{7f}"),
        (r#""\uffff\ud7ff\ue000""#, "\u{ffff}\u{d7ff}\u{e000}"),
        (r#""\udbff\udfff""#, "\u{10ffff}"),
        (r#""Ж😀\n""#, "Ж😀\n"),
        (r#""\\u0041""#, "\\u0041"),
    ] {
        let text = json::from_slice::<Text<'_>>(document.as_bytes()).unwrap();
        assert_eq!(serde_json::from_str::<String>(document).unwrap(), decoded, "{document}");
        assert_eq!(text, decoded);
        assert_eq!(text.chars().collect::<String>(), decoded);
        assert_eq!(text.to_string(), decoded);
        assert_eq!(format!("\"{}\"", text.raw()), document);
        assert_eq!(text.plain().is_some(), !document.contains('\\'));
        assert_eq!(text.is_empty(), decoded.is_empty());
        assert_eq!(serde_json::to_value(text).unwrap(), json!(decoded));
        #[cfg(feature = "alloc")]
        assert_eq!(text.to_cow(), decoded);
        for room in 0..decoded.len() {
            assert_eq!(text.copy_to(&mut vec![0; room]), None, "{document} in {room}");
        }
        assert_eq!(text.copy_to(&mut vec![0; decoded.len()]), Some(decoded));
        assert_eq!(text.copy_to(&mut vec![0xFF; decoded.len() + 3]), Some(decoded));
        assert!(text != *format!("{decoded}x").as_str() && text != *"\u{1}");
        assert!(text.eq_ignore_ascii_case(decoded) && text.eq_ignore_ascii_case(&decoded.to_ascii_uppercase()));
        assert!(!text.eq_ignore_ascii_case(&format!("{decoded}x")));
    }
    let (a, b) = (br#""\u0041\u0042""#, br#""A\u0042""#);
    assert_eq!(json::from_slice::<Text<'_>>(a).unwrap(), json::from_slice::<Text<'_>>(b).unwrap());
}

#[test]
fn half_a_pair_reads_as_a_replacement_and_stays_as_it_was_written() {
    for (document, decoded) in [
        (r#""\ud83d!""#, "\u{fffd}!"),
        (r#""\ude00""#, "\u{fffd}"),
        (r#""\ud83d""#, "\u{fffd}"),
        (r#""\ud83d\ud83d\ude00""#, "\u{fffd}😀"),
        (r#""\ud83d\n""#, "\u{fffd}\n"),
        (r#""\ud83d\u0041""#, "\u{fffd}A"),
        (r#""\ude00\ud83d""#, "\u{fffd}\u{fffd}"),
    ] {
        let text = json::from_slice::<Text<'_>>(document.as_bytes()).unwrap();
        assert_eq!(text, decoded, "{document}");
        assert_eq!(format!("\"{}\"", text.raw()), document);
        assert_eq!(format!("{text:?}"), document);
    }
}

#[test]
fn a_text_is_padded_and_cut_like_a_str() {
    for (document, decoded) in [(r#""ab""#, "ab"), (r#""D\\ip""#, r"D\ip"), (r#""\u0418\ud83d\ude00""#, "И😀")] {
        let text = json::from_slice::<Text<'_>>(document.as_bytes()).unwrap();
        let scalar = Scalar::Text(text);
        assert_eq!(
            format!("{text:8}|{text:<8}|{text:>8}|{text:^7}|"),
            format!("{decoded:8}|{decoded:<8}|{decoded:>8}|{decoded:^7}|")
        );
        assert_eq!(format!("{text:*^9.1}|{text:.0}|{text:1}"), format!("{decoded:*^9.1}|{decoded:.0}|{decoded:1}"));
        assert_eq!(format!("{scalar:>8}|{scalar:_<8}"), format!("{decoded:>8}|{decoded:_<8}"));
    }
}

#[test]
fn a_scalar_keeps_what_came() {
    let of = |json: &'static str| json::from_slice::<Scalar<'_>>(json.as_bytes()).unwrap();
    for (json, number, printed, written) in [
        ("null", None, "", json!(null)),
        ("true", None, "true", json!(true)),
        ("false", None, "false", json!(false)),
        ("1013", Some(1013), "1013", json!(1013)),
        ("-1", Some(-1), "-1", json!(-1)),
        ("9223372036854775807", Some(i64::MAX), "9223372036854775807", json!(i64::MAX)),
        ("-9223372036854775808", Some(i64::MIN), "-9223372036854775808", json!(i64::MIN)),
        ("18446744073709551615", None, "18446744073709551615", json!(u64::MAX)),
        ("18446744073709551616", None, "18446744073709551616", json!("18446744073709551616")),
        ("1.50", None, "1.50", json!("1.50")),
        ("1e3", None, "1e3", json!("1e3")),
        (r#""7""#, None, "7", json!("7")),
        (r#""a\u0062""#, None, "ab", json!("ab")),
    ] {
        let scalar = of(json);
        assert_eq!(scalar.as_i64(), number, "{json}");
        assert_eq!(scalar.to_string(), printed);
        assert_eq!(serde_json::to_value(scalar).unwrap(), written);
        assert_eq!(scalar.copy_to(&mut [0; 32]), Some(printed));
        assert_eq!(scalar.reads(printed), json != "null");
        assert!(!scalar.reads("other"));
        assert_eq!(scalar.is_null(), json == "null");
        if !printed.is_empty() {
            assert_eq!(scalar.copy_to(&mut vec![0; printed.len() - 1]), None);
        }
    }
    for document in ["[]", "{}"] {
        assert_eq!(json::from_slice::<Scalar<'_>>(document.as_bytes()).unwrap_err(), Error::new(Code::JsonType, 0));
    }
}

fn path(document: &[u8], at: usize) -> String {
    let mut out = String::new();
    json::path(document, at, &mut out).unwrap();
    out
}

#[test]
fn an_error_has_a_place_that_prints_as_a_path() {
    for (document, code, at, place) in [
        (r#"{"id":1,"label":5}"#, Code::JsonType, 16, "$.label"),
        (r#"{"id":[]}"#, Code::JsonType, 6, "$.id"),
        (r#"{"id":1,"state":{}}"#, Code::JsonType, 16, "$.state"),
        (r#"{"id":1,"userName":["a"]}"#, Code::JsonType, 19, "$.userName"),
        (r#"{"id":1,"x":{"y":[1,2,@]}}"#, Code::JsonSyntax, 22, "$.x.y[2]"),
        (r#"{"id":1,"x":{"y":[1,2 3]}}"#, Code::JsonSyntax, 22, "$.x.y"),
        (r#"{"id":1,"x":[{},{"a\"b":tru}]}"#, Code::JsonSyntax, 24, r#"$.x[1].a"b"#),
        (r#"{"id":1,"tags":["a","\x"]}"#, Code::JsonEscape, 21, "$.tags[1]"),
        (r#"{"id":1,"tags":["a""#, Code::JsonEnd, 19, "$.tags"),
        (r#"{"id":1,"label":"#, Code::JsonEnd, 16, "$.label"),
        (r#"{"id":1,"label""#, Code::JsonEnd, 15, "$"),
        (r#"{"id":1} {"#, Code::JsonTrailing, 9, "$"),
        (r#"[1]"#, Code::JsonType, 0, "$"),
        (r#""x""#, Code::JsonType, 0, "$"),
        ("null", Code::JsonType, 0, "$"),
        ("", Code::JsonEnd, 0, "$"),
    ] {
        let error = json::from_slice::<CardInfo<'_>>(document.as_bytes()).unwrap_err();
        assert_eq!(error, Error::new(code, at), "{document}");
        assert_eq!(path(document.as_bytes(), at), place, "{document}");
    }
    // In a list inside a card the error shows when the item is read, and is at home in the same document.
    let document = r#"[{"id":1},{"id":2,"certificates":[{"validTo":null},{"validTo":5}],"tags":[1]}]"#;
    let cards: Vec<CardInfo<'_>> = json::from_slice::<List<'_, CardInfo<'_>>>(document.as_bytes())
        .unwrap()
        .into_iter()
        .map(Result::unwrap)
        .collect();
    let error = cards[1].certificates().into_iter().find_map(Result::err).unwrap();
    assert_eq!(
        (error.code, path(document.as_bytes(), error.at)),
        (Code::JsonType, "$[1].certificates[1].validTo".into())
    );
    let error = cards[1].tags().into_iter().find_map(Result::err).unwrap();
    assert_eq!((error.code, path(document.as_bytes(), error.at)), (Code::JsonType, "$[1].tags[0]".into()));
    assert_eq!(cards[1].certificates().into_iter().count(), 2, "nothing after an error");
    for at in [document.len(), document.len() + 1, usize::MAX] {
        let _ = path(document.as_bytes(), at);
    }
}

#[test]
fn a_list_of_documents_is_read_item_by_item() {
    fn ids(document: &str) -> Vec<Result<i64, Error>> {
        let list = List::<Scalar<'_>>::new(document.as_bytes()).unwrap();
        list.into_iter().map(|item| item.map(|id| id.as_i64().unwrap_or(-1))).collect()
    }
    let wrong = |code, at| Err(Error::new(code, at));
    assert_eq!(ids("[]"), []);
    assert_eq!(ids(" [ ] "), []);
    assert_eq!(ids(" null "), []);
    assert_eq!(ids("5"), [Ok(5)]);
    assert_eq!(ids("\u{FEFF}[1,2 , 3]"), [Ok(1), Ok(2), Ok(3)]);
    assert_eq!(ids("[1,]"), [Ok(1), wrong(Code::JsonSyntax, 3)]);
    assert_eq!(ids("[,1]"), [wrong(Code::JsonSyntax, 1)]);
    assert_eq!(ids("[1 2]"), [Ok(1), wrong(Code::JsonSyntax, 3)]);
    assert_eq!(ids("[1,[],2]"), [Ok(1), wrong(Code::JsonType, 3)]);
    assert_eq!(ids("[1"), [Ok(1), wrong(Code::JsonEnd, 2)]);
    assert_eq!(ids(""), [wrong(Code::JsonEnd, 0)]);
    assert_eq!(ids("[1] x"), [Ok(1), wrong(Code::JsonTrailing, 4)]);
    assert_eq!(ids("[] []"), [wrong(Code::JsonTrailing, 3)]);
    assert_eq!(ids("null null"), [wrong(Code::JsonTrailing, 5)]);
    assert_eq!(ids("5 5"), [Ok(5), wrong(Code::JsonTrailing, 2)]);
    assert_eq!(ids("nul"), [wrong(Code::JsonSyntax, 0)]);
    let checked = json::from_slice::<List<'_, Scalar<'_>>>(b"[1,2] x");
    assert_eq!(checked.unwrap_err(), Error::new(Code::JsonTrailing, 6));
    assert!(json::from_slice::<List<'_, Scalar<'_>>>(b"null").unwrap().is_empty());
    assert!(List::<Scalar<'_>>::default().is_empty());
    // A list may hold lists.
    let nested = json::from_slice::<List<'_, List<'_, Scalar<'_>>>>(b"[[1,2],null,[3]]").unwrap();
    let lengths: Vec<usize> = nested.into_iter().map(|list| list.unwrap().into_iter().count()).collect();
    assert_eq!(lengths, [2, 0, 1]);
}

#[test]
fn a_cursor_can_be_used_by_hand() {
    struct Pair(i64, bool);
    impl<'a> FromJson<'a> for Pair {
        fn from_json(cursor: &mut Cursor<'a>) -> Result<Self, Error> {
            let mut pair = Pair(0, false);
            let mut inside = cursor.enter(b'{')?;
            while let Some(key) = cursor.key(&mut inside, &mut [0; 24])? {
                match key {
                    "n" => pair.0 = cursor.scalar()?.as_i64().unwrap_or(-1),
                    "seen" => pair.1 = !cursor.null()? && cursor.scalar()? == Scalar::Bool(true),
                    _ => cursor.skip()?,
                }
            }
            Ok(pair)
        }
    }
    let pair = json::from_slice::<Pair>(br#"{"x":[{}],"\u006e":7,"seen":true}"#).unwrap();
    assert_eq!((pair.0, pair.1), (7, true));
    assert!(!json::from_slice::<Pair>(br#"{"seen":null}"#).unwrap().1);
    assert!(json::from_slice::<Pair>(b"[]").is_err());
}

#[test]
fn what_is_written_is_what_serde_json_reads() {
    let mut characters = 0;
    for c in (0..0x300).chain([0x2028, 0x2029, 0xD7FF, 0xE000, 0xFEFF, 0xFFFD, 0xFFFF, 0x1F600, 0x10FFFF]) {
        let text = format!("a{}b", char::from_u32(c).unwrap());
        let mut out = String::new();
        json::write_text(&text, &mut out).unwrap();
        assert_eq!(serde_json::from_str::<String>(&out).unwrap(), text);
        assert_eq!(json::from_slice::<Text<'_>>(out.as_bytes()).unwrap(), text.as_str());

        let mut object = String::new();
        let mut writer = ObjectWriter::new(&mut object).unwrap();
        writer.text(&text, &text).unwrap();
        writer.number("n", i64::MIN).unwrap();
        writer.end().unwrap();
        assert_eq!(serde_json::from_str::<Value>(&object).unwrap(), json!({text.clone(): text, "n": i64::MIN}));
        characters += 1;
    }
    assert_eq!(characters, 0x300 + 9);
    let mut empty = String::new();
    ObjectWriter::new(&mut empty).unwrap().end().unwrap();
    assert_eq!(empty, "{}");
}

#[test]
fn a_buffer_that_is_too_small_is_said() {
    let body = json!({"status": "Retired", "n": [1, 2, 3]});
    let whole = body.to_string();
    for room in 0..whole.len() {
        assert_eq!(json::to_slice(&body, &mut vec![0; room]), Err(Error::new(Code::Room, room)));
    }
    let mut buffer = vec![0; whole.len()];
    assert_eq!(json::to_slice(&body, &mut buffer), Ok(whole.len()));
    assert_eq!(buffer, whole.as_bytes());
}

#[test]
fn a_byte_is_seen_wherever_it_stands_in_a_word() {
    let mut verdicts = [0, 0];
    for before in 0..=17 {
        for indent in 0..8 {
            for special in 0..=0xFFu8 {
                let mut document = vec![b' '; indent];
                document.push(b'"');
                document.extend(std::iter::repeat_n(b'~', before));
                document.push(special);
                document.extend_from_slice(b"n012 \x7F\"");
                let ours = json::from_slice::<Text<'_>>(&document).map(|text| text.to_string());
                let theirs = serde_json::from_slice::<String>(&document);
                assert_eq!(ours.as_ref().ok(), theirs.as_ref().ok(), "{document:02X?}");
                verdicts[usize::from(ours.is_ok())] += 1;
                let wanted = match special {
                    // The quote ends the text, and more follows.
                    b'"' => Err(Error::new(Code::JsonTrailing, indent + before + 2)),
                    b'\\' => Ok(()),
                    0..0x20 => Err(Error::new(Code::JsonControl, indent + before + 1)),
                    0x80.. => Err(Error::new(Code::JsonUtf8, indent + before + 1)),
                    _ => Ok(()),
                };
                assert_eq!(ours.map(|_| ()), wanted, "{document:02X?}");
            }
        }
    }
    println!("{verdicts:?}");
    assert!(verdicts[0] > 10_000 && verdicts[1] > 10_000);
}
