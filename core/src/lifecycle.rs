//! Card states and operations, and which leads where, in both systems.
//!
//! Everything is data: each system's table has one row for each state and operation, with the
//! evidence for it, and is checked when this crate is compiled. A row is *documented* or *assumed*;
//! nobody should be stopped by a row that is only assumed.
//!
//! The two systems use the same words for different things: `Disabled` is a hold in CertiFlow and
//! final in MIM CM. So native states are never compared across systems, only by [`State`].

mod table;

pub use table::{CERTIFLOW, MIM, Row};

use crate::certiflow::CardState;
use crate::mim::SmartcardStatus;
use crate::{Code, Error, Named};
use core::fmt;

/// A card management system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum System {
    /// Microsoft Identity Manager Certificate Management (also FIM CM).
    Mim = 1,
    /// Axidian CertiFlow (also Indeed CM, Rutoken KeyBox).
    CertiFlow = 2,
}

impl Named for System {
    const ALL: &'static [Self] = &[System::Mim, System::CertiFlow];

    fn name(self) -> &'static str {
        match self {
            System::Mim => "MIM",
            System::CertiFlow => "CertiFlow",
        }
    }
}

/// What can be done to a card, whatever the system calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Operation {
    /// Puts the card on hold.
    Suspend = 1,
    /// Lifts the hold.
    Resume = 2,
    /// Ends the card and its certificates for good; the record stays with the user.
    Revoke = 3,
    /// Takes a card out of use for good.
    Retire = 4,
    /// Tells the server to drop certificates that a new policy no longer has.
    PreUpdate = 5,
}

/// What there is to know about an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// The neutral name.
    pub name: &'static str,
    /// One line on what it does.
    pub about: &'static str,
    /// What CertiFlow calls it, where it has it.
    pub certiflow: Option<&'static str>,
    /// What MIM CM calls it, where its REST API has it.
    pub mim: Option<&'static str>,
    /// Whether CertiFlow takes a revocation reason for it.
    pub takes_reason: bool,
    /// Whether doing it twice is the same as doing it once.
    pub repeatable: bool,
}

impl Operation {
    /// What there is to know about it.
    pub const fn facts(self) -> Facts {
        let facts = Facts { name: "", about: "", certiflow: None, mim: None, takes_reason: false, repeatable: false };
        match self {
            Operation::Suspend => Facts {
                name: "suspend",
                about: "puts the card on hold; its certificates are held where the template says so",
                certiflow: Some("Disable"),
                ..facts
            },
            Operation::Resume => Facts {
                name: "resume",
                about: "lifts the hold",
                certiflow: Some("Enable"),
                mim: Some("Reinstate"),
                ..facts
            },
            Operation::Revoke => Facts {
                name: "revoke",
                about: "ends the card for good; the record stays with the user",
                certiflow: Some("Revoke"),
                mim: Some("Revoke"),
                takes_reason: true,
                ..facts
            },
            Operation::Retire => Facts {
                name: "retire",
                about: "takes the card out of use: MIM CM ends its record, CertiFlow takes a revoked card from its user",
                certiflow: Some("Withdraw"),
                mim: Some("Retire"),
                ..facts
            },
            Operation::PreUpdate => Facts {
                name: "pre-update",
                about: "revokes the certificates that the new policy no longer has",
                certiflow: Some("PreUpdate"),
                repeatable: true,
                ..facts
            },
        }
    }

    /// What a system calls it; `None` where its API does not have it.
    pub const fn native(self, system: System) -> Option<&'static str> {
        match system {
            System::Mim => self.facts().mim,
            System::CertiFlow => self.facts().certiflow,
        }
    }

    /// The operation that a system calls so, whatever the case of the letters.
    ///
    /// # Errors
    /// [`Code::NoSuchOperation`] where the system has no such word. The words of the other system do
    /// not count: `disable` is no operation of MIM CM, and never means its Revoke.
    pub fn from_native(system: System, word: &str) -> Result<Self, Error> {
        Self::of(system)
            .find(|operation| operation.native(system).is_some_and(|native| native.eq_ignore_ascii_case(word)))
            .ok_or(Error::of(Code::NoSuchOperation, system.name()))
    }

    /// The operations that a system has.
    pub fn of(system: System) -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(move |operation| operation.native(system).is_some())
    }
}

impl Named for Operation {
    const ALL: &'static [Self] =
        &[Operation::Suspend, Operation::Resume, Operation::Revoke, Operation::Retire, Operation::PreUpdate];

    fn name(self) -> &'static str {
        self.facts().name
    }
}

/// A card's state, whatever the system calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum State {
    /// Registered; nobody has it.
    Stock = 1,
    /// Given to a user, not yet issued.
    Assigned = 2,
    /// An issue or update waits for approval.
    Pending = 3,
    /// In use.
    Active = 4,
    /// On hold.
    Suspended = 5,
    /// Ended for good; the record is still with the user.
    Revoked = 6,
    /// Out of use; the record's life is over.
    Retired = 7,
}

impl State {
    /// The state that a system has for it; `None` where it has none.
    pub const fn native(self, system: System) -> Option<NativeState> {
        match system {
            System::CertiFlow => match self {
                State::Stock => Some(NativeState::CertiFlow(CardState::Clean)),
                State::Assigned => Some(NativeState::CertiFlow(CardState::Assigned)),
                State::Pending => Some(NativeState::CertiFlow(CardState::Pending)),
                State::Active => Some(NativeState::CertiFlow(CardState::Issued)),
                State::Suspended => Some(NativeState::CertiFlow(CardState::Disabled)),
                State::Revoked => Some(NativeState::CertiFlow(CardState::Revoked)),
                State::Retired => None,
            },
            System::Mim => match self {
                State::Stock => Some(NativeState::Mim(SmartcardStatus::New)),
                State::Assigned => Some(NativeState::Mim(SmartcardStatus::Assigned)),
                State::Pending => None,
                State::Active => Some(NativeState::Mim(SmartcardStatus::Active)),
                State::Suspended => Some(NativeState::Mim(SmartcardStatus::Suspended)),
                State::Revoked => Some(NativeState::Mim(SmartcardStatus::Disabled)),
                State::Retired => Some(NativeState::Mim(SmartcardStatus::Retired)),
            },
        }
    }
}

impl Named for State {
    const ALL: &'static [Self] = &[
        State::Stock,
        State::Assigned,
        State::Pending,
        State::Active,
        State::Suspended,
        State::Revoked,
        State::Retired,
    ];

    fn name(self) -> &'static str {
        match self {
            State::Stock => "stock",
            State::Assigned => "assigned",
            State::Pending => "pending",
            State::Active => "active",
            State::Suspended => "suspended",
            State::Revoked => "revoked",
            State::Retired => "retired",
        }
    }
}

/// A card's state in one of the systems, by that system's own word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NativeState {
    /// A state of CertiFlow.
    CertiFlow(CardState),
    /// A status of MIM CM.
    Mim(SmartcardStatus),
}

impl NativeState {
    /// The system that has this state.
    pub const fn system(self) -> System {
        match self {
            NativeState::CertiFlow(_) => System::CertiFlow,
            NativeState::Mim(_) => System::Mim,
        }
    }

    /// The system's own word.
    pub fn name(self) -> &'static str {
        match self {
            NativeState::CertiFlow(state) => state.name(),
            NativeState::Mim(status) => status.name(),
        }
    }

    /// The state, whatever the system calls it. `None` for MIM's `None`, which says nothing.
    pub const fn neutral(self) -> Option<State> {
        match self {
            NativeState::CertiFlow(state) => Some(match state {
                CardState::Clean => State::Stock,
                CardState::Assigned => State::Assigned,
                CardState::Pending => State::Pending,
                CardState::Issued => State::Active,
                CardState::Disabled => State::Suspended,
                CardState::Revoked => State::Revoked,
            }),
            NativeState::Mim(status) => match status {
                SmartcardStatus::None => None,
                SmartcardStatus::New => Some(State::Stock),
                SmartcardStatus::Assigned => Some(State::Assigned),
                SmartcardStatus::Active => Some(State::Active),
                SmartcardStatus::Suspended => Some(State::Suspended),
                SmartcardStatus::Disabled => Some(State::Revoked),
                SmartcardStatus::Retired => Some(State::Retired),
            },
        }
    }

    /// All states of a system.
    pub fn of(system: System) -> impl Iterator<Item = Self> {
        let (certiflow, mim): (&[CardState], &[SmartcardStatus]) = match system {
            System::CertiFlow => (CardState::ALL, &[]),
            System::Mim => (&[], SmartcardStatus::ALL),
        };
        certiflow.iter().copied().map(Self::CertiFlow).chain(mim.iter().copied().map(Self::Mim))
    }
}

impl fmt::Display for NativeState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// How sure a row of a table is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Evidence {
    /// The vendor says so.
    Documented = 1,
    /// It follows from what the vendor says, or from how such systems work.
    Assumed = 2,
}

impl Named for Evidence {
    const ALL: &'static [Self] = &[Evidence::Documented, Evidence::Assumed];

    fn name(self) -> &'static str {
        match self {
            Evidence::Documented => "documented",
            Evidence::Assumed => "assumed",
        }
    }
}

/// What a table says of an operation in a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The operation is allowed.
    Allowed {
        /// Where it leads.
        to: NativeState,
        /// How sure that is.
        evidence: Evidence,
        /// The clause behind it.
        source: &'static str,
    },
    /// The system has the operation, but not in this state.
    Refused {
        /// How sure that is.
        evidence: Evidence,
        /// The clause behind it.
        source: &'static str,
    },
    /// The system has no such operation.
    Lacks,
}

impl Verdict {
    /// What the table of the state's system says.
    ///
    /// # Examples
    /// ```
    /// use cardwright_core::certiflow::CardState;
    /// use cardwright_core::lifecycle::{NativeState, Operation, Verdict};
    /// let revoked = NativeState::CertiFlow(CardState::Revoked);
    /// assert!(matches!(Verdict::of(revoked, Operation::PreUpdate), Verdict::Refused { .. }));
    /// ```
    pub fn of(state: NativeState, operation: Operation) -> Self {
        match state {
            NativeState::CertiFlow(state) => {
                Self::from_row(table::row(&CERTIFLOW, state, operation), NativeState::CertiFlow)
            }
            NativeState::Mim(status) => Self::from_row(table::row(&MIM, status, operation), NativeState::Mim),
        }
    }

    fn from_row<S: Copy>(row: Option<&Row<S>>, native: fn(S) -> NativeState) -> Self {
        match row {
            Some(&Row { to: Some(to), evidence, source, .. }) => Verdict::Allowed { to: native(to), evidence, source },
            Some(&Row { to: None, evidence, source, .. }) => Verdict::Refused { evidence, source },
            None => Verdict::Lacks,
        }
    }

    /// Whether the operation is allowed.
    pub const fn is_allowed(self) -> bool {
        matches!(self, Verdict::Allowed { .. })
    }

    /// How sure it is. That a system lacks an operation is documented by its list of calls.
    pub const fn evidence(self) -> Evidence {
        match self {
            Verdict::Allowed { evidence, .. } | Verdict::Refused { evidence, .. } => evidence,
            Verdict::Lacks => Evidence::Documented,
        }
    }
}

/// Where an operation leads from a state.
///
/// # Errors
/// [`Code::NotAllowed`] where the table refuses it, on whatever evidence; [`Code::NoSuchOperation`]
/// where the system lacks it.
pub fn after(state: NativeState, operation: Operation) -> Result<NativeState, Error> {
    match Verdict::of(state, operation) {
        Verdict::Allowed { to, .. } => Ok(to),
        Verdict::Refused { .. } => Err(Error::of(Code::NotAllowed, operation.facts().name)),
        Verdict::Lacks => Err(Error::of(Code::NoSuchOperation, state.system().name())),
    }
}

/// The operations that a state's table allows, on whatever evidence.
pub fn legal(state: NativeState) -> impl Iterator<Item = (Operation, Verdict)> {
    Operation::of(state.system())
        .map(move |operation| (operation, Verdict::of(state, operation)))
        .filter(|(_, verdict)| verdict.is_allowed())
}
