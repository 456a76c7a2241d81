//! From the identity of a card to its records.

use super::{CardwrightCards, CardwrightClient, noted};
use crate::boundary::{CardwrightError, CardwrightText, Marked, Output, size};
use crate::hosted::{give, handle, run};
use crate::identity::{CardwrightIdentity, MARK};
use cardwright_core::identity::{Dialogue, find_records};
use std::sync::Arc;

/// How a search for a card's record went.
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightSearch {
    /// `sizeof(CardwrightSearch)`, set by the caller.
    pub struct_size: u32,
    /// The client's system, a `CardwrightSystem`: for `cardwright_identity_guess`.
    pub system: u32,
    /// How many guesses were tried, those with the indices from 0 to `tried - 1`. Where there are records, the
    /// last of them found them; 0 where the card tells nothing by which the system could know it.
    pub tried: usize,
    /// How many records were found. More than one means that the system does not tell which is the card's.
    pub records: usize,
}

/// Looks for the records of a card that told who it is, by `cardwright_session_identify` or a dialogue that came
/// to its end: with one guess at how the system wrote its serial after the other, the best first, until one finds
/// something. `user` is whose cards are looked at, which G1 needs; else none. `*cards` has what was found, and is
/// the caller's, for `cardwright_cards_free`; with no record it is empty, which is no error.
///
/// A record is the card's by its serial number alone: before something is done with it, compare its ATR
/// (`CARDWRIGHT_CARD_TEXT_ATR`) with the card's, and ask.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_client_records(
    client: *const CardwrightClient,
    identity: *const CardwrightIdentity,
    user: CardwrightText,
    cards: *mut *mut CardwrightCards,
    search: *mut CardwrightSearch,
    error: *mut CardwrightError,
) -> i32 {
    let body = || {
        // SAFETY: client, identity and text stay for the call; the outputs are there to be written to.
        let (client, dialogue, user, place, told) = unsafe {
            (
                handle(client)?,
                Marked::<Dialogue>::get(identity, MARK)?,
                user.get()?,
                Output::new(cards)?,
                Output::structure(search)?,
            )
        };
        let (mut found, system) = (Vec::new(), client.0.system());
        let guesses = dialogue.identity().guesses(system);
        let each = |card| found.push(card);
        let went = match user {
            Some(user) => find_records(&mut client.0.of_user(user), guesses, each),
            None => find_records(&mut &client.0.client, guesses, each),
        };
        let went = went.map_err(noted)?;
        told.put(CardwrightSearch {
            struct_size: size::<CardwrightSearch>(),
            system: system as u32,
            tried: went.tried,
            records: went.records,
        });
        place.put(give(CardwrightCards::of(found, Arc::clone(&client.0))));
        Ok(())
    };
    // SAFETY: the error is the caller's to be written to.
    unsafe { run(error, body) }
}
