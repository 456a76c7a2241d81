//! Replies of CertiFlow: one card, a list, and places that do not fit the bytes. The input is the reply.

#![no_main]

#[path = "shared/reply.rs"]
mod reply;

use cardwright_core::certiflow::{CardInfo, Certificate};
use cardwright_core::json::{List, Span, Spans};
use cardwright_core::lifecycle::{NativeState, legal};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|document: &[u8]| {
    reply::view::<List<'_, CardInfo<'_>>>(document);
    reply::view::<Certificate<'_>>(document);
    let mut spans: Spans<21> = [Span::default(); 21];
    if let Some(card) = reply::view::<CardInfo<'_>>(document) {
        reply::same_fields(document, CardInfo::FIELDS, |n| card.raw(n).to_string());
        let owned = card.owned();
        assert_eq!(owned.view().json(), card.json());
        // Not by `Debug`: offsets of errors count from the start of the document, not of the object.
        assert_eq!(serde_json::to_string(&owned).ok(), serde_json::to_string(&card).ok());
        if let Some(state) = card.state().known() {
            assert!(legal(NativeState::CertiFlow(state)).count() <= 5);
        }
        spans = *card.spans();
    }
    // The places of one object over other bytes are absent or something, never a panic.
    if let Ok(text) = std::str::from_utf8(document) {
        for cut in [text.get(1..), text.get(..text.len() / 2), text.get(7..)].into_iter().flatten() {
            let view = CardInfo::attach(cut, spans);
            let _ = (format!("{view:?}"), serde_json::to_string(&view));
        }
    }
});
