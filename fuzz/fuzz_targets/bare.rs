//! The C library without an operating system, with both systems or with one alone: whatever comes in, a function
//! returns a code, writes within its buffer, and the same code twice; of a system that is not there it says so.
//!
//! The input is a number and what it concerns: JSON, a reply, an ATR with answers, or the texts of a call.

#![no_main]
// It calls the C library as C does.
#![allow(unsafe_code)]

use std::ptr::{null, null_mut};

use cardwright_ffi::*;
use libfuzzer_sys::fuzz_target;

/// The numbers of the systems, of their kinds of calls and of their objects that are here.
const CERTIFLOW: bool = cfg!(feature = "certiflow");
const MIM: bool = cfg!(feature = "mim");

const OK: i32 = 0;
const UNKNOWN_VALUE: i32 = 206;
const ROOM: usize = 2048;

fuzz_target!(|input: &[u8]| {
    let Some((number, rest)) = input.split_first() else { return };
    let (which, number) = (number % 5, u32::from(number / 5));
    match which {
        0 => views(number % 7, rest),
        1 => calls(number, rest),
        2 => dialogue(number % 3, rest),
        3 => reply(rest),
        _ => states(number, rest),
    }
});

/// A structure of the library, all zero but its size.
fn structure<T>() -> T {
    // SAFETY: the header says that its structures may be zeroed, and they begin with their size.
    unsafe {
        let mut one: T = std::mem::zeroed();
        (&raw mut one).cast::<u32>().write(size_of::<T>() as u32);
        one
    }
}

fn text(bytes: &[u8]) -> CardwrightText {
    CardwrightText { data: bytes.as_ptr().cast(), length: bytes.len() }
}

/// What a function writes into a buffer of exactly as much as it needs; the guard behind it stays.
fn written(write: impl Fn(*mut i8, usize, *mut usize) -> i32) -> Result<Vec<u8>, i32> {
    let mut buffer = vec![0x5A_u8; ROOM + 1];
    let mut length = 0;
    match write(buffer.as_mut_ptr().cast(), ROOM, &raw mut length) {
        OK => {}
        code => return Err(code),
    }
    assert!(length < ROOM && buffer[length] == 0 && std::str::from_utf8(&buffer[..length]).is_ok());
    assert!(buffer[length + 1..].iter().all(|byte| *byte == 0x5A));
    let mut exact = vec![0x5A_u8; length + 2];
    let mut again = 0;
    assert_eq!(write(exact.as_mut_ptr().cast(), length + 1, &raw mut again), OK);
    assert_eq!((again, &exact[..=length], exact[length + 1]), (length, &buffer[..=length], 0x5A));
    if length > 0 {
        assert_ne!(write(exact.as_mut_ptr().cast(), length, &raw mut again), OK, "too small");
        assert_eq!(exact[length + 1], 0x5A);
    }
    buffer.truncate(length);
    Ok(buffer)
}

// SAFETY, here and below: all that is pointed to is there, as the header wants it.
fn views(object: u32, json: &[u8]) {
    let mut view: CardwrightView = structure();
    let mut error: CardwrightError = structure();
    let code = unsafe { cardwright_view_parse(object, json.as_ptr(), json.len(), &raw mut view, &raw mut error) };
    let there = matches!(object, 1 | 2) && CERTIFLOW || matches!(object, 3..=5) && MIM;
    if !there {
        assert_eq!(code, UNKNOWN_VALUE);
    }
    let _ = written(|out, room, length| unsafe {
        cardwright_json_text(json.as_ptr(), json.len(), out, room, length, null_mut())
    });
    let _ = written(|out, room, length| unsafe {
        cardwright_json_path(json.as_ptr(), json.len(), error.at, out, room, length, null_mut())
    });
    if code != OK {
        assert_eq!(error.code, code);
        return;
    }
    let view = &raw const view;
    let bounds = json.as_ptr_range();
    for field in 0..=CARDWRIGHT_MAX_FIELDS as u32 {
        let _ =
            written(|out, room, length| unsafe { cardwright_view_text(view, field, out, room, length, null_mut()) });
        let (mut number, mut at, mut length) = (0, null(), 0);
        unsafe { cardwright_view_number(view, field, &raw mut number, null_mut()) };
        if unsafe { cardwright_view_raw(view, field, &raw mut at, &raw mut length, null_mut()) } == OK && length > 0 {
            assert!(bounds.contains(&at) && length <= bounds.end.addr() - at.addr());
        }
        for index in 0..4 {
            let code = unsafe { cardwright_view_item(view, field, index, &raw mut at, &raw mut length, null_mut()) };
            if code == OK && length > 0 {
                assert!(bounds.contains(&at) && length <= bounds.end.addr() - at.addr());
            }
        }
    }
    let (mut state, mut known) = (0, 0);
    unsafe { cardwright_view_state(view, &raw mut state, &raw mut known, null_mut()) };
}

/// Numbers come from the first bytes, texts are what stands between line ends.
fn calls(kind: u32, input: &[u8]) {
    let (numbers, rest) = input.split_at(input.len().min(6));
    let number = |n: usize| numbers.get(n).map_or(0, |byte| u32::from(*byte % 16));
    let lines: Vec<&[u8]> = rest.split(|byte| *byte == b'\n').collect();
    let line = |n: usize| match lines.get(n) {
        Some(line) if !line.is_empty() => text(line),
        _ => CardwrightText { data: null(), length: 0 },
    };
    let tags = [line(0), line(1)];
    let query = CardwrightQuery {
        offset: number(0),
        has_count: number(1),
        count: number(2),
        state: number(3),
        content_expiration_status: number(4),
        serial_number: line(2),
        user_name: line(3),
        comment: line(4),
        tags: if number(5) == 1 { tags.as_ptr() } else { null() },
        tag_count: if number(5) == 1 { 2 } else { 0 },
        ..structure()
    };
    let call = CardwrightCall {
        kind,
        dialect: number(0),
        operation: number(1),
        has_reason: number(2) % 2,
        reason: number(2),
        request_kind: number(3),
        request_end: number(4),
        status: number(5),
        has_priority: 1,
        priority: number(5),
        id: line(0),
        request: line(1),
        card_id: line(2),
        atr: line(3),
        comment: line(4),
        data_collection: line(5),
        profile_template: line(6),
        target: line(7),
        query: if number(4) > 8 { &raw const query } else { null() },
        has_request_status: number(3) % 2,
        request_status: number(4),
        for_caller: number(5) % 2,
        ..structure()
    };
    let site =
        CardwrightSite { host: text(b"cm.example"), base: line(8), user: line(9), password: line(10), ..structure() };
    let call = &raw const call;
    let mut method = 0;
    let code = unsafe { cardwright_call_method(call, &raw mut method, null_mut()) };
    if matches!(kind, 1..=3) && !CERTIFLOW || matches!(kind, 16..=25) && !MIM {
        assert_eq!(code, UNKNOWN_VALUE);
    }
    let target = written(|out, room, length| unsafe { cardwright_call_target(call, out, room, length, null_mut()) });
    let body = written(|out, room, length| unsafe { cardwright_call_body(call, out, room, length, null_mut()) });
    let message = written(|out, room, length| unsafe {
        cardwright_call_message(call, &raw const site, out, room, length, null_mut())
    });
    if let (Ok(target), Ok(body), Ok(message)) = (target, body, message) {
        let message = String::from_utf8(message).expect("checked");
        let (head, after) = message.split_once("\r\n\r\n").expect("a head");
        assert!(code == OK && after.as_bytes() == body);
        assert!(head.lines().next().is_some_and(|line| line.contains(std::str::from_utf8(&target).expect("checked"))));
        // No text of a call or a site ends a line of the head.
        let names = ["Host: ", "Authorization: Basic ", "Accept: ", "Content-Type: ", "Content-Length: "];
        assert!(head.split("\r\n").skip(1).all(|line| names.iter().any(|name| line.starts_with(name))), "{head}");
        assert!(!head.replace("\r\n", "").contains(char::is_control));
    }
}

/// An ATR, and answers, each after its length.
fn dialogue(interface: u32, input: &[u8]) {
    let take = |input: &mut &[u8]| {
        let (length, rest) = input.split_first().map_or((0, &[][..]), |(length, rest)| ((*length).into(), rest));
        let (part, rest) = rest.split_at(rest.len().min(length));
        *input = rest;
        part.to_vec()
    };
    let mut input = input;
    let atr = take(&mut input);
    // SAFETY: storage that is private may be anything.
    let mut identity: CardwrightIdentity = unsafe { std::mem::zeroed() };
    let code = unsafe { cardwright_identity_init(&raw mut identity, atr.as_ptr(), atr.len(), interface, null_mut()) };
    assert_eq!(code, OK);
    let mut commands = 0;
    loop {
        let (mut command, mut length) = ([0; CARDWRIGHT_COMMAND_ROOM], 0);
        let to = command.as_mut_ptr();
        let code = unsafe { cardwright_identity_command(&raw const identity, to, 64, &raw mut length, null_mut()) };
        assert!(code == OK && length <= CARDWRIGHT_COMMAND_ROOM);
        if length == 0 {
            break;
        }
        commands += 1;
        assert!(commands <= CARDWRIGHT_MAX_COMMANDS);
        let answer = take(&mut input);
        unsafe { cardwright_identity_answer(&raw mut identity, answer.as_ptr(), answer.len(), null_mut()) };
    }
    for (system, there) in [(1, MIM), (2, CERTIFLOW), (3, false)] {
        for index in 0.. {
            let mut guess: CardwrightGuess = structure();
            match unsafe { cardwright_identity_guess(&raw const identity, system, index, &raw mut guess, null_mut()) } {
                OK => assert!(there && index < guess.count as usize && guess.spelling.contains(&0)),
                code => {
                    assert!(there || code == UNKNOWN_VALUE);
                    break;
                }
            }
        }
    }
}

/// A reply, and the list in it.
fn reply(input: &[u8]) {
    // SAFETY: storage that is private may be anything.
    let (mut reply, mut list): (CardwrightReply, CardwrightList) = unsafe { std::mem::zeroed() };
    let mut buffer = vec![0; 256];
    unsafe {
        cardwright_reply_init(&raw mut reply, null_mut());
        cardwright_list_init(&raw mut list, buffer.as_mut_ptr(), buffer.len(), null_mut());
    }
    for piece in input.chunks(29) {
        let (mut at, mut left) = (piece.as_ptr(), piece.len());
        loop {
            let mut part: CardwrightReplyPart = structure();
            let code =
                unsafe { cardwright_reply_next(&raw mut reply, &raw mut at, &raw mut left, &raw mut part, null_mut()) };
            if code != OK || part.kind == CardwrightReplyPartKind::End as u32 {
                return;
            }
            if part.kind == CardwrightReplyPartKind::More as u32 {
                break;
            }
            while part.kind == CardwrightReplyPartKind::Body as u32 && part.length > 0 {
                let (mut json, mut length, mut place) = (null(), 0, 0);
                let (bytes, rest) = (&raw mut part.data, &raw mut part.length);
                let code = unsafe {
                    let out = (&raw mut json, &raw mut length, &raw mut place);
                    cardwright_list_next(&raw mut list, bytes, rest, out.0, out.1, out.2, null_mut())
                };
                if code != OK {
                    return;
                }
                if length > 0 {
                    // SAFETY: the library says that this number of bytes is there.
                    views(if CERTIFLOW { 1 } else { 3 }, unsafe { std::slice::from_raw_parts(json, length) });
                }
            }
        }
    }
}

fn states(number: u32, input: &[u8]) {
    for (system, there) in [(1, MIM), (2, CERTIFLOW), (number, number == 1 && MIM || number == 2 && CERTIFLOW)] {
        for state in 0..20 {
            let (mut legal, mut documented, mut neutral) = (0, 0, 0);
            let code =
                unsafe { cardwright_lifecycle_legal(system, state, &raw mut legal, &raw mut documented, null_mut()) };
            assert!(there || code == UNKNOWN_VALUE, "{system} {state}: {code}");
            assert_eq!(code, unsafe { cardwright_lifecycle_neutral(system, state, &raw mut neutral, null_mut()) });
            assert_eq!(documented & !legal, 0);
            for operation in (0..20).filter(|_| code == OK) {
                let mut verdict: CardwrightVerdict = structure();
                let code =
                    unsafe { cardwright_lifecycle_verdict(system, state, operation, &raw mut verdict, null_mut()) };
                let allowed = code == OK && verdict.answer == CardwrightAnswer::Allowed as u32;
                assert_eq!(allowed, legal >> operation & 1 == 1);
            }
        }
    }
    let mut value = 0;
    if unsafe { cardwright_enumeration_value(number, text(input), &raw mut value, null_mut()) } == OK {
        let name = written(|out, room, length| unsafe {
            cardwright_enumeration_name(number, value, out, room, length, null_mut())
        });
        assert!(name.is_ok_and(|name| name.eq_ignore_ascii_case(input)));
    }
    let (mut seconds, mut how) = (0, 0);
    unsafe {
        cardwright_date_parse(text(input), &raw mut seconds, null_mut());
        cardwright_serial_match(text(input), text(b"02A1"), &raw mut how, null_mut());
    }
    for (form, order) in [(0, 1), (1, 1), (2, 2), (3, 1)] {
        let _ = written(|out, room, length| unsafe {
            cardwright_serial_spell(text(input), form, order, out, room, length, null_mut())
        });
    }
}
