//! Kinds and numbers of a program's own: beside the library's, compared, shown, searched for, by number.

use core::convert::Infallible;

use cardwright_core::identity::{
    Basis, CardKind, Dialogue, Find, Found, Identifier, Identity, Interface, Source, Spelling, find_records,
};
use cardwright_core::lifecycle::Evidence;
use cardwright_core::{Code, Named};
use cardwright_testkit::cards::cards;

const KIND: CardKind = CardKind::Other(7);
const SOURCE: Source = Source::Other(3);

fn serial() -> Identifier {
    Identifier::of_text(SOURCE, "LX-004711").unwrap()
}

#[test]
fn they_stand_beside_what_the_library_found() {
    let mut looked = 0;
    for card in cards() {
        let found = cardwright_core::identity::identify(
            &mut card.channel(),
            &card.atr,
            card.interface,
            &mut [0; cardwright_core::identity::RESPONSE_ROOM],
        );
        let before = found.unwrap();
        let identity = before.with(KIND, serial()).unwrap();
        assert_eq!(identity.kinds().last(), Some(KIND), "{}", card.name);
        assert_eq!(identity.basis(KIND), Some(Basis::Answer));
        assert!(identity.is(KIND) && !identity.is(CardKind::Other(8)) && !before.is(KIND));
        assert_eq!(identity.get(SOURCE), Some(&serial()));
        assert_eq!(identity.identifiers().count(), before.identifiers().count() + 1);
        assert_ne!(identity, before);
        // A hint is worth nothing beside an answer.
        for kind in before.kinds() {
            assert_eq!(identity.is(kind), before.basis(kind) != Some(Basis::Hint), "{} {kind}", card.name);
        }
        assert!(identity.to_string().ends_with("other 3 LX-004711"), "{identity}");
        looked += 1;
    }
    assert!(looked > 30, "{looked}");
}

#[test]
fn a_kind_keeps_the_best_basis_and_a_source_the_last_number() {
    let hint = Identity::default().with_kind(KIND, Basis::Hint).unwrap();
    assert_eq!((hint.basis(KIND), hint.to_string().as_str()), (Some(Basis::Hint), "other 7"));
    let known = hint.with_kind(KIND, Basis::Atr).unwrap().with_kind(KIND, Basis::Hint).unwrap();
    assert_eq!(known.basis(KIND), Some(Basis::Atr));
    let other = Identifier::new(SOURCE, &[0x4C, 0x58]).unwrap();
    let identity = known.with_identifier(serial()).unwrap().with_identifier(other).unwrap();
    assert_eq!((identity.get(SOURCE), identity.identifiers().count()), (Some(&other), 1));
    assert_eq!(identity.to_string(), "other 7: other 3 4C58");
    // Where the library's own is known, a hint of the program's counts for nothing either.
    let named = hint.with_kind(CardKind::Piv, Basis::Answer).unwrap();
    assert_eq!(named.kinds().collect::<Vec<_>>(), [CardKind::Piv]);
    assert!(!named.is(KIND) && named.basis(KIND).is_none());
}

#[test]
fn what_has_no_room_is_an_error() {
    let mut identity = Identity::default();
    for n in 0..4 {
        identity = identity.with_kind(CardKind::Other(n), Basis::Answer).unwrap();
    }
    assert_eq!(identity.with_kind(KIND, Basis::Answer).unwrap_err().code, Code::Room);
    assert!(identity.with_kind(CardKind::Other(3), Basis::Answer).is_ok());
    for n in 0..8 {
        identity = identity.with_identifier(Identifier::new(Source::Other(n), &[1, 2]).unwrap()).unwrap();
    }
    let ninth = Identifier::new(Source::Other(8), &[1, 2]).unwrap();
    assert_eq!(identity.with_identifier(ninth).unwrap_err().code, Code::Room);
    assert_eq!(identity.kinds().count(), 4);
}

#[test]
fn what_is_added_to_a_dialogue_ends_it() {
    let mut dialogue = Dialogue::new(&[0x3B, 0x00], Interface::Contact);
    assert!(dialogue.command().is_some());
    dialogue.add(Some(KIND), &serial()).unwrap();
    assert!(dialogue.command().is_none());
    assert_eq!(*dialogue.identity(), Identity::default().with(KIND, serial()).unwrap());
    // The number of the same source is replaced, and nothing changes where there is no room.
    let other = Identifier::new(SOURCE, &[1, 2]).unwrap();
    dialogue.add(None, &other).unwrap();
    assert_eq!(dialogue.identity().get(SOURCE), Some(&other));
    for n in 10.. {
        let before = *dialogue.identity();
        match dialogue.add(Some(CardKind::Other(n)), &Identifier::new(Source::Other(n), &[1, 2]).unwrap()) {
            Ok(()) => assert_eq!(before.identifiers().count() + 1, dialogue.identity().identifiers().count()),
            Err(error) => {
                assert_eq!((error.code, *dialogue.identity()), (Code::Room, before));
                break;
            }
        }
    }
    for n in 20..40 {
        let before = *dialogue.identity();
        if let Err(error) = dialogue.add(None, &Identifier::new(Source::Other(n), &[1, 2]).unwrap()) {
            assert_eq!((error.code, *dialogue.identity()), (Code::Room, before));
        }
    }
    assert_eq!(dialogue.identity().identifiers().count(), Identity::ROOM);
}

#[test]
fn what_cannot_be_a_number_is_none() {
    for bytes in [&[][..], &[0; 8], &[0xFF; 8], &[7; 43]] {
        assert_eq!(Identifier::new(SOURCE, bytes), None, "{bytes:02X?}");
    }
    for text in ["", "\u{9}", "Ö", "a text of more than thirty-two characters"] {
        assert_eq!(Identifier::of_text(SOURCE, text), None, "{text}");
    }
    assert_eq!(Identifier::of_text(Source::YubiKey, "1234"), None);
}

#[test]
fn numbers_and_words_lead_back_and_collide_with_none() {
    let mut numbers = Vec::new();
    for value in (0..=u16::MAX).map(CardKind::Other).chain(CardKind::ALL.iter().copied()) {
        assert_eq!(CardKind::from_number(value.number().into()), Some(value));
        assert_eq!(value.to_string().parse(), Ok(value));
        numbers.push(value.number());
    }
    for value in (0..=u16::MAX).map(Source::Other).chain(Source::ALL.iter().copied()) {
        assert_eq!(Source::from_number(value.number().into()), Some(value));
        assert_eq!(serde_json::to_value(value).unwrap(), value.to_string());
        assert_eq!(serde_json::from_value(value.to_string().into()).ok(), Some(value));
    }
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), 65_536 + CardKind::ALL.len());
    assert_eq!((SOURCE.number(), KIND.number()), (0x1_0003, 0x1_0007));
    for number in [-1, 0, 34, 0xFFFF, 0x2_0000, i64::MAX] {
        assert_eq!(CardKind::from_number(number), None);
    }
    assert_eq!((CardKind::from_name("other 65536"), CardKind::from_name("other")), (None, None));
}

/// The records of a third system, by serial number.
struct Ledger(&'static [(&'static str, u32)]);

impl Find for Ledger {
    type Record = u32;
    type Error = Infallible;

    fn find(&mut self, serial: &Spelling, found: &mut dyn FnMut(u32)) -> Result<(), Infallible> {
        let serial = serial.to_string();
        self.0.iter().filter(|(kept, _)| *kept == serial).for_each(|(_, record)| found(*record));
        Ok(())
    }
}

#[test]
fn a_system_is_searched_by_a_number_of_ones_own() {
    let weaker = Identifier::new(Source::Other(4), &[0xA1, 0xB2, 0xC3]).unwrap();
    let identity = Identity::default().with(KIND, serial()).unwrap().with_identifier(weaker).unwrap();
    let guesses = || identity.identifiers().filter_map(|one| one.guess(Evidence::Documented));
    let search = |kept| {
        let search = find_records(&mut Ledger(kept), guesses(), drop).unwrap();
        (search.found(), search.by.map(|by| by.source))
    };
    assert_eq!(search(&[("LX-004711", 1), ("A1B2C3", 2)]), (Found::Record, Some(SOURCE)));
    assert_eq!(search(&[("A1B2C3", 2)]), (Found::Weaker, Some(Source::Other(4))));
    assert_eq!(search(&[("LX-004711", 1), ("LX-004711", 2)]), (Found::Several, Some(SOURCE)));
    assert_eq!(search(&[("LX-4711", 1)]), (Found::Nothing, None));
    // Nothing that many cards have makes a guess.
    assert_eq!(Identifier::new(SOURCE, &[0x11; 6]).unwrap().guess(Evidence::Documented), None);
}
