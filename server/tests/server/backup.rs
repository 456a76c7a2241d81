//! Copies of a registry that is in use, and a look at whether it is whole.

use crate::http::{certiflow, config_at, get, post, start_with};
use cardwright_core::lifecycle::State;
use cardwright_server::{AuditEntry, Config, Data, Error, Outcome, Registry, Running, Server, backup, seed};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

fn in_directory(directory: &Path) -> Config {
    config_at(Data::Directory(directory.to_owned()))
}

fn log(registry: &Registry) -> Vec<AuditEntry> {
    let mut all: Vec<AuditEntry> = Vec::new();
    loop {
        let more = registry.audit(all.last().map_or(0, |entry| entry.id), 1000).unwrap();
        if more.is_empty() {
            return all;
        }
        all.extend(more);
    }
}

/// Starts a server on a copy.
fn restored(file: &Path) -> (tempfile::TempDir, Running) {
    let directory = tempfile::tempdir().unwrap();
    std::fs::copy(file, directory.path().join("registry.sqlite")).unwrap();
    let running = Server::start(in_directory(directory.path())).unwrap();
    (directory, running)
}

#[test]
fn a_copy_made_under_load_is_one_state_of_the_registry() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    let running = start_with(in_directory(&data));
    seed::synthetic(running.registry(), 2_000, 5).unwrap();
    let stop = AtomicBool::new(false);
    let files: Vec<_> = (0..6).map(|n| directory.path().join(format!("copy-{n}.sqlite"))).collect();
    let copies = std::thread::scope(|scope| {
        for card in [1013, 1065, 1073] {
            let (stop, running) = (&stop, &running);
            scope.spawn(move || {
                for word in ["Disable", "Enable"].iter().cycle() {
                    if stop.load(Ordering::Relaxed) {
                        return;
                    }
                    assert_eq!(post(running, &certiflow(&format!("Cards/{card}/{word}"))).status, 200);
                }
            });
        }
        let mut copies = Vec::new();
        for (n, file) in files.iter().enumerate() {
            // Each copy has something that the one before does not have.
            let last = copies.last().map_or(0, |copied: &cardwright_server::Copied| copied.audit);
            let before = loop {
                let rows = log(running.registry()).len() as u64;
                if rows > last + 10 {
                    break rows;
                }
                std::thread::yield_now();
            };
            // By the server itself, and as another process would do it.
            let copied = if n % 2 == 0 { running.registry().backup(file) } else { backup(&data, file) }.unwrap();
            let after = log(running.registry()).len() as u64;
            assert!((before..=after).contains(&copied.audit), "{before} {copied:?} {after}");
            assert_eq!((copied.cards, copied.bytes), (2_006, std::fs::metadata(file).unwrap().len()));
            copies.push(copied);
        }
        stop.store(true, Ordering::Relaxed);
        copies
    });
    running.stop();
    for (file, copied) in files.iter().zip(&copies) {
        let (_directory, running) = restored(file);
        let registry = running.registry();
        registry.check().unwrap();
        let log = log(registry);
        assert_eq!(log.len() as u64, copied.audit);
        let mut states = BTreeMap::from([1013, 1065, 1073].map(|card| (card, State::Active)));
        for entry in log.iter().filter(|entry| entry.outcome == Outcome::Done) {
            let state = states.get_mut(&entry.card.unwrap()).unwrap();
            assert_eq!(entry.before, Some(*state));
            *state = entry.after.unwrap();
        }
        for (card, state) in states {
            assert_eq!(registry.state(card).unwrap(), state, "the log of the copy tells its states");
        }
        assert_eq!(get(&running, &certiflow("Cards/1013")).status, 200);
    }
    println!("{} copies of {} bytes, with {} rows of the log at last", copies.len(), copies[5].bytes, copies[5].audit);
}

#[test]
fn a_copy_replaces_nothing_and_is_for_its_owner_only() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    let running = start_with(in_directory(&data));
    let file = directory.path().join("copy.sqlite");
    running.registry().backup(&file).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let bytes = std::fs::read(&file).unwrap();
    let again = running.registry().backup(&file).unwrap_err();
    assert!(matches!(&again, Error::Data(path, _) if *path == file), "{again}");
    assert_eq!(std::fs::read(&file).unwrap(), bytes);
    running.stop();
    // What is no registry is not copied, and nothing is left behind.
    let nothing = backup(&directory.path().join("nothing"), &directory.path().join("x")).unwrap_err();
    assert!(matches!(nothing, Error::Data(..)), "{nothing}");
    let other = directory.path().join("other");
    std::fs::create_dir(&other).unwrap();
    std::fs::write(other.join("registry.sqlite"), "").unwrap();
    let wrong = backup(&other, &directory.path().join("x")).unwrap_err();
    assert!(matches!(wrong, Error::NotARegistry(_)), "{wrong}");
    assert!(backup(&data, &directory.path().join("no/such/folder/x")).is_err());
    let mut left: Vec<_> = std::fs::read_dir(directory.path()).unwrap().map(|one| one.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["copy.sqlite", "data", "other"]);
    // A registry that no server uses is copied too.
    assert_eq!(backup(&data, &directory.path().join("second.sqlite")).unwrap().cards, 6);
}

#[test]
fn a_damaged_file_is_noticed() {
    let directory = tempfile::tempdir().unwrap();
    let running = start_with(in_directory(directory.path()));
    seed::synthetic(running.registry(), 300, 5).unwrap();
    running.registry().check().unwrap();
    running.stop();
    let file = directory.path().join("registry.sqlite");
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 8192].fill(0x5A);
    std::fs::write(&file, bytes).unwrap();
    let noticed = match Server::start(in_directory(directory.path())) {
        Ok(running) => running.registry().check().unwrap_err(),
        Err(error) => error,
    };
    assert!(matches!(noticed, Error::Damaged(_) | Error::Database(_)), "{noticed}");
    let copied = backup(directory.path(), &directory.path().join("copy.sqlite"));
    assert!(copied.is_err() && !directory.path().join("copy.sqlite").exists(), "{copied:?}");
}
