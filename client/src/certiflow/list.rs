//! A list of cards, read page by page while it is iterated.

mod asked;
mod coming;
mod control;
mod obedience;
mod page;
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
        self.learn(Dialects::ALL.iter().filter(same).fold(Dialects::NONE, |all, one| all.with(one)));
        Ok(())
    }
}

/// Cards, one by one. After an error of one card the next one follows; after any other error there are no more.
///
/// Of a list of some length the next page is asked for while one is read.
pub struct Cards {
    walk: Box<Walk>,
    client: Client<CertiFlow>,
    query: OwnedQuery,
    purpose: Purpose,
    /// Whether another generation may still be tried: nothing was handed out.
    fresh: bool,
    ready: std::vec::IntoIter<Item>,
    over: bool,
}

impl Cards {
    fn new(client: &Client<CertiFlow>, query: Query<'_>, purpose: Purpose) -> Result<Self, Error> {
        let dialect = client.dialect_for(&query)?;
        let walk = Box::new(Walk::new(client.clone(), dialect, query, purpose)?);
        let (client, query) = (client.clone(), query.to_owned());
        Ok(Cards { walk, client, query, purpose, fresh: true, ready: Vec::new().into_iter(), over: false })
    }

    /// Where nothing was handed out yet, and the server does not have what was asked in this generation: the list in
    /// the one that it speaks.
    fn restart(&mut self, error: Error) -> Result<(), Error> {
        let found = self.client.instead_of(self.walk.dialect(), error)?;
        let dialect = self.query.with(|query| self.client.any_for(&query)).unwrap_or(found);
        let walk = self.query.with(|query| Walk::new(self.client.clone(), dialect, query, self.purpose))?;
        (*self.walk, self.over) = (walk, false);
        Ok(())
    }

    /// What was asked last.
    pub(super) fn request(&self) -> String {
        self.walk.request().to_string()
    }
}

impl Iterator for Cards {
    type Item = Item;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let item = self.ready.next();
            if item.is_some() || self.over {
                return item;
            }
            let mut batch = Vec::new();
            self.over = !self.walk.more(&mut batch);
            let is_lacking = |item: &Item| item.as_ref().is_err_and(may_lack);
            if let Some(at) = batch.iter().position(is_lacking)
                && std::mem::take(&mut self.fresh)
            {
                let error = batch.swap_remove(at).err().unwrap_or(Error::Unverified);
                batch.truncate(at);
                match self.restart(error) {
                    Ok(()) => batch.clear(),
                    Err(error) => batch.push(Err(error)),
                }
            }
            self.fresh &= batch.is_empty();
            self.ready = batch.into_iter();
        }
    }
}

impl fmt::Debug for Cards {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cards").field("request", &self.request()).finish_non_exhaustive()
    }
}
