//! A registry in a database of PostgreSQL: every command that opens one, and several servers over it.
#![cfg(unix)]

mod common;

use cardwright_server::{Data, Database, copy_registry};
use cardwright_testkit::balancer::Balancer;
use cardwright_testkit::postgres::{Cluster, is_missing, of_this_test};
use common::process::{Process, folder};
use common::{Done, PASSWORD, cardwright, run};
use std::panic::{catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// A folder of a test's own, removed at its end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = folder(name);
        std::fs::create_dir_all(&folder).expect("a folder");
        Folder(folder)
    }

    /// A file for its owner alone.
    fn file(&self, name: &str, text: &str) -> String {
        use std::os::unix::fs::PermissionsExt as _;
        let file = self.0.join(name);
        std::fs::write(&file, text).expect("written");
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).expect("a mode");
        file.to_str().expect("UTF-8").to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Carries out a command with more arguments at its end.
fn with(command: &[&str], more: &[&str]) -> Done {
    run(&mut cardwright(&[command, more].concat()))
}

/// Adds an administrator whose password is the tests'.
fn add(name: &str, file: &str, place: &[&str]) {
    let added = with(&["account", "add", name, "--role", "administrator", "--new-password-file", file], place);
    assert_eq!((added.code, added.out.as_str()), (0, format!("{name} is added\n").as_str()), "{added:?}");
}

/// A server over a database, and an account that the registry has.
fn serve(place: &[&str], user: &str) -> Process {
    let mut server = Process::start(place);
    assert_eq!((server.user.as_str(), server.password.as_str()), ("", ""), "it made no account");
    (server.user, server.password) = (user.to_string(), PASSWORD.to_string());
    server
}

#[test]
fn two_servers_have_the_same_cards_and_accounts() {
    let Some(url) = of_this_test() else { return };
    let folder = Folder::new("database-two");
    let (place, file) = (["--database", url.as_str()], folder.file("password", PASSWORD));
    // The tables are made, and nobody could sign in.
    let refused = with(&["serve"], &place);
    assert_eq!((refused.code, refused.out.as_str()), (2, ""), "{refused:?}");
    let hint = format!("cardwright account add NAME --role administrator --database {url}");
    assert!(refused.err.contains(&hint), "{refused:?}");
    add("root", &file, &place);
    add("ann", &file, &place);
    let server = serve(&place, "root");
    assert!(server.first.contains(&format!("serves 0 cards, kept in {url}")), "{}", server.first);
    assert_eq!(server.stop(), Some(0));

    let seeded = with(&["seed", "--cards", "30", "--json"], &place);
    assert_eq!(seeded.json(), serde_json::json!({ "database": url, "cards": 36 }), "{seeded:?}");
    let again = with(&["seed", "--cards", "30"], &place);
    assert_eq!((again.code, again.err.contains("36 cards already")), (3, true), "{again:?}");
    assert!(again.err.contains("seed an empty database"), "{again:?}");

    let (one, other) = (serve(&place, "root"), serve(&place, "ann"));
    assert!(one.first.contains("serves 36 cards, kept in "), "{}", one.first);
    assert_eq!(one.ask(&["disable", "1065"]).code, 0);
    assert_eq!(other.ask(&["card", "1065", "--json"]).json()["card"]["state"], "Disabled");
    assert_eq!(other.ask(&["disable", "1065"]).code, 3, "it is already");
    assert_eq!(other.ask(&["enable", "1065"]).code, 0);
    let history = one.ask(&["history", "1065", "--json"]).json();
    let by: Vec<_> = history.as_array().expect("a list").iter().map(|row| row["account"].as_str()).collect();
    assert!(by.contains(&Some("root")) && by.contains(&Some("ann")), "{history}");
    // A disabled account is unknown to both when that is answered, whether a server changes it or a command beside them.
    assert_eq!(one.ask(&["account", "disable", "ann"]).code, 0);
    assert_eq!(other.ask(&["cards", "--limit", "1"]).code, 5);
    let enabled = with(&["account", "enable", "ann"], &place);
    assert_eq!(enabled.code, 0, "{enabled:?}");
    assert_eq!(other.ask(&["cards", "--limit", "1"]).code, 0);
    let listed = with(&["account", "list", "--json"], &place).json();
    let names: Vec<_> = listed.as_array().expect("a list").iter().map(|account| account["name"].as_str()).collect();
    assert_eq!(names, [Some("ann"), Some("root")]);
    assert_eq!((one.stop(), other.stop()), (Some(0), Some(0)));
}

#[test]
fn the_account_of_a_run_is_made_where_it_is_asked_for() {
    let Some(url) = of_this_test() else { return };
    let folder = Folder::new("database-account");
    let place = ["--database", url.as_str()];
    let first = Process::start(&[&place[..], &["--account"]].concat());
    assert_eq!(first.user, "demo");
    assert_eq!(first.ask(&["cards", "--json"]).json(), serde_json::json!([]), "no cards are made up");
    // Another server leaves it as it is, unless it is told that there shall be none.
    let second = Process::start(&place);
    assert_eq!(first.ask(&["cards", "--limit", "1"]).code, 0);
    assert_eq!(second.stop(), Some(0));
    let last = with(&["serve", "--no-account"], &place);
    assert_eq!((last.code, last.err.contains("no account that may do everything")), (2, true), "{last:?}");
    add("root", &folder.file("password", PASSWORD), &place);
    let third = serve(&[&place[..], &["--no-account"]].concat(), "root");
    assert_eq!(first.ask(&["cards", "--limit", "1"]).code, 5);
    assert_eq!(third.ask(&["cards", "--limit", "1"]).code, 0);
    let both = with(&["serve", "--no-account", "--account"], &place);
    assert_eq!((both.code, both.err.contains("--no-account")), (2, true), "{both:?}");
}

#[test]
fn an_address_that_cannot_be_used_is_refused_and_no_password_is_shown() {
    let folder = Folder::new("database-refused");
    let empty = folder.file("empty", "\n");
    let url = "postgresql://registry@127.0.0.1:1/cards";
    for (arguments, words) in [
        (&["--database", "postgresql://u:hush@127.0.0.1/cards"][..], "put it into a file for --database-password-file"),
        (&["--database", "postgresql://u@127.0.0.1/cards?password=hush"], "in the process list"),
        (&["--database", "mysql://u:hush@127.0.0.1/cards"], "postgresql://"),
        (&["--database", "postgresql://u@db.example.com/cards?sslmode=prefer"], "disable, require or verify-full"),
        (&["--database", url, "--data", "cards"], "--data"),
        (&["--database", url, "--database-password-file", "/no/such/file"], "/no/such/file"),
        (&["--database", url, "--database-password-file", &empty], "the first line is empty"),
        (&["--database", url, "--database-ca", "/no/such/ca.pem"], "/no/such/ca.pem"),
        (&["--database", url, "--database-connections", "1"], "2"),
        (&["--database-password-file", &empty], "--database <URL>"),
    ] {
        for command in [
            &["serve"][..],
            &["seed"],
            &["account", "list"],
            &["account", "add", "a", "--role", "viewer"],
            &["backup", "f"],
        ] {
            let refused = with(command, arguments);
            assert_eq!((refused.code, refused.out.as_str()), (2, ""), "{command:?} {arguments:?}: {refused:?}");
            assert!(refused.err.contains(words), "{command:?} {arguments:?}: {refused:?}");
            assert!(!refused.err.contains("hush"), "{command:?} {arguments:?}: {refused:?}");
        }
    }
    for made_up in [["--cards", "5"], ["--seed", "2"]] {
        let refused = with(&["serve", "--database", url], &made_up);
        assert_eq!((refused.code, refused.err.contains(made_up[0])), (2, true), "{refused:?}");
        assert!(refused.err.contains("cardwright seed --database URL"), "{refused:?}");
    }
    // Nobody listens there.
    let away = with(&["serve", "--database"], &[url, "--json"]);
    assert_eq!((away.code, away.err.contains("the database cannot be reached")), (6, true), "{away:?}");
    for command in [&["seed"][..], &["backup", "f"]] {
        assert_eq!(with(command, &[]).code, 2);
    }
}

#[test]
fn the_settings_of_a_database_come_from_a_file_too() {
    if is_missing() {
        return;
    }
    let cluster = Cluster::start_with_password("of the database");
    let folder = Folder::new("database-file");
    let url = cluster.database();
    folder.file("database.password", "of the database\nmore\n");
    let password = folder.file("password", PASSWORD);
    let file = folder.0.join("database.password");
    let place = ["--database", &url, "--database-password-file", file.to_str().expect("UTF-8")];
    add("root", &password, &place);
    let wrong = with(&["account", "list", "--database", &url, "--database-password-file", &password], &[]);
    assert!(wrong.code == 6 && wrong.err.contains("password"), "{wrong:?}");
    let settings =
        format!("database = '{url}'\ndatabase_password_file = 'database.password'\ndatabase_connections = 3\n");
    let settings = folder.file("serve.toml", &settings);
    let mut server = Process::spawn(&mut cardwright(&["serve", "--config", &settings]));
    (server.user, server.password) = ("root".to_string(), PASSWORD.to_string());
    assert_eq!(server.ask(&["cards", "--limit", "1"]).code, 0);
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn the_certificate_of_a_database_is_verified() {
    if is_missing() {
        return;
    }
    let cluster = Cluster::start_tls();
    let folder = Folder::new("database-tls");
    let url = cluster.database() + "?sslmode=verify-full";
    let (ca, password) = (folder.file("ca.pem", cluster.ca()), folder.file("password", PASSWORD));
    add("root", &password, &["--database", &url, "--database-ca", &ca]);
    let unknown = with(&["account", "list", "--database", &url], &[]);
    assert!(unknown.code == 6 && unknown.err.contains("certificate"), "{unknown:?}");
    let other = url.replace("localhost", "127.0.0.1");
    let name = with(&["account", "list", "--database", &other, "--database-ca", &ca], &[]);
    assert!(name.code == 6 && name.err.contains("certificate"), "{name:?}");
    let in_clear = url.replace("verify-full", "disable");
    let refused = with(&["account", "list", "--database", &in_clear], &[]);
    assert_eq!(refused.code, 6, "{refused:?}");
    // What is told of a backup is as well protected.
    let backup = with(&["backup", "copy", "--database", &url, "--database-ca", &ca], &[]);
    let told = format!("PGSSLMODE=verify-full PGSSLROOTCERT={ca} pg_dump --format=custom --file=copy --dbname=");
    assert!(backup.code == 2 && backup.err.contains(&told), "{backup:?}");
    let line = backup.err.split("next: ").nth(1).and_then(|next| next.split("; ").next()).expect("a line");
    shell(&folder.0, line);
    assert!(folder.0.join("copy").is_file());
}

/// What is said of a backup is what makes one.
#[test]
fn a_backup_of_a_database_is_told_and_not_made() {
    let (Some(url), Some(new)) = (of_this_test(), of_this_test()) else { return };
    let folder = Folder::new("database-backup");
    let place = ["--database", url.as_str()];
    add("root", &folder.file("password", PASSWORD), &place);
    assert_eq!(with(&["seed", "--cards", "20"], &place).code, 0);
    let told = run(cardwright(&["backup", "it's.dump", "--database", &url, "--json"]).current_dir(&folder.0));
    assert_eq!((told.code, told.out.as_str()), (2, ""), "{told:?}");
    let told: serde_json::Value = serde_json::from_str(&told.err).expect("JSON");
    assert!(told["error"].as_str().expect("a text").starts_with("nothing was copied"), "{told}");
    assert!(!folder.0.join("it's.dump").exists());
    let hint = told["hint"].as_str().expect("a text");
    let line = |name: &str| {
        let from = hint.find(name).unwrap_or_else(|| panic!("{name}: {hint}"));
        hint[from..].split("; ").next().expect("a line").replace("=URL ", &format!("={new} "))
    };
    shell(&folder.0, &line("pg_dump "));
    shell(&folder.0, &line("pg_restore "));
    let restored = serve(&["--database", &new], "root");
    assert!(restored.first.contains("serves 26 cards"), "{}", restored.first);
    assert_eq!(restored.ask(&["disable", "1065"]).code, 0);
    assert_eq!(restored.stop(), Some(0));
}

fn shell(folder: &Path, line: &str) {
    let output = Command::new("/bin/sh").args(["-c", line]).current_dir(folder).output().expect("a shell");
    assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_registry_is_copied_to_a_database_and_back() {
    let Some(url) = of_this_test() else { return };
    let folder = Folder::new("database-copy");
    let place = |name: &str| folder.0.join(name).to_str().expect("UTF-8").to_string();
    let (old, new) = (place("old"), place("new"));
    assert_eq!(run(&mut cardwright(&["seed", "--data", &old, "--cards", "300"])).code, 0);
    let copy = |from: &str, to: &str, more: &[&str]| with(&["copy-registry", "--from", from, "--to", to], more);
    let there = copy(&old, &url, &["--json"]);
    assert_eq!(there.code, 0, "{there:?}");
    let tables: serde_json::Value = serde_json::from_str(&there.out).expect("JSON");
    let tables = tables["tables"].as_array().expect("tables").clone();
    let cards = tables.iter().find(|table| table["table"] == "card").expect("cards");
    assert!(cards["rows"].as_u64() > Some(300) && cards["blake2b"].as_str().map(str::len) == Some(64), "{cards}");
    let back = copy(&url, &new, &[]);
    assert_eq!(back.code, 0, "{back:?}");
    for table in &tables {
        assert!(back.out.contains(table["blake2b"].as_str().expect("a hash")), "{table}: {back:?}");
    }
    let again = copy(&old, &url, &[]);
    assert!(again.code == 3 && again.err.contains("has rows in role"), "{again:?}");
    let missing = copy(&place("nothing"), &place("other"), &[]);
    assert!(missing.code != 0 && !folder.0.join("nothing").exists(), "{missing:?}");
    let shown = copy("postgresql://u:secret@127.0.0.1/cards", &new, &[]);
    assert!(
        shown.code == 2 && shown.err.contains("--from-password-file") && !shown.err.contains("secret"),
        "{shown:?}"
    );
    let file = folder.file("password", "x\n");
    let folders = copy(&old, &new, &["--from-password-file", &file]);
    assert!(folders.code == 2 && folders.err.contains("needs no password"), "{folders:?}");
}

/// The address on which a server listens.
fn listens(server: &Process) -> std::net::SocketAddr {
    let authority = server.url.split("://").nth(1).and_then(|rest| rest.split('/').next()).expect("an address");
    authority.parse().expect("an address")
}

#[test]
fn a_bulk_run_over_three_servers_that_die_does_each_card_once() {
    if is_missing() {
        return;
    }
    let kills = if std::env::var_os("CARDWRIGHT_LONG").is_some() { 20 } else { 3 };
    let cluster = Cluster::start();
    let url = cluster.database();
    let folder = Folder::new("database-bulk");
    let place = ["--database", url.as_str()];
    assert_eq!(with(&["seed", "--cards", "4000"], &place).code, 0);
    add("ann", &folder.file("password", PASSWORD), &place);
    let mut servers: Vec<Process> = (0..3).map(|_| serve(&place, "ann")).collect();
    let addresses: Vec<_> = servers.iter().map(listens).collect();
    let balancer = Balancer::start(&addresses);
    let base = servers[0].url.replace(&addresses[0].to_string(), &balancer.address().to_string());
    let command = |arguments: &[&str]| {
        let mut command = cardwright(arguments);
        command.env("CARDWRIGHT_URL", &base).env("CARDWRIGHT_USER", "ann").env("CARDWRIGHT_PASSWORD", PASSWORD);
        command
    };
    let name = url.rsplit('/').next().expect("a name");
    let number = |sql: &str| cluster.psql(name, sql).trim().parse::<usize>().expect("a number");
    let cards = number("SELECT count(*) FROM card WHERE state = 4");
    let (expect, journal) = (cards.to_string(), folder.0.join("journal").to_str().expect("UTF-8").to_string());
    // So that it lasts longer than the kills.
    let rate = (cards / (2 * kills)).max(1).to_string();
    let first = ["bulk", "disable", "--state", "Issued", "--expect", &expect, "--journal", &journal, "--rate", &rate];
    let mut bulk = command(&first).stdout(std::process::Stdio::null()).spawn().expect("it runs");
    for kill in 0..kills {
        std::thread::sleep(std::time::Duration::from_millis(700));
        servers.remove(0).kill();
        std::thread::sleep(std::time::Duration::from_millis(300));
        servers.push(serve(&place, "ann"));
        balancer.set(&servers.iter().map(listens).collect::<Vec<_>>());
        if kill == kills / 2 {
            cluster.restart();
        }
    }
    assert!(bulk.try_wait().expect("a child").is_none(), "it ended before the servers did");
    let mut code = bulk.wait().expect("it ends").code();
    for _ in 0..10 {
        if code == Some(0) {
            break;
        }
        let again = run(&mut command(&["bulk", "--resume", &journal, "--retry-failed"]));
        code = Some(again.code);
    }
    assert_eq!(code, Some(0));
    assert_eq!(number("SELECT count(*) FROM card WHERE state = 4"), 0);
    let done = "operation = 'suspend' AND outcome = 'done'";
    assert_eq!(number(&format!("SELECT count(*) FROM audit WHERE {done}")), cards);
    assert_eq!(number(&format!("SELECT count(DISTINCT card) FROM audit WHERE {done}")), cards);
}

#[test]
fn a_copy_goes_on_after_each_kill_and_is_whole_in_its_one_file() {
    let Some(url) = of_this_test() else { return };
    let folder = Folder::new("database-copy-killed");
    let place = |name: &str| folder.0.join(name).to_str().expect("UTF-8").to_string();
    let (old, new, alone) = (place("old"), place("new"), place("alone"));
    assert_eq!(run(&mut cardwright(&["seed", "--data", &old, "--cards", "4000"])).code, 0);
    let kills = [copied_with_kills(&old, &url), copied_with_kills(&url, &new)];
    println!("killed {} and {} times while a copy was half there", kills[0], kills[1]);
    assert!(kills.iter().all(|kills| *kills > 1), "{kills:?}");
    // What was copied has no log beside it: the file alone is the registry.
    std::fs::create_dir(&alone).expect("a folder");
    let file = |folder: &str| PathBuf::from(folder).join("registry.sqlite");
    std::fs::copy(file(&new), file(&alone)).expect("copied");
    let tables = |from: &str, to: &str| {
        let done = run(&mut cardwright(&["copy-registry", "--from", from, "--to", to, "--json"]));
        assert_eq!(done.code, 0, "{done:?}");
        serde_json::from_str::<serde_json::Value>(&done.out).expect("JSON")["tables"].clone()
    };
    assert_eq!(tables(&alone, &place("last")), tables(&old, &place("other")));
}

/// Copies a registry by a command that is killed again and again, each time a little later. Says how often a copy was half
/// there then.
fn copied_with_kills(from: &str, to: &str) -> usize {
    // The first rows, and the mark: from then on no other command makes a registry of the target.
    let data = |place: &str| match Database::parse(place) {
        Ok(database) => Data::Postgres(database),
        Err(_) => Data::Directory(place.into()),
    };
    let begun = catch_unwind(|| copy_registry(&data(from), &data(to), |_| resume_unwind(Box::new(()))));
    assert!(begun.is_err(), "{begun:?}");
    let list = ["account", "list", if to.contains("://") { "--database" } else { "--data" }, to];
    let copy = ["copy-registry", "--from", from, "--to", to];
    for kills in 0..200 {
        let listed = run(&mut cardwright(&list));
        if listed.code == 0 {
            // It was killed after its last statement, which a database carries out without its client, too.
            return kills;
        }
        assert!(listed.code == 1 && listed.err.contains("did not come to its end"), "{listed:?}");
        let mut command = cardwright(&copy);
        let mut copying = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("it starts");
        std::thread::sleep(Duration::from_millis(50) * (kills as u32 + 1));
        if copying.try_wait().expect("a child").is_some() {
            let ended = copying.wait_with_output().expect("it has ended");
            let said = String::from_utf8_lossy(&ended.stderr);
            // Or the one before was killed during that statement.
            assert!(ended.status.success() || kills > 0 && said.contains("has rows in role"), "{said}");
            return kills;
        }
        copying.kill().expect("it runs");
        copying.wait().expect("it ends");
    }
    panic!("it does not come to its end");
}
