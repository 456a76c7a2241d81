//! Addresses, verbs, parameters and limits.

use crate::http::{DEMO, certiflow, config, exchange, get, mim, post, send, send_as, start, start_with};
use std::time::{Duration, Instant};

#[test]
fn the_case_of_an_address_does_not_matter() {
    let running = start();
    assert_eq!(get(&running, "/CERTIFLOW/Api/cards/1013").status, 200);
    assert_eq!(get(&running, "/certiflow/api/CARDS/").status, 200);
    assert_eq!(post(&running, "/CertiFlow/API/cards/1013/revoke?REASON=cardlost").status, 200);
    assert_eq!(get(&running, "/certificatemanagement/API/V1.0/SmartCards").status, 200);
}

#[test]
fn unknown_addresses_and_wrong_verbs_are_told_apart() {
    let running = start();
    for target in
        ["/", "/certiflow", "/certiflow/apis/Cards", &certiflow("Card"), &certiflow("Cards/1/Revoke/2"), &mim("x")]
    {
        assert_eq!(get(&running, target).status, 404, "{target}");
    }
    let cases = [
        ("DELETE", certiflow("Cards/1013"), "GET"),
        ("GET", certiflow("Cards/1013/Revoke"), "POST"),
        ("PUT", certiflow("Cards"), "GET"),
        ("DELETE", mim("requests/x"), "GET, PUT"),
        ("PATCH", mim("smartcards"), "GET, POST"),
    ];
    for (method, target, allow) in cases {
        let answer = send(&running, method, &target, "");
        assert_eq!((answer.status, answer.header("allow")), (405, Some(allow)), "{method} {target}");
    }
    assert_eq!(get(&running, &certiflow("Cards/999999")).status, 404);
    assert_eq!(post(&running, &certiflow("Cards/999999/Disable")).status, 404);
    assert_eq!(get(&running, &mim("smartcards/00000000-0000-0000-0000-000000000001")).status, 404);
    assert_eq!(get(&running, &mim("requests/00000000-0000-0000-0000-000000000001")).status, 404);
}

#[test]
fn a_wrong_parameter_is_named() {
    let running = start();
    let wrong = [
        ("Cards?state=Active", "state"),
        ("Cards?state=1", "state"),
        ("Cards?contentExpirationStatus=Soon", "contentExpirationStatus"),
        ("Cards?offset=-1", "offset"),
        ("Cards?offset=x", "offset"),
        ("Cards?count=0", "count"),
        ("Cards?count=99999999999", "count"),
        ("Cards?timeIssued=yesterday", "timeIssued"),
        ("Cards/abc", "id"),
        ("Cards/%FF", "id"),
    ];
    for (path, parameter) in wrong {
        let answer = get(&running, &certiflow(path));
        assert_eq!(answer.status, 400, "{path}");
        assert!(answer.json()["errors"][parameter][0].is_string(), "{answer:?}");
        assert_eq!(answer.json()["title"], "One or more validation errors occurred.");
    }
    for path in ["smartcards/x", "smartcards?cardid=x", "requests/x"] {
        let answer = get(&running, &mim(path));
        assert_eq!(answer.status, 400, "{path}");
        assert!(answer.json()["Message"].is_string(), "{answer:?}");
    }
    // An older dialect's filter is ignored, as the real server ignores it: every card is listed.
    let all = get(&running, &certiflow("Cards")).body;
    assert_eq!(get(&running, &certiflow("Cards?filter.state=Revoked&state=")).body, all);
}

#[test]
fn a_reason_is_taken_wherever_the_documents_put_it() {
    let running = start();
    let json = "application/json";
    let form = "application/x-www-form-urlencoded";
    let given = [
        ("?reason=CardWithdraw", "", "", "CardWithdraw"),
        ("?reason=5", "", "", "CardWithdraw"),
        ("?Reason=cardlost", "", "", "CardLost"),
        ("", json, r#"{"reason":5}"#, "CardWithdraw"),
        ("", json, r#"{"Reason":"CardCompromised"}"#, "CardCompromised"),
        ("", json, "{}", "None"),
        ("", form, "reason=5", "CardWithdraw"),
        ("", form, "{ reason=5 }", "CardWithdraw"),
        ("", json, "{ reason: 5 }", "CardWithdraw"),
        ("", "", "", "None"),
        ("?reason=CardBroken", json, r#"{"reason":5}"#, "CardBroken"),
    ];
    for (query, content_type, body, wanted) in given {
        running.registry().set_state(1013, cardwright_core::lifecycle::State::Active).unwrap();
        let target = certiflow(&format!("Cards/1013/Revoke{query}"));
        let answer = send_as(&running, Some(DEMO), "POST", &target, (content_type, body));
        assert_eq!(answer.status, 200, "{query} {body}: {answer:?}");
        let last = running.registry().audit(0, 1000).unwrap().pop().unwrap();
        assert_eq!(last.note.split(';').next(), Some(wanted), "{query} {body}");
    }
    running.registry().set_state(1013, cardwright_core::lifecycle::State::Active).unwrap();
    let wrong = [
        ("?reason=8", ""),
        ("?reason=Lost", ""),
        ("", r#"{"reason":99}"#),
        ("", "[]"),
        ("", "lost"),
        ("", r#"{"reason":[]}"#),
    ];
    for (query, body) in wrong {
        let target = certiflow(&format!("Cards/1013/Revoke{query}"));
        let answer = send(&running, "POST", &target, body);
        assert_eq!(answer.status, 400, "{query} {body}: {answer:?}");
    }
    assert_eq!(get(&running, &certiflow("Cards/1013")).json()["state"], "Issued");
}

#[test]
fn a_body_that_is_too_long_is_refused() {
    let running = start();
    let body = format!("{{\"comment\":\"{}\"}}", "x".repeat(1 << 20));
    assert_eq!(send(&running, "POST", &mim("requests"), &body).status, 413);
    assert_eq!(get(&running, "/health").status, 200);
}

#[test]
fn a_body_that_never_ends_takes_no_longer_than_the_limit() {
    let mut config = config();
    config.time_limit = Duration::from_millis(300);
    let running = start_with(config);
    let since = Instant::now();
    let head = format!("POST {} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nhalf", mim("requests"));
    assert_eq!(exchange(&running, &head).status, 408);
    assert!(since.elapsed() < Duration::from_secs(10));
}

#[test]
fn long_bodies_that_do_not_come_leave_room_for_short_ones() {
    let mut config = config();
    config.time_limit = Duration::from_secs(2);
    let running = start_with(config);
    let head = |length: usize| {
        format!("POST {} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\n{{", mim("requests"))
    };
    // All places of long bodies are taken.
    let mut waiting: Vec<_> = (0..64)
        .map(|_| {
            let mut stream = std::net::TcpStream::connect(running.address()).unwrap();
            std::io::Write::write_all(&mut stream, head(100_000).as_bytes()).unwrap();
            stream
        })
        .collect();
    assert_eq!(send(&running, "POST", &mim("requests"), "{}").status, 400, "a short one is read meanwhile");
    let long = format!("{}{}", head(100_000), "x".repeat(99_999));
    assert!([400, 401, 408].contains(&exchange(&running, &long).status), "a long one waits, and then ends");
    let mut seen = String::new();
    std::io::Read::read_to_string(&mut waiting.remove(0), &mut seen).unwrap();
    assert!(seen.starts_with("HTTP/1.1 408 "), "{seen}");
}

#[test]
fn stopping_does_not_wait_for_a_connection_that_says_nothing() {
    let mut config = config();
    config.stop_limit = Duration::from_millis(300);
    let running = start_with(config);
    let silent = std::net::TcpStream::connect(running.address()).unwrap();
    let mut half = std::net::TcpStream::connect(running.address()).unwrap();
    std::io::Write::write_all(&mut half, b"POST /certiflow/api/Cards/1065/Disable HTTP/1.1\r\nContent-Le").unwrap();
    assert_eq!(get(&running, "/health").status, 200);
    let (since, address) = (Instant::now(), running.address());
    running.stop();
    assert!(since.elapsed() < Duration::from_secs(5), "{:?}", since.elapsed());
    assert!(std::net::TcpStream::connect(address).is_err());
    drop((silent, half));
}
