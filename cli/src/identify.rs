//! `identify`: what the card in a reader is, every number that it tells, and how systems may write it.

use crate::args::{Arguments, ReaderArguments};
use crate::atr;
use crate::connect;
use crate::failure::{Done, Exit, Failure, with_output};
use crate::in_reader::{SECOND_ATTEMPT, as_json};
use crate::out;
use crate::style::{BOLD, CARE, END, GOOD, KEY, escape_controls};
use cardwright::InReader;
use cardwright::core::atr::Atr;
use cardwright::core::identity::{Basis, Trust};
use cardwright::core::lifecycle::{Evidence, System};
use cardwright::core::{Code, Named};
use cardwright::hex;
use serde_json::Value;
use std::io::Write;

pub(crate) fn identify(arguments: &Arguments, given: &ReaderArguments) -> Done {
    let limits = connect::card_limits(&arguments.server)?;
    let (card, cut_short) = InReader::ask_so_far(given.reader.as_deref(), limits)?;
    let printed = if arguments.json {
        out::json(&with_end(as_json(&card), cut_short.as_ref()))
    } else {
        show(&mut out::text(), &card, cut_short.is_some())
    };
    with_output(cut_short.map_or(Ok(Exit::Done), Err), printed, arguments.json)
}

/// Whether the card has told all, and what went wrong if it has not.
fn with_end(mut card: Value, cut_short: Option<&Failure>) -> Value {
    card["whole"] = cut_short.is_none().into();
    card["error"] = cut_short.map(Failure::message).into();
    card["code"] = cut_short.and_then(Failure::code).map(Code::number).into();
    card
}

/// What it is on the left, what it says on the right.
fn show(out: &mut dyn Write, card: &InReader, is_cut_short: bool) -> std::io::Result<()> {
    let InReader { reader, atr, protocol, identity, resets, attempts, .. } = card;
    writeln!(out, "{BOLD}{}{END}", escape_controls(reader))?;
    let names = identity.identifiers().map(|one| one.source().name().len());
    let width = names.chain(System::ALL.iter().map(|system| system.name().len())).max().unwrap_or(0);
    let mut line = |name: &str, text: &str| writeln!(out, "  {KEY}{name:width$}{END}  {text}");
    line("ATR", &hex(atr))?;
    if let Ok(atr) = Atr::parse(atr) {
        line("", &atr::summary(&atr))?;
    }
    if let Some(t) = protocol {
        line("protocol", &format!("T={t} is in use"))?;
    }
    let mut name = "kind";
    for kind in identity.kinds() {
        let basis = identity.basis(kind).unwrap_or(Basis::Hint);
        let style = if basis == Basis::Hint { CARE } else { GOOD };
        line(name, &format!("{}  {style}by {}{END}", kind.name(), basis.name()))?;
        name = "";
    }
    if !name.is_empty() {
        line(name, "not known")?;
    }
    for (kind, why) in identity.unread() {
        line("", &format!("{CARE}{}:{END} {why}", kind.name()))?;
    }
    for one in identity.identifiers() {
        let style = if one.trust() == Trust::Stable { GOOD } else { CARE };
        let assumed = if one.evidence() == Evidence::Assumed { ", assumed" } else { "" };
        let personal = if one.source().is_personal() { ", a person's" } else { "" };
        line(one.source().name(), &format!("{one}  {style}{}{assumed}{personal}{END}", one.trust().name()))?;
    }
    for &system in System::ALL {
        let mut name = system.name();
        for guess in identity.guesses(system) {
            let style = if guess.evidence == Evidence::Documented { GOOD } else { CARE };
            let (evidence, source) = (guess.evidence.name(), guess.source.name());
            line(name, &format!("{}  {style}{evidence}{END}, of its {source}", guess.spelling))?;
            name = "";
        }
        if !name.is_empty() {
            line(name, "nothing by which it could be known")?;
        }
    }
    if is_cut_short {
        line("", &format!("{CARE}it was cut short, and may have more to tell{END}"))?;
    }
    if *attempts > 1 {
        line("", &format!("{CARE}{SECOND_ATTEMPT}{END}"))?;
    }
    if *resets > 0 {
        line("", &format!("{CARE}another program reset it meanwhile{END}"))?;
    }
    Ok(())
}
