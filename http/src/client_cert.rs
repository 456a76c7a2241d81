//! A client's certificate (TLS client authentication), with a key in a file or in a token.
//!
//! Certificate and key are checked against each other at once, so that a mismatch is an error here and
//! not a handshake that fails later.

use crate::error::Error;
use crate::secret::Secret;
use crate::tls::certificate::curve_in;
use crate::tls::pem::plain;
use crate::tls::system::key_files::{self, KeyFileError};
use cardwright_core::Code;
use rustls::SignatureAlgorithm as KeyKind;
use rustls::SignatureScheme as WireScheme;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem, pem::PemObject as _};
use rustls::sign::{CertifiedKey, Signer, SigningKey};
use std::error::Error as StdError;
use std::fmt;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;
use std::sync::Arc;
use zeroize::{Zeroize as _, Zeroizing};

/// The longest file that is read, in bytes.
const MOST: u64 = 16 << 20;

/// A certificate, its chain, and its key.
#[derive(Clone)]
pub struct ClientCertificate {
    chain: Arc<[CertificateDer<'static>]>,
    key: Key,
}

/// Its key.
#[derive(Clone)]
enum Key {
    /// In DER, and for rustls, or why rustls cannot use it.
    File(Arc<Zeroizing<Vec<u8>>>, Result<Arc<CertifiedKey>, String>),
    /// One that signs elsewhere.
    External(Arc<CertifiedKey>),
}

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
        Self::read(certificates, Some(key), None)
    }

    /// The contents of a file that may hold a key; they are wiped when they are dropped.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub fn load(file: &Path) -> io::Result<Zeroizing<Vec<u8>>> {
        let mut file = File::open(file)?;
        let size = usize::try_from(file.metadata()?.len()).unwrap_or(0).min(MOST as usize);
        // With room for all: what grows leaves copies behind.
        let mut bytes = Zeroizing::new(Vec::with_capacity(size + 64));
        file.by_ref().take(MOST).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Whether files, as for [`Self::read`], have a password: PKCS #12, and encrypted keys.
    #[must_use]
    pub fn has_password(certificates: &[u8], key: Option<&[u8]>) -> bool {
        is_pkcs12(certificates) || is_encrypted(&plain(key.unwrap_or(certificates)))
    }

    /// The contents of a file with the certificates in PEM, the client's own first, and of another one with the key;
    /// without the latter the key is in the first. The first may also be PKCS #12 (RFC 7292), which holds both.
    ///
    /// PKCS #12 and encrypted keys are read by the system's OpenSSL, whichever library does TLS then.
    ///
    /// # Errors
    /// [`Error::Setup`] if one is missing or cannot be read, the password is missing or wrong, or they do not match.
    pub fn read(certificates: &[u8], key: Option<&[u8]>, password: Option<&Secret>) -> Result<Self, Error> {
        if is_pkcs12(certificates) {
            return match key.filter(|key| *key != certificates) {
                Some(_) => {
                    Err(Error::setup(Code::Key, "a PKCS #12 file holds its key itself: leave the other file out"))
                }
                None => Self::from_pkcs12(certificates, password),
            };
        }
        if certificates.first() == Some(&0x30) {
            return Err(Error::setup(
                Code::Certificate,
                "the client's certificate is in DER: expected PEM (openssl x509 -in FILE -inform DER -out cert.pem)",
            ));
        }
        let chain = chain(&plain(certificates))?;
        let key = plain(key.unwrap_or(certificates));
        let key = match PrivateKeyDer::from_pem_slice(&key) {
            _ if is_encrypted(&key) => decrypted(&key, password)?,
            Ok(mut key) => {
                let copy = Zeroizing::new(key.secret_der().to_vec());
                key.zeroize();
                copy
            }
            Err(pem::Error::NoItemsFound) => {
                return Err(Error::setup(
                    Code::Key,
                    "no key for the client's certificate found: expected PEM, such as -----BEGIN PRIVATE KEY-----",
                ));
            }
            Err(other) => {
                return Err(
                    Error::setup(Code::Key, format!("the client's key cannot be read: {other}")).caused_by(other)
                );
            }
        };
        Self::of(chain, key)
    }

    /// A PKCS #12 file (`.p12`, `.pfx`) with its password; without one, an empty one is tried.
    fn from_pkcs12(file: &[u8], password: Option<&Secret>) -> Result<Self, Error> {
        let pair = key_files::pkcs12(file, password.map_or("", Secret::expose)).map_err(|error| {
            // Other than the password, it is the file itself, which holds both.
            let code = if error == KeyFileError::WrongPassword { Code::Key } else { Code::Certificate };
            Error::setup(
                code,
                match (error, password) {
                    (KeyFileError::WrongPassword, Some(_)) => "the password of the PKCS #12 file is wrong".to_string(),
                    (KeyFileError::WrongPassword, None) => format!("the PKCS #12 file is encrypted: {GIVE_PASSWORD}"),
                    (KeyFileError::Other(why), _) => format!(
                        "PKCS #12 is read by the system's OpenSSL: {why}; as PEM the file is read without: \
                     openssl pkcs12 -in FILE -out cert.pem -nodes"
                    ),
                },
            )
        })?;
        Self::of(pair.chain.into_iter().map(CertificateDer::from).collect(), pair.key)
    }

    /// A chain and its key, which are compared.
    fn of(chain: Vec<CertificateDer<'static>>, key: Zeroizing<Vec<u8>>) -> Result<Self, Error> {
        let pair = match PrivateKeyDer::try_from(key.as_slice()) {
            Ok(der) => match CertifiedKey::from_der(chain.clone(), der.clone_key(), &provider()) {
                Ok(pair) => Ok(Arc::new(pair)),
                Err(rustls::Error::InconsistentKeys(_)) => return Err(Error::setup(Code::Key, NO_PAIR)),
                Err(other) => Err(other.to_string()),
            },
            Err(why) => Err(why.to_string()),
        };
        let pair = pair.map_err(|why| match curve_in(&key) {
            Some(curve) => format!(
                "the client's key is on the curve {curve}, which rustls does not support: take a key on P-256 or \
                 P-384, or on Linux the system's OpenSSL (--tls system)"
            ),
            None => format!("the client's certificate and key cannot be used: {why}"),
        });
        Ok(ClientCertificate { chain: chain.into(), key: Key::File(Arc::new(key), pair) })
    }

    /// Certificates in PEM, the client's own first, and an external key, which signs once to check that it
    /// matches the certificate.
    ///
    /// # Errors
    /// [`Error::Setup`] if there is no certificate, or the key does not sign or does not match.
    pub fn with_key(certificates: &[u8], key: Arc<dyn ClientKey>) -> Result<Self, Error> {
        let chain = chain(&plain(certificates))?;
        let key = Arc::new(ExternalKey::new(key)?);
        let pair = CertifiedKey::new(chain.clone(), key.clone());
        key.check(&pair)?;
        Ok(ClientCertificate { chain: chain.into(), key: Key::External(Arc::new(pair)) })
    }

    /// The pair for rustls, with more certificates after the others.
    pub(crate) fn for_rustls(&self, more: &[&[u8]]) -> Result<Arc<CertifiedKey>, Error> {
        let pair = match &self.key {
            Key::File(_, Ok(pair)) | Key::External(pair) => Arc::clone(pair),
            Key::File(_, Err(why)) => return Err(Error::setup(Code::Key, why.clone())),
        };
        if more.is_empty() {
            return Ok(pair);
        }
        let more = more.iter().map(|der| CertificateDer::from(der.to_vec()));
        let chain = pair.cert.iter().cloned().chain(more).collect();
        Ok(Arc::new(CertifiedKey::new(chain, Arc::clone(&pair.key))))
    }

    /// The key in DER.
    pub(crate) fn key(&self) -> Result<&[u8], Error> {
        match &self.key {
            Key::File(key, _) => Ok(key),
            Key::External(_) => Err(Error::setup(
                Code::Key,
                "a client's key that signs elsewhere is used by rustls alone: leave the system's library for TLS out",
            )),
        }
    }

    /// The certificates in DER, the client's own first.
    pub fn chain(&self) -> impl Iterator<Item = &[u8]> {
        self.chain.iter().map(|certificate| certificate.as_ref())
    }
}

impl fmt::Debug for ClientCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientCertificate").field("certificates", &self.chain.len()).finish_non_exhaustive()
    }
}

const NO_PAIR: &str = "the key is not that of the client's certificate; of several certificates its own comes first";

fn chain(certificates: &[u8]) -> Result<Vec<CertificateDer<'static>>, Error> {
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(certificates).collect();
    let chain = read.map_err(|error| {
        Error::setup(Code::Certificate, format!("the client's certificate cannot be read: {error}")).caused_by(error)
    })?;
    match chain.is_empty() {
        true => Err(Error::setup(
            Code::Certificate,
            "no certificate for the client found: expected PEM, -----BEGIN CERTIFICATE-----",
        )),
        false => Ok(chain),
    }
}

/// How a password is given; the options are those of the command.
const GIVE_PASSWORD: &str = "give its password by --client-key-password-file FILE, --client-key-password-command COMMAND or \
     CARDWRIGHT_CLIENT_KEY_PASSWORD";

/// Whether a key in PEM is encrypted: PKCS #8 (RFC 7468, 11), or the older form (RFC 1421, 4.6.1.1).
fn is_encrypted(pem: &[u8]) -> bool {
    let has = |mark: &[u8]| pem.windows(mark.len()).any(|window| window == mark);
    has(b"-----BEGIN ENCRYPTED PRIVATE KEY-----") || has(b"Proc-Type: 4,ENCRYPTED")
}

/// An encrypted key, as PKCS #8 in DER.
fn decrypted(pem: &[u8], password: Option<&Secret>) -> Result<Zeroizing<Vec<u8>>, Error> {
    let Some(password) = password else {
        return Err(Error::setup(Code::Key, format!("the client's key is encrypted: {GIVE_PASSWORD}")));
    };
    key_files::pem_key(pem, password.expose()).map_err(|error| {
        Error::setup(
            Code::Key,
            match error {
                KeyFileError::WrongPassword => "the password of the client's key is wrong".to_string(),
                KeyFileError::Other(why) => format!(
                    "the client's key is encrypted, and is read by the system's OpenSSL: {why}; openssl pkey -in FILE \
                 -out key.pem takes the password off"
                ),
            },
        )
    })
}

/// Whether a file is PKCS #12: a sequence, in DER or with an open length, which begins with the version 3 (RFC 7292, 4).
fn is_pkcs12(file: &[u8]) -> bool {
    let rest = match file {
        [0x30, 0..=0x80, rest @ ..] | [0x30, 0x81, _, rest @ ..] => rest,
        [0x30, 0x82, _, _, rest @ ..] | [0x30, 0x83, _, _, _, rest @ ..] => rest,
        _ => return false,
    };
    rest.starts_with(&[0x02, 0x01, 0x03, 0x30])
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
            return Err(Error::setup(Code::Key, "the client's key knows no scheme to sign by"));
        };
        if key.schemes().iter().any(|scheme| scheme.kind() != first.kind()) {
            let why = format!("the client's key signs by {:?} and by schemes of another kind of key", first.number());
            return Err(Error::setup(Code::Key, why));
        }
        Ok(ExternalKey { key, first })
    }

    /// Signs a message, and verifies the signature with the certificate.
    fn check(&self, pair: &CertifiedKey) -> Result<(), Error> {
        let unusable = |error: String| {
            Error::setup(Code::Certificate, format!("the client's certificate cannot be used: {error}"))
        };
        let own = pair.end_entity_cert().map_err(|error| unusable(error.to_string()))?;
        let certificate = webpki::EndEntityCert::try_from(own).map_err(|error| unusable(error.to_string()))?;
        let message = b"Cardwright: is this the key of the client's certificate?";
        let signature = self.key.sign(self.first, message);
        let signature = signature.map_err(|error| {
            Error::setup(Code::Key, format!("the client's key does not sign: {error}")).caused_by(error)
        })?;
        let known = provider().signature_verification_algorithms.mapping;
        let mut algorithms = known.iter().filter(|(scheme, _)| *scheme == self.first.number()).flat_map(|(_, of)| *of);
        match algorithms.any(|algorithm| certificate.verify_signature(*algorithm, message, &signature).is_ok()) {
            true => Ok(()),
            false => Err(Error::setup(Code::Key, NO_PAIR)),
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
