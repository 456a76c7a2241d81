//! Every function of the C library, with what takes it deep: all kinds of calls, fields, rules and values, dialogues with
//! cards that answer anything, replies of all forms.
//!
//! Each is called often; of the rows of one name the deepest counts. Codes do not matter here.

use core::hint::black_box;
use core::mem::zeroed;
use core::ptr::{null, null_mut};

use cardwright_core::atr::AtrBuf;
use cardwright_ffi::*;

use super::calls::{ATR, CARD_ID, Measure, PIECE, REPLY, RICH, SELECTED, site, structure, text};

/// Measures each call under the function's name.
macro_rules! each {
    ($measure:expr; $($call:ident($($argument:expr),* $(,)?);)*) => {$(
        // SAFETY: all that is pointed to is there, as the header wants it.
        #[allow(unused_unsafe, reason = "some may be called by everyone")]
        $measure(concat!("  ", stringify!($call)), &mut || {
            let _ = black_box(unsafe { $call($($argument),*) });
        });
    )*};
}

/// Hands every work to `measure`.
pub(super) fn all(measure: Measure<'_>) {
    atrs(measure);
    dialogues(measure);
    calls(measure);
    probes(measure);
    views(measure);
    replies(measure);
    states(measure);
    texts(measure);
}

fn atrs(measure: Measure<'_>) {
    each_atr(&mut |bytes| {
        let (at, length) = (bytes.as_ptr(), bytes.len());
        let mut error: CardwrightError = structure();
        let error = &raw mut error;
        let (mut out, mut written, mut set) = ([0; 160], 0, 0);
        let mut atr: CardwrightAtr = structure();
        let (mut historical, mut timing) = (structure::<CardwrightHistorical>(), structure::<CardwrightTiming>());
        each! { measure;
            cardwright_atr_parse(at, length, &raw mut atr, error);
            cardwright_atr_historical(at, length, &raw mut historical, error);
            cardwright_atr_emv_refusals(at, length, 0, &raw mut set, error);
            cardwright_atr_emv_refusals(at, length, 1, &raw mut set, error);
        }
        for (f, d) in [(372, 1), (512, 32), (2048, 64), (0, 0)] {
            each! { measure; cardwright_atr_timing(at, length, f, d, &raw mut timing, error); }
        }
        for style in 0..4 {
            each! { measure; cardwright_hex_write(at, length, style, out.as_mut_ptr(), 160, &raw mut written, error); }
        }
        for index in 0..8 {
            let (mut level, mut object) = (structure::<CardwrightAtrLevel>(), structure::<CardwrightAtrObject>());
            let mut finding: CardwrightFinding = structure();
            each! { measure;
                cardwright_atr_level(at, length, index, &raw mut level, error);
                cardwright_atr_object(at, length, index, &raw mut object, error);
                cardwright_atr_finding(at, length, index, &raw mut finding, error);
                cardwright_atr_finding_name(&raw const finding, out.as_mut_ptr(), 160, &raw mut written, error);
            }
        }
    });
    let mut error: CardwrightError = structure();
    let error = &raw mut error;
    let (mut built, mut written, mut number) = ([0; CARDWRIGHT_ATR_MAX], 0, 0);
    for rule in 0..64 {
        let mut facts: CardwrightRuleFacts = structure();
        each! { measure; cardwright_atr_rule(rule, &raw mut facts, error); cardwright_atr_emv_rule_name(rule); }
    }
    for hex in ["3BD518FF8191FE1FC38073C821100B", "3b 8d 01 80", "3B:8D", "3B8", "no ATR"] {
        each! { measure; cardwright_atr_from_hex(text(hex), built.as_mut_ptr(), 33, &raw mut written, error); }
    }
    let level = |t| CardwrightLevelParts { has_ta: 1, ta: 0x18, has_tb: 1, tb: 0x45, has_tc: 1, tc: 1, has_td: 1, t };
    let levels = [level(0), level(1), level(15)];
    for check_byte in 0..4 {
        let parts = CardwrightAtrParts {
            levels: levels.as_ptr(),
            level_count: 3,
            historical: b"\x80\x73\xC8\x21\x10".as_ptr(),
            k: 5,
            check_byte,
            ..structure()
        };
        each! { measure; cardwright_atr_build(&raw const parts, built.as_mut_ptr(), 33, &raw mut written, error); }
    }
    for (cycles, per) in [(u64::MAX, 1), (u64::MAX, u32::MAX), (11 << 40, 3), (0, 0)] {
        let ratio = CardwrightRatio { cycles, per };
        each! { measure;
            cardwright_ratio_nanoseconds(ratio, 4_000_000, &raw mut number, error);
            cardwright_ratio_nanoseconds(ratio, 0, &raw mut number, error);
        }
    }
    each! { measure;
        cardwright_rate_bits_per_second(372, 64, u32::MAX, &raw mut number, error);
        cardwright_rate_bits_per_second(0, 0, 0, &raw mut number, error);
    }
}

/// The ATRs of the list, one with everything, one of a storage card, and one that is none.
fn each_atr(with: &mut dyn FnMut(&[u8])) {
    for bytes in [ATR, RICH, STORAGE, b"\x3B\xFF\x11"] {
        with(bytes);
    }
    for line in super::lines(super::ATRS) {
        if let Ok(atr) = AtrBuf::from_hex(line) {
            with(atr.bytes());
        }
    }
}

/// As a contactless reader makes it (PC/SC, part 3).
const STORAGE: &[u8] = b"\x3B\x8F\x80\x01\x80\x4F\x0C\xA0\x00\x00\x03\x06\x03\x00\x01\x00\x00\x00\x00\x6A";

/// A CHUID with FASC-N and GUID (SP 800-73-4, part 1, table 8).
const CHUID: &[u8] = b"\x53\x3B\x30\x19\xD4\xE7\x39\xDA\x73\x9C\xED\x39\xCE\x73\x9D\x83\x68\x58\x21\x08\x42\x10\x84\x21\xC8\x42\x10\xC3\xEB\
\x34\x10\x69\x68\xEF\xD1\x17\x55\xA0\x42\x8F\x05\x16\xCA\x1A\x0B\x83\x4D\x35\x0820301231\x3E\x00\xFE\x00\x90\x00";
const CPLC: &[u8] =
    b"\x9F\x7F\x2A\x47\x90\x50\x40\x47\x91\x81\x02\x31\x00\x83\x58\x00\x12\x34\x56\x78\x90\x48\x12\x34\x56\x78\x90\x12\
\x34\x56\x78\x90\x12\x34\x56\x78\x90\x12\x34\x56\x78\x90\x12\x34\x56\x90\x00";
const OPEN_PGP: &[u8] = b"\xD2\x76\x00\x01\x24\x01\x02\x01\x00\x06\x12\x34\x56\x78\x00\x00\x90\x00";
const FCI: &[u8] = b"\x6F\x1A\x84\x0E\x315041592E5359532E\xA5\x08\x88\x01\x01\x5F\x2D\x02en\x90\x00";
const NESTED: &[u8] = b"\x7F\x49\x12\x30\x10\x30\x0E\x30\x0C\x30\x0A\x5A\x08\x89\x49\x12\x34\x56\x78\x90\x12\x90\x00";
const DIGITS: &[u8] = b"12345678901234567890123456789012\x90\x00";
const ANSWERS: [&[u8]; 12] =
    [SELECTED, CARD_ID, CHUID, CPLC, OPEN_PGP, FCI, NESTED, DIGITS, b"\x90\x00", b"\x61\x10", b"\x6A\x82", b""];

fn dialogues(measure: Measure<'_>) {
    let mut error: CardwrightError = structure();
    let error = &raw mut error;
    let (mut command, mut length) = ([0; CARDWRIGHT_COMMAND_ROOM], 0);
    // SAFETY: storage that is private may be anything.
    let mut identity: CardwrightIdentity = unsafe { zeroed() };
    each_atr(&mut |atr| {
        for interface in 0..4 {
            each! { measure;
                cardwright_identity_init(&raw mut identity, atr.as_ptr(), atr.len(), interface, error);
            }
        }
    });
    // Each answer to every command, then each after the others.
    for (start, step) in (0..ANSWERS.len()).flat_map(|start| [(start, 0), (start, 1), (start, 5)]) {
        for atr in [ATR, STORAGE] {
            // SAFETY: as above.
            unsafe { cardwright_identity_init(&raw mut identity, atr.as_ptr(), atr.len(), 0, error) };
            for n in 0..CARDWRIGHT_MAX_COMMANDS {
                let answer = ANSWERS.iter().cycle().nth(start.wrapping_add(n.wrapping_mul(step))).copied();
                let answer = answer.unwrap_or_default();
                // SAFETY: as above.
                unsafe {
                    cardwright_identity_command(&raw const identity, command.as_mut_ptr(), 64, &raw mut length, error)
                };
                if length == 0 {
                    break;
                }
                // SAFETY: as above; it may be copied, says the header.
                let before = unsafe { core::ptr::read(&raw const identity) };
                measure("  cardwright_identity_answer", &mut || {
                    // SAFETY: as above.
                    identity = unsafe { core::ptr::read(&raw const before) };
                    // SAFETY: as above.
                    unsafe { cardwright_identity_answer(&raw mut identity, answer.as_ptr(), answer.len(), error) };
                });
                if n < 8 {
                    each! { measure;
                        cardwright_identity_command(
                            &raw const identity, command.as_mut_ptr(), 64, &raw mut length, error,
                        );
                    }
                }
            }
            found(measure, &identity, error);
        }
    }
    // What the program found itself.
    for (kind, source, bytes, is_text) in
        [(0x1_0001, 0x1_0001, DIGITS, 0), (0, 0x1_0002, b"12345", 1), (0x1_0002, 0x1_0003, b"\xFF", 0), (0, 1, b"", 1)]
    {
        each! { measure;
            cardwright_identity_add(&raw mut identity, kind, source, bytes.as_ptr(), bytes.len(), is_text, error);
        }
        found(measure, &identity, error);
    }
}

/// All that is known of a card.
fn found(measure: Measure<'_>, identity: &CardwrightIdentity, error: *mut CardwrightError) {
    let (mut kinds, mut count) = (0, 0);
    each! { measure; cardwright_identity_found(identity, &raw mut kinds, &raw mut count, error); }
    for index in 0..6 {
        let (mut kind, mut identifier) = (structure::<CardwrightKind>(), structure::<CardwrightIdentifier>());
        let mut guess: CardwrightGuess = structure();
        each! { measure;
            cardwright_identity_kind(identity, index, &raw mut kind, error);
            cardwright_identity_identifier(identity, index, &raw mut identifier, error);
            cardwright_identity_guess(identity, 1, index, &raw mut guess, error);
            cardwright_identity_guess(identity, 2, index, &raw mut guess, error);
        }
    }
}

fn calls(measure: Measure<'_>) {
    let mut error: CardwrightError = structure();
    let error = &raw mut error;
    let tags = [text("vip"); CARDWRIGHT_MAX_TAGS];
    let date = text("2026-12-03T11:22:20Z");
    let query = CardwrightQuery {
        offset: u32::MAX,
        has_count: 1,
        count: u32::MAX,
        state: 4,
        content_expiration_status: 1,
        serial_number: text("6968EFD11755A0428F0516CA1A0B834D"),
        user_name: text("DEMO\\ipetrov"),
        card_type_name: text("IDPrime MD & \u{e9}"),
        card_model_name: text("830"),
        comment: text("a b"),
        policy_name: text("Default"),
        time_issued: date,
        time_updated: date,
        time_revoked: date,
        tags: tags.as_ptr(),
        tag_count: tags.len(),
        ..structure()
    };
    let simple = CardwrightQuery { user_name: text("DEMO\\ipetrov"), ..structure() };
    let (basic, bearer) =
        (site(), CardwrightSite { host: text("[fd00::5]:8443"), token: text("abc.DEF"), ..structure() });
    for kind in (1..4).chain(16..26) {
        // Dialects and operations are of CertiFlow; kinds of requests of MIM CM. Numbers without a value end early.
        for number in 0..12 {
            let uuid = text("438d1b30-f3b4-4bed-85fa-285e08605ba7");
            let call = CardwrightCall {
                kind,
                dialect: number,
                operation: number,
                has_reason: 1,
                reason: number,
                request_kind: number,
                request_end: number,
                status: number,
                has_priority: 1,
                priority: 255,
                id: uuid,
                request: uuid,
                card_id: uuid,
                atr: text("3B8D0180FBA000000397425446590301C8"),
                comment: text("lost \u{e9} \"so\"\n"),
                data_collection: text("[{\"Name\":\"a\",\"Value\":\"b\"}]"),
                profile_template: uuid,
                target: uuid,
                query: if number > 6 { &raw const query } else { &raw const simple },
                has_request_status: 1,
                request_status: number,
                for_caller: 1,
                ..structure()
            };
            let (mut out, mut length, mut method) = ([0; 1200], 0, 0);
            let call = &raw const call;
            each! { measure;
                cardwright_call_method(call, &raw mut method, error);
                cardwright_call_target(call, out.as_mut_ptr(), 1200, &raw mut length, error);
                cardwright_call_body(call, out.as_mut_ptr(), 1200, &raw mut length, error);
                cardwright_call_message(call, &raw const basic, out.as_mut_ptr(), 1200, &raw mut length, error);
                cardwright_call_message(call, &raw const bearer, out.as_mut_ptr(), 10, &raw mut length, error);
            }
        }
    }
}

fn probes(measure: Measure<'_>) {
    let mut error: CardwrightError = structure();
    let error = &raw mut error;
    let site = site();
    let (mut out, mut length) = ([0; 600], 0);
    let mut generation: CardwrightGeneration = structure();
    // SAFETY: storage that is private may be anything.
    let mut probe: CardwrightProbe = unsafe { zeroed() };
    let bodies: [(u32, &[u8]); 5] = [
        (200, b"[{\"id\":1013,\"state\":\"Issued\",\"label\":\"a\"}]"),
        (404, b""),
        (401, b"<html>"),
        (0, b""),
        (500, b"{}"),
    ];
    for (status, body) in bodies {
        each! { measure; cardwright_probe_init(&raw mut probe, error); }
        for _ in 0..=CARDWRIGHT_MAX_QUESTIONS {
            each! { measure;
                cardwright_probe_target(&raw const probe, out.as_mut_ptr(), 600, &raw mut length, error);
                cardwright_probe_message(&raw const probe, &raw const site, out.as_mut_ptr(), 600, &raw mut length, error);
                cardwright_probe_answer(&raw mut probe, status, body.as_ptr(), body.len(), error);
                cardwright_probe_finding(&raw const probe, text("https://a/icmapi"), &raw mut generation, error);
                cardwright_probe_text(&raw const probe, out.as_mut_ptr(), 600, &raw mut length, error);
            }
        }
    }
}

/// An object of each kind, in the order of their numbers, and what is none.
const OBJECTS: [&[u8]; 7] = [
    br#"{"id":1013,"serialNumber":"02A1","cardTypeName":"IDPrime \u00e9","atr":"3B7F","tags":["vip",{"a":[1]}],"state":"Issued","expirationDate":"2026-12-03T00:00:00Z","timeDisabled":null,"userName":"DEMO\\ipetrov","policyId":3,"unknown":{"a":[{"b":[[]]}]},"certificates":[{"type":"Managed"},{"type":"Common"}]}"#,
    br#"{"type":"Managed","serialNumber":"4D","thumbprint":"9F86","subject":"Ivan \ud83d\ude00","issuer":"Demo CA","validTo":"2026-12-03T11:22:20Z"}"#,
    br#"{"Uuid":"17cf063d-e337-4aa9-a822-346554ddd3c9","Status":2,"Flags":1,"ParentSmartcardUuid":null,"AssignedUserUuid":"8f1590dc-d932-4b66-8e68-2e91c5880780","ProfileTemplateVersion":46,"Comment":"","SerialNumber":"{bc88f13f-83ba-4037-8262-46eba1291c6e}","Middleware":"MSBaseCSP","Atr":"3b8d"}"#,
    br#"{"Uuid":"0c96d73f-967b-420e-854a-43ad2a1504bc","RequestType":5,"Status":3,"Flags":2,"DataCollection":[{"Name":"Sample","Value":null}],"Submitted":"2015-07-07T23:40:33.133Z","Priority":0,"IsSmartcard":true,"Comment":"\u0000"}"#,
    br#"{"Name":"Sample Data Item","Value":null}"#,
    br#"{"id":1e400,"id":1}"#,
    br#"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[{"a\u0022b":[0,{"c":"#,
];

fn views(measure: Measure<'_>) {
    let mut error: CardwrightError = structure();
    let error = &raw mut error;
    let (mut out, mut length, mut at) = ([0; 600], 0, null());
    let (mut number, mut state, mut known) = (0, 0, 0);
    for json in OBJECTS {
        let (bytes, count) = (json.as_ptr(), json.len());
        for object in 0..7 {
            let mut view: CardwrightView = structure();
            each! { measure; cardwright_view_parse(object, bytes, count, &raw mut view, error); }
            for field in (0..25).take_while(|_| view.length > 0) {
                let view = &raw const view;
                each! { measure;
                    cardwright_view_text(view, field, out.as_mut_ptr(), 600, &raw mut length, error);
                    cardwright_view_number(view, field, &raw mut number, error);
                    cardwright_view_raw(view, field, &raw mut at, &raw mut length, error);
                    cardwright_view_item(view, field, 1, &raw mut at, &raw mut length, error);
                    cardwright_view_next_item(view, field, &raw mut at, &raw mut length, error);
                }
            }
            each! { measure; cardwright_view_state(&raw const view, &raw mut state, &raw mut known, error); }
        }
        for place in [0, 30, 60, 120, 400] {
            each! { measure;
                cardwright_json_path(bytes, count, place, out.as_mut_ptr(), 600, &raw mut length, error);
            }
        }
        each! { measure; cardwright_json_text(bytes, count, out.as_mut_ptr(), 600, &raw mut length, error); }
    }
    for json in [r#""a\u00e9\ud83d\ude00b""#, "-12.5e-3", "18446744073709551615", "true", "null", "\"\\x\""] {
        let (bytes, count) = (json.as_ptr(), json.len());
        each! { measure; cardwright_json_text(bytes, count, out.as_mut_ptr(), 600, &raw mut length, error); }
    }
}

/// Replies of other forms than [`REPLY`].
const REPLIES: [&[u8]; 4] = [
    REPLY,
    b"\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 200 OK\r\nConnection: x,\r\n keep-alive\r\nContent-Length: 2, 2\r\n\r\n[]",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1 ;a=\"b\"\r\n[\r\n1\r\n]\r\n0\r\nA: b\r\n c\r\n\r\n",
    b"HTTP/1.1 200 O\x0BK\r\n",
];

fn replies(measure: Measure<'_>) {
    let mut error: CardwrightError = structure();
    let error = &raw mut error;
    let mut buffer = [0; 1024];
    // SAFETY: storage that is private may be anything.
    let (mut reply, mut list): (CardwrightReply, CardwrightList) = unsafe { (zeroed(), zeroed()) };
    let mut part: CardwrightReplyPart = structure();
    let (mut json, mut length, mut place, mut keeps) = (null(), 0, 0, 0);
    for bytes in REPLIES {
        each! { measure;
            cardwright_reply_init(&raw mut reply, error);
            cardwright_list_init(&raw mut list, buffer.as_mut_ptr(), 1024, error);
        }
        for piece in bytes.chunks(PIECE) {
            let (mut chunk, mut left) = (piece.as_ptr(), piece.len());
            // As many parts as there are bytes, at most.
            for _ in piece {
                // What is read twice is read from the same place.
                let from = (chunk, left);
                // SAFETY: as above; private storage may be copied here, as it holds no pointer.
                let before = unsafe { core::ptr::read(&raw const reply) };
                measure("  cardwright_reply_next", &mut || {
                    (chunk, left) = from;
                    // SAFETY: as above.
                    reply = unsafe { core::ptr::read(&raw const before) };
                    // SAFETY: as above.
                    unsafe {
                        cardwright_reply_next(&raw mut reply, &raw mut chunk, &raw mut left, &raw mut part, error)
                    };
                });
                if part.kind == CardwrightReplyPartKind::Body as u32 {
                    let (mut body, mut rest) = (part.data, part.length);
                    // Its buffer is the caller's, so each call goes on where the one before ended.
                    for _ in 0..2 {
                        let (body, rest) = (&raw mut body, &raw mut rest);
                        each! { measure;
                            cardwright_list_next(
                                &raw mut list, body, rest, &raw mut json, &raw mut length, &raw mut place, error,
                            );
                        }
                    }
                }
                if left == 0 || part.kind == CardwrightReplyPartKind::End as u32 {
                    break;
                }
            }
        }
        each! { measure;
            cardwright_reply_finish(&raw const reply, error);
            cardwright_reply_keeps_connection(&raw const reply, &raw mut keeps, error);
            cardwright_list_finish(&raw const list, error);
        }
    }
    // A list that comes whole, with what has to be read in it; and one with too little room.
    for (room, whole) in [(1024, OBJECTS[0]), (1024, OBJECTS[6]), (4, OBJECTS[0])] {
        each! { measure; cardwright_list_init(&raw mut list, buffer.as_mut_ptr(), room, error); }
        for part in [&b"["[..], whole, b",", whole, b"]"] {
            let (mut body, mut rest) = (part.as_ptr(), part.len());
            let (body, rest) = (&raw mut body, &raw mut rest);
            each! { measure;
                cardwright_list_next(&raw mut list, body, rest, &raw mut json, &raw mut length, &raw mut place, error);
            }
        }
        each! { measure; cardwright_list_finish(&raw const list, error); }
    }
    each! { measure; cardwright_list_init(null_mut(), null_mut(), 1, error); cardwright_reply_init(null_mut(), error); }
}

fn states(measure: Measure<'_>) {
    let mut error: CardwrightError = structure();
    let error = &raw mut error;
    let (mut one, mut other) = (0, 0);
    for (system, state) in (0..4).flat_map(|system| (0..12).map(move |state| (system, state))) {
        each! { measure;
            cardwright_lifecycle_legal(system, state, &raw mut one, &raw mut other, error);
            cardwright_lifecycle_neutral(system, state, &raw mut one, error);
            cardwright_lifecycle_native(system, state, &raw mut one, error);
        }
        for operation in 0..14 {
            let mut verdict: CardwrightVerdict = structure();
            each! { measure;
                cardwright_lifecycle_verdict(system, state, operation, &raw mut verdict, error);
                cardwright_lifecycle_after(system, state, operation, &raw mut one, error);
            }
        }
    }
    for operation in 0..16 {
        let mut facts: CardwrightOperationFacts = structure();
        each! { measure; cardwright_lifecycle_operation(operation, &raw mut facts, error); }
    }
    let (mut out, mut length) = ([0; 80], 0);
    for enumeration in 0..25 {
        for value in [0, 1, 5, 12, 40] {
            each! { measure; cardwright_enumeration_name(enumeration, value, out.as_mut_ptr(), 80, &raw mut length, error); }
        }
        for name in ["Revoked", "no such name", ""] {
            each! { measure; cardwright_enumeration_value(enumeration, text(name), &raw mut one, error); }
        }
    }
}

fn texts(measure: Measure<'_>) {
    let mut error: CardwrightError = structure();
    let error = &raw mut error;
    let (mut out, mut length, mut seconds, mut how) = ([0; 600], 0, 0, 0);
    let serials = [
        "6968EFD11755A0428F0516CA1A0B834D",
        "{D1EF6869-5517-42A0-8F05-16CA1A0B834D}",
        "D1EF6869-5517-42A0-8F05-16CA1A0B834D",
        "no number of bytes, and long enough to be what somebody printed on a card",
        "12345678",
        "",
    ];
    for serial in serials {
        for other in serials {
            each! { measure; cardwright_serial_match(text(serial), text(other), &raw mut how, error); }
        }
        for (form, order) in (0..5).flat_map(|form| (0..4).map(move |order| (form, order))) {
            each! { measure;
                cardwright_serial_spell(text(serial), form, order, out.as_mut_ptr(), 600, &raw mut length, error);
            }
        }
    }
    for date in ["2026-12-03T11:22:20.1824104+03:00", "2026-12-03", "0001-01-01T00:00:00", "9999-12-31T23:59:60Z", "x"]
    {
        each! { measure; cardwright_date_parse(text(date), &raw mut seconds, error); }
    }
    each! { measure;
        cardwright_text(c"1013".as_ptr());
        cardwright_text(null());
        cardwright_status_word_text(0x6A82);
        cardwright_status_word_text(0x63C3);
        cardwright_status_word_text(u32::MAX);
        cardwright_version();
    }
    for code in [0, 1, 101, 301, 901, -1] {
        each! { measure; cardwright_code_text(code); }
    }
}
