//! What a canceler stops: one call, with all that it waits for, or a client with all its calls.

use cardwright_core::Code;
use cardwright_core::certiflow::{Call, Dialect};
use cardwright_http::{Canceler, Error, Proxy, Reply, Retries, Setup, Stream, Transport};
use cardwright_testkit::raw::{Raw, json, read_request};
use std::io::Write as _;
use std::net::TcpStream;
use std::time::{Duration, Instant};

fn transport(base: &str) -> Transport {
    Transport::new(Setup::new(base).proxy(Proxy::None)).expect("usable")
}

fn card(transport: &Transport) -> Result<Reply, Error> {
    transport.send(&Call::Card { id: "1" }.in_dialect(Dialect::G7).expect("the dialect has it"))
}

/// A server that takes a request, answers this, and is silent from then on.
fn silent_after(beginning: &'static str) -> Raw {
    Raw::serving(move |mut stream: TcpStream| {
        let request = read_request(&mut stream);
        let _ = stream.write_all(beginning.as_bytes());
        let _ = read_request(&mut stream);
        request
    })
}

/// The error of what is under way when this stops it: soon, and nowhere near the limits of a call.
fn stopped<T: Send + std::fmt::Debug>(canceler: &Canceler, wait: impl FnOnce() -> Result<T, Error> + Send) -> Error {
    let begun = Instant::now();
    let ended = std::thread::scope(|scope| {
        let waits = scope.spawn(wait);
        std::thread::sleep(Duration::from_millis(200));
        canceler.cancel();
        waits.join().expect("no panic").expect_err("stopped")
    });
    assert!(begun.elapsed() < Duration::from_secs(8), "{:?}", begun.elapsed());
    assert_eq!(ended.code(), Code::Canceled, "{ended} {ended:?}");
    ended
}

const LENGTH: &str = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n[1,";
const CHUNKED: &str = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n[1,\r\n";
const TO_THE_END: &str = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n[1";

#[test]
fn a_call_that_waits_for_its_answer_is_stopped_alone() {
    let silent = silent_after("");
    let parent = transport(&silent.url("/api"));
    let (call, canceler) = parent.cancelable();
    let error = stopped(&canceler, || card(&call));
    assert!(error.was_sent(), "{error}");
    assert!(!parent.canceler().is_canceled());
    let error = card(&call).expect_err("stopped for good");
    assert_eq!((error.code(), error.was_sent()), (Code::Canceled, false), "{error}");
}

#[test]
fn a_body_a_list_and_a_wait_between_attempts_are_stopped() {
    for beginning in [LENGTH, CHUNKED, TO_THE_END] {
        let server = silent_after(beginning);
        let parent = transport(&server.url("/api"));
        let (call, canceler) = parent.cancelable();
        stopped(&canceler, || card(&call)?.document(1 << 20));
        let (call, canceler) = parent.cancelable();
        for ahead in [false, true] {
            let (call, canceler) = if ahead {
                parent.cancelable()
            } else {
                (call.beside(parent.base()).expect("the same"), canceler.clone())
            };
            let mut list = Stream::new(card(&call).expect("it begins"), &call);
            if ahead {
                list.read_ahead();
            }
            stopped(&canceler, move || {
                while let Some(element) = list.next(|cursor| cursor.skip()) {
                    element?;
                }
                Ok(())
            });
        }
    }
    let busy = Raw::answering(|_| b"HTTP/1.1 503 x\r\nRetry-After: 30\r\nContent-Length: 0\r\n\r\n".to_vec());
    let (call, canceler) = transport(&busy.url("/api")).cancelable();
    stopped(&canceler, || card(&call));
}

#[test]
fn the_parents_canceler_stops_each_of_its_calls() {
    let silent = silent_after("");
    let parent = transport(&silent.url("/api"));
    let (call, own) = parent.cancelable();
    let (inner, _) = call.cancelable();
    stopped(parent.canceler(), || card(&inner));
    assert!(own.is_canceled());
    assert_eq!(card(&parent.cancelable().0).err().map(|error| error.code()), Some(Code::Canceled));
}

#[test]
fn others_go_on_over_the_connections_that_they_share() {
    let raw = Raw::answering(|_| json("{}"));
    let parent = transport(&raw.url("/api"));
    for _ in 0..20 {
        let (call, canceler) = parent.cancelable();
        assert!(card(&call).is_ok_and(|reply| reply.document(100).is_ok()));
        // Too late for what is over: its connection may be another call's by now.
        canceler.cancel();
        assert!(card(&parent).is_ok_and(|reply| reply.document(100).is_ok()));
    }
    let silent = silent_after("");
    let parent =
        Transport::new(Setup::new(silent.url("/api")).proxy(Proxy::None).retries(Retries::none())).expect("usable");
    let calls: Vec<_> = (0..4).map(|_| parent.cancelable()).collect();
    std::thread::scope(|scope| {
        let waits: Vec<_> =
            calls.iter().map(|(call, _)| scope.spawn(|| card(call).err().map(|error| error.code()))).collect();
        std::thread::sleep(Duration::from_millis(200));
        let mut waits = waits.into_iter().zip(&calls);
        let (first, (_, canceler)) = waits.next().expect("four");
        canceler.cancel();
        assert_eq!(first.join().expect("no panic"), Some(Code::Canceled));
        for (other, (_, canceler)) in waits {
            assert!(!other.is_finished() && !canceler.is_canceled(), "it still waits for its own answer");
            canceler.cancel();
            assert_eq!(other.join().expect("no panic"), Some(Code::Canceled));
        }
    });
}
