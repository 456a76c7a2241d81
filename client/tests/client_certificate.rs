//! Client certificates against a rustls server that demands one.

use base64::Engine as _;
use cardwright_client::{CertiFlow, Client, ClientCertificate, ClientKey, Retries, SignatureScheme, Trust};
use cardwright_core::Code;
use cardwright_testkit::demanding::{Ca, Demanding, key};
use rcgen::KeyPair;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair};
use std::error::Error as StdError;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

const RSA: &str = include_str!("../../testkit/keys/rsa.pem");
const RSA_PKCS1: &str = include_str!("../../testkit/keys/rsa-pkcs1.pem");
const EC: &str = include_str!("../../testkit/keys/ec.pem");
const EC_SEC1: &str = include_str!("../../testkit/keys/ec-sec1.pem");

/// A client of the server, with a certificate or without.
fn client(server: &Demanding, certificate: Option<ClientCertificate>) -> Client<CertiFlow> {
    let trust = Trust::only_added().add_pem(server.ca.0.pem().as_bytes()).expect("a certificate");
    let mut builder = Client::<CertiFlow>::builder(format!("https://localhost:{}/api", server.port)).trust(trust);
    if let Some(certificate) = certificate {
        builder = builder.certificate(certificate);
    }
    builder.retries(Retries::none()).build().expect("usable")
}

/// The certificate that the server saw, by its own account.
#[track_caller]
fn seen(server: &Demanding, certificate: ClientCertificate) -> Vec<u8> {
    let card = client(server, Some(certificate)).card("7").expect("an answer").expect("a card");
    let label = card.view().label().expect("a label").to_string();
    base64::engine::general_purpose::STANDARD.decode(label).expect("base64")
}

#[test]
fn a_certificate_with_its_key_in_a_file_is_shown_in_every_form_of_the_key() {
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        let server = Demanding::start(version);
        for (pkcs8, form) in [(RSA, RSA), (RSA, RSA_PKCS1), (EC, EC), (EC, EC_SEC1)] {
            let certificate = server.ca.signs("client", &key(pkcs8));
            let both = format!("{}{form}", certificate.pem());
            let shown = ClientCertificate::from_pem(both.as_bytes(), both.as_bytes()).expect("a pair");
            assert_eq!(seen(&server, shown), certificate.der().as_ref());
        }
    }
}

#[test]
fn without_one_or_with_a_strangers_the_handshake_fails_as_one_of_tls() {
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        let server = Demanding::start(version);
        let strangers = Ca::new().signs("client", &key(EC));
        let stranger = ClientCertificate::from_pem(strangers.pem().as_bytes(), EC.as_bytes()).expect("a pair");
        for shown in [None, Some(stranger)] {
            let error = client(&server, shown).card("7").expect_err("refused");
            assert_eq!(error.code(), Code::Tls, "{error}");
        }
    }
}

#[test]
fn what_is_no_pair_is_refused_before_anything_is_sent() {
    let ca = Ca::new();
    let certificate = ca.signs("client", &key(EC)).pem();
    let encrypted = EC.replace(" PRIVATE", " ENCRYPTED PRIVATE");
    let upside_down = format!("{}{certificate}", ca.0.pem());
    for (certificates, key, expected) in [
        (certificate.as_str(), RSA, "not that of the client's certificate"),
        (&certificate, RSA_PKCS1, "not that of the client's certificate"),
        (&upside_down, EC, "its own comes first"),
        (EC, EC, "no certificate for the client"),
        (&certificate, &certificate, "no key for the client's certificate"),
        (&certificate, &encrypted, "encrypted"),
        (&certificate, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "cannot be used"),
        (&certificate, "-----BEGIN PRIVATE KEY-----\n!\n-----END PRIVATE KEY-----\n", "cannot be read"),
    ] {
        // A key of an unknown kind may be one for the system's library: it is refused with the client that it is for.
        let read = ClientCertificate::from_pem(certificates.as_bytes(), key.as_bytes());
        let made = read
            .map_err(cardwright_client::Error::from)
            .and_then(|pair| Client::<CertiFlow>::builder("https://localhost/certiflow/api").certificate(pair).build());
        let error = made.expect_err("no pair");
        let of_certificate = expected.starts_with("no certificate");
        assert_eq!(error.code(), if of_certificate { Code::Certificate } else { Code::Key }, "{error}");
        assert!(error.to_string().contains(expected), "{error}");
    }
}

/// A key that never leaves its place, and counts what it signs.
#[derive(Debug)]
struct Token {
    pair: EcdsaKeyPair,
    schemes: Vec<SignatureScheme>,
    signed: AtomicUsize,
    /// How often it signs before it refuses.
    lasts: usize,
}

impl Token {
    fn new(pem: &str, schemes: &[SignatureScheme], lasts: usize) -> Arc<Self> {
        let der = key(pem).serialize_der();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &der, &SystemRandom::new());
        let (pair, schemes) = (pair.expect("a key"), schemes.to_vec());
        Arc::new(Token { pair, schemes, signed: AtomicUsize::new(0), lasts })
    }
}

impl ClientKey for Token {
    fn schemes(&self) -> &[SignatureScheme] {
        &self.schemes
    }

    fn sign(&self, scheme: SignatureScheme, message: &[u8]) -> Result<Vec<u8>, Box<dyn StdError + Send + Sync>> {
        assert_eq!(scheme, SignatureScheme::EcdsaP256Sha256);
        if self.signed.fetch_add(1, Ordering::SeqCst) >= self.lasts {
            return Err("the PIN is not verified".into());
        }
        let signature = self.pair.sign(&SystemRandom::new(), message).map_err(|_| "the token failed")?;
        Ok(signature.as_ref().to_vec())
    }
}

#[test]
fn a_key_in_a_token_signs_the_handshake() {
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        let server = Demanding::start(version);
        let certificate = server.ca.signs("client", &key(EC));
        let token = Token::new(EC, &[SignatureScheme::EcdsaP256Sha256], usize::MAX);
        let shown = ClientCertificate::with_key(certificate.pem().as_bytes(), Arc::clone(&token) as _).expect("a pair");
        assert_eq!(token.signed.load(Ordering::SeqCst), 1, "whether it is the right one");
        assert_eq!(seen(&server, shown), certificate.der().as_ref());
        assert_eq!(token.signed.load(Ordering::SeqCst), 2);
    }
}

#[test]
fn a_token_that_does_not_fit_or_does_not_sign_is_an_error() {
    let server = Demanding::start(&rustls::version::TLS13);
    let pem = server.ca.signs("client", &key(EC)).pem();
    let other = server.ca.signs("client", &KeyPair::generate().expect("a key")).pem();
    let (p256, ed) = (SignatureScheme::EcdsaP256Sha256, SignatureScheme::Ed25519);
    for (pem, token, expected) in [
        (&other, Token::new(EC, &[p256], 9), "not that of the client's certificate"),
        (&pem, Token::new(EC, &[], 9), "no scheme"),
        (&pem, Token::new(EC, &[p256, ed], 9), "another kind of key"),
        (&pem, Token::new(EC, &[p256], 0), "the PIN is not verified"),
    ] {
        let error = ClientCertificate::with_key(pem.as_bytes(), token).expect_err("no pair");
        assert!(error.to_string().contains(expected), "{error}");
    }
    // One that fails in the handshake fails the request, and says why.
    let shown = ClientCertificate::with_key(pem.as_bytes(), Token::new(EC, &[p256], 1)).expect("a pair");
    assert_eq!(shown.chain().count(), 1);
    let error = client(&server, Some(shown)).card("7").expect_err("not signed");
    assert!(error.code() == Code::Tls && error.to_string().contains("the PIN is not verified"), "{error}");
}
