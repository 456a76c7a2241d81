//! The cards of a bulk operation and their outcomes: in few bytes, as there may be a million.

use crate::outcome::Ending;
use crate::subject::Subject;
use cardwright_core::lifecycle::{NativeState, Operation, Verdict};
use cardwright_core::{Code, named};

/// The outcome of a card.
///
/// ```
/// use cardwright_client::Ending;
/// use cardwright_client::bulk::Fate;
///
/// assert_eq!(Fate::from(Ending::Refused), Fate::Failed);
/// // What certainly did not leave is still to be done.
/// assert_eq!(Fate::from(Ending::NotSent), Fate::Planned);
/// assert_eq!(Fate::AwaitingApproval.to_string(), "awaiting approval");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[repr(u8)]
#[cfg_attr(not(cardwright_exhaustive), non_exhaustive)]
pub enum Fate {
    /// Nothing was done yet.
    #[default]
    Planned = 1,
    /// Nothing will be done: the tables do not allow it.
    Skipped = 2,
    /// It was carried out: the card was read again, and is as the operation leaves it.
    Done = 3,
    /// MIM CM took the request; somebody must approve it.
    AwaitingApproval = 4,
    /// It was refused, or could not be begun.
    Failed = 5,
    /// It is not known whether it was carried out, or not yet.
    Unknown = 6,
    /// The server said yes, and the card was not read again, as [`Verify::Never`](crate::Verify) asks.
    Accepted = 7,
}

named! {
    Fate {
        Planned = "planned",
        Skipped = "skipped",
        Done = "done",
        AwaitingApproval = "awaiting approval",
        Failed = "failed",
        Unknown = "unknown",
        Accepted = "accepted",
    }
}

impl From<Ending> for Fate {
    /// What was not sent is still planned.
    fn from(ending: Ending) -> Self {
        match ending {
            Ending::Done => Fate::Done,
            Ending::Accepted => Fate::Accepted,
            Ending::AwaitingApproval => Fate::AwaitingApproval,
            Ending::Refused => Fate::Failed,
            Ending::Unknown => Fate::Unknown,
            Ending::NotSent => Fate::Planned,
        }
    }
}

/// How many cards had which fate.
///
/// ```
/// # use cardwright_client::{AnyClient, CertiFlow, Client, Credentials};
/// # use cardwright_server::TestServer;
/// # let server = TestServer::start()?;
/// # let client = Client::<CertiFlow>::builder(server.certiflow_url())
/// #     .credentials(Credentials::basic(TestServer::USER, TestServer::PASSWORD))
/// #     .build()?;
/// # let client = AnyClient::CertiFlow(client);
/// use cardwright_client::bulk::{Bulk, Job};
/// use cardwright_core::certiflow::{CardState, Query};
/// use cardwright_core::lifecycle::Operation;
///
/// let cards = client.cards(Query::default().state(CardState::Issued))?;
/// let counts = Bulk::plan(&client, Job::new(Operation::Suspend), cards)?.counts();
/// // All that are in use can be put on hold.
/// assert_eq!((counts.planned, counts.skipped), (counts.total(), 0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Counts {
    /// Cards with which nothing was done yet.
    pub planned: usize,
    /// Cards with which nothing will be done.
    pub skipped: usize,
    /// Cards that are done.
    pub done: usize,
    /// Cards whose request waits for approval.
    pub awaiting_approval: usize,
    /// Cards that failed.
    pub failed: usize,
    /// Cards whose outcome is not known.
    pub unknown: usize,
    /// Cards that the server accepted, and that were not read again.
    pub accepted: usize,
}

impl Counts {
    /// All cards.
    #[must_use]
    pub fn total(&self) -> usize {
        let Counts { planned, skipped, done, awaiting_approval, failed, unknown, accepted } = self;
        planned + skipped + done + awaiting_approval + failed + unknown + accepted
    }

    /// Those that a run would look at: planned, awaiting approval, or unknown. Without any, a run does nothing.
    #[must_use]
    pub fn left(&self) -> usize {
        self.planned + self.awaiting_approval + self.unknown
    }

    pub(super) fn of(&mut self, fate: Fate) -> &mut usize {
        match fate {
            Fate::Planned => &mut self.planned,
            Fate::Skipped => &mut self.skipped,
            Fate::Done => &mut self.done,
            Fate::AwaitingApproval => &mut self.awaiting_approval,
            Fate::Failed => &mut self.failed,
            Fate::Unknown => &mut self.unknown,
            Fate::Accepted => &mut self.accepted,
        }
    }
}

/// A card of a bulk operation, and its outcome.
///
/// ```
/// # use cardwright_client::{AnyClient, CertiFlow, Client, Credentials};
/// # use cardwright_server::TestServer;
/// # let server = TestServer::start()?;
/// # let client = Client::<CertiFlow>::builder(server.certiflow_url())
/// #     .credentials(Credentials::basic(TestServer::USER, TestServer::PASSWORD))
/// #     .build()?;
/// # let client = AnyClient::CertiFlow(client);
/// use cardwright_client::bulk::{Bulk, Fate, Job, Pace};
/// use cardwright_core::certiflow::{CardState, Query};
/// use cardwright_core::lifecycle::Operation;
/// use cardwright_server::Fault;
/// use std::ops::ControlFlow;
///
/// server.fault(Fault::at("**/Cards/1013/Disable").status(403))?;
/// let cards = client.cards(Query::default().state(CardState::Issued))?;
/// let mut bulk = Bulk::plan(&client, Job::new(Operation::Suspend), cards)?;
/// bulk.run(&client, &Pace::default(), |_| ControlFlow::Continue(()))?;
/// let failed = bulk.rows().filter(|row| row.fate == Fate::Failed);
/// assert_eq!(failed.map(|row| (row.id, row.status, row.attempts)).collect::<Vec<_>>(), [("1013", Some(403), 1)]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Row<'t> {
    /// The id in the system: CertiFlow's `id`, MIM CM's `Uuid`.
    pub id: &'t str,
    /// The serial number as the system writes it.
    pub serial_number: &'t str,
    /// The card's holder: CertiFlow's `userName`, MIM CM's `AssignedUserUuid`; empty where the record does not say.
    pub holder: &'t str,
    /// The state at the time of the plan, where it is known.
    pub state: Option<NativeState>,
    /// The same for a reader: the system's word, or what the server sent.
    pub state_text: &'t str,
    /// What the tables say; `None` where the state is not known.
    pub verdict: Option<Verdict>,
    /// The outcome.
    pub fate: Fate,
    /// The number of the error, where there is one.
    pub code: Option<Code>,
    /// The HTTP status of the last answer to the operation.
    pub status: Option<u16>,
    /// Why it was skipped, failed or is unknown; empty otherwise.
    pub words: &'t str,
    /// How often the operation was sent.
    pub attempts: u32,
    /// The request of MIM CM.
    pub request: Option<&'t str>,
}

/// Cards of a plan that are alike.
///
/// ```
/// # use cardwright_client::{AnyClient, CertiFlow, Client, Credentials};
/// # use cardwright_server::TestServer;
/// # let server = TestServer::start()?;
/// # let client = Client::<CertiFlow>::builder(server.certiflow_url())
/// #     .credentials(Credentials::basic(TestServer::USER, TestServer::PASSWORD))
/// #     .build()?;
/// # let client = AnyClient::CertiFlow(client);
/// use cardwright_client::bulk::{Bulk, Fate, Job};
/// use cardwright_core::certiflow::Query;
/// use cardwright_core::lifecycle::Operation;
///
/// // What a person is shown before a run.
/// let bulk = Bulk::plan(&client, Job::new(Operation::Suspend), client.cards(Query::default())?)?;
/// let groups = bulk.groups();
/// for group in &groups {
///     println!("{} cards that are {}: {}", group.cards, group.state_text, group.fate);
/// }
/// assert_eq!(groups.iter().map(|group| group.cards).sum::<usize>(), bulk.counts().total());
/// assert!(groups.iter().any(|group| group.state_text == "Issued" && group.fate == Fate::Planned));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Group {
    /// Their state at the time of the plan.
    pub state_text: String,
    /// What the tables say.
    pub verdict: Option<Verdict>,
    /// Their outcome.
    pub fate: Fate,
    /// How many there are.
    pub cards: usize,
}

/// The outcome of a card so far.
#[derive(Debug, Clone, Default)]
pub(crate) struct Standing {
    pub(crate) fate: Fate,
    /// It was sent, and the result is not known yet.
    pub(crate) doubt: bool,
    pub(crate) attempts: u16,
    /// 0 where there is none.
    pub(crate) status: u16,
    pub(crate) more: Option<Box<More>>,
}

/// What only few cards have.
#[derive(Debug, Clone, Default)]
pub(crate) struct More {
    pub(crate) code: Option<Code>,
    pub(crate) words: String,
    pub(crate) request: Option<String>,
}

impl Standing {
    pub(crate) fn more(&mut self) -> &mut More {
        self.more.get_or_insert_default()
    }

    pub(crate) fn request(&self) -> Option<&str> {
        self.more.as_ref()?.request.as_deref()
    }

    /// Whether it failed because the server did not accept the account.
    pub(super) fn is_sign_in(&self) -> bool {
        self.fate == Fate::Failed && self.more.as_ref().is_some_and(|more| more.code == Some(Code::SignIn))
    }

    /// Makes it planned again. A request of MIM CM stays.
    pub(super) fn plan_again(&mut self) {
        *self = Standing { attempts: self.attempts, more: self.more.take(), ..Standing::default() };
        self.clear();
    }

    /// Forgets an error; a request stays.
    pub(super) fn clear(&mut self) {
        if let Some(more) = self.more.as_mut() {
            (more.code, more.words) = (None, String::new());
        }
        self.more = self.more.take().filter(|more| more.request.is_some());
    }
}

pub(super) fn row<'t>(card: &'t Subject, standing: &'t Standing, operation: Operation) -> Row<'t> {
    let more = standing.more.as_deref();
    Row {
        id: card.id(),
        serial_number: card.serial(),
        holder: card.name(),
        state: card.state,
        state_text: card.state_text(),
        verdict: card.verdict(operation),
        fate: standing.fate,
        code: more.and_then(|more| more.code),
        status: Some(standing.status).filter(|status| *status != 0),
        words: more.map_or("", |more| &more.words),
        attempts: standing.attempts.into(),
        request: standing.request(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_takes_no_more_than_the_documentation_says() {
        let card = size_of::<Subject>();
        let standing = size_of::<Standing>();
        println!("{card} bytes a card, {standing} for its outcome");
        // The allocation of the texts has a head of its own.
        assert!(card + standing + 16 <= 80);
    }
}
