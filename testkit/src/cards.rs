//! The scripted cards in `data/cards/`: what a card answers, and what must be found out of it.
//!
//! A line is a word and what belongs to it: `atr`, `interface`, `apdu COMMAND ANSWER` (what is not
//! listed is answered with 6A82), then what is expected: `kind NAME | BASIS`, `id SOURCE | TRUST | BYTES | TEXT`
//! (with `| assumed` if it is), `guess SYSTEM | EVIDENCE | SPELLING`, `commands` (how many are sent). Lines with `#` say where the
//! bytes come from.

use std::convert::Infallible;
use std::fs;
use std::path::Path;

use cardwright_core::apdu::Transmit;
use cardwright_core::identity::Interface;

#[derive(Debug, Clone)]
pub struct Card {
    pub name: String,
    pub atr: Vec<u8>,
    pub interface: Interface,
    pub apdus: Vec<(Vec<u8>, Vec<u8>)>,
    pub kinds: Vec<String>,
    /// What each kind rests on.
    pub bases: Vec<String>,
    pub ids: Vec<String>,
    pub guesses: Vec<String>,
    pub commands: Option<usize>,
}

/// All cards, in the order of their names.
pub fn cards() -> Vec<Card> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/tests/data/cards");
    let mut cards = Vec::new();
    for entry in fs::read_dir(root).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        cards.push(parse(name, &fs::read_to_string(&path).unwrap()));
    }
    cards.sort_by(|a, b| a.name.cmp(&b.name));
    assert!(!cards.is_empty());
    cards
}

pub fn hex(text: &str) -> Vec<u8> {
    assert!(text.len().is_multiple_of(2), "{text}");
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).expect(text)).collect()
}

fn parse(name: &str, text: &str) -> Card {
    let mut card = Card {
        name: name.into(),
        atr: Vec::new(),
        interface: Interface::Unknown,
        apdus: Vec::new(),
        kinds: Vec::new(),
        bases: Vec::new(),
        ids: Vec::new(),
        guesses: Vec::new(),
        commands: None,
    };
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (word, rest) = line.split_once(' ').expect(line);
        match word {
            "atr" => card.atr = hex(rest),
            "interface" => {
                card.interface = match rest {
                    "unknown" => Interface::Unknown,
                    "contact" => Interface::Contact,
                    "contactless" => Interface::Contactless,
                    _ => panic!("{name}: {rest}"),
                };
            }
            "apdu" => {
                let (command, answer) = rest.split_once(' ').expect(line);
                card.apdus.push((hex(command), hex(answer)));
            }
            "kind" => {
                let (kind, basis) = rest.split_once(" | ").expect(line);
                card.kinds.push(kind.into());
                card.bases.push(basis.into());
            }
            "id" => card.ids.push(rest.into()),
            "guess" => card.guesses.push(rest.into()),
            "commands" => card.commands = Some(rest.parse().unwrap()),
            _ => panic!("{name}: {line}"),
        }
    }
    card
}

/// A card that answers by its script.
#[derive(Debug)]
pub struct Channel<'a> {
    card: &'a Card,
    pub sent: Vec<Vec<u8>>,
}

impl Card {
    pub fn channel(&self) -> Channel<'_> {
        Channel { card: self, sent: Vec::new() }
    }
}

impl Transmit for Channel<'_> {
    type Error = Infallible;

    fn transmit(&mut self, command: &[u8], response: &mut [u8]) -> Result<usize, Infallible> {
        self.sent.push(command.to_vec());
        let known = self.card.apdus.iter().find(|(listed, _)| listed == command);
        let answer = known.map_or(&[0x6A, 0x82][..], |(_, answer)| answer);
        response[..answer.len()].copy_from_slice(answer);
        Ok(answer.len())
    }
}
