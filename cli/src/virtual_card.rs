//! `virtual-card`: a card that answers by a script, in a reader of pcscd's.

use crate::args::{Arguments, VirtualCard as Given};
use crate::digits::bytes;
use crate::failure::{Done, Exit, Failure, Kind};
use crate::interrupt::interrupts;
use crate::out::{self, say};
use crate::style::{BOLD, CARE, END, GOOD, KEY, escape_controls};
use cardwright::core::apdu::StatusWord;
use cardwright::reader::virtual_card::{Answer, Power, SAMPLES, Script, VirtualCard, insert};
use cardwright::{hex, text_file};
use serde_json::json;
use std::io::ErrorKind;
use std::time::Duration;

pub(crate) fn virtual_card(arguments: &Arguments, given: &Given) -> Done {
    if given.script.as_os_str() == "list" {
        return list(arguments);
    }
    let script = script(given)?;
    let (atr, about, commands) = (script.atr(), script.about().to_string(), script.commands());
    // Where pcscd is started by its first user, this is it; whether it works shows below.
    let _ = cardwright::reader::readers();
    let stop = interrupts()?;
    let address = ("127.0.0.1", given.port);
    let card = insert(address, PrintingCard { script, json: arguments.json }).map_err(|error| {
        let failure = Failure::new(Kind::NoConnection, format!("no reader waits at port {}: {error}", given.port));
        match error.kind() {
            ErrorKind::ConnectionRefused => {
                failure.hint("pcscd must run with its driver vpcd (Debian: pcscd and vsmartcard-vpcd)")
            }
            _ => failure,
        }
    })?;
    if arguments.json {
        out::json(&json!({ "event": "inserted", "atr": hex(&atr), "about": about, "port": given.port }))?;
    } else {
        let about = if about.is_empty() { given.script.display().to_string() } else { about };
        say!("{BOLD}{}{END}", escape_controls(&about))?;
        say!("  ATR {}, {commands} commands, in the reader at port {}", hex(&atr), given.port)?;
        say!("  {KEY}Ctrl-C pulls it.{END}")?;
    }
    while card.is_inserted() {
        if stop.recv_timeout(Duration::from_millis(200)).is_ok() {
            break;
        }
    }
    let by_reader = !card.is_inserted();
    card.remove()?;
    if arguments.json {
        out::json(&json!({ "event": "removed" }))?;
    } else {
        say!("{KEY}{}{END}", if by_reader { "the card, or its reader, is gone" } else { "pulled" })?;
    }
    Ok(Exit::Done)
}

/// The script of a file, or one that comes with the command.
fn script(given: &Given) -> Result<Script, Failure> {
    let atr = given.atr.as_deref().map(|atr| bytes("--atr", atr)).transpose()?.map(|atr| atr.to_vec());
    let sample = SAMPLES.iter().find(|(name, _)| given.script.as_os_str() == *name);
    let text = match (text_file::read(&given.script), sample) {
        (Ok(text), _) => text,
        (Err(_), Some((_, text))) => (*text).to_string(),
        (Err(failure), None) => {
            return Err(failure.hint("cardwright virtual-card list names those that are here"));
        }
    };
    let wrong = |error| Failure::usage(format!("{}: {error}", given.script.display()));
    Script::parse(&text, atr.as_deref()).map_err(wrong)
}

fn list(arguments: &Arguments) -> Done {
    for (name, text) in SAMPLES {
        let script = Script::parse(text, None).map_err(|error| Failure::new(Kind::Failed, error.to_string()))?;
        if arguments.json {
            out::json(&json!({ "name": name, "about": script.about(), "atr": hex(&script.atr()) }))?;
        } else {
            say!("{BOLD}{name:<12}{END}{}", script.about())?;
        }
    }
    Ok(Exit::Done)
}

/// A script that says what happens.
struct PrintingCard {
    script: Script,
    json: bool,
}

impl VirtualCard for PrintingCard {
    fn atr(&self) -> Vec<u8> {
        self.script.atr()
    }

    // Where nobody can read along any more, the card stays in the reader.
    fn power(&mut self, power: Power) {
        let word = match power {
            Power::Off => "power off",
            Power::On => "power on",
            Power::Reset => "reset",
            #[cfg_attr(cardwright_exhaustive, expect(unreachable_patterns))]
            _ => "power",
        };
        if self.json {
            let _ = out::json(&json!({ "event": word.replace(' ', "_") }));
        } else {
            let _ = say!("{KEY}{word}{END}");
        }
    }

    fn answer(&mut self, command: &[u8]) -> Answer {
        let answer = self.script.answer(command);
        let (response, meaning, late) = match &answer {
            Answer::Bytes(bytes) => (hex(bytes), StatusWord::of(bytes), Duration::ZERO),
            Answer::Late(after, bytes) => (hex(bytes), StatusWord::of(bytes), *after),
            Answer::Silence => ("silence".to_string(), None, Duration::ZERO),
            Answer::Removal => ("removed".to_string(), None, Duration::ZERO),
            #[cfg_attr(cardwright_exhaustive, expect(unreachable_patterns))]
            _ => ("?".to_string(), None, Duration::ZERO),
        };
        if self.json {
            let late = u64::try_from(late.as_millis()).unwrap_or(u64::MAX);
            let line = json!({ "event": "apdu", "command": hex(command), "answer": response, "after_ms": late });
            let _ = out::json(&line);
            return answer;
        }
        let style = if meaning.is_some_and(StatusWord::is_ok) { GOOD } else { CARE };
        let text = meaning.map(StatusWord::text).unwrap_or_default();
        let late = if late.is_zero() { String::new() } else { format!("  after {late:?}") };
        let _ = say!("{KEY}>{END} {}\n{KEY}<{END} {response}  {style}{text}{END}{late}", hex(command));
        answer
    }
}
