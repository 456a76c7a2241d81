//! The holders whose certificates end within a number of days, as CSV, the soonest first: `cargo run --example expiring -- 30`
//!
//! A list that ends without an error is whole: it has each card that matched while it was read.

use cardwright_client::{CertiFlow, Client, Credentials};
use cardwright_core::certiflow::{CardState, ContentExpirationStatus, Query};
use cardwright_core::csv::guarded;
use cardwright_core::date::{DAY, Moment};
use std::env::{args, var};
use std::time::{SystemTime, UNIX_EPOCH};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let days: i64 = args().nth(1).ok_or("usage: expiring DAYS")?.parse()?;
    let client = Client::<CertiFlow>::builder(var("CARDWRIGHT_URL")?)
        .credentials(Credentials::basic(var("CARDWRIGHT_USER")?, var("CARDWRIGHT_PASSWORD")?))
        .build()?;

    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let limit = Moment::from_seconds(i64::try_from(now)? + days * DAY);
    let query = Query {
        state: Some(CardState::Issued),
        content_expiration_status: Some(ContentExpirationStatus::ManagedCertificatesExpiring),
        ..Query::default()
    };
    let mut soon = Vec::new();
    for card in client.cards(query)? {
        let card = card?;
        let card = card.view();
        for certificate in card.certificates() {
            let certificate = certificate?;
            let ends = certificate.valid_to().and_then(|text| Moment::parse(&text.to_cow()));
            if let Some(ends) = ends.filter(|ends| *ends < limit) {
                let (user, serial) = (card.user_name().unwrap_or_default(), card.serial_number().unwrap_or_default());
                soon.push((ends, user.to_string(), serial.to_string(), certificate.subject().map(|s| s.to_string())));
            }
        }
    }
    soon.sort_by_key(|(ends, ..)| *ends);
    println!("ends,user,card,certificate");
    for (ends, user, card, subject) in soon {
        println!("{ends},{},{},{}", field(&user), field(&card), field(&subject.unwrap_or_default()));
    }
    Ok(())
}

/// A text as a field of CSV (RFC 4180), guarded against spreadsheets, which would take some for a formula.
fn field(text: &str) -> String {
    format!("\"{}\"", guarded(text).replace('"', "\"\""))
}
