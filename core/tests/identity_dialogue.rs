//! The dialogue with scripted cards: what is asked, what is found, and what no answer can do.

#[path = "common/cards.rs"]
mod cards;

use cards::{Card, cards};
use cardwright_core::Named;
use cardwright_core::identity::{Dialogue, Identity, MAX_COMMANDS, commands, identify};

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
            let step = answer.len().div_ceil(200).max(1);
            for at in (0..answer.len()).step_by(step) {
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
fn a_card_is_copied_whole() {
    let names: Vec<_> = cards().iter().map(|card: &Card| card.name.clone()).collect();
    assert!(names.len() > 25, "{names:?}");
}
