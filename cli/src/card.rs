//! `cards`, `card`, `operations`: looking, and changing nothing.

use crate::args::{Arguments, CardArguments, Cards, Format};
use crate::connect::{self, Selected};
use crate::failure::{Done, Exit, Failure, Kind};
use crate::in_reader::{add_to, introduce};
use crate::listing;
use crate::out::{self, remark, tell};
use crate::output::{self, thousands, until};
use crate::progress::Progress;
use crate::style::{self, BOLD, END, KEY, escape_controls};
use anstyle::Style;
use cardwright::client::{AnyCard, Listed};
use serde_json::{Value, json};
use std::io::Write;
use std::time::Instant;

pub(crate) fn cards(arguments: &Arguments, given: &Cards) -> Done {
    let client = connect::client(arguments, None)?;
    let started = Instant::now();
    let mut listed = 0usize;
    let mut unreadable = 0usize;
    let format = given.format.unwrap_or(if arguments.json { Format::Json } else { Format::Table });
    if given.csv_raw && format != Format::Csv {
        return Err(Failure::usage("--csv-raw is about CSV").hint("add --format csv, or leave --csv-raw out"));
    }
    let mut lines = listing::lines(format, &client, given.csv_raw);
    let mut progress = Progress::of_a_list();
    for card in client.list(&given.filter.query())? {
        match card {
            Ok(card) => {
                listed += 1;
                progress.count(listed);
                lines.card(&card)?;
            }
            // One card that cannot be read does not hide the others.
            Err(error) if error.code().band() == 300 || error.code().band() == 400 => {
                unreadable += 1;
                progress.clear();
                tell!("{}unreadable:{END} {}", style::BAD, escape_controls(&error.unmasked().to_string()));
            }
            Err(error) => {
                progress.clear();
                lines.end()?;
                return Err(cardwright::wants_user(&client, error.into()));
            }
        }
    }
    progress.clear();
    lines.end()?;
    if format == Format::Table {
        let seconds = started.elapsed().as_secs_f64();
        let cards = if listed == 1 { "card" } else { "cards" };
        remark!("{KEY}{} {cards} in {seconds:.2} s{END}", thousands(listed));
    }
    if unreadable > 0 {
        return Err(Failure::new(Kind::Failed, format!("{unreadable} cards could not be read")));
    }
    Ok(Exit::Done)
}

pub(crate) fn card(arguments: &Arguments, given: &CardArguments) -> Done {
    let client = connect::client(arguments, None)?;
    let selected = connect::find(&client, given, connect::card_limits(&arguments.server)?)?;
    let card = &selected.card;
    let operations = client.operations(card)?;
    if arguments.json {
        let mut object = json!({
            "system": cardwright::core::Named::name(card.system()),
            "card": output::record(card),
            "state": output::state_json(card),
            "operations": operations.iter().map(output::listed_json).collect::<Vec<_>>(),
        });
        add_to(&mut object, &selected);
        out::json(&object)?;
        return Ok(Exit::Done);
    }
    let mut out = out::text();
    if let Some(text) = introduce(&selected) {
        writeln!(out, "{text}\n")?;
    }
    show(&mut out, card, "")?;
    writeln!(out)?;
    show_operations(&mut out, &operations, "")?;
    Ok(Exit::Done)
}

pub(crate) fn operations(arguments: &Arguments, given: &CardArguments) -> Done {
    let client = connect::client(arguments, None)?;
    let Selected { card, .. } = connect::find(&client, given, connect::card_limits(&arguments.server)?)?;
    let operations = client.operations(&card)?;
    if arguments.json {
        out::json(&Value::from(operations.iter().map(output::listed_json).collect::<Vec<_>>()))?;
    } else {
        show_operations(&mut out::text(), &operations, "")?;
    }
    Ok(Exit::Done)
}

/// A record, field by field, in the vendor's words; what is empty is left out.
pub(crate) fn show(out: &mut dyn Write, card: &AnyCard, indent: &str) -> std::io::Result<()> {
    let Ok(Value::Object(fields)) = serde_json::from_str::<Value>(card.json()) else { return Ok(()) };
    let empty = cardwright::core::mim::EMPTY_UUID;
    let width = fields.keys().map(String::len).max().unwrap_or(0);
    for (name, value) in &fields {
        let (text, style) = match value {
            Value::Null => continue,
            Value::String(text) if text.is_empty() || text == empty => continue,
            Value::Array(items) if items.is_empty() => continue,
            Value::Array(items) if items.iter().all(Value::is_string) => {
                let items: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
                (items.join(", "), Style::new())
            }
            Value::Array(items) => (format!("{}", items.len()), Style::new()),
            _ if name == "state" => (card.state_text(), style::of_state(card.state())),
            _ if name == "Status" => (status(card, value), style::of_state(card.state())),
            Value::String(text) => (text.clone(), Style::new()),
            other => (other.to_string(), Style::new()),
        };
        writeln!(out, "{indent}{KEY}{name:width$}{END}  {style}{}{END}", escape_controls(&text))?;
        if let Value::Array(items) = value {
            for certificate in items.iter().filter_map(Value::as_object) {
                let text = |name: &str| certificate.get(name).and_then(Value::as_str).unwrap_or("");
                let (ends, style) = until(text("validTo"), cardwright::now());
                writeln!(
                    out,
                    "{indent}{:width$}  {} {} by {}, {style}until {ends}{END}",
                    "",
                    escape_controls(text("type")),
                    escape_controls(text("subject")),
                    escape_controls(text("issuer")),
                )?;
            }
        }
    }
    Ok(())
}

fn status(card: &AnyCard, number: &Value) -> String {
    match card.state() {
        Some(state) => format!("{number}, assumed to be {state}"),
        None => format!("{number}, not known"),
    }
}

/// What may be done with a card.
pub(crate) fn show_operations(out: &mut dyn Write, operations: &[Listed], indent: &str) -> std::io::Result<()> {
    if operations.is_empty() {
        return writeln!(out, "{indent}nothing may be done with this card");
    }
    let width = operations.iter().map(|listed| listed.word.len()).max().unwrap_or(0);
    for listed in operations {
        let by = if listed.by_server { "the server allows it" } else { "the tables allow it" };
        let more = match (listed.operation, listed.verdict) {
            (None, _) => ", and this command does not do it".to_string(),
            (_, None) => String::new(),
            (_, verdict) => format!(", {}", output::verdict_text(verdict)),
        };
        writeln!(out, "{indent}{}{:width$}{END}  {by}{more}", BOLD, escape_controls(&listed.word))?;
    }
    Ok(())
}
