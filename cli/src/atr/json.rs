//! An ATR as a JSON object: what it says, and what is wrong with it.
//!
//! What is no ATR has an object too: `fatal` says why, and the fields say what there is of it.

use crate::known_cards::KnownCards;
use cardwright::core::atr::{
    Atr, Capabilities, Category, Convention, DataObject, Edc, EmvRule, Finding, Historical, LevelParts, Levels, Ratio,
    Reset, StatusIndicator,
};
use cardwright::core::{Code, Error};
use serde_json::{Map, Value, json};

/// The clock that times and rates are given at: what most readers give a card.
pub(super) const CLOCK_HZ: u32 = 4_000_000;

pub(super) fn of_atr(atr: &Atr<'_>, known: Option<&KnownCards>) -> Value {
    let mut object = Map::new();
    let mut put = |name: &str, value: Value| {
        object.insert(name.into(), value);
    };
    let tck = atr.tck();
    let findings: Vec<Finding> = atr.findings().collect();
    put("atr", format!("{atr:x}").into());
    put("findings", findings.iter().map(Finding::to_string).collect());
    put("fatal", Value::Null);
    put("convention", convention(atr.bytes()));
    put("levels", levels(atr.bytes()));
    put("k", atr.k().into());
    put("historical", hex(atr.historical_bytes()).into());
    put("protocols", atr.protocols().map(|protocol| protocol.t()).collect());
    put("first_offered", atr.first_offered().map(|protocol| protocol.t()).into());
    put("default_protocol", atr.default_protocol().t().into());
    put("t15", atr.indicates_t15().into());
    put("tck_required", tck.expected().into());
    put("tck", tck.value.filter(|_| tck.expected()).into());
    put("tck_ok", tck.value.filter(|_| tck.expected()).map(|value| value == tck.right).into());
    put("tck_right", tck.right.into());
    if !atr.surplus().is_empty() {
        put("extra", hex(atr.surplus()).into());
    }
    let ta1 = atr.ta1();
    put("fi", ta1.fi().into());
    put("di", ta1.di().into());
    put("fmax_khz", ta1.fmax_khz().into());
    if let Some(vpp) = atr.vpp() {
        put("vpp", json!({ "ii_ma": vpp.milliamperes, "pi1": vpp.volts }));
    }
    put("n", atr.n().into());
    if let Some(mode) = atr.specific_mode() {
        put("specific", json!({ "t": mode.t, "can_change": mode.can_change, "implicit_fd": mode.implicit }));
    }
    if let Some(pi2) = atr.pi2() {
        put("pi2", pi2.into());
    }
    if let Some(wi) = atr.wi() {
        put("wi", wi.into());
    }
    if let Some(t1) = atr.t1() {
        let edc = if t1.edc == Edc::Crc { "crc" } else { "lrc" };
        put("t1", json!({ "ifsc": t1.ifsc, "bwi": t1.bwi, "cwi": t1.cwi, "edc": edc }));
    }
    let globals = atr.globals();
    put(
        "t15_params",
        json!({
            "clock_stop": globals.clock_stop.name(),
            "class_bits": globals.classes.0,
            "spu": globals.spu.0,
            "etsi": globals.spu.etsi().collect::<Vec<_>>(),
        }),
    );
    put("hb", atr.historical().map_or(Value::Null, |historical| of_historical(atr.historical_bytes(), &historical)));
    put(
        "rate",
        ta1.rate().map_or(Value::Null, |rate| {
            let at = |clock: u32| rate.bits_per_second(clock);
            json!({
                "clock_hz": CLOCK_HZ,
                "bits_per_second": at(CLOCK_HZ),
                "bits_per_second_at_fmax": ta1.fmax_khz().map(|khz| at(u32::from(khz) * 1000)),
            })
        }),
    );
    put(
        "timing",
        atr.rate_after_reset().map_or(Value::Null, |rate| {
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
        }),
    );
    put("finding_details", findings.iter().map(of_finding).collect());
    put("emv_refusals", atr.emv_refusals(Reset::Cold).map(EmvRule::name).collect());
    if let Some(known) = known {
        put("cards", known.find(atr.bytes()).collect());
    }
    Value::Object(object)
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
    let mut object = Map::new();
    let mut put = |name: &str, value: Value| {
        object.insert(name.into(), value);
    };
    let readable = !matches!(fatal, "too-long" | "not-hexadecimal");
    put("atr", if readable { hex(&bytes).into() } else { text.into() });
    let too_long = readable && bytes.len() > cardwright::core::atr::MAX_LENGTH;
    put("findings", if too_long { json!(["longer-than-33"]) } else { json!([]) });
    put("fatal", fatal.into());
    if readable && bytes.len() >= 2 {
        put("convention", convention(&bytes));
    }
    if fatal.starts_with("truncated") {
        put("levels", levels(&bytes));
    }
    if fatal == "truncated-historical-bytes" {
        let k = bytes.get(1).map_or(0, |t0| usize::from(t0 & 0x0F));
        let interface: usize = Levels::of(&bytes)
            .map(|level| [level.ta, level.tb, level.tc, level.td].into_iter().flatten().count())
            .sum();
        let there = bytes.get(2 + interface..).unwrap_or_default();
        put("k", k.into());
        put("historical", hex(there).into());
        put("missing", (k - there.len().min(k)).into());
    }
    put("error", error.to_string().into());
    put("at", error.at.into());
    Value::Object(object)
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
    let mut object = Map::new();
    let first = bytes.first().copied().unwrap_or(0);
    let mut put = |name: &str, value: Value| {
        object.insert(name.into(), value);
    };
    put("category", first.into());
    match historical {
        Historical::CompactTlv { objects, status } => {
            put("kind", "compact-tlv".into());
            if let Some(status) = status {
                let lcs = status.life_cycle.map(|lcs| (lcs.0, lcs.name()));
                put("status", json!({ "lcs": lcs.map(|l| l.0), "lcs_text": lcs.map(|l| l.1), "sw": sw(status) }));
            }
            let mut left = *objects;
            let list: Vec<Value> = left.by_ref().map(|object| of_object(&object)).collect();
            put("tlv", list.into());
            let unread = match Category::of(first) {
                Category::CompactTlvStatus if status.is_none() => bytes.get(1..).unwrap_or_default(),
                _ => left.rest(),
            };
            if status.is_none() && Category::of(first) == Category::CompactTlvStatus || !unread.is_empty() {
                put("rest", hex(unread).into());
            }
        }
        Historical::DirDataReference(reference) => {
            put("kind", "dir-data-reference".into());
            put("dir_ref", (*reference).into());
        }
        Historical::StorageCard(card) => {
            put("kind", "pcsc-storage-card".into());
            put(
                "pcsc",
                json!({
                    "ss": card.standard.0,
                    "nn": card.number,
                    "rfu": hex(card.reserved),
                    "standard": card.standard.name(),
                    "name": card.name(),
                }),
            );
        }
        Historical::Reserved(_) => put("kind", "rfu".into()),
        Historical::Proprietary(_) => put("kind", "proprietary".into()),
    }
    Value::Object(object)
}

fn of_object(object: &DataObject<'_>) -> Value {
    let mut entry = Map::new();
    entry.insert("tag".into(), object.tag.into());
    entry.insert("value".into(), hex(object.value).into());
    if let (8, Some(status)) = (object.tag, StatusIndicator::of(object.value)) {
        if let Some(lcs) = status.life_cycle {
            entry.insert("lcs".into(), lcs.name().into());
        }
        if let Some(sw) = sw(&status) {
            entry.insert("sw".into(), sw.into());
        }
    }
    if let (7, Some(capabilities)) = (object.tag, Capabilities::of(object.value)) {
        capable(&mut entry, &capabilities);
    }
    Value::Object(entry)
}

fn capable(entry: &mut Map<String, Value>, capabilities: &Capabilities) {
    entry.insert("selection".into(), capabilities.selection.methods().collect());
    if let Some(coding) = capabilities.coding {
        let unit = coding.data_unit_quartets();
        entry.insert("tlv_files".into(), coding.tlv_files().into());
        entry.insert("write_behaviour".into(), coding.write_behaviour().text().into());
        entry.insert("ff_is_tag".into(), coding.ff_is_tag().into());
        entry.insert("data_unit_quartets".into(), unit.into());
    }
    if let Some(commands) = capabilities.commands {
        entry.insert("command_chaining".into(), commands.command_chaining().into());
        entry.insert("extended_length".into(), commands.extended_length().into());
        entry.insert("extended_length_information".into(), commands.extended_length_information().into());
        entry.insert("channel_by_card".into(), commands.channel_by_card().into());
        entry.insert("channel_by_reader".into(), commands.channel_by_reader().into());
        let channels = match commands.channels() {
            8 => "8+".into(),
            count => count.into(),
        };
        entry.insert("max_channels".into(), channels);
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
