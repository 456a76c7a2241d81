//! `atr`: an answer to reset, taken apart.

mod json;
mod tree;

pub(crate) use tree::summary;

use crate::args::{Arguments, Atr as Given};
use crate::failure::{Done, Exit, Failure, Kind, with_output};
use crate::known_cards::KnownCards;
use crate::out::{self, tell};
use crate::style::{BAD, END, KEY, escape_controls};
use cardwright::atr_in_reader;
use cardwright::core::atr::{Atr, EmvRule, Reset};
use cardwright::core::{Code, Error};
use cardwright::{hex, text_file};
use std::io::{BufRead, Read, Write};
use std::path::{Path, PathBuf};

/// Longer inputs are no ATR by any reading.
const LONGEST: usize = 4096;
/// The longest line that such an input can be written in.
const LONGEST_LINE: u64 = 4 * LONGEST as u64;

const HINT: &str = "an ATR is 2 to 33 bytes in hexadecimal digits, such as 3b8d0180fba000000397425446590301c8";

pub(crate) fn atr(arguments: &Arguments, given: &Given) -> Done {
    let known = known_cards(given.file.as_deref())?;
    let known = known.as_ref();
    if given.hex == ["-"] {
        return lines(text_file::input(std::io::stdin().lock())?, arguments.json, given.emv, known);
    }
    let text = match given.from_reader {
        true => hex(&atr_in_reader(given.reader.as_deref())?),
        false => given.hex.join(" "),
    };
    let mut buffer = [0; LONGEST];
    let atr =
        Atr::from_hex(&text, &mut buffer).map_err(|e| Failure::new(Kind::Failed, in_words(&e, &text)).hint(HINT))?;
    if arguments.json {
        out::json(&json::of_atr(&atr, known))?;
    } else {
        shown(&mut out::text(), &atr, given.emv, known)?;
        hint_if_missing(known);
    }
    Ok(Exit::Done)
}

/// One ATR a line. In JSON each line gets an object, whatever it is; for people, a line that is no
/// ATR is reported in its place, and makes the command fail at the end.
fn lines(input: impl BufRead, as_json: bool, emv: bool, known: Option<&KnownCards>) -> Done {
    let mut exit = Exit::Done;
    let printed = print_lines(input, as_json, emv, known, &mut exit);
    if printed.is_ok() && !as_json {
        hint_if_missing(known);
    }
    with_output(Ok(exit), printed, as_json)
}

fn print_lines(
    mut input: impl BufRead,
    as_json: bool,
    emv: bool,
    known: Option<&KnownCards>,
    exit: &mut Exit,
) -> std::io::Result<()> {
    let mut out = std::io::BufWriter::new(out::text());
    let mut number = 0_u64;
    let mut line = Vec::new();
    loop {
        line.clear();
        if input.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line)? == 0 {
            break;
        }
        if line.last() != Some(&b'\n') {
            input.skip_until(b'\n')?;
        }
        number += 1;
        let text = String::from_utf8_lossy(&line);
        let text = text.trim();
        let mut buffer = [0; LONGEST];
        let read = Atr::from_hex(text, &mut buffer);
        match (as_json, read) {
            (true, Ok(atr)) => writeln!(out, "{}", out::json_text(&json::of_atr(&atr, known)))?,
            (true, Err(error)) => writeln!(out, "{}", out::json_text(&json::of_failure(text, &error)))?,
            (false, Ok(atr)) => {
                shown(&mut out, &atr, emv, known)?;
                writeln!(out)?;
            }
            (false, Err(error)) => {
                *exit = Exit::Failed;
                writeln!(out, "{BAD}line {number}{END} {}\n", escape_controls(&in_words(&error, text)))?;
            }
        }
    }
    out.flush()
}

fn shown(out: &mut dyn Write, atr: &Atr<'_>, emv: bool, known: Option<&KnownCards>) -> std::io::Result<()> {
    tree::show(out, atr)?;
    let cards = known.iter().flat_map(|cards| cards.find(atr.bytes()));
    for (n, card) in cards.enumerate() {
        let name = if n == 0 { "known as" } else { "" };
        writeln!(out, "{KEY}{name:<8}{END} {}", escape_controls(card))?;
    }
    if emv {
        let refusals: Vec<&str> = atr.emv_refusals(Reset::Cold).map(EmvRule::name).collect();
        let refused = refusals.join(", ");
        match refused.as_str() {
            "" => writeln!(out, "{KEY}EMV     {END} a payment terminal takes it")?,
            why => writeln!(out, "{KEY}EMV     {END} {BAD}a payment terminal refuses it{END}: {why}")?,
        }
    }
    Ok(())
}

/// An error, and the character that it is about.
fn in_words(error: &Error, text: &str) -> String {
    let place = text.get(error.at..).and_then(|rest| rest.chars().next());
    let place = place.filter(|_| error.code == Code::Hex).map(|c| format!(" ({c:?})")).unwrap_or_default();
    format!("{error}{place}")
}

/// The user's list of known cards: the file that was asked for, or the first in the usual places.
fn known_cards(asked_for: Option<&Path>) -> Result<Option<KnownCards>, Failure> {
    let Some(path) = asked_for.map(PathBuf::from).or_else(KnownCards::usual_file) else { return Ok(None) };
    match KnownCards::load(&path) {
        Ok(cards) => Ok(Some(cards)),
        // A list that nobody asked for is no reason to fail.
        Err(_) if asked_for.is_none() => Ok(None),
        Err(error) => {
            Err(Failure::new(Kind::Failed, format!("{}: {error}", path.display())).hint(KnownCards::HOW_TO_GET))
        }
    }
}

fn hint_if_missing(known: Option<&KnownCards>) {
    if known.is_none() {
        tell!("{KEY}next:{END} no list of known cards: {}", KnownCards::HOW_TO_GET);
    }
}
