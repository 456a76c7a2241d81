//! Connections that cannot be secured.

use super::step::Hint;
use cardwright_client::http::{ClientCertificatePage, Error, TlsBackend, TlsCause, TlsFailure};

/// The next step after an error of TLS, or a page that is about it.
pub(crate) fn after(error: &Error) -> Hint {
    if let Some(failure) = error.tls_failure() {
        let place = match error {
            _ if failure.is_proxy => "the proxy's address",
            Error::NoToken(_) => "--issuer",
            _ => "--url",
        };
        return failed(failure, place);
    }
    error.client_certificate_page().map(|page| on_page(page).into())
}

/// What to do about a failure of TLS with the host that is named in this place.
fn failed(failure: &TlsFailure, place: &str) -> Hint {
    let is_system = failure.backend == TlsBackend::System;
    Some(match &failure.cause {
        TlsCause::UnknownCa { .. } => {
            "a certificate of the organisation's own CA is given by --ca FILE, as PEM; if it was given, the server must send its intermediate certificates too".into()
        }
        TlsCause::CaAsServer | TlsCause::SelfSigned => {
            "if it is this server's own self-signed certificate, compare it with the administrator's and give it by --ca FILE"
                .into()
        }
        TlsCause::Expired { .. } => {
            "the server needs a new certificate: tell its administrator, unless this machine's clock is wrong".into()
        }
        TlsCause::NotYetValid { .. } => {
            "is this machine's clock right? if so, the server needs a certificate that holds today".into()
        }
        TlsCause::OtherName { names } => match names.iter().find(|name| !name.contains('*')) {
            Some(name) => format!("use the name {name} in {place}, or have the certificate issued anew with this one").into(),
            None => format!("use a name that the certificate is for in {place}, or have it issued anew with this one").into(),
        },
        TlsCause::NoAltName => "the server's certificate must be issued anew, with its names in subjectAltName".into(),
        TlsCause::Version1 => {
            "the server's certificate must be issued anew, as X.509 version 3 with its names in subjectAltName".into()
        }
        TlsCause::NotForServers => {
            "the server's certificate must be issued anew, with the extended key usage serverAuth".into()
        }
        TlsCause::Revoked => "do not go on: ask the server's administrator why its certificate was revoked".into(),
        TlsCause::Signature { .. } => {
            "the certificate must be issued anew, signed with SHA-256 or better: tell the server's administrator".into()
        }
        TlsCause::ShortKey { .. } => {
            "the server needs a key of 2048 bits or more (RSA), or on P-256: tell its administrator".into()
        }
        TlsCause::Key { .. } | TlsCause::NothingInCommon if !is_system => {
            "--tls system uses the system's library (OpenSSL, SChannel), which knows older cipher suites, RSA key exchange and P-521".into()
        }
        TlsCause::Key { .. } => "the server needs a certificate with a key on P-256 or P-384, or RSA of 2048 bits".into(),
        TlsCause::NothingInCommon => {
            "the server's cipher suites are older than the system's library allows: have TLS 1.2 with AES switched on there"
                .into()
        }
        TlsCause::NoVersion => {
            "the server takes only versions of TLS before 1.2, which are not used here: have TLS 1.2 switched on there".into()
        }
        TlsCause::ClientCertificateMissing => MISSING.into(),
        TlsCause::ClientCertificateRefused { .. } => REFUSED.into(),
        TlsCause::ClientCertificateLater { given: true } => {
            "--tls system uses the system's OpenSSL, which shows the client certificate after the handshake too".into()
        }
        TlsCause::ClientCertificateLater { given: false } => {
            "give --client-cert FILE with the certificate and its key, and --tls system, which shows it after the handshake too"
                .into()
        }
        TlsCause::NameUnknown => format!("use the name in {place} under which it is known").into(),
        TlsCause::NotTls if place == "--url" => {
            "is the port right? a server without TLS is addressed by http:// in --url, and shows passwords to all on the way"
                .into()
        }
        TlsCause::NotTls => format!("is the port in {place} right, and is it one for https?").into(),
        TlsCause::Closed => "is the port right, and is it one for https? a proxy or a firewall between may close too".into(),
        _ if failure.system_may_help() => "--tls system tries it by the system's library (OpenSSL, SChannel)".into(),
        _ => return None,
    })
}

/// What to do about a page that is about the client's certificate.
pub(crate) fn on_page(page: ClientCertificatePage) -> &'static str {
    match page {
        ClientCertificatePage::Missing => MISSING,
        ClientCertificatePage::Refused => REFUSED,
        _ => LATER,
    }
}

const MISSING: &str = "the server demands a client certificate: give --client-cert FILE with the certificate and its key (PEM or PKCS #12)";
const REFUSED: &str = "give --client-cert FILE with a client certificate that the server takes: of its own CA, and one that has not expired";
const LATER: &str = "the server asks for the client certificate after the handshake: --tls system with --client-cert FILE shows it then";
