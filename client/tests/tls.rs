//! TLS by the client's own connector, against rustls servers with certificates made for the test.

use cardwright_client::{CertiFlow, Client, Retries, Timeouts, Trust};
use cardwright_core::Code;
use cardwright_testkit::demanding::Tls;
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use std::io::Write;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

/// A server that shows a certificate for `name` and has one card.
struct Encrypted {
    pem: String,
    server: Tls,
}

impl Encrypted {
    fn start(name: &str) -> Self {
        let made = rcgen::generate_simple_self_signed(vec![name.to_string()]).expect("a certificate");
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .expect("a pair");
        let server = Tls::start(config, |_, _| r#"{"id":7,"state":"Issued"}"#.into());
        Encrypted { pem: made.cert.pem(), server }
    }
}

fn client(server: &Encrypted, host: &str, trust: Trust) -> Client<CertiFlow> {
    Client::<CertiFlow>::builder(format!("https://{host}:{}/api", server.server.port))
        .trust(trust)
        .build()
        .expect("usable")
}

#[test]
fn a_certificate_is_trusted_when_its_issuer_was_added_beside_or_instead_of_the_systems() {
    let server = Encrypted::start("localhost");
    for trust in [Trust::system(), Trust::only_added()] {
        let trust = trust.add_pem(server.pem.as_bytes()).expect("a certificate");
        let card = client(&server, "localhost", trust).card("7").expect("an answer").expect("a card");
        assert_eq!(card.view().id().to_string(), "7");
    }
}

#[test]
fn a_certificate_that_nobody_vouches_for_is_refused() {
    let server = Encrypted::start("localhost");
    for trust in [Trust::system(), Trust::only_added()] {
        let error = client(&server, "localhost", trust).card("7").expect_err("no trust");
        assert_eq!(error.code(), Code::Tls, "{error}");
    }
}

#[test]
fn a_certificate_for_another_name_is_refused() {
    let server = Encrypted::start("other.example.test");
    let trust = Trust::only_added().add_pem(server.pem.as_bytes()).expect("a certificate");
    let error = client(&server, "localhost", trust).card("7").expect_err("another name");
    assert_eq!(error.code(), Code::Tls, "{error}");
}

#[test]
fn a_handshake_that_comes_drop_by_drop_ends_with_the_time_for_a_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a client");
        // A record of 16 KiB, which at this pace takes minutes; left after some seconds.
        let _ = stream.write_all(&[22, 3, 3, 0x40, 0]);
        for _ in 0..250 {
            std::thread::sleep(Duration::from_millis(20));
            if stream.write_all(&[0]).is_err() {
                return;
            }
        }
    });
    let timeouts = Timeouts { connect: Duration::from_millis(300), ..Timeouts::default() };
    let builder = Client::<CertiFlow>::builder(format!("https://127.0.0.1:{port}/api")).timeouts(timeouts);
    let error = builder.retries(Retries::none()).build().expect("usable").card("7").expect_err("no handshake");
    assert_eq!(error.code(), Code::Timeout, "{error}");
    server.join().expect("no panic");
}

#[test]
fn a_text_without_a_certificate_is_refused() {
    assert_eq!(Trust::system().add_pem(b"hello").expect_err("no PEM").code(), Code::Certificate);
}
