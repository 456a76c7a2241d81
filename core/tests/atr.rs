//! ATRs taken apart, as a second decoder takes them apart, and in each wrong way.

use cardwright_core::atr::{Atr, AtrBuf, Category, Convention, InterfaceByte, Protocol, Rule, Tck, TckState};
use cardwright_core::{Code, Error};

use cardwright_testkit::atr::{bytes_of, flips_and_cuts, holds_together};

/// Columns: hex, number of levels, protocols, historical bytes, TCK, findings, note.
const STRUCTURE: &str = include_str!("data/atr_structure.tsv");
/// Columns: hex, code, offset, what, note.
const UNREADABLE: &str = include_str!("data/atr_unreadable.tsv");

const MIM: &str = "3b8d0180fba000000397425446590301c8";

#[test]
fn every_atr_of_the_table_is_taken_apart_as_the_second_decoder_does() {
    let mut seen = 0;
    for [hex, levels, protocols, historical, tck, findings, note] in rows(STRUCTURE) {
        let bytes = bytes_of(hex);
        let atr = Atr::parse(&bytes).unwrap_or_else(|error| panic!("{hex} ({note}): {error}"));
        let found: Vec<String> = atr.protocols().map(|p| p.t().to_string()).collect();
        assert_eq!(atr.levels().count().to_string(), levels, "{hex} ({note})");
        assert_eq!(joined(found), protocols, "{hex} ({note})");
        assert_eq!(or_dash(hex_of(atr.historical_bytes())), historical, "{hex} ({note})");
        assert_eq!(format!("{:?}", atr.tck().state), tck, "{hex} ({note})");
        let mut found: Vec<String> = atr.findings().map(|f| f.to_string()).collect();
        found.sort();
        assert_eq!(joined(found), findings, "{hex} ({note})");
        seen += 1;
    }
    println!("{seen} ATRs");
    assert!(seen >= 40);
}

#[test]
fn what_is_no_atr_is_refused_with_the_place_and_the_missing_thing() {
    let mut seen = 0;
    for [hex, code, at, what, note] in rows(UNREADABLE) {
        let error = Atr::parse(&bytes_of(hex)).expect_err(note);
        assert_eq!(error.code.number().to_string(), code, "{hex} ({note})");
        assert_eq!(error.at.to_string(), at, "{hex} ({note})");
        assert_eq!(error.what, what, "{hex} ({note})");
        seen += 1;
    }
    assert!(seen >= 10);
}

#[test]
fn truncated_or_with_any_bit_flipped_it_is_read_or_refused_inside_its_bounds() {
    let mut read = 0;
    let mut refused = 0;
    for [hex, ..] in rows::<7>(STRUCTURE) {
        let bytes = bytes_of(hex);
        for bytes in flips_and_cuts(&bytes) {
            if holds_together(&bytes) { read += 1 } else { refused += 1 }
        }
    }
    println!("{read} read, {refused} refused");
    assert!(read > 3_000 && refused > 1_000);
}

#[test]
fn every_input_of_two_bytes_is_read_or_refused_by_the_rule() {
    for ts in 0..=255 {
        for t0 in 0..=255 {
            let error = Atr::parse(&[ts, t0]).err();
            let wanted = match (ts, t0) {
                (0x3B | 0x3F, 0) => None,
                (0x3B | 0x3F, 1..) => Some(Code::Short),
                _ => Some(Code::Ts),
            };
            assert_eq!(error.map(|error| error.code), wanted, "{ts:02X} {t0:02X}");
            holds_together(&[ts, t0]);
        }
    }
}

#[test]
fn every_input_of_three_bytes_is_read_or_refused_by_the_rule() {
    for number in 0_u32..1 << 24 {
        let [_, ts, t0, last] = number.to_be_bytes();
        let error = Atr::parse(&[ts, t0, last]).err();
        assert_eq!(error.is_some_and(|error| error.code == Code::Ts), !matches!(ts, 0x3B | 0x3F));
    }
    let mut read = 0;
    for number in 0..=u16::MAX {
        let [t0, last] = number.to_be_bytes();
        // T0 alone, one historical byte, or one interface byte; a TD that announces nothing.
        let wanted = match t0 {
            0x00 | 0x01 | 0x10 | 0x20 | 0x40 => true,
            0x80 => last < 0x10,
            _ => false,
        };
        for ts in [0x3B, 0x3F] {
            assert_eq!(holds_together(&[ts, t0, last]), wanted, "{ts:02X} {t0:02X} {last:02X}");
            read += usize::from(wanted);
        }
    }
    assert_eq!(read, 2 * (5 * 256 + 16));
}

#[test]
fn two_interface_bytes_of_any_value_are_read_or_refused_inside_their_bounds() {
    let mut read = 0;
    for t0 in [0x80, 0x90, 0xF0, 0x81] {
        for td in 0..=255 {
            for next in 0..=255 {
                read += usize::from(holds_together(&[0x3B, t0, td, next, 0x11, 0x8F, 0x01, 0x00]));
            }
        }
    }
    assert!(read > 65_536, "{read}");
}

#[test]
fn interface_bytes_come_with_their_level_and_offset() {
    let atr: AtrBuf = "3BFD1300008131FE158073C021C057597562694B657940".parse().unwrap();
    let levels: Vec<_> = atr.as_atr().levels().collect();
    assert_eq!(levels[0].number, 1);
    assert_eq!(levels[0].qualified_by, None);
    assert_eq!(levels[0].ta, Some(InterfaceByte { value: 0x13, at: 2 }));
    assert_eq!(levels[0].td, Some(InterfaceByte { value: 0x81, at: 5 }));
    assert_eq!(levels[1].ta, None);
    assert_eq!(levels[1].td, Some(InterfaceByte { value: 0x31, at: 6 }));
    assert_eq!(levels[2].qualified_by, Some(1));
    assert_eq!(levels[2].ta, Some(InterfaceByte { value: 0xFE, at: 7 }));
    assert_eq!(levels[2].tb, Some(InterfaceByte { value: 0x15, at: 8 }));
    assert_eq!(levels[2].t(), None);
    assert_eq!(atr.as_atr().historical_at(), 9);
}

#[test]
fn protocols_are_offered_in_their_order_and_t15_is_none_of_them() {
    use Protocol::{T0, T1, T14};
    for (hex, offered, first, default, pcsc) in [
        ("3B00", vec![T0], Some(T0), T0, Some(T0)),
        // What is the default and what PC/SC negotiates are two things where both are offered.
        ("3B80800101", vec![T0, T1], Some(T0), T0, Some(T1)),
        ("3B80810001", vec![T1, T0], Some(T1), T1, Some(T1)),
        ("3B800F8F", vec![], None, T0, None),
        ("3B800E8E", vec![T14], Some(T14), T14, None),
        ("3B80801F415E", vec![T0], Some(T0), T0, Some(T0)),
        // Specific mode wins: TA2 names T=0, T=15, and T=0 before a T=1 that is offered too.
        ("3B80110091", vec![T1], Some(T1), T0, Some(T0)),
        ("3B80111F8E", vec![T1], Some(T1), T1, None),
        ("3B8090000111", vec![T0, T1], Some(T0), T0, Some(T0)),
    ] {
        let atr: AtrBuf = hex.parse().unwrap();
        let atr = atr.as_atr();
        assert_eq!(atr.protocols().collect::<Vec<_>>(), offered, "{hex}");
        assert_eq!(atr.first_offered(), first, "{hex}");
        assert_eq!(atr.default_protocol(), default, "{hex}");
        assert_eq!(atr.pcsc_protocol(), pcsc, "{hex}");
        for t in 0..15 {
            let protocol = Protocol::from_t(t).unwrap();
            assert_eq!(atr.offers(protocol), offered.contains(&protocol), "{hex} {protocol}");
        }
    }
    assert_eq!(Protocol::from_t(15), None);
    assert_eq!(Protocol::T14.to_string(), "T=14");
}

#[test]
fn ta2_means_specific_mode_and_its_absence_negotiable_mode() {
    let atr: AtrBuf = "3BE000FFB111001F03A3".parse().unwrap();
    let mode = atr.as_atr().specific_mode().unwrap();
    assert_eq!((mode.at, mode.t, mode.reserved), (5, 1, 0));
    assert!(mode.can_change && mode.implicit);

    let atr: AtrBuf = "3B80118110".parse().unwrap();
    let mode = atr.as_atr().specific_mode().unwrap();
    assert!(!mode.can_change && !mode.implicit);

    let atr: AtrBuf = MIM.parse().unwrap();
    assert_eq!(atr.as_atr().specific_mode(), None);
}

#[test]
fn the_check_byte_is_judged_by_the_protocols_and_its_right_value_is_told() {
    for (hex, state, at, value, right) in [
        ("3B00", TckState::NotNeeded, 2, None, 0x00),
        ("3B800181", TckState::Right, 3, Some(0x81), 0x81),
        ("3B800180", TckState::Wrong, 3, Some(0x80), 0x81),
        ("3B8001", TckState::Missing, 3, None, 0x81),
        ("3B800080", TckState::Unexpected, 3, Some(0x80), 0x80),
        ("3B800000", TckState::NotNeeded, 3, None, 0x80),
    ] {
        let atr: AtrBuf = hex.parse().unwrap();
        assert_eq!(atr.as_atr().tck(), Tck { state, at, value, right }, "{hex}");
    }
}

#[test]
fn findings_come_in_the_order_of_the_bytes_with_their_clause() {
    let bytes = bytes_of("3B80B14502005F");
    let found: Vec<_> = Atr::parse(&bytes).unwrap().findings().collect();
    // TA2 at 3, TB2 at 4, TD2 at 5.
    let told: Vec<_> = found.iter().map(|f| (f.rule, f.at, f.value, f.rule.clause())).collect();
    let wanted = [
        (Rule::Ta2RfuBits, 3, Some(0x45), "8.3"),
        (Rule::Ta2RfuProtocol, 3, Some(0x45), "8.3"),
        (Rule::Tb2Deprecated, 4, Some(0x02), "8.3"),
        (Rule::TdOrder, 5, Some(0x00), "8.2.3"),
        (Rule::TckWrong, 6, Some(0x5F), "8.2.5"),
    ];
    assert_eq!(told, wanted);

    let bytes = bytes_of("3B8001");
    let missing: Vec<_> = Atr::parse(&bytes).unwrap().findings().collect();
    assert_eq!((missing[0].at, missing[0].value), (3, None));
}

#[test]
fn rules_have_numbers_and_names_of_their_own() {
    for (index, rule) in Rule::ALL.into_iter().enumerate() {
        assert_eq!(usize::from(rule.number()), index + 1);
        assert!(!rule.text().is_empty());
        assert_eq!(Rule::ALL.iter().filter(|other| other.name() == rule.name()).count(), 1);
    }
}

#[test]
fn every_first_historical_byte_has_a_category() {
    let mut counts = [0; 6];
    for byte in 0..=255 {
        counts[Category::of(byte) as usize] += 1;
    }
    assert_eq!(counts, [0, 1, 1, 1, 15, 238]);
    let atr: AtrBuf = MIM.parse().unwrap();
    assert_eq!(atr.as_atr().category(), Some(Category::CompactTlv));
    assert_eq!(Atr::parse(&[0x3F, 0]).unwrap().category(), None);
    assert_eq!(Atr::parse(&[0x3F, 0]).unwrap().convention(), Convention::Inverse);
}

#[test]
fn hexadecimal_is_read_in_either_case_with_spaces_and_colons() {
    let wanted: AtrBuf = "3B8D0180FBA000000397425446590301C8".parse().unwrap();
    for text in [
        MIM,
        " 3b 8d 01 80 fb a0 00 00 03 97 42 54 46 59 03 01 c8 ",
        "3B:8D:01:80:FB:A0:00:00:03:97:42:54:46:59:03:01:C8",
        "3b8D 0180 fBA0 0000 0397 4254 4659 0301  C8",
    ] {
        assert_eq!(AtrBuf::from_hex(text), Ok(wanted), "{text}");
    }
}

#[test]
fn an_error_in_hexadecimal_points_into_the_text() {
    for (text, code, at, what) in [
        ("", Code::Short, 0, "TS"),
        ("  ", Code::Short, 2, "TS"),
        ("3B", Code::Short, 2, "T0"),
        ("3B 0", Code::HexOdd, 3, ""),
        ("3 B", Code::Hex, 1, ""),
        ("3B 0x00", Code::Hex, 4, ""),
        ("3B-00", Code::Hex, 2, ""),
        ("3Bé0", Code::Hex, 2, ""),
        (" 4B 00", Code::Ts, 1, "TS"),
        ("3B 1F 11 ", Code::Short, 9, "historical bytes"),
    ] {
        assert_eq!(AtrBuf::from_hex(text), Err(Error { code, at, what }), "{text}");
    }
}

#[test]
fn more_than_33_bytes_are_read_where_they_are_and_never_cut() {
    let long = format!("3B{}0181", "80".repeat(31));
    let bytes = bytes_of(&long);
    let atr = Atr::parse(&bytes).unwrap();
    assert_eq!(atr.levels().count(), 31);
    assert_eq!(atr.bytes().len(), 34);
    assert_eq!(atr.findings().map(|f| f.at).collect::<Vec<_>>(), [33]);
    let refused = Error { code: Code::Room, at: 33, what: "ATR" };
    assert_eq!(AtrBuf::parse(&bytes), Err(refused));
    assert_eq!(AtrBuf::from_hex(&long).unwrap_err().code, Code::Room);
    assert_eq!(AtrBuf::from_hex(&long).unwrap_err().at, 66);
    assert_eq!(Atr::from_hex(&long, &mut [0; 34]), Ok(atr));

    let mut chain = vec![0x3B];
    chain.extend([0x80; 10_000]);
    chain.push(0);
    assert_eq!(Atr::parse(&chain).unwrap().levels().count(), 10_000);
}

#[test]
fn an_owned_atr_reads_as_the_borrowed_one() {
    for [hex, ..] in rows::<7>(STRUCTURE) {
        let bytes = bytes_of(hex);
        let Ok(owned) = AtrBuf::parse(&bytes) else {
            assert!(bytes.len() > 33);
            continue;
        };
        assert_eq!(owned.as_atr(), Atr::parse(&bytes).unwrap());
        assert_eq!(owned.to_string().parse(), Ok(owned));
        assert_eq!(owned.to_string(), hex);
        assert_eq!(format!("{owned:x}"), hex.to_lowercase());
    }
    let atr: AtrBuf = "3b800181".parse().unwrap();
    assert_eq!(format!("{atr:#}"), "3B 80 01 81");
    assert_eq!(format!("{atr:?} {:?}", atr.as_atr()), "AtrBuf(3B800181) Atr(3B800181)");
}

fn rows<const N: usize>(table: &'static str) -> impl Iterator<Item = [&'static str; N]> {
    table.lines().filter(|line| !line.starts_with('#')).map(|line| {
        let row: Vec<_> = line.split('\t').collect();
        row.try_into().expect("as many columns as the heading")
    })
}

fn hex_of(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

fn joined(names: Vec<String>) -> String {
    or_dash(names.join(","))
}

fn or_dash(text: String) -> String {
    if text.is_empty() { "-".into() } else { text }
}
