//! CertiFlow's list of cards and the effects of its operations.

use crate::http::{certiflow, config, get, post, start, start_with};
use cardwright_core::certiflow::{CardInfo, Certificate};
use cardwright_core::date::Moment;
use cardwright_core::lifecycle::State;
use cardwright_server::{ManualClock, Running, seed};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Instant;

const NOW: &str = "2026-03-04T05:06:07.1234567Z";

fn start_with_many() -> Running {
    let mut config = config();
    config.clock = Arc::new(ManualClock::new(Moment::parse(NOW).unwrap()));
    let running = start_with(config);
    assert_eq!(seed::synthetic(running.registry(), 600, 42).unwrap(), 2001);
    running
}

fn list(running: &Running, query: &str) -> Vec<Value> {
    let answer = get(running, &certiflow(&format!("Cards{query}")));
    assert_eq!(answer.status, 200, "{query}: {answer:?}");
    answer.json().as_array().unwrap().clone()
}

/// Checks that a filter lists exactly the cards that a predicate takes, and that it takes some.
fn check(running: &Running, query: &str, takes: impl Fn(&Value) -> bool) {
    let wanted: Vec<_> = list(running, "").into_iter().filter(takes).collect();
    assert!(!wanted.is_empty(), "{query} looks at nothing");
    assert_eq!(list(running, query), wanted, "{query}");
}

fn ids(cards: &[Value]) -> Vec<i64> {
    cards.iter().map(|card| card["id"].as_i64().unwrap()).collect()
}

#[test]
fn all_fields_are_there_in_their_order() {
    let running = start_with_many();
    let cards = list(&running, "");
    for card in &cards {
        let names: Vec<_> = card.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(names, CardInfo::FIELDS.map(|field| field.name));
        for certificate in card["certificates"].as_array().unwrap() {
            let names: Vec<_> = certificate.as_object().unwrap().keys().map(String::as_str).collect();
            assert_eq!(names, Certificate::FIELDS.map(|field| field.name));
        }
    }
    let ids = ids(&cards);
    assert!(ids.is_sorted(), "by ascending id");
    let retired: Vec<_> = (2001..=2600).filter(|id| running.registry().state(*id).unwrap() == State::Retired).collect();
    assert!(!retired.is_empty() && retired.iter().all(|id| !ids.contains(id)), "retired cards are not listed");
    assert_eq!(ids.len() + retired.len(), 606);
    assert_eq!(get(&running, &certiflow(&format!("Cards/{}", retired[0]))).status, 404);
    assert_eq!(post(&running, &certiflow(&format!("Cards/{}/Disable", retired[0]))).status, 404);
}

#[test]
fn each_filter_lists_what_it_says() {
    let running = start_with_many();
    for state in ["Clean", "Assigned", "Pending", "Issued", "Disabled", "Revoked"] {
        check(&running, &format!("?state={}", state.to_lowercase()), |card| card["state"] == state);
    }
    check(&running, "?serialNumber=02a1b3c4", |card| card["serialNumber"] == "02A1B3C4");
    check(&running, "?userName=demo%5CIPETROV", |card| card["userName"] == "DEMO\\ipetrov");
    check(&running, "?userName=ipetrov@DEMO.example", |card| card["userName"] == "DEMO\\ipetrov");
    check(&running, "?cardTypeName=YubiKey%205%20NFC", |card| card["cardTypeName"] == "YubiKey 5 NFC");
    check(&running, "?cardModelName=IDPrime+MD+840", |card| card["cardModelName"] == "IDPrime MD 840");
    check(
        &running,
        "?comment=%D0%97%D0%B0%D0%BF%D0%B0%D1%81%D0%BD%D0%B0%D1%8F%20%D0%BA%D0%B0%D1%80%D1%82%D0%B0",
        |card| card["comment"] == "Запасная карта",
    );
    check(&running, "?policyName=Contractors", |card| card["policyName"] == "Contractors");
    let has = |card: &Value, tag: &str| card["tags"].as_array().unwrap().contains(&json!(tag));
    check(&running, "?tags=vip", |card| has(card, "vip"));
    check(&running, "?tags=vip&tags=hq", |card| has(card, "vip") && has(card, "hq"));
    check(&running, "?state=Issued&tags=lab", |card| card["state"] == "Issued" && has(card, "lab"));
    assert_eq!(list(&running, "?cardTypeName=yubikey%205%20nfc"), [json!(null); 0], "type names match exactly");
    // Quotes and patterns are only letters.
    assert_eq!(list(&running, "?serialNumber=%25&comment=x%27%20OR%20%271%27=%271"), [json!(null); 0]);
}

#[test]
fn expiring_certificates_are_found() {
    let running = start_with_many();
    let (now, soon) = ("2026-03-04T05:06:07", "2026-04-03T05:06:07");
    let some = |card: &Value, kind: &str, from: &str, to: &str| {
        card["certificates"].as_array().unwrap().iter().any(|one| {
            let valid_to = one["validTo"].as_str().unwrap();
            one["type"] == kind && valid_to > from && valid_to <= to
        })
    };
    for kind in ["Managed", "Common", "Traced"] {
        let query = format!("?contentExpirationStatus={kind}CertificatesExpiring");
        check(&running, &query, |card| some(card, kind, now, soon));
        let query = format!("?contentExpirationStatus={kind}CertificatesExpired");
        check(&running, &query, |card| some(card, kind, "", now));
    }
    check(&running, "?contentExpirationStatus=None", |card| {
        ["Managed", "Common", "Traced"].iter().all(|kind| !some(card, kind, "", soon))
    });
}

#[test]
fn times_are_days_or_lower_bounds() {
    let running = start_with_many();
    let day = |card: &Value, field: &str, day: &str| card[field].as_str().is_some_and(|time| time.starts_with(day));
    check(&running, "?timeIssued=2024-12-03", |card| day(card, "timeIssued", "2024-12-03"));
    check(&running, "?timeIssued=2025-06-01T00:00:00Z", |card| card["timeIssued"].as_str() >= Some("2025-06-01"));
    check(&running, "?timeRevoked=2025-06-01T00:00:00Z", |card| card["timeRevoked"].as_str() >= Some("2025-06-01"));
    check(&running, "?timeUpdated=2025-06-01T00:00:00%2B00:00", |card| {
        card["timeUpdated"].as_str() >= Some("2025-06-01")
    });
}

#[test]
fn pages_cover_the_list_once() {
    let running = start_with_many();
    let all = list(&running, "");
    let mut paged = Vec::new();
    while paged.len() < all.len() {
        let page = list(&running, &format!("?offset={}&count=100", paged.len()));
        assert!(!page.is_empty() && page.len() <= 100);
        paged.extend(page);
    }
    assert_eq!(paged, all);
    assert_eq!(list(&running, &format!("?offset={}", all.len() - 1)), all[all.len() - 1..]);
    assert_eq!(list(&running, "?offset=100000&count=5"), [json!(null); 0]);
}

#[test]
fn operations_leave_the_traces_that_are_documented() {
    let mut config = config();
    let clock = Arc::new(ManualClock::new(Moment::parse(NOW).unwrap()));
    config.clock = clock.clone();
    let running = start_with(config);
    let card = || get(&running, &certiflow("Cards/1013")).json();
    let fresh = card();
    let operate =
        |word: &str| assert_eq!(post(&running, &certiflow(&format!("Cards/1013/{word}"))).status, 200, "{word}");

    operate("PreUpdate");
    assert_eq!(card(), fresh, "PreUpdate changes no field");
    operate("Disable");
    assert_eq!((&card()["state"], &card()["timeDisabled"]), (&json!("Disabled"), &json!(NOW)));
    clock.advance(60);
    operate("Enable");
    assert_eq!((&card()["state"], &card()["timeDisabled"]), (&json!("Issued"), &json!(NOW)), "the time is kept");
    operate("Revoke?reason=CardBroken");
    let revoked = card();
    assert_eq!(
        (&revoked["state"], &revoked["timeRevoked"]),
        (&json!("Revoked"), &json!("2026-03-04T05:07:07.1234567Z"))
    );
    assert_eq!(revoked["userName"], fresh["userName"], "the card stays with its user");
    operate("Withdraw");
    let clean = card();
    assert_eq!((&clean["state"], &clean["certificates"]), (&json!("Clean"), &json!([])));
    for field in ["userId", "userName", "policyId", "policyName"] {
        assert_eq!(clean[field], json!(null), "{field}");
    }
    assert_eq!(clean["serialNumber"], fresh["serialNumber"]);
}

#[test]
fn both_systems_see_one_card() {
    let running = start();
    let own = get(&running, &crate::http::mim("smartcards")).json();
    let active = own.as_array().unwrap().iter().find(|card| card["Status"] == 3).unwrap().clone();
    let card_id = active["SerialNumber"].as_str().unwrap().trim_matches(['{', '}']).replace('-', "");
    let card = list(&running, &format!("?serialNumber={card_id}")).remove(0);
    assert_eq!(card["state"], "Issued");
    let status = || {
        let target = crate::http::mim(&format!("smartcards/{}", active["Uuid"].as_str().unwrap()));
        get(&running, &target).json()["Status"].clone()
    };
    // The words cross: CertiFlow's Disabled is Suspended in MIM CM, and MIM's Disabled is Revoked here.
    for (word, number) in [("Disable", 5), ("Revoke", 4)] {
        assert_eq!(post(&running, &certiflow(&format!("Cards/{}/{word}", card["id"]))).status, 200);
        assert_eq!(status(), number);
    }
}

#[test]
fn the_same_seed_makes_the_same_cards() {
    let (one, other) = (start_with_many(), start_with_many());
    assert_eq!(list(&one, ""), list(&other, ""));
    let labels: String = list(&one, "").iter().filter_map(|card| card["label"].as_str().map(str::to_owned)).collect();
    assert!(labels.chars().any(|c| c as u32 > 0xFFFF), "an emoji");
    assert!(labels.contains('ё') || labels.contains('и'), "letters beyond Latin");
}

#[test]
fn ten_thousand_cards_are_made_and_listed() {
    let running = start();
    let since = Instant::now();
    seed::synthetic(running.registry(), 10_000, 1).unwrap();
    let made = since.elapsed();
    let since = Instant::now();
    let answer = get(&running, &certiflow("Cards"));
    let body = answer.body;
    assert!(answer.is_whole);
    println!("10,000 cards made in {made:?}, listed in {:?}, {} bytes", since.elapsed(), body.len());
    assert!(serde_json::from_str::<Vec<Value>>(&body).unwrap().len() > 9_500);
    assert!(made.as_secs() < 20, "even in a debug build: {made:?}");
}
