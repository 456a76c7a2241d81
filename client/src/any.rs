//! Either system, chosen when the program runs.
//!
//! This file is the one place that lists the systems: what they do is behind [`CardSystem`] and
//! [`Record`](crate::Record).

mod card;

pub use card::AnyCard;

use crate::certiflow::CertiFlow;
use crate::client::{Builder, Client};
use crate::engine::{Alone, Begun, Engine, Verify};
use crate::error::Error;
use crate::filters::TrustedFilters;
use crate::mim::Mim;
use crate::operate::Check;
use crate::outcome::Outcome;
use crate::subject::Subject;
use crate::system::{AnyCards, CardSystem, Job, wrong_system};
use crate::told;
use cardwright_core::certiflow::{Dialect, OwnedQuery, Query};
use cardwright_core::identity::{Find, Match, Serial, Spelling};
use cardwright_core::lifecycle::System;
use cardwright_core::mim::StatusScheme;
use cardwright_http::{Canceler, Setup};
use std::ops::Deref;
use std::time::Duration;

/// A client of one of the systems. It dereferences to [`CardSystem`], which has its methods. Copies share their
/// connections, and what is known of the server.
///
/// ```
/// # use cardwright_client::{CertiFlow, Client, Credentials};
/// # use cardwright_server::TestServer;
/// # let server = TestServer::start()?;
/// # let client = Client::<CertiFlow>::builder(server.certiflow_url())
/// #     .credentials(Credentials::basic(TestServer::USER, TestServer::PASSWORD))
/// #     .build()?;
/// # let client = cardwright_client::AnyClient::CertiFlow(client);
/// use cardwright_client::{AnyClient, CardSystem as _};
///
/// fn state(client: &AnyClient, serial: &str) -> Result<String, cardwright_client::Error> {
///     Ok(client.find(serial)?.map_or("no such card".into(), |card| card.state_text()))
/// }
/// assert_eq!(state(&client, "02A1B3C4")?, "Issued");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
#[cfg_attr(not(cardwright_exhaustive), non_exhaustive)]
pub enum AnyClient {
    /// Microsoft MIM CM.
    Mim(Client<Mim>),
    /// Axidian CertiFlow.
    CertiFlow(Client<CertiFlow>),
}

/// How a client treats its system; [`Setup`] says how its requests are sent.
///
/// ```
/// # use cardwright_client::{CertiFlow, Client, Credentials};
/// # use cardwright_server::TestServer;
/// # let server = TestServer::start()?;
/// # let client = Client::<CertiFlow>::builder(server.certiflow_url())
/// #     .credentials(Credentials::basic(TestServer::USER, TestServer::PASSWORD))
/// #     .build()?;
/// # let client = cardwright_client::AnyClient::CertiFlow(client);
/// use cardwright_client::{AnyClient, Check, Options, Setup};
/// use cardwright_core::lifecycle::System;
///
/// let options = Options::default().check(Check::Strict).page_size(100);
/// let setup = Setup::new("https://cm.example.com/certiflow/api");
/// let client = AnyClient::new(System::CertiFlow, setup, &options)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy)]
#[allow(clippy::exhaustive_structs, reason = "made by setters or with ..default(): a field more breaks nothing")]
pub struct Options {
    /// What to do about an operation that the tables do not allow.
    pub check: Check,
    /// How many cards to ask for at once, at least 1. Default: as many as the server delivers in a second.
    pub page_size: Option<u32>,
    /// The filters that are trusted although the server's answers contradict them.
    pub trust_filters: TrustedFilters,
    /// The generation of CertiFlow's API that the server speaks. Default: it is found out.
    pub dialect: Option<Dialect>,
    /// The meaning of MIM CM's status numbers.
    pub status_scheme: StatusScheme,
    /// Whether a card is read again after an operation.
    pub verify: Verify,
    /// How long a card is read again after an operation that it does not show yet. Default: 5 seconds.
    pub settle_limit: Duration,
}

impl Default for Options {
    fn default() -> Self {
        let (dialect, status_scheme) = (None, StatusScheme::default());
        Options {
            check: Check::default(),
            page_size: None,
            trust_filters: TrustedFilters::default(),
            dialect,
            status_scheme,
            verify: Verify::default(),
            settle_limit: Duration::from_secs(5),
        }
    }
}

impl Options {
    /// Sets [`Self::check`](#structfield.check).
    #[must_use]
    pub fn check(mut self, check: Check) -> Self {
        self.check = check;
        self
    }

    /// Sets [`Self::page_size`](#structfield.page_size).
    #[must_use]
    pub fn page_size(mut self, page_size: impl Into<Option<u32>>) -> Self {
        self.page_size = page_size.into();
        self
    }

    /// Sets [`Self::trust_filters`](#structfield.trust_filters).
    #[must_use]
    pub fn trust_filters(mut self, trust_filters: TrustedFilters) -> Self {
        self.trust_filters = trust_filters;
        self
    }

    /// Sets [`Self::dialect`](#structfield.dialect).
    #[must_use]
    pub fn dialect(mut self, dialect: impl Into<Option<Dialect>>) -> Self {
        self.dialect = dialect.into();
        self
    }

    /// Sets [`Self::status_scheme`](#structfield.status_scheme).
    #[must_use]
    pub fn status_scheme(mut self, status_scheme: StatusScheme) -> Self {
        self.status_scheme = status_scheme;
        self
    }

    /// Sets [`Self::verify`](#structfield.verify).
    #[must_use]
    pub fn verify(mut self, verify: Verify) -> Self {
        self.verify = verify;
        self
    }

    /// Sets [`Self::settle_limit`](#structfield.settle_limit).
    #[must_use]
    pub fn settle_limit(mut self, settle_limit: Duration) -> Self {
        self.settle_limit = settle_limit;
        self
    }
    /// A client's settings, of those that every system has.
    fn apply<A>(&self, builder: Builder<A>) -> Builder<A> {
        let &Options { check, page_size, trust_filters, verify, settle_limit, .. } = self;
        let builder = builder.check(check).trust_filters(trust_filters).verify(verify).settle_limit(settle_limit);
        match page_size {
            Some(cards) => builder.page_size(cards),
            None => builder,
        }
    }
}

impl AnyClient {
    /// A client of a system. Nothing is sent yet.
    ///
    /// # Errors
    /// Where a setting cannot be used.
    pub fn new(system: System, setup: Setup, options: &Options) -> Result<Self, Error> {
        Ok(match system {
            System::Mim => {
                let builder = Client::<Mim>::with(setup).status_scheme(options.status_scheme);
                AnyClient::Mim(options.apply(builder).build()?)
            }
            System::CertiFlow => {
                let builder = Client::<CertiFlow>::with(setup).dialect(options.dialect);
                AnyClient::CertiFlow(options.apply(builder).build()?)
            }
        })
    }

    /// The same client with a canceler of its own, as [`Client::cancelable`].
    #[must_use]
    pub fn cancelable(&self) -> (Self, Canceler) {
        match self {
            AnyClient::Mim(client) => {
                let (client, canceler) = client.cancelable();
                (AnyClient::Mim(client), canceler)
            }
            AnyClient::CertiFlow(client) => {
                let (client, canceler) = client.cancelable();
                (AnyClient::CertiFlow(client), canceler)
            }
        }
    }

    /// Performs an operation on a card, and reads the card again until it shows the result or the settle limit
    /// ends it. The outcome says what is so.
    ///
    /// # Errors
    /// Why the operation was not begun.
    pub fn operate(&self, card: &AnyCard, job: &Job) -> Result<Outcome<AnyCard>, Error> {
        if card.system() != self.system() {
            return Err(wrong_system());
        }
        let subject = Subject::of(&**card);
        let outcome = self.engine().perform(&subject, job, Begun::default(), &mut Alone(self.transport()));
        told::ended(subject.id(), job.operation, outcome)
    }

    /// Checks that a card is still as it was shown: reads it again, and compares serial number, holder and state. For
    /// after a question to a person, during which time has passed.
    ///
    /// # Errors
    /// [`Error::OtherCard`] and [`Error::Changed`]: what is different. Any of [`Error`] where the card cannot be read.
    pub fn check_unchanged(&self, shown: &AnyCard) -> Result<(), Error> {
        if shown.system() != self.system() {
            return Err(wrong_system());
        }
        let subject = Subject::of(&**shown);
        match self.engine().read_again(&subject)? {
            Some(now) => subject.check_shown(&*now),
            None => Err(Error::Changed { id: shown.id(), words: "the server no longer has it".into() }),
        }
    }

    /// How an operation is carried out.
    pub(crate) fn engine(&self) -> &dyn Engine {
        match self {
            AnyClient::Mim(client) => client,
            AnyClient::CertiFlow(client) => client,
        }
    }

    /// The cards that a query finds, as [`CardSystem::cards`].
    ///
    /// # Errors
    /// As there.
    pub fn list(&self, query: &OwnedQuery) -> Result<AnyCards, Error> {
        query.with(|query| self.cards(query))
    }

    /// The cards of one user, to search by serial number: the only way in G1.
    #[must_use]
    pub fn of_user<'c>(&'c self, user: &'c str) -> OfUser<'c> {
        OfUser { client: self, user }
    }
}

impl Deref for AnyClient {
    type Target = dyn CardSystem;

    fn deref(&self) -> &Self::Target {
        match self {
            AnyClient::Mim(client) => client,
            AnyClient::CertiFlow(client) => client,
        }
    }
}

/// Searches as the system's own client does.
impl Find for &AnyClient {
    type Record = AnyCard;
    type Error = Error;

    fn find(&mut self, serial: &Spelling, found: &mut dyn FnMut(AnyCard)) -> Result<(), Error> {
        self.find_each(serial, found)
    }
}

/// The cards of one user of CertiFlow, to search: see [`AnyClient::of_user`]. MIM CM has no filters and
/// refuses.
///
/// ```
/// # use cardwright_client::{CertiFlow, Client, Credentials};
/// # use cardwright_server::TestServer;
/// # let server = TestServer::start()?;
/// # let client = Client::<CertiFlow>::builder(server.certiflow_url())
/// #     .credentials(Credentials::basic(TestServer::USER, TestServer::PASSWORD))
/// #     .build()?;
/// # let client = cardwright_client::AnyClient::CertiFlow(client);
/// use cardwright_core::identity::{Guess, Source, find_records};
/// use cardwright_core::lifecycle::Evidence;
///
/// let guess = Guess::new("02A1B3C4", Source::Cplc, Evidence::Assumed).ok_or("a spelling")?;
/// let user = r"DEMO\ipetrov";
/// let mut ids = Vec::new();
/// find_records(&mut client.of_user(user), [guess], |card| ids.push(card.id()))?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct OfUser<'c> {
    client: &'c AnyClient,
    user: &'c str,
}

impl Find for OfUser<'_> {
    type Record = AnyCard;
    type Error = Error;

    fn find(&mut self, serial: &Spelling, found: &mut dyn FnMut(AnyCard)) -> Result<(), Error> {
        let serial = serial.to_string();
        let wanted = Serial::parse(&serial)?;
        for card in self.client.cards(Query { user_name: Some(self.user), ..Query::default() })? {
            let card = card?;
            let its = card.serial_number();
            let how = Serial::parse(&its).ok().and_then(|its| its.matches(&wanted));
            if matches!(how, Some(Match::Same | Match::TextIgnoringCase)) {
                found(card);
            }
        }
        Ok(())
    }
}
