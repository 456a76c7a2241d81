//! The server's certificate: who signed it, until when it holds, and whether it is trusted.

use super::answer::Asker;
use super::report::Checks;
use crate::date::{date, due, now};
use crate::failure::Kind;
use crate::hint;
use crate::target::Target;
use cardwright_client::http::Error;
use cardwright_core::Code;
use cardwright_core::base::is_loopback;
use cardwright_core::date::{DAY, Moment};
use x509_parser::prelude::{FromDer as _, GeneralName, X509Certificate, X509Name};

/// Who signed the server's certificate, until when it holds, and whether that is trusted.
pub(super) fn look(
    checks: &mut Checks<'_>,
    target: &Target,
    asker: &Asker,
    encrypted: bool,
    host: &str,
    error: Option<&Error>,
) -> Option<()> {
    if !encrypted {
        match is_loopback(host) {
            true => checks.ok("TLS", "none; the server is on this machine"),
            false => checks.warn("TLS", "none: passwords and cards travel in the clear", "use https:// in --url"),
        }
        return Some(());
    }
    let chain = asker.presented();
    let certificates: Vec<X509Certificate<'_>> = chain
        .iter()
        .filter_map(|der| X509Certificate::from_der(der).ok().map(|(_, certificate)| certificate))
        .collect();
    let Some(own) = certificates.first() else {
        if let Some(refusal) = error.and_then(Error::proxy_refusal) {
            checks.fail("proxy", Kind::NoConnection, refusal.to_string(), hint::proxy::refused(refusal));
            return None;
        }
        if let Some(error) = error {
            let next = match error.code() {
                Code::Tls => "does the server speak TLS 1.2 or newer on this port?",
                _ => "does the server speak TLS on this port?",
            };
            checks.fail("TLS", Kind::NoConnection, error.to_string(), next);
            return None;
        }
        checks.warn("TLS", "the server's certificate cannot be read", "have its certificate looked at");
        return Some(());
    };
    let ends = own.validity().not_after.timestamp();
    let (shown, _) = due(&date(Moment::from_seconds(ends)), now());
    let seen = format!("{}, signed by {}, until {shown}", named(own.subject()), named(own.issuer()));
    match error.filter(|error| error.code() == Code::Tls) {
        Some(error) if error.to_string().contains(WANTS_CERTIFICATE) => {
            let next = match target.has_certificate() {
                true => "is the certificate of --client-cert one that the server takes?",
                false => "give --client-cert FILE, with the certificate and its key as PEM",
            };
            let seen = format!("{seen}; the server wants another certificate of the client: {error}");
            checks.fail("TLS", Kind::NotAllowed, seen, next);
            None
        }
        Some(error) => {
            let message = error.to_string();
            let next = if ends < now().seconds {
                "the certificate has ended: the server needs a new one".to_string()
            } else if message.contains("NotValidForName") || message.contains("not valid for name") {
                format!("the certificate is for {}: use that name in --url", names(own))
            } else {
                let signer = certificates.last().map_or_else(String::new, |last| named(last.issuer()));
                format!("give --ca FILE with the certificate of {signer} as PEM, if that is your organisation's CA")
            };
            checks.fail("TLS", Kind::NoConnection, format!("{seen}; not trusted: {message}"), next);
            None
        }
        None => {
            let days = (ends - now().seconds).div_euclid(DAY);
            let by = if target.has_ca { "trusted, with --ca" } else { "trusted" };
            match days {
                ..=30 => checks.warn("TLS", format!("{seen}; {by}"), "the server needs a new certificate soon"),
                _ => checks.ok("TLS", format!("{seen}; {by}")),
            }
            Some(())
        }
    }
}

/// The alert of a server that is not content with what the client shows of itself, in TLS 1.3.
const WANTS_CERTIFICATE: &str = "CertificateRequired";

/// The common name, or the whole name where it has none.
fn named(name: &X509Name<'_>) -> String {
    match name.iter_common_name().next().and_then(|common| common.as_str().ok()) {
        Some(common) => format!("\"{common}\""),
        None => format!("\"{name}\""),
    }
}

/// The names that a certificate is for.
fn names(certificate: &X509Certificate<'_>) -> String {
    let mut names = Vec::new();
    if let Ok(Some(extension)) = certificate.subject_alternative_name() {
        for name in &extension.value.general_names {
            if let GeneralName::DNSName(name) = name {
                names.push(name.to_string());
            }
        }
    }
    if names.is_empty() { named(certificate.subject()) } else { names.join(", ") }
}
