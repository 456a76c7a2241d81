//! One page of a list, asked for.

use crate::certiflow::CertiFlow;
use crate::client::Client;
use crate::error::Error;
use cardwright_core::Code;
use cardwright_core::certiflow::{Call, CardInfo, Dialect, OwnedCardInfo, OwnedQuery, Query};
use cardwright_core::json::{Cursor, FromJson as _};
use cardwright_http::{Reply, Stream};

/// Asks for cards; with a place in the list and a number where the dialect has pages.
///
/// # Errors
/// Any of [`Error`]; an answer that is no list's status.
pub(super) fn ask(
    client: &Client<CertiFlow>,
    dialect: Dialect,
    query: &OwnedQuery,
    page: Option<(u32, u32)>,
) -> Result<Reply, Error> {
    let reply = query.with(|query| {
        let query = match page {
            Some((offset, count)) => Query { offset: Some(offset), count: Some(count), ..query },
            None => query,
        };
        Ok::<_, Error>(client.transport.send(&Call::Cards(query).in_dialect(dialect)?)?)
    })?;
    if reply.status != 200 {
        let words = format!("the status is {}, and that of a list is 200", reply.status);
        return Err(Error::unexpected(&reply.request, words));
    }
    Ok(reply)
}

/// Reads a card of a list.
pub(crate) fn read_card(json: &mut Cursor<'_>) -> Result<OwnedCardInfo, cardwright_core::Error> {
    CardInfo::from_json(json).map(|card| card.owned())
}

/// The beginning of a list.
#[derive(Debug, Default)]
pub(super) struct First {
    /// What was asked.
    pub(super) request: String,
    /// The ids of the cards; of one that cannot be read, what is wrong.
    pub(super) ids: Vec<String>,
}

impl First {
    /// The first cards that a query finds; `count` is `None` in a dialect without pages. An answer that breaks off is
    /// asked for again.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub(super) fn of(
        client: &Client<CertiFlow>,
        dialect: Dialect,
        query: &OwnedQuery,
        count: Option<u32>,
    ) -> Result<Self, Error> {
        let mut attempt = 1;
        loop {
            match Self::once(client, dialect, query, count) {
                Err(error)
                    if matches!(error.code(), Code::Broken | Code::Timeout) && client.transport.pause(attempt) =>
                {
                    attempt += 1;
                }
                first => return first,
            }
        }
    }

    fn once(
        client: &Client<CertiFlow>,
        dialect: Dialect,
        query: &OwnedQuery,
        count: Option<u32>,
    ) -> Result<Self, Error> {
        let reply = ask(client, dialect, query, count.map(|count| (0, count)))?;
        let mut stream = Stream::new(reply, &client.transport).list_only();
        let mut ids = Vec::new();
        let most = count.unwrap_or(1) as usize;
        while ids.len() < most
            && let Some(card) = stream.next(read_card)
        {
            match card {
                Ok(card) => ids.push(card.view().id().to_string()),
                Err(error) if stream.is_over() => return Err(error.into()),
                Err(error) => ids.push(error.unmasked().to_string()),
            }
        }
        if stream.is_list() {
            query.with(|query| client.learn_list(dialect, &query));
        }
        Ok(First { request: stream.request().to_string(), ids })
    }
}
