//! MIM CM's requests.

use super::{Reading, Stamp, Writing, database, guid, named, some_guid};
use crate::Error;
use cardwright_core::identity::Guid;
use cardwright_core::mim::{RequestKind, RequestStatus};
use rusqlite::params;

/// A request.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) uuid: Guid,
    pub(crate) kind: RequestKind,
    pub(crate) status: RequestStatus,
    pub(crate) flags: i64,
    /// Questions and answers.
    pub(crate) data_collection: Vec<(String, Option<String>)>,
    pub(crate) data_collection_flags: i64,
    pub(crate) originator: Guid,
    pub(crate) target: Guid,
    pub(crate) submitted: Stamp,
    pub(crate) completed: Option<Stamp>,
    pub(crate) new_profile: Option<Guid>,
    pub(crate) old_profile: Option<Guid>,
    pub(crate) new_smartcard: Option<Guid>,
    pub(crate) old_smartcard: Option<Guid>,
    pub(crate) priority: u8,
    pub(crate) comment: String,
    pub(crate) template: Guid,
    pub(crate) security_descriptor: String,
    pub(crate) is_smartcard: bool,
    pub(crate) is_enrollment_agent: bool,
    pub(crate) is_data_complete: bool,
    /// The card that it is about, or the one that was given to it.
    pub(crate) card: Option<i64>,
    /// Whether the card's status was set.
    pub(crate) carried_out: bool,
}

impl Reading<'_> {
    /// A request by its id.
    pub(crate) fn request(&self, uuid: Guid) -> Result<Option<Request>, Error> {
        let sql = "SELECT kind, status, flags, data_collection, data_collection_flags, originator, target, \
            submitted, completed, new_profile, old_profile, new_smartcard, old_smartcard, priority, comment, \
            template, security_descriptor, is_smartcard, is_enrollment_agent, is_data_complete, card, carried_out \
            FROM request WHERE uuid = ?1";
        let mut statement = self.connection.prepare_cached(sql).map_err(database)?;
        let mut rows = statement.query([uuid.to_string()]).map_err(database)?;
        let Some(row) = rows.next().map_err(database)? else { return Ok(None) };
        let number = |n| row.get::<_, i64>(n).map_err(database);
        let text = |n| row.get::<_, String>(n).map_err(database);
        let flag = |n| row.get::<_, bool>(n).map_err(database);
        let uuid_in = |n| row.get::<_, Option<String>>(n).map_err(database).and_then(guid);
        Ok(Some(Request {
            uuid,
            kind: named(number(0)?, |kind: RequestKind| kind as u8, "a kind of request")?,
            status: named(number(1)?, |status: RequestStatus| status as u8, "a status of a request")?,
            flags: number(2)?,
            data_collection: serde_json::from_str(&text(3)?).map_err(|_| Error::Corrupt("a data collection"))?,
            data_collection_flags: number(4)?,
            originator: some_guid(&text(5)?)?,
            target: some_guid(&text(6)?)?,
            submitted: Stamp(number(7)?),
            completed: row.get::<_, Option<i64>>(8).map_err(database)?.map(Stamp),
            new_profile: uuid_in(9)?,
            old_profile: uuid_in(10)?,
            new_smartcard: uuid_in(11)?,
            old_smartcard: uuid_in(12)?,
            priority: row.get(13).map_err(database)?,
            comment: text(14)?,
            template: some_guid(&text(15)?)?,
            security_descriptor: text(16)?,
            is_smartcard: flag(17)?,
            is_enrollment_agent: flag(18)?,
            is_data_complete: flag(19)?,
            card: row.get(20).map_err(database)?,
            carried_out: flag(21)?,
        }))
    }
}

impl Writing<'_> {
    /// Adds a request.
    pub(crate) fn add_request(&self, request: &Request) -> Result<(), Error> {
        let sql = "INSERT INTO request VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, \
            ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23)";
        let text = |guid: Option<Guid>| guid.map(|guid| guid.to_string());
        let data = serde_json::to_string(&request.data_collection).map_err(|_| Error::Corrupt("a data collection"))?;
        let values = params![
            request.uuid.to_string(),
            request.kind as u8,
            request.status as u8,
            request.flags,
            data,
            request.data_collection_flags,
            request.originator.to_string(),
            request.target.to_string(),
            request.submitted.0,
            request.completed.map(|stamp| stamp.0),
            text(request.new_profile),
            text(request.old_profile),
            text(request.new_smartcard),
            text(request.old_smartcard),
            request.priority,
            request.comment,
            request.template.to_string(),
            request.security_descriptor,
            request.is_smartcard,
            request.is_enrollment_agent,
            request.is_data_complete,
            request.card,
            request.carried_out,
        ];
        self.connection.execute(sql, values).map(|_| ()).map_err(database)
    }

    /// Writes what may change of a request.
    pub(crate) fn update_request(&self, request: &Request) -> Result<(), Error> {
        let sql = "UPDATE request SET status = ?2, completed = ?3, new_profile = ?4, new_smartcard = ?5, card = ?6, \
            carried_out = ?7 WHERE uuid = ?1";
        let text = |guid: Option<Guid>| guid.map(|guid| guid.to_string());
        let values = params![
            request.uuid.to_string(),
            request.status as u8,
            request.completed.map(|stamp| stamp.0),
            text(request.new_profile),
            text(request.new_smartcard),
            request.card,
            request.carried_out,
        ];
        self.connection.execute(sql, values).map(|_| ()).map_err(database)
    }
}
