//! The switches, each in every position, over HTTP.

use crate::http::{Answer, DEMO, certiflow, config, get, mim, post, send, send_as, start_with};
use cardwright_core::Named as _;
use cardwright_core::certiflow::Privilege;
use cardwright_core::lifecycle::State;
use cardwright_core::mim::Permission;
use cardwright_server::{Running, SWITCHES, Secret, seed};
use serde_json::json;

fn start(switches: &[(&str, &str)]) -> Running {
    let mut config = config();
    for (name, value) in switches {
        config.switches.set(name, value).unwrap();
    }
    start_with(config)
}

fn shape(answer: &Answer) -> String {
    let what = match (answer.status, answer.body.is_empty()) {
        (204, true) => return "204".into(),
        (200, false) => answer.json(),
        _ => panic!("{answer:?}"),
    };
    match what.as_array() {
        Some(list) => format!("list of {}", list.len()),
        None => "object".into(),
    }
}

#[test]
fn mim_switched_off_is_404_everywhere_and_certiflow_stays() {
    let running = start(&[("mim-api", "off")]);
    for (method, path) in [("GET", "smartcards"), ("POST", "requests"), ("GET", "anything"), ("DELETE", "smartcards")] {
        assert_eq!(send(&running, method, &mim(path), "").status, 404, "{method} {path}");
        assert_eq!(send_as(&running, None, method, &mim(path), ("", "")).status, 404, "{method} {path}: nobody");
    }
    assert_eq!(get(&running, "/CertificateManagement").status, 404);
    assert_eq!(get(&running, &certiflow("Cards/1013")).status, 200);
}

#[test]
fn the_numbers_of_statuses_follow_the_scheme() {
    for (scheme, numbers) in [("A", [Some(2), Some(3)]), ("B", [Some(3), Some(4)])] {
        let running = start(&[("mim-status", scheme)]);
        for (state, number) in [State::Active, State::Revoked].into_iter().zip(numbers) {
            running.registry().set_state(1002, state).unwrap();
            assert_eq!(get(&running, &mim("smartcards")).json()[1]["Status"], json!(number), "{scheme} {state:?}");
        }
    }
}

#[test]
fn smartcards_are_the_callers_own_or_all_that_it_may_see() {
    let may = [("mim-smartcards", "all")];
    for switches in [&may[..0], &may[..]] {
        let running = start(switches);
        seed::synthetic(running.registry(), 40, 3).unwrap();
        running.registry().add_role("no audit", &[], &[Permission::RequestRevoke]).unwrap();
        running.registry().add_account("nobody", &Secret::new("x"), "no audit").unwrap();
        let listed = get(&running, &mim("smartcards")).json().as_array().unwrap().len();
        let has_user = |id: &i64| get(&running, &certiflow(&format!("Cards/{id}"))).json()["userId"].is_string();
        let retired = |id: &i64| running.registry().state(*id).unwrap() == State::Retired;
        let ids = [1001, 1002, 1003, 1013, 1065, 1073].into_iter().chain(2001..=2040);
        let all = ids.filter(|id| retired(id) || has_user(id)).count();
        assert_eq!(listed, if switches.is_empty() { 3 } else { all });
        assert!(all > 20, "{all}");
        let seen = send_as(&running, Some("nobody:x"), "GET", &mim("smartcards"), ("", "")).json();
        assert_eq!(seen, json!([]), "without Audit nobody sees what is not its own");
    }
}

#[test]
fn lists_and_objects_and_what_is_empty_are_as_set() {
    let cases = [
        // form, empty; the lists of three cards, of one and of none; the look-up of a card, and of none
        ("mixed", "list", ["list of 3", "list of 1", "list of 0", "object", "204"]),
        ("mixed", "204", ["list of 3", "list of 1", "204", "object", "204"]),
        ("list", "list", ["list of 3", "list of 1", "list of 0", "list of 1", "list of 0"]),
        ("list", "204", ["list of 3", "list of 1", "204", "list of 1", "204"]),
        ("object", "list", ["list of 3", "object", "204", "object", "204"]),
        ("object", "204", ["list of 3", "object", "204", "object", "204"]),
    ];
    for (form, empty, wanted) in cases {
        let mut config = config();
        config.switches.set("mim-form", form).unwrap();
        config.switches.set("mim-empty", empty).unwrap();
        let anna = cardwright_core::identity::Guid::parse("8e1a4d2f-6c3b-4f97-ad58-308b72e1c4f6").unwrap();
        let account = |name: &str| cardwright_server::Account::new(name, Secret::new("x"), "operator");
        config.accounts.extend([account("anna").as_user(anna), account("nobody")]);
        let running = start_with(config);
        let ask = |who: &str, path: &str| shape(&send_as(&running, Some(who), "GET", &mim(path), ("", "")));
        let seen = [
            ask(DEMO, "smartcards"),
            ask("anna:x", "smartcards"),
            ask("nobody:x", "smartcards"),
            ask(DEMO, "smartcards?cardid=d1ef6869-5517-42a0-8f05-16ca1a0b834d"),
            ask(DEMO, "smartcards?cardid=00000000-0000-0000-0000-00000000abcd"),
        ];
        assert_eq!(seen, wanted, "{form} {empty}");
        // A list of requests is a list, and an empty one as the switch says.
        let none = ask("nobody:x", "requests?targetuser=current");
        assert_eq!(none, if empty == "204" { "204" } else { "list of 0" }, "{form} {empty}");
    }
}

#[test]
fn errors_take_the_form_of_their_platform() {
    for profile in ["aspnetcore", "classic"] {
        let running = start(&[("certiflow-errors", profile)]);
        running.registry().add_role("looks", &[Privilege::ViewingCardRepository], &[]).unwrap();
        running.registry().add_account("looker", &Secret::new("x"), "looks").unwrap();
        let is_classic = profile == "classic";
        let ask = |who, method: &str, path: &str| send_as(&running, who, method, &certiflow(path), ("", ""));
        let cases = [
            (ask(Some("looker:x"), "POST", "Cards/1065/Disable"), 403, "Disabling card|Disable smart cards"),
            (ask(Some(DEMO), "GET", "Cards/999999"), 404, "999999"),
            (ask(Some(DEMO), "GET", "Nothing"), 404, ""),
            (ask(Some(DEMO), "GET", "Cards?state=X"), 400, "The value 'X' is not valid."),
            (ask(Some(DEMO), "GET", "Cards?offset=-1"), 400, "offset"),
            (ask(Some(DEMO), "POST", "Cards/1065/Enable"), if is_classic { 500 } else { 409 }, "only a suspended card"),
            (ask(Some(DEMO), "DELETE", "Cards"), 405, ""),
        ];
        for (answer, status, text) in cases {
            assert_eq!(answer.status, status, "{profile}: {answer:?}");
            assert_eq!(answer.json()["Message"].is_string(), is_classic, "{answer:?}");
            assert_eq!(answer.json()["title"].is_string(), !is_classic, "{answer:?}");
            let any = text.split('|').any(|text| answer.body.contains(text));
            assert!(any || text.starts_with("only"), "{profile}: {answer:?}");
            assert_eq!(answer.json()["ModelState"].is_object(), is_classic && status == 400);
            assert_eq!(answer.json()["errors"].is_object(), !is_classic && status == 400);
            assert_eq!(answer.json()["ExceptionMessage"].is_string(), status == 500);
        }
        let stranger = ask(None, "GET", "Cards");
        assert_eq!((stranger.status, stranger.body.contains("<html")), (401, is_classic));
    }
}

#[test]
fn a_refusal_has_the_status_that_is_set_in_both_systems() {
    let body = json!({"type": "Reinstate", "smartcard": "1fa05d83-6b2e-4049-9d71-c8e304b2af56"}).to_string();
    for (refusal, errors, wanted, in_mim) in [
        ("profile", "aspnetcore", 409, 409),
        ("profile", "classic", 500, 409),
        ("409", "classic", 409, 409),
        ("400", "aspnetcore", 400, 400),
        ("500", "aspnetcore", 500, 500),
    ] {
        let running = start(&[("refusal", refusal), ("certiflow-errors", errors)]);
        let refused = post(&running, &certiflow("Cards/1065/Enable"));
        assert_eq!(refused.status, wanted, "{refusal} {errors}");
        assert!(refused.body.contains("Card 1065: Enable is not allowed in the state Issued"), "{refused:?}");
        let refused = send(&running, "POST", &mim("requests"), &body);
        assert_eq!(refused.status, in_mim, "{refusal}: {refused:?}");
        assert_eq!(running.registry().state(1065).unwrap(), State::Active);
    }
}

#[test]
fn a_card_has_one_open_request_or_any_number() {
    // The story's card of the template that asks for an approval.
    let body = json!({"type": "Duplicate", "smartcard": "d4a7c2f1-3b58-4e90-9c16-8a5b0e7f6d32"}).to_string();
    let make = |running: &Running| send(running, "POST", &mim("requests"), &body);
    let running = start(&[("mim-open-requests", "any")]);
    assert_eq!([make(&running).status, make(&running).status], [201, 201]);
    let running = start(&[]);
    let first = make(&running).json().as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    let second = make(&running);
    assert_eq!((second.status, second.body.contains(&first)), (409, true), "it names the open one: {second:?}");
    let end = send(&running, "PUT", &mim(&format!("requests/{first}")), &json!({"status": "Canceled"}).to_string());
    assert_eq!((end.status, make(&running).status), (200, 201));
}

#[test]
fn ones_own_request_is_approved_by_oneself_or_not() {
    let request = json!({"type": "Retire", "smartcard": "d4a7c2f1-3b58-4e90-9c16-8a5b0e7f6d32"}).to_string();
    for (value, status) in [("off", 403), ("on", 200)] {
        let mut config = config();
        config.operator = true;
        config.switches.set("own-approval", value).unwrap();
        let running = start_with(config);
        let made = send(&running, "POST", &mim("requests"), &request).json();
        let uuid = made.as_str().unwrap().rsplit('/').next().unwrap().to_owned();
        assert_eq!(post(&running, &format!("/_sandbox/requests/{uuid}/approve")).status, status, "{value}");
    }
}

#[test]
fn failed_sign_ins_delay_further_ones_or_not() {
    for (value, expected) in [("on", 429), ("off", 401)] {
        let running = start(&[("sign-in-delays", value)]);
        let try_it = || send_as(&running, Some("demo:wrong"), "GET", &certiflow("Cards/1013"), ("", ""));
        assert_eq!(try_it().status, 401);
        // The first failures cost nothing; a slow machine lets short delays pass.
        let later = std::iter::repeat_with(try_it).take(12).find(|answer| answer.status == expected);
        let later = later.unwrap_or_else(|| panic!("{value}: no {expected}"));
        assert_eq!(later.header("retry-after").is_some(), value == "on");
    }
}

#[test]
fn every_switch_is_tried_here() {
    let here = include_str!("switches.rs");
    for switch in SWITCHES {
        assert!(here.contains(&format!("\"{}\"", switch.name)), "{}", switch.name);
        assert!(!switch.evidence.name().is_empty());
    }
    println!("{} switches", SWITCHES.len());
}
