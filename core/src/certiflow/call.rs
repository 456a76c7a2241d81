//! The calls of CertiFlow's API, and which dialect has them.

use super::{Dialect, Dialects, Privilege, Query, RevocationReason};
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
    /// Lists the cards of one user.
    ListOfUser,
    /// Shows one card.
    Show,
    /// Performs an operation on a card.
    Operate(Operation),
}

/// Defines [`Endpoint`] and all that follows from the list of endpoints: one row an endpoint, with what it does, its
/// route, in the order of time with the generations that have it so, and the privilege that it needs.
macro_rules! endpoints {
    ($($(#[doc = $doc:literal])* $name:ident = $number:literal: $action:expr,
        [$($route:expr, $from:ident to $to:ident);+], $privilege:ident;)*) => {
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

            /// Where it is in the newest dialect that has it, below the API's base.
            pub const fn route(self) -> &'static Route {
                match self {
                    $(Endpoint::$name => {
                        const ROUTES: &[Route] = &[$($route),+];
                        const { &ROUTES[ROUTES.len() - 1] }
                    },)*
                }
            }

            /// Where it is in a dialect, below that dialect's base; `None` if the dialect lacks it.
            pub const fn route_in(self, dialect: Dialect) -> Option<&'static Route> {
                match self {
                    $(Endpoint::$name => {
                        $(if Dialects::between(Dialect::$from, Dialect::$to).has(dialect) {
                            return Some(const { &$route });
                        })+
                        None
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
    Cards = 1: Action::List,
        [get("Card/GetAllCards"), G2 to G3; get("Cards"), G4 to G7], ViewingCardRepository;
    /// One card by its id; the path is assumed.
    Card = 2: Action::Show, [get("Cards/{id}"), G7 to G7], ViewingCardRepository;
    /// Revoke.
    Revoke = 3: Action::Operate(Operation::Revoke),
        [post("card/revoke"), G1 to G3; post("Cards/{id}/Revoke"), G4 to G7], RevokingCard;
    /// Disable.
    Disable = 4: Action::Operate(Operation::Suspend),
        [post("card/disable"), G1 to G3; post("Cards/{id}/Disable"), G4 to G7], DisablingCard;
    /// Enable.
    Enable = 5: Action::Operate(Operation::Resume),
        [post("card/enable"), G1 to G3; post("Cards/{id}/Enable"), G4 to G7], EnablingCard;
    /// PreUpdate.
    PreUpdate = 6: Action::Operate(Operation::PreUpdate),
        [post("card/preupdate"), G1 to G3; post("Cards/{id}/PreUpdate"), G4 to G7], UpdatingCard;
    /// Withdraw; the path is assumed.
    Withdraw = 7: Action::Operate(Operation::Retire), [post("Cards/{id}/Withdraw"), G7 to G7], RevokingCard;
    /// List the cards of one user. Later it is a filter of the list.
    CardsOfUser = 8: Action::ListOfUser, [get("user/getcards"), G1 to G3], ViewingCardRepository;
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
    /// Where the call goes in a dialect, which may still lack it; `None` for an operation that the API lacks.
    pub fn endpoint(&self, dialect: Dialect) -> Option<Endpoint> {
        match self {
            Call::Cards(query) => Some(query.endpoint(dialect)),
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
        let endpoint = self.endpoint(dialect).ok_or(Error::of(Code::NoSuchOperation, System::CertiFlow.name()))?;
        if let Call::Cards(query) = self {
            query.check(dialect)?;
        }
        let Some(route) = endpoint.route_in(dialect) else {
            return Err(dialect.lacks(Code::NoSuchCall, endpoint.route().path));
        };
        match self {
            Call::Cards(_) => {}
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

/// A [`Call`] that its dialect has. See [`Call::in_dialect`].
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
            (dialect, Call::Operate { id, .. }) if dialect.id_is_parameter() => query.add("id", id),
            // The only request that the vendor prints in full gives the reason by name, as a parameter.
            _ if !self.has_body() => self.reason().map_or(Ok(()), |reason| query.add("reason", reason.name())),
            _ => Ok(()),
        }
    }

    /// The older dialects take the reason as a number in the body; the vendor's own examples are not quite JSON.
    fn body(&self, out: &mut dyn fmt::Write) -> fmt::Result {
        let Some(reason) = self.reason().filter(|_| self.has_body()) else { return Ok(()) };
        let mut body = ObjectWriter::new(out)?;
        body.number("reason", i64::from(reason as u8))?;
        body.end()
    }

    fn has_body(&self) -> bool {
        self.dialect.reason_in_body() && self.reason().is_some()
    }
}
