//! Which cards CertiFlow lists.

use super::written::CardShown;
use crate::Error;
use crate::json_list::JsonList;
use crate::registry::stamp::Stamp;
use crate::registry::transaction::Reading;
use cardwright_core::certiflow::{CertificateType, ContentExpirationStatus, UserName};
use cardwright_core::lifecycle::State;
use rusqlite::{ToSql, params_from_iter};

/// The filters of the list call: the name of each parameter, and what it compares. A row here is a filter; the
/// other two parameters are [`Listing::offset`] and [`Listing::count`].
pub(crate) const FILTERS: &[(&str, By)] = &[
    ("serialNumber", By::Text("serial_number = ?")),
    ("userName", By::UserName),
    ("cardTypeName", By::Text("card_type_name = ?")),
    ("cardModelName", By::Text("card_model_name = ?")),
    // Comments match as a whole and all tags must be there: both are assumed.
    ("comment", By::Text("comment = ?")),
    ("tags", By::EachText("EXISTS (SELECT 1 FROM json_each(card.tags) t WHERE t.value = ?)")),
    ("policyName", By::Text("policy_name = ?")),
    ("state", By::State),
    ("contentExpirationStatus", By::Expiration),
    ("timeIssued", By::Time("time_issued")),
    ("timeUpdated", By::Time("time_updated")),
    ("timeRevoked", By::Time("time_revoked")),
];

/// What a filter compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    /// A text, in a condition with one `?`.
    Text(&'static str),
    /// As [`By::Text`], once for each value.
    EachText(&'static str),
    /// The user.
    UserName,
    State,
    Expiration,
    /// The time in this column.
    Time(&'static str),
}

/// A filter with its value.
#[derive(Debug)]
pub(crate) enum Wanted {
    /// A condition with one `?`, and the text.
    Text(&'static str, String),
    /// The user, by a name of this form.
    User(UserName, String),
    /// Nothing.
    Nothing,
    State(State),
    Expiration(ContentExpirationStatus),
    /// A column, and when that must be.
    Time(&'static str, TimeFilter),
}

/// How many cards are read at a time: a hundred kilobytes of JSON, more or less.
const BATCH: u32 = 100;

/// Which cards to list. Retired cards never are: CertiFlow has no such state.
#[derive(Debug, Default)]
pub(crate) struct Listing {
    /// How many to leave out.
    pub(crate) offset: u32,
    /// How many to list.
    pub(crate) count: Option<u32>,
    /// The last card that was listed already.
    pub(crate) after: Option<i64>,
    pub(crate) wanted: Vec<Wanted>,
}

/// When something must have happened. A bare date means that day, and a time everything from
/// then on: both are assumed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TimeFilter {
    /// On the day that begins then, in UTC.
    Day(Stamp),
    /// Then or later.
    From(Stamp),
}

/// The conditions of a WHERE clause and their values.
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

    fn add_wanted(&mut self, wanted: &Wanted, now: Stamp, soon: Stamp) {
        match wanted {
            Wanted::Text(sql, text) => self.add(sql, [Box::new(text.clone()) as Box<dyn ToSql>]),
            Wanted::User(form, name) => {
                let sql = match form {
                    UserName::Upn => "user_upn = ?",
                    UserName::DownLevel => "user_name = ?",
                    UserName::Logon => "substr(user_name, instr(user_name, '\\') + 1) = ? COLLATE NOCASE",
                    // No user has a name in a form that is not known.
                    #[cfg_attr(cardwright_exhaustive, expect(unreachable_patterns))]
                    _ => "? IS NULL",
                };
                self.add(sql, [Box::new(name.clone()) as Box<dyn ToSql>]);
            }
            Wanted::Nothing => self.add("0", []),
            Wanted::State(state) => self.add("state = ?", [Box::new(*state as u8) as Box<dyn ToSql>]),
            Wanted::Expiration(status) => self.add_expiration(*status, now, soon),
            Wanted::Time(column, TimeFilter::From(from)) => self.add(&format!("{column} >= ?"), [ticks(*from)]),
            Wanted::Time(column, TimeFilter::Day(day)) => {
                self.add(&format!("{column} >= ? AND {column} < ?"), [ticks(*day), ticks(day.plus(86_400))]);
            }
        }
    }

    fn add_expiration(&mut self, wanted: ContentExpirationStatus, now: Stamp, soon: Stamp) {
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

fn ticks(stamp: Stamp) -> Box<dyn ToSql> {
    Box::new(stamp.0)
}

impl Reading<'_> {
    /// Writes the next cards of a listing, by ascending id, and takes them off the listing. Returns whether none
    /// is left. A certificate expires soon if it expires before `soon`.
    pub(crate) fn list(
        &self,
        listing: &mut Listing,
        now: Stamp,
        soon: Stamp,
        shown: &CardShown,
        list: &mut JsonList,
    ) -> Result<bool, Error> {
        let mut conditions = Conditions::default();
        for wanted in &listing.wanted {
            conditions.add_wanted(wanted, now, soon);
        }
        let most = listing.count.map_or(BATCH, |count| count.min(BATCH));
        let limits: [Box<dyn ToSql>; 3] = [Box::new(listing.after), Box::new(most), Box::new(listing.offset)];
        conditions.values.extend(limits);
        let rest = format!(
            "WHERE state <> {} {} AND id > coalesce(?, -1 << 62) ORDER BY id LIMIT ? OFFSET ?",
            State::Retired as u8,
            conditions.sql
        );
        let written = self.write_cards(&rest, params_from_iter(conditions.values.iter()), shown)?;
        written.each(|id, card| {
            listing.after = Some(id);
            list.add(card);
        });
        let listed = written.count();
        listing.offset = 0;
        listing.count = listing.count.map(|count| count.saturating_sub(listed));
        Ok(listed < BATCH || listing.count == Some(0))
    }
}

#[cfg(test)]
mod tests {
    use super::FILTERS;
    use cardwright_core::certiflow::Query;

    #[test]
    fn every_parameter_of_the_list_call_is_a_filter_or_a_part_of_the_list() {
        let mut names: Vec<_> = FILTERS.iter().map(|filter| filter.0).chain(["offset", "count"]).collect();
        let mut known: Vec<_> = Query::PARAMETERS.iter().map(|parameter| parameter.name).collect();
        names.sort_unstable();
        known.sort_unstable();
        assert_eq!(names, known);
    }
}
