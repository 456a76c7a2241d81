//! From a card to its record: the guesses, the search with them, and whose record it is.

use core::convert::Infallible;

use cardwright_core::Named;
use cardwright_core::identity::{Find, Found, Guess, Identity, Only, Source, Spelling, Trust, find_records, identify};
use cardwright_core::lifecycle::{Evidence, System};
use cardwright_testkit::cards::cards;

/// Records by the serial that a system keeps; counts how often it is asked.
#[derive(Debug, Default)]
struct Registry {
    records: Vec<(&'static str, u32)>,
    asked: Vec<String>,
}

impl Find for Registry {
    type Record = u32;
    type Error = Infallible;

    fn find(&mut self, serial: &Spelling, found: &mut dyn FnMut(u32)) -> Result<(), Infallible> {
        self.asked.push(serial.to_string());
        let matching = self.records.iter().filter(|(kept, _)| *kept == serial.to_string());
        matching.for_each(|(_, record)| found(*record));
        Ok(())
    }
}

fn identity(name: &str) -> Identity {
    let cards = cards();
    let card = cards.iter().find(|card| card.name == name).unwrap();
    identify(&mut card.channel(), &card.atr, card.interface, &mut [0; 4096]).unwrap()
}

fn written(system: System, guess: &Guess) -> String {
    format!("{} | {} | {}", system.name(), guess.evidence.name(), guess.spelling)
}

#[test]
fn a_card_is_guessed_in_the_spellings_of_its_script() {
    let mut looked = 0;
    for card in cards().iter().filter(|card| !card.guesses.is_empty()) {
        let identity = identify(&mut card.channel(), &card.atr, card.interface, &mut [0; 4096]).unwrap();
        for system in System::ALL.iter().copied() {
            let guesses: Vec<_> = identity.guesses(system).map(|guess| written(system, &guess)).collect();
            let wanted: Vec<_> = card.guesses.iter().filter(|line| line.starts_with(system.name())).cloned().collect();
            assert_eq!(guesses, wanted, "{}", card.name);
            looked += guesses.len();
        }
    }
    assert!(looked > 8, "{looked}");
}

#[test]
fn the_card_of_the_mim_pages_finds_its_record_with_the_first_guess() {
    let mut mim = Registry { records: vec![("{d1ef6869-5517-42a0-8f05-16ca1a0b834d}", 7)], ..Registry::default() };
    let mut found = Vec::new();
    let identity = identity("gids");
    let search = find_records(&mut mim, identity.guesses(System::Mim), |record| found.push(record)).unwrap();
    // The other byte order is a spelling of the same identifier, so it is asked for too.
    assert_eq!((found, search.records, search.tried), (vec![7], 1, 2));
    assert_eq!(search.found(), Found::Record);
    let by = search.by.unwrap();
    assert_eq!((by.source, by.evidence), (Source::CardId, Evidence::Documented));
}

/// What the spellings of YubiKey 23852774 find where these serial numbers are kept.
fn searched(kept: &[&'static str]) -> (Found, Vec<u32>, Option<Source>, usize, usize) {
    let mut system = Registry { records: kept.iter().copied().zip(1..).collect(), ..Registry::default() };
    let mut found = Vec::new();
    let guesses = identity("yubikey-5").guesses(System::CertiFlow).collect::<Vec<_>>();
    let search = find_records(&mut system, guesses, |record| found.push(record)).unwrap();
    assert_eq!((search.records, search.tried), (found.len(), system.asked.len()));
    (search.found(), found, search.by.map(|by| by.source), search.passed_over, search.tried)
}

#[test]
fn the_strongest_identifier_that_finds_something_decides() {
    const GUID: &str = "2f6d1b0a-4c8e-4795-a3b1-d07e5c924f18";
    const GUID_HEX: &str = "2F6D1B0A4C8E4795A3B1D07E5C924F18";
    let (key, guid) = (Some(Source::YubiKey), Some(Source::ChuidGuid));
    let cases = [
        (&[][..], (Found::Nothing, vec![], None, 4, 4)),
        (&["another"], (Found::Nothing, vec![], None, 4, 4)),
        // Each spelling of the strongest identifier is the strongest identifier.
        (&["23852774"], (Found::Record, vec![1], key, 0, 2)),
        (&["016BF6E6"], (Found::Record, vec![1], key, 0, 2)),
        // What a weaker one would find is not asked for.
        (&[GUID, "016BF6E6"], (Found::Record, vec![2], key, 0, 2)),
        // Two records are two records, by one spelling or by two.
        (&["23852774", "23852774"], (Found::Several, vec![1, 2], key, 0, 2)),
        (&["016BF6E6", "23852774"], (Found::Several, vec![2, 1], key, 0, 2)),
        // A weaker identifier is a question, and two records are no answer to it either.
        (&[GUID], (Found::Weaker, vec![1], guid, 2, 4)),
        (&[GUID_HEX], (Found::Weaker, vec![1], guid, 2, 4)),
        (&[GUID, GUID_HEX], (Found::Several, vec![1, 2], guid, 2, 4)),
    ];
    for (kept, wanted) in cases {
        assert_eq!(searched(kept), wanted, "{kept:?}");
    }
}

#[test]
fn the_record_that_two_spellings_find_is_one_for_who_can_tell() {
    let mut search = find_records(
        &mut Registry { records: vec![("23852774", 1), ("016BF6E6", 1)], ..Registry::default() },
        identity("yubikey-5").guesses(System::CertiFlow),
        |_| {},
    )
    .unwrap();
    assert_eq!((search.records, search.found()), (2, Found::Several));
    search.records = 1;
    assert_eq!(search.found(), Found::Record);
}

#[test]
fn identifiers_go_from_the_makers_to_the_antennas() {
    let order = |name: &str, system| {
        let mut sources: Vec<_> = identity(name).guesses(system).map(|guess| guess.source).collect();
        sources.dedup();
        sources
    };
    use Source::{ChuidGuid, FascN, Uid, YubiKey};
    for (name, system, wanted) in [
        ("yubikey-5", System::CertiFlow, &[YubiKey, ChuidGuid][..]),
        ("yubikey-5", System::Mim, &[ChuidGuid]),
        // Whatever the order in which the card gave them.
        ("contactless-piv", System::CertiFlow, &[ChuidGuid, FascN, Uid]),
        ("contactless-piv", System::Mim, &[ChuidGuid, FascN]),
    ] {
        assert_eq!(order(name, system), wanted, "{name}");
    }
}

#[test]
fn of_all_that_come_one_is_the_only_one_or_two_are_named() {
    for (records, wanted) in [
        (&[][..], Only::Nothing),
        (&[7], Only::One(7)),
        (&[7, 8], Only::Several(7, 8)),
        (&[7, 7], Only::Several(7, 7)),
        (&[7, 8, 9, 7], Only::Several(7, 8)),
    ] {
        assert_eq!(records.iter().copied().collect::<Only<_>>(), wanted, "{records:?}");
    }
    // One that is shown twice is one, whatever comes in between.
    let mut only = Only::default();
    for (record, wanted) in [(7, Only::One(7)), (7, Only::One(7)), (8, Only::Several(7, 8)), (7, Only::Several(7, 8))] {
        only.put_other(record, |one, other| one == other);
        assert_eq!(only, wanted);
    }
}

#[test]
fn what_is_not_found_was_tried_in_order() {
    let identity = identity("yubikey-5");
    let mut system = Registry::default();
    let search = find_records(&mut system, identity.guesses(System::CertiFlow), |_| {}).unwrap();
    assert_eq!((search.by, search.records, search.found()), (None, 0, Found::Nothing));
    let tried: Vec<_> = identity.guesses(System::CertiFlow).map(|guess| guess.spelling.to_string()).collect();
    assert_eq!(search.tried, tried.len());
    assert_eq!(system.asked, tried);
}

#[test]
fn an_error_of_the_system_ends_the_search() {
    struct Down;
    impl Find for Down {
        type Record = ();
        type Error = &'static str;
        fn find(&mut self, _: &Spelling, _: &mut dyn FnMut(())) -> Result<(), &'static str> {
            Err("down")
        }
    }
    assert_eq!(find_records(&mut Down, identity("gids").guesses(System::Mim), |()| {}), Err("down"));
}

#[test]
fn a_guess_is_made_again_of_its_text() {
    let mut looked = 0;
    for card in cards() {
        let identity = identify(&mut card.channel(), &card.atr, card.interface, &mut [0; 4096]).unwrap();
        for guess in System::ALL.iter().flat_map(|system| identity.guesses(*system)) {
            let again = Guess::new(&guess.spelling.to_string(), guess.source, guess.evidence).unwrap();
            assert_eq!(again.spelling.to_string(), guess.spelling.to_string(), "{}", card.name);
            looked += 1;
        }
    }
    assert!(looked > 20, "{looked}");
    for text in ["", " 23852774", "23 85 27 74", "A text of more than thirty-two characters", "2385\n"] {
        assert_eq!(Guess::new(text, Source::YubiKey, Evidence::Assumed), None, "{text:?}");
    }
}

#[test]
fn numbers_that_are_not_one_cards_alone_make_no_guess() {
    let mut looked = 0;
    for card in cards() {
        let identity = identify(&mut card.channel(), &card.atr, card.interface, &mut [0; 4096]).unwrap();
        for system in System::ALL.iter().copied() {
            for guess in identity.guesses(system) {
                assert_eq!(identity.get(guess.source).unwrap().trust(), Trust::Stable, "{}", card.name);
                assert_eq!(guess.spelling.to_string().len(), guess.spelling.length());
                looked += 1;
            }
        }
    }
    assert!(looked > 20, "{looked}");
    let random = identity("german-id");
    assert_eq!(System::ALL.iter().flat_map(|system| random.guesses(*system)).count(), 0);
}
