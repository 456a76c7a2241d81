//! What C hands over and gives back, in the orders that go wrong most easily: run with AddressSanitizer by
//! `cargo xtask test --long`, which sees into the Rust code as the programs in C do not.

#![cfg(feature = "client")]

mod common;

use cardwright_ffi::*;
use cardwright_server::{Account, Config, Running, Server, seed};
use common::{text, zeroed};
use core::ffi::{c_char, c_void};
use core::ptr::{null, null_mut};
use std::sync::atomic::{AtomicUsize, Ordering};

const OK: i32 = CARDWRIGHT_OK;
const CANCELED: i32 = 606;

/// A card whose template needs somebody's approval for everything.
const APPROVAL_CARD: &str = "{4e1b77c0-9a25-4f0d-b68c-3d52e1906f7a}";

fn server() -> Running {
    let mut config = Config::default();
    let account = Account::new("tester", cardwright_server::Secret::new("a password"), "administrator");
    config.accounts.push(account.as_user(seed::story_user().expect("a user")));
    let running = Server::start(config).expect("a server");
    seed::story(running.registry()).expect("the story");
    seed::synthetic(running.registry(), 100, 3).expect("cards");
    running
}

fn client(base: &str, system: u32) -> *mut CardwrightClient {
    let mut options: CardwrightOptions = zeroed();
    // On the heap, so that a pointer that is kept is found.
    let (base, user, password) = (base.to_string(), "tester".to_string(), "a password".to_string());
    let rows = Box::new([CardwrightStatusRow { number: 3, status: 3 }, CardwrightStatusRow { number: 6, status: 6 }]);
    options.system = system;
    (options.base, options.user, options.password) = (text(&base), text(&user), text(&password));
    (options.statuses, options.status_count) = (rows.as_ptr(), rows.len());
    let mut client = null_mut();
    // SAFETY: all of it lives until the call returns.
    assert_eq!(unsafe { cardwright_client_new(&raw const options, &raw mut client, null_mut()) }, OK);
    client
}

/// A text that a function writes.
fn written(write: impl Fn(*mut c_char, usize, *mut usize) -> i32) -> String {
    let (mut buffer, mut length) = (vec![0_u8; 256], 0);
    assert_eq!(write(buffer.as_mut_ptr().cast(), buffer.len(), &raw mut length), OK);
    buffer.truncate(length);
    String::from_utf8(buffer).expect("UTF-8")
}

#[test]
fn a_list_needs_neither_its_client_nor_the_texts_it_was_asked_with() {
    let running = server();
    let client = client(&running.certiflow_url(), 2);
    let mut cards = null_mut();
    {
        let (user, tag) = ("DEMO\\ipetrov".to_string(), "no such tag".to_string());
        let tags = Box::new([text(&tag)]);
        let mut query: CardwrightQuery = zeroed();
        query.user_name = text(&user);
        (query.tags, query.tag_count) = (tags.as_ptr(), tags.len());
        // SAFETY: client, query and texts live until the calls return; the first list is given back once.
        unsafe {
            let mut tagged = null_mut();
            assert_eq!(cardwright_client_cards(client, &raw const query, &raw mut tagged, null_mut()), OK);
            let mut card = null_mut();
            assert_eq!(cardwright_cards_next(tagged, &raw mut card, null_mut()), OK);
            assert!(card.is_null());
            cardwright_cards_free(tagged);
            query.tag_count = 0;
            assert_eq!(cardwright_client_cards(client, &raw const query, &raw mut cards, null_mut()), OK);
        }
    }
    // SAFETY: each is given back once, and nobody else uses it.
    unsafe {
        cardwright_client_free(client);
        let mut found = Vec::new();
        loop {
            let mut card = null_mut();
            assert_eq!(cardwright_cards_next(cards, &raw mut card, null_mut()), OK);
            if card.is_null() {
                break;
            }
            found.push(card);
        }
        cardwright_cards_free(cards);
        assert!(!found.is_empty());
        for card in found {
            let user = written(|to, room, length| cardwright_card_text(card, 4, to, room, length, null_mut()));
            assert_eq!(user, "DEMO\\ipetrov");
            cardwright_card_free(card);
        }
    }
}

#[test]
fn a_request_that_waits_is_gone_on_with_when_it_is_approved() {
    let running = server();
    let client = client(&running.mim_url(), 1);
    let mut card = null_mut();
    let mut outcome: CardwrightOutcome = zeroed();
    let (retire, none) = (4, CardwrightText { data: null(), length: 0 });
    // SAFETY: client, card and texts live until the calls return; what is given is given back once.
    unsafe {
        assert_eq!(cardwright_client_find(client, text(APPROVAL_CARD), &raw mut card, null_mut()), OK);
        assert!(!card.is_null());
        let out = &raw mut outcome;
        assert_eq!(cardwright_client_operate(client, card, retire, 0, 0, none, out, null_mut()), OK);
        assert_eq!((outcome.result, outcome.card.is_null()), (CardwrightResult::AwaitingApproval as u32, true));
        let request = core::ffi::CStr::from_ptr(outcome.request.as_ptr()).to_str().expect("an id").to_string();
        assert_eq!(cardwright_client_go_on(client, text(&request), out, null_mut()), OK);
        assert_eq!(outcome.result, CardwrightResult::AwaitingApproval as u32);
        let id = cardwright_core::identity::Guid::parse(&request).expect("a GUID");
        running.registry().approve(id, "tester").expect("it waits");
        assert_eq!(cardwright_client_go_on(client, text(&request), out, null_mut()), OK);
        assert_eq!(outcome.result, CardwrightResult::Done as u32);
        cardwright_client_free(client);
        // The states of a card are the client's to explain, and the card has kept what it said.
        let state = written(|to, room, length| cardwright_card_text(outcome.card, 5, to, room, length, null_mut()));
        assert_eq!(state, "Retired");
        cardwright_card_free(outcome.card);
        cardwright_card_free(card);
    }
}

/// A pointer that threads share.
#[derive(Clone, Copy)]
struct Shared(*mut CardwrightClient);

// SAFETY: a client may be used by several threads at once.
unsafe impl Send for Shared {}

impl Shared {
    fn find(self) -> i32 {
        let mut card = null_mut();
        // SAFETY: the client lives until all threads have ended.
        unsafe {
            let code = cardwright_client_find(self.0, text("02A1B3C4"), &raw mut card, null_mut());
            cardwright_card_free(card);
            code
        }
    }
}

static LINES: AtomicUsize = AtomicUsize::new(0);

/// Hears of a request, and makes one itself.
unsafe extern "C" fn hear(context: *mut c_void, record: *const CardwrightLogRecord) {
    // SAFETY: the record is the library's until this returns.
    let record = unsafe { &*record };
    assert!(record.message.length > 0 && record.level <= CardwrightLogLevel::Debug as u32);
    LINES.fetch_add(1, Ordering::SeqCst);
    let code = Shared(context.cast()).find();
    assert!(code == OK || code == CANCELED, "{code}");
}

#[test]
fn the_log_may_call_the_library_while_others_share_a_client_that_one_cancels() {
    let running = server();
    let client = Shared(client(&running.certiflow_url(), 2));
    let level = CardwrightLogLevel::Debug as u32;
    // SAFETY: the function takes any thread, and the client outlives the log.
    assert_eq!(unsafe { cardwright_log_set(Some(hear), client.0.cast(), level, null_mut()) }, OK);
    let threads: Vec<_> = (0..8)
        .map(|number| {
            std::thread::spawn(move || {
                let client = client;
                for turn in 0.. {
                    match client.find() {
                        OK if number == 0 && turn == 3 => {
                            // SAFETY: as above.
                            assert_eq!(unsafe { cardwright_client_cancel(client.0, null_mut()) }, OK);
                        }
                        OK => {}
                        code => return code,
                    }
                }
                OK
            })
        })
        .collect();
    for thread in threads {
        assert_eq!(thread.join().expect("no panic"), CANCELED);
    }
    assert!(LINES.load(Ordering::SeqCst) >= 4);
    // SAFETY: no other thread is in the library any more; the client is given back once.
    unsafe {
        assert_eq!(cardwright_log_set(None, null_mut(), 0, null_mut()), OK);
        cardwright_client_free(client.0);
    }
}
