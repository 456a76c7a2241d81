//! `bulk` against a server that errs and loses answers, killed and resumed: what was done to each card is what the
//! server's audit log says.
//!
//! Three kills, or ten where `CARDWRIGHT_LONG` is set.

mod common;

use cardwright_core::Named as _;
use cardwright_core::lifecycle::Operation;
use cardwright_server::{Faults, Outcome as Logged, Running, seed};
use common::process::folder;
use common::terminal::on_a_terminal;
use common::{PASSWORD, cardwright, certiflow, mim, run, server, server_with};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// 5 % errors, half of them after the work was done; 1 % of the answers lost, half of them so; and a server that now
/// and then asks to wait.
const FAULTS: &str = r#"{"seed": 5, "rules": [
    {"path": "**/cards/*/*", "method": "POST", "every": 3100, "status": 429, "retry_after": 1},
    {"path": "**/cards/*/*", "method": "POST", "every": 2900, "status": 503, "retry_after": 1},
    {"path": "**/cards/*/*", "method": "POST", "every": 1700, "status": 503},
    {"path": "**/cards/*/*", "method": "POST", "probability": 0.025, "status": 500},
    {"path": "**/cards/*/*", "method": "POST", "probability": 0.025, "status": 500, "carry_out": true},
    {"path": "**/cards/*/*", "method": "POST", "probability": 0.005, "close": true},
    {"path": "**/cards/*/*", "method": "POST", "probability": 0.005, "close": true, "carry_out": true},
    {"path": "**/cards/*", "method": "GET", "probability": 0.05, "status": 500}
]}"#;

/// A folder, gone at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = folder(name);
        std::fs::create_dir_all(&folder).expect("a folder");
        Folder(folder)
    }

    fn file(&self, name: &str) -> String {
        self.0.join(name).to_str().expect("UTF-8").to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn large(cards: u32) -> Running {
    let running = server_with(|_| {});
    seed::synthetic(running.registry(), cards, 9).expect("cards");
    running.set_faults(Faults::parse(FAULTS).expect("rules"));
    running
}

fn command(running: &Running, arguments: &[&str]) -> Command {
    let mut command = cardwright(arguments);
    command.env("CARDWRIGHT_URL", running.certiflow_url());
    command.env("CARDWRIGHT_USER", "administrator").env("CARDWRIGHT_PASSWORD", PASSWORD);
    command
}

/// How often the log says that an operation was done to each card.
fn done(running: &Running, operation: Operation) -> BTreeMap<i64, usize> {
    let (mut done, mut last) = (BTreeMap::new(), 0);
    loop {
        let log = running.registry().audit(last, 10_000).expect("a log");
        let Some(end) = log.last() else { return done };
        last = end.id;
        for entry in log.iter().filter(|entry| entry.outcome == Logged::Done && entry.operation == operation.name()) {
            *done.entry(entry.card.expect("a card")).or_default() += 1;
        }
    }
}

/// Starts a bulk run, kills it again and again at random moments, and lets the last one end.
fn killed_and_resumed(running: &Running, begin: &[&str], journal: &str, cards: usize) -> Vec<serde_json::Value> {
    let kills = if std::env::var_os("CARDWRIGHT_LONG").is_some() { 10 } else { 3 };
    let mut chance = std::process::id();
    for kill in 0..kills {
        let resume = ["bulk", "--resume", journal, "--concurrency", "16", "--settle", "0.05"];
        let arguments = if kill == 0 { begin } else { &resume };
        let child = command(running, arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it runs");
        // After about this number of further cards have ended, a little earlier or later.
        chance = chance.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let share = cards / (kills + 1);
        let after = kill * share + share / 2 + chance as usize % share;
        until(child, Path::new(journal), after);
        let text = std::fs::read_to_string(journal).expect("a journal");
        let ended = text.lines().filter(|line| line.contains("\"is\":\"done\"")).count();
        let sent = text.lines().filter(|line| line.contains("\"is\":\"sent\"")).count();
        println!("kill {}: {ended} of {cards} cards done, {sent} times sent", kill + 1);
        assert!(ended < cards, "it was killed too late");
    }
    // What is not seen to be carried out stays unknown, and is read by the next run.
    let again = ["bulk", "--resume", journal, "--format", "ndjson", "--settle", "0.05"];
    let mut runs = (0..8).map(|_| run(&mut command(running, &again)));
    let last = runs.find(|done| done.code != 8).expect("an end");
    assert_eq!(last.code, 0, "{}", last.err);
    println!("{}", last.err.trim());
    last.out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

/// Kills a run when its journal says that this number of cards is done.
fn until(mut child: Child, journal: &Path, cards: usize) {
    let since = Instant::now();
    let (mut lines, mut line, mut ends) = (None, Vec::new(), 0);
    while ends < cards {
        assert!(child.try_wait().expect("a child").is_none(), "it ended by itself with {ends} of {cards} cards done");
        assert!(since.elapsed() < Duration::from_secs(300), "it comes to nothing: {ends} of {cards}");
        if lines.is_none() {
            lines = File::open(journal).map(BufReader::new).ok();
        }
        let read = lines.as_mut().map_or(0, |lines| lines.read_until(b'\n', &mut line).expect("a journal"));
        if read == 0 {
            std::thread::sleep(Duration::from_millis(5));
        } else if line.ends_with(b"\n") {
            ends += usize::from(line.starts_with(b"{\"is\":\"done\""));
            line.clear();
        }
    }
    child.kill().expect("it runs");
    child.wait().expect("it ends");
}

#[test]
fn ten_thousand_cards_are_each_disabled_once_though_the_command_is_killed_and_the_server_errs() {
    let running = large(14_600);
    let (folder, cards) = (Folder::new("bulk-kill"), 10_000);
    let journal = folder.file("journal.ndjson");
    let begin = [
        "bulk",
        "disable",
        "--state",
        "Issued",
        "--limit",
        "10000",
        "--expect",
        "10000",
        "--journal",
        &journal,
        "--concurrency",
        "16",
        "--canary",
        "5",
    ];
    let rows = killed_and_resumed(&running, &begin, &journal, cards);
    assert_eq!(rows.len(), cards);
    let done = done(&running, Operation::Suspend);
    assert_eq!(done.len(), cards, "no other card was touched");
    for row in &rows {
        assert_eq!(row["outcome"], "done", "{row}");
        let id: i64 = row["id"].as_str().expect("an id").parse().expect("a number");
        assert_eq!(done.get(&id), Some(&1), "{row}");
    }
    let again = rows.iter().filter(|row| row["attempts"].as_u64() > Some(1)).count();
    println!("{again} cards were sent more than once");
    assert!(again > 100);
}

#[test]
fn a_thousand_cards_are_pre_updated_at_least_once() {
    let running = large(1_500);
    let folder = Folder::new("bulk-repeat");
    let journal = folder.file("journal.ndjson");
    let begin =
        ["bulk", "preupdate", "--state", "Issued", "--limit", "1000", "--expect", "1000", "--journal", &journal];
    let rows = killed_and_resumed(&running, &begin, &journal, 1_000);
    let done = done(&running, Operation::PreUpdate);
    assert_eq!((rows.len(), done.len()), (1_000, 1_000));
    assert!(rows.iter().all(|row| row["outcome"] == "done"));
}

#[test]
#[cfg(unix)]
fn ctrl_c_ends_what_is_under_way_and_says_how_to_go_on() {
    let running = server();
    let slow = r#"{"rules": [{"path": "**/disable", "latency_ms": 100}]}"#;
    running.set_faults(Faults::parse(slow).expect("rules"));
    let folder = Folder::new("bulk-interrupt");
    let journal = folder.file("a journal.ndjson");
    let arguments = ["bulk", "disable", "--state", "Issued", "--limit", "30", "--expect", "30", "--journal", &journal];
    let mut begin = command(&running, &arguments);
    let child =
        begin.args(["--concurrency", "2"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs");
    while !std::fs::read_to_string(&journal).is_ok_and(|text| text.contains("\"is\":\"done\"")) {
        std::thread::sleep(Duration::from_millis(5));
    }
    let asked = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill runs");
    assert!(asked.success());
    let output = child.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("stopped as asked") && said.contains(" left"), "{said}");
    let line = said.lines().find(|line| line.contains("--resume")).expect("how to go on");
    assert!(line.contains(&format!("cardwright bulk --resume '{journal}'")), "{line}");
    running.set_faults(Faults::default());
    let other = certiflow(&running, &["bulk", "enable", "--resume", &journal]);
    assert_eq!(other.code, 1, "{other:?}");
    assert!(other.err.contains("it is of Disable, and not of Enable"), "{other:?}");
    for said in [["--reason", "CardBroken"], ["--request-comment", "another"]] {
        let other = certiflow(&running, &[&["bulk", "disable", "--resume", &journal], &said[..]].concat());
        assert!(other.code == 1 && other.err.contains("it is of Disable, and not of Disable"), "{other:?}");
    }
    let resumed = certiflow(&running, &["bulk", "disable", "--resume", &journal, "--json"]);
    assert_eq!(resumed.code, 0, "{resumed:?}");
    assert_eq!(resumed.json().as_array().expect("a list").len(), 30);
    let done = done(&running, Operation::Suspend);
    assert!(done.len() == 30 && done.values().all(|times| *times == 1), "{done:?}");
}

#[test]
fn a_plan_shows_each_card_with_its_verdict_and_requests_and_sends_nothing() {
    let running = server();
    let plan = certiflow(&running, &["bulk", "preupdate", "--all", "--plan", "--format", "ndjson"]);
    assert_eq!(plan.code, 0, "{plan:?}");
    let rows: Vec<serde_json::Value> = plan.out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let issued = rows.iter().find(|row| row["state"] == "Issued").expect("one");
    assert_eq!((issued["outcome"].as_str(), issued["verdict"]["allowed"].as_bool()), (Some("planned"), Some(true)));
    assert!(issued["requests"][0]["address"].as_str().expect("an address").ends_with("/PreUpdate"));
    let revoked = rows.iter().find(|row| row["state"] == "Revoked").expect("one");
    assert_eq!((revoked["outcome"].as_str(), revoked["code"].as_u64()), (Some("skipped"), Some(204)));
    assert!(plan.err.contains("nothing was sent") && plan.err.contains("skipped"), "{plan:?}");
    assert_eq!(done(&running, Operation::PreUpdate).len(), 0);
}

#[test]
fn without_a_filter_a_confirmation_or_the_right_number_nothing_is_done() {
    let running = server();
    for (arguments, code, words) in [
        (&["disable"][..], 2, "this means every card"),
        (&["disable", "--limit", "3"], 2, "--all"),
        (&["disable", "--all"], 2, "nobody is here to confirm it"),
        (&["disable", "--all", "--expect", "3"], 3, "3 cards were expected"),
        (&["disable", "--all", "--expect", "3", "--plan"], 3, "3 cards were expected"),
        (&["disable", "--state", "Revoked", "--expect", "3"], 3, "3 cards were expected"),
        (&["retire", "--all"], 2, "CertiFlow has no operation retire"),
        (&["revoke", "--all"], 2, "needs a reason"),
        (&["disable", "--state", "Issued", "--from", "x"], 2, "which is it"),
        (&["disable", "--from", "/nowhere/x"], 2, "/nowhere/x"),
        (&["disable", "--resume", "/nowhere/x"], 1, "/nowhere/x"),
        (&["--resume", "x", "--all"], 2, "cannot be used with"),
        (&["disable", "--all", "--expect", "1", "--rate", "0"], 3, "expected"),
    ] {
        let done = certiflow(&running, &[&["bulk"], arguments].concat());
        assert_eq!(done.code, code, "{arguments:?}: {done:?}");
        assert!(done.err.contains(words), "{arguments:?}: {done:?}");
    }
    assert_eq!(done(&running, Operation::Suspend).len(), 0);
}

#[test]
fn a_list_of_ids_or_serial_numbers_names_the_cards_and_a_wrong_line_is_told() {
    let running = server();
    let folder = Folder::new("bulk-list");
    let (ids, journal) = (folder.file("ids"), folder.file("one.ndjson"));
    std::fs::write(&ids, "# two cards\n1013\n\n 1065 \n1013\n").expect("written");
    let arguments = ["bulk", "disable", "--from", &ids, "--expect", "2", "--journal", &journal, "--format", "csv"];
    let listed = certiflow(&running, &arguments);
    assert_eq!(listed.code, 0, "{listed:?}");
    let lines: Vec<&str> = listed.out.lines().collect();
    assert_eq!(lines[0], "id,serial_number,state,outcome,code,status,attempts,request,words,holder,server");
    assert!(lines.len() == 3 && lines[1].starts_with("1013,02A1B3C4,Issued,done,,200,1,"), "{lines:?}");

    let journal = folder.file("two.ndjson");
    let mut serials = command(&running, &["bulk", "enable", "--from", "-", "--serials", "--expect", "1"]);
    let serials = serials.args(["--journal", &journal]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut serials = serials.expect("it runs");
    serials.stdin.take().expect("piped").write_all(b"02a1b3c4\n").expect("written");
    assert!(serials.wait().expect("it ends").success());
    assert_eq!(certiflow(&running, &["card", "1013", "--json"]).json()["card"]["state"], "Issued");

    std::fs::write(&ids, "holder;serialNumber\r\n\"Doe; Jane\";02A1B3C4\r\n").expect("written");
    let table = certiflow(&running, &["bulk", "disable", "--from", &ids, "--expect", "1", "--plan", "--format", "csv"]);
    assert!(table.code == 0 && table.out.lines().any(|line| line.starts_with("1013,02A1B3C4,")), "{table:?}");

    // What is done is done: the command says so, and nothing is sent.
    let again = certiflow(&running, &["bulk", "--resume", &journal]);
    assert!(again.code == 0 && again.err.contains("nothing was left to do"), "{again:?}");

    std::fs::write(&ids, "1013\n77\n78\n").expect("written");
    let several = certiflow(&running, &["bulk", "disable", "--from", &ids, "--expect", "1"]);
    assert!(several.code == 4 && several.err.contains("77 (") && several.err.contains("line 3)"), "{several:?}");
    std::fs::write(&ids, "1013\n77\n").expect("written");
    let wrong = certiflow(&running, &["bulk", "disable", "--from", &ids, "--expect", "1"]);
    assert_eq!(wrong.code, 4, "{wrong:?}");
    assert!(wrong.err.contains("line 2: CertiFlow has no card 77"), "{wrong:?}");
}

#[test]
fn refusals_are_listed_with_the_servers_words_and_give_the_exit_code() {
    let running = server();
    let folder = Folder::new("bulk-refused");
    let ids = folder.file("ids");
    std::fs::write(&ids, "1013\n1065\n").expect("written");
    assert_eq!(certiflow(&running, &["disable", "1065"]).code, 0);
    let arguments = ["bulk", "disable", "--from", &ids, "--expect", "2", "--journal", &folder.file("journal")];
    let refused = certiflow(&running, &arguments);
    assert_eq!(refused.code, 3, "{refused:?}");
    assert!(refused.out.contains("1065") && !refused.out.contains("1013"), "{refused:?}");
    assert!(refused.out.contains("failed") && refused.out.contains("Disable is not allowed"), "{refused:?}");
    assert!(refused.err.contains("2 cards: 1 done, 1 failed"), "{refused:?}");
}

#[test]
fn requests_that_wait_for_approval_are_gone_on_with_when_they_are_approved() {
    let running = server_with(|config| {
        config.operator = true;
        config.switches.set("own-approval", "on").expect("a switch");
    });
    let folder = Folder::new("bulk-approval");
    let journal = folder.file("journal");
    let card = mim(&running, &["card", "--serial", "4e1b77c0-9a25-4f0d-b68c-3d52e1906f7a", "--json"]).json();
    let id = card["card"]["Uuid"].as_str().expect("an id").to_string();
    let ids = folder.file("ids");
    std::fs::write(&ids, &id).expect("written");
    let begun = mim(&running, &["bulk", "retire", "--from", &ids, "--expect", "1", "--journal", &journal, "--json"]);
    assert_eq!(begun.code, 7, "{begun:?}");
    let request = begun.json()[0]["request"].as_str().expect("a request").to_string();
    assert!(begun.err.contains("when they are approved"), "{begun:?}");
    let waits = mim(&running, &["bulk", "--resume", &journal]);
    assert_eq!(waits.code, 7, "{waits:?}");
    let (url, asked) = (running.mim_url(), waits.err.find("waits for approval"));
    let plan = waits.err.find(&format!("retire 1 of 1 card, on {url}")).expect("what is gone on with is shown");
    assert!(waits.err.contains(", awaiting approval") && asked.is_none_or(|asked| plan < asked), "{waits:?}");
    let approved = mim(&running, &["approve", &request]);
    assert_eq!(approved.code, 0, "{approved:?}");
    let ended = mim(&running, &["bulk", "--resume", &journal, "--json"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_eq!(ended.json()[0]["outcome"], "done");
}

#[test]
fn a_run_that_stops_says_what_is_in_the_way_and_how_it_goes_on() {
    let running = server();
    let folder = Folder::new("bulk-cause");
    let journal = folder.file("journal");
    running.set_faults(Faults::parse(r#"{"rules": [{"path": "**/disable", "status": 401}]}"#).expect("rules"));
    let cause = certiflow(&running, &["disable", "1013"]);
    let next = cause.err.lines().find_map(|line| line.strip_prefix("next: ")).expect("what is in the way");
    let arguments = ["bulk", "disable", "--state", "Issued", "--limit", "3", "--expect", "3", "--journal", &journal];
    let stopped = certiflow(&running, &arguments);
    assert_eq!(stopped.code, 5, "{stopped:?}");
    let expected = format!("next: {next}; then cardwright bulk --resume {journal} goes on");
    assert!(stopped.err.contains(&expected), "{expected}: {stopped:?}");
}

#[test]
fn at_a_terminal_the_number_of_cards_is_typed() {
    let running = server();
    let folder = Folder::new("bulk-terminal");
    let slow = r#"{"rules": [{"path": "**/disable", "latency_ms": 500}]}"#;
    running.set_faults(Faults::parse(slow).expect("rules"));
    for (typed, code) in [("y", 3), ("4", 3), ("3", 0)] {
        let journal = folder.file(typed);
        let arguments = ["bulk", "disable", "--state", "Issued", "--limit", "3", "--journal", &journal];
        let Some(mut terminal) = on_a_terminal("Type 3 to disable 3 cards:", &arguments) else { return };
        terminal.env("CARDWRIGHT_URL", running.certiflow_url()).env("CARDWRIGHT_USER", "administrator");
        terminal.env("CARDWRIGHT_PASSWORD", PASSWORD).env("TYPED", format!("{typed}\n"));
        let output = terminal.output().expect("python3 runs");
        let shown = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(code), "{shown}");
        assert_eq!(shown.contains("░ 0 of 3"), code == 0, "{shown}");
        assert_eq!(done(&running, Operation::Suspend).len(), if code == 0 { 3 } else { 0 }, "{shown}");
    }
}
