//! A transport of one's own, and headers of one's own.

use cardwright_core::Code;
use cardwright_core::certiflow::{Call, Dialect, RevocationReason};
use cardwright_core::http::Method;
use cardwright_core::lifecycle::Operation;
use cardwright_http::{
    Carrier, Credentials, Error, Exchange, Headers, Incoming, Observe, Outgoing, Proxy, Reply, Retries, Scheme, Secret,
    Setup, SignIn, Stream, Transport, Undelivered, chain,
};
use cardwright_testkit::raw::{Raw, json};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Answers one request after the other by a script.
#[derive(Debug)]
struct Script {
    answers: Mutex<Vec<Result<Incoming, Undelivered>>>,
    seen: Mutex<Vec<String>>,
}

impl Carrier for Script {
    fn carry(&self, request: &Outgoing<'_>) -> Result<Incoming, Undelivered> {
        let line = format!("{} {} {:?}", request.method.name(), request.address, request.header("authorization"));
        self.seen.lock().expect("no panic").push(line);
        self.answers.lock().expect("no panic").remove(0)
    }
}

fn script(answers: Vec<Result<Incoming, Undelivered>>) -> (Arc<Script>, Transport) {
    let script = Arc::new(Script { answers: Mutex::new(answers), seen: Mutex::default() });
    let retries = Retries::default().longest_wait(Duration::from_millis(1));
    let setup = Setup::new("https://cm.example.com/certiflow/api").retries(retries);
    let setup = setup.credentials(Credentials::Bearer(Secret::new("t"))).carrier(script.clone());
    (script, Transport::new(setup).expect("usable"))
}

fn card(transport: &Transport) -> Result<Reply, Error> {
    transport.send(&Call::Card { id: "1" }.in_dialect(Dialect::G7).expect("the dialect has it"))
}

fn revoke(transport: &Transport) -> Error {
    let call = Call::Operate { operation: Operation::Revoke, id: "1", reason: Some(RevocationReason::CardLost) };
    transport.send(&call.in_dialect(Dialect::G7).expect("the dialect has it")).expect_err("no answer")
}

#[test]
fn reads_are_repeated_and_lists_are_read_without_a_socket() {
    let lost = || Err(Undelivered::lost("cut"));
    let (carrier, transport) = script(vec![
        lost(),
        Ok(Incoming::new(503)),
        Ok(Incoming::json(200, "[1,2]")),
        Ok(Incoming::json(404, r#""gone""#)),
    ]);
    let mut list = Stream::new(card(&transport).expect("the third"), &transport);
    let mut elements = 0;
    while let Some(element) = list.next(|cursor| cursor.skip()) {
        element.expect("an element");
        elements += 1;
    }
    assert_eq!(elements, 2);
    let seen = carrier.seen.lock().expect("no panic").clone();
    assert_eq!(seen.len(), 3);
    assert_eq!(seen[0], "GET https://cm.example.com/certiflow/api/Cards/1 Some(\"Bearer t\")");
    let error = card(&transport).expect_err("refused");
    assert_eq!(
        (error.code(), error.status(), error.as_answer().map(|a| a.words.as_str())),
        (Code::NotFound, Some(404), Some("gone"))
    );
}

#[test]
fn a_carrier_says_whether_an_operation_left() {
    for (answer, code, sent, attempts) in [
        (Err(Undelivered::lost("cut")), Code::Broken, true, 1),
        (Err(Undelivered::timed_out("late")), Code::Timeout, true, 1),
        (Ok(Incoming::new(503)), Code::Busy, true, 1),
    ] {
        let (_, transport) = script(vec![answer]);
        let error = revoke(&transport);
        assert_eq!((error.code(), error.was_sent(), error.attempts()), (code, sent, attempts), "{error}");
    }
    let down = || Err(Undelivered::not_sent("down"));
    let (_, transport) = script(vec![down(), down(), down()]);
    let error = revoke(&transport);
    assert_eq!((error.code(), error.was_sent(), error.attempts()), (Code::Unreachable, false, 3), "{error}");
    let (_, transport) = script(vec![down(), Err(Undelivered::lost("cut"))]);
    assert!(revoke(&transport).was_sent(), "the second may have arrived");
    let (_, transport) = script(vec![Ok(Incoming::json(200, "[1,").breaking_off())]);
    let error = card(&transport).expect("it begins").document(100).expect_err("it ends early");
    assert_eq!(error.code(), Code::Broken, "{error}");
}

#[test]
fn a_sign_in_of_a_connection_is_refused_with_a_carrier() {
    let made = |credentials: Credentials| {
        let carrier =
            Arc::new(Script { answers: Mutex::new(vec![Ok(Incoming::json(200, "{}"))]), seen: Mutex::default() });
        Transport::new(Setup::new("https://cm.example.com/certiflow/api").credentials(credentials).carrier(carrier))
    };
    let anna = || SignIn::password("anna", "a password");
    for sign_in in [SignIn::ambient(), anna(), anna().schemes(&[Scheme::Basic, Scheme::Ntlm])] {
        let error = made(sign_in.into()).expect_err("there is no connection");
        assert_eq!((error.code(), error.was_sent()), (Code::Setting, false), "{error}");
    }
    let basic = anna().schemes(&[Scheme::Basic]).into();
    for credentials in [basic, Credentials::basic("anna", "p"), Credentials::Bearer("t".into()), Credentials::Anonymous]
    {
        card(&made(credentials).expect("none of these belongs to a connection")).expect("an answer");
    }
}

#[test]
fn a_carrier_sees_the_user_agent() {
    #[derive(Debug)]
    struct Agent;
    impl Carrier for Agent {
        fn carry(&self, request: &Outgoing<'_>) -> Result<Incoming, Undelivered> {
            Ok(Incoming::new(200).body(request.header("user-agent").unwrap_or_default()))
        }
    }
    let setup = Setup::new("https://cm.example.com/certiflow/api").product("Kiosk/2.1").carrier(Arc::new(Agent));
    let sent = setup.user_agent.clone();
    let answer = Transport::new(setup).expect("usable").raw(Method::Get, "Cards", None).expect("an answer");
    assert_eq!(String::from_utf8_lossy(&answer.body), sent);
}

#[test]
fn what_was_not_delivered_says_it_once() {
    let why = std::io::Error::other("the cable is cut");
    let lost = Undelivered::lost(why);
    assert_eq!((lost.code(), lost.was_sent()), (Code::Broken, true));
    assert_eq!(chain(&lost).to_string().matches("cable").count(), 1);
    assert!(!lost.to_string().contains("cable"), "{lost}");
    assert!(std::error::Error::source(&lost).is_some_and(|why| why.is::<std::io::Error>()));
    assert!(!Undelivered::not_sent("down").was_sent());
}

#[derive(Default)]
struct Seen(Mutex<Vec<Exchange>>);

impl Observe for Seen {
    fn exchange(&self, exchange: Exchange) {
        self.0.lock().expect("no panic").push(exchange);
    }
}

#[test]
fn headers_of_ones_own_arrive_and_only_open_ones_are_seen() {
    let raw = Raw::answering(|_| json("{}"));
    let seen = Arc::new(Seen::default());
    let setup = Setup::new(raw.url("/api")).proxy(Proxy::None).header("X-Key", "hush hush").observe(seen.clone());
    assert!(!format!("{setup:?}").contains("hush"), "{setup:?}");
    let transport = Transport::new(setup).expect("usable");
    let one = transport.with_headers(Headers::default().open("X-Request-Id", "4711")).expect("usable");
    drop(one.raw(Method::Post, "Cards", Some("{}")).expect("an answer"));
    drop(transport.raw(Method::Get, "Cards", None).expect("an answer"));
    let requests = raw.requests();
    assert!(
        requests[0].contains("x-key: hush hush\r\n") && requests[0].contains("x-request-id: 4711\r\n"),
        "{requests:?}"
    );
    assert!(requests[1].contains("x-key: hush hush\r\n") && !requests[1].contains("4711"), "{requests:?}");
    let seen = seen.0.lock().expect("no panic");
    let own: Vec<_> = seen[0].own_headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(own, [("X-Key", "(..)"), ("X-Request-Id", "4711")]);
    assert!(!format!("{seen:?}").contains("hush"));
}

#[test]
fn what_no_header_can_carry_or_is_ours_is_refused() {
    let transport = Transport::new(Setup::new("http://127.0.0.1:9").proxy(Proxy::None)).expect("usable");
    for (name, value) in [
        ("Host", "x"),
        ("content-length", "1"),
        ("AUTHORIZATION", "Basic x"),
        ("Proxy-Authorization", "x"),
        ("User-Agent", "x"),
        ("Transfer-Encoding", "chunked"),
        ("", "x"),
        ("a b", "x"),
        ("X\r\nY", "x"),
        ("X", ""),
        ("X", " x"),
        ("X", "a\r\nY: secret"),
        ("X", "ä"),
    ] {
        for error in [
            Transport::new(Setup::new("http://127.0.0.1:9").proxy(Proxy::None).header(name, value)).err(),
            transport.with_headers(Headers::default().open(name, value)).err(),
        ] {
            let error = error.expect(name);
            assert_eq!((error.code(), error.was_sent()), (Code::Header, false), "{name:?} {value:?}");
            assert!(!error.to_string().contains("secret"), "{error}");
        }
    }
}
