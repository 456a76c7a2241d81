//! How long a call may take: its parts, and all of it.

use cardwright_core::Code;
use cardwright_core::certiflow::{Call, Dialect};
use cardwright_http::{Credentials, Error, Oidc, Proxy, Reply, Retries, Secret, Setup, Stream, Timeouts, Transport};
use cardwright_testkit::raw::{Raw, json, read_request};
use std::io::Write;
use std::net::TcpStream;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A transport whose calls may take this long in total, and their parts much longer.
fn within(total: u64, base: &str) -> Transport {
    let timeouts = Timeouts { total: Duration::from_millis(total), ..Timeouts::default() };
    Transport::new(Setup { timeouts, proxy: Proxy::None, ..Setup::new(base) }).expect("usable")
}

fn card(transport: &Transport) -> Result<Reply, Error> {
    let call = Call::Card { id: "1" };
    transport.send(&call.in_dialect(Dialect::G7).expect("the dialect has it"))
}

/// A server that answers a byte at a time, for as long as somebody listens.
fn dripping(answer: &'static str) -> Raw {
    Raw::serving(move |mut stream: TcpStream| {
        let request = read_request(&mut stream);
        for byte in answer.bytes().chain(std::iter::repeat(b' ')) {
            if stream.write_all(&[byte]).is_err() {
                break;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        request
    })
}

fn is_up(error: &Error) -> bool {
    error.code() == Code::Timeout && error.was_sent() && error.to_string().contains("longer than it may in total")
}

#[test]
fn a_server_that_drips_its_answer_does_not_hold_a_call_beyond_its_limit() {
    let head = dripping("HTTP/1.1 200 OK\r\nX: ");
    let mut transport = within(300, &head.url("/api"));
    let error = card(&transport).expect_err("no end of the head");
    assert!(is_up(&error), "{error}");
    assert_eq!(error.attempts(), 1, "no time is left for another");
    let body = drip("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n[", b' ', false);
    transport = within(900, &body.url("/api"));
    let error = card(&transport).expect("it begins").document(1 << 20).expect_err("no end");
    assert!(is_up(&error), "{error}");
    let mut list = Stream::new(card(&transport).expect("it begins"), &transport);
    let error = list.next(|cursor| cursor.skip()).expect("something").expect_err("no end");
    assert!(is_up(&error), "{error}");
}

/// A server that says nothing by itself, and then writes these bytes one by one, for as long as somebody listens.
fn drip(at_once: &'static str, then: u8, encrypted: bool) -> Raw {
    Raw::serving(move |mut stream: TcpStream| {
        let request = if encrypted { "a handshake".to_string() } else { read_request(&mut stream) };
        let _ = stream.write_all(at_once.as_bytes());
        // A minute, if nobody ends it.
        for _ in 0..600 {
            if stream.write_all(&[then]).is_err() {
                break;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        request
    })
}

#[test]
fn a_drip_ends_in_each_phase_with_the_limit_of_the_call() {
    let each = |setup: Setup| {
        Transport::new(setup.timeouts(Timeouts::each(Duration::from_secs(1))).retries(Retries::none())).expect("usable")
    };
    let read = |transport: &Transport| card(transport)?.document(1 << 20).map(|_| ());
    let list = |transport: &Transport| {
        let mut list = Stream::new(card(transport)?, transport);
        list.read_ahead();
        while let Some(element) = list.next(|cursor| cursor.skip()) {
            element?;
        }
        Ok(())
    };
    type Use<'u> = &'u dyn Fn(&Transport) -> Result<(), Error>;
    let ok = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
    let (length, chunked) = ("Content-Length: 100000\r\n\r\n[", "Transfer-Encoding: chunked\r\n\r\n1;x=");
    let leak = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
    let refusal = "HTTP/1.1 500 x\r\nContent-Length: 100000\r\n\r\n";
    let (plain, tls, proxied, tunnel, issuer) = (0, 1, 2, 3, 4);
    let rows: Vec<(&str, i32, &'static str, u8, Use<'_>)> = vec![
        ("the status line", plain, "HTTP/1.1 200 ", b'O', &read),
        ("a header", plain, leak(format!("{ok}X: ")), b'x', &read),
        ("headers without an end", plain, leak(format!("{ok}X: ")), b'\t', &read),
        ("an interim answer", plain, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 O", b'K', &read),
        ("a body", plain, leak(format!("{ok}{length}")), b' ', &read),
        ("a body in chunks", plain, leak(format!("{ok}{chunked}")), b'x', &read),
        ("a body without a length", plain, leak(format!("{ok}Connection: close\r\n\r\n[")), b' ', &read),
        ("a list", plain, leak(format!("{ok}{length}")), b' ', &list),
        ("the body of a refusal", plain, refusal, b'x', &read),
        // A record of a handshake of 16 KiB, byte by byte.
        ("a handshake", tls, "\x16\x03\x03\x40\x00\x02\x00\x3f", 0, &read),
        ("a proxy's answer", proxied, "HTTP/1.1 200 O", b'x', &read),
        ("a proxy's answer to CONNECT", tunnel, "HTTP/1.1 200 O", b'x', &read),
        ("a proxy's refusal of CONNECT", tunnel, "HTTP/1.1 502 x\r\nContent-Length: 9999\r\n\r\n", b'x', &read),
        ("an issuer's head", issuer, "HTTP/1.1 200 O", b'x', &read),
        ("an issuer's token", issuer, "HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n{", b' ', &read),
    ];
    std::thread::scope(|scope| {
        for (what, way, at_once, then, act) in &rows {
            let (what, at_once, then) = (*what, *at_once, *then);
            let server = drip(at_once, then, *way == tls);
            let address = server.url("/api");
            let setup = match *way {
                1 => Setup::new(address.replace("http:", "https:")).proxy(Proxy::None),
                2 => Setup::new("http://cm.example.com/api").proxy(Proxy::Address(Secret::new(server.url("")))),
                3 => Setup::new("https://cm.example.com/api").proxy(Proxy::Address(Secret::new(server.url("")))),
                4 => {
                    let oidc = Oidc::builder(server.url("/i"), "client").secret(Secret::new("s")).proxy(Proxy::None);
                    let oidc = oidc.timeouts(Timeouts::each(Duration::from_secs(1))).build().expect("usable");
                    let credentials = Credentials::Tokens(Arc::new(oidc));
                    Setup::new("http://127.0.0.1:9/api").proxy(Proxy::None).credentials(credentials)
                }
                _ => Setup::new(address).proxy(Proxy::None),
            };
            let transport = each(setup);
            let begun = Instant::now();
            let error = act(&transport).expect_err(what);
            let took = begun.elapsed();
            drop(scope.spawn(move || drop(server)));
            assert!(took < Duration::from_secs(10), "{what}: {took:?}");
            let is_known = matches!(error.code(), Code::Timeout | Code::ServerFailed | Code::Unreachable);
            assert!(is_known, "{what}: {error} {error:?}");
        }
    });
}

#[test]
fn a_list_has_a_limit_over_all_its_calls() {
    // Each answer is well within the limits of a call.
    let slow = Raw::serving(|mut stream: TcpStream| {
        let request = read_request(&mut stream);
        std::thread::sleep(Duration::from_millis(300));
        let _ = stream.write_all(&json("[1]"));
        request
    });
    let timeouts = Timeouts::default().list(Duration::from_millis(1000));
    let setup = Setup::new(slow.url("/api")).proxy(Proxy::None).retries(Retries::none()).timeouts(timeouts);
    let transport = Transport::new(setup).expect("usable");
    let pages = |transport: &Transport| {
        for page in 0..8 {
            if let Err(error) = card(transport).and_then(|reply| reply.document(100)) {
                return (page, Some(error));
            }
        }
        (8, None)
    };
    let (page, error) = pages(&transport.for_list());
    let error = error.expect("the list takes too long");
    assert!((1..=3).contains(&page), "{page}");
    assert_eq!(error.code(), Code::Timeout, "{error}");
    assert!(error.to_string().contains("the list took longer than it may in total"), "{error}");
    let (page, error) = pages(&transport);
    assert!(page == 8 && error.is_none(), "calls that are of no list: {error:?}");
}

#[test]
fn a_wait_that_a_server_asks_for_counts_too() {
    let busy = Raw::answering(|_| b"HTTP/1.1 503 Busy\r\nRetry-After: 2\r\nConnection: close\r\n\r\n".to_vec());
    let error = card(&within(1000, &busy.url("/api"))).expect_err("busy");
    assert_eq!((error.code(), error.attempts(), busy.requests().len()), (Code::Busy, 1, 1), "{error}");
}

#[test]
fn a_handshake_counts_too_and_sends_nothing() {
    let silent = Raw::serving(|mut stream| read_request(&mut stream));
    let error = card(&within(200, &silent.url("/api").replace("http", "https"))).expect_err("no handshake");
    assert_eq!((error.code(), error.was_sent()), (Code::Timeout, false), "{error}");
}

#[test]
fn a_program_may_take_its_time_with_a_list() {
    // More than fits into all the buffers on the way.
    let element = format!("\"{}\"", "x".repeat(1 << 20));
    let body = format!("[{}]", vec![element; 12].join(","));
    let raw = Raw::answering(move |_| json(&body));
    let transport = within(2000, &raw.url("/api"));
    let mut list = Stream::new(card(&transport).expect("a list"), &transport);
    let mut elements = 0;
    while let Some(element) = list.next(|cursor| cursor.skip()) {
        element.expect("an element");
        elements += 1;
        std::thread::sleep(Duration::from_millis(250));
    }
    assert_eq!(elements, 12, "three seconds in all, of which little was waited for the server");
}

#[test]
fn limits_for_the_parts_are_never_longer_than_the_one_in_total() {
    let minutes = |n: u64| Duration::from_secs(60 * n);
    assert_eq!(Timeouts::new(minutes(1), minutes(1), minutes(1)).total, minutes(3));
    assert_eq!(
        Timeouts::each(minutes(90)),
        Timeouts { list: minutes(90), ..Timeouts::new(minutes(90), minutes(90), minutes(90)).total(minutes(90)) }
    );
    assert_eq!(Timeouts::new(minutes(1), minutes(10), minutes(1)).total, minutes(12));
    assert_eq!(Timeouts::new(Duration::MAX, Duration::MAX, Duration::MAX).total, Duration::MAX);
    let retries = Retries::none();
    let timeouts = Timeouts::new(Duration::MAX, Duration::MAX, Duration::MAX);
    let raw = Raw::answering(|_| json("{}"));
    let setup = Setup { timeouts, retries, proxy: Proxy::None, ..Setup::new(raw.url("/api")) };
    assert!(card(&Transport::new(setup).expect("usable")).is_ok(), "endless limits are allowed");
}
