//! The calls of CertiFlow's API, and which dialect has them.

use super::{Dialect, Endpoint, Query, RevocationReason};
use crate::http::{self, Route, check_argument};
use crate::operation::{Operation, System};
use crate::{Code, Error, Named};
use core::fmt;

/// A call. [`Call::in_dialect`] makes a request of it.
///
/// # Examples
/// ```
/// use cardwright_core::certiflow::{Call, Dialect, RevocationReason};
/// use cardwright_core::http;
/// use cardwright_core::lifecycle::Operation;
///
/// let call = Call::Operate { operation: Operation::Revoke, id: "1013", reason: Some(RevocationReason::CardLost) };
/// let request = call.in_dialect(Dialect::G7)?;
/// assert_eq!(http::target_to(&request, &mut [0; 64])?, "Cards/1013/Revoke?reason=CardLost");
///
/// // An old server has other paths, and lacks calls.
/// assert!(Call::Card { id: "1013" }.in_dialect(Dialect::G4).is_err());
/// # Ok::<(), cardwright_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(cardwright_exhaustive), non_exhaustive)]
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
    #[must_use]
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
            query.check_in(endpoint, dialect)?;
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
///
/// # Examples
/// ```
/// use cardwright_core::certiflow::{Call, Dialect};
/// use cardwright_core::http::{self, Call as _};
/// use cardwright_core::lifecycle::Operation;
///
/// let call = Call::Operate { operation: Operation::Suspend, id: "1013", reason: None };
/// let request = call.in_dialect(Dialect::G1)?;
/// assert_eq!(request.route().method, http::Method::Post);
/// assert_eq!(http::target_to(&request, &mut [0; 64])?, "card/disable?id=1013");
/// # Ok::<(), cardwright_core::Error>(())
/// ```
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
        out.write_str("{\"reason\":")?;
        // No number has two digits.
        out.write_char(char::from(b'0'.wrapping_add(reason as u8)))?;
        out.write_str("}")
    }

    fn body_len(&self) -> usize {
        if self.has_body() { "{\"reason\":0}".len() } else { 0 }
    }

    fn has_body(&self) -> bool {
        self.dialect.reason_in_body() && self.reason().is_some()
    }
}
