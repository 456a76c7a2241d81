//! The data folder: whose it is, and what is no registry any more.

use crate::http::{certiflow, config_at, get, post};
use cardwright_server::{Config, Data, Error, Running, Server, seed};
use rusqlite::{Connection, OpenFlags};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

const FILE: &str = "registry.sqlite";

fn in_folder(folder: &Path) -> Config {
    config_at(Data::Directory(folder.to_owned()))
}

fn start(folder: &Path) -> Running {
    Server::start(in_folder(folder)).unwrap()
}

/// A registry of 500 cards that was used and closed.
fn used(folder: &Path) {
    let running = start(folder);
    seed::fill_new(running.registry(), 500, 3).unwrap();
    assert_eq!(post(&running, &certiflow("Cards/1013/Disable")).status, 200);
    running.stop();
}

/// The content of all files of a folder, by name.
fn content(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.map(|file| (file.clone(), fs::read(file).unwrap())).collect()
}

/// Where the leaf pages of a table or an index begin, and the size of a page: <https://www.sqlite.org/fileformat2.html>
fn leaves(file: &Path, name: &str) -> (Vec<usize>, usize) {
    let connection = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let sql = "SELECT rootpage FROM sqlite_schema WHERE name = ?1";
    let root = connection.query_row(sql, [name], |row| row.get::<_, u32>(0)).unwrap() as usize;
    drop(connection);
    let bytes = fs::read(file).unwrap();
    let size = usize::from(u16::from_be_bytes([bytes[16], bytes[17]]));
    let number = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
    let (mut found, mut todo) = (Vec::new(), vec![root]);
    while let Some(page) = todo.pop() {
        let start = (page - 1) * size;
        if matches!(bytes[start], 0x0D | 0x0A) {
            found.push(start);
            continue;
        }
        let cells = usize::from(u16::from_be_bytes([bytes[start + 3], bytes[start + 4]]));
        for cell in 0..cells {
            let at = start + 12 + 2 * cell;
            todo.push(number(start + usize::from(u16::from_be_bytes([bytes[at], bytes[at + 1]]))));
        }
        todo.push(number(start + 8));
    }
    found.sort_unstable();
    (found, size)
}

/// A change to a page that begins here and has this size.
type Damage = fn(&mut [u8], usize, usize);

/// What happens to a page.
const TO_A_PAGE: &[(&str, Damage)] = &[
    ("zeros", |bytes, start, size| bytes[start..start + size].fill(0)),
    ("half its cells", |bytes, start, _| {
        let cells = u16::from_be_bytes([bytes[start + 3], bytes[start + 4]]) / 2;
        bytes[start + 3..start + 5].copy_from_slice(&cells.to_be_bytes());
    }),
    ("noise", |bytes, start, _| {
        (0..96_usize).for_each(|n| bytes[start + 8 + n] = ((7 * n + 13) % 251) as u8);
    }),
    ("one cell for four", |bytes, start, _| {
        let first = [bytes[start + 8], bytes[start + 9]];
        (0..4).for_each(|n| bytes[start + 8 + 2 * n..][..2].copy_from_slice(&first));
    }),
];

/// A change to a whole file.
type Change = fn(&mut Vec<u8>);

/// What happens to a file.
const TO_A_FILE: &[(&str, Change)] = &[
    ("half is missing", |bytes| bytes.truncate(bytes.len() / 2 / 4096 * 4096)),
    ("its end is missing", |bytes| bytes.truncate(bytes.len() * 9 / 10 / 4096 * 4096)),
    ("a part of a page is missing", |bytes| bytes.truncate(bytes.len() - 1000)),
    ("all but its head is missing", |bytes| bytes.truncate(100)),
    ("its head is zeros", |bytes| bytes[..100].fill(0)),
    ("zeros", |bytes| bytes.fill(0)),
    ("text", |bytes| *bytes = b"this is no registry\n".repeat(500)),
];

#[test]
fn a_damaged_registry_is_refused_and_left_as_it_is() {
    let directory = tempfile::tempdir().unwrap();
    let good = directory.path().join("good");
    used(&good);
    let bytes = fs::read(good.join(FILE)).unwrap();
    let mut damaged: Vec<(String, Vec<u8>)> = Vec::new();
    for name in ["card", "certificate", "certificate_card"] {
        let (pages, size) = leaves(&good.join(FILE), name);
        for (how, damage) in TO_A_PAGE {
            for page in [pages[0], pages[pages.len() / 2], pages[pages.len() - 1]] {
                let mut bytes = bytes.clone();
                damage(&mut bytes, page, size);
                damaged.push((format!("a page of {name}: {how}"), bytes));
            }
        }
    }
    for (how, damage) in TO_A_FILE {
        let mut bytes = bytes.clone();
        damage(&mut bytes);
        damaged.push(((*how).to_owned(), bytes));
    }
    let folder = directory.path().join("damaged");
    fs::create_dir(&folder).unwrap();
    for (how, bytes) in &damaged {
        fs::write(folder.join(FILE), bytes).unwrap();
        fs::write(folder.join("registry.lock"), "").unwrap();
        let before = content(&folder);
        let refused = Server::start(in_folder(&folder)).expect_err(how);
        assert!(matches!(refused, Error::Damaged(_) | Error::NotARegistry(_)), "{how}: {refused:?}");
        assert!(refused.next_step().is_some_and(|next| next.contains("backup")), "{how}");
        assert!(content(&folder) == before, "{how}: the folder is as it was");
    }
    println!("{} damaged files", damaged.len());
    // As it was, it is taken.
    fs::write(folder.join(FILE), &bytes).unwrap();
    assert_eq!(get(&start(&folder), &certiflow("Cards/1013")).json()["state"], "Disabled");
}

#[test]
fn a_log_beside_a_damaged_registry_stays() {
    let directory = tempfile::tempdir().unwrap();
    let (data, folder) = (directory.path().join("data"), directory.path().join("copy"));
    used(&data);
    let running = start(&data);
    assert_eq!(post(&running, &certiflow("Cards/1013/Enable")).status, 200);
    // As it is after a loss of power: the last change stands in the log alone.
    fs::create_dir(&folder).unwrap();
    for name in [FILE, "registry.sqlite-wal"] {
        fs::copy(data.join(name), folder.join(name)).unwrap();
    }
    running.stop();
    let (pages, size) = leaves(&data.join(FILE), "certificate");
    let mut bytes = fs::read(folder.join(FILE)).unwrap();
    let good = bytes.clone();
    bytes[pages[1]..pages[1] + size].fill(0);
    fs::write(folder.join(FILE), &bytes).unwrap();
    let log = fs::read(folder.join("registry.sqlite-wal")).unwrap();
    assert!(!log.is_empty());
    let refused = Server::start(in_folder(&folder)).unwrap_err();
    assert!(matches!(refused, Error::Damaged(_)), "{refused}");
    assert!(
        fs::read(folder.join(FILE)).unwrap() == bytes && fs::read(folder.join("registry.sqlite-wal")).unwrap() == log
    );
    fs::write(folder.join(FILE), good).unwrap();
    assert_eq!(get(&start(&folder), &certiflow("Cards/1013")).json()["state"], "Issued");
}

/// The name and the content of a file.
type File<'f> = (&'f str, &'f [u8]);

#[test]
fn an_empty_or_missing_registry_where_one_was_used_is_a_loss() {
    let directory = tempfile::tempdir().unwrap();
    let good = directory.path().join("good");
    used(&good);
    let tableless = directory.path().join("tableless.sqlite");
    Connection::open(&tableless).unwrap().execute_batch("CREATE TABLE x (y); DROP TABLE x").unwrap();
    let (log, lock) = ("registry.sqlite-wal", "registry.lock");
    let tableless = fs::read(tableless).unwrap();
    let cases: &[(&[File<'_>], &str)] = &[
        (&[(FILE, b""), (lock, b"")], "is empty"),
        (&[(FILE, b""), (lock, b""), (log, b"something")], "is empty"),
        (&[(FILE, b""), (log, b"something")], "is empty"),
        (&[(FILE, b"")], "is empty"),
        (&[(lock, b"")], "is missing"),
        (&[(log, b"something")], "is missing"),
        (&[("registry.sqlite-shm", b"")], "is missing"),
        (&[(FILE, &tableless), (lock, b"")], "has no table"),
        (&[(FILE, &tableless)], "has no table"),
    ];
    for (n, (files, expected)) in cases.iter().enumerate() {
        let folder = directory.path().join(n.to_string());
        fs::create_dir(&folder).unwrap();
        for (name, bytes) in *files {
            fs::write(folder.join(name), bytes).unwrap();
        }
        for _ in 0..2 {
            let refused = Server::start(in_folder(&folder)).unwrap_err();
            assert!(matches!(&refused, Error::Lost(path, _) if *path == folder.join(FILE)), "{n}: {refused:?}");
            assert!(refused.to_string().contains(expected), "{n}: {refused}");
            for (name, bytes) in *files {
                assert_eq!(fs::read(folder.join(name)).unwrap(), *bytes, "{n}: {name}");
            }
        }
        // A backup, restored in its place.
        if !files.iter().any(|(name, _)| *name == log) {
            fs::copy(good.join(FILE), folder.join(FILE)).unwrap();
            assert_eq!(start(&folder).registry().count_cards().unwrap(), 506, "{n}");
        }
    }
}

#[test]
fn only_a_registry_that_is_new_is_filled() {
    let directory = tempfile::tempdir().unwrap();
    let folder = directory.path().join("data");
    let filled = |running: &Running| seed::fill_new(running.registry(), 10, 1).unwrap();
    let running = start(&folder);
    assert!(running.registry().is_new());
    assert_eq!(filled(&running), 16);
    running.stop();
    let running = start(&folder);
    assert!(!running.registry().is_new());
    assert_eq!(filled(&running), 16);
    running.stop();
    // One without cards is left without.
    let other = directory.path().join("other");
    start(&other).stop();
    assert_eq!(filled(&start(&other)), 0);
    // What else lies in a folder is no registry.
    let third = directory.path().join("third");
    fs::create_dir(&third).unwrap();
    fs::write(third.join("notes.txt"), "notes").unwrap();
    assert_eq!(filled(&start(&third)), 16);
    assert!(Server::start(config_at(Data::Temporary)).unwrap().registry().is_new(), "a temporary one");
}

#[test]
fn a_start_that_was_broken_off_while_the_registry_was_made_is_no_loss() {
    let directory = tempfile::tempdir().unwrap();
    for (n, file) in [None, Some("")].into_iter().enumerate() {
        let folder = directory.path().join(n.to_string());
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("registry.lock"), "new\n").unwrap();
        if let Some(file) = file {
            fs::write(folder.join(FILE), file).unwrap();
        }
        let running = start(&folder);
        assert!(running.registry().is_new());
        assert_eq!(fs::read(folder.join("registry.lock")).unwrap(), b"");
    }
}

#[test]
fn a_second_server_on_one_directory_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let folder = directory.path().join("data");
    let running = Server::start(in_folder(&folder)).unwrap();
    let refused = Server::start(in_folder(&folder)).unwrap_err();
    assert!(matches!(refused, Error::InUse(_)), "{refused}");
    assert!(refused.to_string().contains("another server uses"), "{refused}");
    running.stop();
    Server::start(in_folder(&folder)).unwrap().stop();
}

#[test]
fn a_file_that_is_no_registry_is_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    let folder = directory.path().join("data");
    let file = folder.join(FILE);
    fs::create_dir(&folder).unwrap();
    fs::write(&file, "something else, which is longer than a header of SQLite would be: it goes on and on").unwrap();
    let before = fs::read(&file).unwrap();
    let refused = Server::start(in_folder(&folder)).unwrap_err();
    assert!(matches!(refused, Error::NotARegistry(_)), "{refused}");
    assert_eq!(fs::read(&file).unwrap(), before);
}

#[test]
fn a_temporary_registry_is_gone_when_the_server_stops() {
    let running = Server::start(config_at(Data::Temporary)).unwrap();
    let path = format!("{:?}", running.registry());
    let path = PathBuf::from(path.trim_start_matches("Registry(\"").trim_end_matches("\")"));
    assert!(path.is_file(), "{}", path.display());
    running.stop();
    assert!(!path.exists() && !path.parent().unwrap().exists(), "{}", path.display());
}

#[cfg(unix)]
mod private {
    use super::{FILE, content, in_folder, start, used};
    use crate::http::{certiflow, post};
    use cardwright_server::{Error, Server, seed};
    use std::fs::{self, Permissions};
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    use std::path::Path;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o7777
    }

    fn set(path: &Path, mode: u32) {
        fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn a_folder_that_others_may_enter_is_tightened_with_its_files() {
        let directory = tempfile::tempdir().unwrap();
        for is_used in [false, true] {
            for (n, of_folder) in [0o755, 0o770, 0o777, 0o1777, 0o2750].into_iter().enumerate() {
                let folder = directory.path().join(format!("{is_used}-{n}"));
                fs::create_dir(&folder).unwrap();
                if is_used {
                    used(&folder);
                    content(&folder).keys().for_each(|file| set(file, 0o666));
                }
                set(&folder, of_folder);
                let running = start(&folder);
                seed::fill_new(running.registry(), 10, 1).unwrap();
                assert_eq!(post(&running, &certiflow("Cards/1013/Revoke?reason=CardLost")).status, 200);
                assert_eq!(mode(&folder) & 0o777, 0o700, "{of_folder:o}");
                let files = content(&folder);
                assert!(files.len() >= 4, "the registry, its log and index, and the lock");
                files.keys().for_each(|file| assert_eq!(mode(file), 0o600, "{}", file.display()));
            }
        }
    }

    #[test]
    fn links_in_the_folder_are_not_followed() {
        let directory = tempfile::tempdir().unwrap();
        let target = directory.path().join("target");
        fs::write(&target, "somebody's").unwrap();
        set(&target, 0o644);
        for name in [FILE, "registry.lock", "registry.sqlite-wal", "registry.sqlite-shm"] {
            let folder = directory.path().join(format!("with-{name}"));
            fs::create_dir(&folder).unwrap();
            if name != FILE {
                used(&folder);
            }
            let _ = fs::remove_file(folder.join(name));
            symlink(&target, folder.join(name)).unwrap();
            let refused = Server::start(in_folder(&folder)).unwrap_err();
            assert!(matches!(&refused, Error::Data(path, _) if path.ends_with(name)), "{name}: {refused}");
            assert_eq!((fs::read(&target).unwrap(), mode(&target)), (b"somebody's".to_vec(), 0o644), "{name}");
        }
        // The folder itself may be named by a link.
        let (real, link) = (directory.path().join("real"), directory.path().join("link"));
        fs::create_dir(&real).unwrap();
        symlink(&real, &link).unwrap();
        start(&link).stop();
        assert_eq!(mode(&real.join(FILE)), 0o600);
    }
}
