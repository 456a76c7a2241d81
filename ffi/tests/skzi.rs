//! The register of SKZI from C, against a server that has one.

#![cfg(feature = "client")]

mod common;

use cardwright_ffi::*;
use cardwright_testkit::raw::{Raw, json};
use common::{text, zeroed};
use core::ptr::null_mut;

#[test]
fn entries_come_one_by_one_as_they_were_sent_and_outlive_the_client() {
    let raw = Raw::answering(|request| {
        let is_first = request.contains("offset=0");
        json(if is_first { r#"[{ "id": 1, "n": 1.50 },{"id":2},7,{"id":2}]"# } else { "[]" })
    });
    let mut options: CardwrightOptions = zeroed();
    let base = raw.url("/cm/api");
    (options.system, options.base) = (2, text(&base));
    let mut query: CardwrightSkziQuery = zeroed();
    (query.object_type, query.user_name) = (text("Card"), text("Ivan Petrov"));
    let (mut client, mut skzi) = (null_mut(), null_mut());
    let mut found = Vec::new();
    // SAFETY: all that is pointed to lives until the calls return; each handle is freed once, and the text is read
    // before the next call.
    unsafe {
        assert_eq!(cardwright_client_new(&raw const options, &raw mut client, null_mut()), CARDWRIGHT_OK);
        assert_eq!(cardwright_client_skzi(client, &raw const query, &raw mut skzi, null_mut()), CARDWRIGHT_OK);
        cardwright_client_free(client);
        loop {
            let mut entry = text("untouched");
            match cardwright_skzi_next(skzi, &raw mut entry, null_mut()) {
                CARDWRIGHT_OK if entry.data.is_null() => break,
                CARDWRIGHT_OK => {
                    let bytes = core::slice::from_raw_parts(entry.data.cast::<u8>(), entry.length);
                    found.push(String::from_utf8(bytes.to_vec()).expect("UTF-8"));
                }
                code => found.push(code.to_string()),
            }
        }
        cardwright_skzi_free(skzi);
    }
    assert_eq!(found, [r#"{ "id": 1, "n": 1.50 }"#, r#"{"id":2}"#, "307"]);
    let requests = raw.requests();
    assert!(
        requests[0].starts_with("GET /cm/api/Skzi?objectType=Card&userName=Ivan%20Petrov&offset=0&"),
        "{requests:?}"
    );
    assert_eq!(requests.len(), 2);
}
