//! From the identity of a card to its records.

use super::cards::CardwrightCards;
use super::handle::{CardwrightClient, noted};
use crate::error::CardwrightError;
use crate::frame::{boundary_with_detail, from_c, nullable, size, structures};
use crate::hosted::into_raw;
use crate::identity::CardwrightIdentity;
use crate::text::CardwrightText;
use cardwright::Records;
use cardwright_core::identity::Found;
use std::sync::Arc;

/// How a search for a card's record went.
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightSearch {
    /// `sizeof(CardwrightSearch)`, set by the caller.
    pub struct_size: u32,
    /// The client's system, a `CardwrightSystem`: for `cardwright_identity_guess`.
    pub system: u32,
    /// How many guesses were tried, those with the indices 0 to `tried - 1`; 0 if the card says nothing by which the
    /// system could know it.
    pub tried: usize,
    /// How many records were found, each counted once.
    pub records: usize,
    /// The index of the guess that found something first; only if there are records.
    pub by: usize,
    /// How many guesses, those with the indices 0 to `passed_over - 1`, are of stronger identifiers, which found
    /// nothing.
    pub passed_over: usize,
    /// What may be done with the records: a `CardwrightFound`.
    pub found: u32,
}

structures!(CardwrightSearch { system, tried, records, by, passed_over, found });

/// Looks for the records of a card that was identified by `cardwright_session_identify` or by a dialogue that has
/// ended: with one identifier after another, the strongest first, in each spelling in which the system may have
/// written it, until one finds something. `user` limits the search to that user's cards, which G1 requires; otherwise
/// none. `*cards` has the records found; without any it is empty, which is not an error. Free it with
/// `cardwright_cards_free`.
///
/// `search->found` says what may be done: `CARDWRIGHT_FOUND_RECORD` is the card's record. One that only a weaker
/// identifier found, and each of several, may be another card's: `cardwright_client_operate` sends nothing for them
/// until `cardwright_card_confirm`. Show a person which identifiers found nothing (`passed_over`), which one did (`by`),
/// and whose record it is, and ask.
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
        let (user, system) = (nullable!(user), client.0.system());
        let guesses = dialogue.identity().guesses(system).collect();
        let went = Records::by_guesses(&client.0.client, user, guesses).map_err(noted)?;
        search.put(CardwrightSearch {
            struct_size: size::<CardwrightSearch>(),
            system: system as u32,
            tried: went.tried.len(),
            records: went.cards.len(),
            by: went.tried.iter().position(|guess| Some(*guess) == went.by).unwrap_or_default(),
            passed_over: went.passed_over().len(),
            found: went.found as u32,
        });
        let certain = went.found == Found::Record;
        cards.put(into_raw(CardwrightCards::of(went.cards, certain, Arc::clone(&client.0))));
    })
}
