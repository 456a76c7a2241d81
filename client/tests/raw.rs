//! What the client sends and how it reads the answers, against a server that writes bytes.

use cardwright_client::http;
use cardwright_client::{CertiFlow, Check, Client, Credentials, Ending, Error, Mim, Secret, Timeouts};
use cardwright_core::Code;
use cardwright_core::certiflow::{Dialect, Query, RevocationReason};
use cardwright_core::lifecycle::Evidence;
use cardwright_testkit::raw::{Raw, answer, json, number, page};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

fn certiflow(raw: &Raw) -> Client<CertiFlow> {
    Client::<CertiFlow>::builder(raw.url("/certiflow/api/")).build().expect("a usable address")
}

fn mim(raw: &Raw) -> Client<Mim> {
    let builder = Client::<Mim>::builder(raw.url("/CertificateManagement"));
    builder.settle_limit(Duration::from_millis(50)).build().expect("a usable address")
}

const ISSUED: &str =
    r#"{"id":1013,"serialNumber":"02A1B3C4","state":"Issued","label":"\u0418\u0432\u0430\u043d","new":[1]}"#;
const REVOKED: &str = r#"{"id":1013,"serialNumber":"02A1B3C4","state":"Revoked"}"#;

#[test]
fn an_operation_sends_an_empty_body_with_its_length_and_reads_the_card_again() {
    let revoked = AtomicBool::new(false);
    let raw = Raw::answering(move |request| match request.split(' ').next() {
        Some("POST") => {
            revoked.store(true, Ordering::SeqCst);
            b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n".to_vec()
        }
        _ => json(if revoked.load(Ordering::SeqCst) { REVOKED } else { ISSUED }),
    });
    let client = certiflow(&raw);
    let card = client.card("1013").expect("an answer").expect("a card");
    let outcome = client.revoke(&card, RevocationReason::CardLost).expect("an outcome");
    assert_eq!(outcome.ending, Ending::Done, "{outcome:?}");
    assert!(outcome.card.is_some() && outcome.verdict.is_some_and(cardwright_core::lifecycle::Verdict::is_allowed));
    let requests = raw.requests();
    assert_eq!(requests.len(), 3);
    let post = requests[1].to_ascii_lowercase();
    assert!(post.starts_with("post /certiflow/api/cards/1013/revoke?reason=cardlost http/1.1\r\n"), "{post}");
    assert!(post.contains("\r\ncontent-length: 0\r\n"), "{post}");
    assert!(!post.contains("authorization"), "{post}");
    assert!(requests[2].starts_with("GET /certiflow/api/Cards/1013 "), "{}", requests[2]);
}

#[test]
fn what_nobody_knows_is_kept() {
    let raw = Raw::answering(|_| json(ISSUED));
    let card = certiflow(&raw).card("1013").expect("an answer").expect("a card");
    assert_eq!(card.view().json(), ISSUED);
    assert_eq!(card.view().label().expect("a label").to_string(), "Иван");
}

#[test]
fn credentials_go_into_the_header_and_nowhere_else() {
    let raw = Raw::answering(|_| answer("401 Unauthorized", "text/html", "<html><title>Not authorized</title>"));
    let secret = "correct horse";
    let token = "correct-horse";
    for (credentials, header) in [
        (Credentials::basic("DEMO\\op", Secret::new(secret)), "Basic REVNT1xvcDpjb3JyZWN0IGhvcnNl"),
        (Credentials::Bearer(Secret::new(token)), "Bearer correct-horse"),
    ] {
        let client =
            Client::<CertiFlow>::builder(raw.url("/api")).credentials(credentials.clone()).build().expect("usable");
        let error = client.card("1").expect_err("401");
        assert_eq!(error.code(), Code::SignIn);
        assert!(error.to_string().contains("Not authorized"), "{error}");
        assert!(raw.requests().last().expect("a request").contains(header));
        for shown in [format!("{client:?}"), format!("{credentials:?}"), format!("{error:?}"), error.to_string()] {
            assert!(![secret, token, "REVNT1xv"].iter().any(|hidden| shown.contains(hidden)), "{shown}");
        }
    }
}

#[test]
fn the_servers_own_words_are_in_the_error() {
    let cases = [
        (r#"{"type":"x","title":"Conflict","status":409,"detail":"The card is revoked."}"#, "The card is revoked."),
        (r#"{"Message":"No permission."}"#, "No permission."),
        (
            r#"{"title":"Invalid","errors":{"state":["The value 'X' is not valid."]}}"#,
            "Invalid state: The value 'X' is not valid.",
        ),
        (
            r#"{"Message":"An error has occurred.","ExceptionMessage":"no such card"}"#,
            "An error has occurred. no such card",
        ),
        ("\u{feff}\"just words\"", "just words"),
        ("<html><head><TITLE>Runtime\n Error</TITLE>", "a page titled \"Runtime Error\""),
        ("plain\u{7}text \u{0}", "plain text"),
    ];
    for (body, words) in cases {
        let raw = Raw::answering(move |_| answer("409 Conflict", "application/json", body));
        let Err(Error::Http(http::Error::Answer(refusal))) = certiflow(&raw).card("1") else { panic!("no refusal") };
        assert_eq!((refusal.status, refusal.words.as_str()), (409, words));
    }
}

#[test]
fn not_found_and_nothing_are_no_card() {
    for reply in
        [answer("404 Not Found", "text/plain", ""), b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n".to_vec()]
    {
        let raw = Raw::answering(move |_| reply.clone());
        assert!(certiflow(&raw).card("1").expect("an answer").is_none());
        assert!(mim(&raw).find("{d1ef6869-5517-42a0-8f05-16ca1a0b834d}").expect("an answer").is_none());
    }
    for body in ["null", "", " \r\n"] {
        let raw = Raw::answering(move |_| json(body));
        let nothing = [
            certiflow(&raw).card("1").map(|_| ()),
            certiflow(&raw).find("02A1B3C4").map(|_| ()),
            mim(&raw).find("{d1ef6869-5517-42a0-8f05-16ca1a0b834d}").map(|_| ()),
            mim(&raw).smartcards().and_then(|mut cards| cards.try_for_each(|card| card.map(|_| ()))),
        ];
        for error in nothing.map(|nothing| nothing.expect_err("no word of whether there is a card")) {
            assert_eq!(error.code(), Code::Unexpected, "{body:?}: {error}");
        }
    }
    let raw = Raw::answering(|_| json("[]"));
    assert!(certiflow(&raw).find("02A1B3C4").expect("an answer").is_none());
    assert!(mim(&raw).find("d1ef6869-5517-42a0-8f05-16ca1a0b834d").expect("an answer").is_none());
}

#[test]
fn a_redirect_is_not_followed() {
    let raw = Raw::answering(|_| {
        b"HTTP/1.1 302 Found\r\nLocation: https://adfs.example.test/signin\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            .to_vec()
    });
    let error = certiflow(&raw).card("1").expect_err("a redirect");
    assert_eq!((error.code(), error.status()), (Code::Unexpected, Some(302)));
    assert!(error.to_string().contains("adfs.example.test"), "{error}");
    assert_eq!(raw.requests().len(), 1);
}

#[test]
fn pages_are_read_until_one_is_empty_each_from_the_last_card_of_the_one_before() {
    let cards: Vec<String> = (0..7).map(|id| format!(r#"{{"id":{id},"state":"Issued"}}"#)).collect();
    let raw = Raw::answering(move |request| page(request, &cards));
    let client = Client::<CertiFlow>::builder(raw.url("/api")).page_size(3).build().expect("usable");
    let ids = |query: Query<'_>| -> Vec<String> {
        client.cards(query).expect("a query").map(|card| card.expect("a card").view().id().to_string()).collect()
    };
    assert_eq!(ids(Query::default()), ["0", "1", "2", "3", "4", "5", "6"]);
    let asked: Vec<_> = raw.requests().iter().map(|request| number(request, "offset").expect("an offset")).collect();
    assert_eq!(asked, [0, 2, 4, 6, 7, 6]);
    assert_eq!(ids(Query { offset: Some(1), count: Some(4), ..Query::default() }), ["1", "2", "3", "4"]);
    let last = raw.requests().pop().expect("a request");
    assert!(last.starts_with("GET /api/Cards?offset=3&count=2 "), "{last}");
}

#[test]
fn a_server_that_ignores_offset_or_count_cannot_hold_a_list_forever() {
    let raw = Raw::answering(|_| json(r#"[{"id":1},{"id":2}]"#));
    let client = |size| Client::<CertiFlow>::builder(raw.url("/api")).page_size(size).build().expect("usable");
    let same_page: Vec<_> = client(2).cards(Query::default()).expect("a query").collect();
    assert_eq!(same_page.len(), 3);
    assert_eq!(same_page[2].as_ref().expect_err("an error").code(), Code::Unexpected);
    // That more came than was asked for does not tell that it is all.
    assert_eq!(client(1).cards(Query::default()).expect("a query").filter(Result::is_ok).count(), 2);
}

#[test]
fn a_card_that_cannot_be_read_does_not_hide_its_neighbours() {
    let cards = [r#"{"id":1}"#, r#"{"id":2,"label":5}"#, r#"{"label":"no id"}"#, r#"{"id":3}"#];
    let raw = Raw::answering(move |request| page(request, &cards));
    let cards: Vec<_> = certiflow(&raw).cards(Query::default()).expect("a query").collect();
    assert_eq!(cards.len(), 4);
    let Err(Error::Http(http::Error::Decode(wrong))) = &cards[1] else { panic!("read") };
    assert_eq!((wrong.error.code, wrong.error.at, wrong.path.as_str()), (Code::JsonType, 26, "$.label"));
    let Err(Error::Http(http::Error::Decode(missing))) = &cards[2] else { panic!("read") };
    assert_eq!((missing.error.code, missing.path.as_str()), (Code::JsonMissing, "$.id"));
    assert_eq!(cards[3].as_ref().expect("a card").view().id().to_string(), "3");
}

#[test]
fn a_list_that_breaks_off_is_an_error_after_its_cards() {
    let raw = Raw::answering(|_| {
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 999\r\nConnection: close\r\n\r\n[{\"id\":1},{\"id\":2},{\"i".to_vec()
    });
    let cards: Vec<_> = certiflow(&raw).cards(Query::default()).expect("a query").collect();
    assert_eq!(cards.iter().filter(|card| card.is_ok()).count(), 2);
    assert_eq!(cards.len(), 3);
    assert_eq!(cards[2].as_ref().expect_err("an error").code().band(), 600);
}

#[test]
fn an_answer_for_another_card_is_noticed() {
    let raw = Raw::answering(|_| json(&format!("[{ISSUED}]")));
    let error = certiflow(&raw).find("FFFF").expect_err("another card");
    assert_eq!(error.code(), Code::Unexpected);
    assert!(certiflow(&raw).find("02a1b3c4").expect("an answer").is_some(), "the case of letters does not count");
    let raw = Raw::answering(|_| json(&format!("[{ISSUED},{}]", ISSUED.replace("1013", "1014"))));
    assert_eq!(certiflow(&raw).find("02A1B3C4").expect_err("two cards").code(), Code::Unexpected);
}

#[test]
fn only_a_documented_row_stops_an_operation() {
    let raw = Raw::answering(|request| match request.split(' ').next() {
        Some("POST") => answer("409 Conflict", "application/json", r#"{"detail":"no"}"#),
        _ => json(REVOKED),
    });
    let client = |check| Client::<CertiFlow>::builder(raw.url("/api")).check(check).build().expect("usable");
    let card = client(Check::Warn).card("1013").expect("an answer").expect("a card");
    // PreUpdate of a revoked card is refused by the documents, Enable only by our reading of them.
    let stopped = client(Check::Warn).pre_update(&card).expect_err("stopped");
    assert!(matches!(stopped, Error::NotAllowed { evidence: Evidence::Documented, .. }), "{stopped}");
    assert_eq!(client(Check::Warn).enable(&card).expect("an outcome").ending, Ending::Refused);
    let stopped = client(Check::Strict).enable(&card).expect_err("stopped");
    assert!(matches!(stopped, Error::NotAllowed { evidence: Evidence::Assumed, .. }), "{stopped}");
    assert_eq!(client(Check::Off).pre_update(&card).expect("an outcome").ending, Ending::Refused);
}

#[test]
fn a_dialect_that_lacks_a_call_says_so_and_sends_nothing() {
    let raw = Raw::answering(|_| json(&format!("[{REVOKED}]")));
    let client = Client::<CertiFlow>::builder(raw.url("/api")).dialect(Dialect::G6).build().expect("usable");
    let error = client.cards(Query { policy_name: Some("x"), ..Query::default() }).expect_err("G7 only");
    assert_eq!(error.code(), Code::NoSuchParameter);
    assert!(raw.requests().is_empty());
    let card = client.card("1013").expect("found in the list").expect("a card");
    let before = raw.requests().len();
    assert_eq!(client.withdraw(&card).expect_err("G7 only").code(), Code::NoSuchCall);
    assert_eq!(raw.requests().len(), before);
}

#[test]
fn a_server_that_says_nothing_ends_in_a_timeout() {
    let raw = Raw::serving(|mut stream| {
        let request = cardwright_testkit::raw::read_request(&mut stream);
        std::thread::sleep(Duration::from_millis(700));
        request
    });
    let short = Duration::from_millis(200);
    let timeouts = Timeouts::new(Duration::from_secs(5), short, short);
    let client = Client::<CertiFlow>::builder(raw.url("/api")).timeouts(timeouts).build().expect("usable");
    assert_eq!(client.card("1").expect_err("no answer").code(), Code::Timeout);
}

#[test]
fn a_server_that_is_not_there_is_unreachable() {
    let port = Raw::answering(|_| Vec::new()).port();
    let client = Client::<CertiFlow>::builder(format!("http://127.0.0.1:{port}/api")).build().expect("usable");
    assert_eq!(client.card("1").expect_err("nobody").code(), Code::Unreachable);
}

#[test]
fn an_address_that_cannot_be_used_is_refused_at_once() {
    for base in ["", "host/api", "ftp://host/api", "http://user:pw@host/api", "http://host/api?x=1", "http://host/a b"]
    {
        let error = Client::<CertiFlow>::builder(base).build().expect_err(base);
        assert_eq!(error.code(), Code::Address, "{base}");
        assert!(!error.to_string().contains("pw"), "{error}");
    }
}

/// A MIM CM of a few lines: one card, one request.
fn small_mim(status: &'static str, put: &'static str) -> Raw {
    let (changed, completed) = (AtomicBool::new(false), AtomicBool::new(false));
    Raw::answering(move |request| {
        let first = request.lines().next().unwrap_or_default();
        let status = if completed.load(Ordering::SeqCst) { "8" } else { status };
        let request = format!(r#"{{"Uuid":"r1","RequestType":7,"Status":{status},"OldSmartcardUuid":"c1"}}"#);
        if first.contains("/operations") {
            json(r#"["renew","retire"]"#)
        } else if first.starts_with("POST") {
            answer("201 Created", "application/json", r#""api/v1.0/requests/r1""#)
        } else if first.starts_with("PUT") && first.contains("/smartcards/") {
            changed.store(put == "200 OK", Ordering::SeqCst);
            answer(put, "application/json", r#"{"Uuid":"c1","Status":6}"#)
        } else if first.contains("/requests/") {
            completed.fetch_or(first.starts_with("PUT"), Ordering::SeqCst);
            json(&request)
        } else {
            let status = if changed.load(Ordering::SeqCst) { "6" } else { "3" };
            let serial = "{d1ef6869-5517-42a0-8f05-16ca1a0b834d}";
            json(&format!(r#"{{"Uuid":"c1","Status":{status},"SerialNumber":"{serial}"}}"#))
        }
    })
}

#[test]
fn the_request_workflow_is_made_in_its_order() {
    let raw = small_mim("3", "200 OK");
    let client = mim(&raw);
    let card = client.find("d1ef6869-5517-42a0-8f05-16ca1a0b834d").expect("an answer").expect("a card");
    let outcome = client.retire(&card, "lost \"it\"").expect("done");
    assert_eq!((outcome.ending, outcome.request.as_deref()), (Ending::Done, Some("r1")), "{outcome:?}");
    let firsts: Vec<String> =
        raw.requests().iter().map(|r| r.lines().next().unwrap_or_default().replace(" HTTP/1.1", "")).collect();
    let base = "/CertificateManagement/api/v1.0";
    assert_eq!(
        firsts,
        [
            format!("GET {base}/smartcards?cardid=d1ef6869-5517-42a0-8f05-16ca1a0b834d"),
            format!("GET {base}/smartcards/c1/operations"),
            format!("POST {base}/requests"),
            format!("GET {base}/requests/r1"),
            format!("PUT {base}/requests/r1/smartcards/c1"),
            format!("GET {base}/smartcards/c1"),
            format!("PUT {base}/requests/r1"),
            format!("GET {base}/requests/r1"),
            format!("GET {base}/smartcards/c1"),
        ]
    );
    let bodies: Vec<String> =
        raw.requests().iter().map(|r| r.split("\r\n\r\n").nth(1).unwrap_or_default().to_string()).collect();
    assert_eq!(bodies[2], r#"{"datacollection":"[]","type":"Retire","smartcard":"c1","comment":"lost \"it\""}"#);
    assert_eq!(bodies[4], r#"{"status":"Retired"}"#);
    assert_eq!(bodies[6], r#"{"status":"Completed"}"#);
}

#[test]
fn a_request_that_waits_for_approval_is_an_outcome_of_its_own() {
    let raw = small_mim("16", "200 OK");
    let client = mim(&raw);
    let card = client.smartcard("c1").expect("an answer").expect("a card");
    let outcome = client.retire(&card, "").expect("taken");
    assert_eq!((outcome.ending, outcome.request.as_deref()), (Ending::AwaitingApproval, Some("r1")), "{outcome:?}");
    assert!(!raw.requests().iter().any(|request| request.starts_with("PUT")));
    assert_eq!(client.go_on("r1").expect("an outcome").ending, Ending::AwaitingApproval);
}

#[test]
fn a_request_that_ended_badly_or_strangely_is_an_error() {
    for status in ["4", "9", "17", "77"] {
        let raw = small_mim(status, "200 OK");
        let client = mim(&raw);
        let card = client.smartcard("c1").expect("an answer").expect("a card");
        let outcome = client.retire(&card, "").expect("an outcome");
        let ending = if status == "77" { Ending::Unknown } else { Ending::Refused };
        assert_eq!((outcome.ending, outcome.code()), (ending, Some(Code::RequestEnded)), "{outcome:?}");
        assert!(!raw.requests().iter().any(|request| request.starts_with("PUT")), "nothing on an unknown number");
    }
}

#[test]
fn a_refused_step_leaves_the_request_and_names_it_and_it_can_be_given_up() {
    let raw = small_mim("3", "403 Forbidden");
    let client = mim(&raw);
    let card = client.smartcard("c1").expect("an answer").expect("a card");
    let outcome = client.retire(&card, "").expect("an outcome");
    assert_eq!((outcome.ending, outcome.code()), (Ending::Refused, Some(Code::Forbidden)), "{outcome:?}");
    assert_eq!(outcome.request.as_deref(), Some("r1"));
    assert!(outcome.seen.contains("r1 is left Approved"), "{outcome:?}");
    // It shows status 8 from then on, which is none of a request that was given up.
    let error = client.cancel_request("r1").expect_err("not given up");
    assert!(error.to_string().contains("Completed"), "{error}");
    let abandoned = raw.requests().into_iter().any(|request| request.ends_with(r#"{"status":"Abandoned"}"#));
    assert!(abandoned, "an approved request is abandoned");
}

#[test]
fn what_the_server_does_not_list_is_not_asked_for() {
    let raw = small_mim("3", "200 OK");
    let card = mim(&raw).smartcard("c1").expect("an answer").expect("a card");
    let stopped = mim(&raw).revoke(&card, "").expect_err("not listed");
    assert!(stopped.to_string().contains("renew, retire"), "{stopped}");
    assert!(!raw.requests().iter().any(|request| request.starts_with("POST")));
    let off = Client::<Mim>::builder(raw.url("/CertificateManagement")).check(Check::Off).build().expect("usable");
    assert!(off.revoke(&card, "").is_ok());
}
