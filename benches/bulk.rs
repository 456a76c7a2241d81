//! How many cards a second does a bulk run change, with its journal on the disk, beside `wrk`, which sends the same
//! requests and keeps nothing? The server is a process of its own; Disable and Enable of 10,000 cards each.
//!
//! `cargo run --release -p cardwright-benches --bin bulk` also writes what it prints to `benches/results/bulk.txt`.
//! It needs `wrk`. The registry and the journals lie beside the program, on a disk.

use cardwright_client::bulk::{Bulk, Job, Pace};
use cardwright_client::{AnyCard, AnyClient, CertiFlow, Client, Credentials, Secret};
use cardwright_core::certiflow::{CardState, Query};
use cardwright_core::lifecycle::Operation;
use cardwright_server::{Account, Config, Data, Server, seed};
use std::error::Error;
use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

type Done<T> = Result<T, Box<dyn Error>>;

const COMMAND: &str = "cargo run --release -p cardwright-benches --bin bulk";
const RESULT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/results/bulk.txt");
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../server/examples/figures/pairs.lua");
const SEEDED: u32 = 30_000;
const CARDS: usize = 10_000;
const CONNECTIONS: usize = 64;
const THREADS: usize = 2;
const SECONDS: usize = 3;
const ROUNDS: usize = 3;
/// Of a server that is gone when this program ends.
const USER: &str = "figures";
const PASSWORD: &str = "not-a-secret";
/// `USER:PASSWORD` in Base64.
const CREDENTIALS: &str = "ZmlndXJlczpub3QtYS1zZWNyZXQ=";

fn main() -> Done<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => {
            let home = Home::new()?;
            compare(&home.0)
        }
        ["server", data] => server(Path::new(data)),
        _ => Err("no words".into()),
    }
}

/// A folder beside the program, gone at the end.
struct Home(PathBuf);

impl Home {
    fn new() -> Done<Self> {
        let beside = std::env::current_exe()?.parent().ok_or("the program has no folder")?.to_owned();
        let home = beside.join(format!("cardwright-bulk-figures-{}", std::process::id()));
        std::fs::create_dir(&home)?;
        Ok(Home(home))
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The server of this project. It tells its address, and ends when its standard input does.
fn server(data: &Path) -> Done<()> {
    let mut config = Config::default();
    config.data = Data::Directory(data.to_owned());
    config.accounts.push(Account::new(USER, cardwright_server::Secret::new(PASSWORD), "administrator"));
    let running = Server::start(config)?;
    seed::synthetic(running.registry(), SEEDED, 1)?;
    println!("{}", running.certiflow_url());
    std::io::stdout().flush()?;
    std::io::stdin().read_to_end(&mut Vec::new())?;
    running.stop();
    Ok(())
}

/// A server in a process of its own. It ends when this is dropped.
struct Peer {
    child: Child,
    url: String,
}

impl Peer {
    fn start(data: &Path) -> Done<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("server").arg(data).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn()?;
        let mut line = String::new();
        if let Some(out) = child.stdout.take() {
            BufReader::new(out).read_line(&mut line)?;
        }
        let url = line.trim().to_owned();
        if url.is_empty() {
            return Err("the server does not start".into());
        }
        Ok(Peer { child, url })
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // Nobody can be told of a failure.
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

fn compare(home: &Path) -> Done<()> {
    let peer = Peer::start(&home.join("registry"))?;
    let client = Client::<CertiFlow>::builder(&peer.url).credentials(Credentials::basic(USER, Secret::new(PASSWORD)));
    let client = AnyClient::CertiFlow(client.proxy(None).build()?);
    let query = Query { state: Some(CardState::Issued), ..Query::default() };
    let cards: Vec<AnyCard> = client.cards(query)?.collect::<Result<_, _>>()?;
    // Each side has cards of its own: wrk ends in the middle of a pair.
    let ids: Vec<String> = cards.iter().skip(CARDS).take(CARDS).map(|card| card.id() + "\n").collect();
    if ids.len() < CARDS {
        return Err(format!("{} cards are issued", cards.len()).into());
    }
    std::fs::write(home.join("cards.txt"), ids.concat())?;
    let mut best = [0.0f64; 3];
    for round in 0..ROUNDS {
        best[0] = best[0].max(wrk(&peer, home)?);
        enable_all(&client)?;
        for (n, has_journal) in [(1, true), (2, false)] {
            for operation in [Operation::Suspend, Operation::Resume] {
                let journal = home.join(format!("{round}-{n}-{operation:?}.ndjson"));
                let rate = ours(&client, operation, &cards, has_journal.then_some(&journal))?;
                eprintln!("{operation:?}, journal {has_journal}: {rate:.0} a second");
                best[n] = best[n].max(rate);
            }
        }
        eprintln!("round {} of {ROUNDS}", round + 1);
    }
    let mut table = format!("$ {COMMAND}\n");
    writeln!(table, "The best of {ROUNDS} rounds; {CARDS} cards; {CONNECTIONS} connections, kept alive")?;
    writeln!(table, "{:50} {:>10} {:>7}", "Disable and Enable (CertiFlow)", "a second", "ratio")?;
    let names = [
        format!("wrk, {THREADS} threads, {SECONDS} s"),
        "bulk, with a journal".into(),
        "bulk, without a journal".into(),
    ];
    for (name, rate) in names.iter().zip(best) {
        writeln!(table, "{name:50} {rate:10.0} {:7.2}", rate / best[0])?;
    }
    print!("{table}");
    std::fs::write(RESULT, table)?;
    Ok(())
}

/// A bulk run; how many cards a second.
fn ours(client: &AnyClient, operation: Operation, cards: &[AnyCard], journal: Option<&PathBuf>) -> Done<f64> {
    let ids = cards.iter().take(CARDS).map(|card| client.card(&card.id()).transpose());
    let mut bulk = Bulk::plan(client, Job::new(operation), ids.flatten())?;
    if let Some(journal) = journal {
        bulk.keep(journal)?;
    }
    let settings = Pace { concurrency: CONNECTIONS, ..Pace::default() };
    let ran = bulk.run(client, &settings, |_| ControlFlow::Continue(()))?;
    match bulk.counts().done {
        CARDS => Ok(CARDS as f64 / ran.elapsed.as_secs_f64()),
        done => Err(format!("{done} of {CARDS} are done: {ran:?}").into()),
    }
}

/// Takes back what `wrk` left in the middle of a pair.
fn enable_all(client: &AnyClient) -> Done<()> {
    let query = Query { state: Some(CardState::Disabled), ..Query::default() };
    let mut bulk = Bulk::plan(client, Job::new(Operation::Resume), client.cards(query)?)?;
    let settings = Pace { concurrency: CONNECTIONS, ..Pace::default() };
    bulk.run(client, &settings, |_| ControlFlow::Continue(()))?;
    Ok(())
}

/// The same requests by `wrk`; how many a second.
fn wrk(peer: &Peer, home: &Path) -> Done<f64> {
    let base = peer.url.trim_end_matches("/certiflow/api");
    let mut command = Command::new("wrk");
    command.args([&format!("-t{THREADS}"), &format!("-c{CONNECTIONS}"), &format!("-d{SECONDS}s"), "-s", SCRIPT]);
    command.args(["-H", &format!("Authorization: Basic {CREDENTIALS}"), base, "--"]);
    let output = command.arg(home.join("cards.txt")).arg(THREADS.to_string()).output()?;
    let said = String::from_utf8_lossy(&output.stdout);
    let is_clean = !["Non-2xx", "Socket errors"].iter().any(|trouble| said.contains(trouble));
    let rate = said.lines().find_map(|line| line.trim().strip_prefix("Requests/sec:")?.trim().parse().ok());
    rate.filter(|_| is_clean && output.status.success()).ok_or_else(|| format!("wrk: {said}").into())
}
