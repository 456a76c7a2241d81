//! Profile templates, and what each allows and asks for.

use super::{Reading, Writing, database, guid, named};
use crate::Error;
use cardwright_core::identity::Guid;
use cardwright_core::mim::RequestKind;
use rusqlite::{OptionalExtension as _, params};

/// A profile template of MIM CM, and the policy that CertiFlow shows for its cards.
#[derive(Debug, Clone)]
pub(crate) struct Template {
    pub(crate) uuid: Guid,
    pub(crate) name: String,
    pub(crate) version: i64,
    pub(crate) policy_id: i64,
    pub(crate) policy_name: String,
}

/// How a template treats one kind of request.
#[derive(Debug, Clone)]
pub(crate) struct Policy {
    pub(crate) kind: RequestKind,
    /// How many approvals a request needs.
    pub(crate) approvals: u32,
    pub(crate) flags: i64,
    pub(crate) data_collection_flags: i64,
    /// The questions.
    pub(crate) data_items: Vec<String>,
    pub(crate) security_descriptor: String,
    pub(crate) priority: u8,
    pub(crate) is_enrollment_agent: bool,
    pub(crate) is_data_complete: bool,
}

impl Reading<'_> {
    /// A template by its id.
    pub(crate) fn template(&self, uuid: Guid) -> Result<Option<Template>, Error> {
        let sql = "SELECT name, version, policy_id, policy_name FROM profile_template WHERE uuid = ?1";
        let found = self.connection.query_row(sql, [uuid.to_string()], |row| {
            Ok(Template {
                uuid,
                name: row.get(0)?,
                version: row.get(1)?,
                policy_id: row.get(2)?,
                policy_name: row.get(3)?,
            })
        });
        found.optional().map_err(database)
    }

    /// A template by the name of its policy in CertiFlow.
    pub(crate) fn template_of_policy(&self, name: &str) -> Result<Option<Template>, Error> {
        let sql = "SELECT uuid FROM profile_template WHERE policy_name = ?1 ORDER BY uuid LIMIT 1";
        let uuid = self.connection.query_row(sql, [name], |row| row.get(0)).optional().map_err(database)?;
        guid(uuid)?.map_or(Ok(None), |uuid| self.template(uuid))
    }

    /// How a template treats a kind of request; `None` where it does not allow it.
    pub(crate) fn policy(&self, template: Guid, kind: RequestKind) -> Result<Option<Policy>, Error> {
        let sql = "SELECT approvals, flags, data_collection_flags, data_items, security_descriptor, priority, \
            is_enrollment_agent, is_data_complete FROM template_policy WHERE template = ?1 AND kind = ?2";
        let mut statement = self.connection.prepare_cached(sql).map_err(database)?;
        let mut rows = statement.query(params![template.to_string(), kind as u8]).map_err(database)?;
        let Some(row) = rows.next().map_err(database)? else { return Ok(None) };
        let items: String = row.get(3).map_err(database)?;
        Ok(Some(Policy {
            kind,
            approvals: row.get(0).map_err(database)?,
            flags: row.get(1).map_err(database)?,
            data_collection_flags: row.get(2).map_err(database)?,
            data_items: serde_json::from_str(&items).map_err(|_| Error::Corrupt("data items"))?,
            security_descriptor: row.get(4).map_err(database)?,
            priority: row.get(5).map_err(database)?,
            is_enrollment_agent: row.get(6).map_err(database)?,
            is_data_complete: row.get(7).map_err(database)?,
        }))
    }

    /// The kinds of request that a template allows.
    pub(crate) fn allowed_kinds(&self, template: Guid) -> Result<Vec<RequestKind>, Error> {
        let sql = "SELECT kind FROM template_policy WHERE template = ?1 ORDER BY kind";
        let mut statement = self.connection.prepare_cached(sql).map_err(database)?;
        let mut rows = statement.query([template.to_string()]).map_err(database)?;
        let mut kinds = Vec::new();
        while let Some(row) = rows.next().map_err(database)? {
            let kind = row.get(0).map_err(database)?;
            kinds.push(named(kind, |kind: RequestKind| kind as u8, "a kind of request")?);
        }
        Ok(kinds)
    }
}

impl Writing<'_> {
    /// Adds a template with its policies.
    pub(crate) fn add_template(&self, template: &Template, policies: &[Policy]) -> Result<(), Error> {
        let sql = "INSERT INTO profile_template VALUES (?1, ?2, ?3, ?4, ?5)";
        let values = params![
            template.uuid.to_string(),
            template.name,
            template.version,
            template.policy_id,
            template.policy_name
        ];
        self.connection.execute(sql, values).map_err(database)?;
        for policy in policies {
            let items = serde_json::to_string(&policy.data_items).map_err(|_| Error::Corrupt("data items"))?;
            let sql = "INSERT INTO template_policy VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
            let values = params![
                template.uuid.to_string(),
                policy.kind as u8,
                policy.approvals,
                policy.flags,
                policy.data_collection_flags,
                items,
                policy.security_descriptor,
                policy.priority,
                policy.is_enrollment_agent,
                policy.is_data_complete,
            ];
            self.connection.execute(sql, values).map_err(database)?;
        }
        Ok(())
    }
}
