//! What was asked for, as each card of a list is compared with it.

use super::control;
use super::obedience::{Verdict, other_person, verdict};
use crate::certiflow::CertiFlow;
use crate::client::Client;
use crate::error::Error;
use crate::filters::Filter;
use crate::record::owned;
use cardwright_core::Code;
use cardwright_core::certiflow::{Dialect, OwnedCardInfo, OwnedQuery, Query};

/// The filters of a list.
#[derive(Debug)]
pub(super) struct Asked {
    client: Client<CertiFlow>,
    dialect: Dialect,
    query: OwnedQuery,
    filters: Vec<Filter>,
    /// Whether control questions are asked.
    ask: bool,
    /// The user of the cards so far, where another form of the name was asked for.
    person: Option<String>,
    /// The filters that were warned of.
    warned: Vec<Filter>,
}

impl Asked {
    pub(super) fn new(client: &Client<CertiFlow>, dialect: Dialect, query: &Query<'_>, ask: bool) -> Self {
        let filters = Filter::ALL.into_iter().filter(|filter| filter.asked(query).is_some()).collect();
        let (client, query) = (client.clone(), query.owned());
        Asked { client, dialect, query, filters, ask, person: None, warned: Vec::new() }
    }

    /// Checks that a card is one that was asked for.
    ///
    /// # Errors
    /// [`Code::Unexpected`] for a filter that the server ignores; what a control question fails with.
    pub(super) fn check(&mut self, card: &OwnedCardInfo, request: &str) -> Result<(), Error> {
        for at in 0..self.filters.len() {
            let Some(&filter) = self.filters.get(at) else { continue };
            let trusted = self.client.trusted.has(filter);
            match self.obeyed(filter, card, request, trusted) {
                Err(error) if trusted && error.code() == Code::Unexpected => {
                    if !self.warned.contains(&filter) {
                        tracing::warn!(filter = filter.name(), "{error}; this filter is trusted");
                        self.warned.push(filter);
                    }
                }
                result => result?,
            }
        }
        Ok(())
    }

    fn obeyed(&mut self, filter: Filter, card: &OwnedCardInfo, request: &str, trusted: bool) -> Result<(), Error> {
        let (view, dialect) = (card.view(), self.dialect);
        match self.query.with(|query| verdict(filter, &query, &view, dialect)) {
            Verdict::Shows => Ok(()),
            Verdict::Silent => {
                if self.ask && !trusted {
                    self.query.with(|query| control::ensure(&self.client, dialect, filter, &query))?;
                }
                self.one_person(filter, card, request)
            }
            Verdict::Contradicts(has) => {
                let asked = self.query.with(|query| filter.asked(&query)).unwrap_or_default();
                Err(control::ignored(filter, request, &asked, &format!("card {} has {has}", view.id())))
            }
        }
    }

    /// One user has one name, whatever form of it was asked for.
    fn one_person(&mut self, filter: Filter, card: &OwnedCardInfo, request: &str) -> Result<(), Error> {
        let user = owned(card.view().user_name());
        if filter != Filter::UserName || user.is_empty() {
            return Ok(());
        }
        let person = self.person.get_or_insert_with(|| user.clone());
        if other_person(person, &user) {
            let asked = self.query.user_name.as_deref().unwrap_or_default();
            let seen = format!("there are cards of {person} and, card {}, of {user}", card.view().id());
            return Err(control::ignored(filter, request, asked, &seen));
        }
        Ok(())
    }
}
