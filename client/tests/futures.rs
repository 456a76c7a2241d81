//! What the example for tokio promises: a future that is dropped ends its call and frees its place, and a list that is
//! dropped is not read on.

use cardwright_core::Code;
use cardwright_server::{Fault, Running, TestServer};
use std::time::{Duration, Instant};

#[allow(dead_code, reason = "its `main` is not called")]
#[path = "../examples/tokio.rs"]
mod example;

use example::Cards;

fn cards(server: &Running, at_a_time: usize) -> Cards {
    use cardwright_client::{CertiFlow, Client, Credentials};
    let builder = Client::<CertiFlow>::builder(server.certiflow_url());
    let client = builder.credentials(Credentials::basic(TestServer::USER, TestServer::PASSWORD)).build();
    Cards::new(client.expect("usable"), at_a_time)
}

#[tokio::test]
async fn a_future_that_is_dropped_ends_its_call_and_frees_its_place() {
    let server = TestServer::start().expect("a server");
    server.fault(Fault::at("**/cards/1013").latency(Duration::from_secs(120))).expect("a fault");
    let (cards, began) = (cards(&server, 1), Instant::now());
    let slow = cards.call(|client| client.card("1013"));
    assert!(tokio::time::timeout(Duration::from_millis(300), slow).await.is_err(), "it is slow");
    // The one place is free again, and the client itself is not canceled.
    let other = cards.call(|client| client.card("1065")).await;
    assert!(other.expect("an answer").is_some());
    assert!(began.elapsed() < Duration::from_secs(60), "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_list_that_is_dropped_is_not_read_on() {
    let server = TestServer::start().expect("a server");
    cardwright_server::seed::synthetic(server.registry(), 2_000, 1).expect("cards");
    // The beginning comes, and then a byte now and then.
    server.fault(Fault::at("**/cards").drip(20_000, Duration::from_secs(20))).expect("a fault");
    let (cards, began) = (cards(&server, 1), Instant::now());
    let mut list = cards.list(cardwright_core::certiflow::OwnedQuery::default()).await;
    let first = tokio::time::timeout(Duration::from_secs(60), list.cards.recv()).await;
    drop(list);
    let _ = first.expect("in time");
    assert!(cards.call(|client| client.card("1065")).await.expect("an answer").is_some());
    assert!(began.elapsed() < Duration::from_secs(90), "{:?}", began.elapsed());
}

#[tokio::test]
async fn an_error_of_a_call_comes_through() {
    let server = TestServer::start().expect("a server");
    server.fault(Fault::at("**").status(403)).expect("a fault");
    let error = cards(&server, 2).call(|client| client.card("1013")).await.expect_err("refused");
    assert_eq!(error.code(), Code::Forbidden);
    let mut list = cards(&server, 2).list(cardwright_core::certiflow::OwnedQuery::default()).await;
    let error = list.cards.recv().await.expect("an error").expect_err("refused");
    assert_eq!(error.code(), Code::Forbidden);
    assert!(list.cards.recv().await.is_none());
}
