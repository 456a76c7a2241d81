//! The record of each card that comes, and what may be done with it.
//!
//! It is looked up on a thread of its own, so that neither a slow card nor a slow server holds up what
//! else happens at the readers.

use super::line;
use crate::card::show_operations;
use crate::failure::Failure;
use crate::in_reader::{InReader, Records, brief, guess_json, said};
use crate::output::{self, now};
use crate::style::{BAD, CARE, GOOD};
use cardwright_client::AnyClient;
use cardwright_core::{Code, Named};
use serde_json::{Value, json};
use std::io::{self, Write};
use std::sync::mpsc::{Sender, channel};
use std::thread::{JoinHandle, spawn};

/// Looks up one card after the other.
pub(super) struct LookUp {
    readers: Sender<String>,
    thread: JoinHandle<()>,
}

impl LookUp {
    pub(super) fn start(client: AnyClient, json: bool) -> Self {
        let (readers, todo) = channel::<String>();
        let thread = spawn(move || {
            for reader in todo {
                let printed = match json {
                    true => writeln!(anstream::stdout(), "{}", as_json(&client, &reader)),
                    false => print(&client, &reader),
                };
                if printed.and_then(|()| io::stdout().flush()).is_err() {
                    return; // Nobody reads along.
                }
            }
        });
        LookUp { readers, thread }
    }

    /// A card is in this reader.
    pub(super) fn card_in(&self, reader: &str) {
        // To nobody when nobody reads along; the watch finds that out by itself.
        let _ = self.readers.send(reader.to_string());
    }

    /// Waits for what is under way.
    pub(super) fn end(self) {
        drop(self.readers);
        let _ = self.thread.join();
    }
}

fn print(client: &AnyClient, reader: &str) -> io::Result<()> {
    let found = InReader::ask(Some(reader)).and_then(|card| {
        let (record, by) = Records::search(client, None, &card)?.one(client.system(), &card)?;
        let operations = client.operations(&record)?;
        Ok((record, by, operations))
    });
    // Whole, so that no event comes in between.
    let mut text = Vec::new();
    match found {
        Ok((record, by, operations)) => {
            let more = format!("{}: {}, by {}", client.system().name(), brief(&record), said(by));
            line(&mut text, "record", GOOD, reader, &more)?;
            show_operations(&mut text, &operations, "  ")?;
        }
        Err(failure) => {
            let (message, code) = failure.parts();
            let (what, style) = if code.is_some() { ("failed", BAD) } else { ("no record", CARE) };
            line(&mut text, what, style, reader, message)?;
        }
    }
    anstream::stdout().write_all(&text)
}

fn as_json(client: &AnyClient, reader: &str) -> Value {
    let time = now().to_string();
    let found = InReader::ask(Some(reader)).and_then(|card| {
        let records = Records::search(client, None, &card)?;
        let each = records.cards.iter().map(|record| {
            Ok::<_, Failure>(json!({
                "card": output::record(record),
                "state": output::state_json(record),
                "operations": client.operations(record)?.iter().map(output::listed_json).collect::<Vec<_>>(),
            }))
        });
        Ok(json!({
            "time": time,
            "event": "record",
            "reader": reader,
            "system": client.system().name(),
            "in_reader": card.as_json(),
            "by": records.by.map(guess_json),
            "tried": records.tried.iter().copied().map(guess_json).collect::<Vec<_>>(),
            "records": each.collect::<Result<Vec<_>, _>>()?,
        }))
    });
    found.unwrap_or_else(|failure| {
        let (message, code) = failure.parts();
        let code = code.map(Code::number);
        json!({ "time": time, "event": "record_failed", "reader": reader, "error": message, "code": code })
    })
}
