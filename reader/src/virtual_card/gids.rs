//! A card with Microsoft's generic profile (GIDS), as far as it can be read without a PIN.
//!
//! It has the files that a Base CSP card must have: the directory, `cardid`, `cardapps`, `cardcf` and an
//! empty container map. The application is selected from the reset on.
//!
//! Generic Identity Device Specification 2.0; Windows Smart Card Minidriver Specification 7.07, 5.4.

use super::{Answer, Power, VirtualCard};
use crate::apdu::Apdu;

/// "Identity Device (Microsoft Generic Profile)".
const ATR: [u8; 17] =
    [0x3B, 0x8D, 0x01, 0x80, 0xFB, 0xA0, 0x00, 0x00, 0x03, 0x97, 0x42, 0x54, 0x46, 0x59, 0x03, 0x01, 0xC8];

/// The application: RID of Microsoft, "BTFY", version 2.
const AID: [u8; 11] = [0xA0, 0x00, 0x00, 0x03, 0x97, 0x42, 0x54, 0x46, 0x59, 0x02, 0x01];

/// The answer to SELECT: the application, and the card's capabilities.
const TEMPLATE: [u8; 20] = [
    0x61, 0x12, 0x4F, 0x0B, 0xA0, 0x00, 0x00, 0x03, 0x97, 0x42, 0x54, 0x46, 0x59, 0x02, 0x01, 0x73, 0x03, 0x40, 0x01,
    0xC0,
];

/// EF.ATR: category, capabilities, and issuer.
const EF_ATR: &[u8] = b"\x43\x01\xF4\x47\x03\x08\x01\x80\x46\x0ACardwright";

/// The place of the directory of all files.
const MASTER: Place = Place { file: 0xA000, object: 0xDF1F };
const CARD_ID: Place = Place { file: 0xA012, object: 0xDF20 };

/// What is told of the user PIN: 3 tries left, of 3.
const PIN: Place = Place { file: 0x3FFF, object: 0x7F71 };
const PIN_STATE: [u8; 6] = [0x97, 0x01, 0x03, 0x93, 0x01, 0x03];

const OK: [u8; 2] = [0x90, 0x00];
const WRONG_LENGTH: [u8; 2] = [0x67, 0x00];
const NO_FILE: [u8; 2] = [0x6A, 0x82];
const NO_OBJECT: [u8; 2] = [0x6A, 0x88];
const WRONG_DATA: [u8; 2] = [0x6A, 0x80];
const NOTHING_LEFT: [u8; 2] = [0x69, 0x85];
const NO_INSTRUCTION: [u8; 2] = [0x6D, 0x00];
const NO_CLASS: [u8; 2] = [0x6E, 0x00];

/// A data object in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    file: u16,
    object: u16,
}

/// A file of the minidriver.
#[derive(Debug, Clone)]
struct File {
    directory: &'static str,
    name: &'static str,
    place: Place,
    content: Vec<u8>,
}

/// An emulated GIDS card.
#[derive(Debug, Clone)]
pub struct Gids {
    files: Vec<File>,
    /// The bytes for the next GET RESPONSE.
    pending: Vec<u8>,
}

impl Gids {
    /// A card with this `cardid`, in the byte order on the card.
    #[must_use]
    pub fn new(card_id: [u8; 16]) -> Self {
        let file = |directory, name, place, content| File { directory, name, place, content };
        let place = |object| Place { file: 0xA010, object };
        let files = vec![
            file("", "cardid", CARD_ID, card_id.to_vec()),
            file("", "cardapps", place(0xDF21), b"mscp\0\0\0\0".to_vec()),
            file("", "cardcf", place(0xDF22), vec![0; 6]),
            file("mscp", "cmapfile", place(0xDF23), Vec::new()),
        ];
        Gids { files, pending: Vec::new() }
    }

    /// Adds a file, for example to make the directory longer than one answer.
    ///
    /// `name` has at most 8 characters; `object` is its data object in the file A010.
    #[must_use]
    pub fn with_file(mut self, name: &'static str, object: u16, content: Vec<u8>) -> Self {
        self.files.push(File { directory: "mscp", name, place: Place { file: 0xA010, object }, content });
        self
    }

    /// The directory: one byte, then a record of 28 bytes for each directory and file.
    fn master(&self) -> Vec<u8> {
        let mut master = vec![0x01];
        record(&mut master, "mscp", "", Place { file: MASTER.file, object: 0 });
        for file in &self.files {
            record(&mut master, file.directory, file.name, file.place);
        }
        master
    }

    fn select(&mut self, p1: u8, aid: &[u8]) -> Result<Vec<u8>, [u8; 2]> {
        // By the whole name or its beginning.
        if p1 == 0x04 && !aid.is_empty() && AID.starts_with(aid) { Ok(TEMPLATE.to_vec()) } else { Err(NO_FILE) }
    }

    fn get_data(&self, file: u16, tags: &[u8]) -> Result<Vec<u8>, [u8; 2]> {
        let object = match *tags {
            [0x5C, 0x00] if file == 0x2F01 => return Ok(EF_ATR.to_vec()),
            [0x5C, 0x02, high, low] => u16::from_be_bytes([high, low]),
            _ => return Err(WRONG_DATA),
        };
        let place = Place { file, object };
        let found = self.files.iter().find(|file| file.place == place);
        match found {
            _ if place == MASTER => Ok(tlv(object, &self.master())),
            _ if place == PIN => Ok(tlv(object, &PIN_STATE)),
            Some(file) => Ok(tlv(object, &file.content)),
            None if [MASTER.file, PIN.file].contains(&file)
                || self.files.iter().any(|other| other.place.file == file) =>
            {
                Err(NO_OBJECT)
            }
            None => Err(NO_FILE),
        }
    }

    fn command(&mut self, command: &[u8]) -> Result<(Vec<u8>, usize), [u8; 2]> {
        let Apdu { header: [cla, ins, p1, p2], data, ne, .. } = Apdu::of(command).ok_or(WRONG_LENGTH)?;
        if cla != 0x00 {
            return Err(NO_CLASS);
        }
        let pending = std::mem::take(&mut self.pending);
        let answer = match ins {
            0xA4 => self.select(p1, data)?,
            0xCB => self.get_data(u16::from_be_bytes([p1, p2]), data)?,
            0xC0 if pending.is_empty() => return Err(NOTHING_LEFT),
            0xC0 => pending,
            _ => return Err(NO_INSTRUCTION),
        };
        Ok((answer, ne.unwrap_or(0)))
    }
}

impl VirtualCard for Gids {
    fn atr(&self) -> Vec<u8> {
        ATR.to_vec()
    }

    fn power(&mut self, _: Power) {
        self.pending.clear();
    }

    fn answer(&mut self, command: &[u8]) -> Answer {
        let (mut answer, ne) = match self.command(command) {
            Ok(found) => found,
            Err(sw) => return Answer::Bytes(sw.to_vec()),
        };
        if answer.len() > ne {
            self.pending = answer.split_off(ne);
            // 00 stands for 256 or more.
            answer.extend([0x61, u8::try_from(self.pending.len()).unwrap_or(0)]);
        } else {
            answer.extend(OK);
        }
        Answer::Bytes(answer)
    }
}

/// A data object with its tag and length in BER.
fn tlv(tag: u16, value: &[u8]) -> Vec<u8> {
    let mut object = tag.to_be_bytes().to_vec();
    match value.len() {
        length @ 0..=0x7F => object.push(length.to_le_bytes()[0]),
        length @ 0x80..=0xFF => object.extend([0x81, length.to_le_bytes()[0]]),
        length => {
            let [low, high, ..] = length.to_le_bytes();
            object.extend([0x82, high, low]);
        }
    }
    object.extend_from_slice(value);
    object
}

/// A record of the directory: two names of 9 bytes, 2 unused bytes, object and file, little-endian.
fn record(out: &mut Vec<u8>, directory: &str, name: &str, place: Place) {
    for text in [directory, name] {
        let mut bytes = text.as_bytes().to_vec();
        bytes.resize(9, 0);
        out.extend(bytes);
    }
    out.extend([0, 0]);
    out.extend(u32::from(place.object).to_le_bytes());
    out.extend(u32::from(place.file).to_le_bytes());
}

#[cfg(test)]
mod tests {
    use super::super::Script;
    use super::*;

    const ID: [u8; 16] = [0x69, 0x68, 0xEF, 0xD1, 0x17, 0x55, 0xA0, 0x42, 0x8F, 5, 0x16, 0xCA, 0x1A, 0x0B, 0x83, 0x4D];

    #[test]
    fn it_answers_as_the_recorded_card_does() {
        let mut recorded = Script::parse(include_str!("../../cards/gids.json"), None).expect("a script");
        let mut card = Gids::new(ID);
        assert_eq!(card.atr(), recorded.atr());
        let select = [&[0x00, 0xA4, 0x04, 0x00, 0x09][..], &AID[..9], &[0x00]].concat();
        let get = |fid: u16, object: u16| {
            let ([f1, f2], [o1, o2]) = (fid.to_be_bytes(), object.to_be_bytes());
            vec![0x00, 0xCB, f1, f2, 0x04, 0x5C, 0x02, o1, o2, 0x00]
        };
        let objects = [
            (0xA000, 0xDF1F),
            (0xA012, 0xDF20),
            (0xA010, 0xDF21),
            (0xA010, 0xDF22),
            (0xA010, 0xDF23),
            (0x3FFF, 0x7F71),
            // There is no PUK, no container, and no such file.
            (0x3FFF, 0x7F73),
            (0xA000, 0xDF20),
            (0xA010, 0xDF24),
            (0xA012, 0xDF21),
            (0xB000, 0xDF20),
        ];
        for command in [select].into_iter().chain(objects.map(|(file, object)| get(file, object))) {
            assert_eq!(card.answer(&command), recorded.answer(&command), "{command:02X?}");
        }
    }

    #[test]
    fn what_it_has_not_it_refuses() {
        let mut card = Gids::new(ID);
        for (command, sw) in [
            (&[0x00, 0xA4, 0x04, 0x00, 0x01, 0xA1, 0x00][..], NO_FILE),
            (&[0x00, 0xCB, 0xA0, 0x00, 0x04, 0x5C, 0x02, 0xDF, 0x99, 0x00], NO_OBJECT),
            (&[0x00, 0xCB, 0xB0, 0x00, 0x04, 0x5C, 0x02, 0xDF, 0x99, 0x00], NO_FILE),
            (&[0x00, 0xCB, 0xA0, 0x00, 0x01, 0x5C, 0x00], WRONG_DATA),
            (&[0x00, 0xCB, 0xA0, 0x00, 0x09, 0x5C, 0x00], WRONG_LENGTH),
            (&[0x00, 0x20, 0x00, 0x80], NO_INSTRUCTION),
            (&[0x80, 0xCA, 0x9F, 0x7F, 0x00], NO_CLASS),
            (&[0x00, 0xC0, 0x00, 0x00, 0x00], NOTHING_LEFT),
            (&[0x00], WRONG_LENGTH),
        ] {
            assert_eq!(card.answer(command), Answer::Bytes(sw.to_vec()), "{command:02X?}");
        }
    }

    #[test]
    fn a_long_answer_comes_in_parts() {
        let mut card = Gids::new(ID).with_file("kxc00", 0xDF24, vec![7; 300]);
        let first = card.answer(&[0x00, 0xCB, 0xA0, 0x10, 0x04, 0x5C, 0x02, 0xDF, 0x24, 0x00]);
        let Answer::Bytes(first) = first else { panic!("{first:?}") };
        assert_eq!((first.len(), &first[256..]), (258, &[0x61, 49][..]));
        let Answer::Bytes(rest) = card.answer(&[0x00, 0xC0, 0x00, 0x00, 0x31]) else { panic!("no bytes") };
        assert_eq!((rest.len(), &rest[49..]), (51, &OK[..]));
        let whole = card.answer(&[0x00, 0xCB, 0xA0, 0x10, 0, 0, 4, 0x5C, 0x02, 0xDF, 0x24, 0, 0]);
        let Answer::Bytes(whole) = whole else { panic!("{whole:?}") };
        assert_eq!(whole.len(), 307);
    }
}
