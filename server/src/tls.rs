//! The server's certificate: a given one, or a self-signed one.
//!
//! TLS 1.2 and 1.3, by rustls on ring. A certificate can be replaced while the server runs.

mod client;
mod file;

pub(crate) use client::client;

use crate::Error;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use core::fmt;
use rustls::ServerConfig;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use std::sync::{Arc, PoisonError, RwLock};
use tokio_rustls::TlsAcceptor;

/// A server's certificate with its key. Clones are handles to the same one, also after it was replaced.
#[derive(Clone)]
pub struct Tls {
    config: Arc<ServerConfig>,
    presented: Arc<Presented>,
    pem: String,
}

/// What a handshake presents.
#[derive(Debug)]
struct Presented(RwLock<Arc<CertifiedKey>>);

impl Presented {
    fn current(&self) -> Arc<CertifiedKey> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl ResolvesServerCert for Presented {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.current())
    }
}

impl Tls {
    /// A certificate chain, the server's own certificate first, and its key (PKCS #8, PKCS #1 or SEC 1); each
    /// in PEM.
    ///
    /// # Errors
    /// [`Error::Tls`] if one is missing or cannot be read, or the key is not the certificate's.
    pub fn from_pem(certificates: &[u8], key: &[u8]) -> Result<Self, Error> {
        let wrong = |what: &str, error: &dyn fmt::Display| Error::Tls(format!("{what}: {error}"));
        let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(certificates).collect();
        let chain = chain.map_err(|error| wrong("the certificate cannot be read", &error))?;
        if chain.is_empty() {
            return Err(wrong("there is no certificate", &"expected PEM, -----BEGIN CERTIFICATE-----"));
        }
        let key = PrivateKeyDer::from_pem_slice(key).map_err(|error| match error {
            rustls::pki_types::pem::Error::NoItemsFound => {
                wrong("there is no key", &"expected PEM, -----BEGIN PRIVATE KEY-----; an encrypted one is not read")
            }
            other => wrong("the key cannot be read", &other),
        })?;
        Self::of(chain, key)
    }

    /// A new key, and a self-signed certificate for these names and addresses. It is
    /// another one each time; [`Self::certificate_pem`] is what clients must trust.
    ///
    /// # Errors
    /// [`Error::Tls`] if a certificate cannot contain a name.
    pub fn self_signed(names: &[String]) -> Result<Self, Error> {
        let made = rcgen::generate_simple_self_signed(names)
            .map_err(|error| Error::Tls(format!("no certificate can be made for {}: {error}", names.join(", "))))?;
        let key = PrivateKeyDer::Pkcs8(made.signing_key.serialize_der().into());
        Self::of(vec![made.cert.der().clone()], key)
    }

    fn of(chain: Vec<CertificateDer<'static>>, key: PrivateKeyDer<'static>) -> Result<Self, Error> {
        let wrong = |error: rustls::Error| match error {
            rustls::Error::InconsistentKeys(_) => Error::Tls("the key is not that of the certificate".into()),
            other => Error::Tls(format!("TLS cannot be set up: {other}")),
        };
        // Not the input itself: the key may be in the same file.
        let pem = chain.iter().map(pem).collect();
        let key = CertifiedKey::from_der(chain, key, &provider()).map_err(wrong)?;
        let presented = Arc::new(Presented(RwLock::new(Arc::new(key))));
        let mut config = ServerConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .map_err(wrong)?
            .with_no_client_auth()
            .with_cert_resolver(Arc::clone(&presented) as Arc<dyn ResolvesServerCert>);
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Tls { config: Arc::new(config), presented, pem })
    }

    /// The certificates that it was made of, in PEM.
    #[must_use]
    pub fn certificate_pem(&self) -> &str {
        &self.pem
    }

    /// Presents the other's certificate from the next handshake on.
    pub(crate) fn replace(&self, other: &Tls) {
        *self.presented.0.write().unwrap_or_else(PoisonError::into_inner) = other.presented.current();
    }

    pub(crate) fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(Arc::clone(&self.config))
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls").finish_non_exhaustive()
    }
}

/// A certificate in PEM (RFC 7468).
fn pem(certificate: &CertificateDer<'_>) -> String {
    let mut text = String::from("-----BEGIN CERTIFICATE-----\n");
    for line in certificate.chunks(48) {
        STANDARD.encode_string(line, &mut text);
        text.push('\n');
    }
    text + "-----END CERTIFICATE-----\n"
}

/// The one provider of cryptography for TLS.
pub(crate) fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

#[cfg(test)]
mod tests {
    use super::Tls;

    fn pair() -> (String, String) {
        let made = rcgen::generate_simple_self_signed(vec!["localhost".into()]).unwrap();
        (made.cert.pem(), made.signing_key.serialize_pem())
    }

    #[test]
    fn a_pair_is_taken_and_what_is_none_says_why() {
        let ((certificate, key), (_, other)) = (pair(), pair());
        let both = format!("{certificate}{key}");
        let shown = Tls::from_pem(both.as_bytes(), both.as_bytes()).unwrap().certificate_pem().to_owned();
        assert_eq!(shown, certificate.replace('\r', ""), "and no key");
        let locked = key.replace(" PRIVATE", " ENCRYPTED PRIVATE");
        for (certificate, key, expected) in [
            (&certificate, &other, "not that of the certificate"),
            (&key, &key, "no certificate"),
            (&certificate, &certificate, "no key"),
            (&certificate, &locked, "encrypted"),
            (&certificate, &key.replace("MI", "MJ"), ""),
        ] {
            let refused = Tls::from_pem(certificate.as_bytes(), key.as_bytes()).unwrap_err().to_string();
            assert!(refused.contains(expected), "{refused}");
        }
    }

    #[test]
    fn a_certificate_of_its_own_is_for_names_and_addresses() {
        let tls = Tls::self_signed(&["cards.example".into(), "127.0.0.1".into(), "::1".into()]).unwrap();
        assert!(tls.certificate_pem().starts_with("-----BEGIN CERTIFICATE-----"));
        assert!(Tls::self_signed(&["ä".into()]).is_err());
    }
}
