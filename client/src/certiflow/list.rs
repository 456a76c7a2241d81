//! A list of cards, read page by page while it is iterated.

mod asked;
mod coming;
mod control;
mod obedience;
mod page;
mod pass;
mod size;
mod walk;

use super::CertiFlow;
use super::known::may_lack;
use crate::client::Client;
use crate::error::Error;
use crate::filters::Filter;
use cardwright_core::certiflow::{Dialect, Dialects, OwnedCardInfo, OwnedQuery, Query};
use obedience::Verdict;
pub(super) use page::read_card;
use std::fmt;
use walk::{Item, Purpose, Walk};

impl Client<CertiFlow> {
    /// The cards that a query finds, each once, read as they arrive and page by page. `offset` and `count` of the
    /// query bound the whole list, not a page, in G1 too.
    ///
    /// A list that ends without an error has every card that matched while it was read. Cards may be operated on while
    /// it is read, although that takes them out of the list on the server: those that move up are not passed over.
    ///
    /// A server that ignores a filter sends every card. So each card is compared with what was asked for, and one that
    /// is another is an error, and the last. Where cards do not show the filter, the server is asked a control question
    /// before the first of them is returned, once for a client and a filter.
    ///
    /// # Errors
    /// [`Code::NoSuchParameter`](cardwright_core::Code::NoSuchParameter) for a filter that the dialect lacks, before
    /// anything is sent. In the list [`Code::Unexpected`](cardwright_core::Code::Unexpected) for a filter that the
    /// server ignores, and for pages of which no whole list can be made.
    pub fn cards(&self, query: Query<'_>) -> Result<Cards, Error> {
        Cards::new(self, query, Purpose::List)
    }

    /// The cards with a serial number in this spelling. They are compared by the caller, too.
    pub(super) fn look_up(&self, serial: &str) -> Result<Cards, Error> {
        Cards::new(self, Query { serial_number: Some(serial), ..Query::default() }, Purpose::LookUp)
    }

    /// The cards of a user, to look for one of them. One that contradicts the user is an error; whether the server
    /// looks at the user at all is asked by [`Self::ensure_obeyed`] for the card that was found.
    pub(super) fn search(&self, user: &str) -> Result<Cards, Error> {
        Cards::new(self, Query { user_name: Some(user), ..Query::default() }, Purpose::Search)
    }

    /// Asks the control question for a user, where a card does not show that it is his.
    pub(super) fn ensure_obeyed(&self, user: &str, card: &OwnedCardInfo) -> Result<(), Error> {
        let query = Query { user_name: Some(user), ..Query::default() };
        let filter = Filter::UserName;
        let dialect = self.any_for(&query)?;
        let silent = obedience::verdict(filter, &query, &card.view(), dialect) == Verdict::Silent;
        if silent && !self.trusted.has(filter) { control::ensure(self, dialect, filter, &query) } else { Ok(()) }
    }

    /// Makes sure that the server looks for a serial number where this generation has it.
    pub(super) fn ensure_serial_filter(&self, serial: &str) -> Result<(), Error> {
        let query = Query { serial_number: Some(serial), ..Query::default() };
        let dialect = self.dialect();
        if self.trusted.has(Filter::SerialNumber) {
            return Ok(());
        }
        control::ensure_answer(self, dialect, serial)?;
        let same = |one: &Dialect| query.check(*one).is_ok() && !query.is_read_otherwise(dialect, *one);
        self.learn(Dialects::ALL.iter().filter(same).collect());
        Ok(())
    }
}

/// Cards, one by one. After an error of one card the next one follows; after any other error there are no more.
///
/// Of a list of some length the next page is asked for while one is read.
///
/// ```
/// # use cardwright_client::{CertiFlow, Client, Credentials};
/// # use cardwright_server::TestServer;
/// # let server = TestServer::start()?;
/// # let client = Client::<CertiFlow>::builder(server.certiflow_url())
/// #     .credentials(Credentials::basic(TestServer::USER, TestServer::PASSWORD))
/// #     .build()?;
/// use cardwright_core::certiflow::{CardState, Query};
///
/// for card in client.cards(Query { state: Some(CardState::Issued), ..Query::default() })? {
///     println!("{}", card?.view().serial_number().unwrap_or_default());
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Cards {
    walk: Box<Walk>,
    /// What to begin again with in another generation, as long as nothing was handed out.
    start: Option<Box<Start>>,
    ready: std::vec::IntoIter<Item>,
    over: bool,
}

impl Cards {
    fn new(client: &Client<CertiFlow>, query: Query<'_>, purpose: Purpose) -> Result<Self, Error> {
        let dialect = client.dialect_for(&query)?;
        let start = Start { client: client.for_list(), query: query.owned(), purpose };
        let walk = Box::new(start.walk(dialect)?);
        Ok(Cards { walk, start: Some(Box::new(start)), ready: Vec::new().into_iter(), over: false })
    }

    /// What was asked last.
    pub(super) fn request(&self) -> String {
        self.walk.request().to_string()
    }
}

/// How a list begins.
struct Start {
    client: Client<CertiFlow>,
    query: OwnedQuery,
    purpose: Purpose,
}

impl Start {
    fn walk(&self, dialect: Dialect) -> Result<Walk, Error> {
        self.query.with(|query| Walk::new(self.client.clone(), dialect, query, self.purpose))
    }

    /// Where the server does not have what was asked in this generation: the list in the one that it speaks.
    fn instead_of(&self, dialect: Dialect, error: Error) -> Result<Walk, Error> {
        let found = self.client.instead_of(dialect, error)?;
        self.walk(self.query.with(|query| self.client.any_for(&query)).unwrap_or(found))
    }
}

impl Iterator for Cards {
    type Item = Item;

    fn next(&mut self) -> Option<Self::Item> {
        if !(self.over && self.ready.as_slice().is_empty())
            && let Err(error) = self.walk.check_canceled()
        {
            (self.over, self.ready) = (true, Vec::new().into_iter());
            return Some(Err(error));
        }
        loop {
            let item = self.ready.next();
            if item.is_some() || self.over {
                return item;
            }
            let mut batch = Vec::new();
            self.over = !self.walk.more(&mut batch);
            // An error of the whole list is the last item.
            if let Some(start) = self.start.take_if(|_| !batch.is_empty())
                && let Some(error) = batch.pop_if(|last| last.as_ref().is_err_and(may_lack)).and_then(Result::err)
            {
                match start.instead_of(self.walk.dialect(), error) {
                    Ok(walk) => (*self.walk, self.over, batch) = (walk, false, Vec::new()),
                    Err(error) => batch.push(Err(error)),
                }
            }
            self.ready = batch.into_iter();
        }
    }
}

impl fmt::Debug for Cards {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cards").field("request", &self.request()).finish_non_exhaustive()
    }
}
