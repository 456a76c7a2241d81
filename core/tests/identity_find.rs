//! From a card to its record: the guesses, and the search with them.

use core::convert::Infallible;

use cardwright_core::Named;
use cardwright_core::identity::{Find, Guess, Identity, Source, Spelling, Trust, find_records, identify};
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
    assert_eq!((found, search.records, search.tried), (vec![7], 1, 1));
    let by = search.by.unwrap();
    assert_eq!((by.source, by.evidence), (Source::CardId, Evidence::Documented));
}

#[test]
fn two_records_of_one_spelling_are_two_records() {
    let mut system =
        Registry { records: vec![("23852774", 1), ("23852774", 2), ("016BF6E6", 3)], ..Registry::default() };
    let mut found = Vec::new();
    let search =
        find_records(&mut system, identity("yubikey-5").guesses(System::CertiFlow), |record| found.push(record))
            .unwrap();
    assert_eq!((found, search.records, search.tried), (vec![1, 2], 2, 1));
}

#[test]
fn what_is_not_found_was_tried_in_order() {
    let identity = identity("yubikey-5");
    let mut system = Registry::default();
    let search = find_records(&mut system, identity.guesses(System::CertiFlow), |_| {}).unwrap();
    assert_eq!((search.by, search.records), (None, 0));
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
