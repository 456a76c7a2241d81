//! Dates: what is read, what is not, and back again.

use cardwright_core::date::{DAY, Moment};

#[test]
fn dates_as_both_systems_write_them_are_read() {
    for (text, seconds, nanos) in [
        ("1970-01-01T00:00:00Z", 0, 0),
        ("1970-01-01", 0, 0),
        ("1970-01-01T00:00", 0, 0),
        ("1970-01-01t00:00:00z", 0, 0),
        ("1970-01-01 00:00:01", 1, 0),
        // The vendor's own example, with .NET's seven decimals.
        ("2024-12-03T11:22:20.1824104Z", 1_733_224_940, 182_410_400),
        ("2024-12-03T11:22:20Z", 1_733_224_940, 0),
        ("2024-12-03T11:22:20", 1_733_224_940, 0),
        ("2015-07-07T23:36:21.93Z", 1_436_312_181, 930_000_000),
        ("2024-12-03T14:22:20+03:00", 1_733_224_940, 0),
        ("2024-12-03T14:22:20+0300", 1_733_224_940, 0),
        ("2024-12-03T01:22:20-10:00", 1_733_224_940, 0),
        ("2024-12-04T01:22:20+14:00", 1_733_224_940, 0),
        ("2024-12-03T11:22+00:00", 1_733_224_920, 0),
        ("1969-12-31T23:59:59.999999999Z", -1, 999_999_999),
        ("2000-02-29", 951_782_400, 0),
        ("2024-02-29", 1_709_164_800, 0),
        ("9999-12-31T23:59:59.9999999Z", 253_402_300_799, 999_999_900),
        ("0001-01-01T00:00:00.0000001Z", -62_135_596_800, 100),
        ("0001-01-02", -62_135_510_400, 0),
    ] {
        assert_eq!(Moment::parse(text), Some(Moment { seconds, nanos }), "{text}");
    }
}

#[test]
fn what_is_no_date_is_none() {
    for text in [
        "",
        "2024",
        "2024-12",
        "2024-12-3",
        "2024-1-03",
        "24-12-03",
        "2024-13-03",
        "2024-00-03",
        "2024-12-00",
        "2024-12-32",
        "2024-04-31",
        "2023-02-29",
        "1900-02-29",
        "2100-02-29",
        "2024-02-30",
        "0000-01-01",
        "2024-12-03T",
        "2024-12-03Z",
        "2024-12-03T11",
        "2024-12-03T11:2",
        "2024-12-03T24:00:00",
        "2024-12-03T11:60:00",
        "2024-12-03T11:22:60Z",
        "2024-12-03T11:22:",
        "2024-12-03T11:22:20.",
        "2024-12-03T11:22:20.Z",
        "2024-12-03T11:22:20.1234567890Z",
        "2024-12-03T11:22.5Z",
        "2024-12-03T11:22:20,5Z",
        "2024-12-03T11:22:20ZZ",
        "2024-12-03T11:22:20 Z",
        "2024-12-03T11:22:20+3",
        "2024-12-03T11:22:20+03",
        "2024-12-03T11:22:20+03:",
        "2024-12-03T11:22:20+03:60",
        "2024-12-03T11:22:20+15:00",
        "2024-12-03T11:22:20+03:00Z",
        " 2024-12-03",
        "2024-12-03 ",
        "+2024-12-03",
        "-2024-12-03",
        "2024-12-03X11:22:20Z",
        "03.12.2024",
        "12/03/2024",
        "/Date(1733224940000)/",
        "２０２４-12-03",
        "2024–12–03",
        "99999-01-01",
    ] {
        assert_eq!(Moment::parse(text), None, "{text}");
    }
}

#[test]
fn the_first_moment_of_dotnet_means_never_in_any_zone() {
    for text in [
        "0001-01-01T00:00:00",
        "0001-01-01T00:00:00Z",
        "0001-01-01",
        "0001-01-01T00:00:00.0000000",
        "0001-01-01T00:00:00+00:00",
        "0001-01-01T00:00:00+03:00",
        "0001-01-01T00:00:00-03:00",
    ] {
        assert_eq!(Moment::parse(text), None, "{text}");
    }
    assert_eq!(Moment::UNSET.to_string(), "0001-01-01T00:00:00Z");
}

#[test]
fn a_moment_outside_the_years_that_can_be_written_is_none() {
    assert_eq!(Moment::parse("9999-12-31T23:59:59-01:00"), None);
    assert_eq!(Moment::parse("0001-01-01T01:00:00+02:00"), None);
}

#[test]
fn a_moment_prints_with_the_decimals_that_it_needs() {
    for (nanos, text) in [
        (0, "2024-12-03T11:22:20Z"),
        (500_000_000, "2024-12-03T11:22:20.500Z"),
        (1_000, "2024-12-03T11:22:20.000001Z"),
        (182_410_400, "2024-12-03T11:22:20.182410400Z"),
        (1, "2024-12-03T11:22:20.000000001Z"),
    ] {
        let moment = Moment { seconds: 1_733_224_940, nanos };
        assert_eq!(moment.to_string(), text);
        assert_eq!(Moment::parse(text), Some(moment));
    }
    assert!(Moment::is_bare("2024-12-03") && !Moment::is_bare("2024-12-03T11:22"));
}

#[test]
fn every_97th_day_of_the_years_1_to_9999_is_the_day_that_it_says() {
    let (mut year, mut month, mut day, mut days) = (1i64, 1i64, 1i64, 0i64);
    let mut seen = 0;
    while year <= 9999 {
        if days % 97 == 1 {
            let text = format!("{year:04}-{month:02}-{day:02}");
            let moment = Moment::parse(&text).unwrap();
            assert_eq!(moment, Moment::from_seconds(Moment::UNSET.seconds + days * DAY), "{text}");
            assert_eq!(moment.ymd(), (year, month, day));
            let late = Moment { seconds: moment.seconds + DAY - 1, nanos: 0 };
            assert_eq!(late.to_string(), format!("{text}T23:59:59Z"));
            assert_eq!(Moment::parse(&late.to_string()), Some(late));
            seen += 1;
        }
        // The calendar by counting, not by a formula.
        let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        let length = match month {
            2 => 28 + i64::from(leap),
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        (day, days) = (day + 1, days + 1);
        if day > length {
            (day, month) = (1, month + 1);
        }
        if month > 12 {
            (month, year) = (1, year + 1);
        }
    }
    println!("{seen} days");
    assert_eq!((days, seen), (3_652_059, 37_651));
}

#[test]
fn the_ends_of_time_print_without_a_panic() {
    for seconds in [i64::MIN, i64::MIN + 1, -1, 0, i64::MAX - 1, i64::MAX] {
        assert!(Moment { seconds, nanos: u32::MAX }.to_string().ends_with('Z'));
    }
}
