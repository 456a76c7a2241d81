//! The server's own API: who did what, which requests wait, decisions on them, and accounts.

use crate::http::{Answer, DEMO, certiflow, config, get, mim, post, send, send_as, start, start_with};
use cardwright_core::Named as _;
use cardwright_core::certiflow::Privilege;
use cardwright_core::identity::Guid;
use cardwright_core::mim::Permission;
use cardwright_server::{Account, AccountChange, Error, ManualClock, Outcome, Running, Secret, Who};
use serde_json::{Value, json};
use std::sync::Arc;

/// The story's card whose template asks for one approval: its number, and its id in MIM CM.
const CARD: i64 = 1003;
const UUID: &str = "d4a7c2f1-3b58-4e90-9c16-8a5b0e7f6d32";

fn own(path: &str) -> String {
    format!("/_cardwright/v1/{path}")
}

fn serving() -> Running {
    let mut config = config();
    config.operator = true;
    config.accounts.push(Account::new("second", Secret::new("x"), "administrator"));
    config.accounts.push(Account::new("viewer", Secret::new("x"), "viewer"));
    start_with(config)
}

fn rows(answer: &Answer) -> Vec<Value> {
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()["rows"].as_array().unwrap().clone()
}

fn operations(answer: &Answer) -> Vec<String> {
    rows(answer).iter().map(|row| row["operation"].as_str().unwrap().to_owned()).collect()
}

fn put(running: &Running, name: &str, body: &Value) -> Answer {
    send(running, "PUT", &own(&format!("accounts/{name}")), &body.to_string())
}

fn wrong(answer: &Answer) -> String {
    answer.json()["error"].as_str().unwrap().to_owned()
}

fn retire(running: &Running) -> String {
    let body = json!({"type": "Retire", "smartcard": UUID, "comment": "left"});
    let made = send(running, "POST", &mim("requests"), &body.to_string());
    assert_eq!(made.status, 201, "{made:?}");
    made.json().as_str().unwrap().rsplit('/').next().unwrap().to_owned()
}

#[test]
fn it_is_there_only_where_it_is_switched_on_and_for_who_signs_in() {
    let running = start();
    assert_eq!(get(&running, &own("audit")).status, 404);
    let running = serving();
    let anonymous = send_as(&running, None, "GET", &own("audit"), ("", ""));
    assert_eq!((anonymous.status, anonymous.header("www-authenticate").is_some()), (401, true));
    for path in ["", "nowhere", "audit/1", "requests/1", "requests/1/2/3"] {
        let answer = get(&running, &own(path));
        assert_eq!((answer.status, wrong(&answer).as_str()), (404, "No such call."), "{path}");
    }
    for (method, path, allow) in [
        ("POST", "audit", "GET"),
        ("PUT", "requests", "GET"),
        ("GET", "requests/x/approve", "POST"),
        ("DELETE", "accounts/demo", "PUT"),
        ("PUT", "roles", "GET"),
    ] {
        let answer = send(&running, method, &own(path), "");
        assert_eq!((answer.status, answer.header("allow")), (405, Some(allow)), "{method} {path}");
    }
}

#[test]
fn a_filter_that_is_not_known_stands_twice_or_is_wrong_is_refused() {
    let running = serving();
    for (query, part) in [
        ("audit?Kard=1", "Kard"),
        ("audit?card=1&CARD=2", "twice"),
        ("audit?account=", "empty"),
        ("audit?card=x1", "neither a number nor a GUID"),
        ("audit?since=yesterday", "since"),
        ("audit?until=2026-13-01", "until"),
        ("audit?limit=0", "1 to 1000"),
        ("audit?limit=1001", "1 to 1000"),
        ("audit?after=-1", "after"),
        ("requests?status=Waiting", "Pending"),
        ("requests?state=open", "state"),
        ("accounts?role=viewer", "role"),
    ] {
        let answer = get(&running, &own(query));
        assert_eq!((answer.status, wrong(&answer).contains(part)), (400, true), "{query}: {answer:?}");
    }
    for query in ["audit?card=99999", "audit?card=00000000-0000-0000-0000-00000000abcd", "requests?card=99999"] {
        assert_eq!(get(&running, &own(query)).status, 404, "{query}");
    }
}

#[test]
fn a_cards_rows_are_found_by_either_id_and_page_by_page() {
    let running = serving();
    for what in ["Disable", "Enable", "Disable"] {
        assert_eq!(post(&running, &certiflow(&format!("Cards/1065/{what}"))).status, 200);
    }
    let request = retire(&running);
    let by_id = get(&running, &own("audit?card=1065"));
    assert_eq!(operations(&by_id), ["suspend", "resume", "suspend"]);
    let row = &rows(&by_id)[0];
    let wanted = json!({
        "id": 1, "time": row["time"], "account": "demo", "issuer": null, "subject": null,
        "system": "CertiFlow", "operation": "suspend", "card": 1065, "uuid": row["uuid"], "before": "active",
        "after": "suspended", "note": row["note"], "outcome": "done", "request": null,
    });
    assert_eq!(row, &wanted);
    let uuid = row["uuid"].as_str().unwrap().to_uppercase();
    assert_eq!(rows(&get(&running, &own(&format!("audit?card={uuid}")))), rows(&by_id));
    let of_request = rows(&get(&running, &own(&format!("audit?card={UUID}"))));
    assert_eq!(of_request.len(), 1);
    assert_eq!((&of_request[0]["request"], &of_request[0]["card"]), (&json!(request), &json!(CARD)));

    let (mut after, mut read) = (0, Vec::new());
    loop {
        let page = get(&running, &own(&format!("audit?card=1065&limit=2&after={after}")));
        let found = rows(&page);
        after = page.json()["next"].as_i64().unwrap();
        if found.is_empty() {
            break;
        }
        read.extend(found);
    }
    assert_eq!(read, rows(&by_id));
    assert_eq!(after, 4, "past the rows of other cards, so that they are not looked at again");
    assert_eq!(post(&running, &certiflow("Cards/1065/Enable")).status, 200);
    let page = get(&running, &own(&format!("audit?card=1065&after={after}")));
    assert_eq!((operations(&page), page.json()["next"].as_i64()), (vec!["resume".to_owned()], Some(5)));
}

#[test]
fn a_card_is_found_by_the_id_that_it_had_before_it_was_given_away() {
    let running = serving();
    for what in ["Revoke?reason=CardLost", "Withdraw"] {
        assert_eq!(post(&running, &certiflow(&format!("Cards/1065/{what}"))).status, 200);
    }
    let all = rows(&get(&running, &own("audit?card=1065")));
    let old = all[0]["uuid"].as_str().unwrap();
    assert_eq!(rows(&get(&running, &own(&format!("audit?card={old}")))), all);
}

#[test]
fn rows_are_found_by_account_time_issuer_and_subject() {
    let mut config = config();
    config.operator = true;
    config.accounts.push(Account::new("Second", Secret::new("x"), "administrator"));
    let clock = Arc::new(ManualClock::new(cardwright_core::date::Moment::parse("2026-03-01T08:00:00Z").unwrap()));
    config.clock = clock.clone();
    let running = start_with(config);
    for (who, what) in [(DEMO, "Disable"), ("second:x", "Enable"), (DEMO, "Disable")] {
        assert_eq!(
            send_as(&running, Some(who), "POST", &certiflow(&format!("Cards/1065/{what}")), ("", "")).status,
            200
        );
        clock.advance(3600);
    }
    let found = |query: &str| operations(&get(&running, &own(&format!("audit?{query}"))));
    assert_eq!(found("account=SECOND"), ["resume"]);
    assert_eq!(found("account=nobody"), [""; 0]);
    assert_eq!(found("since=2026-03-01T09:00:00Z"), ["resume", "suspend"]);
    assert_eq!(found("since=2026-03-01T10:00:00%2B01:00&until=2026-03-01T10:00:00Z"), ["resume"]);
    assert_eq!(found("until=2026-03-01"), [""; 0]);
    assert_eq!(found("since=2026-03-01&until=2026-03-02").len(), 3);
    assert_eq!(found("issuer=https://issuer.example"), [""; 0]);
    assert_eq!(found("subject=42"), [""; 0]);
    let request = Guid::parse(&retire(&running)).unwrap();
    running.registry().deny(request, Who::bearer("https://i.example", "42", "Ann")).unwrap();
    assert_eq!(found("issuer=https://i.example&subject=42"), ["deny"]);
    assert_eq!(found("issuer=https://i.example&subject=43"), [""; 0]);
}

#[test]
fn what_waits_is_listed_and_decided() {
    let running = serving();
    let before = get(&running, &own("requests")).json()["requests"].as_array().unwrap().len();
    let request = retire(&running);
    let of_card = |query: &str| get(&running, &own(&format!("requests?card={CARD}{query}"))).json()["requests"].clone();
    let waiting = &of_card("")[0];
    let wanted = json!({
        "request": request, "kind": "Retire", "status": "Pending", "card": CARD, "uuid": UUID,
        "originator": waiting["originator"], "target": waiting["target"], "submitted": waiting["submitted"],
        "comment": "left", "approvals": 0, "needed": 1, "approved_by": [],
    });
    assert_eq!(waiting, &wanted);
    assert_eq!(get(&running, &own("requests?status=OPEN")).json()["requests"].as_array().unwrap().len(), before + 1);
    assert_eq!(of_card("&status=approved"), json!([]));
    let decide = |who: &str, what: &str| {
        send_as(&running, Some(who), "POST", &own(&format!("requests/{request}/{what}")), ("", ""))
    };
    assert_eq!(decide(DEMO, "approve").status, 403, "its own request");
    assert_eq!(decide("viewer:x", "approve").status, 403);
    let approved = decide("second:x", "approve");
    assert_eq!((approved.status, &approved.json()["status"]), (200, &json!("Approved")));
    let waiting = &of_card("&status=Approved")[0];
    assert_eq!((&waiting["approvals"], &waiting["approved_by"]), (&json!(1), &json!(["second"])));
    assert_eq!(decide("second:x", "deny").status, 409);
    assert_eq!(decide("second:x", "fail").json()["status"], "Failed");
    assert_eq!(of_card(""), json!([]), "it has ended");
    let unknown = send(&running, "POST", &own("requests/00000000-0000-0000-0000-00000000abcd/deny"), "");
    assert_eq!((unknown.status, wrong(&unknown).contains("no request")), (404, true));
    assert_eq!(send(&running, "POST", &own("requests/7/deny"), "").status, 400);
}

#[test]
fn seeing_takes_audit_and_accounts_take_everything() {
    let running = serving();
    running.registry().add_role("probe", Privilege::ALL, &[]).unwrap();
    running.registry().add_account("probe", &Secret::new("x"), "probe").unwrap();
    for path in ["audit", "requests", "accounts", "roles"] {
        let answer = send_as(&running, Some("probe:x"), "GET", &own(path), ("", ""));
        assert_eq!(answer.status, 403, "{path}: {answer:?}");
    }
    running.registry().add_role("probe", &[], &[Permission::Audit]).unwrap();
    for (path, status) in [("audit", 200), ("requests", 200), ("accounts", 403), ("roles", 403)] {
        assert_eq!(send_as(&running, Some("probe:x"), "GET", &own(path), ("", "")).status, status, "{path}");
    }
    let body = ("application/json", r#"{"role":"administrator"}"#);
    assert_eq!(send_as(&running, Some("probe:x"), "PUT", &own("accounts/probe"), body).status, 403);
}

#[test]
fn an_account_is_added_changed_and_disabled_and_the_log_says_so() {
    let running = serving();
    let list = |running: &Running| get(running, &own("accounts")).json()["accounts"].clone();
    let names: Vec<Value> = list(&running).as_array().unwrap().iter().map(|one| one["name"].clone()).collect();
    assert_eq!(names, ["demo", "second", "viewer"]);
    let lacks = put(&running, "ann", &json!({"role": "viewer"}));
    assert_eq!((lacks.status, wrong(&lacks).contains("a password and a role")), (404, true));
    let made = put(&running, "ann%20b", &json!({"password": "first", "role": "viewer"}));
    assert_eq!(made.status, 201, "{made:?}");
    let user = made.json()["user"].clone();
    assert_eq!(made.json(), json!({"name": "ann b", "role": "viewer", "user": user, "disabled": false}));
    let signs_in = |password: &str| {
        send_as(&running, Some(&format!("ann b:{password}")), "GET", &own("audit?limit=1"), ("", "")).status
    };
    assert_eq!((signs_in("first"), signs_in("other")), (200, 401));
    let changed = put(&running, "ANN%20B", &json!({"password": "second", "role": "operator"}));
    assert_eq!((changed.status, &changed.json()["role"]), (200, &json!("operator")));
    assert_eq!((signs_in("first"), signs_in("second")), (401, 200));
    assert_eq!(put(&running, "ann%20b", &json!({"disabled": true})).json()["disabled"], true);
    assert_eq!(signs_in("second"), 401);
    assert_eq!(put(&running, "ann%20b", &json!({"disabled": true, "role": "operator"})).status, 200);
    assert_eq!(put(&running, "ann%20b", &json!({"disabled": false, "user": UUID})).json()["user"], UUID);
    assert_eq!(signs_in("second"), 200);
    let log = rows(&get(&running, &own("audit")));
    let told: Vec<(&str, &str)> =
        log.iter().map(|row| (row["operation"].as_str().unwrap(), row["note"].as_str().unwrap())).collect();
    let to_user = format!("ann b: {UUID}, before {}", user.as_str().unwrap());
    let wanted = [
        ("account-add", "ann b: viewer"),
        ("account-role", "ann b: operator, before viewer"),
        ("account-password", "ann b"),
        ("account-disable", "ann b"),
        ("account-enable", "ann b"),
        ("account-user", to_user.as_str()),
    ];
    assert_eq!(told, wanted);
    assert!(log.iter().all(|row| row["account"] == "demo" && row["card"].is_null() && row["system"].is_null()));
    let text = get(&running, &own("audit")).body + &get(&running, &own("accounts")).body;
    assert!(!text.contains("argon2") && !text.contains("\"first\"") && !text.contains("\"second\":"), "{text}");
}

#[test]
fn what_cannot_be_understood_changes_no_account() {
    let running = serving();
    for (name, body) in [
        ("ann", json!({"password": "x", "role": "queen"})),
        ("ann", json!({"password": "x", "role": "viewer", "email": "a@example.com"})),
        ("ann", json!({"password": "", "role": "viewer"})),
        ("ann", json!({"password": 7, "role": "viewer"})),
        ("ann", json!({"password": "x", "role": "viewer", "user": "me"})),
        ("ann", json!(["x"])),
        ("a%3Ab", json!({"password": "x", "role": "viewer"})),
        ("a%0Ab", json!({"password": "x", "role": "viewer"})),
        ("%FF", json!({"password": "x", "role": "viewer"})),
    ] {
        let answer = put(&running, name, &body);
        assert_eq!(answer.status, 400, "{name} {body}: {answer:?}");
        assert!(!wrong(&answer).contains("\"x\""), "{answer:?}");
    }
    let body = r#"{"password":"x","role":"viewer"}"#;
    for kind in ["text/plain", "application/x-www-form-urlencoded", "application/jsonx"] {
        assert_eq!(send_as(&running, Some(DEMO), "PUT", &own("accounts/ann"), (kind, body)).status, 415, "{kind}");
    }
    let utf8 = ("application/json; charset=utf-8", body);
    assert_eq!(send_as(&running, Some(DEMO), "PUT", &own("accounts/ann"), utf8).status, 201);
}

#[test]
fn the_last_account_that_may_do_everything_stays() {
    let running = serving();
    assert_eq!(put(&running, "second", &json!({"disabled": true})).status, 200);
    for change in [json!({"disabled": true}), json!({"role": "operator"})] {
        let refused = put(&running, "demo", &change);
        assert_eq!((refused.status, wrong(&refused).contains("last account")), (409, true), "{refused:?}");
    }
    let last = running.registry().audit(0, 10).unwrap().pop().unwrap();
    assert_eq!((last.operation.as_str(), last.outcome), ("account-role", Outcome::Refused));
    assert_eq!(put(&running, "demo", &json!({"password": "new"})).status, 200);
    let body = ("application/json", r#"{"disabled":false}"#);
    assert_eq!(send_as(&running, Some("demo:new"), "PUT", &own("accounts/second"), body).status, 200);
    let body = ("application/json", r#"{"role":"viewer"}"#);
    assert_eq!(send_as(&running, Some("second:x"), "PUT", &own("accounts/demo"), body).status, 200);
    // A program that has the registry is bound by the same rule.
    let change = AccountChange { disabled: Some(true), ..AccountChange::default() };
    let refused = running.registry().change_account("second", &change, &Who::account(""));
    assert!(matches!(refused, Err(Error::LastAdministrator(_))), "{refused:?}");
}

#[test]
fn roles_tell_what_they_allow() {
    let running = serving();
    let roles = get(&running, &own("roles")).json()["roles"].clone();
    let names: Vec<&Value> = roles.as_array().unwrap().iter().map(|role| &role["name"]).collect();
    assert_eq!(names, ["administrator", "operator", "viewer"]);
    assert_eq!(roles[0]["privileges"].as_array().unwrap().len(), Privilege::ALL.len());
    assert_eq!(roles[2]["permissions"], json!(["FIM CM Audit"]));
}

#[test]
fn figures_are_in_the_form_of_openmetrics() {
    let running = serving();
    assert_eq!(get(&running, &certiflow("Cards/1013")).status, 200);
    assert_eq!(get(&running, &certiflow("Cards/77")).status, 404);
    assert_eq!(send_as(&running, Some("demo:wrong"), "GET", &certiflow("Cards"), ("", "")).status, 401);
    assert_eq!(send_as(&running, None, "GET", &own("metrics"), ("", "")).status, 401);
    let shown = get(&running, &own("metrics"));
    let mime = shown.header("content-type").unwrap();
    assert_eq!((shown.status, mime.split(';').next()), (200, Some("application/openmetrics-text")));
    let lines: Vec<&str> = shown.body.lines().collect();
    for wanted in [
        r#"cardwright_requests_total{api="/certiflow/api",outcome="done",status="200"} 1"#,
        r#"cardwright_requests_total{api="/certiflow/api",outcome="refused",status="404"} 1"#,
        r#"cardwright_requests_total{api="/certiflow/api",outcome="refused",status="401"} 1"#,
        r#"cardwright_sign_ins_total{outcome="password"} 1"#,
        r#"cardwright_sign_ins_total{outcome="wrong"} 1"#,
        "cardwright_registry_up 1",
        "# EOF",
    ] {
        assert!(lines.contains(&wanted), "{wanted}: {}", shown.body);
    }
    assert!(lines.iter().any(|line| line.starts_with("cardwright_connections ")), "{}", shown.body);
    // Each line is a comment, or a name with a number.
    for line in lines.iter().filter(|line| !line.starts_with('#')) {
        assert!(line.rsplit(' ').next().unwrap().parse::<f64>().is_ok(), "{line}");
    }
}
