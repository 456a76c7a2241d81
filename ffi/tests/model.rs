//! What the C library reports is so, against a server that keeps the truth and misbehaves by seed: `ffi/tests/model.c`
//! does what it is told, and is judged here. `MODEL_SEED=4711` plays one seed.
//!
//! The program is compiled by `cargo xtask test --only c`, which then runs the test that is ignored without it.

#![cfg(feature = "client")]

use cardwright_core::Named as _;
use cardwright_core::certiflow::{CardState, ContentExpirationStatus, Dialect, RevocationReason};
use cardwright_core::lifecycle::{Operation, System};
use cardwright_ffi::{CardwrightResult, CardwrightVerify};
use cardwright_testkit::model::{Api, Ask, Judgement, Model, Open, SETTLE, Said, Shape};
use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

const SEEDS: u64 = 300;
const PROGRAMS: usize = 4;

/// A program that does what it reads, line by line.
struct Program {
    child: Child,
    said: BufReader<std::process::ChildStdout>,
}

impl Program {
    fn start() -> Self {
        let program = std::env::var_os("CARDWRIGHT_TEST_MODEL").expect("cargo xtask test --only c names the program");
        let mut command = Command::new(program);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it starts");
        let said = BufReader::new(child.stdout.take().expect("a pipe"));
        Program { child, said }
    }

    /// What it prints for a line.
    fn ask(&mut self, words: &[String]) -> Vec<String> {
        let line = words.join("\t") + "\n";
        self.child.stdin.as_mut().expect("a pipe").write_all(line.as_bytes()).expect("it reads");
        let mut said = String::new();
        self.said.read_line(&mut said).expect("it prints");
        assert!(said.ends_with('\n'), "the program ended: {line}");
        said.split_whitespace().map(str::to_string).collect()
    }

    /// It ends well when there is nothing more to read.
    fn end(mut self) {
        drop(self.child.stdin.take());
        assert!(self.child.wait().expect("it ends").success());
    }
}

#[test]
#[ignore = "cargo xtask test --only c compiles the program and runs this"]
fn the_c_library_reports_what_is_so() {
    let seeds = match std::env::var("MODEL_SEED") {
        Ok(seed) => seed.parse().map(|seed| seed..seed + 1).expect("a number"),
        Err(_) => 0..SEEDS,
    };
    let (model, next) = (Model::start(), AtomicU64::new(seeds.start));
    let (ends, wrong) = (Mutex::new(BTreeMap::<String, u32>::new()), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..PROGRAMS {
            scope.spawn(|| {
                let mut program = Program::start();
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= seeds.end {
                        return program.end();
                    }
                    let (end, words) = play(&model, seed, &mut program);
                    *ends.lock().expect("no panic while held").entry(end).or_default() += 1;
                    wrong.lock().expect("no panic while held").extend(words);
                }
            });
        }
    });
    let (ends, wrong) = (ends.into_inner().expect("no panic"), wrong.into_inner().expect("no panic"));
    println!("{ends:?}");
    assert!(wrong.is_empty(), "{}\n\n{} in all", wrong[..wrong.len().min(5)].join("\n\n"), wrong.len());
    if seeds.end - seeds.start == SEEDS {
        let enough = |end: &str, least| ends.get(end).is_some_and(|count| *count >= least);
        assert!(enough("done", 50) && enough("unknown", 20) && enough("refused", 5) && enough("list", 30), "{ends:?}");
    }
}

/// Plays a seed; the end, and what was wrong. What a client had no time for is no wrong unless it is so each time.
fn play(model: &Model, seed: u64, program: &mut Program) -> (String, Option<String>) {
    for last in [false, false, true] {
        let world = model.single(seed);
        let (end, Judgement { wrong, missed }, said) = match Shape::of(seed) {
            Shape::Operation => operate(&world, seed, program),
            Shape::List => list(&world, program),
        };
        if !wrong.is_empty() || last && !missed.is_empty() {
            return (end, Some(world.describe(seed, &[wrong, missed].concat(), &said.join(" "))));
        }
        if missed.is_empty() {
            return (end, None);
        }
    }
    unreachable!("the last time decides")
}

fn operate(world: &Open, seed: u64, program: &mut Program) -> (String, Judgement, Vec<String>) {
    let Ask { order, id, serial, user, by_serial } = world.ask(seed);
    let operation = match order.operation {
        "Disable" => Operation::Suspend,
        "Enable" | "Reinstate" => Operation::Resume,
        "Revoke" => Operation::Revoke,
        "Withdraw" | "Retire" => Operation::Retire,
        "PreUpdate" => Operation::PreUpdate,
        other => panic!("no operation: {other}"),
    };
    let reason = order.reason.and_then(RevocationReason::from_name).map(|reason| reason as u32);
    let (by, key) = match (order.api, by_serial) {
        (Api::G1, true) => ("of", serial),
        (Api::G1, false) => ("of", id),
        (_, true) => ("serial", serial),
        (_, false) => ("id", id),
    };
    let mut words = begin("operate", world, order.api, order.verify);
    words.extend([(operation as u32).to_string(), reason.map_or("-".into(), |reason| reason.to_string())]);
    words.extend([by.into(), key, if user.is_empty() { "-".into() } else { user }]);
    let printed = program.ask(&words);
    let results = [
        (CardwrightResult::Done, Said::Done),
        (CardwrightResult::Unknown, Said::Unknown),
        (CardwrightResult::AwaitingApproval, Said::AwaitingApproval),
        (CardwrightResult::Refused, Said::Refused),
        (CardwrightResult::NotSent, Said::NotSent),
        (CardwrightResult::Accepted, Said::Accepted),
    ];
    let said = results.into_iter().find(|(result, _)| (*result as u32).to_string() == printed[0]);
    let said = said.map_or(Said::NotBegun, |(_, said)| said);
    (said.word().into(), world.judge(seed, said), printed)
}

fn list(world: &Open, program: &mut Program) -> (String, Judgement, Vec<String>) {
    let asked = world.list();
    let of = |name: &str| asked.filters.iter().find(|(its, _)| *its == name).map(|(_, value)| value.as_str());
    let text = |name: &str| of(name).unwrap_or("-").to_string();
    let state = of("state").and_then(CardState::from_name).map_or(0, |state| state as u32);
    let expiry = of("contentExpirationStatus").and_then(ContentExpirationStatus::from_name);
    let mut words = begin("list", world, asked.api, true);
    words.push(asked.page_size.to_string());
    words.push(asked.limit.map_or("-".into(), |limit| limit.to_string()));
    words.push(u32::from(asked.disables).to_string());
    words.extend([state.to_string(), expiry.map_or(0, |status| status as u32).to_string()]);
    words.extend(["userName", "cardTypeName", "cardModelName", "comment", "policyName", "tags"].map(text));
    words.extend(["timeIssued", "timeUpdated", "timeRevoked"].map(text));
    let printed = program.ask(&words);
    let judgement = world.judge_list(&printed[1..], printed[0] != "0");
    ("list".into(), judgement, printed)
}

/// What both kinds of line begin with.
fn begin(word: &str, world: &Open, api: Api, verify: bool) -> Vec<String> {
    let (system, dialect) = match api {
        Api::Mim => (System::Mim, 0),
        Api::G1 => (System::CertiFlow, Dialect::G1 as u32),
        Api::G6 => (System::CertiFlow, Dialect::G6 as u32),
        Api::G7 => (System::CertiFlow, Dialect::G7 as u32),
    };
    let verify = if verify { CardwrightVerify::Always } else { CardwrightVerify::Never };
    let numbers = [system as u32, dialect, verify as u32].map(|number| number.to_string());
    [&[word.to_string(), world.url().into()], numbers.as_slice(), &[SETTLE.to_string()]].concat()
}
