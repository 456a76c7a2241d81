//! An observer sees what is sent and answered, and no credentials.

use cardwright_client::{CertiFlow, Client, Credentials, EXCERPT, Exchange, Observe, Retries, Secret};
use cardwright_core::certiflow::{Query, RevocationReason};
use cardwright_testkit::raw::{Raw, answer, json, number};
use std::sync::{Arc, Mutex};

#[derive(Default)]
struct Seen(Mutex<Vec<Exchange>>);

impl Observe for Seen {
    fn exchange(&self, exchange: Exchange) {
        self.0.lock().expect("no panic while held").push(exchange);
    }
}

fn watched(raw: &Raw, retries: Retries) -> (Client<CertiFlow>, Arc<Seen>) {
    let seen = Arc::new(Seen::default());
    let builder = Client::<CertiFlow>::builder(raw.url("/certiflow/api"))
        .credentials(Credentials::basic("operator", Secret::new("a secret of the test")))
        .retries(retries);
    (builder.observe(Arc::clone(&seen) as _).build().expect("a client"), seen)
}

#[test]
fn an_observer_sees_the_request_the_answer_and_every_attempt_and_no_password() {
    let failed = Mutex::new(false);
    let raw = Raw::answering(move |_| {
        let mut failed = failed.lock().expect("no panic while held");
        if std::mem::replace(&mut *failed, true) {
            json(r#"[{"id":1,"state":"Issued"}]"#)
        } else {
            answer("503 Service Unavailable", "text/plain", "busy")
        }
    });
    let (client, seen) = watched(&raw, Retries::default());
    let card = client.cards(Query::default()).expect("a list").next().expect("a card").expect("readable");
    let _ = client.revoke(&card, RevocationReason::CardLost);
    let seen = seen.0.lock().expect("no panic while held");
    let told: Vec<_> = seen.iter().map(|one| (one.method, one.status, one.attempt, one.body.len())).collect();
    assert_eq!(
        told.get(..3),
        Some(&[("GET", Some(503), 1, 4), ("GET", Some(200), 2, 27), ("POST", Some(200), 1, 27)][..])
    );
    assert!(
        seen.iter().all(|one| !format!("{one:?}").contains("a secret of") && !format!("{one:?}").contains("Basic"))
    );
    assert!(raw.requests().iter().all(|request| request.to_ascii_lowercase().contains("authorization: basic")));
}

#[test]
fn of_a_long_answer_the_beginning_is_shown_and_the_whole_is_read() {
    let cards: Vec<String> = (10_000..20_000).map(|id| format!(r#"{{"id":{id},"state":"Issued"}}"#)).collect();
    let length = cards.iter().map(|card| card.len() as u64 + 1).sum::<u64>() + 1;

    let raw = Raw::answering(move |request| {
        let offset = number(request, "offset").expect("an offset");
        json(&format!("[{}]", cards.get(offset..).unwrap_or(&[]).join(",")))
    });
    let (client, seen) = watched(&raw, Retries::none());
    assert_eq!(
        client.cards(Query { count: None, ..Query::default() }).expect("a list").filter(Result::is_ok).count(),
        10_000
    );
    let seen = seen.0.lock().expect("no panic while held");
    assert_eq!((seen[0].body.len(), seen[0].body_bytes), (EXCERPT, length));
}

#[test]
fn an_answer_that_never_comes_is_told_with_its_error() {
    let raw = Raw::answering(|_| Vec::new());
    let (client, seen) = watched(&raw, Retries::none());
    assert!(client.card("1").is_err());
    let seen = seen.0.lock().expect("no panic while held");
    assert!(seen[0].status.is_none() && seen[0].error.is_some());
}
