//! Lists of cards.

use super::card::CardwrightCard;
use super::handle::{CardwrightClient, Shared, about, noted};
use crate::call::{CARDWRIGHT_MAX_TAGS, CardwrightQuery, query_of};
use crate::error::CardwrightError;
use crate::frame::{boundary_with_detail, from_c, nullable};
use crate::hosted::{free, handle, into_raw, write};
use cardwright::client::http::Process;
use cardwright::client::{self, AnyCard, AnyCards};
use std::sync::{Arc, PoisonError, RwLock};

/// Cards, one by one as they arrive. For one thread at a time; it keeps the client that it came from alive.
pub struct CardwrightCards {
    process: Process,
    // It reads states by rows that the client keeps: fields are dropped in this order.
    cards: RwLock<AnyCards>,
    /// Whether they are those that are meant: see [`CardwrightCard::found`].
    certain: bool,
    client: Arc<Shared>,
}

handle!(CardwrightCards: Send);

impl CardwrightCards {
    fn new(cards: AnyCards, certain: bool, client: Arc<Shared>) -> Self {
        CardwrightCards { process: Process::current(), cards: RwLock::new(cards), certain, client }
    }

    /// A list of records of one card that are here already, and whether they are certain to be that card's.
    pub(super) fn of(cards: Vec<AnyCard>, certain: bool, client: Arc<Shared>) -> Self {
        Self::new(Box::new(cards.into_iter().map(Ok)), certain, client)
    }
}

impl Drop for CardwrightCards {
    fn drop(&mut self) {
        if !self.process.is_current() {
            // What it holds is the parent's: connections, and perhaps threads and locks.
            let cards = self.cards.get_mut().unwrap_or_else(PoisonError::into_inner);
            core::mem::forget(core::mem::replace(cards, Box::new(core::iter::empty())));
        }
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
    client: *const CardwrightClient, query: *const CardwrightQuery, cards: *mut *mut CardwrightCards,
    error: *mut CardwrightError,
) -> i32 {
    boundary_with_detail!(error, {
        let (client, cards) = from_c!(client, cards);
        let mut tags = [""; CARDWRIGHT_MAX_TAGS];
        let query = nullable!(query);
        let query = query_of(query.as_deref(), &mut tags)?;
        let list = client.0.cards(query).map_err(noted)?;
        cards.put(into_raw(CardwrightCards::new(list, true, Arc::clone(&client.0))));
    })
}

/// The next card; `*card` is `NULL` past the last. Free it with `cardwright_card_free`.
///
/// A card that cannot be read gives a code from 301 on, after which the next one can be asked for. After a code
/// from 601 on there are no more. After a fork the list stays with the parent: in the child this is
/// `CARDWRIGHT_CODE_ARGUMENT`, and the child asks for a list of its own.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_cards_next(
    cards: *mut CardwrightCards, card: *mut *mut CardwrightCard, error: *mut CardwrightError,
) -> i32 {
    boundary_with_detail!(error, {
        let (cards, card) = from_c!(cards, card);
        if !cards.process.is_current() {
            return Err(about("cards", noted(client::http::Error::other_process("a list"))));
        }
        cards.client.check_canceled()?;
        let next = write(&cards.cards, "cards")?.next().transpose().map_err(noted)?;
        card.put(CardwrightCard::found(next, cards.certain, &cards.client));
    })
}

/// Frees a list, which need not have been read to the end. `NULL` is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_cards_free(cards: *mut CardwrightCards) {
    free!(cards)
}
