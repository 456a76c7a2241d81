//! Exchanges against a script: what must be sent, and what comes back.

use super::*;

const T1: Card = Card { protocol: Protocol::T1, capabilities: None };

fn says(chaining: bool, extended: bool) -> Card {
    Card { protocol: Protocol::T1, capabilities: Some(Capabilities { chaining, extended }) }
}

/// Sends a command to a card that expects these commands and gives these answers.
fn run(command: &[u8], card: Card, script: &[(&[u8], &[u8])]) -> Result<Vec<u8>, Code> {
    let mut script = script.iter();
    let mut response = [0; 600];
    let length = exchange(
        command,
        &mut response,
        card,
        |sent, _| {
            let (expected, answer) = script.next().unwrap_or_else(|| panic!("not expected: {sent:02X?}"));
            assert_eq!(sent.as_slice(), *expected);
            Ok(answer.to_vec())
        },
        |code| code,
    );
    assert_eq!(script.next(), None, "not sent");
    length.map(|length| response[..length].to_vec())
}

#[test]
fn the_rest_of_an_answer_is_fetched() {
    let got = run(
        &[0x00, 0xCB, 0x3F, 0xFF, 0x00],
        T1,
        &[
            (&[0x00, 0xCB, 0x3F, 0xFF, 0x00], &[1, 2, 0x61, 0x02]),
            (&[0x00, 0xC0, 0x00, 0x00, 0x02], &[3, 4, 0x61, 0x00]),
            (&[0x00, 0xC0, 0x00, 0x00, 0x00], &[5, 0x90, 0x00]),
        ],
    );
    assert_eq!(got, Ok(vec![1, 2, 3, 4, 5, 0x90, 0x00]));
}

#[test]
fn get_response_stays_on_the_logical_channel() {
    for (cla, expected) in [(0x02, 0x02), (0x1E, 0x02), (0x80, 0x00), (0x81, 0x01), (0x45, 0x45), (0x75, 0x45)] {
        let script: [(&[u8], &[u8]); 2] =
            [(&[cla, 0xA4, 4, 0, 0], &[0x61, 0x01]), (&[expected, 0xC0, 0, 0, 1], &[7, 0x90, 0])];
        assert_eq!(run(&[cla, 0xA4, 4, 0, 0], T1, &script), Ok(vec![7, 0x90, 0]), "{cla:02X}");
    }
}

#[test]
fn a_wrong_le_is_corrected_once() {
    let got = run(
        &[0x00, 0xB0, 0x00, 0x00, 0x00],
        T1,
        &[(&[0, 0xB0, 0, 0, 0], &[0x6C, 0x02]), (&[0, 0xB0, 0, 0, 2], &[8, 9, 0x90, 0])],
    );
    assert_eq!(got, Ok(vec![8, 9, 0x90, 0]));
    let twice = run(&[0, 0xB0, 0, 0, 0], T1, &[(&[0, 0xB0, 0, 0, 0], &[0x6C, 2]), (&[0, 0xB0, 0, 0, 2], &[0x6C, 3])]);
    assert_eq!(twice, Ok(vec![0x6C, 3]));
    let extended = run(
        &[0, 0xB0, 0, 0, 0, 0, 0],
        T1,
        &[(&[0, 0xB0, 0, 0, 0, 0, 0], &[0x6C, 0]), (&[0, 0xB0, 0, 0, 0, 1, 0], &[0x90, 0])],
    );
    assert_eq!(extended, Ok(vec![0x90, 0]));
    let asks_for_nothing = run(&[0, 0xA4, 0, 0], T1, &[(&[0, 0xA4, 0, 0], &[0x6C, 2])]);
    assert_eq!(asks_for_nothing, Ok(vec![0x6C, 2]));
}

#[test]
fn t_0_has_p3_and_never_two_lengths() {
    let t0 = Card { protocol: Protocol::T0, capabilities: None };
    assert_eq!(run(&[0, 0x0C, 0, 0], t0, &[(&[0, 0x0C, 0, 0, 0], &[0x90, 0])]), Ok(vec![0x90, 0]));
    let case_4 = run(
        &[0, 0xA4, 4, 0, 2, 0x3F, 0, 0],
        t0,
        &[(&[0, 0xA4, 4, 0, 2, 0x3F, 0], &[0x61, 1]), (&[0, 0xC0, 0, 0, 1], &[5, 0x90, 0])],
    );
    assert_eq!(case_4, Ok(vec![5, 0x90, 0]));
}

#[test]
fn long_data_goes_as_the_card_takes_it() {
    let mut extended = vec![0, 0xDB, 0x3F, 0xFF, 0, 0x01, 0x2C];
    extended.extend([7; 300]);
    extended.extend([0, 0]);
    for card in [T1, says(true, true), says(false, true), says(false, false)] {
        assert_eq!(run(&extended, card, &[(&extended, &[0x90, 0])]), Ok(vec![0x90, 0]));
    }
    let first = [&[0x10, 0xDB, 0x3F, 0xFF, 255][..], &[7; 255]].concat();
    let second = [&[0x00, 0xDB, 0x3F, 0xFF, 45][..], &[7; 45], &[0]].concat();
    let chained = run(&extended, says(true, false), &[(&first, &[0x90, 0]), (&second, &[1, 0x90, 0])]);
    assert_eq!(chained, Ok(vec![1, 0x90, 0]));
    let refused = run(&extended, says(true, false), &[(&first, &[0x68, 0x84])]);
    assert_eq!(refused, Ok(vec![0x68, 0x84]));
}

#[test]
fn what_fits_a_short_command_goes_short_to_a_card_without_extended_length() {
    let got =
        run(&[0, 0xCB, 0, 0, 0, 0, 2, 8, 9, 0, 0], says(false, false), &[(&[0, 0xCB, 0, 0, 2, 8, 9, 0], &[0x90, 0])]);
    assert_eq!(got, Ok(vec![0x90, 0]));
}

#[test]
fn what_is_no_apdu_is_sent_as_it_is() {
    for command in [&[][..], &[1], &[0, 0xA4, 0, 0, 5, 1], &[0, 0xA4, 0, 0, 0, 0, 0, 0], &[0, 0xA4, 0, 0, 1, 1, 1, 1]] {
        assert_eq!(run(command, says(true, false), &[(command, &[0x6F, 0])]), Ok(vec![0x6F, 0]));
    }
}

#[test]
fn an_answer_that_is_none_is_an_error() {
    let command = [0, 0xA4, 4, 0];
    assert_eq!(run(&command, T1, &[(&command, &[])]), Err(Code::CardAnswer));
    assert_eq!(run(&command, T1, &[(&command, &[0x90])]), Err(Code::CardAnswer));
    let endless = run(&command, T1, &[(&command, &[0x61, 1]), (&[0, 0xC0, 0, 0, 1], &[0x61, 1])]);
    assert_eq!(endless, Err(Code::CardAnswer));
    assert_eq!(run(&command, T1, &[(&command, &[1; 700])]), Err(Code::Room));
}

#[test]
fn an_answer_that_never_ends_fills_the_buffer_and_no_more() {
    let mut asked = 0;
    let mut response = [0; 1000];
    let done = exchange(
        &[0, 0xCB, 0, 0, 0],
        &mut response,
        T1,
        |_, _| {
            asked += 1;
            Ok(vec![7, 0x61, 0x00])
        },
        |code: Code| code,
    );
    assert_eq!((done, asked), (Err(Code::Room), 999));
}
