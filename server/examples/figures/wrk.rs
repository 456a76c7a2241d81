//! Driving `wrk`, and reading what it says.

use crate::peers::{CREDENTIALS, Peer};
use crate::{Done, Round, worked};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

const THREADS: usize = 2;
const SCRIPT: &str = include_str!("pairs.lua");

/// How `wrk` is called.
pub(crate) struct Wrk {
    script: PathBuf,
    cards: PathBuf,
    connections: usize,
    time: Duration,
}

impl Wrk {
    /// A way to call it. Its files lie in a folder that exists.
    pub(crate) fn new(folder: &Path, connections: usize, time: Duration) -> Done<Self> {
        let wrk = Wrk { script: folder.join("pairs.lua"), cards: folder.join("cards.txt"), connections, time };
        fs::write(&wrk.script, SCRIPT)?;
        Ok(wrk)
    }

    /// What all calls have in common.
    pub(crate) fn setup(&self) -> String {
        format!("wrk, {THREADS} threads, {} connections, kept alive", self.connections)
    }

    /// `GET` of one address.
    pub(crate) fn get(&self, peer: &Peer, target: &str) -> Done<Round> {
        self.run(peer, &[&format!("http://{}{target}", peer.address)])
    }

    /// Disable and Enable of cards in turn.
    pub(crate) fn pairs(&self, peer: &Peer, cards: &[i64]) -> Done<Round> {
        fs::write(&self.cards, cards.iter().map(|card| format!("{card}\n")).collect::<String>())?;
        let url = format!("http://{}/certiflow/api/Cards", peer.address);
        let (script, cards) = (self.script.to_string_lossy(), self.cards.to_string_lossy());
        self.run(peer, &["-s", &script, &url, "--", &cards, &THREADS.to_string()])
    }

    fn run(&self, peer: &Peer, words: &[&str]) -> Done<Round> {
        let before = worked(&peer.id())?;
        let mut command = Command::new("wrk");
        command.args([&format!("-t{THREADS}"), &format!("-c{}", self.connections)]);
        command.args([&format!("-d{}s", self.time.as_secs()), "--latency", "-H"]);
        command.arg(format!("Authorization: Basic {CREDENTIALS}")).args(words);
        let output = command.output().map_err(|error| match error.kind() {
            ErrorKind::NotFound => "wrk is missing: apt-get install wrk".into(),
            _ => format!("wrk: {error}"),
        })?;
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let is_clean = !["Non-2xx", "Socket errors"].iter().any(|trouble| said.contains(trouble));
        let rate = said.lines().find_map(|line| line.trim().strip_prefix("Requests/sec:")?.trim().parse().ok());
        let count = said.lines().find_map(|line| line.trim().split_once(" requests in ")?.0.parse::<f64>().ok());
        match rate.zip(count) {
            Some((rate, count)) if output.status.success() && is_clean => {
                Ok(Round { rate, cpu: (worked(&peer.id())? - before) * 1e6 / count, said })
            }
            _ => Err(format!("wrk {words:?}: {said}{}", String::from_utf8_lossy(&output.stderr)).into()),
        }
    }
}
