//! The calls of CertiFlow's API, and which dialect has them.

use super::{Dialect, Privilege, Query, RevocationReason};
use crate::http::{self, Method, Route, check_argument};
use crate::json::ObjectWriter;
use crate::operation::{Operation, System};
use crate::{Code, Error, Named};
use core::fmt;

/// What an endpoint does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Lists cards.
    List,
    /// Shows one card.
    Show,
    /// Performs an operation on a card.
    Operate(Operation),
}

/// Defines [`Endpoint`] and all that follows from the list of endpoints: one row an endpoint, with what it does, its
/// route in the newest dialect, the first dialect that has this route, its route in G1 if there is one, and the
/// privilege that it needs.
macro_rules! endpoints {
    ($($(#[doc = $doc:literal])* $name:ident = $number:literal: $action:expr,
        $route:expr, since $since:ident, in G1 $old:expr, $privilege:ident;)*) => {
        /// A call of the API: where it is in each dialect, and the privilege it needs. That a call needs this
        /// privilege follows from the names; the vendor lists only the set.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(u8)]
        pub enum Endpoint {
            $($(#[doc = $doc])* $name = $number,)*
        }

        impl Endpoint {
            /// All endpoints.
            pub const ALL: [Endpoint; [$($number),*].len()] = [$(Endpoint::$name),*];

            /// What it does.
            pub const fn action(self) -> Action {
                match self {
                    $(Endpoint::$name => $action,)*
                }
            }

            /// Where it is in the newest dialect, below the API's base.
            pub const fn route(self) -> &'static Route {
                match self {
                    $(Endpoint::$name => const { &$route },)*
                }
            }

            /// Where it is in a dialect, below that dialect's base; `None` if the dialect lacks it.
            pub const fn route_in(self, dialect: Dialect) -> Option<&'static Route> {
                match (dialect, self) {
                    $((Dialect::G1, Endpoint::$name) => const { &$old }.as_ref(),)*
                    $((Dialect::G6 | Dialect::G7, Endpoint::$name) => {
                        if dialect as u8 >= Dialect::$since as u8 { Some(self.route()) } else { None }
                    })*
                }
            }

            /// The privilege it needs.
            pub const fn privilege(self) -> Privilege {
                match self {
                    $(Endpoint::$name => Privilege::$privilege,)*
                }
            }
        }
    };
}

endpoints! {
    /// List cards.
    Cards = 1: Action::List, get("Cards"), since G6, in G1 Some(get("user/getcards")), ViewingCardRepository;
    /// One card by its id; the path is assumed.
    Card = 2: Action::Show, get("Cards/{id}"), since G7, in G1 None, ViewingCardRepository;
    /// Revoke.
    Revoke = 3: Action::Operate(Operation::Revoke),
        post("Cards/{id}/Revoke"), since G6, in G1 Some(post("card/revoke")), RevokingCard;
    /// Disable.
    Disable = 4: Action::Operate(Operation::Suspend),
        post("Cards/{id}/Disable"), since G6, in G1 Some(post("card/disable")), DisablingCard;
    /// Enable.
    Enable = 5: Action::Operate(Operation::Resume),
        post("Cards/{id}/Enable"), since G6, in G1 Some(post("card/enable")), EnablingCard;
    /// PreUpdate.
    PreUpdate = 6: Action::Operate(Operation::PreUpdate),
        post("Cards/{id}/PreUpdate"), since G6, in G1 Some(post("card/preupdate")), UpdatingCard;
    /// Withdraw; the path is assumed.
    Withdraw = 7: Action::Operate(Operation::Retire),
        post("Cards/{id}/Withdraw"), since G7, in G1 None, RevokingCard;
}

impl Endpoint {
    /// The operation that it performs; `None` for those that only read.
    pub const fn operation(self) -> Option<Operation> {
        match self.action() {
            Action::Operate(operation) => Some(operation),
            _ => None,
        }
    }

    /// The endpoint that performs an operation; `None` if the API lacks it.
    pub fn of(operation: Operation) -> Option<Self> {
        Self::ALL.iter().copied().find(|endpoint| endpoint.operation() == Some(operation))
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
    /// Where the call goes; `None` for an operation that the API lacks.
    pub fn endpoint(&self) -> Option<Endpoint> {
        match self {
            Call::Cards(_) => Some(Endpoint::Cards),
            Call::Card { .. } => Some(Endpoint::Card),
            Call::Operate { operation, .. } => Endpoint::of(*operation),
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
        let endpoint = self.endpoint().ok_or(Error::of(Code::NoSuchOperation, System::CertiFlow.name()))?;
        let Some(route) = endpoint.route_in(dialect) else {
            return Err(dialect.lacks(Code::NoSuchCall, endpoint.route().path));
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
