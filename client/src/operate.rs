//! What comes before an operation: the check by the tables, and what would be sent.

use crate::error::Error;
use cardwright_core::http;
use cardwright_core::lifecycle::{Evidence, NativeState, Operation, Verdict};
use cardwright_core::{Code, Named};
use cardwright_http::Transport;

/// What to do about an operation that the tables do not allow.
///
/// ```
/// # use cardwright_client::{CertiFlow, Client, Credentials};
/// # use cardwright_server::TestServer;
/// # let server = TestServer::start()?;
/// # let client = Client::<CertiFlow>::builder(server.certiflow_url())
/// #     .credentials(Credentials::basic(TestServer::USER, TestServer::PASSWORD))
/// #     .build()?;
/// use cardwright_client::{Check, Error};
/// use cardwright_core::certiflow::RevocationReason;
///
/// let client = Client::<CertiFlow>::builder(server.certiflow_url())
///     .credentials(Credentials::basic(TestServer::USER, TestServer::PASSWORD))
///     .check(Check::Strict)
///     .build()?;
/// let card = client.card("1013")?.ok_or("no such card")?;
/// // A card that is not on hold: the table has no such row.
/// assert!(matches!(client.enable(&card), Err(Error::NotAllowed { .. })));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(not(cardwright_exhaustive), non_exhaustive)]
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

/// A request that would be sent.
///
/// ```
/// # use cardwright_client::{CertiFlow, Client, Credentials};
/// # use cardwright_server::TestServer;
/// # let server = TestServer::start()?;
/// # let client = Client::<CertiFlow>::builder(server.certiflow_url())
/// #     .credentials(Credentials::basic(TestServer::USER, TestServer::PASSWORD))
/// #     .build()?;
/// use cardwright_core::lifecycle::Operation;
///
/// let card = client.card("1013")?.ok_or("no such card")?;
/// let planned = client.plan(&card, Operation::Suspend, None)?;
/// assert_eq!(planned[0].method, "POST");
/// assert!(planned[0].address.ends_with("/Cards/1013/Disable"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
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
