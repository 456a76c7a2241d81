//! Commands that only read, answers, and BER-TLV.

use cardwright_core::apdu::{self, BerTlv, BerTlvs, Read};
use cardwright_core::identity::commands;

/// The interindustry instructions that change nothing (ISO/IEC 7816-4:2020, table 5): SELECT, READ
/// BINARY, READ RECORD, GET DATA.
const READING: [u8; 6] = [0xA4, 0xB0, 0xB1, 0xB2, 0xCA, 0xCB];
/// The makers' own, each with the command that must stand before it.
const VENDOR: &[(&str, &str)] = &[
    ("0001100000", "00A4040007A000000527200100"),
    ("001D000000", "00A4040008A00000052747111700"),
    ("00F8000000", "00A4040009A0000003080000100000"),
    ("0062000010", "00A4040009A0000008470000000100"),
    ("0052000002021717", "00A4040007A000000116DB0000"),
    ("80330000000012D11000000000000000000000000000000000", "00A4040008A0000006472F000100"),
    ("80330000000012D11000000000000000000000000000000000", "00A4040008F00000014F74700100"),
    ("80CB011400", "00A404000CA0000001644C41534552000100"),
    ("80E400001C", "00A4040C0FA00000003029057000AD13100101FF"),
];
/// Those that stand where the ATR says that the card has one application only.
const ALONE: [&str; 2] = ["80E400001C", "90B8000007"];

#[test]
fn every_command_of_a_dialogue_reads_and_a_makers_own_follows_its_application() {
    let all: Vec<String> = commands().map(|command| command.to_string()).collect();
    let mut selected = "";
    let mut alones: std::collections::BTreeSet<&str> = ALONE.into();
    for command in &all {
        let bytes: Vec<u8> =
            (0..command.len()).step_by(2).map(|at| u8::from_str_radix(&command[at..at + 2], 16).unwrap()).collect();
        println!("{command}");
        let owns: Vec<_> = VENDOR.iter().filter(|(vendor, _)| vendor == command).collect();
        if !owns.is_empty() || ALONE.contains(&command.as_str()) {
            let own = owns.iter().any(|(_, application)| *application == selected);
            assert!(own || alones.remove(command.as_str()), "{command} after {selected}");
            continue;
        }
        if bytes[0] == 0xFF {
            assert_eq!(bytes, [0xFF, 0xCA, 0x00, 0x00, 0x00]);
            continue;
        }
        assert!(matches!(bytes[0], 0x00 | 0x80 | 0xA0), "{command}");
        assert!(READING.contains(&bytes[1]), "{command}");
        if bytes[1] == 0xA4 && bytes[2] == 0x04 {
            selected = command;
        }
    }
    assert!(all.len() > 30, "{}", all.len());
    assert!(alones.is_empty(), "{alones:?}");
    for (vendor, _) in VENDOR {
        assert!(all.iter().any(|command| command == vendor), "{vendor}");
    }
}

#[test]
fn only_whole_commands_that_read_are_made() {
    const GOOD: &[&[u8]] = &[
        &[0x00, 0xA4, 0x00, 0x0C],
        &[0x00, 0xA4, 0x04, 0x00, 0x00],
        &[0x00, 0xA4, 0x04, 0x00, 0x02, 0xA0, 0x00],
        &[0x00, 0xA4, 0x04, 0x00, 0x02, 0xA0, 0x00, 0x00],
        &[0x00, 0xB0, 0x00, 0x00, 0x00],
        &[0x00, 0xB2, 0x01, 0x04, 0x00],
        &[0xFF, 0xCA, 0x01, 0x00, 0x00],
    ];
    for good in GOOD {
        assert_eq!(Read::new(good).map(Read::bytes), Some(*good));
    }
    const BAD: &[&[u8]] = &[
        &[],
        // The master file is selected by nothing, an application is not.
        &[0x00, 0xA4, 0x04, 0x00],
        &[0x00, 0xA4, 0x00, 0x00],
        &[0x00, 0xA4, 0x04, 0x00, 0x02, 0xA0],
        &[0x00, 0xA4, 0x04, 0x00, 0x02, 0xA0, 0x00, 0x00, 0x00],
        // VERIFY, CHANGE REFERENCE DATA, RESET RETRY COUNTER, authentication, UPDATE, ERASE, PUT.
        &[0x00, 0x20, 0x00, 0x80, 0x00],
        &[0x00, 0x24, 0x00, 0x80, 0x00],
        &[0x00, 0x2C, 0x00, 0x80, 0x00],
        &[0x00, 0x82, 0x00, 0x00, 0x00],
        &[0x00, 0x88, 0x00, 0x00, 0x00],
        &[0x00, 0xD6, 0x00, 0x00, 0x00],
        &[0x00, 0x0E, 0x00, 0x00, 0x00],
        &[0x00, 0xDA, 0x00, 0x00, 0x00],
        &[0x00, 0xDB, 0x3F, 0xFF, 0x00],
        &[0x80, 0xE4, 0x00, 0x00, 0x00],
        // Secure messaging, chaining, other channels, another of the reader's own.
        &[0x0C, 0xB0, 0x00, 0x00, 0x00],
        &[0x10, 0xCA, 0x00, 0x00, 0x00],
        &[0x01, 0xB0, 0x00, 0x00, 0x00],
        &[0xFF, 0x82, 0x00, 0x00, 0x00],
    ];
    for bad in BAD {
        assert_eq!(Read::new(bad), None, "{bad:X?}");
    }
}

#[test]
fn no_other_instruction_can_be_made() {
    // Leaked once, because a command is a constant.
    let mut made = 0;
    for cla in 0..=255 {
        for ins in 0..=255 {
            let apdu: &'static [u8] = Box::leak(Box::new([cla, ins, 0x00, 0x00, 0x00]));
            if Read::new(apdu).is_some() {
                assert!(READING.contains(&ins), "{apdu:X?}");
                made += 1;
            }
        }
    }
    // SELECT and READ BINARY of 00 and A0, READ RECORD of 00, GET DATA of 00 and 80, FF CA.
    assert_eq!(made, 8);
}

#[test]
fn an_answer_has_data_when_it_reports_success() {
    for (response, data) in [
        (&[0x01, 0x90, 0x00][..], Some(&[0x01][..])),
        (&[0x90, 0x00], Some(&[])),
        (&[0x01, 0x61, 0x10], Some(&[0x01])),
        (&[0x01, 0x62, 0x82], Some(&[0x01])),
        (&[0x6A, 0x82], None),
        (&[0x63, 0xC3], None),
        (&[0x90], None),
        (&[], None),
    ] {
        assert_eq!(apdu::data(response), data, "{response:X?}");
    }
}

#[test]
fn data_objects_are_taken_apart() {
    // Tags of one, two, three bytes; lengths short, 81, 82; padding before, between and after.
    let mut bytes = vec![0x00, 0x5A, 0x01, 0x11, 0xFF, 0x9F, 0x7F, 0x00, 0x5F, 0xC1, 0x02, 0x81, 0x80];
    bytes.extend([0x22; 128]);
    bytes.extend([0x53, 0x82, 0x01, 0x00]);
    bytes.extend([0x33; 256]);
    bytes.push(0x00);
    let read: Vec<_> = BerTlvs::new(&bytes).map(|object| (object.tag, object.length, object.is_whole())).collect();
    assert_eq!(read, [(0x5A, 1, true), (0x9F7F, 0, true), (0x5F_C102, 128, true), (0x53, 256, true)]);
    let nested = BerTlvs::new(&[0x7F, 0x21, 0x04, 0x5F, 0x20, 0x01, 0x41]).next().unwrap();
    assert!(nested.is_constructed());
    let inner: Vec<_> = nested.objects().collect();
    assert_eq!(inner, [BerTlv { tag: 0x5F20, length: 1, value: b"A" }]);
    assert!(!inner[0].is_constructed());
}

#[test]
fn what_is_no_data_object_ends_the_chain_and_a_cut_one_says_so() {
    for (bytes, count) in [
        (&[][..], 0),
        (&[0x00, 0xFF, 0x00], 0),
        (&[0x5A], 0),
        (&[0x5F], 0),
        (&[0x5F, 0xC1], 0),
        (&[0x5F, 0xC1, 0x82, 0x01, 0x00], 0),
        (&[0x5A, 0x80, 0x00, 0x00], 0),
        (&[0x5A, 0x85, 0x00, 0x00, 0x00, 0x00, 0x00], 0),
        (&[0x5A, 0x82, 0x01], 0),
        (&[0x5A, 0x84, 0xFF, 0xFF, 0xFF, 0xFF, 0x01], 1),
        (&[0x5A, 0x02, 0x01], 1),
    ] {
        let mut objects = BerTlvs::new(bytes);
        let read: Vec<_> = objects.by_ref().collect();
        assert_eq!(read.len(), count, "{bytes:X?}");
        assert!(read.iter().all(|object| !object.is_whole() && object.value == [0x01]));
        assert_eq!(objects.next(), None);
    }
}
