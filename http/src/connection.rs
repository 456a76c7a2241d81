//! Which connection a request went over, and whether it is still the same one.
//!
//! Windows authentication is a property of a connection. ureq opens a new one whenever the old one is
//! gone and tells nobody, so connections are numbered here: the last link of the chain of connectors
//! writes the number down whenever something is sent. While the legs of a sign-in go to and fro, the
//! first link refuses to open another connection: a password's proof goes over the connection that
//! asked for it, or not at all.

use crate::tls::Encrypted;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, Either, NextTimeout, Transport};
use zeroize::Zeroize as _;

/// What is known of the one connection of a slot. The slot, its agent and its connectors share it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wire(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    number: AtomicU64,
    pinned: AtomicBool,
    refused: AtomicBool,
    /// The server's certificate, in DER.
    leaf: Mutex<Option<Arc<[u8]>>>,
}

impl Wire {
    /// The number of the connection that was written to last; 0 before the first.
    pub(crate) fn number(&self) -> u64 {
        self.0.number.load(Ordering::SeqCst)
    }

    /// The certificate that the server showed on it.
    pub(crate) fn leaf(&self) -> Option<Arc<[u8]>> {
        self.0.leaf.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// From now on, only the connection that there is; or any.
    pub(crate) fn pin(&self, pinned: bool) {
        self.0.pinned.store(pinned, Ordering::SeqCst);
    }

    /// Whether a connection was refused since this was last asked.
    pub(crate) fn has_refused(&self) -> bool {
        self.0.refused.swap(false, Ordering::SeqCst)
    }
}

/// The first link: lets no connection be opened while the slot is pinned to the one that it has.
#[derive(Debug)]
pub(crate) struct Pinned(pub(crate) Wire);

impl Connector for Pinned {
    type Out = ();

    fn connect(&self, _: &ConnectionDetails<'_>, _: Option<()>) -> Result<Option<()>, ureq::Error> {
        if self.0.0.pinned.load(Ordering::SeqCst) {
            self.0.0.refused.store(true, Ordering::SeqCst);
            return Err(ureq::Error::ConnectionFailed);
        }
        Ok(None)
    }
}

/// The last link: numbers connections.
#[derive(Debug)]
pub(crate) struct Numbering(pub(crate) Wire);

impl<In: Transport> Connector<Either<In, Encrypted>> for Numbering {
    type Out = Numbered<Either<In, Encrypted>>;

    fn connect(
        &self,
        _: &ConnectionDetails<'_>,
        chained: Option<Either<In, Encrypted>>,
    ) -> Result<Option<Self::Out>, ureq::Error> {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Ok(chained.map(|transport| {
            let leaf = match &transport {
                Either::A(_) => None,
                Either::B(encrypted) => encrypted.leaf(),
            };
            let number = NEXT.fetch_add(1, Ordering::Relaxed);
            Numbered { transport, number, leaf, wire: self.0.clone() }
        }))
    }
}

/// A connection with a number.
#[derive(Debug)]
pub(crate) struct Numbered<T> {
    transport: T,
    number: u64,
    leaf: Option<Arc<[u8]>>,
    wire: Wire,
}

impl<T: Transport> Transport for Numbered<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.transport.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        let sent = self.transport.transmit_output(amount, timeout);
        // What was sent may have held a password or a token.
        self.transport.buffers().output().get_mut(..amount).unwrap_or(&mut []).zeroize();
        // After the inner links: below a proxy there is a whole chain like this one.
        self.wire.0.number.store(self.number, Ordering::SeqCst);
        *self.wire.0.leaf.lock().unwrap_or_else(PoisonError::into_inner) = self.leaf.clone();
        sent
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        self.transport.await_input(timeout)
    }

    fn is_open(&mut self) -> bool {
        self.transport.is_open()
    }

    fn is_tls(&self) -> bool {
        self.transport.is_tls()
    }
}
