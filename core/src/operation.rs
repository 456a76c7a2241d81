//! Systems, operations and states in neutral terms, on which the vendors' modules are built.
//!
//! [`crate::lifecycle`] says where each operation leads, and exports these types.

use crate::{Code, Error, Named, named};

/// A card management system.
///
/// # Examples
/// ```
/// use cardwright_core::lifecycle::{Operation, System};
///
/// let words = |system| Operation::of(system).filter_map(move |operation| operation.native(system)).collect::<Vec<_>>();
/// assert_eq!(words(System::Mim), ["Reinstate", "Revoke", "Retire"]);
/// assert_eq!(words(System::CertiFlow), ["Disable", "Enable", "Revoke", "Withdraw", "PreUpdate"]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
#[allow(
    clippy::exhaustive_enums,
    reason = "a third system is another library: every place that chooses between them must be written"
)]
pub enum System {
    /// Microsoft Identity Manager Certificate Management (also FIM CM).
    Mim = 1,
    /// Axidian CertiFlow (also Indeed CM, Rutoken KeyBox).
    CertiFlow = 2,
}

named! { System { Mim = "MIM", CertiFlow } }

/// An operation on a card, in neutral terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
#[cfg_attr(not(cardwright_exhaustive), non_exhaustive)]
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

/// Facts about an operation.
///
/// # Examples
/// ```
/// use cardwright_core::lifecycle::Operation;
///
/// let facts = Operation::Retire.facts();
/// assert!(facts.is_final && facts.removes_holder);
/// assert_eq!((facts.certiflow, facts.mim), (Some("Withdraw"), Some("Retire")));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Facts {
    /// The neutral name.
    pub name: &'static str,
    /// What it does, as a clause in the imperative without a capital letter: `lift the hold`.
    pub about: &'static str,
    /// Its name in CertiFlow; `None` if the API lacks it.
    pub certiflow: Option<&'static str>,
    /// Its name in MIM CM; `None` if the REST API lacks it.
    pub mim: Option<&'static str>,
    /// Whether CertiFlow takes a revocation reason for it.
    pub takes_reason: bool,
    /// Whether repeating it changes nothing.
    pub repeatable: bool,
    /// Whether the card may have no holder afterwards, or another one.
    pub removes_holder: bool,
    /// Whether it ends the card, or what is left of it: no operation undoes it.
    pub is_final: bool,
}

/// The operations and the facts about each, from one table. One that is left out does not compile.
macro_rules! operations {
    ($($operation:ident: { $($fact:ident: $value:expr),* $(,)? })*) => {
        impl Operation {
            /// The facts about it.
            pub const fn facts(self) -> Facts {
                let facts = Facts {
                    name: "",
                    about: "",
                    certiflow: None,
                    mim: None,
                    takes_reason: false,
                    repeatable: false,
                    removes_holder: false,
                    is_final: false,
                };
                match self {
                    $(Operation::$operation => Facts { $($fact: $value,)* ..facts }),*
                }
            }
        }

        impl Named for Operation {
            const ALL: &'static [Self] = &[$(Operation::$operation),*];

            fn number(self) -> u32 {
                self as u32
            }

            fn name(self) -> &'static str {
                self.facts().name
            }
        }

        named!(@words Operation [$(Operation::$operation.facts().name),*]);
    };
}

operations! {
    Suspend: {
        name: "suspend",
        about: "put the card on hold; its certificates are held where the template says so",
        certiflow: Some("Disable"),
    }
    Resume: {
        name: "resume",
        about: "lift the hold",
        certiflow: Some("Enable"),
        mim: Some("Reinstate"),
    }
    Revoke: {
        name: "revoke",
        about: "end the card for good; the record stays with the user (MIM CM calls that state Disabled)",
        certiflow: Some("Revoke"),
        mim: Some("Revoke"),
        takes_reason: true,
        is_final: true,
    }
    Retire: {
        name: "retire",
        about: "take the card out of use: MIM CM ends its record, CertiFlow (since 7.1) takes a revoked card from its user",
        certiflow: Some("Withdraw"),
        mim: Some("Retire"),
        removes_holder: true,
        is_final: true,
    }
    PreUpdate: {
        name: "pre-update",
        about: "revoke the certificates that the new policy no longer has",
        certiflow: Some("PreUpdate"),
        repeatable: true,
    }
}

impl Operation {
    /// Its name in a system; `None` if the system's API lacks it.
    ///
    /// ```
    /// use cardwright_core::lifecycle::{Operation, System};
    /// assert_eq!(Operation::Resume.native(System::Mim), Some("Reinstate"));
    /// assert_eq!(Operation::Suspend.native(System::Mim), None);
    /// ```
    #[must_use]
    pub const fn native(self, system: System) -> Option<&'static str> {
        match system {
            System::Mim => self.facts().mim,
            System::CertiFlow => self.facts().certiflow,
        }
    }

    /// The operation of that name in a system, ignoring case.
    ///
    /// # Errors
    /// [`Code::NoSuchOperation`] if the system has no operation of that name. The other system's names are
    /// not accepted: `disable` is not an operation of MIM CM and never means its Revoke.
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

/// A card's state, in neutral terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[repr(u8)]
#[cfg_attr(not(cardwright_exhaustive), non_exhaustive)]
pub enum State {
    /// Registered; nobody has it.
    #[default]
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

named! {
    State {
        Stock = "stock",
        Assigned = "assigned",
        Pending = "pending",
        Active = "active",
        Suspended = "suspended",
        Revoked = "revoked",
        Retired = "retired",
    }
}

/// The evidence for a row of a table.
///
/// # Examples
/// ```
/// use cardwright_core::certiflow::CardState;
/// use cardwright_core::lifecycle::{Evidence, NativeState, legal};
///
/// // What is only assumed, a program may leave to the server.
/// let issued = NativeState::CertiFlow(CardState::Issued);
/// for (operation, verdict) in legal(issued) {
///     let sure = verdict.evidence() == Evidence::Documented;
///     println!("{operation}{}", if sure { "" } else { " (the server decides)" });
/// }
/// assert!(legal(issued).any(|(_, verdict)| verdict.evidence() == Evidence::Documented));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
#[allow(clippy::exhaustive_enums, reason = "documented or not: there is no third")]
pub enum Evidence {
    /// The vendor says so.
    Documented = 1,
    /// Inferred from what the vendor says, or from how such systems work.
    Assumed = 2,
}

named! { Evidence { Documented = "documented", Assumed = "assumed" } }
