//! `atr`, by the JSON that it writes: against a second decoder, and where other readers are wrong.

mod common;

use cardwright_cli::known_cards::KnownCards;
use cardwright_core::atr::Atr;
use common::{Done, cardwright, run};
use serde_json::{Value, json};
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// What a second decoder, written apart from this library, says of ATRs made for the purpose.
const EDGE_CASES: &str = include_str!("../../core/tests/data/atr_edge_cases.jsonl");
/// Columns: hex, place in the JSON, what stands there, who is wrong.
const PEERS: &str = include_str!("../../core/tests/data/atr_peers.tsv");
/// A file of such lines, with real ATRs, which may lie elsewhere.
const REFERENCE: &str = "CARDWRIGHT_ATR_REFERENCE";

#[test]
fn every_field_of_the_edge_cases_is_what_a_second_decoder_says() {
    assert!(compare(EDGE_CASES) >= 40);
}

#[test]
fn every_field_of_real_atrs_is_what_a_second_decoder_says() {
    if let Some(file) = std::env::var_os(REFERENCE) {
        let lines = fs::read_to_string(&file).expect("the file that the environment names");
        let count = compare(&lines);
        println!("{count} ATRs, every field the same");
        assert!(count > 0);
        return;
    }
    println!("NOT COMPARED: {REFERENCE} names no file of a second decoder's");
    let Some(cards) = KnownCards::usual_file().and_then(|file| KnownCards::load(&file).ok()) else {
        println!("NOT CHECKED EITHER: no smartcard_list.txt of pcsc-tools");
        assert!(std::env::var_os("CI").is_none(), "pcsc-tools must be there in CI: cargo xtask setup");
        return;
    };
    let mut count = 0;
    for bytes in cards.atrs() {
        let Ok(atr) = Atr::parse(bytes) else { continue };
        let mut built = [0; 64];
        let length = atr.parts().write(&mut built).expect("room");
        let whole =
            atr.bytes().len() - atr.surplus().len() + usize::from(atr.tck().value.is_some() && !atr.tck().expected());
        assert!(bytes.starts_with(&built[..length]), "{atr}");
        assert!(length <= whole, "{atr}");
        count += 1;
    }
    println!("{count} ATRs taken apart and built again");
    assert!(count > 1000, "{count}");
}

#[test]
fn where_other_readers_are_wrong_it_is_right() {
    let rows: Vec<Vec<&str>> =
        PEERS.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t').collect()).collect();
    let text: String = rows.iter().map(|row| format!("{}\n", row[0])).collect();
    let objects = objects(&text);
    assert!(objects.len() == rows.len() && rows.len() > 40);
    for (row, object) in rows.iter().zip(&objects) {
        let [hex, place, wanted, who] = row[..] else { panic!("{row:?}") };
        let told = || object["findings"].as_array().expect("a list").iter().any(|name| name == wanted);
        match place {
            "+" => assert!(told(), "{hex} ({who}): {object}"),
            "-" => assert!(!told(), "{hex} ({who}): {object}"),
            place => {
                let wanted: Value = serde_json::from_str(wanted).expect("JSON");
                assert_eq!(object.pointer(place), Some(&wanted), "{hex} ({who}): {object}");
            }
        }
    }
}

#[test]
fn each_line_gets_an_object_whatever_it_is() {
    let long = "00".repeat(20_000);
    let text = format!("3b00\n\n  3B 8D:01  \nno ATR\n3\n{long}\n\u{FEFF}3b00\n3f00");
    let fatal: Vec<Value> = objects(&text).into_iter().map(|object| object["fatal"].clone()).collect();
    let wanted = json!([
        null,
        "too-short",
        "truncated-historical-bytes",
        "not-hexadecimal",
        "not-hexadecimal",
        "too-long",
        "not-hexadecimal",
        null
    ]);
    assert_eq!(Value::Array(fatal), wanted);
    let object = &objects("3b 8g\n")[0];
    assert_eq!((&object["atr"], &object["at"]), (&json!("3b 8g"), &json!(4)));
    assert!(object["error"].as_str().expect("words").contains("hexadecimal"), "{object}");
}

#[test]
fn the_tree_has_bytes_meanings_and_findings_with_their_clause_and_no_colour_in_a_pipe() {
    let done = run(&mut cardwright(&["atr", "3bfd1300008131fe158073c021c057597562694b657941"]));
    assert_eq!(done.code, 0);
    for expected in [
        "TS    direct convention",
        "13 historical bytes; TA1, TB1, TC1, TD1 next",
        "Fi 372, Di 4: 93 cycles an etu, 43010 bit/s at 4 MHz, 53763 at the most; clock up to 5 MHz",
        "T=1: IFSC 254",
        "T=1: BWI 1, CWI 5",
        "tag 7, 3 bytes: card capabilities",
        "command chaining, extended Lc and Le",
        "YubiKey",
        "TCK   wrong, 40 would be right",
        "! tb1-deprecated (byte 3)",
        "! tck-wrong (byte 22)",
        "ISO/IEC 7816-3:2006, 8.2.5",
        "offers T=1, negotiable; default T=1; PC/SC negotiates T=1",
    ] {
        assert!(done.out.contains(expected), "{expected}:\n{}", done.out);
    }
    assert!(!done.out.contains('\u{1b}'), "colour in a pipe");
    let coloured = run(&mut cardwright(&["atr", "--color", "always", "3b801f41"]));
    assert!(coloured.out.contains('\u{1b}'));
}

#[test]
fn what_a_payment_terminal_refuses_is_told_when_asked_for() {
    let plain = run(&mut cardwright(&["atr", "3bf09400001000"]));
    assert!(!plain.out.contains("payment"), "{}", plain.out);
    let asked = run(&mut cardwright(&["atr", "--emv", "3bf09400001000"]));
    assert!(asked.out.contains("a payment terminal refuses it: ta1-rate"), "{}", asked.out);
    let taken = run(&mut cardwright(&["atr", "--emv", "3b600000"]));
    assert!(taken.out.contains("a payment terminal takes it"), "{}", taken.out);
    assert_eq!(objects("3bf09400001000\n")[0]["emv_refusals"], json!(["ta1-rate"]));
}

#[test]
fn for_people_lines_are_shown_one_after_another_and_what_is_no_atr_makes_it_fail() {
    let done = piped(&["atr", "-"], "3b00\nzz\n3f00\n");
    assert_eq!(done.code, 1, "{done:?}");
    assert!(done.out.contains("direct convention") && done.out.contains("inverse convention"), "{done:?}");
    assert!(done.out.contains("line 2") && done.out.contains("'z'"), "{done:?}");
    assert_eq!(piped(&["atr", "-"], "3b00\n").code, 0);
}

#[test]
fn known_cards_come_from_the_users_own_list() {
    let folder = common::process::folder("known-cards");
    fs::create_dir_all(&folder).expect("a folder");
    let list = folder.join("smartcard_list.txt");
    fs::write(&list, "# a list\n\n3B 8D 01 80 .. [0-A]0 00 00 03 97 42 54 46 59 03 01 C8\n\tA card\twith \u{1b}[31m\n")
        .expect("a file");
    let file = list.to_str().expect("UTF-8");
    let atr = "3b8d0180fba000000397425446590301c8";
    let done = run(&mut cardwright(&["atr", "--file", file, atr]));
    assert!(done.out.contains("known as A card") && !done.out.contains('\u{1b}'), "{done:?}");
    let done = run(&mut cardwright(&["atr", "--json", "--file", file, atr]));
    assert_eq!(done.json()["cards"], json!(["A card\twith \u{1b}[31m"]));
    let done = run(cardwright(&["atr", "--json", "3b00"]).env("XDG_CACHE_HOME", &folder));
    assert_eq!(done.json()["cards"], json!([]), "{done:?}");
    let missing = run(&mut cardwright(&["atr", "--file", "/no/such/file", atr]));
    assert!(missing.code == 1 && missing.err.contains("apt install pcsc-tools"), "{missing:?}");
    // An empty list does not hide another one.
    fs::write(&list, "").expect("a file");
    let done = run(cardwright(&["atr", "3b00"]).env("XDG_CACHE_HOME", &folder));
    assert_eq!(done.err.is_empty(), Path::new("/usr/share/pcsc/smartcard_list.txt").exists(), "{done:?}");
    fs::remove_dir_all(&folder).expect("removed");
}

/// Compares with what a second decoder says; returns how many ATRs there were. Each of its fields
/// must be ours, and each field of ours that it knows must be one of its own in that ATR.
fn compare(lines: &str) -> usize {
    let wanted: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let text: String = wanted.iter().map(|object| format!("{}\n", object["atr"].as_str().expect("hex"))).collect();
    let objects = objects(&text);
    assert_eq!(objects.len(), wanted.len());
    for (ours, theirs) in objects.iter().zip(&wanted) {
        same(ours, theirs, "");
        for (ours, theirs, names) in [
            (ours, theirs, &["wi", "t1", "specific", "vpp", "pi2", "extra", "missing", "k", "levels"][..]),
            (&ours["hb"], &theirs["hb"], &["status", "tlv", "rest", "pcsc", "dir_ref"]),
        ] {
            for name in names {
                assert_eq!(ours.get(name).is_some(), theirs.get(name).is_some(), "{name}: {ours}");
            }
        }
    }
    wanted.len()
}

fn same(ours: &Value, theirs: &Value, place: &str) {
    match (ours, theirs) {
        (Value::Object(ours), Value::Object(theirs)) => {
            for (name, theirs) in theirs.iter().filter(|(name, _)| *name != "note") {
                let ours = ours.get(name).unwrap_or_else(|| panic!("no {place}/{name}: {ours:?}"));
                same(ours, theirs, &format!("{place}/{name}"));
            }
        }
        // In any order, and each as often as it may.
        (Value::Array(_), Value::Array(_)) if place == "/findings" => {
            let names = |list: &Value| {
                let mut names: Vec<String> = list.as_array().into_iter().flatten().map(Value::to_string).collect();
                names.sort();
                names.dedup();
                names
            };
            assert_eq!(names(ours), names(theirs), "{place}");
        }
        (Value::Array(ours), Value::Array(theirs)) => {
            assert_eq!(ours.len(), theirs.len(), "{place}: {ours:?}");
            for (n, (ours, theirs)) in ours.iter().zip(theirs).enumerate() {
                same(ours, theirs, &format!("{place}/{n}"));
            }
        }
        (ours, theirs) => assert_eq!(ours, theirs, "{place}"),
    }
}

/// What the command says of lines.
fn objects(text: &str) -> Vec<Value> {
    let done = piped(&["atr", "--json", "-"], text);
    assert_eq!(done.code, 0, "{}", done.err);
    done.out.lines().map(|line| serde_json::from_str(line).expect("an object a line")).collect()
}

fn piped(arguments: &[&str], text: &str) -> Done {
    let mut command: Command = cardwright(arguments);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs");
    let mut stdin = child.stdin.take().expect("piped");
    let text = text.to_string();
    let writer = std::thread::spawn(move || stdin.write_all(text.as_bytes()));
    let output = child.wait_with_output().expect("it ends");
    writer.join().expect("no panic").expect("it reads all");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    Done { code: output.status.code().expect("no signal"), out: text(output.stdout), err: text(output.stderr) }
}
