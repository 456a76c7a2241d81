//! Finding and adding cards.

use super::rows::{Card, CardKey, Certificate, Standing};
use super::{Reading, Registry, Writing};
use crate::Error;
use cardwright_core::lifecycle::State;

impl Registry {
    /// How many cards there are, including those that CertiFlow no longer lists.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub fn count_cards(&self) -> Result<usize, Error> {
        let count = self.read_one(|reading| reading.count_cards())?;
        usize::try_from(count).map_err(|_| Error::Corrupt("a count"))
    }
}

impl Reading<'_> {
    /// A card by its id in either system.
    pub(crate) fn card_by_key(&self, key: CardKey) -> Result<Option<Card>, Error> {
        match key {
            CardKey::Id(id) => self.card(id),
            CardKey::Uuid(uuid) => self.card_by_uuid(uuid),
        }
    }
}

impl Writing<'_> {
    /// The id for the next card that is added.
    pub(crate) fn next_card(&self) -> Result<i64, Error> {
        self.writes.next_card()
    }

    /// Adds a card without certificates.
    pub(crate) fn add_card(&self, card: &Card) -> Result<(), Error> {
        self.add_cards(&[(card.clone(), Vec::new())])
    }

    /// Adds cards, with their certificates.
    pub(crate) fn add_cards(&self, cards: &[(Card, Vec<(Certificate, Standing)>)]) -> Result<(), Error> {
        self.writes.add_cards(cards)
    }

    /// Cards were added with ids of their own: further ones get ids after all of them.
    pub(crate) fn number_on(&self) -> Result<(), Error> {
        self.writes.number_on()
    }

    /// Replaces a card that is given to a user, issued or returned to stock. Returns whether it was still in
    /// the state `before`.
    pub(crate) fn replace_card(&self, card: &Card, before: State) -> Result<bool, Error> {
        self.writes.replace_card(card, before)
    }
}
