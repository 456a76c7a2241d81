//! Connections: how many, how long, and how they end.

use crate::http::{DEMO, certiflow, config, get, start, start_with};
use base64::Engine as _;
use cardwright_server::{Log, Running};
use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

const HEALTH: &[u8] = b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n";

fn connect(running: &Running) -> TcpStream {
    let stream = TcpStream::connect(running.address()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    stream
}

/// Reads one answer whose body is that of `/health`.
fn healthy(stream: &mut TcpStream) -> bool {
    let mut seen = Vec::new();
    let mut buffer = [0; 1024];
    while !seen.ends_with(br#"{"status":"ok"}"#) {
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => return false,
            Ok(read) => seen.extend_from_slice(&buffer[..read]),
        }
    }
    seen.starts_with(b"HTTP/1.1 200 OK\r\n")
}

/// Waits until the server closes, and returns what it sent and how long that took.
fn until_closed(stream: &mut TcpStream) -> (String, Duration) {
    let since = Instant::now();
    let mut bytes = Vec::new();
    match stream.read_to_end(&mut bytes) {
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::ConnectionReset => {}
        Err(error) => panic!("it stays open: {error}"),
    }
    (String::from_utf8_lossy(&bytes).into_owned(), since.elapsed())
}

#[test]
fn a_connection_that_says_nothing_is_closed() {
    let mut config = config();
    config.head_limit = Duration::from_millis(300);
    let running = start_with(config);
    let mut silent = connect(&running);
    let (sent, time) = until_closed(&mut silent);
    assert_eq!(sent, "");
    assert!(time >= Duration::from_millis(200) && time < Duration::from_secs(5), "{time:?}");
}

#[test]
fn a_head_that_comes_byte_by_byte_is_not_waited_for() {
    let mut config = config();
    config.head_limit = Duration::from_millis(500);
    let running = start_with(config);
    let mut slow = connect(&running);
    let since = Instant::now();
    // Each byte comes in time for itself; the whole does not.
    for byte in HEALTH.iter().cycle() {
        if slow.write_all(&[*byte]).is_err() || since.elapsed() > Duration::from_secs(8) {
            break;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    assert!(since.elapsed() < Duration::from_secs(5), "{:?}", since.elapsed());
    assert_eq!(get(&running, "/health").status, 200);
}

#[test]
fn a_kept_connection_may_rest_longer_than_a_head_may_take() {
    let mut config = config();
    config.head_limit = Duration::from_millis(200);
    config.idle_limit = Duration::from_millis(1_500);
    let running = start_with(config);
    let mut kept = connect(&running);
    for _ in 0..2 {
        kept.write_all(HEALTH).unwrap();
        assert!(healthy(&mut kept));
        std::thread::sleep(Duration::from_millis(600));
    }
    let (sent, time) = until_closed(&mut kept);
    assert_eq!(sent, "");
    assert!(time < Duration::from_secs(5), "{time:?}");

    // Half a head after a rest has no more time than any other.
    let mut half = connect(&running);
    half.write_all(HEALTH).unwrap();
    assert!(healthy(&mut half));
    half.write_all(&HEALTH[..10]).unwrap();
    let (_, time) = until_closed(&mut half);
    assert!(time < Duration::from_millis(1_300), "{time:?}");
}

#[test]
fn one_connection_too_many_is_told_so() {
    let mut config = config();
    config.connections = 2;
    let running = start_with(config);
    let mut first = connect(&running);
    let mut second = connect(&running);
    for stream in [&mut first, &mut second] {
        stream.write_all(HEALTH).unwrap();
        assert!(healthy(stream));
    }
    let mut third = connect(&running);
    third.write_all(HEALTH).unwrap();
    let mut text = String::new();
    third.read_to_string(&mut text).unwrap();
    assert!(text.starts_with("HTTP/1.1 503 ") && text.contains("\r\nretry-after: 1\r\n"), "{text}");

    // The others do not notice, and a place is free again when one goes.
    first.write_all(HEALTH).unwrap();
    assert!(healthy(&mut first));
    first.shutdown(Shutdown::Both).unwrap();
    let until = Instant::now() + Duration::from_secs(10);
    let is_let_in = std::iter::from_fn(|| (Instant::now() < until).then(|| get(&running, "/health").status));
    assert!(is_let_in.into_iter().any(|status| status == 200));
}

#[test]
fn a_head_that_is_too_long_is_answered_431() {
    let running = start();
    let many: String = (0..150).map(|n| format!("X-{n}: x\r\n")).collect();
    for headers in [format!("X-Long: {}\r\n", "x".repeat(80 << 10)), many] {
        let mut stream = connect(&running);
        // The server may close while it is being sent.
        let _ = stream.write_all(format!("GET /health HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n").as_bytes());
        let (sent, _) = until_closed(&mut stream);
        assert!(sent.is_empty() || sent.starts_with("HTTP/1.1 431 "), "{sent}");
    }
    let fits = format!("GET /health HTTP/1.1\r\nHost: localhost\r\nX-Long: {}\r\n\r\n", "x".repeat(40 << 10));
    let mut stream = connect(&running);
    stream.write_all(fits.as_bytes()).unwrap();
    assert!(healthy(&mut stream));
}

#[test]
fn a_client_that_reads_nothing_is_let_go_of() {
    let mut config = config();
    // Long enough to write the list, short enough to wait for.
    config.time_limit = Duration::from_secs(5);
    config.idle_limit = Duration::from_secs(60);
    let running = start_with(config);
    cardwright_server::seed::synthetic(running.registry(), 8_000, 1).unwrap();
    let credentials = base64::engine::general_purpose::STANDARD.encode(DEMO);
    let head =
        format!("GET {} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic {credentials}\r\n\r\n", certiflow("Cards"));
    let mut deaf = connect(&running);
    deaf.write_all(head.repeat(4).as_bytes()).unwrap();
    std::thread::sleep(Duration::from_secs(12));
    let since = Instant::now();
    let mut bytes = Vec::new();
    let _ = deaf.read_to_end(&mut bytes);
    assert!(since.elapsed() < Duration::from_secs(5), "{:?}", since.elapsed());
    let whole = get(&running, &certiflow("Cards")).body.len();
    assert!(bytes.len() < 4 * whole, "{} of {whole}", bytes.len());
}

/// Reads a long list: for a time a number of bytes after each pause, and then the rest. Returns how much it got,
/// and whether it got the end.
fn trickle(running: &Running, time: Duration, most: usize, pause: Duration) -> (usize, bool) {
    let credentials = base64::engine::general_purpose::STANDARD.encode(DEMO);
    let mut stream = connect(running);
    let head = format!(
        "GET {} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Basic {credentials}\r\n\r\n",
        certiflow("Cards")
    );
    stream.write_all(head.as_bytes()).unwrap();
    let since = Instant::now();
    let (mut total, mut tail, mut buffer) = (0, Vec::new(), vec![0; 1 << 20]);
    loop {
        let is_slow = since.elapsed() < time;
        let room = if is_slow { &mut buffer[..most] } else { &mut buffer[..] };
        match stream.read(room) {
            Ok(0) | Err(_) => return (total, tail.ends_with(b"]\r\n0\r\n\r\n")),
            Ok(read) => {
                total += read;
                tail.extend_from_slice(&buffer[..read]);
                tail.drain(..tail.len().saturating_sub(16));
            }
        }
        if is_slow {
            std::thread::sleep(pause);
        }
    }
}

#[test]
fn a_reader_is_judged_by_its_progress() {
    let mut config = config();
    config.time_limit = Duration::from_secs(3);
    let lines = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&lines);
    config.log = Log::To(Arc::new(move |line| sink.lock().unwrap().push(line.to_owned())));
    let running = start_with(config);
    cardwright_server::seed::synthetic(running.registry(), 12_000, 1).unwrap();
    let (all, is_whole) = trickle(&running, Duration::ZERO, 1, Duration::ZERO);
    assert!(is_whole && all > 8 << 20, "{all}");
    // Three times the limit, slowly and steadily: 50 kB a second.
    let (steady, is_whole) = trickle(&running, Duration::from_secs(9), 2_500, Duration::from_millis(50));
    assert!(is_whole && steady.abs_diff(all) < all / 100, "{steady} of {all}");
    // The same time, a few bytes now and then: only what was on its way is left.
    let (slow, is_whole) = trickle(&running, Duration::from_secs(9), 64, Duration::from_millis(50));
    assert!(!is_whole && slow < all, "{slow} of {all}");
    let lines = lines.lock().unwrap();
    let ends = ["done", "too-slow"].map(|end| format!(r#""outcome":"{end}""#));
    let ends = ends.map(|end| lines.iter().filter(|line| line.contains(&end)).count());
    assert_eq!(ends, [2, 1], "{lines:?}");
}

#[test]
fn stopping_ends_idle_connections_at_once_and_waits_for_a_request() {
    let mut config = config();
    config.stop_limit = Duration::from_secs(20);
    config.faults = cardwright_server::Faults::parse(
        r#"{"rules": [{"path": "/certiflow/api/cards/1065/disable", "latency_ms": 800}]}"#,
    )
    .unwrap();
    let running = start_with(config);
    let mut idle = connect(&running);
    idle.write_all(HEALTH).unwrap();
    assert!(healthy(&mut idle));
    let silent = connect(&running);
    let mut busy = connect(&running);
    let credentials = base64::engine::general_purpose::STANDARD.encode(DEMO);
    let request = format!(
        "POST {} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic {credentials}\r\nContent-Length: 0\r\n\r\n",
        certiflow("Cards/1065/Disable")
    );
    busy.write_all(request.as_bytes()).unwrap();
    std::thread::sleep(Duration::from_millis(200));
    let since = Instant::now();
    let stopping = std::thread::spawn(move || running.stop());
    let (_, time) = until_closed(&mut idle);
    assert!(time < Duration::from_millis(500), "{time:?}");
    let (answer, _) = until_closed(&mut busy);
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    stopping.join().unwrap();
    assert!(since.elapsed() < Duration::from_secs(5), "{:?}", since.elapsed());
    drop(silent);
}
