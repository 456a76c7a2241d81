//! Why a connection could not be secured, as a fact and in words.
//!
//! Both backends say the same: what a person does next depends on the cause, and not on the library that found it.

use super::backend::TlsBackend;
use crate::beneath::Beneath;
use cardwright_core::date::Moment;
use std::fmt;

/// A failure of TLS.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TlsFailure {
    /// The host that was to prove its identity: the server, or a proxy with an `https` address.
    pub peer: String,
    /// The cause.
    pub cause: TlsCause,
    /// The library that did TLS.
    pub backend: TlsBackend,
    /// Whether that host is a proxy on the way, and not the server.
    pub is_proxy: bool,
    /// The library's own error, if it is one of Rust.
    pub(super) below: Beneath,
}

/// The cause of a failure of TLS. Times are in seconds since 1970 (UTC).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum TlsCause {
    /// No authority that is trusted has signed the certificate.
    UnknownCa {
        /// Who signed the last certificate that was presented; empty if that cannot be read.
        issuer: String,
    },
    /// The certificate is signed by its own key, and was not itself given as trusted.
    SelfSigned,
    /// A certificate has expired.
    Expired {
        /// When it did.
        since: Option<i64>,
    },
    /// A certificate is not valid yet, by this machine's clock.
    NotYetValid {
        /// When it will be.
        from: Option<i64>,
    },
    /// The certificate is for other names than the one in the address (RFC 9525).
    OtherName {
        /// The names and addresses that it is for, at least one.
        names: Vec<String>,
    },
    /// The certificate has no subjectAltName, and so names no host (RFC 9525, 2).
    NoAltName,
    /// The certificate says that it is a CA's (RFC 5280, 4.2.1.9), and was not itself given as trusted.
    CaAsServer,
    /// The certificate is of X.509 version 1, which has no extensions (RFC 5280, 4.1.2.1).
    Version1,
    /// The certificate may not be used by a server (RFC 5280, 4.2.1.12).
    NotForServers,
    /// A certificate was revoked.
    Revoked,
    /// A certificate is signed by an algorithm that is too weak, or not known.
    Signature {
        /// The algorithm, such as `SHA-1` or an object identifier.
        algorithm: String,
    },
    /// A key is too short.
    ShortKey {
        /// Its bits, where that can be read.
        bits: Option<usize>,
    },
    /// A key is of a kind that this backend does not support.
    Key {
        /// The kind, such as `P-521`.
        kind: String,
    },
    /// No cipher suite, key exchange, curve or signature algorithm in common.
    NothingInCommon,
    /// No version of TLS in common.
    NoVersion,
    /// The server demands a client certificate, and there is none.
    ClientCertificateMissing,
    /// The server does not accept the client's certificate.
    ClientCertificateRefused {
        /// Its alert (RFC 8446, 6.2), such as `unknown_ca`.
        alert: String,
    },
    /// The server asks for a client certificate after the handshake, which this backend cannot answer.
    ClientCertificateLater {
        /// Whether there is one to show.
        given: bool,
    },
    /// The server has nothing under the name in the address (RFC 6066, 3).
    NameUnknown,
    /// What answers is not TLS.
    NotTls,
    /// The connection was closed in the handshake.
    Closed,
    /// Another alert of the server (RFC 8446, 6).
    Alert {
        /// Its name, such as `internal_error`.
        alert: String,
    },
    /// Anything else, in the library's words.
    Other {
        /// The words.
        words: String,
    },
}

impl TlsFailure {
    /// That a host has no name that a certificate could be for.
    pub(super) fn no_name(peer: &str, backend: TlsBackend) -> Self {
        let words = "this is no name that a certificate can be for".to_string();
        TlsFailure {
            peer: peer.to_string(),
            cause: TlsCause::Other { words },
            backend,
            is_proxy: false,
            below: Beneath::default(),
        }
    }

    /// The same failure of a proxy on the way.
    pub(crate) fn of_proxy(self) -> Self {
        TlsFailure { is_proxy: true, ..self }
    }

    /// Whether the other backend, [`TlsBackend::System`], may get further.
    #[must_use]
    pub fn system_may_help(&self) -> bool {
        self.backend == TlsBackend::Rustls
            && matches!(
                self.cause,
                TlsCause::NothingInCommon
                    | TlsCause::Key { .. }
                    | TlsCause::ClientCertificateLater { .. }
                    | TlsCause::Other { .. }
            )
    }
}

impl fmt::Display for TlsFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let peer = &self.peer;
        match &self.cause {
            TlsCause::UnknownCa { issuer } if issuer.is_empty() => {
                write!(f, "the certificate of {peer} is not signed by a CA that is trusted")
            }
            TlsCause::UnknownCa { issuer } => {
                write!(f, "the certificate of {peer} is signed by {issuer}, which is not trusted")
            }
            TlsCause::SelfSigned => write!(f, "the certificate of {peer} is self-signed, and is not trusted"),
            TlsCause::Expired { since } => write!(f, "the certificate of {peer} has expired{}", on(*since)),
            TlsCause::NotYetValid { from } => {
                write!(
                    f,
                    "the certificate of {peer} is not valid yet{}",
                    from.map_or(String::new(), |from| { format!(", but from {} on", date(from)) })
                )
            }
            TlsCause::OtherName { names } => {
                write!(f, "the certificate is not for the name {peer}, but for {}", names.join(", "))
            }
            TlsCause::NoAltName => {
                write!(f, "the certificate of {peer} has no subjectAltName, so it is for no name (RFC 9525)")
            }
            TlsCause::CaAsServer => {
                write!(f, "the certificate of {peer} says that it is a CA certificate (CA:TRUE), and not a server's")
            }
            TlsCause::Version1 => write!(f, "the certificate of {peer} is of X.509 version 1"),
            TlsCause::NotForServers => write!(f, "the certificate of {peer} is not for servers (extended key usage)"),
            TlsCause::Revoked => write!(f, "the certificate of {peer} was revoked"),
            TlsCause::Signature { algorithm } => {
                write!(
                    f,
                    "a certificate of {peer} is signed by the signature algorithm {algorithm}, which is not accepted"
                )
            }
            TlsCause::ShortKey { bits: Some(bits) } => write!(f, "the key of {peer} is too short ({bits} bits)"),
            TlsCause::ShortKey { bits: None } => write!(f, "a key in the certificates of {peer} is too short"),
            TlsCause::Key { kind } => {
                write!(f, "the certificates of {peer} need keys of the kind {kind}, which are not supported here")
            }
            TlsCause::NothingInCommon => {
                write!(f, "no cipher suite, key exchange, curve or signature algorithm in common with {peer}")
            }
            TlsCause::NoVersion => write!(f, "no version of TLS in common with {peer}: it takes none from TLS 1.2 on"),
            TlsCause::ClientCertificateMissing => {
                write!(f, "{peer} demands a client certificate, and none was given")
            }
            TlsCause::ClientCertificateRefused { alert } => {
                write!(f, "{peer} does not accept the client certificate (alert {alert})")
            }
            TlsCause::ClientCertificateLater { .. } => write!(
                f,
                "{peer} asks for a client certificate after the handshake (renegotiation), which is not supported here"
            ),
            TlsCause::NameUnknown => {
                write!(f, "the server has nothing under the name {peer} (alert unrecognized_name)")
            }
            TlsCause::NotTls => write!(f, "what {peer} answers is not TLS"),
            TlsCause::Closed => write!(f, "{peer} closed the connection in the handshake of TLS"),
            TlsCause::Alert { alert } => write!(f, "{peer} ended TLS with the alert {alert}"),
            TlsCause::Other { words } => write!(f, "TLS with {peer}: {words}"),
        }
    }
}

impl std::error::Error for TlsFailure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.below.source()
    }
}

fn on(seconds: Option<i64>) -> String {
    seconds.map_or(String::new(), |seconds| format!(" on {}", date(seconds)))
}

fn date(seconds: i64) -> String {
    let (year, month, day) = Moment::from_seconds(seconds).ymd();
    format!("{year:04}-{month:02}-{day:02}")
}

/// The name of an alert (RFC 8446, 6; RFC 5246, 7.2).
pub(super) fn alert_name(number: u8) -> String {
    let name = ALERTS.iter().find(|(known, _)| *known == number).map(|(_, name)| (*name).to_string());
    name.unwrap_or_else(|| format!("number {number}"))
}

const ALERTS: &[(u8, &str)] = &[
    (0, "close_notify"),
    (10, "unexpected_message"),
    (20, "bad_record_mac"),
    (22, "record_overflow"),
    (40, "handshake_failure"),
    (42, "bad_certificate"),
    (43, "unsupported_certificate"),
    (44, "certificate_revoked"),
    (45, "certificate_expired"),
    (46, "certificate_unknown"),
    (47, "illegal_parameter"),
    (48, "unknown_ca"),
    (49, "access_denied"),
    (50, "decode_error"),
    (51, "decrypt_error"),
    (70, "protocol_version"),
    (71, "insufficient_security"),
    (80, "internal_error"),
    (86, "inappropriate_fallback"),
    (90, "user_canceled"),
    (100, "no_renegotiation"),
    (109, "missing_extension"),
    (110, "unsupported_extension"),
    (112, "unrecognized_name"),
    (115, "unknown_psk_identity"),
    (116, "certificate_required"),
    (120, "no_application_protocol"),
];

/// When an alert came, and what was known then.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stage {
    /// Whether the handshake was complete, as this side sees it.
    pub(super) established: bool,
    /// Whether the connection is TLS 1.3.
    pub(super) is_13: bool,
    /// Whether the server has asked for a client certificate.
    pub(super) asked: bool,
    /// Whether there is one to show.
    pub(super) given: bool,
    pub(super) backend: TlsBackend,
}

/// The cause behind an alert of the server.
pub(super) fn of_alert(number: u8, stage: Stage) -> TlsCause {
    let alert = alert_name(number);
    let later = TlsCause::ClientCertificateLater { given: stage.given };
    match number {
        116 => TlsCause::ClientCertificateMissing,
        // TLS 1.2 has no alert for a missing certificate. rustls declines every renegotiation, which servers take so.
        40 | 100 if stage.established && !stage.is_13 && !stage.asked && stage.backend == TlsBackend::Rustls => later,
        40 if stage.asked && stage.given => TlsCause::ClientCertificateRefused { alert },
        40 | 42 if stage.asked => TlsCause::ClientCertificateMissing,
        42..=46 | 48 | 49 | 51 if stage.asked && stage.given => TlsCause::ClientCertificateRefused { alert },
        43..=46 | 48 | 49 if stage.asked => TlsCause::ClientCertificateMissing,
        40 | 71 if !stage.established => TlsCause::NothingInCommon,
        70 => TlsCause::NoVersion,
        112 => TlsCause::NameUnknown,
        _ => TlsCause::Alert { alert },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alert_has_its_cause_by_when_it_came() {
        let first = Stage { established: false, is_13: false, asked: false, given: true, backend: TlsBackend::Rustls };
        assert_eq!(of_alert(40, first), TlsCause::NothingInCommon);
        assert_eq!((of_alert(70, first), of_alert(112, first)), (TlsCause::NoVersion, TlsCause::NameUnknown));
        let later = Stage { established: true, ..first };
        assert_eq!(of_alert(40, later), TlsCause::ClientCertificateLater { given: true });
        let asked = Stage { asked: true, ..first };
        assert_eq!(of_alert(48, asked), TlsCause::ClientCertificateRefused { alert: "unknown_ca".into() });
        let none = Stage { given: false, ..asked };
        assert_eq!(of_alert(40, none), TlsCause::ClientCertificateMissing);
        let after = Stage { established: true, is_13: true, ..none };
        assert_eq!(of_alert(116, after), TlsCause::ClientCertificateMissing);
        assert_eq!(of_alert(80, after), TlsCause::Alert { alert: "internal_error".into() });
        assert_eq!(of_alert(200, first), TlsCause::Alert { alert: "number 200".into() });
    }

    #[test]
    fn every_cause_is_told_in_words() {
        let causes = [
            TlsCause::Expired { since: Some(1_706_745_600) },
            TlsCause::NotYetValid { from: Some(1_706_745_600) },
            TlsCause::OtherName { names: vec!["a".into(), "b".into()] },
            TlsCause::ShortKey { bits: Some(1024) },
            TlsCause::Other { words: "odd".into() },
        ];
        let shown: Vec<String> = causes
            .into_iter()
            .map(|cause| {
                TlsFailure {
                    peer: "h".into(),
                    cause,
                    backend: TlsBackend::Rustls,
                    is_proxy: false,
                    below: Beneath::default(),
                }
                .to_string()
            })
            .collect();
        assert_eq!(
            shown,
            [
                "the certificate of h has expired on 2024-02-01",
                "the certificate of h is not valid yet, but from 2024-02-01 on",
                "the certificate is not for the name h, but for a, b",
                "the key of h is too short (1024 bits)",
                "TLS with h: odd",
            ]
        );
    }
}
