//! What can be asked of CertiFlow, and in which dialect.

use super::{Privilege, Query, RevocationReason};
use crate::http::{self, Method, Route, check_argument};
use crate::lifecycle::{Operation, System};
use crate::{Code, Error, Named};
use core::fmt;

/// A generation of the API. Their numbers grow with time; each has what the ones before it have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[repr(u8)]
pub enum Dialect {
    /// CertiFlow before 7.1, Indeed CM 7.0: `Cards` with filters, and four operations.
    G6 = 6,
    /// CertiFlow 7.1 and later: also one card by its id, Withdraw, and more filters.
    #[default]
    G7 = 7,
}

impl Named for Dialect {
    const ALL: &'static [Self] = &[Dialect::G6, Dialect::G7];

    fn name(self) -> &'static str {
        match self {
            Dialect::G6 => "G6",
            Dialect::G7 => "G7",
        }
    }
}

/// A call of the API, with the dialect that first has it and the privilege it needs. That a call
/// needs this privilege follows from the names; the vendor lists only the set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Endpoint {
    /// List cards.
    Cards = 1,
    /// One card by its id; the path is assumed.
    Card = 2,
    /// Revoke.
    Revoke = 3,
    /// Disable.
    Disable = 4,
    /// Enable.
    Enable = 5,
    /// PreUpdate.
    PreUpdate = 6,
    /// Withdraw; the path is assumed.
    Withdraw = 7,
}

impl Endpoint {
    /// All of them.
    pub const ALL: [Endpoint; 7] = [
        Endpoint::Cards,
        Endpoint::Card,
        Endpoint::Revoke,
        Endpoint::Disable,
        Endpoint::Enable,
        Endpoint::PreUpdate,
        Endpoint::Withdraw,
    ];

    /// Where it is, below the API's base.
    pub const fn route(self) -> &'static Route {
        const fn get(path: &'static str) -> Route {
            Route { method: Method::Get, path }
        }
        const fn post(path: &'static str) -> Route {
            Route { method: Method::Post, path }
        }
        match self {
            Endpoint::Cards => const { &get("Cards") },
            Endpoint::Card => const { &get("Cards/{id}") },
            Endpoint::Revoke => const { &post("Cards/{id}/Revoke") },
            Endpoint::Disable => const { &post("Cards/{id}/Disable") },
            Endpoint::Enable => const { &post("Cards/{id}/Enable") },
            Endpoint::PreUpdate => const { &post("Cards/{id}/PreUpdate") },
            Endpoint::Withdraw => const { &post("Cards/{id}/Withdraw") },
        }
    }

    /// The first dialect that has it.
    pub const fn since(self) -> Dialect {
        match self {
            Endpoint::Card | Endpoint::Withdraw => Dialect::G7,
            _ => Dialect::G6,
        }
    }

    /// The privilege it needs.
    pub const fn privilege(self) -> Privilege {
        match self {
            Endpoint::Cards | Endpoint::Card => Privilege::ViewingCardRepository,
            Endpoint::Revoke | Endpoint::Withdraw => Privilege::RevokingCard,
            Endpoint::Disable => Privilege::DisablingCard,
            Endpoint::Enable => Privilege::EnablingCard,
            Endpoint::PreUpdate => Privilege::UpdatingCard,
        }
    }

    /// The operation it does; `None` for those that only read.
    pub const fn operation(self) -> Option<Operation> {
        match self {
            Endpoint::Cards | Endpoint::Card => None,
            Endpoint::Revoke => Some(Operation::Revoke),
            Endpoint::Disable => Some(Operation::Suspend),
            Endpoint::Enable => Some(Operation::Resume),
            Endpoint::PreUpdate => Some(Operation::PreUpdate),
            Endpoint::Withdraw => Some(Operation::Retire),
        }
    }
}

/// What to ask. [`Call::in_dialect`] makes a request of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Call<'a> {
    /// List cards.
    Cards(Query<'a>),
    /// One card by its id.
    Card {
        /// The card's id, as the server wrote it.
        id: &'a str,
    },
    /// Do something to a card.
    Operate {
        /// What to do.
        operation: Operation,
        /// The card's id, as the server wrote it.
        id: &'a str,
        /// Why; only Revoke takes it.
        reason: Option<RevocationReason>,
    },
}

impl<'a> Call<'a> {
    /// Where the call goes.
    pub const fn endpoint(&self) -> Endpoint {
        match self {
            Call::Cards(_) => Endpoint::Cards,
            Call::Card { .. } => Endpoint::Card,
            Call::Operate { operation, .. } => match operation {
                Operation::Suspend => Endpoint::Disable,
                Operation::Resume => Endpoint::Enable,
                Operation::Revoke => Endpoint::Revoke,
                Operation::Retire => Endpoint::Withdraw,
                Operation::PreUpdate => Endpoint::PreUpdate,
            },
        }
    }

    /// The call as a request of a dialect.
    ///
    /// # Errors
    /// [`Code::NoSuchCall`] and [`Code::NoSuchParameter`] for what the dialect lacks,
    /// [`Code::ReasonNeeded`] for Revoke without a reason, [`Code::Unwritable`] for an id that
    /// cannot stand in a path and for a filter that is empty.
    pub fn in_dialect(self, dialect: Dialect) -> Result<Request<'a>, Error> {
        if self.endpoint().since() > dialect {
            return Err(Error::of(Code::NoSuchCall, self.endpoint().route().path));
        }
        match self {
            Call::Cards(query) => query.check(dialect)?,
            Call::Card { id } => check_argument("id", id)?,
            Call::Operate { operation, id, reason } => {
                check_argument("id", id)?;
                if operation.facts().takes_reason && reason.is_none() {
                    return Err(Error::of(Code::ReasonNeeded, operation.native(System::CertiFlow).unwrap_or("")));
                }
            }
        }
        Ok(Request { call: self })
    }
}

/// A [`Call`] that its dialect has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Request<'a> {
    call: Call<'a>,
}

impl http::Call for Request<'_> {
    fn route(&self) -> &'static Route {
        self.call.endpoint().route()
    }

    fn argument(&self, _: usize) -> &str {
        match self.call {
            Call::Cards(_) => "",
            Call::Card { id } | Call::Operate { id, .. } => id,
        }
    }

    fn query(&self, query: &mut http::Query<'_>) -> fmt::Result {
        match self.call {
            Call::Cards(cards) => cards.write(query),
            // The only request that the vendor prints in full gives the reason by name, as a parameter.
            Call::Operate { operation: Operation::Revoke, reason: Some(reason), .. } => {
                query.add("reason", reason.name())
            }
            Call::Card { .. } | Call::Operate { .. } => Ok(()),
        }
    }
}
