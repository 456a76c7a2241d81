//! Lists of cards.

use super::card::CardwrightCard;
use super::handle::{CardwrightClient, Shared, noted};
use crate::call::{CARDWRIGHT_MAX_TAGS, CardwrightQuery, query_of};
use crate::error::CardwrightError;
use crate::frame::{boundary_with_detail, from_c, nullable};
use crate::hosted::{free, handle, into_raw, write};
use cardwright_client::{AnyCard, Error};
use cardwright_core::certiflow::Query;
use std::sync::{Arc, RwLock};

/// Cards, one by one as they arrive. For one thread at a time; it keeps the client that it came from alive.
pub struct CardwrightCards {
    // Borrows from what follows: fields are dropped in this order.
    cards: RwLock<Box<dyn Iterator<Item = Result<AnyCard, Error>> + Send>>,
    _tags: Vec<&'static str>,
    _texts: Vec<Arc<str>>,
    _client: Arc<Shared>,
}

handle!(CardwrightCards: Send);

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

/// Lists cards: those that a query finds, or all for `NULL`. MIM CM has no filters, and lists the caller's own
/// cards. Free `*cards` with `cardwright_cards_free`.
///
/// The codes of `cardwright_call_method` for what the dialect lacks, and those from 601 on for failures of the
/// network and the server.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_client_cards(
    client: *const CardwrightClient,
    query: *const CardwrightQuery,
    cards: *mut *mut CardwrightCards,
    error: *mut CardwrightError,
) -> i32 {
    boundary_with_detail!(error, {
        let (client, cards) = from_c!(client, cards);
        let mut tags = [""; CARDWRIGHT_MAX_TAGS];
        let query = query_of(nullable!(query), &mut tags)?;
        cards.put(into_raw(list(Arc::clone(&client.0), query).map_err(noted)?));
    })
}

/// A list that owns what it borrows from.
fn list(client: Arc<Shared>, given: Query<'_>) -> Result<CardwrightCards, Error> {
    let mut texts: Vec<Arc<str>> = Vec::new();
    let mut keep = |text: &str| -> &'static str {
        let kept: Arc<str> = text.into();
        // SAFETY: the text is where `texts` keeps it, which does not move it, and `CardwrightCards` drops what borrows
        // it first. It does not leave that structure.
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
    // SAFETY: the client is in an `Arc` that `CardwrightCards` keeps and drops after what borrows it.
    let borrowed: &'static Shared = unsafe { &*Arc::as_ptr(&client) };
    let cards = RwLock::new(borrowed.cards(query)? as _);
    Ok(CardwrightCards { cards, _tags: tags, _texts: texts, _client: client })
}

/// The next card; `*card` is `NULL` past the last. Free it with `cardwright_card_free`.
///
/// A card that cannot be read gives a code from 301 on, after which the next one can be asked for. After a code
/// from 601 on there are no more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_cards_next(
    cards: *mut CardwrightCards,
    card: *mut *mut CardwrightCard,
    error: *mut CardwrightError,
) -> i32 {
    boundary_with_detail!(error, {
        let (cards, card) = from_c!(cards, card);
        let next = write(&cards.cards)?.next().transpose().map_err(noted)?;
        card.put(CardwrightCard::into_raw(next));
    })
}

/// Frees a list, which need not have been read to the end. `NULL` is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_cards_free(cards: *mut CardwrightCards) {
    free!(cards)
}
