//! Servers of two versions side by side.

use crate::cluster;
use crate::instance::{administrator, ask, ask_as, certiflow, config};
use cardwright_server::{Bearer, Error, KeySource, Server, seed};
use cardwright_testkit::issuer::{AUDIENCE, Issuer};
use serde_json::json;
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
    let issuer = Issuer::start();
    older.bearer = Some(Bearer::new(issuer.url(), AUDIENCE, KeySource::Discovery));
    let bearer = format!("Bearer {}", issuer.token(json!({ "preferred_username": "bea" })));
    let older = Server::start(older).unwrap();
    seed::story(older.registry()).unwrap();
    let status = |method: &str, target: &str| ask(older.address(), "ann", method, target, "").unwrap().0;
    let disable = || status("POST", &certiflow("Cards/1013/Disable"));
    let enable = || status("POST", &certiflow("Cards/1013/Enable"));
    assert_eq!((disable(), enable()), (200, 200));
    let by_token = || ask_as(older.address(), &bearer, "GET", &certiflow("Cards/1013"), "").unwrap().0;
    assert_eq!(by_token(), 200);

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
        let last = sql(
            "BEGIN; SELECT NULL FROM pg_advisory_xact_lock(1131570177, current_schema()::regnamespace::oid::int4); \
            UPDATE registry SET version = version + 1, oldest = version + 1; SELECT max(id) FROM audit; COMMIT",
        );
        std::thread::sleep(Duration::from_millis(500));
        stop.store(true, Ordering::Relaxed);
        last
    });
    assert!(done.load(Ordering::Relaxed) > 0);
    let last = last.lines().rfind(|line| !line.trim().is_empty()).unwrap().trim().to_owned();
    assert_eq!(sql("SELECT max(id) FROM audit").trim(), last);
    assert_eq!(disable(), 503);
    assert_eq!(status("GET", &certiflow("Cards/1013")), 503);
    assert_eq!(by_token(), 503);
    assert_eq!(status("GET", "/health"), 503);

    let refused = Server::start(config(&url)).unwrap_err();
    assert!(matches!(refused, Error::Newer { found: 3, known: 1, .. }), "{refused}");
    assert!(refused.next_step().unwrap().contains("newer"));
}

#[test]
fn servers_that_start_at_the_same_time_make_one_registry() {
    let Some(cluster) = cluster() else { return };
    for _ in 0..3 {
        let url = cluster.database();
        let running: Vec<_> = std::thread::scope(|scope| {
            let starting: Vec<_> = (0..4).map(|_| scope.spawn(|| Server::start(config(&url)))).collect();
            starting.into_iter().map(|one| one.join().unwrap().unwrap()).collect()
        });
        assert_eq!(running.iter().filter(|one| one.registry().is_new()).count(), 1);
        let name = url.rsplit('/').next().unwrap();
        assert_eq!(cluster.psql(name, "SELECT version, oldest, (SELECT count(*) FROM role) FROM registry"), "1|1|3");
    }
}

#[test]
fn a_database_that_is_no_registry_is_left_alone() {
    let Some(cluster) = cluster() else { return };
    for (make, why) in
        [("CREATE TABLE registry (version text)", "holds tables"), ("CREATE TABLE other ()", "holds tables")]
    {
        let url = cluster.database();
        let name = url.rsplit('/').next().unwrap();
        cluster.psql(name, make);
        let refused = Server::start(config(&url)).unwrap_err();
        assert!(matches!(refused, Error::NotEmpty(_)) && refused.to_string().contains(why), "{refused}");
        assert_eq!(cluster.psql(name, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"), "1");
    }
    cluster.psql("postgres", "CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
    let refused = Server::start(config(&cluster.url("latin"))).unwrap_err().to_string();
    assert!(refused.contains("LATIN1") && refused.contains("UTF8"), "{refused}");
}
