//! Lists of cards.

use super::{CardwrightCard, CardwrightClient, Shared, noted};
use crate::boundary::{CardwrightError, Output};
use crate::call::{CARDWRIGHT_MAX_TAGS, CardwrightQuery, query_of};
use crate::hosted::{alone, give, handle, run, take_back};
use cardwright_client::{AnyCard, Error};
use cardwright_core::certiflow::Query;
use std::sync::{Arc, RwLock};

/// Cards, one by one as they arrive. For one thread at a time; it keeps the client that it came from.
pub struct CardwrightCards {
    // Borrows from what follows: fields are dropped in this order.
    cards: RwLock<Box<dyn Iterator<Item = Result<AnyCard, Error>> + Send>>,
    _tags: Vec<&'static str>,
    _texts: Vec<Arc<str>>,
    _client: Arc<Shared>,
}

impl CardwrightCards {
    /// A list of cards that are here already.
    pub(super) fn of(cards: Vec<AnyCard>, client: Arc<Shared>) -> Self {
        let cards = RwLock::new(Box::new(cards.into_iter().map(Ok)) as _);
        CardwrightCards { cards, _tags: Vec::new(), _texts: Vec::new(), _client: client }
    }
}

impl core::fmt::Debug for CardwrightCards {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("CardwrightCards").finish_non_exhaustive()
    }
}

/// Lists cards: those that a query finds, or all with `NULL`. MIM CM has no filters, and lists the caller's own
/// cards. `*cards` is the caller's, for `cardwright_cards_free`.
///
/// The codes of `cardwright_call_method` for what the dialect lacks, and those from 601 on for what goes wrong
/// on the way.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_client_cards(
    client: *const CardwrightClient,
    query: *const CardwrightQuery,
    cards: *mut *mut CardwrightCards,
    error: *mut CardwrightError,
) -> i32 {
    let body = || {
        // SAFETY: client, query and its texts stay for the call; the output is there to be written to.
        let (client, place) = unsafe { (Arc::clone(&handle(client)?.0), Output::new(cards)?) };
        let mut tags = [""; CARDWRIGHT_MAX_TAGS];
        let given = match query.is_null() {
            true => Query::default(),
            // SAFETY: as above.
            false => unsafe { query_of(query, &mut tags) }?,
        };
        place.put(give(list(client, given).map_err(noted)?));
        Ok(())
    };
    // SAFETY: the error is the caller's to be written to.
    unsafe { run(error, body) }
}

/// A list that owns what it borrows from.
fn list(client: Arc<Shared>, given: Query<'_>) -> Result<CardwrightCards, Error> {
    let mut texts: Vec<Arc<str>> = Vec::new();
    let mut keep = |text: &str| -> &'static str {
        let kept: Arc<str> = text.into();
        // SAFETY: the text lies where `texts` keeps it, which does not move it, and `CardwrightCards` drops
        // what borrows it first. It does not leave that structure.
        let borrowed = unsafe { &*core::ptr::from_ref::<str>(&kept) };
        texts.push(kept);
        borrowed
    };
    let tags: Vec<&'static str> = given.tags.iter().map(|tag| keep(tag)).collect();
    let query = Query {
        offset: given.offset,
        count: given.count,
        serial_number: given.serial_number.map(&mut keep),
        user_name: given.user_name.map(&mut keep),
        card_type_name: given.card_type_name.map(&mut keep),
        card_model_name: given.card_model_name.map(&mut keep),
        comment: given.comment.map(&mut keep),
        // SAFETY: as for the texts: the memory of a vector does not move with it.
        tags: unsafe { core::slice::from_raw_parts(tags.as_ptr(), tags.len()) },
        policy_name: given.policy_name.map(&mut keep),
        state: given.state,
        content_expiration_status: given.content_expiration_status,
        time_issued: given.time_issued.map(&mut keep),
        time_updated: given.time_updated.map(&mut keep),
        time_revoked: given.time_revoked.map(&mut keep),
    };
    // SAFETY: the client lies in an `Arc` that `CardwrightCards` keeps and drops after what borrows it.
    let borrowed: &'static Shared = unsafe { &*Arc::as_ptr(&client) };
    let cards = RwLock::new(borrowed.cards(query)? as _);
    Ok(CardwrightCards { cards, _tags: tags, _texts: texts, _client: client })
}

/// The next card; `*card` is the caller's, for `cardwright_card_free`, and `NULL` behind the last.
///
/// A card that cannot be read is a code from 301 on, after which the next one can be asked for. After a code
/// from 601 on there are no more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_cards_next(
    cards: *mut CardwrightCards,
    card: *mut *mut CardwrightCard,
    error: *mut CardwrightError,
) -> i32 {
    let body = || {
        // SAFETY: the list is there to be used, the output to be written to.
        let (cards, place) = unsafe { (handle(cards)?, Output::new(card)?) };
        let next = alone(&cards.cards)?.next().transpose().map_err(noted)?;
        place.put(CardwrightCard::give(next));
        Ok(())
    };
    // SAFETY: the error is the caller's to be written to.
    unsafe { run(error, body) }
}

/// Takes a list back, also in the middle. `NULL` is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_cards_free(cards: *mut CardwrightCards) {
    // SAFETY: what a function of this library gave away, once.
    unsafe { take_back(cards) }
}
