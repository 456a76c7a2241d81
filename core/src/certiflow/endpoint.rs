//! The addresses of CertiFlow's API, and which dialect has them.

use super::{Dialect, Dialects, Privilege};
use crate::http::{Method, Route};
use crate::operation::Operation;

/// What an endpoint does.
///
/// # Examples
/// ```
/// use cardwright_core::certiflow::{Action, Endpoint};
/// use cardwright_core::lifecycle::Operation;
///
/// assert_eq!(Endpoint::Disable.action(), Action::Operate(Operation::Suspend));
/// assert_eq!(Endpoint::Cards.action(), Action::List);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(cardwright_exhaustive), non_exhaustive)]
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
        ///
        /// # Examples
        /// ```
        /// use cardwright_core::certiflow::{Dialect, Endpoint};
        /// use cardwright_core::lifecycle::Operation;
        ///
        /// let route = Endpoint::Revoke.route_in(Dialect::G7).unwrap();
        /// assert_eq!(route.path, "Cards/{id}/Revoke");
        /// assert_eq!(Endpoint::of(Operation::Resume), Some(Endpoint::Enable));
        /// assert_eq!(Endpoint::Withdraw.route_in(Dialect::G6), None, "it came with G7");
        /// ```
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(u8)]
        #[cfg_attr(not(cardwright_exhaustive), non_exhaustive)]
        pub enum Endpoint {
            $($(#[doc = $doc])* $name = $number,)*
        }

        /// The routes, those of an endpoint in the order of time.
        static ROUTES: &[(Endpoint, Dialects, Route)] =
            &[$($((Endpoint::$name, Dialects::between(Dialect::$from, Dialect::$to), $route)),+),*];

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
                let mut rows = ROUTES;
                let mut found = &const { get("") };
                while let [(endpoint, _, route), after @ ..] = rows {
                    if *endpoint as u8 == self as u8 {
                        found = route;
                    }
                    rows = after;
                }
                found
            }

            /// Where it is in a dialect, below that dialect's base; `None` if the dialect lacks it.
            pub const fn route_in(self, dialect: Dialect) -> Option<&'static Route> {
                let mut rows = ROUTES;
                while let [(endpoint, dialects, route), after @ ..] = rows {
                    if *endpoint as u8 == self as u8 && dialects.has(dialect) {
                        return Some(route);
                    }
                    rows = after;
                }
                None
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
    #[must_use]
    pub const fn operation(self) -> Option<Operation> {
        match self.action() {
            Action::Operate(operation) => Some(operation),
            _ => None,
        }
    }

    /// The endpoint that performs an operation; `None` if the API lacks it.
    #[must_use]
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
