//! A dialogue over a session with a card that answers anything, and a reader between that passes it on.
//!
//! The input: one byte of which the highest two bits are the protocol and the others the length of the
//! ATR, the ATR, then for each exchange one byte of length and the answer. A length of FF is two more
//! bytes of length. What is missing is no answer.

#![no_main]

use cardwright_core::identity::MAX_COMMANDS;
use cardwright_core::lifecycle::System;
use cardwright_reader::{Protocol, identify_over};
use libfuzzer_sys::fuzz_target;

/// The bytes that one command's answer may have; the session takes no more, however many it needs.
const ROOM: usize = cardwright_core::identity::RESPONSE_ROOM;

fuzz_target!(|input: &[u8]| {
    let Some((first, rest)) = input.split_first() else { return };
    let protocol = match first >> 6 {
        0 => Protocol::T0,
        1 => Protocol::Raw,
        _ => Protocol::T1,
    };
    let (atr, mut rest) = rest.split_at(rest.len().min(usize::from(first & 0x3F)));
    let mut exchanges = 0;
    let found = identify_over(protocol, atr, |command| {
        exchanges += 1;
        // Each exchange after the first of a command brings a byte at least, or repeats it once.
        assert!(exchanges <= MAX_COMMANDS * (ROOM + 2), "it does not end");
        assert!((4..=261).contains(&command.len()), "{command:02X?}");
        assert!(protocol != Protocol::T0 || command.len() == 5 + usize::from(command[4]) || command.len() == 5);
        answer(&mut rest)
    });
    let Ok(identity) = found else { return };
    assert!(!identity.to_string().chars().any(char::is_control));
    let guesses = [System::Mim, System::CertiFlow].map(|system| identity.guesses(system).count());
    assert!(identity.identifiers().next().is_some() || guesses == [0, 0]);
});

fn answer(rest: &mut &[u8]) -> Vec<u8> {
    let (length, after) = match **rest {
        [0xFF, high, low, ref after @ ..] => (u16::from_be_bytes([high, low]).into(), after),
        [length, ref after @ ..] => (usize::from(length), after),
        [] => (0, &[][..]),
    };
    let (response, after) = after.split_at(length.min(after.len()));
    *rest = after;
    response.to_vec()
}
