//! Both days on which the clocks change, in all three countries.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;

const ZONES: [Tz; 3] = [Tz::Europe__Stockholm, Tz::Europe__Copenhagen, Tz::Europe__Oslo];

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn at(text: &str) -> NaiveTime {
    hh_mm::parse(text).unwrap()
}

fn utc(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

#[test]
fn a_time_on_the_wall_has_one_instant_also_when_the_clocks_change() {
    for (date, time, expected, why) in [
        ("2026-03-28", "08:15", "2026-03-28T07:15:00Z", "winter"),
        ("2026-03-29", "01:59", "2026-03-29T00:59:00Z", "the last minute before the gap"),
        ("2026-03-29", "02:00", "2026-03-29T01:00:00Z", "in the gap: the first instant after it"),
        ("2026-03-29", "02:30", "2026-03-29T01:00:00Z", "in the gap: the first instant after it"),
        ("2026-03-29", "03:00", "2026-03-29T01:00:00Z", "the first minute after the gap"),
        ("2026-03-29", "08:15", "2026-03-29T06:15:00Z", "summer"),
        ("2026-10-25", "01:59", "2026-10-24T23:59:00Z", "before what is repeated"),
        ("2026-10-25", "02:30", "2026-10-25T00:30:00Z", "repeated: the earlier one"),
        ("2026-10-25", "03:00", "2026-10-25T02:00:00Z", "after what is repeated"),
        ("2026-10-26", "08:15", "2026-10-26T07:15:00Z", "winter again"),
    ] {
        for tz in ZONES {
            assert_eq!(instant(tz, day(date), at(time)), utc(expected), "{tz} {date} {time}: {why}");
        }
    }
    let second = NaiveTime::from_hms_opt(2, 30, 45).unwrap();
    assert_eq!(instant(ZONES[0], day("2026-03-29"), second), utc("2026-03-29T01:00:00Z"), "seconds in the gap too");
}

#[test]
fn an_instant_has_the_schools_day_and_not_that_of_greenwich() {
    for tz in ZONES {
        assert_eq!(local_date(tz, utc("2026-03-28T22:59:59Z")), day("2026-03-28"));
        assert_eq!(local_date(tz, utc("2026-03-28T23:00:00Z")), day("2026-03-29"), "winter: an hour ahead");
        assert_eq!(local_date(tz, utc("2026-03-29T22:00:00Z")), day("2026-03-30"), "summer: two hours ahead");
        assert_eq!(local_date(tz, utc("2026-10-25T22:59:59Z")), day("2026-10-25"));
        assert_eq!(local_datetime(tz, utc("2026-10-25T01:30:00Z")), day("2026-10-25").and_time(at("02:30")));
    }
}

#[test]
fn a_substitutes_last_day_is_as_long_as_the_day_is() {
    for tz in ZONES {
        for (last_day, ends, hours) in [
            ("2026-03-29", "2026-03-29T22:00:00Z", 23),
            ("2026-10-25", "2026-10-25T23:00:00Z", 25),
            ("2026-11-23", "2026-11-23T23:00:00Z", 24),
        ] {
            let end = midnight_after(tz, day(last_day));
            assert_eq!(end, utc(ends));
            assert_eq!((end - instant(tz, day(last_day), NaiveTime::MIN)).num_hours(), hours);
            assert_eq!(local_date(tz, end - TimeDelta::nanoseconds(1)), day(last_day));
        }
    }
    assert_eq!(midnight_after(ZONES[0], NaiveDate::MAX), DateTime::<Utc>::MAX_UTC);
}

#[test]
fn a_zone_whose_clocks_change_at_midnight_still_has_a_first_instant() {
    // Santiago, 6 September 2026: 00:00 does not exist.
    assert_eq!(midnight_after(Tz::America__Santiago, day("2026-09-05")), utc("2026-09-06T04:00:00Z"));
    // Apia left out the whole of 30 December 2011.
    assert_eq!(instant(Tz::Pacific__Apia, day("2011-12-30"), at("12:00")), utc("2011-12-30T10:00:00Z"));
}

#[test]
fn times_of_day_are_written_with_four_digits() {
    for (text, fits) in [
        ("08:15", true),
        ("00:00", true),
        ("23:59", true),
        ("24:00", false),
        ("8:15", false),
        ("08.15", false),
        ("08:15:00", false),
        ("", false),
    ] {
        assert_eq!(hh_mm::parse(text).is_some(), fits, "{text}");
    }
}
