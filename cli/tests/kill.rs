//! `kill -9` for a server while eight clients change cards, two read the whole list again and again, and two sign in: what
//! was answered stays, and no card is in a state that the audit log does not explain.
//!
//! Three rounds, or twenty where `CARDWRIGHT_LONG` is set. Each prints how many operations were
//! answered, how many were under way when the server died, and how many of those it had done.

mod common;

use cardwright_client::{CertiFlow, Client, Credentials, Ending, Error, Retries, Secret};
use cardwright_core::Named as _;
use cardwright_core::certiflow::{OwnedCardInfo, Query, RevocationReason};
use cardwright_core::lifecycle::{NativeState, Operation, State, System, Verdict};
use cardwright_server::{AuditEntry, Config, Data, Outcome as Logged, Registry, Server};
use common::plain::{Address, count};
use common::process::{Process, folder};
use common::{cardwright, run};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

const CLIENTS: usize = 8;

/// An operation that a client sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Sent {
    card: i64,
    operation: Operation,
}

/// What a client knows when its server is gone.
#[derive(Debug, Default)]
struct Told {
    answered: Vec<Sent>,
    unanswered: Option<Sent>,
}

#[test]
fn what_was_answered_survives_the_kill_and_the_audit_log_explains_every_card() {
    let rounds = if std::env::var_os("CARDWRIGHT_LONG").is_some() { 20 } else { 3 };
    let data = folder("kill");
    let text = data.to_str().expect("UTF-8");
    let seeded = run(&mut cardwright(&["seed", "--data", text, "--cards", "600"]));
    assert_eq!(seeded.code, 0, "{seeded:?}");
    let (mut states, mut logged) = open(&data, |registry| (states(registry), log(registry, 0)));
    let (mut answered, mut unanswered, mut found_done, mut hits) = (0, 0, 0, 0);

    for round in 0..rounds {
        let server = Process::start(&["--data", text]);
        let told = until_killed(server, &states, round);
        let last = logged.last().map_or(0, |entry| entry.id);
        let (fresh, now) = open(&data, |registry| {
            registry.check().expect("the file is whole");
            for card in states.keys() {
                let held = registry.certificates(*card).expect("certificates").iter().any(|one| one.held_with_card);
                let is_suspended = registry.state(*card).expect("a card") == State::Suspended;
                assert!(!held || is_suspended, "card {card}: a certificate is on hold and its card is not");
            }
            (log(registry, last), self::states(registry))
        });

        replay(&mut states, &fresh);
        assert_eq!(states, now, "the log tells every state");
        let done = done(&fresh);
        let sent: Vec<Sent> = told.iter().flat_map(|told| told.answered.iter().copied()).collect();
        let lost: Vec<Sent> = told.iter().filter_map(|told| told.unanswered).collect();
        let (mut kept, mut extra) = (0, 0);
        for (card, log) in &done {
            let answered: Vec<_> = sent.iter().filter(|one| one.card == *card).map(|one| one.operation).collect();
            let (front, rest) = log.split_at_checked(answered.len()).expect("everything that was answered is logged");
            assert_eq!(front, answered, "card {card}");
            let lost: Vec<_> = lost.iter().filter(|one| one.card == *card).map(|one| one.operation).collect();
            assert!(rest.is_empty() || rest == lost, "card {card}: {rest:?} was not sent");
            (kept, extra) = (kept + answered.len(), extra + rest.len());
        }
        assert_eq!(kept, sent.len(), "everything that was answered is logged");
        println!(
            "round {}: {} answered, {} unanswered, of which {extra} found done; {} cards, {} rows of the log",
            round + 1,
            sent.len(),
            lost.len(),
            states.len(),
            logged.len() + fresh.len(),
        );
        (answered, unanswered, found_done) = (answered + sent.len(), unanswered + lost.len(), found_done + extra);
        hits += usize::from(!lost.is_empty());
        logged.extend(fresh);
    }
    println!("{rounds} rounds: {answered} answered, {unanswered} unanswered, {found_done} found done; {hits} hits");
    assert!(answered > rounds * CLIENTS, "the clients did little: {answered}");
    assert!(hits * 2 > rounds, "the kill hit an operation in {hits} of {rounds} rounds only");
    std::fs::remove_dir_all(&data).expect("removed");
}

/// Opens the registry as a server does after a restart, looks at it, and closes it again.
fn open<T>(data: &Path, look: impl FnOnce(&Registry) -> T) -> T {
    let mut config = Config::default();
    config.data = Data::Directory(data.to_owned());
    let running = Server::start(config).expect("the registry opens again");
    let seen = look(running.registry());
    running.stop();
    seen
}

fn states(registry: &Registry) -> BTreeMap<i64, State> {
    let ids = (1001..=1003).chain([1013, 1065, 1073]).chain(2001..=2600);
    let states: BTreeMap<_, _> = ids.map(|id| (id, registry.state(id).expect("a card"))).collect();
    assert_eq!(states.len(), registry.count_cards().expect("a count"), "every card is looked at");
    states
}

fn log(registry: &Registry, after: i64) -> Vec<AuditEntry> {
    let mut all: Vec<AuditEntry> = Vec::new();
    loop {
        let more = registry.audit(all.last().map_or(after, |entry| entry.id), 1000).expect("a log");
        if more.is_empty() {
            return all;
        }
        all.extend(more);
    }
}

/// Goes through new rows of the log, each of which must fit the state that the rows before led to.
fn replay(states: &mut BTreeMap<i64, State>, log: &[AuditEntry]) {
    for entry in log {
        let state = states.get_mut(&entry.card.expect("a card")).expect("a known card");
        assert_eq!(entry.before, Some(*state), "{entry:?}");
        let operation = Operation::from_name(&entry.operation).expect("an operation");
        let verdict = Verdict::of(state.native(System::CertiFlow).expect("a listed card"), operation);
        let to = match verdict {
            Verdict::Allowed { to, .. } => to.neutral().expect("a state"),
            _ => *state,
        };
        assert_eq!((entry.after, entry.outcome == Logged::Done), (Some(to), verdict.is_allowed()), "{entry:?}");
        *state = to;
    }
}

/// What the log says was done to each card, in its order.
fn done(log: &[AuditEntry]) -> BTreeMap<i64, Vec<Operation>> {
    let mut done = BTreeMap::<_, Vec<_>>::new();
    for entry in log.iter().filter(|entry| entry.outcome == Logged::Done) {
        let operation = Operation::from_name(&entry.operation).expect("an operation");
        done.entry(entry.card.expect("a card")).or_default().push(operation);
    }
    done
}

/// Lets the clients work on cards of their own, and kills the server while they do.
fn until_killed(server: Process, states: &BTreeMap<i64, State>, round: usize) -> Vec<Told> {
    let clients: Vec<_> = (0..CLIENTS).map(|_| client(&server)).collect();
    let cards: Vec<OwnedCardInfo> =
        clients[0].cards(Query::default()).expect("a list").map(|card| card.expect("a card")).collect();
    for card in &cards {
        assert_eq!(Some(state(card)), states.get(&id(card)).copied(), "the API shows what the registry holds");
    }
    let count = AtomicUsize::new(0);
    let (lists, sign_ins, is_killed) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicBool::new(false));
    let address = Address::of(&server);
    std::thread::scope(|scope| {
        let workers: Vec<_> = clients
            .iter()
            .enumerate()
            .map(|(n, client)| {
                let own: Vec<_> = cards.iter().skip(n).step_by(CLIENTS).collect();
                let (count, chance) = (&count, Chance(((round + 1) * 1_000 + n) as u64));
                scope.spawn(move || work(client, own, chance, count))
            })
            .collect();
        for _ in 0..2 {
            scope.spawn(|| read_lists(&address, &lists, &is_killed));
            scope.spawn(|| sign_in(&address, &sign_ins, &is_killed));
        }
        // Until all are at it, and then for a time that differs from round to round.
        let since = Instant::now();
        let is_begun = || lists.load(Ordering::Relaxed) > 0 && sign_ins.load(Ordering::Relaxed) > 0;
        while count.load(Ordering::Relaxed) < 4 * CLIENTS || !is_begun() {
            assert!(since.elapsed() < Duration::from_secs(60), "the clients come to nothing");
            std::thread::sleep(Duration::from_millis(1));
        }
        std::thread::sleep(Duration::from_millis(100 + Chance(round as u64 + 1).below(400)));
        let beside = [lists.load(Ordering::Relaxed), sign_ins.load(Ordering::Relaxed)];
        server.kill();
        is_killed.store(true, Ordering::Relaxed);
        println!("round {}: {} whole lists and {} sign-ins beside the changes", round + 1, beside[0], beside[1]);
        assert!(beside.iter().all(|count| *count > 0), "lists and sign-ins are under way: {beside:?}");
        workers.into_iter().map(|worker| worker.join().expect("a client")).collect()
    })
}

/// Reads the whole list again and again until the server is gone.
fn read_lists(address: &Address, lists: &AtomicUsize, is_killed: &AtomicBool) {
    while !is_killed.load(Ordering::Relaxed) {
        let Ok(stream) = address.ask("/certiflow/api/Cards", Some((&address.user, &address.password))) else { return };
        if count(stream, b"\"cardModelName\":").is_ok_and(|(cards, is_whole)| cards > 500 && is_whole) {
            lists.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// Signs in with a wrong password and with the right one, by turns, until the server is gone.
fn sign_in(address: &Address, sign_ins: &AtomicUsize, is_killed: &AtomicBool) {
    for n in 0.. {
        if is_killed.load(Ordering::Relaxed) {
            return;
        }
        let wrong = format!("wrong{n}");
        let (password, right): (_, &[u16]) =
            if n % 2 == 0 { (&wrong, &[401, 429, 503]) } else { (&address.password, &[200]) };
        let answer = address.status("/certiflow/api/Cards/1013", Some((&address.user, password)));
        let Ok(status) = answer else { continue };
        assert!(right.contains(&status), "{status}");
        sign_ins.fetch_add(1, Ordering::Relaxed);
    }
}

fn client(server: &Process) -> Client<CertiFlow> {
    Client::<CertiFlow>::builder(&server.url)
        .credentials(Credentials::basic(&server.user, Secret::new(server.password.clone())))
        .retries(Retries::none())
        .settle_limit(Duration::from_millis(20))
        .proxy(None)
        .build()
        .expect("a client")
}

/// Disables, enables and revokes until no answer comes.
fn work(client: &Client<CertiFlow>, own: Vec<&OwnedCardInfo>, mut chance: Chance, count: &AtomicUsize) -> Told {
    let mut told = Told::default();
    let is_of_use = |card: &OwnedCardInfo| matches!(state(card), State::Active | State::Suspended);
    let mut own: Vec<OwnedCardInfo> = own.into_iter().filter(|card| is_of_use(card)).cloned().collect();
    while !own.is_empty() {
        let at = chance.below(own.len() as u64) as usize;
        let card = &own[at];
        let (operation, reason) = match state(card) {
            _ if chance.below(50) == 0 => {
                let reasons = RevocationReason::ALL;
                (Operation::Revoke, Some(reasons[chance.below(reasons.len() as u64) as usize]))
            }
            State::Active => (Operation::Suspend, None),
            _ => (Operation::Resume, None),
        };
        let sent = Sent { card: id(card), operation };
        let outcome = client.operate(card, operation, reason).expect("begun");
        match (outcome.ending, outcome.card, &outcome.error) {
            (Ending::Done, Some(card), _) => {
                told.answered.push(sent);
                count.fetch_add(1, Ordering::Relaxed);
                if is_of_use(&card) {
                    own[at] = card;
                } else {
                    drop(own.remove(at));
                }
            }
            (Ending::NotSent, ..) => return told,
            // Answered, and the server gone before the card could be read again.
            (Ending::Unknown, _, Some(Error::Unverified)) => {
                told.answered.push(sent);
                return told;
            }
            (Ending::Unknown, ..) => {
                told.unanswered = Some(sent);
                return told;
            }
            other => panic!("{sent:?}: {other:?}"),
        }
    }
    panic!("no cards are left to work on");
}

fn id(card: &OwnedCardInfo) -> i64 {
    card.view().id().to_string().parse().expect("a number")
}

fn state(card: &OwnedCardInfo) -> State {
    let state = card.view().state().known().expect("a known state");
    NativeState::CertiFlow(state).neutral().expect("a neutral state")
}

/// Numbers that are the same for the same start (xorshift64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % end
    }
}
