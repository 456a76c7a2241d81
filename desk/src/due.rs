//! The time now, and how far off a date is.

use cardwright_core::date::{DAY, Moment};
use std::time::SystemTime;

/// How pressing a date is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(cardwright_exhaustive), non_exhaustive)]
pub enum Due {
    /// It is today or has gone by.
    Past,
    /// It comes within 30 days.
    Soon,
    /// It comes later, or cannot be read.
    Later,
}

/// The time now.
#[must_use]
pub fn now() -> Moment {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Moment { seconds: i64::try_from(since.as_secs()).unwrap_or(i64::MAX), nanos: since.subsec_nanos() }
}

/// A moment as a date, how far off it is from `now`, and how pressing.
#[must_use]
pub fn due(text: &str, now: Moment) -> (String, Due) {
    let Some(moment) = Moment::parse(text) else { return (text.to_string(), Due::Later) };
    let days = days_until(moment, now);
    let due = match days {
        ..=0 => Due::Past,
        1..=30 => Due::Soon,
        _ => Due::Later,
    };
    (format!("{}, {}", date(moment), days_off(days)), due)
}

/// How many days off a moment is: days of the calendar in UTC, as dates are shown, and not 24 hours each.
pub(crate) fn days_until(moment: Moment, now: Moment) -> i64 {
    moment.seconds.div_euclid(DAY) - now.seconds.div_euclid(DAY)
}

/// A day that is a number of days off, in words: yesterday, today, tomorrow, in 2 days.
fn days_off(days: i64) -> String {
    match days {
        -1 => "yesterday".into(),
        0 => "today".into(),
        1 => "tomorrow".into(),
        ..0 => format!("{} ago", in_days(-days)),
        _ => format!("in {}", in_days(days)),
    }
}

/// A number of days in words: 1 day, 2 days.
pub(crate) fn in_days(days: i64) -> String {
    if days == 1 { "1 day".into() } else { format!("{days} days") }
}

/// The date of a moment, `YYYY-MM-DD`.
pub(crate) fn date(moment: Moment) -> String {
    let (year, month, day) = moment.ymd();
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_as_many_days_off_as_the_calendar_says() {
        let at = |text: &str| Moment::parse(text).expect("a moment");
        for (now, text, words, expected) in [
            ("2026-03-01T23:59:59Z", "2026-03-02T00:00:00Z", "2026-03-02, tomorrow", Due::Soon),
            ("2026-03-01T00:00:01Z", "2026-03-02T23:59:59Z", "2026-03-02, tomorrow", Due::Soon),
            ("2026-03-01T12:00:00Z", "2026-03-01T00:01:00Z", "2026-03-01, today", Due::Past),
            ("2026-03-01T12:00:00Z", "2026-03-01", "2026-03-01, today", Due::Past),
            ("2026-03-01T00:00:00Z", "2026-02-28T23:59:59.9Z", "2026-02-28, yesterday", Due::Past),
            ("2026-03-01T23:00:00Z", "2026-02-26T00:00:00Z", "2026-02-26, 3 days ago", Due::Past),
            ("2026-03-01T23:00:00Z", "2026-03-31T00:00:00Z", "2026-03-31, in 30 days", Due::Soon),
            ("2026-03-01T00:00:00Z", "2026-04-01T00:00:00+02:00", "2026-03-31, in 30 days", Due::Soon),
            ("2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z", "2026-04-01, in 31 days", Due::Later),
            ("2026-03-01T00:00:00Z", "never", "never", Due::Later),
        ] {
            assert_eq!(due(text, at(now)), (words.to_string(), expected), "{text} at {now}");
        }
        assert_eq!((in_days(1), in_days(2), in_days(0)), ("1 day".into(), "2 days".into(), "0 days".into()));
    }
}
