//! The audit log.

use crate::http::{certiflow, get, mim, post, send, start};
use cardwright_core::lifecycle::{State, System};
use cardwright_server::Outcome;
use serde_json::json;

#[test]
fn what_was_done_and_what_was_refused_is_written_down() {
    let running = start();
    post(&running, &certiflow("Cards/1065/Disable"));
    post(&running, &certiflow("Cards/1065/Disable"));
    post(&running, &certiflow("Cards/1065/Revoke?reason=CardLost"));
    let log = running.registry().audit(0, 100).unwrap();
    assert_eq!(log.len(), 3);
    let (held, refused, revoked) = (&log[0], &log[1], &log[2]);

    assert_eq!(
        (held.account.as_str(), held.system, held.operation.as_str()),
        ("demo", Some(System::CertiFlow), "suspend")
    );
    assert_eq!((held.card, held.before, held.after), (Some(1065), Some(State::Active), Some(State::Suspended)));
    assert_eq!((held.outcome, held.note.as_str()), (Outcome::Done, "1 held"));
    assert_eq!(
        (refused.outcome, refused.before, refused.after),
        (Outcome::Refused, Some(State::Suspended), Some(State::Suspended))
    );
    assert_eq!(refused.note, "already on hold");
    assert_eq!(
        (revoked.outcome, revoked.note.as_str(), revoked.after),
        (Outcome::Done, "CardLost; 1 revoked", Some(State::Revoked))
    );

    assert!(log.windows(2).all(|pair| pair[0].id < pair[1].id && pair[0].time <= pair[1].time));
    assert_eq!(running.registry().audit(held.id, 1).unwrap(), log[1..2], "after one row, at most so many");
}

#[test]
fn a_request_is_written_down_from_its_making_to_its_end() {
    let running = start();
    let card = get(&running, &mim("smartcards")).json()[1]["Uuid"].as_str().unwrap().to_owned();
    let body = json!({"type": "Retire", "smartcard": card, "comment": "left the company"});
    let uri = send(&running, "POST", &mim("requests"), &body.to_string()).json().as_str().unwrap().to_owned();
    let request = format!("/CertificateManagement/{uri}");
    assert_eq!(send(&running, "PUT", &request, r#"{"status":"Completed"}"#).status, 409, "the card is not retired");
    assert_eq!(send(&running, "PUT", &format!("{request}/smartcards/{card}"), r#"{"status":"Retired"}"#).status, 200);
    assert_eq!(send(&running, "PUT", &request, r#"{"status":"Completed"}"#).status, 200);
    let log = running.registry().audit(0, 100).unwrap();
    let words: Vec<_> = log.iter().map(|entry| entry.operation.as_str()).collect();
    assert_eq!(words, ["request", "retire", "complete"]);
    assert!(log.iter().all(|entry| entry.system == Some(System::Mim) && entry.outcome == Outcome::Done));
    assert!(log.iter().all(|entry| entry.request.unwrap().to_string() == uri.rsplit('/').next().unwrap()));
    assert_eq!(log[1].uuid.unwrap().to_string(), card);
    assert_eq!(
        (log[1].before, log[1].after, log[1].note.as_str()),
        (Some(State::Active), Some(State::Retired), "left the company")
    );

    let again = send(&running, "POST", &mim("requests"), &body.to_string());
    assert_eq!(again.status, 409);
    let last = running.registry().audit(0, 100).unwrap().pop().unwrap();
    assert_eq!(
        (last.operation.as_str(), last.outcome, last.before),
        ("retire", Outcome::Refused, Some(State::Retired))
    );
}
