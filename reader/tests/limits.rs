//! Cards that never come to an end, through a real pcscd: nobody waits longer than the limits say.

#![cfg(target_os = "linux")]

use cardwright_core::Code;
use cardwright_core::identity::CardKind;
use cardwright_reader::virtual_card::{Answer, Program, VirtualCard};
use cardwright_reader::{Error, Open, Session};
use cardwright_testkit::readers::{READERS, in_lab, script};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

const SELECT: [u8; 5] = [0x00, 0xA4, 0x04, 0x00, 0x00];

/// How much longer than its limit anything may take on a busy machine.
const GRACE: Duration = Duration::from_secs(2);

/// A card that gives one answer to everything, and how many APDUs came to it.
fn always(answer: Answer) -> (impl VirtualCard + 'static, Arc<AtomicU32>) {
    let count = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&count);
    let answer = move |_: &[u8]| {
        counted.fetch_add(1, Ordering::SeqCst);
        answer.clone()
    };
    (Program { atr: script("gids").atr(), answer }, count)
}

/// A card that begins as the script `gids` does, and answers what follows the selection like this.
fn gids_and_then(answer: Answer) -> impl VirtualCard + 'static {
    let mut gids = script("gids");
    let answer = move |command: &[u8]| match command {
        [0x00, 0xA4, 0x04, 0x00, 0x09, ..] => gids.answer(command),
        _ => answer.clone(),
    };
    Program { atr: script("gids").atr(), answer }
}

fn more_for_ever(data: usize) -> Answer {
    Answer::Bytes([&vec![0xAA; data][..], &[0x61, u8::try_from(data & 0xFF).expect("a byte")]].concat())
}

/// What an identification comes to, and how long it takes.
fn identify(open: Open) -> (Error, Duration) {
    let begin = Instant::now();
    let error = open.connect(READERS[0]).and_then(|mut session| session.identify()).expect_err("it never ends");
    (error, begin.elapsed())
}

#[test]
fn an_answer_that_goes_on_for_ever_ends_by_the_number_of_apdus() {
    in_lab("an_answer_that_goes_on_for_ever_ends_by_the_number_of_apdus", |lab| {
        for data in [1, 256] {
            let (card, count) = always(more_for_ever(data));
            let card = lab.insert(0, card);
            let (error, took) = identify(Open::new());
            let sent = count.swap(0, Ordering::SeqCst);
            let told = error.to_string();
            match data {
                1 => {
                    assert_eq!((error.code(), sent), (Code::CardEndless, Open::CARD_APDUS), "{error}");
                    assert!(told.contains("stopped after 200 APDUs") && told.contains("card_apdus"), "{told}");
                }
                // Each answer is given up when it is longer than any that is asked for.
                _ => assert!(error.code() == Code::Room && sent <= Open::CARD_APDUS && told.contains("4096"), "{told}"),
            }
            assert!(took < Open::CARD_TIME_LIMIT + GRACE, "{took:?}");
            assert!(error.identity().is_some(), "{error}");

            let mut session = Open::new().card_apdus(7).connect(READERS[0]).expect("a session");
            assert_eq!(session.send(&SELECT).expect_err("no end").code(), Code::CardEndless);
            assert_eq!(count.swap(0, Ordering::SeqCst), 7);
            // It is as usable as before, each command has its own, and more can be allowed.
            session.set_card_apdus(9);
            assert_eq!(session.send(&SELECT).expect_err("no end").code(), Code::CardEndless);
            assert_eq!(count.load(Ordering::SeqCst), 9);
            drop(session);
            lab.remove(0, card);
        }
    });
}

#[test]
fn a_wrong_le_for_ever_is_an_answer_and_no_chain() {
    in_lab("a_wrong_le_for_ever_is_an_answer_and_no_chain", |lab| {
        let (card, count) = always(Answer::Bytes(vec![0x6C, 0x05]));
        let _card = lab.insert(0, card);
        let mut session = Session::connect(READERS[0]).expect("a session");
        let identity = session.identify().expect("it says nothing, and comes to an end");
        assert_eq!(identity.identifiers().count(), 0, "{identity}");
        assert!(count.swap(0, Ordering::SeqCst) <= Open::CARD_APDUS);
        assert_eq!(session.send(&SELECT).expect("an answer"), [0x6C, 0x05]);
        assert_eq!(count.load(Ordering::SeqCst), 2);
    });
}

#[test]
fn a_long_command_in_blocks_is_not_counted_but_what_the_card_makes_of_it_is() {
    in_lab("a_long_command_in_blocks_is_not_counted_but_what_the_card_makes_of_it_is", |lab| {
        // Its third software function table says command chaining, and no extended length.
        let answer = |command: &[u8]| match command {
            [0x10, ..] => Answer::Bytes(vec![0x90, 0x00]),
            _ => more_for_ever(1),
        };
        let atr = vec![0x3B, 0x85, 0x01, 0x80, 0x73, 0x00, 0x00, 0x80, 0xF7];
        let _card = lab.insert(0, Program { atr, answer });
        let mut session = Open::new().card_apdus(3).connect(READERS[0]).expect("a session");
        let long = [&[0x00, 0xDB, 0x3F, 0xFF, 0, 0x08, 0x00][..], &[7; 2048], &[0, 0]].concat();
        let error = session.send(&long).expect_err("no end");
        assert_eq!(error.code(), Code::CardEndless);
        assert!(error.to_string().contains("stopped after 3 APDUs"), "{error}");
    });
}

#[test]
fn a_slow_card_ends_by_the_time_and_what_it_told_is_kept() {
    in_lab("a_slow_card_ends_by_the_time_and_what_it_told_is_kept", |lab| {
        let late = |time| Answer::Late(time, vec![0x6A, 0x82]);
        let limit = Duration::from_millis(1500);
        for answer in [late(Duration::from_millis(300)), late(Duration::from_millis(900)), Answer::Silence] {
            let card = lab.insert(0, gids_and_then(answer.clone()));
            let (error, took) = identify(Open::new().card_time_limit(limit));
            assert_eq!(error.code(), Code::CardTimeout, "{answer:?}: {error}");
            assert!(took < limit + GRACE, "{answer:?}: {took:?}");
            let told = error.to_string();
            assert!(told.contains("the limit is 1.5 s (card_time_limit)"), "{told}");
            let identity = error.identity().expect("what it told");
            assert!(identity.is(CardKind::Gids), "{answer:?}: {identity}");

            lab.remove(0, card);
            let card = lab.insert(0, gids_and_then(answer));
            let mut session = Open::new().card_time_limit(limit).connect(READERS[0]).expect("a session");
            // Each command has the whole time.
            let begin = Instant::now();
            let answered = session.send(&SELECT);
            let told = answered.as_ref().map_or_else(ToString::to_string, |_| String::new());
            assert!(told.is_empty() || told.contains("card_time_limit"), "{told}");
            assert!(begin.elapsed() < limit + GRACE);
            drop(session);
            lab.remove(0, card);
        }
    });
}

#[test]
fn the_time_is_the_longer_one_where_an_exchange_was_given_more() {
    in_lab("the_time_is_the_longer_one_where_an_exchange_was_given_more", |lab| {
        let (card, _) = always(Answer::Late(Duration::from_secs(13), vec![0x90, 0x00]));
        let _card = lab.insert(0, card);
        let mut patient = Open::new().limit(Duration::from_secs(30)).connect(READERS[0]).expect("a session");
        assert_eq!(patient.send(&SELECT).expect("an answer after 13 seconds"), [0x90, 0x00]);
        // Nobody who has said nothing waits that long.
        let begin = Instant::now();
        patient.set_limit(None);
        assert_eq!(patient.send(&SELECT).expect_err("12 seconds").code(), Code::CardTimeout);
        assert!(begin.elapsed() < Open::CARD_TIME_LIMIT + GRACE, "{:?}", begin.elapsed());
    });
}

#[test]
fn who_waits_for_another_program_waits_no_longer_in_all() {
    in_lab("who_waits_for_another_program_waits_no_longer_in_all", |lab| {
        let _card = lab.insert(0, script("gids"));
        let mut other = Session::connect(READERS[0]).expect("a session");
        let held = other.transaction().expect("a transaction");
        let limit = Duration::from_secs(1);
        let (error, took) = identify(Open::new().card_time_limit(limit));
        assert_eq!(error.code(), Code::CardTimeout, "{error}");
        assert!(took >= limit && took < limit + GRACE, "{took:?}");
        drop(held);
    });
}
