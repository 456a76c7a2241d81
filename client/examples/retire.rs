//! Retires a card in Microsoft MIM CM: `cargo run --example retire -- 91C3E7A5-26D8-4B0F-A7E4-0F5C8D3B6219 "left the company"`
//!
//! There an operation is a request, which somebody may have to approve first. Called again with the id that it
//! printed, it goes on: `cargo run --example retire -- --request ID`

use cardwright_client::{Client, Credentials, Mim};
use std::env::{args, var};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (card, text) = args().nth(1).zip(args().nth(2)).ok_or("usage: retire CARD COMMENT, or --request ID")?;
    let client = Client::<Mim>::builder(var("CARDWRIGHT_URL")?)
        .credentials(Credentials::basic(var("CARDWRIGHT_USER")?, var("CARDWRIGHT_PASSWORD")?))
        .build()?;

    let outcome = if card == "--request" {
        client.go_on(&text)?
    } else {
        let card = client.smartcard(&card)?.ok_or("no such card")?;
        client.retire(&card, &text)?
    };
    match outcome.done_or_awaiting()? {
        None => println!("the card is retired"),
        Some(request) => println!("request {request} waits for approval"),
    }
    Ok(())
}
