//! Proxies that let requests through, and those that refuse.

use cardwright_core::Code;
use cardwright_core::certiflow::{Call, Dialect};
use cardwright_core::lifecycle::Operation;
use cardwright_http::{Error, Proxy, Repeat, Retries, Secret, Setup, Timeouts, Transport};
use cardwright_testkit::raw::{Raw, answer, read_request};
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

/// A transport through a proxy at this address.
fn through(proxy: &str, base: &str) -> Transport {
    let limit = Duration::from_secs(2);
    let timeouts = Timeouts { connect: limit, answer: limit, idle: limit, ..Timeouts::default() };
    let retries = Retries { attempts: 3, longest_wait: Duration::from_millis(10), ..Retries::default() };
    let proxy = Proxy::Address(Secret::new(proxy));
    Transport::new(Setup { timeouts, retries, proxy, ..Setup::new(base) }).expect("usable")
}

fn suspend(transport: &Transport) -> Result<u16, Error> {
    let call = Call::Operate { operation: Operation::Suspend, id: "1", reason: None };
    let call = call.in_dialect(Dialect::G7).expect("the dialect has it");
    transport.send_again(&call, Repeat::Unsent).map(|reply| reply.finish().status)
}

fn refusing(head: &'static str) -> Raw {
    Raw::answering(move |_| format!("HTTP/1.1 {head}\r\nConnection: close\r\n\r\n").into_bytes())
}

const SERVER: &str = "https://cards.example.com/api";

/// Opens a tunnel to whatever is asked for, once the client has sent its request to the proxy.
fn tunnel(mut client: TcpStream) -> String {
    let asked = read_request(&mut client);
    let target = asked.split(' ').nth(1).unwrap_or_default().to_string();
    let Ok(server) = TcpStream::connect(target) else { return asked };
    let _ = client.write_all(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 Opened\r\nVia: x\r\n\r\n");
    let (mut up, mut down) = (client.try_clone().expect("a copy"), server.try_clone().expect("a copy"));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let _ = std::io::copy(&mut up, &mut &server);
            let _ = server.shutdown(Shutdown::Write);
        });
        let _ = std::io::copy(&mut down, &mut &client);
        let _ = client.shutdown(Shutdown::Both);
    });
    asked
}

#[test]
fn a_refused_tunnel_names_the_proxy_and_what_it_says_and_sends_nothing() {
    let rows = [
        ("407 No\r\nProxy-Authenticate: Negotiate\r\nProxy-Authenticate: NTLM", "(Negotiate, NTLM)", 1),
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
    }
}

#[test]
fn a_wrong_password_is_sent_to_a_proxy_once_and_is_not_shown() {
    let proxy = refusing("407 No\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0");
    let address = proxy.url("").replace("http://", "http://op:hidden@");
    let transport = through(&address, SERVER);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..2 {
                    let error = suspend(&transport).expect_err("refused");
                    assert!(!error.was_sent() && error.proxy_refusal().is_some_and(|refusal| refusal.password_refused));
                    assert!(!format!("{error} {error:?} {transport:?}").contains("hidden"), "{error}");
                }
            });
        }
    });
    let sent = proxy.requests();
    assert_eq!(sent.len(), 1);
    // RFC 7617: op:hidden.
    assert!(sent[0].contains("\r\nProxy-Authorization: Basic b3A6aGlkZGVu\r\n"), "{}", sent[0]);
}

#[test]
fn a_tunnel_carries_requests_and_what_is_lost_in_it_was_sent() {
    let server = Raw::answering(|request| match request.starts_with("POST") {
        true => b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n".to_vec(),
        false => Vec::new(),
    });
    let proxy = Raw::serving(tunnel);
    let address = proxy.url("").replace("http://", "http://op:secret@");
    let transport = through(&address, &server.url("/api"));
    assert_eq!(suspend(&transport).expect("done"), 204);
    let lost = Raw::serving(|mut stream| read_request(&mut stream));
    let error = suspend(&through(&address, &lost.url("/api"))).expect_err("lost");
    assert!(error.was_sent() && lost.requests().len() == 1, "{error}");
}

#[test]
fn a_handshake_that_breaks_in_a_tunnel_sends_nothing() {
    let cut = Raw::serving(|mut stream| {
        let _ = stream.read(&mut [0; 64]);
        String::new()
    });
    let proxy = Raw::serving(tunnel);
    let error = suspend(&through(&proxy.url(""), &cut.url("/api").replace("http", "https"))).expect_err("cut");
    assert!(!error.was_sent(), "{error}");
}
