//! `atr`: an answer to reset, taken apart.

use crate::args::{Arguments, Atr as Given};
use crate::failure::{Done, Exit, Failure};
use crate::style::{BAD, BOLD, CARE, END, GOOD, KEY};
use cardwright_core::atr::{Atr, Finding, InterfaceByte, TckState};
use serde_json::{Value, json};
use std::io::Write;

/// Longer inputs are no ATR by any reading.
const LONGEST: usize = 4096;

pub(crate) fn atr(arguments: &Arguments, given: &Given) -> Done {
    let text = given.hex.join(" ");
    let mut buffer = [0; LONGEST];
    let atr = Atr::from_hex(&text, &mut buffer).map_err(|e| {
        let place = text.get(e.at..).and_then(|rest| rest.chars().next());
        let place = place.map(|c| format!(" ({c:?})")).unwrap_or_default();
        Failure::new(Exit::Failed, format!("{e}{place}"))
            .hint("an ATR is 2 to 33 bytes in hexadecimal digits, such as 3b8d0180fba000000397425446590301c8")
    })?;
    if arguments.json {
        anstream::println!("{}", as_json(&atr));
    } else {
        show(&mut anstream::stdout().lock(), &atr, "")?;
    }
    Ok(Exit::Done)
}

/// The bytes on the left, what they are on the right.
pub(crate) fn show(out: &mut dyn Write, atr: &Atr<'_>, indent: &str) -> std::io::Result<()> {
    let mut line =
        |bytes: &str, meaning: std::fmt::Arguments<'_>| writeln!(out, "{indent}{BOLD}{bytes:<12}{END}{meaning}");
    let bytes = atr.bytes();
    let convention = format!("{:?} convention", atr.convention()).to_lowercase();
    line(&hex(bytes.get(..1).unwrap_or(&[])), format_args!("{KEY}TS{END}    {convention}"))?;
    line(&hex(bytes.get(1..2).unwrap_or(&[])), format_args!("{KEY}T0{END}    {} historical bytes", atr.k()))?;
    for level in atr.levels() {
        for (name, byte) in [("TA", level.ta), ("TB", level.tb), ("TC", level.tc), ("TD", level.td)] {
            let Some(InterfaceByte { value, .. }) = byte else { continue };
            let meaning = match (name, level.qualified_by) {
                ("TD", _) => protocol_text(value & 0xF),
                (_, Some(t)) if level.number > 2 => format!("for {}", protocol_text(t)),
                _ => String::new(),
            };
            line(&format!("{value:02X}"), format_args!("{KEY}{name}{:<4}{END}{meaning}", level.number))?;
        }
    }
    let historical = atr.historical_bytes();
    if !historical.is_empty() {
        let category = atr.category().map(|category| format!("{category:?}")).unwrap_or_default();
        let text: String =
            historical.iter().map(|&b| if (0x20..0x7F).contains(&b) { char::from(b) } else { '·' }).collect();
        line("", format_args!("{KEY}historical bytes{END}  {}  {text}  {category}", hex(historical)))?;
    }
    let tck = atr.tck();
    let value = tck.value.map(|value| format!("{value:02X}")).unwrap_or_default();
    match tck.state {
        TckState::NotNeeded => {}
        TckState::Right => line(&value, format_args!("{KEY}TCK{END}   {GOOD}right{END}"))?,
        TckState::Wrong => {
            line(&value, format_args!("{KEY}TCK{END}   {BAD}wrong{END}, {:02X} would be right", tck.right))?
        }
        TckState::Missing => {
            line("", format_args!("{KEY}TCK{END}   {BAD}missing{END}, {:02X} would be right", tck.right))?
        }
        TckState::Unexpected => line(&value, format_args!("{KEY}TCK{END}   {CARE}not expected{END}"))?,
    }
    line("", format_args!("{}", summary(atr)))?;
    for finding in atr.findings() {
        let Finding { rule, at, .. } = finding;
        line("", format_args!("{CARE}finding{END} {finding} at byte {at}: {} ({})", rule.text(), rule.clause()))?;
    }
    Ok(())
}

/// One line on what the card offers.
pub(crate) fn summary(atr: &Atr<'_>) -> String {
    let protocols: Vec<String> = atr.protocols().map(|protocol| protocol.to_string()).collect();
    let protocols = if protocols.is_empty() { "T=0".to_string() } else { protocols.join(", ") };
    let mode = match atr.specific_mode() {
        Some(mode) => format!("specific mode, T={}", mode.t),
        None => "negotiable".to_string(),
    };
    format!("{KEY}offers{END} {protocols}, {mode}; PC/SC takes {}; TCK {}", atr.default_protocol(), tck_text(atr))
}

fn tck_text(atr: &Atr<'_>) -> &'static str {
    match atr.tck().state {
        TckState::NotNeeded => "not needed",
        TckState::Right => "right",
        TckState::Wrong => "wrong",
        TckState::Missing => "missing",
        TckState::Unexpected => "not expected",
    }
}

fn as_json(atr: &Atr<'_>) -> Value {
    let byte = |byte: Option<InterfaceByte>| byte.map(|byte| byte.value);
    let levels: Vec<Value> = atr
        .levels()
        .map(|level| {
            json!({ "level": level.number, "ta": byte(level.ta), "tb": byte(level.tb), "tc": byte(level.tc), "td": byte(level.td) })
        })
        .collect();
    let tck = atr.tck();
    json!({
        "atr": atr.to_string(),
        "convention": format!("{:?}", atr.convention()).to_lowercase(),
        "levels": levels,
        "protocols": atr.protocols().map(|protocol| protocol.t()).collect::<Vec<_>>(),
        "default_protocol": atr.default_protocol().t(),
        "historical_bytes": hex(atr.historical_bytes()),
        "tck": { "state": format!("{:?}", tck.state), "value": tck.value, "right": tck.right },
        "findings": atr.findings().map(|finding| json!({
            "name": finding.to_string(), "at": finding.at, "text": finding.rule.text(), "clause": finding.rule.clause(),
        })).collect::<Vec<_>>(),
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02X}")).collect()
}

fn protocol_text(t: u8) -> String {
    match t {
        15 => "global bytes (T=15)".to_string(),
        t => format!("T={t}"),
    }
}
