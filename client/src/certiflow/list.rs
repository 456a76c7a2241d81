//! A list of cards, read page by page while it is iterated.

use super::CertiFlow;
use crate::client::Client;
use crate::error::Error;
use cardwright_core::certiflow::{Call, CardInfo, Dialect, OwnedCardInfo, OwnedQuery, Query};
use cardwright_core::json::FromJson as _;
use cardwright_http::Stream;

impl Client<CertiFlow> {
    /// The cards that a query finds, read as they arrive and page by page. `offset` and `count` of
    /// the query bound the whole list, not a page, in G1 too.
    ///
    /// A card that the query cannot have meant is an error, and the last one: a server that ignores a
    /// filter sends every card.
    ///
    /// # Errors
    /// [`Code::NoSuchParameter`](cardwright_core::Code::NoSuchParameter) for a filter that the dialect lacks, before
    /// anything is sent.
    pub fn cards(&self, query: Query<'_>) -> Result<Cards, Error> {
        Cards::new(self.clone(), query)
    }
}

/// Cards, one by one. After an error of one card the next one follows; after an error of the network
/// there are no more.
#[derive(Debug)]
pub struct Cards {
    client: Client<CertiFlow>,
    query: OwnedQuery,
    /// How many cards to pass over for the next page.
    offset: u32,
    /// How many cards may still come.
    left: Option<u32>,
    /// Whether the dialect has pages.
    paged: bool,
    /// How many cards to pass over here, as the dialect cannot.
    skip: u32,
    page: Option<Page>,
    /// The id of the first card of the page before.
    first: Option<String>,
    done: bool,
}

#[derive(Debug)]
struct Page {
    stream: Stream,
    asked: u32,
    got: u32,
}

impl Cards {
    pub(super) fn new(client: Client<CertiFlow>, query: Query<'_>) -> Result<Self, Error> {
        let (offset, left) = (query.offset.unwrap_or(0), query.count);
        let query = Query { offset: None, count: None, ..query };
        query.check(client.dialect())?;
        let paged = client.dialect() != Dialect::G1;
        let skip = if paged { 0 } else { offset };
        Ok(Cards { client, offset, left, paged, skip, query: query.to_owned(), page: None, first: None, done: false })
    }

    /// What was asked last.
    pub(super) fn request(&self) -> String {
        self.page.as_ref().map(|page| page.stream.request().to_string()).unwrap_or_default()
    }

    /// Asks for the next page. After an error there is none.
    fn turn(&mut self) -> Result<(), Error> {
        let asked = self.left.unwrap_or(u32::MAX).min(self.client.page_size);
        let last = self.page.take();
        self.done = true;
        let transport = &self.client.transport;
        let reply = self.query.with(|query| {
            let query = match self.paged {
                true => Query { offset: Some(self.offset), count: Some(asked), ..query },
                false => query,
            };
            Ok::<_, Error>(transport.send(&self.client.request(Call::Cards(query))?)?)
        })?;
        let stream = match last {
            Some(page) => page.stream.followed_by(reply, transport),
            None => Stream::new(reply, transport),
        };
        self.page = Some(Page { stream, asked, got: 0 });
        self.done = false;
        Ok(())
    }

    /// Ends the list with an error.
    fn end(&mut self, words: impl Into<String>) -> Option<Result<OwnedCardInfo, Error>> {
        self.done = true;
        Some(Err(Error::unexpected(&self.request(), words)))
    }

    fn step(&mut self) -> Option<Result<OwnedCardInfo, Error>> {
        loop {
            if self.left == Some(0) {
                return None;
            }
            if self.page.is_none()
                && let Err(e) = self.turn()
            {
                return Some(Err(e));
            }
            let page = self.page.as_mut()?;
            let card = page.stream.next(|json| CardInfo::from_json(json).map(|card| card.to_owned()));
            match card {
                Some(Ok(card)) => {
                    page.got += 1;
                    if let Some(filter) = self.query.with(|query| ignored_filter(&query, &card.view())) {
                        return self.end(format!("the server ignores the filter {filter}: is this its dialect?"));
                    }
                    if self.skip > 0 {
                        self.skip -= 1;
                        continue;
                    }
                    if page.got == 1 {
                        let id = card.view().id().to_string();
                        if self.first.as_deref() == Some(&id) {
                            return self.end("the server ignores offset: it sends the same page again");
                        }
                        self.first = Some(id);
                    }
                    self.left = self.left.map(|left| left - 1);
                    return Some(Ok(card));
                }
                Some(Err(e)) => {
                    page.got += 1;
                    self.done = e.code().band() == 600;
                    return Some(Err(e.into()));
                }
                None => {
                    // Fewer than asked for: the last page. More: a server that ignores `count`, and
                    // has sent all there is.
                    if !self.paged || page.got != page.asked {
                        return None;
                    }
                    self.offset = self.offset.saturating_add(page.got);
                    if self.left != Some(0)
                        && let Err(e) = self.turn()
                    {
                        return Some(Err(e));
                    }
                }
            }
        }
    }
}

impl Iterator for Cards {
    type Item = Result<OwnedCardInfo, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let card = self.step();
        self.done |= card.is_none();
        card
    }
}

/// The filter that a card shows to have been ignored, of those that leave no doubt.
fn ignored_filter(query: &Query<'_>, card: &CardInfo<'_>) -> Option<&'static str> {
    let other_state = |wanted| card.state().known().is_some_and(|state| state != wanted);
    let texts = [
        ("cardTypeName", query.card_type_name, card.card_type_name()),
        ("cardModelName", query.card_model_name, card.card_model_name()),
        ("policyName", query.policy_name, card.policy_name()),
    ];
    let other_text = texts.into_iter().find(|(_, wanted, got)| {
        wanted.zip(got.as_ref()).is_some_and(|(wanted, got)| !got.eq_ignore_ascii_case(wanted))
    });
    if query.state.is_some_and(other_state) { Some("state") } else { other_text.map(|(name, ..)| name) }
}
