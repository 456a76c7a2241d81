//! The server's certificate: who signed it, until when it holds, and whether it is trusted.

use super::answer::Asker;
use super::report::Checks;
use crate::due::{date, days_until, due, now};
use crate::failure::Kind;
use crate::hint;
use crate::target::Target;
use cardwright_client::http::{Error, Raw, TlsCause, client_certificate_page, error_words};
use cardwright_core::base::is_loopback;
use cardwright_core::date::Moment;
use x509_parser::prelude::{FromDer as _, X509Certificate, X509Name};

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
        if let Some(error) = error {
            let next = hint::after_request(error).unwrap_or("does the server speak TLS on this port?".into());
            checks.fail("TLS", kind(error), error.unmasked().to_string(), next);
            return None;
        }
        checks.warn("TLS", "the server's certificate cannot be read", "have its certificate looked at");
        return Some(());
    };
    let ends = own.validity().not_after.timestamp();
    let (shown, _) = due(&date(Moment::from_seconds(ends)), now());
    let seen = format!("{}, signed by {}, until {shown}", named(own.subject()), named(own.issuer()));
    match error.filter(|error| error.tls_failure().is_some()) {
        Some(error) => {
            let next = hint::after_request(error).unwrap_or("have the server's settings of TLS looked at".into());
            checks.fail("TLS", kind(error), format!("{seen}; {}", error.unmasked()), next);
            None
        }
        None => {
            let days = days_until(Moment::from_seconds(ends), now());
            let by = if target.has_ca { "trusted (--ca)" } else { "trusted" };
            match days {
                ..=30 => checks.warn("TLS", format!("{seen}; {by}"), "the server needs a new certificate soon"),
                _ => checks.ok("TLS", format!("{seen}; {by}")),
            }
            Some(())
        }
    }
}

/// Looks whether an answer is a page about the client's certificate.
pub(super) fn page(checks: &mut Checks<'_>, answer: &Raw) -> Option<()> {
    let Some(page) = client_certificate_page(answer.status, &answer.body) else { return Some(()) };
    let seen = format!("the server answers by {} (status {})", error_words(&answer.body), answer.status);
    checks.fail("TLS", Kind::NotAllowed, seen, hint::tls::on_page(page));
    None
}

fn kind(error: &Error) -> Kind {
    match error.tls_cause() {
        Some(
            TlsCause::ClientCertificateMissing
            | TlsCause::ClientCertificateRefused { .. }
            | TlsCause::ClientCertificateLater { .. },
        ) => Kind::NotAllowed,
        _ => Kind::NoConnection,
    }
}

/// The common name, or the whole name where it has none.
fn named(name: &X509Name<'_>) -> String {
    match name.iter_common_name().next().and_then(|common| common.as_str().ok()) {
        Some(common) => format!("\"{common}\""),
        None => format!("\"{name}\""),
    }
}
