//! MIM CM's cards and the workflow of its requests.

use crate::http::{Answer, get, mim, send, start};
use cardwright_core::date::Moment;
use cardwright_core::lifecycle::State;
use cardwright_core::mim::{Request, Smartcard};
use cardwright_server::Running;
use serde_json::{Value, json};

/// The story's cards: assigned, active, and active with a template that asks for approvals.
fn own(running: &Running, n: usize) -> Value {
    get(running, &mim("smartcards")).json()[n].clone()
}

fn create(running: &Running, body: &Value) -> Answer {
    send(running, "POST", &mim("requests"), &body.to_string())
}

fn request_for(running: &Running, kind: &str, card: &Value) -> String {
    let made =
        create(running, &json!({"type": kind, "smartcard": card["Uuid"], "datacollection": "[]", "comment": ""}));
    assert_eq!(made.status, 201, "{made:?}");
    format!("/CertificateManagement/{}", made.json().as_str().unwrap())
}

fn put(running: &Running, target: &str, status: &str) -> Answer {
    send(running, "PUT", target, &json!({ "status": status }).to_string())
}

fn names(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn all_fields_are_there_in_their_order() {
    let running = start();
    let card = own(&running, 1);
    assert_eq!(names(&card), Smartcard::FIELDS.map(|field| field.name));
    let request = get(&running, &request_for(&running, "Renew", &card)).json();
    assert_eq!(names(&request), Request::FIELDS.map(|field| field.name));
}

#[test]
fn a_card_is_found_by_its_card_id_however_it_is_written() {
    let running = start();
    let card = own(&running, 1);
    let braced = card["SerialNumber"].as_str().unwrap();
    let bare = braced.trim_matches(['{', '}']);
    for id in [bare.to_owned(), bare.to_uppercase(), format!("%7B{bare}%7D"), format!("{{{}}}", bare.to_uppercase())] {
        assert_eq!(get(&running, &mim(&format!("smartcards?CardID={id}"))).json(), card, "{id}");
    }
    let none = get(&running, &mim("smartcards?cardid=00000000-0000-0000-0000-00000000abcd"));
    assert_eq!((none.status, none.body.as_str()), (204, ""));
}

#[test]
fn a_request_must_name_what_it_is_about() {
    let running = start();
    let wrong = [
        json!({"type": "Enroll", "comment": ""}),
        json!({"type": "Retire", "comment": ""}),
        json!({"type": "Suspend", "smartcard": own(&running, 1)["Uuid"]}),
        json!({"smartcard": own(&running, 1)["Uuid"]}),
        json!({"type": 7, "smartcard": own(&running, 1)["Uuid"]}),
        json!({"type": "Retire", "smartcard": "x"}),
        json!({"type": "Retire", "smartcard": own(&running, 1)["Uuid"], "priority": "256"}),
        json!({"type": "Retire", "smartcard": own(&running, 1)["Uuid"], "datacollection": "[1]"}),
        json!({"type": "OfflineUnblock", "smartcard": own(&running, 1)["Uuid"]}),
        json!([]),
    ];
    for body in wrong {
        let answer = create(&running, &body);
        assert_eq!(answer.status, 400, "{body}: {answer:?}");
        assert!(answer.json()["Message"].is_string());
    }
    let nobody = "00000000-0000-0000-0000-000000000001";
    assert_eq!(create(&running, &json!({"type": "Retire", "smartcard": nobody})).status, 404);
    assert_eq!(create(&running, &json!({"type": "Enroll", "profiletemplateuuid": nobody})).status, 404);
    // The story's template has no policy for it, so it is not listed either.
    assert_eq!(create(&running, &json!({"type": "Revoke", "smartcard": own(&running, 1)["Uuid"]})).status, 409);
}

#[test]
fn answers_and_priority_are_taken_in_each_documented_form() {
    let running = start();
    let card = own(&running, 1);
    let forms = [
        json!("[{\"Sample Data Item\":\"because\"},{\"more\":\"x\"}]"),
        json!([{"sample data item": "because"}, {"more": "x"}]),
        json!([{"Name": "Sample Data Item", "Value": "because"}, {"name": "more", "value": "x"}]),
    ];
    for form in forms {
        let body = json!({"Type": "unblock", "SMARTCARD": card["Uuid"], "DataCollection": form, "Priority": "4"});
        let made = create(&running, &body);
        assert_eq!(made.status, 201, "{made:?}");
        let request = get(&running, &format!("/CertificateManagement/{}", made.json().as_str().unwrap())).json();
        let wanted = json!([{"Name": "Sample Data Item", "Value": "because"}, {"Name": "more", "Value": "x"}]);
        assert_eq!((&request["DataCollection"], &request["Priority"]), (&wanted, &json!(4)));
        let end = mim(&format!("requests/{}", request["Uuid"].as_str().unwrap()));
        assert_eq!(send(&running, "PUT", &end, r#"{"status":"Abandoned"}"#).status, 200);
    }
}

#[test]
fn operations_depend_on_the_state_and_the_template() {
    let running = start();
    let words = |n: usize| {
        let uuid = own(&running, n)["Uuid"].as_str().unwrap().to_owned();
        get(&running, &mim(&format!("smartcards/{uuid}/operations"))).json()
    };
    assert_eq!(words(0), json!([]), "an assigned card is still being made");
    assert_eq!(words(1), json!(["renew", "unblock", "retire"]));
    let all = [
        "onlineupdate",
        "renew",
        "recover",
        "recoveronbehalf",
        "duplicate",
        "temporarycards",
        "unblock",
        "retire",
        "revoke",
    ];
    assert_eq!(words(2), json!(all));
    running.registry().set_state(1003, State::Suspended).unwrap();
    assert_eq!(words(2), json!(["recover", "recoveronbehalf", "temporarycards", "retire", "revoke", "reinstate"]));
    running.registry().set_state(1003, State::Retired).unwrap();
    assert_eq!(words(2), json!([]));
}

#[test]
fn a_template_that_asks_for_approvals_leaves_its_requests_pending() {
    let running = start();
    let card = own(&running, 2);
    let request = request_for(&running, "Retire", &card);
    assert_eq!(get(&running, &request).json()["Status"], 16);
    let on_card = format!("{request}/smartcards/{}", card["Uuid"].as_str().unwrap());
    let early = put(&running, &on_card, "Retired");
    assert_eq!(early.status, 409, "{early:?}");
    assert!(early.body.contains("is Pending"), "{early:?}");
    assert_eq!(put(&running, &request, "Completed").status, 409);
    assert_eq!(put(&running, &request, "Abandoned").status, 409, "only what was approved can be abandoned");
    assert_eq!(put(&running, &request, "Canceled").json()["Status"], 17);
    assert_eq!(put(&running, &request, "Canceled").status, 409);
    assert_eq!(own(&running, 2)["Status"], 3, "the card is untouched");
}

#[test]
fn a_status_must_fit_the_request_and_the_card() {
    let running = start();
    let card = own(&running, 1);
    let request = request_for(&running, "Retire", &card);
    let on = |card: &Value| format!("{request}/smartcards/{}", card["Uuid"].as_str().unwrap());
    assert_eq!(put(&running, &on(&card), "Gone").status, 400);
    assert_eq!(put(&running, &on(&card), "Disabled").status, 409);
    assert_eq!(put(&running, &on(&own(&running, 2)), "Retired").status, 409, "another card");
    assert_eq!(put(&running, &request, "Finished").status, 400);

    assert_eq!(put(&running, &on(&card), "retired").json()["Status"], 6);
    assert_eq!(get(&running, &request).json()["Status"], 18, "executing");
    assert_eq!(put(&running, &on(&card), "Retired").json()["Status"], 6, "the same again is answered the same");
    assert_eq!(put(&running, &request, "Canceled").status, 409, "what was done cannot be canceled");
    assert_eq!(put(&running, &request, "Completed").json()["Status"], 8);
    assert_eq!(put(&running, &on(&card), "Retired").status, 409, "the request is over");
}

#[test]
fn a_card_that_changed_meanwhile_is_judged_again() {
    let running = start();
    let card = own(&running, 1);
    let request = request_for(&running, "Retire", &card);
    running.registry().set_state(1002, State::Pending).unwrap();
    assert_eq!(own(&running, 1)["Status"], 2, "a pending card is shown as assigned");
    let on_card = format!("{request}/smartcards/{}", card["Uuid"].as_str().unwrap());
    let refused = put(&running, &on_card, "Retired");
    assert_eq!(refused.status, 409, "{refused:?}");
    assert!(refused.json()["Message"].as_str().unwrap().contains("still being made"), "{refused:?}");
    assert_eq!(get(&running, &request).json()["Status"], 3, "it can be tried again");
}

#[test]
fn a_canceled_enrollment_gives_its_card_back() {
    let running = start();
    let template = own(&running, 1)["ProfileTemplateUuid"].clone();
    let enroll = || {
        let made = create(&running, &json!({"type": "Enroll", "profiletemplateuuid": template})).json();
        made.as_str().unwrap().rsplit('/').next().unwrap().to_owned()
    };
    let assign = |request: &str| {
        let body = json!({"requestid": request, "cardid": "0a0b0c0d-0102-0304-0506-0708090a0b0c", "atr": "3B00"});
        send(&running, "POST", &mim("smartcards"), &body.to_string())
    };
    let (first, second) = (enroll(), enroll());
    let uri = assign(&first).json();
    assert_eq!(assign(&first).json(), uri, "the same again is answered the same");
    assert_eq!(assign(&second).status, 409, "the card is taken");
    assert_eq!(put(&running, &mim(&format!("requests/{first}")), "Abandoned").json()["Status"], 17);
    let again = assign(&second);
    assert_eq!(again.status, 201, "{again:?}");
    assert_ne!(again.json(), uri, "a card has a new id each time it is assigned");
    let status = || get(&running, &format!("/CertificateManagement/{}", again.json().as_str().unwrap())).json();
    assert_eq!((&status()["Status"], &status()["Atr"]), (&json!(2), &json!("3b00")));
    assert_eq!(put(&running, &mim(&format!("requests/{second}")), "Completed").status, 200);
    assert_eq!(status()["Status"], 3);
    // In CertiFlow it is an issued card of the template's policy.
    let listed = get(&running, "/certiflow/api/Cards?serialNumber=0A0B0C0D0102030405060708090A0B0C");
    assert_eq!(
        (&listed.json()[0]["state"], &listed.json()[0]["policyName"]),
        (&json!("Issued"), &json!("Sample smart card"))
    );
}

#[test]
fn a_replacement_knows_the_card_it_replaces() {
    let running = start();
    running.registry().set_state(1013, State::Revoked).unwrap();
    let old = running.registry().audit(0, 1).unwrap()[0].uuid.unwrap().to_string();
    let request = request_for(&running, "Recover", &json!({ "Uuid": old }));
    let id = request.rsplit('/').next().unwrap();
    assert_eq!(put(&running, &request, "Completed").status, 409, "it has no card yet");
    let body = json!({"requestid": id, "cardid": "0a0b0c0d-0102-0304-0506-0708090a0b0c"});
    let uri = send(&running, "POST", &mim("smartcards"), &body.to_string()).json();
    let new = get(&running, &format!("/CertificateManagement/{}", uri.as_str().unwrap())).json();
    assert_eq!((&new["ParentSmartcardUuid"], &new["Status"]), (&json!(old), &json!(2)));
    let done = put(&running, &request, "Completed").json();
    assert_eq!((&done["OldSmartcardUuid"], &done["NewSmartcardUuid"]), (&json!(old), &new["Uuid"]));
    let user = get(&running, "/certiflow/api/Cards?userName=DEMO%5Cipetrov").json();
    assert_eq!(user.as_array().unwrap().len(), 2, "the new card has its user's name");
}

#[test]
fn requests_are_listed_by_status_and_target_and_an_unknown_value_is_refused() {
    let running = start();
    let list = |query: &str| get(&running, &mim(&format!("requests{query}")));
    let before: Vec<Value> = list("").json().as_array().unwrap().clone();
    assert_eq!(before.len(), 3, "those of the story");
    let cards: Vec<Value> = (0..2).map(|n| own(&running, n + 1)).collect();
    let made: Vec<String> = cards.iter().map(|card| request_for(&running, "Retire", card)).collect();
    let objects: Vec<Value> = made.iter().map(|target| get(&running, target).json()).collect();
    let all: Vec<&Value> = before.iter().chain(&objects).collect();
    assert_eq!(list("").json(), json!(all), "the newest is the last, and each as it is alone");
    let pending: Vec<&Value> = all.iter().copied().filter(|request| request["Status"] == 16).collect();
    assert_eq!(pending.len(), 1, "the third card's template asks for approval");
    assert_eq!(list("?status=pending").json(), json!(pending));
    assert_eq!((list("?Status=Failed").status, list("?Status=Failed").body.as_str()), (200, "[]"));
    assert_eq!(list("?status=None&targetuser=").json(), json!([]));
    assert_eq!(list("?targetuser=current&status=Pending").json(), json!(pending));
    for (query, part) in [
        ("?status=Open", "Pending"),
        ("?status=16", "Pending"),
        ("?targetuser=8f1590dc-22f2-45b4-a2b6-8ea6d5f50ac4", "current"),
        ("?targetuser=everybody", "current"),
    ] {
        let refused = list(query);
        assert_eq!((refused.status, refused.body.contains(part)), (400, true), "{refused:?}");
    }
    let template = &cards[0]["ProfileTemplateUuid"];
    for _ in 0..40 {
        let body = json!({"type": "Enroll", "profiletemplateuuid": template, "comment": "x"});
        assert_eq!(create(&running, &body).status, 201);
    }
    let all = list("").json();
    let moments = all.as_array().unwrap().iter().map(|one| Moment::parse(one["Submitted"].as_str().unwrap()).unwrap());
    let submitted: Vec<_> = moments.map(|moment| (moment.seconds, moment.nanos)).collect();
    assert!(submitted.len() == 45 && submitted.is_sorted(), "{submitted:?}");
}
