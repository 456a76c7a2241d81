//! Every state and operation of the transition table, over HTTP.

use crate::http::{certiflow, get, mim, post, send, start};
use cardwright_core::Named as _;
use cardwright_core::certiflow::CardState;
use cardwright_core::lifecycle::{NativeState, Operation, System};
use cardwright_core::mim::{SmartcardStatus, StatusScheme};
use serde_json::json;

const CARD: i64 = 1065;

struct Row {
    state: String,
    operation: Operation,
    outcome: String,
}

fn rows(system: System) -> Vec<Row> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../core/tests/transitions.tsv");
    let text = std::fs::read_to_string(path).unwrap();
    let fields = text.lines().skip(1).map(|line| line.split('\t').collect::<Vec<_>>());
    let ours = fields.filter(|row| row[0] == system.name());
    ours.map(|row| Row {
        state: row[1].into(),
        operation: Operation::from_name(row[2]).unwrap(),
        outcome: row[3].into(),
    })
    .collect()
}

#[test]
fn certiflow_does_what_the_table_says() {
    let running = start();
    let mut looked_at = 0;
    for Row { state, operation, outcome } in rows(System::CertiFlow) {
        let before = NativeState::CertiFlow(CardState::from_name(&state).unwrap());
        running.registry().set_state(CARD, before.neutral().unwrap()).unwrap();
        let word = operation.native(System::CertiFlow).unwrap();
        let answer = post(&running, &certiflow(&format!("Cards/{CARD}/{word}")));
        let after = get(&running, &certiflow(&format!("Cards/{CARD}"))).json()["state"].clone();
        if outcome == "refused" {
            assert_eq!(answer.status, 409, "{word} {state}: {answer:?}");
            assert_eq!(answer.header("content-type"), Some("application/problem+json; charset=utf-8"));
            for part in ["1065", word, &state] {
                assert!(answer.detail().contains(part), "{}", answer.detail());
            }
            assert_eq!(after, json!(state), "a refused operation changes nothing");
        } else {
            assert_eq!((answer.status, answer.body.as_str()), (200, ""), "{word} {state}");
            assert_eq!(after, json!(outcome), "{word} {state}");
        }
        looked_at += 1;
    }
    println!("{looked_at} rows of CertiFlow");
    assert_eq!(looked_at, 30);
}

#[test]
fn mim_does_what_the_table_says() {
    let running = start();
    // The card's record was withdrawn by nobody: its template allows every kind of request.
    let cards = get(&running, &certiflow(&format!("Cards/{CARD}")));
    assert_eq!(cards.status, 200);
    let by_serial = uuid_of(&running);
    let card = mim(&format!("smartcards/{by_serial}"));
    let (mut looked_at, mut unseen) = (0, 0);
    for Row { state, operation, outcome } in rows(System::Mim) {
        let status = SmartcardStatus::from_name(&state).unwrap();
        let Some(neutral) = NativeState::Mim(status).neutral() else {
            unseen += 1;
            continue;
        };
        running.registry().set_state(CARD, neutral).unwrap();
        looked_at += 1;
        let word = operation.native(System::Mim).unwrap_or(operation.name());
        let body = json!({"type": word, "smartcard": by_serial, "datacollection": "[]", "comment": ""});
        let answer = send(&running, "POST", &mim("requests"), &body.to_string());
        match outcome.as_str() {
            "lacks" => assert_eq!(answer.status, 400, "{word} {state}: {answer:?}"),
            "refused" => {
                assert_eq!(answer.status, 409, "{word} {state}: {answer:?}");
                assert!(answer.json()["Message"].as_str().unwrap().contains(&state));
            }
            to => {
                assert_eq!(answer.status, 201, "{word} {state}: {answer:?}");
                let uri = answer.json().as_str().unwrap().to_owned();
                let put = format!("/CertificateManagement/{uri}/smartcards/{by_serial}");
                let put = send(&running, "PUT", &put, &json!({ "status": to }).to_string());
                assert_eq!(put.status, 200, "{put:?}");
                let number = StatusScheme::B.number(SmartcardStatus::from_name(to).unwrap());
                assert_eq!(put.json()["Status"], json!(number), "{word} {state}");
                let done = send(&running, "PUT", &format!("/CertificateManagement/{uri}"), r#"{"status":"Completed"}"#);
                assert_eq!((done.status, &done.json()["Status"]), (200, &json!(8)));
            }
        }
    }
    println!("{looked_at} rows of MIM CM; {unseen} of the status None, which no card has");
    assert_eq!((looked_at, unseen), (30, 5));
    assert_eq!(get(&running, &card).status, 200);
}

/// The card's id in MIM CM, from the audit log.
fn uuid_of(running: &cardwright_server::Running) -> String {
    let state = running.registry().state(CARD).unwrap();
    running.registry().set_state(CARD, state).unwrap();
    let entries = running.registry().audit(0, 1).unwrap();
    entries[0].uuid.unwrap().to_string()
}
