//! A registry that is copied from SQLite to PostgreSQL and back.

use crate::cluster;
use crate::instance::{administrator, ask, certiflow};
use cardwright_core::lifecycle::State;
use cardwright_server::{
    AccountChange, Config, CopiedTable, Data, Database, Error, Secret, Server, Who, copy_registry, seed,
};
use rusqlite::Connection;
use rusqlite::types::Value;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// A registry with something of everything.
fn filled(folder: &Path) -> Data {
    let data = Data::Directory(folder.to_owned());
    let mut config = Config::default();
    config.data = data.clone();
    config.operator = true;
    config.accounts.extend(["ann", "Zoë"].map(administrator));
    let running = Server::start(config).unwrap();
    let registry = running.registry();
    seed::story(registry).unwrap();
    seed::synthetic(registry, 3_000, 7).unwrap();
    registry.add_account("bob", &Secret::new("x"), "viewer").unwrap();
    registry.change_account("bob", &AccountChange::default().disabled(true), &Who::account("ann")).unwrap();
    let ask = |method: &str, target: &str, body: &str| ask(running.address(), "ann", method, target, body).unwrap();
    for word in ["Disable", "Enable", "Enable"] {
        ask("POST", &certiflow(&format!("Cards/1013/{word}")), "");
    }
    running.stop();
    let connection = Connection::open(folder.join("registry.sqlite")).unwrap();
    // Texts as other systems bring them, and what PostgreSQL cannot hold as it is.
    let label = "\u{1F6CE}\u{FE0F} a\0b \u{1}0 \u{7F}";
    let card = "UPDATE card SET label = ?1, comment = 'Ä''', tags = '[\"a\",\"\\u0000é\"]' WHERE id = 2005";
    assert_eq!(connection.execute(card, [label]).unwrap(), 1);
    let audit =
        "UPDATE audit SET issuer = 'https://issuer.example', subject = ?1 WHERE id = (SELECT max(id) FROM audit)";
    assert_eq!(connection.execute(audit, ["s\u{1}\u{1F600}\0"]).unwrap(), 1);
    let approval = "INSERT INTO approval SELECT uuid, 'https://issuer.example', ?1, 'n', 5 FROM request LIMIT 1";
    for subject in ["s", "s\u{1}\u{1F600}", "s\0", "s0", "S"] {
        assert_eq!(connection.execute(approval, [subject]).unwrap(), 1);
    }
    data
}

/// All rows of all tables but the one that probes write.
fn rows(folder: &Path) -> Vec<String> {
    let connection = Connection::open(folder.join("registry.sqlite")).unwrap();
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name <> 'probe'";
    let mut names = connection.prepare(sql).unwrap();
    let tables: Vec<String> = names.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let mut all = Vec::new();
    for table in tables {
        let mut statement = connection.prepare(&format!("SELECT * FROM {table} ORDER BY 1, 2, 3")).unwrap();
        let width = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let cells: Vec<Value> = (0..width).map(|at| row.get(at).unwrap()).collect();
            all.push(format!("{table} {cells:?}"));
        }
    }
    all
}

fn database(url: &str) -> Data {
    Data::Postgres(Database::parse(url).unwrap())
}

/// A copy, which stops after some of its steps.
fn copy(from: &Data, to: &Data, steps: usize) -> Option<Result<Vec<CopiedTable>, Error>> {
    let mut left = steps;
    let copied = catch_unwind(AssertUnwindSafe(|| {
        copy_registry(from, to, |_| {
            left = left.checked_sub(1).unwrap_or_else(|| std::panic::resume_unwind(Box::new(())));
        })
    }));
    copied.ok()
}

#[test]
fn a_registry_goes_to_postgresql_and_comes_back_as_it_was() {
    let Some(cluster) = cluster() else { return };
    let folder = tempfile::tempdir().unwrap();
    let (old, new) = (folder.path().join("old"), folder.path().join("new"));
    let from = filled(&old);
    let url = cluster.database();
    let (there, back) = (database(&url), Data::Directory(new.clone()));

    // However often it is broken off, it goes on, and nobody opens what is half there.
    for steps in [0, 1, 2, 5, 7, 9, 12] {
        let broken = copy(&from, &there, steps);
        assert!(broken.is_none(), "{broken:?}");
        let mut config = Config::default();
        config.data = there.clone();
        assert!(matches!(Server::start(config), Err(Error::HalfCopied(_))));
    }
    let other = Data::Directory(folder.path().join("other"));
    drop(filled(&folder.path().join("other")));
    assert!(matches!(copy_registry(&other, &there, |_| {}), Err(Error::CopyStopped(_))));
    let copied = copy(&from, &there, usize::MAX).unwrap().unwrap();
    let rows_of = |name| copied.iter().find(|table| table.table == name).unwrap().rows;
    assert!(copied.len() == 9 && copied.iter().all(|table| table.rows > 0 && table.hash.len() == 64), "{copied:?}");
    assert!(rows_of("card") > 3_000 && rows_of("certificate") > 3_000);
    assert!(matches!(copy_registry(&from, &there, |_| {}), Err(Error::CopyStopped(_))));
    assert!(matches!(copy_registry(&there, &there, |_| {}), Err(Error::CopyStopped(_))));

    for steps in [0, 3, 8] {
        let broken = copy(&there, &back, steps);
        assert!(broken.is_none(), "{broken:?}");
        let onward = copy_registry(&back, &from_empty(folder.path()), |_| {});
        assert!(matches!(onward, Err(Error::HalfCopied(_))), "{onward:?}");
        let mut config = Config::default();
        config.data = back.clone();
        assert!(matches!(Server::start(config), Err(Error::HalfCopied(_))));
    }
    assert_eq!(copy(&there, &back, usize::MAX).unwrap().unwrap(), copied);
    let (was, is) = (rows(&old), rows(&new));
    assert!(was == is, "{} rows, {} rows", was.len(), is.len());

    // Both go on after the last card and row.
    for data in [there, back] {
        let mut config = Config::default();
        config.data = data;
        config.accounts.push(administrator("ann"));
        let running = Server::start(config).unwrap();
        let registry = running.registry();
        let last = i64::try_from(rows_of("audit")).unwrap();
        registry.set_state(2005, State::Active).unwrap();
        assert!(registry.audit(last, 10).unwrap().iter().all(|row| row.id > last));
        let first = seed::synthetic(registry, 3, 1).unwrap();
        assert!(first > 5_000, "{first}");
        registry.check().unwrap();
    }
}

#[test]
fn a_row_that_differs_or_cannot_be_read_stops_the_copy() {
    let Some(cluster) = cluster() else { return };
    let folder = tempfile::tempdir().unwrap();
    let old = folder.path().join("old");
    let from = filled(&old);
    let url = cluster.database();
    let to = database(&url);
    let name = url.rsplit('/').next().unwrap();
    // All rows are there, and one is changed before they are compared.
    assert!(copy(&from, &to, 14).is_none());
    cluster.psql(name, "UPDATE card SET label = 'another' WHERE id = 2001");
    let refused = refusal(&from, &to);
    assert!(refused.contains("card") && refused.contains("hashes"), "{refused}");

    let edit = |sql: &str| Connection::open(old.join("registry.sqlite")).unwrap().execute(sql, []).unwrap();
    assert_eq!(edit("UPDATE card SET tags = '[' WHERE id = 2002"), 1);
    let refused = refusal(&from, &database(&cluster.database()));
    assert!(refused.contains("2002") && refused.contains("card"), "{refused}");

    // Beside the others, in the order of SQLite, it would be in another place than it has in PostgreSQL.
    assert_eq!(edit("UPDATE card SET tags = '[]' WHERE id = 2002"), 1);
    let requests = edit("UPDATE request SET uuid = upper(uuid) WHERE uuid NOT IN (SELECT request FROM approval)");
    assert!(requests > 0);
    let refused = refusal(&from, &database(&cluster.database()));
    assert!(refused.contains("of request") && refused.contains("another spelling"), "{refused}");
    assert_eq!(edit("UPDATE request SET uuid = lower(uuid)"), requests + 1);

    // A row that refers to one that is not there.
    let unconnected = Connection::open(old.join("registry.sqlite")).unwrap();
    unconnected.execute_batch("PRAGMA foreign_keys = OFF; UPDATE certificate SET card = 1 WHERE id = 7").unwrap();
    let there = database(&cluster.database());
    for to in [&there, &from_empty(folder.path())] {
        let refused = refusal(&from, to);
        assert!(refused.contains("rows of certificate"), "{refused}");
    }
}

/// Why a copy is refused.
fn refusal(from: &Data, to: &Data) -> String {
    let error = copy_registry(from, to, |_| {}).unwrap_err();
    assert!(matches!(error, Error::CopyStopped(_)), "{error:?}");
    error.to_string()
}

#[test]
fn one_copy_at_a_time_goes_into_a_database() {
    let Some(cluster) = cluster() else { return };
    let folder = tempfile::tempdir().unwrap();
    let from = filled(&folder.path().join("old"));
    let (there, target) = (database(&cluster.database()), database(&cluster.database()));
    let copied = copy_registry(&from, &there, |_| {}).unwrap();
    let mut is_asked = false;
    // From the same kind of place, so that the source is free.
    let again = copy_registry(&there, &target, |_| {
        if !core::mem::replace(&mut is_asked, true) {
            let refused = refusal(&from, &target);
            assert!(refused.contains("another copy"), "{refused}");
        }
    });
    assert_eq!(again.unwrap(), copied);
    assert!(is_asked);
}

#[cfg(unix)]
#[test]
fn a_folder_is_known_by_any_of_its_names() {
    let folder = tempfile::tempdir().unwrap();
    let (old, link) = (folder.path().join("old"), folder.path().join("link"));
    let from = filled(&old);
    std::os::unix::fs::symlink(&old, &link).unwrap();
    let refused = refusal(&from, &Data::Directory(link.clone()));
    assert!(refused.contains("to itself"), "{refused}");
    // A copy goes on by another name of its source, and between two folders everything stays as it was, too.
    let new = folder.path().join("new");
    assert!(copy(&from, &Data::Directory(new.clone()), 6).is_none());
    copy_registry(&Data::Directory(link), &Data::Directory(new.clone()), |_| {}).unwrap();
    assert!(rows(&old) == rows(&new));
}

#[test]
fn a_folder_that_a_server_uses_is_not_copied_and_a_database_does_not_change_meanwhile() {
    let Some(cluster) = cluster() else { return };
    let folder = tempfile::tempdir().unwrap();
    let from = Data::Directory(folder.path().join("old"));
    let mut config = Config::default();
    config.data = from.clone();
    let running = Server::start(config).unwrap();
    let url = cluster.database();
    assert!(matches!(copy_registry(&from, &database(&url), |_| {}), Err(Error::InUse(_))));
    drop(running);

    let mut config = Config::default();
    config.data = database(&url);
    let running = Server::start(config).unwrap();
    seed::synthetic(running.registry(), 2_000, 1).unwrap();
    let (registry, mut changing) = (running.registry().clone(), None);
    let copied = copy_registry(&database(&url), &from_empty(folder.path()), |_| {
        let changing = changing.get_or_insert_with(|| {
            let registry = registry.clone();
            std::thread::spawn(move || registry.set_state(2001, State::Active))
        });
        if !changing.is_finished() {
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        assert!(!changing.is_finished(), "the registry was changed while it was copied");
    });
    assert!(copied.unwrap().iter().any(|table| table.table == "card" && table.rows == 2_000));
    changing.unwrap().join().unwrap().unwrap();
}

#[test]
fn what_is_no_registry_of_this_version_is_not_copied_and_left_as_it_is() {
    let Some(cluster) = cluster() else { return };
    let folder = tempfile::tempdir().unwrap();
    let url = cluster.database();
    let refused = copy_registry(&database(&url), &from_empty(folder.path()), |_| {}).unwrap_err().to_string();
    assert!(refused.contains("no registry"), "{refused}");
    let name = url.rsplit('/').next().unwrap();
    assert_eq!(cluster.psql(name, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"), "0");
    let old = folder.path().join("old");
    let from = filled(&old);
    let version = |value: &str| {
        let connection = Connection::open(old.join("registry.sqlite")).unwrap();
        connection.execute_batch(&format!("PRAGMA user_version = {value}")).unwrap();
    };
    version("3");
    let refused = copy_registry(&from, &database(&url), |_| {}).unwrap_err().to_string();
    assert!(refused.contains("another version"), "{refused}");

    // Keys in a form that the program does not write, over more than a page: they are in another order, and that is said.
    version("4");
    let connection = Connection::open(old.join("registry.sqlite")).unwrap();
    let rows = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 1500) \
        INSERT INTO profile_template SELECT printf('ABCDEF00-0000-4000-8000-%012X', i), 'n', 1, 1, 'p' FROM n";
    connection.execute(rows, []).unwrap();
    drop(connection);
    let refused = copy_registry(&from, &database(&url), |_| {}).unwrap_err().to_string();
    assert!(refused.contains("profile_template"), "{refused}");
}

/// A folder in which nothing was.
fn from_empty(folder: &Path) -> Data {
    Data::Directory(folder.join("empty"))
}

#[test]
fn a_list_that_the_program_would_write_otherwise_is_found_in_the_copy_too() {
    let Some(cluster) = cluster() else { return };
    let folder = tempfile::tempdir().unwrap();
    let old = folder.path().join("old");
    let from = filled(&old);
    let tags = "UPDATE card SET tags = '[ \"caf\\u00e9\" ]' WHERE id = 2006";
    assert_eq!(Connection::open(old.join("registry.sqlite")).unwrap().execute(tags, []).unwrap(), 1);
    let there = database(&cluster.database());
    copy_registry(&from, &there, |_| {}).unwrap();
    for data in [from, there] {
        let mut config = Config::default();
        config.data = data;
        config.accounts.push(administrator("ann"));
        let running = Server::start(config).unwrap();
        let found = ask(running.address(), "ann", "GET", &certiflow("Cards?tags=caf%C3%A9"), "").unwrap();
        let found: serde_json::Value = serde_json::from_str(&found.1).unwrap();
        let cards: Vec<_> = found.as_array().unwrap().iter().map(|card| card["id"].as_i64().unwrap()).collect();
        assert_eq!(cards, [2006]);
        running.stop();
    }
}

#[test]
fn two_schemas_of_a_database_are_two_registries() {
    let Some(cluster) = cluster() else { return };
    let folder = tempfile::tempdir().unwrap();
    let from = filled(&folder.path().join("old"));
    let url = cluster.database();
    cluster.psql(url.rsplit('/').next().unwrap(), "CREATE SCHEMA other; CREATE SCHEMA third");
    let schema = |name: &str| database(&format!("{url}?options=-csearch_path%3D{name}"));
    let copied = copy_registry(&from, &schema("other"), |_| {}).unwrap();
    assert!(copy(&schema("other"), &schema("third"), 6).is_none());
    // A copy does not go on from another schema.
    copy_registry(&from, &database(&url), |_| {}).unwrap();
    let refused = refusal(&database(&url), &schema("third"));
    assert!(refused.contains("search_path%3Dother"), "{refused}");
    assert_eq!(copy_registry(&schema("other"), &schema("third"), |_| {}).unwrap(), copied);
}
