//! The outcome of an operation on a card: what is so, and what was seen of it.

mod not_done;

pub use not_done::NotDone;

use crate::error::Error;
use cardwright_core::lifecycle::Verdict;
use cardwright_core::{Code, Named as _, named};
use std::fmt;

/// How an operation ended.
///
/// ```
/// use cardwright_client::Ending;
/// use cardwright_core::Named as _;
///
/// assert_eq!(Ending::from_name("not sent"), Some(Ending::NotSent));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
#[cfg_attr(not(cardwright_exhaustive), non_exhaustive)]
pub enum Ending {
    /// It was carried out: the card was read again, and is as the operation leaves it.
    Done = 1,
    /// It may have been carried out, or may still be: the card was read again until the settle limit, and does
    /// not tell.
    Unknown = 2,
    /// MIM CM took the request; somebody must approve it before it can be carried out.
    AwaitingApproval = 3,
    /// The server refused it, or does not accept the account. It was not repeated.
    Refused = 4,
    /// No byte of its request left: there was no name, no connection, no TLS, or a proxy let nothing pass.
    NotSent = 5,
    /// The server said yes, and the card was not read again, as [`Verify::Never`](crate::Verify) asks.
    Accepted = 6,
}

named! {
    Ending {
        Done = "done",
        Unknown = "unknown",
        AwaitingApproval = "awaiting approval",
        Refused = "refused",
        NotSent = "not sent",
        Accepted = "accepted",
    }
}

/// The outcome of an operation. [`Outcome::done`] makes an error of all that is not done.
///
/// ```
/// use cardwright_client::{CertiFlow, Client, Credentials};
/// use cardwright_core::certiflow::{CardState, RevocationReason};
/// # use cardwright_server::TestServer;
///
/// # let server = TestServer::start()?;
/// # let base = server.certiflow_url();
/// let client = Client::<CertiFlow>::builder(base)
///     .credentials(Credentials::basic(TestServer::USER, TestServer::PASSWORD))
///     .build()?;
/// let card = client.card("1013")?.ok_or("no such card")?;
/// let card = client.revoke(&card, RevocationReason::CardLost)?.done()?;
/// assert!(card.view().state().is(CardState::Revoked));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
#[must_use = "an operation that was not carried out is no error: `done()?` makes one of it"]
#[non_exhaustive]
pub struct Outcome<C> {
    /// How it ended.
    pub ending: Ending,
    /// The card as it was read last after the operation; `None` where it was not read or could not be.
    pub card: Option<C>,
    /// What went wrong: the refusal, what kept the request from being sent, or the answer that proves nothing.
    pub error: Option<Error>,
    /// The HTTP status of the last answer to the operation; `None` where there was none.
    pub status: Option<u16>,
    /// What was seen, in words; empty where `ending` and `card` say it all.
    pub seen: String,
    /// The request of MIM CM that did it, or that is left behind.
    pub request: Option<String>,
    /// What the tables said before; `None` where the state was not known.
    pub verdict: Option<Verdict>,
    /// The answer to the operation was lost, or said that it failed; what `ending` says was read from the card, or could
    /// not be.
    pub answer_lost: bool,
    /// What a person should know although it is done.
    pub warning: Option<String>,
}

impl<C> Outcome<C> {
    pub(crate) fn new(ending: Ending) -> Self {
        let seen = String::new();
        let (card, error, status, request, verdict, warning) = (None, None, None, None, None, None);
        Outcome { ending, card, error, status, seen, request, verdict, answer_lost: false, warning }
    }

    /// Whether it was carried out, and the card was seen so.
    pub fn is_done(&self) -> bool {
        self.ending == Ending::Done
    }

    /// Whether it is done, or accepted where nobody wanted to look.
    pub fn is_success(&self) -> bool {
        matches!(self.ending, Ending::Done | Ending::Accepted)
    }

    /// The number of the error that goes with the ending; `None` for what is done, accepted or waits.
    pub fn code(&self) -> Option<Code> {
        match self.ending {
            Ending::Done | Ending::Accepted | Ending::AwaitingApproval => None,
            _ => self.error.as_ref().map(Error::code),
        }
    }

    /// The same outcome with the card made into something else.
    pub fn map<D>(self, make: impl FnOnce(C) -> D) -> Outcome<D> {
        let Outcome { ending, card, error, status, seen, request, verdict, answer_lost, warning } = self;
        Outcome { ending, card: card.map(make), error, status, seen, request, verdict, answer_lost, warning }
    }

    pub(crate) fn with_error(mut self, error: impl Into<Option<Error>>) -> Self {
        self.error = error.into();
        self.status = self.error.as_ref().and_then(Error::status).or(self.status);
        self
    }

    pub(crate) fn with_status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    pub(crate) fn with_seen(mut self, seen: impl Into<String>) -> Self {
        self.seen = seen.into();
        self
    }

    pub(crate) fn with_card(mut self, card: impl Into<Option<C>>) -> Self {
        self.card = card.into();
        self
    }

    pub(crate) fn with_request(mut self, request: &str) -> Self {
        self.request = Some(request.into());
        self
    }

    pub(crate) fn after_lost_answer(mut self, lost: bool) -> Self {
        self.answer_lost = lost;
        self
    }
}

impl<C> fmt::Display for Outcome<C> {
    /// The ending, why, and what was seen.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.ending.name())?;
        if self.ending == Ending::NotSent {
            f.write_str(": nothing was sent")?;
        }
        if let Some(error) = self.error.as_ref().filter(|_| self.ending != Ending::Done) {
            write!(f, ": {error}")?;
        }
        if !self.seen.is_empty() {
            let gap = if self.error.is_some() { ";" } else { ":" };
            write!(f, "{gap} {}", self.seen)?;
        }
        Ok(())
    }
}
