//! Two at once.

use crate::http::{certiflow, post, start};
use cardwright_core::lifecycle::State;
use std::sync::Barrier;

#[test]
fn of_two_who_disable_a_card_one_wins() {
    let running = start();
    for round in 0..50 {
        running.registry().set_state(1065, State::Active).unwrap();
        let barrier = Barrier::new(2);
        let attempt = || {
            barrier.wait();
            post(&running, &certiflow("Cards/1065/Disable")).status
        };
        let mut statuses = std::thread::scope(|scope| {
            let other = scope.spawn(attempt);
            [attempt(), other.join().unwrap()]
        });
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409], "round {round}");
    }
    let log = running.registry().audit(0, 1000).unwrap();
    let done = log.iter().filter(|entry| entry.operation == "suspend" && entry.after == Some(State::Suspended));
    let won = done.filter(|entry| entry.before == Some(State::Active)).count();
    assert_eq!(won, 50);
}
