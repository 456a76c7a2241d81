//! A list has every card, each once, or is an error; also while it changes.

use cardwright_client::{CertiFlow, Client, Error, Retries, Timeouts};
use cardwright_core::Code;
use cardwright_core::certiflow::Query;
use cardwright_testkit::raw::{Raw, answer, json, number, page, read_request};
use std::collections::BTreeSet;
use std::io::{Read as _, Write as _};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

fn client(raw: &Raw) -> Client<CertiFlow> {
    builder(raw).build().expect("usable")
}

fn builder(raw: &Raw) -> cardwright_client::Builder<CertiFlow> {
    Client::<CertiFlow>::builder(raw.url("/certiflow/api"))
        .retries(Retries::none())
        .settle_limit(Duration::from_millis(20))
}

fn ids(client: &Client<CertiFlow>, query: Query<'_>) -> Result<Vec<String>, Error> {
    client.cards(query)?.map(|card| card.map(|card| card.view().id().to_string())).collect()
}

fn numbers(ids: impl IntoIterator<Item = u64>) -> Vec<String> {
    ids.into_iter().map(|id| format!(r#"{{"id":{id}}}"#)).collect()
}

/// A list that may change: its cards, and how many requests there were.
#[derive(Clone, Default)]
struct World(Arc<Mutex<(Vec<u64>, usize)>>);

impl World {
    fn new(ids: impl IntoIterator<Item = u64>) -> Self {
        World(Arc::new(Mutex::new((ids.into_iter().collect(), 0))))
    }

    fn change<T>(&self, change: impl FnOnce(&mut Vec<u64>) -> T) -> T {
        change(&mut self.0.lock().expect("no panic while held").0)
    }

    /// Lists them in pages of `cap` cards at most; `between` may change them after each page.
    fn serve(
        &self,
        cap: impl Fn(usize) -> usize + Send + 'static,
        between: impl Fn(usize, &mut Vec<u64>) + Send + 'static,
    ) -> Raw {
        let world = self.clone();
        Raw::answering(move |request| {
            let mut world = world.0.lock().expect("no panic while held");
            let (cards, asked) = &mut *world;
            let offset = number(request, "offset").expect("an offset");
            let count = number(request, "count").expect("a count").min(cap(*asked));
            let here = cards.iter().skip(offset).take(count).copied();
            let answer = json(&format!("[{}]", numbers(here).join(",")));
            between(*asked, cards);
            *asked += 1;
            answer
        })
    }
}

fn steady(_: usize, _: &mut Vec<u64>) {}

// --- whole

#[test]
fn a_page_shorter_than_asked_for_is_not_the_last_one_whatever_the_servers_size() {
    for n in [0, 1, 2, 3, 7, 30] {
        for cap in [1, 2, 3, 7, 29, 500] {
            for size in [1, 2, 7, 500] {
                let raw = World::new(1..=n).serve(move |_| cap, steady);
                let client = builder(&raw).page_size(size).build().expect("usable");
                let list = ids(&client, Query::default()).expect("a list");
                assert_eq!(list, (1..=n).map(|id| id.to_string()).collect::<Vec<_>>(), "{n} in {cap} of {size}");
            }
        }
    }
}

#[test]
fn a_server_may_change_the_size_of_its_pages_at_will() {
    let raw = World::new(1..=200).serve(|asked| [7, 1, 40, 2, 3, 1, 1][asked % 7], steady);
    assert_eq!(ids(&client(&raw), Query::default()).expect("a list").len(), 200);
}

#[test]
fn offset_and_count_bound_the_whole_list_and_not_a_page() {
    let raw = World::new(0..50).serve(|_| 4, steady);
    let client = client(&raw);
    for (offset, count) in [(0, 0), (0, 1), (3, 4), (3, 5), (45, 10), (50, 3), (0, 50)] {
        let query = Query { offset: Some(offset), count: Some(count), ..Query::default() };
        let expected: Vec<_> = (offset..50).take(count as usize).map(|id| id.to_string()).collect();
        assert_eq!(ids(&client, query).expect("a list"), expected, "{offset} {count}");
    }
}

#[test]
fn ids_of_every_kind_and_order_come_once_each() {
    let orders: [Vec<String>; 5] = [
        numbers((0..300).rev()),
        numbers((0..300).map(|n| n * 7_919 % 300)),
        (0..300).map(|n| format!(r#"{{"id":"{:x}-{n}"}}"#, n * 7_919 % 300)).collect(),
        (0..300).map(|n| format!(r#"{{"id":{}}}"#, -n)).collect(),
        (0..300)
            .map(|n| if n % 2 == 0 { format!(r#"{{"id":{n}}}"#) } else { format!(r#"{{"id":"id{n}"}}"#) })
            .collect(),
    ];
    for cards in orders {
        let doubled: Vec<String> = cards.iter().flat_map(|card| [card.clone(), card.clone()]).collect();
        for served in [cards.clone(), doubled, [cards.clone(), cards].concat()] {
            let raw = Raw::answering(move |request| page(request, &served));
            let list = ids(&builder(&raw).page_size(40).build().expect("usable"), Query::default()).expect("a list");
            assert_eq!((list.len(), list.iter().collect::<BTreeSet<_>>().len()), (300, 300));
        }
    }
}

#[test]
fn pages_that_overlap_or_are_longer_than_asked_for_are_read_whole() {
    for (before, more) in [(1, 0), (0, 10), (2, 0), (1, 3)] {
        for n in [1, 3, 40, 100] {
            let cards = numbers(0..n);
            let raw = Raw::answering(move |request| {
                let offset = number(request, "offset").expect("an offset").saturating_sub(before);
                let count = number(request, "count").expect("a count") + more;
                let page: Vec<_> = cards.iter().skip(offset).take(count).cloned().collect();
                json(&format!("[{}]", page.join(",")))
            });
            let list = ids(&builder(&raw).page_size(20).build().expect("usable"), Query::default());
            // Two cards back are too many for a list of one.
            if let Ok(list) = list {
                assert_eq!(list.len() as u64, n, "{before} {more}");
            } else {
                assert_eq!(before, 2, "{list:?}");
            }
        }
    }
}

#[test]
fn a_server_that_ignores_offset_is_an_error_and_no_card_comes_twice() {
    type Page = fn(usize, usize) -> u64;
    let pages: [Page; 4] = [|_, count| count.min(250) as u64, |_, _| 100, |_, _| 1, |_, _| 250];
    for page in pages {
        let raw = Raw::answering(move |request| {
            let count = number(request, "count").expect("a count");
            json(&format!("[{}]", numbers(0..page(0, count)).join(",")))
        });
        let list: Vec<_> =
            builder(&raw).page_size(100).build().expect("usable").cards(Query::default()).expect("a query").collect();
        let cards: Vec<_> =
            list.iter().filter_map(|card| card.as_ref().ok()).map(|card| card.view().id().to_string()).collect();
        assert_eq!(cards.len(), cards.iter().collect::<BTreeSet<_>>().len());
        let error = list.last().expect("an item").as_ref().expect_err("an error");
        assert_eq!(error.code(), Code::Unexpected, "{error}");
        assert!(raw.requests().len() < 12, "{}", raw.requests().len());
    }
}

#[test]
fn pages_without_rhyme_or_reason_have_an_end() {
    let turn = AtomicUsize::new(0);
    let raw = Raw::answering(move |_| {
        let n = turn.fetch_add(1, Ordering::SeqCst) as u64;
        json(&format!("[{}]", numbers((0..50).map(|id| (id * 7 + n * 31) % 300)).join(",")))
    });
    let error = ids(&builder(&raw).page_size(50).build().expect("usable"), Query::default()).expect_err("no list");
    assert_eq!(error.code(), Code::Unexpected, "{error}");
}

#[test]
fn a_list_that_is_never_the_same_is_an_error_at_last() {
    // One card leaves and another comes after every page, for ever.
    let raw = World::new(1_000..1_100).serve(
        |_| 500,
        |_, cards| {
            let last = cards.last().map_or(0, |last| last + 1);
            cards.remove(0);
            cards.push(last);
        },
    );
    let error = ids(&builder(&raw).page_size(10).build().expect("usable"), Query::default()).expect_err("no end");
    assert_eq!(error.code(), Code::Unexpected, "{error}");
}

#[test]
fn an_empty_page_in_the_middle_is_not_taken_for_the_end() {
    let turn = AtomicUsize::new(0);
    let cards = numbers(0..60);
    let raw = Raw::answering(move |request| match turn.fetch_add(1, Ordering::SeqCst) {
        1 | 3 => json("[]"),
        _ => page(request, &cards),
    });
    for size in [20, 25, 60] {
        let client = builder(&raw).page_size(size).build().expect("usable");
        assert_eq!(ids(&client, Query::default()).expect("a list").len(), 60, "{size}");
    }
}

#[test]
fn what_is_no_list_is_an_error_and_not_the_end() {
    for body in ["", " \r\n", "null", r#"{"id":5}"#, r#"{"error":"x","id":2}"#, "<html>", "\"\"", "0", "[{\"id\":1}] x"]
    {
        for at in [0, 1, 2] {
            let turn = AtomicUsize::new(0);
            let cards = numbers(0..20);
            let raw = Raw::answering(move |request| match turn.fetch_add(1, Ordering::SeqCst) == at {
                true => json(body),
                false => page(request, &cards),
            });
            let list = ids(&builder(&raw).page_size(10).build().expect("usable"), Query::default());
            let error = list.expect_err(body);
            assert!(matches!(error.code().band(), 300 | 700), "{body}: {error}");
        }
    }
}

#[test]
fn only_a_list_of_status_200_is_a_list() {
    for status in ["202 Accepted", "206 Partial Content", "207 Multi-Status"] {
        let raw = Raw::answering(move |_| answer(status, "application/json", r#"[{"id":1}]"#));
        assert_eq!(ids(&client(&raw), Query::default()).expect_err(status).code(), Code::Unexpected);
    }
}

#[test]
fn a_name_that_stands_twice_in_a_record_makes_it_unreadable() {
    let cards = [r#"{"id":1,"id":2,"state":"Issued"}"#, r#"{"id":3,"zeal":1,"zeal":2}"#];
    let raw = Raw::answering(move |request| page(request, &cards));
    let list: Vec<_> = client(&raw).cards(Query::default()).expect("a query").collect();
    assert_eq!(list[0].as_ref().expect_err("twice").code(), Code::JsonSyntax);
    assert!(list[1].as_ref().expect("names that nobody knows may stand twice").view().id().reads("3"));
}

#[test]
fn a_list_that_breaks_off_in_a_page_is_read_on() {
    for (cut, page_size) in [(0, 10), (5, 10), (9, 10), (10, 10), (37, 40), (1, 2)] {
        let turn = Arc::new(AtomicUsize::new(0));
        let raw = Raw::answering({
            let turn = Arc::clone(&turn);
            move |request| {
                let mut bytes = page(request, &numbers(0..75));
                if turn.fetch_add(1, Ordering::SeqCst) % 4 == 1 {
                    let body = bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("a head") + 4;
                    bytes.truncate((body + cut * 10).min(bytes.len().saturating_sub(1)));
                }
                bytes
            }
        });
        let wait = Duration::from_millis(1);
        let retries = Retries { attempts: 3, longest_wait: wait, ..Retries::default() };
        let client = builder(&raw).retries(retries).page_size(page_size).build().expect("usable");
        let list = ids(&client, Query::default()).expect("a list");
        assert_eq!(list, (0..75).map(|id| id.to_string()).collect::<Vec<_>>(), "{cut} {page_size}");
    }
}

// --- while it changes

#[test]
fn a_loop_that_operates_on_what_it_lists_reaches_every_card_once() {
    for (n, size, cap) in [(1, 500, 500), (50, 1, 500), (350, 50, 500), (350, 500, 30), (1_100, 100, 500)] {
        for each in [1, 3] {
            let world = World::new(1..=n);
            let raw = world.serve(move |_| cap, steady);
            let client = builder(&raw).page_size(size).build().expect("usable");
            let mut reached = Vec::new();
            for card in client.cards(Query::default()).expect("a query") {
                let id: u64 = card.expect("a card").view().id().to_string().parse().expect("a number");
                reached.push(id);
                if id.is_multiple_of(each) {
                    world.change(|cards| cards.retain(|card| *card != id));
                }
            }
            reached.sort_unstable();
            assert_eq!(reached, (1..=n).collect::<Vec<_>>(), "{n} {size} {cap} {each}");
        }
    }
}

#[test]
fn a_list_that_shifts_has_every_card_that_was_there_throughout() {
    let mut state = 88_172_645_463_325_252_u64;
    let mut random = move |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    };
    let (mut lists, mut errors) = (0, 0);
    for run in 0..150 {
        let n = random(120);
        let mut cards: Vec<u64> = (0..n).map(|id| id * 3).collect();
        if run % 3 == 1 {
            cards.reverse();
        } else if run % 3 == 2 {
            cards = (0..n).map(|id| (id * 7_919) % 10_007).collect();
        }
        let (cap, changes, size) = (1 + random(60) as usize, random(9) as usize, 1 + random(50) as u32);
        let seeds: Vec<u64> = (0..400).map(|_| random(u64::MAX)).collect();
        let world = World::new(cards.clone());
        let (gone, came) = (Arc::new(Mutex::new(BTreeSet::new())), Arc::new(Mutex::new(BTreeSet::new())));
        let raw = {
            let (gone, came, caps) = (Arc::clone(&gone), Arc::clone(&came), seeds.clone());
            world.serve(
                move |asked| 1 + caps[asked % 400] as usize % cap,
                move |asked, cards| {
                    if asked >= changes {
                        return;
                    }
                    for part in 0..3 {
                        let seed = seeds[(asked * 3 + part) % 400];
                        let at = seed as usize / 8 % (cards.len() + 1);
                        if seed.is_multiple_of(4) {
                            let new = 1_000_000 + asked as u64 * 10 + part as u64;
                            cards.insert(at, new);
                            came.lock().expect("no panic while held").insert(new);
                        } else if at < cards.len() {
                            gone.lock().expect("no panic while held").insert(cards.remove(at));
                        }
                    }
                },
            )
        };
        let client = builder(&raw).page_size(size).build().expect("usable");
        match ids(&client, Query::default()) {
            Ok(list) => {
                lists += 1;
                let list: Vec<u64> = list.iter().map(|id| id.parse().expect("a number")).collect();
                let set: BTreeSet<u64> = list.iter().copied().collect();
                assert_eq!(list.len(), set.len(), "none twice, in run {run}");
                let gone = gone.lock().expect("no panic while held");
                let came = came.lock().expect("no panic while held");
                let lost: Vec<_> = cards.iter().filter(|id| !gone.contains(id) && !set.contains(id)).collect();
                assert!(lost.is_empty(), "run {run}: {lost:?} of {n}");
                assert!(set.iter().all(|id| cards.contains(id) || came.contains(id)));
            }
            Err(error) => {
                errors += 1;
                assert_eq!(error.code(), Code::Unexpected, "{error}");
            }
        }
    }
    println!("{lists} lists, {errors} errors");
    assert!(errors * 10 < lists);
}

#[test]
fn cards_that_come_in_front_are_handed_out_and_repeat_none() {
    let raw = World::new(1..=1_200).serve(
        |_| 500,
        |asked, cards| {
            if asked < 3 {
                cards.insert(0, 900_000 + asked as u64);
            }
        },
    );
    let list = ids(&client(&raw), Query::default()).expect("a list");
    let set: BTreeSet<u64> = list.iter().map(|id| id.parse().expect("a number")).collect();
    assert_eq!(list.len(), set.len());
    assert!((1..=1_200).all(|id| set.contains(&id)));
}

#[test]
fn a_list_that_is_dropped_while_the_server_is_silent_closes_its_connection() {
    let closed = Arc::new(AtomicUsize::new(0));
    let raw = {
        let closed = Arc::clone(&closed);
        Raw::serving(move |mut stream| {
            let request = read_request(&mut stream);
            let cards = numbers(0..5_000).join(",");
            let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9999999\r\n\r\n[";
            let _ = stream.write_all(format!("{head}{cards},").as_bytes());
            let _ = stream.set_read_timeout(None);
            // Nothing more comes, until the client goes away.
            let _ = stream.read(&mut [0]);
            closed.fetch_add(1, Ordering::SeqCst);
            request
        })
    };
    let hour = Duration::from_secs(3_600);
    let timeouts = Timeouts { connect: hour, answer: hour, idle: hour, ..Timeouts::default() };
    let client = builder(&raw).timeouts(timeouts).build().expect("usable");
    let mut list = client.cards(Query::default()).expect("a query");
    assert!(list.by_ref().take(4_000).all(|card| card.is_ok()));
    assert_eq!(closed.load(Ordering::SeqCst), 0);
    drop(list);
    while closed.load(Ordering::SeqCst) == 0 {
        std::thread::sleep(Duration::from_millis(20));
    }
    // The client is as good as before.
    drop(client.cards(Query::default()).expect("a query").next().expect("a card").expect("readable"));
}

#[test]
fn a_list_that_is_dropped_or_canceled_leaves_no_thread_behind() {
    let threads = || std::fs::read_dir("/proc/self/task").map_or(0, Iterator::count);
    let raw = World::new(1..=100_000).serve(|_| 500, steady);
    let client = client(&raw);
    for _ in 0..20 {
        let mut list = client.cards(Query::default()).expect("a query");
        assert!(list.by_ref().take(700).all(|card| card.is_ok()));
    }
    let mut list = client.cards(Query::default()).expect("a query");
    assert!(list.by_ref().take(700).all(|card| card.is_ok()));
    client.canceler().cancel();
    // What was read ahead is not handed out either.
    let error = list.next().expect("an end").expect_err("canceled");
    assert_eq!(error.code(), Code::Canceled, "{error}");
    assert!(list.next().is_none());
    for _ in 0..200 {
        if threads() < 20 {
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(threads() < 20, "{} threads", threads());
}
