//! The certificate by which a client shows who it is (TLS client authentication), with a key in a file
//! or in a token.
//!
//! That the key is the certificate's is checked when they are put together: a pair that does not fit is
//! an error here, and not a handshake that fails later.

use crate::error::Error;
use rustls::SignatureScheme as Wire;
use rustls::client::ResolvesClientCert;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem, pem::PemObject as _};
use rustls::sign::{CertifiedKey, Signer, SigningKey, SingleCertAndKey};
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

/// A certificate, those that vouch for it, and its key.
#[derive(Clone)]
pub struct ClientCertificate(Arc<CertifiedKey>);

/// A private key that only signs: in a smart card, a TPM, a module or another process.
pub trait ClientKey: fmt::Debug + Send + Sync {
    /// How it can sign, what it likes best first; all for the one kind of key that it is.
    fn schemes(&self) -> &[SignatureScheme];

    /// The signature of a message, which the scheme's hash is still to be taken of. The server waits for
    /// it, so a PIN that somebody must type first is better typed before.
    ///
    /// # Errors
    /// Why there is none; it becomes a part of the error of the request.
    fn sign(&self, scheme: SignatureScheme, message: &[u8]) -> Result<Vec<u8>, Box<dyn StdError + Send + Sync>>;
}

/// How a key signs, as TLS names it (RFC 8446, 4.2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignatureScheme {
    /// RSASSA-PSS with SHA-256, its salt as long as the hash.
    RsaPssSha256,
    /// The same with SHA-384.
    RsaPssSha384,
    /// The same with SHA-512.
    RsaPssSha512,
    /// RSASSA-PKCS1-v1_5 with SHA-256. Servers take it in TLS 1.2 alone.
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

const SCHEMES: [(SignatureScheme, Wire); 9] = [
    (SignatureScheme::RsaPssSha256, Wire::RSA_PSS_SHA256),
    (SignatureScheme::RsaPssSha384, Wire::RSA_PSS_SHA384),
    (SignatureScheme::RsaPssSha512, Wire::RSA_PSS_SHA512),
    (SignatureScheme::RsaPkcs1Sha256, Wire::RSA_PKCS1_SHA256),
    (SignatureScheme::RsaPkcs1Sha384, Wire::RSA_PKCS1_SHA384),
    (SignatureScheme::RsaPkcs1Sha512, Wire::RSA_PKCS1_SHA512),
    (SignatureScheme::EcdsaP256Sha256, Wire::ECDSA_NISTP256_SHA256),
    (SignatureScheme::EcdsaP384Sha384, Wire::ECDSA_NISTP384_SHA384),
    (SignatureScheme::Ed25519, Wire::ED25519),
];

impl ClientCertificate {
    /// Certificates in PEM, the client's own first, and its key in PEM: PKCS #8, PKCS #1 or SEC 1, and not
    /// encrypted. Both may stand in one text, which is then given twice.
    ///
    /// # Errors
    /// [`Error::Setup`] where one is missing or cannot be read, or the key is not that of the certificate.
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

    /// Certificates in PEM, the client's own first, and a key that is elsewhere. The key signs once, so that
    /// it is known to be the certificate's.
    ///
    /// # Errors
    /// [`Error::Setup`] where there is no certificate, or the key does not sign, or for another one.
    pub fn with_key(certificates: &[u8], key: Arc<dyn ClientKey>) -> Result<Self, Error> {
        let chain = chain(certificates)?;
        let elsewhere = Elsewhere::new(key)?;
        elsewhere.check(chain.first())?;
        Ok(ClientCertificate(Arc::new(CertifiedKey::new(chain, Arc::new(elsewhere)))))
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

/// A key that is elsewhere, as rustls wants it.
#[derive(Debug)]
struct Elsewhere {
    key: Arc<dyn ClientKey>,
    algorithm: rustls::SignatureAlgorithm,
}

impl Elsewhere {
    fn new(key: Arc<dyn ClientKey>) -> Result<Self, Error> {
        let schemes = wire(&*key);
        let Some((_, first)) = schemes.first() else {
            return Err(Error::setup("the client's key knows no scheme to sign by"));
        };
        let kind = |scheme: SignatureScheme| match scheme {
            SignatureScheme::EcdsaP256Sha256 | SignatureScheme::EcdsaP384Sha384 => rustls::SignatureAlgorithm::ECDSA,
            SignatureScheme::Ed25519 => rustls::SignatureAlgorithm::ED25519,
            _ => rustls::SignatureAlgorithm::RSA,
        };
        let algorithm = schemes.first().map_or(rustls::SignatureAlgorithm::Anonymous, |(scheme, _)| kind(*scheme));
        if schemes.iter().any(|(scheme, _)| kind(*scheme) != algorithm) {
            return Err(Error::setup(format!(
                "the client's key signs by {first:?} and by schemes of another kind of key"
            )));
        }
        Ok(Elsewhere { key, algorithm })
    }

    /// Signs something, and asks the certificate whether that is its key's signature.
    fn check(&self, own: Option<&CertificateDer<'_>>) -> Result<(), Error> {
        let wrong =
            |error: &dyn fmt::Display| Error::setup(format!("the client's certificate cannot be used: {error}"));
        let own = own.ok_or_else(|| wrong(&"there is none"))?;
        let certificate = webpki::EndEntityCert::try_from(own).map_err(|error| wrong(&error))?;
        let Some((scheme, wire)) = wire(&*self.key).into_iter().next() else { return Err(wrong(&"no scheme")) };
        let message = b"Cardwright: is this the key of the client's certificate?";
        let signature = self.key.sign(scheme, message);
        let signature = signature.map_err(|error| Error::setup(format!("the client's key does not sign: {error}")))?;
        let known = provider().signature_verification_algorithms.mapping;
        let algorithms = known.iter().find(|(its, _)| *its == wire).map_or(&[][..], |(_, algorithms)| algorithms);
        let fits = |algorithm: &&dyn rustls::pki_types::SignatureVerificationAlgorithm| {
            certificate.verify_signature(*algorithm, message, &signature).is_ok()
        };
        if algorithms.iter().any(fits) { Ok(()) } else { Err(Error::setup(NO_PAIR)) }
    }
}

/// The schemes of a key, and TLS's numbers for them.
fn wire(key: &dyn ClientKey) -> Vec<(SignatureScheme, Wire)> {
    let number = |scheme: &SignatureScheme| SCHEMES.iter().find(|(its, _)| its == scheme).copied();
    key.schemes().iter().filter_map(number).collect()
}

impl SigningKey for Elsewhere {
    fn choose_scheme(&self, offered: &[Wire]) -> Option<Box<dyn Signer>> {
        let (scheme, wire) = wire(&*self.key).into_iter().find(|(_, wire)| offered.contains(wire))?;
        Some(Box::new(Signing { key: Arc::clone(&self.key), scheme, wire }))
    }

    fn algorithm(&self) -> rustls::SignatureAlgorithm {
        self.algorithm
    }
}

/// One signature by a key that is elsewhere.
#[derive(Debug)]
struct Signing {
    key: Arc<dyn ClientKey>,
    scheme: SignatureScheme,
    wire: Wire,
}

impl Signer for Signing {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rustls::Error> {
        let signed = self.key.sign(self.scheme, message);
        signed.map_err(|error| rustls::Error::General(format!("the client's key does not sign: {error}")))
    }

    fn scheme(&self) -> Wire {
        self.wire
    }
}
