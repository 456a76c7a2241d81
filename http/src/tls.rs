//! TLS for ureq, by our own connector.
//!
//! ureq can trust the system's store or given certificates, but not both, and panics if a client key
//! does not match its certificate. So the handshake is done here, with rustls or, where that is asked for, with the
//! system's library (OpenSSL, or SChannel of Windows); ureq carries the bytes.

mod backend;
mod by_rustls;
mod cause;
pub(crate) mod certificate;
mod handshake;
#[cfg(not(all(unix, not(target_os = "macos"))))]
pub(crate) mod no_key_files;
#[cfg(not(any(windows, all(unix, not(target_os = "macos")))))]
mod no_openssl;
#[cfg(all(unix, not(target_os = "macos")))]
mod openssl;
pub(crate) mod pem;
#[cfg(windows)]
mod schannel;
mod session;
pub(crate) mod system;
mod trust;

pub use backend::TlsBackend;
pub use cause::{TlsCause, TlsFailure};
pub use trust::Trust;

use crate::client_cert::ClientCertificate;
use crate::deadline::left;
use crate::error::Error;
use crate::lock::lock;
use crate::presented::Presented;
use cardwright_core::Code;
use session::Session;
use std::io;
use std::sync::{Arc, Mutex};
use ureq::http::Uri;
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, Either, LazyBuffers, NextTimeout, Transport, TransportAdapter,
};

impl TlsBackend {
    /// The library's name, and its version where it is the system's, such as `OpenSSL 3.0.22 5 Aug 2026`; `None` where
    /// it is not there.
    #[must_use]
    pub fn library(self) -> Option<&'static str> {
        match self {
            TlsBackend::Rustls => Some("rustls with ring"),
            TlsBackend::System => system::version(),
        }
    }
}

/// Wraps a connection to an `https` address in TLS. It is configured at the first such address, so that
/// a client of plain HTTP does not read the system's store; clones share the configuration.
#[derive(Debug, Clone)]
pub(crate) struct Tls {
    trust: Trust,
    client: Option<ClientCertificate>,
    presented: Presented,
    config: Arc<Mutex<Option<Config>>>,
    /// The address of the proxy on the way, and the settings for it.
    proxy: Option<(Uri, Box<Tls>)>,
}

/// The settings of connections, for either library.
#[derive(Debug, Clone)]
enum Config {
    /// With whether a client's certificate that came without its chain may still be completed.
    Rustls(Arc<rustls::ClientConfig>, bool),
    System(Arc<system::Context>),
}

impl Tls {
    pub(crate) fn new(trust: Trust, client: Option<ClientCertificate>, presented: Presented) -> Self {
        Tls { trust, client, presented, config: Arc::default(), proxy: None }
    }

    /// The same, for connections through a proxy at this address: the client's certificate is for the server, and is
    /// not shown to the proxy.
    pub(crate) fn through(self, proxy: Uri) -> Self {
        let towards = Tls::new(self.trust.clone(), None, self.presented.clone());
        Tls { proxy: Some((proxy, Box::new(towards))), ..self }
    }

    /// Whether the client's certificate can be used by the library that was chosen.
    ///
    /// # Errors
    /// [`Error::Setup`] if it cannot.
    pub(crate) fn check(&self) -> Result<(), Error> {
        match (&self.client, self.trust.backend) {
            (None, _) => Ok(()),
            (Some(client), TlsBackend::Rustls) => client.for_rustls(&[]).map(|_| ()),
            (Some(_), TlsBackend::System) => self.config().map(|_| ()),
        }
    }

    fn config(&self) -> Result<Config, Error> {
        if let Some(config) = &*lock(&self.config) {
            return Ok(config.clone());
        }
        let config = match self.trust.backend {
            TlsBackend::Rustls => self.for_rustls(&[])?,
            TlsBackend::System => self.for_system()?,
        };
        Ok(lock(&self.config).get_or_insert(config).clone())
    }

    /// The settings for rustls, with more certificates after the client's own.
    fn for_rustls(&self, more: &[&[u8]]) -> Result<Config, Error> {
        let client = self.client.as_ref().map(|client| client.for_rustls(more)).transpose()?;
        let is_alone = more.is_empty() && client.as_ref().is_some_and(|client| client.cert.len() == 1);
        let (system, roots) = (!self.trust.without_system, &self.trust.roots);
        let config = by_rustls::config(system, roots, client, &self.presented);
        Ok(Config::Rustls(Arc::new(config.map_err(|error| cannot(&error).caused_by(error))?), is_alone))
    }

    fn for_system(&self) -> Result<Config, Error> {
        let client = match &self.client {
            Some(client) => Some(system::Client { chain: client.chain().collect(), key: client.key()? }),
            None => None,
        };
        let roots: Vec<&[u8]> = self.trust.roots.iter().map(AsRef::as_ref).collect();
        let context = system::Context::new(!self.trust.without_system, &roots, client);
        Ok(Config::System(Arc::new(context.map_err(|why| cannot(&why))?)))
    }

    /// Secures a connection; `None` if that is to be done anew, over another one.
    fn open(&self, host: &str, socket: TransportAdapter) -> io::Result<Option<Box<dyn Session>>> {
        let (config, may_complete) = match self.config().map_err(io::Error::other)? {
            Config::Rustls(config, may_complete) => (config, may_complete),
            Config::System(context) => {
                return system::open(&context, host, socket, &self.presented).map(Some);
            }
        };
        let (opened, seen) = by_rustls::Connection::open(config, self.client.is_some(), host, socket);
        if may_complete && seen.asked && seen.verified && self.complete(&seen.chain) {
            return Ok(None);
        }
        Ok(Some(Box::new(opened?)))
    }

    /// Completes a client's certificate that came without its chain by those of the server's certificates that lead
    /// to an authority: servers often know only the root. rustls asks for the client's certificates before the
    /// server's have arrived, so this helps the next connection. Returns whether there were any.
    fn complete(&self, presented: &[Vec<u8>]) -> bool {
        let own = self.client.as_ref().and_then(|client| client.chain().next()).unwrap_or(&[]);
        let more = certificate::chain_from(own, presented);
        if more.is_empty() {
            return false;
        }
        match self.for_rustls(&more) {
            Ok(config) => {
                *lock(&self.config) = Some(config);
                true
            }
            Err(_) => false,
        }
    }
}

fn cannot(why: &dyn std::fmt::Display) -> Error {
    Error::setup(Code::Certificate, format!("TLS cannot be set up: {why}"))
}

impl<In: Transport> Connector<In> for Tls {
    type Out = Either<In, Encrypted>;

    fn connect(&self, details: &ConnectionDetails<'_>, chained: Option<In>) -> Result<Option<Self::Out>, ureq::Error> {
        let Some(transport) = chained else { return Err(ureq::Error::ConnectionFailed) };
        if !details.needs_tls() || transport.is_tls() {
            return Ok(Some(Either::A(transport)));
        }
        if let Some((_, towards)) = self.proxy.as_ref().filter(|(proxy, _)| proxy == details.uri) {
            return towards.connect(details, Some(transport));
        }
        let host = details.uri.host().unwrap_or("").trim_start_matches('[').trim_end_matches(']');
        let mut socket = TransportAdapter::new(transport.boxed(), details.current_time.clone());
        socket.set_timeout(left(details.timeout, details.now)?);
        let encrypted = match self.open(host, socket).map_err(of_io)? {
            Some(session) => {
                let buffers = LazyBuffers::new(details.config.input_buffer_size(), details.config.output_buffer_size());
                handshake::leave(session.certificate());
                Encrypted::Here { buffers, session }
            }
            // A whole chain of connectors, within the same time limit; this one does not do it again.
            None => {
                let transport = (details.run_connector)(details)?;
                Encrypted::Anew { transport, certificate: handshake::left() }
            }
        };
        Ok(Some(Either::B(encrypted)))
    }
}

/// An encrypted connection.
pub(crate) enum Encrypted {
    /// Over the transport below.
    Here { buffers: LazyBuffers, session: Box<dyn Session> },
    /// Over another one, which was made in its place.
    Anew { transport: Box<dyn Transport>, certificate: Option<Arc<[u8]>> },
}

impl Encrypted {
    /// The server's own certificate, in DER.
    pub(crate) fn certificate(&self) -> Option<Arc<[u8]>> {
        match self {
            Encrypted::Here { session, .. } => session.certificate(),
            Encrypted::Anew { certificate, .. } => certificate.clone(),
        }
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
        match self {
            Encrypted::Here { buffers, .. } => buffers,
            Encrypted::Anew { transport, .. } => transport.buffers(),
        }
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        match self {
            Encrypted::Here { buffers, session } => {
                session.socket().set_timeout(timeout);
                session.write_all(buffers.output().get(..amount).unwrap_or(&[])).map_err(of_io)
            }
            Encrypted::Anew { transport, .. } => transport.transmit_output(amount, timeout),
        }
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        match self {
            Encrypted::Here { buffers, session } => {
                session.socket().set_timeout(timeout);
                let amount = session.read(buffers.input_append_buf()).map_err(of_io)?;
                buffers.input_appended(amount);
                Ok(amount > 0)
            }
            Encrypted::Anew { transport, .. } => transport.await_input(timeout),
        }
    }

    fn is_open(&mut self) -> bool {
        match self {
            Encrypted::Here { session, .. } => session.socket().get_mut().is_open(),
            Encrypted::Anew { transport, .. } => transport.is_open(),
        }
    }

    fn is_tls(&self) -> bool {
        true
    }
}
