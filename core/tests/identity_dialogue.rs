//! The dialogue with scripted cards: what is asked, what is found, and what no answer can do.

use core::convert::Infallible;

use cardwright_core::Named;
use cardwright_core::apdu::Transmit;
use cardwright_core::identity::{
    CardKind, Dialogue, Identity, Interface, MAX_COMMANDS, Source, Trust, commands, identify,
};
use cardwright_core::lifecycle::Evidence;
use cardwright_testkit::cards::{self, cards};

#[test]
fn each_card_tells_what_its_script_says() {
    for card in cards() {
        let mut channel = card.channel();
        let mut response = [0; 4096];
        let identity = identify(&mut channel, &card.atr, card.interface, &mut response).unwrap();
        let kinds: Vec<_> = identity.kinds().map(|kind| kind.name().to_owned()).collect();
        assert_eq!(kinds, card.kinds, "{}", card.name);
        let bases: Vec<_> = identity.kinds().map(|kind| identity.basis(kind).unwrap().name()).collect();
        assert_eq!(bases, card.bases, "{}", card.name);
        let found: Vec<_> = identity
            .identifiers()
            .map(|one| {
                let bytes: String = one.bytes().iter().map(|byte| format!("{byte:02X}")).collect();
                let sure = if one.evidence() == Evidence::Assumed { " | assumed" } else { "" };
                format!("{} | {} | {bytes} | {one}{sure}", one.source().name(), one.trust().name())
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
    // YubiKey: READ CONFIG and the serial numbers; Nitrokey and Solo: UUID; CAC: READ BUFFER; Token2: GET_INFO;
    // LASER: capability. By their ATR alone, Belgium: GET CARD DATA; Spain: the chip's number.
    let own: [&[u8]; 7] =
        [&[0x00, 0x01], &[0x00, 0x1D], &[0x00, 0xF8], &[0x00, 0x62], &[0x00, 0x52], &[0x80, 0x33], &[0x80, 0xCB]];
    let (mut with, mut without) = (0, 0);
    for card in cards() {
        for refused in [&[0x90, 0x00][..], &[0x6A, 0x82]] {
            let mut parrot = Parrot { answer: &[0x6A, 0x88], refused, sent: Vec::new() };
            identify(&mut parrot, &card.atr, card.interface, &mut [0; 4096]).unwrap();
            // GET SERIAL goes to the PIV application of a YubiKey or a Token2 key alone.
            let named = |part: &[u8]| card.atr.windows(part.len()).any(|here| here == part);
            let has = |part: &[u8]| parrot.sent.iter().any(|command| command.starts_with(part));
            assert!(named(b"Yubi") || named(b"TK\0") || named(&[0x86, 0x8E]) || !has(&[0x00, 0xF8]), "{}", card.name);
            assert!(named(&[0xAD, 0x13]) || named(&[0x85, 0x04, 0x01, 0x20]) || !has(&[0x80, 0xE4]), "{}", card.name);
            assert!(named(b"DNIe") || !has(&[0x90]), "{}", card.name);
            let makers = parrot.sent.iter().filter(|command| own.iter().any(|own| command.starts_with(own))).count();
            match refused {
                [0x90, ..] => with += makers,
                _ => without += makers,
            }
        }
    }
    assert!(with > 10 && without == 0, "{with}, {without}");
}

/// A card whose issuer's domain can be selected, with EF.GDO under the master file alone.
struct Health {
    in_master_file: bool,
    selected: bool,
}

impl Transmit for Health {
    type Error = Infallible;

    fn transmit(&mut self, command: &[u8], response: &mut [u8]) -> Result<usize, Infallible> {
        let answer: &[u8] = match command {
            [0x00, 0xA4, 0x04, 0x00, 0x00] => {
                self.in_master_file = false;
                &[0x90, 0x00]
            }
            [0x00, 0xA4, 0x00, 0x0C, 0x02, 0x3F, 0x00] => {
                self.in_master_file = true;
                &[0x90, 0x00]
            }
            [0x00, 0xA4, 0x02, 0x0C, 0x02, 0x2F, 0x02] if self.in_master_file => {
                self.selected = true;
                &[0x90, 0x00]
            }
            [0x00, 0xB0, 0x00, 0x00, 0x00] if self.selected => &[0x5A, 0x04, 0x80, 0x27, 0x68, 0x83, 0x90, 0x00],
            _ => &[0x6A, 0x82],
        };
        response[..answer.len()].copy_from_slice(answer);
        Ok(answer.len())
    }
}

#[test]
fn ef_gdo_is_found_under_the_master_file_after_another_application_was_selected() {
    let mut card = Health { in_master_file: true, selected: false };
    let identity = identify(&mut card, &[0x3B, 0x00], Interface::Contact, &mut [0; 4096]).unwrap();
    // That its issuer's domain was selected is a status word, and no evidence.
    assert_eq!(identity.kinds().count(), 0);
    assert_eq!(identity.get(Source::Iccsn).unwrap().bytes(), [0x80, 0x27, 0x68, 0x83]);
}

#[test]
fn a_card_is_taken_for_one_of_a_kind_by_its_historical_bytes_and_interface() {
    use Interface::{Contact, Contactless, Unknown};
    for (historical, prefix, interface, kind) in [
        // UICC and SIM, by the card's service data and capabilities.
        ("8031E073FE2113", "3B17 94", Contact, Some(CardKind::Sim)),
        ("8031A073BE2113", "3B17 94", Contact, Some(CardKind::Sim)),
        ("8031E073F62113", "3B17 94", Contact, Some(CardKind::Sim)),
        ("8031E873F62113", "3B17 94", Contact, Some(CardKind::Sim)),
        ("8031E073F62157", "3B17 94", Contact, Some(CardKind::Sim)),
        ("8031E073362113", "3B17 94", Contact, Some(CardKind::Sim)),
        ("80310073122113", "3B17 94", Contact, Some(CardKind::Sim)),
        ("8031A073B6A100", "3B17 94", Contact, Some(CardKind::Sim)),
        // An identity card has the same capabilities.
        ("8031C073F62180", "3B17 94", Contact, None),
        ("8031E073122157", "3B17 94", Contact, None),
        // One byte by contacts is a Java card's, by radio DESFire's.
        ("80", "3B11 95", Contact, None),
        ("80", "3B81 8001", Contact, None),
        ("80", "3B81 8001", Unknown, Some(CardKind::DesFire)),
        ("80", "3B11 95", Contactless, None),
        ("80829000", "3B84 8001", Unknown, Some(CardKind::GermanId)),
        ("80829000", "3B14 95", Contact, None),
        ("804F0CA00000030603000100000000", "3B8F 8001", Unknown, Some(CardKind::Storage)),
        ("804F08A000000306030001", "3B8B 8001", Unknown, Some(CardKind::Storage)),
        ("804F07A000000306030001", "3B8B 8001", Unknown, None),
        ("804F0CA00000030603000100000000", "3B1F 95", Contact, None),
        // Feitian's token, and its Java card.
        ("00664653051004", "3B17 95", Contact, Some(CardKind::EPass2003)),
        ("006646530510FF", "3B17 95", Contact, None),
    ] {
        let atr = with_tck(&cards::hex(&format!("{prefix}{historical}").replace(' ', "")));
        let dialogue = Dialogue::new(&atr, interface);
        let kinds: Vec<_> = dialogue.identity().kinds().collect();
        assert_eq!(kinds, Vec::from_iter(kind), "{prefix} {historical} {interface:?}");
    }
}

#[test]
fn four_bytes_are_a_uid_only_where_the_atr_says_so() {
    for (atr, interface, trust) in [
        ("3B878001 01020304050607", Interface::Unknown, Trust::Stable),
        ("3B808001", Interface::Unknown, Trust::Stable),
        ("3B888001 0102030433817100", Interface::Unknown, Trust::Shared),
        // What cannot be read, or is of no contactless reader, says nothing.
        ("3B878001 0102030405", Interface::Unknown, Trust::Shared),
        ("3B879501 01020304050607", Interface::Contactless, Trust::Shared),
        ("3B8F8001 804F0CA000000306030001 00000000", Interface::Unknown, Trust::Stable),
        ("3B8F8001 804F0CA000000306070006 00000000", Interface::Unknown, Trust::Shared),
        ("3B8F8001 804F0CA000000306000000 00000000", Interface::Unknown, Trust::Shared),
    ] {
        for (uid, trust) in [("A1B2C3D4", trust), ("A1B2C3D4E5F601", Trust::Stable)] {
            let mut dialogue = Dialogue::new(&with_tck(&cards::hex(&atr.replace(' ', ""))), interface);
            dialogue.answer(&cards::hex(&format!("{uid}9000")));
            assert_eq!(dialogue.identity().get(Source::Uid).unwrap().trust(), trust, "{atr} {uid}");
        }
    }
}

/// With the check byte that an ATR needs that offers T=1 (here: one with TD1).
fn with_tck(atr: &[u8]) -> Vec<u8> {
    let tck = atr.iter().skip(1).fold(0, |sum, byte| sum ^ byte);
    let needed = atr[1] & 0x80 != 0;
    atr.iter().copied().chain(needed.then_some(tck)).collect()
}

#[test]
fn a_feitian_java_card_is_not_asked_as_an_epass2003() {
    let epass = [0x00, 0xCA, 0x01, 0x80, 0x08];
    for (hint, asked) in
        [("1004", true), ("0100", true), ("5100", true), ("1000FF", false), ("100011", false), ("3202", false)]
    {
        let atr = cards::hex(&format!("3B1{:X}950066465305{hint}", 5 + hint.len() / 2));
        let mut parrot = Parrot { answer: &[0x6A, 0x88], refused: &[0x6A, 0x82], sent: Vec::new() };
        identify(&mut parrot, &atr, Interface::Contact, &mut [0; 4096]).unwrap();
        assert_eq!(parrot.sent.iter().any(|command| *command == epass), asked, "{hint}");
    }
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
