//! The parameters of the list calls, by the names that they have in the dialect. Any other is ignored.

use super::problem::Problem;
use crate::http_request::HttpRequest;
use crate::registry::{By, FILTERS, Listing, Stamp, TimeFilter, Wanted};
use cardwright_core::Named;
use cardwright_core::certiflow::{CardState, Dialect, Endpoint, Query, UserName};
use cardwright_core::date::Moment;
use cardwright_core::lifecycle::NativeState;

/// Reads which cards a request lists.
pub(super) fn read(http: &HttpRequest, dialect: Dialect) -> Result<Listing, Problem> {
    let name_of = |name| name_of(name, Endpoint::Cards, dialect);
    let number = |name| name_of(name).map_or(Ok(None), |name| number(http, name));
    let count = number("count")?;
    if count == Some(0) {
        return Err(Problem::invalid_because("count", "The value must be greater than 0."));
    }
    let mut listing = Listing { offset: number("offset")?.unwrap_or(0), count, ..Listing::default() };
    for (name, by) in FILTERS.iter().filter_map(|(name, by)| Some((name_of(name)?, *by))) {
        let values = if matches!(by, By::Text(text) if text.is_of_list()) { usize::MAX } else { 1 };
        for text in http.parameters(name).take(values) {
            listing.wanted.push(wanted(by, text, dialect).ok_or_else(|| Problem::invalid(name, text))?);
        }
    }
    Ok(listing)
}

/// Reads whose cards a request lists, where that is a call of its own.
pub(super) fn of_user(http: &HttpRequest, dialect: Dialect) -> Result<Listing, Problem> {
    let parameter = name_of("userName", Endpoint::CardsOfUser, dialect).unwrap_or_default();
    let name = http.parameter(parameter).map(str::trim).filter(|name| !name.is_empty());
    let required = || Problem::invalid_because(parameter, format!("The {parameter} field is required."));
    let wanted = vec![user(name.ok_or_else(required)?, dialect)];
    Ok(Listing { wanted, ..Listing::default() })
}

/// What a parameter is called in a call of a dialect; `None` if it is not known there.
fn name_of(name: &str, endpoint: Endpoint, dialect: Dialect) -> Option<&'static str> {
    Query::PARAMETERS.iter().find(|parameter| parameter.name == name)?.name_of(endpoint, dialect)
}

/// The user of this name. One in a form that the dialect does not know is nobody.
fn user(name: &str, dialect: Dialect) -> Wanted {
    let forms = dialect.user_names();
    let form = match UserName::of(name) {
        // A name without a domain stands alone in the record, too.
        UserName::Logon if !forms.contains(&UserName::Logon) => UserName::DownLevel,
        form => form,
    };
    if forms.contains(&form) { Wanted::User(form, name.to_owned()) } else { Wanted::Nothing }
}

/// What a filter with this value wants; `None` if the value is not valid.
fn wanted(by: By, text: &str, dialect: Dialect) -> Option<Wanted> {
    Some(match by {
        By::Text(filter) => Wanted::Text(filter, text.to_owned()),
        By::UserName => user(text, dialect),
        By::State => Wanted::State(NativeState::CertiFlow(CardState::from_name(text.trim())?).neutral()?),
        By::Expiration => Wanted::Expiration(Named::from_name(text.trim())?),
        By::Time(time) => {
            let stamp = Stamp::of(Moment::parse(text)?);
            Wanted::Time(time, if Moment::is_bare(text) { TimeFilter::Day(stamp) } else { TimeFilter::From(stamp) })
        }
    })
}

fn number(http: &HttpRequest, name: &str) -> Result<Option<u32>, Problem> {
    let read = |text: &str| text.trim().parse().map_err(|_| Problem::invalid(name, text));
    http.parameter(name).map(read).transpose()
}
