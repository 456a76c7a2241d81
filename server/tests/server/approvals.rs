//! Requests that need approval: approved, denied, failed by the server's operator, and what MIM CM's API
//! shows of it.

use crate::http::{Answer, DEMO, config, get, mim, send, send_as, start_with};
use cardwright_core::identity::Guid;
use cardwright_core::mim::RequestStatus;
use cardwright_server::{Account, Error, Outcome, Running, Secret};
use serde_json::json;

/// The story's card whose template asks for one approval, and the template that asks for two.
const CARD: &str = "d4a7c2f1-3b58-4e90-9c16-8a5b0e7f6d32";
const TWO: &str = "6a1d3c9f-8e75-4b2a-9d4e-3c7da2f18b65";

/// A server whose operators may decide, also on their own requests, with a second administrator.
fn start() -> Running {
    start_where("on")
}

/// The same, where the switch `own-approval` has this value.
fn start_where(own_approval: &str) -> Running {
    let mut config = config();
    config.switches.set("own-approval", own_approval).unwrap();
    config.operator = true;
    config.accounts.push(Account::new("second", Secret::new("x"), "administrator"));
    config.accounts.push(Account::new("oper", Secret::new("x"), "operator"));
    start_with(config)
}

fn create(running: &Running, body: serde_json::Value) -> String {
    let made = send(running, "POST", &mim("requests"), &body.to_string());
    assert_eq!(made.status, 201, "{made:?}");
    made.json().as_str().unwrap().rsplit('/').next().unwrap().to_owned()
}

fn retire(running: &Running) -> String {
    create(running, json!({"type": "Retire", "smartcard": CARD, "comment": "left"}))
}

fn status(running: &Running, request: &str) -> i64 {
    get(running, &mim(&format!("requests/{request}"))).json()["Status"].as_i64().unwrap()
}

fn decide(running: &Running, who: Option<&str>, request: &str, what: &str) -> Answer {
    send_as(running, who, "POST", &format!("/_sandbox/requests/{request}/{what}"), ("", ""))
}

fn put(running: &Running, target: &str, status: &str) -> Answer {
    send(running, "PUT", &mim(target), &json!({ "status": status }).to_string())
}

#[test]
fn an_approved_request_is_carried_out_to_its_end() {
    let running = start();
    let request = retire(&running);
    assert_eq!(status(&running, &request), 16, "Pending");
    let approved = decide(&running, Some(DEMO), &request, "approve");
    let wanted = json!({"request": request, "status": "Approved", "approvals": 1, "needed": 1});
    assert_eq!((approved.status, approved.json()), (200, wanted));
    assert_eq!(status(&running, &request), 3, "Approved");
    let on_card = format!("requests/{request}/smartcards/{CARD}");
    assert_eq!(put(&running, &on_card, "Retired").json()["Status"], 6);
    assert_eq!(status(&running, &request), 18, "Executing");
    assert_eq!(put(&running, &format!("requests/{request}"), "Completed").json()["Status"], 8);
    let log = running.registry().audit(0, 10).unwrap();
    let rows: Vec<_> = log.iter().map(|row| (row.operation.as_str(), row.note.as_str(), row.card)).collect();
    let wanted = [
        ("request", "Retire: left", Some(1003)),
        ("approve", "Retire: 1 of 1", Some(1003)),
        ("retire", "left", Some(1003)),
        ("complete", "Retire: left", Some(1003)),
    ];
    assert_eq!(rows, wanted);
    assert!(log.iter().all(|row| row.request.unwrap().to_string() == request && row.account == "demo"));
}

#[test]
fn two_approvals_come_from_two_accounts() {
    let running = start();
    let request = create(&running, json!({"type": "Enroll", "profiletemplateuuid": TWO, "comment": ""}));
    for again in 0..2 {
        let first = decide(&running, Some(DEMO), &request, "approve").json();
        assert_eq!((&first["status"], &first["approvals"]), (&json!("Pending"), &json!(1)), "{again}");
        assert_eq!(status(&running, &request), 16);
    }
    assert_eq!(decide(&running, Some("SECOND:x"), &request, "approve").json()["status"], "Approved");
    assert_eq!(status(&running, &request), 3);
    let late = decide(&running, Some("second:x"), &request, "approve");
    assert_eq!((late.status, late.json()["error"].as_str().unwrap().contains("is Approved already")), (409, true));
    let log = running.registry().audit(0, 10).unwrap();
    let rows: Vec<_> = log.iter().map(|row| (row.account.as_str(), row.note.as_str(), row.outcome)).collect();
    let wanted = [
        ("demo", "Enroll", Outcome::Done),
        ("demo", "Enroll: 1 of 2", Outcome::Done),
        ("second", "Enroll: 2 of 2", Outcome::Done),
        ("second", "Enroll: the request is Approved", Outcome::Refused),
    ];
    assert_eq!(rows, wanted);
}

#[test]
fn ones_own_request_is_approved_by_somebody_else() {
    let running = start_where("off");
    let request = retire(&running);
    let own = decide(&running, Some(DEMO), &request, "approve");
    assert_eq!((own.status, own.json()["error"].as_str().unwrap().contains("somebody else")), (403, true));
    assert_eq!(status(&running, &request), 16, "Pending");
    let last = running.registry().audit(0, 10).unwrap().pop().unwrap();
    assert_eq!((last.operation.as_str(), last.outcome), ("approve", Outcome::Refused));
    assert_eq!(decide(&running, Some("second:x"), &request, "approve").json()["status"], "Approved");
    // Whoever made a request may take it back.
    let request = create(&running, json!({"type": "Enroll", "profiletemplateuuid": TWO, "comment": ""}));
    assert_eq!(decide(&running, Some(DEMO), &request, "deny").json()["status"], "Denied");
}

#[test]
fn what_was_denied_failed_or_canceled_stays_so() {
    let running = start();
    let ends = [("deny", 4, "Denied"), ("fail", 9, "Failed"), ("cancel", 17, "Canceled")];
    for (what, number, name) in ends {
        let request = retire(&running);
        match what {
            "cancel" => assert_eq!(put(&running, &format!("requests/{request}"), "Canceled").status, 200),
            "fail" => {
                let early = decide(&running, Some(DEMO), &request, "fail");
                assert_eq!(early.status, 409, "only what was begun can fail: {early:?}");
                assert_eq!(decide(&running, Some(DEMO), &request, "approve").status, 200);
                assert_eq!(decide(&running, Some(DEMO), &request, "fail").json()["status"], name);
            }
            _ => assert_eq!(decide(&running, Some(DEMO), &request, what).json()["status"], name),
        }
        assert_eq!(status(&running, &request), number, "{name}");
        for again in ["approve", "deny", "fail"] {
            assert_eq!(decide(&running, Some(DEMO), &request, again).status, 409, "{name}, then {again}");
        }
        for end in ["Completed", "Canceled", "Abandoned"] {
            assert_eq!(put(&running, &format!("requests/{request}"), end).status, 409, "{name}, then {end}");
        }
        let refused = put(&running, &format!("requests/{request}/smartcards/{CARD}"), "Retired");
        assert_eq!((refused.status, refused.body.contains(name)), (409, true), "{refused:?}");
        assert_eq!(status(&running, &request), number);
    }
    assert_eq!(get(&running, &mim(&format!("smartcards/{CARD}"))).json()["Status"], 3, "the card is untouched");
}

#[test]
fn only_an_administrator_decides_and_only_where_it_is_switched_on() {
    let running = start();
    let request = retire(&running);
    assert_eq!(decide(&running, None, &request, "approve").status, 401);
    assert_eq!(decide(&running, Some("oper:x"), &request, "approve").status, 403);
    assert_eq!(decide(&running, Some(DEMO), "nonsense", "approve").status, 400);
    assert_eq!(decide(&running, Some(DEMO), "00000000-0000-0000-0000-00000000abcd", "deny").status, 404);
    assert_eq!(decide(&running, Some(DEMO), &request, "forget").status, 404);
    let wrong = get(&running, &format!("/_sandbox/requests/{request}/approve"));
    assert_eq!((wrong.status, wrong.header("allow")), (405, Some("POST")));
    assert_eq!(status(&running, &request), 16);
    // Without the setting there is no such address, whoever asks.
    let off = start_with(config());
    let request = retire(&off);
    assert_eq!(decide(&off, Some(DEMO), &request, "approve").status, 404);
    assert_eq!(decide(&off, None, &request, "approve").status, 404);
}

#[test]
fn a_program_decides_by_the_registry() {
    let running = start();
    let uuid = |text: &str| Guid::parse(text).unwrap();
    let request = uuid(&retire(&running));
    let decided = running.registry().approve(request, "a program").unwrap();
    assert_eq!((decided.status, decided.approvals, decided.needed), (RequestStatus::Approved, 1, 1));
    assert_eq!(running.registry().fail(request, "a program").unwrap().status, RequestStatus::Failed);
    let refused = running.registry().deny(request, "a program").unwrap_err();
    assert!(matches!(refused, Error::RequestIs(_, RequestStatus::Failed)), "{refused}");
    let nothing = running.registry().approve(uuid(TWO), "a program").unwrap_err();
    assert!(matches!(nothing, Error::NoSuchRequest(_)), "{nothing}");
}
