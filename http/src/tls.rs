//! TLS for ureq, by our own connector.
//!
//! ureq can trust the system's store or given certificates, but not both, and panics if a client key
//! does not match its certificate. So the handshake is done here, with rustls or, where that is asked for, with the
//! system's OpenSSL; ureq carries the bytes.

mod backend;
mod by_rustls;
mod cause;
pub(crate) mod certificate;
mod handshake;
#[cfg(not(all(unix, not(target_os = "macos"))))]
mod no_openssl;
#[cfg(all(unix, not(target_os = "macos")))]
mod openssl;
pub(crate) mod pem;
mod session;
pub(crate) mod system;
mod trust;

pub use backend::TlsBackend;
pub use cause::{TlsCause, TlsFailure};
pub use trust::Trust;

use crate::client_cert::ClientCertificate;
use crate::deadline::left;
use crate::error::Error;
use crate::presented::Presented;
use session::Session;
use std::io::{self, Read as _, Write as _};
use std::sync::{Arc, OnceLock};
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, Either, LazyBuffers, NextTimeout, Transport, TransportAdapter,
};

/// Wraps a connection to an `https` address in TLS. It is configured at the first such address, so that
/// a client of plain HTTP does not read the system's store; clones share the configuration.
#[derive(Debug, Clone)]
pub(crate) struct Tls {
    trust: Trust,
    client: Option<ClientCertificate>,
    presented: Presented,
    config: Arc<OnceLock<Config>>,
}

/// The settings of connections, for either library.
#[derive(Debug, Clone)]
enum Config {
    Rustls(Arc<rustls::ClientConfig>),
    System(Arc<system::Context>),
}

impl Tls {
    pub(crate) fn new(trust: Trust, client: Option<ClientCertificate>, presented: Presented) -> Self {
        Tls { trust, client, presented, config: Arc::default() }
    }

    /// Whether the client's certificate can be used by the library that was chosen.
    ///
    /// # Errors
    /// [`Error::Setup`] if it cannot.
    pub(crate) fn check(&self) -> Result<(), Error> {
        match (&self.client, self.trust.backend) {
            (None, _) => Ok(()),
            (Some(client), TlsBackend::Rustls) => client.for_rustls().map(|_| ()),
            (Some(_), TlsBackend::System) => self.config().map(|_| ()),
        }
    }

    fn config(&self) -> Result<Config, Error> {
        if let Some(config) = self.config.get() {
            return Ok(config.clone());
        }
        let config = self.make()?;
        Ok(self.config.get_or_init(|| config).clone())
    }

    fn make(&self) -> Result<Config, Error> {
        let wrong = |why: String| Error::setup(format!("TLS cannot be set up: {why}"));
        let (trust, system) = (&self.trust, !self.trust.without_system);
        Ok(match trust.backend {
            TlsBackend::Rustls => {
                let client = self.client.as_ref().map(ClientCertificate::for_rustls).transpose()?;
                let config = by_rustls::config(system, &trust.roots, client, &self.presented);
                Config::Rustls(Arc::new(config.map_err(|error| wrong(error.to_string()))?))
            }
            TlsBackend::System => {
                let client = match &self.client {
                    Some(client) => Some(system::Client { chain: client.chain().collect(), key: client.key()? }),
                    None => None,
                };
                let roots: Vec<&[u8]> = trust.roots.iter().map(AsRef::as_ref).collect();
                Config::System(Arc::new(system::Context::new(system, &roots, client).map_err(wrong)?))
            }
        })
    }

    fn open(&self, host: &str, socket: TransportAdapter) -> io::Result<Box<dyn Session>> {
        Ok(match self.config().map_err(io::Error::other)? {
            Config::Rustls(config) => {
                Box::new(by_rustls::Connection::open(config, self.client.is_some(), host, socket)?)
            }
            Config::System(context) => Box::new(system::Connection::open(&context, host, socket, &self.presented)?),
        })
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
        let mut socket = TransportAdapter::new(transport.boxed(), details.current_time.clone());
        socket.set_timeout(left(details.timeout, details.now)?);
        let session = self.open(host, socket).map_err(of_io)?;
        let buffers = LazyBuffers::new(details.config.input_buffer_size(), details.config.output_buffer_size());
        Ok(Some(Either::B(Encrypted { buffers, session })))
    }
}

/// An encrypted connection.
pub(crate) struct Encrypted {
    buffers: LazyBuffers,
    session: Box<dyn Session>,
}

impl Encrypted {
    /// The server's own certificate, in DER.
    pub(crate) fn certificate(&self) -> Option<Arc<[u8]>> {
        self.session.certificate()
    }
}

/// An error of a session, in which a failure of TLS or of a setting stands by itself.
fn of_io(error: io::Error) -> ureq::Error {
    let is_ours = error
        .get_ref()
        .is_some_and(|below| below.is::<TlsFailure>() || below.is::<Error>() || below.is::<rustls::Error>());
    if !is_ours {
        return error.into();
    }
    match error.into_inner() {
        Some(below) => ureq::Error::Other(below),
        None => ureq::Error::ConnectionFailed,
    }
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
        self.session.socket().set_timeout(timeout);
        let output = self.buffers.output().get(..amount).unwrap_or(&[]);
        self.session.write_all(output).map_err(of_io)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        self.session.socket().set_timeout(timeout);
        let amount = self.session.read(self.buffers.input_append_buf()).map_err(of_io)?;
        self.buffers.input_appended(amount);
        Ok(amount > 0)
    }

    fn is_open(&mut self) -> bool {
        self.session.socket().get_mut().is_open()
    }

    fn is_tls(&self) -> bool {
        true
    }
}
