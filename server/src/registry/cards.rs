//! Cards.

use super::{Reading, Stamp, Writing, database, guid, named, some_guid};
use crate::Error;
use cardwright_core::certiflow::RevocationReason;
use cardwright_core::identity::Guid;
use cardwright_core::lifecycle::State;
use rusqlite::{OptionalExtension as _, Row, named_params, params};

/// A physical card, as both systems see it.
#[derive(Debug, Clone)]
pub(crate) struct Card {
    pub(crate) id: i64,
    pub(crate) state: State,
    pub(crate) serial_number: String,
    pub(crate) card_type_name: Option<String>,
    pub(crate) card_model_name: Option<String>,
    pub(crate) atr: Option<String>,
    pub(crate) label: Option<String>,
    pub(crate) comment: Option<String>,
    pub(crate) tags: Vec<String>,
    pub(crate) form_factor: Option<String>,
    pub(crate) pac_number: Option<String>,
    pub(crate) expiration_date: Option<Stamp>,
    pub(crate) time_issued: Option<Stamp>,
    pub(crate) time_disabled: Option<Stamp>,
    pub(crate) time_updated: Option<Stamp>,
    pub(crate) time_revoked: Option<Stamp>,
    pub(crate) user: Option<Guid>,
    pub(crate) user_name: Option<String>,
    pub(crate) user_upn: Option<String>,
    pub(crate) policy_id: Option<i64>,
    pub(crate) policy_name: Option<String>,
    pub(crate) revocation_reason: Option<RevocationReason>,
    pub(crate) uuid: Guid,
    pub(crate) card_id: Option<Guid>,
    pub(crate) profile: Guid,
    pub(crate) flags: i64,
    pub(crate) parent: Option<Guid>,
    pub(crate) primary: Option<Guid>,
    pub(crate) permanent: Option<Guid>,
    pub(crate) template: Option<Guid>,
    pub(crate) template_version: i64,
    pub(crate) mim_comment: String,
    pub(crate) middleware: String,
}

/// The columns of a card, in the order in which [`Card::from_row`] takes them.
pub(super) const COLUMNS: &str = "id, state, serial_number, card_type_name, card_model_name, atr, label, comment, \
    tags, form_factor, pac_number, expiration_date, time_issued, time_disabled, time_updated, time_revoked, \
    user_uuid, user_name, user_upn, policy_id, policy_name, revocation_reason, uuid, card_id, profile_uuid, flags, \
    parent_uuid, primary_uuid, permanent_uuid, template, template_version, mim_comment, middleware";

const INSERT: &str = "INSERT INTO card VALUES (:id, :state, :serial_number, :card_type_name, :card_model_name, \
    :atr, :label, :comment, :tags, :form_factor, :pac_number, :expiration_date, :time_issued, :time_disabled, \
    :time_updated, :time_revoked, :user, :user_name, :user_upn, :policy_id, :policy_name, :revocation_reason, \
    :uuid, :card_id, :profile, :flags, :parent, :primary, :permanent, :template, :template_version, :mim_comment, \
    :middleware)";

impl Card {
    pub(super) fn from_row(row: &Row<'_>) -> Result<Self, Error> {
        let reason: Option<i64> = row.get(21).map_err(database)?;
        let tags: String = row.get(8).map_err(database)?;
        let stamp = |n| row.get::<_, Option<i64>>(n).map(|ticks| ticks.map(Stamp)).map_err(database);
        let text = |n| row.get::<_, Option<String>>(n).map_err(database);
        let uuid = |n| text(n).and_then(guid);
        let must = |n| row.get::<_, String>(n).map_err(database);
        Ok(Card {
            id: row.get(0).map_err(database)?,
            state: state(row.get(1).map_err(database)?)?,
            serial_number: must(2)?,
            card_type_name: text(3)?,
            card_model_name: text(4)?,
            atr: text(5)?,
            label: text(6)?,
            comment: text(7)?,
            tags: serde_json::from_str(&tags).map_err(|_| Error::Corrupt("tags"))?,
            form_factor: text(9)?,
            pac_number: text(10)?,
            expiration_date: stamp(11)?,
            time_issued: stamp(12)?,
            time_disabled: stamp(13)?,
            time_updated: stamp(14)?,
            time_revoked: stamp(15)?,
            user: uuid(16)?,
            user_name: text(17)?,
            user_upn: text(18)?,
            policy_id: row.get(19).map_err(database)?,
            policy_name: text(20)?,
            revocation_reason: reason
                .map(|n| named(n, |reason: RevocationReason| reason as u8, "a revocation reason"))
                .transpose()?,
            uuid: some_guid(&must(22)?)?,
            card_id: uuid(23)?,
            profile: some_guid(&must(24)?)?,
            flags: row.get(25).map_err(database)?,
            parent: uuid(26)?,
            primary: uuid(27)?,
            permanent: uuid(28)?,
            template: uuid(29)?,
            template_version: row.get(30).map_err(database)?,
            mim_comment: must(31)?,
            middleware: must(32)?,
        })
    }
}

pub(super) fn state(number: i64) -> Result<State, Error> {
    named(number, |state: State| state as u8, "a card state")
}

impl Reading<'_> {
    /// A card by its id in CertiFlow.
    pub(crate) fn card(&self, id: i64) -> Result<Option<Card>, Error> {
        self.one_card("id = ?1", id)
    }

    /// A card by its id in MIM CM.
    pub(crate) fn card_by_uuid(&self, uuid: Guid) -> Result<Option<Card>, Error> {
        self.one_card("uuid = ?1", uuid.to_string())
    }

    /// A card by its own GUID.
    pub(crate) fn card_by_card_id(&self, card_id: Guid) -> Result<Option<Card>, Error> {
        self.one_card("card_id = ?1", card_id.to_string())
    }

    fn one_card(&self, condition: &str, key: impl rusqlite::ToSql) -> Result<Option<Card>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM card WHERE {condition}");
        let mut statement = self.connection.prepare_cached(&sql).map_err(database)?;
        let mut rows = statement.query([key]).map_err(database)?;
        rows.next().map_err(database)?.map(Card::from_row).transpose()
    }

    /// The cards of a user, in the order of their ids.
    pub(crate) fn cards_of(&self, user: Guid) -> Result<Vec<Card>, Error> {
        self.cards("user_uuid = ?1", &[&user.to_string()])
    }

    /// All cards that somebody has, in the order of their ids.
    pub(crate) fn all_cards(&self) -> Result<Vec<Card>, Error> {
        self.cards("user_uuid IS NOT NULL", &[])
    }

    fn cards(&self, condition: &str, values: &[&dyn rusqlite::ToSql]) -> Result<Vec<Card>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM card WHERE {condition} ORDER BY id");
        let mut statement = self.connection.prepare_cached(&sql).map_err(database)?;
        let mut rows = statement.query(values).map_err(database)?;
        let mut cards = Vec::new();
        while let Some(row) = rows.next().map_err(database)? {
            cards.push(Card::from_row(row)?);
        }
        Ok(cards)
    }

    /// The id for a card that is added now: after all others.
    pub(crate) fn next_card(&self) -> Result<i64, Error> {
        let sql = "SELECT coalesce(max(id), 0) + 1 FROM card";
        self.connection.query_row(sql, [], |row| row.get(0)).map_err(database)
    }

    /// The name and the UPN that a user has on another card.
    pub(crate) fn user_names(&self, user: Guid) -> Result<(Option<String>, Option<String>), Error> {
        let sql = "SELECT user_name, user_upn FROM card WHERE user_uuid = ?1 AND user_name IS NOT NULL LIMIT 1";
        let names = self.connection.query_row(sql, [user.to_string()], |row| Ok((row.get(0)?, row.get(1)?)));
        Ok(names.optional().map_err(database)?.unwrap_or_default())
    }
}

impl Writing<'_> {
    /// Adds a card.
    pub(crate) fn add_card(&self, card: &Card) -> Result<(), Error> {
        let text = |guid: Option<Guid>| guid.map(|guid| guid.to_string());
        let ticks = |stamp: Option<Stamp>| stamp.map(|stamp| stamp.0);
        let mut statement = self.connection.prepare_cached(INSERT).map_err(database)?;
        statement
            .execute(named_params! {
                ":id": card.id,
                ":state": card.state as u8,
                ":serial_number": card.serial_number,
                ":card_type_name": card.card_type_name,
                ":card_model_name": card.card_model_name,
                ":atr": card.atr,
                ":label": card.label,
                ":comment": card.comment,
                ":tags": serde_json::to_string(&card.tags).map_err(|_| Error::Corrupt("tags"))?,
                ":form_factor": card.form_factor,
                ":pac_number": card.pac_number,
                ":expiration_date": ticks(card.expiration_date),
                ":time_issued": ticks(card.time_issued),
                ":time_disabled": ticks(card.time_disabled),
                ":time_updated": ticks(card.time_updated),
                ":time_revoked": ticks(card.time_revoked),
                ":user": text(card.user),
                ":user_name": card.user_name,
                ":user_upn": card.user_upn,
                ":policy_id": card.policy_id,
                ":policy_name": card.policy_name,
                ":revocation_reason": card.revocation_reason.map(|reason| reason as u8),
                ":uuid": card.uuid.to_string(),
                ":card_id": text(card.card_id),
                ":profile": card.profile.to_string(),
                ":flags": card.flags,
                ":parent": text(card.parent),
                ":primary": text(card.primary),
                ":permanent": text(card.permanent),
                ":template": text(card.template),
                ":template_version": card.template_version,
                ":mim_comment": card.mim_comment,
                ":middleware": card.middleware,
            })
            .map_err(database)?;
        Ok(())
    }

    /// Writes what changes when a card is given to somebody, issued or taken back; whether it was still in
    /// the state before.
    pub(crate) fn replace_card(&self, card: &Card, before: State) -> Result<bool, Error> {
        let sql = "UPDATE card SET state = ?3, atr = ?4, time_issued = ?5, time_disabled = ?6, time_updated = ?7, \
            time_revoked = ?8, user_uuid = ?9, user_name = ?10, user_upn = ?11, policy_id = ?12, policy_name = ?13, \
            revocation_reason = ?14, uuid = ?15, profile_uuid = ?16, flags = ?17, parent_uuid = ?18, \
            primary_uuid = ?19, permanent_uuid = ?20, template = ?21, template_version = ?22, middleware = ?23 \
            WHERE id = ?1 AND state = ?2";
        let text = |guid: Option<Guid>| guid.map(|guid| guid.to_string());
        let ticks = |stamp: Option<Stamp>| stamp.map(|stamp| stamp.0);
        let mut statement = self.connection.prepare_cached(sql).map_err(database)?;
        let changed = statement.execute(params![
            card.id,
            before as u8,
            card.state as u8,
            card.atr,
            ticks(card.time_issued),
            ticks(card.time_disabled),
            ticks(card.time_updated),
            ticks(card.time_revoked),
            text(card.user),
            card.user_name,
            card.user_upn,
            card.policy_id,
            card.policy_name,
            card.revocation_reason.map(|reason| reason as u8),
            card.uuid.to_string(),
            card.profile.to_string(),
            card.flags,
            text(card.parent),
            text(card.primary),
            text(card.permanent),
            text(card.template),
            card.template_version,
            card.middleware,
        ]);
        Ok(changed.map_err(database)? == 1)
    }
}
