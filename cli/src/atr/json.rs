//! An ATR as a JSON object: what it says, and what is wrong with it.
//!
//! What is no ATR has an object too: `fatal` says why, and the fields say what there is of it.

use crate::known_cards::KnownCards;
use cardwright::core::atr::{
    Atr, Capabilities, Category, Convention, DataObject, Edc, EmvRule, Finding, Historical, LevelParts, Levels, Ratio,
    Reset, StatusIndicator,
};
use cardwright::core::{Code, Error};
use serde_json::{Value, json};

/// The clock that times and rates are given at: what most readers give a card.
pub(super) const CLOCK_HZ: u32 = 4_000_000;

pub(super) fn of_atr(atr: &Atr<'_>, known: Option<&KnownCards>) -> Value {
    let mut object = json!({});
    let tck = atr.tck();
    let findings: Vec<Finding> = atr.findings().collect();
    object["atr"] = format!("{atr:x}").into();
    object["findings"] = findings.iter().map(Finding::to_string).collect();
    object["fatal"] = Value::Null;
    object["convention"] = convention(atr.bytes());
    object["levels"] = levels(atr.bytes());
    object["k"] = atr.k().into();
    object["historical"] = hex(atr.historical_bytes()).into();
    object["protocols"] = atr.protocols().map(|protocol| protocol.t()).collect();
    object["first_offered"] = atr.first_offered().map(|protocol| protocol.t()).into();
    object["default_protocol"] = atr.default_protocol().t().into();
    object["pcsc_protocol"] = atr.pcsc_protocol().map(|protocol| protocol.t()).into();
    object["t15"] = atr.indicates_t15().into();
    object["tck_required"] = tck.expected().into();
    object["tck"] = tck.value.filter(|_| tck.expected()).into();
    object["tck_ok"] = tck.value.filter(|_| tck.expected()).map(|value| value == tck.right).into();
    object["tck_right"] = tck.right.into();
    if !atr.surplus().is_empty() {
        object["extra"] = hex(atr.surplus()).into();
    }
    let ta1 = atr.ta1();
    object["fi"] = ta1.fi().into();
    object["di"] = ta1.di().into();
    object["fmax_khz"] = ta1.fmax_khz().into();
    if let Some(vpp) = atr.vpp() {
        object["vpp"] = json!({ "ii_ma": vpp.milliamperes, "pi1": vpp.volts });
    }
    object["n"] = atr.n().into();
    if let Some(mode) = atr.specific_mode() {
        object["specific"] = json!({ "t": mode.t, "can_change": mode.can_change, "implicit_fd": mode.implicit });
    }
    if let Some(pi2) = atr.pi2() {
        object["pi2"] = pi2.into();
    }
    if let Some(wi) = atr.wi() {
        object["wi"] = wi.into();
    }
    if let Some(t1) = atr.t1() {
        let edc = if t1.edc == Edc::Crc { "crc" } else { "lrc" };
        object["t1"] = json!({ "ifsc": t1.ifsc, "bwi": t1.bwi, "cwi": t1.cwi, "edc": edc });
    }
    let globals = atr.globals();
    object["t15_params"] = json!({
        "clock_stop": globals.clock_stop.name(),
        "class_bits": globals.classes.0,
        "spu": globals.spu.0,
        "etsi": globals.spu.etsi().collect::<Vec<_>>(),
    });
    object["hb"] =
        atr.historical().map_or(Value::Null, |historical| of_historical(atr.historical_bytes(), &historical));
    object["rate"] = ta1.rate().map_or(Value::Null, |rate| {
        let at = |clock: u32| rate.bits_per_second(clock);
        json!({
            "clock_hz": CLOCK_HZ,
            "bits_per_second": at(CLOCK_HZ),
            "bits_per_second_at_fmax": ta1.fmax_khz().map(|khz| at(u32::from(khz) * 1000)),
        })
    });
    object["timing"] = atr.rate_after_reset().map_or(Value::Null, |rate| {
        let timing = atr.timing(rate);
        let block = timing.t1;
        json!({
            "f": rate.f(),
            "d": rate.d(),
            "etu": ratio(timing.etu),
            "gt": ratio(timing.gt),
            "wt": timing.wt.map(ratio),
            "cgt": block.map(|block| ratio(block.cgt)),
            "cwt": block.map(|block| ratio(block.cwt)),
            "bgt": block.map(|block| ratio(block.bgt)),
            "bwt": block.map(|block| ratio(block.bwt)),
        })
    });
    object["finding_details"] = findings.iter().map(of_finding).collect();
    object["emv_refusals"] = atr.emv_refusals(Reset::Cold).map(EmvRule::name).collect();
    if let Some(known) = known {
        object["cards"] = known.find(atr.bytes()).collect();
    }
    object
}

/// What can be said of a text that is no ATR.
pub(super) fn of_failure(text: &str, error: &Error) -> Value {
    let bytes = bytes_of(text);
    let fatal = match (error.code, error.what) {
        (Code::Short, "TS" | "T0") => "too-short",
        (Code::Short, "historical bytes") => "truncated-historical-bytes",
        (Code::Short, _) => "truncated-interface-bytes",
        (Code::Ts, _) => "bad-ts",
        (Code::Room, _) => "too-long",
        _ => "not-hexadecimal",
    };
    let mut object = json!({});
    let readable = !matches!(fatal, "too-long" | "not-hexadecimal");
    object["atr"] = if readable { hex(&bytes).into() } else { text.into() };
    let too_long = readable && bytes.len() > cardwright::core::atr::MAX_LENGTH;
    object["findings"] = if too_long { json!(["longer-than-33"]) } else { json!([]) };
    object["fatal"] = fatal.into();
    if readable && bytes.len() >= 2 {
        object["convention"] = convention(&bytes);
    }
    if fatal.starts_with("truncated") {
        object["levels"] = levels(&bytes);
    }
    if fatal == "truncated-historical-bytes" {
        let k = bytes.get(1).map_or(0, |t0| usize::from(t0 & 0x0F));
        let interface: usize = Levels::of(&bytes)
            .map(|level| [level.ta, level.tb, level.tc, level.td].into_iter().flatten().count())
            .sum();
        let there = bytes.get(2 + interface..).unwrap_or_default();
        object["k"] = k.into();
        object["historical"] = hex(there).into();
        object["missing"] = (k - there.len().min(k)).into();
    }
    object["error"] = error.to_string().into();
    object["at"] = error.at.into();
    object
}

fn of_finding(finding: &Finding) -> Value {
    json!({
        "name": finding.to_string(),
        "number": finding.rule.number(),
        "at": finding.at,
        "value": finding.value,
        "text": finding.rule.text(),
        "standard": finding.rule.standard(),
        "clause": finding.rule.clause(),
    })
}

fn of_historical(bytes: &[u8], historical: &Historical<'_>) -> Value {
    let mut object = json!({});
    let first = bytes.first().copied().unwrap_or(0);
    object["category"] = first.into();
    match historical {
        Historical::CompactTlv { objects, status } => {
            object["kind"] = "compact-tlv".into();
            if let Some(status) = status {
                let lcs = status.life_cycle.map(|lcs| (lcs.0, lcs.name()));
                object["status"] = json!({ "lcs": lcs.map(|l| l.0), "lcs_text": lcs.map(|l| l.1), "sw": sw(status) });
            }
            let mut left = *objects;
            let list: Vec<Value> = left.by_ref().map(|object| of_object(&object)).collect();
            object["tlv"] = list.into();
            let unread = match Category::of(first) {
                Category::CompactTlvStatus if status.is_none() => bytes.get(1..).unwrap_or_default(),
                _ => left.rest(),
            };
            if status.is_none() && Category::of(first) == Category::CompactTlvStatus || !unread.is_empty() {
                object["rest"] = hex(unread).into();
            }
        }
        Historical::DirDataReference(reference) => {
            object["kind"] = "dir-data-reference".into();
            object["dir_ref"] = (*reference).into();
        }
        Historical::StorageCard(card) => {
            object["kind"] = "pcsc-storage-card".into();
            object["pcsc"] = json!({
                "ss": card.standard.0,
                "nn": card.number,
                "rfu": hex(card.reserved),
                "standard": card.standard.name(),
                "name": card.name(),
            });
        }
        Historical::Reserved(_) => object["kind"] = "rfu".into(),
        Historical::Proprietary(_) => object["kind"] = "proprietary".into(),
    }
    object
}

fn of_object(object: &DataObject<'_>) -> Value {
    let mut entry = json!({});
    entry["tag"] = object.tag.into();
    entry["value"] = hex(object.value).into();
    if let (8, Some(status)) = (object.tag, StatusIndicator::of(object.value)) {
        if let Some(lcs) = status.life_cycle {
            entry["lcs"] = lcs.name().into();
        }
        if let Some(sw) = sw(&status) {
            entry["sw"] = sw.into();
        }
    }
    if let (7, Some(capabilities)) = (object.tag, Capabilities::of(object.value)) {
        capable(&mut entry, &capabilities);
    }
    entry
}

fn capable(entry: &mut Value, capabilities: &Capabilities) {
    entry["selection"] = capabilities.selection.methods().collect();
    if let Some(coding) = capabilities.coding {
        let unit = coding.data_unit_quartets();
        entry["tlv_files"] = coding.tlv_files().into();
        entry["write_behaviour"] = coding.write_behaviour().text().into();
        entry["ff_is_tag"] = coding.ff_is_tag().into();
        entry["data_unit_quartets"] = unit.into();
    }
    if let Some(commands) = capabilities.commands {
        entry["command_chaining"] = commands.command_chaining().into();
        entry["extended_length"] = commands.extended_length().into();
        entry["extended_length_information"] = commands.extended_length_information().into();
        entry["channel_by_card"] = commands.channel_by_card().into();
        entry["channel_by_reader"] = commands.channel_by_reader().into();
        let channels = match commands.channels() {
            8 => "8+".into(),
            count => count.into(),
        };
        entry["max_channels"] = channels;
    }
}

fn sw(status: &StatusIndicator) -> Option<String> {
    status.sw.map(|sw| format!("{sw:04X}"))
}

fn convention(bytes: &[u8]) -> Value {
    match bytes.first() {
        Some(&ts) if ts == Convention::Direct as u8 => "direct".into(),
        Some(&ts) if ts == Convention::Inverse as u8 => "inverse".into(),
        _ => Value::Null,
    }
}

fn levels(bytes: &[u8]) -> Value {
    let level = |level: cardwright::core::atr::Level| {
        let td = level.td.map(|td| td.value);
        let LevelParts { ta, tb, tc, .. } = level.into();
        let named = [("ta", ta), ("tb", tb), ("tc", tc), ("td", td)];
        let there = named.into_iter().filter_map(|(name, byte)| Some((name.to_string(), byte?.into())));
        Value::Object(there.collect())
    };
    Levels::of(bytes).map(level).collect()
}

/// Clock cycles, exact, and nanoseconds.
fn ratio(ratio: Ratio) -> Value {
    json!({ "cycles": ratio.cycles(), "per": ratio.per(), "nanoseconds": ratio.nanoseconds(CLOCK_HZ) })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bytes_of(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.chars().filter_map(|c| c.to_digit(16)).map(|digit| digit as u8).collect();
    digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}
