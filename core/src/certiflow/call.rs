//! The calls of CertiFlow's API, and which dialect has them.

use super::{Dialect, Privilege, Query, RevocationReason};
use crate::http::{self, Method, Route, check_argument};
use crate::json::ObjectWriter;
use crate::names::every;
use crate::operation::{Operation, System};
use crate::{Code, Error, Named};
use core::fmt;

/// A call of the API: where it is in each dialect, and the privilege it needs. That a call needs this
/// privilege follows from the names; the vendor lists only the set.
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
    /// All endpoints.
    pub const ALL: [Endpoint; 7] = every!(Endpoint { Cards, Card, Revoke, Disable, Enable, PreUpdate, Withdraw });

    /// Where it is in the newest dialect, below the API's base.
    pub const fn route(self) -> &'static Route {
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

    /// Where it is in a dialect, below that dialect's base; `None` if the dialect lacks it.
    pub const fn route_in(self, dialect: Dialect) -> Option<&'static Route> {
        match (dialect, self) {
            (Dialect::G1, Endpoint::Cards) => Some(const { &get("user/getcards") }),
            (Dialect::G1, Endpoint::Revoke) => Some(const { &post("card/revoke") }),
            (Dialect::G1, Endpoint::Disable) => Some(const { &post("card/disable") }),
            (Dialect::G1, Endpoint::Enable) => Some(const { &post("card/enable") }),
            (Dialect::G1, Endpoint::PreUpdate) => Some(const { &post("card/preupdate") }),
            (Dialect::G1 | Dialect::G6, Endpoint::Card | Endpoint::Withdraw) => None,
            (Dialect::G6 | Dialect::G7, _) => Some(self.route()),
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

    /// The operation that it performs; `None` for those that only read.
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

const fn get(path: &'static str) -> Route {
    Route { method: Method::Get, path }
}

const fn post(path: &'static str) -> Route {
    Route { method: Method::Post, path }
}

/// A call. [`Call::in_dialect`] makes a request of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Call<'a> {
    /// List cards.
    Cards(Query<'a>),
    /// One card by its id.
    Card {
        /// The card's id, as the server wrote it.
        id: &'a str,
    },
    /// Perform an operation on a card.
    Operate {
        /// The operation.
        operation: Operation,
        /// The card's id, as the server wrote it.
        id: &'a str,
        /// The reason; Revoke only.
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
    /// [`Code::NoSuchCall`], [`Code::NoSuchParameter`] and [`Code::NoSuchReason`] for what the dialect
    /// lacks, including a reason for anything but Revoke; [`Code::ParameterNeeded`] for a list of G1
    /// without a user; [`Code::ReasonNeeded`] for Revoke without a reason; [`Code::Unwritable`] for an id
    /// that cannot stand in a path. The first four carry the dialect's number as `at`.
    pub fn in_dialect(self, dialect: Dialect) -> Result<Request<'a>, Error> {
        let Some(route) = self.endpoint().route_in(dialect) else {
            return Err(dialect.lacks(Code::NoSuchCall, self.endpoint().route().path));
        };
        match self {
            Call::Cards(query) => query.check(dialect)?,
            Call::Card { id } => check_argument("id", id)?,
            Call::Operate { operation, id, reason } => {
                check_argument("id", id)?;
                match reason {
                    None if operation.facts().takes_reason => {
                        return Err(Error::of(Code::ReasonNeeded, operation.native(System::CertiFlow).unwrap_or("")));
                    }
                    Some(_) if !operation.facts().takes_reason => {
                        return Err(dialect.lacks(Code::NoSuchParameter, "reason"));
                    }
                    Some(reason) if reason.since() > dialect => {
                        return Err(dialect.lacks(Code::NoSuchReason, reason.name()));
                    }
                    _ => {}
                }
            }
        }
        Ok(Request { call: self, dialect, route })
    }
}

/// A [`Call`] that its dialect has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Request<'a> {
    call: Call<'a>,
    dialect: Dialect,
    route: &'static Route,
}

impl Request<'_> {
    /// The reason, if the call has one.
    fn reason(&self) -> Option<RevocationReason> {
        match self.call {
            Call::Operate { operation: Operation::Revoke, reason, .. } => reason,
            _ => None,
        }
    }
}

impl http::Call for Request<'_> {
    fn route(&self) -> &'static Route {
        self.route
    }

    fn argument(&self, _: usize) -> &str {
        match self.call {
            Call::Cards(_) => "",
            Call::Card { id } | Call::Operate { id, .. } => id,
        }
    }

    fn query(&self, query: &mut http::Query<'_>) -> fmt::Result {
        match (self.dialect, self.call) {
            (_, Call::Cards(cards)) => cards.write(self.dialect, query),
            (Dialect::G1, Call::Operate { id, .. }) => query.add("id", id),
            // The only request that the vendor prints in full gives the reason by name, as a parameter.
            _ => self.reason().map_or(Ok(()), |reason| query.add("reason", reason.name())),
        }
    }

    /// G1 takes the reason as a number in the body; the vendor's own example is not quite JSON.
    fn body(&self, out: &mut dyn fmt::Write) -> fmt::Result {
        let Some(reason) = self.reason().filter(|_| self.has_body()) else { return Ok(()) };
        let mut body = ObjectWriter::new(out)?;
        body.number("reason", i64::from(reason as u8))?;
        body.end()
    }

    fn has_body(&self) -> bool {
        self.dialect == Dialect::G1 && self.reason().is_some()
    }
}
