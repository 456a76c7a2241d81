//! Control questions: whether a server obeys a filter that its cards do not show.
//!
//! A list for a value that nobody has must be empty. For an enumeration, which has no such value, the lists for two of
//! its values must differ.

use super::page::First;
use crate::certiflow::CertiFlow;
use crate::client::{Client, FIRST_PAGE};
use crate::error::Error;
use crate::filters::Filter;
use cardwright_core::certiflow::{CardState, ContentExpirationStatus, Dialect, Endpoint, OwnedQuery, Query};
use cardwright_http::{Meaning, meaning};
use std::hash::{BuildHasher as _, RandomState};

/// Makes sure that a filter of the query is obeyed: asks, unless this client has asked before.
///
/// # Errors
/// [`Code::Unexpected`] where the server ignores the filter; whatever the question fails with.
pub(super) fn ensure(
    client: &Client<CertiFlow>,
    dialect: Dialect,
    filter: Filter,
    query: &Query<'_>,
) -> Result<(), Error> {
    if client.obeyed.has(filter) {
        return Ok(());
    }
    let asked = filter.asked(query).unwrap_or_default();
    match filter {
        Filter::State => two_lists(client, dialect, filter, query, &other_state(query))?,
        Filter::Expiration => two_lists(client, dialect, filter, query, &other_status(query))?,
        _ => nobody(filter, &asked, |query| first(client, dialect, query, 1))?,
    }
    client.obeyed.add(filter);
    Ok(())
}

/// Makes sure by a list without cards that a serial number is looked for; a refusal does not show it.
///
/// # Errors
/// [`Error::Ignored`] where the server ignores it; whatever the question fails with.
pub(super) fn ensure_answer(client: &Client<CertiFlow>, dialect: Dialect, serial: &str) -> Result<(), Error> {
    nobody(Filter::SerialNumber, serial, |query| First::of(client, dialect, query, Some(1)))
}

/// The error of a filter that is ignored.
pub(super) fn ignored(filter: Filter, request: &str, asked: &str, seen: &str) -> Error {
    let name = filter.name();
    Error::ignored(request, format!("the server ignores the filter {name}: asked for {asked}, {seen}"))
}

/// Asks for a value that nobody has.
fn nobody(filter: Filter, asked: &str, ask: impl Fn(&OwnedQuery) -> Result<First, Error>) -> Result<(), Error> {
    let value = nobodys(filter, asked);
    let mut query = OwnedQuery::default();
    match filter {
        Filter::SerialNumber => query.serial_number = Some(value.clone()),
        Filter::UserName => query.user_name = Some(value.clone()),
        Filter::CardTypeName => query.card_type_name = Some(value.clone()),
        Filter::CardModelName => query.card_model_name = Some(value.clone()),
        Filter::Comment => query.comment = Some(value.clone()),
        Filter::Tags => query.tags = vec![value.clone()],
        Filter::PolicyName => query.policy_name = Some(value.clone()),
        Filter::TimeIssued => query.time_issued = Some(value.clone()),
        Filter::TimeUpdated => query.time_updated = Some(value.clone()),
        Filter::TimeRevoked => query.time_revoked = Some(value.clone()),
        Filter::State | Filter::Expiration => return Ok(()),
    }
    let First { request, ids } = ask(&query)?;
    match ids.first() {
        Some(id) => {
            let seen = format!("and for {value}, which nobody has, it lists card {id}");
            Err(ignored(filter, &request, asked, &seen))
        }
        None => Ok(()),
    }
}

/// Asks for two values of an enumeration: the same cards for both mean that it is ignored.
fn two_lists(
    client: &Client<CertiFlow>,
    dialect: Dialect,
    filter: Filter,
    query: &Query<'_>,
    other: &Query<'_>,
) -> Result<(), Error> {
    let count = client.page_size.unwrap_or(FIRST_PAGE);
    let one = first(client, dialect, &query.owned(), count)?;
    let two = first(client, dialect, &other.owned(), count)?;
    // Once more where they differ: a card may have come or gone between the two.
    let again = if one.ids == two.ids { First::default() } else { first(client, dialect, &query.owned(), count)? };
    if two.ids.is_empty() || (one.ids != two.ids && again.ids != two.ids) {
        return Ok(());
    }
    let (asked, value) = (filter.asked(query).unwrap_or_default(), filter.asked(other).unwrap_or_default());
    let seen = format!("and the list for {value} is the same: {}", words(&two.ids));
    Err(ignored(filter, &two.request, &asked, &seen))
}

fn words(ids: &[String]) -> String {
    match ids {
        [id] => format!("card {id}"),
        [id, .., last] => format!("{} cards, {id} to {last}", ids.len()),
        [] => String::new(),
    }
}

/// The first cards of a list. A refusal means that the server looks at what it is asked.
fn first(client: &Client<CertiFlow>, dialect: Dialect, query: &OwnedQuery, count: u32) -> Result<First, Error> {
    let paged = query.with(|query| query.endpoint(dialect)) != Endpoint::CardsOfUser;
    match First::of(client, dialect, query, paged.then_some(count)) {
        Err(error) if is_refusal(&error) => Ok(First::default()),
        answer => answer,
    }
}

/// A status that refuses the question itself, and neither the account nor the moment.
fn is_refusal(error: &Error) -> bool {
    error.status().is_some_and(|status| meaning(status) == Meaning::Refused)
}

/// A value that nobody has, in the form of what was asked.
fn nobodys(filter: Filter, asked: &str) -> String {
    let random = || RandomState::new().hash_one(filter.name());
    let word = format!("x{:016x}{:08x}", random(), random() as u32);
    match filter {
        Filter::UserName => match (asked.split_once('\\'), asked.split_once('@')) {
            // Windows takes 20 characters for the name of an account.
            (Some((domain, _)), _) => format!("{domain}\\{}", word.get(..18).unwrap_or(&word)),
            (None, Some((_, domain))) => format!("{word}@{domain}"),
            (None, None) => word,
        },
        Filter::SerialNumber => {
            let digits = format!("{:016X}{:016X}", random(), random());
            if asked.contains('*') { format!("{digits}*") } else { digits }
        }
        Filter::TimeIssued | Filter::TimeUpdated | Filter::TimeRevoked => "9999-12-31".into(),
        _ => word,
    }
}

fn other_state<'q>(query: &Query<'q>) -> Query<'q> {
    let other = if query.state == Some(CardState::Revoked) { CardState::Issued } else { CardState::Revoked };
    Query { state: Some(other), ..*query }
}

/// A status about certificates of another kind.
fn other_status<'q>(query: &Query<'q>) -> Query<'q> {
    use ContentExpirationStatus::{
        CommonCertificatesExpired, ManagedCertificatesExpired, None, TracedCertificatesExpired,
        TracedCertificatesExpiring,
    };
    let other = match query.content_expiration_status {
        Some(None) => ManagedCertificatesExpired,
        Some(TracedCertificatesExpired | TracedCertificatesExpiring) => CommonCertificatesExpired,
        _ => TracedCertificatesExpired,
    };
    Query { content_expiration_status: Some(other), ..*query }
}
