//! One operation for many cards, in either system: a plan, a journal, a run, and a table of outcomes.
//!
//! [`Bulk::plan`] asks the tables what would happen to each card and sends nothing. [`Bulk::keep`]
//! writes the plan into a journal; [`Bulk::run`] carries it out with several threads. Whatever ends a
//! run, `kill -9` and a loss of power too, [`Bulk::resume`] continues from its journal.
//!
//! **What the journal promises.** That a card's request is about to be sent is on the disk before it is
//! sent. So a card without that line was never operated, and one with it and without an end is read
//! before anything else is done: its state tells whether it was operated. Where it does not tell, the
//! card is [`Fate::Unknown`], and nothing is sent. No request is ever repeated blindly, but that of an
//! operation which may be ([`Facts::repeatable`](cardwright_core::lifecycle::Facts)): it is carried out at
//! least once.
//!
//! **Memory.** A card takes about 80 bytes and its texts: id, serial number, holder, state. One that fails takes
//! the server's words too. The record itself is not kept.
//!
//! ```no_run
//! use cardwright_client::bulk::{Bulk, Job, Pace};
//! use cardwright_client::{AnyClient, CertiFlow, Client};
//! use cardwright_core::certiflow::{CardState, Query};
//! use cardwright_core::lifecycle::Operation;
//! use std::ops::ControlFlow;
//! use std::path::Path;
//!
//! let client = AnyClient::CertiFlow(Client::<CertiFlow>::builder("https://cm.example.com/certiflow/api").build()?);
//! let cards = client.cards(Query { state: Some(CardState::Issued), ..Query::default() })?;
//! let mut bulk = Bulk::plan(&client, Job::new(Operation::Suspend), cards)?;
//! println!("{} cards to do", bulk.counts().planned);
//! bulk.keep(Path::new("hold.ndjson"))?;
//! let ran = bulk.run(&client, &Pace::default(), |progress| {
//!     println!("{} of {}", progress.counts.done, progress.counts.total());
//!     ControlFlow::Continue(())
//! })?;
//! println!("{:?}", ran.stopped);
//! # Ok::<(), cardwright_client::Error>(())
//! ```

mod gate;
mod journal;
mod plan;
mod run;
mod table;
mod way;

pub use crate::system::Job;
pub use plan::Bulk;
pub use table::{Counts, Fate, Group, Row};

use crate::error::Error;
use cardwright_core::named;
use std::time::Duration;

/// How a run proceeds: its pace, and what stops it.
///
/// ```
/// use cardwright_client::bulk::Pace;
///
/// let pace = Pace::default().concurrency(4).rate(50.0).canary(3);
/// assert_eq!(pace.attempts, 5);
/// ```
#[derive(Debug, Clone, PartialEq)]
#[allow(clippy::exhaustive_structs, reason = "made by setters or with ..default(): a field more breaks nothing")]
pub struct Pace {
    /// How many cards are sent or read at the same time, 1 to 1,024; up to 128 more may wait to show their result.
    /// Default: 8.
    pub concurrency: usize,
    /// The most operations a second on average; retries count. Default: no limit.
    pub rate: Option<f64>,
    /// The number of cards that are processed first, one by one; if one of them is not done, the run stops.
    /// Default: 0.
    pub canary: usize,
    /// The run stops when more cards than this have failed or are unknown. Default: no limit.
    pub max_failures: Option<usize>,
    /// How often a card's operation is sent at most, if the server asks to wait and the card is as before each time.
    /// Default: 5.
    pub attempts: u32,
    /// The longest wait that the server may ask for by `Retry-After`; a longer one stops the run.
    /// Default: 5 minutes.
    pub longest_wait: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Pace {
            concurrency: 8,
            rate: None,
            canary: 0,
            max_failures: None,
            attempts: 5,
            longest_wait: Duration::from_secs(300),
        }
    }
}

impl Pace {
    /// Sets [`Self::concurrency`](#structfield.concurrency).
    #[must_use]
    pub fn concurrency(mut self, concurrency: usize) -> Self {
        self.concurrency = concurrency;
        self
    }

    /// Sets [`Self::rate`](#structfield.rate).
    #[must_use]
    pub fn rate(mut self, rate: impl Into<Option<f64>>) -> Self {
        self.rate = rate.into();
        self
    }

    /// Sets [`Self::canary`](#structfield.canary).
    #[must_use]
    pub fn canary(mut self, canary: usize) -> Self {
        self.canary = canary;
        self
    }

    /// Sets [`Self::max_failures`](#structfield.max_failures).
    #[must_use]
    pub fn max_failures(mut self, max_failures: impl Into<Option<usize>>) -> Self {
        self.max_failures = max_failures.into();
        self
    }

    /// Sets [`Self::attempts`](#structfield.attempts).
    #[must_use]
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts;
        self
    }

    /// Sets [`Self::longest_wait`](#structfield.longest_wait).
    #[must_use]
    pub fn longest_wait(mut self, longest_wait: Duration) -> Self {
        self.longest_wait = longest_wait;
        self
    }
    fn check(&self) -> Result<(), Error> {
        if !(1..=1024).contains(&self.concurrency) {
            return Err(Error::setting(format!("a concurrency of {}: it is 1 to 1,024", self.concurrency)));
        }
        match self.rate {
            Some(rate) if !(rate.is_finite() && rate > 0.0) => {
                Err(Error::setting(format!("a rate of {rate}: it is a number above 0, of operations a second")))
            }
            _ => Ok(()),
        }
    }
}

/// The progress of a run.
///
/// ```
/// # use cardwright_client::{AnyClient, CertiFlow, Client, Credentials};
/// # use cardwright_server::TestServer;
/// # let server = TestServer::start()?;
/// # let client = Client::<CertiFlow>::builder(server.certiflow_url())
/// #     .credentials(Credentials::basic(TestServer::USER, TestServer::PASSWORD))
/// #     .build()?;
/// # let client = AnyClient::CertiFlow(client);
/// use cardwright_client::bulk::{Bulk, Job, Pace, Progress};
/// use cardwright_core::certiflow::Query;
/// use cardwright_core::lifecycle::Operation;
/// use std::ops::ControlFlow;
///
/// fn show(progress: &Progress) -> ControlFlow<()> {
///     let waits = if progress.waits { ", the server asked to wait" } else { "" };
///     println!("{} done, {:.0} a second{waits}", progress.counts.done, progress.per_second);
///     // Enough is enough: what is being sent is finished, and no other is begun.
///     if progress.elapsed.as_secs() < 3600 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
/// }
/// let mut bulk = Bulk::plan(&client, Job::new(Operation::Suspend), client.cards(Query::default())?)?;
/// assert!(bulk.run(&client, &Pace::default(), show)?.stopped.is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Progress {
    /// The number of cards by outcome, earlier runs included.
    pub counts: Counts,
    /// How many cards a second this run has ended, on average.
    pub per_second: f64,
    /// The time since this run began.
    pub elapsed: Duration,
    /// Whether the run is paused, because the server asked for it.
    pub waits: bool,
}

/// How a run ended.
///
/// ```
/// # use cardwright_client::{AnyClient, CertiFlow, Client, Credentials};
/// # use cardwright_server::TestServer;
/// # let server = TestServer::start()?;
/// # let client = Client::<CertiFlow>::builder(server.certiflow_url())
/// #     .credentials(Credentials::basic(TestServer::USER, TestServer::PASSWORD))
/// #     .build()?;
/// # let client = AnyClient::CertiFlow(client);
/// use cardwright_client::bulk::{Bulk, Job, Pace};
/// use cardwright_core::certiflow::Query;
/// use cardwright_core::lifecycle::Operation;
/// use std::ops::ControlFlow;
///
/// let mut bulk = Bulk::plan(&client, Job::new(Operation::Suspend), client.cards(Query::default())?)?;
/// let ran = bulk.run(&client, &Pace::default(), |_| ControlFlow::Continue(()))?;
/// match (ran.stopped, ran.error) {
///     (None, _) => println!("all cards were looked at in {:?}", ran.elapsed),
///     (Some(why), Some(error)) => return Err(format!("stopped ({why}): {error}").into()),
///     (Some(why), None) => return Err(format!("stopped: {why}").into()),
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct Ran {
    /// Why it ended before every card was looked at.
    pub stopped: Option<Stopped>,
    /// The error that stopped it, if any.
    pub error: Option<Error>,
    /// How long it took.
    pub elapsed: Duration,
}

/// Why a run ended early. The cards that are left stay as they are, to be resumed.
///
/// ```
/// # use cardwright_client::{AnyClient, CertiFlow, Client, Credentials};
/// # use cardwright_server::TestServer;
/// # let server = TestServer::start()?;
/// # let client = Client::<CertiFlow>::builder(server.certiflow_url())
/// #     .credentials(Credentials::basic(TestServer::USER, TestServer::PASSWORD))
/// #     .build()?;
/// # let client = AnyClient::CertiFlow(client);
/// use cardwright_client::bulk::{Bulk, Job, Pace, Stopped};
/// use cardwright_core::certiflow::{CardState, Query};
/// use cardwright_core::lifecycle::Operation;
/// use std::ops::ControlFlow;
///
/// let cards = client.cards(Query::default().state(CardState::Issued))?;
/// let mut bulk = Bulk::plan(&client, Job::new(Operation::Suspend), cards)?;
/// let planned = bulk.counts().planned;
/// let ran = bulk.run(&client, &Pace::default(), |_| ControlFlow::Break(()))?;
/// assert_eq!(ran.stopped, Some(Stopped::Canceled));
/// // What is left can be run again.
/// assert_eq!(bulk.counts().planned + bulk.counts().done, planned);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
#[cfg_attr(not(cardwright_exhaustive), non_exhaustive)]
pub enum Stopped {
    /// Somebody asked for it.
    Canceled = 1,
    /// One of the first cards was not done.
    Canary = 2,
    /// Too many cards failed or are unknown.
    Failures = 3,
    /// The server cannot be reached.
    Unreachable = 4,
    /// The server does not accept the sign-in, or the issuer gives no token: more attempts could lock the
    /// account.
    SignIn = 5,
    /// The server asks for a longer wait than [`Pace::longest_wait`].
    Busy = 6,
    /// The journal cannot be written.
    Journal = 7,
}

named! {
    Stopped {
        Canceled = "canceled",
        Canary = "canary",
        Failures = "failures",
        Unreachable = "unreachable",
        SignIn = "sign-in",
        Busy = "busy",
        Journal = "journal",
    }
}
