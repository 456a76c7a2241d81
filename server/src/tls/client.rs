//! TLS to other servers: verified as the system verifies, with the certificates of the site besides.

use super::provider;
use rustls::ClientConfig;
use rustls::pki_types::{CertificateDer, pem::PemObject as _};
use rustls_platform_verifier::Verifier;
use std::sync::Arc;

/// Trusts the system's root certificates and these, in PEM.
///
/// # Errors
/// In words.
pub(crate) fn client(roots: Option<&[u8]>) -> Result<ClientConfig, String> {
    let mut extra = Vec::new();
    if let Some(pem) = roots {
        for certificate in CertificateDer::pem_slice_iter(pem) {
            extra.push(certificate.map_err(|error| format!("the certificates to trust: {error}"))?);
        }
        if extra.is_empty() {
            return Err("the certificates to trust: there is none in PEM".into());
        }
    }
    let wrong = |error: rustls::Error| format!("TLS cannot be set up: {error}");
    let verifier = Verifier::new_with_extra_roots(extra, provider()).map_err(wrong)?;
    Ok(ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(wrong)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth())
}
