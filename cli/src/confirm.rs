//! The question before an operation.

use crate::args::Operate;
use crate::connect::Selected;
use crate::failure::{Failure, Kind};
use crate::in_reader::introduce;
use crate::out::tell;
use crate::style::{BOLD, END, escape_controls};
use crate::terminal;
use cardwright::core::lifecycle::Operation;
use cardwright::{CANNOT_BE_UNDONE, InReader, agrees, describe_target, needs_consent, nobody_to_ask, not_confirmed};

/// How it goes without a question.
const HOW: &str = "--yes does it without asking";

/// That an operation may be begun on a card that is named: somebody is there to be asked, or --yes was given, or no
/// question is needed. Before anything is sent.
pub(crate) fn can_be_confirmed(operation: Operation, operate: &Operate) -> Result<(), Failure> {
    let change = &operate.change;
    let is_asked = needs_consent(operation) && !change.yes && !change.dry_run && !change.card.key.from_reader;
    if is_asked && !terminal::is_there() { Err(nobody_to_ask(HOW)) } else { Ok(()) }
}

/// That the record is the one to be changed: a person or --yes has said so, where it is asked. Whether a person was
/// asked, for which time passed.
pub(crate) fn confirmed(
    (operation, operate): (Operation, &Operate),
    selected: &Selected,
    server: &str,
    json: bool,
) -> Result<bool, Failure> {
    if let Some((in_reader, _)) = &selected.from {
        in_reader_confirmed((operation, operate), selected, in_reader, (server, json))?;
        // Meanwhile a server was asked, and perhaps a person: another card may be in the reader by now.
        return in_reader.still_there().map(|()| !operate.change.yes);
    }
    named_confirmed((operation, &operate.word), &describe_target(&selected.card, server), operate.change.yes)
}

/// That the card that is named in `what` is the one to be changed: as [`confirmed`].
pub(crate) fn named_confirmed((operation, word): (Operation, &str), what: &str, yes: bool) -> Result<bool, Failure> {
    if yes || !needs_consent(operation) {
        return Ok(false);
    }
    if !terminal::is_there() {
        return Err(nobody_to_ask(HOW));
    }
    tell!("{}", escape_controls(what));
    ask(&format!("{BOLD}{word} this card?{END} {CANNOT_BE_UNDONE} [y/N] "))?.ok_or_else(|| nobody_to_ask(HOW))?;
    Ok(true)
}

/// That the card in the reader is still there, and that its record is the one to be changed. What only a weaker
/// identifier found is for a person alone.
fn in_reader_confirmed(
    (operation, Operate { word, change, .. }): (Operation, &Operate),
    selected: &Selected,
    in_reader: &InReader,
    (server, json): (&str, bool),
) -> Result<(), Failure> {
    if change.yes {
        selected.certain()?;
    }
    // A program that does not want to be asked reads the same in the outcome. On the error stream, as
    // the outcome alone is the output.
    if !(json && change.yes) {
        tell!("{}", introduce(selected).unwrap_or_default());
    }
    if !change.yes {
        let certain = selected.certain();
        let even_so = if certain.is_ok() { "" } else { ", although the record may be another's" };
        let undone = if needs_consent(operation) { format!(" {CANNOT_BE_UNDONE}") } else { String::new() };
        let server = escape_controls(server);
        return match ask(&format!("{BOLD}{word} this card{even_so}?{END}{undone}, on {server} [y/N] "))? {
            Some(()) => Ok(()),
            // That the record is not certain is told before that --yes is missing.
            None => certain.and(Err(nobody_to_ask(HOW))),
        };
    }
    match in_reader.other_atr(&selected.card).filter(|_| !change.other_atr) {
        Some(other) => Err(other_atr(in_reader, &other)),
        None => Ok(()),
    }
}

/// The record may be another card's: its serial number alone says that it is this one's.
fn other_atr(in_reader: &InReader, other: &str) -> Failure {
    let (reader, its) = (&in_reader.reader, cardwright::hex(&in_reader.atr));
    let message = format!("the record has the ATR {other}, and the card in {reader} has {its}; nothing was done");
    Failure::new(Kind::Refused, message).hint(
        "without --yes it asks; --yes --other-atr does it all the same (by contacts and without, one card has two ATRs)",
    )
}

/// Asks the person at the terminal; anything but a yes is an error. `None` where nobody is there.
fn ask(question: &str) -> Result<Option<()>, Failure> {
    match terminal::ask(question)? {
        Some(answer) if agrees(&answer) => Ok(Some(())),
        Some(_) => Err(not_confirmed()),
        None => Ok(None),
    }
}
