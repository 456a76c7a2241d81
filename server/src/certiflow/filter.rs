//! The parameters of the list call.

use super::problem::Problem;
use crate::http_request::HttpRequest;
use crate::registry::{By, FILTERS, Listing, Stamp, TimeFilter, Wanted};
use cardwright_core::Named;
use cardwright_core::certiflow::CardState;
use cardwright_core::date::Moment;
use cardwright_core::lifecycle::NativeState;

/// Reads which cards a request lists.
pub(super) fn read(http: &HttpRequest) -> Result<Listing, Problem> {
    let count = number(http, "count")?;
    if count == Some(0) {
        return Err(Problem::invalid_because("count", "The value must be greater than 0."));
    }
    let mut listing = Listing { offset: number(http, "offset")?.unwrap_or(0), count, ..Listing::default() };
    for &(name, by) in FILTERS {
        let values = if let By::EachText(_) = by { usize::MAX } else { 1 };
        for text in http.parameters(name).take(values) {
            listing.wanted.push(wanted(by, text).ok_or_else(|| Problem::invalid(name, text))?);
        }
    }
    Ok(listing)
}

/// What a filter with this value wants; `None` if the value is not valid.
fn wanted(by: By, text: &str) -> Option<Wanted> {
    Some(match by {
        By::Text(sql) | By::EachText(sql) => Wanted::Text(sql, text.to_owned()),
        By::UserName => Wanted::UserName(text.to_owned()),
        By::State => Wanted::State(NativeState::CertiFlow(CardState::from_name(text.trim())?).neutral()?),
        By::Expiration => Wanted::Expiration(Named::from_name(text.trim())?),
        By::Time(column) => {
            let stamp = Stamp::of(Moment::parse(text)?);
            Wanted::Time(column, if Moment::is_bare(text) { TimeFilter::Day(stamp) } else { TimeFilter::From(stamp) })
        }
    })
}

fn number(http: &HttpRequest, name: &str) -> Result<Option<u32>, Problem> {
    let read = |text: &str| text.trim().parse().map_err(|_| Problem::invalid(name, text));
    http.parameter(name).map(read).transpose()
}
