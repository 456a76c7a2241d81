//! What the historical bytes of an ATR say.

use crate::error::CardwrightError;
use crate::frame::{boundary, from_c, padded, size, slice, structures};
use crate::text::CardwrightText;
use cardwright_core::atr::{Atr, Historical, StatusIndicator, StorageCard};

/// What historical bytes say (ISO/IEC 7816-4, 12.1.1; PC/SC part 3 for storage cards). A member counts if
/// the `has_` or the length before it is not 0; `cardwright_atr_object` has the objects as they are.
/// The texts are static.
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightHistorical {
    /// `sizeof(CardwrightHistorical)`, set by the caller.
    pub struct_size: u32,
    /// A `CardwrightCategory`; 0 if there are no historical bytes.
    pub category: u8,
    /// 1 if there is a life cycle status.
    pub has_life_cycle: u8,
    /// The life cycle status byte.
    pub life_cycle: u8,
    /// 1 if there is a status word.
    pub has_status_word: u8,
    /// SW1 SW2; 0000 if nothing is indicated.
    pub status_word: u16,
    /// 1 if there is a card service data byte.
    pub has_card_service: u8,
    /// The card service data byte (data object 43): 80 application by full DF name, 40 by partial DF name, 20
    /// objects in EF.DIR, 10 objects in EF.ATR, 0E how these are read, 01 no master file.
    pub card_service: u8,
    /// The number of software function tables, 0 to 3.
    pub capabilities: u8,
    /// The first one: how files are selected. Bits from 80 down: full DF name, partial DF name, path, file
    /// identifier, implicit, short EF identifier, record number, record identifier.
    pub selection: u8,
    /// The second one: how data are coded.
    pub data_coding: u8,
    /// The third one: 80 command chaining, 40 extended Lc and Le, 20 EF.ATR states the greatest lengths.
    pub command_coding: u8,
    /// The number of logical channels, 1 to 8, where 8 is eight or more; 0 if there is no third table.
    pub channels: u8,
    /// 1 if the card says how its first data are read.
    pub has_initial_access: u8,
    /// The command APDU that reads them.
    pub initial_access: [u8; 5],
    /// 1 if there is a country code.
    pub has_country_code: u8,
    /// The country code of ISO 3166-1, 0 to 999.
    pub country_code: u16,
    /// The length of the issuer identification number in bytes.
    pub issuer_length: u8,
    /// The issuer identification number, two digits a byte; a last F is padding.
    pub issuer: [u8; 15],
    /// The length of the application identifier in bytes.
    pub application_length: u8,
    /// The application identifier.
    pub application: [u8; 15],
    /// 1 if there is a DIR data reference.
    pub has_dir_reference: u8,
    /// The DIR data reference.
    pub dir_reference: u8,
    /// 1 if a contactless reader made the ATR for a storage card, which the next three members describe.
    pub is_storage_card: u8,
    /// SS, the standard of the storage card.
    pub standard: u8,
    /// NN, the number of its name.
    pub card_name: u16,
    /// The standard in words; none if the number is reserved.
    pub standard_text: CardwrightText,
    /// The name in words; none if none is documented.
    pub card_name_text: CardwrightText,
    /// What the life cycle status means, such as `operational-activated`; none if there is none.
    pub life_cycle_text: CardwrightText,
}

structures!(CardwrightHistorical {
    category,
    has_life_cycle,
    life_cycle,
    has_status_word,
    status_word,
    has_card_service,
    card_service,
    capabilities,
    selection,
    data_coding,
    command_coding,
    channels,
    has_initial_access,
    initial_access,
    has_country_code,
    country_code,
    issuer_length,
    issuer,
    application_length,
    application,
    has_dir_reference,
    dir_reference,
    is_storage_card,
    standard,
    card_name,
    standard_text,
    card_name_text,
    life_cycle_text
});

/// What the historical bytes of an ATR say. The codes of `cardwright_atr_parse`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_atr_historical(
    bytes: *const u8, length: usize, historical: *mut CardwrightHistorical, error: *mut CardwrightError,
) -> i32 {
    boundary!(error, {
        let (bytes, historical) = (slice!(bytes, length), from_c!(historical));
        historical.put(members(&Atr::parse(bytes)?));
    })
}

fn members(atr: &Atr<'_>) -> CardwrightHistorical {
    let said = atr.historical();
    let status = said.and_then(|said| said.status());
    let life_cycle = status.and_then(|StatusIndicator { life_cycle, .. }| life_cycle);
    let word = status.and_then(|status| status.sw);
    let service = said.and_then(|said| said.card_service_data());
    let tables = said.and_then(|said| said.capabilities());
    let (coding, commands) = (tables.and_then(|tables| tables.coding), tables.and_then(|tables| tables.commands));
    let access = said.and_then(|said| said.initial_access());
    let country = said.and_then(|said| said.country_code()).and_then(|digits| digits.first_three());
    let issuer = said.and_then(|said| said.issuer()).map_or(&[][..], |digits| digits.bytes());
    let application = said.and_then(|said| said.application_identifier()).unwrap_or_default();
    let reference = match said {
        Some(Historical::DirDataReference(reference)) => reference,
        _ => None,
    };
    let storage: Option<StorageCard<'_>> = match said {
        Some(Historical::StorageCard(card)) => Some(card),
        _ => None,
    };
    CardwrightHistorical {
        struct_size: size::<CardwrightHistorical>(),
        category: atr.category().map_or(0, |category| category as u8),
        has_life_cycle: life_cycle.is_some().into(),
        life_cycle: life_cycle.map_or(0, |status| status.0),
        has_status_word: word.is_some().into(),
        status_word: word.unwrap_or(0),
        has_card_service: service.is_some().into(),
        card_service: service.map_or(0, |service| service.0),
        capabilities: u8::from(tables.is_some()) + u8::from(coding.is_some()) + u8::from(commands.is_some()),
        selection: tables.map_or(0, |tables| tables.selection.0),
        data_coding: coding.map_or(0, |coding| coding.0),
        command_coding: commands.map_or(0, |commands| commands.0),
        channels: commands.map_or(0, |commands| commands.channels()),
        has_initial_access: access.is_some().into(),
        initial_access: access.map_or([0; 5], |access| access.command()),
        has_country_code: country.is_some().into(),
        country_code: country.unwrap_or(0),
        issuer_length: issuer.len() as u8,
        issuer: padded(issuer),
        application_length: application.len() as u8,
        application: padded(application),
        has_dir_reference: reference.is_some().into(),
        dir_reference: reference.unwrap_or(0),
        is_storage_card: storage.is_some().into(),
        standard: storage.map_or(0, |card| card.standard.0),
        card_name: storage.map_or(0, |card| card.number),
        standard_text: CardwrightText::of_any(storage.and_then(|card| card.standard.name())),
        card_name_text: CardwrightText::of_any(storage.as_ref().and_then(StorageCard::name)),
        life_cycle_text: CardwrightText::of_any(life_cycle.map(|status| status.name())),
    }
}
