//! Two at once.

use crate::http::{certiflow, post, start};
use cardwright_core::lifecycle::State;
use cardwright_server::Outcome;
use std::sync::Barrier;
use std::time::Instant;

/// Races: by turns to disable the card, and to enable it again.
const RACES: usize = 1000;

#[test]
fn of_two_who_race_for_a_card_exactly_one_wins_each_time() {
    let running = start();
    let since = Instant::now();
    let barrier = Barrier::new(2);
    let race = || -> Vec<u16> {
        let words = ["Disable", "Enable"].iter().cycle().take(RACES);
        let attempt = |word: &&str| {
            barrier.wait();
            post(&running, &certiflow(&format!("Cards/1065/{word}"))).status
        };
        words.map(attempt).collect()
    };
    let (mine, theirs) = std::thread::scope(|scope| {
        let other = scope.spawn(race);
        (race(), other.join().unwrap())
    });
    let mut wins = 0;
    for (round, pair) in mine.iter().zip(&theirs).enumerate() {
        let mut statuses = [*pair.0, *pair.1];
        wins += usize::from(statuses[0] == 200);
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409], "race {round}");
    }

    let mut log = Vec::new();
    while let Some(more) =
        Some(running.registry().audit(log.len() as i64, 500).unwrap()).filter(|more| !more.is_empty())
    {
        log.extend(more);
    }
    assert_eq!(log.len(), 2 * RACES);
    for (round, pair) in log.chunks(2).enumerate() {
        let (operation, before, after) = match round % 2 {
            0 => ("suspend", State::Active, State::Suspended),
            _ => ("resume", State::Suspended, State::Active),
        };
        // Whoever comes first wins, so that the refused one saw the new state.
        let seen = pair.iter().map(|entry| (entry.operation.as_str(), entry.outcome, entry.before, entry.after));
        let wanted = [
            (operation, Outcome::Done, Some(before), Some(after)),
            (operation, Outcome::Refused, Some(after), Some(after)),
        ];
        assert_eq!(seen.collect::<Vec<_>>(), wanted, "race {round}");
    }
    println!("{RACES} races in {:.1?}; one of the two won {wins}", since.elapsed());
    assert!(wins > 0 && wins < RACES, "it was no race: one of the two won {wins}");
}
