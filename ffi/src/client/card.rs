//! Cards with their bytes.

use super::handle::{CardwrightClient, Shared, Statuses, noted};
use crate::error::CardwrightError;
use crate::frame::{boundary_with_detail, buffer, from_c};
use crate::hosted::{free, handle, into_raw};
use crate::number::CardTextNumber;
use crate::text::CardwrightText;
use crate::view::{CardwrightView, object_of, view_of};
use cardwright::client::AnyCard;
use cardwright_core::lifecycle::NativeState;
use cardwright_core::{Code, Error};
use core::ffi::c_char;
use core::sync::atomic::{AtomicBool, Ordering};

/// A card's record, as the server sent it. It may be shared between threads.
#[derive(Debug)]
pub struct CardwrightCard(pub(super) AnyCard, Confirmed, Option<Statuses>);

/// Whether it is certain, or confirmed, that the record is that of the card which is meant.
type Confirmed = AtomicBool;

handle!(CardwrightCard: Send + Sync);

impl CardwrightCard {
    /// A handle for a card of a client; `NULL` for none.
    pub(super) fn into_raw(card: Option<AnyCard>, client: &Shared) -> *mut CardwrightCard {
        Self::found(card, true, client)
    }

    /// The same for a record that may be another card's, if it is not certain.
    pub(super) fn found(card: Option<AnyCard>, certain: bool, client: &Shared) -> *mut CardwrightCard {
        let handle = |card| into_raw(CardwrightCard(card, Confirmed::new(certain), client.statuses.clone()));
        card.map_or(core::ptr::null_mut(), handle)
    }

    /// That the card may be operated on.
    pub(super) fn confirmed(&self) -> Result<(), Error> {
        if self.1.load(Ordering::Acquire) { Ok(()) } else { Err(Error::new(Code::Unconfirmed, 0)) }
    }
}

/// Says that a record is that of the card which is meant, though `cardwright_client_records` found it by a weaker
/// identifier only, or found several: for a program that has asked a person, or knows. Until then
/// `cardwright_client_operate` sends nothing for it. Any other record needs no confirmation.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_card_confirm(card: *mut CardwrightCard, error: *mut CardwrightError) -> i32 {
    boundary_with_detail!(error, {
        from_c!(card).1.store(true, Ordering::Release);
    })
}

/// The card with a serial number as the system writes it, or in another spelling that means the same; `*card` is
/// `NULL` if there is none. Free it with `cardwright_card_free`.
///
/// `CARDWRIGHT_CODE_UNEXPECTED` if the server has several of them; codes from 601 on for failures of the network and
/// the server.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_client_find(
    client: *const CardwrightClient, serial: CardwrightText, card: *mut *mut CardwrightCard,
    error: *mut CardwrightError,
) -> i32 {
    boundary_with_detail!(error, {
        let (client, serial, card) = from_c!(client, serial, card);
        card.put(CardwrightCard::into_raw(client.0.find(serial).map_err(noted)?, &client.0));
    })
}

/// The card with an id; `*card` is `NULL` if there is none. Free it with `cardwright_card_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_client_card(
    client: *const CardwrightClient, id: CardwrightText, card: *mut *mut CardwrightCard, error: *mut CardwrightError,
) -> i32 {
    boundary_with_detail!(error, {
        let (client, id, card) = from_c!(client, id, card);
        card.put(CardwrightCard::into_raw(client.0.card(id).map_err(noted)?, &client.0));
    })
}

/// One card of a user of CertiFlow, by its id or its serial number; the only way in G1. `*card` is `NULL`
/// if there is none. Free it with `cardwright_card_free`.
///
/// `CARDWRIGHT_CODE_NO_SUCH_CALL` in MIM CM, which cannot find a card by its user; otherwise as `cardwright_client_find`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_client_card_of(
    client: *const CardwrightClient, user: CardwrightText, key: CardwrightText, card: *mut *mut CardwrightCard,
    error: *mut CardwrightError,
) -> i32 {
    boundary_with_detail!(error, {
        let (client, user, key, card) = from_c!(client, user, key, card);
        card.put(CardwrightCard::into_raw(client.0.card_of(user, key).map_err(noted)?, &client.0));
    })
}

/// What both systems know about a card, whatever they call it.
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
    /// The state, in the system's word; if it is unknown, what the server sent.
    State = 5,
}

/// Writes what a card's record says for a `CardwrightCardText`; an empty text if it says nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_card_text(
    card: *const CardwrightCard, what: CardTextNumber, buffer: *mut c_char, capacity: usize, length: *mut usize,
    error: *mut CardwrightError,
) -> i32 {
    boundary_with_detail!(error, {
        let (card, buffer) = (&from_c!(card).0, buffer!(buffer, capacity, length));
        let text = match what {
            n if n == CardwrightCardText::Id as u32 => card.id(),
            n if n == CardwrightCardText::SerialNumber as u32 => card.serial_number(),
            n if n == CardwrightCardText::Atr as u32 => card.atr(),
            n if n == CardwrightCardText::User as u32 => card.user(),
            n if n == CardwrightCardText::State as u32 => card.state_text(),
            _ => return Err(Error::of(Code::UnknownValue, "what")),
        };
        buffer.text(|out| out.write_str(&text))?;
    })
}

/// The state of a card: `*system` is a `CardwrightSystem`, `*state` a `CardwrightCardState` of CertiFlow or a
/// `CardwrightSmartcardStatus` of MIM CM, by the client's scheme. `*known` is 0 if the server says something
/// unknown.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_card_state(
    card: *const CardwrightCard, system: *mut u32, state: *mut u32, known: *mut u32, error: *mut CardwrightError,
) -> i32 {
    boundary_with_detail!(error, {
        let (card, system, state, known) = (&from_c!(card).0, from_c!(system), from_c!(state), from_c!(known));
        system.put(card.system() as u32);
        state.put(card.state().map_or(0, NativeState::number));
        known.put(card.state().is_some().into());
    })
}

/// The fields of a card: a view of its bytes, which stay valid until `cardwright_card_free`, after the client is freed
/// too. Its `object` says which system the card belongs to, and its `statuses` what the client was told that the
/// system's numbers mean.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_card_view(
    card: *const CardwrightCard, view: *mut CardwrightView, error: *mut CardwrightError,
) -> i32 {
    boundary_with_detail!(error, {
        let (card, view) = from_c!(card, view);
        let fields = card.0.fields();
        let json = card.0.json();
        let places = (0..fields.len()).map(|n| {
            let raw = card.0.raw(n);
            // Each is found again by where its text lies.
            let from = if raw.is_empty() { 0 } else { raw.as_ptr().addr().wrapping_sub(json.as_ptr().addr()) };
            from..from.wrapping_add(raw.len())
        });
        let found = view_of(object_of(fields)?, json, places);
        let (statuses, status_count) =
            card.2.as_deref().map_or((core::ptr::null(), 0), |rows| (rows.as_ptr(), rows.len()));
        view.put(CardwrightView { statuses, status_count, ..found });
    })
}

/// Frees a card; its views become invalid. `NULL` is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_card_free(card: *mut CardwrightCard) {
    free!(card)
}
