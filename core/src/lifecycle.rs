//! Card states and operations of both systems, and where each operation leads.
//!
//! Everything is data: each system's table has one row for each state and operation, with the
//! evidence for it, and is checked when this crate is compiled. A row is *documented* or *assumed*;
//! an assumed row alone should stop nobody.
//!
//! The two systems use the same words for different things: `Disabled` is a hold in CertiFlow and
//! final in MIM CM. So native states are never compared across systems, only by [`State`].

mod table;

pub use crate::operation::{Evidence, Facts, Operation, State, System};
pub use table::{CERTIFLOW, MIM, Row};

use crate::certiflow::CardState;
use crate::mim::SmartcardStatus;
use crate::{Code, Error, Named};
use core::fmt;

impl State {
    /// A system's own state for it; `None` if it has none.
    ///
    /// ```
    /// use cardwright_core::lifecycle::{State, System};
    ///
    /// // One state, two words, and one that CertiFlow lacks.
    /// let words = |state: State| [System::CertiFlow, System::Mim].map(|system| state.native(system).map(|own| own.name()));
    /// assert_eq!(words(State::Suspended), [Some("Disabled"), Some("Suspended")]);
    /// assert_eq!(words(State::Retired), [None, Some("Retired")]);
    /// ```
    #[must_use]
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

/// A card's state in one of the systems, by that system's own word.
///
/// # Examples
/// ```
/// use cardwright_core::certiflow::CardState;
/// use cardwright_core::lifecycle::{NativeState, State};
/// use cardwright_core::mim::SmartcardStatus;
///
/// // One word, two states.
/// let held = NativeState::CertiFlow(CardState::Disabled);
/// let ended = NativeState::Mim(SmartcardStatus::Disabled);
/// assert_eq!(held.name(), ended.name());
/// assert_eq!((held.neutral(), ended.neutral()), (Some(State::Suspended), Some(State::Revoked)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_enums, reason = "it has a case for each System")]
pub enum NativeState {
    /// A state of CertiFlow.
    CertiFlow(CardState),
    /// A status of MIM CM.
    Mim(SmartcardStatus),
}

impl NativeState {
    /// The system that has this state.
    #[must_use]
    pub const fn system(self) -> System {
        match self {
            NativeState::CertiFlow(_) => System::CertiFlow,
            NativeState::Mim(_) => System::Mim,
        }
    }

    /// The system's own word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            NativeState::CertiFlow(state) => state.name(),
            NativeState::Mim(status) => status.name(),
        }
    }

    /// Its number in its system's enumeration.
    #[must_use]
    pub fn number(self) -> u32 {
        match self {
            NativeState::CertiFlow(state) => state.number(),
            NativeState::Mim(status) => status.number(),
        }
    }

    /// The state of a system with a number.
    #[must_use]
    pub fn from_number(system: System, number: u32) -> Option<Self> {
        match system {
            System::CertiFlow => CardState::from_number(number.into()).map(NativeState::CertiFlow),
            System::Mim => SmartcardStatus::from_number(number.into()).map(NativeState::Mim),
        }
    }

    /// The neutral state; `None` for MIM's `None`, which says nothing.
    #[must_use]
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

/// What a table says about an operation in a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "a table has no other answers, and each must be heeded")]
pub enum Verdict {
    /// The operation is allowed.
    Allowed {
        /// Where it leads.
        to: NativeState,
        /// The evidence for it.
        evidence: Evidence,
        /// The clause behind it.
        source: &'static str,
    },
    /// The system has the operation, but not in this state.
    Refused {
        /// The evidence for it.
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
    // A program that knows the system has the table of that one alone.
    #[inline]
    pub fn of(state: NativeState, operation: Operation) -> Self {
        match state {
            NativeState::CertiFlow(state) => {
                Self::from_row(table::PACKED_CERTIFLOW.row(state, operation), NativeState::CertiFlow)
            }
            NativeState::Mim(status) => Self::from_row(table::PACKED_MIM.row(status, operation), NativeState::Mim),
        }
    }

    fn from_row<S>(row: Option<(Option<S>, Evidence, &'static str)>, native: fn(S) -> NativeState) -> Self {
        match row {
            Some((Some(to), evidence, source)) => Verdict::Allowed { to: native(to), evidence, source },
            Some((None, evidence, source)) => Verdict::Refused { evidence, source },
            None => Verdict::Lacks,
        }
    }

    /// Whether the operation is allowed.
    #[must_use]
    pub const fn is_allowed(self) -> bool {
        matches!(self, Verdict::Allowed { .. })
    }

    /// The evidence for it. That a system lacks an operation is documented by its list of calls.
    #[must_use]
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
/// [`Code::NotAllowed`] if the table refuses it, whatever the evidence; [`Code::NoSuchOperation`] if
/// the system lacks it.
pub fn after(state: NativeState, operation: Operation) -> Result<NativeState, Error> {
    match Verdict::of(state, operation) {
        Verdict::Allowed { to, .. } => Ok(to),
        Verdict::Refused { .. } => Err(Error::of(Code::NotAllowed, operation.facts().name)),
        Verdict::Lacks => Err(Error::of(Code::NoSuchOperation, state.system().name())),
    }
}

/// The state that an operation of a system leads to from wherever it is allowed, whatever the evidence; `None`
/// if the system lacks the operation.
///
/// An operation leads to one state alone: the tables are checked for it when this crate is compiled.
pub fn target(system: System, operation: Operation) -> Option<NativeState> {
    match system {
        System::CertiFlow => table::target(CERTIFLOW, operation).map(NativeState::CertiFlow),
        System::Mim => table::target(MIM, operation).map(NativeState::Mim),
    }
}

/// The operations that the table allows in a state, whatever the evidence.
pub fn legal(state: NativeState) -> impl Iterator<Item = (Operation, Verdict)> {
    Operation::of(state.system())
        .map(move |operation| (operation, Verdict::of(state, operation)))
        .filter(|(_, verdict)| verdict.is_allowed())
}
