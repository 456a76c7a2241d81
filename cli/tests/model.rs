//! What the command reports is so, by its words and by its exit code, against a server that keeps the truth and
//! misbehaves by seed. `MODEL_SEED=4711` plays one seed.

mod common;

use cardwright_testkit::model::{Api, Ask, Judgement, Model, Open, Order, SETTLE, Said, Shape};
use common::{Done, cardwright, run};
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

const SEEDS: u64 = 300;
const THREADS: usize = 4;

#[test]
fn the_command_reports_what_is_so_and_its_exit_code_says_the_same() {
    let seeds = match std::env::var("MODEL_SEED") {
        Ok(seed) => seed.parse().map(|seed| seed..seed + 1).expect("a number"),
        Err(_) => 0..SEEDS,
    };
    let (model, next) = (Model::start(), AtomicU64::new(seeds.start));
    let (ends, wrong) = (Mutex::new(BTreeMap::<String, u32>::new()), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= seeds.end {
                        return;
                    }
                    let (end, words) = play(&model, seed);
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

/// Plays a seed; the end, and what was wrong. What a command had no time for is no wrong unless it is so each time.
fn play(model: &Model, seed: u64) -> (String, Option<String>) {
    for last in [false, false, true] {
        let world = model.single(seed);
        let (end, Judgement { wrong, missed }, done) = match Shape::of(seed) {
            Shape::Operation => operate(&world, seed),
            Shape::List => list(&world),
        };
        if !wrong.is_empty() || last && !missed.is_empty() {
            let words = [wrong, missed].concat();
            return (end, Some(world.describe(seed, &words, &format!("{done:?}"))));
        }
        if missed.is_empty() {
            return (end, None);
        }
    }
    unreachable!("the last time decides")
}

fn operate(world: &Open, seed: u64) -> (String, Judgement, Done) {
    let Ask { order, id, serial, user, by_serial } = world.ask(seed);
    let word = order.operation.to_ascii_lowercase();
    let mut arguments = vec![word.as_str(), "--json", "--yes"];
    arguments.extend(if by_serial { vec!["--serial", &serial] } else { vec![id.as_str()] });
    if order.api == Api::G1 {
        arguments.extend(["--of", &user]);
    }
    if let Some(reason) = order.reason {
        arguments.extend(["--reason", reason]);
    }
    let done = run(command(world, &order, &arguments).stdin(std::process::Stdio::null()));
    let outcome = serde_json::from_str::<serde_json::Value>(&done.out).ok();
    let word = outcome.as_ref().and_then(|outcome| outcome["outcome"].as_str());
    let said = word.map_or(Said::NotBegun, |word| Said::from_word(word).expect(word));
    let mut judgement = world.judge(seed, said);
    let codes: &[i32] = match said {
        Said::Done | Said::Accepted => &[0],
        // 404 and 410 say that there is no such card.
        Said::Refused => &[3, 4, 5],
        Said::NotSent => &[6],
        Said::AwaitingApproval => &[7],
        Said::Unknown => &[8],
        Said::NotBegun => &[1, 3, 4, 5, 6],
    };
    if !codes.contains(&done.code) {
        judgement.wrong.push(format!("{:?} and exit code {}", said.word(), done.code));
    }
    (said.word().into(), judgement, done)
}

fn list(world: &Open) -> (String, Judgement, Done) {
    let asked = world.list();
    let limit = asked.limit.map(|limit| limit.to_string());
    let mut arguments = vec!["cards", "--format", "ndjson"];
    if let Some(limit) = &limit {
        arguments.extend(["--limit", limit]);
    }
    for (name, value) in &asked.filters {
        let option = match *name {
            "state" => "--state",
            "userName" => "--of",
            "cardTypeName" => "--type",
            "cardModelName" => "--model",
            "policyName" => "--policy",
            "tags" => "--tag",
            "comment" => "--comment",
            "contentExpirationStatus" => "--content",
            "timeIssued" => "--issued",
            "timeUpdated" => "--updated",
            "timeRevoked" => "--revoked",
            other => panic!("no option for {other}"),
        };
        arguments.extend([option, value]);
    }
    let order = Order { api: asked.api, operation: "", reason: None, verify: true, impatient: false, alone: false };
    let done = run(command(world, &order, &arguments).stdin(std::process::Stdio::null()));
    let id = |line: &str| {
        let card: serde_json::Value = serde_json::from_str(line).expect("a card on each line");
        let id = if asked.api == Api::Mim { &card["Uuid"] } else { &card["id"] };
        id.as_str().map_or_else(|| id.to_string(), str::to_string)
    };
    let ids: Vec<String> = done.out.lines().map(id).collect();
    // Here the loop over the cards disables none.
    let judgement = if asked.disables { Judgement::default() } else { world.judge_list(&ids, done.code != 0) };
    ("list".into(), judgement, done)
}

fn command(world: &Open, order: &Order, arguments: &[&str]) -> std::process::Command {
    let mut command = cardwright(arguments);
    let settle = format!("0.{SETTLE:03}");
    command.args(["--url", world.url(), "--auth", "none", "--settle", &settle]);
    match order.api {
        Api::Mim => command.args(["--api", "mim"]),
        api => command.args(["--api", "certiflow", "--dialect", api.word()]),
    };
    if !order.verify {
        command.args(["--verify", "never"]);
    }
    command
}
