//! Calls as they are written: address, parameters, body, and their lengths known beforehand.

use cardwright_core::certiflow::{
    self, CardState, ContentExpirationStatus, Dialect, Parameter, Query, RevocationReason,
};
use cardwright_core::http::{self, Call, Method, Route};
use cardwright_core::json;
use cardwright_core::lifecycle::{Operation, System};
use cardwright_core::mim::{self, CreateRequest, RequestEnd, RequestKind, SmartcardStatus};
use cardwright_core::{Code, Error, Named};

/// Texts that would break an address or a body if they were written as they are.
const HARD: [&str; 12] = [
    r"DEMO\ipetrov",
    "ipetrov@demo.example",
    "a+b/c==",
    "Иван Петров",
    "😀",
    "100%",
    "a b",
    "a&b=c?d#e",
    "../..",
    "\"quoted\" \\ and \u{1}\u{1f}\n\r\t\u{7f}",
    "{d1ef6869-5517-42a0-8f05-16ca1a0b834d}",
    "plain-._~09AZaz",
];

#[test]
fn everything_but_the_unreserved_characters_is_percent_encoded() {
    for (text, encoded) in [
        ("", ""),
        (r"DEMO\ipetrov", "DEMO%5Cipetrov"),
        ("ipetrov@demo.example", "ipetrov%40demo.example"),
        ("a+b/c==", "a%2Bb%2Fc%3D%3D"),
        ("Иван", "%D0%98%D0%B2%D0%B0%D0%BD"),
        ("😀", "%F0%9F%98%80"),
        ("100%", "100%25"),
        ("%41", "%2541"),
        ("a b", "a%20b"),
        ("../..", "..%2F.."),
        ("AZaz09-._~", "AZaz09-._~"),
        ("\0\u{7f}", "%00%7F"),
    ] {
        let mut out = String::new();
        http::encode(text, &mut out).unwrap();
        assert_eq!(out, encoded, "{text:?}");
    }
    for c in 0u8..=127 {
        let mut out = String::new();
        http::encode((c as char).encode_utf8(&mut [0; 4]), &mut out).unwrap();
        let kept = c.is_ascii_alphanumeric() || b"-._~".contains(&c);
        assert_eq!(out, if kept { (c as char).to_string() } else { format!("%{c:02X}") });
    }
}

#[test]
fn an_address_is_written_with_its_arguments_encoded() {
    let card = certiflow::Call::Card { id: r"a/b\c?d" }.in_dialect(Dialect::G7).unwrap();
    assert_eq!(target(&card), "Cards/a%2Fb%5Cc%3Fd");
    let update = mim::Call::UpdateSmartcard { request: "r/1", uuid: "u 2", status: SmartcardStatus::Retired };
    assert_eq!(target(&update), "api/v1.0/requests/r%2F1/smartcards/u%202");
    let find = mim::Call::SmartcardByCardId { card_id: "a&b" };
    assert_eq!(target(&find), "api/v1.0/smartcards?cardid=a%26b");
    let query = Query { user_name: Some(r"DEMO\ipetrov"), tags: &["a&b", "c"], count: Some(0), ..Query::default() };
    let cards = certiflow::Call::Cards(query).in_dialect(Dialect::G6).unwrap();
    assert_eq!(target(&cards), "Cards?count=0&userName=DEMO%5Cipetrov&tags=a%26b&tags=c");
    let all = certiflow::Call::Cards(Query::default()).in_dialect(Dialect::G6).unwrap();
    assert_eq!(target(&all), "Cards");
}

#[test]
fn the_lengths_of_every_call_are_known_before_it_is_written() {
    let mut calls = 0;
    for text in HARD {
        for call in certiflow_calls(text) {
            measured(&call.in_dialect(Dialect::G7).unwrap());
            calls += 1;
        }
        for call in mim_calls(text) {
            call.check().unwrap();
            measured(&call);
            calls += 1;
        }
    }
    println!("{calls} calls");
    assert!(calls > 200);
}

/// The lengths are right, a buffer of that length does, and each shorter one says what is needed.
fn measured(call: &impl Call) {
    let address = target(call);
    assert_eq!(http::target_len(call), address.len());
    assert_eq!(http::target_to(call, &mut vec![0; address.len()]).unwrap(), address);
    assert_eq!(http::target_to(call, &mut vec![0xFF; address.len() + 9]).unwrap(), address);
    let body = body(call);
    assert_eq!(http::body_len(call), body.len());
    assert_eq!(http::body_to(call, &mut vec![0; body.len()]).unwrap(), body);
    for room in 0..address.len() {
        let error = http::target_to(call, &mut vec![0; room]).unwrap_err();
        assert_eq!(error, Error::new(Code::Room, address.len()));
    }
    for room in 0..body.len() {
        let error = http::body_to(call, &mut vec![0; room]).unwrap_err();
        assert_eq!(error, Error::new(Code::Room, body.len()));
    }
    assert!(call.has_body() || body.is_empty());
    if !body.is_empty() {
        json::check(body.as_bytes()).unwrap();
    }
    assert!(address.is_ascii() && !address.contains([' ', '\\', '"']));
    // The route takes back what it wrote.
    let mut arguments = ["", "", ""];
    let path = address.split('?').next().unwrap();
    assert!(call.route().matches(path, &mut arguments), "{path}");
    for (n, argument) in arguments.into_iter().enumerate().filter(|(_, argument)| !argument.is_empty()) {
        let mut encoded = String::new();
        http::encode(call.argument(n), &mut encoded).unwrap();
        assert_eq!(argument, encoded);
    }
}

#[test]
fn an_id_that_would_lead_elsewhere_is_refused() {
    for id in ["", ".", ".."] {
        for error in [
            certiflow::Call::Card { id }.in_dialect(Dialect::G7).unwrap_err(),
            certiflow::Call::Operate { operation: Operation::Suspend, id, reason: None }
                .in_dialect(Dialect::G7)
                .unwrap_err(),
            mim::Call::Smartcard { uuid: id }.check().unwrap_err(),
            mim::Call::Operations { uuid: id }.check().unwrap_err(),
            mim::Call::Request { uuid: id }.check().unwrap_err(),
            mim::Call::EndRequest { uuid: id, end: RequestEnd::Completed }.check().unwrap_err(),
            update("r", id).check().unwrap_err(),
        ] {
            assert_eq!((error.code, error.what), (Code::Unwritable, "id"), "{id:?}");
        }
        for error in [update(id, "u").check().unwrap_err(), assign(id, "c").check().unwrap_err()] {
            assert_eq!((error.code, error.what), (Code::Unwritable, "requestid"), "{id:?}");
        }
        for error in
            [assign("r", id).check().unwrap_err(), mim::Call::SmartcardByCardId { card_id: id }.check().unwrap_err()]
        {
            assert_eq!((error.code, error.what), (Code::Unwritable, "cardid"), "{id:?}");
        }
    }
    assert!(certiflow::Call::Card { id: "..." }.in_dialect(Dialect::G7).is_ok());
}

#[test]
fn what_the_older_dialect_lacks_is_named() {
    // The pages of the generations, by hand: what each list of all cards added.
    let added: [(Dialect, &[&str]); 5] = [
        (Dialect::G2, &["offset", "count"]),
        (Dialect::G3, &["filter.serialNumber", "filter.cardTypeName", "filter.comment", "filter.tags"]),
        (Dialect::G4, &["filter.userName", "filter.state", "filter.contentExpirationStatus"]),
        (
            Dialect::G6,
            &["serialNumber", "userName", "cardTypeName", "comment", "tags", "state", "contentExpirationStatus"],
        ),
        (Dialect::G7, &["cardModelName", "policyName", "timeIssued", "timeUpdated", "timeRevoked"]),
    ];
    let mut seen = 0;
    for dialect in [Dialect::G2, Dialect::G3, Dialect::G4, Dialect::G5, Dialect::G6, Dialect::G7] {
        let path = if dialect <= Dialect::G3 { "Card/GetAllCards" } else { "Cards" };
        for (parameter, query) in one_parameter_each() {
            let page = ["offset", "count"].contains(&parameter.name);
            let prefixed = format!("filter.{}", parameter.name);
            let prefix = (Dialect::G3..=Dialect::G5).contains(&dialect) && !page;
            let wire = if prefix { &prefixed } else { parameter.name };
            let has = added.iter().any(|(since, names)| *since <= dialect && names.contains(&wire));
            assert_eq!(query.is_filter(), !page, "{wire}");
            seen += 1;
            match certiflow::Call::Cards(query).in_dialect(dialect) {
                // Before G4 the cards of a user have a list of their own.
                Ok(request) if parameter.name == "userName" && dialect <= Dialect::G3 => {
                    assert!(target(&request).starts_with("user/getcards?name="), "{}", target(&request));
                }
                Ok(request) => {
                    assert!(has, "{dialect:?} {wire}");
                    assert!(target(&request).starts_with(&format!("{path}?{wire}=")), "{}", target(&request));
                }
                Err(error) => {
                    assert!(!has, "{dialect:?} {wire}");
                    let wanted = (Code::NoSuchParameter, parameter.name, dialect as usize);
                    assert_eq!((error.code, error.what, error.at), wanted);
                }
            }
        }
    }
    assert_eq!(seen, 6 * 14);
    for dialect in [Dialect::G2, Dialect::G3] {
        let query = Query { user_name: Some("u@example"), count: Some(1), ..Query::default() };
        let error = certiflow::Call::Cards(query).in_dialect(dialect).unwrap_err();
        assert_eq!((error.code, error.what), (Code::NoSuchParameter, "count"), "the list of a user has no pages");
        let all = certiflow::Call::Cards(Query::default()).in_dialect(dialect).unwrap();
        assert_eq!(target(&all), "Card/GetAllCards");
    }
    let error = certiflow::Call::Card { id: "1" }.in_dialect(Dialect::G6).unwrap_err();
    assert_eq!((error.code, error.what), (Code::NoSuchCall, "Cards/{id}"));
    let withdraw = certiflow::Call::Operate { operation: Operation::Retire, id: "1", reason: None };
    let error = withdraw.in_dialect(Dialect::G6).unwrap_err();
    assert_eq!((error.code, error.what), (Code::NoSuchCall, "Cards/{id}/Withdraw"));
    for operation in [Operation::Suspend, Operation::Resume, Operation::PreUpdate] {
        assert!(certiflow::Call::Operate { operation, id: "1", reason: None }.in_dialect(Dialect::G6).is_ok());
    }
}

#[test]
fn an_empty_filter_is_refused_by_name_as_a_server_would_return_every_card() {
    for (query, name) in [
        (Query { serial_number: Some(""), ..Query::default() }, "serialNumber"),
        (Query { user_name: Some(""), ..Query::default() }, "userName"),
        (Query { tags: &["a", ""], ..Query::default() }, "tags"),
    ] {
        let error = certiflow::Call::Cards(query).in_dialect(Dialect::G7).unwrap_err();
        assert_eq!((error.code, error.what), (Code::Unwritable, name));
    }
    for query in [Query { offset: Some(1), count: Some(2), ..Query::default() }, Query::default()] {
        assert!(!query.is_filter(), "{query:?}");
        assert!(certiflow::Call::Cards(query).in_dialect(Dialect::G6).is_ok());
    }
}

#[test]
fn a_revocation_without_a_reason_is_refused() {
    let revoke = |reason| certiflow::Call::Operate { operation: Operation::Revoke, id: "1013", reason };
    let error = revoke(None).in_dialect(Dialect::G7).unwrap_err();
    assert_eq!((error.code, error.what), (Code::ReasonNeeded, "Revoke"));
    for reason in RevocationReason::ALL {
        for dialect in [Dialect::G6, Dialect::G7] {
            let request = revoke(Some(*reason)).in_dialect(dialect).unwrap();
            assert_eq!(target(&request), format!("Cards/1013/Revoke?reason={}", reason.name()));
            assert_eq!(body(&request), "");
        }
        for (dialect, path) in [
            (Dialect::G2, "card/revoke?id=1013"),
            (Dialect::G3, "card/revoke?id=1013"),
            (Dialect::G4, "Cards/1013/Revoke"),
            (Dialect::G5, "Cards/1013/Revoke"),
        ] {
            let request = revoke(Some(*reason)).in_dialect(dialect).unwrap();
            assert_eq!(target(&request), path);
            assert_eq!(body(&request), format!(r#"{{"reason":{}}}"#, *reason as u8));
        }
    }
}

#[test]
fn an_operation_of_mim_is_a_request_of_that_type() {
    for operation in Operation::ALL.iter().copied() {
        match (CreateRequest::for_operation(operation, "u", "why"), operation.native(System::Mim)) {
            (Ok(create), Some(word)) => assert_eq!(create.kind.name(), word),
            (Err(error), None) => assert_eq!((error.code, error.what), (Code::NoSuchOperation, "MIM")),
            other => panic!("{operation:?}: {other:?}"),
        }
    }
}

#[derive(serde::Serialize)]
struct Create<'a> {
    datacollection: &'a str,
    r#type: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    profiletemplateuuid: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    smartcard: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<&'a str>,
    comment: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    priority: Option<u8>,
}

#[test]
fn a_body_says_what_serde_says() {
    let mut compared = 0;
    for text in HARD {
        for present in [None, Some(text)] {
            for kind in RequestKind::ALL.iter().copied() {
                let call = mim::Call::CreateRequest(CreateRequest {
                    kind,
                    smartcard: present,
                    profile_template: present,
                    target: present,
                    data_collection: text,
                    comment: text,
                    priority: present.map(|_| 255),
                });
                let serde = Create {
                    datacollection: text,
                    r#type: kind.name(),
                    profiletemplateuuid: present,
                    smartcard: present,
                    target: present,
                    comment: text,
                    priority: present.map(|_| 255),
                };
                let mut buffer = [0; 1024];
                let len = json::to_slice(&serde, &mut buffer).unwrap();
                let theirs: serde_json::Value = serde_json::from_slice(&buffer[..len]).unwrap();
                let ours: serde_json::Value = serde_json::from_str(&body(&call)).unwrap();
                assert_eq!(ours, theirs);
                compared += 1;
            }
        }
        let ours: serde_json::Value = serde_json::from_str(&body(&assign(text, text))).unwrap();
        assert_eq!(ours, serde_json::json!({"requestid": text, "cardid": text, "atr": "3b00"}));
    }
    assert_eq!(compared, 12 * 2 * 12);
    for end in RequestEnd::ALL.iter().copied() {
        let ours = body(&mim::Call::EndRequest { uuid: "u", end });
        assert_eq!(ours, format!(r#"{{"status":"{}"}}"#, end.name()));
    }
    for status in SmartcardStatus::ALL.iter().copied() {
        let ours = body(&mim::Call::UpdateSmartcard { request: "r", uuid: "u", status });
        assert_eq!(ours, format!(r#"{{"status":"{}"}}"#, status.name()));
    }
}

#[test]
fn a_route_matches_whatever_the_case_of_its_fixed_parts() {
    let revoke = Route::new(Method::Post, "Cards/{id}/Revoke");
    let two = Route::new(Method::Put, "api/v1.0/requests/{requestid}/smartcards/{id}");
    for (route, path, wanted) in [
        (&revoke, "Cards/1013/Revoke", Some(["1013", ""])),
        (&revoke, "cards/AbC/rEVOKE", Some(["AbC", ""])),
        (&revoke, "Cards/a%2Fb/Revoke", Some(["a%2Fb", ""])),
        (&revoke, "Cards//Revoke", None),
        (&revoke, "Cards/1013", None),
        (&revoke, "Cards/1013/Revoke/", None),
        (&revoke, "Cards/1013/Revoke/x", None),
        (&revoke, "/Cards/1013/Revoke", None),
        (&revoke, "Cards/1013/Revok", None),
        (&revoke, "Card/1013/Revoke", None),
        (&revoke, "", None),
        (&two, "API/V1.0/Requests/R/SmartCards/U", Some(["R", "U"])),
        (&two, "api/v1.0/requests/R/smartcards/", None),
    ] {
        let mut arguments = ["", ""];
        let matched = route.matches(path, &mut arguments);
        assert_eq!(matched.then_some(arguments), wanted, "{path}");
        assert_eq!(route.matches(path, &mut []), wanted.is_some(), "{path}: no room for arguments");
    }
    // No address of one API is two calls with one method.
    let routes: Vec<&Route> = mim::Endpoint::ALL.iter().map(|endpoint| endpoint.route()).collect();
    for (n, one) in routes.iter().enumerate() {
        for other in &routes[n + 1..] {
            let path = other.path.replace(['{', '}'], "");
            assert!(!(one.method == other.method && one.matches(&path, &mut [])), "{path}");
        }
    }
}

fn target(call: &impl Call) -> String {
    let mut out = String::new();
    http::write_target(call, &mut out).unwrap();
    out
}

fn body(call: &impl Call) -> String {
    let mut out = String::new();
    call.body(&mut out).unwrap();
    out
}

fn update<'a>(request: &'a str, uuid: &'a str) -> mim::Call<'a> {
    mim::Call::UpdateSmartcard { request, uuid, status: SmartcardStatus::Retired }
}

fn assign<'a>(request: &'a str, card_id: &'a str) -> mim::Call<'a> {
    mim::Call::AssignSmartcard { request, card_id, atr: "3b00" }
}

fn certiflow_calls(text: &str) -> Vec<certiflow::Call<'_>> {
    let operations = Operation::ALL.iter().map(|operation| certiflow::Call::Operate {
        operation: *operation,
        id: text,
        reason: operation.facts().takes_reason.then_some(RevocationReason::CardCompromised),
    });
    let query = Query {
        offset: Some(u32::MAX),
        count: Some(u32::MAX),
        serial_number: Some(text),
        user_name: Some(text),
        card_type_name: Some(text),
        card_model_name: Some(text),
        comment: Some(text),
        policy_name: Some(text),
        state: Some(CardState::Issued),
        content_expiration_status: Some(ContentExpirationStatus::None),
        time_issued: Some(text),
        time_updated: Some(text),
        time_revoked: Some(text),
        tags: &["one", "two & three"],
    };
    let reads =
        [certiflow::Call::Cards(Query::default()), certiflow::Call::Cards(query), certiflow::Call::Card { id: text }];
    reads.into_iter().chain(operations).collect()
}

fn mim_calls(text: &str) -> Vec<mim::Call<'_>> {
    let create = CreateRequest {
        kind: RequestKind::Enroll,
        smartcard: Some(text),
        profile_template: Some(text),
        target: Some(text),
        data_collection: "[]",
        comment: text,
        priority: Some(0),
    };
    vec![
        mim::Call::Smartcards,
        mim::Call::SmartcardByCardId { card_id: text },
        mim::Call::Smartcard { uuid: text },
        mim::Call::Operations { uuid: text },
        mim::Call::AssignSmartcard { request: text, card_id: text, atr: text },
        mim::Call::UpdateSmartcard { request: text, uuid: text, status: SmartcardStatus::Retired },
        mim::Call::CreateRequest(create),
        mim::Call::CreateRequest(CreateRequest::for_operation(Operation::Revoke, text, text).unwrap()),
        mim::Call::Request { uuid: text },
        mim::Call::EndRequest { uuid: text, end: RequestEnd::Completed },
        mim::Call::Requests(mim::RequestQuery::default()),
        mim::Call::Requests(mim::RequestQuery { status: Some(mim::RequestStatus::Pending), for_caller: true }),
    ]
}

/// Each parameter alone, in the order of the table.
fn one_parameter_each() -> Vec<(Parameter, Query<'static>)> {
    let none = Query::default();
    let x = Some("x");
    let queries = [
        Query { offset: Some(1), ..none },
        Query { count: Some(1), ..none },
        Query { serial_number: x, ..none },
        Query { user_name: x, ..none },
        Query { card_type_name: x, ..none },
        Query { card_model_name: x, ..none },
        Query { comment: x, ..none },
        Query { tags: &["x"], ..none },
        Query { policy_name: x, ..none },
        Query { state: Some(CardState::Clean), ..none },
        Query { content_expiration_status: Some(ContentExpirationStatus::None), ..none },
        Query { time_issued: x, ..none },
        Query { time_updated: x, ..none },
        Query { time_revoked: x, ..none },
    ];
    Query::PARAMETERS.into_iter().zip(queries).collect()
}

#[test]
fn the_id_is_what_stands_behind_the_last_slash() {
    for (uri, id) in [
        ("api/v1.0/requests/a9b4b42c-cc50-4c9b-89d1-bbc0bcd5a099", Some("a9b4b42c-cc50-4c9b-89d1-bbc0bcd5a099")),
        ("https://cm.demo/CertificateManagement/api/v1.0/requests/x/", Some("x")),
        ("x", Some("x")),
        ("Ж/Ж", Some("Ж")),
        ("", None),
        ("///", None),
    ] {
        assert_eq!(mim::id_of_uri(uri), id, "{uri}");
    }
}

#[test]
fn a_number_is_written_in_its_digits() {
    for number in [0, 1, 9, 10, 99, 100, 1_000_000, u32::MAX - 1, u32::MAX] {
        let query = Query { offset: Some(number), ..Query::default() };
        let cards = certiflow::Call::Cards(query).in_dialect(Dialect::G6).unwrap();
        assert_eq!(target(&cards), format!("Cards?offset={number}"));
    }
    for number in [i64::MIN, i64::MIN + 1, -10, -1, 0, 7, 10, 4_294_967_296, i64::MAX] {
        let mut out = String::new();
        let mut object = json::ObjectWriter::new(&mut out).unwrap();
        object.number("n", number).unwrap();
        object.end().unwrap();
        assert_eq!(out, format!(r#"{{"n":{number}}}"#));
    }
}

#[test]
fn the_oldest_dialect_lists_one_user_and_operates_by_a_parameter() {
    let g1 = Dialect::G1;
    let lacks = |call: certiflow::Call<'_>| {
        let error = call.in_dialect(g1).unwrap_err();
        assert_eq!(error.at, 1, "{error}");
        assert!(error.to_string().ends_with("(G1)"), "{error}");
        (error.code, error.what)
    };
    for (parameter, query) in one_parameter_each() {
        if parameter.name != "userName" {
            assert_eq!(lacks(certiflow::Call::Cards(query)), (Code::NoSuchParameter, parameter.name));
        }
    }
    assert_eq!(lacks(certiflow::Call::Cards(Query::default())), (Code::ParameterNeeded, "userName"));
    assert_eq!(lacks(certiflow::Call::Card { id: "id1" }), (Code::NoSuchCall, "Cards/{id}"));
    let operate = |operation, reason| certiflow::Call::Operate { operation, id: "id 1", reason };
    assert_eq!(lacks(operate(Operation::Retire, None)), (Code::NoSuchCall, "Cards/{id}/Withdraw"));
    let compromised = operate(Operation::Revoke, Some(RevocationReason::CardCompromised));
    assert_eq!(lacks(compromised), (Code::NoSuchReason, "CardCompromised"));
    assert!(compromised.in_dialect(Dialect::G6).is_ok());

    let list = certiflow::Call::Cards(Query { user_name: Some("user1"), ..Query::default() });
    assert_eq!(target(&list.in_dialect(g1).unwrap()), "user/getcards?name=user1");
    for (operation, wanted) in [
        (Operation::Suspend, "card/disable?id=id%201"),
        (Operation::Resume, "card/enable?id=id%201"),
        (Operation::PreUpdate, "card/preupdate?id=id%201"),
    ] {
        let request = operate(operation, None).in_dialect(g1).unwrap();
        assert_eq!((target(&request).as_str(), http::Call::has_body(&request)), (wanted, false));
    }
    let request = operate(Operation::Revoke, Some(RevocationReason::CardWithdraw)).in_dialect(g1).unwrap();
    assert_eq!(target(&request), "card/revoke?id=id%201");
    assert_eq!(http::body_to(&request, &mut [0; 32]).unwrap(), r#"{"reason":5}"#);
}

/// A call that says nothing of its body but what it is.
struct Note<'a>(&'a str);

impl http::Call for Note<'_> {
    fn route(&self) -> &'static http::Route {
        const { &http::Route::new(http::Method::Patch, "notes/{id}") }
    }

    fn argument(&self, _: usize) -> &str {
        self.0
    }

    fn body(&self, out: &mut dyn std::fmt::Write) -> std::fmt::Result {
        out.write_str("{}")
    }
}

#[test]
fn a_call_that_writes_a_body_has_one() {
    let site = http::Site::new("h", "/api").expect("a site");
    let mut buffer = [0; 256];
    let message = http::message_to(&Note("7"), &site, &mut buffer).expect("room");
    assert!(message.starts_with("PATCH /api/notes/7 HTTP/1.1\r\n"), "{message}");
    assert!(message.contains("\r\nContent-Length: 2\r\n") && message.ends_with("\r\n\r\n{}"), "{message}");
}

#[test]
fn arguments_that_lead_elsewhere_are_found_in_any_call() {
    assert_eq!(http::check_arguments(&Note("7")), Ok(()));
    for other in ["", ".", ".."] {
        assert_eq!(http::check_arguments(&Note(other)).expect_err(other).code, Code::Unwritable);
    }
}
