//! The library's errors, as causes.
//!
//! The numbers are those of `sslerr.h` and `x509_vfy.h`, which are the same in 1.1 and 3.

use super::api::{Api, ERR_LIB_SSL, QueuedError};
use crate::beneath::Beneath;
use crate::tls::cause::{Stage, TlsCause, TlsFailure, of_alert};
use crate::tls::certificate::Chain;
use std::ffi::{c_int, c_long, c_ulong};
use std::io;
use std::time::SystemTime;

/// How a call of the library ended.
pub(super) enum Outcome {
    Done,
    /// It needs bytes of the server first.
    WantsInput,
    /// The server has closed the connection in order.
    Closed,
    Failed(Vec<QueuedError>),
}

/// The outcome by `SSL_get_error`.
pub(super) fn outcome(code: c_int, errors: impl FnOnce() -> Vec<QueuedError>) -> Outcome {
    match code {
        // SSL_ERROR_WANT_READ
        2 => Outcome::WantsInput,
        // SSL_ERROR_ZERO_RETURN
        6 => Outcome::Closed,
        _ => Outcome::Failed(errors()),
    }
}

/// The failure behind errors of the library.
pub(super) fn failure(
    api: &Api,
    peer: &str,
    queued: &[QueuedError],
    verified: c_long,
    stage: Stage,
    chain: &[Vec<u8>],
) -> io::Error {
    let known = queued.iter().filter(|error| error.library == ERR_LIB_SSL);
    let cause = known.clone().find_map(|error| of_reason(api, error.reason, verified, stage, &Chain::of(chain)));
    let cause = cause.unwrap_or_else(|| TlsCause::Other {
        words: queued.first().map_or_else(|| "no reason told".into(), |error| error.words.clone()),
    });
    io::Error::other(TlsFailure {
        peer: peer.to_string(),
        cause,
        backend: stage.backend,
        is_proxy: false,
        below: Beneath::default(),
    })
}

/// The cause for a reason of libssl.
fn of_reason(api: &Api, reason: c_ulong, verified: c_long, stage: Stage, chain: &Chain<'_>) -> Option<TlsCause> {
    Some(match reason {
        // CERTIFICATE_VERIFY_FAILED
        134 => of_verification(api, verified, chain),
        // SSL_AD_REASON_OFFSET and the number of the alert
        1000..=1255 => of_alert(u8::try_from(reason - 1000).ok()?, stage),
        // HTTPS_PROXY_REQUEST, HTTP_REQUEST, PACKET_LENGTH_TOO_LONG, UNKNOWN_PROTOCOL, WRONG_VERSION_NUMBER,
        // BAD_RECORD_TYPE
        155 | 156 | 198 | 252 | 267 | 443 if !stage.established => TlsCause::NotTls,
        // VERSION_TOO_HIGH, NO_PROTOCOLS_AVAILABLE, UNSUPPORTED_PROTOCOL, WRONG_SSL_VERSION, VERSION_TOO_LOW
        166 | 191 | 258 | 266 | 396 => TlsCause::NoVersion,
        // NO_SUITABLE_KEY_SHARE, NO_SUITABLE_SIGNATURE_ALGORITHM, NO_CIPHERS_AVAILABLE, NO_SHARED_CIPHER,
        // UNKNOWN_CIPHER_RETURNED, WRONG_CIPHER_RETURNED, NO_SUITABLE_GROUPS, UNSUPPORTED_ELLIPTIC_CURVE,
        // LEGACY_SIGALG_DISALLOWED_OR_UNSUPPORTED, WRONG_SIGNATURE_TYPE, NO_SHARED_SIGNATURE_ALGORITHMS, WRONG_CURVE,
        // NO_SHARED_GROUPS
        101 | 118 | 181 | 193 | 248 | 261 | 295 | 315 | 333 | 370 | 376 | 378 | 410 => TlsCause::NothingInCommon,
        // DH_KEY_TOO_SMALL, CA_KEY_TOO_SMALL, EE_KEY_TOO_SMALL
        394 | 397 | 399 => chain.short_key().unwrap_or(TlsCause::ShortKey { bits: None }),
        // UNEXPECTED_EOF_WHILE_READING
        294 if !stage.established => TlsCause::Closed,
        _ => return None,
    })
}

/// The cause for a result of verification.
fn of_verification(api: &Api, result: c_long, chain: &Chain<'_>) -> TlsCause {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
    let now = i64::try_from(now).unwrap_or(i64::MAX);
    match result {
        // CERT_NOT_YET_VALID
        9 => chain.not_yet_valid(now),
        // CERT_HAS_EXPIRED
        10 => chain.expired(now),
        // UNABLE_TO_GET_ISSUER_CERT, CERT_SIGNATURE_FAILURE (an authority of the same name with another key), DEPTH_ZERO_SELF_SIGNED_CERT, SELF_SIGNED_CERT_IN_CHAIN,
        // UNABLE_TO_GET_ISSUER_CERT_LOCALLY, UNABLE_TO_VERIFY_LEAF_SIGNATURE
        2 | 7 | 18..=21 => chain.untrusted(),
        // CERT_REVOKED
        23 => TlsCause::Revoked,
        // INVALID_PURPOSE
        26 if !chain.is_for_servers() => TlsCause::NotForServers,
        // HOSTNAME_MISMATCH, IP_ADDRESS_MISMATCH
        62 | 64 => chain.other_name(),
        // EE_KEY_TOO_SMALL, CA_KEY_TOO_SMALL
        66 | 67 => chain.short_key().unwrap_or(TlsCause::ShortKey { bits: None }),
        // CA_MD_TOO_WEAK
        68 => chain.weak_signature().unwrap_or(TlsCause::Signature { algorithm: "of a weak hash".into() }),
        _ => TlsCause::Other { words: format!("the certificate is not accepted: {}", api.verify_words(result)) },
    }
}
