//! A line for each request, and what may not be in it.

use crate::http::{DEMO, certiflow, config, exchange, get, mim, post, send, send_as, start, start_with};
use cardwright_server::{Faults, Log, Running};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

fn logged() -> (Running, Arc<Mutex<Vec<String>>>) {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&lines);
    let mut config = config();
    config.log = Log::To(Arc::new(move |line| sink.lock().unwrap().push(line.to_owned())));
    (start_with(config), lines)
}

/// The last of so many lines.
fn last(lines: &Mutex<Vec<String>>, count: usize) -> Value {
    let until = Instant::now() + Duration::from_secs(10);
    while lines.lock().unwrap().len() < count && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(5));
    }
    let lines = lines.lock().unwrap();
    assert_eq!(lines.len(), count, "{lines:?}");
    serde_json::from_str(&lines[count - 1]).unwrap()
}

#[test]
fn a_line_says_which_call_by_whom_and_how_it_ended() {
    let (running, lines) = logged();
    let body = get(&running, &certiflow("cards/1013")).body;
    let line = last(&lines, 1);
    assert_eq!(line["method"], "GET");
    assert_eq!(line["route"], "/certiflow/api/Cards/{id}");
    assert_eq!(line["ids"], json!(["1013"]));
    assert_eq!(line["status"], 200);
    assert_eq!(line["account"], "demo");
    assert_eq!(line["bytes"], body.len());
    assert!(line["ms"].as_f64().is_some_and(|ms| ms > 0.0 && ms < 60_000.0), "{line}");
    assert!(line["time"].as_str().is_some_and(|time| time.starts_with("20") && time.ends_with('Z')), "{line}");
    assert_eq!(line.get("fault"), None);

    let uuid = get(&running, &mim("smartcards")).json()[0]["Uuid"].as_str().unwrap().to_owned();
    get(&running, &mim(&format!("smartcards/{uuid}/operations")));
    let line = last(&lines, 3);
    assert_eq!(line["route"], "/CertificateManagement/api/v1.0/smartcards/{id}/operations");
    assert_eq!(line["ids"], json!([uuid]));

    send_as(&running, Some("demo:wrong"), "GET", &certiflow("Cards"), ("", ""));
    let line = last(&lines, 4);
    assert_eq!((&line["status"], &line["account"]), (&json!(401), &Value::Null));
    get(&running, "/somewhere/else");
    assert_eq!(last(&lines, 5)["route"], Value::Null);
}

#[test]
fn the_requests_id_is_the_clients_or_a_new_one_and_comes_back() {
    let (running, lines) = logged();
    let ask = |id: &str| {
        let head =
            format!("GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-Correlation-Id: {id}\r\n\r\n");
        exchange(&running, &head).header("x-correlation-id").unwrap().to_owned()
    };
    assert_eq!(ask("job-7_a.b"), "job-7_a.b");
    assert_eq!(last(&lines, 1)["id"], "job-7_a.b");
    let made = ask("no \"sane\" id");
    assert!(made.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-'), "{made}");
    assert_eq!(last(&lines, 2)["id"], made);
    assert_ne!(ask(""), made);
    // Also where nothing is logged.
    assert!(get(&start(), "/health").header("x-correlation-id").is_some());
}

#[test]
fn no_line_holds_a_secret_a_query_or_a_body() {
    let (running, lines) = logged();
    let (_, password) = DEMO.split_once(':').unwrap();
    get(&running, &certiflow("Cards?userName=DEMO%5Cipetrov&comment=hush"));
    get(&running, &certiflow("Cards/ipetrov"));
    get(&running, &certiflow("Nobody/ipetrov?hush"));
    get(&running, "/icmapi/user/getcards?name=ipetrov");
    send(&running, "POST", &mim("requests"), r#"{"type":"hush","comment":"ipetrov"}"#);
    send(&running, "POST", &certiflow("Cards/1013/Revoke"), r#"{"reason":"hush"}"#);
    post(&running, &certiflow("Cards/1013/Revoke?reason=hush"));
    send_as(&running, Some("somebody:hush"), "GET", &certiflow("Cards"), ("", ""));
    last(&lines, 8);
    let text = lines.lock().unwrap().join("\n");
    for secret in [password, "correct", "Basic", "Authorization", "authorization", "hush", "ipetrov", "userName"] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
    assert!(text.contains("demo"));
}

#[test]
fn a_request_whose_client_has_gone_has_its_line() {
    let (running, lines) = logged();
    let rules = r#"{"rules": [{"path": "/certiflow/**", "latency_ms": 60000}]}"#;
    running.set_faults(Faults::parse(rules).unwrap());
    let mut stream = std::net::TcpStream::connect(running.address()).unwrap();
    let head =
        format!("POST {} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n", certiflow("Cards/1013/Disable"));
    std::io::Write::write_all(&mut stream, head.as_bytes()).unwrap();
    std::thread::sleep(Duration::from_millis(100));
    let port = stream.local_addr().unwrap().port();
    drop(stream);
    let line = last(&lines, 1);
    assert_eq!((&line["outcome"], &line["status"], &line["method"]), (&json!("hung-up"), &Value::Null, &json!("POST")));
    assert_eq!(line["peer"], format!("127.0.0.1:{port}"));
    assert_eq!(line["route"], "/certiflow/api/Cards/{id}/Disable");
}

#[test]
fn a_request_that_cannot_be_read_has_its_line() {
    let (running, lines) = logged();
    assert_eq!(exchange(&running, "GET /a b c HTTP/9\r\n\r\n").status, 400);
    let line = last(&lines, 1);
    assert_eq!((&line["status"], &line["method"], &line["outcome"]), (&json!(400), &Value::Null, &json!("refused")));
    assert!(line["cause"].is_string() && line["peer"].is_string(), "{line}");
    assert_eq!(
        exchange(&running, "GET /health HTTP/1.1\r\nHost: cards.example.com\r\nConnection: close\r\n\r\n").status,
        421
    );
    let line = last(&lines, 2);
    assert_eq!((&line["status"], &line["cause"]), (&json!(421), &json!("Host names another server")));
}

#[test]
fn a_fault_is_named_in_the_line_of_the_request_that_it_hit() {
    let (running, lines) = logged();
    let rules = r#"{"rules": [{"name": "lost", "path": "/health", "close": true}]}"#;
    running.set_faults(Faults::parse(rules).unwrap());
    let mut stream = std::net::TcpStream::connect(running.address()).unwrap();
    std::io::Write::write_all(&mut stream, b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    assert_eq!(std::io::Read::read_to_end(&mut stream, &mut Vec::new()).unwrap(), 0);
    let line = last(&lines, 1);
    assert_eq!((&line["fault"], &line["status"], &line["bytes"]), (&json!("lost"), &Value::Null, &json!(0)));
}
