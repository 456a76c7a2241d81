//! A list has the cards that were asked for, by any reading of the documents, or is an error; and a serial number is
//! looked up in every spelling.

use cardwright_client::{CertiFlow, Client, Error, Retries, TrustedFilters};
use cardwright_core::Code;
use cardwright_core::certiflow::{CardState, ContentExpirationStatus, Dialect, Query};
use cardwright_testkit::raw::{Raw, answer, json, number, page};

fn client(raw: &Raw) -> Client<CertiFlow> {
    builder(raw).build().expect("usable")
}

fn builder(raw: &Raw) -> cardwright_client::Builder<CertiFlow> {
    Client::<CertiFlow>::builder(raw.url("/certiflow/api")).retries(Retries::none())
}

fn ids(client: &Client<CertiFlow>, query: Query<'_>) -> Result<Vec<String>, Error> {
    client.cards(query)?.map(|card| card.map(|card| card.view().id().to_string())).collect()
}

/// A card with all that filters compare.
const CARD: &str = r#"{"id":1,"serialNumber":"AA:AA:00:01","cardTypeName":"IDPrime MD","cardModelName":"IDPrime MD 830","comment":"Second floor, HQ","tags":["office","vip"],"state":"Issued","timeIssued":"2024-12-03T11:22:20.1824104Z","timeUpdated":"2025-01-02T00:00:00Z","timeRevoked":null,"userName":"EXAMPLE\\user1","policyName":"Default","certificates":[{"type":"Managed","validTo":"2047-12-03T00:00:00Z"}]}"#;

fn query() -> Query<'static> {
    Query::default()
}

#[test]
fn a_card_that_is_not_what_was_asked_for_is_an_error_before_it_comes() {
    let expired = Some(ContentExpirationStatus::ManagedCertificatesExpired);
    let wrong: [(&str, Query<'static>); 22] = [
        ("serialNumber", Query { serial_number: Some("AAAA0002"), ..query() }),
        ("serialNumber", Query { serial_number: Some("AAAA00"), ..query() }),
        ("userName", Query { user_name: Some("EXAMPLE\\user2"), ..query() }),
        ("userName", Query { user_name: Some("EXAMPLE\\user"), ..query() }),
        ("userName", Query { user_name: Some("EXAMPLE\\user10"), ..query() }),
        ("userName", Query { user_name: Some("OTHER\\user1"), ..query() }),
        ("userName", Query { user_name: Some("user2"), ..query() }),
        ("userName", Query { user_name: Some("user1@example.com"), ..query() }),
        ("cardTypeName", Query { card_type_name: Some("IDPrime"), ..query() }),
        ("cardModelName", Query { card_model_name: Some("YubiKey 5"), ..query() }),
        ("comment", Query { comment: Some("leaver"), ..query() }),
        ("tags", Query { tags: &["leaver"], ..query() }),
        ("tags", Query { tags: &["off"], ..query() }),
        ("policyName", Query { policy_name: Some("Contractors"), ..query() }),
        ("state", Query { state: Some(CardState::Disabled), ..query() }),
        ("contentExpirationStatus", Query { content_expiration_status: expired, ..query() }),
        ("timeIssued", Query { time_issued: Some("2026-01-01"), ..query() }),
        ("timeIssued", Query { time_issued: Some("2024-12-05T00:00:00Z"), ..query() }),
        ("timeUpdated", Query { time_updated: Some("2025-01-03"), ..query() }),
        ("timeRevoked", Query { time_revoked: Some("2020-01-01"), ..query() }),
        ("serialNumber", Query { serial_number: Some("BB*"), ..query() }),
        ("comment", Query { comment: Some("leaver*"), ..query() }),
    ];
    for (filter, query) in wrong {
        let raw = Raw::answering(|request| page(request, &[CARD]));
        let list: Vec<_> = client(&raw).cards(query).expect("a query").collect();
        let [Err(error)] = list.as_slice() else { panic!("{filter}: {list:?}") };
        assert_eq!(error.code(), Code::Unexpected, "{error}");
        let text = error.to_string();
        assert!(text.contains(&format!("the filter {filter}: asked for ")), "{text}");
    }
    for field in ["serialNumber", "userName", "cardTypeName", "cardModelName", "comment", "policyName", "timeIssued"] {
        let mut query = query();
        let asked = "2024-12-03";
        match field {
            "serialNumber" => query.serial_number = Some(asked),
            "userName" => query.user_name = Some(asked),
            "cardTypeName" => query.card_type_name = Some(asked),
            "cardModelName" => query.card_model_name = Some(asked),
            "comment" => query.comment = Some(asked),
            "policyName" => query.policy_name = Some(asked),
            _ => query.time_issued = Some(asked),
        }
        for card in [format!(r#"{{"id":1,"{field}":null}}"#), r#"{"id":1}"#.to_string()] {
            let raw = Raw::answering(move |request| page(request, &[card.as_str()]));
            let error = ids(&client(&raw), query).expect_err(field);
            assert!(error.to_string().contains(" has none"), "{error}");
        }
    }
}

#[test]
fn a_card_that_shows_what_was_asked_for_is_not_doubted_by_any_reading_of_the_documents() {
    let shown = [
        Query { serial_number: Some("aaaa0001"), ..query() },
        Query { serial_number: Some("AA-AA-00-01"), ..query() },
        Query { serial_number: Some("AA*"), ..query() },
        Query { serial_number: Some("*01"), ..query() },
        Query { user_name: Some("example\\USER1"), ..query() },
        Query { user_name: Some("user1"), ..query() },
        Query { card_type_name: Some("idprime md"), ..query() },
        Query { card_model_name: Some("IDPrime MD 830"), ..query() },
        Query { comment: Some("second FLOOR"), ..query() },
        Query { comment: Some("Second floor, HQ"), ..query() },
        Query { tags: &["VIP"], ..query() },
        // Whether all or any of them is not documented.
        Query { tags: &["office", "leaver"], ..query() },
        Query { policy_name: Some("default"), ..query() },
        Query { state: Some(CardState::Issued), ..query() },
        Query { content_expiration_status: Some(ContentExpirationStatus::None), ..query() },
        Query { time_issued: Some("2024-12-03"), ..query() },
        Query { time_issued: Some("2024-12-03T11:22:20.1824104Z"), ..query() },
        Query { time_issued: Some("2020-01-01"), ..query() },
        Query { time_updated: Some("2025-01-02"), ..query() },
    ];
    for query in shown {
        let raw = Raw::answering(|request| page(request, &[CARD]));
        assert_eq!(ids(&client(&raw), query).expect("a list"), ["1"], "{query:?}");
        assert_eq!(raw.requests().len(), 3, "no control question for {query:?}");
    }
    let raw = Raw::answering(|request| page(request, &[r#"{"id":1,"tags":"office;vip"}"#]));
    assert_eq!(ids(&client(&raw), Query { tags: &["vip"], ..query() }).expect("a list"), ["1"]);
}

/// A server that finds a user by the name of the principal, and answers others as `nobody` does.
fn by_principal(nobody: impl Fn(&str) -> Vec<u8> + Send + 'static) -> Raw {
    Raw::answering(move |request| {
        if request.contains("userName=user1%40example.com ") || !request.contains("userName=") {
            return page(request, &[CARD]);
        }
        nobody(request)
    })
}

#[test]
fn where_cards_do_not_show_the_filter_a_control_question_is_asked_once_for_a_client_and_its_copies() {
    let asked = Query { user_name: Some("user1@example.com"), ..query() };
    for status in ["200 OK", "400 Bad Request", "404 Not Found"] {
        let raw = by_principal(move |_| answer(status, "application/json", "[]"));
        let client = client(&raw);
        assert_eq!(ids(&client, asked).expect("a list"), ["1"]);
        assert_eq!(ids(&client.clone(), asked).expect("a list"), ["1"]);
        let control: Vec<_> = raw.requests().into_iter().filter(|request| !request.contains("=user1%40")).collect();
        let [control] = control.as_slice() else { panic!("{control:?}") };
        assert!(control.contains("offset=0&count=1&userName=") && control.contains("%40example.com "), "{control}");
    }
    // Nobody has the name: nothing to be checked.
    let raw = Raw::answering(|_| json("[]"));
    assert!(ids(&client(&raw), asked).expect("a list").is_empty());
    assert_eq!(raw.requests().len(), 1);
}

#[test]
fn a_control_question_that_lists_cards_or_fails_is_an_error_before_any_card_comes() {
    let asked = Query { user_name: Some("user1@example.com"), ..query() };
    let raw = by_principal(|request| page(request, &[CARD]));
    let error = ids(&client(&raw), asked).expect_err("ignored");
    assert!(error.to_string().contains("the filter userName: asked for user1@example.com"), "{error}");
    for (status, code) in
        [("500 Error", Code::ServerFailed), ("401 Unauthorized", Code::SignIn), ("429 Busy", Code::Busy)]
    {
        let raw = by_principal(move |_| answer(status, "text/plain", ""));
        let list: Vec<_> = client(&raw).cards(asked).expect("a query").collect();
        let [Err(error)] = list.as_slice() else { panic!("{list:?}") };
        assert_eq!(error.code(), code, "{error}");
    }
}

#[test]
fn one_name_is_one_person_whatever_the_form() {
    let other = CARD.replace("user1", "user10").replace("\"id\":1", "\"id\":2");
    let raw = Raw::answering(move |request| match request.contains("=user1%40") {
        true => page(request, &[CARD, &other]),
        false => json("[]"),
    });
    let error = ids(&client(&raw), Query { user_name: Some("user1@example.com"), ..query() }).expect_err("two");
    assert!(error.to_string().contains("user10"), "{error}");
}

#[test]
fn a_filter_that_is_ignored_on_a_later_page_is_noticed_there() {
    let cards: Vec<String> = (0..50)
        .map(|id| format!(r#"{{"id":{id},"state":"{}"}}"#, if id < 30 { "Issued" } else { "Revoked" }))
        .collect();
    let raw = Raw::answering(move |request| page(request, &cards));
    let client = builder(&raw).page_size(10).build().expect("usable");
    let list: Vec<_> = client.cards(Query { state: Some(CardState::Issued), ..query() }).expect("a query").collect();
    assert_eq!(list.iter().filter(|card| card.is_ok()).count(), 30);
    assert!(list.last().expect("an item").as_ref().expect_err("ignored").to_string().contains("filter state"));
}

#[test]
fn an_expiry_is_ignored_where_two_statuses_give_the_same_cards_and_one_stale_card_tells_nothing() {
    let expiring = ContentExpirationStatus::ManagedCertificatesExpiring;
    let asked = Query { content_expiration_status: Some(expiring), ..query() };
    let raw = Raw::answering(|request| page(request, &[CARD]));
    let error = ids(&client(&raw), asked).expect_err("ignored");
    assert!(error.to_string().contains("the filter contentExpirationStatus: asked for Managed"), "{error}");
    let raw = Raw::answering(|request| match request.contains("=ManagedCertificatesExpiring") {
        true => page(request, &[CARD]),
        false => json("[]"),
    });
    assert_eq!(ids(&client(&raw), asked).expect("a list"), ["1"]);
}

#[test]
fn a_number_for_a_state_is_believed_where_another_state_has_other_cards() {
    let asked = Query { state: Some(CardState::Issued), ..query() };
    let card = r#"{"id":1,"state":3}"#;
    let raw = Raw::answering(
        move |request| if request.contains("state=Issued") { page(request, &[card]) } else { json("[]") },
    );
    assert_eq!(ids(&client(&raw), asked).expect("a list"), ["1"]);
    let raw = Raw::answering(move |request| page(request, &[card]));
    assert_eq!(ids(&client(&raw), asked).expect_err("ignored").code(), Code::Unexpected);
    let raw = Raw::answering(|request| page(request, &[r#"{"id":1,"state":"Frozen"}"#]));
    assert_eq!(ids(&client(&raw), asked).expect_err("another").code(), Code::Unexpected);
}

#[test]
fn a_filter_that_is_trusted_is_an_error_no_more() {
    let raw = Raw::answering(|request| page(request, &[CARD]));
    let mut trusted = TrustedFilters::default();
    trusted.add("userName").expect("a filter");
    let client = builder(&raw).trust_filters(trusted).build().expect("usable");
    for user in ["EXAMPLE\\user2", "user1@example.com"] {
        assert_eq!(ids(&client, Query { user_name: Some(user), ..query() }).expect("a list"), ["1"]);
    }
    let both = Query { user_name: Some("EXAMPLE\\user2"), comment: Some("leaver"), ..query() };
    assert!(ids(&client, both).expect_err("another filter").to_string().contains("filter comment"));
}

#[test]
fn a_card_of_a_user_is_looked_for_without_a_control_question_unless_it_is_found() {
    let short = |id: u32| format!(r#"{{"id":"{id}","serialNumber":"AAAA000{id}","state":"Issued"}}"#);
    for ignores in [true, false] {
        let raw = Raw::answering(move |request| match ignores || request.contains("name=EXAMPLE%5Cuser2 ") {
            true => json(&format!("[{}]", short(2))),
            false => json("[]"),
        });
        let client = builder(&raw).dialect(Dialect::G1).build().expect("usable");
        assert!(client.card_of("EXAMPLE\\user2", "1").expect("no such card").is_none());
        assert_eq!(raw.requests().len(), 1);
        for key in ["2", "aa-aa-00-02"] {
            match client.card_of("EXAMPLE\\user2", key) {
                Ok(card) => assert!(!ignores && card.is_some()),
                Err(error) => assert!(ignores && error.to_string().contains("filter userName"), "{error}"),
            }
        }
    }
    // A card that shows another user is one too many, whichever was looked for.
    let raw = Raw::answering(|request| page(request, &[CARD]));
    let error = client(&raw).card_of("EXAMPLE\\user2", "17").expect_err("ignored");
    assert_eq!(error.code(), Code::Unexpected);
}

// --- serial numbers

#[test]
fn a_serial_number_is_looked_up_in_every_spelling_of_its_bytes() {
    for kept in ["AAAA0001", "aaaa0001", "AA:AA:00:01", "aa:aa:00:01", "AA AA 00 01", "aa-aa-00-01"] {
        let exact = kept.replace(':', "%3A").replace(' ', "%20");
        let card = format!(r#"{{"id":1,"serialNumber":"{kept}"}}"#);
        let raw = Raw::answering(move |request| match request.contains(&format!("serialNumber={exact} ")) {
            true => page(request, &[card.as_str()]),
            false => json("[]"),
        });
        for asked in ["AAAA0001", "aa:aa:00:01", "AA AA 00 01", "aaaa0001", "AAAA 0001", "AA-AA:0001"] {
            let card = client(&raw).find(asked).expect("an answer");
            assert!(card.is_some(), "{asked} for {kept}");
        }
        assert!(client(&raw).find("AAAA0002").expect("an answer").is_none());
        let most =
            raw.requests().iter().filter(|request| request.contains("0002") || request.contains("00%3A02")).count();
        assert!(most <= 9, "{most} requests for a card that is not there");
    }
}

#[test]
fn two_cards_with_one_serial_number_are_an_error_that_names_both_whatever_the_page() {
    for cap in [1, 500] {
        let raw = Raw::answering(move |request| {
            let cards = [r#"{"id":71,"serialNumber":"AAAA0001"}"#, r#"{"id":72,"serialNumber":"aa:aa:00:01"}"#];
            let offset = number(request, "offset").expect("an offset");
            json(&format!("[{}]", cards.iter().skip(offset).take(cap).copied().collect::<Vec<_>>().join(",")))
        });
        let error = client(&raw).find("AAAA0001").expect_err("two");
        assert_eq!(error.code(), Code::Unexpected);
        assert!(error.to_string().contains("71 and 72"), "{error}");
    }
}
