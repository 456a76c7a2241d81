//! The parameters of the list call.

use crate::ask::Ask;
use crate::problem::Problem;
use crate::registry::{Filter, Stamp, TimeFilter};
use cardwright_core::Named;
use cardwright_core::certiflow::CardState;
use cardwright_core::date::Moment;
use cardwright_core::lifecycle::NativeState;

/// Reads the filter of a request. Comments match as a whole and all tags must be there: both are
/// assumed.
pub(super) fn read(ask: &Ask) -> Result<Filter, Problem> {
    let text = |name| ask.parameter(name).map(str::to_owned);
    let count = number(ask, "count")?;
    if count == Some(0) {
        return Err(Problem::invalid_because("count", "The value must be greater than 0."));
    }
    Ok(Filter {
        offset: number(ask, "offset")?.unwrap_or(0),
        count,
        serial_number: text("serialNumber"),
        user_name: text("userName"),
        logon_name: None,
        card_type_name: text("cardTypeName"),
        card_model_name: text("cardModelName"),
        comment: text("comment"),
        tags: ask.parameters("tags").map(str::to_owned).collect(),
        policy_name: text("policyName"),
        state: value::<CardState>(ask, "state")?.and_then(|state| NativeState::CertiFlow(state).neutral()),
        expiration: value(ask, "contentExpirationStatus")?,
        time_issued: time(ask, "timeIssued")?,
        time_updated: time(ask, "timeUpdated")?,
        time_revoked: time(ask, "timeRevoked")?,
    })
}

fn number(ask: &Ask, name: &str) -> Result<Option<u32>, Problem> {
    let read = |text: &str| text.trim().parse().map_err(|_| Problem::invalid(name, text));
    ask.parameter(name).map(read).transpose()
}

fn value<T: Named>(ask: &Ask, name: &str) -> Result<Option<T>, Problem> {
    let read = |text: &str| T::from_name(text.trim()).ok_or_else(|| Problem::invalid(name, text));
    ask.parameter(name).map(read).transpose()
}

fn time(ask: &Ask, name: &str) -> Result<Option<TimeFilter>, Problem> {
    let read = |text: &str| {
        let stamp = Stamp::of(Moment::parse(text).ok_or_else(|| Problem::invalid(name, text))?);
        Ok(if Moment::is_bare(text) { TimeFilter::Day(stamp) } else { TimeFilter::From(stamp) })
    };
    ask.parameter(name).map(read).transpose()
}
