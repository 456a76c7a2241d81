//! Which cryptography is used: the one that the program has installed for its whole process, or ring.
//!
//! Hashes and random numbers come from it as the connections do, so that a program with a validated module (FIPS) has all
//! of TLS by that one. SHA-512, which no suite of TLS has, is ring's; not where the program's cryptography says that it is
//! validated (FIPS), which then has no channel binding to a certificate that is signed with SHA-512. MD4 and MD5 of NTLM and of Digest are nobody's: they are pure Rust, and a program that may not
//! have them leaves the feature `ntlm` out.

use crate::error::Error;
use rustls::crypto::CryptoProvider;
use rustls::crypto::hash::HashAlgorithm;
use std::sync::Arc;

/// The cryptography of this process.
///
/// # Errors
/// [`Error::Setup`] if the program has installed none, and ring is not built in.
pub(crate) fn provider() -> Result<Arc<CryptoProvider>, Error> {
    if let Some(installed) = CryptoProvider::get_default() {
        return Ok(Arc::clone(installed));
    }
    #[cfg(feature = "ring")]
    return Ok(Arc::new(rustls::crypto::ring::default_provider()));
    #[cfg(not(feature = "ring"))]
    Err(Error::setup(
        cardwright_core::Code::Setting,
        "there is no cryptography: the feature `ring` is not built in, and the program has installed no other by \
         CryptoProvider::install_default of rustls",
    ))
}

/// Its name for people.
pub(crate) fn name() -> &'static str {
    match CryptoProvider::get_default() {
        Some(installed) if installed.fips() => "rustls with the program's cryptography (FIPS)",
        Some(_) => "rustls with the program's cryptography",
        None if cfg!(feature = "ring") => "rustls with ring",
        None => "rustls without cryptography",
    }
}

/// The hash of some bytes; `None` where nothing at hand computes it.
pub(crate) fn hash(algorithm: HashAlgorithm, bytes: &[u8]) -> Option<Vec<u8>> {
    let provider = provider().ok()?;
    // The suites of TLS 1.3 and 1.2 bring SHA-256 and SHA-384.
    let known = provider.cipher_suites.iter().map(|suite| match suite {
        rustls::SupportedCipherSuite::Tls12(suite) => suite.common.hash_provider,
        rustls::SupportedCipherSuite::Tls13(suite) => suite.common.hash_provider,
    });
    let found = known.into_iter().find(|hash| hash.algorithm() == algorithm);
    found.map(|hash| hash.hash(bytes).as_ref().to_vec()).or_else(|| by_ring(algorithm, bytes))
}

/// SHA-512, which no suite has. Nothing where the program has installed validated cryptography.
#[cfg(feature = "ring")]
fn by_ring(algorithm: HashAlgorithm, bytes: &[u8]) -> Option<Vec<u8>> {
    if CryptoProvider::get_default().is_some_and(|installed| installed.fips()) {
        tracing::warn!(
            ?algorithm,
            "a hash is left out, with the channel binding by it: the program's cryptography (FIPS) does not bring it"
        );
        return None;
    }
    let known = match algorithm {
        HashAlgorithm::SHA256 => &ring::digest::SHA256,
        HashAlgorithm::SHA384 => &ring::digest::SHA384,
        HashAlgorithm::SHA512 => &ring::digest::SHA512,
        _ => return None,
    };
    Some(ring::digest::digest(known, bytes).as_ref().to_vec())
}

#[cfg(not(feature = "ring"))]
fn by_ring(_: HashAlgorithm, _: &[u8]) -> Option<Vec<u8>> {
    None
}

/// Fills a buffer with random bytes.
///
/// # Errors
/// In words.
pub(crate) fn random(bytes: &mut [u8]) -> Result<(), &'static str> {
    let provider = provider().map_err(|_| "there is no cryptography: the feature `ring` is not built in")?;
    provider.secure_random.fill(bytes).map_err(|_| "the system gives no random bytes")
}
