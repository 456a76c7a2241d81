//! Replies of MIM CM: a smart card, a request, a list of words. The input is the reply.

#![no_main]

#[path = "shared/reply.rs"]
mod reply;

use cardwright_core::json::{List, Text};
use cardwright_core::mim::{Request, Smartcard, StatusScheme, id_of_uri, listed_operation};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|document: &[u8]| {
    reply::view::<List<'_, Smartcard<'_>>>(document);
    if let Some(card) = reply::view::<Smartcard<'_>>(document) {
        reply::same_fields(document, Smartcard::FIELDS, |n| card.raw(n).to_string());
        let _ = (StatusScheme::A.status(card.status()), StatusScheme::B.status(card.status()));
    }
    if let Some(request) = reply::view::<Request<'_>>(document) {
        reply::same_fields(document, Request::FIELDS, |n| request.raw(n).to_string());
        let _ = request.step();
    }
    if let Some(words) = reply::view::<List<'_, Text<'_>>>(document) {
        for word in words.into_iter().map_while(Result::ok) {
            let word = word.to_string();
            let _ = (listed_operation(&word), id_of_uri(&word).map(|id| assert!(word.contains(id))));
        }
    }
});
