//! Sessions with cards that behave, misbehave and leave, through a real pcscd.

#![cfg(target_os = "linux")]

use cardwright_core::Code;
use cardwright_core::apdu::Transmit;
use cardwright_reader::virtual_card::{Answer, Power, Program, VirtualCard};
use cardwright_reader::{Event, Open, Session, Watch};
use cardwright_testkit::readers::{Held, READERS, in_lab, script};
use std::sync::mpsc::channel;
use std::sync::{Arc, Barrier, Mutex};
use std::thread;
use std::time::{Duration, Instant};

const SELECT: [u8; 4] = [0x00, 0xA4, 0x04, 0x00];
const OK: [u8; 2] = [0x90, 0x00];
/// Enough for whatever answers at all.
const SOON: Duration = Duration::from_secs(20);

fn program(answer: impl FnMut(&[u8]) -> Answer + Send + 'static) -> impl VirtualCard + 'static {
    Program { atr: script("gids").atr(), answer }
}

/// A card that answers everything with 9000.
fn content() -> impl VirtualCard + 'static {
    program(|_| Answer::Bytes(OK.to_vec()))
}

fn session() -> Session {
    Session::connect(READERS[0]).expect("a session")
}

#[test]
fn what_a_card_answers_wrongly_is_an_error_and_not_the_end() {
    in_lab("what_a_card_answers_wrongly_is_an_error_and_not_the_end", |lab| {
        let long = [vec![0x55; 65_533], OK.to_vec()].concat();
        let (whole, answers) = (long.clone(), [vec![0x90], vec![0x61, 0x01], long]);
        let _card = lab.insert(
            0,
            program(move |command| match command {
                [_, 0x01, ..] => Answer::Bytes(answers[0].clone()),
                // 61xx without a byte, for ever.
                [_, 0x02 | 0xC0, ..] => Answer::Bytes(answers[1].clone()),
                [_, 0x03, ..] => Answer::Bytes(answers[2].clone()),
                _ => Answer::Bytes(OK.to_vec()),
            }),
        );
        let mut session = session();
        for ins in [0x01, 0x02] {
            assert_eq!(session.send(&[0, ins, 0, 0]).expect_err("no answer").code(), Code::CardAnswer, "{ins}");
            assert_eq!(session.send(&SELECT).expect("an answer"), OK);
        }
        assert_eq!(session.send(&[0, 0x03, 0, 0]).expect("it is long, and whole"), whole);
        let mut small = [0; 300];
        let error = session.transmit(&[0, 0x03, 0, 0], &mut small).expect_err("it does not fit");
        assert_eq!(error.code(), Code::Room);
        assert_eq!(session.send(&SELECT).expect("an answer"), OK);
        let too_long = session.send(&vec![0; 70_000]).expect_err("no command is that long").code();
        assert_eq!(too_long, Code::Room);
    });
}

#[test]
fn a_card_that_does_not_answer_in_time_stops_nobody() {
    in_lab("a_card_that_does_not_answer_in_time_stops_nobody", |lab| {
        let card = lab.insert(0, content());
        drop(session());
        lab.remove(0, card);
        let held = Held::now();
        // vpcd takes an answer without a byte for none, and waits on.
        let late = Answer::Late(Duration::from_secs(2), OK.to_vec());
        for answer in [Answer::Silence, late, Answer::Bytes(Vec::new())] {
            let card = lab.insert(
                0,
                program(move |command| match command {
                    [_, 0xFF, ..] => answer.clone(),
                    _ => Answer::Bytes(OK.to_vec()),
                }),
            );
            let limit = Duration::from_millis(300);
            let mut session = Open::new().limit(limit).connect(READERS[0]).expect("a session");
            assert_eq!(session.send(&SELECT).expect("an answer"), OK);
            let begin = Instant::now();
            assert_eq!(session.send(&[0, 0xFF, 0, 0]).expect_err("no answer").code(), Code::CardTimeout);
            assert!(begin.elapsed() >= limit && begin.elapsed() < limit + SOON);
            // It is of no use any more, and says so at once.
            let begin = Instant::now();
            assert_eq!(session.send(&SELECT).expect_err("it hangs").code(), Code::CardTimeout);
            assert_eq!(session.transaction().expect_err("it hangs").code(), Code::CardTimeout);
            assert!(begin.elapsed() < limit);
            drop(session);
            lab.remove(0, card);
        }
        // Another card is as good as ever, and the calls that hung have ended.
        let card = lab.insert(0, content());
        assert_eq!(session().send(&SELECT).expect("an answer"), OK);
        lab.remove(0, card);
        Held::assert_as_before(held);
    });
}

#[test]
fn a_card_that_is_slow_is_waited_for() {
    in_lab("a_card_that_is_slow_is_waited_for", |lab| {
        let _card = lab.insert(0, program(|_| Answer::Late(Duration::from_millis(1500), OK.to_vec())));
        assert_eq!(session().send(&SELECT).expect("an answer"), OK);
    });
}

#[test]
fn a_card_pulled_in_the_middle_is_told_as_removed() {
    in_lab("a_card_pulled_in_the_middle_is_told_as_removed", |lab| {
        let leaving = || {
            program(|command| match command {
                [_, 0xFF, ..] => Answer::Removal,
                _ => Answer::Bytes(OK.to_vec()),
            })
        };
        let mut held = None;
        for round in 0..4 {
            let _card = lab.insert(0, leaving());
            let mut session = session();
            if round % 2 == 0 {
                // In the middle of an APDU.
                let error = session.send(&[0, 0xFF, 0, 0]).expect_err("it is gone");
                assert_eq!(error.code(), Code::CardRemoved, "{error:?}");
            } else {
                let mut transaction = session.transaction().expect("a transaction");
                assert_eq!(transaction.send(&SELECT).expect("an answer"), OK);
                let error = transaction.send(&[0, 0xFF, 0, 0]).expect_err("it is gone");
                assert_eq!(error.code(), Code::CardRemoved, "{error:?}");
                drop(transaction);
            }
            let error = session.send(&SELECT).expect_err("it stays gone");
            assert!(matches!(error.code(), Code::CardRemoved | Code::NoCard), "{error:?}");
            drop(session);
            cardwright_testkit::readers::until("the reader is empty", || {
                !cardwright_reader::readers().expect("readers")[0].slot.has_card()
            });
            held.get_or_insert_with(Held::now);
        }
        // Between two APDUs, and another card before the next: it is not taken for the first.
        let card = lab.insert(0, content());
        let mut session = session();
        assert_eq!(session.send(&SELECT).expect("an answer"), OK);
        lab.remove(0, card);
        let card = lab.insert(0, content());
        let error = session.send(&SELECT).expect_err("it is another card");
        assert_eq!(error.code(), Code::CardRemoved, "{error:?}");
        drop(session);
        lab.remove(0, card);
        Held::assert_as_before(held.expect("a round"));
    });
}

#[test]
fn a_reset_by_another_program_is_survived_and_told() {
    in_lab("a_reset_by_another_program_is_survived_and_told", |lab| {
        let _card = lab.insert(0, content());
        let (mut ours, mut other) = (session(), session());
        // Nothing was lost yet: not even an error.
        other.reset().expect("a reset");
        assert_eq!(ours.send(&SELECT).expect("an answer"), OK);
        assert_eq!(ours.resets(), 1);
        // Something was selected: that is lost, and the caller must know.
        other.reset().expect("a reset");
        assert_eq!(ours.send(&SELECT).expect_err("it was reset").code(), Code::CardReset);
        assert_eq!(ours.send(&SELECT).expect("the session goes on"), OK);
        assert_eq!(ours.resets(), 2);
        // A transaction begins anew, and tells.
        other.reset().expect("a reset");
        let mut transaction = ours.transaction().expect("a transaction");
        assert!(transaction.was_reset());
        assert_eq!(transaction.send(&SELECT).expect("an answer"), OK);
        transaction.end().expect("it ends");
        assert!(!ours.transaction().expect("a transaction").was_reset());
        assert_eq!((ours.resets(), other.resets()), (3, 0));
    });
}

#[test]
fn a_reset_is_told_whatever_came_between() {
    in_lab("a_reset_is_told_whatever_came_between", |lab| {
        let _card = lab.insert(0, content());
        let (mut ours, mut other) = (session(), session());
        // A transaction without a command undoes nothing.
        assert_eq!(ours.send(&SELECT).expect("an answer"), OK);
        ours.transaction().expect("a transaction").end().expect("it ends");
        other.reset().expect("a reset");
        assert_eq!(ours.send(&SELECT).expect_err("it was reset").code(), Code::CardReset);
        assert_eq!(ours.send(&SELECT).expect("the session goes on"), OK);
        drop(ours.transaction().expect("a transaction"));
        other.reset().expect("a reset");
        assert!(ours.transaction().expect("a transaction").was_reset());
        // Nor does an error that is no reset.
        assert_eq!(ours.send(&SELECT).expect("an answer"), OK);
        assert_eq!(ours.send(&vec![0; 70_000]).expect_err("no command is that long").code(), Code::Room);
        other.reset().expect("a reset");
        assert_eq!(ours.send(&SELECT).expect_err("it was reset").code(), Code::CardReset);
        assert_eq!(ours.resets(), 3);
    });
}

/// A card that notes what is done to its power.
struct Noting(Arc<Mutex<Vec<Power>>>);

impl VirtualCard for Noting {
    fn atr(&self) -> Vec<u8> {
        script("gids").atr()
    }

    fn power(&mut self, power: Power) {
        self.0.lock().expect("no panic").push(power);
    }

    fn answer(&mut self, _: &[u8]) -> Answer {
        Answer::Bytes(OK.to_vec())
    }
}

#[test]
fn a_session_leaves_the_card_as_it_was() {
    in_lab("a_session_leaves_the_card_as_it_was", |lab| {
        let noted = Arc::new(Mutex::new(Vec::new()));
        let _card = lab.insert(0, Noting(Arc::clone(&noted)));
        let mut ours = session();
        assert_eq!(ours.send(&SELECT).expect("an answer"), OK);
        let before = noted.lock().expect("no panic").len();
        for _ in 0..5 {
            let mut other = session();
            other.transaction().expect("a transaction").send(&SELECT).expect("an answer");
        }
        assert_eq!(ours.send(&SELECT).expect("it was not reset"), OK);
        assert_eq!((ours.resets(), noted.lock().expect("no panic").len()), (0, before));
        ours.reset().expect("a reset");
        let after = noted.lock().expect("no panic").len();
        assert!(after > before, "this one is a reset");
        let mut other = session();
        other.send(&SELECT).expect("an answer");
        let mut transaction = ours.transaction().expect("a transaction");
        assert_eq!(transaction.send(&SELECT).expect("an answer"), OK);
        transaction.end_with_reset().expect("it ends");
        assert!(noted.lock().expect("no panic").len() > after, "so is this one");
        assert_eq!(ours.send(&SELECT).expect("it is our own"), OK);
        assert_eq!(other.send(&SELECT).expect_err("it was reset").code(), Code::CardReset);
        assert_eq!((ours.resets(), other.resets()), (0, 1));
    });
}

#[test]
fn a_transaction_keeps_others_out() {
    in_lab("a_transaction_keeps_others_out", |lab| {
        let _card = lab.insert(0, content());
        let limit = Duration::from_millis(500);
        let mut ours = session();
        let mut other = Open::new().limit(limit).connect(READERS[0]).expect("a session");
        let mut transaction = ours.transaction().expect("a transaction");
        assert_eq!(other.transaction().expect_err("it is ours").code(), Code::CardTimeout);
        // pcscd lets nobody connect meanwhile.
        let third = Open::new().limit(limit).connect(READERS[0]);
        assert_eq!(third.expect_err("it is ours").code(), Code::CardTimeout);
        assert_eq!(transaction.send(&SELECT).expect("an answer"), OK);
        drop(transaction);
        drop(other);
        // What the other one had waited for, it does not keep.
        assert_eq!(ours.transaction().expect("a transaction").send(&SELECT).expect("an answer"), OK);
    });
}

#[test]
fn a_session_ends_with_the_service() {
    in_lab("a_session_ends_with_the_service", |lab| {
        let card = lab.insert(0, content());
        let mut ours = session();
        lab.kill_service();
        assert_eq!(ours.send(&SELECT).expect_err("nobody is there").code(), Code::NoService);
        assert_eq!(Session::connect(READERS[0]).expect_err("nobody is there").code(), Code::NoService);
        drop(card);
        lab.start_service();
        assert_eq!(ours.send(&SELECT).expect_err("it knows us not").code(), Code::NoService);
        drop(ours);
        let _card = lab.insert(0, content());
        assert_eq!(session().send(&SELECT).expect("an answer"), OK);
    });
}

#[test]
fn who_waits_does_not_stop_who_sends() {
    in_lab("who_waits_does_not_stop_who_sends", |lab| {
        let (answered, hold) = channel::<()>();
        let (begun, held) = channel::<()>();
        let _card = lab.insert(
            0,
            program(move |command| {
                if matches!(command, [_, 0xFF, ..]) {
                    // Says that it has the command, and answers when it is told to.
                    begun.send(()).expect("somebody waits");
                    hold.recv_timeout(SOON).expect("it is told to");
                }
                Answer::Bytes(OK.to_vec())
            }),
        );
        let ready = Arc::new(Barrier::new(3));
        let waiting: Vec<_> = (0..2)
            .map(|_| {
                let ready = Arc::clone(&ready);
                thread::spawn(move || {
                    let mut watch = Watch::new();
                    for _ in 0..3 {
                        watch.next_within(SOON).expect("two readers and a card");
                    }
                    ready.wait();
                    watch.next_within(SOON)
                })
            })
            .collect();
        ready.wait();
        // Both wait, and we send.
        let mut session = session();
        for _ in 0..100 {
            assert_eq!(session.send(&SELECT).expect("an answer"), OK);
        }
        assert!(waiting.iter().all(|thread| !thread.is_finished()));
        // We send, and both are told what happens meanwhile.
        let sending = thread::spawn(move || session.send(&[0, 0xFF, 0, 0]));
        held.recv_timeout(SOON).expect("the card has the command");
        let _other = lab.insert(1, content());
        for thread in waiting {
            let event = thread.join().expect("no panic").expect("an event");
            assert!(matches!(&event, Event::CardInserted { reader, .. } if reader == READERS[1]), "{event:?}");
        }
        assert!(!sending.is_finished());
        answered.send(()).expect("the card waits");
        assert_eq!(sending.join().expect("no panic").expect("an answer"), OK);
    });
}

#[test]
fn sessions_may_be_moved_to_other_threads() {
    fn is_send<T: Send>() {}
    fn is_shared<T: Send + Sync>() {}
    is_send::<Session>();
    is_send::<Watch>();
    is_shared::<cardwright_reader::Canceler>();
    is_shared::<cardwright_reader::Error>();
    is_shared::<Event>();
}
