//! The server over TLS.

use crate::http::{DEMO, certiflow, config};
use base64::Engine as _;
use cardwright_server::{Config, Error, Running, Server, Tls};
use rustls::pki_types::{CertificateDer, ServerName, pem::PemObject as _};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

fn encrypted(set_up: impl FnOnce(&mut Config)) -> (Running, String) {
    let tls = Tls::self_signed(&["cards.example".into()]).unwrap();
    let pem = tls.certificate_pem().to_owned();
    let mut config = config();
    config.tls = Some(tls);
    set_up(&mut config);
    (Server::start(config).unwrap(), pem)
}

/// A connection of somebody who trusts this certificate.
fn connect(running: &Running, pem: &str, name: &str) -> std::io::Result<StreamOwned<ClientConnection, TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(name.to_owned()).unwrap();
    let stream = TcpStream::connect((std::net::Ipv4Addr::LOCALHOST, running.address().port()))?;
    stream.set_read_timeout(Some(Duration::from_secs(60)))?;
    Ok(StreamOwned::new(ClientConnection::new(Arc::new(config), name).unwrap(), stream))
}

/// What a server answers to somebody who trusts this certificate.
fn ask(running: &Running, pem: &str, name: &str) -> std::io::Result<String> {
    let mut stream = connect(running, pem, name)?;
    let coded = base64::engine::general_purpose::STANDARD.encode(DEMO);
    let path = certiflow("Cards?count=1");
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Basic {coded}\r\n\r\n"
    )?;
    let mut text = String::new();
    stream.read_to_string(&mut text)?;
    Ok(text)
}

#[test]
fn it_is_spoken_to_by_its_name_and_certificate_and_else_not() {
    let (running, pem) = encrypted(|_| {});
    assert!(running.url().starts_with("https://127.0.0.1:"));
    assert!(ask(&running, &pem, "cards.example").unwrap().starts_with("HTTP/1.1 200 OK"));
    assert!(ask(&running, &pem, "other.example").is_err());
    let (_, other) = encrypted(|_| {});
    assert!(ask(&running, &other, "cards.example").is_err());
    running.stop();
}

#[test]
fn with_tls_others_may_reach_it() {
    let (running, pem) = encrypted(|config| config.listen = "0.0.0.0:0".parse().unwrap());
    assert!(ask(&running, &pem, "cards.example").unwrap().starts_with("HTTP/1.1 200 OK"));
    let mut plain = config();
    plain.listen = "0.0.0.0:0".parse().unwrap();
    assert!(matches!(Server::start(plain), Err(Error::NotLoopback(_))));
}

#[test]
fn a_handshake_that_does_not_end_ends_with_its_time() {
    let (running, pem) = encrypted(|config| {
        config.head_limit = Duration::from_millis(50);
        config.connections = 1;
    });
    let mut silent = TcpStream::connect(running.address()).unwrap();
    silent.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    assert_eq!(silent.read(&mut [0; 1]).unwrap(), 0, "closed");
    assert!(ask(&running, &pem, "cards.example").is_ok(), "its place is free again");
    // Plain HTTP is no handshake.
    let mut plain = TcpStream::connect(running.address()).unwrap();
    plain.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    plain.write_all(b"GET / HTTP/1.1\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    let _ = plain.read_to_end(&mut answer);
    assert!(!answer.starts_with(b"HTTP"), "{answer:?}");
}

#[test]
fn a_certificate_is_replaced_while_connections_go_on() {
    let (running, old) = encrypted(|_| {});
    let new = Tls::self_signed(&["cards.example".into()]).unwrap();
    let mut open = connect(&running, &old, "cards.example").unwrap();
    let asks = |open: &mut StreamOwned<ClientConnection, TcpStream>| {
        write!(open, "GET /health HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
        let mut taken = Vec::new();
        while !taken.windows(4).any(|end| end == b"\r\n\r\n") {
            let mut more = [0; 1024];
            let length = open.read(&mut more).unwrap();
            assert_ne!(length, 0, "closed");
            taken.extend(&more[..length]);
        }
        assert!(taken.starts_with(b"HTTP/1.1 "), "{taken:?}");
    };
    asks(&mut open);
    running.replace_certificate(&new).unwrap();
    asks(&mut open);
    assert!(ask(&running, new.certificate_pem(), "cards.example").unwrap().starts_with("HTTP/1.1 200 OK"));
    assert!(ask(&running, &old, "cards.example").is_err());
    let plain = Server::start(config()).unwrap();
    assert!(matches!(plain.replace_certificate(&new), Err(Error::Tls(_))));
}
