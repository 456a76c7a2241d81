//! How fast is an ATR read, beside other readers of ATRs, over thousands of real ones?
//!
//! Prints nanoseconds for each ATR, the least of many rounds, and instructions where valgrind is
//! there. A peer that is missing is named.

use cardwright_core::atr::{Atr, Historical};
use std::fs;
use std::hint::black_box;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

#[path = "../cli/src/known_cards.rs"]
#[allow(dead_code, unreachable_pub)]
mod known_cards;

use known_cards::KnownCards;

const ROUNDS: usize = 400;
const LIST: &str = "/usr/share/pcsc/smartcard_list.txt";
const JAVA: &str = include_str!("atr/Javax.java");
const PYTHON: &str = include_str!("atr/pyscard_atr.py");

/// A question: its name, what is measured, and how.
type Question = (&'static str, &'static str, fn(&[u8]) -> usize);

const QUESTIONS: [Question; 3] = [
    ("structure", "levels, protocols, lengths, TCK", structure),
    ("findings", "structure, and every rule", findings),
    ("everything", "every value, historical bytes, every rule", everything),
];

fn main() {
    let atrs = atrs();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [count, question, rounds] = &arguments[..] {
        assert_eq!(count, "--count");
        return repeat(&atrs, question, rounds.parse().expect("a number"));
    }
    println!("{} ATRs of {LIST}, the least of {ROUNDS} rounds", atrs.len());
    let folder = std::env::temp_dir().join(format!("cardwright-atr-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join("atrs.txt");
    fs::write(&file, atrs.iter().map(|atr| format!("{}\n", hex(atr))).collect::<String>()).expect("a file");

    let mut rows = Vec::new();
    for (name, what, question) in QUESTIONS {
        let nanos = least(atrs.len(), || atrs.iter().map(|atr| question(black_box(atr))).sum());
        rows.push((format!("cardwright, {name}: {what}"), Some(nanos), instructions(name, atrs.len())));
    }
    let text = fs::read_to_string(LIST).unwrap_or_default();
    let start = Instant::now();
    let cards = KnownCards::new(text);
    let loaded = start.elapsed();
    let nanos = least(atrs.len(), || atrs.iter().map(|atr| cards.find(black_box(atr)).count()).sum());
    rows.push((
        format!("cardwright, look-up among {} entries", cards.len()),
        Some(nanos),
        instructions("find", atrs.len()),
    ));
    rows.push((
        "cardwright atr --json -, whole process: everything as text".into(),
        ours_as_text(&file, atrs.len()),
        None,
    ));
    for (name, nanos) in peers(&folder, &file) {
        rows.push((name, nanos, None));
    }
    fs::remove_dir_all(&folder).expect("removed");

    println!("the list is read and indexed in {:.1} ms\n", loaded.as_secs_f64() * 1e3);
    println!("{:<72} {:>14} {:>14}", "", "ns an ATR", "instructions");
    for (name, nanos, count) in rows {
        let nanos = nanos.map_or("MISSING".into(), |nanos| format!("{nanos:.1}"));
        let count = count.map_or(String::new(), |count| count.to_string());
        println!("{name:<72} {nanos:>14} {count:>14}");
    }
}

fn structure(bytes: &[u8]) -> usize {
    Atr::parse(bytes).map_or(0, |atr| atr.historical_at() + atr.tck().state as usize)
}

fn findings(bytes: &[u8]) -> usize {
    Atr::parse(bytes).map_or(0, |atr| atr.broken_rules().bits().count_ones() as usize)
}

fn everything(bytes: &[u8]) -> usize {
    let Ok(atr) = Atr::parse(bytes) else { return 0 };
    let ta1 = atr.ta1();
    black_box((ta1.fi(), ta1.di(), ta1.fmax_khz(), atr.n(), atr.wi(), atr.vpp(), atr.specific_mode()));
    black_box((atr.t1(), atr.globals(), atr.default_protocol(), atr.tck(), atr.rate_after_reset()));
    let mut count = atr.protocols().count();
    if let Some(historical) = atr.historical() {
        match historical {
            Historical::CompactTlv { objects, status } => {
                black_box(status);
                count += objects.map(|object| black_box(object).value.len()).sum::<usize>();
                black_box((historical.capabilities(), historical.card_service_data(), historical.status()));
            }
            Historical::StorageCard(card) => count += usize::from(black_box(card).number),
            _ => {}
        }
    }
    count + black_box(atr.broken_rules()).bits().count_ones() as usize
}

/// The least time for an ATR, in nanoseconds.
fn least(atrs: usize, mut round: impl FnMut() -> usize) -> f64 {
    let mut least = Duration::MAX;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        black_box(round());
        least = least.min(start.elapsed());
    }
    least.as_nanos() as f64 / atrs as f64
}

fn repeat(atrs: &[Vec<u8>], question: &str, rounds: usize) {
    let cards = (question == "find").then(|| KnownCards::new(fs::read_to_string(LIST).unwrap_or_default()));
    let asked = QUESTIONS.iter().find(|(name, ..)| *name == question).map(|(_, _, asked)| *asked);
    for _ in 0..rounds {
        for atr in atrs {
            match (asked, &cards) {
                (Some(asked), _) => black_box(asked(black_box(atr))),
                (None, Some(cards)) => black_box(cards.find(black_box(atr)).count()),
                (None, None) => 0,
            };
        }
    }
}

/// Instructions for an ATR: what five rounds more take.
fn instructions(question: &str, atrs: usize) -> Option<usize> {
    let count = |rounds: &str| {
        let program = std::env::current_exe().ok()?;
        let mut command = Command::new("valgrind");
        command.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).arg(program);
        let output = command.args(["--count", question, rounds]).output().ok()?;
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        let line = text.lines().find_map(|line| line.split("Collected :").nth(1)).map(str::trim)?;
        line.parse::<usize>().ok()
    };
    let (few, many) = (count("1")?, count("6")?);
    Some(many.saturating_sub(few) / (5 * atrs))
}

/// The whole command, built beside this program.
fn ours_as_text(file: &Path, atrs: usize) -> Option<f64> {
    let command = std::env::var_os("CARDWRIGHT").map(PathBuf::from);
    let command = command.or_else(|| Some(std::env::current_exe().ok()?.with_file_name("cardwright")));
    let command = command.filter(|command| command.exists())?;
    let mut least = Duration::MAX;
    for _ in 0..5 {
        let start = Instant::now();
        let input = fs::File::open(file).ok()?;
        let done =
            Command::new(&command).args(["atr", "--json", "-"]).stdin(input).stdout(Stdio::null()).status().ok()?;
        assert!(done.success());
        least = least.min(start.elapsed());
    }
    Some(least.as_nanos() as f64 / atrs as f64)
}

/// Each peer prints lines of a name, a tab, and nanoseconds for an ATR.
fn peers(folder: &Path, file: &Path) -> Vec<(String, Option<f64>)> {
    let mut rows = Vec::new();
    let mut add = |missing: &str, command: &mut Command| {
        let output = command.stderr(Stdio::null()).output();
        let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
        let told: Vec<_> = text.lines().filter_map(|line| line.split_once('\t')).collect();
        if told.is_empty() {
            rows.push((missing.to_string(), None));
        }
        rows.extend(told.into_iter().map(|(name, nanos)| (name.to_string(), nanos.trim().parse().ok())));
    };
    let java = folder.join("Javax.java");
    fs::write(&java, JAVA).expect("a file");
    add("javax.smartcardio.ATR (apt install openjdk-17-jdk-headless)", Command::new("java").arg(&java).arg(file));
    let python = std::env::var_os("PYTHON").unwrap_or_else(|| "python3".into());
    let script = folder.join("pyscard_atr.py");
    fs::write(&script, PYTHON).expect("a file");
    add("pyscard (a Python that has it is named by PYTHON)", Command::new(python).arg(&script).arg(file));
    rows.push((
        "ATR_analysis (pcsc-tools), a process for each of 20 ATRs: everything as text, look-up".into(),
        atr_analysis(folder, file),
    ));
    rows
}

fn atr_analysis(folder: &Path, file: &Path) -> Option<f64> {
    // A cache of its own, so that it looks nowhere else.
    fs::copy(LIST, folder.join("smartcard_list.txt")).ok()?;
    let text = fs::read_to_string(file).ok()?;
    let mut total = Duration::ZERO;
    let mut count = 0_u32;
    for atr in text.lines().step_by(197).take(20) {
        let start = Instant::now();
        let mut command = Command::new("ATR_analysis");
        command.arg(atr).env("XDG_CACHE_HOME", folder).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.status().ok()?;
        total += start.elapsed();
        count += 1;
    }
    Some(total.as_nanos() as f64 / f64::from(count))
}

/// The ATRs without wildcards of the user's own list, in its order.
fn atrs() -> Vec<Vec<u8>> {
    let Ok(list) = fs::read_to_string(LIST) else {
        let _ = writeln!(std::io::stderr(), "no {LIST}: apt install pcsc-tools");
        std::process::exit(1);
    };
    let plain = |line: &&str| line.starts_with('3') && line.chars().all(|c| c == ' ' || c.is_ascii_hexdigit());
    let digits = |line: &str| line.chars().filter_map(|c| c.to_digit(16)).map(|c| c as u8).collect::<Vec<_>>();
    list.lines()
        .filter(plain)
        .map(|line| digits(line).chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect())
        .collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}
