//! `readers` and `watch`: what is plugged in, and what comes and goes.

mod line;
mod look_up;

use crate::args::{Arguments, Watch as Given};
use crate::connect;
use crate::failure::{Done, Exit};
use crate::interrupt::on_interrupt;
use crate::out::{self, tell};
use crate::style::{BAD, CARE, GOOD, KEY};
use crate::table::{Cell, Table};
use anstyle::Style;
use cardwright::reader::{Event, Reader, Sharing, Slot, Watch};
use cardwright::{hex, now};
use line::line;
use look_up::{Inserted, LookUp};
use serde_json::{Value, json};
use std::io::{Write, stdout};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

pub(crate) fn readers(arguments: &Arguments) -> Done {
    let readers = cardwright::reader::readers()?;
    if arguments.json {
        out::json(&Value::Array(readers.iter().map(as_json).collect()))?;
        return Ok(Exit::Done);
    }
    if readers.is_empty() {
        tell!("no reader is plugged in");
    }
    let mut table = Table::new(out::text(), &["READER", "STATE", "USED BY", "ATR"]);
    for reader in readers {
        let (state, style) = state(reader.slot);
        table.row(vec![
            reader.name.into(),
            Cell(state.into(), style),
            sharing(reader.sharing).into(),
            hex(&reader.atr).into(),
        ])?;
    }
    table.end()?;
    Ok(Exit::Done)
}

pub(crate) fn watch(arguments: &Arguments, given: &Given) -> Done {
    let (stop, stopped) = channel();
    let look_up = match connect::names_server(&arguments.server)? {
        true => {
            let limits = connect::card_limits(&arguments.server)?;
            Some(LookUp::start(connect::client(arguments, None)?, limits, arguments.json, stop.clone()))
        }
        false => None,
    };
    let mut watch = Watch::new();
    let canceler = watch.canceler();
    on_interrupt(move || {
        canceler.cancel();
        let _ = stop.send(()); // To nobody at the end, or where nothing is looked up.
    })?;
    let end = given.seconds.and_then(|seconds| Instant::now().checked_add(Duration::from_secs(seconds)));
    let mut left = given.events.unwrap_or(usize::MAX);
    while left > 0 {
        let event = match end {
            Some(end) => watch.next_within(end.saturating_duration_since(Instant::now())),
            None => watch.next(),
        };
        let Some(event) = event else { break };
        left -= 1;
        // Somebody reads along: each line goes out at once.
        let mut out = out::text();
        if arguments.json {
            out::json(&event_json(&event))?;
        } else {
            print(&mut out, &event)?;
        }
        out.flush()?;
        if let (Some(look_up), Event::CardInserted { reader, atr, events }) = (&look_up, &event)
            && !atr.is_empty()
        {
            look_up.card_in(Inserted { reader: reader.clone(), atr: atr.clone(), events: *events });
        }
    }
    stdout().flush()?;
    if let Some(look_up) = look_up {
        drop(look_up);
        // A look-up in progress is finished; after Ctrl-C nobody waits for a server.
        let _ = stopped.recv();
    }
    Ok(Exit::Done)
}

fn print(out: &mut impl Write, event: &Event) -> std::io::Result<()> {
    let (what, style, more) = match event {
        Event::CardInserted { atr, .. } if atr.is_empty() => ("card in", CARE, "mute".to_string()),
        Event::CardInserted { atr, .. } => ("card in", GOOD, hex(atr)),
        Event::CardRemoved { .. } => ("card out", Style::new(), String::new()),
        Event::ReaderAdded { .. } => ("reader in", GOOD, String::new()),
        Event::ReaderRemoved { .. } => ("reader out", CARE, String::new()),
        Event::Missed { events, .. } => ("missed", CARE, format!("{events} comings and goings")),
        Event::ServiceLost(error) => ("no service", BAD, error.to_string()),
        Event::ServiceBack => ("service", GOOD, "is back".to_string()),
        _ => ("event", Style::new(), format!("{event:?}")),
    };
    line(out, what, style, event.reader().unwrap_or_default(), &more)
}

fn event_json(event: &Event) -> Value {
    let time = now().to_string();
    match event {
        Event::CardInserted { reader, atr, events } => json!({
            "time": time, "event": "card_inserted", "reader": reader, "atr": hex(atr), "events": events,
        }),
        Event::CardRemoved { reader } => json!({ "time": time, "event": "card_removed", "reader": reader }),
        Event::ReaderAdded { reader } => json!({ "time": time, "event": "reader_added", "reader": reader }),
        Event::ReaderRemoved { reader } => json!({ "time": time, "event": "reader_removed", "reader": reader }),
        Event::Missed { reader, events } => {
            json!({ "time": time, "event": "missed", "reader": reader, "events": events })
        }
        Event::ServiceLost(error) => json!({
            "time": time, "event": "service_lost", "error": error.to_string(), "code": error.code().number(),
        }),
        Event::ServiceBack => json!({ "time": time, "event": "service_back" }),
        _ => json!({ "time": time, "event": "other", "text": format!("{event:?}") }),
    }
}

fn as_json(reader: &Reader) -> Value {
    json!({
        "name": reader.name,
        "state": state(reader.slot).0,
        "used": sharing(reader.sharing),
        "atr": if reader.atr.is_empty() { None } else { Some(hex(&reader.atr)) },
        "events": reader.events,
    })
}

fn state(slot: Slot) -> (&'static str, Style) {
    match slot {
        Slot::Empty => ("empty", KEY),
        Slot::Card => ("card", GOOD),
        Slot::Mute => ("mute", CARE),
        _ => ("unavailable", BAD),
    }
}

fn sharing(sharing: Sharing) -> &'static str {
    match sharing {
        Sharing::Free => "nobody",
        Sharing::Shared => "shared",
        _ => "exclusive",
    }
}
