//! TLS for ureq, by our own connector.
//!
//! ureq can trust the system's store or given certificates, but not both, and panics if a client key
//! does not match its certificate. So the handshake is done here, with rustls; ureq carries the bytes.

use crate::Error;
use crate::client_cert::ClientCertificate;
use crate::deadline::left;
use crate::presented::{Presented, RecordingVerifier};
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::pki_types::{CertificateDer, ServerName, pem::PemObject};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use rustls_platform_verifier::Verifier;
use std::io::{Read, Write};
use std::sync::Arc;
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, Either, LazyBuffers, NextTimeout, Transport, TransportAdapter,
};

/// The authorities whose certificates a server may present.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    without_system: bool,
    roots: Vec<CertificateDer<'static>>,
}

impl Trust {
    /// The authorities that the operating system trusts.
    pub fn system() -> Self {
        Self::default()
    }

    /// Only those that are added, without those of the operating system.
    pub fn only_added() -> Self {
        Trust { without_system: true, roots: Vec::new() }
    }

    /// Adds the certificates of a text in PEM.
    ///
    /// # Errors
    /// [`Error::Setup`] if the text holds no certificate, or one that cannot be read.
    pub fn add_pem(mut self, pem: &[u8]) -> Result<Self, Error> {
        let before = self.roots.len();
        for certificate in CertificateDer::pem_slice_iter(pem) {
            let certificate = certificate.map_err(|e| Error::setup(format!("the certificate cannot be read: {e}")))?;
            self.roots.push(certificate.into_owned());
        }
        if self.roots.len() == before {
            return Err(Error::setup(
                "no certificate found: expected PEM, which begins with -----BEGIN CERTIFICATE-----",
            ));
        }
        Ok(self)
    }

    fn config(&self, client: Option<&ClientCertificate>, presented: &Presented) -> Result<ClientConfig, Error> {
        let wrong = |e: &dyn std::fmt::Display| Error::setup(format!("TLS cannot be set up: {e}"));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(|e| wrong(&e))?;
        let verifier: Arc<dyn ServerCertVerifier> = if self.without_system {
            let mut store = RootCertStore::empty();
            for root in &self.roots {
                store.add(root.clone()).map_err(|e| wrong(&e))?;
            }
            WebPkiServerVerifier::builder_with_provider(Arc::new(store), provider).build().map_err(|e| wrong(&e))?
        } else {
            Arc::new(Verifier::new_with_extra_roots(self.roots.iter().cloned(), provider).map_err(|e| wrong(&e))?)
        };
        let recording = RecordingVerifier { verifier, presented: presented.clone() };
        let builder = builder.dangerous().with_custom_certificate_verifier(Arc::new(recording));
        Ok(match client {
            Some(certificate) => builder.with_client_cert_resolver(certificate.resolver()),
            None => builder.with_no_client_auth(),
        })
    }
}

/// Wraps a connection to an `https` address in TLS. It is configured at the first such address, so that
/// a client of plain HTTP does not read the system's store; clones share the configuration.
#[derive(Debug, Clone)]
pub(crate) struct Tls {
    trust: Trust,
    client: Option<ClientCertificate>,
    presented: Presented,
    config: Arc<std::sync::OnceLock<Arc<ClientConfig>>>,
}

impl Tls {
    pub(crate) fn new(trust: Trust, client: Option<ClientCertificate>, presented: Presented) -> Self {
        Tls { trust, client, presented, config: Arc::default() }
    }

    fn config(&self) -> Result<Arc<ClientConfig>, Error> {
        if let Some(config) = self.config.get() {
            return Ok(Arc::clone(config));
        }
        let config = Arc::new(self.trust.config(self.client.as_ref(), &self.presented)?);
        Ok(Arc::clone(self.config.get_or_init(|| config)))
    }
}

impl<In: Transport> Connector<In> for Tls {
    type Out = Either<In, Encrypted>;

    fn connect(&self, details: &ConnectionDetails<'_>, chained: Option<In>) -> Result<Option<Self::Out>, ureq::Error> {
        let Some(transport) = chained else { return Err(ureq::Error::ConnectionFailed) };
        if !details.needs_tls() || transport.is_tls() {
            return Ok(Some(Either::A(transport)));
        }
        let host = details.uri.host().unwrap_or("").trim_start_matches('[').trim_end_matches(']');
        let name = ServerName::try_from(host.to_string()).map_err(|e| ureq::Error::Other(e.into()))?;
        let config = self.config().map_err(|e| ureq::Error::Other(e.into()))?;
        let mut connection = ClientConnection::new(config, name).map_err(|e| ureq::Error::Other(e.into()))?;
        let mut socket = TransportAdapter::new(transport.boxed(), details.current_time.clone());
        socket.set_timeout(left(details.timeout, details.now)?);
        let handshake = connection.complete_io(&mut socket);
        handshake.map_err(|error| alert_or(&mut connection, &mut socket, error))?;
        let buffers = LazyBuffers::new(details.config.input_buffer_size(), details.config.output_buffer_size());
        Ok(Some(Either::B(Encrypted { buffers, stream: StreamOwned::new(connection, socket) })))
    }
}

/// An encrypted connection.
pub(crate) struct Encrypted {
    buffers: LazyBuffers,
    stream: StreamOwned<ClientConnection, TransportAdapter>,
}

impl Encrypted {
    /// The server's own certificate, in DER.
    pub(crate) fn certificate(&self) -> Option<Arc<[u8]>> {
        self.stream.conn.peer_certificates()?.first().map(|leaf| Arc::from(leaf.as_ref()))
    }
}

/// The server's TLS alert if it sent one before it closed the connection, else this error. A server that
/// refuses the client's certificate closes while the client still sends, in TLS 1.3 even after the
/// client's handshake is complete: its alert says more than a broken connection.
fn alert_or(connection: &mut ClientConnection, socket: &mut TransportAdapter, error: std::io::Error) -> std::io::Error {
    use std::io::ErrorKind;
    if matches!(error.kind(), ErrorKind::BrokenPipe | ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted) {
        for _ in 0..8 {
            if !matches!(connection.read_tls(socket), Ok(1..)) {
                break;
            }
            if let Err(alert) = connection.process_new_packets() {
                return std::io::Error::new(ErrorKind::InvalidData, alert);
            }
        }
    }
    error
}

impl std::fmt::Debug for Encrypted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Encrypted").finish_non_exhaustive()
    }
}

impl Transport for Encrypted {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        self.stream.get_mut().set_timeout(timeout);
        let output = self.buffers.output().get(..amount).unwrap_or(&[]);
        let sent = self.stream.write_all(output);
        sent.map_err(|error| alert_or(&mut self.stream.conn, &mut self.stream.sock, error).into())
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        self.stream.get_mut().set_timeout(timeout);
        let amount = self.stream.read(self.buffers.input_append_buf())?;
        self.buffers.input_appended(amount);
        Ok(amount > 0)
    }

    fn is_open(&mut self) -> bool {
        self.stream.get_mut().get_mut().is_open()
    }

    fn is_tls(&self) -> bool {
        true
    }
}
