//! A dialogue with a card that answers anything.
//!
//! The input: one byte of which the highest two bits are the interface and the others the length of
//! the ATR, the ATR, then for each command one byte of length and the answer. A length of FF is two
//! more bytes of length. What is missing is no answer.

#![no_main]

use cardwright_core::apdu::{self, BerTlvs};
use cardwright_core::identity::{Dialogue, Interface, MAX_COMMANDS, Serial, Trust, commands};
use cardwright_core::lifecycle::System;
use libfuzzer_sys::fuzz_target;

/// The makers' own commands, with the application to which each may be sent.
const VENDOR: &[(&[u8], &[u8])] = &[
    (&[0x00, 0x01, 0x10, 0x00, 0x00], &[0xA0, 0x00, 0x00, 0x05, 0x27, 0x20, 0x01]),
    (&[0x00, 0x1D, 0x00, 0x00, 0x00], &[0xA0, 0x00, 0x00, 0x05, 0x27, 0x47, 0x11, 0x17]),
    (&[0x00, 0xF8, 0x00, 0x00, 0x00], &[0xA0, 0x00, 0x00, 0x03, 0x08, 0x00, 0x00, 0x10, 0x00]),
    (&[0x00, 0x62, 0x00, 0x00, 0x10], &[0xA0, 0x00, 0x00, 0x08, 0x47, 0x00, 0x00, 0x00, 0x01]),
    (&[0x00, 0x52, 0x00, 0x00, 0x02, 0x02, 0x17, 0x17], &[0xA0, 0x00, 0x00, 0x01, 0x16, 0xDB, 0x00]),
    (TOKEN2_INFO, &[0xA0, 0x00, 0x00, 0x06, 0x47, 0x2F, 0x00, 0x01]),
    (TOKEN2_INFO, &[0xF0, 0x00, 0x00, 0x01, 0x4F, 0x74, 0x70, 0x01]),
    (&[0x80, 0xCB, 0x01, 0x14, 0x00], b"\xA0\0\0\x01dLASER\0\x01"),
    (&[0x80, 0xE4, 0x00, 0x00, 0x1C], b"\xA0\0\0\00\x29\x05\x70\0\xAD\x13\x10\x01\x01\xFF"),
];
const TOKEN2_INFO: &[u8] = b"\x80\x33\0\0\0\0\x12\xD1\x10\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
/// The applet of a Belgian identity card that has no other, by its historical bytes.
const BELGIAN: &[u8] = &[0xA5, 0x03, 0x01, 0x01, 0x01, 0xAD, 0x13];

fuzz_target!(|input: &[u8]| {
    objects(input, 0);
    let Some((first, rest)) = input.split_first() else { return };
    let interface = match first >> 6 {
        0 => Interface::Unknown,
        1 => Interface::Contact,
        _ => Interface::Contactless,
    };
    let (atr, mut rest) = rest.split_at(rest.len().min(usize::from(first & 0x3F)));
    let mut dialogue = Dialogue::new(atr, interface);
    let mut sent = 0;
    let mut selected = Vec::new();
    while let Some(command) = dialogue.command() {
        assert_eq!(dialogue.command(), Some(command));
        sent += 1;
        assert!(sent <= MAX_COMMANDS);
        let bytes = command.bytes();
        // In GET DATA (CB) and READ BINARY (B1) words come from the card; the rest is listed.
        let fixed = |bytes: &[u8]| match *bytes {
            [0x00, 0xCB, _, _, 0x04, 0x5C, 0x02, _, _, 0x00] => vec![0xCB],
            [0x00, 0xB1, 0x2F, 0x02, 0x04, 0x54, 0x02, _, _, 0x00] => vec![0xB1],
            _ => bytes.to_vec(),
        };
        assert!(commands().any(|known| fixed(known.bytes()) == fixed(bytes)), "{command}");
        let owns: Vec<_> = VENDOR.iter().filter(|(vendor, _)| *vendor == bytes).collect();
        let alone = bytes[1] == 0xE4 && atr.windows(BELGIAN.len()).any(|part| part == BELGIAN);
        let own = owns.iter().any(|(_, application)| selected == *application);
        assert!(owns.is_empty() || own || alone, "{command} after {selected:X?}");
        assert!(bytes[0] != 0x90 || atr.windows(4).any(|part| part == b"DNIe"), "{command}");
        let response = answer(&mut rest);
        if let [0x00, 0xA4, 0x04, 0x00 | 0x0C, length, name @ ..] = bytes {
            let named = apdu::data(response).map(|_| name[..usize::from(*length)].to_vec());
            selected = named.unwrap_or_default();
        }
        dialogue.answer(response);
    }
    dialogue.answer(input);
    assert_eq!(dialogue.command(), None);

    let identity = dialogue.identity();
    assert!(!identity.to_string().chars().any(char::is_control));
    for one in identity.identifiers() {
        let hidden = one.trust() == Trust::Hidden;
        assert_eq!(one.bytes().is_empty(), hidden);
        assert_eq!(one.serial().is_none(), hidden);
        assert_eq!(one.spelling().is_none(), hidden);
    }
    for system in [System::Mim, System::CertiFlow] {
        for guess in identity.guesses(system) {
            let text = guess.spelling.to_string();
            assert_eq!(text.len(), guess.spelling.length());
            assert!(Serial::parse(&text).is_ok(), "{text:?}");
        }
    }
});

fn answer<'a>(rest: &mut &'a [u8]) -> &'a [u8] {
    let (length, after) = match **rest {
        [0xFF, high, low, ref after @ ..] => (u16::from_be_bytes([high, low]).into(), after),
        [length, ref after @ ..] => (usize::from(length), after),
        [] => (0, &[][..]),
    };
    let (response, after) = after.split_at(length.min(after.len()));
    *rest = after;
    response
}

/// The values and what is not read are inside, in order, and make no more bytes than there are.
fn objects(bytes: &[u8], depth: usize) {
    let mut objects = BerTlvs::new(bytes);
    let mut values = 0;
    while let Some(object) = objects.next() {
        values += object.value.len() + 2;
        assert!(object.value.len() <= object.length as usize);
        assert!(object.is_whole() || objects.rest().is_empty());
        if object.is_constructed() && depth < 8 {
            self::objects(object.value, depth + 1);
        }
    }
    assert!(values + objects.rest().len() <= bytes.len());
}
