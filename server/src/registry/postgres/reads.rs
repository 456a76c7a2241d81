//! What is read, in SQL for PostgreSQL.

use super::statements::Statements;
use crate::Error;
use crate::registry::certiflow::{CardShown, Listed, Listing, TextFilter, TimeFilter, Wanted, Written};
use crate::registry::record::Record as _;
use crate::registry::rows::{
    Account, AuditEntry, AuditQuery, Card, Certificate, Policy, Request, Rights, Standing, Template, WantedRequests,
};
use crate::registry::shown::{Shown, write};
use crate::registry::stamp::Stamp;
use crate::registry::store::Reads;
use crate::registry::value::{Row as _, Value};
use cardwright_core::certiflow::{ContentExpirationStatus, UserName};
use cardwright_core::identity::Guid;
use cardwright_core::lifecycle::State;
use cardwright_core::mim::RequestKind;

/// What a condition of a WHERE clause says, and the values of its `$1`, `$2` and so on.
#[derive(Default)]
struct Conditions<'v> {
    sql: String,
    values: Vec<Value<'v>>,
}

impl<'v> Conditions<'v> {
    /// Adds a value. Returns its place.
    fn place(&mut self, value: impl Into<Value<'v>>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len())
    }

    /// Adds a condition with one `?` for each value.
    fn add<const N: usize>(&mut self, sql: &str, values: [Value<'v>; N]) {
        self.sql.push_str(" AND ");
        let mut values = values.into_iter();
        for (nth, part) in sql.split('?').enumerate() {
            if nth > 0
                && let Some(value) = values.next()
            {
                let place = self.place(value);
                self.sql.push_str(&place);
            }
            self.sql.push_str(part);
        }
    }

    fn add_wanted(&mut self, wanted: &'v Wanted, now: Stamp, soon: Stamp) {
        match wanted {
            Wanted::Text(TextFilter::Tag, text) => {
                // Compared as they are written in JSON, which may hold what no text of PostgreSQL does.
                let text = serde_json::Value::from(text.as_str()).to_string();
                self.add("EXISTS (SELECT 1 FROM json_array_elements(tags) t WHERE t::text = ?)", [text.into()]);
            }
            Wanted::Text(TextFilter::SerialNumber, text) => {
                self.add("lower(serial_number) = lower(? COLLATE \"C\")", [text.into()]);
            }
            Wanted::Text(filter, text) => self.add(&format!("{} = ?", filter.column()), [text.into()]),
            Wanted::User(form, name) => {
                let sql = match form {
                    UserName::Upn => "lower(user_upn) = lower(? COLLATE \"C\")",
                    UserName::DownLevel => "lower(user_name) = lower(? COLLATE \"C\")",
                    UserName::Logon => "lower(substr(user_name, strpos(user_name, '\\') + 1)) = lower(? COLLATE \"C\")",
                    // No user has a name in a form that is not known.
                    #[cfg_attr(cardwright_exhaustive, expect(unreachable_patterns))]
                    _ => "?::text IS NULL",
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
                "EXISTS (SELECT 1 FROM certificate c WHERE c.card = card.id AND c.type = ? AND c.valid_to < ?)",
                [(kind as u8).into(), now],
            ),
            Some((kind, false)) => self.add(
                "EXISTS (SELECT 1 FROM certificate c WHERE c.card = card.id AND c.type = ? AND c.valid_to >= ? \
                    AND c.valid_to < ?)",
                [(kind as u8).into(), now, soon],
            ),
        }
    }
}

/// The columns of an object in a table of this short name.
fn columns(table: &str, fields: &[Shown]) -> String {
    fields.iter().map(|field| format!(", {table}.{}", field.column)).collect()
}

impl Statements<'_> {
    /// The cards of a `SELECT` with this ending, by their ids, with their certificates, in one statement: a card comes once
    /// for each of these.
    fn write_cards(&self, rest: &str, values: &[Value<'_>], shown: &CardShown) -> Result<Written, Error> {
        let mut written = Written::new(shown);
        let of_card = columns("k", &shown.fields);
        let cards = format!("(SELECT * FROM card {rest}) k");
        let Some(certificate) = shown.certificates else {
            let sql = format!("SELECT k.id{of_card} FROM {cards} ORDER BY k.id");
            self.rows(&sql, values, |row| {
                written.card(row.value(0)?.integer()?, |bytes| write(row, 1, &shown.fields, bytes))
            })?;
            return Ok(written);
        };
        let sql = format!(
            "SELECT k.id{of_card}, t.card{} FROM {cards} LEFT JOIN certificate t ON t.card = k.id ORDER BY k.id, t.id",
            columns("t", certificate)
        );
        let mut last = None;
        let owner = 1 + shown.fields.len();
        self.rows(&sql, values, |row| {
            let id = row.value(0)?.integer()?;
            if last != Some(id) {
                written.card(id, |bytes| write(row, 1, &shown.fields, bytes))?;
                last = Some(id);
            }
            if row.value(owner)? == Value::Null {
                return Ok(());
            }
            written.certificate(id, |bytes| write(row, owner + 1, certificate, bytes))
        })?;
        Ok(written)
    }
}

impl Reads for Statements<'_> {
    fn card(&self, id: i64) -> Result<Option<Card>, Error> {
        self.this("WHERE id = $1", &[id.into()])
    }

    fn card_by_uuid(&self, uuid: Guid) -> Result<Option<Card>, Error> {
        self.this("WHERE uuid = $1", &[uuid.into()])
    }

    fn card_by_card_id(&self, card_id: Guid) -> Result<Option<Card>, Error> {
        self.this("WHERE card_id = $1", &[card_id.into()])
    }

    fn cards_of(&self, user: Guid) -> Result<Vec<Card>, Error> {
        self.all("WHERE user_uuid = $1 ORDER BY id", &[user.into()])
    }

    fn cards_after(&self, id: i64, most: usize) -> Result<Vec<Card>, Error> {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        self.all("WHERE user_uuid IS NOT NULL AND id > $1 ORDER BY id LIMIT $2", &[id.into(), most.into()])
    }

    fn count_cards(&self) -> Result<i64, Error> {
        Ok(self.number("SELECT count(*) FROM card", &[])?.unwrap_or_default())
    }

    fn user_names(&self, user: Guid) -> Result<(Option<String>, Option<String>), Error> {
        let cards =
            "SELECT user_name, user_upn FROM card WHERE user_uuid = $1 AND user_name IS NOT NULL ORDER BY id LIMIT 1";
        let names = self.rows(cards, &[user.into()], |row| {
            let text = |position| match row.value(position)? {
                Value::Null => Ok::<_, Error>(None),
                value => value.text().map(|text| Some(text.to_owned())),
            };
            Ok((text(0)?, text(1)?))
        })?;
        Ok(names.into_iter().next().unwrap_or_default())
    }

    fn certificates(&self, card: i64) -> Result<Vec<(Certificate, Standing)>, Error> {
        let columns = [Certificate::COLUMNS, Standing::COLUMNS].concat().join(", ");
        let sql = format!("SELECT {columns} FROM certificate WHERE card = $1 ORDER BY id");
        self.rows(&sql, &[card.into()], |row| {
            Ok((Certificate::read(row, 0)?, Standing::read(row, Certificate::COLUMNS.len())?))
        })
    }

    fn show_card(&self, id: i64, shown: &CardShown) -> Result<Written, Error> {
        let rest = format!("WHERE id = $1 AND state <> {}", State::Retired as u8);
        self.write_cards(&rest, &[id.into()], shown)
    }

    fn list_cards(&self, listing: &Listing, listed: Listed<'_>, most: u32) -> Result<Written, Error> {
        let mut conditions = Conditions::default();
        if let Some(after) = listing.after {
            conditions.add("id > ?", [after.into()]);
        }
        for wanted in &listing.wanted {
            conditions.add_wanted(wanted, listed.now, listed.soon);
        }
        let (most, offset) = (conditions.place(most), conditions.place(listing.offset));
        let rest = format!(
            "WHERE state <> {}{} ORDER BY id LIMIT {most} OFFSET {offset}",
            State::Retired as u8,
            conditions.sql
        );
        self.write_cards(&rest, &conditions.values, listed.shown)
    }

    fn audit_rows(&self, query: &AuditQuery, card: Option<i64>, end: i64) -> Result<Vec<AuditEntry>, Error> {
        let mut conditions = Conditions::default();
        conditions.add("id > ? AND id <= ?", [query.after.into(), end.into()]);
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
        let most = conditions.place(query.limit);
        let rest = format!("WHERE TRUE{} ORDER BY id LIMIT {most}", conditions.sql);
        self.all(&rest, &conditions.values)
    }

    fn card_of_old(&self, uuid: Guid) -> Result<Option<i64>, Error> {
        let sql = "SELECT card FROM audit WHERE uuid = $1 AND card IS NOT NULL ORDER BY id LIMIT 1";
        self.number(sql, &[uuid.into()])
    }

    fn accounts(&self) -> Result<Vec<Account>, Error> {
        self.all("ORDER BY lower(name)", &[])
    }

    fn account(&self, name: &str) -> Result<Option<Account>, Error> {
        self.this("WHERE lower(name) = lower($1 COLLATE \"C\")", &[name.into()])
    }

    fn roles(&self) -> Result<Vec<(String, Rights)>, Error> {
        let sql = format!("SELECT name, {} FROM role ORDER BY name", Rights::COLUMNS.join(", "));
        self.rows(&sql, &[], |row| Ok((row.value(0)?.text()?.to_owned(), Rights::read(row, 1)?)))
    }

    fn rights(&self, role: &str) -> Result<Option<Rights>, Error> {
        self.one("WHERE name = $1", &[role.into()])
    }

    fn template(&self, uuid: Guid) -> Result<Option<Template>, Error> {
        self.one("WHERE uuid = $1", &[uuid.into()])
    }

    fn template_of_policy(&self, name: &str) -> Result<Option<Template>, Error> {
        self.one("WHERE policy_name = $1 ORDER BY uuid LIMIT 1", &[name.into()])
    }

    fn policy(&self, template: Guid, kind: RequestKind) -> Result<Option<Policy>, Error> {
        self.one("WHERE template = $1 AND kind = $2", &[template.into(), (kind as u8).into()])
    }

    fn policies(&self, template: Guid) -> Result<Vec<Policy>, Error> {
        self.all("WHERE template = $1 ORDER BY kind", &[template.into()])
    }

    fn request(&self, uuid: Guid) -> Result<Option<Request>, Error> {
        self.this("WHERE uuid = $1", &[uuid.into()])
    }

    fn requests(&self, wanted: &WantedRequests, most: usize) -> Result<Vec<Request>, Error> {
        let mut conditions = Conditions::default();
        if !wanted.statuses.is_empty() {
            let places: Vec<String> = wanted.statuses.iter().map(|status| conditions.place(*status as u8)).collect();
            conditions.add(&format!("status IN ({})", places.join(", ")), []);
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
        let rest = format!("WHERE TRUE{} ORDER BY submitted, uuid LIMIT {most}", conditions.sql);
        self.all(&rest, &conditions.values)
    }

    fn approved_by(&self, request: Guid) -> Result<Vec<String>, Error> {
        let sql = "SELECT name FROM approval WHERE request = $1 ORDER BY time, name";
        self.rows(sql, &[request.into()], |row| Ok(row.value(0)?.text()?.to_owned()))
    }
}
