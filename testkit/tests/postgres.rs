//! Clusters run, stop, come back, and leave nothing behind.

use cardwright_testkit::postgres::{Cluster, REGISTRY, is_missing, of_this_test, shared};
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

/// Set for the program that is killed.
const INSIDE: &str = "CARDWRIGHT_TEST_KILLED";

/// What a client over TCP gets, or what it says.
fn over_tcp(url: &str, sql: &str, environment: &[(&str, &str)]) -> Result<String, String> {
    let mut command = Command::new("psql");
    command.args(["-X", "-q", "-A", "-t", "-w", "-d", url, "-c", sql]).envs(environment.iter().copied());
    let Output { status, stdout, stderr } = command.output().expect("psql runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_string();
    if status.success() { Ok(text(&stdout)) } else { Err(text(&stderr)) }
}

fn until(what: &str, is_so: impl Fn() -> bool) {
    let started = Instant::now();
    while !is_so() {
        assert!(started.elapsed() < Duration::from_secs(20), "not in time: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn runs(process: u32) -> bool {
    Path::new(&format!("/proc/{process}")).exists()
}

#[test]
fn what_was_committed_is_there_after_it_was_stopped_at_once() {
    if is_missing() {
        return;
    }
    let cluster = Cluster::start();
    let (url, first) = (cluster.database(), cluster.process());
    assert_eq!(over_tcp(&url, "SHOW fsync", &[]).as_deref(), Ok("on"));
    over_tcp(&url, "CREATE TABLE card (id int); INSERT INTO card VALUES (7)", &[]).expect("a table");
    cluster.stop();
    let refused = over_tcp(&url, "SELECT 1", &[]).expect_err("it is stopped");
    assert!(refused.contains("refused") && !runs(first), "{refused}");
    cluster.start_again();
    assert_eq!(over_tcp(&url, "SELECT id FROM card", &[]).as_deref(), Ok("7"));
    assert!(cluster.log().contains("was not properly shut down"), "{}", cluster.log());
    cluster.restart();
    assert_ne!(cluster.process(), first);
    assert_eq!(over_tcp(&url, "SELECT id FROM card", &[]).as_deref(), Ok("7"));

    let (last, folder) = (cluster.process(), cluster.folder().to_owned());
    assert!(runs(last) && folder.is_dir());
    drop(cluster);
    assert!(!runs(last) && !folder.exists());
}

#[test]
fn each_database_is_empty_and_is_one_of_its_own() {
    let Some(cluster) = shared() else { return };
    let [one, other] = [(); 2].map(|()| cluster.create_database());
    cluster.psql(&one, "CREATE TABLE card (id int, name text); INSERT INTO card VALUES (1, 'é'), (2, NULL)");
    assert_eq!(cluster.psql(&one, "SELECT * FROM card ORDER BY id"), "1|é\n2|");
    let tables = "SELECT count(*) FROM pg_class WHERE relname = 'card'";
    assert_eq!([cluster.psql(&one, tables), cluster.psql(&other, tables)], ["1", "0"]);
    let facts = "SELECT pg_encoding_to_char(encoding), datcollate, datctype FROM pg_database WHERE datname = ";
    assert_eq!(cluster.psql(&one, &format!("{facts}'{one}'")), "UTF8|C.UTF-8|C.UTF-8");
    cluster.drop_database(&one);
    cluster.drop_database(&cluster.url(&other));
    let left = format!("SELECT count(*) FROM pg_database WHERE datname IN ('{one}', '{other}')");
    assert_eq!(cluster.psql("postgres", &left), "0");
    assert_eq!(over_tcp(&cluster.url("postgres"), "SHOW fsync", &[]).as_deref(), Ok("off"));
}

#[test]
fn the_database_of_a_test_goes_with_it_whoever_is_connected() {
    let Some(cluster) = shared() else { return };
    let (url, mut holder) = std::thread::spawn(|| {
        let url = of_this_test().expect("a cluster");
        let mut psql = Command::new("psql");
        psql.args(["-X", "-q", "-A", "-t", "-d", &url, "-c", "SELECT 'connected'", "-c", "SELECT pg_sleep(60)"]);
        let mut holder = psql.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("psql runs");
        let line = BufReader::new(holder.stdout.take().expect("a pipe")).lines().next();
        assert_eq!(line.expect("a line").expect("text"), "connected");
        (url, holder)
    })
    .join()
    .expect("the thread ends");
    let gone = || over_tcp(&url, "SELECT 1", &[]).is_err_and(|why| why.contains("does not exist"));
    until("the database is dropped", gone);
    assert!(!holder.wait().expect("it ends").success());
    assert_eq!(cluster.psql("postgres", "SELECT 1"), "1");
}

#[test]
fn over_tls_its_certificate_is_for_its_name_alone() {
    if is_missing() {
        return;
    }
    let cluster = Cluster::start_tls();
    let url = cluster.database();
    let roots = cluster.folder().join("roots.pem");
    std::fs::write(&roots, cluster.ca()).expect("a file");
    let verified = format!("?sslmode=verify-full&sslrootcert={}", roots.display());
    let version = "SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    assert_eq!(over_tcp(&format!("{url}{verified}"), version, &[]).as_deref(), Ok("TLSv1.3"));
    let by_number = url.replace("localhost", "127.0.0.1");
    let refused = over_tcp(&format!("{by_number}{verified}"), "SELECT 1", &[]).expect_err("another name");
    assert!(refused.contains("does not match"), "{refused}");
    let other = Cluster::start_tls();
    std::fs::write(&roots, other.ca()).expect("a file");
    let refused = over_tcp(&format!("{url}{verified}"), "SELECT 1", &[]).expect_err("another CA");
    assert!(refused.contains("SSL error"), "{refused}");
    let refused = over_tcp(&format!("{url}?sslmode=disable"), "SELECT 1", &[]).expect_err("no TLS");
    assert!(refused.contains("no encryption"), "{refused}");
}

#[test]
fn with_a_password_nobody_else_comes_in() {
    if is_missing() {
        return;
    }
    let cluster = Cluster::start_with_password("it's a password");
    let (name, right) = (cluster.create_database(), [("PGPASSWORD", "it's a password")]);
    let url = cluster.url(&name);
    assert_eq!(over_tcp(&url, "SELECT current_user", &right).as_deref(), Ok(REGISTRY));
    over_tcp(&url, "CREATE TABLE card (id int)", &right).expect("it is its owner");
    assert_eq!(cluster.psql(&name, "SELECT tableowner FROM pg_tables WHERE tablename = 'card'"), REGISTRY);
    let hash = format!("SELECT left(rolpassword, 13) FROM pg_authid WHERE rolname = '{REGISTRY}'");
    assert_eq!(cluster.psql("postgres", &hash), "SCRAM-SHA-256");
    for (environment, why) in [(&[][..], "no password supplied"), (&[("PGPASSWORD", "else")], "authentication failed")]
    {
        let refused = over_tcp(&url, "SELECT 1", environment).expect_err("a password is wanted");
        assert!(refused.contains(why), "{refused}");
    }
    let owner = url.replace(REGISTRY, "postgres");
    assert!(over_tcp(&owner, "SELECT 1", &right).expect_err("not by TCP").contains("no pg_hba.conf entry"));
}

#[test]
fn a_cluster_does_not_outlive_a_test_that_is_killed() {
    const TEST: &str = "a_cluster_does_not_outlive_a_test_that_is_killed";
    if std::env::var_os(INSIDE).is_some() {
        let (own, shared) = (Cluster::start(), shared().expect("a cluster"));
        for cluster in [&own, shared] {
            println!("at {} {}", cluster.process(), cluster.folder().display());
        }
        loop {
            std::thread::park();
        }
    }
    if is_missing() {
        return;
    }
    let mut program = Command::new(std::env::current_exe().expect("the test program"));
    program.args([TEST, "--exact", "--nocapture"]).env(INSIDE, "1").stdout(Stdio::piped());
    let mut program = program.spawn().expect("it runs");
    let lines = BufReader::new(program.stdout.take().expect("a pipe")).lines().map_while(Result::ok);
    let found = lines.filter_map(|line| {
        let (process, folder) = line.split_once("at ")?.1.split_once(' ')?;
        Some((process.parse::<u32>().ok()?, folder.to_owned()))
    });
    let clusters: Vec<_> = found.take(2).collect();
    assert_eq!(clusters.len(), 2);
    assert!(clusters.iter().all(|(process, folder)| runs(*process) && Path::new(folder).is_dir()), "{clusters:?}");
    program.kill().expect("it runs");
    program.wait().expect("it ends");
    for (process, folder) in clusters {
        until("PostgreSQL is gone", || !runs(process));
        until("its folder is gone", || !Path::new(&folder).exists());
    }
}
