//! How many requests a second does the server answer? Each row is measured with `wrk`, by turns with what
//! it is compared with, and the best of several rounds counts:
//!
//! - `GET` of one card by its id, in both APIs, against a bare axum handler that returns the same bytes;
//! - Disable and Enable of many cards, against SQLite alone: one connection, and one durable transaction
//!   for each change with the same UPDATE and the same row of the audit log.
//!
//! With the word `postgres` the same server over PostgreSQL is compared with `pgbench` ([`postgres`]), and its list of a
//! million cards is read.
//!
//! `cargo run --release -p cardwright-server --example figures` also writes what it prints, and what `wrk`
//! said, to `benches/results/server.txt`. It needs `wrk`. The registries lie beside the program, on a disk.

mod peers;
mod postgres;
mod sqlite;
mod wrk;

use peers::{Peer, get};
use serde_json::Value;
use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Duration;
use wrk::Wrk;

type Done<T> = Result<T, Box<dyn Error>>;

const COMMAND: &str = "cargo run --release -p cardwright-server --example figures";
const RESULT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../benches/results/server.txt");
const CARDS: u32 = 20_000;
const ROUNDS: usize = 5;
const SECONDS: u64 = 3;
const CONNECTIONS: usize = 64;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let done = match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => compare(ROUNDS, SECONDS),
        [rounds, seconds] if rounds.parse::<usize>().is_ok() => {
            rounds.parse().map_err(Into::into).and_then(|rounds| compare(rounds, seconds.parse()?))
        }
        ["postgres"] => postgres::compare(ROUNDS, SECONDS),
        ["ours", data, log] => peers::ours(data, *log == "log"),
        ["bare", files @ ..] => peers::bare(files),
        _ => Err("no words, or: ROUNDS SECONDS, or: postgres".into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// A round.
struct Round {
    /// Answers, or transactions, a second.
    rate: f64,
    /// How long a processor worked for each, in microseconds. Other programs hardly change this.
    cpu: f64,
    /// What `wrk` said.
    said: String,
}

/// The best of several rounds: the highest rate with its output, and the least work.
#[derive(Default)]
struct Best(Option<Round>);

impl Best {
    fn keep(&mut self, round: Round) {
        let cpu = self.0.as_ref().map_or(round.cpu, |best| best.cpu.min(round.cpu));
        let best = self.0.take().filter(|best| best.rate > round.rate).unwrap_or(round);
        self.0 = Some(Round { cpu, ..best });
    }
}

fn compare(rounds: usize, seconds: u64) -> Done<()> {
    let time = Duration::from_secs(seconds);
    let beside = std::env::current_exe()?.parent().ok_or("the program has no folder")?.to_owned();
    let disk = file_system(&beside)?;
    let home = tempfile::Builder::new().prefix("cardwright-figures-").tempdir_in(&beside)?;
    let folder = |name: &str| -> Done<PathBuf> {
        let folder = home.path().join(name);
        peers::seed(text(&folder)?, CARDS)?;
        Ok(folder)
    };
    let quiet = Peer::start(&["ours", text(&folder("quiet")?)?, "quiet"])?;
    let logging = Peer::start(&["ours", text(&folder("logging")?)?, "log"])?;
    let mut alone = sqlite::Alone::open(&folder("alone")?)?;

    // The same bytes for the bare handler, and the cards that can be disabled.
    let mut targets = Vec::new();
    let list = "/certiflow/api/Cards?state=Issued";
    let cards: Vec<i64> = parsed(&get(&quiet, list)?)?.iter().filter_map(|card| card["id"].as_i64()).collect();
    let uuid = parsed(&get(&quiet, "/CertificateManagement/api/v1.0/smartcards")?)?;
    let uuid = uuid.first().and_then(|card| card["Uuid"].as_str()).ok_or("nobody has a card")?.to_owned();
    let first = cards.first().ok_or("no card is issued")?;
    for (name, target) in [
        ("CertiFlow: GET card by id", format!("/certiflow/api/Cards/{first}")),
        ("MIM CM: GET smart card by id", format!("/CertificateManagement/api/v1.0/smartcards/{uuid}")),
    ] {
        let file = home.path().join(format!("{}.json", targets.len()));
        std::fs::write(&file, get(&quiet, &target)?)?;
        targets.push((name, target, file));
    }
    let files = targets.iter().map(|(_, _, file)| text(file)).collect::<Done<Vec<_>>>()?;
    let bare = Peer::start(&[&["bare"], files.as_slice()].concat())?;
    for (n, (_, target, _)) in targets.iter().enumerate() {
        if get(&bare, &format!("/{n}"))? != get(&quiet, target)? {
            return Err(format!("{target}: the bare handler returns other bytes").into());
        }
    }

    let wrk = Wrk::new(home.path(), CONNECTIONS, time)?;
    let mut reads: Vec<[Best; 3]> = targets.iter().map(|_| Default::default()).collect();
    let mut changes: [Best; 3] = Default::default();
    let parts = cards.len() / rounds.max(1);
    for round in 0..rounds {
        for (n, (best, (_, target, _))) in reads.iter_mut().zip(&targets).enumerate() {
            best[0].keep(wrk.get(&bare, &format!("/{n}"))?);
            best[1].keep(wrk.get(&quiet, target)?);
            best[2].keep(wrk.get(&logging, target)?);
        }
        // Each round has cards of its own: a round ends in the middle of a pair.
        let own = cards.iter().skip(round * parts).take(parts).copied().collect::<Vec<_>>();
        changes[0].keep(alone.changes(&own, time)?);
        changes[1].keep(wrk.pairs(&quiet, &own)?);
        changes[2].keep(wrk.pairs(&logging, &own)?);
        eprintln!("round {} of {rounds}", round + 1);
    }

    let words: String = std::env::args()
        .skip(1)
        .enumerate()
        .map(|(n, word)| if n == 0 { format!(" -- {word}") } else { format!(" {word}") })
        .collect();
    let mut table = format!("$ {COMMAND}{words}\n");
    writeln!(table, "The best of {rounds} rounds of {seconds} s; {}; the registry on {disk}", wrk.setup())?;
    writeln!(table, "{:44} {:>10} {:>7} {:>9}", "", "a second", "ratio", "CPU in µs")?;
    let mut said = String::new();
    let mut row = |name: &str, best: &Best, to: &Best| -> Done<()> {
        let (Some(best), Some(to)) = (&best.0, &to.0) else { return Err("no round was made".into()) };
        writeln!(table, "{name:44} {:10.0} {:7.2} {:9.1}", best.rate, best.rate / to.rate, best.cpu)?;
        if !best.said.is_empty() {
            writeln!(said, "\n== {name}\n{}", best.said.trim_end())?;
        }
        Ok(())
    };
    for ((name, ..), [bare, quiet, logging]) in targets.iter().zip(&reads) {
        row(&format!("{name}, bare axum"), bare, bare)?;
        row(name, quiet, bare)?;
        row(&format!("{name}, with a log"), logging, bare)?;
    }
    let [alone, quiet, logging] = &changes;
    row("SQLite alone, one transaction for each change", alone, alone)?;
    row("CertiFlow: Disable and Enable", quiet, alone)?;
    row("CertiFlow: Disable and Enable, with a log", logging, alone)?;
    print!("{table}");
    std::fs::write(RESULT, table + &said)?;
    Ok(())
}

/// How long a process has worked, in seconds; `self` is this one (proc(5): fields 14 and 15 of `stat`, in ticks of
/// which Linux shows 100 a second).
fn worked(process: &str) -> Done<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat"))?;
    let after_name = stat.rsplit_once(')').ok_or("/proc has an unknown form")?.1;
    let ticks: Vec<f64> = after_name.split_whitespace().skip(11).take(2).map(str::parse).collect::<Result<_, _>>()?;
    Ok(ticks.iter().sum::<f64>() / 100.0)
}

/// The kind of file system of a folder, which must be a disk: a commit in memory costs nothing.
fn file_system(folder: &Path) -> Done<String> {
    let asked = Command::new("stat").args(["--file-system", "--format=%T"]).arg(folder).output()?;
    let kind = String::from_utf8(asked.stdout)?.trim().to_owned();
    match kind.as_str() {
        "" | "tmpfs" | "ramfs" => Err(format!("{} is on {kind:?}, not on a disk", folder.display()).into()),
        _ => Ok(kind),
    }
}

fn parsed(body: &[u8]) -> Done<Vec<Value>> {
    Ok(serde_json::from_slice(body)?)
}

fn text(path: &Path) -> Done<&str> {
    path.to_str().ok_or_else(|| "a path is no UTF-8".into())
}
