//! `apdu`: commands to the card in a reader, as they are.

use crate::args::{Apdu as Given, Arguments};
use crate::failure::{Done, Exit, Failure};
use crate::output::hex;
use crate::readers::bytes;
use crate::style::{CARE, END, GOOD, KEY};
use cardwright_core::apdu::StatusWord;
use cardwright_reader::{Reader, Session};
use serde_json::{Value, json};
use std::io::Write;

pub(crate) fn apdu(arguments: &Arguments, given: &Given) -> Done {
    // All of them are looked at before the first is sent.
    let commands: Vec<Vec<u8>> = texts(given)?.iter().map(|text| bytes(text)).collect::<Result<_, _>>()?;
    let reader = choose(given.place.reader.as_deref())?;
    let mut session = Session::connect(&reader)?;
    let mut card = session.transaction()?;
    let mut exchanges = Vec::new();
    for command in &commands {
        let response = card.send(command)?;
        let word = StatusWord::of(&response);
        let text = word.map_or("no status word", StatusWord::text);
        let data = response.get(..response.len().saturating_sub(2)).unwrap_or_default();
        if arguments.json {
            exchanges.push(json!({
                "command": hex(command), "data": hex(data), "sw": word.map(|word| word.to_string()), "text": text,
            }));
            continue;
        }
        let style = if word.is_some_and(StatusWord::is_ok) { GOOD } else { CARE };
        let word = word.map(|word| word.to_string()).unwrap_or_default();
        let mut out = anstream::stdout().lock();
        writeln!(out, "{KEY}>{END} {}", hex(command))?;
        let gap = if data.is_empty() { "" } else { " " };
        writeln!(out, "{KEY}<{END} {}{gap}{style}{word}{END}  {text}", hex(data))?;
    }
    if arguments.json {
        anstream::println!("{}", Value::Array(exchanges));
    }
    Ok(Exit::Done)
}

/// The commands, from the arguments or a line each from standard input.
fn texts(given: &Given) -> Result<Vec<String>, Failure> {
    let mut texts = Vec::new();
    for text in &given.commands {
        if text == "-" {
            for line in std::io::stdin().lines() {
                let line = line?;
                if !line.trim().is_empty() {
                    texts.push(line);
                }
            }
        } else {
            texts.push(text.clone());
        }
    }
    Ok(texts)
}

/// The reader that is meant: by its name, by a part of it, or as the one with a card.
pub(crate) fn choose(name: Option<&str>) -> Result<String, Failure> {
    let mut readers = cardwright_reader::readers()?;
    if let Some(name) = name {
        if let Some(reader) = readers.iter().find(|reader| reader.name == name) {
            return Ok(reader.name.clone());
        }
        readers.retain(|reader| reader.name.contains(name));
    } else {
        readers.retain(|reader| reader.slot.has_card());
    }
    let names = |readers: &[Reader]| {
        let names: Vec<String> = readers.iter().map(|reader| format!("{:?}", reader.name)).collect();
        names.join(", ")
    };
    match (&*readers, name) {
        ([reader], _) => Ok(reader.name.clone()),
        ([], Some(name)) => {
            Err(Failure::new(Exit::NotFound, format!("no reader is called {name:?}"))
                .hint("cardwright readers lists them"))
        }
        ([], None) => Err(Failure::new(Exit::NotFound, "no card is in a reader")),
        (many, Some(name)) => Err(Failure::usage(format!("{name:?} is a part of several: {}", names(many)))),
        (many, None) => {
            Err(Failure::usage(format!("several readers have a card: {}", names(many))).hint("name one by --reader"))
        }
    }
}
