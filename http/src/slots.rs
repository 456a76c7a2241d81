//! Slots: each has its own agent with at most one connection, and serves one request at a time.
//!
//! Windows authentication belongs to a connection, and ureq's pool does not distinguish users. So a slot
//! is taken before the first leg of a sign-in and returned when the body of the answer was read or
//! dropped; no other request can come in between. There are as many slots as concurrent requests.

use crate::abort::Abort;
use crate::cancel::{Canceled, Canceler};
use crate::carrier::Carrier;
use crate::connection::{ConnectionInfo, Numbering, Pinned, Within};
use crate::error::OtherProcess;
use crate::lock::lock;
use crate::process::Process;
use crate::proxy::{ProxyConnector, Route};
use crate::resolve::Names;
use crate::response::Response;
use crate::tls::Tls;
use std::io::{self, Read};
use std::sync::{Arc, Mutex, Weak};
use ureq::config::Config;
use ureq::unversioned::transport::{Connector as _, TcpConnector};

/// The most idle slots: as many as threads may share a client, because each request beyond them would
/// open a new connection.
const IDLE: usize = 256;

/// All slots of one client.
#[derive(Debug, Clone)]
pub(crate) struct Slots(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    config: Config,
    route: Option<Arc<Route>>,
    tls: Tls,
    canceler: Canceler,
    /// What carries requests in place of the agents, if that was given.
    carrier: Option<Arc<dyn Carrier>>,
    /// The slot that was used last is taken first: its connection is the freshest.
    idle: Mutex<Vec<Slot>>,
}

/// One agent, and what is known of its connection.
#[derive(Debug)]
pub(crate) struct Slot {
    pub(crate) agent: Arc<ureq::Agent>,
    pub(crate) connection: ConnectionInfo,
    /// The number of the connection that has signed in.
    pub(crate) signed_in: Option<u64>,
    /// The number of the connection that has signed in to a proxy.
    pub(crate) signed_in_to_proxy: Option<u64>,
}

impl Slots {
    /// Slots whose agents have these settings, and go through this proxy.
    pub(crate) fn new(config: Config, route: Option<Arc<Route>>, tls: Tls, canceler: Canceler) -> Self {
        Slots(Arc::new(Shared { config, route, tls, canceler, carrier: None, idle: Mutex::default() }))
    }

    /// The same, but that this carries the requests.
    pub(crate) fn carried_by(self, carrier: Option<Arc<dyn Carrier>>) -> Self {
        let Shared { config, route, tls, canceler, .. } = &*self.0;
        let (config, route, tls, canceler) = (config.clone(), route.clone(), tls.clone(), canceler.clone());
        Slots(Arc::new(Shared { config, route, tls, canceler, carrier, idle: Mutex::default() }))
    }

    /// A slot for exclusive use, which this canceler stops as long as it is used.
    pub(crate) fn take(&self, canceler: &Canceler) -> SlotGuard {
        let slot = lock(&self.0.idle).pop();
        let (process, slots, canceler) = (Process::current(), self.clone(), canceler.clone());
        if let Some(slot) = &slot {
            canceler.attend(&slot.agent);
        }
        let mut guard = SlotGuard { process, slots, slot, canceler };
        guard.get();
        guard
    }

    fn open(&self) -> Slot {
        let connection = ConnectionInfo::default();
        let names = || Names::within(connection.clone());
        let left_to_proxy = self.0.route.as_ref().is_some_and(|route| route.resolves_names());
        let connector = Pinned(connection.clone())
            .chain(ProxyConnector::new(self.0.route.clone(), names()))
            .chain(TcpConnector::default())
            .chain(self.0.tls.clone())
            .chain(Numbering(connection.clone()));
        let connector = Within(connection.clone(), connector);
        let names = names().left_to_proxy(left_to_proxy);
        let agent = Arc::new(ureq::Agent::with_parts(self.0.config.clone(), connector, names));
        let weak: Weak<ureq::Agent> = Arc::downgrade(&agent);
        self.0.canceler.watch(weak);
        Slot { agent, connection, signed_in: None, signed_in_to_proxy: None }
    }
}

/// A slot in use, which is returned when this is dropped.
#[derive(Debug)]
pub(crate) struct SlotGuard {
    process: Process,
    slots: Slots,
    slot: Option<Slot>,
    canceler: Canceler,
}

impl SlotGuard {
    /// The slot.
    pub(crate) fn get(&mut self) -> &mut Slot {
        let (slots, canceler) = (&self.slots, &self.canceler);
        self.slot.get_or_insert_with(|| {
            let slot = slots.open();
            canceler.attend(&slot.agent);
            slot
        })
    }

    /// The proxy that requests go through.
    pub(crate) fn route(&self) -> Option<Arc<Route>> {
        self.slots.0.route.clone()
    }

    /// The header `User-Agent`.
    pub(crate) fn user_agent(&self) -> String {
        match self.slots.0.config.user_agent() {
            ureq::config::AutoHeaderValue::Provided(text) => text.to_string(),
            _ => String::new(),
        }
    }

    /// What carries requests in place of the agent.
    pub(crate) fn carrier(&self) -> Option<Arc<dyn Carrier>> {
        self.slots.0.carrier.clone()
    }

    /// The canceler of the request.
    pub(crate) fn canceler(&self) -> &Canceler {
        &self.canceler
    }

    /// Closes the connection of the slot, so that the next request opens another one.
    pub(crate) fn reconnect(&mut self) {
        self.slot = None;
    }

    /// An answer that keeps its slot until its body was read or dropped.
    pub(crate) fn hold(mut self, answer: Response) -> Response {
        let abort = Abort::new(&self.get().agent);
        let mut answer = answer.map(|body| {
            let body = body.into_with_config().limit(u64::MAX).reader();
            let (process, abort) = (self.process, abort.clone());
            ureq::Body::builder().reader(SlotBody { process, body: Some(body), slot: Some(self), abort })
        });
        answer.extensions_mut().insert(abort);
        answer
    }
}

impl Drop for SlotGuard {
    fn drop(&mut self) {
        if !self.process.is_current() {
            // Neither the parent's lock nor its connection is touched.
            return std::mem::forget(self.slot.take());
        }
        if let Some(slot) = &self.slot {
            self.canceler.leave(&slot.agent);
        }
        // Only now: what was stopped before is of no use to another request.
        let is_whole = !self.canceler.is_canceled();
        let mut idle = lock(&self.slots.0.idle);
        if let Some(slot) = self.slot.take_if(|_| is_whole && idle.len() < IDLE) {
            slot.connection.pin(false);
            idle.push(slot);
        }
    }
}

/// A body, and the slot through which it arrives.
struct SlotBody {
    process: Process,
    body: Option<ureq::BodyReader<'static>>,
    slot: Option<SlotGuard>,
    abort: Abort,
}

impl SlotBody {
    /// Returns the slot, unless its agent was shut down.
    fn release(&mut self) {
        let may_be_used_again = self.abort.end();
        if let Some(mut slot) = self.slot.take()
            && !may_be_used_again
        {
            slot.reconnect();
        }
    }
}

impl Read for SlotBody {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if !self.process.is_current() {
            return Err(io::Error::other(OtherProcess("an answer")));
        }
        let Some(body) = &mut self.body else { return Ok(0) };
        let mut read = body.read(buffer);
        // The end of a connection may look like the end of a body.
        if !buffer.is_empty()
            && !matches!(&read, Ok(1..))
            && self.slot.as_ref().is_some_and(|slot| slot.canceler.is_canceled())
        {
            read = Err(io::Error::other(Canceled));
        }
        if !buffer.is_empty() && !matches!(&read, Ok(1..)) {
            self.release();
        }
        read
    }
}

impl Drop for SlotBody {
    fn drop(&mut self) {
        // Before the slot, as this releases the connection.
        let body = self.body.take();
        if self.process.is_current() {
            drop(body);
            self.release();
        } else {
            std::mem::forget(body);
        }
    }
}
