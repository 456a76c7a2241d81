//! Who a card is, asked through a real pcscd.

#![cfg(target_os = "linux")]

use cardwright_core::identity::{Source, Trust};
use cardwright_core::{Code, Named};
use cardwright_reader::virtual_card::{Answer, Program, VirtualCard};
use cardwright_reader::{Open, Session};
use cardwright_testkit::cards;
use cardwright_testkit::readers::{READERS, in_lab, put, script, until, witness};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// The scripts that come with the command: the serial that each was made for, and how far it can be
/// trusted; then what OpenSC takes for the card's serial number, where it knows the card.
const SCRIPTS: &[(&str, Source, &str, Trust, Option<&str>)] = {
    use Source::{CardId, ChuidGuid, Cplc, OpenPgpAid, Uid, YubiKey};
    use Trust::{Random, Stable};
    &[
        ("gids", CardId, "6968EFD11755A0428F0516CA1A0B834D", Stable, Some("6968EFD11755A0428F0516CA1A0B834D")),
        ("piv", ChuidGuid, "2F6D1B0A4C8E4795A3B1D07E5C924F18", Stable, Some("2F6D1B0A4C8E4795A3B1D07E5C924F18")),
        ("openpgp", OpenPgpAid, "D27600012401030400050000ABCD0000", Stable, Some("00050000ABCD")),
        ("yubikey", YubiKey, "016BF6E6", Stable, None),
        ("idprime", CardId, "00A1B2C3D4E5F60718293A4B5C6D7E8F", Stable, None),
        (
            "cplc",
            Cplc,
            "4250327212916181070080390106C2BB1D3C000081480000814800000000000000000000000000000000",
            Stable,
            None,
        ),
        ("mifare", Uid, "04A1B2C3D4E580", Stable, None),
        ("random-uid", Uid, "08A1B2C3", Random, None),
    ]
};

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

fn session() -> Session {
    Session::connect(READERS[0]).expect("a session")
}

#[test]
fn each_script_is_the_card_that_it_was_made_for() {
    in_lab("each_script_is_the_card_that_it_was_made_for", |lab| {
        let folder = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/cards")).expect("cards");
        assert_eq!(folder.count(), SCRIPTS.len(), "a script is not looked at");
        for (name, source, bytes, trust, opensc) in SCRIPTS {
            let card = lab.insert(0, script(name));
            let identity = session().identify().expect(name);
            println!("{name}: {identity}");
            let found = identity.get(*source).unwrap_or_else(|| panic!("{name}: {identity}"));
            assert_eq!((hex(found.bytes()).as_str(), found.trust()), (*bytes, *trust), "{name}");
            if let Some(serial) = opensc {
                let tool = witness("opensc-tool", &["--reader", "0", "--serial"]).replace(' ', "");
                assert!(tool.contains(serial), "{name}: {tool}");
            }
            lab.remove(0, card);
        }
        println!("{} scripts", SCRIPTS.len());
    });
}

/// A card of the core's tests, which list whole APDUs. With T=0 they come in their forms of T=0.
fn scripted(card: &cards::Card, sent: &Arc<Mutex<Vec<Vec<u8>>>>) -> impl VirtualCard + 'static {
    let (apdus, sent) = (card.apdus.clone(), Arc::clone(sent));
    let answer = move |command: &[u8]| {
        sent.lock().expect("no panic while held").push(command.to_vec());
        let is_it = |listed: &[u8]| {
            listed == command || listed.split_last().is_some_and(|(_, listed)| listed.len() > 5 && listed == command)
        };
        let known = apdus.iter().find(|(listed, _)| is_it(listed));
        Answer::Bytes(known.map_or(vec![0x6A, 0x82], |(_, answer)| answer.clone()))
    };
    Program { atr: card.atr.clone(), answer }
}

#[test]
fn each_kind_tells_through_the_reader_what_it_tells_the_core() {
    in_lab("each_kind_tells_through_the_reader_what_it_tells_the_core", |lab| {
        let cards = cards::cards();
        for card in &cards {
            let sent = Arc::default();
            let inserted = lab.insert(0, scripted(card, &sent));
            let mut session = session();
            let identity = session.identify().unwrap_or_else(|error| panic!("{}: {error}", card.name));
            let kinds: Vec<_> = identity.kinds().map(|kind| kind.name().to_owned()).collect();
            assert_eq!(kinds, card.kinds, "{}", card.name);
            let found: Vec<_> = identity
                .identifiers()
                .map(|one| format!("{} | {} | {} | {one}", one.source().name(), one.trust().name(), hex(one.bytes())))
                .collect();
            let ids: Vec<_> = card.ids.iter().map(|id| id.trim_end_matches(" | assumed").to_owned()).collect();
            assert_eq!(found, ids, "{}", card.name);
            let sent = sent.lock().expect("no panic while held");
            println!("{:>2} APDUs  {:<20} {:?}", sent.len(), card.name, session.protocol());
            drop(session);
            lab.remove(0, inserted);
        }
        println!("{} cards", cards.len());
    });
}

#[test]
fn a_card_pulled_in_the_middle_is_a_plain_error() {
    in_lab("a_card_pulled_in_the_middle_is_a_plain_error", |lab| {
        // At each of the commands that this card is asked.
        for at in 0..2 {
            let (mut gids, mut seen) = (script("gids"), 0);
            let card = Program {
                atr: gids.atr(),
                answer: move |command: &[u8]| {
                    seen += 1;
                    if seen > at { Answer::Removal } else { gids.answer(command) }
                },
            };
            let card = lab.insert(0, card);
            let mut pulled = session();
            assert_eq!(pulled.identify().expect_err("pulled").code(), Code::CardRemoved, "at {at}");
            assert_eq!(pulled.identify().expect_err("still gone").code(), Code::CardRemoved, "at {at}");
            drop(pulled);
            lab.remove(0, card);
            // The next card has nothing of it.
            let card = lab.insert(0, script("gids"));
            assert!(session().identify().expect("a card").get(Source::CardId).is_some());
            lab.remove(0, card);
        }
    });
}

#[test]
fn a_reset_before_is_survived_and_counted() {
    in_lab("a_reset_before_is_survived_and_counted", |lab| {
        let _card = lab.insert(0, script("gids"));
        let (mut ours, mut theirs) = (session(), session());
        let first = ours.identify().expect("a card");
        assert_eq!(ours.resets(), 0);
        theirs.reset().expect("a reset");
        assert_eq!(ours.identify().expect("a card"), first);
        assert_eq!(ours.resets(), 1);
    });
}

#[test]
fn one_command_without_a_proper_answer_does_not_hide_the_rest() {
    in_lab("one_command_without_a_proper_answer_does_not_hide_the_rest", |lab| {
        for nonsense in [vec![0x90], vec![0x61, 0x00], vec![0xAA; 5000]] {
            // The YubiKey's first number is nonsense; the other applications tell it too.
            let (mut yubikey, count) = (script("yubikey"), Arc::new(AtomicUsize::new(0)));
            let (counter, bad) = (Arc::clone(&count), nonsense.clone());
            let answer = move |command: &[u8]| match counter.fetch_add(1, Ordering::Relaxed) {
                0 => Answer::Bytes(bad.clone()),
                _ => yubikey.answer(command),
            };
            let card = lab.insert(0, Program { atr: script("yubikey").atr(), answer });
            let mut session = session();
            let identity = session.identify().expect("the rest");
            // The second says that there is more, and the card says that there is not: an answer.
            assert_eq!(session.missed(), u32::from(nonsense != [0x61, 0x00]));
            let found = identity.get(Source::YubiKey).unwrap_or_else(|| panic!("{nonsense:02X?}: {identity}"));
            assert_eq!(found.number(), Some(23_852_774), "{:02X?}", nonsense.first_chunk::<2>());
            assert_eq!(session.identify().map(|_| session.missed()).expect("all of it"), 0);
            drop(session);
            lab.remove(0, card);
        }
        // The ATR of the second tells its historical bytes, which are no answer.
        let contactless = vec![0x3B, 0x83, 0x80, 0x01, 0xAA, 0xBB, 0xCC, 0xDF];
        for atr in [script("gids").atr(), contactless] {
            let card = lab.insert(0, Program { atr, answer: |_: &[u8]| Answer::Bytes(vec![0x90]) });
            assert_eq!(session().identify().expect_err("nonsense alone").code(), Code::CardAnswer);
            lab.remove(0, card);
        }
        let _silent = put(0, Program { atr: script("gids").atr(), answer: |_: &[u8]| Answer::Silence });
        let connect = || Open::new().limit(Duration::from_millis(500)).connect(READERS[0]);
        until("a card is in", || connect().is_ok());
        assert_eq!(connect().expect("a card").identify().expect_err("nothing").code(), Code::CardTimeout);
    });
}
