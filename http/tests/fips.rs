//! Where the program has installed cryptography that says it is validated, ring computes nothing beside it. In a process of
//! its own.

use cardwright_http::TlsBackend;
use cardwright_http::fuzzing::end_point;
use rustls::crypto::{CryptoProvider, GetRandomFailed, KeyProvider, SecureRandom, WebPkiSupportedAlgorithms};
use rustls::pki_types::PrivateKeyDer;
use rustls::sign::SigningKey;
use std::process::Command;
use std::sync::Arc;

/// What says that it is validated.
#[derive(Debug)]
struct Validated;

impl SecureRandom for Validated {
    fn fill(&self, _: &mut [u8]) -> Result<(), GetRandomFailed> {
        Err(GetRandomFailed)
    }

    fn fips(&self) -> bool {
        true
    }
}

impl KeyProvider for Validated {
    fn load_private_key(&self, _: PrivateKeyDer<'static>) -> Result<Arc<dyn SigningKey>, rustls::Error> {
        Err(rustls::Error::General("it has no keys".to_string()))
    }

    fn fips(&self) -> bool {
        true
    }
}

#[test]
fn ring_computes_no_hash_beside_validated_cryptography() {
    let folder = tempfile::tempdir().expect("a folder");
    let arguments =
        "req -x509 -nodes -subj /CN=localhost -keyout key.pem -outform der -out c.der -newkey rsa:2048 -sha512";
    let made = Command::new("openssl").args(arguments.split(' ')).current_dir(&folder).output().expect("openssl");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let certificate = std::fs::read(folder.path().join("c.der")).expect("a certificate");
    assert!(end_point(&certificate).is_some(), "ring has SHA-512");
    let provider = CryptoProvider {
        cipher_suites: Vec::new(),
        kx_groups: Vec::new(),
        signature_verification_algorithms: WebPkiSupportedAlgorithms { all: &[], mapping: &[] },
        secure_random: &Validated,
        key_provider: &Validated,
    };
    provider.install_default().expect("the first");
    assert_eq!(TlsBackend::Rustls.library(), Some("rustls with the program's cryptography (FIPS)"));
    assert_eq!(end_point(&certificate), None);
}
