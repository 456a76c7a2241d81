//! Puts all issued cards of a policy on hold; started again, it goes on where it was stopped:
//! `cargo run --example bulk_hold -- Contractors`
//!
//! The journal is written before anything is sent, so that no card is operated on twice, whatever ends a run.

use cardwright_client::bulk::{Bulk, Fate, Job, Pace};
use cardwright_client::{AnyClient, CertiFlow, Client, Credentials};
use cardwright_core::certiflow::{CardState, Query};
use cardwright_core::lifecycle::Operation;
use std::env::{args, var};
use std::ops::ControlFlow;
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let policy = args().nth(1).ok_or("usage: bulk_hold POLICY")?;
    let client = Client::<CertiFlow>::builder(var("CARDWRIGHT_URL")?)
        .credentials(Credentials::basic(var("CARDWRIGHT_USER")?, var("CARDWRIGHT_PASSWORD")?))
        .build()?;
    let client = AnyClient::CertiFlow(client);

    let journal = PathBuf::from(format!("hold-{policy}.ndjson"));
    let mut bulk = if journal.exists() {
        Bulk::resume(&client, &journal)?
    } else {
        let query = Query { policy_name: Some(&policy), state: Some(CardState::Issued), ..Query::default() };
        let mut bulk = Bulk::plan(&client, Job::new(Operation::Suspend), client.cards(query)?)?;
        bulk.keep(&journal)?;
        bulk
    };
    // The first three one by one: if one of them is not done, the rest stays as it is.
    let ran = bulk.run(&client, &Pace::default().canary(3).rate(50.0), |_| ControlFlow::Continue(()))?;

    for row in bulk.rows().filter(|row| !matches!(row.fate, Fate::Done | Fate::Skipped)) {
        println!("{}: {:?} {}", row.id, row.fate, row.words);
    }
    let counts = bulk.counts();
    println!("{} of {} cards are on hold", counts.done, counts.total());
    match (ran.stopped, counts.done + counts.skipped == counts.total()) {
        (None, true) => Ok(()),
        (None, false) => Err("some cards are not done".into()),
        (Some(why), _) => Err(format!("stopped: {why:?}").into()),
    }
}
