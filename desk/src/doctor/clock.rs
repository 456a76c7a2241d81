//! The server's clock.

use super::report::Checks;
use crate::due::now;
use cardwright_client::Raw;
use std::time::UNIX_EPOCH;

pub(super) fn look(checks: &mut Checks<'_>, answer: &Raw) {
    let date = answer.date.as_deref().and_then(|date| httpdate::parse_http_date(date).ok());
    let Some(seconds) = date.and_then(|date| date.duration_since(UNIX_EPOCH).ok()).map(|since| since.as_secs()) else {
        checks.warn(
            "clock",
            "the server does not tell its time",
            "compare the clocks by hand: Kerberos takes 5 minutes at most",
        );
        return;
    };
    let skew = i64::try_from(seconds).unwrap_or(i64::MAX).saturating_sub(now().seconds);
    let side = if skew < 0 { "behind" } else { "ahead" };
    match skew.abs() {
        0..=2 => checks.ok("clock", "the server's is the same"),
        3..=60 => checks.ok("clock", format!("the server's is {} s {side}", skew.abs())),
        _ => checks.warn(
            "clock",
            format!("the server's is {} s {side}", skew.abs()),
            "set both by NTP: tokens and Kerberos tickets fail, and \"today\" is another day",
        ),
    }
}
