//! Puts a card on hold while its holder is away, or lifts the hold: `cargo run --example hold -- on 02A1B3C4`, and `off`.
//!
//! It tells apart what the person at the counter has to know: done, refused, or unknown.

use cardwright_client::{CertiFlow, Client, Credentials, Ending};
use std::env::{args, var};
use std::process::ExitCode;

fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let (what, serial) = args().nth(1).zip(args().nth(2)).ok_or("usage: hold on|off SERIAL")?;
    let client = Client::<CertiFlow>::builder(var("CARDWRIGHT_URL")?)
        .credentials(Credentials::basic(var("CARDWRIGHT_USER")?, var("CARDWRIGHT_PASSWORD")?))
        .build()?;

    let card = client.find(&serial)?.ok_or("no such card")?;
    let outcome = match what.as_str() {
        "on" => client.disable(&card)?,
        "off" => client.enable(&card)?,
        _ => return Err("on or off".into()),
    };
    match outcome.done() {
        Ok(card) => {
            println!("card {} is {}", card.view().id(), card.view().state());
            Ok(ExitCode::SUCCESS)
        }
        // It may be on hold or not. Trying again blindly could lift the hold of somebody else.
        Err(not_done) if not_done.ending() == Ending::Unknown => {
            eprintln!("{not_done}");
            Ok(ExitCode::from(8))
        }
        Err(not_done) => Err(not_done.into()),
    }
}
