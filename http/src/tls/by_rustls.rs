//! TLS by rustls, which is built in.

mod causes;
mod verify;

use super::backend::TlsBackend;
use super::cause::{Stage, TlsCause, TlsFailure};
use super::handshake::{self, Seen};
use super::session::{Session, is_broken};
use crate::beneath::Beneath;
use crate::presented::Presented;
use rustls::client::{ClientConfig, ClientConnection, ResolvesClientCert};
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::sign::CertifiedKey;
use rustls::{ProtocolVersion, SignatureScheme, StreamOwned};
use std::io::{self, ErrorKind, Read, Write};
use std::sync::Arc;
use ureq::unversioned::transport::TransportAdapter;
use verify::RecordingVerifier;

/// The settings of connections with these authorities, and those of the system where `system` is set.
///
/// # Errors
/// What cannot be used.
pub(super) fn config(
    system: bool,
    roots: &[CertificateDer<'static>],
    client: Option<Arc<CertifiedKey>>,
    presented: &Presented,
) -> Result<ClientConfig, rustls::Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions()?;
    let verifier = RecordingVerifier::new(system, roots, provider, presented.clone())?;
    let builder = builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier));
    Ok(builder.with_client_cert_resolver(Arc::new(Shown(client))))
}

/// The certificate that is shown where one is asked for.
#[derive(Debug)]
struct Shown(Option<Arc<CertifiedKey>>);

impl ResolvesClientCert for Shown {
    fn resolve(&self, _: &[&[u8]], schemes: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        handshake::asked();
        self.0.as_ref().filter(|pair| pair.key.choose_scheme(schemes).is_some()).cloned()
    }

    /// Always, to hear that one is asked for.
    fn has_certs(&self) -> bool {
        true
    }
}

/// A connection.
pub(super) struct Connection {
    stream: StreamOwned<ClientConnection, TransportAdapter>,
    peer: String,
    established: bool,
    asked: bool,
    given: bool,
}

impl Connection {
    /// Makes a connection to a host of this name or address, whose certificate must be for it. Tells what was seen too.
    ///
    /// # Errors
    /// A failure of TLS, or of the transport.
    pub(super) fn open(
        config: Arc<ClientConfig>,
        given: bool,
        host: &str,
        socket: TransportAdapter,
    ) -> (io::Result<Self>, Seen) {
        let name = ServerName::try_from(host.to_string());
        let name = name.map_err(|_| io::Error::other(TlsFailure::no_name(host, TlsBackend::Rustls)));
        let connection = name.and_then(|name| ClientConnection::new(config, name).map_err(io::Error::other));
        let stream = match connection {
            Ok(connection) => StreamOwned::new(connection, socket),
            Err(error) => return (Err(error), Seen::default()),
        };
        let mut this = Connection { stream, peer: host.to_string(), established: false, asked: false, given };
        handshake::begin();
        let done = this.stream.conn.complete_io(&mut this.stream.sock);
        let seen = handshake::end();
        this.asked = seen.asked;
        if let Err(error) = done {
            return (Err(this.failure(error, &seen.chain)), seen);
        }
        this.established = true;
        (Ok(this), seen)
    }

    /// The server's TLS alert if it sent one before it closed the connection, else this error. A server that refuses
    /// the client's certificate closes while the client still sends, in TLS 1.3 even after the client's handshake is
    /// complete: its alert says more than a broken connection.
    fn alert_or(&mut self, error: io::Error) -> io::Error {
        if is_broken(&error) {
            for _ in 0..8 {
                if !matches!(self.stream.conn.read_tls(&mut self.stream.sock), Ok(1..)) {
                    break;
                }
                if let Err(alert) = self.stream.conn.process_new_packets() {
                    return io::Error::new(ErrorKind::InvalidData, alert);
                }
            }
        }
        error
    }

    /// The cause behind an error of reading or writing, where TLS is the matter.
    fn failure(&mut self, error: io::Error, chain: &[Vec<u8>]) -> io::Error {
        let error = self.alert_or(error);
        let stage = Stage {
            established: self.established,
            is_13: self.stream.conn.protocol_version() == Some(ProtocolVersion::TLSv1_3),
            asked: self.asked,
            given: self.given,
            backend: TlsBackend::Rustls,
        };
        let cause = match error.get_ref().and_then(|below| below.downcast_ref::<rustls::Error>()) {
            Some(below) => causes::of(below, stage, chain),
            None if !self.established && (is_broken(&error) || error.kind() == ErrorKind::UnexpectedEof) => {
                TlsCause::Closed
            }
            None => return error,
        };
        io::Error::other(TlsFailure {
            peer: self.peer.clone(),
            cause,
            backend: stage.backend,
            is_proxy: false,
            below: Beneath::of_io(error),
        })
    }
}

impl Read for Connection {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.stream.read(buffer).map_err(|error| self.failure(error, &[]))
    }
}

impl Write for Connection {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.stream.write(bytes).map_err(|error| self.failure(error, &[]))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush().map_err(|error| self.failure(error, &[]))
    }
}

impl Session for Connection {
    fn socket(&mut self) -> &mut TransportAdapter {
        &mut self.stream.sock
    }

    fn certificate(&self) -> Option<Arc<[u8]>> {
        self.stream.conn.peer_certificates()?.first().map(|leaf| Arc::from(leaf.as_ref()))
    }
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connection").field("peer", &self.peer).finish_non_exhaustive()
    }
}
