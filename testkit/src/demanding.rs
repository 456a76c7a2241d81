//! Servers over TLS, one of which demands a client's certificate, and the CA that it trusts.

use base64::Engine as _;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// An organisation's CA.
pub struct Ca(pub CertifiedIssuer<'static, KeyPair>);

impl Ca {
    pub fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Ca(CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("a CA"))
    }

    /// A certificate for a name and a key, in PEM.
    pub fn signs(&self, name: &str, key: &KeyPair) -> rcgen::Certificate {
        CertificateParams::new(vec![name.to_string()]).expect("a name").signed_by(key, &self.0).expect("a certificate")
    }
}

/// The key in a text, which begins with a line about it.
pub fn key(pem: &str) -> KeyPair {
    KeyPair::from_pem(&pem[pem.find("-----").expect("PEM")..]).expect("a key")
}

/// What a server answers: the body, for a connection and the head of a request.
type Answer = fn(&ServerConnection, &[u8]) -> String;

/// A server over TLS, which stops when it is dropped.
pub struct Tls {
    pub port: u16,
    stop: Arc<AtomicBool>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Tls {
    pub fn start(config: ServerConfig, answer: Answer) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let (config, stop) = (Arc::new(config), Arc::new(AtomicBool::new(false)));
        let thread = std::thread::spawn({
            let stop = Arc::clone(&stop);
            move || {
                for stream in listener.incoming().map_while(Result::ok) {
                    if stop.load(Ordering::SeqCst) {
                        return;
                    }
                    let _ = serve(Arc::clone(&config), stream, answer);
                }
            }
        });
        Tls { port, stop, thread: Some(thread) }
    }
}

impl Drop for Tls {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(("127.0.0.1", self.port));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn serve(config: Arc<ServerConfig>, stream: TcpStream, answer: Answer) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let connection = ServerConnection::new(config).map_err(std::io::Error::other)?;
    let mut stream = StreamOwned::new(connection, stream);
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    let body = answer(&stream.conn, &head);
    write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())?;
    stream.flush()
}

/// Answers a client that shows a certificate of the CA with a card whose label is that certificate, alone or in a list.
pub struct Demanding {
    pub port: u16,
    pub ca: Ca,
    _server: Tls,
}

impl Demanding {
    pub fn start(version: &'static rustls::SupportedProtocolVersion) -> Self {
        let ca = Ca::new();
        let own = KeyPair::generate().expect("a key");
        let certificate = ca.signs("localhost", &own).der().clone();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut roots = RootCertStore::empty();
        roots.add(ca.0.der().clone()).expect("a root");
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider));
        let config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[version])
            .expect("versions")
            .with_client_cert_verifier(verifier.build().expect("a verifier"))
            .with_single_cert(vec![certificate], PrivateKeyDer::Pkcs8(own.serialize_der().into()))
            .expect("a pair");
        let server = Tls::start(config, |connection, head| {
            let seen = connection.peer_certificates().and_then(|chain| chain.first()).map(|one| one.to_vec());
            let seen = base64::engine::general_purpose::STANDARD.encode(seen.unwrap_or_default());
            let card = format!(r#"{{"id":7,"serialNumber":"0A07","state":"Issued","label":"{seen}"}}"#);
            if head.windows(7).any(|bytes| bytes == b"/Cards?") { format!("[{card}]") } else { card }
        });
        Demanding { port: server.port, ca, _server: server }
    }
}
