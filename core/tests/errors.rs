//! The list of errors: numbers that differ, bands that fit, sentences that can be read.

use cardwright_core::{Code, Error};
use std::collections::BTreeSet;

/// Every code, by its number.
const CODES: &[(u16, Code)] = &[
    (101, Code::Short),
    (102, Code::Hex),
    (103, Code::HexOdd),
    (104, Code::Ts),
    (105, Code::Guid),
    (106, Code::Serial),
    (201, Code::NoSuchOperation),
    (202, Code::NoSuchCall),
    (203, Code::NoSuchParameter),
    (204, Code::NotAllowed),
    (205, Code::ReasonNeeded),
    (206, Code::UnknownValue),
    (207, Code::ParameterNeeded),
    (208, Code::NoSuchReason),
    (209, Code::Unconfirmed),
    (301, Code::JsonEnd),
    (302, Code::JsonSyntax),
    (303, Code::JsonEscape),
    (304, Code::JsonControl),
    (305, Code::JsonNumber),
    (306, Code::JsonDepth),
    (307, Code::JsonType),
    (308, Code::JsonUtf8),
    (309, Code::JsonTrailing),
    (310, Code::JsonMissing),
    (401, Code::Room),
    (402, Code::Unwritable),
    (501, Code::NoService),
    (502, Code::NoReader),
    (503, Code::NoCard),
    (504, Code::CardRemoved),
    (505, Code::CardReset),
    (506, Code::CardBusy),
    (507, Code::CardMute),
    (508, Code::NoProtocol),
    (509, Code::CardAnswer),
    (510, Code::ReaderFailed),
    (511, Code::CardTimeout),
    (512, Code::CardEndless),
    (601, Code::Unreachable),
    (602, Code::Timeout),
    (603, Code::Broken),
    (604, Code::Tls),
    (605, Code::Address),
    (606, Code::Canceled),
    (611, Code::Certificate),
    (612, Code::Key),
    (613, Code::Proxy),
    (614, Code::Header),
    (615, Code::Setting),
    (701, Code::SignIn),
    (702, Code::Forbidden),
    (703, Code::NotFound),
    (704, Code::Refused),
    (705, Code::BadRequest),
    (706, Code::ServerFailed),
    (707, Code::Unreadable),
    (708, Code::Busy),
    (709, Code::RequestEnded),
    (710, Code::Unexpected),
    (901, Code::Internal),
    (902, Code::Argument),
    (903, Code::Journal),
];

#[test]
fn a_published_number_never_changes() {
    for (number, code) in CODES {
        assert_eq!(code.number(), *number, "{code:?}");
        assert_eq!(code.band(), number / 100 * 100);
    }
}

#[test]
fn every_code_of_the_source_is_listed_here() {
    let source = include_str!("../src/error.rs");
    let listed = |line: &&str| line.trim().strip_suffix(',').is_some_and(|row| row.contains(" = "));
    let rows: Vec<&str> = source.lines().filter(listed).map(str::trim).collect();
    let ours: Vec<String> = CODES.iter().map(|(number, code)| format!("{code:?} = {number},")).collect();
    println!("{} codes", ours.len());
    assert_eq!(rows, ours);
    assert!(Code::ALL.iter().eq(CODES.iter().map(|(_, code)| code)), "Code::ALL is another list");
}

#[test]
fn no_two_codes_have_one_number_or_one_text() {
    let numbers: BTreeSet<u16> = CODES.iter().map(|(_, code)| code.number()).collect();
    let texts: BTreeSet<&str> = CODES.iter().map(|(_, code)| code.text()).collect();
    assert_eq!((numbers.len(), texts.len()), (CODES.len(), CODES.len()));
    assert!(texts.iter().all(|text| !text.is_empty() && !text.ends_with('.') && !text.contains('\n')));
}

#[test]
fn an_error_prints_its_text_its_subject_and_its_place() {
    for (error, text) in [
        (Error::new(Code::JsonSyntax, 7), "not JSON, at byte 7"),
        (Error::of(Code::NoSuchParameter, "policyName"), "this dialect of the API has no such parameter: policyName"),
        (
            Error { code: Code::NoSuchParameter, at: 1, what: "state" },
            "this dialect of the API has no such parameter: state (G1)",
        ),
        (Error { code: Code::JsonMissing, at: 3, what: "id" }, "a field is missing: id, at byte 3"),
        (Error::new(Code::Timeout, 9), "the time is up"),
    ] {
        assert_eq!(error.to_string(), text);
    }
    for (_, code) in CODES {
        assert!(Error::new(*code, 0).to_string().starts_with(code.text()));
        assert_eq!(Error::new(*code, 0).to_string().contains("at byte 0"), [100, 300, 400].contains(&code.band()));
    }
}

#[test]
fn an_error_in_a_part_is_moved_to_its_place_in_the_whole() {
    let error = Error { code: Code::JsonMissing, at: 5, what: "id" };
    assert_eq!(error.within(100), Error { code: Code::JsonMissing, at: 105, what: "id" });
    assert_eq!(Error::new(Code::Short, usize::MAX).within(1).at, 0, "no overflow, whatever the offset");
}
