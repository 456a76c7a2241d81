//! Faults on request, as a client meets them.

use crate::http::{
    Answer, DEMO, certiflow, config, exchange, get, mim, post, send, send_as, start, start_with, unchunked,
};
use base64::Engine as _;
use cardwright_core::lifecycle::State;
use cardwright_server::{Faults, Running, Secret};
use serde_json::{Value, json};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

const FAULTS: &str = "/_sandbox/faults";

fn with(rules: &Value) -> Running {
    let mut config = config();
    config.sandbox = true;
    config.faults = Faults::parse(&json!({ "seed": 42, "rules": rules }).to_string()).unwrap();
    start_with(config)
}

/// Everything that comes until the connection ends.
fn raw(running: &Running, method: &str, target: &str) -> Vec<u8> {
    let mut stream = TcpStream::connect(running.address()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let coded = base64::engine::general_purpose::STANDARD.encode(DEMO);
    let head = format!("{method} {target} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic {coded}\r\n");
    stream.write_all(format!("{head}Connection: close\r\nContent-Length: 0\r\n\r\n").as_bytes()).unwrap();
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    bytes
}

fn body_of(bytes: &[u8]) -> &[u8] {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    &bytes[end + 4..]
}

fn state(running: &Running, card: i64) -> String {
    running.set_faults(Faults::default());
    get(running, &certiflow(&format!("Cards/{card}"))).json()["state"].as_str().unwrap().to_owned()
}

#[test]
fn a_status_comes_instead_of_the_operation() {
    let rule = json!([{
        "path": "/certiflow/api/Cards/*/DISABLE", "method": "post", "times": 1,
        "status": 503, "retry_after": 2, "body": { "Message": "busy" },
    }]);
    let running = with(&rule);
    let target = certiflow("Cards/1065/Disable/");
    let answer = post(&running, &target);
    assert_eq!((answer.status, answer.header("retry-after")), (503, Some("2")));
    assert_eq!(answer.json(), json!({ "Message": "busy" }));
    assert_eq!(get(&running, &certiflow("Cards/1065")).json()["state"], "Issued");
    assert_eq!(post(&running, &target).status, 200, "it was for once");
}

#[test]
fn every_third_request_is_hit_after_those_that_are_skipped() {
    let running = with(&json!([{ "path": "/health", "skip": 2, "every": 3, "times": 2, "status": 500 }]));
    let statuses: Vec<u16> = (0..12).map(|_| get(&running, "/health").status).collect();
    assert_eq!(statuses, [200, 200, 200, 200, 500, 200, 200, 500, 200, 200, 200, 200]);
    let counts = get(&running, FAULTS).json()["counts"].clone();
    assert_eq!(counts, json!([{ "rule": 1, "name": "rule 1", "matched": 12, "applied": 2 }]));
}

#[test]
fn the_same_seed_brings_the_same_faults() {
    let rules = json!([
        { "path": "/health", "probability": 0.4, "status": 500 },
        { "path": "/health", "probability": 0.5, "status": 502 },
    ]);
    let run = |seed: u64| -> Vec<u16> {
        let running = with(&rules);
        running.set_faults(Faults::parse(&json!({ "seed": seed, "rules": rules }).to_string()).unwrap());
        (0..60).map(|_| get(&running, "/health").status).collect()
    };
    let (first, again, other) = (run(1), run(1), run(2));
    assert_eq!(first, again);
    assert_ne!(first, other);
    for status in [200, 500, 502] {
        let times = first.iter().filter(|one| **one == status).count();
        assert!((8..40).contains(&times), "{status} came {times} times in 60");
    }
}

#[test]
fn latency_is_waited_before_the_answer() {
    let running = with(&json!([{ "path": "/health", "latency_ms": [150, 250] }]));
    for _ in 0..3 {
        let since = Instant::now();
        assert_eq!(get(&running, "/health").status, 200);
        let time = since.elapsed();
        assert!(time >= Duration::from_millis(150) && time < Duration::from_secs(3), "{time:?}");
    }
}

#[test]
fn a_closed_connection_may_hide_an_operation_that_was_carried_out() {
    let running = with(&json!([
        { "path": "**/1065/disable", "close": true },
        { "path": "**/1013/disable", "close": true, "carry_out": true },
    ]));
    assert_eq!(raw(&running, "POST", &certiflow("Cards/1065/Disable")), b"");
    assert_eq!(raw(&running, "POST", &certiflow("Cards/1013/Disable")), b"");
    assert_eq!(state(&running, 1065), "Issued");
    assert_eq!(state(&running, 1013), "Disabled");
}

#[test]
fn a_gateway_may_answer_for_an_operation_that_was_carried_out() {
    let running = with(&json!([{ "path": "**/1013/disable", "status": 502, "body": "<html>", "carry_out": true }]));
    let answer = post(&running, &certiflow("Cards/1013/Disable"));
    assert_eq!((answer.status, answer.body.as_str()), (502, "<html>"));
    assert_eq!(answer.header("content-type"), Some("text/plain; charset=utf-8"));
    assert_eq!(state(&running, 1013), "Disabled");
}

#[test]
fn a_body_breaks_off_after_exactly_so_many_bytes() {
    let running = with(&json!([]));
    cardwright_server::seed::synthetic(running.registry(), 4_000, 1).unwrap();
    // A list of several pages has no length, and is sent in chunks.
    let pages = certiflow("Cards");
    let all = get(&running, &pages).body;
    for length in [1, 100, 1_000_000] {
        let rules = json!({ "rules": [{ "path": "/certiflow/**", "truncate": length }] });
        running.set_faults(Faults::parse(&rules.to_string()).unwrap());
        let (body, is_whole) = unchunked(body_of(&raw(&running, "GET", &pages)));
        assert!(body == all.as_bytes()[..length] && !is_whole, "{length}");
    }
    running.set_faults(Faults::default());
    let target = certiflow("Cards?count=99");
    let whole = get(&running, &target).body;
    for length in [0, 1, 100, 50_000] {
        let rules = json!({ "rules": [{ "path": "/certiflow/**", "truncate": length }] });
        running.set_faults(Faults::parse(&rules.to_string()).unwrap());
        let bytes = raw(&running, "GET", &target);
        let head = String::from_utf8_lossy(&bytes[..200.min(bytes.len())]).to_ascii_lowercase();
        assert!(head.contains(&format!("content-length: {}\r\n", whole.len())), "{head}");
        assert_eq!(body_of(&bytes), &whole.as_bytes()[..length], "{length}");
    }
    let longer = json!({ "rules": [{ "path": "/certiflow/**", "truncate": 1 << 24 }] });
    running.set_faults(Faults::parse(&longer.to_string()).unwrap());
    assert_eq!(body_of(&raw(&running, "GET", &target)), whole.as_bytes());
}

#[test]
fn garbage_is_a_body_and_noise_is_no_http() {
    let rules = json!([
        { "path": "/health", "garbage": 500, "times": 1 },
        { "path": "/health", "noise": 700 },
    ]);
    let running = with(&rules);
    let garbage = raw(&running, "GET", "/health");
    assert!(garbage.starts_with(b"HTTP/1.1 200 OK\r\n"));
    assert_eq!(body_of(&garbage).len(), 500);
    assert!(core::str::from_utf8(body_of(&garbage)).is_err());
    let noise = raw(&running, "GET", "/health");
    assert_eq!(noise.len(), 700);
    assert!(!noise.starts_with(b"HTTP/"));
    let again = with(&rules);
    assert_eq!(body_of(&raw(&again, "GET", "/health")), body_of(&garbage));
    assert_eq!(raw(&again, "GET", "/health"), noise);
}

#[test]
fn a_drip_takes_its_time_and_ends_whole_or_cut() {
    let running = with(&json!([
        { "path": "/health", "times": 1, "drip": { "bytes": 2, "every_ms": 50 } },
        { "path": "/health", "drip": { "every_ms": 20 }, "truncate": 5 },
    ]));
    let since = Instant::now();
    assert_eq!(get(&running, "/health").body, r#"{"status":"ok"}"#);
    assert!(since.elapsed() >= Duration::from_millis(350), "{:?}", since.elapsed());
    assert_eq!(body_of(&raw(&running, "GET", "/health")), br#"{"sta"#);
}

#[test]
fn an_administrator_sets_and_clears_faults_while_the_server_runs() {
    let running = with(&json!([]));
    let rules = json!({ "seed": 1, "rules": [{ "name": "down", "path": "**", "status": 500 }] });
    let put = send(&running, "PUT", FAULTS, &rules.to_string());
    assert_eq!((put.status, &put.json()["rules"]), (200, &rules["rules"]), "{put:?}");
    assert_eq!(get(&running, "/health").status, 500);
    assert_eq!(get(&running, &mim("smartcards")).status, 500);
    // What sets the faults is not hit by them.
    let shown = get(&running, "/_SANDBOX/faults");
    assert_eq!(shown.json()["counts"][0], json!({ "rule": 1, "name": "down", "matched": 2, "applied": 2 }));
    let back = send(&running, "PUT", FAULTS, &shown.body);
    assert_eq!((back.status, &back.json()["counts"][0]["matched"]), (200, &json!(0)), "an answer can be sent back");
    assert_eq!(send(&running, "DELETE", FAULTS, "").status, 204);
    assert_eq!(get(&running, "/health").status, 200);
    let wrong = send(&running, "POST", FAULTS, "{}");
    assert_eq!((wrong.status, wrong.header("allow")), (405, Some("GET, PUT, DELETE")));
}

#[test]
fn faults_are_for_administrators_and_only_where_the_sandbox_is_on() {
    let running = with(&json!([]));
    let ask = |credentials: Option<&str>| -> Answer { send_as(&running, credentials, "GET", FAULTS, ("", "")) };
    running.registry().add_account("op", &Secret::new("secret"), "operator").unwrap();
    assert_eq!(ask(None).status, 401);
    assert_eq!(ask(Some("op:secret")).status, 403);
    assert_eq!(ask(Some(DEMO)).status, 200);
    let closed = start();
    for method in ["GET", "PUT", "DELETE"] {
        assert_eq!(send(&closed, method, FAULTS, "").status, 404);
    }
    assert_eq!(
        exchange(&closed, "GET /_sandbox/faults HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").status,
        404
    );
}

#[test]
fn a_wrong_rule_is_named_with_its_field_and_changes_nothing() {
    let running = with(&json!([{ "path": "/health", "status": 418 }]));
    let wrong = [
        ("[]", "must be an object"),
        ("{", "this is no JSON: "),
        (r#"{"seed": -1}"#, "seed: must be a whole number from 0"),
        (r#"{"faults": []}"#, "faults: is not known; there are seed, rules, counts"),
        (r#"{"rules": {}}"#, "rules: must be a list"),
        (r#"{"rules": [1]}"#, "rule 1: must be an object"),
        (r#"{"rules": [{"status": 500}]}"#, "rule 1: path: is missing"),
        (r#"{"rules": [{"path": "x", "status": 500}]}"#, "rule 1: path: must begin with / or *"),
        (r#"{"rules": [{"path": "/"}]}"#, "rule 1: does nothing: "),
        (r#"{"rules": [{"path": "/", "colour": 1}]}"#, "rule 1: colour: is not known"),
        (
            r#"{"rules": [{"path": "/", "close": true}, {"name": "slow", "path": "/", "latency_ms": [2, 1]}]}"#,
            "rule 2 (slow): latency_ms: must be",
        ),
        (r#"{"rules": [{"path": "/", "status": 99}]}"#, "rule 1: status: must be a whole number from 200 up to 599"),
        (r#"{"rules": [{"path": "/", "status": 500, "every": 0}]}"#, "rule 1: every: must be a whole number from 1"),
        (r#"{"rules": [{"path": "/", "status": 500, "probability": 2}]}"#, "rule 1: probability: must be a number"),
        (r#"{"rules": [{"path": "/", "status": 500, "probability": 1, "every": 1}]}"#, "rule 1: probability: cannot"),
        (r#"{"rules": [{"path": "/", "status": 500, "close": true}]}"#, "rule 1: close: of status, close and noise"),
        (r#"{"rules": [{"path": "/", "close": true, "noise": 1}]}"#, "rule 1: noise: of status, close and noise"),
        (r#"{"rules": [{"path": "/", "close": true, "drip": {"every_ms": 1}}]}"#, "rule 1: drip: there is no answer"),
        (r#"{"rules": [{"path": "/", "drip": {}}]}"#, "rule 1: drip.every_ms: is missing"),
        (r#"{"rules": [{"path": "/", "drip": {"bytes": 0, "every_ms": 1}}]}"#, "rule 1: drip.bytes: must be"),
        (r#"{"rules": [{"path": "/", "status": 500, "garbage": 1}]}"#, "rule 1: garbage: replaces"),
        (r#"{"rules": [{"path": "/", "truncate": 1, "carry_out": true}]}"#, "rule 1: carry_out: needs"),
        (r#"{"rules": [{"path": "/", "truncate": 1, "body": "x"}]}"#, "rule 1: body: needs a status"),
        (r#"{"rules": [{"path": "/", "status": 500, "retry_after": "\n"}]}"#, "rule 1: retry_after: must be"),
        (r#"{"rules": [{"path": "/", "status": 500, "method": "FETCH"}]}"#, "rule 1: method: must be *, GET"),
    ];
    for (rules, why) in wrong {
        let answer = send(&running, "PUT", FAULTS, rules);
        assert_eq!(answer.status, 400, "{rules}");
        let told = answer.json()["error"].as_str().unwrap().to_owned();
        assert!(told.contains(why), "{rules}: {told}");
        assert_eq!(Faults::parse(rules).unwrap_err().to_string(), told);
    }
    assert_eq!(get(&running, "/health").status, 418);
}

#[test]
fn a_lost_answer_is_lost_for_mim_too() {
    let running =
        with(&json!([{ "path": "/certificatemanagement/**", "method": "POST", "close": true, "carry_out": true }]));
    running.registry().set_state(1013, State::Active).unwrap();
    let before = running.registry().audit(0, 10_000).unwrap().len();
    let cards = get(&running, &mim("smartcards")).json();
    let (card, template) = (&cards[0]["Uuid"], &cards[0]["ProfileTemplateUuid"]);
    let body = json!({ "type": "Unblock", "smartcard": card, "profiletemplateuuid": template, "datacollection": [] });
    let mut stream = TcpStream::connect(running.address()).unwrap();
    let coded = base64::engine::general_purpose::STANDARD.encode(DEMO);
    let (target, body) = (mim("requests"), body.to_string());
    let head = format!("POST {target} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic {coded}\r\n");
    stream.write_all(format!("{head}Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes()).unwrap();
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    assert_eq!(bytes, b"");
    assert!(running.registry().audit(0, 10_000).unwrap().len() > before);
}
