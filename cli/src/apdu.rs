//! `apdu`: commands to the card in a reader, as they are.

use crate::args::{Apdu as Given, Arguments};
use crate::connect;
use crate::digits::bytes;
use crate::failure::{Done, Exit, Failure, with_output};
use crate::in_reader::SECOND_ATTEMPT;
use crate::out::{self, tell};
use crate::style::{CARE, END, GOOD, KEY};
use cardwright::core::Code;
use cardwright::core::apdu::StatusWord;
use cardwright::{hex, text_file};
use serde_json::{Value, json};
use std::borrow::Cow;
use std::io::Read as _;
use std::time::Instant;
use zeroize::Zeroizing;

pub(crate) fn apdu(arguments: &Arguments, given: &Given) -> Done {
    // All of them are looked at before the first is sent.
    let commands = commands(given)?;
    let reader = cardwright::choose_reader(given.place.reader.as_deref())?;
    let begin = Instant::now();
    let mut session = cardwright::connect(&reader, connect::card_limits(&arguments.server)?)?;
    if session.attempts() > 1 {
        tell!("{CARE}{SECOND_ATTEMPT}{END}");
    }
    let mut card = session.transaction()?;
    card.count_time(begin.elapsed());
    let mut exchanges = Vec::new();
    let mut verified = false;
    // A sequence is not left in its middle because nobody reads: what is not sent may be what ends it.
    let mut printed = Ok(());
    let mut send = |command: &[u8]| -> Result<(), Failure> {
        verified |= has_secret(command);
        // One time for all of them, so that no sequence holds anybody for longer than one command may; who gives a
        // time gives it to each.
        if arguments.server.settings.card_time_limit.is_none() {
            card.count_time(begin.elapsed());
        }
        let response = card.send(command)?;
        if arguments.json {
            exchanges.push(as_json(command, &response));
        } else {
            printed = std::mem::replace(&mut printed, Ok(())).and(print(command, &response));
        }
        Ok(())
    };
    let sent = commands.iter().try_for_each(|command| send(command));
    let left = match verified {
        true => card.end_with_reset().or_else(|error| match error.code() {
            // The verification is gone with it.
            Code::CardRemoved | Code::NoCard => Ok(()),
            _ => Err(Failure::from(error)),
        }),
        false => {
            drop(card);
            Ok(())
        }
    };
    // The exchanges are printed, whatever followed.
    if arguments.json {
        printed = out::result_json(&Value::Array(exchanges));
    }
    let whole = left.is_ok();
    let done = sent.and(left).map(|()| Exit::Done).map_err(|failure| match whole {
        true => failure,
        false => failure.hint("the card was not reset: pull it, or other programs may use it as if they knew the PIN"),
    });
    with_output(done, printed, arguments.json)
}

fn as_json(command: &[u8], response: &[u8]) -> Value {
    let word = StatusWord::of(response);
    json!({
        "command": shown(command),
        "data": hex(data(response)),
        "sw": word.map(|word| word.to_string()),
        "text": text(word),
    })
}

fn print(command: &[u8], response: &[u8]) -> std::io::Result<()> {
    let (word, data) = (StatusWord::of(response), data(response));
    let style = if word.is_some_and(StatusWord::is_ok) { GOOD } else { CARE };
    let gap = if data.is_empty() { "" } else { " " };
    let number = word.map(|word| word.to_string()).unwrap_or_default();
    let (shown, data, text) = (shown(command), hex(data), text(word));
    out::result(format_args!("{KEY}>{END} {shown}\n{KEY}<{END} {data}{gap}{style}{number}{END}  {text}"))
}

fn data(response: &[u8]) -> &[u8] {
    response.get(..response.len().saturating_sub(2)).unwrap_or_default()
}

fn text(word: Option<StatusWord>) -> &'static str {
    word.map_or("no status word", StatusWord::text)
}

/// Whether a command has data in which a PIN goes to the card: VERIFY, CHANGE REFERENCE DATA, RESET RETRY
/// COUNTER (ISO/IEC 7816-4:2020, 11.6), of any class, parts of a chain too.
fn has_secret(command: &[u8]) -> bool {
    matches!(command, [_, 0x20 | 0x21 | 0x24 | 0x2C, _, _, _, _, ..])
}

/// A command in hexadecimal digits; of one with a secret the header and Lc alone. What is no Lc is data.
fn shown(command: &[u8]) -> String {
    if !has_secret(command) {
        return hex(command);
    }
    let lc = match command.get(4..).unwrap_or_default() {
        [0, high, low, data @ ..] if fits(u16::from_be_bytes([*high, *low]), data, 2) => 3,
        [lc, data @ ..] if fits(u16::from(*lc), data, 1) => 1,
        _ => 0,
    };
    format!("{}…", hex(command.get(..4 + lc).unwrap_or_default()))
}

/// Whether there is as much data as Lc says, alone or before Le.
fn fits(lc: u16, data: &[u8], le: usize) -> bool {
    lc > 0 && data.len().checked_sub(usize::from(lc)).is_some_and(|rest| rest == 0 || rest == le)
}

/// The commands, from the arguments or a line each from standard input. They may hold a PIN, so that
/// what is read is wiped, and no error repeats it.
fn commands(given: &Given) -> Result<Vec<Zeroizing<Vec<u8>>>, Failure> {
    let mut commands = Vec::new();
    for (number, text) in (1..).zip(&given.commands) {
        if text != "-" {
            commands.push(bytes(&format!("command {number}"), text)?);
            continue;
        }
        // With room for all of it from the start, no buffer is outgrown and left behind.
        let mut input = Zeroizing::new(Vec::with_capacity(MOST + 1));
        std::io::stdin().lock().take(MOST as u64 + 1).read_to_end(&mut input)?;
        if input.len() > MOST {
            return Err(Failure::usage("standard input has more than 1 MiB"));
        }
        let lines = match text_file::decode(&input) {
            Ok(Cow::Borrowed(lines)) => Zeroizing::new(lines.to_string()),
            Ok(Cow::Owned(lines)) => Zeroizing::new(lines),
            Err(why) => return Err(Failure::usage(format!("standard input: {why}"))),
        };
        for (number, line) in (1..).zip(lines.lines()).filter(|(_, line)| !line.trim().is_empty()) {
            commands.push(bytes(&format!("line {number}"), line)?);
        }
    }
    Ok(commands)
}

/// The most that is read from standard input: some APDUs of extended length.
const MOST: usize = 1 << 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_command_with_a_pin_the_header_and_lc_are_shown() {
        for (command, expected) in [
            ("0020008006313233343536", "0020008006…"),
            ("102C0081 02 3132", "102C008102…"),
            ("00240001 02 3132 00", "0024000102…"),
            ("00210000 000002 3132 0000", "00210000000002…"),
            // What stands where Lc would is a digit of the PIN.
            ("00200080 31323334", "00200080…"),
            ("00200080 0031323334", "00200080…"),
            // How many tries are left; another command; no command.
            ("00200080", "00200080"),
            ("0020008000", "0020008000"),
            ("00A40400023132", "00A40400023132"),
            ("0020", "0020"),
        ] {
            let command = bytes("", command).expect("digits");
            assert_eq!(shown(&command), expected);
            assert_eq!(has_secret(&command), expected.ends_with('…'));
        }
    }
}
