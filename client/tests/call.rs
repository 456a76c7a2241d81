//! Calls that the library has no method for.

use cardwright_client::http::{Proxy, Setup, Stream, Transport, chain};
use cardwright_client::{Client, Retries};
use cardwright_core::Code;
use cardwright_core::http::{Call, Method, Query, Route};
use cardwright_core::json::{FromJson as _, Scalar, Text};
use cardwright_testkit::raw::{Raw, answer, json};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

struct Badges(Method);

impl Call for Badges {
    fn route(&self) -> &'static Route {
        match self.0 {
            Method::Get => &Route { method: Method::Get, path: "badges/{id}" },
            _ => &Route { method: Method::Post, path: "badges/{id}" },
        }
    }

    fn argument(&self, _: usize) -> &str {
        "0A 0B"
    }
}

fn client(server: &Raw) -> Client<()> {
    let retries = Retries { longest_wait: Duration::from_millis(1), ..Retries::default() };
    Client::<()>::builder(server.url("/api")).retries(retries).build().expect("usable")
}

/// A server that answers 503 at first.
fn at_second_try(body: &'static str) -> Raw {
    let times = AtomicUsize::new(0);
    Raw::answering(move |_| match times.fetch_add(1, Ordering::SeqCst) {
        0 => answer("503 Service Unavailable", "text/plain", "not yet"),
        _ => json(body),
    })
}

#[test]
fn a_read_is_repeated_and_its_document_is_read() {
    let server = at_second_try(r#"{"id": 7, "name": "Pat"}"#);
    let document = client(&server).call(&Badges(Method::Get)).expect("an answer");
    assert_eq!((document.status(), server.requests().len()), (200, 2));
    assert!(document.request().ends_with("/api/badges/0A%200B"), "{}", document.request());
    let wrong = document.read::<Text<'_>>().expect_err("an object is no text");
    assert_eq!(wrong.code(), Code::JsonType);
    assert!(wrong.to_string().contains("badges"), "{wrong}");
    let wrong = document.decode::<u8>().expect_err("an object is no number");
    assert_eq!((wrong.code(), wrong.status()), (Code::Unexpected, Some(200)));
    let below = std::error::Error::source(wrong.http().expect("an answer")).expect("serde's error");
    assert!(below.is::<serde_json::Error>(), "{below:?}");
    assert_eq!(chain(&wrong).to_string(), wrong.to_string());
}

struct Search;

impl Call for Search {
    fn route(&self) -> &'static Route {
        &Route { method: Method::Get, path: "badges" }
    }

    fn argument(&self, _: usize) -> &str {
        ""
    }

    fn query(&self, query: &mut Query<'_>) -> std::fmt::Result {
        query.add("holder", "anna")
    }
}

#[test]
fn what_debug_shows_of_an_answer_names_nobody() {
    let server = Raw::answering(|_| json(r#"["anna"]"#));
    let document = client(&server).call(&Search).expect("an answer");
    let list = client(&server).call_list(&Search, |json| json.skip()).expect("a list");
    let setup = Setup::new(server.url("/api")).proxy(Proxy::None);
    let transport = Transport::new(setup).expect("usable");
    let reply = transport.send(&Search).expect("an answer");
    let shown_reply = format!("{reply:?}");
    let stream = Stream::new(reply, &transport);
    for shown in [format!("{document:?}"), format!("{list:?}"), shown_reply, format!("{stream:?}")] {
        assert!(shown.contains("/api/badges?holder=REDACTED") && !shown.contains("anna"), "{shown}");
    }
    assert!(format!("{document:?}").contains("bytes: 8"), "{document:?}");
    let builder = Client::<()>::builder("https://anna:hush@h/api");
    assert!(!format!("{builder:?}").contains("hush"), "{builder:?}");
}

#[test]
fn a_change_is_not_repeated_and_a_lost_answer_says_that_it_was_sent() {
    let server = at_second_try("{}");
    let error = client(&server).call(&Badges(Method::Post)).expect_err("a 503");
    assert_eq!((error.status(), server.requests().len()), (Some(503), 1));
    let lost = Raw::answering(|_| Vec::new());
    let error = client(&lost).call(&Badges(Method::Post)).expect_err("no answer");
    assert!(error.http().is_some_and(cardwright_client::http::Error::was_sent), "{error}");
    assert_eq!(lost.requests().len(), 1);
}

#[test]
fn a_page_is_no_document() {
    let server = Raw::answering(|_| answer("200 OK", "text/html", "<html><title>Sign in</title></html>"));
    let error = client(&server).call(&Badges(Method::Post)).expect_err("a page");
    assert!(error.to_string().contains("Sign in"), "{error}");
}

#[test]
fn a_list_is_read_element_by_element_with_its_bad_ones() {
    let server = at_second_try(r#"["north", 7, "vault"]"#);
    let list =
        client(&server).call_list(&Badges(Method::Get), |json| Text::from_json(json).map(|text| text.to_string()));
    let all: Vec<_> = list.expect("an answer").collect();
    assert!(
        matches!(all.as_slice(), [Ok(north), Err(_), Ok(vault)] if north == "north" && vault == "vault"),
        "{all:?}"
    );
    for (body, what) in [("{}", "an object"), ("null", "null"), ("", "nothing"), ("[1, 2", "the end")] {
        let server = Raw::answering(move |_| json(body));
        let list = client(&server).call_list(&Badges(Method::Get), |json| Scalar::from_json(json).map(|_| ()));
        let last = list.expect("an answer").last().expect("an error");
        assert!(last.is_err(), "{what}: {last:?}");
    }
    let server = Raw::answering(|_| b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n".to_vec());
    let list = client(&server).call_list(&Badges(Method::Get), |json| Scalar::from_json(json).map(|_| ()));
    assert_eq!(list.expect("an answer").count(), 0);
}
