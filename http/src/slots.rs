//! Slots: each has an agent of its own with at most one connection, and serves one request at a time.
//!
//! Windows authentication sticks to a connection, and ureq's pool knows of no user. So a slot is taken
//! before the first leg of a sign-in and given back when the last byte of the answer's body was read or
//! the body dropped; nobody else's request can come between. There are as many slots as requests are
//! under way at once.

use crate::connection::{Numbering, Pinned, Wire};
use crate::error::Error;
use crate::retry::Canceler;
use crate::tls::Tls;
use std::io::{self, Read};
use std::sync::{Arc, Mutex, PoisonError};
use ureq::config::Config;
use ureq::unversioned::resolver::DefaultResolver;
use ureq::unversioned::transport::{ConnectProxyConnector, Connector as _, TcpConnector};

/// How many slots are kept for the next requests: as many as threads may share a client, for a connection
/// that is not kept is made again for each request.
const IDLE: usize = 256;

/// All slots of one client.
#[derive(Debug, Clone)]
pub(crate) struct Slots(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    config: Config,
    tls: Tls,
    canceler: Canceler,
    /// The one that was used last is taken first: its connection is the freshest.
    idle: Mutex<Vec<Slot>>,
}

/// One agent, and what is known of its connection.
#[derive(Debug)]
pub(crate) struct Slot {
    pub(crate) agent: Arc<ureq::Agent>,
    pub(crate) wire: Wire,
    /// The number of the connection that has signed in.
    pub(crate) signed_in: Option<u64>,
}

impl Slots {
    /// Slots whose agents are set up like this.
    pub(crate) fn new(config: Config, tls: Tls, canceler: Canceler) -> Self {
        Slots(Arc::new(Shared { config, tls, canceler, idle: Mutex::default() }))
    }

    /// A slot that nobody else has.
    pub(crate) fn take(&self) -> Taken {
        let idle = self.idle().pop();
        let slot = idle.unwrap_or_else(|| self.open());
        Taken { slots: self.clone(), slot: Some(slot) }
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Slot>> {
        self.0.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn open(&self) -> Slot {
        let wire = Wire::default();
        let connector = Pinned(wire.clone())
            .chain(ConnectProxyConnector::default())
            .chain(TcpConnector::default())
            .chain(self.0.tls.clone())
            .chain(Numbering(wire.clone()));
        let resolver = DefaultResolver::default();
        let agent = Arc::new(ureq::Agent::with_parts(self.0.config.clone(), connector, resolver));
        self.0.canceler.watch(&agent);
        Slot { agent, wire, signed_in: None }
    }
}

/// A slot that is in use; it goes back when this is dropped.
#[derive(Debug)]
pub(crate) struct Taken {
    slots: Slots,
    slot: Option<Slot>,
}

impl Taken {
    /// The slot.
    pub(crate) fn slot(&mut self) -> &mut Slot {
        let slots = &self.slots;
        self.slot.get_or_insert_with(|| slots.open())
    }

    /// What tells that the client is to stop.
    pub(crate) fn canceler(&self) -> &Canceler {
        &self.slots.0.canceler
    }

    /// Closes the connection of this slot: the next request opens another.
    pub(crate) fn renew(&mut self) {
        self.slot = None;
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        let mut idle = self.slots.idle();
        if let Some(slot) = self.slot.take_if(|_| idle.len() < IDLE) {
            slot.wire.pin(false);
            idle.push(slot);
        }
    }
}

/// A body, and the slot that it comes through.
struct Held {
    body: ureq::BodyReader<'static>,
    // Behind the body: a connection is given up before its slot is given back.
    taken: Option<Taken>,
}

impl Read for Held {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.body.read(buffer);
        if !buffer.is_empty() && !matches!(&read, Ok(1..)) {
            self.taken = None;
        }
        read
    }
}

/// An answer that keeps its slot until its body was read or dropped.
pub(crate) fn hold(answer: ureq::http::Response<ureq::Body>, taken: Taken) -> ureq::http::Response<ureq::Body> {
    answer.map(|body| {
        let body = body.into_with_config().limit(u64::MAX).reader();
        ureq::Body::builder().reader(Held { body, taken: Some(taken) })
    })
}

/// How much of a refusal's body is kept. Of what is longer the connection is closed.
const KEPT: u64 = 1 << 20;

/// The same answer with its body read, so that the connection is free for the next leg.
pub(crate) fn drained(answer: ureq::http::Response<ureq::Body>) -> ureq::http::Response<ureq::Body> {
    answer.map(|body| {
        let mut bytes = Vec::new();
        // What broke off has told enough.
        let _ = body.into_with_config().limit(u64::MAX).reader().take(KEPT).read_to_end(&mut bytes);
        ureq::Body::builder().data(bytes)
    })
}

/// A header's value that is wiped when the last copy of it is gone.
pub(crate) fn header_value(text: zeroize::Zeroizing<String>) -> Result<ureq::http::HeaderValue, Error> {
    struct Wiped(zeroize::Zeroizing<String>);
    impl AsRef<[u8]> for Wiped {
        fn as_ref(&self) -> &[u8] {
            self.0.as_bytes()
        }
    }
    let bytes = bytes::Bytes::from_owner(Wiped(text));
    let mut value = ureq::http::HeaderValue::from_maybe_shared(bytes)
        .map_err(|_| Error::setup("the credentials hold a character that no HTTP header can carry"))?;
    value.set_sensitive(true);
    Ok(value)
}
