//! What was answered stays, and what must not start does not.

use crate::http::{certiflow, config, get, post, start_with};
use cardwright_core::lifecycle::State;
use cardwright_server::{Config, Data, Error, Server, seed};

fn in_directory(directory: &tempfile::TempDir) -> Config {
    let mut config = config();
    config.data = Data::Directory(directory.path().join("data"));
    config
}

#[test]
fn answered_operations_are_there_after_a_restart() {
    let directory = tempfile::tempdir().unwrap();
    let running = start_with(in_directory(&directory));
    seed::synthetic(running.registry(), 50, 7).unwrap();
    assert_eq!(post(&running, &certiflow("Cards/1065/Disable")).status, 200);
    assert_eq!(post(&running, &certiflow("Cards/1013/Revoke?reason=CardLost")).status, 200);
    let (cards, log) = (get(&running, &certiflow("Cards")).body, running.registry().audit(0, 1000).unwrap());
    running.stop();

    let running = start_with(in_directory(&directory));
    assert_eq!(get(&running, &certiflow("Cards")).body, cards);
    assert_eq!(running.registry().audit(0, 1000).unwrap(), log);
    assert_eq!(running.registry().state(1065).unwrap(), State::Suspended);
}

#[test]
fn a_second_server_on_one_directory_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let running = Server::start(in_directory(&directory)).unwrap();
    let refused = Server::start(in_directory(&directory)).unwrap_err();
    assert!(matches!(refused, Error::InUse(_)), "{refused}");
    assert!(refused.to_string().contains("another server uses"), "{refused}");
    running.stop();
    Server::start(in_directory(&directory)).unwrap().stop();
}

#[test]
fn without_tls_nobody_else_is_served() {
    for address in ["0.0.0.0:0", "192.0.2.1:0", "[::]:0"] {
        let mut config = config();
        config.listen = address.parse().unwrap();
        let refused = Server::start(config).unwrap_err();
        assert!(matches!(refused, Error::NotLoopback(_)), "{refused}");
        assert!(refused.to_string().contains("loopback"), "{refused}");
    }
}

#[test]
fn a_file_that_is_no_registry_is_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("data/registry.sqlite");
    std::fs::create_dir(directory.path().join("data")).unwrap();
    std::fs::write(&file, "something else, which is longer than a header of SQLite would be: it goes on and on")
        .unwrap();
    let before = std::fs::read(&file).unwrap();
    let refused = Server::start(in_directory(&directory)).unwrap_err();
    assert!(matches!(refused, Error::NotARegistry(_)), "{refused}");
    assert_eq!(std::fs::read(&file).unwrap(), before);
}

#[test]
fn a_temporary_registry_is_gone_when_the_server_stops() {
    let running = start_with(config());
    let path = format!("{:?}", running.registry());
    let path = std::path::PathBuf::from(path.trim_start_matches("Registry(\"").trim_end_matches("\")"));
    assert!(path.is_file(), "{}", path.display());
    running.stop();
    assert!(!path.exists() && !path.parent().unwrap().exists(), "{}", path.display());
}
