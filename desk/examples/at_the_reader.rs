//! The record of the card in the reader, and a hold on it: `cargo run -p cardwright --example at_the_reader -- hold`
//!
//! A record that only a weaker identifier finds may be another card's: nothing is done with it.

use cardwright::{AnyClient, CardLimits, CertiFlow, Client, Credentials, InReader, Job, Operation, Records};
use std::env::{args, var};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::<CertiFlow>::builder(var("CARDWRIGHT_URL")?)
        .credentials(Credentials::basic(var("CARDWRIGHT_USER")?, var("CARDWRIGHT_PASSWORD")?))
        .build()?;
    let client = AnyClient::CertiFlow(client);

    let card = InReader::ask(None, CardLimits::default())?;
    println!("{} in {}", card.description(), card.reader);
    let (record, by) = Records::search(&client, None, &card)?.candidate(client.system(), &card)?;
    by.certain(&card, &record)?;
    println!("card {} of {} is {}", record.id(), record.user(), record.state_text());
    if args().nth(1).as_deref() == Some("hold") {
        // It may have been taken out since.
        card.still_there()?;
        let record = client.operate(&record, &Job::new(Operation::Suspend))?.done()?;
        println!("card {} is {}", record.id(), record.state_text());
    }
    Ok(())
}
