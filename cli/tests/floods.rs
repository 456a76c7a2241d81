//! What many clients at once cost a server: its memory stays below 300 MiB, and it says that it is well.
//!
//! Lists are of 20,000 cards, and of 1,000,000 where `CARDWRIGHT_LONG` is set; `CARDWRIGHT_FLOOD_CARDS` sets another
//! number. Each test prints the most memory and the slowest answer of `/health`.

#![cfg(target_os = "linux")]

mod common;

use common::plain::{Address, count};
use common::process::{Process, folder};
use common::{cardwright, run};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::collections::BTreeMap;
use std::io::Write as _;
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// In kB, as /proc counts.
const MOST: u64 = 300 << 10;

/// The most memory that a process has had, in kB (proc(5), VmHWM).
fn peak(server: &Process) -> u64 {
    let text = std::fs::read_to_string(format!("/proc/{}/status", server.id())).expect("a process");
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a line");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}

/// Does the work, asks meanwhile again and again whether the server is well, and looks at its memory at the end.
fn watched<T>(what: &str, server: &Process, work: impl FnOnce() -> T) -> T {
    let is_over = AtomicBool::new(false);
    let address = Address::of(server);
    let (done, asked, slowest) = std::thread::scope(|scope| {
        let watch = scope.spawn(|| {
            let (mut asked, mut slowest) = (0, Duration::ZERO);
            while !is_over.load(Ordering::Relaxed) || asked == 0 {
                let since = Instant::now();
                assert_eq!(address.status("/health", None).expect("an answer"), 200);
                (asked, slowest) = (asked + 1, slowest.max(since.elapsed()));
                std::thread::sleep(Duration::from_millis(20));
            }
            (asked, slowest)
        });
        let done = work();
        is_over.store(true, Ordering::Relaxed);
        let (asked, slowest) = watch.join().expect("the server is well");
        (done, asked, slowest)
    });
    let peak = peak(server);
    println!("{what}: {} MiB at most; /health answered {asked} times, within {} ms", peak >> 10, slowest.as_millis());
    assert!(peak < MOST, "{what}: {peak} kB");
    done
}

#[test]
fn a_thousand_wrong_passwords() {
    let statuses = wrong_passwords("with delays", 1000, &[]);
    assert!(statuses.contains_key(&429), "{statuses:?}");
}

#[test]
fn wrong_passwords_that_are_all_checked() {
    let count = if std::env::var_os("CARDWRIGHT_LONG").is_some() { 1000 } else { 300 };
    let statuses = wrong_passwords("without delays", count, &["--switch", "sign-in-delays=off"]);
    assert!(!statuses.contains_key(&429) && statuses[&401] > 60, "{statuses:?}");
}

/// Tries wrong passwords, 60 at a time. Returns how often each status was the answer.
fn wrong_passwords(what: &str, tries: usize, options: &[&str]) -> BTreeMap<u16, usize> {
    let server = Process::start(&[&["--cards", "20"], options].concat());
    let (address, path) = (Address::of(&server), "/certiflow/api/Cards/1013");
    assert_eq!(address.own_status(path).expect("an answer"), 200);
    let answers = watched(&format!("{tries} wrong passwords, 60 at a time, {what}"), &server, || {
        std::thread::scope(|scope| {
            let threads: Vec<_> = (0..60)
                .map(|thread| {
                    let address = &address;
                    scope.spawn(move || {
                        let numbers = (thread..tries).step_by(60);
                        let one = |n| address.status(path, Some((&address.user, &format!("wrong{n}"))));
                        numbers.map(|n| one(n).expect("an answer")).collect::<Vec<_>>()
                    })
                })
                .collect();
            threads.into_iter().flat_map(|thread| thread.join().expect("a client")).collect::<Vec<_>>()
        })
    });
    let mut statuses = BTreeMap::new();
    answers.iter().for_each(|status| *statuses.entry(*status).or_insert(0) += 1);
    println!("{statuses:?}");
    assert_eq!(answers.len(), tries);
    assert!(statuses.keys().all(|status| [401, 429, 503].contains(status)), "{statuses:?}");
    assert_eq!(address.own_status(path).expect("an answer"), 200);
    statuses
}

#[test]
fn eight_whole_lists() {
    let cards = match (std::env::var("CARDWRIGHT_FLOOD_CARDS"), std::env::var_os("CARDWRIGHT_LONG")) {
        (Ok(cards), _) => cards,
        (Err(_), Some(_)) => "1000000".to_string(),
        (Err(_), None) => "20000".to_string(),
    };
    let data = folder("floods");
    let text = data.to_str().expect("UTF-8");
    assert_eq!(run(&mut cardwright(&["seed", "--data", text, "--cards", &cards])).code, 0);
    let server = Process::start(&["--data", text]);
    let address = Address::of(&server);
    let lists = watched(&format!("8 lists of {cards} cards"), &server, || {
        std::thread::scope(|scope| {
            let list = || {
                let stream = address.ask("/certiflow/api/Cards", Some((&address.user, &address.password)));
                count(stream.expect("a connection"), b"\"cardModelName\":").expect("an answer")
            };
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(list)).collect();
            threads.into_iter().map(|thread| thread.join().expect("a client")).collect::<Vec<_>>()
        })
    });
    let all: usize = cards.parse().expect("a number");
    println!("{} cards in each", lists[0].0);
    assert!(lists.iter().all(|list| *list == lists[0] && list.1), "{lists:?}");
    assert!(lists[0].0 > all / 10 * 9, "{lists:?}");
    server.stop();
    let _ = std::fs::remove_dir_all(data);
}

#[test]
fn two_thousand_connections() {
    let limit = getrlimit(Resource::Nofile);
    if limit.current.is_some_and(|current| current < 2_500) {
        let raised = Rlimit { current: Some(2_500), maximum: limit.maximum };
        setrlimit(Resource::Nofile, raised).expect("2,500 files may be open");
    }
    let server = Process::start(&["--cards", "20"]);
    let address = Address::of(&server);
    let connections = watched("2,000 connections", &server, || {
        let connect = |n| {
            let mut stream = TcpStream::connect(&address.authority).expect("a connection");
            if n % 2 == 0 {
                stream.write_all(b"GET /certiflow/api/Cards HTTP/1.1\r\nHost: local").expect("written");
            }
            stream
        };
        let connections: Vec<_> = (0..2_000).map(connect).collect();
        // With all of them there.
        assert_eq!(address.own_status("/certiflow/api/Cards/1013").expect("an answer"), 200);
        std::thread::sleep(Duration::from_millis(500));
        connections
    });
    assert_eq!(connections.len(), 2_000);
}
