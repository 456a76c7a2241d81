//! Bulk operations against the real server: its audit log says what was done to each card, and how often.

use cardwright_client::bulk::{Bulk, Fate, Job, Pace, Progress, Row, Stopped};
use cardwright_client::http;
use cardwright_client::{AnyClient, CertiFlow, Check, Client, Credentials, Error, Mim, Retries, Secret};
use cardwright_core::certiflow::{CardState, Dialect, Query, RevocationReason};
use cardwright_core::identity::Guid;
use cardwright_core::lifecycle::{Evidence, Operation, State, System};
use cardwright_core::{Code, Named as _};
use cardwright_server::{Account, Config, Faults, Outcome as Logged, Running, Server, seed};
use cardwright_testkit::raw::{Raw, answer, json, page};
use std::collections::BTreeMap;
use std::io::Write as _;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

fn server(cards: u32) -> Running {
    let mut config = Config::default();
    let account = Account::new("tester", cardwright_server::Secret::new("a password"), "administrator");
    config.accounts.push(account.as_user(seed::story_user().expect("a user")));
    config.switches.set("mim-smartcards", "all").expect("a switch");
    let running = Server::start(config).expect("a server");
    seed::story(running.registry()).expect("the story");
    seed::synthetic(running.registry(), cards, 3).expect("cards");
    running
}

/// How long a card is read again: these servers finish before they answer.
const SETTLE: Duration = Duration::from_millis(40);

fn credentials() -> Credentials {
    Credentials::basic("tester", Secret::new("a password"))
}

fn certiflow(running: &Running) -> AnyClient {
    let builder = Client::<CertiFlow>::builder(running.certiflow_url()).credentials(credentials());
    AnyClient::CertiFlow(builder.settle_limit(SETTLE).build().expect("usable"))
}

fn mim(running: &Running) -> AnyClient {
    let builder = Client::<Mim>::builder(running.mim_url()).credentials(credentials());
    AnyClient::Mim(builder.settle_limit(SETTLE).build().expect("usable"))
}

fn faults(running: &Running, rules: &str) {
    running.set_faults(Faults::parse(&format!(r#"{{"seed": 11, "rules": [{rules}]}}"#)).expect("rules"));
}

/// A file that is not there yet, gone at the end.
struct Temporary(PathBuf);

impl Temporary {
    fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let n = COUNT.fetch_add(1, Ordering::Relaxed);
        Temporary(std::env::temp_dir().join(format!("cardwright-bulk-{}-{n}.ndjson", std::process::id())))
    }

    fn text(&self) -> String {
        std::fs::read_to_string(&self.0).expect("a journal")
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

fn of_state(client: &AnyClient, job: Job, state: CardState) -> Bulk {
    let cards = client.cards(Query { state: Some(state), ..Query::default() }).expect("a list");
    Bulk::plan(client, job, cards).expect("a plan")
}

fn on(_: &Progress) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// How often the log says that an operation was done to each card, by the card's id in either system.
fn done(running: &Running, operation: Operation) -> BTreeMap<String, usize> {
    let (mut done, mut last) = (BTreeMap::new(), 0);
    loop {
        let log = running.registry().audit(last, 1000).expect("a log");
        let Some(end) = log.last() else { return done };
        last = end.id;
        for entry in log.iter().filter(|entry| entry.outcome == Logged::Done && entry.operation == operation.name()) {
            let id = match entry.system {
                Some(System::Mim) => entry.uuid.expect("a card").to_string(),
                _ => entry.card.expect("a card").to_string(),
            };
            *done.entry(id).or_default() += 1;
        }
    }
}

fn each_once(running: &Running, bulk: &Bulk) {
    let done = done(running, bulk.job().operation);
    let rows: Vec<&str> = bulk.rows().filter(|row| row.fate == Fate::Done).map(|row| row.id).collect();
    assert_eq!(rows.len(), done.len());
    assert!(rows.iter().all(|id| done.get(*id) == Some(&1)), "{done:?}");
}

#[test]
fn each_card_is_operated_once_whatever_the_server_does_to_the_answers() {
    let running = server(1_500);
    let client = certiflow(&running);
    let mut bulk = of_state(&client, Job::new(Operation::Suspend), CardState::Issued);
    let planned = bulk.counts().planned;
    faults(
        &running,
        r#"{"path": "**/disable", "every": 400, "times": 2, "status": 429, "retry_after": 1},
           {"path": "**/disable", "every": 300, "times": 2, "status": 503},
           {"path": "**/disable", "probability": 0.025, "status": 500},
           {"path": "**/disable", "probability": 0.025, "status": 500, "carry_out": true},
           {"path": "**/disable", "probability": 0.01, "close": true, "carry_out": true},
           {"path": "**/disable", "probability": 0.01, "close": true}"#,
    );
    let mut waited = false;
    let ran = bulk.run(&client, &Pace::default(), |progress| {
        waited |= progress.waits;
        ControlFlow::Continue(())
    });
    let ran = ran.expect("a run");
    assert!(ran.stopped.is_none(), "{ran:?}");
    assert!(waited, "the whole run waits when the server asks for it");
    let counts = bulk.counts();
    assert!(counts.unknown > 10 && counts.failed == 0, "what was not seen to be carried out is unknown: {counts:?}");
    each_once(&running, &bulk);
    // The next run reads those cards, and sends what did not arrive again.
    faults(&running, "");
    bulk.run(&client, &Pace::default(), on).expect("a run");
    assert_eq!((bulk.counts().done, bulk.counts().total()), (planned, planned));
    let again = bulk.rows().filter(|row| row.attempts > 1).count();
    println!("{planned} cards, {again} of them sent more than once, in {:?}", ran.elapsed);
    assert!(planned > 500 && again > 10);
    each_once(&running, &bulk);
}

/// A server of a few lines: its card's states, the first for the list and the others one after the other, and what it
/// answers to the operations.
fn scripted(states: &'static [&'static str], posts: &'static [u16]) -> (Raw, AnyClient) {
    let (reads, writes) = (AtomicUsize::new(1), AtomicUsize::new(0));
    let card = |state: &str| format!(r#"{{"id":7,"serialNumber":"07","state":"{state}"}}"#);
    let raw = Raw::answering(move |request| {
        if request.contains("/Cards?") {
            return page(request, &[card(states[0])]);
        }
        if request.starts_with("GET") {
            let state = states[reads.fetch_add(1, Ordering::Relaxed).min(states.len() - 1)];
            return json(&card(state));
        }
        match posts[writes.fetch_add(1, Ordering::Relaxed)] {
            0 => Vec::new(), // The connection breaks.
            200 => json(""),
            status => answer(&format!("{status} "), "text/plain", "so it is"),
        }
    });
    let client = Client::<CertiFlow>::builder(raw.url("/certiflow/api")).retries(Retries::none());
    let client = client.settle_limit(Duration::from_millis(20)).build();
    (raw, AnyClient::CertiFlow(client.expect("usable")))
}

#[test]
fn whatever_the_answer_the_card_decides() {
    // The first read is the plan's list.
    for (states, posts, fate, attempts) in [
        (&["Issued", "Disabled"][..], &[0][..], Fate::Done, 1),
        (&["Issued", "Issued", "Disabled"], &[0], Fate::Done, 1),
        (&["Issued", "Disabled"], &[500], Fate::Done, 1),
        // What may still be carried out is not sent again.
        (&["Issued"], &[0], Fate::Unknown, 1),
        (&["Issued"], &[500], Fate::Unknown, 1),
        (&["Issued"], &[408], Fate::Unknown, 1),
        (&["Issued"], &[202], Fate::Unknown, 1),
        (&["Issued"], &[200], Fate::Unknown, 1),
        (&["Issued", "Disabled"], &[200], Fate::Done, 1),
        // Where the server asks to wait, the card is read before and after the wait.
        (&["Issued", "Disabled"], &[503], Fate::Done, 1),
        (&["Issued", "Issued", "Disabled"], &[503], Fate::Done, 1),
        (&["Issued", "Issued", "Issued", "Disabled"], &[503, 200], Fate::Done, 2),
        // Refused, because the first one arrived late.
        (&["Issued", "Issued", "Issued", "Disabled"], &[429, 409], Fate::Done, 2),
        (&["Issued"], &[429, 409], Fate::Unknown, 2),
        (&["Issued"], &[503, 503, 503, 503, 503], Fate::Unknown, 5),
        (&["Issued", "Revoked"], &[0], Fate::Unknown, 1),
        (&["Issued", "Strange"], &[200], Fate::Unknown, 1),
        (&["Issued"], &[409], Fate::Failed, 1),
        (&["Strange"], &[0], Fate::Unknown, 1),
        (&["Strange", "Disabled"], &[0], Fate::Done, 1),
    ] {
        let (raw, client) = scripted(states, posts);
        let cards = client.cards(Query::default()).expect("a list");
        let mut bulk = Bulk::plan(&client, Job::new(Operation::Suspend), cards).expect("a plan");
        bulk.run(&client, &Pace::default(), on).expect("a run");
        let row = bulk.rows().next().expect("a row");
        assert_eq!((row.fate, row.attempts), (fate, attempts), "{states:?} {posts:?}: {row:?}");
        assert!(fate != Fate::Unknown || row.words.contains(states.last().expect("a state")), "{row:?}");
        let sent = raw.requests().iter().filter(|request| request.starts_with("POST")).count();
        assert_eq!(sent, posts.len(), "{states:?} {posts:?}");
    }
}

#[test]
fn a_client_that_is_cut_off_leaves_a_journal_that_another_resumes() {
    let running = server(300);
    let (client, journal) = (certiflow(&running), Temporary::new());
    let mut bulk = of_state(&client, Job::new(Operation::Suspend), CardState::Issued);
    let total = bulk.counts().planned;
    bulk.keep(&journal.0).expect("a journal");
    faults(&running, r#"{"path": "**/disable", "every": 5, "latency_ms": 100}"#);
    let AnyClient::CertiFlow(cut) = &client else { unreachable!() };
    let ran = bulk.run(&client, &Pace::default(), |progress| {
        if progress.counts.done > 20 {
            cut.canceler().cancel();
        }
        ControlFlow::Continue(())
    });
    assert_eq!(ran.expect("a run").stopped, Some(Stopped::Canceled));
    assert!(bulk.counts().planned > 0 && bulk.counts().failed == 0, "{:?}", bulk.counts());
    drop(bulk);
    let client = certiflow(&running);
    let mut bulk = Bulk::resume(&client, &journal.0).expect("a journal");
    bulk.run(&client, &Pace::default(), on).expect("a run");
    assert_eq!(bulk.counts().done, total, "{:?}", bulk.counts());
    each_once(&running, &bulk);
}

#[test]
fn a_lost_answer_to_the_making_of_a_request_is_unknown_and_no_second_one_is_made() {
    let running = server(40);
    let (client, journal) = (mim(&running), Temporary::new());
    let cards = client.cards(Query::default()).expect("a list");
    let mut bulk = Bulk::plan(&client, Job::new(Operation::Retire), cards).expect("a plan");
    bulk.keep(&journal.0).expect("a journal");
    let lost = r#"{"path": "**/requests", "method": "POST", "skip": 3, "times": 1, "close": true, "carry_out": true}"#;
    faults(&running, lost);
    bulk.run(&client, &Pace::default(), on).expect("a run");
    let counts = bulk.counts();
    assert!(counts.unknown == 1 && counts.done > 5, "{counts:?}");
    drop(bulk);
    let requests = || {
        let log = running.registry().audit(0, u32::MAX).expect("a log");
        log.iter().filter(|entry| entry.operation == "request" && entry.outcome == Logged::Done).count()
    };
    let before = requests();
    let mut bulk = Bulk::resume(&client, &journal.0).expect("a journal");
    bulk.run(&client, &Pace::default(), on).expect("a run");
    assert_eq!((bulk.counts(), requests()), (counts, before));
    let unknown = bulk.rows().find(|row| row.fate == Fate::Unknown).expect("one");
    assert!(unknown.words.contains("there may be a request"), "{unknown:?}");
}

#[test]
fn in_g1_a_card_is_read_again_by_its_user() {
    let running = server(0);
    let user = "aweber@demo.example";
    let builder = Client::<CertiFlow>::builder(running.icmapi_url()).credentials(credentials());
    let client = AnyClient::CertiFlow(builder.dialect(Dialect::G1).build().expect("usable"));
    let cards = client.cards(Query { user_name: Some(user), ..Query::default() }).expect("a list");
    let mut bulk = Bulk::plan(&client, Job::new(Operation::Suspend), cards).expect("a plan");
    faults(&running, r#"{"path": "/icmapi/**", "method": "POST", "times": 1, "close": true, "carry_out": true}"#);
    bulk.run(&client, &Pace { concurrency: 1, ..Pace::default() }, on).expect("a run");
    let row = bulk.rows().find(|row| row.id == "1065").expect("a row");
    assert_eq!((row.fate, row.attempts), (Fate::Done, 1), "{row:?}");
    each_once(&running, &bulk);
}

#[test]
fn what_may_be_repeated_is_repeated() {
    let running = server(200);
    let client = certiflow(&running);
    let mut bulk = of_state(&client, Job::new(Operation::PreUpdate), CardState::Issued);
    faults(&running, r#"{"path": "**/preupdate", "every": 4, "close": true, "carry_out": true}"#);
    bulk.run(&client, &Pace::default(), on).expect("a run");
    let done = done(&running, Operation::PreUpdate);
    assert_eq!((bulk.counts().done, done.len()), (bulk.counts().total(), bulk.counts().total()));
    assert!(done.values().any(|times| *times > 1), "{done:?}");
}

#[test]
fn a_plan_sends_nothing_counts_by_state_and_verdict_and_skips_what_is_documented_as_refused() {
    let running = server(300);
    let client = certiflow(&running);
    let job = Job { reason: Some(RevocationReason::CardLost), ..Job::new(Operation::Revoke) };
    let before = running.registry().audit(0, u32::MAX).expect("a log").len();
    let query = || client.cards(Query::default()).expect("a list");
    let mut bulk = Bulk::plan(&client, Job::new(Operation::Suspend), query().chain(query())).expect("a plan");
    assert_eq!(bulk.rows().len(), query().count(), "a card that comes twice counts once");
    let groups = bulk.groups();
    assert_eq!(groups.iter().map(|group| group.cards).sum::<usize>(), bulk.rows().len());
    assert!(groups.iter().any(|group| group.fate == Fate::Planned && group.state_text == "Issued"));
    // The client stops by itself what is documented, and with `strict` what is assumed too.
    assert_eq!(bulk.counts().skipped, 0, "{groups:?}");
    let builder = Client::<CertiFlow>::builder(running.certiflow_url()).credentials(credentials());
    let strict = AnyClient::CertiFlow(builder.check(Check::Strict).build().expect("usable"));
    let strict = Bulk::plan(&strict, Job::new(Operation::Suspend), query()).expect("a plan");
    let skipped: Vec<_> = strict.rows().filter(|row| row.fate == Fate::Skipped).collect();
    assert!(!skipped.is_empty() && strict.rows().len() > skipped.len());
    assert!(skipped.iter().all(|row| row.code == Some(Code::NotAllowed) && row.words.contains("is not allowed")));
    let pre_update = Bulk::plan(&client, Job::new(Operation::PreUpdate), query()).expect("a plan");
    let documented = |row: &Row<'_>| {
        row.verdict.is_some_and(|verdict| !verdict.is_allowed() && verdict.evidence() == Evidence::Documented)
    };
    assert!(pre_update.rows().all(|row| (row.fate == Fate::Skipped) == documented(&row)));
    assert!(pre_update.counts().skipped > 10 && pre_update.counts().planned > 10);
    let revoke = Bulk::plan(&client, job, query()).expect("a plan");
    let id = revoke.rows().nth(3).expect("a row").id.to_string();
    let requests = revoke.requests(&client, 3).expect("requests");
    assert!(requests[0].address.ends_with(&format!("/Cards/{id}/Revoke?reason=CardLost")), "{requests:?}");
    assert_eq!(running.registry().audit(0, u32::MAX).expect("a log").len(), before, "nothing was sent");

    bulk.run(&client, &Pace::default(), on).expect("a run");
    assert_eq!((bulk.counts().unknown, bulk.counts().planned), (0, 0));
    for row in bulk.rows().filter(|row| row.fate == Fate::Failed) {
        assert_eq!((row.status, row.attempts), (Some(409), 1), "{row:?}");
    }
    each_once(&running, &bulk);
}

#[test]
fn what_a_system_or_its_dialect_lacks_is_told_before_anything_is_listed() {
    let running = server(0);
    let (flow, mim) = (certiflow(&running), mim(&running));
    let code = |client: &AnyClient, operation| Bulk::plan(client, Job::new(operation), []).expect_err("lacking").code();
    assert_eq!(code(&mim, Operation::Suspend), Code::NoSuchOperation);
    assert_eq!(code(&flow, Operation::Revoke), Code::ReasonNeeded);
    let g6 = Client::<CertiFlow>::builder(running.certiflow_url()).dialect(Dialect::G6).build().expect("usable");
    assert_eq!(code(&AnyClient::CertiFlow(g6), Operation::Retire), Code::NoSuchCall);
}

#[test]
fn a_canary_that_fails_stops_the_run_before_any_other_card() {
    let running = server(100);
    let client = certiflow(&running);
    let mut bulk = of_state(&client, Job::new(Operation::Suspend), CardState::Issued);
    faults(&running, r#"{"path": "**/disable", "skip": 2, "status": 403}"#);
    let settings = Pace { canary: 5, ..Pace::default() };
    let ran = bulk.run(&client, &settings, on).expect("a run");
    assert_eq!(ran.stopped, Some(Stopped::Canary));
    assert_eq!((bulk.counts().done, bulk.counts().failed), (2, 1));
    let failed = bulk.rows().find(|row| row.fate == Fate::Failed).expect("one");
    assert_eq!((failed.code, failed.status), (Some(Code::Forbidden), Some(403)));
    faults(&running, "");
    bulk.retry_failed();
    assert!(bulk.run(&client, &settings, on).expect("a run").stopped.is_none());
    assert_eq!(bulk.counts().done, bulk.counts().total());
    each_once(&running, &bulk);
}

#[test]
fn more_failures_than_are_allowed_stop_the_run() {
    let running = server(300);
    let client = certiflow(&running);
    let mut bulk = of_state(&client, Job::new(Operation::Suspend), CardState::Issued);
    faults(&running, r#"{"path": "**/disable", "every": 2, "status": 403}"#);
    let settings = Pace { max_failures: Some(3), concurrency: 4, ..Pace::default() };
    assert_eq!(bulk.run(&client, &settings, on).expect("a run").stopped, Some(Stopped::Failures));
    // Those that were under way come to their end.
    assert!((4..=7).contains(&bulk.counts().failed) && bulk.counts().planned > 50, "{:?}", bulk.counts());
    each_once(&running, &bulk);
}

#[test]
fn a_run_that_is_canceled_ends_what_is_under_way_and_is_resumed() {
    let running = server(400);
    let (client, journal) = (certiflow(&running), Temporary::new());
    let mut bulk = of_state(&client, Job::new(Operation::Suspend), CardState::Issued);
    let total = bulk.counts().planned;
    bulk.keep(&journal.0).expect("a journal");
    faults(&running, r#"{"path": "**/disable", "latency_ms": 40}"#);
    let mut told = Vec::new();
    let ran = bulk.run(&client, &Pace::default(), |progress| {
        told.push(progress.counts.done);
        if progress.counts.done > 10 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert_eq!(ran.expect("a run").stopped, Some(Stopped::Canceled));
    let counts = bulk.counts();
    assert!(counts.done > 10 && counts.planned > 0 && counts.done + counts.planned == total, "{counts:?}");
    assert!(told.is_sorted() && told.first() == Some(&0) && told.last() == Some(&counts.done), "{told:?}");
    assert!(Bulk::resume(&client, &journal.0).is_err(), "it is still held");
    drop(bulk);

    faults(&running, "");
    let mut bulk = Bulk::resume(&client, &journal.0).expect("a journal");
    assert_eq!(bulk.counts(), counts);
    assert!(bulk.run(&client, &Pace::default(), on).expect("a run").stopped.is_none());
    assert_eq!(bulk.counts().done, total);
    each_once(&running, &bulk);
    let lines = journal.text().lines().count();
    drop(bulk);
    let mut bulk = Bulk::resume(&client, &journal.0).expect("a journal");
    bulk.run(&client, &Pace::default(), on).expect("a run");
    assert_eq!(journal.text().lines().count(), lines, "nothing was left to do");
}

#[test]
fn a_journal_is_one_runs_alone_and_of_one_server_job_and_set_of_cards() {
    let running = server(50);
    let (client, journal) = (certiflow(&running), Temporary::new());
    let mut bulk = of_state(&client, Job::new(Operation::Suspend), CardState::Issued);
    bulk.keep(&journal.0).expect("a journal");
    let wrong = |error: Error, words: &str| {
        assert_eq!(error.code(), Code::Journal);
        assert!(error.to_string().contains(words), "{error}");
    };
    wrong(Bulk::resume(&client, &journal.0).expect_err("locked"), "another run is using it");
    let ids: Vec<String> = bulk.rows().map(|row| row.id.to_string()).collect();
    drop(bulk);
    let mut second = of_state(&client, Job::new(Operation::Suspend), CardState::Issued);
    wrong(second.keep(&journal.0).expect_err("there"), "there already");
    wrong(Bulk::resume(&mim(&running), &journal.0).expect_err("other"), "it is of CertiFlow at http");
    let other = server(0);
    wrong(Bulk::resume(&certiflow(&other), &journal.0).expect_err("other"), &other.certiflow_url());

    let bulk = Bulk::resume(&client, &journal.0).expect("its own");
    bulk.check_job(&Job::new(Operation::Suspend)).expect("its own");
    wrong(bulk.check_job(&Job::new(Operation::Resume)).expect_err("other"), "it is of Disable, and not of Enable");
    bulk.check_cards(ids.iter().rev().map(String::as_str)).expect("its own");
    let others = ids.iter().skip(2).map(String::as_str).chain(["7"]);
    let error = bulk.check_cards(others).expect_err("other");
    assert!(error.to_string().contains(&format!("2 of its {} to do are not given", ids.len())), "{error}");
    wrong(error, "1 of the");
}

#[test]
fn a_journal_takes_the_same_list_when_its_first_cards_have_left_it() {
    let running = server(50);
    let (client, journal) = (certiflow(&running), Temporary::new());
    let mut bulk = of_state(&client, Job::new(Operation::Suspend), CardState::Issued);
    bulk.keep(&journal.0).expect("a journal");
    // Two are done, and of the third the answer is lost and no read of it answered.
    faults(
        &running,
        r#"{"path": "**/disable", "skip": 2, "times": 1, "close": true, "carry_out": true},
           {"path": "**/cards/*", "method": "GET", "skip": 2, "status": 500}"#,
    );
    let settings = Pace { concurrency: 1, attempts: 1, max_failures: Some(0), ..Pace::default() };
    assert_eq!(bulk.run(&client, &settings, on).expect("a run").stopped, Some(Stopped::Failures));
    let counts = bulk.counts();
    assert!((counts.done, counts.unknown) == (2, 1) && counts.planned > 5, "{counts:?}");
    drop(bulk);
    faults(&running, "");
    let bulk = Bulk::resume(&client, &journal.0).expect("a journal");
    let again = client.cards(Query { state: Some(CardState::Issued), ..Query::default() }).expect("a list");
    let again: Vec<String> = again.map(|card| card.expect("a card").id()).collect();
    assert_eq!(again.len(), counts.planned);
    bulk.check_cards(again.iter().map(String::as_str)).expect("its own");
    let error = bulk.check_cards(again.iter().skip(1).map(String::as_str)).expect_err("one is left out");
    assert!(error.to_string().contains("1 of its"), "{error}");
}

#[test]
fn a_torn_last_line_is_dropped_and_any_other_damage_is_told_with_its_line() {
    let running = server(50);
    let (client, journal) = (certiflow(&running), Temporary::new());
    let mut bulk = of_state(&client, Job::new(Operation::Suspend), CardState::Issued);
    bulk.keep(&journal.0).expect("a journal");
    let plan = journal.text();
    bulk.run(&client, &Pace { concurrency: 1, ..Pace::default() }, on).expect("a run");
    let total = bulk.counts().done;
    drop(bulk);
    let whole = journal.text();
    // Cut anywhere behind the plan, and in its middle: what is known of a card is never wrong.
    let step = (whole.len() - plan.len()) / 40;
    for cut in (plan.len()..whole.len()).step_by(step) {
        std::fs::write(&journal.0, &whole[..cut]).expect("written");
        let mut bulk = Bulk::resume(&client, &journal.0).unwrap_or_else(|e| panic!("cut at {cut}: {e}"));
        bulk.run(&client, &Pace { canary: 0, ..Pace::default() }, on).expect("a run");
        // All are done; a card whose `sent` is lost is sent again here, as no disk loses it in reality.
        assert!(bulk.rows().all(|row| matches!((row.fate, row.status), (Fate::Done, _) | (Fate::Failed, Some(409)))));
        drop(bulk);
        assert!(journal.text().ends_with('\n'));
    }
    assert_eq!(done(&running, Operation::Suspend).values().sum::<usize>(), total, "nothing was done twice");

    let damaged = |text: &str, words: &str| {
        std::fs::write(&journal.0, text).expect("written");
        let error = Bulk::resume(&client, &journal.0).expect_err(words);
        assert_eq!(error.code(), Code::Journal);
        assert!(error.to_string().contains(words), "{error}");
    };
    damaged(&plan[..plan.len() / 2], "its plan is not whole, so nothing was sent");
    damaged("", "no journal");
    damaged("{\"is\":\"something\"}\n", "no journal");
    damaged(&whole.replacen("\"version\":1", "\"version\":9", 1), "this version reads");
    let number = plan.lines().count() + 1;
    damaged(&format!("{plan}{{\"is\":\"sent\",\"n\"\n{{\"is\":\"sent\",\"n\":1}}\n"), &format!("line {number}: "));
    damaged(&format!("{plan}{{\"is\":\"sent\",\"n\":100000}}\n"), &format!("line {number}: it is about no card"));
    damaged(&format!("{plan}{{\"is\":\"soon\",\"n\":1}}\n"), &format!("line {number}: \"soon\" is not known"));
}

#[test]
fn a_card_that_was_sent_and_has_no_end_is_read_before_anything_else() {
    let running = server(50);
    let (client, journal) = (certiflow(&running), Temporary::new());
    let mut bulk = of_state(&client, Job::new(Operation::Suspend), CardState::Issued);
    bulk.keep(&journal.0).expect("a journal");
    let ids: Vec<i64> = bulk.rows().take(4).map(|row| row.id.parse().expect("a number")).collect();
    drop(bulk);
    // Of four that were sent, one was done, one was not, one is in another state, and one is gone.
    running.registry().set_state(ids[0], State::Suspended).expect("set");
    running.registry().set_state(ids[2], State::Revoked).expect("set");
    running.registry().set_state(ids[3], State::Retired).expect("set");
    let mut file = std::fs::OpenOptions::new().append(true).open(&journal.0).expect("a journal");
    for n in 0..4 {
        writeln!(file, r#"{{"is":"sent","n":{n},"attempts":1}}"#).expect("written");
    }
    drop(file);
    let mut bulk = Bulk::resume(&client, &journal.0).expect("a journal");
    assert_eq!(bulk.counts().unknown, 4);
    bulk.run(&client, &Pace::default(), on).expect("a run");
    let fates: Vec<Fate> = bulk.rows().take(4).map(|row| row.fate).collect();
    assert_eq!(fates, [Fate::Done, Fate::Done, Fate::Unknown, Fate::Unknown]);
    let attempts: Vec<u32> = bulk.rows().take(4).map(|row| row.attempts).collect();
    assert_eq!(attempts, [1, 2, 1, 1]);
    let done = done(&running, Operation::Suspend);
    let times: Vec<Option<usize>> = ids.iter().map(|id| done.get(&id.to_string()).copied()).collect();
    assert_eq!(times, [None, Some(1), None, None], "what was in doubt was not sent blindly");
}

#[test]
fn a_request_that_waits_for_approval_is_an_outcome_and_is_gone_on_with() {
    for (approved, fate, code) in [(true, Fate::Done, None), (false, Fate::Failed, Some(Code::RequestEnded))] {
        let running = server(60);
        let (client, journal) = (mim(&running), Temporary::new());
        let cards = client.cards(Query::default()).expect("a list");
        let job = Job { comment: "end".into(), ..Job::new(Operation::Retire) };
        let mut bulk = Bulk::plan(&client, job, cards).expect("a plan");
        bulk.keep(&journal.0).expect("a journal");
        let lost =
            r#"{"path": "/certificatemanagement/**", "method": "PUT", "every": 7, "close": true, "carry_out": true}"#;
        faults(&running, lost);
        bulk.run(&client, &Pace::default(), on).expect("a run");
        let counts = bulk.counts();
        assert!(counts.done > 5 && counts.awaiting_approval > 0 && counts.planned + counts.unknown == 0, "{counts:?}");
        // The others are retired already, and the server does not list the operation for them.
        assert!(bulk.rows().filter(|row| row.fate == Fate::Failed).all(|row| row.code == Some(Code::NotAllowed)));
        drop(bulk);

        let mut bulk = Bulk::resume(&client, &journal.0).expect("a journal");
        bulk.run(&client, &Pace::default(), on).expect("a run");
        assert_eq!(bulk.counts(), counts, "nobody has decided");
        let waiting: Vec<String> = bulk
            .rows()
            .filter_map(|row| row.request.filter(|_| row.fate == Fate::AwaitingApproval))
            .map(Into::into)
            .collect();
        for request in &waiting {
            let guid = Guid::parse(request).expect("an id");
            match approved {
                // Some templates want more than one.
                true => ["a manager", "another one", "a third one"].iter().for_each(|who| {
                    let _ = running.registry().approve(guid, *who);
                }),
                false => drop(running.registry().deny(guid, "a manager").expect("denied")),
            }
        }
        bulk.run(&client, &Pace::default(), on).expect("a run");
        assert_eq!((bulk.counts().awaiting_approval, bulk.counts().unknown), (0, 0));
        for request in &waiting {
            let row = bulk.rows().find(|row| row.request == Some(request)).expect("a row");
            assert_eq!((row.fate, row.code), (fate, code), "{row:?}");
        }
        each_once(&running, &bulk);
    }
}

/// A bulk of one card of MIM CM whose request to be retired is approved, and its journal.
fn one_to_retire(running: &Running, client: &AnyClient) -> (Bulk, Temporary) {
    let journal = Temporary::new();
    let story = Guid::parse("4e1b77c0-9a25-4f0d-b68c-3d52e1906f7a").expect("a GUID");
    let card = client.find(&story.to_string()).expect("a list").expect("the card of the story");
    let mut bulk = Bulk::plan(client, Job::new(Operation::Retire), [Ok(card)]).expect("a plan");
    bulk.keep(&journal.0).expect("a journal");
    bulk.run(client, &Pace::default(), on).expect("a run");
    let request = bulk.rows().next().and_then(|row| row.request).expect("a request");
    let request = Guid::parse(request).expect("a GUID");
    for who in ["a manager", "another one", "a third one"] {
        let _ = running.registry().approve(request, who);
    }
    (bulk, journal)
}

/// What was done in MIM CM, in its order.
fn steps(running: &Running) -> Vec<String> {
    let log = running.registry().audit(0, u32::MAX).expect("a log");
    log.into_iter().filter(|entry| entry.outcome == Logged::Done).map(|entry| entry.operation).collect()
}

#[test]
fn a_request_that_is_not_carried_out_stays_open_and_no_other_is_made() {
    // What the server says to the setting of the card's status, and to looks at the request after that.
    for rules in [
        r#"{"path": "/certificatemanagement/**/smartcards/*", "method": "PUT", "close": true, "carry_out": true},
           {"path": "/certificatemanagement/**", "method": "GET", "skip": 3, "status": 500}"#,
        r#"{"path": "/certificatemanagement/**", "method": "PUT", "status": 500}"#,
        r#"{"path": "/certificatemanagement/**", "method": "PUT", "times": 1, "status": 429, "retry_after": 1}"#,
    ] {
        let running = server(0);
        let client = mim(&running);
        let (mut bulk, journal) = one_to_retire(&running, &client);
        faults(&running, rules);
        bulk.run(&client, &Pace { attempts: 2, ..Pace::default() }, on).expect("a run");
        let is_waited_for = rules.contains("429");
        let row = bulk.rows().next().expect("a row");
        assert_eq!(row.fate, if is_waited_for { Fate::Done } else { Fate::Unknown }, "{rules}: {row:?}");
        drop(bulk);
        faults(&running, "");
        let mut bulk = Bulk::resume(&client, &journal.0).expect("a journal");
        bulk.retry_failed();
        bulk.run(&client, &Pace::default(), on).expect("a run");
        assert_eq!(bulk.counts().done, 1, "{rules}");
        let steps = steps(&running);
        assert_eq!(steps.iter().filter(|step| *step == "request").count(), 1, "{rules}: {steps:?}");
        assert!(!steps.iter().any(|step| step == "cancel"), "{rules}: {steps:?}");
    }
}

#[test]
fn a_panic_of_the_caller_stops_the_run() {
    let running = server(300);
    let client = certiflow(&running);
    let mut bulk = of_state(&client, Job::new(Operation::Suspend), CardState::Issued);
    faults(&running, r#"{"path": "**/disable", "latency_ms": 20}"#);
    let total = bulk.counts().planned;
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let _ = bulk.run(&client, &Pace::default(), |_| panic!("of the caller"));
    }));
    assert!(panicked.is_err());
    let done = done(&running, Operation::Suspend).len();
    assert!(total > 50 && done < total / 2, "{done} of {total}");
}

#[test]
fn a_server_that_is_gone_or_refuses_the_account_stops_the_run_and_costs_no_card() {
    let running = server(100);
    let journal = Temporary::new();
    let client = certiflow(&running);
    let mut bulk = of_state(&client, Job::new(Operation::Suspend), CardState::Issued);
    let total = bulk.counts().total();
    bulk.keep(&journal.0).expect("a journal");
    faults(&running, r#"{"path": "**/disable", "skip": 20, "status": 401}"#);
    let ran = bulk.run(&client, &Pace::default(), on).expect("a run");
    assert_eq!(ran.stopped, Some(Stopped::SignIn), "{ran:?}");
    // A client that was refused reads nothing more, so those that were under way are not seen to be done.
    let counts = bulk.counts();
    assert_eq!((counts.done + counts.unknown, counts.planned), (20, total - 20), "{counts:?}");
    // What was refused once, a client does not try again: it takes another one.
    let client = certiflow(&running);
    faults(&running, r#"{"path": "**/disable", "status": 429, "retry_after": 5000}"#);
    let ran = bulk.run(&client, &Pace::default(), on).expect("a run");
    // What was under way was not seen to be carried out, and nobody can say that it was not.
    let counts = bulk.counts();
    assert_eq!((ran.stopped, counts.failed), (Some(Stopped::Busy), 0), "{ran:?}");
    assert!(counts.planned >= total - 20 - 8 && counts.done <= 20, "{counts:?}");
    running.stop();
    let ran = bulk.run(&client, &Pace::default(), on).expect("a run");
    assert_eq!((ran.stopped, bulk.counts()), (Some(Stopped::Unreachable), counts), "{ran:?}");
    assert!(ran.elapsed < Duration::from_secs(60));
}

#[test]
fn settings_that_cannot_be_are_refused() {
    let running = server(0);
    let client = certiflow(&running);
    let mut bulk = Bulk::plan(&client, Job::new(Operation::Suspend), []).expect("a plan");
    let wrong = [
        Pace { concurrency: 0, ..Pace::default() },
        Pace { concurrency: 1025, ..Pace::default() },
        Pace { rate: Some(0.0), ..Pace::default() },
        Pace { rate: Some(f64::NAN), ..Pace::default() },
    ];
    for settings in wrong {
        assert!(
            matches!(bulk.run(&client, &settings, on), Err(Error::Http(http::Error::Setup { .. }))),
            "{settings:?}"
        );
    }
    let strict = Client::<CertiFlow>::builder(running.certiflow_url()).check(Check::Strict).build().expect("usable");
    let ran = bulk.run(&AnyClient::CertiFlow(strict), &Pace::default(), on).expect("a run");
    assert!(ran.stopped.is_none());
}
