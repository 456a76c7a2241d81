//! Changes that come together.

use crate::http::{certiflow, config_at, post, start_with};
use cardwright_core::lifecycle::State;
use cardwright_server::{Data, Outcome, seed};
use rusqlite::Connection;
use std::sync::mpsc::channel;

/// How many change a card at once.
const CLIENTS: usize = 12;

/// How many may wait; one more is being carried out.
const WAITING: usize = 7;

#[test]
fn those_who_wait_together_are_committed_together_and_one_too_many_is_told_so() {
    let directory = tempfile::tempdir().unwrap();
    let mut config = config_at(Data::Directory(directory.path().join("data")));
    config.waiting_changes = WAITING;
    let running = start_with(config);
    let registry = running.registry();
    let first = seed::synthetic(registry, 100, 3).unwrap();
    let cards: Vec<i64> = (first..).filter(|id| registry.state(*id).unwrap() == State::Active).take(CLIENTS).collect();
    // Somebody who is let in already does not wait for a password to be hashed.
    assert_eq!(post(&running, &certiflow("Cards/1065/Disable")).status, 200);
    let (before, logged) = (registry.commits(), registry.audit(0, 1000).unwrap().len());

    // Nothing can be committed while another holds the file.
    let holder = Connection::open(directory.path().join("data/registry.sqlite")).unwrap();
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();
    let (answer, answers) = channel();
    let (mut done, mut refused) = (Vec::new(), 0);
    std::thread::scope(|scope| {
        for card in &cards {
            let (answer, running) = (answer.clone(), &running);
            scope.spawn(move || {
                answer.send((*card, post(running, &certiflow(&format!("Cards/{card}/Disable"))))).unwrap();
            });
        }
        for n in 0..CLIENTS {
            let (card, answer) = answers.recv().unwrap();
            if answer.status == 503 {
                assert_eq!(answer.header("retry-after"), Some("1"), "{answer:?}");
                refused += 1;
            } else {
                assert_eq!(answer.status, 200, "{answer:?}");
                done.push(card);
            }
            // All others wait.
            if n + 1 == CLIENTS - WAITING - 1 {
                assert_eq!(refused, n + 1, "nothing is answered before it is committed");
                holder.execute_batch("COMMIT").unwrap();
            }
        }
    });
    assert!(done.len() >= WAITING, "{done:?}");
    assert!(registry.commits() - before <= 2, "{} changes, {} commits", done.len(), registry.commits() - before);
    for card in cards {
        let is_done = done.contains(&card);
        assert_eq!(registry.state(card).unwrap() == State::Suspended, is_done, "{card}");
    }
    let log = registry.audit(0, 1000).unwrap().split_off(logged);
    assert_eq!(log.len(), done.len());
    assert!(log.iter().all(|entry| entry.outcome == Outcome::Done), "{log:?}");
}
