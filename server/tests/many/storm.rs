//! Three servers behind a balancer, and 16 clients, while one server after another is killed and the database is restarted.

use crate::cluster;
use crate::instance::{Instance, administrator, ask, certiflow, config};
use cardwright_core::Named as _;
use cardwright_core::lifecycle::State;
use cardwright_server::{AuditEntry, Outcome, Server, seed};
use cardwright_testkit::balancer::Balancer;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

const CLIENTS: usize = 16;

/// The cards that they operate: so few that they are in each other's way.
const CARDS: usize = 24;

/// What a client has asked: the card, the operation, and the answer.
struct Asked {
    card: i64,
    operation: &'static str,
    status: Option<u16>,
}

fn name(client: usize) -> String {
    format!("client-{client}")
}

/// Operates cards until it is told to stop.
fn client(number: usize, address: SocketAddr, cards: &[i64], stop: &AtomicBool) -> Vec<Asked> {
    let mut chance = 0x9E37_79B9_u64.wrapping_mul(number as u64 + 1);
    let mut asked = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let card = cards[(chance >> 33) as usize % cards.len()];
        let (word, operation) = if chance >> 63 == 0 { ("Disable", "suspend") } else { ("Enable", "resume") };
        let answer = ask(address, &name(number), "POST", &certiflow(&format!("Cards/{card}/{word}")), "");
        let status = answer.map(|answer| answer.0);
        asked.push(Asked { card, operation, status });
        if status.is_none_or(|status| status >= 500) {
            // As a client does that is told to try again later.
            std::thread::sleep(Duration::from_millis(20));
        }
    }
    asked
}

#[test]
fn what_was_answered_is_there_once_whatever_dies() {
    let Some(cluster) = cluster() else { return };
    let kills = if std::env::var_os("CARDWRIGHT_LONG").is_some() { 20 } else { 3 };
    let url = cluster.database();
    let mut first = config(&url);
    first.accounts.extend((0..CLIENTS).map(|number| administrator(&name(number))));
    let running = Server::start(first).unwrap();
    let registry = running.registry().clone();
    seed::synthetic(&registry, 400, 1).unwrap();
    let cards: Vec<i64> =
        (2001..2401).filter(|card| registry.state(*card).unwrap() == State::Active).take(CARDS).collect();
    assert_eq!(cards.len(), CARDS);

    let mut instances: Vec<Instance> = (0..3).map(|_| Instance::start(&url)).collect();
    let balancer = Balancer::start(&instances.iter().map(|one| one.address).collect::<Vec<_>>());
    let stop = AtomicBool::new(false);
    let asked: Vec<Vec<Asked>> = std::thread::scope(|scope| {
        let (address, cards, stop) = (balancer.address(), &cards, &stop);
        let clients: Vec<_> =
            (0..CLIENTS).map(|number| scope.spawn(move || client(number, address, cards, stop))).collect();
        let pause = || std::thread::sleep(Duration::from_millis(700));
        for kill in 0..kills {
            pause();
            let dying = &mut instances[kill % 3];
            dying.kill();
            pause();
            dying.start_again();
            if kill == kills / 2 {
                pause();
                cluster.stop();
                pause();
                cluster.start_again();
            }
        }
        pause();
        stop.store(true, Ordering::Relaxed);
        clients.into_iter().map(|client| client.join().unwrap()).collect()
    });
    // Requests of clients that are gone end meanwhile.
    drop(balancer);
    drop(instances);
    let log = log(&registry);
    check_answers(&asked, &log);
    for card in cards {
        check_card(card, registry.state(card).unwrap(), &log);
    }
    registry.check().unwrap();
}

/// The whole audit log.
fn log(registry: &cardwright_server::Registry) -> Vec<AuditEntry> {
    let mut log: Vec<AuditEntry> = Vec::new();
    loop {
        let more = registry.audit(log.last().map_or(0, |last| last.id), 500).unwrap();
        if more.is_empty() {
            return log;
        }
        log.extend(more);
    }
}

/// Every answer has its row, and each row was asked for: what was done, what was refused, and, of what had no answer or 500,
/// either or neither. What was answered with 503 was not done.
fn check_answers(asked: &[Vec<Asked>], log: &[AuditEntry]) {
    let mut rows: HashMap<(&str, i64, &str, bool), usize> = HashMap::new();
    for row in log.iter().filter(|row| row.account.starts_with("client-")) {
        let key = (row.account.as_str(), row.card.unwrap(), row.operation.as_str(), row.outcome == Outcome::Done);
        *rows.entry(key).or_default() += 1;
    }
    let names: Vec<String> = (0..CLIENTS).map(name).collect();
    let mut statuses: HashMap<Option<u16>, usize> = HashMap::new();
    for (name, asked) in names.iter().zip(asked) {
        let mut answered: HashMap<(i64, &str, bool), usize> = HashMap::new();
        let mut unknown: HashMap<(i64, &str), usize> = HashMap::new();
        for one in asked {
            *statuses.entry(one.status).or_default() += 1;
            let is_done = match one.status {
                Some(200) => true,
                Some(409) => false,
                Some(503) => continue,
                None | Some(500) => {
                    *unknown.entry((one.card, one.operation)).or_default() += 1;
                    continue;
                }
                other => panic!("{name} got {other:?}"),
            };
            *answered.entry((one.card, one.operation, is_done)).or_default() += 1;
        }
        for ((card, operation, is_done), count) in &answered {
            let there = rows.get(&(name, *card, *operation, *is_done)).copied().unwrap_or_default();
            assert!(
                there >= *count,
                "{name}: {operation} of {card} was answered {count} times, and done {there} times"
            );
        }
        for ((account, card, operation, is_done), there) in rows.iter().filter(|row| row.0.0 == name) {
            let count = answered.get(&(*card, operation, *is_done)).copied().unwrap_or_default();
            let most = count + unknown.get(&(*card, operation)).copied().unwrap_or_default();
            assert!(*there <= most, "{account}: {operation} of {card} was asked {most} times, and done {there} times");
        }
    }
    println!("{} rows; answers: {statuses:?}", log.len());
    assert!(statuses[&Some(200)] > 200 && statuses[&Some(409)] > 50, "{statuses:?}");
    let broken: usize = statuses.iter().filter(|one| !matches!(one.0, Some(200 | 409))).map(|one| one.1).sum();
    assert!(broken > 0, "nothing was in anybody's way: {statuses:?}");
}

/// Each row of a card begins in the state in which the one before it ended, and the card is in the last one.
fn check_card(card: i64, state: State, log: &[AuditEntry]) {
    let mut at = State::Active;
    for row in log.iter().filter(|row| row.card == Some(card)) {
        assert_eq!(row.before.map(State::name), Some(at.name()), "card {card}, row {}: {row:?}", row.id);
        at = row.after.unwrap();
        let changes = row.before != row.after;
        assert_eq!(changes, row.outcome == Outcome::Done, "{row:?}");
    }
    assert_eq!(at.name(), state.name(), "card {card}");
}
