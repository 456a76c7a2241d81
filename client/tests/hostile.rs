//! Answers that no server should give, and connections that do not hold.

use cardwright_client::http;
use cardwright_client::{CertiFlow, Client, Credentials, Ending, Error, Mim, Outcome, Retries, Secret, Timeouts};
use cardwright_core::certiflow::{CardState, Dialect, Query, RevocationReason};
use cardwright_core::{Code, http::Method};
use cardwright_server::{Fault, TestServer};
use cardwright_testkit::raw::{Raw, answer, json, page, read_request};
use std::io::Write;
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

fn certiflow(raw: &Raw) -> Client<CertiFlow> {
    Client::<CertiFlow>::builder(raw.url("/certiflow/api")).build().expect("a usable address")
}

fn ids(client: &Client<CertiFlow>) -> Vec<Result<String, Error>> {
    let cards = client.cards(Query::default()).expect("a query");
    cards.map(|card| card.map(|card| card.view().id().to_string())).collect()
}

/// Each answer in its turn; the last one again and again.
fn in_turn(answers: Vec<Vec<u8>>) -> Raw {
    let turn = AtomicUsize::new(0);
    Raw::answering(move |_| {
        let n = turn.fetch_add(1, Ordering::SeqCst).min(answers.len() - 1);
        answers[n].clone()
    })
}

#[test]
fn a_page_instead_of_a_list_is_said_to_be_one() {
    for content_type in ["text/html", "application/json"] {
        let raw = Raw::answering(move |_| answer("200 OK", content_type, "<!DOCTYPE html><title>Sign in</title>"));
        let list = ids(&certiflow(&raw));
        let [Err(in_list)] = list.as_slice() else { panic!("{list:?}") };
        let of_one = certiflow(&raw).card("1").expect_err("a page");
        for error in [in_list, &of_one] {
            assert_eq!((error.code(), error.status()), (Code::Unreadable, Some(200)));
            assert!(error.to_string().contains("a page titled \"Sign in\""), "{error}");
        }
    }
}

#[test]
fn a_wrong_content_type_and_a_byte_order_mark_do_not_matter() {
    let raw = Raw::answering(|_| answer("200 OK", "text/plain", "\u{feff}[{\"id\":1}]"));
    assert_eq!(ids(&certiflow(&raw))[0].as_ref().expect("a card"), "1");
    let raw = Raw::answering(|_| answer("200 OK", "text/plain", "\u{feff}{\"id\":1}"));
    assert!(certiflow(&raw).card("1").expect("an answer").is_some());
}

#[test]
fn ten_thousand_brackets_are_an_error_of_one_card() {
    let nest = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let cards = [r#"{"id":1}"#.to_string(), format!(r#"{{"id":2,"x":{nest}}}"#), r#"{"id":3}"#.to_string()];
    let raw = Raw::answering(move |request| page(request, &cards));
    let list = ids(&certiflow(&raw));
    assert_eq!(list.len(), 3);
    assert_eq!(list[1].as_ref().expect_err("too deep").code(), Code::JsonDepth);
    assert_eq!(list[2].as_ref().expect("a card"), "3");
}

#[test]
fn escapes_and_emoji_survive_in_every_text() {
    let said = "И\"\\/\n😀\u{7f}";
    let escaped = r#"\u0418\"\\\/\n\ud83d\ude00\u007f"#;
    let fields = ["label", "comment", "serialNumber", "userName", "policyName", "cardTypeName", "cardModelName", "atr"];
    let texts: Vec<String> = fields.iter().map(|field| format!(r#""{field}":"{escaped}""#)).collect();
    let body = format!(r#"{{"id":"{escaped}",{},"tags":["{escaped}"],"state":"Issued"}}"#, texts.join(","));
    let raw = Raw::answering(move |_| json(&body));
    let card = certiflow(&raw).card(said).expect("an answer").expect("a card");
    let view = card.view();
    let texts = [
        view.label(),
        view.comment(),
        view.serial_number(),
        view.user_name(),
        view.policy_name(),
        view.card_type_name(),
        view.card_model_name(),
        view.atr(),
    ];
    assert!(texts.iter().all(|text| text.is_some_and(|text| text == said)));
    assert!(view.id().reads(said));
    assert!(view.tags().into_iter().all(|tag| tag.is_ok_and(|tag| tag == said)));
}

#[test]
fn another_card_than_the_one_that_was_asked_for_is_an_error() {
    for body in [r#"{"id":2}"#, r#"[{"id":1},{"id":2}]"#] {
        let raw = Raw::answering(move |_| json(body));
        let error = certiflow(&raw).card("1").expect_err(body);
        assert_eq!(error.code(), Code::Unexpected, "{error}");
    }
    let raw = Raw::answering(|_| json(r#"{"Uuid":"bc88f13f-83ba-4037-8262-46eba1291c6e"}"#));
    let mim = Client::<Mim>::builder(raw.url("/CertificateManagement")).build().expect("usable");
    let error = mim.smartcard("438d1b30-f3b4-4bed-85fa-285e08605ba7").expect_err("another");
    assert_eq!(error.code(), Code::Unexpected, "{error}");
    assert!(mim.smartcard("{BC88F13F-83BA-4037-8262-46EBA1291C6E}").expect("the same").is_some());
}

#[test]
fn two_cards_of_a_user_with_one_key_are_an_error() {
    let cards = [
        r#"{"id":1013,"serialNumber":"A1","userName":"somebody"}"#,
        r#"{"id":2,"serialNumber":"1013","userName":"somebody"}"#,
    ];
    let raw = Raw::answering(move |request| page(request, &cards));
    let error = certiflow(&raw).card_of("somebody", "1013").expect_err("two");
    assert_eq!(error.code(), Code::Unexpected, "{error}");
    assert!(error.to_string().contains("1013 and 2"), "{error}");
    assert!(certiflow(&raw).card_of("somebody", "A1").expect("one").is_some());
}

#[test]
fn states_and_numbers_that_nobody_knows_are_kept() {
    let raw = Raw::answering(|_| json(r#"{"id":1,"state":"Frozen","formFactor":7,"userId":12345678901234567890}"#));
    let card = certiflow(&raw).card("1").expect("an answer").expect("a card");
    assert_eq!((card.view().state().known(), card.view().state().to_string().as_str()), (None, "Frozen"));
    assert_eq!(card.view().user_id().to_string(), "12345678901234567890");
    let raw = Raw::answering(|_| json(r#"{"Uuid":"u","Status":77,"Flags":4096}"#));
    let mim = Client::<Mim>::builder(raw.url("/CertificateManagement")).build().expect("usable");
    let card = mim.smartcard("u").expect("an answer").expect("a card");
    assert_eq!((mim.state(&card.view()), card.view().status().as_i64()), (None, Some(77)));
}

#[test]
fn nul_characters_at_the_end_of_a_text_are_kept() {
    let raw = Raw::answering(|_| json(r#"{"Uuid":"r","Status":3,"SecurityDescriptor":"O:SY\u0000\u0000"}"#));
    let mim = Client::<Mim>::builder(raw.url("/CertificateManagement")).build().expect("usable");
    let request = mim.request("r").expect("a request");
    assert!(request.view().security_descriptor().is_some_and(|text| text == "O:SY\0\0"));
}

#[test]
fn a_list_for_an_object_is_read_and_in_mim_an_object_for_a_list() {
    let raw = Raw::answering(|_| json(r#"[{"id":5,"state":"Issued"}]"#));
    assert!(certiflow(&raw).card("5").expect("an answer").is_some());
    let raw = Raw::answering(|_| json(r#"[{"Uuid":"u","Status":3}]"#));
    let mim = Client::<Mim>::builder(raw.url("/CertificateManagement")).build().expect("usable");
    assert!(mim.smartcard("u").expect("an answer").is_some());
    let raw = Raw::answering(|_| json(r#"{"Uuid":"u","Status":3}"#));
    let mim = Client::<Mim>::builder(raw.url("/CertificateManagement")).build().expect("usable");
    assert_eq!(mim.smartcards().expect("an answer").filter(Result::is_ok).count(), 1);
}

#[test]
fn a_slow_drip_is_read_and_a_stop_in_it_ends_in_a_timeout() {
    fn drip(stream: &mut TcpStream, body: &str, pause: Duration) {
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
        let _ = stream.write_all(head.as_bytes());
        for byte in body.as_bytes() {
            std::thread::sleep(pause);
            if stream.write_all(&[*byte]).is_err() {
                return;
            }
        }
    }
    let timeouts = Timeouts::new(Duration::from_secs(5), Duration::from_secs(5), Duration::from_millis(400));
    for (pause, cards) in [(Duration::from_millis(10), 2), (Duration::from_millis(900), 0)] {
        let raw = Raw::serving(move |mut stream| {
            let request = read_request(&mut stream);
            drip(&mut stream, r#"[{"id":1},{"id":2}]"#, pause);
            request
        });
        let client = Client::<CertiFlow>::builder(raw.url("/api")).timeouts(timeouts).build().expect("usable");
        let list = ids(&client);
        assert_eq!(list.iter().filter(|card| card.is_ok()).count(), cards, "{list:?}");
        if cards == 0 {
            assert_eq!(list[0].as_ref().expect_err("a timeout").code(), Code::Timeout);
        }
    }
}

#[test]
fn a_read_is_tried_again_and_a_change_is_not() {
    let failed = || answer("500 Internal Server Error", "text/plain", "busy");
    let raw = in_turn(vec![failed(), json(r#"{"id":1,"state":"Issued"}"#), failed()]);
    let card = certiflow(&raw).card("1").expect("the second answer").expect("a card");
    assert_eq!(raw.requests().len(), 2);
    let builder = Client::<CertiFlow>::builder(raw.url("/certiflow/api")).retries(Retries::none());
    let client = builder.settle_limit(Duration::ZERO).build().expect("usable");
    let outcome = client.disable(&card).expect("an outcome");
    assert_eq!((outcome.ending, outcome.error.and_then(|error| error.status())), (Ending::Unknown, Some(500)));
    assert_eq!(raw.requests().len(), 4, "sent once, and the card read once");
    let error = certiflow(&raw).card("1").expect_err("500 each time");
    assert!(error.to_string().ends_with("(after 3 attempts)"), "{error}");
    assert_eq!(raw.requests().len(), 7);
    let once =
        Client::<CertiFlow>::builder(raw.url("/certiflow/api")).retries(Retries::none()).build().expect("usable");
    assert!(once.card("1").is_err());
    assert_eq!(raw.requests().len(), 8);
}

#[test]
fn a_server_may_ask_to_wait_but_not_for_an_hour() {
    let busy = |seconds: u32| {
        format!("HTTP/1.1 429 Too Many\r\nRetry-After: {seconds}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            .into_bytes()
    };
    let raw = in_turn(vec![busy(0), json(r#"{"id":1}"#)]);
    assert!(certiflow(&raw).card("1").expect("the second answer").is_some());
    let raw = in_turn(vec![busy(3_600)]);
    assert_eq!(certiflow(&raw).card("1").expect_err("too long").code(), Code::Busy);
    assert_eq!(raw.requests().len(), 1);
}

#[test]
fn what_stops_in_the_middle_of_a_list_comes_after_the_cards_before_it() {
    let full = r#"[{"id":1},{"id":2}]"#;
    let raw = in_turn(vec![json(full), answer("401 Unauthorized", "text/plain", "expired")]);
    let client = Client::<CertiFlow>::builder(raw.url("/api")).page_size(2).build().expect("usable");
    let list = ids(&client);
    assert_eq!(list.len(), 3);
    assert_eq!(list[2].as_ref().expect_err("401").code(), Code::SignIn);
}

#[test]
fn a_kept_connection_that_breaks_under_a_read_is_replaced() {
    let connections = Arc::new(AtomicUsize::new(0));
    let raw = Raw::serving({
        let connections = Arc::clone(&connections);
        move |mut stream| {
            let first = connections.fetch_add(1, Ordering::SeqCst) == 0;
            let request = read_request(&mut stream);
            let body = r#"{"id":1,"state":"Issued"}"#;
            let _ = write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len());
            if first {
                // The second request is read, and never answered.
                read_request(&mut stream);
            }
            request
        }
    });
    let client = certiflow(&raw);
    assert!(client.card("1").expect("an answer").is_some());
    assert!(client.card("1").expect("an answer on another connection").is_some());
    assert_eq!(connections.load(Ordering::SeqCst), 2);
}

#[test]
fn a_redirect_carries_nothing_to_the_other_host() {
    let other = Raw::answering(|_| json("[]"));
    let target = other.url("/steal");
    let raw = Raw::answering(move |_| {
        format!("HTTP/1.1 307 Temporary\r\nLocation: {target}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            .into_bytes()
    });
    let credentials = Credentials::Bearer(Secret::new("token"));
    let client = Client::<CertiFlow>::builder(raw.url("/api")).credentials(credentials).build().expect("usable");
    assert_eq!(client.card("1").expect_err("a redirect").code(), Code::Unexpected);
    assert!(other.requests().is_empty());
}

#[test]
fn two_megabytes_of_headers_are_refused() {
    let raw = Raw::answering(|_| {
        format!("HTTP/1.1 200 OK\r\nX: {}\r\nContent-Length: 2\r\n\r\n[]", "x".repeat(2 << 20)).into_bytes()
    });
    let client = Client::<CertiFlow>::builder(raw.url("/api")).retries(Retries::none()).build().expect("usable");
    let code = client.card("1").expect_err("too long").code();
    assert_eq!(code, Code::Unreadable);
}

#[test]
fn a_server_that_ignores_a_filter_is_noticed() {
    let raw =
        Raw::answering(|_| json(r#"[{"id":1,"state":"Issued"},{"id":2,"state":"Revoked"},{"id":3,"state":"Issued"}]"#));
    let client = certiflow(&raw);
    let query = Query { state: Some(CardState::Issued), ..Query::default() };
    let list: Vec<_> = client.cards(query).expect("a query").collect();
    assert_eq!(list.len(), 2, "nothing is believed after it");
    assert!(list[1].as_ref().expect_err("ignored").to_string().contains("filter state"));
}

/// A CertiFlow whose operations never answer; `done` says whether they are carried out.
fn losing(done: bool) -> (Raw, Arc<AtomicUsize>) {
    let operated = Arc::new(AtomicUsize::new(0));
    let raw = Raw::answering({
        let operated = Arc::clone(&operated);
        move |request| {
            if request.starts_with("POST") {
                operated.fetch_add(1, Ordering::SeqCst);
                return Vec::new();
            }
            let state = if done && operated.load(Ordering::SeqCst) > 0 { "Disabled" } else { "Issued" };
            json(&format!(r#"{{"id":1,"serialNumber":"AA","state":"{state}"}}"#))
        }
    });
    (raw, operated)
}

#[test]
fn a_lost_answer_is_resolved_by_the_card_or_is_unknown() {
    let (raw, operated) = losing(true);
    let client = certiflow(&raw);
    let card = client.card("1").expect("an answer").expect("a card");
    let outcome = client.disable(&card).expect("an outcome");
    assert!(matches!(&outcome, Outcome { ending: Ending::Done, answer_lost: true, card: Some(_), .. }), "{outcome:?}");
    assert_eq!(operated.load(Ordering::SeqCst), 1, "sent once");

    let (raw, operated) = losing(false);
    let builder = Client::<CertiFlow>::builder(raw.url("/certiflow/api"));
    let client = builder.settle_limit(Duration::from_millis(50)).build().expect("a usable address");
    let card = client.card("1").expect("an answer").expect("a card");
    let outcome = client.disable(&card).expect("an outcome");
    assert!(matches!(&outcome, Outcome { ending: Ending::Unknown, card: Some(_), .. }), "{outcome:?}");
    assert_eq!(operated.load(Ordering::SeqCst), 1, "sent once");
    assert_eq!(client.pre_update(&card).expect("an outcome").ending, Ending::Unknown);
    assert_eq!(operated.load(Ordering::SeqCst), 4, "PreUpdate may be repeated");
}

#[test]
fn lost_answers_to_the_changes_of_mim_cm_are_told_too() {
    for (path, lost) in [(None, false), (Some("**/smartcards/*"), true), (Some("**/requests/*"), true)] {
        let server = TestServer::start().expect("a server");
        let builder = Client::<Mim>::builder(server.mim_url());
        let client = builder.credentials(Credentials::basic(TestServer::USER, TestServer::PASSWORD));
        let client = client.build().expect("a usable address");
        let card = client.find("91c3e7a5-26d8-4b0f-a7e4-0f5c8d3b6219").expect("an answer").expect("a card");
        if let Some(path) = path {
            server.fault(Fault::at(path).method("PUT").times(1).close().carry_out()).expect("a fault");
        }
        let outcome = client.retire(&card, "").expect("an outcome");
        assert_eq!((outcome.ending, outcome.answer_lost), (Ending::Done, lost), "{path:?}: {outcome:?}");
    }
}

#[test]
fn a_client_is_stopped_from_another_thread_wherever_it_waits() {
    let silent = Raw::serving(|mut stream| {
        let request = read_request(&mut stream);
        let head = request.contains("Cards?").then_some("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n[{\"id\":1},");
        let _ = stream.write_all(head.unwrap_or("").as_bytes());
        // Until the client goes away.
        let _ = read_request(&mut stream);
        request
    });
    let failing = Raw::answering(|_| answer("503 Unavailable", "text/plain", ""));
    let stop = |raw: &Raw, wait: &dyn Fn(&Client<CertiFlow>) -> Code| {
        let client = Client::<CertiFlow>::builder(raw.url("/api"))
            .retries(Retries { attempts: 20, ..Retries::default() })
            .build()
            .expect("usable");
        let canceler = client.canceler();
        let started = Instant::now();
        let code = std::thread::scope(|scope| {
            scope.spawn(|| {
                while raw.requests().is_empty() && started.elapsed() < Duration::from_millis(300) {
                    std::thread::sleep(Duration::from_millis(5));
                }
                canceler.cancel();
            });
            wait(&client)
        });
        assert_eq!(code, Code::Canceled);
        assert_eq!(client.card("1").expect_err("stopped for good").code(), Code::Canceled);
    };
    stop(&silent, &|client| client.card("1").expect_err("no answer").code());
    stop(&silent, &|client| {
        let last = ids(client).pop().expect("something");
        last.expect_err("no end").code()
    });
    stop(&failing, &|client| client.card("1").expect_err("only 503").code());
}

#[test]
fn nobody_there_is_tried_three_times_even_for_a_change() {
    let raw = Raw::answering(|_| json(r#"{"id":1,"serialNumber":"AA","state":"Issued"}"#));
    let card = certiflow(&raw).card("1").expect("an answer").expect("a card");
    let gone = Client::<CertiFlow>::builder("http://127.0.0.1:9/api").build().expect("usable");
    let outcome = gone.disable(&card).expect("an outcome");
    let Some(Error::Http(http::Error::Transport { code, attempts, .. })) = outcome.error else {
        panic!("somebody there")
    };
    assert_eq!((outcome.ending, code, attempts), (Ending::NotSent, Code::Unreachable, 3));
}

#[test]
fn what_the_library_has_no_words_for_can_be_sent_raw() {
    let raw = Raw::answering(|_| answer("418 Teapot", "text/x-tea", "short and stout"));
    let credentials = Credentials::Bearer(Secret::new("token"));
    let client = Client::<CertiFlow>::builder(raw.url("/api")).credentials(credentials).build().expect("usable");
    let got = client.raw(Method::Put, "/Skzi?offset=1", Some("{}")).expect("an answer");
    assert_eq!(
        (got.status, got.content_type.as_str(), got.body.as_slice()),
        (418, "text/x-tea", &b"short and stout"[..])
    );
    let sent = raw.requests().pop().expect("a request");
    assert!(sent.starts_with("PUT /api/Skzi?offset=1 ") && sent.ends_with("\r\n\r\n{}"), "{sent}");
    assert!(sent.contains("Bearer token"));
}

#[test]
fn the_old_api_is_asked_as_its_pages_print_it() {
    let operated = AtomicUsize::new(0);
    let raw = Raw::answering(move |request| match request.split(' ').next() {
        Some("POST") => {
            operated.fetch_add(1, Ordering::SeqCst);
            answer("200 OK", "text/plain", "")
        }
        _ if !request.contains("name=user1%40demo.test ") => json("[]"),
        _ => {
            let state = if operated.load(Ordering::SeqCst) > 0 { "Revoked" } else { "Issued" };
            let first = r#"{"id":"id1","serialNumber":"AA","state":"Issued"}"#;
            json(&format!(r#"[{first},{{"id":"id2","serialNumber":"BB","state":"{state}"}}]"#))
        }
    });
    let builder = Client::<CertiFlow>::builder(raw.url("/icmapi")).dialect(Dialect::G1);
    let client = builder.build().expect("usable");
    for error in [
        client.card("id1").expect_err("no such call"),
        client.find("AA").expect_err("no such filter"),
        client.cards(Query::default()).expect_err("no user"),
    ] {
        assert!(error.to_string().contains("(G1)"), "{error}");
    }
    assert!(raw.requests().is_empty());
    let user = "user1@demo.test";
    let card = client.card_of(user, "BB").expect("an answer").expect("a card");
    assert!(
        matches!(client.revoke((&card, user), RevocationReason::CardCompromised), Err(Error::Call(e)) if e.code == Code::NoSuchReason)
    );
    let outcome = client.revoke((&card, user), RevocationReason::CardWithdraw).expect("done");
    assert!(
        matches!(&outcome, Outcome { ending: Ending::Done, card: Some(_), .. }),
        "read again by the user: {outcome:?}"
    );
    let sent = raw.requests();
    assert!(sent[0].starts_with("GET /icmapi/user/getcards?name=user1%40demo.test "), "{}", sent[0]);
    assert!(
        sent[1].contains("%40demo.test "),
        "a user who cannot exist, as the records do not tell theirs: {}",
        sent[1]
    );
    assert!(
        sent[2].starts_with("POST /icmapi/card/revoke?id=id2 ") && sent[2].ends_with("\r\n\r\n{\"reason\":5}"),
        "{}",
        sent[2]
    );
    let bounded: Vec<_> = client
        .cards(Query { user_name: Some(user), offset: Some(1), count: Some(1), ..Query::default() })
        .expect("a query")
        .map(|card| card.expect("a card").view().id().to_string())
        .collect();
    assert_eq!(bounded, ["id2"]);
}

#[test]
fn a_proxy_is_asked_for_a_tunnel_and_its_password_is_not_shown() {
    let proxy = Raw::answering(|_| answer("403 Forbidden", "text/plain", ""));
    let address = proxy.url("").replace("http://", "http://agent:hidden@");
    let client = Client::<CertiFlow>::builder("https://cm.example.test/certiflow/api")
        .proxy(Some(Secret::new(address)))
        .retries(Retries::none())
        .build()
        .expect("usable");
    let error = client.card("1").expect_err("the proxy refuses");
    let asked = proxy.requests().pop().expect("the proxy was asked");
    assert!(asked.starts_with("CONNECT cm.example.test:443 "), "{asked}");
    assert!(asked.to_ascii_lowercase().contains("proxy-authorization: basic "), "{asked}");
    assert!(!format!("{client:?} {error} {error:?}").contains("hidden"), "{client:?} {error:?}");
    let wrong = Client::<CertiFlow>::builder("http://x/api").proxy(Some(Secret::new("ftp://:hidden@")));
    assert!(!wrong.build().expect_err("no proxy").to_string().contains("hidden"));
}
