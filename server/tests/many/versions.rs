//! Servers of two versions side by side.

use crate::cluster;
use crate::instance::{administrator, ask, certiflow, config};
use cardwright_server::{Error, Server, seed};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

#[test]
fn an_older_server_goes_on_beside_a_newer_one_or_stops_with_a_clear_word() {
    let Some(cluster) = cluster() else { return };
    let url = cluster.database();
    let name = url.rsplit('/').next().unwrap().to_owned();
    let sql = |sql: &str| cluster.psql(&name, sql);
    let mut older = config(&url);
    older.accounts.push(administrator("ann"));
    let older = Server::start(older).unwrap();
    seed::story(older.registry()).unwrap();
    let status = |method: &str, target: &str| ask(older.address(), "ann", method, target, "").unwrap().0;
    let disable = || status("POST", &certiflow("Cards/1013/Disable"));
    let enable = || status("POST", &certiflow("Cards/1013/Enable"));
    assert_eq!((disable(), enable()), (200, 200));

    // A newer version adds a column, beside which an older one may go on, and may start.
    sql("BEGIN; ALTER TABLE card ADD COLUMN later text; UPDATE registry SET version = version + 1; COMMIT");
    assert_eq!((disable(), enable(), status("GET", &certiflow("Cards"))), (200, 200, 200));
    drop(Server::start(config(&url)).unwrap());

    // Another one changes what a state means. From then on no change of the older one goes in, not even one that is under way.
    let (stop, done) = (AtomicBool::new(false), AtomicUsize::new(0));
    let last = std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    let both = [disable(), enable()];
                    done.fetch_add(both.iter().filter(|status| **status == 200).count(), Ordering::Relaxed);
                }
            });
        }
        std::thread::sleep(Duration::from_millis(500));
        let last = sql("BEGIN; SELECT NULL FROM pg_advisory_xact_lock(4855287647104401409); \
            UPDATE registry SET version = version + 1, oldest = version + 1; SELECT max(id) FROM audit; COMMIT");
        std::thread::sleep(Duration::from_millis(500));
        stop.store(true, Ordering::Relaxed);
        last
    });
    assert!(done.load(Ordering::Relaxed) > 0);
    let last = last.lines().rfind(|line| !line.trim().is_empty()).unwrap().trim().to_owned();
    assert_eq!(sql("SELECT max(id) FROM audit").trim(), last);
    assert_eq!(disable(), 503);
    assert_eq!(status("GET", &certiflow("Cards/1013")), 503);
    assert_eq!(status("GET", "/health"), 503);

    let refused = Server::start(config(&url)).unwrap_err();
    assert!(matches!(refused, Error::Newer { found: 3, known: 1, .. }), "{refused}");
    assert!(refused.next_step().unwrap().contains("newer"));
}
