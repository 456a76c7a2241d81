//! Which cards CertiFlow lists.

use super::{Card, Certificate, Reading, Registry, Stamp, cards::COLUMNS, database};
use crate::Error;
use cardwright_core::certiflow::{CertificateType, ContentExpirationStatus};
use cardwright_core::lifecycle::State;
use rusqlite::ToSql;

/// Which cards to list. Retired cards never are: CertiFlow has no such state.
#[derive(Debug, Default)]
pub(crate) struct Filter {
    pub(crate) offset: u32,
    pub(crate) count: Option<u32>,
    pub(crate) serial_number: Option<String>,
    pub(crate) user_name: Option<String>,
    /// The front of the user's UPN.
    pub(crate) logon_name: Option<String>,
    pub(crate) card_type_name: Option<String>,
    pub(crate) card_model_name: Option<String>,
    pub(crate) comment: Option<String>,
    pub(crate) tags: Vec<String>,
    pub(crate) policy_name: Option<String>,
    pub(crate) state: Option<State>,
    pub(crate) expiration: Option<ContentExpirationStatus>,
    pub(crate) time_issued: Option<TimeFilter>,
    pub(crate) time_updated: Option<TimeFilter>,
    pub(crate) time_revoked: Option<TimeFilter>,
}

/// When something must have happened. That a bare date means that day, and a time everything from
/// then on, is assumed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TimeFilter {
    /// On the day that begins then, in UTC.
    Day(Stamp),
    /// Then or later.
    From(Stamp),
}

/// Conditions of a WHERE and their values.
#[derive(Default)]
struct Conditions {
    sql: String,
    values: Vec<Box<dyn ToSql>>,
}

impl Conditions {
    /// Adds a condition with one `?` for each value.
    fn add(&mut self, sql: &str, values: impl IntoIterator<Item = Box<dyn ToSql>>) {
        self.sql.push_str(" AND ");
        self.sql.push_str(sql);
        self.values.extend(values);
    }

    fn add_text(&mut self, sql: &str, value: Option<&String>) {
        if let Some(value) = value {
            self.add(sql, [Box::new(value.clone()) as Box<dyn ToSql>]);
        }
    }

    fn add_time(&mut self, column: &str, filter: Option<TimeFilter>) {
        let ticks = |stamp: Stamp| Box::new(stamp.0) as Box<dyn ToSql>;
        match filter {
            None => {}
            Some(TimeFilter::From(from)) => self.add(&format!("{column} >= ?"), [ticks(from)]),
            Some(TimeFilter::Day(day)) => {
                self.add(&format!("{column} >= ? AND {column} < ?"), [ticks(day), ticks(day.plus(86_400))]);
            }
        }
    }

    fn add_expiration(&mut self, wanted: ContentExpirationStatus, now: Stamp, soon: Stamp) {
        let ticks = |stamp: Stamp| Box::new(stamp.0) as Box<dyn ToSql>;
        let of_type = |kind: CertificateType| Box::new(kind as u8) as Box<dyn ToSql>;
        match wanted.of_certificates() {
            None => self.add(
                "NOT EXISTS (SELECT 1 FROM certificate c WHERE c.card = card.id AND c.valid_to < ?)",
                [ticks(soon)],
            ),
            Some((kind, true)) => self.add(
                "id IN (SELECT c.card FROM certificate c WHERE c.type = ? AND c.valid_to < ?)",
                [of_type(kind), ticks(now)],
            ),
            Some((kind, false)) => self.add(
                "id IN (SELECT c.card FROM certificate c WHERE c.type = ? AND c.valid_to >= ? AND c.valid_to < ?)",
                [of_type(kind), ticks(now), ticks(soon)],
            ),
        }
    }
}

impl Registry {
    /// How many cards there are, those included that CertiFlow no longer lists.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub fn count_cards(&self) -> Result<usize, Error> {
        self.read(|reading| {
            let sql = "SELECT count(*) FROM card";
            let count: i64 = reading.connection.query_row(sql, [], |row| row.get(0)).map_err(database)?;
            usize::try_from(count).map_err(|_| Error::Corrupt("a count"))
        })
    }
}

impl Reading<'_> {
    /// Gives each card that passes the filter to `take`, by ascending id. A certificate expires soon
    /// when it ends before `soon`.
    pub(crate) fn list(
        &self,
        filter: &Filter,
        now: Stamp,
        soon: Stamp,
        mut take: impl FnMut(&Card, &[Certificate]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut conditions = Conditions::default();
        conditions.add_text("serial_number = ?", filter.serial_number.as_ref());
        if let Some(name) = &filter.user_name {
            // DOMAIN\LogonName, or a UPN, which has an @ and no backslash.
            let is_upn = name.contains('@') && !name.contains('\\');
            let sql = if is_upn { "user_upn = ?" } else { "user_name = ?" };
            conditions.add_text(sql, Some(name));
        }
        let front = "substr(user_upn, 1, instr(user_upn, '@') - 1) = ? COLLATE NOCASE";
        conditions.add_text(front, filter.logon_name.as_ref());
        conditions.add_text("card_type_name = ?", filter.card_type_name.as_ref());
        conditions.add_text("card_model_name = ?", filter.card_model_name.as_ref());
        conditions.add_text("comment = ?", filter.comment.as_ref());
        conditions.add_text("policy_name = ?", filter.policy_name.as_ref());
        for tag in &filter.tags {
            conditions.add_text("EXISTS (SELECT 1 FROM json_each(card.tags) t WHERE t.value = ?)", Some(tag));
        }
        if let Some(state) = filter.state {
            conditions.add("state = ?", [Box::new(state as u8) as Box<dyn ToSql>]);
        }
        if let Some(wanted) = filter.expiration {
            conditions.add_expiration(wanted, now, soon);
        }
        conditions.add_time("time_issued", filter.time_issued);
        conditions.add_time("time_updated", filter.time_updated);
        conditions.add_time("time_revoked", filter.time_revoked);
        let count = filter.count.map_or(-1, i64::from);
        conditions.values.extend([Box::new(count) as Box<dyn ToSql>, Box::new(filter.offset)]);

        let sql = format!(
            "SELECT {COLUMNS} FROM card WHERE state <> {} {} ORDER BY id LIMIT ? OFFSET ?",
            State::Retired as u8,
            conditions.sql
        );
        let mut statement = self.connection.prepare_cached(&sql).map_err(database)?;
        let values = rusqlite::params_from_iter(conditions.values.iter());
        let mut rows = statement.query(values).map_err(database)?;
        while let Some(row) = rows.next().map_err(database)? {
            let card = Card::from_row(row)?;
            take(&card, &self.certificates(card.id)?)?;
        }
        Ok(())
    }
}
