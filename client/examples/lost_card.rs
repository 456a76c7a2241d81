//! Revokes the card with a serial number, because its holder has lost it:
//! `cargo run --example lost_card -- 02A1B3C4`
//!
//! The exit code is 0 only where the card, read again, is revoked. The server, the account and its password come from
//! the variables that `cardwright serve` prints.

use cardwright_client::{CertiFlow, Client, Credentials};
use cardwright_core::certiflow::RevocationReason;
use std::env::{args, var};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let serial = args().nth(1).ok_or("usage: lost_card SERIAL")?;
    let client = Client::<CertiFlow>::builder(var("CARDWRIGHT_URL")?)
        .credentials(Credentials::basic(var("CARDWRIGHT_USER")?, var("CARDWRIGHT_PASSWORD")?))
        .build()?;

    // Two cards with that number are an error: a program must not choose.
    let card = client.find(&serial)?.ok_or("no such card")?;
    // So is all that is not done: what was refused, what did not arrive, and what nobody knows.
    let card = client.revoke(&card, RevocationReason::CardLost)?.done()?;
    println!("card {} of {} is {}", card.view().id(), card.view().user_name().unwrap_or_default(), card.view().state());
    Ok(())
}
