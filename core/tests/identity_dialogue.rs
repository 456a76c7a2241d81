//! The dialogue with scripted cards: what is asked, what is found, and what no answer can do.

#[path = "common/cards.rs"]
mod cards;

use core::convert::Infallible;

use cards::cards;
use cardwright_core::Named;
use cardwright_core::apdu::Transmit;
use cardwright_core::identity::{CardKind, Dialogue, Identity, MAX_COMMANDS, Source, commands, identify};

#[test]
fn each_card_tells_what_its_script_says() {
    for card in cards() {
        let mut channel = card.channel();
        let mut response = [0; 4096];
        let identity = identify(&mut channel, &card.atr, card.interface, &mut response).unwrap();
        let kinds: Vec<_> = identity.kinds().map(|kind| kind.name().to_owned()).collect();
        assert_eq!(kinds, card.kinds, "{}", card.name);
        let found: Vec<_> = identity
            .identifiers()
            .map(|one| {
                let bytes: String = one.bytes().iter().map(|byte| format!("{byte:02X}")).collect();
                format!("{} | {} | {bytes} | {one}", one.source().name(), one.trust().name())
            })
            .collect();
        assert_eq!(found, card.ids, "{}", card.name);
        println!("{:>2} commands  {:<20} {identity}", channel.sent.len(), card.name);
        if let Some(commands) = card.commands {
            assert_eq!(channel.sent.len(), commands, "{}: {:X?}", card.name, channel.sent);
        }
    }
}

#[test]
fn no_dialogue_has_more_commands_than_it_says() {
    for card in cards() {
        let mut dialogue = Dialogue::new(&card.atr, card.interface);
        let mut sent = 0;
        while dialogue.command().is_some() {
            dialogue.answer(&[]);
            sent += 1;
        }
        assert!(sent <= MAX_COMMANDS, "{}: {sent}", card.name);
    }
    assert_eq!(commands().count(), MAX_COMMANDS);
}

/// Reads the identity that garbage gives.
fn look(identity: &Identity) {
    assert!(identity.identifiers().count() <= Identity::ROOM);
    assert!(!format!("{identity}").contains('\0'));
}

#[test]
fn changed_and_cut_answers_are_read_or_refused() {
    let mut seen = 0;
    for card in cards() {
        for (index, (_, answer)) in card.apdus.iter().enumerate() {
            for at in 0..answer.len() {
                for bit in 0..9_u32 {
                    let mut changed = card.clone();
                    let answer = &mut changed.apdus[index].1;
                    match 1_u8.checked_shl(bit) {
                        Some(bit) => answer[at] ^= bit,
                        None => answer.truncate(at),
                    }
                    let mut channel = changed.channel();
                    let identity = identify(&mut channel, &card.atr, card.interface, &mut [0; 4096]).unwrap();
                    assert!(channel.sent.len() <= MAX_COMMANDS);
                    look(&identity);
                    seen += 1;
                }
            }
        }
    }
    assert!(seen > 10_000, "{seen}");
}

#[test]
fn every_kind_and_every_source_has_a_scripted_card() {
    let cards = cards();
    for kind in CardKind::ALL {
        assert!(cards.iter().any(|card| card.kinds.iter().any(|found| found == kind.name())), "{kind:?}");
    }
    for source in Source::ALL {
        let named = format!("{} | ", source.name());
        assert!(cards.iter().any(|card| card.ids.iter().any(|found| found.starts_with(&named))), "{source:?}");
    }
}

/// A card that gives the same answer to everything, and the commands that it was sent.
struct Parrot<'a> {
    answer: &'a [u8],
    refused: &'a [u8],
    sent: Vec<Vec<u8>>,
}

impl Transmit for Parrot<'_> {
    type Error = Infallible;

    fn transmit(&mut self, command: &[u8], response: &mut [u8]) -> Result<usize, Infallible> {
        self.sent.push(command.to_vec());
        let answer = if command[1] == 0xA4 { self.refused } else { self.answer };
        response[..answer.len()].copy_from_slice(answer);
        Ok(answer.len())
    }
}

#[test]
fn a_card_that_answers_the_same_to_everything_comes_to_an_end() {
    let long = [[0x53, 0x82, 0x0F, 0xF0].as_slice(), &[0x34; 4000], &[0x90, 0x00]].concat();
    let endless = [0x7F; 4096];
    let nested = [[0x7F, 0x21, 0x84, 0xFF, 0xFF, 0xFF, 0xFF].repeat(500), vec![0x90, 0x00]].concat();
    let answers: [&[u8]; 11] = [
        &[],
        &[0x90],
        &[0x90, 0x00],
        &[0x61, 0x00],
        &[0x6C, 0x10],
        &[0x62, 0x83],
        &[0x6F, 0x00],
        &[0xFF; 258],
        &long,
        &endless,
        &nested,
    ];
    let mut seen = 0;
    for card in cards() {
        for answer in answers {
            for refused in answers {
                let mut parrot = Parrot { answer, refused, sent: Vec::new() };
                let identity = identify(&mut parrot, &card.atr, card.interface, &mut [0; 4096]).unwrap();
                assert!(parrot.sent.len() <= MAX_COMMANDS);
                look(&identity);
                seen += 1;
            }
        }
    }
    assert!(seen > 3_000, "{seen}");
}

#[test]
fn a_makers_command_is_sent_only_after_its_application_was_selected() {
    // YubiKey: READ CONFIG and the serial numbers; Nitrokey: UUID; CAC: READ BUFFER.
    let own = [0x01, 0x1D, 0xF8, 0x62, 0x52];
    let (mut with, mut without) = (0, 0);
    for card in cards() {
        for refused in [&[0x90, 0x00][..], &[0x6A, 0x82]] {
            let mut parrot = Parrot { answer: &[0x6A, 0x88], refused, sent: Vec::new() };
            identify(&mut parrot, &card.atr, card.interface, &mut [0; 4096]).unwrap();
            // GET SERIAL goes to the PIV application of a YubiKey alone.
            let yubikey = card.atr.windows(4).any(|part| part == b"Yubi" || part == b"ubiK");
            assert!(yubikey || parrot.sent.iter().all(|command| command[1] != 0xF8), "{}", card.name);
            let makers = parrot.sent.iter().filter(|command| own.contains(&command[1])).count();
            match refused {
                [0x90, ..] => with += makers,
                _ => without += makers,
            }
        }
    }
    assert!(with > 10 && without == 0, "{with}, {without}");
}

#[test]
fn a_dialogue_goes_on_after_a_command_that_got_no_answer() {
    /// Loses the command of this number.
    struct Loses<'a>(usize, cards::Channel<'a>);
    impl Transmit for Loses<'_> {
        type Error = &'static str;
        fn transmit(&mut self, command: &[u8], response: &mut [u8]) -> Result<usize, &'static str> {
            let length = self.1.transmit(command, response).unwrap_or(0);
            if self.1.sent.len() == self.0 { Err("lost") } else { Ok(length) }
        }
    }
    let cards = cards();
    let card = cards.iter().find(|card| card.name == "yubikey-5").unwrap();
    let mut channel = Loses(2, card.channel());
    let mut dialogue = Dialogue::new(&card.atr, card.interface);
    let mut response = [0; 4096];
    assert_eq!(dialogue.run(&mut channel, &mut response), Err("lost"));
    assert_eq!(dialogue.identity().identifiers().count(), 0);
    assert_eq!(dialogue.run(&mut channel, &mut response), Ok(()));
    assert!(dialogue.identity().get(Source::ChuidGuid).is_some());
    assert_eq!(dialogue.command(), None);
}
