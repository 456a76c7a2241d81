//! What a client is asked to do in a world, and what it says at the end.
//!
//! Seeds come in groups of [`GROUP`]: those of a group share API, operation and settings, so that a bulk run can
//! process their cards together. What is wrong with each card is decided by its own seed.

use super::random::Random;

/// How many seeds make a group.
pub const GROUP: u64 = 8;

/// What the client is to settle within, in milliseconds.
pub const SETTLE: u64 = 100;

/// What a seed is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// An operation on a card.
    Operation,
    /// A list of cards.
    List,
}

impl Shape {
    pub fn of(seed: u64) -> Self {
        if (seed / GROUP) % 4 == 3 { Shape::List } else { Shape::Operation }
    }
}

/// An API, in the words of the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Api {
    G1,
    G6,
    G7,
    Mim,
}

impl Api {
    pub fn word(self) -> &'static str {
        match self {
            Api::G1 => "g1",
            Api::G6 => "g6",
            Api::G7 => "g7",
            Api::Mim => "mim",
        }
    }

    /// Where it is usually found.
    pub fn base(self) -> &'static str {
        match self {
            Api::G1 => "/icmapi",
            Api::G6 => "/cm/api",
            Api::G7 => "/certiflow/api",
            Api::Mim => "/CertificateManagement",
        }
    }
}

/// What all cards of a group have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    pub api: Api,
    /// The system's own word.
    pub operation: &'static str,
    /// For CertiFlow's Revoke.
    pub reason: Option<&'static str>,
    /// Whether the card is to be read again after success was said.
    pub verify: bool,
    /// Whether the client's time limits are so short that answers come too late.
    pub impatient: bool,
    /// Whether a bulk run takes each card for itself, because what happens to one stops a run.
    pub alone: bool,
}

impl Order {
    pub fn of(group: u64) -> Self {
        let random = &mut Random::new(group, 1);
        let api = random.pick(&[Api::G7, Api::G7, Api::G7, Api::G7, Api::G6, Api::G1, Api::Mim, Api::Mim, Api::Mim]);
        let operation = match api {
            Api::Mim => random.pick(&["Retire", "Retire", "Revoke", "Reinstate"]),
            Api::G7 => random.pick(&["Disable", "Disable", "Enable", "Revoke", "Withdraw", "PreUpdate"]),
            _ => random.pick(&["Disable", "Disable", "Enable", "Revoke", "PreUpdate"]),
        };
        let reason = random.pick(&["CardLost", "CardBroken", "CardWithdraw"]);
        Order {
            api,
            operation,
            reason: (api != Api::Mim && operation == "Revoke").then_some(reason),
            verify: !random.percent(8),
            impatient: random.percent(2),
            alone: random.percent(20),
        }
    }
}

/// How a client ended with a card, by its own account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Said {
    Done,
    Refused,
    NotSent,
    AwaitingApproval,
    Accepted,
    Unknown,
    /// An error before the operation was begun: no such card, another card, not allowed.
    NotBegun,
}

impl Said {
    pub const ALL: [Said; 7] = [
        Said::Done,
        Said::Refused,
        Said::NotSent,
        Said::AwaitingApproval,
        Said::Accepted,
        Said::Unknown,
        Said::NotBegun,
    ];

    pub fn word(self) -> &'static str {
        match self {
            Said::Done => "done",
            Said::Refused => "refused",
            Said::NotSent => "not sent",
            Said::AwaitingApproval => "awaiting approval",
            Said::Accepted => "accepted",
            Said::Unknown => "unknown",
            Said::NotBegun => "not begun",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|said| said.word() == word)
    }
}
