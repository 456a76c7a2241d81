//! An element of 50 MB in a list: an error with its offset, neighbours that are read, and memory
//! that stays flat. A binary of its own, as it looks at the memory of the whole process.

use cardwright_client::http;
use cardwright_client::{CertiFlow, Client, Error};
use cardwright_core::Code;
use cardwright_core::certiflow::Query;
use cardwright_testkit::raw::{Raw, json, read_request};
use std::io::Write;

const LARGE: usize = 50_000_000;

/// The most memory that the process has had, in bytes.
#[cfg(target_os = "linux")]
fn peak() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).expect("a peak");
    line.split_whitespace().nth(1).and_then(|kib| kib.parse::<usize>().ok()).expect("a number") * 1024
}

#[test]
#[cfg(target_os = "linux")]
fn an_element_of_fifty_megabytes_is_passed_over_and_not_kept() {
    let raw = Raw::serving(|mut stream| {
        let request = read_request(&mut stream);
        if !request.contains("offset=0") {
            let rest = if request.contains("offset=2") { r#"[{"id":3}]"# } else { "[]" };
            let _ = stream.write_all(&json(rest));
            return request;
        }
        let (before, after) = (r#"[{"id":1},{"id":2,"x":""#, r#""},{"id":3}]"#);
        let length = before.len() + LARGE + after.len();
        let _ = write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{before}");
        let piece = vec![b'x'; 100_000];
        for _ in 0..LARGE / piece.len() {
            if stream.write_all(&piece).is_err() {
                return request;
            }
        }
        let _ = stream.write_all(after.as_bytes());
        request
    });
    let max_element = 1 << 20;
    let client = Client::<CertiFlow>::builder(raw.url("/api")).max_element(max_element).build().expect("usable");
    let before = peak();
    let cards: Vec<_> = client.cards(Query::default()).expect("a query").collect();
    let grown = peak() - before;
    assert_eq!(cards.len(), 3);
    let Err(Error::Http(http::Error::Decode(large))) = &cards[1] else { panic!("read") };
    assert_eq!((large.error.code, large.error.at), (Code::Room, 10));
    assert_eq!(cards[2].as_ref().expect("a card").view().id().to_string(), "3");
    println!("{} MB more for an element of {} MB", grown / 1_000_000, LARGE / 1_000_000);
    assert!(grown < 8 << 20, "{grown} bytes more");
}
