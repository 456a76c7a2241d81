//! Which authorities are trusted, and which library verifies what they sign.

use super::backend::TlsBackend;
use super::pem;
use crate::error::Error;
use cardwright_core::Code;
use rustls::pki_types::{CertificateDer, pem::PemObject as _};

/// The authorities whose certificates a server may present, and the library that does TLS.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    pub(super) without_system: bool,
    pub(super) roots: Vec<CertificateDer<'static>>,
    pub(super) backend: TlsBackend,
}

impl Trust {
    /// The authorities that the operating system trusts.
    #[must_use]
    pub fn system() -> Self {
        Self::default()
    }

    /// Only those that are added, without those of the operating system.
    #[must_use]
    pub fn only_added() -> Self {
        Trust { without_system: true, ..Self::default() }
    }

    /// Adds the certificates of a text in PEM. One that is self-signed is trusted itself, as a server's own
    /// certificate, for the names and the time that it is for.
    ///
    /// # Errors
    /// [`Error::Setup`] if the text holds no certificate, or one that cannot be read.
    pub fn add_pem(mut self, text: &[u8]) -> Result<Self, Error> {
        let before = self.roots.len();
        for certificate in CertificateDer::pem_slice_iter(&pem::plain(text)) {
            let certificate = certificate.map_err(|e| {
                Error::setup(Code::Certificate, format!("the certificate cannot be read: {e}")).caused_by(e)
            })?;
            self.roots.push(certificate.into_owned());
        }
        if self.roots.len() == before {
            return Err(Error::setup(
                Code::Certificate,
                "no certificate found: expected PEM, which begins with -----BEGIN CERTIFICATE-----",
            ));
        }
        Ok(self)
    }

    /// Takes this library for TLS. Default: [`TlsBackend::Rustls`].
    ///
    /// # Errors
    /// [`Error::Setup`] if it is not there: what to install, or that this operating system has none yet.
    pub fn backend(mut self, backend: TlsBackend) -> Result<Self, Error> {
        if backend == TlsBackend::System {
            super::system::check()
                .map_err(|why| Error::setup(Code::Setting, format!("TLS by the system's library: {why}")))?;
        }
        self.backend = backend;
        Ok(self)
    }
}
