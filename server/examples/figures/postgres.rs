//! The server over PostgreSQL, against `pgbench` on the same database server with as many clients: changes against `-N` (an
//! UPDATE, a SELECT and an INSERT in one transaction), reads of one card against `-S` (one SELECT).

use crate::peers::{self, Peer, get};
use crate::wrk::Wrk;
use crate::{Best, CARDS, Done, Round, parsed};
use std::fmt::Write as _;
use std::process::Command;
use std::time::Duration;

const RESULT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../benches/results/postgres.txt");
const CLIENTS: usize = 16;

/// Measures by turns. The database at the address is empty, or was measured before.
pub(crate) fn compare(url: &str, rounds: usize, seconds: u64) -> Done<()> {
    let time = Duration::from_secs(seconds);
    run("pgbench", &["-i", "-q", "-s", "20", "-F", "80", url])?;
    let home = tempfile::tempdir()?;
    let own = format!("{url}?options=-csearch_path%3Dcardwright");
    run("psql", &["-Xqc", "DROP SCHEMA IF EXISTS cardwright CASCADE; CREATE SCHEMA cardwright", url])?;
    peers::seed(&own, CARDS)?;
    run("psql", &["-Xqc", "VACUUM ANALYZE", url])?;
    let server = Peer::start(&["ours", &own, "quiet"])?;
    let list = parsed(&get(&server, "/certiflow/api/Cards?state=Issued")?)?;
    let cards: Vec<i64> = list.iter().filter_map(|card| card["id"].as_i64()).collect();
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
    let mut table = format!("$ {} -- postgres URL {seconds}\n", crate::COMMAND);
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
    print!("{table}");
    std::fs::write(RESULT, table + &said)?;
    Ok(())
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
