//! The client against the real server: every cell of the transition table, and the samples.

use cardwright_client::MimCard;
use cardwright_client::{
    AnyCard, AnyClient, CertiFlow, Check, Client, Credentials, Ending, Error, Job, Mim, Outcome, Secret,
};
use cardwright_core::certiflow::{CardState, Dialect, Query, RevocationReason};
use cardwright_core::lifecycle::{NativeState, Operation, System};
use cardwright_core::mim::SmartcardStatus;
use cardwright_core::{Code, Named};
use cardwright_server::{Account, Config, Running, Server, seed};
use cardwright_testkit::raw::{Raw, json};

/// Cards that the seed has under these ids; the first belongs to a template with all operations.
const CERTIFLOW_ID: i64 = 1013;
const CARD_ID: &str = "91c3e7a5-26d8-4b0f-a7e4-0f5c8d3b6219";

/// A card whose template needs somebody's approval for everything.
const APPROVAL_CARD: &str = "4e1b77c0-9a25-4f0d-b68c-3d52e1906f7a";

fn server(cards: u32) -> Running {
    let mut config = Config::default();
    let account = Account::new("tester", cardwright_server::Secret::new("a password"), "administrator");
    config.accounts.push(account.as_user(seed::story_user().expect("a user")));
    let running = Server::start(config).expect("a server");
    seed::story(running.registry()).expect("the story");
    seed::synthetic(running.registry(), cards, 3).expect("cards");
    running
}

fn credentials() -> Credentials {
    Credentials::basic("tester", Secret::new("a password"))
}

fn certiflow(running: &Running) -> Client<CertiFlow> {
    let builder = Client::<CertiFlow>::builder(running.certiflow_url());
    builder.credentials(credentials()).check(Check::Off).build().expect("usable")
}

fn mim(running: &Running) -> Client<Mim> {
    let builder = Client::<Mim>::builder(running.mim_url());
    builder.credentials(credentials()).check(Check::Off).build().expect("usable")
}

/// A row of the table that was typed from the vendors' pages.
struct Cell {
    state: String,
    operation: Operation,
    outcome: String,
}

fn cells(system: &str) -> Vec<Cell> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../core/tests/transitions.tsv");
    let table = std::fs::read_to_string(path).expect("the table");
    let rows = table.lines().skip(1).map(|line| line.split('\t').collect::<Vec<_>>());
    rows.filter(|row| row[0] == system)
        .map(|row| Cell {
            state: row[1].to_string(),
            operation: Operation::from_name(row[2]).expect("an operation"),
            outcome: row[3].to_string(),
        })
        .collect()
}

fn put(running: &Running, state: NativeState) {
    let state = state.neutral().expect("a state that a card can be in");
    running.registry().set_state(CERTIFLOW_ID, state).expect("the card is there");
}

#[test]
fn certiflow_answers_each_operation_in_each_state_as_the_table_says() {
    let running = server(0);
    let client = certiflow(&running);
    let cells = cells("CertiFlow");
    for Cell { state, operation, outcome } in &cells {
        let from = CardState::from_name(state).expect("a state");
        put(&running, NativeState::CertiFlow(from));
        let card = client.card(&CERTIFLOW_ID.to_string()).expect("an answer").expect("a card");
        assert!(card.view().state().is(from));
        let reason = (*operation == Operation::Revoke).then_some(RevocationReason::CardBroken);
        let done = client.operate(&card, *operation, reason);
        let cell = format!("{state} {}", operation.name());
        match outcome.as_str() {
            "refused" => assert_refused(&cell, done),
            to => {
                let after = done_card(&cell, done);
                assert!(after.view().state().is(CardState::from_name(to).expect("a state")), "{cell}: {after:?}");
            }
        }
    }
    println!("{} cells", cells.len());
    assert_eq!(cells.len(), 30);
}

#[test]
fn mim_answers_each_operation_in_each_state_as_the_table_says() {
    let running = server(0);
    let client = mim(&running);
    let uuid = {
        let card = client.find(CARD_ID).expect("an answer").expect("a card");
        card.view().uuid().expect("an id").to_string()
    };
    let (mut walked, mut without_state) = (0, 0);
    for Cell { state, operation, outcome } in cells("MIM") {
        let from = SmartcardStatus::from_name(&state).expect("a status");
        if from == SmartcardStatus::None {
            // "No information" is no state that a card of ours can be put into; a server of a few
            // lines says it instead.
            without_state += 1;
            no_information(operation, &outcome);
            continue;
        }
        walked += 1;
        put(&running, NativeState::Mim(from));
        let card = client.smartcard(&uuid).expect("an answer").expect("a card");
        assert_eq!(client.state(&card.view()), Some(NativeState::Mim(from)));
        let done = client.operate(&card, operation, "");
        let cell = format!("{state} {}", operation.name());
        match outcome.as_str() {
            "lacks" => assert_eq!(done.expect_err(&cell).code(), Code::NoSuchOperation, "{cell}"),
            "refused" => assert_refused(&cell, done),
            to => {
                let after = done_card(&cell, done);
                let to = SmartcardStatus::from_name(to).expect("a status");
                assert_eq!(client.state(&after.view()), Some(NativeState::Mim(to)), "{cell}");
            }
        }
    }
    println!("{walked} cells, {without_state} of the state None");
    assert_eq!((walked, without_state), (30, 5));
}

/// The server, or the list that it gives, refuses it.
fn assert_refused<C: std::fmt::Debug>(cell: &str, outcome: Result<Outcome<C>, Error>) {
    let code = match outcome {
        Ok(outcome) if outcome.ending == Ending::Refused => outcome.code(),
        Ok(other) => panic!("{cell}: {other:?}"),
        Err(error) => Some(error.code()),
    };
    assert!(matches!(code, Some(Code::Refused | Code::NotAllowed)), "{cell}: {code:?}");
}

/// The card after an operation that is done.
fn done_card<C: std::fmt::Debug>(cell: &str, outcome: Result<Outcome<C>, Error>) -> C {
    match outcome {
        Ok(Outcome { ending: Ending::Done, card: Some(card), .. }) => card,
        other => panic!("{cell}: {other:?}"),
    }
}

/// The cells of a card whose status says nothing, and with which nothing may be done.
fn no_information(operation: Operation, outcome: &str) {
    let raw = Raw::answering(|request| match request.contains("/operations") {
        true => json("[]"),
        false => json(r#"{"Uuid":"c1","Status":0}"#),
    });
    let client = Client::<Mim>::builder(raw.url("/CertificateManagement")).build().expect("usable");
    let card = client.smartcard("c1").expect("an answer").expect("a card");
    assert_eq!(client.state(&card.view()), Some(NativeState::Mim(SmartcardStatus::None)));
    let code = client.operate(&card, operation, "").expect_err("nothing may be done").code();
    assert_eq!(code, if outcome == "lacks" { Code::NoSuchOperation } else { Code::NotAllowed });
    assert!(!raw.requests().iter().any(|request| request.starts_with("POST")));
}

#[test]
fn every_card_is_listed_once_whatever_the_page_size() {
    let running = server(1_203);
    let lists = [(7, Dialect::G6), (500, Dialect::G7), (5_000, Dialect::G7)].map(|(page_size, dialect)| {
        let builder = Client::<CertiFlow>::builder(running.certiflow_url()).credentials(credentials());
        let client = builder.page_size(page_size).dialect(dialect).build().expect("usable");
        let ids = client
            .cards(Query::default())
            .expect("a query")
            .map(|card| card.expect("a card").view().id().as_i64().expect("a number"));
        ids.collect::<Vec<_>>()
    });
    assert!(lists[0].windows(2).all(|pair| pair[0] < pair[1]), "ascending, so none twice");
    assert_eq!((&lists[0], &lists[0]), (&lists[1], &lists[2]));
    let retired = running.registry().count_cards().expect("a count") - lists[0].len();
    assert!(lists[0].len() > 1_000 && retired < 100, "{retired} retired cards are not listed");
}

#[test]
fn what_is_done_in_one_api_shows_in_the_other() {
    let running = server(0);
    let (flow, mim) = (certiflow(&running), mim(&running));
    let card = flow.card(&CERTIFLOW_ID.to_string()).expect("an answer").expect("a card");
    assert!(flow.disable(&card).expect("an outcome").is_done());
    let record = mim.find(CARD_ID).expect("an answer").expect("a record");
    assert_eq!(mim.state(&record.view()), Some(NativeState::Mim(SmartcardStatus::Suspended)));
    assert!(mim.reinstate(&record, "found").expect("an outcome").is_done());
    assert!(mim.retire(&record, "end of life").expect("an outcome").is_done());
    assert!(flow.card(&CERTIFLOW_ID.to_string()).expect("an answer").is_none(), "a retired card is not listed");
}

#[test]
fn a_template_that_needs_approval_leaves_the_request_waiting() {
    let running = server(0);
    let client = AnyClient::Mim(mim(&running));
    let card = client.find(APPROVAL_CARD).expect("an answer").expect("a card");
    let job = Job { comment: "please".into(), ..Job::new(Operation::Retire) };
    let outcome = client.operate(&card, &job).expect("taken");
    let Outcome { ending: Ending::AwaitingApproval, request: Some(request), .. } = outcome else {
        panic!("{outcome:?}")
    };
    let AnyClient::Mim(client) = &client else { unreachable!() };
    assert_eq!(client.go_on(&request).expect("an outcome").ending, Ending::AwaitingApproval);
    let AnyCard::Mim(MimCard { card, .. }) = card else { unreachable!() };
    let uuid = card.view().uuid().expect("an id").to_string();
    let now = client.smartcard(&uuid).expect("an answer").expect("a card");
    assert_eq!(client.state(&now.view()), Some(NativeState::Mim(SmartcardStatus::Active)), "nothing has changed");
}

#[test]
fn the_verbs_of_one_system_are_no_verbs_of_the_other() {
    for (system, word) in
        [(System::Mim, "disable"), (System::Mim, "enable"), (System::Mim, "withdraw"), (System::CertiFlow, "retire")]
    {
        assert_eq!(Operation::from_native(system, word).expect_err(word).code, Code::NoSuchOperation);
    }
}
