//! The errors of rustls, as causes.

use crate::tls::cause::{Stage, TlsCause, of_alert};
use crate::tls::certificate::{Chain, curve_in, signature_name};
use rustls::{CertificateError, Error, InvalidMessage, PeerIncompatible, PeerMisbehaved};
use std::time::SystemTime;

/// The cause of an error, where the server had presented these certificates.
pub(super) fn of(error: &Error, stage: Stage, chain: &[Vec<u8>]) -> TlsCause {
    let chain = Chain::of(chain);
    match error {
        Error::AlertReceived(alert) => of_alert(u8::from(*alert), stage),
        Error::InvalidCertificate(why) => of_certificate(why, error, &chain),
        Error::NoCertificatesPresented => TlsCause::Other { words: "the server presents no certificate".into() },
        Error::InvalidMessage(why) if !stage.established && is_no_tls(why) => TlsCause::NotTls,
        Error::PeerIncompatible(why) => match why {
            PeerIncompatible::ServerDoesNotSupportTls12Or13
            | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig
            | PeerIncompatible::Tls12NotOffered
            | PeerIncompatible::Tls12NotOfferedOrEnabled => TlsCause::NoVersion,
            _ => TlsCause::NothingInCommon,
        },
        Error::PeerMisbehaved(
            PeerMisbehaved::SelectedUnofferedCipherSuite
            | PeerMisbehaved::SelectedUnofferedKxGroup
            | PeerMisbehaved::IllegalHelloRetryRequestWithUnofferedNamedGroup
            | PeerMisbehaved::SignedHandshakeWithUnadvertisedSigScheme
            | PeerMisbehaved::SignedKxWithWrongAlgorithm,
        ) => TlsCause::NothingInCommon,
        other => TlsCause::Other { words: other.to_string() },
    }
}

/// The error of path building that rustls passes on as it is.
pub(super) fn path_error(error: &Error) -> Option<&webpki::Error> {
    match error {
        Error::InvalidCertificate(CertificateError::Other(below)) => below.0.downcast_ref(),
        _ => None,
    }
}

#[allow(deprecated)]
fn of_certificate(why: &CertificateError, error: &Error, chain: &Chain<'_>) -> TlsCause {
    let seconds = |time: &rustls::pki_types::UnixTime| i64::try_from(time.as_secs()).ok();
    match why {
        CertificateError::ExpiredContext { not_after, .. } => TlsCause::Expired { since: seconds(not_after) },
        CertificateError::Expired => chain.expired(now()),
        CertificateError::NotValidYetContext { not_before, .. } => TlsCause::NotYetValid { from: seconds(not_before) },
        CertificateError::NotValidYet => chain.not_yet_valid(now()),
        CertificateError::Revoked => TlsCause::Revoked,
        CertificateError::UnknownIssuer => chain.unknown_ca(),
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => chain.other_name(),
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => TlsCause::NotForServers,
        CertificateError::UnsupportedSignatureAlgorithmContext { signature_algorithm_id, .. } => {
            TlsCause::Signature { algorithm: signature_name(signature_algorithm_id) }
        }
        CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext {
            signature_algorithm_id,
            public_key_algorithm_id,
        } => match curve_in(public_key_algorithm_id) {
            Some(curve) => TlsCause::Key { kind: curve.into() },
            None => TlsCause::Signature { algorithm: signature_name(signature_algorithm_id) },
        },
        CertificateError::UnsupportedSignatureAlgorithm => {
            chain.unreadable().unwrap_or(TlsCause::Signature { algorithm: "of an unknown kind".into() })
        }
        // An authority of the same name with another key, if nothing else.
        CertificateError::BadSignature => {
            chain.short_key().or_else(|| chain.unreadable()).unwrap_or_else(|| chain.unknown_ca())
        }
        CertificateError::BadEncoding => {
            TlsCause::Other { words: "the certificate of the server cannot be read".into() }
        }
        CertificateError::UnhandledCriticalExtension => {
            TlsCause::Other { words: "the certificate has a critical extension that is not known".into() }
        }
        CertificateError::Other(below) => match path_error(error) {
            Some(webpki::Error::CaUsedAsEndEntity) => TlsCause::CaAsServer,
            Some(webpki::Error::UnsupportedCertVersion) => TlsCause::Version1,
            Some(_) if chain.is_version_1() => TlsCause::Version1,
            // The verifier of the platform has an error of its own for this.
            None if !chain.is_for_servers() => TlsCause::NotForServers,
            Some(path) => TlsCause::Other { words: format!("the certificate is not accepted: {path}") },
            None => TlsCause::Other { words: format!("the certificate is not accepted: {}", below.0) },
        },
        _ => TlsCause::Other { words: "the certificate is not accepted".into() },
    }
}

/// Whether the first bytes are none of TLS.
fn is_no_tls(why: &InvalidMessage) -> bool {
    matches!(
        why,
        InvalidMessage::InvalidContentType
            | InvalidMessage::UnknownProtocolVersion
            | InvalidMessage::MessageTooLarge
            | InvalidMessage::InvalidEmptyPayload
    )
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
