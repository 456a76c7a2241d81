//! Every scripted card against every kind: it is what its script says, and nothing besides, whatever ATR it comes
//! with and however it answers.

use core::convert::Infallible;

use cardwright_core::Named;
use cardwright_core::apdu::Transmit;
use cardwright_core::identity::{Basis, CardKind, Identity, Interface, Source, Trust, identify};
use cardwright_core::lifecycle::System;
use cardwright_testkit::cards::{Card, cards, hex};

fn identity(card: &Card) -> Identity {
    identify(&mut card.channel(), &card.atr, card.interface, &mut [0; 4096]).unwrap()
}

#[test]
fn no_card_is_of_a_kind_that_its_script_does_not_name() {
    let (mut cells, mut right) = (0, 0);
    for card in cards() {
        let identity = identity(&card);
        for kind in CardKind::ALL.iter().copied() {
            let wanted = card.kinds.iter().position(|name| name == kind.name());
            let basis = wanted.map(|at| card.bases[at].as_str());
            assert_eq!(identity.basis(kind).map(Named::name), basis, "{} as {}", card.name, kind.name());
            assert_eq!(identity.is(kind), wanted.is_some());
            cells += 1;
            right += usize::from(wanted.is_some());
        }
    }
    println!("{cells} cells, {right} of them a kind");
    assert!(cells > 2_500 && right > 60, "{cells} {right}");
}

/// The kinds that the ATR of a card gives by itself: those of a card that answers nothing.
fn by_atr(card: &Card) -> Vec<CardKind> {
    let silent = Card { apdus: Vec::new(), ..card.clone() };
    identity(&silent).kinds().collect()
}

#[test]
fn the_answers_of_one_card_under_the_atr_of_another_add_no_kind() {
    let cards = cards();
    let mut pairs = 0;
    for answers in &cards {
        let own = identity(answers);
        for atr in &cards {
            let mixed = Card { atr: atr.atr.clone(), interface: atr.interface, ..answers.clone() };
            let mixed = identity(&mixed);
            let named = by_atr(atr);
            for kind in mixed.kinds() {
                // A hint of the ATR counts for more once the card has given a number, and an ATR that is asked
                // may find the application that another ATR hid: both are what the answers say.
                let known = named.contains(&kind) || own.is(kind) || mixed.basis(kind) != Some(Basis::Atr);
                assert!(known, "{} under {}: {}", answers.name, atr.name, kind.name());
                if mixed.basis(kind) == Some(Basis::Answer) {
                    let answered = answers.apdus.iter().any(|(_, answer)| answer.len() > 2);
                    assert!(answered, "{} under {}: {}", answers.name, atr.name, kind.name());
                }
            }
            // What answers for itself does not hide behind a foreign ATR, if it is asked.
            pairs += 1;
        }
    }
    assert!(pairs > 5_000, "{pairs}");
}

/// A card that follows one rule, whatever it is asked.
struct Rule<'a>(&'a dyn Fn(&[u8]) -> Vec<u8>);

impl Transmit for Rule<'_> {
    type Error = Infallible;

    fn transmit(&mut self, command: &[u8], response: &mut [u8]) -> Result<usize, Infallible> {
        let answer = (self.0)(command);
        response[..answer.len()].copy_from_slice(&answer);
        Ok(answer.len())
    }
}

type Answer = Box<dyn Fn(&[u8]) -> Vec<u8>>;

/// What a card says that says something to everything: the rule, and its name.
fn yes_men() -> Vec<(&'static str, Answer)> {
    let ok = |data: &[u8]| [data, &[0x90, 0x00]].concat();
    vec![
        ("9000", Box::new(move |_| ok(&[]))),
        ("61xx", Box::new(|_| vec![0x61, 0x10])),
        ("6282", Box::new(|_| vec![0x62, 0x82])),
        ("one byte", Box::new(move |_| ok(&[0x5A]))),
        ("four bytes", Box::new(move |_| ok(&[0xA1, 0xB2, 0xC3, 0xD4]))),
        ("eight bytes", Box::new(move |_| ok(&[0x0B, 0x53, 0x00, 0x21, 0x39, 0x31, 0x71, 0x46]))),
        ("sixteen letters", Box::new(move |_| ok(b"AB12CD34EF56GH78"))),
        ("42 bytes", Box::new(move |_| ok(&[0x47; 42]))),
        ("its command", Box::new(move |command| ok(command))),
        ("its command's data", Box::new(move |command| ok(command.get(5..).unwrap_or_default()))),
        // Another answer each time, of the right length for a number, and of no shape.
        (
            "a number that goes up",
            Box::new(move |command| ok(&[command[1].wrapping_mul(7), command[2], 0x33, command[3]].repeat(4))),
        ),
        ("an empty template", Box::new(move |_| ok(&[0x6F, 0x00]))),
        ("a template of nothing known", Box::new(move |_| ok(&[0x6F, 0x04, 0x99, 0x02, 0x12, 0x34]))),
        ("the name of another", Box::new(move |_| ok(&[0x6F, 0x09, 0x84, 0x07, 0xA0, 0, 0, 0x09, 0x99, 0x01, 0x02]))),
    ]
}

#[test]
fn a_card_that_agrees_to_everything_is_of_no_kind_but_its_atrs() {
    let mut seen = 0;
    for card in cards() {
        let named = by_atr(&card);
        for (name, rule) in yes_men() {
            let identity = identify(&mut Rule(&rule), &card.atr, card.interface, &mut [0; 4096]).unwrap();
            for kind in identity.kinds() {
                let basis = identity.basis(kind).unwrap();
                assert_ne!(basis, Basis::Answer, "{} with {name}: {}", card.name, kind.name());
                // Where the ATR says what to ask, and what comes has the right length, there is a hint.
                assert!(named.contains(&kind) || basis == Basis::Hint, "{} with {name}: {}", card.name, kind.name());
            }
            seen += 1;
        }
    }
    assert!(seen > 1_000, "{seen}");
}

#[test]
fn a_card_that_says_the_same_to_everything_has_no_number() {
    let mut seen = 0;
    for card in cards() {
        for (name, rule) in yes_men().into_iter().filter(|(name, _)| !name.contains("goes up")) {
            let identity = identify(&mut Rule(&rule), &card.atr, card.interface, &mut [0; 4096]).unwrap();
            let of_atr = |source| matches!(source, Source::AtsHistorical | Source::Token2);
            let told: Vec<_> = identity.identifiers().filter(|one| !of_atr(one.source())).collect();
            // One answer alone cannot be told from a number; where there were two, they were the same.
            let stable = told.iter().any(|one| one.trust() == Trust::Stable);
            assert!(!stable || told.len() == 1, "{} with {name}: {told:?}", card.name);
            seen += 1;
        }
    }
    assert!(seen > 1_000, "{seen}");
}

#[test]
fn a_card_of_no_known_atr_that_agrees_to_everything_tells_nothing() {
    for atr in [&[0x3B, 0x00][..], &[0x3B, 0x02, 0x14, 0x50], &[0x3B, 0x80, 0x80, 0x01, 0x01]] {
        for (name, rule) in yes_men() {
            let identity = identify(&mut Rule(&rule), atr, Interface::Unknown, &mut [0; 4096]).unwrap();
            assert_eq!(identity.kinds().count(), 0, "{name}: {identity}");
            let guesses = System::ALL.iter().flat_map(|system| identity.guesses(*system)).count();
            assert_eq!(guesses, 0, "{name}: {identity}");
        }
    }
}

/// A card of no known ATR with one rule for SELECT and one for all else.
fn by_rules(select: &str, others: &str) -> Identity {
    let [select, others] = [select, others].map(hex);
    let rule = |command: &[u8]| if command[1] == 0xA4 { select.clone() } else { others.clone() };
    identify(&mut Rule(&rule), &[0x3B, 0x00], Interface::Contact, &mut [0; 4096]).unwrap()
}

#[test]
fn a_card_with_one_answer_to_select_and_one_to_all_else_is_of_no_kind_and_has_no_number() {
    for (select, others) in [
        // The control parameters of the master file, of an unnamed file; of the wanted file, without a name.
        ("620483023F009000", "6A82"),
        ("6F07810200108201019000", "00A1B2C3D4E5F60718293A4B5C6D7E8F9000"),
        // A provider and no application.
        ("6F078405A0000000189000", "6A82"),
        ("6F078405A0000000189000", "00A1B2C3D4E5F60718293A4B5C6D7E8F9000"),
        // The name of one application for all.
        ("6F0B8409A000000397425446599000", "6A82"),
        // A thing for everything.
        ("9000", "DF2010A1B2C3D4E5F60718293A4B5C6D7E8F909000"),
        ("9000", "53123410A1B2C3D4E5F60718293A4B5C6D7E8F909000"),
        ("9000", "4F10D27600012401030400061234567800009000"),
        ("9000", "7F21167F4E135F201044454E4B303132333435363730303030319000"),
        ("9000", "9F7F2A42503272129161810700803901060000BB1D3C0000814800008148000000000000000000000000000000009000"),
        ("9000", "4508A1B2C3D4E5F607189000"),
        ("9000", "4501AA9000"),
        ("9000", "5A0A802768831100001234569000"),
        ("9000", "5A0180279000"),
    ] {
        let identity = by_rules(select, others);
        assert_eq!(identity.kinds().count(), 0, "{select} {others}: {identity}");
        let stable = identity.identifiers().filter(|one| one.trust() == Trust::Stable).count();
        assert_eq!(stable, 0, "{select} {others}: {identity}");
    }
}
