//! Following a request of MIM CM: it and its card are read, and nothing is changed.

use super::id::is_uuid;
use crate::any::AnyCard;
use crate::error::Error;
use crate::record::owned;
use cardwright_core::Code;
use cardwright_core::lifecycle::Operation;
use cardwright_core::mim::{OwnedRequest, Step, operation_of};

/// A request of MIM CM as it is now, and the card that it is for.
///
/// ```
/// use cardwright_client::{AnyClient, Error};
/// use cardwright_core::mim::Step;
///
/// /// Carries a request out as soon as it is approved; `true` where nothing is left to wait for.
/// fn poll(client: &AnyClient, request: &str) -> Result<bool, Box<dyn std::error::Error>> {
///     let followed = client.follow(request)?;
///     match followed.step {
///         Step::AwaitApproval => return Ok(false),
///         Step::CarryOut => drop(client.go_on(request)?.done()?),
///         Step::Done => {}
///         Step::Ended(status) => return Err(format!("{status:?}").into()),
///         Step::Unknown => return Err("its status is not known".into()),
///     }
///     Ok(true)
/// }
/// # use cardwright_client::{Client, Credentials, Job, Mim};
/// # use cardwright_core::lifecycle::Operation;
/// # use cardwright_server::TestServer;
/// # let server = TestServer::start()?;
/// # let client = Client::<Mim>::builder(server.mim_url())
/// #     .credentials(Credentials::basic(TestServer::USER, TestServer::PASSWORD))
/// #     .build()?;
/// # let client = AnyClient::Mim(client);
/// let card = client.find("{91C3E7A5-26D8-4B0F-A7E4-0F5C8D3B6219}")?.ok_or("no such card")?;
/// let outcome = client.operate(&card, &Job::new(Operation::Retire))?;
/// let request = outcome.request.ok_or("no request")?;
/// # let _ = poll(&client, &request)?;
/// assert_eq!(client.follow(&request)?.operation, Some(Operation::Retire));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct FollowedRequest {
    /// The request as the server sent it.
    pub request: OwnedRequest,
    /// What comes next.
    pub step: Step,
    /// The operation that it is for, where this library can perform it.
    pub operation: Option<Operation>,
    /// The card that it is for; `None` where it is for none, the server does not have it, or it cannot be read.
    pub card: Option<AnyCard>,
    /// Why the card cannot be read.
    pub unread: Option<Error>,
}

impl FollowedRequest {
    /// What comes next, in words: `awaiting approval`, `approved`, `done`, `ended` or `unknown`.
    #[must_use]
    pub fn step_name(&self) -> &'static str {
        match self.step {
            Step::AwaitApproval => "awaiting approval",
            Step::CarryOut => "approved",
            Step::Done => "done",
            Step::Ended(_) => "ended",
            Step::Unknown => "unknown",
        }
    }

    /// The request with an id, and its card, which `card` reads.
    pub(crate) fn of(
        asked: &str,
        request: OwnedRequest,
        card: impl FnOnce(&str) -> Result<Option<AnyCard>, Error>,
    ) -> Result<Self, Error> {
        let view = request.view();
        let (uuid, about) = (owned(view.uuid()), owned(view.smartcard_uuid()));
        if !is_uuid(&uuid, asked) {
            let words = format!("the server answered with request {uuid} where {asked} was asked for");
            return Err(Error::unexpected(&format!("request {asked}"), words));
        }
        let (step, operation) = (view.step(), operation_of(&view));
        let (card, unread) = match Some(about).filter(|uuid| !uuid.is_empty()).map(|uuid| card(&uuid)) {
            None => (None, None),
            Some(Ok(card)) => (card, None),
            // Somebody has stopped the client, and not the server refused to show the card.
            Some(Err(error)) if error.code() == Code::Canceled => return Err(error),
            Some(Err(error)) => (None, Some(error)),
        };
        Ok(FollowedRequest { request, step, operation, card, unread })
    }
}
