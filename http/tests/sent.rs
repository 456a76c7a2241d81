//! Whether an error says that a request was sent: never "not sent" where a byte of it arrived, never "sent" where
//! only a connection was tried.

use cardwright_core::Code;
use cardwright_core::certiflow::{Call, Dialect, RevocationReason};
use cardwright_core::lifecycle::Operation;
use cardwright_http::{Credentials, Error, Proxy, Repeat, Retries, Secret, Setup, SignIn, Timeouts, Transport, Trust};
use cardwright_testkit::demanding::Tls;
use cardwright_testkit::raw::{Raw, answer, json, read_request};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use std::io::Write as _;
use std::net::{Shutdown, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// Short limits, so that what never comes is given up soon.
fn setup(base: impl Into<String>) -> Setup {
    let limit = Duration::from_secs(2);
    let timeouts = Timeouts { connect: limit, answer: limit, idle: limit, ..Timeouts::default() };
    let retries = Retries { attempts: 3, longest_wait: Duration::from_millis(10), ..Retries::default() };
    Setup { timeouts, retries, proxy: Proxy::None, ..Setup::new(base) }
}

/// Sends an operation on card 1, which is repeated by this rule.
fn revoke(setup: Setup, repeat: Repeat) -> Result<(), Error> {
    let transport = Transport::new(setup).expect("usable");
    operate(&transport, repeat)
}

fn operate(transport: &Transport, repeat: Repeat) -> Result<(), Error> {
    let call = Call::Operate { operation: Operation::Revoke, id: "1", reason: Some(RevocationReason::CardLost) };
    let call = call.in_dialect(Dialect::G7).expect("the dialect has it");
    transport.send_again(&call, repeat).map(|reply| drop(reply.finish()))
}

/// A port that nobody listens on.
fn refused_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port()
}

/// A server over TLS with a certificate for this name, and the certificate.
fn encrypted(name: &str) -> (Tls, String) {
    let made = rcgen::generate_simple_self_signed(vec![name.to_string()]).expect("a certificate");
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .expect("a pair");
    (Tls::start(config, |_, _| String::new()), made.cert.pem())
}

fn unsent(setup: Setup, attempts: u32) -> Error {
    let error = revoke(setup, Repeat::Unsent).expect_err("no connection");
    assert!(!error.was_sent(), "{error} {error:?}");
    assert_eq!(error.attempts(), attempts, "{error}");
    error
}

fn sent(setup: Setup) -> Error {
    let error = revoke(setup, Repeat::Unsent).expect_err("no answer");
    assert!(error.was_sent(), "{error} {error:?}");
    assert_eq!(error.attempts(), 1, "{error}");
    error
}

#[test]
fn a_name_that_does_not_resolve_and_a_port_that_nobody_listens_on_are_tried_again_and_nothing_is_sent() {
    let error = unsent(setup("https://cards.invalid/api"), 3);
    assert!(error.code() == Code::Unreachable && error.to_string().contains("the name cards.invalid"), "{error}");
    let error = unsent(setup(format!("http://127.0.0.1:{}/api", refused_port())), 3);
    assert_eq!(error.code(), Code::Unreachable, "{error}");
}

#[test]
fn a_handshake_that_is_cut_or_silent_sends_nothing() {
    let cut = Raw::serving(|_| String::new());
    let error = unsent(setup(cut.url("/api").replace("http", "https")), 3);
    assert_eq!(error.code(), Code::Broken, "{error}");
    let silent = Raw::serving(|mut stream| read_request(&mut stream));
    let mut setup = setup(silent.url("/api").replace("http", "https"));
    setup.timeouts.connect = Duration::from_millis(200);
    setup.retries = Retries::none();
    assert_eq!(unsent(setup, 1).code(), Code::Timeout);
}

#[test]
fn a_certificate_that_is_not_trusted_or_of_another_name_sends_nothing_and_is_not_tried_again() {
    let (other, wrong_name) = encrypted("other.example");
    let (local, _) = encrypted("localhost");
    for port in [other.port, local.port] {
        let trust = Trust::only_added().add_pem(wrong_name.as_bytes()).expect("a certificate");
        let error = unsent(Setup { trust, ..setup(format!("https://localhost:{port}/api")) }, 1);
        assert_eq!(error.code(), Code::Tls, "{error}");
    }
}

#[test]
fn what_a_server_took_and_did_not_answer_was_sent() {
    let closes = Raw::serving(|mut stream| read_request(&mut stream));
    assert_eq!(sent(setup(closes.url("/api"))).code(), Code::Broken);
    assert_eq!(closes.requests().len(), 1, "sent once");
    let half = Raw::answering(|_| b"HTTP/1.1 200 OK\r\nContent-Le".to_vec());
    sent(setup(half.url("/api")));
    let other = Raw::answering(|_| b"SSH-2.0-x\r\n\r\n".to_vec());
    assert_eq!(sent(setup(other.url("/api"))).code(), Code::Unreadable);
    let silent = Raw::serving(|mut stream| {
        let request = read_request(&mut stream);
        std::thread::sleep(Duration::from_millis(600));
        request
    });
    let mut short = setup(silent.url("/api"));
    short.timeouts.answer = Duration::from_millis(200);
    assert_eq!(sent(short).code(), Code::Timeout);
}

#[test]
fn a_connection_that_was_used_before_and_breaks_counts_as_sent() {
    let turn = Arc::new(AtomicUsize::new(0));
    let raw = Raw::serving({
        let turn = Arc::clone(&turn);
        move |mut stream| {
            let first = read_request(&mut stream);
            let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n");
            let second = read_request(&mut stream);
            turn.fetch_add(usize::from(!second.is_empty()), Ordering::SeqCst);
            let _ = stream.shutdown(Shutdown::Both);
            first
        }
    });
    let transport = Transport::new(setup(raw.url("/api"))).expect("usable");
    operate(&transport, Repeat::Unsent).expect("the first is answered");
    let error = operate(&transport, Repeat::Unsent).expect_err("the second is not");
    assert!(error.was_sent(), "{error}");
    assert_eq!((error.attempts(), turn.load(Ordering::SeqCst)), (1, 1));
}

#[test]
fn an_earlier_attempt_that_was_sent_counts_whatever_comes_of_a_later_one() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let base = format!("http://{}/api", listener.local_addr().expect("an address"));
    // Its answer is worth another attempt, and then nobody listens any more.
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a client");
        drop(listener);
        let request = read_request(&mut stream);
        let _ = stream.write_all(&answer("503 Service Unavailable", "text/plain", ""));
        request
    });
    let error = revoke(setup(base), Repeat::Always).expect_err("gone");
    assert_eq!((error.code(), error.attempts()), (Code::Unreachable, 3), "{error}");
    assert!(error.was_sent(), "{error} {error:?}");
    assert!(server.join().expect("no panic").contains("/Revoke"));
}

#[test]
fn a_canceled_request_says_whether_it_was_sent() {
    let silent = Raw::serving(|mut stream| {
        let request = read_request(&mut stream);
        let _ = read_request(&mut stream);
        request
    });
    let transport = Transport::new(setup(silent.url("/api"))).expect("usable");
    let error = std::thread::scope(|scope| {
        let asked = scope.spawn(|| operate(&transport, Repeat::Unsent));
        std::thread::sleep(Duration::from_millis(200));
        transport.canceler().cancel();
        asked.join().expect("no panic").expect_err("canceled")
    });
    assert_eq!((error.code(), error.was_sent()), (Code::Canceled, true), "{error}");
    let error = operate(&transport, Repeat::Unsent).expect_err("canceled for good");
    assert_eq!((error.code(), error.was_sent()), (Code::Canceled, false), "{error}");
}

#[test]
fn a_refusal_at_the_sign_in_is_an_answer_and_no_lost_one() {
    let raw = Raw::answering(|_| {
        b"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_vec()
    });
    let credentials = Credentials::from(SignIn::password("user", Secret::new("wrong")));
    let transport = Transport::new(Setup { credentials, ..setup(raw.url("/api")) }).expect("usable");
    let first = operate(&transport, Repeat::Unsent).expect_err("refused");
    let second = operate(&transport, Repeat::Unsent).expect_err("not tried again");
    assert_eq!((first.code(), first.status()), (Code::SignIn, Some(401)), "{first}");
    assert_eq!((second.code(), second.was_sent()), (Code::SignIn, false), "{second}");
}

#[test]
fn a_success_says_what_it_holds() {
    let raw = Raw::answering(|_| answer("200 OK", "text/html", "<html><title>Sign in</title>"));
    let transport = Transport::new(setup(raw.url("/api"))).expect("usable");
    let call = Call::Operate { operation: Operation::Suspend, id: "1", reason: None };
    let call = call.in_dialect(Dialect::G7).expect("the dialect has it");
    let mut reply = transport.send(&call).expect("an answer");
    assert!(reply.is_html() && reply.content_type() == "text/html");
    let finished = reply.finish();
    let page = cardwright_http::BodyKind::Html("a page titled \"Sign in\"".to_string());
    assert_eq!((finished.status, finished.body), (200, page), "looking at it takes nothing away");
    let raw = Raw::answering(|_| json(" [1]"));
    let transport = Transport::new(setup(raw.url("/api"))).expect("usable");
    let mut reply = transport.send(&call).expect("an answer");
    assert!(!reply.is_html());
    assert_eq!(reply.document(100).expect("whole").as_deref(), Some(&b" [1]"[..]));
}
