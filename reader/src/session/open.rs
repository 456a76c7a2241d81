//! How to connect to a card: the share mode, the protocols and the time limit; and PC/SC's words for them.

use cardwright_core::apdu::Allowance;
use std::time::Duration;

/// How to connect. Default: shared, any protocol, 60 seconds for each wait, 12 seconds and 200 APDUs for a
/// command with all that follows from it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Open {
    pub(super) share: Share,
    pub(super) protocols: Protocols,
    pub(super) limit: Option<Duration>,
    card_time_limit: Option<Duration>,
    pub(super) card_apdus: u32,
}

/// Whether other programs may use the card during the session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Share {
    /// They may; a [`Transaction`](crate::Transaction) keeps them out for a while.
    #[default]
    Shared,
    /// They may not.
    Exclusive,
    /// A connection to the reader, with or without a card, for its attributes; no APDUs.
    Direct,
}

/// Which transmission protocols to accept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Protocols {
    /// The one that the system chooses of those that the card offers.
    #[default]
    Any,
    /// Only T=0.
    T0,
    /// Only T=1.
    T1,
}

/// The transmission protocol in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Protocol {
    /// T=0, byte-oriented.
    T0,
    /// T=1, block-oriented; also used for contactless cards.
    T1,
    /// Neither of them.
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
    /// The name to show to people, in ASCII.
    FriendlyName,
    /// The system's name for it.
    SystemName,
    /// The ATR of the card.
    Atr,
    /// The longest control command, in bytes: a number of four bytes in the machine's byte order.
    MaxInput,
}

impl Open {
    /// The [`card_time_limit`](Self::card_time_limit) where neither that nor [`limit`](Self::limit) is set.
    pub const CARD_TIME_LIMIT: Duration = Duration::from_secs(Allowance::DEFAULT_SECONDS as u64);
    /// The [`card_apdus`](Self::card_apdus) unless they are set.
    pub const CARD_APDUS: u32 = Allowance::DEFAULT;

    /// The defaults: shared, any protocol, the limits of the type.
    pub fn new() -> Self {
        Open {
            share: Share::default(),
            protocols: Protocols::default(),
            limit: None,
            card_time_limit: None,
            card_apdus: Self::CARD_APDUS,
        }
    }

    /// Whether other programs may use the card.
    pub fn share(mut self, share: Share) -> Self {
        self.share = share;
        self
    }

    /// Which protocols to accept.
    pub fn protocols(mut self, protocols: Protocols) -> Self {
        self.protocols = protocols;
        self
    }

    /// The time limit of each exchange with the card, and of each wait for other programs. Default: 60
    /// seconds. A card may take minutes to generate a key.
    pub fn limit(mut self, limit: Duration) -> Self {
        self.limit = Some(limit);
        self
    }

    /// The time limit of all exchanges that one command comes to (GET RESPONSE after 61xx, the command again
    /// after 6Cxx), and of [`Session::identify`](crate::Session::identify) with all its commands. The connect takes
    /// no longer either, and its time counts to the first of them. Default: 12 seconds, or [`limit`](Self::limit) where that was
    /// set and is longer.
    pub fn card_time_limit(mut self, limit: Duration) -> Self {
        self.card_time_limit = Some(limit);
        self
    }

    /// How many APDUs one command may come to, and [`Session::identify`](crate::Session::identify) with all its
    /// commands. Default: 200. The blocks of a command that is too long for one APDU are not counted.
    pub fn card_apdus(mut self, most: u32) -> Self {
        self.card_apdus = most;
        self
    }

    /// How long each wait may take.
    pub(super) fn each(&self) -> Duration {
        self.limit.unwrap_or(Duration::from_secs(60))
    }

    /// How long a command with all that follows from it may take.
    pub(super) fn whole(&self) -> Duration {
        self.card_time_limit.unwrap_or_else(|| self.limit.unwrap_or_default().max(Self::CARD_TIME_LIMIT))
    }
}

impl Default for Open {
    fn default() -> Self {
        Open::new()
    }
}

impl Share {
    pub(super) fn to_pcsc(self) -> pcsc::ShareMode {
        match self {
            Share::Shared => pcsc::ShareMode::Shared,
            Share::Exclusive => pcsc::ShareMode::Exclusive,
            Share::Direct => pcsc::ShareMode::Direct,
        }
    }
}

impl Protocols {
    pub(super) fn to_pcsc(self) -> pcsc::Protocols {
        match self {
            Protocols::Any => pcsc::Protocols::ANY,
            Protocols::T0 => pcsc::Protocols::T0,
            Protocols::T1 => pcsc::Protocols::T1,
        }
    }
}

impl Protocol {
    pub(super) fn of(protocol: pcsc::Protocol) -> Self {
        match protocol {
            pcsc::Protocol::T0 => Protocol::T0,
            pcsc::Protocol::T1 => Protocol::T1,
            pcsc::Protocol::RAW => Protocol::Raw,
        }
    }
}

impl Attribute {
    pub(super) fn to_pcsc(self) -> pcsc::Attribute {
        use pcsc::Attribute as A;
        match self {
            Attribute::VendorName => A::VendorName,
            Attribute::VendorType => A::VendorIfdType,
            Attribute::VendorVersion => A::VendorIfdVersion,
            Attribute::VendorSerial => A::VendorIfdSerialNo,
            Attribute::FriendlyName => A::DeviceFriendlyName,
            Attribute::SystemName => A::DeviceSystemName,
            Attribute::Atr => A::AtrString,
            Attribute::MaxInput => A::Maxinput,
        }
    }
}
