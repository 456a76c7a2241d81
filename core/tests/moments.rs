//! Moments: arithmetic, text, JSON, and the times of other libraries.

use cardwright_core::date::{Moment, NotAMoment};
use core::time::Duration;
use std::time::SystemTime;

fn moment(text: &str) -> Moment {
    text.parse().expect(text)
}

#[test]
fn a_duration_is_added_and_taken_away() {
    let one = moment("1969-12-31T23:59:59.75Z");
    for (seconds, nanos) in [(0, 0), (0, 250_000_000), (0, 999_999_999), (1, 0), (86_400 * 400, 1)] {
        let apart = Duration::new(seconds, nanos);
        let later = one.checked_add(apart).expect("in range");
        assert!(later.nanos < 1_000_000_000);
        assert_eq!((later.checked_sub(apart), later.duration_since(one)), (Some(one), Some(apart)), "{apart:?}");
        assert_eq!(one.duration_since(later).is_some(), apart.is_zero());
    }
    assert_eq!(one.checked_add(Duration::from_millis(250)), Some(Moment::from_seconds(0)));
    assert_eq!(one.checked_add(Duration::MAX), None);
    assert_eq!(Moment { seconds: i64::MIN, nanos: 0 }.checked_sub(Duration::from_nanos(1)), None);
    let all = Moment { seconds: i64::MAX, nanos: 0 }.duration_since(Moment { seconds: i64::MIN, nanos: 0 });
    assert_eq!(all, None);
    // Fields that no moment has are no reason to panic.
    let odd = Moment { seconds: i64::MAX, nanos: u32::MAX };
    assert_eq!((odd.checked_add(Duration::MAX), odd.duration_since(Moment::UNSET)), (None, None));
}

#[test]
fn text_and_json_go_there_and_back() {
    for text in ["2026-12-03T11:22:20Z", "0001-01-01T00:00:00.000001Z", "9999-12-31T23:59:59.999999999Z"] {
        assert_eq!(moment(text).to_string(), text);
        let json = serde_json::to_string(&moment(text)).expect("JSON");
        assert_eq!(json, format!("\"{text}\""));
        assert_eq!(serde_json::from_str::<Moment>(&json).expect("a moment"), moment(text));
    }
    assert_eq!("0001-01-01T00:00:00".parse::<Moment>(), Err(NotAMoment));
    assert!(serde_json::from_str::<Moment>("\"soon\"").expect_err("no date").to_string().contains("ISO 8601"));
}

#[test]
fn the_time_of_the_system() {
    let epoch = SystemTime::UNIX_EPOCH;
    for (text, time) in [
        ("1970-01-01T00:00:00Z", Some(epoch)),
        ("1970-01-01T00:00:01.5Z", epoch.checked_add(Duration::from_millis(1500))),
        ("1969-12-31T23:59:59.75Z", epoch.checked_sub(Duration::from_millis(250))),
    ] {
        let time = time.expect("a time");
        assert_eq!(SystemTime::try_from(moment(text)), Ok(time), "{text}");
        assert_eq!(Moment::try_from(time), Ok(moment(text)));
    }
    let now = SystemTime::now();
    assert_eq!(Moment::try_from(now).and_then(SystemTime::try_from), Ok(now));
}

#[cfg(feature = "jiff")]
#[test]
fn the_time_of_jiff() {
    for text in ["2026-12-03T11:22:20.5Z", "1969-12-31T23:59:59.75Z", "0001-01-01T00:00:01Z"] {
        let time: jiff::Timestamp = text.parse().expect(text);
        assert_eq!((Moment::from(time), jiff::Timestamp::try_from(moment(text))), (moment(text), Ok(time)));
    }
    assert_eq!(jiff::Timestamp::try_from(Moment::from_seconds(i64::MAX)), Err(NotAMoment));
}

#[cfg(feature = "chrono")]
#[test]
fn the_time_of_chrono() {
    use chrono::{DateTime, Utc};
    for text in ["2026-12-03T11:22:20.5Z", "1969-12-31T23:59:59.75Z", "0001-01-01T00:00:01Z"] {
        let time: DateTime<Utc> = text.parse().expect(text);
        assert_eq!((Moment::from(time), DateTime::<Utc>::try_from(moment(text))), (moment(text), Ok(time)));
    }
    assert_eq!(DateTime::<Utc>::try_from(Moment::from_seconds(i64::MAX)), Err(NotAMoment));
}
