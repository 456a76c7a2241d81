//! Cards.

use super::failing;
use super::record::{Numbered, database, record};
use super::stamp::Stamp;
use super::store::Registry;
use super::transaction::{Reading, Writing};
use crate::Error;
use crate::uuid::new_uuid;
use cardwright_core::certiflow::RevocationReason;
use cardwright_core::identity::Guid;
use cardwright_core::lifecycle::State;
use cardwright_core::mim::FLAG_PRIMARY;
use rusqlite::OptionalExtension as _;

record! {
    /// A physical card, as every system sees it.
    #[derive(Debug, Clone, Default)]
    pub(crate) struct Card in "card" {
        pub(crate) id: i64 = "id",
        pub(crate) state: State = "state",
        pub(crate) serial_number: String = "serial_number",
        pub(crate) card_type_name: Option<String> = "card_type_name",
        pub(crate) card_model_name: Option<String> = "card_model_name",
        pub(crate) atr: Option<String> = "atr",
        pub(crate) label: Option<String> = "label",
        pub(crate) comment: Option<String> = "comment",
        pub(crate) tags: Vec<String> = "tags",
        pub(crate) form_factor: Option<String> = "form_factor",
        pub(crate) pac_number: Option<String> = "pac_number",
        pub(crate) expiration_date: Option<Stamp> = "expiration_date",
        pub(crate) time_issued: Option<Stamp> = "time_issued",
        pub(crate) time_disabled: Option<Stamp> = "time_disabled",
        pub(crate) time_updated: Option<Stamp> = "time_updated",
        pub(crate) time_revoked: Option<Stamp> = "time_revoked",
        pub(crate) user: Option<Guid> = "user_uuid",
        pub(crate) user_name: Option<String> = "user_name",
        pub(crate) user_upn: Option<String> = "user_upn",
        pub(crate) policy_id: Option<i64> = "policy_id",
        pub(crate) policy_name: Option<String> = "policy_name",
        pub(crate) revocation_reason: Option<RevocationReason> = "revocation_reason",
        pub(crate) uuid: Guid = "uuid",
        pub(crate) card_id: Option<Guid> = "card_id",
        pub(crate) profile: Guid = "profile_uuid",
        pub(crate) flags: i64 = "flags",
        pub(crate) parent: Option<Guid> = "parent_uuid",
        pub(crate) primary: Option<Guid> = "primary_uuid",
        pub(crate) permanent: Option<Guid> = "permanent_uuid",
        pub(crate) template: Option<Guid> = "template",
        pub(crate) template_version: i64 = "template_version",
        pub(crate) mim_comment: String = "mim_comment",
        pub(crate) middleware: String = "middleware",
    }
}

impl Card {
    /// A card that has an id, a serial number and nothing else.
    pub(crate) fn blank(id: i64, serial_number: String) -> Result<Self, Error> {
        let (uuid, profile) = (new_uuid()?, new_uuid()?);
        let middleware = "MSBaseCSP".into();
        Ok(Card { id, serial_number, uuid, profile, flags: FLAG_PRIMARY, middleware, ..Card::default() })
    }
}

impl Numbered for RevocationReason {
    const WHAT: &'static str = "a revocation reason";
}

impl Registry {
    /// How many cards there are, including those that CertiFlow no longer lists.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub fn count_cards(&self) -> Result<usize, Error> {
        let count = self.read(|reading| reading.value::<i64>("SELECT count(*) FROM card", []))?;
        usize::try_from(count.unwrap_or_default()).map_err(|_| Error::Corrupt("a count"))
    }
}

/// A card's id in one of the systems.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CardKey {
    /// CertiFlow's number.
    Id(i64),
    /// MIM CM's GUID.
    Uuid(Guid),
}

impl Reading<'_> {
    /// A card by its id in CertiFlow.
    pub(crate) fn card(&self, id: i64) -> Result<Option<Card>, Error> {
        self.one("WHERE id = ?1", [id])
    }

    /// A card by its id in MIM CM.
    pub(crate) fn card_by_uuid(&self, uuid: Guid) -> Result<Option<Card>, Error> {
        self.one("WHERE uuid = ?1", [uuid.to_string()])
    }

    /// A card by its id in either system.
    pub(crate) fn card_by_key(&self, key: CardKey) -> Result<Option<Card>, Error> {
        match key {
            CardKey::Id(id) => self.card(id),
            CardKey::Uuid(uuid) => self.card_by_uuid(uuid),
        }
    }

    /// A card by its own GUID.
    pub(crate) fn card_by_card_id(&self, card_id: Guid) -> Result<Option<Card>, Error> {
        self.one("WHERE card_id = ?1", [card_id.to_string()])
    }

    /// The cards of a user, in the order of their ids.
    pub(crate) fn cards_of(&self, user: Guid) -> Result<Vec<Card>, Error> {
        self.all("WHERE user_uuid = ?1 ORDER BY id", [user.to_string()])
    }

    /// The next cards that have a user, after the one with this id, in the order of their ids.
    pub(crate) fn cards_after(&self, id: i64, most: usize) -> Result<Vec<Card>, Error> {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        self.all("WHERE user_uuid IS NOT NULL AND id > ?1 ORDER BY id LIMIT ?2", [id, most])
    }

    /// The id for the next card that is added: after all others.
    pub(crate) fn next_card(&self) -> Result<i64, Error> {
        Ok(self.value("SELECT coalesce(max(id), 0) + 1 FROM card", [])?.unwrap_or(1))
    }

    /// The name and the UPN that a user has on another card.
    pub(crate) fn user_names(&self, user: Guid) -> Result<(Option<String>, Option<String>), Error> {
        let cards = "SELECT user_name, user_upn FROM card WHERE user_uuid = ?1 AND user_name IS NOT NULL LIMIT 1";
        let mut statement = self.prepare(cards)?;
        let names = failing::here().and_then(|()| {
            statement.query_row([user.to_string()], |row| Ok((row.get("user_name")?, row.get("user_upn")?))).optional()
        });
        Ok(names.map_err(database)?.unwrap_or_default())
    }
}

impl Writing<'_> {
    /// Adds a card.
    pub(crate) fn add_card(&self, card: &Card) -> Result<(), Error> {
        self.insert(card)
    }

    /// Replaces a card that is given to a user, issued or returned to stock. Returns whether it was still in
    /// the state `before`.
    pub(crate) fn replace_card(&self, card: &Card, before: State) -> Result<bool, Error> {
        self.update(card, &format!("AND state = {}", before as u8))
    }
}
