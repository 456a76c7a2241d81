//! The loop of a sign-in against servers of a few lines that do what real ones do only sometimes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cardwright_client::http;
use cardwright_client::{
    Canceler, CertiFlow, Client, Credentials, Error, Mutual, Oidc, Scheme, Secret, SignIn, TokenSource,
};
use cardwright_core::Code;
use cardwright_core::http::Method;
use cardwright_testkit::raw::{Raw, answer, json, read_request};
use std::io::{Read as _, Write as _};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

const CARD: &str = r#"{"id":7,"state":"Issued"}"#;

fn client(raw: &Raw, credentials: impl Into<Credentials>) -> Client<CertiFlow> {
    Client::<CertiFlow>::builder(raw.url("/api")).credentials(credentials).build().expect("usable")
}

fn anna() -> SignIn {
    SignIn::password("CORP\\anna", Secret::new("secret"))
}

/// What a request carries in its header `Authorization`.
fn authorization(request: &str) -> Option<&str> {
    let (_, value) = request
        .lines()
        .filter_map(|line| line.split_once(": "))
        .find(|(name, _)| name.eq_ignore_ascii_case("authorization"))?;
    Some(value.trim())
}

/// A challenge of NTLM (MS-NLMP clause 2.2.1.2), with a time.
fn challenge() -> String {
    let mut message = b"NTLMSSP\0\x02\0\0\0".to_vec();
    message.extend([0; 8]);
    message.extend(0xa288_8205_u32.to_le_bytes());
    message.extend([7; 8]);
    message.extend([0; 8]);
    message.extend([16, 0, 16, 0, 56, 0, 0, 0]);
    message.extend([0; 8]);
    message.extend([7, 0, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0]);
    STANDARD.encode(message)
}

/// Which message of NTLM a request carries: its type, 0 for none.
fn ntlm(request: &str) -> u8 {
    let token = authorization(request).and_then(|value| value.strip_prefix("NTLM "));
    token.map_or(0, |token| STANDARD.decode(token).expect("base64")[8])
}

fn refusal(challenge: &str, headers: &str) -> Vec<u8> {
    format!("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: {challenge}\r\n{headers}Content-Length: 3\r\n\r\nno!")
        .into_bytes()
}

/// A server whose connections do not last from leg to leg; `says_so` by its header or not.
fn tearing(says_so: bool) -> Raw {
    Raw::answering(move |request| {
        let headers = if says_so { "Connection: close\r\n" } else { "" };
        match ntlm(request) {
            0 => refusal("NTLM", headers),
            1 => refusal(&format!("NTLM {}", challenge()), headers),
            _ => json(CARD),
        }
    })
}

#[test]
fn legs_that_go_over_two_connections_are_an_error_and_the_proof_is_not_sent() {
    for says_so in [true, false] {
        let raw = tearing(says_so);
        let error = client(&raw, anna()).card("7").expect_err("torn");
        assert_eq!(error.code(), Code::SignIn, "{error}");
        assert!(error.to_string().contains("load balancer"), "{error}");
        let cause = error.http().and_then(http::Error::sign_in_cause);
        assert_eq!(cause, Some(&http::SignInCause::ConnectionNotKept), "{error:?}");
        let mut sent: Vec<u8> = raw.requests().iter().map(|request| ntlm(request)).collect();
        sent.retain(|kind| *kind != 0);
        // Begun twice, and never ended. A connection whose end is seen only when it is used is an attempt that
        // broke off, and the next one begins anew.
        assert!(sent.iter().all(|kind| *kind == 1) && sent.len() >= 2, "says so: {says_so}: {sent:?}");
        assert!(sent.len() == 2 || !says_so && sent.len() <= 8, "says so: {says_so}: {sent:?}");
    }
}

#[test]
fn an_answer_that_is_no_challenge_ends_the_sign_in() {
    let raw = Raw::answering(|request| match ntlm(request) {
        0 => refusal("NTLM", ""),
        _ => refusal("NTLM TlRMTVNTUAACAAAA", ""),
    });
    let error = client(&raw, anna()).card("7").expect_err("no challenge");
    assert_eq!(error.status(), Some(401));
    assert!(error.to_string().contains("NTLM challenge ends too early"), "{error}");
}

/// A server that keeps its connections, for one at a time; and what it was asked.
fn keeping(answer: impl Fn(&str) -> Vec<u8> + Send + 'static) -> (Raw, Arc<Mutex<Vec<String>>>) {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&asked);
    let raw = Raw::serving(move |mut stream| {
        loop {
            let request = read_request(&mut stream);
            if request.is_empty() {
                return request;
            }
            let bytes = answer(&request);
            noted.lock().expect("no panic while held").push(request);
            let _ = stream.write_all(&bytes);
        }
    });
    (raw, asked)
}

#[test]
fn a_proof_that_is_answered_by_another_challenge_is_refused_and_not_sent_again() {
    let (raw, asked) = keeping(|_| refusal(&format!("NTLM {}", challenge()), ""));
    let ntlm_client = client(&raw, anna());
    let (basic_raw, basic_asked) = keeping(|_| refusal("Basic abcd", ""));
    let basic_client = client(&basic_raw, Credentials::basic("anna", Secret::new("wrong")));
    for _ in 0..3 {
        assert_eq!(ntlm_client.card("7").expect_err("refused").code(), Code::SignIn);
        assert_eq!(basic_client.card("7").expect_err("refused").code(), Code::SignIn);
    }
    let kinds: Vec<u8> = asked.lock().expect("no panic while held").iter().map(|request| ntlm(request)).collect();
    assert_eq!(kinds, [0, 1, 3]);
    assert_eq!(basic_asked.lock().expect("no panic while held").len(), 1);
}

#[test]
fn a_refusal_without_an_offer_has_judged_the_password() {
    let bare = || b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n".to_vec();
    let raw = Raw::answering(move |_| bare());
    let client = client(&raw, Credentials::basic("anna", Secret::new("wrong")));
    for _ in 0..3 {
        assert_eq!(client.card("7").expect_err("wrong").code(), Code::SignIn);
    }
    assert_eq!(raw.requests().len(), 1);
}

#[test]
fn a_success_before_the_proof_is_none() {
    for (status, expected) in [("200 OK", None), ("503 Busy", Some(503))] {
        let (raw, asked) = keeping(move |request| match ntlm(request) {
            0 => refusal("NTLM", ""),
            _ => format!("HTTP/1.1 {status}\r\nContent-Length: 2\r\n\r\n{{}}").into_bytes(),
        });
        let client = client(&raw, anna());
        let answer = client.raw(Method::Post, "cards", Some(r#"{"a":1}"#));
        assert_eq!(client.explain().chosen, None, "{status}");
        match answer {
            Ok(answer) => assert_eq!(Some(answer.status), expected),
            Err(error) => {
                assert_eq!((error.code(), expected), (Code::SignIn, None));
                assert!(error.to_string().contains("answers 200 before the sign-in by NTLM is done"), "{error}");
            }
        }
        let asked = asked.lock().expect("no panic while held");
        assert!(asked.last().is_some_and(|last| ntlm(last) == 1 && !last.contains("\"a\"")), "{asked:?}");
    }
}

#[test]
fn what_a_proxy_says_before_anybody_looked_lets_no_thread_past_the_first() {
    for first in ["400 Bad Request", "429 Slow", "502 Bad Gateway"] {
        let asked = AtomicUsize::new(0);
        let raw = Raw::answering(move |_| match asked.fetch_add(1, Ordering::SeqCst) {
            0 => answer(first, "text/plain", "later"),
            _ => refusal("Basic realm=\"cards\"", "Connection: close\r\n"),
        });
        let client = client(&raw, Credentials::basic("anna", Secret::new("wrong")));
        assert!(client.raw(Method::Get, "cards", None).is_ok(), "an answer, whatever it is");
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| assert_eq!(client.card("7").expect_err("wrong").code(), Code::SignIn));
            }
        });
        assert_eq!(raw.requests().len(), 2, "{first}");
    }
}

#[test]
fn a_realm_with_letters_that_are_not_ascii_hides_no_scheme() {
    let raw = Raw::answering(|request| match authorization(request) {
        Some(value) if value.starts_with("Basic ") => json(CARD),
        _ => refusal("Basic realm=\"Größe\"", "Connection: close\r\n"),
    });
    let client = client(&raw, anna());
    client.card("7").unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(client.explain().chosen, Some(Scheme::Basic));
}

#[test]
fn where_the_server_must_prove_who_it_is_no_scheme_without_a_proof_is_used() {
    let raw = Raw::answering(|_| refusal("NTLM, Basic realm=\"cards\"", "Connection: close\r\n"));
    let client = client(&raw, anna().mutual(Mutual::Require));
    let error = client.card("7").expect_err("no proof");
    assert!(error.to_string().contains("does not prove who it is"), "{error}");
    assert!(raw.requests().iter().all(|request| authorization(request).is_none()));
}

#[test]
fn cancelling_ends_a_sign_in_that_waits_for_the_server() {
    let raw = Raw::serving(|mut stream| {
        loop {
            let request = read_request(&mut stream);
            if ntlm(&request) == 1 || request.is_empty() {
                // Says nothing until the client goes.
                let _ = stream.read(&mut [0]);
                return request;
            }
            let _ = stream.write_all(&refusal("NTLM", ""));
        }
    });
    let client = client(&raw, anna());
    let canceler = client.canceler();
    std::thread::scope(|scope| {
        let asked = scope.spawn(|| client.card("7"));
        std::thread::sleep(std::time::Duration::from_millis(300));
        canceler.cancel();
        assert_eq!(asked.join().expect("no panic").expect_err("canceled").code(), Code::Canceled);
    });
    // And nobody else begins.
    assert_eq!(client.card("7").expect_err("canceled").code(), Code::Canceled);
}

#[test]
fn basic_goes_in_clear_to_this_machine_alone_unless_that_is_said() {
    let build =
        |url: &str, credentials: Credentials| Client::<CertiFlow>::builder(url).credentials(credentials).build();
    let basic = || Credentials::basic("anna", Secret::new("secret"));
    let forced = || SignIn::password("anna", Secret::new("secret")).schemes(&[Scheme::Basic]).basic_in_clear(true);
    let error = build("http://cm.example.com/api", basic()).expect_err("in clear");
    assert!(
        matches!(&error, Error::Http(http::Error::Setup { message, .. }) if message.contains("plain HTTP to cm.example.com")),
        "{error}"
    );
    assert!(build("http://cm.example.com/api", forced().into()).is_ok());
    for url in ["https://cm.example.com/api", "http://localhost/api", "http://127.3.2.1:80/api", "http://[::1]/api"] {
        assert!(build(url, basic()).is_ok(), "{url}");
    }
    let not_loopback = ["http://localhost.example.com/api", "http://128.0.0.1/api", "http://[::2]/api"];
    assert!(not_loopback.iter().all(|url| build(url, basic()).is_err()));
}

#[test]
fn a_token_goes_in_clear_to_this_machine_alone_unless_that_is_said() {
    let builder = |url: &str, credentials: Credentials| Client::<CertiFlow>::builder(url).credentials(credentials);
    let bearer = || Credentials::Bearer(Secret::new("secret"));
    for credentials in [bearer(), Credentials::Tokens(Arc::new(Counting::default()))] {
        let error = builder("http://cm.example.com/api", credentials).build().expect_err("in clear");
        assert!(error.to_string().contains("Bearer would send the token over plain HTTP to cm.example.com"), "{error}");
    }
    assert!(builder("http://cm.example.com/api", bearer()).tokens_in_clear(true).build().is_ok());
    for url in ["https://cm.example.com/api", "http://127.0.0.1/api"] {
        assert!(builder(url, bearer()).build().is_ok(), "{url}");
    }
}

#[test]
fn an_address_with_a_password_is_not_repeated() {
    for url in ["htps://u:hunter2@h/api", "https://u:hunter2@h/api", "https://u:hunter2@h:x/api", "u:hunter2@h"] {
        let error = Client::<CertiFlow>::builder(url).build().expect_err("no base address");
        assert!(!error.to_string().contains("hunter2"), "{error}");
        let error = Oidc::builder(url, "id").secret(Secret::new("s")).build().expect_err("no issuer");
        assert!(!error.to_string().contains("hunter2"), "{error}");
    }
}

#[test]
fn a_refused_basic_password_is_sent_once() {
    let raw = Raw::answering(|_| refusal("Basic realm=\"cards\"", ""));
    let client = client(&raw, Credentials::basic("anna", Secret::new("wrong")));
    for _ in 0..3 {
        assert_eq!(client.card("7").expect_err("wrong").code(), Code::SignIn);
    }
    assert_eq!(raw.requests().len(), 1);
}

#[test]
fn a_password_is_not_shown_to_a_server_that_asks_for_nothing() {
    let raw = Raw::answering(|_| json(CARD));
    let client = client(&raw, anna());
    assert!(client.card("7").is_ok());
    assert!(raw.requests().iter().all(|request| authorization(request).is_none()));
    assert_eq!(client.explain().chosen, None);
}

/// Gives `token-1`, `token-2` and so on, each time that one was refused.
#[derive(Debug, Default)]
struct Counting(Mutex<usize>);

impl TokenSource for Counting {
    fn token(&self, _: &Canceler) -> Result<Secret, http::Error> {
        Ok(Secret::new(format!("token-{}", self.0.lock().expect("no panic while held"))))
    }

    fn renew(&self, _: &Secret, canceler: &Canceler) -> Result<Option<Secret>, http::Error> {
        *self.0.lock().expect("no panic while held") += 1;
        self.token(canceler).map(Some)
    }
}

#[test]
fn a_token_that_has_run_out_is_replaced_once_for_a_request() {
    let raw = Raw::answering(|request| match authorization(request) {
        Some("Bearer token-1") => json(CARD),
        _ => refusal("Bearer error=\"invalid_token\"", ""),
    });
    let source = Arc::new(Counting::default());
    let client = client(&raw, Credentials::Tokens(source.clone()));
    for _ in 0..2 {
        assert!(client.card("7").is_ok());
    }
    assert_eq!(raw.requests().len(), 3);
    *source.0.lock().expect("no panic while held") = 5;
    assert_eq!(client.card("7").expect_err("refused twice").status(), Some(401));
    assert_eq!(raw.requests().len(), 5);
}
