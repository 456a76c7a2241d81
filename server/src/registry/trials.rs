//! Trials: each call of the database, and each write to SQLite's files, fails in turn, for every operation.
//!
//! Whatever fails: no answer says that something was done which was not, nothing is done by halves, nothing panics,
//! and afterwards the server works as before. This is SQLite's own method ("How SQLite Is Tested", 3).
//!
//! A trial runs in a process of its own, as the failures are for the whole process.

// Shared with the tests that see the server from outside.
#[path = "../../tests/server/http.rs"]
#[allow(dead_code, unreachable_pub, reason = "the tests outside use the rest")]
mod http;
mod postgres;

use super::Reading;
use super::failing;
use crate::{Account, Data, Log, Running, Secret, Server, seed};
use http::{Answer, DEMO, certiflow, config_at, mim, send_as};
use rusqlite::Connection;
use rusqlite::types::Value;
use std::fs::File;
use std::io::{Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What makes things fail.
trait Failures {
    /// The call after `pass` others fails, and all after it if it is `lasting`.
    fn arm(&mut self, pass: i64, lasting: bool);
    /// Nothing fails any more. Returns whether something has.
    fn disarm(&mut self) -> bool;
}

/// Calls of the database.
struct Calls;

impl Failures for Calls {
    fn arm(&mut self, pass: i64, lasting: bool) {
        failing::arm(pass, lasting);
    }

    fn disarm(&mut self) -> bool {
        failing::disarm()
    }
}

/// Writes, by the library that is preloaded.
struct Writes {
    control: File,
    errno: i64,
}

impl Writes {
    fn set(&mut self, numbers: [i64; 4]) {
        self.control.rewind().unwrap();
        self.control.write_all(&numbers.map(i64::to_ne_bytes).concat()).unwrap();
    }
}

impl Failures for Writes {
    fn arm(&mut self, pass: i64, lasting: bool) {
        self.set([pass, i64::from(lasting), self.errno, 0]);
    }

    fn disarm(&mut self) -> bool {
        let mut bytes = [0; 32];
        self.control.rewind().unwrap();
        self.control.read_exact(&mut bytes).unwrap();
        self.set([-1, 0, 0, 0]);
        i64::from_ne_bytes(bytes[24..].try_into().unwrap()) > 0
    }
}

/// A server, and what earlier operations have made in it.
struct World {
    running: Option<Running>,
    data: Data,
    /// The card for which a request needs an approval, and a template whose requests need none.
    card: String,
    template: String,
    /// The last request of MIM CM, and the last card that was assigned.
    request: String,
    assigned: String,
}

impl World {
    fn new(data: Data) -> Self {
        let running = start(&data);
        seed::story(running.registry()).unwrap();
        seed::synthetic(running.registry(), 100, 1).unwrap();
        let found = |reading: &Reading<'_>| {
            let (card, template) = (reading.card(1003)?, reading.template_of_policy("Default")?);
            Ok((card.unwrap().uuid.to_string(), template.unwrap().uuid.to_string()))
        };
        let (card, template) = running.registry().read(found).unwrap();
        World { running: Some(running), data, card, template, request: String::new(), assigned: String::new() }
    }

    fn running(&self) -> &Running {
        self.running.as_ref().unwrap()
    }

    /// The file of a registry in SQLite.
    fn file(&self) -> PathBuf {
        let Data::Directory(folder) = &self.data else { panic!("{:?} is no folder", self.data) };
        folder.join("registry.sqlite")
    }

    /// A copy of the registry as it is.
    fn copy(&self) -> PathBuf {
        let copy = self.file().with_extension("copy");
        let _ = std::fs::remove_file(&copy);
        self.running().registry().backup(&copy).unwrap();
        copy
    }

    /// Puts the registry back to what it was when it was copied.
    fn restore(&mut self, copy: &Path) {
        self.running = None;
        for end in ["-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{end}", self.file().display()));
        }
        std::fs::copy(copy, self.file()).unwrap();
        self.running = Some(start(&self.data));
    }

    /// Lets the server remember the account, so that an operation does not check its password. A database that was away is
    /// not asked again at once.
    fn sign_in(&self) {
        let since = std::time::Instant::now();
        let answer = loop {
            let answer = self.ask("GET", &certiflow("Cards/1013"), "");
            if answer.status != 503 || since.elapsed() > std::time::Duration::from_secs(5) {
                break answer;
            }
            std::thread::sleep(std::time::Duration::from_millis(20));
        };
        assert_eq!(answer.status, 200, "{answer:?}");
    }

    fn ask(&self, method: &str, target: &str, body: &str) -> Answer {
        send_as(self.running(), Some(DEMO), method, target, ("application/json", body))
    }

    /// All rows of all tables but the one that probes write.
    fn rows(&self) -> Vec<String> {
        if let Data::Postgres(database) = &self.data {
            return postgres::rows(database);
        }
        let connection = Connection::open(self.file()).unwrap();
        let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name <> 'probe'";
        let mut names = connection.prepare(sql).unwrap();
        let tables: Vec<String> = names.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        assert!(tables.len() >= 9, "{tables:?}");
        let mut all = Vec::new();
        for table in tables {
            let mut statement = connection.prepare(&format!("SELECT * FROM {table} ORDER BY 1, 2")).unwrap();
            let width = statement.column_count();
            let mut rows = statement.query([]).unwrap();
            while let Some(row) = rows.next().unwrap() {
                let cells: Vec<Value> = (0..width).map(|at| row.get(at).unwrap()).collect();
                all.push(format!("{table} {cells:?}"));
            }
        }
        all
    }
}

fn start(data: &Data) -> Running {
    let mut config = config_at(data.clone());
    config.operator = true;
    config.notices = Log::Off;
    for (name, value) in [("own-approval", "on"), ("sign-in-delays", "off")] {
        config.switches.set(name, value).unwrap();
    }
    config.accounts.push(Account::new("second", Secret::new("x"), "administrator"));
    Server::start(config).unwrap()
}

/// An operation: what is asked, and what its answer is good for.
struct Operation {
    name: &'static str,
    ask: fn(&World) -> Answer,
    keep: fn(&mut World, &Answer),
    /// Whether it changes the registry.
    changes: bool,
}

const fn reads(name: &'static str, ask: fn(&World) -> Answer) -> Operation {
    Operation { name, ask, keep: |_, _| {}, changes: false }
}

const fn changes(name: &'static str, ask: fn(&World) -> Answer) -> Operation {
    Operation { name, ask, keep: |_, _| {}, changes: true }
}

/// The last part of the address in an answer.
fn last_part(answer: &Answer) -> String {
    answer.json().as_str().unwrap().rsplit('/').next().unwrap().to_owned()
}

fn create(world: &World, kind: &str, card: &str) -> Answer {
    let about = if card.is_empty() { ("profiletemplateuuid", world.template.as_str()) } else { ("smartcard", card) };
    let body = format!(r#"{{"type":"{kind}","{}":"{}","comment":"why","datacollection":[]}}"#, about.0, about.1);
    world.ask("POST", &mim("requests"), &body)
}

fn decide(world: &World, what: &str) -> Answer {
    world.ask("POST", &format!("/_sandbox/requests/{}/{what}", world.request), "")
}

fn end(world: &World, status: &str) -> Answer {
    world.ask("PUT", &mim(&format!("requests/{}", world.request)), &format!("{{\"status\":\"{status}\"}}"))
}

fn set_status(world: &World, card: &str, status: &str) -> Answer {
    let target = mim(&format!("requests/{}/smartcards/{card}", world.request));
    world.ask("PUT", &target, &format!("{{\"status\":\"{status}\"}}"))
}

/// Every operation of both APIs, in an order in which each may be carried out.
const OPERATIONS: &[Operation] = &[
    reads("one card", |world| world.ask("GET", &certiflow("Cards/1013"), "")),
    reads("a list of several pages", |world| world.ask("GET", &certiflow("Cards"), "")),
    reads("a filtered list", |world| world.ask("GET", &certiflow("Cards?state=Issued&count=5"), "")),
    reads("the old list", |world| world.ask("GET", "/icmapi/user/getcards?name=ipetrov", "")),
    reads("the caller's cards", |world| world.ask("GET", &mim("smartcards"), "")),
    reads("what may be done", |world| world.ask("GET", &mim(&format!("smartcards/{}/operations", world.card)), "")),
    changes("disable", |world| world.ask("POST", &certiflow("Cards/1013/Disable"), "")),
    changes("enable", |world| world.ask("POST", &certiflow("Cards/1013/Enable"), "")),
    changes("pre-update", |world| world.ask("POST", &certiflow("Cards/1065/PreUpdate"), "")),
    changes("revoke", |world| world.ask("POST", &certiflow("Cards/1065/Revoke?reason=CardLost"), "")),
    changes("withdraw", |world| world.ask("POST", &certiflow("Cards/1065/Withdraw"), "")),
    changes("disable, old", |world| world.ask("POST", "/icmapi/card/disable?id=1013", "")),
    Operation {
        keep: |world, answer| world.request = last_part(answer),
        ..changes("create request", |world| create(world, "Retire", &world.card))
    },
    reads("one request", |world| world.ask("GET", &mim(&format!("requests/{}", world.request)), "")),
    changes("deny", |world| decide(world, "deny")),
    Operation {
        keep: |world, answer| world.request = last_part(answer),
        ..changes("create another", |world| create(world, "Retire", &world.card))
    },
    changes("approve", |world| decide(world, "approve")),
    changes("set the card's status", |world| set_status(world, &world.card, "Retired")),
    changes("complete", |world| end(world, "Completed")),
    Operation {
        keep: |world, answer| world.request = last_part(answer),
        ..changes("create enrolment", |world| create(world, "Enroll", ""))
    },
    Operation {
        keep: |world, answer| world.assigned = last_part(answer),
        ..changes("assign", |world| {
            let card_id = "0b0c0d0e-0000-4000-8000-000000000001";
            let body = format!("{{\"requestid\":\"{}\",\"cardid\":\"{card_id}\"}}", world.request);
            world.ask("POST", &mim("smartcards"), &body)
        })
    },
    changes("issue", |world| set_status(world, &world.assigned, "Active")),
    changes("fail", |world| decide(world, "fail")),
    Operation {
        keep: |world, answer| world.request = last_part(answer),
        ..changes("create a third", |world| create(world, "Unblock", &world.assigned))
    },
    changes("abandon", |world| end(world, "Abandoned")),
    changes("add an account", |world| {
        world.ask("PUT", "/_cardwright/v1/accounts/third", r#"{"password":"y","role":"viewer"}"#)
    }),
    changes("disable an account", |world| world.ask("PUT", "/_cardwright/v1/accounts/third", r#"{"disabled":true}"#)),
    reads("the audit log", |world| world.ask("GET", "/_cardwright/v1/audit?limit=5", "")),
    reads("all requests", |world| world.ask("GET", &mim("requests"), "")),
    reads("requests with their approvals", |world| world.ask("GET", "/_cardwright/v1/requests?status=Denied", "")),
    reads("accounts", |world| world.ask("GET", "/_cardwright/v1/accounts", "")),
    reads("sign in", |world| {
        world.running().registry().forget_callers();
        send_as(world.running(), Some("second:x"), "GET", &certiflow("Cards/1013"), ("", ""))
    }),
];

/// Tries all operations. Returns how many failures there were.
fn try_all(failures: &mut dyn Failures, folder: &Path) -> u32 {
    let mut world = World::new(Data::Directory(folder.to_owned()));
    let mut hits = 0;
    for operation in OPERATIONS {
        let copy = world.copy();
        let tries = (0..).flat_map(|pass| [(pass, true), (pass, false)]);
        for (pass, lasting) in tries {
            world.sign_in();
            let before = world.rows();
            let well = (!operation.changes).then(|| (operation.ask)(&world));
            failures.arm(pass, lasting);
            let answer = (operation.ask)(&world);
            let has_failed = failures.disarm();
            let after = world.rows();
            hits += u32::from(has_failed);
            let is_success = (200..300).contains(&answer.status) && answer.is_whole;
            let context = format!("{}, failure {pass}, lasting {lasting}: {answer:?}", operation.name);
            assert!(is_success || has_failed && (answer.status >= 500 || !answer.is_whole), "{context}");
            match well {
                Some(well) => assert!(!is_success || answer.body == well.body, "another answer: {context}"),
                None => assert_eq!(is_success, before != after, "not what was said: {context}"),
            }
            assert!(operation.changes || before == after, "{context}");
            assert!(pass < 2_000, "there is no end: {context}");
            if !has_failed {
                (operation.keep)(&mut world, &answer);
                break;
            }
            if operation.changes && is_success {
                // It was done in spite of the failure; the next one is tried on what was there before.
                world.restore(&copy);
            }
        }
    }
    world.running = None;
    let connection = Connection::open(folder.join("registry.sqlite")).unwrap();
    let whole: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(whole, "ok");
    hits
}

/// Runs a trial in a process of its own.
fn trial_of(what: &str, library: Option<&Path>) {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "registry::trials::trial", "--ignored", "--nocapture"]).env("CARDWRIGHT_TRIAL", what);
    let folder = tempfile::tempdir().unwrap();
    if let Some(library) = library {
        let control = folder.path().join("control");
        std::fs::write(&control, (-1_i64).to_ne_bytes().repeat(4)).unwrap();
        command.env("LD_PRELOAD", library).env("CARDWRIGHT_FAILING_IO", control);
    }
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    let hits = said.lines().find_map(|line| line.strip_suffix(" failures")?.rsplit(' ').next()?.parse::<u32>().ok());
    let hits = hits.unwrap_or_else(|| panic!("no count: {said}"));
    println!("{what}: {hits} failures in {} operations", OPERATIONS.len());
    assert!(hits > 100, "{hits} failures");
    // What panics in a thread of the server says so.
    assert!(!String::from_utf8_lossy(&output.stderr).contains("panicked"));
}

#[test]
#[ignore = "the others run it in processes of their own"]
fn trial() {
    let folder = tempfile::tempdir().unwrap();
    let control = std::env::var_os("CARDWRIGHT_FAILING_IO");
    let control = control.map(|path| File::options().read(true).write(true).open(path).unwrap());
    let hits = match (std::env::var("CARDWRIGHT_TRIAL").unwrap().as_str(), control) {
        ("full", Some(control)) => try_all(&mut Writes { control, errno: 28 }, folder.path()),
        ("broken", Some(control)) => try_all(&mut Writes { control, errno: 5 }, folder.path()),
        ("postgres", _) => postgres::try_all(),
        _ => try_all(&mut Calls, folder.path()),
    };
    println!("{hits} failures");
}

#[test]
fn each_call_of_sqlite_fails_in_turn() {
    trial_of("calls", None);
}

#[test]
fn each_call_of_postgresql_fails_in_turn() {
    if !cardwright_testkit::postgres::is_missing() {
        trial_of("postgres", None);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn each_write_fails_in_turn() {
    let folder = tempfile::tempdir().unwrap();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/registry/trials/failing_io.c");
    let library = folder.path().join("failing_io.so");
    let compiled = Command::new("cc").args(["-shared", "-fPIC", "-O1", "-o"]).args([&library, &source]).status();
    if !compiled.is_ok_and(|status| status.success()) {
        assert!(std::env::var_os("CI").is_none(), "the library cannot be compiled, and CI must have a C compiler");
        return eprintln!("SKIPPED: there is no C compiler");
    }
    for what in ["full", "broken"] {
        trial_of(what, Some(&library));
    }
}
