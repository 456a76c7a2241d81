//! The seven generations of CertiFlow: each is found by its answers, each call works in it or names what it lacks, and a
//! wrong one changes nothing that was not meant.

use cardwright_client::bulk::{Bulk, Pace};
use cardwright_client::{AnyClient, CertiFlow, Client, Ending, Error, Job, Outcome, Retries};
use cardwright_core::certiflow::{CardState, Dialect, Dialects, OwnedCardInfo, Query, RevocationReason, Sure};
use cardwright_core::lifecycle::Operation;
use cardwright_core::{Code, Named};
use cardwright_testkit::generations::{Done, Generation};
use cardwright_testkit::raw::{answer, json};
use std::ops::ControlFlow;
use std::time::Duration;

const USER: &str = "user1@demo.test";

fn client(server: &Generation, dialect: Option<Dialect>) -> Client<CertiFlow> {
    let builder = Client::<CertiFlow>::builder(server.url()).retries(Retries::none());
    builder.dialect(dialect).settle_limit(Duration::from_millis(40)).build().expect("usable")
}

fn dialect(n: u8) -> Dialect {
    Dialect::from_number(n.into()).expect("a generation")
}

#[test]
fn each_generation_is_found_at_any_base_by_few_questions_that_change_nothing() {
    let mut found = 0;
    for n in 1..=7 {
        for base in ["/api", "/icmapi", "/cm/api", "/keybox/api", "/certiflow/api"] {
            let server = Generation::at(n, base);
            let client = client(&server, None);
            let finding = client.probe().expect("answers");
            let same_calls = Dialects::between(Dialect::G4, Dialect::G5);
            let wanted = if (4..=5).contains(&n) { same_calls } else { Dialects::only(dialect(n)) };
            assert_eq!((finding.dialects(), finding.sure()), (wanted, Sure::Shown), "G{n} at {base}: {finding}");
            let spoken = if base == "/icmapi" && wanted == same_calls { Dialect::G4 } else { client.dialect() };
            assert_eq!(client.dialect(), spoken, "the page of G4 has this base");
            let asked = server.requests();
            assert!(asked.len() <= 6 && asked.iter().all(|one| one.starts_with("GET ")), "G{n} at {base}: {asked:?}");
            assert!(server.done().is_empty());
            found += 1;
        }
    }
    println!("{found} probes");
}

/// What stands in front of a server.
type Front = fn(&str, Vec<u8>) -> Vec<u8>;

const PAGE: &str = "<!DOCTYPE html><html><title>Sign in</title><body>Please sign in.</body></html>";

#[test]
fn what_stands_in_front_of_a_server_never_makes_it_another_generation() {
    let fronts: [(&str, Front); 9] = [
        ("asks everybody to sign in", |_, _| answer("401 Unauthorized", "text/html", PAGE)),
        ("forbids everything", |_, _| answer("403 Forbidden", "text/html", PAGE)),
        ("answers everything with a page", |_, _| answer("200 OK", "text/html", PAGE)),
        ("answers everything with a page that is missing", |_, _| answer("404 Not Found", "text/html", PAGE)),
        ("answers everything with an empty list", |_, _| json("[]")),
        ("answers everything with no JSON of cards", |_, _| json(r#"{"error":"busy"}"#)),
        ("has a page in place of what is missing", |_, reply| match reply.starts_with(b"HTTP/1.1 404") {
            true => answer("200 OK", "text/html", PAGE),
            false => reply,
        }),
        ("has a page for what has an id", |request, reply| match request.contains("/Cards/") {
            true => answer("404 Not Found", "text/html", PAGE),
            false => reply,
        }),
        ("has a page for what has a filter", |request, reply| match request.to_lowercase().contains("serialnumber") {
            true => answer("200 OK", "text/html", PAGE),
            false => reply,
        }),
    ];
    let (mut right, mut unknown) = (0, 0);
    for n in 1..=7 {
        for (what, front) in fronts {
            for base in ["/api", "/icmapi", "/certiflow/api"] {
                let server = Generation::behind(n, base, front);
                let client = client(&server, None);
                let finding = client.probe().expect("answers");
                let told = finding.dialects();
                // An empty list is one of G1 to G3 or of G4 and later, whatever it is: no generation is said.
                let is_right = told.has(dialect(n)) || finding.sure() != Sure::Shown;
                assert!(is_right, "G{n} behind something that {what}, at {base}: {finding}");
                right += usize::from(finding.sure() == Sure::Shown);
                unknown += usize::from(finding.sure() != Sure::Shown);
                assert!(server.requests().len() <= 6 && server.done().is_empty());
            }
        }
    }
    println!("{right} right, {unknown} cannot tell");
    assert!(right > 20 && unknown > 100);
}

/// A list that is asked for, and the cards that are right.
struct List {
    name: &'static str,
    query: Query<'static>,
    /// The first generation that can be asked.
    since: u8,
    ids: &'static [&'static str],
}

fn lists() -> [List; 14] {
    let none = Query::default();
    let list = |name, query, since, ids| List { name, query, since, ids };
    [
        list("all", none, 2, &["11", "12", "13", "14", "15", "16"]),
        list("count", Query { count: Some(2), ..none }, 2, &["11", "12"]),
        list("offset", Query { offset: Some(4), ..none }, 2, &["15", "16"]),
        list("userName", Query { user_name: Some(USER), ..none }, 1, &["11", "13"]),
        list("serialNumber", Query { serial_number: Some("CC13"), ..none }, 3, &["13"]),
        list("cardTypeName", Query { card_type_name: Some("eToken"), ..none }, 3, &["12", "13"]),
        list("comment", Query { comment: Some("Branch"), ..none }, 3, &["12"]),
        list("tags", Query { tags: &["field"], ..none }, 3, &["12", "13"]),
        list("state", Query { state: Some(CardState::Issued), ..none }, 4, &["11", "12", "16"]),
        list("cardModelName", Query { card_model_name: Some("Rutoken ECP"), ..none }, 7, &["14", "15"]),
        list("policyName", Query { policy_name: Some("Guests"), ..none }, 7, &["16"]),
        list("timeIssued", Query { time_issued: Some("2026-01-01"), ..none }, 7, &["16"]),
        list("timeUpdated", Query { time_updated: Some("2026-01-01"), ..none }, 7, &["16"]),
        list("timeRevoked", Query { time_revoked: Some("2023-01-01"), ..none }, 7, &["14"]),
    ]
}

fn ids(client: &Client<CertiFlow>, query: Query<'_>) -> Result<Vec<String>, Error> {
    client.cards(query)?.map(|card| card.map(|card| card.view().id().to_string())).collect()
}

/// An operation, and what the server must have done.
struct Act {
    operation: Operation,
    serial: &'static str,
    reason: Option<RevocationReason>,
    /// The first generation that has it.
    since: u8,
    done: (i64, &'static str, u64),
}

fn acts() -> [Act; 6] {
    let act = |operation, serial, reason, since, done| Act { operation, serial, reason, since, done };
    let (lost, compromised) = (RevocationReason::CardLost, RevocationReason::CardCompromised);
    [
        act(Operation::Suspend, "AA11", None, 1, (11, "disable", 0)),
        act(Operation::Resume, "CC13", None, 1, (13, "enable", 0)),
        act(Operation::PreUpdate, "AA11", None, 1, (11, "preupdate", 0)),
        act(Operation::Revoke, "CC13", Some(lost), 1, (13, "revoke", 2)),
        act(Operation::Revoke, "AA11", Some(compromised), 2, (11, "revoke", 7)),
        act(Operation::Retire, "DD14", None, 7, (14, "withdraw", 0)),
    ]
}

/// The card by the way that `by` has: its serial number, its id, or its user.
fn find(client: &Client<CertiFlow>, by: usize, serial: &str) -> Result<Option<OwnedCardInfo>, Error> {
    match by {
        0 => client.find(serial),
        1 => {
            let id = match serial {
                "AA11" => "11",
                "CC13" => "13",
                _ => "14",
            };
            client.card(id)
        }
        _ => client.card_of(if serial == "DD14" { "user3@demo.test" } else { USER }, serial),
    }
}

fn operate(client: &Client<CertiFlow>, by: usize, act: &Act) -> Result<Outcome<OwnedCardInfo>, Error> {
    let card = find(client, by, act.serial)?;
    let card = card.ok_or(cardwright_core::Error::of(Code::NotFound, "a card"))?;
    let user = if act.serial == "DD14" { "user3@demo.test" } else { USER };
    match by {
        2 => client.operate((&card, user), act.operation, act.reason),
        _ => client.operate(&card, act.operation, act.reason),
    }
}

fn done(act: &Act) -> Vec<Done> {
    let (id, operation, reason) = act.done;
    vec![Done { id, operation: operation.into(), reason }]
}

/// Whether an error names what a generation lacks: this one, or a newer one where nobody needed to be asked which it is.
fn names(error: &Error, n: u8) -> bool {
    (n..=7).any(|one| error.to_string().ends_with(&format!("(G{one})")))
}

#[test]
fn every_call_works_in_every_generation_that_has_it_without_one_being_given() {
    let mut seen = 0;
    for n in 1..=7 {
        for base in ["", "/api"] {
            let start = || if base.is_empty() { Generation::start(n) } else { Generation::at(n, base) };
            for List { name, query, since, ids: right } in lists() {
                let server = start();
                let context = format!("G{n} {base} {name}");
                match ids(&client(&server, None), query) {
                    Ok(found) => {
                        assert_eq!(found, right, "{context}");
                        assert!(n >= since, "{context}");
                    }
                    Err(error) => {
                        assert!(n < since, "{context}: {error}");
                        // Where no generation at the base has it, nobody is asked.
                        assert!(names(&error, n), "{context}: {error}");
                    }
                }
                seen += 1;
            }
            for act in acts() {
                // Found by serial number since G2; by id since G2; by the user in all.
                for by in 0..3 {
                    let (server, context) =
                        (start(), format!("G{n} {base} {:?} {} by {by}", act.operation, act.serial));
                    let came = operate(&client(&server, None), by, &act);
                    if n >= act.since && (n >= 2 || by == 2) {
                        let outcome = came.unwrap_or_else(|error| panic!("{context}: {error}"));
                        assert_eq!(outcome.ending, Ending::Done, "{context}: {outcome:?}");
                        assert_eq!(server.done(), done(&act), "{context}");
                    } else {
                        let error = came.expect_err(&context);
                        assert!(names(&error, n), "{context}: {error}");
                        assert_eq!(server.done(), [], "{context}");
                    }
                    seen += 1;
                }
            }
        }
    }
    println!("{seen} calls");
}

/// How many calls came to what.
#[derive(Debug, Default)]
struct Tally {
    right: usize,
    errors: usize,
    /// The errors that name the generation.
    named: usize,
    /// What the server refused, or did not know.
    refused: usize,
}

#[test]
fn a_wrong_generation_gives_the_right_answer_or_an_error_before_anything_is_changed() {
    let tallies: Vec<Tally> = std::thread::scope(|scope| {
        let each = |n| scope.spawn(move || (1..=7).map(|told| pair(n, told)).collect::<Vec<_>>());
        let all: Vec<_> = (1..=7).map(each).collect();
        all.into_iter().flat_map(|one| one.join().expect("no panic")).collect()
    });
    let sum = |of: fn(&Tally) -> usize| tallies.iter().map(of).sum::<usize>();
    let (right, errors, named, refused) = (sum(|t| t.right), sum(|t| t.errors), sum(|t| t.named), sum(|t| t.refused));
    println!("{right} right, {errors} errors, {named} of which name the generation, {refused} refused");
    assert!(tallies.len() == 49 && named > 100);
}

/// All calls of a client that was told one generation to a server of another.
fn pair(n: u8, told: u8) -> Tally {
    let mut tally = Tally::default();
    let (own, told_dialect) = (dialect(n), Some(dialect(told)));
    let understood = own.understands(dialect(told));
    for base in ["", "/api"] {
        let start = || if base.is_empty() { Generation::start(n) } else { Generation::at(n, base) };
        // Lists change nothing.
        let server = start();
        for List { name, query, since, ids: wanted } in lists() {
            let context = format!("G{told} to G{n} {base} {name}");
            match ids(&client(&server, told_dialect), query) {
                Ok(found) => assert_eq!(found, wanted, "{context}"),
                Err(error) => {
                    assert!(!understood || told < since, "{context}: {error}");
                    tally.errors += 1;
                    tally.named += usize::from(matches!(error, Error::Dialect { .. }));
                    continue;
                }
            }
            tally.right += 1;
        }
        // By the serial number alone where the base is the usual one: it makes no difference to a generation that is told.
        for by in if base.is_empty() { 0..1 } else { 0..3 } {
            for act in acts() {
                let context = format!("G{told} to G{n} {base} {:?} {} by {by}", act.operation, act.serial);
                let server = start();
                let came = operate(&client(&server, told_dialect), by, &act);
                let (since, changed) = (if by < 2 { act.since.max(2) } else { act.since }, server.done());
                match came {
                    Ok(outcome) if outcome.ending == Ending::Done => {
                        assert_eq!(changed, done(&act), "{context}");
                        tally.right += 1;
                    }
                    Ok(outcome) => {
                        assert!(changed.is_empty() && !understood, "{context}: {outcome:?} {changed:?}");
                        tally.refused += 1;
                    }
                    Err(error) => {
                        assert!(changed.is_empty(), "{context}: {error} {changed:?}");
                        assert!(!understood || told < since, "{context}: {error}");
                        tally.errors += 1;
                        tally.named += usize::from(matches!(error, Error::Dialect { .. }));
                    }
                }
            }
        }
    }
    tally
}

#[test]
fn a_run_is_resumed_by_the_key_that_the_generation_has() {
    let mut resumed = 0;
    for n in 1..=7 {
        for (told, base) in [(None, ""), (None, "/api"), (Some(dialect(n)), "")] {
            let server = if base.is_empty() { Generation::start(n) } else { Generation::at(n, base) };
            let any = || AnyClient::CertiFlow(client(&server, told));
            let context = format!("G{n} {base} {told:?}");
            let journal = std::env::temp_dir().join(format!("cardwright-generations-{}-{n}", std::process::id()));
            let _ = std::fs::remove_file(&journal);
            let planned = {
                let client = any();
                let query = Query { user_name: (n == 1).then_some(USER), ..Query::default() };
                let cards = client.cards(query).expect("a list");
                let job = Job { reason: Some(RevocationReason::CardLost), ..Job::new(Operation::Revoke) };
                let mut bulk = Bulk::plan(&client, job, cards).expect("a plan");
                bulk.keep(&journal).expect("a journal");
                bulk.counts().planned
            };
            // A client that knows nothing of the server yet.
            let client = any();
            let mut bulk = Bulk::resume(&client, &journal).expect("a journal");
            bulk.run(&client, &Pace { canary: 0, ..Pace::default() }, |_| ControlFlow::Continue(())).expect("a run");
            // A revoked one and a clean one are refused by the server, as that is only assumed.
            let (counts, ids) = (bulk.counts(), if n == 1 { &[11, 13][..] } else { &[11, 12, 13, 16] });
            assert_eq!((counts.done, counts.failed), (ids.len(), planned - ids.len()), "{context}: {counts:?}");
            drop(bulk);
            std::fs::remove_file(&journal).expect("removed");
            let mut done = server.done();
            done.sort_by_key(|one| one.id);
            assert!(done.iter().map(|one| one.id).eq(ids.iter().copied()), "{context}: {done:?}");
            assert!(done.iter().all(|one| one.operation == "revoke" && one.reason == 2), "{context}: {done:?}");
            resumed += 1;
        }
    }
    assert_eq!(resumed, 21);
}
