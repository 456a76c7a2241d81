//! Forks from C: `ffi/tests/fork.c`, over plain HTTP and over TLS, against a server that keeps its connections and
//! takes its time, so that what two processes ask over one connection would get mixed up.
//!
//! The program is compiled by `cargo xtask test --only c`, which then runs the tests that are ignored without it.

#![cfg(feature = "client")]

use cardwright_testkit::demanding::Ca;
use cardwright_testkit::raw::read_request;
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::collections::HashSet;
use std::io::{self, Read, Write};
use std::net::TcpListener;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// The cards that are suspended; there are forty in all.
type Suspended = Arc<Mutex<HashSet<u32>>>;

const CARDS: u32 = 40;

fn card(id: u32, suspended: &Suspended) -> String {
    let is_suspended = suspended.lock().expect("no panic while held").contains(&id);
    let state = if is_suspended { "Disabled" } else { "Issued" };
    format!(r#"{{"id":{id},"serialNumber":"{id:08X}","state":"{state}","certificates":[]}}"#)
}

/// What answers a request: the status, and the body in pieces, between which some time passes.
fn answer(request: &str, suspended: &Suspended) -> (&'static str, Vec<String>) {
    let mut words = request.split([' ', '?']);
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let mut parts = path.trim_start_matches("/api/Cards").trim_start_matches('/').split('/');
    let id: Option<u32> = parts.next().and_then(|part| part.parse().ok());
    match (method, id, parts.next()) {
        ("GET", Some(id), None) => ("200 OK", vec![card(id, suspended)]),
        ("GET", None, None) => {
            let offset = request.split("offset=").nth(1).and_then(|rest| rest.split(['&', ' ']).next()?.parse().ok());
            let cards: Vec<String> = (1 + offset.unwrap_or(0)..=CARDS).map(|id| card(id, suspended)).collect();
            let (first, rest) = cards.split_at(cards.len().min(1));
            let comma = if rest.is_empty() { "" } else { "," };
            ("200 OK", vec![format!("[{}{comma}", first.concat()), format!("{}]", rest.join(","))])
        }
        ("POST", Some(id), Some("Disable")) => {
            suspended.lock().expect("no panic while held").insert(id);
            ("204 No Content", Vec::new())
        }
        ("POST", Some(id), Some("Enable")) => {
            suspended.lock().expect("no panic while held").remove(&id);
            ("204 No Content", Vec::new())
        }
        _ => ("404 Not Found", Vec::new()),
    }
}

/// Answers one request after another over a connection, until the client closes it.
fn serve(mut stream: impl Read + Write, suspended: &Suspended) -> io::Result<()> {
    loop {
        let request = read_request(&mut stream);
        if !request.ends_with("\r\n\r\n") {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(1));
        let (status, pieces) = answer(&request, suspended);
        let length: usize = pieces.iter().map(String::len).sum();
        let length = if status.starts_with("204") { String::new() } else { format!("Content-Length: {length}\r\n") };
        write!(stream, "HTTP/1.1 {status}\r\n{length}\r\n")?;
        for piece in pieces {
            stream.write_all(piece.as_bytes())?;
            stream.flush()?;
            std::thread::sleep(Duration::from_millis(2));
        }
        stream.flush()?;
    }
}

/// Starts a server, which ends with the test, and returns its port.
fn start(tls: Option<Arc<ServerConfig>>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let suspended = Suspended::default();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let (tls, suspended) = (tls.clone(), Arc::clone(&suspended));
            std::thread::spawn(move || {
                let _ = stream.set_nodelay(true);
                match tls {
                    Some(config) => {
                        let connection = ServerConnection::new(config).expect("a connection");
                        serve(StreamOwned::new(connection, stream), &suspended)
                    }
                    None => serve(stream, &suspended),
                }
            });
        }
    });
    port
}

/// Runs the program against the server at this address.
#[track_caller]
fn forks(url: &str, ca: Option<&str>) {
    let program = std::env::var_os("CARDWRIGHT_TEST_FORK").expect("cargo xtask test --only c names the program");
    let mut command = Command::new(program);
    command.env("CARDWRIGHT_URL", url);
    if let Some(ca) = ca {
        command.env("CARDWRIGHT_CA", ca);
    }
    let output = command.output().expect("it starts");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said == "100 forks\n",
        "{said}{}{}",
        String::from_utf8_lossy(&output.stderr),
        output.status
    );
}

#[test]
#[ignore = "cargo xtask test --only c compiles the program and runs this"]
fn parent_and_child_get_their_own_answers_over_plain_http() {
    forks(&format!("http://127.0.0.1:{}/api", start(None)), None);
}

#[test]
#[ignore = "cargo xtask test --only c compiles the program and runs this"]
fn parent_and_child_get_their_own_answers_over_tls() {
    let (ca, key) = (Ca::new(), rcgen::KeyPair::generate().expect("a key"));
    let certificate = ca.signs("localhost", &key).der().clone();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate], PrivateKeyDer::Pkcs8(key.serialize_der().into()))
        .expect("a pair");
    let port = start(Some(Arc::new(config)));
    forks(&format!("https://localhost:{port}/api"), Some(&ca.0.pem()));
}
