//! A password that was never accepted goes once to a server or a proxy that closes the connection without an answer: it
//! may have been counted.

use cardwright_core::certiflow::{Call, Dialect};
use cardwright_http::{Credentials, Proxy, Secret, Setup, Transport};
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

/// A port at which every request is read and none answered, and the heads that came.
fn silent() -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let place = listener.local_addr().expect("an address").to_string();
    let heads: Arc<Mutex<Vec<String>>> = Arc::default();
    let seen = Arc::clone(&heads);
    // The thread ends with the program of the tests.
    std::thread::spawn(move || {
        for client in listener.incoming().map_while(Result::ok) {
            let lines = BufReader::new(client.try_clone().expect("a socket")).lines().map_while(Result::ok);
            let head: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
            seen.lock().expect("no panic").push(head.join("\n"));
        }
    });
    (place, heads)
}

/// A proxy that asks for Digest and keeps the connection, and hangs up on what answers it; the heads that came.
fn hangs_up() -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let place = listener.local_addr().expect("an address").to_string();
    let heads: Arc<Mutex<Vec<String>>> = Arc::default();
    let seen = Arc::clone(&heads);
    // The thread ends with the program of the tests.
    std::thread::spawn(move || {
        for mut client in listener.incoming().map_while(Result::ok) {
            let mut lines = BufReader::new(client.try_clone().expect("a socket")).lines().map_while(Result::ok);
            loop {
                let head: Vec<String> = lines.by_ref().take_while(|line| !line.is_empty()).collect();
                let head = head.join("\n");
                let is_proof = head.contains("Digest ");
                let is_over = head.is_empty();
                if !is_over {
                    seen.lock().expect("no panic").push(head);
                }
                if is_over || is_proof {
                    break;
                }
                let _ = client.write_all(
                    b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\
                      Proxy-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\r\n\r\n",
                );
            }
        }
    });
    (place, heads)
}

fn fails(setup: Setup, heads: &Mutex<Vec<String>>) -> usize {
    let transport = Transport::new(setup).expect("usable");
    let call = Call::Card { id: "1" }.in_dialect(Dialect::G7).expect("the dialect has it");
    transport.send(&call).expect_err("no answer");
    heads.lock().expect("no panic").len()
}

#[test]
fn a_server_that_answers_nothing_gets_a_password_once_and_a_plain_request_again() {
    let (place, heads) = silent();
    let base = format!("http://{place}/api");
    assert_eq!(fails(Setup::new(&base), &heads), 3, "nobody signs in");
    let (place, heads) = silent();
    let base = format!("http://{place}/api");
    let credentials = Credentials::basic("op", Secret::new("wrong"));
    assert_eq!(fails(Setup { credentials, ..Setup::new(&base) }, &heads), 1);
}

#[test]
fn a_proxy_that_answers_nothing_gets_a_password_once() {
    for base in ["http://cm.example.com/api", "https://cm.example.com/api"] {
        let (place, heads) = silent();
        let proxy = Proxy::Address(Secret::new(format!("http://{place}")));
        assert_eq!(fails(Setup { proxy, ..Setup::new(base) }, &heads), 3, "{base}: nobody signs in");
        let (place, heads) = silent();
        let proxy = Proxy::Address(Secret::new(format!("http://op:wrong@{place}")));
        assert_eq!(fails(Setup { proxy, ..Setup::new(base) }, &heads), 1, "{base}");
    }
}

#[test]
fn a_proxy_that_hangs_up_on_a_proof_gets_it_once() {
    for base in ["http://cm.example.com/api", "https://cm.example.com/api"] {
        let (place, heads) = hangs_up();
        let proxy = Proxy::Address(Secret::new(format!("http://EXAMPLE%5Cop:wrong@{place}")));
        fails(Setup { proxy, ..Setup::new(base) }, &heads);
        let proofs = heads.lock().expect("no panic").iter().filter(|head| head.contains("Digest ")).count();
        assert_eq!(proofs, 1, "{base}");
    }
}
