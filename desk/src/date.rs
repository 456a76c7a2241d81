//! The time now, and how far off a date is.

use cardwright_core::date::{DAY, Moment};
use std::time::SystemTime;

/// How pressing a date is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// It is today or has gone by.
    Past,
    /// It comes within 30 days.
    Soon,
    /// It comes later, or cannot be read.
    Later,
}

/// The time now.
pub fn now() -> Moment {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Moment { seconds: i64::try_from(since.as_secs()).unwrap_or(i64::MAX), nanos: since.subsec_nanos() }
}

/// A moment as a date, how far off it is from `now`, and how pressing.
pub fn due(text: &str, now: Moment) -> (String, Due) {
    let Some(moment) = Moment::parse(text) else { return (text.to_string(), Due::Later) };
    let days = (moment.seconds - now.seconds).div_euclid(DAY);
    let (off, due) = match days {
        ..0 => (format!("{} days ago", -days), Due::Past),
        0 => ("today".to_string(), Due::Past),
        1..=30 => (format!("in {days} days"), Due::Soon),
        _ => (format!("in {days} days"), Due::Later),
    };
    (format!("{}, {off}", date(moment)), due)
}

/// The date of a moment, `YYYY-MM-DD`.
pub(crate) fn date(moment: Moment) -> String {
    let (year, month, day) = moment.ymd();
    format!("{year:04}-{month:02}-{day:02}")
}
