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
    assert!(count("cannot be reached") >= 2 && count("/health answers 200") == 2, "{lines:?}");
}

#[test]
fn a_server_whose_database_is_away_does_not_start_and_says_where_it_is() {
    let Some(cluster) = cluster() else { return };
    let url = cluster.database();
    cluster.stop();
    let refused = Server::start(config(&url)).unwrap_err().to_string();
    assert!(refused.contains("cannot be reached"), "{refused}");
}

/// Sends a signal to PostgreSQL and all its processes.
#[cfg(target_os = "linux")]
fn signal(name: &str, postmaster: u32) {
    let postmaster = postmaster.to_string();
    let children = std::process::Command::new("pgrep").args(["-P", &postmaster]).output().unwrap();
    let children = String::from_utf8(children.stdout).unwrap();
    let mut kill = std::process::Command::new("kill");
    let sent = kill.args(["-s", name, &postmaster]).args(children.split_whitespace()).status().unwrap();
    assert!(sent.success());
}

#[cfg(target_os = "linux")]
#[test]
fn a_database_that_stands_still_is_noticed_and_nobody_waits_for_ever() {
    let Some(cluster) = cluster() else { return };
    let mut config = config(&cluster.database());
    config.accounts.push(administrator("ann"));
    config.time_limit = Duration::from_secs(4);
    let running = Server::start(config).unwrap();
    seed::story(running.registry()).unwrap();
    let status = |method: &str, target: &str| ask(running.address(), "ann", method, target, "").unwrap().0;
    assert_eq!(status("GET", &certiflow("Cards/1013")), 200);
    signal("STOP", cluster.process());
    until("a balancer learns it", || status("GET", "/health/ready") == 503);
    let since = Instant::now();
    assert_eq!(status("POST", &certiflow("Cards/1013/Disable")), 503);
    assert!(since.elapsed() < Duration::from_secs(15));
    signal("CONT", cluster.process());
    until("the server comes back by itself", || status("GET", "/health") == 200);
    // The change for which nobody waited any more was not made.
    assert!(status("GET", &certiflow("Cards/1013")) == 200);
    let (_, card) = ask(running.address(), "ann", "GET", &certiflow("Cards/1013"), "").unwrap();
    assert!(card.contains("\"state\":\"Issued\""), "{card}");
    assert_eq!(status("POST", &certiflow("Cards/1013/Disable")), 200);
}
