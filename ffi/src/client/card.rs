//! Cards with their bytes.

use super::{CardwrightClient, noted};
use crate::boundary::{Buffer, CardwrightError, CardwrightText, Output};
use crate::hosted::{give, handle, run, take_back};
use crate::lifecycle::number;
use crate::view::{CardwrightObject, CardwrightView, view_of};
use cardwright_client::AnyCard;
use cardwright_core::lifecycle::System;
use cardwright_core::{Code, Error};
use core::ffi::c_char;

/// A card's record, as the server sent it. It may be shared between threads.
#[derive(Debug)]
pub struct CardwrightCard(pub(super) AnyCard);

impl CardwrightCard {
    /// A card that is given away; `NULL` for none.
    pub(super) fn give(card: Option<AnyCard>) -> *mut CardwrightCard {
        card.map_or(core::ptr::null_mut(), |card| give(CardwrightCard(card)))
    }
}

/// The card with a serial number as the system writes it, or in another spelling that means the same; `*card`
/// is the caller's, for `cardwright_card_free`, and `NULL` where there is none.
///
/// `CARDWRIGHT_CODE_UNEXPECTED` where the server has several of them; codes from 601 on for what goes wrong on
/// the way.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_client_find(
    client: *const CardwrightClient,
    serial: CardwrightText,
    card: *mut *mut CardwrightCard,
    error: *mut CardwrightError,
) -> i32 {
    let body = || {
        // SAFETY: client and text stay for the call; the output is there to be written to.
        let (client, serial, place) = unsafe { (handle(client)?, serial.needed()?, Output::new(card)?) };
        place.put(CardwrightCard::give(client.0.find(serial).map_err(noted)?));
        Ok(())
    };
    // SAFETY: the error is the caller's to be written to.
    unsafe { run(error, body) }
}

/// The card with an id; `*card` is the caller's, for `cardwright_card_free`, and `NULL` where there is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_client_card(
    client: *const CardwrightClient,
    id: CardwrightText,
    card: *mut *mut CardwrightCard,
    error: *mut CardwrightError,
) -> i32 {
    let body = || {
        // SAFETY: client and text stay for the call; the output is there to be written to.
        let (client, id, place) = unsafe { (handle(client)?, id.needed()?, Output::new(card)?) };
        place.put(CardwrightCard::give(client.0.card(id).map_err(noted)?));
        Ok(())
    };
    // SAFETY: the error is the caller's to be written to.
    unsafe { run(error, body) }
}

/// One card of a user of CertiFlow, by its id or its serial number; the only way in G1. `*card` is the caller's,
/// for `cardwright_card_free`, and `NULL` where there is none.
///
/// `CARDWRIGHT_CODE_NO_SUCH_CALL` in MIM CM, which finds no card by its user; else as `cardwright_client_find`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_client_card_of(
    client: *const CardwrightClient,
    user: CardwrightText,
    key: CardwrightText,
    card: *mut *mut CardwrightCard,
    error: *mut CardwrightError,
) -> i32 {
    let body = || {
        // SAFETY: client and texts stay for the call; the output is there to be written to.
        let (client, user, key, place) =
            unsafe { (handle(client)?, user.needed()?, key.needed()?, Output::new(card)?) };
        place.put(CardwrightCard::give(client.0.card_of(user, key).map_err(noted)?));
        Ok(())
    };
    // SAFETY: the error is the caller's to be written to.
    unsafe { run(error, body) }
}

/// What both systems know of a card, whatever they call it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum CardwrightCardText {
    /// The id that the system looks the record up by: `id` of CertiFlow, `Uuid` of MIM CM.
    Id = 1,
    /// The serial number, as the system writes it.
    SerialNumber = 2,
    /// The ATR in hexadecimal digits, as the system writes it.
    Atr = 3,
    /// The user: `userName` of CertiFlow, `AssignedUserUuid` of MIM CM.
    User = 4,
    /// The state, in the system's word; where it is not known, what the server sent.
    State = 5,
}

/// Writes what a card's record says of a `CardwrightCardText`; an empty text where it says nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_card_text(
    card: *const CardwrightCard,
    what: u32,
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
    error: *mut CardwrightError,
) -> i32 {
    let body = || {
        // SAFETY: the card is there to be read, buffer and length to be written to.
        let (card, buffer) = unsafe { (&handle(card)?.0, Buffer::new(buffer, capacity, length)?) };
        let text = match what {
            n if n == CardwrightCardText::Id as u32 => card.id(),
            n if n == CardwrightCardText::SerialNumber as u32 => card.serial_number(),
            n if n == CardwrightCardText::Atr as u32 => card.atr(),
            n if n == CardwrightCardText::User as u32 => card.user(),
            n if n == CardwrightCardText::State as u32 => card.state_text(),
            _ => return Err(Error::of(Code::UnknownValue, "what")),
        };
        buffer.text(|out| out.write_str(&text))
    };
    // SAFETY: the error is the caller's to be written to.
    unsafe { run(error, body) }
}

/// The state of a card: `*system` is a `CardwrightSystem`, `*state` a `CardwrightCardState` of CertiFlow or a
/// `CardwrightSmartcardStatus` of MIM CM, by the client's scheme. `*known` is 0 where the server says something
/// that is not known.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_card_state(
    card: *const CardwrightCard,
    system: *mut u32,
    state: *mut u32,
    known: *mut u32,
    error: *mut CardwrightError,
) -> i32 {
    let body = || {
        // SAFETY: the card is there to be read, the outputs to be written to.
        let (card, system, state, known) =
            unsafe { (&handle(card)?.0, Output::new(system)?, Output::new(state)?, Output::new(known)?) };
        system.put(card.system() as u32);
        state.put(card.state().map_or(0, number));
        known.put(card.state().is_some().into());
        Ok(())
    };
    // SAFETY: the error is the caller's to be written to.
    unsafe { run(error, body) }
}

/// The fields of a card: a view of its bytes, which stay until `cardwright_card_free`. Its `object` says
/// which system's card it is.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_card_view(
    card: *const CardwrightCard,
    view: *mut CardwrightView,
    error: *mut CardwrightError,
) -> i32 {
    let body = || {
        // SAFETY: the card is there to be read, the structure to be written to.
        let (card, place) = unsafe { (handle(card)?, Output::structure(view)?) };
        let object = match card.0.system() {
            System::CertiFlow => CardwrightObject::CardInfo,
            System::Mim => CardwrightObject::Smartcard,
        };
        place.put(view_of(object as u32, card.0.json(), card.0.fields().len(), |n| card.0.raw(n)));
        Ok(())
    };
    // SAFETY: the error is the caller's to be written to.
    unsafe { run(error, body) }
}

/// Takes a card back; its views are of no use any more. `NULL` is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_card_free(card: *mut CardwrightCard) {
    // SAFETY: what a function of this library gave away, once.
    unsafe { take_back(card) }
}
