//! Cards with their bytes, and operations on them.

use super::error::noted;
use super::{CardwrightClient, handle, take_back};
use crate::boundary::{ARGUMENT, CardwrightError, CardwrightText, Output, run, size};
use crate::call::reason_of;
use crate::lifecycle::operation_of;
use crate::view::{CardwrightObject, CardwrightView, view_of};
use cardwright_client::{AnyCard, Outcome};
use cardwright_core::certiflow::CardInfo;
use cardwright_core::mim::Smartcard;
use cardwright_core::{Code, Error};
use core::ffi::c_char;

/// A card's record, as the server sent it. It may be shared between threads.
#[derive(Debug)]
pub struct CardwrightCard(AnyCard);

impl CardwrightCard {
    /// A card that is given away; `NULL` for none.
    pub(super) fn give(card: Option<AnyCard>) -> *mut CardwrightCard {
        card.map_or(core::ptr::null_mut(), |card| Box::into_raw(Box::new(CardwrightCard(card))))
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
        let (card, place) = unsafe { (card_of(card)?, Output::structure(view)?) };
        place.put(match &card.0 {
            AnyCard::CertiFlow { card, .. } => {
                let view = card.view();
                view_of(CardwrightObject::CardInfo as u32, view.json(), CardInfo::FIELDS.len(), |n| view.raw(n))
            }
            AnyCard::Mim { card, .. } => {
                let view = card.view();
                view_of(CardwrightObject::Smartcard as u32, view.json(), Smartcard::FIELDS.len(), |n| view.raw(n))
            }
            _ => return Err(Error::new(Code::Internal, 0)),
        });
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

/// What an operation came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum CardwrightResult {
    /// The server carried it out.
    Done = 1,
    /// The answer was lost, and reading the card again does not tell whether it was carried out:
    /// `cardwright_last_error` says what was lost.
    Unknown = 2,
    /// MIM CM took the request; somebody must approve it before it can be carried out.
    AwaitingApproval = 3,
}

/// What an operation came to.
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightOutcome {
    /// `sizeof(CardwrightOutcome)`, set by the caller.
    pub struct_size: u32,
    /// A `CardwrightResult`.
    pub result: u32,
    /// 1 where the answer was lost and the card, read again, shows that it was carried out.
    pub answer_lost: u32,
    /// The card as it is now, the caller's, for `cardwright_card_free`; `NULL` where it could not be read again
    /// or is no longer listed.
    pub card: *mut CardwrightCard,
    /// The id of the request of MIM CM that did it, or will, `\0`-terminated; empty where there is none.
    pub request: [c_char; 64],
}

/// Carries out a `CardwrightOperation` on a card.
///
/// CertiFlow takes a `CardwrightRevocationReason` for a revocation, where `has_reason` is 1; MIM CM takes a
/// comment, none is an empty one. What the vendor documents as not allowed in the card's state is not sent:
/// `CARDWRIGHT_CODE_NOT_ALLOWED`; what is only assumed is, unless the client was set up otherwise. The server's
/// refusals are the codes from 701 on, and `cardwright_last_error` has its words.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_client_operate(
    client: *const CardwrightClient,
    card: *const CardwrightCard,
    operation: u32,
    has_reason: u32,
    reason: u32,
    comment: CardwrightText,
    outcome: *mut CardwrightOutcome,
    error: *mut CardwrightError,
) -> i32 {
    let body = || {
        // SAFETY: client, card and text stay for the call; the structure is there to be written to.
        let (client, card, comment, place) =
            unsafe { (handle(client)?, card_of(card)?, comment.get()?, Output::structure(outcome)?) };
        let (operation, reason) = (operation_of(operation)?, reason_of(has_reason, reason)?);
        let came_to = client.0.operate(&card.0, operation, reason, comment.unwrap_or("")).map_err(noted)?;
        let (result, card, request, answer_lost) = match came_to {
            Outcome::Done { card, request, answer_lost, .. } => (CardwrightResult::Done, card, request, answer_lost),
            Outcome::Unknown { card, error, request } => {
                noted(error);
                (CardwrightResult::Unknown, card, request, true)
            }
            Outcome::AwaitingApproval { request, .. } => {
                (CardwrightResult::AwaitingApproval, None, Some(request), false)
            }
            _ => return Err(Error::new(Code::Internal, 0)),
        };
        let mut id = [0; 64];
        // An id is a GUID; the last place stays 0.
        let written = request.unwrap_or_default();
        id.iter_mut().take(63).zip(written.bytes()).for_each(|(to, from)| *to = from as c_char);
        place.put(CardwrightOutcome {
            struct_size: size::<CardwrightOutcome>(),
            result: result as u32,
            answer_lost: answer_lost.into(),
            card: CardwrightCard::give(card),
            request: id,
        });
        Ok(())
    };
    // SAFETY: the error is the caller's to be written to.
    unsafe { run(error, body) }
}

/// # Safety
/// `card` is null, or what a function gave away and nobody has taken back for `'a`.
unsafe fn card_of<'a>(card: *const CardwrightCard) -> Result<&'a CardwrightCard, Error> {
    if card.is_null() {
        return Err(ARGUMENT);
    }
    // SAFETY: not null, and as this function's caller promises.
    Ok(unsafe { &*card })
}
