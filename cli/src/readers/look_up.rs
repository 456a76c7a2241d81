//! The record of each card that comes, and what may be done with it.
//!
//! It is looked up on a thread of its own, so that neither a slow card nor a slow server holds up what
//! else happens at the readers.

use super::line::line;
use crate::card::show_operations;
use crate::failure::{Failure, Kind};
use crate::in_reader::{as_json as card_json, guess_json};
use crate::out;
use crate::output;
use crate::style::{BAD, CARE, GOOD};
use cardwright::client::AnyClient;
use cardwright::core::{Code, Named};
use cardwright::{CardLimits, InReader, Records, describe_guess, describe_record, hex, now};
use serde_json::{Value, json};
use std::io::{self, Write};
use std::sync::mpsc::{Sender, channel};
use std::thread::spawn;

/// Looks up one card after the other, until it is dropped and the last one is done.
pub(super) struct LookUp(Sender<Inserted>);

/// A card that came: the reader's name, its ATR, and the reader's count of comings and goings.
pub(super) struct Inserted {
    pub(super) reader: String,
    pub(super) atr: Vec<u8>,
    pub(super) events: u16,
}

impl LookUp {
    /// `end` is told when the last one is done.
    pub(super) fn start(client: AnyClient, limits: CardLimits, json: bool, end: Sender<()>) -> Self {
        let (cards, todo) = channel::<Inserted>();
        spawn(move || {
            for card in todo {
                let printed = match json {
                    true => out::json(&as_json(&client, limits, &card)),
                    false => print(&client, limits, &card),
                };
                if printed.and_then(|()| out::flush()).is_err() {
                    break; // Nobody reads along.
                }
            }
            let _ = end.send(());
        });
        LookUp(cards)
    }

    pub(super) fn card_in(&self, card: Inserted) {
        // To nobody when nobody reads along; the watch finds that out by itself.
        let _ = self.0.send(card);
    }
}

impl Inserted {
    /// Asks the card that came, and no other that is in the reader by now.
    fn ask(&self, limits: CardLimits) -> Result<InReader, Failure> {
        let card = InReader::ask(Some(&self.reader), limits)?;
        card.still_there()?;
        if card.events != self.events || card.atr != self.atr {
            return Err(Failure::new(Kind::NotFound, "the card was taken out before it was asked"));
        }
        Ok(card)
    }
}

fn print(client: &AnyClient, limits: CardLimits, inserted: &Inserted) -> io::Result<()> {
    let reader = &inserted.reader;
    let found = inserted.ask(limits).and_then(|card| {
        let (record, by) = Records::search(client, None, &card)?.one(client.system(), &card)?;
        let operations = client.operations(&record)?;
        let other = if card.other_atr(&record).is_some() { ", with another ATR" } else { "" };
        Ok((record, by, other, operations))
    });
    // Whole, so that no event comes in between.
    let mut text = Vec::new();
    match found {
        Ok((record, by, other, operations)) => {
            let more = format!(
                "{}: {}{other}, by {}",
                client.system().name(),
                describe_record(&record),
                describe_guess(by.guess)
            );
            line(&mut text, "record", GOOD, reader, &more)?;
            show_operations(&mut text, &operations, "  ")?;
        }
        Err(failure) => {
            let (message, code) = (failure.message(), failure.code());
            let (what, style) = if code.is_some() { ("failed", BAD) } else { ("no record", CARE) };
            line(&mut text, what, style, reader, message)?;
        }
    }
    out::text().write_all(&text)
}

fn as_json(client: &AnyClient, limits: CardLimits, inserted: &Inserted) -> Value {
    let (time, Inserted { reader, atr, events }) = (now().to_string(), inserted);
    let found = inserted.ask(limits).and_then(|card| {
        let records = Records::search(client, None, &card)?;
        let each = records.cards.iter().map(|record| {
            Ok::<_, Failure>(json!({
                "card": output::record(record),
                "state": output::state_json(record),
                "other_atr": card.other_atr(record),
                "operations": client.operations(record)?.iter().map(output::listed_json).collect::<Vec<_>>(),
            }))
        });
        Ok(json!({
            "time": time,
            "event": "record",
            "reader": reader,
            "system": client.system().name(),
            "in_reader": card_json(&card),
            "found": records.found.name(),
            "by": records.by.map(guess_json),
            "passed_over": records.passed_over().iter().copied().map(guess_json).collect::<Vec<_>>(),
            "tried": records.tried.iter().copied().map(guess_json).collect::<Vec<_>>(),
            "records": each.collect::<Result<Vec<_>, _>>()?,
        }))
    });
    found.unwrap_or_else(|failure| {
        let (message, code) = (failure.message(), failure.code());
        let code = code.map(Code::number);
        json!({
            "time": time, "event": "record_failed", "reader": reader, "atr": hex(atr), "events": events,
            "error": message, "code": code,
        })
    })
}
