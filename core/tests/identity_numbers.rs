//! The numbers of cards, each with a vector that somebody printed or one that is worked out here.

use cardwright_core::identity::{AccessCard, Bits, Cplc, Digits, FascN, Format, Identifier, OpenPgpAid, Source, Trust};
use cardwright_core::{Code, Error, Named};

/// Printed by TIG SCEPACS.
const GOVERNMENT: [u8; 25] = [
    0xD0, 0x43, 0x94, 0x58, 0x21, 0x0C, 0x2C, 0x19, 0xA0, 0x84, 0x6D, 0x83, 0x68, 0x5A, 0x10, 0x82, 0x10, 0x8C, 0xE7,
    0x39, 0x84, 0x10, 0x8C, 0xA3, 0xFC,
];
/// What Yubico and PIV-I fill in. Its check symbol is A, which is no decimal digit.
const FILLER: [u8; 25] = [
    0xD4, 0xE7, 0x39, 0xDA, 0x73, 0x9C, 0xED, 0x39, 0xCE, 0x73, 0x9D, 0x83, 0x68, 0x58, 0x21, 0x08, 0x42, 0x10, 0x84,
    0x21, 0xC8, 0x42, 0x10, 0xC3, 0xEB,
];

#[test]
fn every_field_of_a_fasc_n_is_read() {
    let read = FascN::parse(&GOVERNMENT).unwrap();
    assert_eq!(
        read,
        FascN {
            agency: 32,
            system: 1,
            credential: 92446,
            series: 0,
            issue: 1,
            person: 1_112_223_333,
            category: 1,
            organization: 1223,
            association: 2
        }
    );
    assert_eq!(read.to_string(), "0032-0001-092446-0-1-1112223333-1-1223-2");
    assert_eq!(FascN::parse(&FILLER).unwrap().to_string(), "9999-9999-999999-0-1-0000000000-3-0000-1");
}

#[test]
fn every_wrong_bit_of_a_fasc_n_is_found_in_its_symbol() {
    for good in [GOVERNMENT, FILLER] {
        for bit in 0..200 {
            let mut bytes = good;
            bytes[bit / 8] ^= 0x80 >> (bit % 8);
            let error = FascN::parse(&bytes).unwrap_err();
            // One wrong bit is a wrong parity, found where its symbol of five bits begins.
            assert_eq!(error, Error { code: Code::Serial, at: bit / 5 * 5 / 8, what: "FASC-N parity" });
        }
    }
}

#[test]
fn two_wrong_bits_of_a_digit_are_found_by_the_check_symbol() {
    // The person's first digit is symbol 22, bits 110 to 114: 1 is 1000 with parity 0. Its two
    // highest bits turned are 4 with the same parity.
    let mut bytes = GOVERNMENT;
    assert_eq!((bytes[13] & 0x03, bytes[14] & 0xE0), (0b10, 0b000));
    bytes[13] ^= 0b10;
    bytes[14] ^= 0x80;
    let error = FascN::parse(&bytes).unwrap_err();
    assert_eq!(error, Error { code: Code::Serial, at: 195 / 8, what: "FASC-N check symbol" });
}

#[test]
fn a_fasc_n_without_a_number_of_its_own_is_shared() {
    // All zero digits: the default of a tool, on every card that it sets up (OpenSC pull request 3270).
    let zeros =
        *b"\xD0\x42\x10\xD8\x21\x08\x6C\x10\x84\x21\x0D\x83\x68\x58\x21\x08\x42\x10\x84\x21\xC8\x42\x10\xC3\xEB";
    assert_eq!(FascN::parse(&zeros).unwrap().to_string(), "0000-0000-000000-0-1-0000000000-3-0000-1");
    for (bytes, trust) in [(GOVERNMENT, Trust::Stable), (FILLER, Trust::Shared), (zeros, Trust::Shared)] {
        assert_eq!(Identifier::new(Source::FascN, &bytes).unwrap().trust(), trust);
    }
}

#[test]
fn a_fasc_n_has_25_bytes() {
    assert_eq!(FascN::parse(&GOVERNMENT[..24]).unwrap_err(), Error { code: Code::Short, at: 24, what: "FASC-N" });
    assert_eq!(FascN::parse(&[0; 26]).unwrap_err(), Error { code: Code::Room, at: 25, what: "FASC-N" });
}

/// Printed in a forum of Oracle (3466).
const CPLC: &str = "425032721291618107008039 0106C2BB1D3C 0000 8148 0000 8148 0000 0000 00000000 0000 0000 00000000";

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(16)).collect();
    digits.chunks(2).map(|pair| (pair[0] << 4 | pair[1]) as u8).collect()
}

#[test]
fn every_field_of_cplc_data_is_read() {
    let read = Cplc::parse(&hex(CPLC)).unwrap();
    assert_eq!((read.ic_fabricator, read.ic_type, read.os_id), (0x4250, 0x3272, 0x1291));
    assert_eq!((read.os_release_date.raw(), read.os_release_level), (0x6181, 0x0700));
    assert_eq!(read.ic_fabrication_date.year_digit_and_day(), Some((8, 39)));
    assert_eq!((read.ic_serial, read.ic_batch), (0x0106_C2BB, 0x1D3C));
    assert_eq!((read.module_fabricator, read.icc_manufacturer), (0, 0));
    assert_eq!(read.module_packaging_date, read.embedding_date);
    assert_eq!(read.embedding_date.to_string(), "???8-148");
    assert_eq!(read.to_string(), "425032721D3C0106C2BB");
    // Numbers 1 to 42 show what stands where: 1, 3, 5 … begin the fields of two bytes.
    let counted: Vec<u8> = (1..=42).collect();
    let read = Cplc::parse(&counted).unwrap();
    assert_eq!((read.ic_serial, read.ic_batch, read.module_fabricator), (0x0D0E_0F10, 0x1112, 0x1314));
    assert_eq!((read.pre_personalizer, read.pre_personalization_date.raw()), (0x1B1C, 0x1D1E));
    assert_eq!((read.pre_personalization_equipment, read.personalizer), (0x1F20_2122, 0x2324));
    assert_eq!((read.personalization_date.raw(), read.personalization_equipment), (0x2526, 0x2728_292A));
    assert_eq!(Cplc::parse(&counted[1..]).unwrap_err().code, Code::Short);
}

#[test]
fn the_decade_of_a_cplc_date_is_the_latest_that_can_be() {
    let read = Cplc::parse(&hex(CPLC)).unwrap();
    let date = read.embedding_date;
    for (latest, year) in [(2026, Some(2018)), (2028, Some(2028)), (2027, Some(2018)), (2008, Some(2008)), (7, None)] {
        assert_eq!(date.year(latest), year, "{latest}");
    }
    for raw in 0..=u16::MAX {
        let mut bytes = hex(CPLC);
        bytes[10..12].copy_from_slice(&raw.to_be_bytes());
        let date = Cplc::parse(&bytes).unwrap().ic_fabrication_date;
        let text = format!("{raw:04X}");
        let decimal = text.parse::<u16>().ok().filter(|number| (1..=366).contains(&(number % 1000)));
        assert_eq!(date.year_digit_and_day(), decimal.map(|number| ((number / 1000) as u8, number % 1000)), "{text}");
        let year = date.year(2026);
        assert_eq!(year.is_some(), decimal.is_some());
        assert!(year.is_none_or(|year| (2017..=2026).contains(&year)));
    }
}

#[test]
fn an_openpgp_identifier_tells_maker_version_and_serial() {
    // What jcecard 0.1 answers.
    let read = OpenPgpAid::parse(&hex("D2760001240103040000000000010000")).unwrap();
    assert_eq!((read.version, read.manufacturer, read.serial), (0x0304, 0, 1));
    assert_eq!(read.to_string(), "0000:00000001");
    // Yubico (0006) writes decimal digits: worked out from the rule, as are the rest.
    let yubico = OpenPgpAid::parse(&hex("D2760001240103040006176543210000")).unwrap();
    assert_eq!((yubico.serial, yubico.printed_serial()), (0x1765_4321, 17_654_321));
    let not_decimal = OpenPgpAid { serial: 0x00A0_0001, ..yubico };
    assert_eq!(not_decimal.printed_serial(), 0x00A0_0001);
    let other = OpenPgpAid { manufacturer: 5, ..yubico };
    assert_eq!(other.printed_serial(), 0x1765_4321);
    assert_eq!(OpenPgpAid::parse(&hex("D2760001240203040000000000010000")).unwrap_err().code, Code::Serial);
    assert_eq!(OpenPgpAid::parse(&[0xD2; 15]).unwrap_err().code, Code::Short);
    assert_eq!(OpenPgpAid::parse(&[0xD2; 17]).unwrap_err().code, Code::Room);
}

#[test]
fn digits_are_read_turned_round_or_straight_and_checked() {
    for number in ["89014103211118510720", "8949222074451242066"] {
        let filled = format!("{number:F<20}");
        let swapped: String = filled.as_bytes().chunks(2).flat_map(|pair| [pair[1] as char, pair[0] as char]).collect();
        let read = Digits::from_swapped_bcd(&hex(&swapped)).unwrap();
        assert_eq!(read.to_string(), number);
        assert_eq!(Digits::from_bcd(&hex(&filled)), Some(read));
        assert!(read.luhn());
        // Each wrong digit is found.
        for at in 0..number.len() {
            for digit in b'0'..=b'9' {
                let mut wrong = filled.clone().into_bytes();
                let same = wrong[at] == digit;
                wrong[at] = digit;
                let wrong = Digits::from_bcd(&hex(core::str::from_utf8(&wrong).unwrap())).unwrap();
                assert_eq!(wrong.luhn(), same, "{wrong}");
            }
        }
    }
    // Printed by OpenSC for IAS ECC.
    assert_eq!(Digits::from_bcd(&hex("9250002010102500013F")).unwrap().to_string(), "9250002010102500013");
    for wrong in ["", "FF", "1F2F", "1A", "F1", "012345678901234567890123"] {
        assert_eq!(Digits::from_bcd(&hex(wrong)), None, "{wrong}");
    }
    for number in [0, 9, 10, 23_852_774, 3_507_289, 10_000_000_000_000_000_000, u64::MAX] {
        assert_eq!(Digits::from_number(number).to_string(), number.to_string());
    }
}

/// `text` is what the readings say, those with wrong parity in brackets.
fn readings(bits: Bits) -> Vec<String> {
    let write = |card: AccessCard| if card.parity { card.to_string() } else { format!("[{card}]") };
    bits.readings().map(write).collect()
}

#[test]
fn an_h10301_number_is_read_as_it_is_printed() {
    // Printed by Proxmark3, and by HID for its OMNIKEY readers.
    let bits = Bits::new(0b00_0001_0100_0000_1001_0100_1001, 26).unwrap();
    assert_eq!(readings(bits), ["H10301 10-1188"]);
    assert_eq!(Bits::from_pacs(&hex("0605025240")), Some(bits));
    for wrong in ["", "06", "0805025240", "0605025241", "00112233445566778899"] {
        assert_eq!(Bits::from_pacs(&hex(wrong)), None, "{wrong}");
    }
    for (value, length) in [(1 << 26, 26), (0, 0), (0, 65)] {
        assert_eq!(Bits::new(value, length), None);
    }
}

/// The lengths of the fields and, in the vendors' words, over which bits each parity goes. Bit 0 is
/// the first on the wire; a parity bit is not among those it goes over.
type Rule = (Format, u8, u8, u8, &'static [(u8, fn(u8) -> bool, u32)]);

const RULES: &[Rule] = &[
    (Format::H10301, 26, 8, 16, &[(0, |bit| matches!(bit, 1..=12), 0), (25, |bit| matches!(bit, 13..=24), 1)]),
    (Format::D10202, 33, 7, 24, &[(0, |bit| matches!(bit, 1..=16), 0), (32, |bit| matches!(bit, 16..=31), 1)]),
    (Format::H10306, 34, 16, 16, &[(0, |bit| matches!(bit, 1..=16), 0), (33, |bit| matches!(bit, 17..=32), 1)]),
    (
        Format::Corporate35,
        35,
        12,
        20,
        &[
            (1, |bit| bit > 1 && bit < 34 && bit % 3 != 1, 0),
            (34, |bit| bit > 0 && bit < 34 && bit % 3 != 0, 1),
            (0, |bit| bit > 0, 1),
        ],
    ),
    (Format::H10302, 37, 0, 35, &[(0, |bit| matches!(bit, 1..=18), 0), (36, |bit| matches!(bit, 18..=35), 1)]),
    (Format::H10304, 37, 16, 19, &[(0, |bit| matches!(bit, 1..=18), 0), (36, |bit| matches!(bit, 18..=35), 1)]),
    (
        Format::Corporate48,
        48,
        22,
        23,
        &[
            (1, |bit| bit > 1 && bit < 47 && bit % 3 != 2, 0),
            (47, |bit| bit > 1 && bit < 47 && bit % 3 != 1, 1),
            (0, |bit| bit > 0, 1),
        ],
    ),
];

#[test]
fn every_format_reads_what_its_rule_writes() {
    let mut seen = 0;
    for (format, length, facility_bits, card_bits, parities) in RULES.iter().copied() {
        for sample in 0..200_u64 {
            let random =
                sample.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29) ^ sample.wrapping_mul(0xD134_2543_DE82_EF95);
            let facility = random & ((1 << facility_bits) - 1);
            let card = random >> 20 & ((1 << card_bits) - 1);
            // The facility's and the card's bits come last before the last parity bit.
            let mut value = facility << (card_bits + 1) | card << 1;
            let bit = |value: u64, index: u8| value >> (length - 1 - index) & 1;
            for (at, over, odd) in parities {
                let ones = (0..length).filter(|index| over(*index) && bit(value, *index) == 1).count() as u32;
                value |= u64::from(ones & 1 ^ odd) << (length - 1 - at);
            }
            let wanted =
                AccessCard { format, facility: (facility_bits > 0).then_some(facility as u32), card, parity: true };
            let bits = Bits::new(value, length).unwrap();
            assert!(bits.readings().any(|read| read == wanted), "{wanted}: {:?}", readings(bits));
            for wrong in 0..length {
                let bits = Bits::new(value ^ 1 << wrong, length).unwrap();
                let read = bits.readings().find(|read| read.format == format).unwrap();
                assert!(!read.parity, "{wanted}, bit {wrong}");
            }
            seen += 1;
        }
    }
    assert!(seen > 1000, "{seen}");
}

#[test]
fn an_h10320_number_is_eight_decimal_digits_with_column_parities() {
    // 1, the digits 12345678, and for the columns 8, 4, 2, 1: the digit 8 is one 8 (even: 1), 4 5 6
    // 7 are four 4s (odd: 1), 2 3 6 7 are four 2s (even: 0), 1 3 5 7 are four 1s (even: 0).
    let bits = Bits::new(0x11_2345_678C, 37).unwrap();
    assert!(readings(bits).contains(&"H10320 12345678".to_owned()), "{:?}", readings(bits));
    let other = Bits::new(0x11_2345_67AC, 37).unwrap();
    assert!(other.readings().all(|read| read.format != Format::H10320));
}

#[test]
fn all_formats_are_there_and_none_twice() {
    let found: Vec<_> =
        (1..=64).flat_map(|length| Bits::new(0, length).unwrap().readings()).map(|read| read.format).collect();
    let mut sorted = found.clone();
    sorted.sort_by_key(|format| Format::ALL.iter().position(|one| one == format));
    assert_eq!(sorted, Format::ALL);
}

#[test]
fn a_uid_is_one_cards_alone_if_it_is_long_and_nobody_fills_it_in() {
    for (bytes, trust) in [
        ("08A1B2C3", Trust::Random),
        ("0FA1B2C3", Trust::Shared),
        ("88A1B2C3", Trust::Shared),
        ("A1B2C3D4", Trust::Stable),
        ("01020304", Trust::Shared),
        ("DEADBEEF", Trust::Shared),
        ("08112233445566", Trust::Stable),
        ("04A1B2C3D4E580", Trust::Stable),
        // What cards with a rewritable UID leave the factory with.
        ("04010203040506", Trust::Shared),
        ("04112233445566", Trust::Shared),
        ("01020304050607", Trust::Shared),
        ("04040404040404", Trust::Shared),
        ("04000000000000", Trust::Shared),
    ] {
        assert_eq!(Identifier::new(Source::Uid, &hex(bytes)).unwrap().trust(), trust, "{bytes}");
    }
    for wrong in ["", "08A1B2", "00000000", "FFFFFFFF", "0102030405060708090A0B"] {
        assert_eq!(Identifier::new(Source::Uid, &hex(wrong)), None, "{wrong}");
    }
}

#[test]
fn numbers_that_tools_and_makers_fill_in_are_shared() {
    let cplc = |serial: &str| format!("4790D321470000000000 0000 {serial} 4567 {}", "00".repeat(24)).replace(' ', "");
    for (source, bytes, trust) in [
        (Source::ChuidGuid, "11111111111111111111111111111111", Some(Trust::Shared)),
        (Source::ChuidGuid, "00000000000000000000000000000000", None),
        (Source::ChuidGuid, "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF", None),
        (Source::ChuidGuid, "00000000000040008000000000000000", Some(Trust::Shared)),
        (Source::ChuidGuid, "FFFFFFFFFFFF4FFFBFFFFFFFFFFFFFFF", Some(Trust::Shared)),
        (Source::ChuidGuid, "00000000000040008000000000000001", Some(Trust::Stable)),
        (Source::CardId, "00000000000000408000000000000000", Some(Trust::Shared)),
        (Source::CardId, "ABABABABABABABABABABABABABABABAB", Some(Trust::Shared)),
        (Source::CardId, "6968EFD11755A0428F0516CA1A0B834D", Some(Trust::Stable)),
        // yubico-piv-tool, lib/util.c: the template, and the template with a number in it.
        (Source::CacCuid, "A000000116FF020000000000000000000000000000", Some(Trust::Shared)),
        (Source::CacCuid, "A000000116FF0227C13A5D9E0482B6F1D3A7C5E9B0", Some(Trust::Stable)),
        (Source::CacCuid, "A000000116FF02000000", Some(Trust::Shared)),
        (Source::CacCuid, "A000000116FF02000102", Some(Trust::Stable)),
        (Source::Cplc, &cplc("00000000"), Some(Trust::Shared)),
        (Source::Cplc, &cplc("FFFFFFFF"), Some(Trust::Shared)),
        (Source::Cplc, &cplc("01020304"), Some(Trust::Shared)),
        (Source::Cplc, &cplc("12345678"), Some(Trust::Shared)),
        (Source::Cplc, &cplc("0106C2BB"), Some(Trust::Stable)),
        (Source::Cplc, &"00".repeat(42), None),
        (Source::Cplc, &"FF".repeat(42), None),
        (Source::Cin, "0000000000000000", None),
        (Source::Cin, "0102030405060708", Some(Trust::Shared)),
        (Source::Cin, "1234567890ABCDEF", Some(Trust::Stable)),
        (Source::Cin, "AA", None),
        (Source::Cin, "12AB", None),
        (Source::Iccsn, "8027", None),
        (Source::Iin, "0123456F", Some(Trust::Shared)),
        (Source::Iccid, "00000000000000000000", None),
        (Source::Iccid, "980000000000000000F7", Some(Trust::Shared)),
        (Source::Iccid, "981014301211811570 02", Some(Trust::Stable)),
        (Source::Iccsn, "80276000000000000000", Some(Trust::Shared)),
        (Source::Iccsn, "80276883110000123456", Some(Trust::Stable)),
        (Source::OpenPgpAid, "D2760001240103040005000000000000", Some(Trust::Shared)),
        (Source::OpenPgpAid, "D276000124010304FFFE12A4B6C80000", Some(Trust::Shared)),
        (Source::OpenPgpAid, "D276000124010304000500001A2B0000", Some(Trust::Stable)),
        (Source::OpenPgpAid, "A0000001240103040005000012340000", None),
        (Source::Nitrokey, "00000000000000000000000000000000", None),
        (Source::Solo, "42424242424242424242424242424242", Some(Trust::Shared)),
        (Source::Solo, "00000000000000000000000000000001", Some(Trust::Shared)),
        (Source::Nitrokey, "000102030405060708090A0B0C0D0E0F", Some(Trust::Shared)),
        (Source::Nitrokey, "A1B2C3D4E5F60718293A4B5C6D7E8F90", Some(Trust::Stable)),
        (Source::ChuidGuid, "00112233445566778899AABBCCDDEEFF", Some(Trust::Shared)),
        (Source::ChuidGuid, "00000000000000000000000000000001", Some(Trust::Shared)),
        // The text counts, whose bytes Windows swaps.
        (Source::CardId, "33221100554477668899AABBCCDDEEFF", Some(Trust::Shared)),
        (Source::CardId, "0102030405060708090A0B0C0D0E0F10", Some(Trust::Shared)),
        (Source::Token2, "38383838383838383838", Some(Trust::Shared)),
        (Source::Token2, "12345678", Some(Trust::Stable)),
        (Source::Token2, "1234567A", None),
        (Source::JaCarta, "0B53002139317146", Some(Trust::Stable)),
        (Source::JaCarta, "FFFFFFFFFFFFFFFF", None),
    ] {
        let found = Identifier::new(source, &hex(bytes)).map(|one| one.trust());
        assert_eq!(found, trust, "{} {bytes}", source.name());
    }
}

#[test]
fn a_fasc_n_with_a_field_that_nobody_was_given_is_shared() {
    // Agency, system, credential, credential series, issue, person, category, organisation, association.
    for (fields, trust) in [
        ("0032 0001 092446 0 1 1112223333 1 1223 2", Trust::Stable),
        ("0000 0001 092446 0 1 1112223333 1 1223 2", Trust::Shared),
        ("9999 0001 092446 0 1 1112223333 1 1223 2", Trust::Shared),
        ("0032 0001 000000 0 1 1112223333 1 1223 2", Trust::Shared),
        ("0032 0001 999999 0 1 1112223333 1 1223 2", Trust::Shared),
        ("0000 0000 000000 0 0 0000000000 0 0000 0", Trust::Shared),
        ("9999 9999 999999 9 9 9999999999 9 9999 9", Trust::Shared),
    ] {
        let bytes = fasc_n(fields);
        assert!(FascN::parse(&bytes).is_ok(), "{fields}");
        assert_eq!(Identifier::new(Source::FascN, &bytes).unwrap().trust(), trust, "{fields}");
    }
    assert_eq!(fasc_n("0032 0001 092446 0 1 1112223333 1 1223 2"), GOVERNMENT);
}

/// A FASC-N of its fields: five bits for each sign, the lowest first and then an odd parity; separators after
/// agency, system, credential, series and issue; what adds up to nothing at the end (TIG SCEPACS 2.2, table 4).
fn fasc_n(fields: &str) -> Vec<u8> {
    let mut signs = vec![0x0B];
    for (field, digits) in fields.split(' ').enumerate() {
        signs.extend(digits.bytes().map(|digit| digit - b'0'));
        if field < 5 {
            signs.push(0x0D);
        }
    }
    signs.push(0x0F);
    signs.push(signs.iter().fold(0, |sum, sign| sum ^ sign));
    let mut bits = String::new();
    for sign in signs {
        let low_first: String = (0..4).map(|bit| if sign >> bit & 1 == 1 { '1' } else { '0' }).collect();
        let parity = if low_first.matches('1').count().is_multiple_of(2) { '1' } else { '0' };
        bits += &low_first;
        bits.push(parity);
    }
    bits.as_bytes().chunks(8).map(|byte| u8::from_str_radix(std::str::from_utf8(byte).unwrap(), 2).unwrap()).collect()
}

#[test]
fn a_personal_number_is_masked_but_for_its_last_two_signs() {
    for (source, bytes, shown, masked) in [
        (Source::EstEid, "415330313233343536", "AS0123456", "*******56"),
        (Source::Dnie, "0669A1B2C3D4E5", "0669A1B2C3D4E5", "************E5"),
        (
            Source::ChuidGuid,
            "00112233445566778899AABBCCDDEEFF",
            "00112233-4455-6677-8899-aabbccddeeff",
            "********-****-****-****-**********ff",
        ),
    ] {
        let one = Identifier::new(source, &hex(bytes)).unwrap();
        assert_eq!((one.to_string().as_str(), one.masked().to_string().as_str()), (shown, masked));
    }
    let personal: Vec<_> = Source::ALL.iter().filter(|source| source.is_personal()).map(|one| one.name()).collect();
    assert_eq!(personal.len(), 5, "{personal:?}");
}

#[test]
fn an_identifier_of_any_bytes_keeps_them_or_is_refused() {
    let mut kept = 0;
    for source in Source::ALL.iter().copied() {
        for length in 0..64 {
            for seed in 0..8_u8 {
                let bytes: Vec<u8> =
                    (0..length).map(|at: u8| at.wrapping_mul(37).wrapping_add(seed * 31) | 0x30).collect();
                let Some(one) = Identifier::new(source, &bytes) else { continue };
                assert!(one.bytes().len() <= Identifier::ROOM);
                let turned = matches!(source, Source::Rutoken | Source::SmartCardHsm | Source::Token2);
                assert!(turned || one.bytes() == bytes, "{one:?}");
                assert_eq!(one.serial().is_some(), one.trust() != Trust::Hidden);
                assert_eq!(one.spelling().is_some(), one.trust() != Trust::Hidden);
                assert!(!one.to_string().is_empty());
                kept += 1;
            }
        }
    }
    assert!(kept > 500, "{kept}");
}
