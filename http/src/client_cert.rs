//! A client's certificate (TLS client authentication), with a key in a file or in a token.
//!
//! Certificate and key are checked against each other at once, so that a mismatch is an error here and
//! not a handshake that fails later.

use crate::error::Error;
use rustls::SignatureAlgorithm as KeyKind;
use rustls::SignatureScheme as WireScheme;
use rustls::client::ResolvesClientCert;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem, pem::PemObject as _};
use rustls::sign::{CertifiedKey, Signer, SigningKey, SingleCertAndKey};
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

/// A certificate, its chain, and its key.
#[derive(Clone)]
pub struct ClientCertificate(Arc<CertifiedKey>);

/// A private key that only signs: in a smart card, a TPM, an HSM or another process.
pub trait ClientKey: fmt::Debug + Send + Sync {
    /// The schemes by which it can sign, in order of preference, all for the same kind of key.
    fn schemes(&self) -> &[SignatureScheme];

    /// The signature of a message that has not been hashed yet. The server waits for it, so a PIN should
    /// be asked for earlier.
    ///
    /// # Errors
    /// Why it cannot sign; this becomes a part of the request's error.
    fn sign(&self, scheme: SignatureScheme, message: &[u8]) -> Result<Vec<u8>, Box<dyn StdError + Send + Sync>>;
}

/// A signature scheme of TLS (RFC 8446, 4.2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignatureScheme {
    /// RSASSA-PSS with SHA-256, and a salt as long as the hash.
    RsaPssSha256,
    /// The same with SHA-384.
    RsaPssSha384,
    /// The same with SHA-512.
    RsaPssSha512,
    /// RSASSA-PKCS1-v1_5 with SHA-256. Servers accept it only in TLS 1.2.
    RsaPkcs1Sha256,
    /// The same with SHA-384.
    RsaPkcs1Sha384,
    /// The same with SHA-512.
    RsaPkcs1Sha512,
    /// ECDSA on P-256 with SHA-256; the signature is in DER, a sequence of r and s.
    EcdsaP256Sha256,
    /// ECDSA on P-384 with SHA-384, in DER.
    EcdsaP384Sha384,
    /// Ed25519.
    Ed25519,
}

impl SignatureScheme {
    /// The number in TLS.
    const fn number(self) -> WireScheme {
        match self {
            SignatureScheme::RsaPssSha256 => WireScheme::RSA_PSS_SHA256,
            SignatureScheme::RsaPssSha384 => WireScheme::RSA_PSS_SHA384,
            SignatureScheme::RsaPssSha512 => WireScheme::RSA_PSS_SHA512,
            SignatureScheme::RsaPkcs1Sha256 => WireScheme::RSA_PKCS1_SHA256,
            SignatureScheme::RsaPkcs1Sha384 => WireScheme::RSA_PKCS1_SHA384,
            SignatureScheme::RsaPkcs1Sha512 => WireScheme::RSA_PKCS1_SHA512,
            SignatureScheme::EcdsaP256Sha256 => WireScheme::ECDSA_NISTP256_SHA256,
            SignatureScheme::EcdsaP384Sha384 => WireScheme::ECDSA_NISTP384_SHA384,
            SignatureScheme::Ed25519 => WireScheme::ED25519,
        }
    }

    const fn kind(self) -> KeyKind {
        match self {
            SignatureScheme::EcdsaP256Sha256 | SignatureScheme::EcdsaP384Sha384 => KeyKind::ECDSA,
            SignatureScheme::Ed25519 => KeyKind::ED25519,
            _ => KeyKind::RSA,
        }
    }
}

impl ClientCertificate {
    /// Certificates in PEM, the client's own first, and its key in PEM: PKCS #8, PKCS #1 or SEC 1, not
    /// encrypted. Both may be in one text, which is then passed twice.
    ///
    /// # Errors
    /// [`Error::Setup`] if one is missing or cannot be read, or they do not match.
    pub fn from_pem(certificates: &[u8], key: &[u8]) -> Result<Self, Error> {
        let chain = chain(certificates)?;
        let key = PrivateKeyDer::from_pem_slice(key).map_err(|error| {
            Error::setup(match error {
                pem::Error::NoItemsFound if is_encrypted(key) => {
                    "the client's key is encrypted, which is not read: openssl pkey takes the password off".into()
                }
                pem::Error::NoItemsFound => {
                    "no key for the client's certificate found: expected PEM, such as -----BEGIN PRIVATE KEY-----"
                        .into()
                }
                other => format!("the client's key cannot be read: {other}"),
            })
        })?;
        let pair = CertifiedKey::from_der(chain, key, &provider()).map_err(|error| match error {
            rustls::Error::InconsistentKeys(_) => Error::setup(NO_PAIR),
            other => Error::setup(format!("the client's certificate and key cannot be used: {other}")),
        })?;
        Ok(ClientCertificate(Arc::new(pair)))
    }

    /// Certificates in PEM, the client's own first, and an external key, which signs once to check that it
    /// matches the certificate.
    ///
    /// # Errors
    /// [`Error::Setup`] if there is no certificate, or the key does not sign or does not match.
    pub fn with_key(certificates: &[u8], key: Arc<dyn ClientKey>) -> Result<Self, Error> {
        let chain = chain(certificates)?;
        let key = Arc::new(ExternalKey::new(key)?);
        let pair = CertifiedKey::new(chain, key.clone());
        key.check(&pair)?;
        Ok(ClientCertificate(Arc::new(pair)))
    }

    pub(crate) fn resolver(&self) -> Arc<dyn ResolvesClientCert> {
        Arc::new(SingleCertAndKey::from(Arc::clone(&self.0)))
    }

    /// The certificates in DER, the client's own first.
    pub fn chain(&self) -> impl Iterator<Item = &[u8]> {
        self.0.cert.iter().map(|certificate| certificate.as_ref())
    }
}

impl fmt::Debug for ClientCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientCertificate").field("certificates", &self.0.cert.len()).finish_non_exhaustive()
    }
}

const NO_PAIR: &str = "the key is not that of the client's certificate; of several certificates its own comes first";

fn chain(certificates: &[u8]) -> Result<Vec<CertificateDer<'static>>, Error> {
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(certificates).collect();
    let chain = read.map_err(|error| Error::setup(format!("the client's certificate cannot be read: {error}")))?;
    match chain.is_empty() {
        true => Err(Error::setup("no certificate for the client found: expected PEM, -----BEGIN CERTIFICATE-----")),
        false => Ok(chain),
    }
}

fn is_encrypted(pem: &[u8]) -> bool {
    let mark = b"ENCRYPTED";
    pem.windows(mark.len()).any(|window| window == mark)
}

fn provider() -> CryptoProvider {
    rustls::crypto::ring::default_provider()
}

/// An external key, for rustls.
#[derive(Debug)]
struct ExternalKey {
    key: Arc<dyn ClientKey>,
    /// The key's preferred scheme.
    first: SignatureScheme,
}

impl ExternalKey {
    fn new(key: Arc<dyn ClientKey>) -> Result<Self, Error> {
        let Some(&first) = key.schemes().first() else {
            return Err(Error::setup("the client's key knows no scheme to sign by"));
        };
        if key.schemes().iter().any(|scheme| scheme.kind() != first.kind()) {
            let why = format!("the client's key signs by {:?} and by schemes of another kind of key", first.number());
            return Err(Error::setup(why));
        }
        Ok(ExternalKey { key, first })
    }

    /// Signs a message, and verifies the signature with the certificate.
    fn check(&self, pair: &CertifiedKey) -> Result<(), Error> {
        let unusable = |error: String| Error::setup(format!("the client's certificate cannot be used: {error}"));
        let own = pair.end_entity_cert().map_err(|error| unusable(error.to_string()))?;
        let certificate = webpki::EndEntityCert::try_from(own).map_err(|error| unusable(error.to_string()))?;
        let message = b"Cardwright: is this the key of the client's certificate?";
        let signature = self.key.sign(self.first, message);
        let signature = signature.map_err(|error| Error::setup(format!("the client's key does not sign: {error}")))?;
        let known = provider().signature_verification_algorithms.mapping;
        let mut algorithms = known.iter().filter(|(scheme, _)| *scheme == self.first.number()).flat_map(|(_, of)| *of);
        match algorithms.any(|algorithm| certificate.verify_signature(*algorithm, message, &signature).is_ok()) {
            true => Ok(()),
            false => Err(Error::setup(NO_PAIR)),
        }
    }
}

impl SigningKey for ExternalKey {
    fn choose_scheme(&self, offered: &[WireScheme]) -> Option<Box<dyn Signer>> {
        let scheme = *self.key.schemes().iter().find(|scheme| offered.contains(&scheme.number()))?;
        Some(Box::new(ExternalSigner { key: Arc::clone(&self.key), scheme }))
    }

    fn algorithm(&self) -> KeyKind {
        self.first.kind()
    }
}

/// An external key with the scheme of one signature.
#[derive(Debug)]
struct ExternalSigner {
    key: Arc<dyn ClientKey>,
    scheme: SignatureScheme,
}

impl Signer for ExternalSigner {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rustls::Error> {
        let signed = self.key.sign(self.scheme, message);
        signed.map_err(|error| rustls::Error::General(format!("the client's key does not sign: {error}")))
    }

    fn scheme(&self) -> WireScheme {
        self.scheme.number()
    }
}
