//! What the client reports is so, against a server that keeps the truth and misbehaves by seed.
//!
//! `CARDWRIGHT_MODEL_SEEDS=200000` plays more seeds, `MODEL_SEED=4711` plays one, with the seeds of its group.

use cardwright_client::bulk::{Bulk, Fate, Pace, Ran, Row, Stopped};
use cardwright_client::{AnyCard, AnyClient, Ending, Error, Job, Options, Proxy, Retries, Setup, Timeouts, Verify};
use cardwright_core::Named as _;
use cardwright_core::certiflow::{Dialect, OwnedQuery, Query, RevocationReason};
use cardwright_core::lifecycle::{Operation, System};
use cardwright_testkit::model::{Api, Ask, GROUP, Judgement, Model, Open, Order, SETTLE, Said, Shape};
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Runs wait more than they compute.
const THREADS: usize = 12;

/// The ends of all seeds.
#[derive(Debug, Default)]
struct Tally {
    ends: BTreeMap<String, u64>,
    /// What must never be.
    wrong: Vec<String>,
    /// What a client with enough time would not have missed, by the first seed that is to be played again.
    missed: BTreeMap<u64, String>,
}

impl Tally {
    fn count(&mut self, what: impl Into<String>) {
        *self.ends.entry(what.into()).or_default() += 1;
    }

    fn of(&self, what: &str) -> u64 {
        self.ends.get(what).copied().unwrap_or(0)
    }
}

#[test]
fn an_operation_ended_as_it_is_reported_whatever_the_server_does() {
    let tally = play(Shape::Operation, operations);
    if tally.of("alone: done") > 1_000 {
        // A client that never says anything would be right too; and so would be a server that does nothing wrong.
        for said in Said::ALL {
            assert!(tally.of(&format!("alone: {}", said.word())) > 20, "{said:?}");
        }
        assert!(tally.of("honest: done") > 1_000 && tally.of("bulk: done") > 1_000 && tally.of("compared") > 5_000);
    }
}

#[test]
fn a_list_that_ends_without_an_error_is_what_was_asked_for_and_whole() {
    let tally = play(Shape::List, |model, group, tally| {
        (group * GROUP..(group + 1) * GROUP).for_each(|seed| list(model, seed, tally));
    });
    if tally.of("list: whole") > 500 {
        assert!(tally.of("list: error") > 500 && tally.of("honest: whole") > 500);
    }
}

/// Plays the groups of a shape with several threads, prints their ends, and fails where anything was wrong.
fn play(shape: Shape, group: impl Fn(&Model, u64, &mut Tally) + Sync) -> Tally {
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().expect("a number"));
    let groups = match number("MODEL_SEED") {
        Some(seed) => seed / GROUP..seed / GROUP + 1,
        None => 0..number("CARDWRIGHT_MODEL_SEEDS").unwrap_or(20_000).div_ceil(GROUP),
    };
    let (model, next, tally) = (Model::start(), AtomicU64::new(groups.start), Mutex::new(Tally::default()));
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                loop {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    if n >= groups.end {
                        return;
                    }
                    if Shape::of(n * GROUP) == shape {
                        let mut its = Tally::default();
                        group(&model, n, &mut its);
                        let mut tally = tally.lock().expect("no panic while held");
                        its.ends.iter().for_each(|(end, count)| *tally.ends.entry(end.clone()).or_default() += count);
                        tally.wrong.extend(its.wrong);
                        tally.missed.extend(its.missed);
                    }
                }
            });
        }
    });
    let mut tally = tally.into_inner().expect("no panic");
    for (end, count) in &tally.ends {
        println!("{count:7} {end}");
    }
    println!("{:7} seeds to be played again", tally.missed.len());
    let missed = std::mem::take(&mut tally.missed);
    tally.wrong.extend(missed.into_iter().filter_map(|(seed, words)| {
        let is_missed = || {
            let mut again = Tally::default();
            group(&model, seed / GROUP, &mut again);
            again.missed.contains_key(&seed)
        };
        (is_missed() && is_missed()).then_some(words)
    }));
    let most = number("MODEL_SHOW").unwrap_or(5) as usize;
    let shown: Vec<String> = tally.wrong.iter().take(most).cloned().collect();
    assert!(tally.wrong.is_empty(), "{}\n\n{} in all", shown.join("\n\n"), tally.wrong.len());
    tally
}

/// The seeds of a group: each alone, and all in bulk.
fn operations(model: &Model, group: u64, tally: &mut Tally) {
    let seeds: Vec<u64> = (group * GROUP..(group + 1) * GROUP).collect();
    let mut alone = BTreeMap::new();
    for seed in &seeds {
        let world = model.single(*seed);
        let (said, words) = operate(&world, *seed);
        judge(&world, *seed, said, &words, tally);
        tally.count(format!("alone: {}", said.word()));
        if world.is_honest(*seed) {
            tally.count(format!("honest: {}", said.word()));
        }
        alone.insert(*seed, (said, words));
    }
    let batches = if Order::of(group).alone { 1 } else { seeds.len() };
    for seeds in seeds.chunks(batches) {
        let world = model.bulk(seeds);
        for (seed, (said, words)) in in_bulk(&world, seeds) {
            judge(&world, seed, said, &words, tally);
            tally.count(format!("bulk: {}", said.word()));
            let (single, single_words) = &alone[&seed];
            if world.compares(seed) && *single != Said::NotBegun {
                tally.count("compared");
                if *single != said {
                    let wrong = [format!("{:?} in bulk, and {:?} alone", said.word(), single.word())];
                    let words = world.describe(seed, &wrong, &format!("alone: {single_words}\nbulk: {words}"));
                    tally.missed.entry(seed).or_insert(words);
                }
            }
        }
    }
}

fn judge(world: &Open, seed: u64, said: Said, words: &str, tally: &mut Tally) {
    note(world, seed, &world.judge(seed, said), words, tally);
}

fn note(world: &Open, seed: u64, judgement: &Judgement, words: &str, tally: &mut Tally) {
    if !judgement.wrong.is_empty() {
        tally.wrong.push(world.describe(seed, &judgement.wrong, words));
    } else if !judgement.missed.is_empty() {
        let words = world.describe(seed, &judgement.missed, words);
        tally.missed.entry(seed).or_insert(words);
    }
}

/// Performs an operation on one card.
fn operate(world: &Open, seed: u64) -> (Said, String) {
    let ask = world.ask(seed);
    let client = client(world.url(), &ask.order, 500);
    let card = match find(&client, &ask) {
        Ok(Some(card)) => card,
        Ok(None) => return (Said::NotBegun, "no such card".into()),
        Err(error) => return (Said::NotBegun, error.to_string()),
    };
    match client.operate(&card, &job(&ask.order)) {
        Err(error) => (Said::NotBegun, error.to_string()),
        Ok(outcome) => {
            let said = match outcome.ending {
                Ending::Done => Said::Done,
                Ending::Refused => Said::Refused,
                Ending::NotSent => Said::NotSent,
                Ending::AwaitingApproval => Said::AwaitingApproval,
                Ending::Accepted => Said::Accepted,
                Ending::Unknown => Said::Unknown,
                #[cfg_attr(cardwright_exhaustive, expect(unreachable_patterns))]
                other => panic!("{other:?}"),
            };
            (said, format!("{outcome}"))
        }
    }
}

/// Performs an operation on all cards.
fn in_bulk(world: &Open, seeds: &[u64]) -> Vec<(u64, (Said, String))> {
    let asks: Vec<Ask> = seeds.iter().map(|seed| world.ask(*seed)).collect();
    let order = &asks[0].order;
    let client = client(world.url(), order, 500);
    let listed = !order.alone && order.api != Api::G1;
    let cards: Result<Vec<AnyCard>, Error> = if listed {
        let is_asked_for = |card: &Result<AnyCard, Error>| match card {
            Ok(card) => asks.iter().any(|ask| ask.id == card.id()),
            Err(_) => true,
        };
        client.cards(Query::default()).and_then(|cards| cards.filter(is_asked_for).collect())
    } else {
        let found = asks.iter().map(|ask| find(&client, ask));
        found.filter_map(Result::transpose).collect()
    };
    let cards = match cards {
        Ok(cards) => cards,
        Err(error) => return seeds.iter().map(|seed| (*seed, (Said::NotBegun, error.to_string()))).collect(),
    };
    let mut bulk = match Bulk::plan(&client, job(order), cards.into_iter().map(Ok)) {
        Ok(bulk) => bulk,
        Err(error) => panic!("{}", world.describe(seeds[0], &[error.to_string()], "no plan")),
    };
    let ran = bulk.run(&client, &Pace::default(), |_| ControlFlow::Continue(())).expect("a run");
    let mut ends = Vec::new();
    for row in bulk.rows() {
        let at = asks.iter().position(|ask| ask.id == row.id).expect("a card that was asked for");
        ends.push((seeds[at], end(&row, &ran)));
    }
    ends
}

fn end(row: &Row<'_>, ran: &Ran) -> (Said, String) {
    let said = match (row.fate, ran.stopped) {
        (Fate::Done, _) => Said::Done,
        (Fate::AwaitingApproval, _) => Said::AwaitingApproval,
        (Fate::Accepted, _) => Said::Accepted,
        (Fate::Unknown, _) => Said::Unknown,
        (Fate::Failed, _) if row.attempts == 0 => Said::NotBegun,
        (Fate::Failed, _) | (Fate::Planned, Some(Stopped::SignIn)) => Said::Refused,
        (Fate::Planned, Some(Stopped::Unreachable)) => Said::NotSent,
        (Fate::Planned | Fate::Skipped, _) => Said::NotBegun,
        #[cfg_attr(cardwright_exhaustive, expect(unreachable_patterns))]
        other => panic!("{other:?}"),
    };
    (said, format!("{row:?}, stopped {:?}: {:?}", ran.stopped, ran.error.as_ref().map(ToString::to_string)))
}

/// Lists, and disables each card where the loop is to.
fn list(model: &Model, seed: u64, tally: &mut Tally) {
    let world = model.single(seed);
    let asked = world.list();
    let order =
        Order { api: asked.api, operation: "Disable", reason: None, verify: true, impatient: false, alone: false };
    let client = client(world.url(), &order, asked.page_size);
    let mut query = OwnedQuery { count: asked.limit, ..OwnedQuery::default() };
    for (name, value) in &asked.filters {
        let name: String = name.chars().fold(String::new(), |mut snake, letter| {
            if letter.is_uppercase() {
                snake.push('_');
            }
            snake.push(letter.to_ascii_lowercase());
            snake
        });
        query.set(&name, value).expect("a filter");
    }
    let (mut ids, mut errors) = (Vec::new(), Vec::new());
    let cards = client.list(&query).unwrap_or_else(|error| Box::new(std::iter::once(Err(error))));
    for card in cards {
        match card {
            Ok(card) => {
                if asked.disables
                    && let Err(error) = client.operate(&card, &job(&order))
                {
                    errors.push(error.to_string());
                }
                ids.push(card.id());
            }
            Err(error) => errors.push(error.to_string()),
        }
        assert!(ids.len() + errors.len() < 5_000, "{}", world.describe(seed, &["no end".into()], ""));
    }
    note(&world, seed, &world.judge_list(&ids, !errors.is_empty()), &errors.join("\n"), tally);
    let end = if errors.is_empty() { "whole" } else { "error" };
    tally.count(format!("list: {end}"));
    if world.is_honest(seed) {
        tally.count(format!("honest: {end}"));
    }
}

fn client(url: &str, order: &Order, page_size: u32) -> AnyClient {
    let settle_limit = Duration::from_millis(SETTLE);
    let mut setup = Setup::new(url);
    setup.proxy = Proxy::None;
    setup.retries = Retries { longest_wait: Duration::from_millis(1), ..Retries::default() };
    if order.impatient {
        setup.timeouts = Timeouts { answer: Duration::from_millis(40), ..Timeouts::default() };
    }
    let (system, dialect) = match order.api {
        Api::Mim => (System::Mim, Dialect::default()),
        Api::G1 => (System::CertiFlow, Dialect::G1),
        Api::G6 => (System::CertiFlow, Dialect::G6),
        Api::G7 => (System::CertiFlow, Dialect::G7),
    };
    let verify = if order.verify { Verify::Always } else { Verify::Never };
    let options =
        Options { dialect: Some(dialect), page_size: Some(page_size), verify, settle_limit, ..Options::default() };
    AnyClient::new(system, setup, &options).expect("a client")
}

fn find(client: &AnyClient, ask: &Ask) -> Result<Option<AnyCard>, Error> {
    match ask.order.api {
        Api::G1 => client.card_of(&ask.user, if ask.by_serial { &ask.serial } else { &ask.id }),
        _ if ask.by_serial => client.find(&ask.serial),
        _ => client.card(&ask.id),
    }
}

fn job(order: &Order) -> Job {
    let operation = match order.operation {
        "Disable" => Operation::Suspend,
        "Enable" | "Reinstate" => Operation::Resume,
        "Revoke" => Operation::Revoke,
        "Withdraw" | "Retire" => Operation::Retire,
        "PreUpdate" => Operation::PreUpdate,
        other => panic!("no operation: {other}"),
    };
    let reason = order.reason.map(|reason| RevocationReason::from_name(reason).expect("a reason"));
    Job { reason, ..Job::new(operation) }
}
