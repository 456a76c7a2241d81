//! `identify`: what the card in a reader is, every number that it tells, and how systems may write it.

use crate::args::{Arguments, ReaderArguments};
use crate::atr;
use crate::failure::{Done, Exit};
use crate::in_reader::as_json;
use crate::out;
use crate::style::{BOLD, CARE, END, GOOD, KEY, escape_controls};
use cardwright::InReader;
use cardwright::core::Named;
use cardwright::core::atr::Atr;
use cardwright::core::identity::{Basis, Trust};
use cardwright::core::lifecycle::{Evidence, System};
use cardwright::hex;
use std::io::Write;

pub(crate) fn identify(arguments: &Arguments, given: &ReaderArguments) -> Done {
    let card = InReader::ask(given.reader.as_deref())?;
    if arguments.json {
        out::json(&as_json(&card))?;
    } else {
        show(&mut out::text(), &card)?;
    }
    Ok(Exit::Done)
}

/// What it is on the left, what it says on the right.
fn show(out: &mut dyn Write, card: &InReader) -> std::io::Result<()> {
    let InReader { reader, atr, identity, resets, .. } = card;
    writeln!(out, "{BOLD}{}{END}", escape_controls(reader))?;
    let names = identity.identifiers().map(|one| one.source().name().len());
    let width = names.chain(System::ALL.iter().map(|system| system.name().len())).max().unwrap_or(0);
    let mut line = |name: &str, text: &str| writeln!(out, "  {KEY}{name:width$}{END}  {text}");
    line("ATR", &hex(atr))?;
    if let Ok(atr) = Atr::parse(atr) {
        line("", &atr::summary(&atr))?;
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
    if *resets > 0 {
        line("", &format!("{CARE}another program reset it meanwhile{END}"))?;
    }
    Ok(())
}
