//! A pass, its record and an operation, against the small Lodge: what is said is so.

use std::collections::HashMap;

use cardwright_client::{Client, Retries};
use cardwright_core::apdu::Transmit;
use cardwright_core::atr::AtrBuf;
use cardwright_core::identity::{Basis, CardKind, Identity, Interface, Source};
use cardwright_reader::Session;
use cardwright_reader::virtual_card::{Answer as CardAnswer, Program};
use cardwright_testkit::readers::{READERS, in_lab};
use third_vendor::api::PassState;
use third_vendor::pass::{PASS, PASS_NUMBER, add_pass, identify};
use third_vendor::server::{Answer, Behaviour, Kept, Server};
use third_vendor::system::{Held, Lodge, NotFound};

const CARD: &str = include_str!("../card.txt");

fn hex(digits: &str) -> Vec<u8> {
    let pairs = digits.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).expect("ASCII"));
    pairs.map(|pair| u8::from_str_radix(pair, 16).expect("hexadecimal")).collect()
}

/// A card by its commands and answers, as lines of `card.txt`; what it does not know is 6D00.
struct Card {
    answers: HashMap<Vec<u8>, Vec<u8>>,
    sent: Vec<Vec<u8>>,
}

impl Card {
    fn of(script: &str) -> Self {
        let lines = script.lines().filter_map(|line| line.split_once(' ')).filter(|(command, _)| *command != "atr");
        Card { answers: lines.map(|(command, answer)| (hex(command), hex(answer))).collect(), sent: Vec::new() }
    }

    fn answer(&self, command: &[u8]) -> Vec<u8> {
        self.answers.get(command).cloned().unwrap_or_else(|| vec![0x6D, 0x00])
    }
}

impl Transmit for Card {
    type Error = std::convert::Infallible;

    fn transmit(&mut self, command: &[u8], response: &mut [u8]) -> Result<usize, Self::Error> {
        self.sent.push(command.to_vec());
        let answer = self.answer(command);
        response[..answer.len()].copy_from_slice(&answer);
        Ok(answer.len())
    }
}

fn atr() -> AtrBuf {
    AtrBuf::from_hex("3B85014C4F444745C1").expect("an ATR")
}

fn told(script: &str) -> Identity {
    let Ok(identity) = identify(&mut Card::of(script), atr().bytes(), Interface::Contact);
    identity
}

fn kept() -> Vec<Kept> {
    let pass = |id, number, holder| Kept { id, number, holder, state: PassState::Active };
    vec![pass("p-16", "LX-004710", "Ivan Petrov"), pass("p-17", "LX-004711", "Anna Weber")]
}

fn serve(passes: Vec<Kept>, behaviour: Behaviour) -> (Server, Lodge) {
    let server = Server::start(passes, behaviour).expect("a free port");
    let retries = Retries { attempts: 1, ..Retries::default() };
    let client = Client::<()>::builder(server.base()).retries(retries).build().expect("usable");
    (server, Lodge::new(client))
}

#[test]
fn a_pass_is_known_by_its_own_answer() {
    let identity = told(CARD);
    assert_eq!(identity.kinds().collect::<Vec<_>>(), [PASS]);
    assert_eq!(identity.basis(PASS), Some(Basis::Answer));
    assert_eq!(identity.to_string(), "other 1: other 1 LX-004711");
    assert_eq!(identity.get(PASS_NUMBER).map(ToString::to_string).as_deref(), Some("LX-004711"));
    assert!(!identity.is(CardKind::Other(2)) && identity.get(Source::Other(2)).is_none());
}

#[test]
fn what_is_no_pass_is_none() {
    let (select, number) = ("00A4040007F04C4F4447450100", "00CADF1000");
    let cases = [
        // It knows nothing; it says yes to everything, and gives the same to everything.
        String::new(),
        format!("{select} 9000\n{number} DF10094C582D3030343731319000"),
        format!("{select} DF10094C582D3030343731319000\n{number} DF10094C582D3030343731319000"),
        // Another application of the house; no number; one of another shape.
        format!("{select} 6F098407F04C4F4447450290009000\n{number} DF10094C582D3030343731319000"),
        format!("{select} 6F098407F04C4F444745019000\n{number} 6A88"),
        format!("{select} 6F098407F04C4F444745019000\n{number} DF10094C582D30303437315A9000"),
    ];
    for script in cases {
        assert_eq!(told(&script).kinds().count(), 0, "{script}");
    }
}

#[test]
fn the_record_of_a_pass_is_found_and_put_on_hold() {
    let (server, lodge) = serve(kept(), Behaviour::default());
    let pass = lodge.record(&told(CARD)).expect("there is one");
    assert!(pass.view().state().is(PassState::Active));
    let doors: Vec<_> =
        pass.view().doors().iter().map(|door| door.expect("a door").name().expect("a name").to_string()).collect();
    assert_eq!(doors, ["North"]);
    assert_eq!(lodge.hold(&pass, "porter & son"), Held::Done);
    assert_eq!(server.requests(), ["GET passes", "POST passes/p-17/hold", "GET passes/p-17"]);
}

#[test]
fn there_is_exactly_one_record_or_nothing_is_sent() {
    let mut two = kept();
    two.push(Kept { id: "p-99", ..two[1].clone() });
    let none = vec![kept().remove(0)];
    for ignores_filter in [false, true] {
        let behaviour = Behaviour { ignores_filter, ..Behaviour::default() };
        let (server, lodge) = serve(two.clone(), behaviour);
        assert!(matches!(lodge.record(&told(CARD)), Err(NotFound::Several)));
        assert_eq!(server.requests(), ["GET passes"]);
        let (_server, lodge) = serve(none.clone(), behaviour);
        assert!(matches!(lodge.record(&told(CARD)), Err(NotFound::Nothing)));
        let (_server, lodge) = serve(kept(), behaviour);
        assert_eq!(lodge.record(&told(CARD)).expect("there is one").view().id().to_string(), "p-17");
    }
    let (server, lodge) = serve(kept(), Behaviour::default());
    assert!(matches!(lodge.record(&told("")), Err(NotFound::NoPass)));
    assert!(server.requests().is_empty());
}

#[test]
fn done_is_what_the_record_says_that_is_read_again() {
    let issued = Some(PassState::Active);
    let unknown = |held: &Held, state| matches!(held, Held::Unknown { now, .. } if *now == state);
    for (operation, unreadable_after) in
        [Answer::Done, Answer::LostDone, Answer::Lost, Answer::Page, Answer::Accepted, Answer::Refused]
            .into_iter()
            .flat_map(|answer| [(answer, false), (answer, true)])
    {
        let (server, lodge) = serve(kept(), Behaviour { operation, unreadable_after, ..Behaviour::default() });
        let pass = lodge.record(&told(CARD)).expect("there is one");
        let held = lodge.hold(&pass, "porter");
        let is_right = match (operation, unreadable_after) {
            (Answer::Refused, _) => matches!(held, Held::Refused(_)),
            (_, true) => unknown(&held, None),
            (Answer::Done | Answer::LostDone, false) => held == Held::Done,
            (Answer::Lost | Answer::Page | Answer::Accepted, false) => unknown(&held, issued),
        };
        assert!(is_right, "{operation:?}, {unreadable_after}: {held:?}");
        assert_eq!(held.to_string().starts_with("unknown"), matches!(held, Held::Unknown { .. }));
        // It is asked for once, whatever becomes of the answer.
        let operations = server.requests().iter().filter(|request| request.starts_with("POST")).count();
        assert_eq!(operations, 1, "{operation:?}");
    }
    // Nobody listens any more.
    let (server, lodge) = serve(kept(), Behaviour::default());
    let pass = lodge.record(&told(CARD)).expect("there is one");
    drop(server);
    assert!(matches!(lodge.hold(&pass, "porter"), Held::NotSent(_)));
}

/// The same card by a pcscd of the test's own, with the library's dialogue before that of the pass.
#[test]
fn a_pass_in_a_reader_is_known_too() {
    in_lab("a_pass_in_a_reader_is_known_too", |lab| {
        let card = Card::of(CARD);
        let pass = Program {
            atr: atr().bytes().to_vec(),
            answer: move |command: &[u8]| CardAnswer::Bytes(card.answer(command)),
        };
        let inserted = lab.insert(0, pass);
        let mut session = Session::connect(READERS[0]).expect("a card");
        let known = session.identify().expect("an identity");
        let identity = add_pass(&mut session, known).expect("a card");
        assert!(identity.is(PASS), "{identity}");
        let (_server, lodge) = serve(kept(), Behaviour::default());
        let record = lodge.record(&identity).expect("there is one");
        assert_eq!(lodge.hold(&record, "porter"), Held::Done);
        lab.remove(0, inserted);
    });
}
