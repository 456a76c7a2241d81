//! Each generation of CertiFlow at a base of its own: it has its calls, parameters, fields, reasons and words, and nothing
//! newer. The tables here are written by hand from the pages of the vendor.

use crate::http::{Answer, DEMO, config, get, send_as, start_with};
use cardwright_core::lifecycle::State;
use cardwright_server::Running;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// A server with all seven, generation n at `/gn`.
pub(crate) fn start_all() -> Running {
    start_with(with_all(config()))
}

pub(crate) fn with_all(mut config: cardwright_server::Config) -> cardwright_server::Config {
    config.certiflow = (1..=7).map(|n| format!("g{n}=/g{n}").parse().unwrap()).collect();
    config
}

fn post(running: &Running, target: &str, body: (&str, &str)) -> Answer {
    send_as(running, Some(DEMO), "POST", target, body)
}

pub(crate) const NOTHING: (&str, &str) = ("", "");
const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

/// How a generation lists cards.
pub(crate) fn list(n: u8) -> String {
    match n {
        1 => "/g1/user/getcards?name=aweber@demo.example".into(),
        2 | 3 => format!("/g{n}/Card/GetAllCards"),
        _ => format!("/g{n}/Cards"),
    }
}

fn revoke(n: u8, id: i64) -> String {
    if n <= 3 { format!("/g{n}/card/revoke?id={id}") } else { format!("/g{n}/Cards/{id}/Revoke") }
}

fn disable(n: u8, id: i64) -> String {
    if n <= 3 { format!("/g{n}/card/disable?id={id}") } else { format!("/g{n}/Cards/{id}/Disable") }
}

#[test]
fn each_has_its_calls_and_no_others() {
    let running = start_all();
    let stays = State::Active;
    let calls = [
        ("GET", "user/getcards?name=aweber@demo.example", 1..=3, stays, stays),
        ("GET", "Card/GetAllCards", 2..=3, stays, stays),
        ("GET", "Cards", 4..=7, stays, stays),
        ("GET", "Cards/1065", 7..=7, stays, stays),
        ("POST", "card/revoke?id=1065", 1..=3, State::Active, State::Revoked),
        ("POST", "card/disable?id=1065", 1..=3, State::Active, State::Suspended),
        ("POST", "card/enable?id=1065", 1..=3, State::Suspended, State::Active),
        ("POST", "card/preupdate?id=1065", 1..=3, stays, stays),
        ("POST", "Cards/1065/Revoke", 4..=7, State::Active, State::Revoked),
        ("POST", "Cards/1065/Disable", 4..=7, State::Active, State::Suspended),
        ("POST", "Cards/1065/Enable", 4..=7, State::Suspended, State::Active),
        ("POST", "Cards/1065/PreUpdate", 4..=7, stays, stays),
        ("POST", "Cards/1065/Withdraw", 7..=7, State::Revoked, State::Stock),
        // What no generation has.
        ("POST", "card/withdraw?id=1065", 8..=8, State::Revoked, State::Stock),
        ("GET", "Card/1065", 8..=8, stays, stays),
        ("GET", "user/getcards/aweber", 8..=8, stays, stays),
    ];
    let mut seen = 0;
    for n in 1..=7_u8 {
        for (method, call, has, before, after) in &calls {
            running.registry().set_state(1065, *before).unwrap();
            let other = if *method == "GET" { "POST" } else { "GET" };
            for target in [format!("/g{n}/{call}"), format!("/G{n}/{}/", call.to_lowercase())] {
                if target.contains('?') && target.ends_with('/') {
                    continue;
                }
                running.registry().set_state(1065, *before).unwrap();
                let answer = send_as(&running, Some(DEMO), method, &target, NOTHING);
                let wanted = match (has.contains(&n), *method) {
                    (false, _) => 404,
                    (true, "POST") if n <= 4 => 204,
                    (true, _) => 200,
                };
                assert_eq!(answer.status, wanted, "{method} {target}: {answer:?}");
                let state = if has.contains(&n) { *after } else { *before };
                assert_eq!(running.registry().state(1065).unwrap(), state, "{method} {target}");
                let wrong = send_as(&running, Some(DEMO), other, &target, NOTHING);
                let wanted = if has.contains(&n) { (405, Some(*method)) } else { (404, None) };
                assert_eq!((wrong.status, wrong.header("allow")), wanted, "{other} {target}");
                seen += 1;
            }
        }
    }
    println!("{seen} calls");
    assert!(seen > 150);
}

#[test]
fn each_obeys_its_parameters_by_their_names_and_ignores_all_others() {
    let running = start_all();
    let all = ["none", "prefixed", "bare"];
    // The name; a value that no card has, or that is none; the first generation, with the prefix and without it.
    let parameters = [
        ("offset", "100000", 8, 2),
        ("count", "0", 8, 2),
        ("serialNumber", "nobody", 3, 6),
        ("userName", "nobody@demo.example", 4, 6),
        ("cardTypeName", "nobody", 3, 6),
        ("cardModelName", "nobody", 8, 7),
        ("comment", "nobody", 3, 6),
        ("tags", "nobody", 3, 6),
        ("policyName", "nobody", 8, 7),
        ("state", "Broken", 4, 6),
        ("contentExpirationStatus", "Soon", 4, 6),
        ("timeIssued", "yesterday", 8, 7),
        ("timeUpdated", "yesterday", 8, 7),
        ("timeRevoked", "yesterday", 8, 7),
        ("name", "nobody@demo.example", 8, 8),
        ("id", "1", 8, 8),
        ("atr", "nobody", 8, 8),
        ("timeDisabled", "yesterday", 8, 8),
    ];
    let mut counts = [0; 3];
    for n in 2..=7_u8 {
        let whole = get(&running, &list(n)).json();
        assert_eq!(whole.as_array().unwrap().len(), 6);
        for (name, value, prefixed, bare) in parameters {
            let has_prefix = (prefixed..6).contains(&n);
            for (written, has) in [(format!("filter.{name}"), has_prefix), (name.to_owned(), bare <= n)] {
                for written in [written.clone(), written.to_uppercase()] {
                    let answer = get(&running, &format!("{}?{written}={value}", list(n)));
                    let found = if has { 1 + usize::from(!written.to_lowercase().starts_with("filter.")) } else { 0 };
                    counts[found] += 1;
                    match (has, answer.status) {
                        (true, 400) => {
                            let told = answer.body.to_lowercase();
                            assert!(
                                told.contains(&format!("\"{}\":[", written.to_lowercase())),
                                "{written}: {answer:?}"
                            );
                        }
                        (true, _) => assert_eq!(answer.json(), json!([]), "G{n} obeys {written}"),
                        (false, _) => {
                            assert_eq!((answer.status, answer.json()), (200, whole.clone()), "G{n}: {written}")
                        }
                    }
                }
            }
        }
    }
    println!("{:?}", all.iter().zip(counts).collect::<Vec<_>>());
    assert_eq!(counts.iter().sum::<usize>(), 6 * parameters.len() * 4);
    assert_eq!(counts[1], 2 * (4 + 7 + 7), "the prefixed ones of G3, G4 and G5");
    assert_eq!(counts[2], 2 * (2 * 6 + 7 + 12), "pages since G2, filters of G6 and G7");
    // The list of a user has its one parameter.
    for n in 1..=3_u8 {
        let target = format!("/g{n}/user/getcards?name=aweber@demo.example");
        let whole = get(&running, &target).json();
        assert_eq!(whole.as_array().unwrap().len(), 1);
        for (name, value, ..) in parameters.iter().filter(|row| row.0 != "name") {
            for prefix in ["", "filter."] {
                assert_eq!(get(&running, &format!("{target}&{prefix}{name}={value}")).json(), whole, "G{n}: {name}");
            }
        }
        for missing in ["", "?name=", "?userName=aweber@demo.example", "?filter.userName=aweber@demo.example"] {
            assert_eq!(get(&running, &format!("/g{n}/user/getcards{missing}")).status, 400, "G{n}: {missing}");
        }
    }
}

#[test]
fn a_filter_takes_what_it_names_in_each_that_has_it() {
    let running = start_all();
    running.registry().set_state(1065, State::Suspended).unwrap();
    let mut seen = 0;
    for n in 3..=7_u8 {
        let prefix = if n <= 5 { "filter." } else { "" };
        let filters = [
            ("serialNumber=02a1b3c4", 3, vec![1013]),
            ("state=Disabled", 4, vec![1065]),
            ("userName=ipetrov@demo.example", 4, vec![1013]),
            ("tags=vip", 3, vec![1013]),
        ];
        for (filter, since, wanted) in filters.iter().filter(|filter| filter.1 <= n) {
            let cards = get(&running, &format!("{}?{prefix}{filter}&count=5&offset=0", list(n))).json();
            let id = |card: &Value| card["id"].as_i64().or_else(|| card["id"].as_str()?.parse().ok()).unwrap();
            let ids: Vec<i64> = cards.as_array().unwrap().iter().map(id).collect();
            assert_eq!(ids, *wanted, "G{n} since G{since}: {filter}");
            seen += 1;
        }
    }
    assert_eq!(seen, 2 + 4 * 4);
    for n in 2..=7_u8 {
        let all = get(&running, &list(n)).json();
        let page = get(&running, &format!("{}?offset=2&count=3", list(n))).json();
        assert_eq!(page.as_array().unwrap(), &all.as_array().unwrap()[2..5], "G{n}");
    }
}

#[test]
fn each_shows_its_fields_and_no_newer_ones() {
    let running = start_all();
    let six = ["id", "serialNumber", "atr", "label", "state", "pacNumber"];
    let g2 = ["formFactor", "expirationDate"];
    let g3 = ["cardTypeName", "cardModelName", "comment", "tags"];
    let g4 = [
        "timeIssued",
        "timeDisabled",
        "timeUpdated",
        "timeRevoked",
        "userId",
        "userName",
        "policyId",
        "policyName",
        "certificates",
    ];
    let added: [&[&str]; 4] = [&six, &g2, &g3, &g4];
    for n in 1..=7_u8 {
        let wanted: BTreeSet<&str> = added.iter().take(n.into()).flat_map(|names| names.iter().copied()).collect();
        let user = format!("/g{n}/user/getcards?name=aweber@demo.example");
        for target in [list(n), user].into_iter().filter(|target| n <= 3 || !target.contains("getcards")) {
            let cards = get(&running, &target).json();
            let cards = cards.as_array().unwrap();
            assert!(!cards.is_empty());
            for card in cards {
                let names: BTreeSet<&str> = card.as_object().unwrap().keys().map(String::as_str).collect();
                assert_eq!(names, wanted, "G{n}: {target}");
                assert_eq!(card["id"].is_string(), n <= 3, "G{n}: {card}");
                assert_eq!(card["id"].is_number(), n > 3, "G{n}: {card}");
            }
        }
    }
    let order = |n: u8| get(&running, &list(n)).json()[0].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(order(1), six);
    let page = ["id", "serialNumber", "atr", "label", "state", "formFactor", "pacNumber", "expirationDate"];
    assert_eq!(order(2), page);
}

#[test]
fn a_reason_is_where_the_generation_has_it_and_none_is_newer() {
    let running = start_all();
    let mut seen = 0;
    let mut ask = |n: u8, query: &str, body: (&str, &str)| {
        running.registry().set_state(1013, State::Active).unwrap();
        let target = revoke(n, 1013);
        let join = if target.contains('?') { "&" } else { "?" };
        let target = if query.is_empty() { target } else { format!("{target}{join}{query}") };
        let answer = post(&running, &target, body);
        seen += 1;
        let last = running.registry().audit(0, 10_000).unwrap().pop().unwrap();
        let is_done = running.registry().state(1013).unwrap() == State::Revoked;
        assert_eq!(is_done, (200..300).contains(&answer.status), "{target} {body:?}: {answer:?}");
        if is_done { last.note.split(';').next().unwrap_or_default().to_owned() } else { answer.status.to_string() }
    };
    let names = [
        "None",
        "CardBroken",
        "CardLost",
        "CardUpgrade",
        "CardExpired",
        "CardWithdraw",
        "UserRemoved",
        "CardCompromised",
    ];
    for n in 1..=7_u8 {
        for (number, name) in names.iter().enumerate() {
            let wanted = if n == 1 && number == 7 { "400" } else { *name };
            for body in [format!("{{\"reason\":{number}}}"), format!("{{ reason: {number} }}")] {
                assert_eq!(ask(n, "", (JSON, &body)), wanted, "G{n}: {body}");
            }
            for body in [format!("reason={number}"), format!("{{ reason={number} }}")] {
                assert_eq!(ask(n, "", (FORM, &body)), wanted, "G{n}: {body}");
            }
            for query in
                [format!("reason={number}"), format!("reason={name}"), format!("REASON={}", name.to_lowercase())]
            {
                assert_eq!(ask(n, &query, NOTHING), wanted, "G{n}: {query}");
            }
        }
        for wrong in ["8", "-1", "Lost"] {
            assert_eq!(ask(n, &format!("reason={wrong}"), NOTHING), "400", "G{n}: {wrong}");
            assert_eq!(ask(n, "", (JSON, &format!("{{\"reason\":{wrong:?}}}"))), "400", "G{n}: {wrong}");
        }
        assert_eq!(ask(n, "", NOTHING), "None", "G{n}");
        // Where both are given, the place of the generation counts.
        let both = ask(n, "reason=CardBroken", (JSON, r#"{"reason":2}"#));
        assert_eq!(both, if n <= 5 { "CardLost" } else { "CardBroken" }, "G{n}");
    }
    println!("{seen} revocations");
}

#[test]
fn a_user_is_named_as_the_generation_names_users() {
    let running = start_all();
    // A UPN, a logon name, a logon name with its domain.
    let forms = ["aweber@demo.example", "aweber", "DEMO%5Caweber"];
    let known = [
        [true, true, false],
        [true, true, false],
        [true, true, false],
        [true, true, true],
        [true, true, true],
        [true, true, true],
        [true, true, true],
    ];
    for (n, known) in (1..=7_u8).zip(known) {
        for (form, is_known) in forms.iter().zip(known) {
            for name in [(*form).to_owned(), form.to_uppercase()] {
                let parameter = if n >= 6 { "userName" } else { "filter.userName" };
                let target = match n {
                    1..=3 => format!("/g{n}/user/getcards?name={name}"),
                    _ => format!("/g{n}/Cards?{parameter}={name}"),
                };
                let cards = get(&running, &target).json();
                assert_eq!(cards.as_array().unwrap().len(), usize::from(is_known), "{target}");
            }
            for nobody in ["aweb", "nobody@demo.example", "OTHER%5Caweber", "a%25"] {
                let target = list(n).replace("aweber@demo.example", nobody);
                let target = if n <= 3 {
                    format!("/g{n}/user/getcards?name={nobody}")
                } else {
                    format!("{target}?filter.userName={nobody}&userName={nobody}")
                };
                assert_eq!(get(&running, &target).json(), json!([]), "{target}");
            }
        }
    }
}

#[test]
fn errors_have_the_form_of_the_platform() {
    let running = start_all();
    let mut config = with_all(config());
    config.switches.set("certiflow-errors", "classic").unwrap();
    let classic = start_with(config);
    for n in 1..=7_u8 {
        for (running, is_classic) in [(&running, n <= 4), (&classic, true)] {
            let ask = |method: &str, target: &str| send_as(running, Some(DEMO), method, target, NOTHING);
            let wrong = if n <= 3 { format!("/g{n}/card/disable?id=x") } else { format!("/g{n}/Cards/x/Disable") };
            let cases = [
                ("GET", format!("/g{n}/nowhere"), 404),
                ("POST", list(n), 405),
                ("POST", disable(n, 999_999), 404),
                ("POST", wrong, 400),
                ("POST", disable(n, 1001), if is_classic { 500 } else { 409 }),
            ];
            for (method, target, status) in cases {
                let answer = ask(method, &target);
                assert_eq!(answer.status, status, "{method} {target}: {answer:?}");
                let (body, media_type) = (answer.json(), answer.header("content-type").unwrap().to_owned());
                assert_eq!(body["Message"].is_string(), is_classic, "{answer:?}");
                assert_eq!(body["title"].is_string(), !is_classic, "{answer:?}");
                assert_eq!(media_type.starts_with("application/problem+json"), !is_classic, "{answer:?}");
                if status == 400 {
                    let at = if is_classic { "ModelState" } else { "errors" };
                    assert!(body[at]["id"][0].is_string(), "{answer:?}");
                }
                if matches!(status, 409 | 500) {
                    let why = if is_classic { &body["ExceptionMessage"] } else { &body["detail"] };
                    assert!(why.as_str().unwrap().contains("Card 1001: Disable is not allowed in the state Assigned"));
                }
            }
            let stranger = send_as(running, None, "GET", &list(n), NOTHING);
            assert_eq!((stranger.status, stranger.body.contains("<html")), (401, is_classic), "G{n}");
            // What is done without a word depends on the platform, and not on the form of its errors.
            running.registry().set_state(1065, State::Active).unwrap();
            let done = ask("POST", &disable(n, 1065));
            assert_eq!((done.status, done.body.as_str()), (if n <= 4 { 204 } else { 200 }, ""), "G{n}");
        }
    }
}
