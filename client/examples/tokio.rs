//! The client in a program that runs on tokio: `cargo run --example tokio -- DOMAIN\\user`
//!
//! The client blocks, so each call runs on a thread for blocking work. A future that is dropped cancels its call, a
//! list comes by a channel that slows it down, and only a number of calls run at a time.

use cardwright_client::{Canceler, CertiFlow, Client, Credentials, Error, NotDone};
use cardwright_core::certiflow::{OwnedCardInfo, OwnedQuery, Query};
use std::env::{args, var};
use std::sync::Arc;
use tokio::sync::{Semaphore, mpsc};
use tokio::task::{JoinSet, spawn_blocking};

/// A client for futures.
#[derive(Clone)]
pub(crate) struct Cards {
    client: Client<CertiFlow>,
    /// How many calls may run at a time: each takes a thread, and a connection.
    places: Arc<Semaphore>,
}

/// A list. When it is dropped, a page that the server is slow with is not waited for.
pub(crate) struct List {
    pub(crate) cards: mpsc::Receiver<Result<OwnedCardInfo, Error>>,
    _cancel: OnDrop,
}

/// Cancels a call when the future that waits for it is dropped.
struct OnDrop(Canceler);

impl Drop for OnDrop {
    fn drop(&mut self) {
        // After the call it has nothing to end.
        self.0.cancel();
    }
}

impl Cards {
    pub(crate) fn new(client: Client<CertiFlow>, at_a_time: usize) -> Self {
        Cards { client, places: Arc::new(Semaphore::new(at_a_time)) }
    }

    /// Runs a call on a thread for blocking work.
    pub(crate) async fn call<T: Send + 'static>(&self, run: impl FnOnce(Client<CertiFlow>) -> T + Send + 'static) -> T {
        // Held on the thread, so that a call that was canceled counts until it has ended.
        let place = Arc::clone(&self.places).acquire_owned().await.expect("it is never closed");
        let (client, canceler) = self.client.cancelable();
        let _cancel = OnDrop(canceler);
        let task = spawn_blocking(move || {
            let done = run(client);
            drop(place);
            done
        });
        task.await.unwrap_or_else(|failed| std::panic::resume_unwind(failed.into_panic()))
    }

    /// The cards that a query finds. The list is read as fast as it is taken.
    pub(crate) async fn list(&self, query: OwnedQuery) -> List {
        let place = Arc::clone(&self.places).acquire_owned().await.expect("it is never closed");
        let (client, canceler) = self.client.cancelable();
        let (give, cards) = mpsc::channel(64);
        spawn_blocking(move || {
            let _place = place;
            match query.with(|query| client.cards(query)) {
                // Nobody takes them any more where one cannot be given.
                Ok(mut cards) => while cards.next().is_some_and(|card| give.blocking_send(card).is_ok()) {},
                Err(error) => drop(give.blocking_send(Err(error))),
            }
        });
        List { cards, _cancel: OnDrop(canceler) }
    }

    /// Puts a card on hold. A future of it that is dropped leaves it unknown whether the card is on hold: look again.
    pub(crate) async fn hold(
        &self,
        card: OwnedCardInfo,
    ) -> Result<Result<OwnedCardInfo, NotDone<OwnedCardInfo>>, Error> {
        self.call(move |client| Ok(client.disable(&card)?.done())).await
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let user = args().nth(1).ok_or("usage: tokio USER")?;
    let client = Client::<CertiFlow>::builder(var("CARDWRIGHT_URL")?)
        .credentials(Credentials::basic(var("CARDWRIGHT_USER")?, var("CARDWRIGHT_PASSWORD")?))
        .build()?;
    let cards = Cards::new(client, 8);

    // The list holds one of the places while it is read; the operations share the others.
    let mut list = cards.list(Query { user_name: Some(&user), ..Query::default() }.owned()).await;
    let mut held = JoinSet::new();
    while let Some(card) = list.cards.recv().await {
        let (cards, card) = (cards.clone(), card?);
        held.spawn(async move { cards.hold(card).await });
    }
    let mut is_well = true;
    while let Some(done) = held.join_next().await {
        match done?? {
            Ok(card) => println!("card {} is {}", card.view().id(), card.view().state()),
            Err(not_done) => {
                is_well = false;
                println!("{not_done}");
            }
        }
    }
    if is_well { Ok(()) } else { Err("not every card is on hold".into()) }
}
