//! Dates as both systems write them (ISO 8601), and back.
//!
//! Read are a bare date, a time with none to nine decimals, `Z`, an offset, or no zone, which is
//! taken as UTC. .NET's `0001-01-01T00:00:00` means that the event has not happened.

#[cfg(any(feature = "serde", feature = "std", feature = "jiff", feature = "chrono"))]
mod traits;

use core::fmt;
use core::str::FromStr;
use core::time::Duration;

/// A moment, in seconds since 1970-01-01T00:00:00Z and nanoseconds.
///
/// With features of this crate it becomes a time of others, and back: `std` (`SystemTime`), `jiff` (`Timestamp`), `chrono`
/// (`DateTime`); with `serde` it is the text that it prints.
///
/// # Examples
/// ```
/// use cardwright_core::date::Moment;
/// use core::time::Duration;
/// let ends: Moment = "2026-12-03T11:22:20Z".parse()?;
/// let warn = ends.checked_sub(Duration::from_secs(14 * 86_400)).unwrap();
/// assert_eq!(warn.to_string(), "2026-11-19T11:22:20Z");
/// assert_eq!(ends.duration_since(warn), Some(Duration::from_secs(14 * 86_400)));
/// assert_eq!(warn.duration_since(ends), None);
/// # Ok::<(), cardwright_core::date::NotAMoment>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(clippy::exhaustive_structs, reason = "there is no third part of a moment")]
pub struct Moment {
    /// Whole seconds, rounded down.
    pub seconds: i64,
    /// 0 to 999,999,999.
    pub nanos: u32,
}

/// Nanoseconds in a second.
const SECOND: u32 = 1_000_000_000;

/// Seconds in a day.
pub const DAY: i64 = 86_400;

/// The first moment of the year 10000, which has no four digits.
const END: Moment = Moment { seconds: 253_402_300_800, nanos: 0 };

impl Moment {
    /// .NET's `DateTime.MinValue`, which servers send for "not yet".
    pub const UNSET: Moment = Moment { seconds: -62_135_596_800, nanos: 0 };

    /// A moment by its seconds since 1970.
    #[must_use]
    pub const fn from_seconds(seconds: i64) -> Self {
        Moment { seconds, nanos: 0 }
    }

    /// Reads a date or a date with a time. `None` for anything else, for [`Moment::UNSET`] in whatever
    /// zone, and for what its zone puts outside the years 1 to 9999.
    ///
    /// # Examples
    /// ```
    /// use cardwright_core::date::Moment;
    /// assert_eq!(Moment::parse("1970-01-02T00:00:01.5+01:00").unwrap().seconds, 82_801);
    /// assert_eq!(Moment::parse("0001-01-01T00:00:00"), None);
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut digits = Digits(text.as_bytes());
        let year = digits.number(4)?;
        digits.byte(b'-')?;
        let month = digits.number(2)?;
        digits.byte(b'-')?;
        let day = digits.number(2)?;
        if !(1..=9999).contains(&year) || !(1..=12).contains(&month) || day < 1 || day > days_in(year, month) {
            return None;
        }
        let (mut seconds, mut nanos) = (days_from_civil(year, month, day).checked_mul(DAY)?, 0);
        if !digits.0.is_empty() {
            digits.byte(b'T').or_else(|| digits.byte(b't')).or_else(|| digits.byte(b' '))?;
            let hour = digits.number(2)?;
            digits.byte(b':')?;
            let minute = digits.number(2)?;
            let mut second = 0;
            if digits.byte(b':').is_some() {
                second = digits.number(2)?;
                if digits.byte(b'.').is_some() {
                    nanos = digits.fraction()?;
                }
            }
            if hour > 23 || minute > 59 || second > 59 {
                return None;
            }
            seconds = seconds.checked_add(hour * 3600 + minute * 60 + second)?;
            if (Moment { seconds, nanos }) == Self::UNSET {
                return None;
            }
            seconds = seconds.checked_sub(digits.zone()?)?;
        }
        let moment = Moment { seconds, nanos };
        (digits.0.is_empty() && moment > Self::UNSET && moment < END).then_some(moment)
    }

    /// The moment that much later; `None` where the seconds do not fit.
    #[must_use]
    pub const fn checked_add(self, duration: Duration) -> Option<Self> {
        let nanos = self.nanos.saturating_add(duration.subsec_nanos());
        let Some(seconds) = self.seconds.checked_add_unsigned(duration.as_secs()) else { return None };
        match seconds.checked_add((nanos / SECOND) as i64) {
            Some(seconds) => Some(Moment { seconds, nanos: nanos % SECOND }),
            None => None,
        }
    }

    /// The moment that much earlier; `None` where the seconds do not fit.
    #[must_use]
    pub const fn checked_sub(self, duration: Duration) -> Option<Self> {
        let Some(seconds) = self.seconds.checked_sub_unsigned(duration.as_secs()) else { return None };
        match self.nanos.checked_sub(duration.subsec_nanos()) {
            Some(nanos) => Some(Moment { seconds, nanos }),
            None => match seconds.checked_sub(1) {
                Some(seconds) => {
                    let nanos = self.nanos.wrapping_add(SECOND).wrapping_sub(duration.subsec_nanos());
                    Some(Moment { seconds, nanos })
                }
                None => None,
            },
        }
    }

    /// How long it is after another moment; `None` where it is before that.
    #[must_use]
    pub const fn duration_since(self, earlier: Moment) -> Option<Duration> {
        let Some(seconds) = self.seconds.checked_sub(earlier.seconds) else { return None };
        let (seconds, nanos) = match self.nanos.checked_sub(earlier.nanos) {
            Some(nanos) => (seconds, nanos),
            None => (seconds.wrapping_sub(1), self.nanos.wrapping_add(SECOND).wrapping_sub(earlier.nanos)),
        };
        // Below a second, so that nothing is carried, which could not be held.
        if seconds < 0 || nanos >= SECOND { None } else { Some(Duration::new(seconds.unsigned_abs(), nanos)) }
    }

    /// Whether the text is a bare date, without a time.
    #[must_use]
    pub const fn is_bare(text: &str) -> bool {
        text.len() == 10
    }

    /// Year, month and day in UTC.
    #[must_use]
    pub const fn ymd(self) -> (i64, i64, i64) {
        civil_from_days(self.seconds.div_euclid(DAY))
    }
}

impl FromStr for Moment {
    type Err = NotAMoment;

    /// As [`Moment::parse`].
    fn from_str(text: &str) -> Result<Self, NotAMoment> {
        Self::parse(text).ok_or(NotAMoment)
    }
}

/// What is no moment of these systems, or cannot be one of another library.
///
/// ```
/// use cardwright_core::date::{Moment, NotAMoment};
/// assert_eq!("tomorrow".parse::<Moment>(), Err(NotAMoment));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "there is no more to say")]
pub struct NotAMoment;

impl fmt::Display for NotAMoment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a date or time, ISO 8601, of the years 1 to 9999")
    }
}

impl core::error::Error for NotAMoment {}

impl fmt::Display for Moment {
    /// `2024-12-03T11:22:20Z`, with the decimals that are needed, in threes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        // Narrow numbers, as `core` writes 64 bits with a check that cannot be proved away. Only a year
        // that no date has does not fit.
        let year = i32::try_from(year).unwrap_or(i32::MAX);
        let (month, day, second) = (month as u32, day as u32, self.seconds.rem_euclid(DAY) as u32);
        write!(f, "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60)?;
        match self.nanos {
            0 => {}
            n if n.is_multiple_of(1_000_000) => write!(f, ".{:03}", n / 1_000_000)?,
            n if n.is_multiple_of(1_000) => write!(f, ".{:06}", n / 1_000)?,
            n => write!(f, ".{n:09}")?,
        }
        f.write_str("Z")
    }
}

struct Digits<'a>(&'a [u8]);

impl Digits<'_> {
    fn byte(&mut self, wanted: u8) -> Option<()> {
        let (first, rest) = self.0.split_first()?;
        (*first == wanted).then(|| self.0 = rest)
    }

    fn digit(&mut self) -> Option<i64> {
        let (first, rest) = self.0.split_first()?;
        let digit = (*first as char).to_digit(10)?;
        self.0 = rest;
        Some(i64::from(digit))
    }

    /// Exactly that number of digits; callers ask for 4 at most.
    fn number(&mut self, digits: u32) -> Option<i64> {
        (0..digits).try_fold(0i64, |n, _| Some(n.wrapping_mul(10).wrapping_add(self.digit()?)))
    }

    /// One to nine decimals, as nanoseconds.
    fn fraction(&mut self) -> Option<u32> {
        let mut nanos = self.digit()?.wrapping_mul(100_000_000);
        for weight in [10_000_000, 1_000_000, 100_000, 10_000, 1_000, 100, 10, 1] {
            match self.digit() {
                Some(digit) => nanos = nanos.wrapping_add(digit.wrapping_mul(weight)),
                None => break,
            }
        }
        u32::try_from(nanos).ok()
    }

    /// The offset from UTC in seconds.
    fn zone(&mut self) -> Option<i64> {
        if self.0.is_empty() || self.byte(b'Z').or_else(|| self.byte(b'z')).is_some() {
            return Some(0);
        }
        let sign = if self.byte(b'+').is_some() {
            1
        } else {
            self.byte(b'-')?;
            -1
        };
        let hours = self.number(2)?;
        let _ = self.byte(b':');
        let minutes = self.number(2)?;
        (hours <= 14 && minutes <= 59).then_some(sign * (hours * 3600 + minutes * 60))
    }
}

/// Days of a month of the Gregorian calendar.
const fn days_in(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days since 1970-01-01, for years 1 to 9999. The year is counted from March, so that the leap day
/// is its last.
const fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// The inverse of [`days_from_civil`].
const fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days.saturating_add(719_468);
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + if month <= 2 { 1 } else { 0 };
    (year, month, day_of_year - (153 * shifted + 2) / 5 + 1)
}
