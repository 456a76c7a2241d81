//! What is measured. The same works in Rust and in C, then functions in C.
//!
//! What a call needs lies outside of it, so that the stack is that of the call alone.

use core::hint::black_box;
use core::mem::zeroed;
use core::ptr::{null, null_mut};

use cardwright_core::atr::Atr;
use cardwright_core::certiflow::{Call, CardInfo, Dialect, Query};
use cardwright_core::http::{self, ReplyPart, ReplyReader, Site};
use cardwright_core::identity::{Dialogue, Interface, Serial};
use cardwright_core::json::{self, Elements};
use cardwright_ffi::*;

use super::fault;

/// Takes the name of a work and the work, which may be done twice.
pub(super) type Measure<'m> = &'m mut dyn FnMut(&str, &mut dyn FnMut());

pub(super) const ATR: &[u8] = b"\x3B\x8D\x01\x80\xFB\xA0\x00\x00\x03\x97BTFY\x03\x01\xC8";
pub(super) const SELECTED: &[u8] = b"\x61\x12\x4F\x0B\xA0\x00\x00\x03\x97BTFY\x02\x01\x73\x03\x40\x01\xC0\x90\x00";
pub(super) const CARD_ID: &[u8] =
    b"\xDF\x20\x10\x69\x68\xEF\xD1\x17\x55\xA0\x42\x8F\x05\x16\xCA\x1A\x0B\x83\x4D\x90\x00";

/// Three cards, in chunks.
pub(super) const REPLY: &[u8] = include_bytes!("../../../examples/firmware/reply.http");

/// How the reply arrives.
pub(super) const PIECE: usize = 100;

/// Hands every work to `measure`.
pub(super) fn all(measure: Measure<'_>) {
    in_rust(measure);
    in_c(measure);
    atrs(measure);
    calls(measure);
    super::deep::all(measure);
}

/// Ends the program where something is not as it should be.
fn must(is: bool) {
    if !is {
        fault();
    }
}

fn in_rust(measure: Measure<'_>) {
    measure("Rust: an ATR parsed", &mut || must(black_box(Atr::parse(black_box(ATR))).is_ok()));

    let mut buffer = [0; 400];
    let query = Query { serial_number: Some("6968EFD11755A0428F0516CA1A0B834D"), ..Query::default() };
    let Ok(site) = Site::new("cm.example", "/certiflow/api").and_then(|site| site.with_basic("terminal-7", "secret"))
    else {
        fault()
    };
    measure("Rust: a request as a message", &mut || {
        let request = Call::Cards(black_box(query)).in_dialect(Dialect::G7);
        must(request.and_then(|request| http::message_to(&request, &site, &mut buffer).map(str::len)).is_ok());
    });

    let mut list = [0; 1024];
    measure("Rust: a reply with three cards, id and state of each", &mut || {
        must(reply(&mut list) == Some(3));
    });

    measure("Rust: a dialogue with a GIDS card", &mut || {
        let mut dialogue = Dialogue::new(black_box(ATR), Interface::Contact);
        dialogue.answer(SELECTED);
        dialogue.answer(CARD_ID);
        must(dialogue.command().is_none() && dialogue.identity().identifiers().count() == 1);
    });

    measure("Rust: two spellings of a serial number compared", &mut || {
        let one = Serial::parse(black_box("6968EFD11755A0428F0516CA1A0B834D"));
        let other = Serial::parse(black_box("D1EF6869-5517-42A0-8F05-16CA1A0B834D"));
        must(matches!((one, other), (Ok(one), Ok(other)) if one.matches(&other).is_some()));
    });
}

fn reply(list: &mut [u8]) -> Option<usize> {
    let mut reader = ReplyReader::new([0; 128]);
    let mut elements = Elements::new(list);
    let mut cards = 0;
    for mut chunk in REPLY.chunks(PIECE) {
        while let Some(part) = reader.next(&mut chunk).ok()? {
            match part {
                ReplyPart::Body(mut body) => {
                    while let Some(element) = elements.next(&mut body).ok()? {
                        let card = json::from_slice::<CardInfo<'_>>(element.json).ok()?;
                        black_box((card.id(), card.state().known()?));
                        cards += 1;
                    }
                }
                ReplyPart::End => return elements.finish().ok().map(|()| cards),
                part => {
                    black_box(part);
                }
            }
        }
    }
    None
}

/// A structure of the library, all zero but its size.
pub(super) fn structure<T>() -> T {
    // SAFETY: the header says that its structures may be zeroed, and they begin with their size.
    unsafe {
        let mut one: T = zeroed();
        (&raw mut one).cast::<u32>().write(size_of::<T>() as u32);
        one
    }
}

pub(super) fn text(text: &'static str) -> CardwrightText {
    CardwrightText { data: text.as_ptr().cast(), length: text.len() }
}

pub(super) fn site() -> CardwrightSite {
    let (host, base) = (text("cm.example"), text("/certiflow/api"));
    CardwrightSite { host, base, user: text("terminal-7"), password: text("secret"), ..structure() }
}

fn in_c(measure: Measure<'_>) {
    let no_error = null_mut();
    let mut atr: CardwrightAtr = structure();
    // SAFETY, here and below: all that is pointed to is there, as the header wants it.
    measure("C: an ATR parsed, every figure and finding", &mut || {
        must(unsafe { cardwright_atr_parse(black_box(ATR).as_ptr(), ATR.len(), &raw mut atr, no_error) } == 0);
    });

    let (site, mut buffer, mut length) = (site(), [0; 400], 0);
    let query = CardwrightQuery { serial_number: text("6968EFD11755A0428F0516CA1A0B834D"), ..structure() };
    let call = CardwrightCall {
        kind: CardwrightCallKind::CertiflowCards as u32,
        dialect: Dialect::G7 as u32,
        query: &raw const query,
        ..structure()
    };
    measure("C: a request as a message", &mut || {
        // SAFETY: as above.
        must(
            0 == unsafe {
                cardwright_call_message(
                    &raw const call,
                    &raw const site,
                    &raw mut buffer as *mut _,
                    400,
                    &raw mut length,
                    no_error,
                )
            },
        );
    });

    let mut list_buffer = [0; 1024];
    let mut objects: (CardwrightReply, CardwrightList, CardwrightReplyPart, CardwrightView) =
        // SAFETY: storage that is private may be anything.
        unsafe { (zeroed(), zeroed(), structure(), structure()) };
    measure("C: a reply with three cards, id and state of each", &mut || {
        // SAFETY: as above.
        must(unsafe { reply_c(&mut list_buffer, &mut objects) } == 3);
    });

    // SAFETY: as above.
    let mut identity: CardwrightIdentity = unsafe { zeroed() };
    let mut command = [0; CARDWRIGHT_COMMAND_ROOM];
    measure("C: a dialogue with a GIDS card", &mut || {
        // SAFETY: as above.
        unsafe {
            must(cardwright_identity_init(&raw mut identity, ATR.as_ptr(), ATR.len(), 1, no_error) == 0);
            for answer in [SELECTED, CARD_ID] {
                cardwright_identity_command(&raw const identity, command.as_mut_ptr(), 64, &raw mut length, no_error);
                must(length > 0);
                cardwright_identity_answer(&raw mut identity, answer.as_ptr(), answer.len(), no_error);
            }
            cardwright_identity_command(&raw const identity, command.as_mut_ptr(), 64, &raw mut length, no_error);
            must(length == 0);
        }
    });

    let mut how = 0;
    measure("C: two spellings of a serial number compared", &mut || {
        let [one, other] = ["6968EFD11755A0428F0516CA1A0B834D", "D1EF6869-5517-42A0-8F05-16CA1A0B834D"].map(text);
        // SAFETY: as above.
        must(unsafe { cardwright_serial_match(one, other, &raw mut how, no_error) } == 0 && how != 0);
    });
}

/// # Safety
/// None: what is handed over is there.
unsafe fn reply_c(
    buffer: &mut [u8; 1024],
    (reply, list, part, view): &mut (CardwrightReply, CardwrightList, CardwrightReplyPart, CardwrightView),
) -> usize {
    let no_error = null_mut();
    let (mut cards, mut length, mut state, mut known) = (0, 0, 0, 0);
    let mut id = [0; 20];
    // SAFETY: all that is pointed to is there, as the header wants it.
    unsafe {
        cardwright_reply_init(reply, no_error);
        cardwright_list_init(list, buffer.as_mut_ptr(), buffer.len(), no_error);
        for piece in REPLY.chunks(PIECE) {
            let (mut chunk, mut left) = (piece.as_ptr(), piece.len());
            loop {
                if cardwright_reply_next(reply, &raw mut chunk, &raw mut left, part, no_error) != 0 {
                    return 0;
                }
                if part.kind == CardwrightReplyPartKind::More as u32 {
                    break;
                }
                if part.kind == CardwrightReplyPartKind::End as u32 {
                    return cards;
                }
                while part.kind == CardwrightReplyPartKind::Body as u32 {
                    let (mut json, mut json_length, mut at) = (null(), 0, 0);
                    let (bytes, rest) = (&raw mut part.data, &raw mut part.length);
                    cardwright_list_next(list, bytes, rest, &raw mut json, &raw mut json_length, &raw mut at, no_error);
                    if json_length == 0 {
                        break;
                    }
                    let object = CardwrightObject::CardInfo as u32;
                    let parsed = cardwright_view_parse(object, json, json_length, view, no_error);
                    let written = cardwright_view_text(view, 0, id.as_mut_ptr(), 20, &raw mut length, no_error);
                    let found = cardwright_view_state(view, &raw mut state, &raw mut known, no_error);
                    cards += usize::from((parsed, written, found, known) == (0, 0, 0, 1));
                }
            }
        }
    }
    0
}

/// An ATR with everything: a status, capabilities, a wrong check byte, and levels for T=0, T=1 and T=15.
pub(super) const RICH: &[u8] = b"\x3B\xD5\x18\xFF\x81\x91\xFE\x1F\xC3\x80\x73\xC8\x21\x10\x0B";

fn atrs(measure: Measure<'_>) {
    let no_error = null_mut();
    let (mut level, mut object, mut finding, mut facts) = (
        structure::<CardwrightAtrLevel>(),
        structure::<CardwrightAtrObject>(),
        structure::<CardwrightFinding>(),
        structure::<CardwrightRuleFacts>(),
    );
    let (mut timing, mut historical) = (structure::<CardwrightTiming>(), structure::<CardwrightHistorical>());
    let (mut set, mut length, mut out) = (0, 0, [0; 128]);
    let (bytes, count) = (RICH.as_ptr(), RICH.len());
    macro_rules! each {
        ($($call:ident($($argument:expr),*);)*) => {
            // SAFETY: all that is pointed to is there, as the header wants it.
            $(measure(concat!("  ", stringify!($call)), &mut || must(0 == unsafe { $call($($argument,)* no_error) }));)*
        };
    }
    each! {
        cardwright_atr_parse(bytes, count, &raw mut *(&mut structure::<CardwrightAtr>()));
        cardwright_atr_level(bytes, count, 3, &raw mut level);
        cardwright_atr_object(bytes, count, 0, &raw mut object);
        cardwright_atr_finding(bytes, count, 0, &raw mut finding);
        cardwright_finding_name(&raw const finding, out.as_mut_ptr(), 128, &raw mut length);
        cardwright_rule(finding.rule, &raw mut facts);
        cardwright_atr_timing(bytes, count, 372, 1, &raw mut timing);
        cardwright_ratio_nanoseconds(timing.bwt, 4_000_000, &raw mut *(&mut 0));
        cardwright_atr_historical(bytes, count, &raw mut historical);
        cardwright_atr_emv_refusals(bytes, count, 1, &raw mut set);
        cardwright_hex(bytes, count, 2, out.as_mut_ptr(), 128, &raw mut length);
    }
    let levels = [CardwrightLevelParts { has_ta: 1, ta: 0x18, has_tb: 0, tb: 0, has_tc: 0, tc: 0, has_td: 1, t: 1 }];
    let parts = CardwrightAtrParts { levels: levels.as_ptr(), level_count: 1, ..structure() };
    let mut built = [0; CARDWRIGHT_ATR_MAX];
    each! { cardwright_atr_build(&raw const parts, built.as_mut_ptr(), 33, &raw mut length); }
}

fn calls(measure: Measure<'_>) {
    let no_error = null_mut();
    let (site, mut length, mut out) = (site(), 0, [0; 600]);
    // SAFETY: storage that is private may be anything.
    let (mut identity, mut reply, mut list): (CardwrightIdentity, CardwrightReply, CardwrightList) =
        unsafe { (zeroed(), zeroed(), zeroed()) };
    let mut command = [0; CARDWRIGHT_COMMAND_ROOM];
    let (mut identifier, mut guess) = (structure::<CardwrightIdentifier>(), structure::<CardwrightGuess>());
    let (mut part, mut view) = (structure::<CardwrightReplyPart>(), structure::<CardwrightView>());
    let (mut verdict, mut facts) = (structure::<CardwrightVerdict>(), structure::<CardwrightOperationFacts>());
    let (mut kinds, mut other, mut set) = (0, 0, 0);
    let mut kind = structure::<CardwrightKind>();
    macro_rules! each {
        ($($call:ident($($argument:expr),*);)*) => {
            // SAFETY: all that is pointed to is there, as the header wants it.
            $(measure(concat!("  ", stringify!($call)), &mut || must(0 == unsafe { $call($($argument,)* no_error) }));)*
        };
    }
    each! {
        cardwright_identity_init(&raw mut identity, ATR.as_ptr(), ATR.len(), 1);
        cardwright_identity_command(&raw const identity, command.as_mut_ptr(), 64, &raw mut length);
    }
    // SAFETY: as above.
    let begun = unsafe { core::ptr::read(&raw const identity) };
    // SAFETY: as above; it may be copied, says the header.
    measure("  cardwright_identity_answer", &mut || unsafe {
        identity = core::ptr::read(&raw const begun);
        must(cardwright_identity_answer(&raw mut identity, SELECTED.as_ptr(), SELECTED.len(), no_error) == 0);
    });
    // SAFETY: as above.
    must(unsafe { cardwright_identity_answer(&raw mut identity, CARD_ID.as_ptr(), CARD_ID.len(), no_error) } == 0);

    let call = CardwrightCall {
        kind: CardwrightCallKind::MimCreateRequest as u32,
        request_kind: 4,
        id: text("438d1b30-f3b4-4bed-85fa-285e08605ba7"),
        comment: text("lost \u{e9}"),
        ..structure()
    };
    let json =
        br#"{"id":1013,"serialNumber":"02A1","tags":["a"],"state":"Issued","certificates":[{"type":"Managed"}]}"#;
    let (mut item, mut item_length, mut number) = (null(), 0, 0i64);
    each! {
        cardwright_identity_found(&raw const identity, &raw mut set, &raw mut length);
        cardwright_identity_kind(&raw const identity, 0, &raw mut kind);
        cardwright_identity_identifier(&raw const identity, 0, &raw mut identifier);
        cardwright_identity_guess(&raw const identity, 2, 0, &raw mut guess);
        cardwright_call_method(&raw const call, &raw mut kinds);
        cardwright_call_target(&raw const call, out.as_mut_ptr(), 600, &raw mut length);
        cardwright_call_body(&raw const call, out.as_mut_ptr(), 600, &raw mut length);
        cardwright_call_message(&raw const call, &raw const site, out.as_mut_ptr(), 600, &raw mut length);
        cardwright_view_parse(1, json.as_ptr(), json.len(), &raw mut view);
        cardwright_view_text(&raw const view, 1, out.as_mut_ptr(), 600, &raw mut length);
        cardwright_view_number(&raw const view, 0, &raw mut number);
        cardwright_view_item(&raw const view, 20, 0, &raw mut item, &raw mut item_length);
        cardwright_view_state(&raw const view, &raw mut kinds, &raw mut other);
        cardwright_json_path(json.as_ptr(), json.len(), 50, out.as_mut_ptr(), 600, &raw mut length);
        cardwright_reply_init(&raw mut reply);
        cardwright_list_init(&raw mut list, null_mut(), 0);
        cardwright_verdict(2, 4, 1, &raw mut verdict);
        cardwright_legal(2, 4, &raw mut kinds, &raw mut other);
        cardwright_operation(1, &raw mut facts);
        cardwright_name(4, 6, out.as_mut_ptr(), 600, &raw mut length);
        cardwright_value(4, text("Revoked"), &raw mut kinds);
        cardwright_serial_spell(text("6968EFD11755A0428F0516CA1A0B834D"), 1, 2, out.as_mut_ptr(), 600, &raw mut length);
        cardwright_date(text("2026-12-03T11:22:20Z"), &raw mut number);
    }
    let mut found = (null(), 0);
    // SAFETY: as above.
    measure("  cardwright_reply_next", &mut || unsafe {
        found = (REPLY.as_ptr(), REPLY.len());
        cardwright_reply_init(&raw mut reply, no_error);
        must(cardwright_reply_next(&raw mut reply, &raw mut found.0, &raw mut found.1, &raw mut part, no_error) == 0);
    });
    // SAFETY: as above.
    measure("  cardwright_list_next", &mut || unsafe {
        found = (b"[{}]".as_ptr(), 4);
        let (json, at) = (&raw mut item, &raw mut length);
        let (bytes, rest) = (&raw mut found.0, &raw mut found.1);
        cardwright_list_init(&raw mut list, null_mut(), 0, no_error);
        must(cardwright_list_next(&raw mut list, bytes, rest, json, &raw mut item_length, at, no_error) == 0);
    });
}
