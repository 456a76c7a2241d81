//! `serve` and `seed` as a program of their own: started, used, stopped.

mod common;

use common::process::{Process, folder};
use common::{cardwright, run};

#[test]
fn a_server_prints_what_is_needed_to_use_it_and_stops_when_asked() {
    let server = Process::start(&["--cards", "5"]);
    let cards = server.ask(&["cards", "--json"]).json();
    assert!(cards.as_array().expect("a list").len() > 5);
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn a_kept_registry_is_there_after_a_restart_and_belongs_to_one_server() {
    let data = folder("kept");
    let data_text = data.to_str().expect("UTF-8");
    let seeded = run(&mut cardwright(&["seed", "--data", data_text, "--cards", "20", "--json"])).json();
    let server = Process::start(&["--data", data_text]);
    assert_eq!(server.ask(&["cards", "--json"]).json().as_array().expect("a list").len(), seeded["cards"]);
    assert_eq!(server.ask(&["disable", "1065"]).code, 0);
    let second = run(&mut cardwright(&["serve", "--data", data_text]));
    assert_eq!(second.code, 1, "{second:?}");
    assert_eq!(server.stop(), Some(0));
    let again = run(&mut cardwright(&["seed", "--data", data_text]));
    assert_eq!(again.code, 3, "{again:?}");
    let server = Process::start(&["--data", data_text]);
    assert_eq!(server.ask(&["card", "1065", "--json"]).json()["card"]["state"], "Disabled");
    assert_eq!(server.stop(), Some(0));
    std::fs::remove_dir_all(&data).expect("removed");
}

#[test]
fn no_address_but_loopback_is_listened_on() {
    let refused = run(&mut cardwright(&["serve", "--listen", "0.0.0.0:0"]));
    assert_eq!(refused.code, 1, "{refused:?}");
    assert!(refused.err.contains("loopback"), "{refused:?}");
}
