//! Views: what they find in an object, what they keep, and what they give back.

use cardwright_core::certiflow::{CardInfo, CardState, Certificate, CertificateType, Query};
use cardwright_core::json::{self, Field, Kind, List, Scalar, Schema, Text, ValueType};
use cardwright_core::mim::{DataItem, Request, Smartcard};
use cardwright_core::{Code, Error, Named};
use serde_json::{Value, json};

/// A card with one more field.
fn card(field: &str) -> String {
    format!(r#"{{"id":1,{field}"state":"Issued"}}"#)
}

fn read(document: &str) -> CardInfo<'_> {
    json::from_slice(document.as_bytes()).unwrap_or_else(|error| panic!("{document}: {error}"))
}

#[test]
fn fields_of_an_uncertain_type_are_read_in_every_type() {
    for (value, printed) in [("7", "7"), (r#""7""#, "7"), (r#""7d0f-11""#, "7d0f-11"), ("true", "true"), ("null", "")] {
        for (name, get) in [
            ("userId", CardInfo::user_id as fn(&CardInfo<'static>) -> Scalar<'static>),
            ("policyId", CardInfo::policy_id),
            ("formFactor", CardInfo::form_factor),
            ("pacNumber", CardInfo::pac_number),
        ] {
            let document: &'static str = card(&format!(r#""{name}":{value},"#)).leak();
            assert_eq!(get(&read(document)).to_string(), printed);
        }
        if value == "null" {
            continue; // A card without an id is no card.
        }
        let document = format!(r#"{{"id":{value}}}"#);
        assert_eq!(read(&document).id().to_string(), printed);
    }
}

#[test]
fn tags_are_a_list_in_every_form() {
    for (field, tags) in [
        ("", vec![]),
        (r#""tags":null,"#, vec![]),
        (r#""tags":[],"#, vec![]),
        (r#""tags":"vip","#, vec!["vip"]),
        (r#""tags":["vip"],"#, vec!["vip"]),
        (r#""tags": [ "vip" , "h\u0071" ] ,"#, vec!["vip", "hq"]),
        (r#""tags":["1","2","3","4","5","6","7","8","9"],"#, vec!["1", "2", "3", "4", "5", "6", "7", "8", "9"]),
    ] {
        let document = card(field);
        let list = read(&document).tags();
        let read: Vec<String> = list.into_iter().map(|tag| tag.unwrap().to_string()).collect();
        assert_eq!(read, tags, "{field}");
        assert_eq!(list.is_empty(), tags.is_empty());
        assert_eq!(serde_json::to_value(list).unwrap(), json!(tags));
    }
}

#[test]
fn a_state_that_nobody_knows_is_kept() {
    for (value, known, printed) in [
        (r#""Issued""#, Some(CardState::Issued), "Issued"),
        (r#""iSSUED""#, Some(CardState::Issued), "Issued"),
        (r#""Quarantined""#, None, "Quarantined"),
        ("4", None, "4"),
        ("null", None, ""),
    ] {
        let document = format!(r#"{{"id":1,"state":{value}}}"#);
        let state = read(&document).state();
        assert_eq!((state.known(), state.to_string().as_str()), (known, printed));
        assert!(CardState::ALL.iter().all(|one| state.is(*one) == (known == Some(*one))));
        assert_eq!(serde_json::to_string(&state).unwrap(), value);
    }
    let document = card(r#""certificates":[{"type":"managed"},{"type":"New"},{}],"#);
    let kinds: Vec<Option<CertificateType>> =
        read(&document).certificates().into_iter().map(|certificate| certificate.unwrap().kind().known()).collect();
    assert_eq!(kinds, [Some(CertificateType::Managed), None, None]);
}

#[test]
fn what_nobody_knows_is_kept_in_the_object() {
    let document = format!("\u{FEFF}  {} ", card(r#""x":{"a":[1,{"b":null}],"😀":"\ud83d\ude00"},"label":"L","#));
    let card = read(&document);
    assert_eq!(card.json(), document.trim_matches(['\u{FEFF}', ' ']));
    assert_eq!(card.label().unwrap(), "L");
    assert!(serde_json::from_str::<Value>(card.json()).unwrap()["x"]["a"].is_array());
    let long = format!(r#""y":"\n{}","#, "L".repeat(300));
    assert!(self::card(&long).contains(read(&self::card(&long)).json()));
}

#[test]
fn a_field_whose_name_stands_twice_makes_an_object_unreadable() {
    for (document, name) in [
        (r#"{"id":1,"label":"a","id":2}"#, "id"),
        (r#"{"id":1,"label":null,"label":"b"}"#, "label"),
        (r#"{"id":1,"label":"a","l\u0061bel":"a"}"#, "label"),
    ] {
        let error = json::from_slice::<CardInfo<'_>>(document.as_bytes()).unwrap_err();
        assert_eq!((error.code, error.what), (Code::JsonSyntax, name), "{document}");
    }
    assert!(read(r#"{"id":1,"zeal":1,"zeal":2}"#).id().reads("1"), "of names that nobody knows nothing is read");
}

/// Every letter of a name as an escape.
fn escaped(name: &str) -> String {
    name.chars().map(|c| format!("\\u{:04x}", u32::from(c))).collect()
}

#[test]
fn a_name_may_be_escaped() {
    assert_eq!(read(&card(r#""l\u0061bel":"x","#)).label().unwrap(), "x");
    let mut names = 0;
    let mut all = |fields: &[Field], read: &dyn Fn(&str) -> Vec<String>| {
        let object = |name: &dyn Fn(&str) -> String| {
            let rows: Vec<String> =
                fields.iter().enumerate().map(|(n, field)| format!(r#""{}":"{n}""#, name(field.name))).collect();
            format!("{{{}}}", rows.join(","))
        };
        let wanted: Vec<String> = (0..fields.len()).map(|n| format!("\"{n}\"")).collect();
        assert_eq!(read(&object(&str::to_owned)), wanted);
        assert_eq!(read(&object(&escaped)), wanted);
        names += fields.len();
    };
    macro_rules! view {
        ($view:ident) => {
            all($view::FIELDS, &|json| {
                let view = json::from_slice::<$view<'_>>(json.as_bytes()).unwrap();
                (0..$view::FIELDS.len()).map(|n| view.raw(n).to_owned()).collect()
            });
        };
    }
    view!(CardInfo);
    view!(Certificate);
    view!(Smartcard);
    view!(Request);
    view!(DataItem);
    assert_eq!(names, 21 + 6 + 13 + 21 + 2);
    // A name with an escape in it that is longer than any that is known.
    assert!(read(&card(&format!(r#""{}":1,"#, escaped(&"x".repeat(200))))).label().is_none());
}

#[test]
fn names_are_told_apart_by_their_case_and_every_byte() {
    let document = card(r#""Label":"no","label ":"no","labe":"no","labelx":"no","l\u0000abel":"no","#);
    assert!(read(&document).label().is_none());
}

#[test]
fn a_missing_field_is_named_and_so_is_its_object() {
    let error = json::from_slice::<CardInfo<'_>>(br#" {"label":"x"}"#).unwrap_err();
    assert_eq!(error, Error { code: Code::JsonMissing, at: 1, what: "id" });
    let error = json::from_slice::<CardInfo<'_>>(br#"{"label":"x", "id": null}"#).unwrap_err();
    assert_eq!(error, Error { code: Code::JsonMissing, at: 0, what: "id" });
    for error in [
        json::from_slice::<Smartcard<'_>>(b"{}").unwrap_err(),
        json::from_slice::<Request<'_>>(br#"{"uuid":"wrong case"}"#).unwrap_err(),
    ] {
        assert_eq!(error, Error { code: Code::JsonMissing, at: 0, what: "Uuid" });
    }
    let list = br#"[{"id":1},{"label":"x"}]"#;
    let error = List::<CardInfo<'_>>::new(list).unwrap().into_iter().find_map(Result::err).unwrap();
    let mut place = String::new();
    json::path(list, error.at, &mut place).unwrap();
    assert_eq!((error.code, place.as_str()), (Code::JsonMissing, "$[1]"));
    let card = br#"{"id":1,"certificates":{}}"#;
    assert!(json::from_slice::<CardInfo<'_>>(card).is_ok(), "no field of a certificate is required");
}

#[test]
fn places_that_do_not_fit_read_as_absent() {
    let text = card(r#""label":"Ж😀","tags":["a","b"],"certificates":[{"type":"Managed"}],"#);
    let spans = *read(&text).spans();
    let again = CardInfo::attach(read(&text).json(), spans);
    assert_eq!(serde_json::to_string(&again).unwrap(), serde_json::to_string(&read(&text)).unwrap());

    for other in [
        "",
        "x",
        "{}",
        "Ж",
        "😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀",
        "[[[[[[[[[[[[",
        "\"\"\"\"\"\"\"\"\"\"\"",
        &text[1..],
    ] {
        let view = CardInfo::attach(other, spans);
        let _ = (format!("{view:?}"), serde_json::to_string(&view));
        if other.len() < 5 {
            assert!(view.id().is_null() && view.label().is_none() && view.tags().is_empty());
            assert!(view.certificates().is_empty() && view.state().known().is_none());
        }
        for n in 0..30 {
            assert!(view.raw(n).len() <= other.len());
        }
        assert_eq!(view.json(), other);
    }
    assert_eq!(read(&text).raw(21), "", "no such field");
}

#[test]
fn a_schema_describes_the_fields_that_the_table_has() {
    let tables: [(&[Field], &Schema); 5] = [
        (CardInfo::FIELDS, &CardInfo::SCHEMA),
        (Certificate::FIELDS, &Certificate::SCHEMA),
        (Smartcard::FIELDS, &Smartcard::SCHEMA),
        (Request::FIELDS, &Request::SCHEMA),
        (DataItem::FIELDS, &DataItem::SCHEMA),
    ];
    for (fields, schema) in tables {
        assert_eq!(fields.len(), schema.fields.len(), "{}", schema.name);
        for (field, described) in fields.iter().zip(schema.fields) {
            let kind = match described.value {
                ValueType::Text | ValueType::Date | ValueType::Uuid => Kind::Text,
                ValueType::Texts | ValueType::Objects(_) => Kind::List,
                _ => Kind::Scalar,
            };
            let told = Field::new(described.name, kind, described.required);
            assert_eq!(*field, told, "{}", schema.name);
            assert!(described.doc.starts_with(' ') && described.doc.ends_with('\n'), "{}", field.name);
        }
    }
    let parameters = Query::PARAMETERS.map(|parameter| parameter.name);
    assert!(parameters.iter().eq(Query::SCHEMA.fields.iter().map(|field| &field.name)));
    let certificates = CardInfo::SCHEMA.fields.iter().find(|field| field.getter == "certificates");
    assert!(matches!(certificates.unwrap().value, ValueType::Objects(of) if of.name == "Certificate"));
}

#[test]
fn a_view_is_written_as_the_known_fields_of_its_document() {
    let document = card(
        r#""label":"\ud83d\ude00\\","x":1,"tags":"one","policyId":"g","pacNumber":12,"comment":null,"certificates":[{"serialNumber":"S","y":2}],"#,
    );
    let value = serde_json::to_value(read(&document)).unwrap();
    let names: Vec<&str> = CardInfo::FIELDS.iter().map(|field| field.name).collect();
    assert_eq!(value.as_object().unwrap().keys().collect::<Vec<_>>(), names);
    let mut wanted: Value = serde_json::from_str(&document).unwrap();
    wanted["tags"] = json!(["one"]);
    for (name, kind) in CardInfo::FIELDS.iter().map(|field| (field.name, field.kind)) {
        let wanted = match (wanted.get(name), name) {
            (_, "certificates") => {
                json!([{"type": null, "serialNumber": "S", "thumbprint": null, "subject": null, "issuer": null, "validTo": null}])
            }
            (Some(value), _) => value.clone(),
            (None, _) if kind == Kind::List => json!([]),
            (None, _) => Value::Null,
        };
        assert_eq!(value[name], wanted, "{name}");
    }
    let broken = card(r#""tags":[1],"#);
    assert!(serde_json::to_string(&read(&broken)).is_err(), "a list that cannot be read is not written");
}

#[cfg(feature = "alloc")]
#[test]
fn an_owned_copy_says_what_the_view_says() {
    for sample in cardwright_testkit::exchanges::samples()
        .iter()
        .filter(|sample| sample.name.starts_with("certiflow/cards-reply"))
    {
        let list = List::<CardInfo<'_>>::new(sample.reply.as_bytes()).unwrap();
        for card in list.into_iter().map(Result::unwrap) {
            let owned = card.owned();
            assert_eq!(owned.view().json(), card.json());
            assert_eq!(serde_json::to_string(&owned).unwrap(), serde_json::to_string(&card).unwrap());
            assert_eq!(format!("{owned:?}"), format!("{card:?}"));
            for (a, b) in owned.view().certificates().into_iter().zip(card.certificates()) {
                assert_eq!(a.unwrap().owned().view().json(), b.unwrap().json());
            }
        }
    }
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct SomeOfCard<'a> {
    id: u32,
    serial_number: &'a str,
    state: &'a str,
    user_name: String,
    time_issued: &'a str,
    policy_id: u32,
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SomeOfSmartcard<'a> {
    uuid: &'a str,
    status: i32,
    atr: &'a str,
    serial_number: &'a str,
}

#[test]
fn serde_json_core_reads_the_same_in_the_samples() {
    let mut compared = 0;
    for sample in cardwright_testkit::exchanges::samples() {
        let document = sample.reply.as_bytes();
        let mut scratch = [0; 256];
        if sample.name.starts_with("certiflow/cards-reply") {
            let (theirs, _) =
                serde_json_core::from_slice_escaped::<[SomeOfCard<'_>; 1]>(document, &mut scratch).unwrap();
            let list = List::<CardInfo<'_>>::new(document).unwrap();
            let ours = list.into_iter().next().unwrap().unwrap();
            let theirs = &theirs[0];
            assert_eq!(ours.id().as_i64(), Some(theirs.id.into()));
            assert_eq!(ours.policy_id().as_i64(), Some(theirs.policy_id.into()));
            assert_eq!(ours.serial_number().unwrap(), theirs.serial_number);
            assert_eq!(ours.state().to_string(), theirs.state);
            assert_eq!(ours.user_name().unwrap(), theirs.user_name.as_str());
            assert_eq!(ours.time_issued().unwrap(), theirs.time_issued);
            compared += 1;
        } else if sample.name.contains("smartcard") && sample.reply.contains("Middleware") {
            let (theirs, _) =
                serde_json_core::from_slice_escaped::<SomeOfSmartcard<'_>>(document, &mut scratch).unwrap();
            let ours = json::from_slice::<Smartcard<'_>>(document).unwrap();
            assert_eq!(ours.uuid().unwrap(), theirs.uuid);
            assert_eq!(ours.status().as_i64(), Some(theirs.status.into()));
            assert_eq!(ours.atr().unwrap(), theirs.atr);
            assert_eq!(ours.serial_number().unwrap(), theirs.serial_number);
            compared += 1;
        }
    }
    println!("{compared} samples");
    assert_eq!(compared, 5);
}

#[test]
fn a_field_is_known_by_its_whole_name_however_it_is_laid_out() {
    for (document, label) in [
        (r#"{"id":1,"label":"x"}"#, Some("x")),
        (r#"{"id":1,"label" : "x"}"#, Some("x")),
        (r#"{"id":1,"l\u0061bel":"x"}"#, Some("x")),
        (r#"{"label":"x","id":1}"#, Some("x")),
        (r#"{"id":1,"labe":"x"}"#, None),
        (r#"{"id":1,"labels":"x"}"#, None),
        (r#"{"id":1,"label\u0022:":"x"}"#, None),
        (r#"{"id":1,"Label":"x"}"#, None),
    ] {
        let card = json::from_slice::<CardInfo<'_>>(document.as_bytes()).unwrap();
        assert_eq!(card.label().and_then(Text::plain), label, "{document}");
    }
    for (document, code, at) in [
        (r#"{"id"1}"#, Code::JsonSyntax, 5),
        (r#"{"id":1,"id}"#, Code::JsonEnd, 12),
        (r#"{"id":1,"label"}"#, Code::JsonSyntax, 15),
        (r#"{"id":1,"label":1}"#, Code::JsonType, 16),
        (r#"{"id":["1"]}"#, Code::JsonType, 6),
    ] {
        let error = json::from_slice::<CardInfo<'_>>(document.as_bytes()).unwrap_err();
        assert_eq!((error.code, error.at), (code, at), "{document}");
    }
}
