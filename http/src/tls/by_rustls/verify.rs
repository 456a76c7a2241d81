//! The server's certificate: recorded, trusted or not, and verified.

use crate::presented::Presented;
use crate::tls::certificate::Chain;
use crate::tls::handshake;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, RootCertStore};
use rustls_platform_verifier::Verifier;
use std::sync::Arc;

/// A verifier that records what is presented, leaves the decision to another one, and takes a self-signed certificate
/// that was itself given as trusted.
#[derive(Debug)]
pub(super) struct RecordingVerifier {
    verifier: Arc<dyn ServerCertVerifier>,
    given: Vec<CertificateDer<'static>>,
    presented: Presented,
}

impl RecordingVerifier {
    pub(super) fn new(
        system: bool,
        roots: &[CertificateDer<'static>],
        provider: Arc<CryptoProvider>,
        presented: Presented,
    ) -> Result<Self, rustls::Error> {
        let verifier: Arc<dyn ServerCertVerifier> = if system {
            Arc::new(Verifier::new_with_extra_roots(roots.iter().cloned(), provider)?)
        } else {
            let mut store = RootCertStore::empty();
            for root in roots {
                store.add(root.clone())?;
            }
            let builder = WebPkiServerVerifier::builder_with_provider(Arc::new(store), provider);
            builder.build().map_err(|error| rustls::Error::General(error.to_string()))?
        };
        Ok(RecordingVerifier { verifier, given: roots.to_vec(), presented })
    }

    /// Whether the certificate is one that was given, for this name and for servers. Its dates were checked before it
    /// was refused as a CA's.
    fn is_given(&self, certificate: &CertificateDer<'_>, name: &ServerName<'_>) -> Result<bool, rustls::Error> {
        if !self.given.iter().any(|given| given == certificate) {
            return Ok(false);
        }
        let parsed = rustls::server::ParsedCertificate::try_from(certificate)?;
        rustls::client::verify_server_name(&parsed, name)?;
        match Chain::of(&[certificate.to_vec()]).is_for_servers() {
            true => Ok(true),
            false => Err(CertificateError::InvalidPurpose.into()),
        }
    }
}

impl ServerCertVerifier for RecordingVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let chain = std::iter::once(end_entity).chain(intermediates).map(|certificate| certificate.to_vec()).collect();
        handshake::presented(chain, &self.presented);
        match self.verifier.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now) {
            Err(error) if is_ca_as_server(&error) && self.is_given(end_entity, server_name)? => {
                Ok(ServerCertVerified::assertion())
            }
            decided => decided,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.verifier.verify_tls12_signature(message, cert, dss).inspect(|_| handshake::verified())
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.verifier.verify_tls13_signature(message, cert, dss).inspect(|_| handshake::verified())
    }

    fn supported_verify_schemes(&self) -> Vec<rustls::SignatureScheme> {
        self.verifier.supported_verify_schemes()
    }

    fn requires_raw_public_keys(&self) -> bool {
        self.verifier.requires_raw_public_keys()
    }

    fn root_hint_subjects(&self) -> Option<&[rustls::DistinguishedName]> {
        self.verifier.root_hint_subjects()
    }
}

/// Whether a certificate was refused only because it says that it is a CA's.
fn is_ca_as_server(error: &rustls::Error) -> bool {
    super::causes::path_error(error) == Some(&webpki::Error::CaUsedAsEndEntity)
}
