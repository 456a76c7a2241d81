//! Cards by their ids: the record is read first, and what is done is done to what was read.

use crate::any::{AnyCard, AnyClient};
use crate::error::Error;
use crate::outcome::Outcome;
use crate::system::Job;
use cardwright_core::{Code, Error as CallError};

impl AnyClient {
    /// The card with an id.
    ///
    /// # Errors
    /// [`Error::NoCard`] where the server does not have it; any of [`Error`].
    pub fn card_by_id(&self, id: &str) -> Result<AnyCard, Error> {
        if id.is_empty() {
            // The address of all cards is the one that is left.
            return Err(CallError::of(Code::ParameterNeeded, "id").into());
        }
        self.card(id)?.ok_or_else(|| Error::NoCard { id: id.into() })
    }

    /// The cards with these ids, in their order, each read when it is its turn: for [`Bulk::plan`](crate::bulk::Bulk::plan).
    /// One that the server does not have is an error.
    ///
    /// ```
    /// # use cardwright_client::{CertiFlow, Client, Credentials};
    /// # use cardwright_server::TestServer;
    /// # let server = TestServer::start()?;
    /// # let client = Client::<CertiFlow>::builder(server.certiflow_url())
    /// #     .credentials(Credentials::basic(TestServer::USER, TestServer::PASSWORD))
    /// #     .build()?;
    /// # let client = cardwright_client::AnyClient::CertiFlow(client);
    /// use cardwright_client::bulk::{Bulk, Job};
    /// use cardwright_core::Code;
    /// use cardwright_core::lifecycle::Operation;
    ///
    /// let bulk = Bulk::plan(&client, Job::new(Operation::Suspend), client.cards_by_id(["1013", "1013"]))?;
    /// assert_eq!(bulk.counts().total(), 1);
    /// let missing = Bulk::plan(&client, Job::new(Operation::Suspend), client.cards_by_id(["1013", "999999"]));
    /// assert_eq!(missing.map_err(|error| (error.code(), error.to_string())).err(),
    ///     Some((Code::NotFound, "the server has no card 999999".to_string())));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn cards_by_id<'c, I>(&'c self, ids: I) -> impl Iterator<Item = Result<AnyCard, Error>> + 'c
    where
        I: IntoIterator<Item: AsRef<str>>,
        I::IntoIter: 'c,
    {
        ids.into_iter().map(|id| self.card_by_id(id.as_ref()))
    }

    /// Reads the card with an id and performs an operation on it, as [`Self::operate`]. What is sent is for the card that
    /// was read: if another one has the id by the time of a later look, that is said.
    ///
    /// ```
    /// # use cardwright_client::{CertiFlow, Client, Credentials};
    /// # use cardwright_server::TestServer;
    /// # let server = TestServer::start()?;
    /// # let client = Client::<CertiFlow>::builder(server.certiflow_url())
    /// #     .credentials(Credentials::basic(TestServer::USER, TestServer::PASSWORD))
    /// #     .build()?;
    /// # let client = cardwright_client::AnyClient::CertiFlow(client);
    /// use cardwright_client::Job;
    /// use cardwright_core::lifecycle::Operation;
    ///
    /// let card = client.operate_by_id("1013", &Job::new(Operation::Suspend))?.done()?;
    /// assert_eq!(card.state_text(), "Disabled");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`Self::card_by_id`], and why the operation was not begun.
    pub fn operate_by_id(&self, id: &str, job: &Job) -> Result<Outcome<AnyCard>, Error> {
        self.operate(&self.card_by_id(id)?, job)
    }
}
