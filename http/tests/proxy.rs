//! Proxies that let requests through, and those that refuse.

#[path = "proxy/signed_in.rs"]
mod signed_in;
#[path = "proxy/socks.rs"]
mod socks;

use cardwright_core::Code;
use cardwright_core::certiflow::{Call, Dialect};
use cardwright_core::lifecycle::Operation;
use cardwright_http::{Error, Proxy, ProxyFault, Repeat, Retries, Secret, Setup, Timeouts, Transport};
use cardwright_testkit::gateway::Gateway;
use cardwright_testkit::raw::{Raw, answer, read_request};
use std::io::{Read, Write};
use std::time::Duration;

fn setup(proxy: &str, base: &str) -> Setup {
    let limit = Duration::from_secs(2);
    let timeouts = Timeouts { connect: limit, answer: limit, idle: limit, ..Timeouts::default() };
    let retries = Retries { attempts: 3, longest_wait: Duration::from_millis(10), ..Retries::default() };
    let proxy = Proxy::Address(Secret::new(proxy));
    Setup { timeouts, retries, proxy, ..Setup::new(base) }
}

/// A transport through a proxy at this address.
fn through(proxy: &str, base: &str) -> Transport {
    Transport::new(setup(proxy, base)).expect("usable")
}

fn suspend(transport: &Transport) -> Result<u16, Error> {
    let call = Call::Operate { operation: Operation::Suspend, id: "1", reason: None };
    let call = call.in_dialect(Dialect::G7).expect("the dialect has it");
    transport.send_again(&call, Repeat::Unsent).map(|reply| reply.finish().status)
}

fn refusing(head: &'static str) -> Raw {
    Raw::answering(move |_| format!("HTTP/1.1 {head}\r\nConnection: close\r\n\r\n").into_bytes())
}

/// A server that does what it is asked.
fn server() -> Raw {
    Raw::answering(|_| b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n".to_vec())
}

const SERVER: &str = "https://cards.example.com/api";

#[test]
fn a_refused_tunnel_names_the_proxy_and_what_it_says_and_sends_nothing() {
    let rows = [
        ("407 No\r\nProxy-Authenticate: Bearer\r\nProxy-Authenticate: Hawk", "(Bearer, Hawk)", 1),
        ("403 Forbidden\r\nContent-Length: 0", "answered 403: Forbidden", 1),
        ("404 Not Found", "answered 404", 1),
        ("302 Found\r\nLocation: http://portal.example/", "answered 302", 1),
        ("502 Bad Gateway\r\nContent-Length: 900", "answered 502: Bad Gateway", 3),
        ("503 Busy", "answered 503", 3),
    ];
    for (head, words, attempts) in rows {
        let proxy = refusing(head);
        let error = suspend(&through(&proxy.url(""), SERVER)).expect_err("refused");
        let said = error.to_string();
        assert!(said.contains(words) && said.contains(&format!("the proxy 127.0.0.1:{}", proxy.port())), "{said}");
        assert_eq!((error.code(), error.was_sent()), (Code::Unreachable, false), "{said}");
        assert_eq!((error.attempts(), proxy.requests().len()), (attempts, attempts as usize), "{said}");
        let refusal = error.proxy_refusal().expect("it is one");
        assert_eq!(refusal.wants_sign_in(), head.starts_with("407"), "{said}");
        assert!(proxy.requests()[0].starts_with("CONNECT cards.example.com:443 HTTP/1.1\r\n"));
    }
}

#[test]
fn the_words_of_a_refusal_are_those_of_its_page() {
    let proxy = Raw::answering(|_| answer("403 Forbidden", "text/html", "<title>Not at work</title>"));
    let error = suspend(&through(&proxy.url(""), SERVER)).expect_err("refused");
    assert!(error.to_string().contains("answered 403: a page titled \"Not at work\""), "{error}");
}

#[test]
fn a_proxy_that_goes_away_before_the_tunnel_stands_sends_nothing() {
    let silent = Raw::serving(|mut stream| read_request(&mut stream));
    let half = Raw::answering(|_| b"HTTP/1.1 200".to_vec());
    let other = Raw::answering(|_| b"SSH-2.0-x\r\n\r\n".to_vec());
    let endless = Raw::serving(|mut stream| {
        let request = read_request(&mut stream);
        while stream.write_all(b"X: ").is_ok() && stream.write_all(&[b'x'; 1000]).is_ok() {}
        request
    });
    for proxy in [silent, half, other, endless] {
        let error = suspend(&through(&proxy.url(""), SERVER)).expect_err("no tunnel");
        assert_eq!((error.code(), error.was_sent()), (Code::Unreachable, false), "{error}");
        assert!(error.to_string().contains(&format!("the proxy 127.0.0.1:{}", proxy.port())), "{error}");
        assert_eq!(error.proxy_unreachable().map(|proxy| proxy.fault), Some(ProxyFault::NoAnswer), "{error}");
    }
}

#[test]
fn a_proxy_that_is_not_there_is_named_and_not_the_server() {
    for scheme in ["http", "https", "socks4a", "socks5h"] {
        let port = { Raw::answering(|_| Vec::new()).port() };
        for base in [SERVER, "http://cards.example.com/api"] {
            let error = suspend(&through(&format!("{scheme}://127.0.0.1:{port}"), base)).expect_err("nobody listens");
            let unreachable = error.proxy_unreachable().unwrap_or_else(|| panic!("{error}"));
            assert_eq!(unreachable.fault, ProxyFault::NoConnection, "{error}");
            assert_eq!((unreachable.proxy.as_str(), error.was_sent()), (format!("127.0.0.1:{port}").as_str(), false));
        }
        // RFC 6761, 6.4: no such name exists.
        let error = suspend(&through(&format!("{scheme}://proxy.invalid:{port}"), SERVER)).expect_err("no such name");
        assert_eq!(error.proxy_unreachable().map(|proxy| proxy.fault), Some(ProxyFault::NoName), "{error}");
        assert!(error.to_string().contains("the proxy proxy.invalid"), "{error}");
    }
}

#[test]
fn a_wrong_password_is_sent_to_a_proxy_once_and_is_not_shown() {
    for base in [SERVER, "http://cards.example.com/api"] {
        let proxy = refusing("407 No\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0");
        let address = proxy.url("").replace("http://", "http://op:hidden@");
        let transport = through(&address, base);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..2 {
                        let error = suspend(&transport).expect_err("refused");
                        assert!(!error.was_sent(), "{error}");
                        assert!(error.proxy_refusal().is_some_and(|refusal| refusal.password_refused));
                        assert!(!format!("{error} {error:?} {transport:?}").contains("hidden"), "{error}");
                    }
                });
            }
        });
        let sent = proxy.requests();
        assert_eq!(sent.len(), 1);
        // RFC 7617: op:hidden.
        let sent = sent[0].to_ascii_lowercase();
        assert!(sent.contains("\r\nproxy-authorization: basic b3a6aglkzgvu\r\n"), "{sent}");
    }
}

#[test]
fn a_proxy_that_wants_a_sign_in_is_asked_once_by_who_has_none() {
    for (base, line) in [(SERVER, "CONNECT cards.example.com:443 "), ("http://cards.example.com/api", "POST http://")] {
        let proxy = refusing("407 No\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0");
        let error = suspend(&through(&proxy.url(""), base)).expect_err("refused");
        let refusal = error.proxy_refusal().expect("it is one");
        assert_eq!((refusal.status, refusal.account_given, refusal.password_refused), (Some(407), false, false));
        assert_eq!(refusal.variable, if base == SERVER { "HTTPS_PROXY" } else { "HTTP_PROXY" });
        assert!(!error.was_sent() && error.to_string().contains("(Basic)"), "{error}");
        assert_eq!(proxy.requests().len(), 1);
        assert!(proxy.requests()[0].starts_with(line), "{}", proxy.requests()[0]);
    }
}

#[test]
fn plain_http_goes_to_a_proxy_in_absolute_form_over_one_connection() {
    let proxy = Gateway::open();
    let server = server();
    let transport = through(&proxy.url(), &server.url("/api"));
    for _ in 0..3 {
        assert_eq!(suspend(&transport).expect("done"), 204);
    }
    let seen = proxy.seen();
    assert_eq!(seen.len(), 3);
    for request in &seen {
        let line = format!("POST {} HTTP/1.1\r\n", server.url("/api/Cards/1/Disable"));
        assert!(request.head.starts_with(&line), "{}", request.head);
        assert_eq!(request.connection, seen[0].connection);
    }
    // The server gets it in the form for servers.
    assert!(server.requests()[0].starts_with("POST /api/Cards/1/Disable HTTP/1.1\r\n"), "{}", server.requests()[0]);
}

#[test]
fn what_a_proxy_says_of_a_server_is_an_answer_and_what_it_loses_was_sent() {
    for (head, code, attempts) in [
        ("502 Bad Gateway\r\nContent-Length: 0", Code::ServerFailed, 1),
        ("503 Busy\r\nContent-Length: 0", Code::Busy, 1),
        ("504 Gateway Timeout\r\nContent-Length: 0", Code::ServerFailed, 1),
        ("403 Forbidden\r\nContent-Length: 0", Code::Forbidden, 1),
    ] {
        let proxy = refusing(head);
        let error = suspend(&through(&proxy.url(""), "http://cards.example.com/api")).expect_err("no success");
        // Nobody knows whether the server had it already.
        assert_eq!((error.code(), error.was_sent(), error.attempts()), (code, true, attempts), "{error}");
        assert!(error.to_string().contains(&format!("the proxy 127.0.0.1:{}", proxy.port())), "{error}");
        assert_eq!(proxy.requests().len(), 1);
    }
    let lost = Raw::answering(|_| Vec::new());
    let error = suspend(&through(&lost.url(""), "http://cards.example.com/api")).expect_err("lost");
    assert!(error.was_sent() && lost.requests().len() == 1, "{error}");
}

#[test]
fn a_handshake_that_breaks_in_a_tunnel_sends_nothing() {
    let cut = Raw::serving(|mut stream| {
        let _ = stream.read(&mut [0; 64]);
        String::new()
    });
    let proxy = Gateway::open();
    let error = suspend(&through(&proxy.url(), &cut.url("/api").replace("http", "https"))).expect_err("cut");
    assert!(!error.was_sent(), "{error}");
    assert!(proxy.seen()[0].head.starts_with("CONNECT 127.0.0.1:"));
}

#[test]
fn what_cannot_be_carried_out_is_an_error_before_anything_is_sent() {
    for proxy in ["http//x", "", "p:80800", "http://op:hidden@p:0", "ftp://op:hidden@p", "http://op:hid%0dden@p"] {
        let error = Transport::new(setup(proxy, SERVER)).expect_err(proxy);
        assert!(matches!(error, Error::Setup { .. }) && !error.to_string().contains("hid"), "{error}");
    }
    for base in ["http://h:80800/", "http://h:0", "https://h:x/api", "https://[::1]:99999", "http://::1/"] {
        assert!(matches!(Transport::new(Setup::new(base)), Err(Error::Setup { .. })), "{base}");
    }
    assert_eq!(Transport::new(Setup::new("http://h:/api/")).expect("the usual port").base(), "http://h/api");
    for user_agent in ["", "a\r\nX: y", "ä"] {
        let setup = Setup { user_agent: user_agent.into(), ..Setup::new(SERVER) };
        assert!(matches!(Transport::new(setup), Err(Error::Setup { .. })), "{user_agent:?}");
    }
    for token in ["", "a\r\nX: y", "a b"] {
        let credentials = cardwright_http::Credentials::Bearer(Secret::new(token));
        let setup = Setup { credentials, ..Setup::new(SERVER) };
        assert!(matches!(Transport::new(setup), Err(Error::Setup { .. })), "{token:?}");
    }
}
