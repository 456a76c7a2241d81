//! How to connect to a card: sharing, protocols, time limit; and the attributes of a reader.

use std::time::Duration;

/// How to connect; the default shares the card, takes any protocol and waits 60 seconds.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Open {
    pub(super) share: Share,
    pub(super) protocols: Protocols,
    pub(super) limit: Duration,
}

/// Which other programs may use the card meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Share {
    /// Other programs too; a [`Transaction`](super::Transaction) keeps them out for a while.
    #[default]
    Shared,
    /// No other program.
    Exclusive,
    /// The reader alone, with or without a card: for its attributes. There are no APDUs.
    Direct,
}

/// Which transmission protocols to accept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Protocols {
    /// The system chooses among those that the card offers.
    #[default]
    Any,
    /// T=0 alone.
    T0,
    /// T=1 alone.
    T1,
}

/// The transmission protocol in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Protocol {
    /// T=0: bytes.
    T0,
    /// T=1: blocks. Contactless cards are reached by it too.
    T1,
    /// None of them.
    Raw,
}

/// An attribute of a reader. Most readers have only some of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Attribute {
    /// The manufacturer's name, in ASCII.
    VendorName,
    /// The reader's model, in ASCII.
    VendorType,
    /// The version: two bytes of build, minor, major.
    VendorVersion,
    /// The reader's serial number, in ASCII.
    VendorSerial,
    /// The name that people know, in ASCII.
    FriendlyName,
    /// The name by which the system knows it.
    SystemName,
    /// The ATR of the card.
    Atr,
    /// How much a control command may hold, in bytes: four bytes, in the byte order of the machine.
    MaxInput,
}

impl Open {
    /// Shares the card, takes any protocol, waits 60 seconds.
    pub fn new() -> Self {
        Open { share: Share::default(), protocols: Protocols::default(), limit: Duration::from_secs(60) }
    }

    /// Sets which other programs may use the card.
    pub fn share(mut self, share: Share) -> Self {
        self.share = share;
        self
    }

    /// Which protocols to accept.
    pub fn protocols(mut self, protocols: Protocols) -> Self {
        self.protocols = protocols;
        self
    }

    /// How long each exchange with the card may take, and each wait for other programs. A card may
    /// take minutes to make a key.
    pub fn limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }
}

impl Default for Open {
    fn default() -> Self {
        Open::new()
    }
}
