//! Serial numbers in all their spellings, and when two of them are the same card.

use cardwright_core::identity::{ByteOrder, Guid, Kind, Match, Serial};
use cardwright_core::{Code, Error};

use ByteOrder::{Rfc4122, Windows};

/// The card of the MIM CM documentation, as its `cardid` file holds it.
const CARD_ID: [u8; 16] =
    [0x69, 0x68, 0xEF, 0xD1, 0x17, 0x55, 0xA0, 0x42, 0x8F, 0x05, 0x16, 0xCA, 0x1A, 0x0B, 0x83, 0x4D];
const BRACED: &str = "{d1ef6869-5517-42a0-8f05-16ca1a0b834d}";
const BARE: &str = "d1ef6869-5517-42a0-8f05-16ca1a0b834d";
const WINDOWS_HEX: &str = "6968EFD11755A0428F0516CA1A0B834D";
const RFC4122_HEX: &str = "D1EF6869551742A08F0516CA1A0B834D";
const SWAPPED: &str = "6968efd1-1755-a042-8f05-16ca1a0b834d";

#[test]
fn a_text_is_a_guid_or_bytes_or_a_text() {
    for (text, kind) in [
        (BRACED, Kind::Guid),
        (BARE, Kind::Guid),
        ("23CADD5F-020D-4C3B-A5CA-307B7A06F9C9", Kind::Guid),
        (WINDOWS_HEX, Kind::Bytes),
        ("02A1B3C4", Kind::Bytes),
        ("02 a1 B3 c4", Kind::Bytes),
        ("02:A1:B3:C4", Kind::Bytes),
        ("02-A1-B3-C4", Kind::Bytes),
        ("23852774", Kind::Bytes),
        ("00", Kind::Bytes),
        // Half a byte, mixed separators, separators at the ends or inside a byte: nothing is guessed.
        ("3507289", Kind::Text),
        ("02 A1:B3", Kind::Text),
        ("02A1 B3C4", Kind::Text),
        ("02 A1B3", Kind::Text),
        ("02-A1-", Kind::Text),
        ("-02-A1", Kind::Text),
        ("02--A1", Kind::Text),
        ("0-2A-1", Kind::Text),
        ("0006:17654321", Kind::Text),
        ("{d1ef6869-5517-42a0-8f05-16ca1a0b834d", Kind::Text),
        ("d1ef6869-5517-42a0-8f05-16ca1a0b834d}", Kind::Text),
        ("{D1EF6869551742A08F0516CA1A0B834D}", Kind::Text),
        ("Card #0123456789ABCDEF", Kind::Text),
        ("ключ № 7", Kind::Text),
    ] {
        let serial = Serial::parse(text).unwrap();
        assert_eq!(serial.kind(), kind, "{text}");
        assert_eq!(serial.text(), (kind == Kind::Text).then_some(text));
    }
}

#[test]
fn the_same_number_is_equal_whatever_its_spelling() {
    let groups: [&[&str]; 3] = [
        &[BRACED, BARE, "{D1EF6869-5517-42A0-8F05-16CA1A0B834D}", " d1EF6869-5517-42a0-8f05-16ca1a0b834D\t"],
        &["02A1B3C4", "02a1b3c4", "02 A1 B3 C4", "02:a1:b3:c4", "02-A1-B3-C4", "  02A1B3C4 "],
        &["Card 7", " Card 7"],
    ];
    for (one_group, group) in groups.iter().enumerate() {
        for (other_group, others) in groups.iter().enumerate() {
            for (one, two) in group.iter().flat_map(|one| others.iter().map(move |two| (one, two))) {
                let same = Serial::parse(one) == Serial::parse(two);
                assert_eq!(same, one_group == other_group, "{one} and {two}");
            }
        }
    }
}

#[test]
fn a_guid_and_the_bytes_of_a_card_match_by_a_named_byte_order_only() {
    let bytes = Serial::from_bytes(&CARD_ID).unwrap();
    for (one, two, wanted) in [
        (BRACED, BARE, Some(Match::Same)),
        (BRACED, WINDOWS_HEX, Some(Match::GuidBytesWindows)),
        (BRACED, RFC4122_HEX, Some(Match::GuidBytesRfc4122)),
        (BRACED, SWAPPED, Some(Match::GuidFieldsSwapped)),
        (WINDOWS_HEX, RFC4122_HEX, Some(Match::GuidFieldsSwapped)),
        ("00000000-0000-0000-0000-000000000000", "00000000000000000000000000000000", Some(Match::GuidBytesWindows)),
        (BRACED, "{bc88f13f-83ba-4037-8262-46eba1291c6e}", None),
        (BRACED, "BC88F13F83BA4037826246EBA1291C6E", None),
        (BRACED, "02A1B3C4", None),
        (BRACED, "card", None),
        ("02A1B3C4", "02:a1:b3:c4", Some(Match::Same)),
        ("02A1B3C4", "02A1B3C5", None),
        ("02A1B3C4", "02A1B3C400", None),
        ("A1B", "A1B", Some(Match::Same)),
        ("A1B", "a1b", Some(Match::TextIgnoringCase)),
        ("A1B", "A1C", None),
    ] {
        let (one, two) = (Serial::parse(one).unwrap(), Serial::parse(two).unwrap());
        assert_eq!(one.matches(&two), wanted, "{one} and {two}");
        assert_eq!(two.matches(&one), wanted, "{two} and {one}");
        assert_eq!(one == two, wanted == Some(Match::Same), "{one} and {two}");
    }
    let guid = Serial::from_guid(Guid::from_windows_bytes(CARD_ID));
    assert_eq!(guid, Serial::parse(BRACED).unwrap());
    assert_eq!(bytes, Serial::parse(WINDOWS_HEX).unwrap());
    assert_ne!(bytes, guid);
}

#[test]
fn a_serial_is_written_in_each_spelling_and_byte_order() {
    let guid = Serial::parse(BRACED).unwrap();
    let bytes = Serial::from_bytes(&CARD_ID).unwrap();
    for (serial, order, braced, hex) in [
        (guid, Rfc4122, BRACED, RFC4122_HEX),
        (guid, Windows, BRACED, WINDOWS_HEX),
        (bytes, Windows, BRACED, WINDOWS_HEX),
        (bytes, Rfc4122, "{6968efd1-1755-a042-8f05-16ca1a0b834d}", WINDOWS_HEX),
    ] {
        let spelled = serial.braced(order).unwrap();
        assert_eq!(spelled.to_string(), braced);
        assert_eq!(spelled.upper().to_string(), braced.to_uppercase());
        assert_eq!(serial.bare(order).unwrap().to_string(), braced[1..37]);
        assert_eq!(serial.hex(order).unwrap().to_string(), hex);
        assert_eq!(serial.hex(order).unwrap().lower().to_string(), hex.to_lowercase());
        for spelled in [serial.braced(order), serial.bare(order), serial.hex(order)] {
            let spelled = spelled.unwrap();
            assert_eq!(spelled.to_string().len(), spelled.length());
            let mut room = [0; 64];
            assert_eq!(spelled.copy_to(&mut room), Some(spelled.to_string().as_str()));
            assert_eq!(spelled.copy_to(&mut room[..spelled.length() - 1]), None);
        }
    }
    let short = Serial::parse("02:a1:b3:c4").unwrap();
    assert_eq!(short.hex(Windows).unwrap().to_string(), "02A1B3C4");
    assert_eq!((short.braced(Windows), short.bare(Rfc4122), short.guid(Windows)), (None, None, None));
    let text = Serial::parse("Card 7").unwrap();
    assert_eq!((text.hex(Rfc4122), text.braced(Rfc4122), text.bytes()), (None, None, None));
}

#[test]
fn what_is_written_reads_back_equal() {
    let bytes: Vec<u8> = (0..=255).collect();
    let mut seen = 0;
    for length in 1..=32 {
        for part in bytes.chunks_exact(length) {
            let serial = Serial::from_bytes(part).unwrap();
            assert_eq!(serial.bytes(), Some(part));
            assert_eq!(Serial::parse(&serial.to_string()), Ok(serial));
            assert_eq!(Serial::parse(&serial.hex(Windows).unwrap().lower().to_string()), Ok(serial));
            seen += 1;
        }
    }
    assert!(seen > 500, "{seen}");
    for text in [BRACED, BARE, "Card 7", "A1B"] {
        let serial = Serial::parse(text).unwrap();
        assert_eq!(Serial::parse(&serial.to_string()), Ok(serial));
    }
}

#[test]
fn nothing_and_control_characters_are_no_serial() {
    for (text, at) in [("", 0), ("  \t", 0), ("12\u{0}34", 2), (" a\nb", 2), ("x\u{7f}", 1)] {
        assert_eq!(Serial::parse(text), Err(Error::new(Code::Serial, at)), "{text:?}");
    }
    assert_eq!(Serial::from_bytes(&[]).unwrap_err().code, Code::Serial);
    assert_eq!(Serial::from_bytes(&[7; 33]).unwrap_err().code, Code::Room);
}

#[test]
fn more_than_32_bytes_of_hexadecimal_are_kept_as_text() {
    let longest = "A7".repeat(32);
    assert_eq!(Serial::parse(&longest).unwrap().bytes(), Some(&[0xA7; 32][..]));
    let longer = "A7".repeat(33);
    let lower = longer.to_lowercase();
    let serial = Serial::parse(&longer).unwrap();
    assert_eq!(serial.text(), Some(longer.as_str()));
    assert_eq!(serial.matches(&Serial::parse(&lower).unwrap()), Some(Match::TextIgnoringCase));
}

#[test]
fn a_guid_has_one_text_and_two_byte_orders() {
    let guid = Guid::parse(BRACED).unwrap();
    assert_eq!(guid.to_string(), BARE);
    assert_eq!(guid.braced().to_string(), BRACED);
    assert_eq!(guid.to_windows_bytes(), CARD_ID);
    assert_eq!(guid.to_bytes(Windows), CARD_ID);
    assert_eq!(Guid::from_bytes(CARD_ID, Windows), guid);
    assert_eq!(Guid::new(guid.bytes()), guid);
    assert_eq!(format!("{guid:?}"), format!("Guid({BARE})"));
    assert!(Guid::new([0; 16]).is_nil() && !guid.is_nil());
}

#[test]
fn a_wrong_guid_is_refused_at_the_first_character_that_does_not_fit() {
    for (text, at) in [
        ("", 0),
        ("{", 1),
        ("{}", 1),
        ("d1ef6869", 8),
        ("d1ef686-95517-42a0-8f05-16ca1a0b834d", 7),
        ("d1ef6869551742a08f0516ca1a0b834d", 8),
        ("d1ef6869-5517-42a0-8f05-16ca1a0b834", 35),
        ("d1ef6869-5517-42a0-8f05-16ca1a0b834d0", 36),
        ("d1ef6869-5517-42a0-8f05-16ca1a0b834d}", 36),
        ("{d1ef6869-5517-42a0-8f05-16ca1a0b834d", 37),
        ("{d1ef6869-5517-42a0-8f05-16ca1a0b834d)", 37),
        ("{d1ef6869-5517-42a0-8f05-16ca1a0b834d} ", 38),
        ("g1ef6869-5517-42a0-8f05-16ca1a0b834d", 0),
        ("d1ef6869-5517-42a0-8f05-16ca1a0b83é", 34),
    ] {
        assert_eq!(Guid::parse(text), Err(Error::new(Code::Guid, at)), "{text}");
    }
}

#[test]
fn every_truncation_and_every_changed_byte_of_a_serial_is_read_or_refused() {
    let mut seen = 0;
    for text in [BRACED, BARE, WINDOWS_HEX, "02:A1:B3:C4", "02 A1", "Card 7"] {
        for cut in 0..=text.len() {
            seen += usize::from(inside(&text[..cut]));
            for byte in (0..text.len()).map(|at| at.min(cut)) {
                for new in 0..128_u8 {
                    let mut changed = text.as_bytes()[..cut].to_vec();
                    if let Some(place) = changed.get_mut(byte) {
                        *place = new;
                    }
                    seen += usize::from(inside(core::str::from_utf8(&changed).unwrap()));
                }
            }
        }
    }
    assert!(seen > 100_000, "{seen}");
}

/// Asks everything; says whether it is a serial.
fn inside(text: &str) -> bool {
    match Serial::parse(text) {
        Err(error) => {
            assert!(error.at <= text.len(), "{text:?}");
            false
        }
        Ok(serial) => {
            let again = serial.to_string();
            assert_eq!(serial.matches(&Serial::parse(&again).unwrap()), Some(Match::Same));
            assert_eq!(serial.guid(Windows).is_some(), serial.braced(Rfc4122).is_some());
            true
        }
    }
}
