//! The readers of this machine, and the one that is meant.
//!
//! A build without readers has the same functions, and each fails.

use crate::failure::{Failure, Kind};
use cardwright_core::identity::Identity;

/// A reader as it is now.
#[cfg_attr(not(feature = "reader"), allow(dead_code, reason = "there is none in a build without readers"))]
pub(crate) struct Reader {
    pub(crate) name: String,
    pub(crate) has_card: bool,
    pub(crate) atr: Vec<u8>,
    /// How often a card has come or gone.
    pub(crate) events: u16,
}

#[cfg(feature = "reader")]
fn readers() -> Result<Vec<Reader>, Failure> {
    let readers = cardwright_reader::readers()?.into_iter().map(|reader| {
        let has_card = reader.slot.has_card();
        Reader { name: reader.name, has_card, atr: reader.atr, events: reader.events }
    });
    Ok(readers.collect())
}

#[cfg(not(feature = "reader"))]
fn readers() -> Result<Vec<Reader>, Failure> {
    Err(Failure::usage("this command was built without readers")
        .hint("that of the Python package is; cargo install --path cli builds one with readers"))
}

/// Asks the card in a reader: its ATR, what it tells, and how often other programs reset it meanwhile.
#[cfg(feature = "reader")]
pub(crate) fn identify(reader: &str) -> Result<(Vec<u8>, Identity, u32), Failure> {
    let mut session = cardwright_reader::Session::connect(reader)?;
    let identity = session.identify()?;
    Ok((session.atr().to_vec(), identity, session.resets()))
}

#[cfg(not(feature = "reader"))]
pub(crate) fn identify(_: &str) -> Result<(Vec<u8>, Identity, u32), Failure> {
    readers().map(|_| Default::default())
}

/// The reader of this name, if it is plugged in.
pub(crate) fn look(name: &str) -> Result<Option<Reader>, Failure> {
    Ok(readers()?.into_iter().find(|reader| reader.name == name))
}

/// The ATR of the card in the reader of this name, or in the one reader that has one; nothing is sent.
///
/// # Errors
/// No reader, several readers with a card, or no card; always in a build without readers.
pub fn atr_in_reader(reader: Option<&str>) -> Result<Vec<u8>, Failure> {
    let reader = choose_reader(reader)?;
    let atr = look(&reader)?.map(|found| found.atr).filter(|atr| !atr.is_empty());
    atr.ok_or_else(|| {
        Failure::new(Kind::NotFound, format!("no card in {reader} gives an ATR"))
            .hint("is a card in it, and the right way round? cardwright readers shows what is in each")
    })
}

/// The reader that is meant: by its name, by a part of it, or as the one with a card.
///
/// # Errors
/// No such reader, or several; always in a build without readers.
pub fn choose_reader(name: Option<&str>) -> Result<String, Failure> {
    let mut readers = readers()?;
    if let Some(name) = name {
        if let Some(reader) = readers.iter().find(|reader| reader.name == name) {
            return Ok(reader.name.clone());
        }
        readers.retain(|reader| reader.name.contains(name));
    } else {
        readers.retain(|reader| reader.has_card);
    }
    let names = || readers.iter().map(|reader| format!("{:?}", reader.name)).collect::<Vec<_>>().join(", ");
    Err(match (&*readers, name) {
        ([reader], _) => return Ok(reader.name.clone()),
        ([], Some(name)) => {
            Failure::new(Kind::NotFound, format!("no reader is called {name:?}")).hint("cardwright readers lists them")
        }
        ([], None) => Failure::new(Kind::NotFound, "no card is in a reader"),
        (_, Some(name)) => Failure::usage(format!("{name:?} is a part of several: {}", names())),
        (_, None) => Failure::usage(format!("several readers have a card: {}", names())).hint("name one by --reader"),
    })
}
