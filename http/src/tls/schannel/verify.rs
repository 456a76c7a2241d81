//! The server's certificate: trusted or not, for servers, and for the name.
//!
//! CryptoAPI builds and verifies the chain, as it does for rustls on Windows; the name is compared as with rustls, by
//! subjectAltName alone (RFC 9525, 2).

use super::chain::{Engine, Store, policy_error};
use super::security::words;
use crate::tls::cause::TlsCause;
use crate::tls::certificate::Chain;
use rustls::pki_types::{CertificateDer, ServerName};
use std::time::SystemTime;
use windows_sys::Win32::Foundation::{
    CERT_E_CHAINING, CERT_E_EXPIRED, CERT_E_PURPOSE, CERT_E_REVOKED, CERT_E_UNTRUSTEDCA, CERT_E_UNTRUSTEDROOT,
    CERT_E_VALIDITYPERIODNESTING, CERT_E_WRONG_USAGE, CRYPT_E_REVOKED, TRUST_E_CERT_SIGNATURE,
};

/// Which authorities are trusted.
pub(super) struct Roots {
    /// Given ones, in DER.
    pub(super) added: Vec<Vec<u8>>,
    /// Whether those of Windows are trusted too.
    pub(super) system: bool,
}

/// Verifies the certificates that a server presented, its own first.
///
/// # Errors
/// Why they are not accepted.
pub(super) fn verify(presented: &[Vec<u8>], name: &ServerName<'_>, roots: &Roots) -> Result<(), TlsCause> {
    let chain = Chain::of(presented);
    let decided = match decide(presented, roots) {
        Some(0) => Ok(()),
        Some(error) => Err(cause(error, &chain)),
        None => Err(TlsCause::Other { words: "Windows cannot verify the certificate".into() }),
    };
    decided?;
    match for_name(presented, name) {
        Ok(()) => Ok(()),
        Err(webpki::Error::CertNotValidForName(_)) => Err(chain.other_name()),
        Err(_) if chain.is_version_1() => Err(TlsCause::Version1),
        Err(why) => Err(TlsCause::Other { words: format!("the certificate is not accepted: {why}") }),
    }
}

/// The error of Windows, which is 0 if the certificate is trusted: by those that were added, or else by the system's.
fn decide(presented: &[Vec<u8>], roots: &Roots) -> Option<i32> {
    let (first, rest) = presented.split_first()?;
    let mut others = Store::new()?;
    let own = others.add(first)?;
    for one in rest {
        // One that cannot be read leads nowhere.
        drop(others.add(one));
    }
    let mut decided = CERT_E_UNTRUSTEDROOT;
    if !roots.added.is_empty() {
        let mut store = Store::new()?;
        for root in &roots.added {
            store.add(root)?;
        }
        decided = policy_error(Some(&Engine::only(&store)?), &own, &others)?;
    }
    if roots.system && is_unknown(decided) {
        decided = policy_error(None, &own, &others)?;
    }
    Some(decided)
}

/// Whether the chain does not end in one that is trusted.
fn is_unknown(error: i32) -> bool {
    matches!(error, CERT_E_UNTRUSTEDROOT | CERT_E_CHAINING | CERT_E_UNTRUSTEDCA)
}

fn for_name(presented: &[Vec<u8>], name: &ServerName<'_>) -> Result<(), webpki::Error> {
    let own = CertificateDer::from(presented.first().map_or(&[][..], Vec::as_slice));
    webpki::EndEntityCert::try_from(&own)?.verify_is_valid_for_subject_name(name)
}

/// The cause behind an error of Windows.
fn cause(error: i32, chain: &Chain<'_>) -> TlsCause {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
    let now = i64::try_from(now).unwrap_or(i64::MAX);
    match error {
        CERT_E_EXPIRED | CERT_E_VALIDITYPERIODNESTING => match chain.not_yet_valid(now) {
            later @ TlsCause::NotYetValid { from: Some(_) } => later,
            _ => chain.expired(now),
        },
        error if is_unknown(error) => chain.unknown_ca(),
        CRYPT_E_REVOKED | CERT_E_REVOKED => TlsCause::Revoked,
        CERT_E_WRONG_USAGE | CERT_E_PURPOSE if !chain.is_for_servers() => TlsCause::NotForServers,
        // An authority of the same name with another key, if nothing else.
        TRUST_E_CERT_SIGNATURE => {
            chain.short_key().or_else(|| chain.unreadable()).unwrap_or_else(|| chain.unknown_ca())
        }
        other => TlsCause::Other { words: format!("the certificate is not accepted: {}", words(other)) },
    }
}
