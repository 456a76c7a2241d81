//! A database that goes away, and comes back.

use crate::cluster;
use crate::instance::{administrator, ask, certiflow, config};
use cardwright_server::{Log, Server, seed};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Waits until something is so.
fn until(what: &str, is_so: impl Fn() -> bool) {
    let since = Instant::now();
    while !is_so() {
        assert!(since.elapsed() < Duration::from_secs(30), "{what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_database_that_goes_away_is_503_and_comes_back_by_itself() {
    let Some(cluster) = cluster() else { return };
    let lines = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&lines);
    let mut config = config(&cluster.database());
    config.notices = Log::To(Arc::new(move |line| told.lock().unwrap().push(line.to_owned())));
    config.accounts.push(administrator("ann"));
    let running = Server::start(config).unwrap();
    seed::story(running.registry()).unwrap();
    let status = |method: &str, target: &str| ask(running.address(), "ann", method, target, "").unwrap().0;
    let card = certiflow("Cards/1013");
    assert_eq!(status("GET", &card), 200);
    for round in 0..2 {
        cluster.stop();
        if round == 0 {
            // A balancer learns it, though nobody asks for anything.
            until("the server notices by itself", || status("GET", "/health/ready") == 503);
        }
        for target in [card.as_str(), "/CertificateManagement/api/v1.0/smartcards", "/_cardwright/v1/audit"] {
            assert_eq!(status("GET", target), 503, "{target}");
        }
        assert_eq!(status("POST", &certiflow("Cards/1013/Disable")), 503);
        assert_eq!(status("GET", "/health"), 503);
        assert_eq!(status("GET", "/health/live"), 200);
        cluster.start_again();
        until("the server comes back by itself", || status("GET", "/health") == 200);
        assert_eq!(status("GET", &card), 200);
        assert_eq!(status("POST", &certiflow("Cards/1013/Disable")), 200);
        assert_eq!(status("POST", &certiflow("Cards/1013/Enable")), 200);
    }
    let lines = lines.lock().unwrap();
    let count = |word: &str| lines.iter().filter(|line| line.contains(word)).count();
    assert!(count("cannot be reached") >= 2 && count("again") >= 2, "{lines:?}");
}

#[test]
fn a_server_whose_database_is_away_does_not_start_and_says_where_it_is() {
    let Some(cluster) = cluster() else { return };
    let url = cluster.database();
    cluster.stop();
    let refused = Server::start(config(&url)).unwrap_err().to_string();
    assert!(refused.contains("cannot be reached"), "{refused}");
}
