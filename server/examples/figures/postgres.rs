//! The server over PostgreSQL, against `pgbench` on the same database server with as many clients: changes against `-N` (an
//! UPDATE, a SELECT and an INSERT in one transaction), reads of one card against `-S` (one SELECT).

use crate::peers::{self, Peer, get};
use crate::wrk::Wrk;
use crate::{Best, CARDS, Done, Round, parsed};
use cardwright_testkit::postgres::Cluster;
use std::fmt::Write as _;
use std::io::Read as _;
use std::process::Command;
use std::time::{Duration, Instant};

const RESULT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../benches/results/postgres.txt");
const CLIENTS: usize = 16;

/// How many cards the list has.
const MANY: u32 = 1_000_000;

/// Measures by turns.
pub(crate) fn compare(rounds: usize, seconds: u64) -> Done<()> {
    let time = Duration::from_secs(seconds);
    let cluster = Cluster::start();
    let (bench, own) = (cluster.database(), cluster.database());
    let url = bench.as_str();
    run("pgbench", &["-i", "-q", "-s", "20", "-F", "80", url])?;
    let home = tempfile::tempdir()?;
    peers::seed(&own, CARDS)?;
    run("vacuumdb", &["-q", "-z", "-d", &own])?;
    let server = Peer::start(&["ours", &own, "quiet"])?;
    let issued = parsed(&get(&server, "/certiflow/api/Cards?state=Issued")?)?;
    let cards: Vec<i64> = issued.iter().filter_map(|card| card["id"].as_i64()).collect();
    let target = format!("/certiflow/api/Cards/{}", cards.first().ok_or("no card is issued")?);

    let wrk = Wrk::new(home.path(), CLIENTS, time)?;
    let [mut changes, mut reads]: [[Best; 2]; 2] = Default::default();
    let parts = cards.len() / rounds.max(1);
    for round in 0..rounds {
        let own = cards.iter().skip(round * parts).take(parts).copied().collect::<Vec<_>>();
        changes[0].keep(pgbench("-N", seconds, url)?);
        changes[1].keep(wrk.pairs(&server, &own)?);
        reads[0].keep(pgbench("-S", seconds, url)?);
        reads[1].keep(wrk.get(&server, &target)?);
        eprintln!("round {} of {rounds}", round + 1);
    }
    let mut table = format!("$ {} -- postgres\n", crate::COMMAND);
    writeln!(table, "The best of {rounds} rounds of {seconds} s; {}; pgbench -c {CLIENTS} -j 2 -s 20", wrk.setup())?;
    writeln!(table, "{:44} {:>10} {:>7} {:>9}", "", "a second", "ratio", "CPU in µs")?;
    let mut said = String::new();
    for (name, best, to) in [
        ("pgbench -N", &changes[0], &changes[0]),
        ("CertiFlow: Disable and Enable", &changes[1], &changes[0]),
        ("pgbench -S", &reads[0], &reads[0]),
        ("CertiFlow: GET card by id", &reads[1], &reads[0]),
    ] {
        let (Some(best), Some(to)) = (&best.0, &to.0) else { return Err("no round was made".into()) };
        writeln!(table, "{name:44} {:10.0} {:7.2} {:9.1}", best.rate, best.rate / to.rate, best.cpu)?;
        writeln!(said, "\n== {name}\n{}", best.said.trim_end())?;
    }
    drop(server);
    writeln!(table, "{}", list(&cluster)?)?;
    print!("{table}");
    std::fs::write(RESULT, table + &said)?;
    Ok(())
}

/// Reads a long list as it comes.
fn list(cluster: &Cluster) -> Done<String> {
    let own = cluster.database();
    let seeding = Instant::now();
    peers::seed(&own, MANY)?;
    let seeded = seeding.elapsed().as_secs_f64();
    let server = Peer::start(&["ours", &own, "quiet"])?;
    let reading = Instant::now();
    let mut stream = peers::ask(&server, "/certiflow/api/Cards")?;
    let (mut part, mut bytes) = (vec![0; 1 << 16], 0);
    while let length @ 1.. = stream.read(&mut part)? {
        bytes += length;
    }
    let read = reading.elapsed().as_secs_f64();
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.id()))?;
    let most = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("/proc has an unknown form")?;
    Ok(format!(
        "{MANY} cards: made in {seeded:.0} s, their list of {} MB read in {read:.1} s; the server's memory at most {}",
        bytes / 1_000_000,
        most.trim()
    ))
}

fn pgbench(script: &str, seconds: u64, url: &str) -> Done<Round> {
    let words = [script, "-c", &CLIENTS.to_string(), "-j", "2", "-T", &seconds.to_string(), "-n", url];
    let said = run("pgbench", &words)?;
    let rate = said.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok());
    // What works is PostgreSQL, whose processes are not counted.
    Ok(Round { rate: rate.ok_or("pgbench says no rate")?, cpu: 0.0, said })
}

fn run(program: &str, words: &[&str]) -> Done<String> {
    let output = Command::new(program).args(words).output().map_err(|error| format!("{program}: {error}"))?;
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        false => Err(format!("{program} {words:?}: {}", String::from_utf8_lossy(&output.stderr)).into()),
    }
}
