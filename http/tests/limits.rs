//! How long a call may take: its parts, and all of it.

use cardwright_core::Code;
use cardwright_core::certiflow::{Call, Dialect};
use cardwright_http::{Error, Proxy, Reply, Retries, Setup, Stream, Timeouts, Transport};
use cardwright_testkit::raw::{Raw, json, read_request};
use std::io::Write;
use std::net::TcpStream;
use std::time::Duration;

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
    let body = dripping("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n[");
    transport = within(900, &body.url("/api"));
    let error = card(&transport).expect("it begins").document(1 << 20).expect_err("no end");
    assert!(is_up(&error), "{error}");
    let mut list = Stream::new(card(&transport).expect("it begins"), &transport);
    let error = list.next(|cursor| cursor.skip()).expect("something").expect_err("no end");
    assert!(is_up(&error), "{error}");
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
