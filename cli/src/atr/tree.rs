//! An ATR for people: the bytes on the left, what they mean on the right, and under a byte what is
//! wrong with it.

use super::json::CLOCK_HZ;
use crate::style::{BAD, BOLD, CARE, END, GOOD, KEY};
use anstyle::Style;
use cardwright::core::atr::{
    Atr, Capabilities, CardServiceData, Classes, DataObject, Digits, Edc, Finding, Historical, InitialAccess,
    InterfaceByte, Ratio, Spu, StatusIndicator, StorageCard, Ta1, TckState,
};
use std::fmt::Display;
use std::io::{self, Write};

/// The number of bytes in a row.
const ROW: usize = 8;

pub(super) fn show(out: &mut dyn Write, atr: &Atr<'_>) -> io::Result<()> {
    let mut tree = Tree { out, findings: atr.findings().collect(), told: 0 };
    let bytes = atr.bytes();
    tree.line(bytes.get(..1), "TS", format_args!("{} convention", format!("{:?}", atr.convention()).to_lowercase()))?;
    let t0 = bytes.get(1).copied().unwrap_or(0);
    let k = atr.k();
    tree.line(
        bytes.get(1..2),
        "T0",
        format_args!("{}{}", counted(usize::from(k), "historical byte"), follows(t0 >> 4, 1)),
    )?;
    tree.findings_before(2)?;
    for level in atr.levels() {
        for (letter, byte) in [("TA", level.ta), ("TB", level.tb), ("TC", level.tc), ("TD", level.td)] {
            let Some(InterfaceByte { value, at }) = byte else { continue };
            let meaning = interface_byte(atr, letter, level.number, level.qualified_by, value);
            tree.line(Some(&[value]), &format!("{letter}{}", level.number), meaning)?;
            tree.findings_before(at + 1)?;
        }
    }
    historical(&mut tree, atr)?;
    let tck = atr.tck();
    let value = tck.value.map(|value| [value]).filter(|_| tck.state != TckState::Missing);
    let (word, style) = tck_word(tck.state);
    let right = match tck.state {
        TckState::Wrong | TckState::Missing => format!(", {:02X} would be right", tck.right),
        _ => String::new(),
    };
    if tck.state != TckState::NotNeeded {
        tree.line(value.as_ref().map(<[u8; 1]>::as_slice), "TCK", format_args!("{style}{word}{END}{right}"))?;
    }
    let surplus = atr.surplus().get(usize::from(tck.state == TckState::Unexpected)..).unwrap_or_default();
    tree.rows(surplus, "", "after the end")?;
    tree.findings_before(usize::MAX)?;
    writeln!(tree.out, "{}", summary(atr))?;
    times(tree.out, atr)
}

/// One line on what the card offers.
pub(crate) fn summary(atr: &Atr<'_>) -> String {
    let protocols: Vec<String> = atr.protocols().map(|protocol| protocol.to_string()).collect();
    let protocols = if protocols.is_empty() { "nothing".to_string() } else { protocols.join(", ") };
    let mode = match atr.specific_mode() {
        Some(mode) if mode.can_change => format!("specific mode, T={}, can be changed", mode.t),
        Some(mode) => format!("specific mode, T={}", mode.t),
        None => "negotiable".to_string(),
    };
    let (tck, _) = tck_word(atr.tck().state);
    let default = atr.default_protocol();
    let pcsc = atr.pcsc_protocol().map_or("none of its two".to_string(), |protocol| protocol.to_string());
    format!("{KEY}offers{END} {protocols}, {mode}; default {default}; PC/SC negotiates {pcsc}; TCK {tck}")
}

fn tck_word(state: TckState) -> (&'static str, Style) {
    match state {
        TckState::NotNeeded => ("not needed", Style::new()),
        TckState::Right => ("right", GOOD),
        TckState::Wrong => ("wrong", BAD),
        TckState::Missing => ("missing", BAD),
        TckState::Unexpected => ("not expected", CARE),
    }
}

/// The lines that are written, and the findings that are still to come.
struct Tree<'o> {
    out: &'o mut dyn Write,
    findings: Vec<Finding>,
    told: usize,
}

impl Tree<'_> {
    fn line(&mut self, bytes: Option<&[u8]>, name: &str, meaning: impl Display) -> io::Result<()> {
        let hex: Vec<String> = bytes.unwrap_or_default().iter().map(|byte| format!("{byte:02X}")).collect();
        writeln!(self.out, "{BOLD}{:<24}{END} {KEY}{name:<5}{END} {meaning}", hex.join(" "))
    }

    /// Bytes in rows, each with its text; the first one with what they are.
    fn rows(&mut self, bytes: &[u8], indent: &str, what: &str) -> io::Result<()> {
        for (n, row) in bytes.chunks(ROW).enumerate() {
            let what = if n == 0 { what } else { "" };
            let space = if what.is_empty() { "" } else { "  " };
            self.line(Some(row), "", format_args!("{indent}{what}{space}{KEY}{}{END}", text(row)))?;
        }
        Ok(())
    }

    /// The findings about bytes before an offset. That about the length comes last of all.
    fn findings_before(&mut self, end: usize) -> io::Result<()> {
        while let Some(finding) = self.findings.get(self.told).filter(|finding| finding.at < end) {
            let rule = finding.rule;
            writeln!(
                self.out,
                "{:<30} {CARE}! {finding}{END} {CARE}(byte {}){END}: {} {KEY}({}, {}){END}",
                "",
                finding.at,
                rule.text(),
                rule.standard(),
                rule.clause()
            )?;
            self.told += 1;
        }
        Ok(())
    }
}

fn interface_byte(atr: &Atr<'_>, letter: &str, level: usize, t: Option<u8>, value: u8) -> String {
    match (letter, level, t) {
        ("TD", _, _) => format!("{}{}", protocol(value & 0x0F), follows(value >> 4, level + 1)),
        ("TA", 1, _) => ta1(Ta1(value)),
        ("TB", 1, _) => match atr.vpp() {
            Some(vpp) if vpp.volts > 0 => {
                let current = vpp.milliamperes.map_or("a reserved current".into(), |ma| format!("{ma} mA"));
                format!("programming voltage {} V, {current}", vpp.volts)
            }
            _ => "no programming voltage".into(),
        },
        ("TC", 1, _) => match value {
            255 => "N 255: the shortest guard time, 12 etu, and 11 etu in T=1".into(),
            n => format!("N {n}: extra guard time"),
        },
        ("TA", 2, _) => {
            let rate = if value & 0x10 == 0 { "the rate of TA1" } else { "a rate known otherwise" };
            let change = if value & 0x80 == 0 { "can be changed" } else { "cannot be changed" };
            format!("specific mode: {}, {rate}, {change}", protocol(value & 0x0F))
        }
        ("TB", 2, _) => format!("programming voltage {}.{} V", value / 10, value % 10),
        ("TC", 2, _) => format!("T=0: WI {value}"),
        ("TA", _, Some(1)) => format!("T=1: IFSC {value}, the bytes that the card takes in a block"),
        ("TB", _, Some(1)) => format!("T=1: BWI {}, CWI {}", value >> 4, value & 0x0F),
        ("TC", _, Some(1)) => format!("T=1: {}", if value & 1 == 0 { "LRC" } else { "CRC" }),
        ("TA", _, Some(15)) => {
            let clock =
                ["may not be stopped", "may be stopped low", "may be stopped high", "may be stopped either way"];
            let clock = clock.get(usize::from(value >> 6)).copied().unwrap_or_default();
            format!("clock {clock}; {}", classes(Classes(value & 0x3F)))
        }
        ("TB", _, Some(15)) => contact_c6(Spu(value)),
        (_, _, Some(t)) => format!("for {}: no meaning", protocol(t)),
        _ => String::new(),
    }
}

fn ta1(ta1: Ta1) -> String {
    let number = |value: Option<u16>| value.map_or("reserved".to_string(), |value| value.to_string());
    let mut text = format!("Fi {}, Di {}", number(ta1.fi()), number(ta1.di().map(u16::from)));
    if let Some(rate) = ta1.rate() {
        let etu = cycles(rate.etu());
        text += &format!(": {etu} cycles an etu, {} bit/s at 4 MHz", rate.bits_per_second(CLOCK_HZ));
        if let Some(khz) = ta1.fmax_khz() {
            text += &format!(", {} at the most", rate.bits_per_second(u32::from(khz) * 1000));
        }
    }
    if let Some(khz) = ta1.fmax_khz() {
        text += &format!("; clock up to {} MHz", f64::from(khz) / 1000.0);
    }
    text
}

fn classes(classes: Classes) -> String {
    let names = [
        (Classes::A, "A (5 V)"),
        (Classes::B, "B (3 V)"),
        (Classes::C, "C (1.8 V)"),
        (Classes::D, "D (1.2 V, ETSI)"),
        (Classes::E, "E (ETSI)"),
    ];
    let names: Vec<&str> = names.into_iter().filter(|(class, _)| classes.any(*class)).map(|(_, name)| name).collect();
    if names.is_empty() { format!("class indicator {:02X}", classes.0) } else { format!("class {}", names.join(", ")) }
}

fn contact_c6(spu: Spu) -> String {
    match (spu.is_used(), spu.is_proprietary()) {
        (false, _) => "contact C6 not used".into(),
        (true, false) => "contact C6: reserved".into(),
        (true, true) => {
            let flags: Vec<&str> = spu.etsi().collect();
            let flags = if flags.is_empty() { String::new() } else { format!("; in a UICC: {}", flags.join(", ")) };
            format!("contact C6: proprietary{flags}")
        }
    }
}

fn historical(tree: &mut Tree<'_>, atr: &Atr<'_>) -> io::Result<()> {
    let Some(historical) = atr.historical() else { return Ok(()) };
    let bytes = atr.historical_bytes();
    let start = atr.historical_at();
    let category = bytes.get(..1);
    tree.line(None, "", format_args!("{KEY}historical bytes{END} {}", text(bytes)))?;
    match historical {
        Historical::CompactTlv { objects, status } => {
            let text = if bytes.first() == Some(&0) { "data objects and a status" } else { "data objects" };
            tree.line(category, "", format_args!("category {:02X}: {text}", bytes.first().copied().unwrap_or(0)))?;
            tree.findings_before(start + 1)?;
            let mut at = start + 1;
            let mut left = objects;
            for object in left.by_ref() {
                data_object(tree, &object)?;
                at += 1 + object.value.len();
                tree.findings_before(at)?;
            }
            tree.rows(left.rest(), "", "no data object")?;
            match status {
                Some(_) => {
                    tree.findings_before(at + 1)?;
                    tree.line(bytes.get(bytes.len().saturating_sub(3)..), "", status_text(status.as_ref()))?;
                }
                None if bytes.first() == Some(&0) => tree.rows(bytes.get(1..).unwrap_or_default(), "", "no status")?,
                None => {}
            }
        }
        Historical::DirDataReference(reference) => {
            let reference = reference.map_or("missing".into(), |reference| format!("{reference:02X}"));
            let text = format!("category 10: DIR data reference {reference} (proprietary since the edition of 2013)");
            tree.line(Some(bytes), "", text)?;
        }
        Historical::StorageCard(card) => storage_card(tree, bytes, &card)?,
        Historical::Reserved(_) => tree.rows(bytes, "", "reserved category")?,
        Historical::Proprietary(_) => tree.rows(bytes, "", "proprietary")?,
    }
    tree.findings_before(start + bytes.len())
}

fn storage_card(tree: &mut Tree<'_>, bytes: &[u8], card: &StorageCard<'_>) -> io::Result<()> {
    tree.line(bytes.get(..3), "", format_args!("a storage card, told by the reader; {} bytes", card.announced))?;
    tree.line(bytes.get(3..8), "", "  PC/SC Workgroup")?;
    let standard = card.standard.name().unwrap_or("a reserved standard");
    tree.line(bytes.get(8..9), "", format_args!("  {standard}"))?;
    let name = match card.name() {
        Some(name) if card.is_vendors() => format!("{name} (a reader maker's number)"),
        Some(name) => name.to_string(),
        None if card.number == StorageCard::NO_NAME => "no name given".into(),
        None => "no known name".into(),
    };
    tree.line(bytes.get(9..11), "", format_args!("  {name}"))?;
    tree.rows(bytes.get(11..).unwrap_or_default(), "  ", "reserved")
}

fn data_object(tree: &mut Tree<'_>, object: &DataObject<'_>) -> io::Result<()> {
    let (tag, value) = (object.tag, object.value);
    let what = object.text().unwrap_or("reserved");
    let header = [object.header()];
    tree.line(Some(&header), "", format_args!("tag {tag:X}, {}: {what}", counted(value.len(), "byte")))?;
    let meaning = match tag {
        1 => digits(value, "country"),
        2 => Some(format!("issuer {}", digits_of(value))),
        3 => value.first().filter(|_| value.len() == 1).map(|byte| service(CardServiceData(*byte))),
        4 => InitialAccess::of(value).map(|access| format!("by {}", spaced(&access.command()))),
        7 => match Capabilities::of(value) {
            Some(capabilities) => return tables(tree, value, &capabilities),
            None => None,
        },
        8 => StatusIndicator::of(value).map(|status| status_text(Some(&status))),
        _ => None,
    };
    match meaning {
        Some(meaning) => tree.line(Some(value), "", format_args!("  {meaning}")),
        None => tree.rows(value, "  ", ""),
    }
}

fn digits(value: &[u8], what: &str) -> Option<String> {
    (value.len() >= 2).then(|| format!("{what} {}", digits_of(value).chars().take(3).collect::<String>()))
}

fn digits_of(value: &[u8]) -> String {
    Digits::new(value).to_string()
}

fn service(service: CardServiceData) -> String {
    let mut parts = Vec::new();
    let mut add = |set: bool, text: &str| set.then(|| parts.push(text.to_string()));
    add(service.by_full_df_name(), "selection by full DF name");
    add(service.by_partial_df_name(), "by partial DF name");
    add(service.objects_in_dir(), "data objects in EF.DIR");
    add(service.objects_in_atr(), "data objects in EF.ATR/INFO");
    add(true, &format!("read by {}", service.access().unwrap_or("a reserved way")));
    add(true, if service.has_master_file() { "with MF" } else { "without MF" });
    parts.join(", ")
}

fn tables(tree: &mut Tree<'_>, value: &[u8], capabilities: &Capabilities) -> io::Result<()> {
    let methods: Vec<&str> = capabilities.selection.methods().collect();
    let methods = if methods.is_empty() { "nothing".to_string() } else { methods.join(", ") };
    tree.line(value.get(..1), "", format_args!("  selection by {methods}"))?;
    if let Some(coding) = capabilities.coding {
        let unit = match coding.data_unit_quartets() {
            1 => "half a byte".to_string(),
            quartets => counted(usize::from(quartets / 2), "byte"),
        };
        let tlv = if coding.tlv_files() { ", EFs of TLV structure" } else { "" };
        let ff = if coding.ff_is_tag() { ", FF may begin a tag" } else { "" };
        tree.line(
            value.get(1..2),
            "",
            format_args!("  {}, data unit {unit}{tlv}{ff}", coding.write_behaviour().text()),
        )?;
    }
    if let Some(commands) = capabilities.commands {
        let mut parts = Vec::new();
        let mut add = |set: bool, text: &str| set.then(|| parts.push(text.to_string()));
        add(commands.command_chaining(), "command chaining");
        add(commands.extended_length(), "extended Lc and Le");
        add(commands.extended_length_information(), "lengths told in EF.ATR/INFO (2013 and later; reserved in 2005)");
        add(commands.channel_by_card(), "channel numbers by the card");
        add(commands.channel_by_reader(), "channel numbers by the reader");
        let channels = match commands.channels() {
            1 => "no logical channels".to_string(),
            8 => "8 or more logical channels".to_string(),
            count => format!("{count} logical channels"),
        };
        add(true, &channels);
        tree.line(value.get(2..3), "", format_args!("  {}", parts.join(", ")))?;
    }
    Ok(())
}

fn status_text(status: Option<&StatusIndicator>) -> String {
    let life_cycle = status.and_then(|status| status.life_cycle).map(|lcs| lcs.name().replace('-', " "));
    let sw = status.and_then(|status| status.sw).map(|sw| format!("SW {sw:04X}"));
    let parts: Vec<String> = [life_cycle, sw].into_iter().flatten().collect();
    format!("status: {}", parts.join(", "))
}

fn times(out: &mut dyn Write, atr: &Atr<'_>) -> io::Result<()> {
    let Some(rate) = atr.rate_after_reset() else { return Ok(()) };
    let timing = atr.timing(rate);
    let time = |name: &str, ratio: Ratio| format!("{name} {}", duration(ratio));
    let mut parts = vec![time("etu", timing.etu), time("GT", timing.gt)];
    parts.extend(timing.wt.map(|wt| time("WT", wt)));
    if let Some(block) = timing.t1 {
        let named = [("CGT", block.cgt), ("CWT", block.cwt), ("BGT", block.bgt), ("BWT", block.bwt)];
        parts.extend(named.map(|(name, ratio)| time(name, ratio)));
    }
    if let Some(t1) = atr.t1() {
        parts.push(format!("IFSC {}", t1.ifsc));
        parts.push(if t1.edc == Edc::Crc { "CRC".into() } else { "LRC".into() });
    }
    writeln!(out, "{KEY}after reset at 4 MHz{END} F {}, D {}: {}", rate.f(), rate.d(), parts.join(", "))
}

fn duration(ratio: Ratio) -> String {
    match ratio.nanoseconds(CLOCK_HZ).unwrap_or(0) {
        nanos @ 0..1_000_000 => format!("{:.1} µs", nanos as f64 / 1e3),
        nanos @ 1_000_000..1_000_000_000 => format!("{:.1} ms", nanos as f64 / 1e6),
        nanos => format!("{:.2} s", nanos as f64 / 1e9),
    }
}

fn cycles(ratio: Ratio) -> String {
    let (cycles, per) = (ratio.cycles(), u64::from(ratio.per()));
    if cycles.is_multiple_of(per) { (cycles / per).to_string() } else { format!("{:.2}", cycles as f64 / per as f64) }
}

/// `1 byte`, `2 bytes`.
fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// The interface bytes that a Y announces at a level.
fn follows(y: u8, level: usize) -> String {
    let names = ["TA", "TB", "TC", "TD"].into_iter().enumerate();
    let names: Vec<String> =
        names.filter(|(n, _)| y & (1 << n) != 0).map(|(_, name)| format!("{name}{level}")).collect();
    if names.is_empty() { String::new() } else { format!("; {} next", names.join(", ")) }
}

fn protocol(t: u8) -> String {
    if t == 15 { "global bytes (T=15)".into() } else { format!("T={t}") }
}

fn text(bytes: &[u8]) -> String {
    bytes.iter().map(|&byte| if (0x20..0x7F).contains(&byte) { char::from(byte) } else { '·' }).collect()
}

fn spaced(bytes: &[u8]) -> String {
    let hex: Vec<String> = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
    hex.join(" ")
}
