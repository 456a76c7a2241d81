//! The outcome of an operation on a card, and the check before it.

use crate::error::Error;
use cardwright_core::http;
use cardwright_core::lifecycle::{Evidence, NativeState, Operation, Verdict};
use cardwright_core::{Code, Named};
use cardwright_http::Transport;

/// What to do about an operation that the tables do not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Check {
    /// Stop it where the vendor documents so; where it is only assumed, send it and let the server
    /// decide. The outcome carries the verdict.
    #[default]
    Warn,
    /// Stop it where it is only assumed, too.
    Strict,
    /// Never stop it.
    Off,
}

cardwright_core::named! { Check { Warn = "warn", Strict = "strict", Off = "off" } }

impl Check {
    /// Judges an operation in a state before it is sent.
    pub(crate) fn judge(self, state: Option<NativeState>, operation: Operation) -> Result<Option<Verdict>, Error> {
        let Some(known) = state else {
            return match self {
                Check::Strict => Err(Error::NotAllowed {
                    operation,
                    state,
                    evidence: Evidence::Assumed,
                    reason: "the card's state is not known".into(),
                }),
                _ => Ok(None),
            };
        };
        let verdict = Verdict::of(known, operation);
        match (verdict, self) {
            (Verdict::Lacks, _) => Err(cardwright_core::Error::of(Code::NoSuchOperation, known.system().name()).into()),
            (Verdict::Refused { evidence: evidence @ Evidence::Documented, source }, Check::Warn | Check::Strict)
            | (Verdict::Refused { evidence: evidence @ Evidence::Assumed, source }, Check::Strict) => {
                Err(Error::NotAllowed { operation, state, evidence, reason: source.into() })
            }
            _ => Ok(Some(verdict)),
        }
    }
}

/// The outcome of an operation.
#[derive(Debug)]
#[non_exhaustive]
pub enum Outcome<C> {
    /// The server carried it out.
    Done {
        /// The card as it is now; `None` where it could not be read again, or is no longer listed.
        card: Option<C>,
        /// What the tables said before; `None` where the state was not known.
        verdict: Option<Verdict>,
        /// The request of MIM CM that did it.
        request: Option<String>,
        /// The answer was lost, and the card, read again, shows that it was carried out.
        answer_lost: bool,
    },
    /// The answer was lost, and reading the card again does not tell whether it was carried out.
    Unknown {
        /// The card as it is now, where it could be read.
        card: Option<C>,
        /// What was lost, and how.
        error: Error,
        /// The request of MIM CM, where there is one already.
        request: Option<String>,
    },
    /// MIM CM took the request; somebody must approve it before it can be carried out.
    AwaitingApproval {
        /// The request's id, to go on from later.
        request: String,
        /// What the tables said before.
        verdict: Option<Verdict>,
    },
}

impl<C> Outcome<C> {
    /// The same outcome with the card made into something else.
    pub fn map<D>(self, make: impl FnOnce(C) -> D) -> Outcome<D> {
        match self {
            Outcome::Done { card, verdict, request, answer_lost } => {
                Outcome::Done { card: card.map(make), verdict, request, answer_lost }
            }
            Outcome::Unknown { card, error, request } => Outcome::Unknown { card: card.map(make), error, request },
            Outcome::AwaitingApproval { request, verdict } => Outcome::AwaitingApproval { request, verdict },
        }
    }
}

/// A request that would be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// The method.
    pub method: &'static str,
    /// The whole address.
    pub address: String,
    /// The body, where there is one.
    pub body: Option<String>,
}

impl Planned {
    pub(crate) fn of(transport: &Transport, call: &dyn http::Call) -> Self {
        Planned { method: call.route().method.name(), address: transport.address(call), body: Transport::body(call) }
    }
}
