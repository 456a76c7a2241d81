//! A provider of cryptography that the program has installed for its process is the one that is used: for TLS, for
//! random numbers, and for what is verified. In a process of its own.

use cardwright_core::http::Method;
use cardwright_http::{
    ClientCertificate, ClientKey, Proxy, Retries, Setup, SignatureScheme, TlsBackend, Transport, Trust,
};
use cardwright_testkit::demanding::Tls;
use rustls::ServerConfig;
use rustls::crypto::{CryptoProvider, GetRandomFailed, SecureRandom};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

static FILLED: AtomicUsize = AtomicUsize::new(0);

/// The random numbers of ring, counted.
#[derive(Debug)]
struct Counted(&'static dyn SecureRandom);

impl SecureRandom for Counted {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), GetRandomFailed> {
        FILLED.fetch_add(1, Ordering::SeqCst);
        self.0.fill(bytes)
    }
}

#[derive(Debug)]
struct Elsewhere;

impl ClientKey for Elsewhere {
    fn schemes(&self) -> &[SignatureScheme] {
        &[SignatureScheme::EcdsaP256Sha256]
    }

    fn sign(&self, _: SignatureScheme, _: &[u8]) -> Result<Vec<u8>, Box<dyn std::error::Error + Send + Sync>> {
        Ok(vec![0x30, 0x00])
    }
}

#[test]
fn the_programs_own_cryptography_is_used() {
    assert_eq!(TlsBackend::Rustls.library(), Some("rustls with ring"));
    let ring = rustls::crypto::ring::default_provider();
    let secure_random: &'static Counted = Box::leak(Box::new(Counted(ring.secure_random)));
    // A provider that lacks what ring has: one suite, and no signatures that could be verified with it.
    let cipher_suites = vec![rustls::crypto::ring::cipher_suite::TLS13_AES_128_GCM_SHA256];
    let own = CryptoProvider { secure_random, cipher_suites, ..ring };
    own.install_default().expect("the first");
    assert_eq!(TlsBackend::Rustls.library(), Some("rustls with the program's cryptography"));

    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_string()]).expect("a certificate");
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
    let config = |suites: Vec<rustls::SupportedCipherSuite>| {
        let provider = CryptoProvider { cipher_suites: suites, ..rustls::crypto::ring::default_provider() };
        ServerConfig::builder_with_provider(Arc::new(provider))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key.clone_key())
            .expect("a pair")
    };
    let ask = |suites| {
        let server = Tls::start(config(suites), |_, _| String::new());
        let trust = Trust::only_added().add_pem(made.cert.pem().as_bytes()).expect("a certificate");
        let setup = Setup::new(format!("https://localhost:{}/api", server.port)).trust(trust).proxy(Proxy::None);
        let transport = Transport::new(setup.retries(Retries::none())).expect("usable");
        transport.raw(Method::Get, "Cards", None).map(|answer| answer.status)
    };
    let before = FILLED.load(Ordering::SeqCst);
    assert!(ask(rustls::crypto::ring::ALL_CIPHER_SUITES.to_vec()).is_ok());
    assert!(FILLED.load(Ordering::SeqCst) > before, "its random numbers are in the handshake");
    let other = vec![rustls::crypto::ring::cipher_suite::TLS13_CHACHA20_POLY1305_SHA256];
    assert!(ask(other).is_err(), "a suite of ring that it lacks is not offered");
    // Whether a key fits is verified by it too.
    let wrong = ClientCertificate::with_key(made.cert.pem().as_bytes(), Arc::new(Elsewhere)).expect_err("no signature");
    assert_eq!(wrong.code().number(), 612, "{wrong}");
}
