//! What a watch tells of a real pcscd, in calm and in storms.

#![cfg(target_os = "linux")]

use cardwright_core::Code;
use cardwright_reader::virtual_card::VirtualCard;
use cardwright_reader::{Event, Slot, Watch, readers};
use cardwright_testkit::readers::{Held, Lab, PORTS, READERS, in_lab, long, put, script, until};
use std::collections::BTreeMap;
use std::thread;
use std::time::{Duration, Instant};

/// An event that does not come by then does not come.
const SOON: Duration = Duration::from_secs(20);

fn next(watch: &mut Watch) -> Event {
    watch.next_within(SOON).expect("an event in time")
}

/// The first events: both readers, without cards.
fn both_readers(watch: &mut Watch) {
    for expected in READERS {
        let event = next(watch);
        assert!(matches!(&event, Event::ReaderAdded { reader } if reader == expected), "{event:?}");
    }
}

/// A watch on a thread of its own, and what it told.
struct Watching {
    canceler: cardwright_reader::Canceler,
    thread: thread::JoinHandle<Vec<Event>>,
}

impl Watching {
    fn start() -> Self {
        let mut watch = Watch::new();
        both_readers(&mut watch);
        let canceler = watch.canceler();
        Watching { canceler, thread: thread::spawn(move || watch.collect()) }
    }

    /// Waits until everything is told, and ends it.
    fn stop(self) -> Vec<Event> {
        // pcscd has seen it: so has, after one more of its rounds, who waits for it.
        thread::sleep(Duration::from_secs(1));
        self.canceler.cancel();
        self.thread.join().expect("no panic")
    }
}

/// What was told of each reader: `true` for a card that came. Fails where two of a kind follow.
fn alternating(events: &[Event]) -> BTreeMap<String, (Vec<bool>, usize)> {
    let mut told: BTreeMap<String, (Vec<bool>, usize)> = BTreeMap::new();
    for event in events {
        let (cards, missed) = told.entry(event.reader().expect("a reader").to_string()).or_default();
        match event {
            Event::CardInserted { .. } => cards.push(true),
            Event::CardRemoved { .. } => cards.push(false),
            Event::Missed { events, .. } => *missed += usize::from(*events),
            other => panic!("not expected: {other:?}"),
        }
    }
    for (reader, (cards, _)) in &told {
        let right = cards.iter().enumerate().all(|(at, came)| *came == (at % 2 == 0));
        assert!(right, "{reader}: {cards:?}");
    }
    told
}

/// Numbers that look random, and are the same each time.
fn random(seed: &mut u64) -> u64 {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *seed >> 33
}

#[test]
fn what_comes_and_goes_is_told_in_order() {
    in_lab("what_comes_and_goes_is_told_in_order", |lab| {
        let mut watch = Watch::new();
        both_readers(&mut watch);
        assert!(watch.next_within(Duration::ZERO).is_none(), "nothing happened");
        let card = lab.insert(1, script("gids"));
        let atr = script("gids").atr();
        let event = next(&mut watch);
        assert!(matches!(&event, Event::CardInserted { reader, atr: a, .. } if reader == READERS[1] && *a == atr));
        // Who begins now is told what is there.
        let mut late = Watch::new();
        both_readers(&mut late);
        assert!(matches!(next(&mut late), Event::CardInserted { .. }));
        lab.remove(1, card);
        for watch in [&mut watch, &mut late] {
            let event = next(watch);
            assert!(matches!(&event, Event::CardRemoved { reader } if reader == READERS[1]), "{event:?}");
        }
    });
}

#[test]
fn a_watch_that_is_not_asked_tells_how_much_it_missed() {
    in_lab("a_watch_that_is_not_asked_tells_how_much_it_missed", |lab| {
        let mut watch = Watch::new();
        both_readers(&mut watch);
        assert!(watch.next_within(Duration::ZERO).is_none(), "empty at first");
        for _ in 0..2 {
            let card = lab.insert(0, script("mifare"));
            lab.remove(0, card);
        }
        let card = lab.insert(0, script("mifare"));
        let event = next(&mut watch);
        assert!(matches!(&event, Event::Missed { reader, events: 4 } if reader == READERS[0]), "{event:?}");
        assert!(matches!(next(&mut watch), Event::CardInserted { .. }));
        // Another card in its place: the first one went.
        lab.remove(0, card);
        let _card = lab.insert(0, script("gids"));
        assert!(matches!(next(&mut watch), Event::CardRemoved { .. }));
        let event = next(&mut watch);
        let expected = script("gids").atr();
        assert!(matches!(&event, Event::CardInserted { atr, .. } if *atr == expected), "{event:?}");
        assert!(watch.next_within(Duration::ZERO).is_none());
    });
}

#[test]
fn each_insertion_and_removal_of_a_storm_is_told_once() {
    in_lab("each_insertion_and_removal_of_a_storm_is_told_once", |lab| {
        // Insertions and removals, over both readers.
        let cycles = if long() { 500 } else { 30 };
        let held = Held::now();
        let watching = Watching::start();
        let storm = |slot: usize| {
            move || {
                let mut seed = 1 + slot as u64;
                let mut hold = || thread::sleep(Duration::from_millis(500 + random(&mut seed) % 1001));
                for _ in 0..cycles {
                    let card = put(slot, script("mifare"));
                    hold();
                    card.remove().expect("a card");
                    hold();
                }
            }
        };
        let storms = [thread::spawn(storm(0)), thread::spawn(storm(1))];
        for storm in storms {
            storm.join().expect("no panic");
        }
        let told = alternating(&watching.stop());
        for reader in readers().expect("readers") {
            let (cards, missed) = &told[&reader.name];
            println!("{}: {} told, {missed} missed, pcscd counts {}", reader.name, cards.len(), reader.events);
            assert_eq!((cards.len(), *missed), (2 * cycles, 0));
            assert_eq!(usize::from(reader.events), cards.len());
            assert_eq!(reader.slot, Slot::Empty);
        }
        let _: &Lab = lab;
        Held::assert_as_before(held);
    });
}

#[test]
fn a_storm_faster_than_pcscd_looks_ends_in_the_true_state() {
    in_lab("a_storm_faster_than_pcscd_looks_ends_in_the_true_state", |lab| {
        let watching = Watching::start();
        let held = Held::now();
        let storm = |slot: usize| {
            move || {
                let mut seed = 1 + slot as u64;
                for _ in 0..100 {
                    let card = put(slot, script("mifare"));
                    thread::sleep(Duration::from_millis(random(&mut seed) % 500));
                    card.remove().expect("a card");
                }
            }
        };
        let storms = [thread::spawn(storm(0)), thread::spawn(storm(1))];
        for storm in storms {
            storm.join().expect("no panic");
        }
        Held::assert_as_before(held);
        until("the readers are empty", || readers().expect("readers").iter().all(|reader| reader.slot == Slot::Empty));
        let _last = lab.insert(0, script("gids"));
        let told = alternating(&watching.stop());
        for (reader, last) in readers().expect("readers").iter().zip([true, false]) {
            let (cards, missed) = told.get(&reader.name).cloned().unwrap_or_default();
            let counted = usize::from(reader.events);
            println!("{}: {} told, {missed} missed, pcscd counts {counted}", reader.name, cards.len());
            assert_eq!(cards.last().copied().unwrap_or_default(), last);
            assert_eq!(cards.len() + missed, counted);
        }
    });
}

#[test]
fn a_watch_outlives_a_service_that_is_killed() {
    in_lab("a_watch_outlives_a_service_that_is_killed", |lab| {
        let rounds = if long() { 20 } else { 5 };
        let mut watch = Watch::new();
        both_readers(&mut watch);
        let mut held = None;
        for round in 0..rounds {
            let card = lab.insert(0, script("gids"));
            assert!(matches!(next(&mut watch), Event::CardInserted { .. }));
            lab.kill_service();
            let lost = next(&mut watch);
            assert!(matches!(&lost, Event::ServiceLost(error) if error.code() == Code::NoService), "{lost:?}");
            let event = next(&mut watch);
            assert!(matches!(&event, Event::CardRemoved { reader } if reader == READERS[0]), "{event:?}");
            for expected in READERS {
                let event = next(&mut watch);
                assert!(matches!(&event, Event::ReaderRemoved { reader } if reader == expected), "{event:?}");
            }
            assert_eq!(readers().expect_err("nobody is there").code(), Code::NoService);
            // The loss is told once, however long it lasts.
            assert!(watch.next_within(Duration::from_millis(300)).is_none());
            drop(card);
            lab.start_service();
            assert!(matches!(next(&mut watch), Event::ServiceBack), "round {round}");
            both_readers(&mut watch);
            // What the first round made once is there.
            held.get_or_insert_with(Held::now);
        }
        Held::assert_as_before(held.expect("a round"));
    });
}

#[test]
fn a_watch_may_begin_before_the_service() {
    in_lab("a_watch_may_begin_before_the_service", |lab| {
        lab.kill_service();
        let mut watch = Watch::new();
        assert!(matches!(next(&mut watch), Event::ServiceLost(_)));
        lab.start_service();
        assert!(matches!(next(&mut watch), Event::ServiceBack));
        both_readers(&mut watch);
    });
}

#[test]
fn a_watch_is_canceled_from_another_thread() {
    in_lab("a_watch_is_canceled_from_another_thread", |lab| {
        let mut watch = Watch::new();
        both_readers(&mut watch);
        let canceler = watch.canceler();
        // At any moment: before the wait, and in it.
        let canceling = thread::spawn(move || canceler.cancel());
        assert!(watch.next().is_none());
        canceling.join().expect("no panic");
        assert!(watch.is_canceled() && watch.next().is_none() && watch.next_within(SOON).is_none());
        // And while there is no service.
        lab.kill_service();
        let mut watch = Watch::new();
        assert!(matches!(next(&mut watch), Event::ServiceLost(_)));
        let canceler = watch.canceler();
        let canceling = thread::spawn(move || canceler.cancel());
        assert!(watch.next().is_none());
        canceling.join().expect("no panic");
        canceler_outlives_its_watch();
    });
}

fn canceler_outlives_its_watch() {
    let canceler = Watch::new().canceler();
    canceler.cancel();
}

#[test]
fn a_watch_ends_in_time_where_nothing_happens() {
    in_lab("a_watch_ends_in_time_where_nothing_happens", |_| {
        let mut watch = Watch::new();
        both_readers(&mut watch);
        for time in [Duration::ZERO, Duration::from_millis(50), Duration::from_millis(1200)] {
            let begin = Instant::now();
            assert!(watch.next_within(time).is_none());
            assert!(begin.elapsed() >= time && begin.elapsed() < time + Duration::from_secs(5));
        }
        assert_eq!(PORTS.len(), READERS.len());
    });
}
