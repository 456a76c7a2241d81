//! What is read, in SQL for SQLite.

use super::statements::{Statements, database, next};
use crate::Error;
use crate::registry::certiflow::{CardShown, Listed, Listing, TextFilter, TimeFilter, Wanted, Written};
use crate::registry::record::Record as _;
use crate::registry::rows::{
    Account, AuditEntry, AuditQuery, Card, Certificate, Policy, Request, Rights, Standing, Template, WantedRequests,
};
use crate::registry::shown::{columns, write};
use crate::registry::stamp::Stamp;
use crate::registry::store::Reads;
use crate::registry::value::{Row as _, Value};
use cardwright_core::certiflow::{ContentExpirationStatus, UserName};
use cardwright_core::identity::Guid;
use cardwright_core::lifecycle::State;
use cardwright_core::mim::RequestKind;
use rusqlite::{ToSql, params, params_from_iter};

/// What a condition of a WHERE clause says, and the values of its `?`.
#[derive(Default)]
struct Conditions<'v> {
    sql: String,
    values: Vec<Value<'v>>,
}

impl<'v> Conditions<'v> {
    /// Adds a condition with one `?` for each value.
    fn add<const N: usize>(&mut self, sql: &str, values: [Value<'v>; N]) {
        self.sql.push_str(" AND ");
        self.sql.push_str(sql);
        self.values.extend(values);
    }

    fn add_wanted(&mut self, wanted: &'v Wanted, now: Stamp, soon: Stamp) {
        match wanted {
            Wanted::Text(TextFilter::Tag, text) => {
                self.add("EXISTS (SELECT 1 FROM json_each(card.tags) t WHERE t.value = ?)", [text.into()]);
            }
            Wanted::Text(filter, text) => self.add(&format!("{} = ?", filter.column()), [text.into()]),
            Wanted::User(form, name) => {
                let sql = match form {
                    UserName::Upn => "user_upn = ?",
                    UserName::DownLevel => "user_name = ?",
                    UserName::Logon => "substr(user_name, instr(user_name, '\\') + 1) = ? COLLATE NOCASE",
                    // No user has a name in a form that is not known.
                    #[cfg_attr(cardwright_exhaustive, expect(unreachable_patterns))]
                    _ => "? IS NULL",
                };
                self.add(sql, [name.into()]);
            }
            Wanted::Nothing => self.add("FALSE", []),
            Wanted::State(state) => self.add("state = ?", [(*state as u8).into()]),
            Wanted::Expiration(status) => self.add_expiration(*status, now, soon),
            Wanted::Time(time, TimeFilter::From(from)) => self.add(&format!("{} >= ?", time.column()), [from.0.into()]),
            Wanted::Time(time, TimeFilter::Day(day)) => {
                let column = time.column();
                self.add(&format!("{column} >= ? AND {column} < ?"), [day.0.into(), day.plus(86_400).0.into()]);
            }
        }
    }

    fn add_expiration(&mut self, wanted: ContentExpirationStatus, now: Stamp, soon: Stamp) {
        let (now, soon) = (Value::from(now.0), Value::from(soon.0));
        match wanted.of_certificates() {
            None => {
                self.add("NOT EXISTS (SELECT 1 FROM certificate c WHERE c.card = card.id AND c.valid_to < ?)", [soon]);
            }
            Some((kind, true)) => self.add(
                "id IN (SELECT c.card FROM certificate c WHERE c.type = ? AND c.valid_to < ?)",
                [(kind as u8).into(), now],
            ),
            Some((kind, false)) => self.add(
                "id IN (SELECT c.card FROM certificate c WHERE c.type = ? AND c.valid_to >= ? AND c.valid_to < ?)",
                [(kind as u8).into(), now, soon],
            ),
        }
    }
}

impl Statements<'_> {
    /// The cards of a `SELECT` with this ending, which orders them by their ids. Their certificates come with one query
    /// for all.
    fn write_cards(&self, rest: &str, values: Vec<Value<'_>>, shown: &CardShown) -> Result<Written, Error> {
        let mut written = Written::new(shown);
        let mut statement = self.prepare(&format!("SELECT id, {} FROM card {rest}", columns(&shown.fields)))?;
        let mut rows = statement.query(params_from_iter(values)).map_err(database)?;
        while let Some(row) = next(&mut rows)? {
            written.card(row.value(0)?.integer()?, |bytes| write(row, 1, &shown.fields, bytes))?;
        }
        let Some(fields) = shown.certificates.filter(|_| written.count() > 0) else { return Ok(written) };
        let ids = written.ids();
        let (of, ids): (_, Box<dyn ToSql>) = match ids.as_slice() {
            [id] => ("= ?", Box::new(*id)),
            // A list of ids would be another statement for each length.
            ids => {
                let ids = serde_json::to_string(ids).map_err(|error| Error::Database(Box::new(error)))?;
                ("IN (SELECT value FROM json_each(?))", Box::new(ids))
            }
        };
        let mut statement = self.prepare(&format!(
            "SELECT card, {} FROM certificate INDEXED BY certificate_card WHERE card {of} ORDER BY card, id",
            columns(fields)
        ))?;
        let mut rows = statement.query([ids]).map_err(database)?;
        while let Some(row) = next(&mut rows)? {
            written.certificate(row.value(0)?.integer()?, |bytes| write(row, 1, fields, bytes))?;
        }
        Ok(written)
    }
}

impl Reads for Statements<'_> {
    fn card(&self, id: i64) -> Result<Option<Card>, Error> {
        self.one("WHERE id = ?1", [id])
    }

    fn card_by_uuid(&self, uuid: Guid) -> Result<Option<Card>, Error> {
        self.one("WHERE uuid = ?1", [Value::Guid(uuid)])
    }

    fn card_by_card_id(&self, card_id: Guid) -> Result<Option<Card>, Error> {
        self.one("WHERE card_id = ?1", [Value::Guid(card_id)])
    }

    fn cards_of(&self, user: Guid) -> Result<Vec<Card>, Error> {
        self.all("WHERE user_uuid = ?1 ORDER BY id", [Value::Guid(user)])
    }

    fn cards_after(&self, id: i64, most: usize) -> Result<Vec<Card>, Error> {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        self.all("WHERE user_uuid IS NOT NULL AND id > ?1 ORDER BY id LIMIT ?2", [id, most])
    }

    fn count_cards(&self) -> Result<i64, Error> {
        Ok(self.number("SELECT count(*) FROM card", [])?.unwrap_or_default())
    }

    fn user_names(&self, user: Guid) -> Result<(Option<String>, Option<String>), Error> {
        let cards =
            "SELECT user_name, user_upn FROM card WHERE user_uuid = ?1 AND user_name IS NOT NULL ORDER BY id LIMIT 1";
        let names = self.rows(cards, [Value::Guid(user)], |row| {
            Ok((row.get(0).map_err(database)?, row.get(1).map_err(database)?))
        })?;
        Ok(names.into_iter().next().unwrap_or_default())
    }

    fn certificates(&self, card: i64) -> Result<Vec<(Certificate, Standing)>, Error> {
        let columns = [Certificate::COLUMNS, Standing::COLUMNS].concat().join(", ");
        let sql = format!("SELECT {columns} FROM certificate WHERE card = ?1 ORDER BY id");
        self.rows(&sql, [card], |row| {
            Ok((Certificate::read(row, 0)?, Standing::read(row, Certificate::COLUMNS.len())?))
        })
    }

    fn show_card(&self, id: i64, shown: &CardShown) -> Result<Written, Error> {
        let rest = format!("WHERE id = ? AND state <> {}", State::Retired as u8);
        self.write_cards(&rest, vec![id.into()], shown)
    }

    fn list_cards(&self, listing: &Listing, listed: Listed<'_>, most: u32) -> Result<Written, Error> {
        let mut conditions = Conditions::default();
        for wanted in &listing.wanted {
            conditions.add_wanted(wanted, listed.now, listed.soon);
        }
        conditions.values.extend([listing.after.into(), most.into(), listing.offset.into()]);
        let rest = format!(
            "WHERE state <> {} {} AND id > coalesce(?, -1 << 62) ORDER BY id LIMIT ? OFFSET ?",
            State::Retired as u8,
            conditions.sql
        );
        self.write_cards(&rest, conditions.values, listed.shown)
    }

    fn audit_rows(&self, query: &AuditQuery, card: Option<i64>, end: i64) -> Result<Vec<AuditEntry>, Error> {
        let mut conditions = Conditions { sql: "WHERE id > ? AND id <= ?".into(), values: vec![] };
        conditions.values.extend([query.after.into(), end.into()]);
        if let Some(card) = card {
            conditions.add("card = ?", [card.into()]);
        }
        for (column, wanted) in [("account", &query.account), ("issuer", &query.issuer), ("subject", &query.subject)] {
            if let Some(wanted) = wanted {
                conditions.add(&format!("{column} = ?"), [wanted.into()]);
            }
        }
        for (condition, wanted) in [("time >= ?", query.since), ("time < ?", query.until)] {
            if let Some(wanted) = wanted {
                conditions.add(condition, [wanted.0.into()]);
            }
        }
        conditions.values.push(query.limit.into());
        self.all(&format!("{} ORDER BY id LIMIT ?", conditions.sql), params_from_iter(conditions.values))
    }

    fn card_of_old(&self, uuid: Guid) -> Result<Option<i64>, Error> {
        let sql = "SELECT card FROM audit WHERE uuid = ?1 AND card IS NOT NULL ORDER BY id LIMIT 1";
        self.number(sql, [Value::Guid(uuid)])
    }

    fn accounts(&self) -> Result<Vec<Account>, Error> {
        self.all("ORDER BY name", [])
    }

    fn account(&self, name: &str) -> Result<Option<Account>, Error> {
        self.one("WHERE name = ?1", [name])
    }

    fn roles(&self) -> Result<Vec<(String, Rights)>, Error> {
        let sql = format!("SELECT name, {} FROM role ORDER BY name", Rights::COLUMNS.join(", "));
        self.rows(&sql, [], |row| Ok((row.value(0)?.text()?.to_owned(), Rights::read(row, 1)?)))
    }

    fn rights(&self, role: &str) -> Result<Option<Rights>, Error> {
        self.one("WHERE name = ?1", [role])
    }

    fn template(&self, uuid: Guid) -> Result<Option<Template>, Error> {
        self.one("WHERE uuid = ?1", [Value::Guid(uuid)])
    }

    fn template_of_policy(&self, name: &str) -> Result<Option<Template>, Error> {
        self.one("WHERE policy_name = ?1 ORDER BY uuid LIMIT 1", [name])
    }

    fn policy(&self, template: Guid, kind: RequestKind) -> Result<Option<Policy>, Error> {
        self.one("WHERE template = ?1 AND kind = ?2", params![Value::Guid(template), kind as u8])
    }

    fn policies(&self, template: Guid) -> Result<Vec<Policy>, Error> {
        self.all("WHERE template = ?1 ORDER BY kind", [Value::Guid(template)])
    }

    fn request(&self, uuid: Guid) -> Result<Option<Request>, Error> {
        self.one("WHERE uuid = ?1", [Value::Guid(uuid)])
    }

    fn requests(&self, wanted: &WantedRequests, most: usize) -> Result<Vec<Request>, Error> {
        let mut conditions = Conditions { sql: "WHERE TRUE".into(), values: vec![] };
        if !wanted.statuses.is_empty() {
            conditions.add(&format!("status IN ({})", vec!["?"; wanted.statuses.len()].join(", ")), []);
            conditions.values.extend(wanted.statuses.iter().map(|status| Value::from(*status as u8)));
        }
        if let Some(target) = wanted.target {
            conditions.add("target = ?", [target.into()]);
        }
        if let Some(party) = wanted.party {
            conditions.add("(originator = ? OR target = ?)", [party.into(), party.into()]);
        }
        if let Some((card, uuid)) = wanted.card {
            conditions.add("(card = ? OR old_smartcard = ?)", [card.into(), uuid.into()]);
        }
        if let Some((submitted, uuid)) = wanted.after {
            conditions.add("(submitted, uuid) > (?, ?)", [submitted.0.into(), uuid.into()]);
        }
        let rest = format!("{} ORDER BY submitted, uuid LIMIT {most}", conditions.sql);
        self.all(&rest, params_from_iter(conditions.values))
    }

    fn approved_by(&self, request: Guid) -> Result<Vec<String>, Error> {
        let sql = "SELECT name FROM approval WHERE request = ?1 ORDER BY time, name";
        self.rows(sql, [Value::Guid(request)], |row| row.get(0).map_err(database))
    }
}
