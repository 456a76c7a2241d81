//! The error that an outcome is which is not done: how it ended, why, and what to do next.

use super::{Ending, Outcome};
use crate::error::Error;
use cardwright_core::Code;
use std::fmt;

/// An operation that was not carried out, or that nobody saw carried out: of [`Outcome::done`].
///
/// As a text it says how the operation ended, why, and what to do next. It has the outcome.
///
/// ```
/// use cardwright_client::{CertiFlow, Client, Ending, NotDone};
/// use cardwright_core::certiflow::OwnedCardInfo;
/// # use cardwright_client::{Credentials, Secret};
/// # use cardwright_core::certiflow::RevocationReason;
/// # use cardwright_server::{Fault, Faults, TestServer};
/// # use std::time::Duration;
///
/// /// What a help desk tells the person at the counter.
/// fn tell(outcome: Result<OwnedCardInfo, NotDone<OwnedCardInfo>>) -> String {
///     match outcome {
///         Ok(card) => format!("card {} is {}", card.view().id(), card.view().state()),
///         Err(not_done) if not_done.ending() == Ending::Unknown => format!("call the administrator: {not_done}"),
///         Err(not_done) => not_done.to_string(),
///     }
/// }
/// # let server = TestServer::start()?;
/// # let client = Client::<CertiFlow>::builder(server.certiflow_url())
/// #     .credentials(Credentials::basic(TestServer::USER, TestServer::PASSWORD))
/// #     .settle_limit(Duration::from_millis(10))
/// #     .build()?;
/// # let card = client.card("1013")?.expect("a card");
/// // A server that closes the connection without doing anything.
/// server.set_faults(Faults::of([Fault::at("**/revoke").close()])?);
/// let told = tell(client.revoke(&card, RevocationReason::CardLost)?.done());
/// assert!(told.starts_with("call the administrator: unknown: "), "{told}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct NotDone<C>(Box<Outcome<C>>);

impl<C> NotDone<C> {
    /// How the operation ended.
    #[must_use]
    pub fn ending(&self) -> Ending {
        self.0.ending
    }

    /// The number of the error that goes with the ending; `None` for what waits or was accepted, and where the card
    /// alone tells that it is not done.
    #[must_use]
    pub fn code(&self) -> Option<Code> {
        self.0.code()
    }

    /// What went wrong; `None` where nothing did, as where somebody must approve.
    #[must_use]
    pub fn error(&self) -> Option<&Error> {
        self.0.error.as_ref()
    }

    /// The card as it was read last, where it could be read.
    #[must_use]
    pub fn card(&self) -> Option<&C> {
        self.0.card.as_ref()
    }

    /// The request of MIM CM that waits or is left behind.
    #[must_use]
    pub fn request(&self) -> Option<&str> {
        self.0.request.as_deref()
    }

    /// The outcome.
    pub fn outcome(&self) -> &Outcome<C> {
        &self.0
    }

    /// The outcome, to be kept.
    pub fn into_outcome(self) -> Outcome<C> {
        *self.0
    }

    /// The same with the card made into something else, as by [`Outcome::map`].
    #[must_use]
    pub fn map<D>(self, make: impl FnOnce(C) -> D) -> NotDone<D> {
        NotDone::from(self.0.map(make))
    }

    /// What to do next, in one sentence without its full stop.
    #[must_use]
    pub fn next_step(&self) -> String {
        match (self.ending(), self.request()) {
            // Its card was taken out of it.
            (Ending::Done, _) => "it is done: read the card to have it".into(),
            (Ending::AwaitingApproval, Some(request)) => {
                format!("when request {request} is approved, `go_on` carries it out; `cancel_request` gives it up")
            }
            // A request that ended is no longer in the way.
            (Ending::Refused, Some(_)) if self.code() == Some(Code::RequestEnded) => "a new request can be made".into(),
            (Ending::Refused | Ending::Unknown, Some(request)) => {
                format!("`request` shows request {request}, `go_on` goes on with it, and `cancel_request` gives it up")
            }
            (Ending::Unknown, None) => "look at the card again before anything else is done with it".into(),
            (Ending::NotSent, _) => "nothing has changed: try again when the server can be reached".into(),
            (Ending::Accepted, _) => "the server's word was asked for alone: read the card to be sure".into(),
            (Ending::AwaitingApproval, None) => "it can be carried out when somebody has approved it".into(),
            (Ending::Refused, None) => match self.code() {
                Some(Code::SignIn) => "nothing has changed: check the account and how it signs in".into(),
                Some(Code::Forbidden) => "nothing has changed: use an account that may do this".into(),
                Some(Code::NotFound) => "look for the card again".into(),
                _ => "it was not repeated: read the card to see what can be done with it now".into(),
            },
        }
    }
}

impl<C> Outcome<C> {
    /// The card as it is now that the operation was carried out. Everything else is an error: what was refused or not
    /// sent, what may or may not have happened, what waits for approval, and what the server alone says was done
    /// ([`Verify::Never`](crate::Verify)).
    ///
    /// [`Self::warning`] goes to `tracing`, at the level of warnings.
    ///
    /// # Errors
    /// [`NotDone`], which has the outcome.
    pub fn done(mut self) -> Result<C, NotDone<C>> {
        if let (Ending::Done, Some(warning)) = (self.ending, &self.warning) {
            tracing::warn!("done, but {warning}");
        }
        match self.card.take_if(|_| self.ending == Ending::Done) {
            Some(card) => Ok(card),
            None => Err(NotDone::from(self)),
        }
    }

    /// As [`Self::done`], where the server's word is enough: without a card for what is [`Ending::Accepted`].
    ///
    /// # Errors
    /// [`NotDone`], which has the outcome.
    pub fn done_or_accepted(self) -> Result<Option<C>, NotDone<C>> {
        if self.ending == Ending::Accepted { Ok(self.card) } else { self.done().map(Some) }
    }

    /// As [`Self::done`], where somebody may have to approve first: the id of the request of MIM CM that waits, for
    /// [`Client::go_on`](crate::Client::go_on); `None` where it is done.
    ///
    /// # Errors
    /// [`NotDone`], which has the outcome.
    pub fn done_or_awaiting(mut self) -> Result<Option<String>, NotDone<C>> {
        match self.request.take_if(|_| self.ending == Ending::AwaitingApproval) {
            Some(request) => Ok(Some(request)),
            None => self.done().map(|_| None),
        }
    }
}

impl<C> From<Outcome<C>> for NotDone<C> {
    fn from(outcome: Outcome<C>) -> Self {
        NotDone(Box::new(outcome))
    }
}

impl<C> fmt::Display for NotDone<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.0, self.next_step())
    }
}

/// Without the card, which may name a person.
impl<C> fmt::Debug for NotDone<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Outcome { ending, error, status, seen, request, .. } = &*self.0;
        let mut debug = f.debug_struct("NotDone");
        debug.field("ending", ending).field("error", error).field("status", status).field("seen", seen);
        debug.field("request", request).finish_non_exhaustive()
    }
}

impl<C> std::error::Error for NotDone<C> {
    /// What went wrong.
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.error().map(|error| error as _)
    }
}
