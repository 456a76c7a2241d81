//! Which connection a request used, and whether it is still the same one.
//!
//! Windows authentication is a property of a connection. ureq silently opens a new connection when the
//! old one is gone, so connections are numbered here: the last link of the chain of connectors records
//! the number whenever something is sent. Between the legs of a sign-in, the first link refuses to open
//! another connection: the proof of a password goes only over the connection that asked for it.
//!
//! It is also known whether any byte of a request left. What is written while the chain of connectors still works
//! belongs to a connection that is being made: CONNECT to a proxy, which runs a whole chain of its own, and the
//! handshakes of TLS. Only what is written after that is the request's.

use crate::deadline::{Deadline, Limit, ListLimit, Waiting};
use crate::hidden::Hidden;
use crate::lock::lock;
use crate::tls::Encrypted;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;
use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, Either, NextTimeout, Transport};
use zeroize::Zeroize as _;

/// What is known of the connection of a slot. The slot, its agent and its connectors share it.
#[derive(Debug, Clone, Default)]
pub(crate) struct ConnectionInfo(Arc<Mutex<Info>>);

#[derive(Debug, Default)]
struct Info {
    number: u64,
    pinned: bool,
    refused: bool,
    /// How many chains of connectors are at work, one within the other: 0 when the connection stands.
    connecting: u32,
    /// Whether anything was written over a connection that stands, since [`ConnectionInfo::begin`].
    wrote: bool,
    /// How long the call may take.
    limit: Limit,
    /// How long the list may take that the call is one of.
    list: Option<ListLimit>,
    /// The values of headers that ureq has not seen.
    hidden: Hidden,
    /// The server's certificate, in DER.
    certificate: Option<Arc<[u8]>>,
}

impl ConnectionInfo {
    /// The number of the connection that was written to last; 0 before the first.
    pub(crate) fn number(&self) -> u64 {
        lock(&self.0).number
    }

    /// The server's certificate on that connection, in DER.
    pub(crate) fn certificate(&self) -> Option<Arc<[u8]>> {
        lock(&self.0).certificate.clone()
    }

    /// Begins a request, of which nothing was sent yet. A chain that failed before counts no longer.
    pub(crate) fn begin(&self, deadline: &Deadline, hidden: Hidden) {
        let mut info = lock(&self.0);
        info.hidden = hidden;
        (info.connecting, info.wrote, info.limit, info.list) = (0, false, deadline.into(), deadline.list());
    }

    /// The answer has begun, and is read from now on.
    pub(crate) fn begin_body(&self) {
        lock(&self.0).limit.begin_body();
    }

    /// A limit of a part of the call, within that of the call.
    pub(crate) fn cap(&self, limit: NextTimeout) -> Result<NextTimeout, ureq::Error> {
        let info = lock(&self.0);
        let limit = info.limit.cap(limit)?;
        info.list.as_ref().map_or(Ok(limit), |list| list.cap(limit))
    }

    /// Counts the time until this is dropped for the list that the call is one of.
    fn wait(&self) -> Option<Waiting> {
        lock(&self.0).list.as_ref().map(ListLimit::wait)
    }

    /// Whether any byte of the request may have left. A write that failed counts, as part of it may have gone.
    pub(crate) fn has_sent(&self) -> bool {
        lock(&self.0).wrote
    }

    /// Sets whether only the present connection may be used.
    pub(crate) fn pin(&self, pinned: bool) {
        lock(&self.0).pinned = pinned;
    }

    /// Whether only the present connection may be used.
    pub(crate) fn is_pinned(&self) -> bool {
        lock(&self.0).pinned
    }

    /// Whether a new connection was refused since the last call.
    pub(crate) fn has_refused(&self) -> bool {
        std::mem::take(&mut lock(&self.0).refused)
    }
}

/// A chain of connectors, whose limit is within that of the call.
#[derive(Debug)]
pub(crate) struct Within<C>(pub(crate) ConnectionInfo, pub(crate) C);

impl<C: Connector> Connector for Within<C> {
    type Out = C::Out;

    fn connect(&self, details: &ConnectionDetails<'_>, chained: Option<()>) -> Result<Option<C::Out>, ureq::Error> {
        let details = ConnectionDetails {
            uri: details.uri,
            addrs: details.addrs.clone(),
            config: details.config,
            request_level: details.request_level,
            resolver: details.resolver,
            now: details.now,
            timeout: self.0.cap(details.timeout)?,
            current_time: Arc::clone(&details.current_time),
            run_connector: Arc::clone(&details.run_connector),
            register_shutdown: Arc::clone(&details.register_shutdown),
        };
        self.1.connect(&details, chained)
    }
}

/// The first link: counts chains at work, and refuses a new connection while the slot is pinned to its present one.
#[derive(Debug)]
pub(crate) struct Pinned(pub(crate) ConnectionInfo);

impl Connector for Pinned {
    type Out = ();

    fn connect(&self, _: &ConnectionDetails<'_>, _: Option<()>) -> Result<Option<()>, ureq::Error> {
        let mut info = lock(&self.0.0);
        if info.pinned {
            info.refused = true;
            return Err(ureq::Error::ConnectionFailed);
        }
        info.connecting += 1;
        Ok(None)
    }
}

/// The last link: numbers connections, which stand when they have passed it.
#[derive(Debug)]
pub(crate) struct Numbering(pub(crate) ConnectionInfo);

impl<In: Transport> Connector<Either<In, Encrypted>> for Numbering {
    type Out = Numbered<Either<In, Encrypted>>;

    fn connect(
        &self,
        _: &ConnectionDetails<'_>,
        chained: Option<Either<In, Encrypted>>,
    ) -> Result<Option<Self::Out>, ureq::Error> {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Ok(chained.map(|transport| {
            let certificate = match &transport {
                Either::A(_) => None,
                Either::B(encrypted) => encrypted.certificate(),
            };
            let number = NEXT.fetch_add(1, Ordering::Relaxed);
            let mut info = lock(&self.0.0);
            info.connecting = info.connecting.saturating_sub(1);
            let is_outermost = info.connecting == 0;
            Numbered { transport, number, certificate, is_outermost, info: self.0.clone() }
        }))
    }
}

/// A connection with a number.
#[derive(Debug)]
pub(crate) struct Numbered<T> {
    transport: T,
    number: u64,
    certificate: Option<Arc<[u8]>>,
    /// Whether it is not the connection to a proxy, below another one.
    is_outermost: bool,
    info: ConnectionInfo,
}

impl<T> Numbered<T> {
    /// A limit of what is done next, within that of the call.
    fn cap(&self, limit: NextTimeout) -> Result<NextTimeout, ureq::Error> {
        if self.is_outermost { self.info.cap(limit) } else { Ok(limit) }
    }

    /// Takes the time since then from the call.
    fn spend(&self, since: Instant) {
        if self.is_outermost {
            lock(&self.info.0).limit.spend(since.elapsed());
        }
    }
}

impl<T: Transport> Transport for Numbered<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.transport.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        let timeout = self.cap(timeout)?;
        {
            let mut info = lock(&self.info.0);
            info.wrote |= info.connecting == 0;
            if self.is_outermost {
                info.hidden.reveal(self.transport.buffers().output().get_mut(..amount).unwrap_or(&mut []));
            }
        }
        let sent = self.transport.transmit_output(amount, timeout);
        // It may have held a password or a token.
        self.transport.buffers().output().get_mut(..amount).unwrap_or(&mut []).zeroize();
        // After the inner links: a connection through a proxy has a whole chain like this one below it.
        let mut info = lock(&self.info.0);
        (info.number, info.certificate) = (self.number, self.certificate.clone());
        sent
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        let _waiting = if self.is_outermost { self.info.wait() } else { None };
        let (timeout, begun) = (self.cap(timeout)?, Instant::now());
        let arrived = self.transport.await_input(timeout);
        self.spend(begun);
        arrived
    }

    fn is_open(&mut self) -> bool {
        self.transport.is_open()
    }

    fn is_tls(&self) -> bool {
        self.transport.is_tls()
    }
}
