//! Which cards CertiFlow lists.

use super::written::CardShown;
use crate::registry::stamp::Stamp;
use cardwright_core::certiflow::{ContentExpirationStatus, UserName};
use cardwright_core::lifecycle::State;

/// The filters of the list call: the name of each parameter, and what it compares. A row here is a filter; the
/// other two parameters are [`Listing::offset`] and [`Listing::count`].
pub(crate) const FILTERS: &[(&str, By)] = &[
    ("serialNumber", By::Text(TextFilter::SerialNumber)),
    ("userName", By::UserName),
    ("cardTypeName", By::Text(TextFilter::CardType)),
    ("cardModelName", By::Text(TextFilter::CardModel)),
    ("comment", By::Text(TextFilter::Comment)),
    ("tags", By::Text(TextFilter::Tag)),
    ("policyName", By::Text(TextFilter::Policy)),
    ("state", By::State),
    ("contentExpirationStatus", By::Expiration),
    ("timeIssued", By::Time(Time::Issued)),
    ("timeUpdated", By::Time(Time::Updated)),
    ("timeRevoked", By::Time(Time::Revoked)),
];

/// What a filter compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    /// A text.
    Text(TextFilter),
    /// The user.
    UserName,
    State,
    Expiration,
    /// A time.
    Time(Time),
}

/// Which text of a card a filter compares. Comments match as a whole and all tags must be there: both are assumed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TextFilter {
    /// In upper or lower case.
    SerialNumber,
    CardType,
    CardModel,
    Comment,
    /// One of its tags.
    Tag,
    Policy,
}

impl TextFilter {
    /// Whether it may be given several times.
    pub(crate) const fn is_of_list(self) -> bool {
        matches!(self, TextFilter::Tag)
    }

    /// The column.
    pub(in crate::registry) const fn column(self) -> &'static str {
        match self {
            TextFilter::SerialNumber => "serial_number",
            TextFilter::CardType => "card_type_name",
            TextFilter::CardModel => "card_model_name",
            TextFilter::Comment => "comment",
            TextFilter::Tag => "tags",
            TextFilter::Policy => "policy_name",
        }
    }
}

/// Which time of a card a filter compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Time {
    Issued,
    Updated,
    Revoked,
}

impl Time {
    /// The column.
    pub(in crate::registry) const fn column(self) -> &'static str {
        match self {
            Time::Issued => "time_issued",
            Time::Updated => "time_updated",
            Time::Revoked => "time_revoked",
        }
    }
}

/// A filter with its value.
#[derive(Debug)]
pub(crate) enum Wanted {
    /// A text.
    Text(TextFilter, String),
    /// The user, by a name of this form.
    User(UserName, String),
    /// Nothing.
    Nothing,
    State(State),
    Expiration(ContentExpirationStatus),
    /// When that must be.
    Time(Time, TimeFilter),
}

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

/// What a list is made with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Listed<'l> {
    pub(crate) now: Stamp,
    /// A certificate expires soon if it expires before this.
    pub(crate) soon: Stamp,
    pub(crate) shown: &'l CardShown,
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
