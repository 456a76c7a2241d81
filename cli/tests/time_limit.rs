//! The time limit of a whole command: what it ends, and what is known then.

mod common;

use common::fake::json;
use common::process::folder;
use common::{cardwright, run};
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

const CARD: &str = r#"{"id":7,"serialNumber":"AB01","state":"Issued","userName":"EXAMPLE\\user1","userId":"u-1"}"#;

const REQUEST: &str = r#"{"Uuid":"r-1","RequestType":7,"Status":16,"OldSmartcardUuid":"c-1"}"#;

/// A server that leaves some requests without an answer, for good.
struct Silent {
    url: String,
    /// How many were left.
    left: Arc<AtomicUsize>,
}

impl Silent {
    fn about(is_left: fn(&str) -> bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}/certiflow/api", listener.local_addr().expect("an address"));
        let left = Arc::new(AtomicUsize::new(0));
        let (count, open) = (Arc::clone(&left), Mutex::new(Vec::<TcpStream>::new()));
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let mut stream = stream;
                let mut head = Vec::new();
                let mut byte = [0];
                while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|read| read > 0) {
                    head.extend(byte);
                }
                let line = String::from_utf8_lossy(&head).lines().next().unwrap_or_default().to_string();
                if is_left(&line) {
                    count.fetch_add(1, Ordering::SeqCst);
                    open.lock().expect("no panic while held").push(stream);
                    continue;
                }
                let body = if line.contains("/Cards/7") { CARD.into() } else { format!("[{CARD}]") };
                let body = if line.contains("/requests/") { REQUEST.into() } else { body };
                let body = if line.contains("offset=1") { "[]".into() } else { body };
                let _ = stream.write_all(json(&body).as_bytes());
            }
        });
        Silent { url, left }
    }

    fn ask(&self, arguments: &[&str]) -> common::Done {
        let limit = ["--url", &self.url, "--auth", "none", "--time-limit", "0.5"];
        run(&mut cardwright(&[arguments, &limit].concat()))
    }
}

#[test]
fn a_read_without_an_answer_ends_with_no_connection() {
    let silent = Silent::about(|_| true);
    for arguments in [&["cards"][..], &["cards", "--json"], &["card", "7"], &["disable", "7"]] {
        let ended = silent.ask(arguments);
        assert_eq!(ended.code, 6, "{arguments:?}: {ended:?}");
        assert!(ended.err.contains("the time limit of 0.5 seconds has passed"), "{arguments:?}: {ended:?}");
    }
    // What was seen until then is told.
    let examined = silent.ask(&["doctor"]);
    assert_eq!(examined.code, 6, "{examined:?}");
    assert!(
        examined.out.contains("takes connections") && examined.out.contains("the limit of 0.5 s has passed"),
        "{examined:?}"
    );
    assert!(silent.left.load(Ordering::SeqCst) >= 5);
}

#[test]
fn an_operation_in_flight_is_unknown() {
    let silent = Silent::about(|line| line.starts_with("POST "));
    let ended = silent.ask(&["disable", "7"]);
    assert_eq!((ended.code, ended.out.contains("unknown")), (8, true), "{ended:?}");
    assert!(ended.out.contains("AB01") && ended.out.contains(r"EXAMPLE\user1"), "{ended:?}");
    assert_eq!(silent.left.load(Ordering::SeqCst), 1, "it is not sent again");
    let journal = folder("time-limit");
    let journal = journal.to_str().expect("UTF-8");
    let bulk = ["bulk", "disable", "--serial", "AB01", "--expect", "1", "--journal", journal, "--json"];
    let ended = silent.ask(&bulk);
    assert_eq!((ended.code, &ended.json()[0]["outcome"]), (8, &"unknown".into()), "{ended:?}");
    assert!(ended.err.contains("time limit") && ended.err.contains("--resume"), "{ended:?}");
    std::fs::remove_file(journal).expect("removed");
}

#[test]
fn a_change_that_is_no_operation_is_unknown_too() {
    let silent = Silent::about(|line| line.starts_with("POST ") || line.starts_with("PUT "));
    let request = "00000000-0000-0000-0000-00000000abcd";
    for (arguments, next) in [
        (&["approve", request][..], "request show"),
        (&["deny", request], "request show"),
        (&["account", "disable", "somebody"], "account list"),
        (&["account", "role", "somebody", "viewer"], "account list"),
    ] {
        let ended = silent.ask(arguments);
        assert_eq!(ended.code, 8, "{arguments:?}: {ended:?}");
        assert!(ended.err.contains("time limit of 0.5 seconds") && ended.err.contains(next), "{ended:?}");
    }
    let url = silent.url.replace("certiflow/api", "CertificateManagement");
    let given_up = ["request", "cancel", "r-1", "--url", &url, "--auth", "none", "--time-limit", "0.5"];
    let ended = run(&mut cardwright(&given_up));
    assert!(ended.code == 8 && ended.err.contains("request show tells how it is"), "{ended:?}");
    assert_eq!(silent.left.load(Ordering::SeqCst), 5, "nothing is sent again");
    // What was not sent is no change.
    let silent = Silent::about(|_| true);
    assert_eq!(silent.ask(&["account", "list"]).code, 6);
}

#[test]
fn the_limit_is_a_setting_like_others_and_no_hindrance() {
    let silent = Silent::about(|_| false);
    let done = silent.ask(&["card", "7"]);
    assert_eq!(done.code, 0, "{done:?}");
    let silent = Silent::about(|_| true);
    let asked = ["cards", "--url", &silent.url, "--auth", "none"];
    let ended = run(cardwright(&asked).env("CARDWRIGHT_TIME_LIMIT", "0.2"));
    assert!(ended.code == 6 && ended.err.contains("limit of 0.2 seconds"), "{ended:?}");
    let folder = folder("time-limit-profile");
    std::fs::create_dir_all(&folder).expect("a folder");
    let config = folder.join("c.toml");
    std::fs::write(&config, format!("[profile.t]\nurl = '{}'\nauth = 'none'\ntime_limit = '0.3'\n", silent.url))
        .expect("a file");
    let asked = ["cards", "--profile", "t", "--config", config.to_str().expect("UTF-8")];
    let ended = run(cardwright(&asked).env("CARDWRIGHT_TIME_LIMIT", "50"));
    assert!(ended.code == 6 && ended.err.contains("limit of 0.3 seconds"), "{ended:?}");
    std::fs::remove_dir_all(&folder).expect("removed");
    for wrong in ["0", "-1", "x", "90000"] {
        assert_eq!(run(&mut cardwright(&["cards", "--time-limit", wrong])).code, 2, "{wrong}");
    }
    let refused = run(&mut cardwright(&["serve", "--time-limit", "5"]));
    assert!(refused.code == 2 && refused.err.contains("until it is asked to stop"), "{refused:?}");
}
