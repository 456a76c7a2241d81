//! Random documents, whole and spoilt: the verdict, the texts and the elements are serde_json's.

use cardwright_core::Code;
use cardwright_core::certiflow::{CardInfo, Certificate};
use cardwright_core::json::{self, Elements, FromJson, List, Text};
use cardwright_core::mim::{Request, Smartcard};
use proptest::prelude::*;
use serde_json::Value;

/// Any string, with what needs escapes more often than chance would have it.
fn text() -> impl Strategy<Value = String> {
    let c = prop_oneof![any::<char>(), Just('"'), Just('\\'), Just('😀'), (0u8..0x80).prop_map(char::from)];
    proptest::collection::vec(c, 0..12).prop_map(String::from_iter)
}

/// Names of known fields now and then, so that views find something.
fn name() -> impl Strategy<Value = String> {
    let known = CardInfo::FIELDS.iter().chain(Smartcard::FIELDS.iter()).map(|field| field.name.to_owned());
    prop_oneof![text(), proptest::sample::select(known.collect::<Vec<_>>())]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            proptest::collection::vec((name(), inner), 0..6)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

/// A document as some server might lay it out: every non-ASCII character as an escape, or pretty.
fn laid_out(value: &Value, pretty: bool, ascii: bool) -> String {
    let plain = if pretty { serde_json::to_string_pretty(value).unwrap() } else { value.to_string() };
    if !ascii {
        return plain;
    }
    let mut out = String::new();
    for c in plain.chars() {
        if c.is_ascii() {
            out.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    out
}

/// Whether serde_json says that it is JSON, but for what the two see differently on purpose.
fn is_json(document: &str) -> bool {
    let document = document.strip_prefix('\u{FEFF}').unwrap_or(document);
    serde_json::from_str::<serde::de::IgnoredAny>(document).is_ok()
}

/// Reads everything that there is in a view.
fn drain<'a, T: FromJson<'a> + serde::Serialize + std::fmt::Debug>(document: &'a [u8]) {
    match json::from_slice::<T>(document) {
        Ok(view) => {
            let _ = (format!("{view:?}"), serde_json::to_string(&view));
        }
        Err(error) => {
            assert!(error.at <= document.len());
            let mut out = String::new();
            json::path(document, error.at, &mut out).unwrap();
            assert!(out.starts_with('$'));
        }
    }
}

fn drain_all(document: &[u8]) {
    drain::<CardInfo<'_>>(document);
    drain::<Certificate<'_>>(document);
    drain::<Smartcard<'_>>(document);
    drain::<Request<'_>>(document);
    drain::<List<'_, CardInfo<'_>>>(document);
}

fn elements(document: &[u8], size: usize) -> Vec<Result<(usize, Vec<u8>), Code>> {
    let mut elements = Elements::new(vec![0; document.len()]);
    let mut out = Vec::new();
    for mut chunk in document.chunks(size) {
        loop {
            match elements.next(&mut chunk) {
                Ok(Some(element)) => out.push(Ok((element.at, element.json.to_vec()))),
                Ok(None) => break,
                Err(error) => out.push(Err(error.code)),
            }
        }
    }
    if let Err(error) = elements.finish() {
        out.push(Err(error.code));
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_random_document_is_taken_and_its_texts_are_the_same(value in value(), pretty: bool, ascii: bool) {
        let document = laid_out(&value, pretty, ascii);
        prop_assert_eq!(json::check(document.as_bytes()), Ok(()));
        drain_all(document.as_bytes());
        if let Value::Object(fields) = &value {
            let mut cursor = json::Cursor::new(document.as_bytes()).unwrap();
            let mut inside = cursor.enter(b'{').unwrap();
            for (name, field) in fields {
                let mut scratch = [0; 24];
                let key = cursor.key(&mut inside, &mut scratch).unwrap().unwrap();
                let too_long = name.len() > 24 && document.contains('\\');
                prop_assert!(key == name || (too_long && key.is_empty()), "{} {}", key, name);
                match field {
                    Value::String(text) => prop_assert!(cursor.text().unwrap() == *text.as_str()),
                    Value::Array(_) | Value::Object(_) => cursor.skip().unwrap(),
                    Value::Number(number) => {
                        let ours = cursor.scalar().unwrap();
                        prop_assert_eq!(ours.as_i64(), number.as_i64());
                        prop_assert_eq!(ours.to_string(), number.to_string());
                    }
                    Value::Null => prop_assert!(cursor.null().unwrap()),
                    Value::Bool(b) => prop_assert_eq!(cursor.scalar().unwrap(), json::Scalar::Bool(*b)),
                }
            }
            let mut scratch = [0; 24];
            prop_assert_eq!(cursor.key(&mut inside, &mut scratch), Ok(None));
        }
    }

    #[test]
    fn a_spoilt_document_is_refused_when_serde_json_refuses_it(
        value in value(), pretty: bool, at: proptest::sample::Index,
        with in prop_oneof![any::<char>(), proptest::sample::select("[]{},:\"\\ \t\n01-+.eEutfn/\u{0}".chars().collect::<Vec<_>>())],
        how in 0..3,
    ) {
        let document = laid_out(&value, pretty, false);
        let mut chars: Vec<char> = document.chars().collect();
        let at = at.index(chars.len());
        match how {
            0 => chars[at] = with,
            1 => chars.insert(at, with),
            _ => { chars.remove(at); }
        }
        let spoilt = String::from_iter(chars);
        let ours = json::check(spoilt.as_bytes());
        prop_assert_eq!(ours.is_ok(), is_json(&spoilt), "{} {:?}", spoilt, ours);
        if let Err(error) = ours {
            prop_assert!(error.at <= spoilt.len());
        }
        drain_all(spoilt.as_bytes());
    }

    #[test]
    fn elements_in_chunks_are_those_of_the_whole(values in proptest::collection::vec(value(), 0..5), pretty: bool, size in 1usize..40) {
        let value = Value::from(values);
        let document = laid_out(&value, pretty, false);
        let whole = elements(document.as_bytes(), document.len());
        prop_assert_eq!(&elements(document.as_bytes(), size), &whole);
        let read: Vec<Value> = whole.iter().map(|element| {
            let (at, json) = element.clone().unwrap();
            assert_eq!(document.as_bytes()[at..][..json.len()], json[..]);
            serde_json::from_slice(&json).unwrap()
        }).collect();
        prop_assert_eq!(Value::from(read), serde_json::from_str::<Value>(&document).unwrap());
    }

    #[test]
    fn a_text_is_read_back_as_it_was_written(text in text(), ascii: bool) {
        let mut out = String::new();
        json::write_text(&text, &mut out).unwrap();
        prop_assert_eq!(&serde_json::from_str::<String>(&out).unwrap(), &text);
        let out = if ascii { laid_out(&Value::from(text.as_str()), false, true) } else { out };
        let read = json::from_slice::<Text<'_>>(out.as_bytes()).unwrap();
        prop_assert!(read == *text.as_str());
        prop_assert_eq!(read.to_string(), text.as_str());
        prop_assert_eq!(format!("{read:>9.4}"), format!("{text:>9.4}"));
    }
}
