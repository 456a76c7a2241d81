//! A moment as other libraries have it: of the standard library, of serde, of jiff and of chrono.

#[cfg(feature = "std")]
extern crate std;

use super::Moment;
#[cfg(any(feature = "std", feature = "jiff", feature = "chrono"))]
use super::NotAMoment;
#[cfg(feature = "serde")]
use core::fmt;

/// Nanoseconds in a second. What a moment becomes elsewhere has another range, so all is reckoned in 128 bits.
#[cfg(any(feature = "std", feature = "jiff", feature = "chrono"))]
const NANOS: i128 = 1_000_000_000;

impl Moment {
    /// Nanoseconds since 1970.
    #[cfg(any(feature = "jiff", feature = "std", feature = "chrono"))]
    fn total_nanos(self) -> i128 {
        i128::from(self.seconds).saturating_mul(NANOS).saturating_add(i128::from(self.nanos))
    }

    /// The moment that is this many nanoseconds after 1970; `None` where the seconds do not fit.
    #[cfg(any(feature = "jiff", feature = "std", feature = "chrono"))]
    fn from_total_nanos(nanos: i128) -> Option<Self> {
        let seconds = i64::try_from(nanos.div_euclid(NANOS)).ok()?;
        Some(Moment { seconds, nanos: u32::try_from(nanos.rem_euclid(NANOS)).ok()? })
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Moment {
    /// ISO 8601, as it is printed.
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Moment {
    /// From ISO 8601, see [`Moment::parse`].
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Text;

        impl serde::de::Visitor<'_> for Text {
            type Value = Moment;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an ISO 8601 date or time")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Moment, E> {
                text.parse().map_err(E::custom)
            }
        }

        d.deserialize_str(Text)
    }
}

#[cfg(feature = "std")]
impl TryFrom<Moment> for std::time::SystemTime {
    type Error = NotAMoment;

    /// Only what the system's clock cannot say is an error.
    fn try_from(moment: Moment) -> Result<Self, NotAMoment> {
        let nanos = moment.total_nanos();
        let whole = u64::try_from(nanos.unsigned_abs() / NANOS.unsigned_abs()).map_err(|_| NotAMoment)?;
        let part = u32::try_from(nanos.unsigned_abs() % NANOS.unsigned_abs()).map_err(|_| NotAMoment)?;
        let apart = core::time::Duration::new(whole, part);
        let epoch = std::time::SystemTime::UNIX_EPOCH;
        let found = if nanos < 0 { epoch.checked_sub(apart) } else { epoch.checked_add(apart) };
        found.ok_or(NotAMoment)
    }
}

#[cfg(feature = "std")]
impl TryFrom<std::time::SystemTime> for Moment {
    type Error = NotAMoment;

    fn try_from(time: std::time::SystemTime) -> Result<Self, NotAMoment> {
        let nanos = |apart: core::time::Duration| i128::try_from(apart.as_nanos()).map_err(|_| NotAMoment);
        let nanos = match time.duration_since(std::time::SystemTime::UNIX_EPOCH) {
            Ok(after) => nanos(after)?,
            Err(before) => nanos(before.duration())?.checked_neg().ok_or(NotAMoment)?,
        };
        Moment::from_total_nanos(nanos).ok_or(NotAMoment)
    }
}

#[cfg(feature = "jiff")]
impl TryFrom<Moment> for jiff::Timestamp {
    type Error = NotAMoment;

    fn try_from(moment: Moment) -> Result<Self, NotAMoment> {
        jiff::Timestamp::from_nanosecond(moment.total_nanos()).map_err(|_| NotAMoment)
    }
}

#[cfg(feature = "jiff")]
impl From<jiff::Timestamp> for Moment {
    fn from(time: jiff::Timestamp) -> Self {
        // Its years have four digits, with a sign: the seconds fit.
        Moment::from_total_nanos(time.as_nanosecond()).unwrap_or(Moment::UNSET)
    }
}

#[cfg(feature = "chrono")]
impl TryFrom<Moment> for chrono::DateTime<chrono::Utc> {
    type Error = NotAMoment;

    fn try_from(moment: Moment) -> Result<Self, NotAMoment> {
        let whole = i64::try_from(moment.total_nanos().div_euclid(NANOS)).map_err(|_| NotAMoment)?;
        let part = u32::try_from(moment.total_nanos().rem_euclid(NANOS)).map_err(|_| NotAMoment)?;
        chrono::DateTime::from_timestamp(whole, part).ok_or(NotAMoment)
    }
}

#[cfg(feature = "chrono")]
impl<Z: chrono::TimeZone> From<chrono::DateTime<Z>> for Moment {
    /// A leap second, which chrono writes as more than a second of nanoseconds, is the second after it.
    fn from(time: chrono::DateTime<Z>) -> Self {
        let nanos = i128::from(time.timestamp()).saturating_mul(NANOS);
        let nanos = nanos.saturating_add(i128::from(time.timestamp_subsec_nanos()));
        // Its years have six digits: the seconds fit.
        Moment::from_total_nanos(nanos).unwrap_or(Moment::UNSET)
    }
}
