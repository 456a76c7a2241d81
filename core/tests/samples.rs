//! The vendors' own exchanges are the judge: their replies lose nothing in a view, and their requests
//! are those that the calls write.

use cardwright_core::certiflow::{self, CardInfo, CardState, Certificate, ContentExpirationStatus, Dialect};
use cardwright_core::certiflow::{Query, RevocationReason};
use cardwright_core::http::{self, Call};
use cardwright_core::json::{self, Field, FromJson, List, Text};
use cardwright_core::lifecycle::Operation;
use cardwright_core::mim::{self, CreateRequest, DataItem, RequestEnd, RequestKind, Smartcard, SmartcardStatus};
use cardwright_testkit::exchanges::{Sample, samples};
use serde_json::Value;

const MIM: &str = "/CertificateManagement/";

#[test]
fn every_request_of_the_samples_is_written_by_a_call() {
    let samples = samples();
    samples.iter().for_each(request);
    println!("{} requests compared", samples.len());
    assert!(samples.len() >= 44, "samples are missing");
}

#[test]
fn no_field_of_a_reply_is_lost_and_their_order_is_kept() {
    let (mut compared, mut vendor) = (0, 0);
    for sample in samples().iter().filter(|sample| !sample.reply.is_empty()) {
        reply(sample);
        compared += 1;
        vendor += usize::from(sample.by_vendor);
    }
    println!("{compared} replies compared, {vendor} of them printed by the vendor");
    assert!(vendor > 0, "no reply of a vendor was compared");
}

/// Compares the request of a sample with what a call writes.
fn request(sample: &Sample) {
    let certiflow = |dialect: Dialect, call: certiflow::Call<'_>| {
        assert_eq!(sample.dialect(), dialect, "{}", sample.name);
        compare(sample, &format!("{}/", dialect.base()), &call.in_dialect(dialect).unwrap());
    };
    let of_user = |name| certiflow::Call::Cards(Query { user_name: Some(name), ..Query::default() });
    let operate = |operation, id, reason| certiflow::Call::Operate { operation, id, reason };
    let mim = |call: mim::Call<'_>| {
        call.check().unwrap();
        compare(sample, MIM, &call);
    };
    let filters = Query {
        offset: Some(100),
        count: Some(50),
        serial_number: Some("02A1B3C4"),
        user_name: Some(r"DEMO\ipetrov"),
        card_type_name: Some("IDPrime MD"),
        comment: Some("HQ"),
        tags: &["vip", "hq"],
        ..Query::default()
    };
    let create = CreateRequest {
        kind: RequestKind::Enroll,
        smartcard: None,
        profile_template: None,
        target: None,
        data_collection: "[]",
        comment: "",
        priority: None,
    };
    match sample.name.as_str() {
        "certiflow/cards.http" | "certiflow/cards-reply.http" | "certiflow/cards-reply-all-dates.http" => {
            certiflow(Dialect::G6, certiflow::Call::Cards(Query::default()));
        }
        "certiflow/cards-filters-g6.http" => certiflow(
            Dialect::G6,
            certiflow::Call::Cards(Query {
                state: Some(CardState::Issued),
                content_expiration_status: Some(ContentExpirationStatus::ManagedCertificatesExpiring),
                ..filters
            }),
        ),
        "certiflow/cards-filters-g7.http" => certiflow(
            Dialect::G7,
            certiflow::Call::Cards(Query {
                card_model_name: Some("IDPrime MD 830"),
                policy_name: Some("Default"),
                state: Some(CardState::Revoked),
                content_expiration_status: Some(ContentExpirationStatus::CommonCertificatesExpired),
                time_issued: Some("2024-12-03T11:22:20.1824104Z"),
                time_updated: Some("2024-12-03"),
                time_revoked: Some("2024-12-03T11:22:20.1824104Z"),
                ..filters
            }),
        ),
        "certiflow/revoke.http" => {
            certiflow(Dialect::G6, operate(Operation::Revoke, "1013", Some(RevocationReason::CardWithdraw)));
        }
        "certiflow/disable.http" => certiflow(Dialect::G6, operate(Operation::Suspend, "1065", None)),
        "certiflow/enable.http" => certiflow(Dialect::G6, operate(Operation::Resume, "1065", None)),
        "certiflow/preupdate.http" => certiflow(Dialect::G6, operate(Operation::PreUpdate, "1073", None)),
        "certiflow/g1-getcards.http" => certiflow(Dialect::G1, of_user("user1")),
        "certiflow/g1-getcards-reply.http" => certiflow(Dialect::G1, of_user("ipetrov@demo.example")),
        "certiflow/g2-getcards.http" => certiflow(Dialect::G2, of_user("mike.benson@demo.local")),
        "certiflow/g2-getcards-reply.http" => certiflow(Dialect::G2, of_user("ipetrov@demo.example")),
        "certiflow/g3-getcards-reply.http" => certiflow(Dialect::G3, of_user("ipetrov@demo.example")),
        "certiflow/g2-getallcards.http" => certiflow(Dialect::G2, certiflow::Call::Cards(Query::default())),
        "certiflow/g2-getallcards-page.http" => {
            let page = Query { offset: Some(100), count: Some(50), ..Query::default() };
            certiflow(Dialect::G2, certiflow::Call::Cards(page));
        }
        "certiflow/g2-revoke.http" => {
            certiflow(Dialect::G2, operate(Operation::Revoke, "1065", Some(RevocationReason::CardCompromised)));
        }
        "certiflow/g3-getallcards-filters.http" => {
            certiflow(Dialect::G3, certiflow::Call::Cards(Query { user_name: None, ..filters }));
        }
        "certiflow/g4-cards.http" => certiflow(Dialect::G4, certiflow::Call::Cards(Query::default())),
        "certiflow/g5-cards.http" => certiflow(Dialect::G5, certiflow::Call::Cards(Query::default())),
        "certiflow/g4-cards-filters.http" | "certiflow/g5-cards-filters.http" => {
            let upn = sample.dialect() == Dialect::G5;
            let query = Query {
                user_name: Some(if upn { "ipetrov@demo.example" } else { "ipetrov" }),
                state: Some(CardState::Issued),
                content_expiration_status: Some(ContentExpirationStatus::ManagedCertificatesExpiring),
                ..filters
            };
            certiflow(sample.dialect(), certiflow::Call::Cards(query));
        }
        "certiflow/g4-revoke.http" => {
            certiflow(Dialect::G4, operate(Operation::Revoke, "1", Some(RevocationReason::CardWithdraw)));
        }
        "certiflow/g5-revoke.http" => {
            certiflow(Dialect::G5, operate(Operation::Revoke, "1065", Some(RevocationReason::CardLost)));
        }
        "certiflow/g4-disable.http" => certiflow(Dialect::G4, operate(Operation::Suspend, "1", None)),
        "certiflow/g4-enable.http" => certiflow(Dialect::G4, operate(Operation::Resume, "1", None)),
        "certiflow/g4-preupdate.http" => certiflow(Dialect::G4, operate(Operation::PreUpdate, "1", None)),
        "certiflow/g1-revoke.http" => {
            certiflow(Dialect::G1, operate(Operation::Revoke, "id1", Some(RevocationReason::CardWithdraw)));
        }
        "certiflow/g1-disable.http" => certiflow(Dialect::G1, operate(Operation::Suspend, "id1", None)),
        "certiflow/g1-enable.http" => certiflow(Dialect::G1, operate(Operation::Resume, "id1", None)),
        "certiflow/g1-preupdate.http" => certiflow(Dialect::G1, operate(Operation::PreUpdate, "id1", None)),
        "certiflow/g7-card.http" => certiflow(Dialect::G7, certiflow::Call::Card { id: "1013" }),
        "certiflow/g7-withdraw.http" => certiflow(Dialect::G7, operate(Operation::Retire, "1013", None)),
        "mim/post-requests-enroll.http" => mim(mim::Call::CreateRequest(CreateRequest {
            profile_template: Some("a039b4d0-5ce8-4eff-8651-181c6576fda3"),
            ..create
        })),
        "mim/post-requests-unblock.http" => mim(mim::Call::CreateRequest(CreateRequest {
            kind: RequestKind::Unblock,
            smartcard: Some("17cf063d-e337-4aa9-a822-346554ddd3c9"),
            ..create
        })),
        "mim/post-requests-enroll-target.http" => mim(mim::Call::CreateRequest(CreateRequest {
            profile_template: Some("97CD65FA-AF4B-4587-9309-0DD6BFD8B4E1"),
            target: Some("97CC3493-F556-4C9B-9D8B-982434201527"),
            data_collection: r#"[{"name":"pavle"},{"city":"seattle"}]"#,
            comment: "LALALALA",
            priority: Some(4),
            ..create
        })),
        "mim/get-request-enroll.http" => mim(mim::Call::Request { uuid: "a9b4b42c-cc50-4c9b-89d1-bbc0bcd5a099" }),
        "mim/get-request-unblock.http" => mim(mim::Call::Request { uuid: "0c96d73f-967b-420e-854a-43ad2a1504bc" }),
        "mim/put-request-completed.http" => {
            mim(mim::Call::EndRequest { uuid: "a9b4b42c-cc50-4c9b-89d1-bbc0bcd5a099", end: RequestEnd::Completed })
        }
        "mim/get-smartcards-by-cardid.http" => {
            mim(mim::Call::SmartcardByCardId { card_id: "d1ef6869-5517-42a0-8f05-16ca1a0b834d" });
        }
        "mim/get-smartcard-by-uuid.http" => mim(mim::Call::Smartcard { uuid: "17cf063d-e337-4aa9-a822-346554ddd3c9" }),
        "mim/put-smartcard-retired.http" => mim(mim::Call::UpdateSmartcard {
            request: "b105403d-d021-41ea-9f11-be3d677d229e",
            uuid: "17cf063d-e337-4aa9-a822-346554ddd3c9",
            status: SmartcardStatus::Retired,
        }),
        "mim/post-smartcards-assign.http" => mim(mim::Call::AssignSmartcard {
            request: "a9b4b42c-cc50-4c9b-89d1-bbc0bcd5a099",
            card_id: "bc88f13f-83ba-4037-8262-46eba1291c6e",
            atr: "3b8d0180fba000000397425446590301c8",
        }),
        "mim/get-smartcard-operations.http" => {
            mim(mim::Call::Operations { uuid: "438d1b30-f3b4-4bed-85fa-285e08605ba7" });
        }
        name => panic!("{name}: no call is known for this sample"),
    }
}

fn compare(sample: &Sample, base: &str, call: &impl Call) {
    let name = &sample.name;
    assert_eq!(call.route().method.name(), sample.method, "{name}");
    let mut buffer = vec![0; http::target_len(call)];
    let ours = http::target_to(call, &mut buffer).unwrap();
    let theirs = sample.target.strip_prefix(base).expect(name);
    assert_eq!(address(ours), address(theirs), "{name}");

    let mut buffer = vec![0; http::body_len(call)];
    let ours = http::body_to(call, &mut buffer).unwrap();
    assert_eq!(ours.is_empty(), sample.body.is_empty(), "{name}: {ours}");
    if !ours.is_empty() {
        assert!(call.has_body(), "{name}");
        assert_eq!(body(ours), body(&sample.body), "{name}");
    }
}

/// The path, and the parameters decoded.
fn address(target: &str) -> (String, Vec<(String, String)>) {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let pairs = pairs.map(|pair| pair.split_once('=').expect(pair)).map(|(k, v)| (decoded(k), decoded(v)));
    (decoded(path), pairs.collect())
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        bytes.extend_from_slice(before.as_bytes());
        bytes.push(u8::from_str_radix(&after[..2], 16).unwrap());
        rest = &after[2..];
    }
    bytes.extend_from_slice(rest.as_bytes());
    String::from_utf8(bytes).unwrap()
}

/// A body's fields. The examples write the data items as a list and as a list in a text, and the
/// priority as a text; both are read as what they mean.
fn body(json: &str) -> Value {
    let mut body: Value = serde_json::from_str(json).unwrap();
    if let Some(items) = body.get("datacollection").and_then(Value::as_str) {
        body["datacollection"] = serde_json::from_str(items).unwrap();
    }
    if let Some(priority) = body.get("priority").and_then(Value::as_str) {
        body["priority"] = priority.parse::<i64>().unwrap().into();
    }
    body
}

/// Reads the reply of a sample, and writes it again.
fn reply(sample: &Sample) {
    let name = &sample.name;
    let value: Value = serde_json::from_str(&sample.reply).expect(name);
    let document = sample.reply.as_bytes();
    json::check(document).expect(name);
    match &value {
        Value::Object(object) if object.contains_key("RequestType") => {
            known(name, &value, mim::Request::FIELDS);
            for item in object["DataCollection"].as_array().unwrap() {
                known(name, item, DataItem::FIELDS);
            }
            same(name, &value, json::from_slice::<mim::Request<'_>>(document).unwrap());
        }
        Value::Object(_) => {
            known(name, &value, Smartcard::FIELDS);
            same(name, &value, json::from_slice::<Smartcard<'_>>(document).unwrap());
        }
        Value::Array(items) if items[0].is_object() => {
            for item in items {
                let fields = CardInfo::FIELDS.iter().filter(|field| sample.dialect().has_field(field.name));
                known(name, item, fields);
                for certificate in item["certificates"].as_array().into_iter().flatten() {
                    known(name, certificate, Certificate::FIELDS);
                }
            }
            let view = json::from_slice::<List<'_, CardInfo<'_>>>(document).unwrap();
            let mut written: Value = serde_json::from_str(&serde_json::to_string(&view).unwrap()).unwrap();
            for card in written.as_array_mut().unwrap() {
                // A view has all fields; nothing is in those that the generation lacks.
                card.as_object_mut().unwrap().retain(|field, value| {
                    let has = sample.dialect().has_field(field);
                    assert!(has || value.is_null() || value.as_array().is_some_and(Vec::is_empty), "{name}: {field}");
                    has
                });
            }
            assert_eq!(written.to_string(), value.to_string(), "{name}");
        }
        Value::Array(_) => same(name, &value, json::from_slice::<List<'_, Text<'_>>>(document).unwrap()),
        Value::String(uri) => {
            same(name, &value, json::from_slice::<Text<'_>>(document).unwrap());
            assert_eq!(mim::id_of_uri(uri).map(str::len), Some(36), "{name}");
        }
        other => panic!("{name}: {other}"),
    }
    assert!(sample.status.starts_with('2'), "{name}");
}

/// Each field is in the table, in the order of the table, and none of the table is missing.
fn known<'f>(name: &str, value: &Value, fields: impl IntoIterator<Item = &'f Field>) {
    let theirs: Vec<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
    let ours: Vec<&str> = fields.into_iter().map(|field| field.name).collect();
    assert_eq!(theirs, ours, "{name}");
}

fn same<'a>(name: &str, value: &Value, view: impl FromJson<'a> + serde::Serialize) {
    assert_eq!(serde_json::to_string(&view).unwrap(), value.to_string(), "{name}");
}

#[test]
fn the_operations_that_mim_lists_are_told_apart() {
    let sample = samples().into_iter().find(|sample| sample.name == "mim/get-smartcard-operations.http").unwrap();
    let words = json::from_slice::<List<'_, Text<'_>>>(sample.reply.as_bytes()).unwrap();
    let words: Vec<String> = words.into_iter().map(|word| word.unwrap().to_string()).collect();
    assert_eq!(words, ["renew", "unblock", "retire"]);
    let known: Vec<Option<Operation>> = words.iter().map(|word| mim::listed_operation(word)).collect();
    assert_eq!(known, [None, None, Some(Operation::Retire)]);
    assert_eq!(mim::listed_operation("Disable"), Some(Operation::Revoke));
}
