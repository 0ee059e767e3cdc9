//! Which day the story is told on: a school day near the real one, whatever day that is.

use chrono::NaiveDate;
use skolebro_core::domain::{calendar::SchoolCalendar, people::SchoolForm, rules::Country, samples};
use skolebro_server::operate::answer::Trouble;

/// `wanted` itself where all schools are open, or else the next day that is; past the last calendar, the last one before.
///
/// # Errors
/// The sample calendars hold no day at all.
pub fn school_day(wanted: NaiveDate) -> Result<NaiveDate, Trouble> {
    let calendars = samples::calendars(Country::Sweden).unwrap_or_default();
    let bounds = || calendars.iter().filter_map(SchoolCalendar::bounds);
    let first = bounds().map(|(first, _)| first).min();
    let last = bounds().map(|(_, last)| last).max();
    let (Some(first), Some(last)) = (first, last) else {
        return Err(Trouble::refused("the sample calendars hold no school day"));
    };
    let open: Vec<NaiveDate> =
        first.iter_days().take_while(|day| *day <= last).filter(|d| is_open(&calendars, *d)).collect();
    let next = open.iter().find(|day| **day >= wanted).or(open.last()).copied();
    next.ok_or_else(|| Trouble::refused("the sample calendars hold no school day"))
}

fn is_open(calendars: &[SchoolCalendar], day: NaiveDate) -> bool {
    [SchoolForm::PreschoolClass, SchoolForm::Compulsory, SchoolForm::UpperSecondary].into_iter().all(|form| {
        let of_form = |calendar: &&SchoolCalendar| calendar.form == form && calendar.group.is_none();
        calendars.iter().filter(of_form).any(|calendar| calendar.covers(day) && calendar.in_session(day))
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use chrono::{Datelike, TimeDelta, Weekday};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_school_day_is_itself_and_a_weekend_the_monday_after() {
        assert_eq!(school_day(day("2026-11-24")).unwrap(), day("2026-11-24"));
        assert_eq!(school_day(day("2026-11-21")).unwrap(), day("2026-11-23"));
    }

    #[test]
    fn every_day_of_six_years_has_one() {
        // The calendars are read anew each time: every ninth day meets every kind of day.
        let days = day("2024-08-01").iter_days().step_by(9).take_while(|wanted| *wanted < day("2031-01-01"));
        for wanted in days {
            let found = school_day(wanted).unwrap();
            assert!(found >= wanted && found - wanted < TimeDelta::days(80), "{wanted} {found}");
            assert!(!matches!(found.weekday(), Weekday::Sat | Weekday::Sun));
        }
        assert!(school_day(day("2040-01-01")).unwrap() < day("2031-08-01"));
        assert!(school_day(day("1999-01-01")).unwrap() > day("2024-07-31"));
    }
}
