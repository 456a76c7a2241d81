//! The filters of a list of cards, and what a client has learned about them.
//!
//! A server that does not know a filter passes over it and lists every card, so each filter is checked on each card.
//! This file knows which filters there are; how a card shows them stands with the lists of CertiFlow.

use crate::error::Error;
use cardwright_core::Named;
use cardwright_core::certiflow::Query;
use std::sync::atomic::{AtomicU32, Ordering};

/// A filter of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Filter {
    SerialNumber,
    UserName,
    CardTypeName,
    CardModelName,
    Comment,
    Tags,
    PolicyName,
    State,
    Expiration,
    TimeIssued,
    TimeUpdated,
    TimeRevoked,
}

impl Filter {
    /// All filters, those first that tell most.
    pub(crate) const ALL: [Filter; 12] = [
        Filter::SerialNumber,
        Filter::UserName,
        Filter::CardTypeName,
        Filter::CardModelName,
        Filter::Comment,
        Filter::Tags,
        Filter::PolicyName,
        Filter::State,
        Filter::Expiration,
        Filter::TimeIssued,
        Filter::TimeUpdated,
        Filter::TimeRevoked,
    ];

    /// The name on the wire, without a prefix.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Filter::SerialNumber => "serialNumber",
            Filter::UserName => "userName",
            Filter::CardTypeName => "cardTypeName",
            Filter::CardModelName => "cardModelName",
            Filter::Comment => "comment",
            Filter::Tags => "tags",
            Filter::PolicyName => "policyName",
            Filter::State => "state",
            Filter::Expiration => "contentExpirationStatus",
            Filter::TimeIssued => "timeIssued",
            Filter::TimeUpdated => "timeUpdated",
            Filter::TimeRevoked => "timeRevoked",
        }
    }

    const fn bit(self) -> u32 {
        1 << self as u8
    }

    /// What a query asks for, as text; `None` where it does not have this filter.
    pub(crate) fn asked(self, query: &Query<'_>) -> Option<String> {
        let text = |text: Option<&str>| text.map(str::to_string);
        match self {
            Filter::SerialNumber => text(query.serial_number),
            Filter::UserName => text(query.user_name),
            Filter::CardTypeName => text(query.card_type_name),
            Filter::CardModelName => text(query.card_model_name),
            Filter::Comment => text(query.comment),
            Filter::Tags => (!query.tags.is_empty()).then(|| query.tags.join(", ")),
            Filter::PolicyName => text(query.policy_name),
            Filter::State => text(query.state.map(Named::name)),
            Filter::Expiration => text(query.content_expiration_status.map(Named::name)),
            Filter::TimeIssued => text(query.time_issued),
            Filter::TimeUpdated => text(query.time_updated),
            Filter::TimeRevoked => text(query.time_revoked),
        }
    }
}

/// The filters that a server is trusted to obey although its answers contradict them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TrustedFilters(u32);

impl TrustedFilters {
    /// Adds a filter by its name in the vendor's documents, such as `userName`.
    ///
    /// # Errors
    /// [`Error::Http`] with the names that there are, for another one.
    pub fn add(&mut self, name: &str) -> Result<(), Error> {
        match Filter::ALL.into_iter().find(|filter| filter.name().eq_ignore_ascii_case(name)) {
            Some(filter) => {
                self.0 |= filter.bit();
                Ok(())
            }
            None => {
                let names = Filter::ALL.map(Filter::name).join(", ");
                Err(Error::setting(format!("{name:?} is no filter; filters are {names}")))
            }
        }
    }

    /// The names of the filters.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        Filter::ALL.into_iter().filter(move |filter| self.has(*filter)).map(Filter::name)
    }

    pub(crate) const fn has(self, filter: Filter) -> bool {
        self.0 & filter.bit() != 0
    }
}

/// The filters that a control question has shown to be obeyed. Copies of a client share it.
#[derive(Debug, Default)]
pub(crate) struct Obeyed(AtomicU32);

impl Obeyed {
    pub(crate) fn has(&self, filter: Filter) -> bool {
        self.0.load(Ordering::Relaxed) & filter.bit() != 0
    }

    pub(crate) fn clear(&self) {
        self.0.store(0, Ordering::Relaxed);
    }

    pub(crate) fn add(&self, filter: Filter) {
        self.0.fetch_or(filter.bit(), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_parameter_that_filters_is_a_filter() {
        let names: Vec<&str> = Query::PARAMETERS.iter().map(|parameter| parameter.name).collect();
        for filter in Filter::ALL {
            assert!(names.contains(&filter.name()), "{filter:?}");
        }
        assert_eq!(names.len(), Filter::ALL.len() + 2, "all but offset and count");
    }

    #[test]
    fn a_trusted_filter_is_named_in_any_case_and_another_word_is_an_error() {
        let mut trusted = TrustedFilters::default();
        trusted.add("username").expect("a filter");
        assert_eq!(trusted.names().collect::<Vec<_>>(), ["userName"]);
        assert!(trusted.add("count").expect_err("no filter").to_string().contains("serialNumber"));
    }
}
