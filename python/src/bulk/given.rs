//! The cards that an operation for many cards is for, as Python gives them.

use crate::client::any_card;
use crate::record::Card;
use cardwright::{CardKey, CardList, ListedCard};
use cardwright_core::Code;
use cardwright_python_common::Failure;
use pyo3::prelude::*;

/// What a caller says that texts are.
pub(crate) fn asked(by: Option<&str>) -> Result<Option<CardKey>, Failure> {
    match by {
        None => Ok(None),
        Some("id") => Ok(Some(CardKey::Id)),
        Some("serial_number") => Ok(Some(CardKey::Serial)),
        Some(other) => Err(Failure::argument(format!("by must be \"id\" or \"serial_number\", not {other:?}"))),
    }
}

/// A failure of the use cases as an exception.
pub(crate) fn said(failure: cardwright::Failure) -> Failure {
    use std::error::Error as _;
    let below = failure.source().and_then(|source| source.downcast_ref::<cardwright::client::Error>());
    match below {
        // It may have a place before its words.
        Some(error) => Failure::from(error).with_message(failure.message()),
        None => Failure::new(failure.code().unwrap_or(Code::Argument), failure.message()),
    }
}

/// A card that was read, its id, or what it is named by: whether that is a serial number, and where it stands.
#[derive(FromPyObject)]
pub(super) enum Given<'py> {
    Card(Bound<'py, Card>),
    Id(String),
    Named(bool, String, String),
}

impl Given<'_> {
    /// The same apart from the interpreter.
    pub(super) fn listed(self) -> ListedCard {
        match self {
            Given::Card(card) => ListedCard::Record(Box::new(any_card(&card))),
            Given::Id(text) => ListedCard::Named { key: CardKey::Id, text, place: String::new() },
            Given::Named(is_serial, text, place) => {
                ListedCard::Named { key: if is_serial { CardKey::Serial } else { CardKey::Id }, text, place }
            }
        }
    }
}

/// The cards of a file: whether each is named by a serial number, its text, and its place.
#[pyfunction(name = "_card_list")]
pub(crate) fn card_list(file: &[u8], name: String, by: Option<&str>) -> PyResult<Vec<(bool, String, String)>> {
    let cards = CardList::read(file, name, asked(by)?).map_err(said)?;
    let named = cards.filter_map(|card| match card {
        Ok(ListedCard::Named { key, text, place }) => Some(Ok((key == CardKey::Serial, text, place))),
        Ok(ListedCard::Record(_)) => None,
        Err(failure) => Some(Err(said(failure).into())),
    });
    named.collect()
}
