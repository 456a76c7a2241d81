//! The old half of CertiFlow's page, dialect G1: one user's cards with six fields, four operations with
//! the id as a parameter, five privileges, and the errors of its platform.

use crate::http::{Answer, certiflow, get, post, send, send_as, start};
use cardwright_core::certiflow::{CardInfo, Privilege};
use cardwright_core::lifecycle::State;
use cardwright_server::{Running, Secret};
use serde_json::{Value, json};

fn icmapi(path: &str) -> String {
    format!("/icmapi/{path}")
}

fn cards(running: &Running, name: &str) -> Value {
    let answer = get(running, &icmapi(&format!("user/getcards?name={name}")));
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()
}

fn message(answer: &Answer) -> String {
    answer.json()["Message"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn the_cards_of_a_user_have_the_six_fields_of_the_page() {
    let running = start();
    let wanted = json!([{
        "id": "1065", "serialNumber": "02A1B3D7", "atr": "3B7F96000080318065B0855956FB120FFE829000",
        "label": "Anna Weber", "state": "Issued", "pacNumber": "12371",
    }]);
    for name in ["aweber@demo.example", "AWEBER@demo.EXAMPLE", "aweber"] {
        assert_eq!(cards(&running, name), wanted, "{name}");
    }
    let names: Vec<_> = wanted[0].as_object().unwrap().keys().map(String::as_str).collect();
    assert!(names.iter().all(|name| CardInfo::FIELDS.iter().any(|field| field.name == *name)));
    for nobody in ["nobody@demo.example", "aweb", "a%25", "aweber@demo", "DEMO%5Caweber"] {
        assert_eq!(cards(&running, nobody), json!([]), "{nobody}");
    }
    let missing = get(&running, &icmapi("user/getcards"));
    assert_eq!((missing.status, message(&missing).as_str()), (400, "The request is invalid."));
    assert!(missing.json()["ModelState"]["name"][0].is_string(), "{missing:?}");
}

#[test]
fn a_card_lives_its_life_over_the_old_api() {
    let running = start();
    let state = || cards(&running, "aweber@demo.example")[0]["state"].clone();
    for (what, wanted) in
        [("disable", "Disabled"), ("ENABLE", "Issued"), ("preupdate", "Issued"), ("revoke", "Revoked")]
    {
        let body = if what == "revoke" { r#"{"reason":2}"# } else { "" };
        let answer = send(&running, "POST", &icmapi(&format!("card/{what}?ID=1065")), body);
        assert_eq!((answer.status, answer.body.as_str()), (204, ""), "{what}: {answer:?}");
        assert_eq!(state(), json!(wanted));
        assert_eq!(get(&running, &certiflow("Cards/1065")).json()["state"], json!(wanted), "both see one card");
    }
    let log = running.registry().audit(0, 10).unwrap();
    let notes: Vec<_> = log.iter().map(|entry| (entry.operation.as_str(), entry.note.as_str())).collect();
    let wanted =
        [("suspend", "1 held"), ("resume", "1 released"), ("pre-update", ""), ("revoke", "CardLost; 1 revoked")];
    assert_eq!(notes, wanted);
}

#[test]
fn the_reason_is_a_number_from_0_to_6_wherever_it_stands() {
    let running = start();
    let (json, form) = ("application/json", "application/x-www-form-urlencoded");
    let given = [
        ("", json, r#"{"reason":5}"#, "CardWithdraw"),
        ("", json, "{ reason: 5 }", "CardWithdraw"),
        ("", form, "reason=6", "UserRemoved"),
        ("&reason=1", "", "", "CardBroken"),
        ("", "", "", "None"),
    ];
    for (query, content_type, body, wanted) in given {
        running.registry().set_state(1013, State::Active).unwrap();
        let target = icmapi(&format!("card/revoke?id=1013{query}"));
        let answer = send_as(&running, Some(crate::http::DEMO), "POST", &target, (content_type, body));
        assert_eq!(answer.status, 204, "{query} {body}: {answer:?}");
        let note = running.registry().audit(0, 1000).unwrap().pop().unwrap().note;
        assert_eq!(note.split(';').next(), Some(wanted));
    }
    running.registry().set_state(1013, State::Active).unwrap();
    for body in [r#"{"reason":7}"#, r#"{"reason":"CardCompromised"}"#, r#"{"reason":8}"#, "[]"] {
        let answer = send(&running, "POST", &icmapi("card/revoke?id=1013"), body);
        assert_eq!((answer.status, message(&answer).as_str()), (400, "The request is invalid."), "{body}");
        assert!(answer.json()["ModelState"]["reason"][0].is_string(), "{answer:?}");
    }
    assert_eq!(running.registry().state(1013).unwrap(), State::Active);
}

#[test]
fn errors_are_those_of_classic_web_api() {
    let running = start();
    let refused = post(&running, &icmapi("card/enable?id=1065"));
    assert_eq!((refused.status, message(&refused).as_str()), (500, "An error has occurred."));
    let why = refused.json()["ExceptionMessage"].as_str().unwrap().to_owned();
    for part in ["1065", "Enable", "Issued"] {
        assert!(why.contains(part), "{why}");
    }
    let unknown = post(&running, &icmapi("card/disable?id=999999"));
    assert_eq!((unknown.status, message(&unknown).as_str()), (404, "No card has the id 999999."));
    for target in ["card/disable", "card/disable?id=abc"] {
        assert_eq!(post(&running, &icmapi(target)).status, 400, "{target}");
    }
    let wrong = get(&running, &icmapi("card/disable?id=1065"));
    assert_eq!((wrong.status, wrong.header("allow")), (405, Some("POST")));
    // What came with later dialects is not there.
    for target in ["Cards", "Cards/1065", "card/withdraw?id=1065", "Card/GetAllCards", ""] {
        let answer = get(&running, &icmapi(target));
        assert_eq!(answer.status, 404, "{target}");
        assert!(!message(&answer).is_empty());
    }
    let stranger = send_as(&running, None, "GET", &icmapi("user/getcards?name=x"), ("", ""));
    assert_eq!((stranger.status, stranger.header("content-type")), (401, Some("text/html")));
    assert!(stranger.header("www-authenticate").is_some() && stranger.body.contains("<html"), "{stranger:?}");
}

#[test]
fn its_five_privileges_are_five_of_the_nine_and_are_called_by_their_old_names() {
    let running = start();
    let calls = [
        (Privilege::ViewingCardRepository, "GET", "user/getcards?name=aweber", 200),
        (Privilege::DisablingCard, "POST", "card/disable?id=1065", 204),
        (Privilege::EnablingCard, "POST", "card/enable?id=1065", 204),
        (Privilege::UpdatingCard, "POST", "card/preupdate?id=1065", 204),
        (Privilege::RevokingCard, "POST", "card/revoke?id=1065", 204),
    ];
    for (privilege, method, target, wanted) in calls {
        let others: Vec<_> = calls.iter().map(|call| call.0).filter(|other| *other != privilege).collect();
        running.registry().add_role("all but one", &others, &[]).unwrap();
        running.registry().add_role("one", &[privilege], &[]).unwrap();
        for (role, account) in [("all but one", "without"), ("one", "with")] {
            running.registry().add_account(account, &Secret::new("x"), role).unwrap();
        }
        let ask = |who: &str| send_as(&running, Some(who), method, &icmapi(target), ("", ""));
        let without = ask("without:x");
        assert_eq!(without.status, 403, "{target}");
        let name = privilege.name_in(cardwright_core::certiflow::Dialect::G1).unwrap();
        assert!(message(&without).contains(name), "{without:?}");
        assert_eq!(ask("with:x").status, wanted, "{target}");
    }
}
