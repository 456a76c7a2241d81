//! What the benchmarks work on: cards as a server sends them, and the structs that serde reads them into.
//!
//! A card takes 813 bytes on average: a third each has no, one and two certificates. The content is
//! made by counting, so that every run measures the same bytes.

#![allow(clippy::exhaustive_enums, clippy::exhaustive_structs, reason = "for benchmarks of this repository alone")]

use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt::Write;

/// The bytes of a card, on average.
pub const CARD_BYTES: usize = 813;

/// One card, the `n`th.
#[must_use]
pub fn card(n: usize) -> String {
    let mut card = format!(
        concat!(
            r#"{{"id":{n},"serialNumber":"02A1{n:08X}","cardTypeName":"IDPrime MD","cardModelName":"IDPrime MD 830","#,
            r#""atr":"3B7F96000080318065B0855956FB120FFE829000","label":"Smart card of employee {n:06}","#,
            r#""comment":"Issued in the main office, the second floor","tags":["vip","hq"],"state":"{state}","#,
            r#""formFactor":"SmartCard","pacNumber":"{n:07}","expirationDate":"2026-12-03T00:00:00Z","#,
            r#""timeIssued":"2024-12-03T11:22:20.1824104Z","timeDisabled":null,"timeUpdated":null,"timeRevoked":null,"#,
            r#""userId":"7d0f3c1e-5b2a-4e86-9c47-{n:012x}","userName":"DEMO\\user{n:06}","#,
            r#""policyId":{policy},"policyName":"Default","certificates":["#
        ),
        n = n,
        state = ["Issued", "Disabled", "Revoked", "Assigned", "Issued", "Issued"][n % 6],
        policy = n % 9,
    );
    for certificate in 0..n % 3 {
        let comma = if certificate > 0 { "," } else { "" };
        let _ = write!(
            card,
            concat!(
                r#"{comma}{{"type":"Managed","serialNumber":"4D{n:036X}","#,
                r#""thumbprint":"9F86D0B2417A5CE83D90F1A6274EBB{n:010X}","#,
                r#""subject":"Employee {n}","issuer":"Demo CA","validTo":"2026-12-03T11:22:20Z"}}"#
            ),
            comma = comma,
            n = n,
        );
    }
    card.push_str("]}");
    card
}

/// A list of cards, as one document.
pub fn list(cards: usize) -> Vec<u8> {
    let cards: Vec<String> = (0..cards).map(card).collect();
    format!("[{}]", cards.join(",")).into_bytes()
}

/// A card as most programs would read it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the fields are those of CardInfo")]
pub struct StringCard {
    pub id: u64,
    pub serial_number: Option<String>,
    pub card_type_name: Option<String>,
    pub card_model_name: Option<String>,
    pub atr: Option<String>,
    pub label: Option<String>,
    pub comment: Option<String>,
    pub tags: Vec<String>,
    pub state: Option<String>,
    pub form_factor: Option<String>,
    pub pac_number: Option<String>,
    pub expiration_date: Option<String>,
    pub time_issued: Option<String>,
    pub time_disabled: Option<String>,
    pub time_updated: Option<String>,
    pub time_revoked: Option<String>,
    pub user_id: Option<String>,
    pub user_name: Option<String>,
    pub policy_id: Option<u64>,
    pub policy_name: Option<String>,
    pub certificates: Vec<StringCertificate>,
}

/// A certificate as most programs would read it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the fields are those of Certificate")]
pub struct StringCertificate {
    pub r#type: Option<String>,
    pub serial_number: Option<String>,
    pub thumbprint: Option<String>,
    pub subject: Option<String>,
    pub issuer: Option<String>,
    pub valid_to: Option<String>,
}

/// A text that serde borrows where it has no escape. (In an `Option` it would copy without this.)
#[derive(Debug, Serialize, Deserialize)]
pub struct Borrowed<'a>(#[serde(borrow)] pub Cow<'a, str>);

/// A card whose texts are borrowed from the document.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the fields are those of CardInfo")]
pub struct CowCard<'a> {
    pub id: u64,
    #[serde(borrow)]
    pub serial_number: Option<Borrowed<'a>>,
    pub card_type_name: Option<Borrowed<'a>>,
    pub card_model_name: Option<Borrowed<'a>>,
    pub atr: Option<Borrowed<'a>>,
    pub label: Option<Borrowed<'a>>,
    pub comment: Option<Borrowed<'a>>,
    pub tags: Vec<Borrowed<'a>>,
    pub state: Option<Borrowed<'a>>,
    pub form_factor: Option<Borrowed<'a>>,
    pub pac_number: Option<Borrowed<'a>>,
    pub expiration_date: Option<Borrowed<'a>>,
    pub time_issued: Option<Borrowed<'a>>,
    pub time_disabled: Option<Borrowed<'a>>,
    pub time_updated: Option<Borrowed<'a>>,
    pub time_revoked: Option<Borrowed<'a>>,
    pub user_id: Option<Borrowed<'a>>,
    pub user_name: Option<Borrowed<'a>>,
    pub policy_id: Option<u64>,
    pub policy_name: Option<Borrowed<'a>>,
    pub certificates: Vec<CowCertificate<'a>>,
}

/// A certificate whose texts are borrowed from the document.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the fields are those of Certificate")]
pub struct CowCertificate<'a> {
    #[serde(borrow)]
    pub r#type: Option<Borrowed<'a>>,
    pub serial_number: Option<Borrowed<'a>>,
    pub thumbprint: Option<Borrowed<'a>>,
    pub subject: Option<Borrowed<'a>>,
    pub issuer: Option<Borrowed<'a>>,
    pub valid_to: Option<Borrowed<'a>>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use cardwright_core::{certiflow::CardInfo, json};

    #[test]
    fn a_card_takes_813_bytes_on_average() {
        assert_eq!((list(10_000).len() - 1) / 10_000 - 1, CARD_BYTES);
    }

    #[test]
    fn all_read_the_same_card() {
        for n in 0..100 {
            let json = card(n);
            let view = json::from_slice::<CardInfo<'_>>(json.as_bytes()).unwrap();
            let ours = serde_json::to_value(view).unwrap();
            assert_eq!(ours, serde_json::to_value(serde_json::from_str::<StringCard>(&json).unwrap()).unwrap());
            let borrowed: CowCard<'_> = serde_json::from_str(&json).unwrap();
            assert!(matches!(borrowed.label, Some(Borrowed(Cow::Borrowed(_)))));
            assert!(matches!(borrowed.user_name, Some(Borrowed(Cow::Owned(_)))), "it has an escape");
            assert_eq!(ours, serde_json::to_value(borrowed).unwrap());
        }
    }
}

/// The programs in README and the book, compiled and run by the documentation tests. They stand here, as
/// this crate knows all others and is not published: a package has no file from outside its folder.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
#[doc = include_str!("../docs/rust.md")]
#[doc = include_str!("../docs/async.md")]
#[doc = include_str!("../docs/serve.md")]
#[doc = include_str!("../docs/terminal.md")]
#[doc = include_str!("../docs/extending.md")]
struct Book;
