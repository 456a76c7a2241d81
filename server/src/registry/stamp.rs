//! Times as the registry stores them, and as systems write them.

use cardwright_core::date::Moment;
use core::fmt;
use serde::{Serialize, Serializer};

/// Units of 100 ns in a second.
const SECOND: i64 = 10_000_000;

/// A time in units of 100 ns since 1970: .NET's precision, and a number that SQL can compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Stamp(pub(crate) i64);

impl Stamp {
    /// The time of a moment, truncated to 100 ns.
    pub(crate) const fn of(moment: Moment) -> Self {
        Stamp(moment.seconds.saturating_mul(SECOND).saturating_add(moment.nanos as i64 / 100))
    }

    /// The moment.
    pub(crate) fn moment(self) -> Moment {
        let nanos = u32::try_from(self.0.rem_euclid(SECOND)).unwrap_or(0).wrapping_mul(100);
        Moment { seconds: self.0.div_euclid(SECOND), nanos }
    }

    /// The time `seconds` later.
    pub(crate) const fn plus(self, seconds: i64) -> Self {
        Stamp(self.0.saturating_add(seconds.saturating_mul(SECOND)))
    }

    /// The time in ISO 8601, with as many decimals as it needs, up to seven.
    pub(crate) const fn iso(self, decimals: usize) -> Iso {
        Iso { stamp: self, decimals }
    }
}

/// A time in ISO 8601.
pub(crate) struct Iso {
    stamp: Stamp,
    decimals: usize,
}

impl Serialize for Iso {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Iso {
    /// The time in ASCII, for the years that have four digits, as all that are read do; in the first bytes of a buffer, and how many they are: no number is formatted, as each card of
    /// a list has half a dozen times.
    fn ascii(&self) -> ([u8; LENGTH], usize) {
        let moment = self.stamp.moment();
        let (year, month, day) = moment.ymd();
        let second = moment.seconds.rem_euclid(86_400);
        let mut text = *b"0000-00-00T00:00:00.0000000Z";
        let mut put = |last: usize, width: usize, number: i64| {
            let mut left = number.unsigned_abs();
            for digit in text.iter_mut().take(last).rev().take(width) {
                *digit = b'0' + (left % 10) as u8;
                left /= 10;
            }
        };
        put(4, 4, year);
        put(7, 2, month);
        put(10, 2, day);
        put(13, 2, second / 3600);
        put(16, 2, second / 60 % 60);
        put(19, 2, second % 60);
        put(27, 7, i64::from(moment.nanos / 100));
        let mut end = 20 + self.decimals.min(7);
        while end > 20 && text.get(end - 1) == Some(&b'0') {
            end -= 1;
        }
        // Without decimals there is no point.
        end -= usize::from(end == 20);
        if let Some(last) = text.get_mut(end) {
            *last = b'Z';
        }
        (text, end + 1)
    }

    /// Writes the time at the end of a JSON text.
    pub(super) fn write_json(&self, out: &mut Vec<u8>) {
        let (text, length) = self.ascii();
        out.push(b'"');
        out.extend_from_slice(text.get(..length).unwrap_or_default());
        out.push(b'"');
    }
}

/// The length with seven decimals.
const LENGTH: usize = 28;

impl fmt::Display for Iso {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (text, length) = self.ascii();
        f.write_str(text.get(..length).and_then(|text| core::str::from_utf8(text).ok()).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::{Moment, Stamp};

    #[test]
    fn times_are_written_with_the_decimals_they_need() {
        let stamp = |text| Stamp::of(Moment::parse(text).unwrap());
        assert_eq!(stamp("2024-12-03T11:22:20.1824104Z").iso(7).to_string(), "2024-12-03T11:22:20.1824104Z");
        assert_eq!(stamp("2025-02-01T09:15:00.5Z").iso(7).to_string(), "2025-02-01T09:15:00.5Z");
        assert_eq!(stamp("2025-02-03T16:00:00Z").iso(7).to_string(), "2025-02-03T16:00:00Z");
        assert_eq!(stamp("2015-07-07T23:36:21.93Z").iso(3).to_string(), "2015-07-07T23:36:21.93Z");
        assert_eq!(stamp("2015-07-07T23:40:33.1339Z").iso(3).to_string(), "2015-07-07T23:40:33.133Z");
        assert_eq!(stamp("1969-12-31T23:59:59.25Z").iso(3).to_string(), "1969-12-31T23:59:59.25Z");
    }
}
