//! TLS for ureq, by a connector of our own.
//!
//! ureq can trust the system's store or given certificates, but not both, and panics where a client
//! key does not fit its certificate. So the handshake is ours, on rustls; ureq carries the bytes.

use crate::Error;
use crate::client_cert::ClientCertificate;
use crate::presented::{Noting, Presented};
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

/// Whose certificates a server may show.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    without_system: bool,
    roots: Vec<CertificateDer<'static>>,
}

impl Trust {
    /// What the operating system trusts.
    pub fn system() -> Self {
        Self::default()
    }

    /// Only what is added, and not what the operating system trusts.
    pub fn only_added() -> Self {
        Trust { without_system: true, roots: Vec::new() }
    }

    /// Adds the certificates of a text in PEM.
    ///
    /// # Errors
    /// [`Error::Setup`] where there is no certificate in it, or one that cannot be read.
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

    fn config(&self, shown: Option<&ClientCertificate>, presented: &Presented) -> Result<ClientConfig, Error> {
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
        let noting = Noting { verifier, presented: presented.clone() };
        let builder = builder.dangerous().with_custom_certificate_verifier(Arc::new(noting));
        Ok(match shown {
            Some(certificate) => builder.with_client_cert_resolver(certificate.resolver()),
            None => builder.with_no_client_auth(),
        })
    }
}

/// Wraps a connection to an `https` address in TLS. The set-up is done at the first such address, so
/// that a client which speaks plain HTTP does not read the system's store; clones share it.
#[derive(Debug, Clone)]
pub(crate) struct Tls {
    trust: Trust,
    /// What the client shows of itself.
    shown: Option<ClientCertificate>,
    presented: Presented,
    config: Arc<std::sync::OnceLock<Arc<ClientConfig>>>,
}

impl Tls {
    pub(crate) fn new(trust: Trust, shown: Option<ClientCertificate>, presented: Presented) -> Self {
        Tls { trust, shown, presented, config: Arc::default() }
    }

    fn config(&self) -> Result<Arc<ClientConfig>, Error> {
        if let Some(config) = self.config.get() {
            return Ok(Arc::clone(config));
        }
        let config = Arc::new(self.trust.config(self.shown.as_ref(), &self.presented)?);
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
        socket.set_timeout(details.timeout);
        let shaken = connection.complete_io(&mut socket);
        shaken.map_err(|error| last_words(&mut connection, &mut socket, error))?;
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
    pub(crate) fn leaf(&self) -> Option<Arc<[u8]>> {
        self.stream.conn.peer_certificates()?.first().map(|leaf| Arc::from(leaf.as_ref()))
    }
}

/// What the server said before it closed, where that was an alert of TLS; else the error that was met.
/// A server that refuses the client's certificate closes while the client still sends, and in TLS 1.3
/// after the client took the handshake for done: what it said tells more than a broken connection.
fn last_words(connection: &mut ClientConnection, socket: &mut TransportAdapter, met: std::io::Error) -> std::io::Error {
    use std::io::ErrorKind;
    if matches!(met.kind(), ErrorKind::BrokenPipe | ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted) {
        for _ in 0..8 {
            if !matches!(connection.read_tls(socket), Ok(1..)) {
                break;
            }
            if let Err(alert) = connection.process_new_packets() {
                return std::io::Error::new(ErrorKind::InvalidData, alert);
            }
        }
    }
    met
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
        sent.map_err(|error| last_words(&mut self.stream.conn, &mut self.stream.sock, error).into())
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
