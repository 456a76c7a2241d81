//! The replies that the vendors print, read through the client: what was sent is what comes out.

use cardwright_client::{CertiFlow, Client, Mim};
use cardwright_core::certiflow::Query;
use cardwright_testkit::exchanges::{Sample, samples};
use cardwright_testkit::raw::{Raw, answer};
use serde_json::Value;

/// A server that knows one answer.
fn printing(sample: &Sample) -> Raw {
    let status = match sample.status.as_str() {
        "200" => "200 OK",
        "201" => "201 Created",
        other => panic!("{}: {other}", sample.name),
    };
    let reply = answer(status, "application/json", &sample.reply);
    let nothing = answer("200 OK", "application/json", "[]");
    // Nobody has cards but the user of the sample: the client asks.
    let user = sample.target.split("getcards?name=").nth(1).and_then(|name| name.split('%').next()).map(str::to_string);
    Raw::answering(move |request| {
        let is_other = user.as_ref().is_some_and(|user| !request.contains(user.as_str()));
        if is_other { nothing.clone() } else { reply.clone() }
    })
}

/// The last part of an address, before its parameters.
fn last(target: &str) -> &str {
    target.split('?').next().and_then(|path| path.rsplit('/').next()).expect("a path")
}

#[test]
fn every_printed_reply_comes_out_of_the_client_as_it_was_sent() {
    let (mut read, mut unread) = (Vec::new(), Vec::new());
    let all = samples();
    for sample in all.iter().filter(|sample| !sample.reply.trim().is_empty()) {
        let raw = printing(sample);
        let mim = Client::<Mim>::builder(raw.url("/CertificateManagement")).build().expect("usable");
        let dialect = sample.dialect();
        let flow = Client::<CertiFlow>::builder(raw.url(dialect.base())).dialect(dialect).build().expect("usable");
        let target = sample.target.as_str();
        let got = match (sample.method.as_str(), sample.name.split('/').next()) {
            ("GET", Some("mim")) if target.contains("cardid=") => {
                let card_id = target.split("cardid=").nth(1).expect("an id");
                let card = mim.find(card_id).expect(&sample.name).expect("a card");
                card.view().json().to_string()
            }
            ("GET", Some("mim")) if target.ends_with("/operations") => {
                let other = r#"{"Uuid":"438d1b30-f3b4-4bed-85fa-285e08605ba7"}"#;
                let card = cardwright_core::json::from_slice::<cardwright_core::mim::Smartcard<'_>>(other.as_bytes());
                let words = mim.operations(&card.expect("a card").owned()).expect(&sample.name);
                serde_json::to_string(&words).expect("JSON")
            }
            ("GET", Some("mim")) if target.contains("/requests/") => {
                mim.request(last(target)).expect(&sample.name).view().json().to_string()
            }
            ("GET", Some("mim")) => {
                let card = mim.smartcard(last(target)).expect(&sample.name).expect("a card");
                card.view().json().to_string()
            }
            ("GET", Some("certiflow")) if ["Cards", "getcards"].contains(&last(target)) => {
                let user = target.split("getcards?name=").nth(1).map(|name| name.replace("%40", "@"));
                let query = Query { user_name: user.as_deref(), ..Query::default() };
                let cards = flow.cards(query).expect("a query");
                // What is printed has no second page.
                let cards = cards.map_while(Result::ok).map(|card| card.view().json().to_string());
                let cards = cards.map(|card| {
                    let mut card: serde_json::Map<String, Value> = serde_json::from_str(&card).expect("an object");
                    // A view has all fields, and nothing is in those that the generation lacks.
                    card.retain(|field, value| {
                        let has = dialect.has_field(field);
                        assert!(has || value.is_null() || value.as_array().is_some_and(Vec::is_empty), "{field}");
                        has
                    });
                    Value::Object(card).to_string()
                });
                format!("[{}]", cards.collect::<Vec<_>>().join(","))
            }
            _ => {
                unread.push(sample.name.as_str());
                continue;
            }
        };
        let value = |text: &str| serde_json::from_str::<Value>(text).expect("JSON").to_string();
        assert_eq!(value(&got), value(&sample.reply), "{}", sample.name);
        read.push(sample.name.as_str());
    }
    println!("{} replies read; not read by the client as they are: {}", read.len(), unread.join(", "));
    assert!(read.len() >= 10, "{read:?}");
    // What answers a change is an address, or the object that is read again afterwards.
    assert!(unread.iter().all(|name| name.starts_with("mim/put-") || name.starts_with("mim/post-")), "{unread:?}");
}
