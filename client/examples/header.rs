//! Finds a card through a gateway that wants a key, with an id by which the request is found again in its log:
//! `cargo run --example header -- 02A1B3C4`
//!
//! The key is a secret: no log of this program has it.

use cardwright_client::{CertiFlow, Client, Credentials, Headers};
use std::env::{args, var};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let serial = args().nth(1).ok_or("usage: header SERIAL")?;
    let client = Client::<CertiFlow>::builder(var("CARDWRIGHT_URL")?)
        .credentials(Credentials::basic(var("CARDWRIGHT_USER")?, var("CARDWRIGHT_PASSWORD")?))
        .header("Ocp-Apim-Subscription-Key", var("GATEWAY_KEY")?)
        .build()?;

    let correlation = format!("help-desk-{}", std::process::id());
    let this_call = client.with_headers(Headers::default().open("X-Correlation-ID", &correlation))?;
    match this_call.find(&serial)? {
        Some(card) => println!("card {} is {} ({correlation})", card.view().id(), card.view().state()),
        None => println!("no such card ({correlation})"),
    }
    Ok(())
}
