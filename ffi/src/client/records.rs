//! From the identity of a card to its records.

use super::cards::CardwrightCards;
use super::handle::{CardwrightClient, noted};
use crate::error::CardwrightError;
use crate::frame::{boundary_with_detail, from_c, nullable, size, structures};
use crate::hosted::into_raw;
use crate::identity::CardwrightIdentity;
use crate::text::CardwrightText;
use cardwright_core::identity::find_records;
use std::sync::Arc;

/// How a search for a card's record went.
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightSearch {
    /// `sizeof(CardwrightSearch)`, set by the caller.
    pub struct_size: u32,
    /// The client's system, a `CardwrightSystem`: for `cardwright_identity_guess`.
    pub system: u32,
    /// How many guesses were tried, those with the indices 0 to `tried - 1`. If there are records, the last of them
    /// found them; 0 if the card says nothing by which the system could know it.
    pub tried: usize,
    /// How many records were found. If there are several, the system does not say which one is the card's.
    pub records: usize,
}

structures!(CardwrightSearch);

/// Looks for the records of a card that was identified by `cardwright_session_identify` or by a dialogue that has
/// ended: with one guess at how the system wrote its serial after another, the best first, until one finds
/// something. `user` limits the search to that user's cards, which G1 requires; otherwise none. `*cards` has the
/// records found; without any it is empty, which is not an error. Free it with `cardwright_cards_free`.
///
/// A record belongs to the card by its serial number alone: before doing anything with it, compare its ATR
/// (`CARDWRIGHT_CARD_TEXT_ATR`) with the card's, and ask.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_client_records(
    client: *const CardwrightClient, identity: *const CardwrightIdentity, user: CardwrightText,
    cards: *mut *mut CardwrightCards, search: *mut CardwrightSearch, error: *mut CardwrightError,
) -> i32 {
    boundary_with_detail!(error, {
        let (client, dialogue, cards, search) = from_c!(client, identity, cards, search);
        let user = nullable!(user);
        let (mut found, system) = (Vec::new(), client.0.system());
        let guesses = dialogue.identity().guesses(system);
        let each = |card| found.push(card);
        let went = match user {
            Some(user) => find_records(&mut client.0.of_user(user), guesses, each),
            None => find_records(&mut &client.0.client, guesses, each),
        };
        let went = went.map_err(noted)?;
        search.put(CardwrightSearch {
            struct_size: size::<CardwrightSearch>(),
            system: system as u32,
            tried: went.tried,
            records: went.records,
        });
        cards.put(into_raw(CardwrightCards::of(found, Arc::clone(&client.0))));
    })
}
