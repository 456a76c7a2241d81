//! Historical bytes and COMPACT-TLV: every object inside the bytes, every reader of every content.
//!
//! The input is the historical bytes, of any length.

#![no_main]

use cardwright_core::atr::{
    Capabilities, CardServiceData, CompactTlv, Digits, Historical, InitialAccess, LifeCycle, StatusIndicator,
    StorageCard,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    objects(bytes);
    contents(bytes);
    let Some(historical) = Historical::of(bytes) else {
        assert!(bytes.is_empty());
        return;
    };
    for tag in 0..=16 {
        let first = historical.objects().find(|object| object.tag == tag).map(|object| object.value);
        assert_eq!(historical.object(tag), first);
    }
    if let Historical::StorageCard(card) = historical {
        assert!(bytes.starts_with(&[0x80, 0x4F, card.announced, 0xA0, 0x00, 0x00, 0x03, 0x06, card.standard.0]));
        let _ = (card.name(), card.standard.name(), card.is_vendors());
    }
    let _ = (historical.status(), historical.card_service_data(), historical.capabilities());
    let _ = (historical.initial_access(), historical.country_code(), historical.issuer());
    let _ = historical.application_identifier();
});

/// The objects, each with its header, and the rest make the bytes again.
fn objects(bytes: &[u8]) {
    let mut objects = CompactTlv::new(bytes);
    let mut again = Vec::new();
    while let Some(object) = objects.next() {
        again.push(object.header());
        again.extend_from_slice(object.value);
        let _ = object.text();
        contents(object.value);
    }
    again.extend_from_slice(objects.rest());
    assert_eq!(again, bytes);
    assert!(objects.next().is_none());
}

/// Every content may stand under every tag.
fn contents(value: &[u8]) {
    if let Some(status) = StatusIndicator::of(value) {
        let _ = status.life_cycle.map(LifeCycle::name);
    }
    if let Some(capabilities) = Capabilities::of(value) {
        assert!(capabilities.selection.methods().count() <= 8);
        let _ = capabilities.coding.map(|c| (c.tlv_files(), c.write_behaviour().text(), c.data_unit_quartets()));
        assert!(capabilities.commands.is_none_or(|c| (1..=8).contains(&c.channels())));
    }
    let digits = Digits::new(value);
    assert!(digits.to_string().len() <= 2 * value.len());
    assert!(digits.first_three().is_none_or(|number| number < 1000));
    let _ = InitialAccess::of(value).map(InitialAccess::command);
    let _ = value.first().map(|byte| (CardServiceData(*byte).access(), CardServiceData(*byte).has_master_file()));
    let _ = StorageCard::of(value).map(|card| card.name());
}
