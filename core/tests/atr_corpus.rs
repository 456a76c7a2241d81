//! Real ATRs: what must hold of each, of each beginning of it, and of it with any bit changed.

use cardwright_testkit::atr::{bytes_of, flips_and_cuts, holds_together};
use std::fs;

/// A file with a JSON object a line, each with a field `atr`.
const REFERENCE: &str = "CARDWRIGHT_ATR_REFERENCE";
/// The list of pcsc-tools, where it is installed.
const LIST: &str = "/usr/share/pcsc/smartcard_list.txt";

#[test]
fn real_atrs_hold_together() {
    let atrs = atrs();
    let read = atrs.iter().filter(|atr| holds_together(atr)).count();
    println!("{read} of {} real ATRs", atrs.len());
    assert!(read > 40 && read * 100 > atrs.len() * 90);
}

#[test]
fn two_hundred_real_atrs_hold_together_truncated_or_with_any_bit_flipped() {
    let atrs = atrs();
    let step = (atrs.len() / 200).max(1);
    let chosen: Vec<_> = atrs.iter().step_by(step).take(200).collect();
    let changed: Vec<_> = chosen.iter().flat_map(|atr| flips_and_cuts(atr)).collect();
    let read = changed.iter().filter(|atr| holds_together(atr)).count();
    println!("{} ATRs, changed in {} ways, {read} of them readable", chosen.len(), changed.len());
    assert!(chosen.len() > 40 && changed.len() > chosen.len() * 50 && read > chosen.len() * 30);
}

/// ATRs from the longest list that there is; those of the tests' own data where there is no other.
fn atrs() -> Vec<Vec<u8>> {
    let named = std::env::var_os(REFERENCE).map(|file| fs::read_to_string(file).expect("the file that is named"));
    let json = |text: &str| -> Vec<Vec<u8>> {
        let object = |line| serde_json::from_str::<serde_json::Value>(line).expect("JSON");
        text.lines().map(|line| bytes_of(object(line)["atr"].as_str().expect("hex"))).collect()
    };
    if let Some(text) = named {
        return json(&text);
    }
    match fs::read_to_string(LIST) {
        Ok(list) => {
            let is_atr = |line: &&str| line.starts_with('3') && line.chars().all(|c| c == ' ' || c.is_ascii_hexdigit());
            list.lines().filter(is_atr).map(bytes_of).collect()
        }
        Err(_) => {
            println!("ONLY OUR OWN ATRS: no {LIST} (apt install pcsc-tools), and {REFERENCE} is not set");
            assert!(std::env::var_os("CI").is_none(), "one of them must be there in CI: cargo xtask setup");
            let mut own = json(include_str!("data/atr_edge_cases.jsonl"));
            own.extend(
                include_str!("data/atr_peers.tsv").lines().map(|line| bytes_of(line.split('\t').next().unwrap_or(""))),
            );
            own.retain(|atr| matches!(atr.first(), Some(0x3B | 0x3F)));
            own
        }
    }
}
