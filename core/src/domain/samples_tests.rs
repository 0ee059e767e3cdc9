//! The samples say what their comments say: they are read without a mistake and keep each country's school year.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;
use crate::domain::{
    calendar::{self, easter, school_year_of},
    people::{Language, Role, SchoolForm},
    rules::{self as rule_sets, RollBy},
};
use chrono::{Datelike, NaiveDate, TimeDelta};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn forms_of(country: Country) -> Vec<SchoolForm> {
    // Norway has no preschool class.
    SchoolForm::ALL
        .iter()
        .copied()
        .filter(|form| !(country == Country::Norway && *form == SchoolForm::PreschoolClass))
        .collect()
}

#[test]
fn every_sample_is_read_without_a_mistake() {
    for country in Country::ALL.iter().copied() {
        let rules = rules(country).unwrap_or_else(|errors| panic!("{errors:#?}"));
        let calendars = calendars(country).unwrap_or_else(|errors| panic!("{errors:#?}"));
        for form in forms_of(country) {
            for year in 2024..2031 {
                for text in [format!("{year}-08-01"), format!("{}-07-31", year + 1)] {
                    let day = day(&text);
                    let rules = rule_sets::pick(&rules, form, day).unwrap();
                    assert_eq!(rules.country, country);
                    assert!(!rules.appeal_text_in(Language::En).is_empty());
                    let calendar = calendar::pick(&calendars, form, &[], day).unwrap();
                    assert_eq!(calendar.school_year, school_year_of(day));
                }
            }
        }
        assert_eq!(calendars.len(), forms_of(country).len() * 7);
    }
}

#[test]
fn a_rule_set_and_a_calendar_come_back_from_json_as_they_were() {
    for country in Country::ALL.iter().copied() {
        for rules in rules(country).unwrap() {
            let json = serde_json::to_string(&rules).unwrap();
            assert_eq!(serde_json::from_str::<RuleSet>(&json).unwrap(), rules);
        }
        for calendar in calendars(country).unwrap() {
            let json = serde_json::to_string(&calendar).unwrap();
            assert_eq!(serde_json::from_str::<SchoolCalendar>(&json).unwrap(), calendar);
        }
    }
    let json = serde_json::to_value(&rules(Country::Sweden).unwrap()[0]).unwrap();
    assert_eq!(json["attendance"]["cutoff"], "08:15");
    assert_eq!(json["country"], "se");
    assert_eq!(json["appeal_text"]["sv"].as_str().map(|text| text.starts_with("Rektorns beslut")), Some(true));
}

/// Skolförordningen 3 kap.: 178 days and more; this Danish municipality has 200, the Norwegian one 190.
#[test]
fn school_years_are_as_long_as_the_law_says() {
    for (country, least, most) in
        [(Country::Sweden, 178, 190), (Country::Denmark, 200, 200), (Country::Norway, 190, 190)]
    {
        for calendar in calendars(country).unwrap() {
            let days = calendar.days_in_session(NaiveDate::MIN, NaiveDate::MAX).count();
            match calendar.form {
                SchoolForm::PreschoolClass | SchoolForm::Compulsory | SchoolForm::UpperSecondary => {
                    assert!((least..=most).contains(&days), "{country:?} {}: {days}", calendar.school_year);
                }
                SchoolForm::Preschool | SchoolForm::AfterSchool => {
                    assert!((240..=256).contains(&days), "{country:?} {}: {days}", calendar.school_year);
                }
            }
        }
    }
}

#[test]
fn nobody_goes_to_school_on_a_public_holiday() {
    let yearly = [
        (
            Country::Sweden,
            vec!["12-24", "12-25", "12-26", "12-31", "01-01", "01-06", "05-01", "06-06"],
            vec![-2, 1, 39],
        ),
        (Country::Denmark, vec!["12-24", "12-25", "12-26", "12-31", "01-01", "06-05"], vec![-3, -2, 1, 39, 50]),
        (Country::Norway, vec!["12-24", "12-25", "12-26", "12-31", "01-01", "05-01", "05-17"], vec![-3, -2, 1, 39, 50]),
    ];
    for (country, fixed, moving) in yearly {
        let calendars = calendars(country).unwrap();
        for year in 2025..=2030 {
            let fixed = fixed.iter().map(|month_day| day(&format!("{year}-{month_day}")));
            let moving = moving.iter().map(|offset| easter(year).unwrap() + TimeDelta::days(*offset));
            for day in fixed.chain(moving) {
                for form in forms_of(country) {
                    let calendar = calendar::pick(&calendars, form, &[], day).unwrap();
                    assert!(!calendar.in_session(day), "{country:?} {form:?} {day}");
                }
            }
        }
    }
}

#[test]
fn the_school_breaks_are_where_families_know_them() {
    let compulsory = SchoolForm::Compulsory;
    for (country, free, in_session) in [
        // Autumn break, the Friday after Ascension, midsummer; All Saints' Saturday is no school day anyway.
        (
            Country::Sweden,
            vec!["2026-10-26", "2026-10-30", "2027-03-01", "2027-05-07"],
            vec!["2026-10-23", "2027-03-08"],
        ),
        (
            Country::Denmark,
            vec!["2026-10-12", "2026-10-16", "2027-02-15", "2027-05-07"],
            vec!["2026-10-09", "2027-05-05"],
        ),
        (
            Country::Norway,
            vec!["2026-09-28", "2026-10-02", "2027-02-22", "2027-03-22"],
            vec!["2026-10-05", "2027-05-07"],
        ),
    ] {
        let calendars = calendars(country).unwrap();
        let at = |text: &str| calendar::pick(&calendars, compulsory, &[], day(text)).unwrap().in_session(day(text));
        free.iter().for_each(|text| assert!(!at(text), "{country:?} {text}"));
        in_session.iter().for_each(|text| assert!(at(text), "{country:?} {text}"));
    }
}

#[test]
fn the_club_is_open_in_the_school_breaks_and_closed_on_public_holidays() {
    for country in Country::ALL.iter().copied() {
        let calendars = calendars(country).unwrap();
        let (mut open_alone, mut day) = (0, day("2026-08-01"));
        while day <= self::day("2027-07-31") {
            let school = calendar::pick(&calendars, SchoolForm::Compulsory, &[], day).unwrap();
            let club = calendar::pick(&calendars, SchoolForm::AfterSchool, &[], day).unwrap();
            if school.in_session(day) && !club.in_session(day) {
                assert_eq!(club.holiday_on(day).unwrap().name, "Planeringsdag");
            }
            open_alone += usize::from(club.in_session(day) && !school.in_session(day));
            assert!(!(club.in_session(day) && day.weekday().num_days_from_monday() > 4));
            day = day.succ_opt().unwrap();
        }
        assert!(open_alone > 40, "{country:?}: {open_alone}");
    }
}

#[test]
fn swedish_leave_over_ten_days_is_the_principals_alone() {
    let rules = rules(Country::Sweden).unwrap();
    let leave = &rule_sets::pick(&rules, SchoolForm::Compulsory, day("2026-11-23")).unwrap().leave;
    let teacher = |days, total| leave.deciders(days, total).contains(&Role::ContactTeacher);
    assert!(teacher(1, 1) && teacher(2, 5));
    assert!(!teacher(3, 3), "too long for the teacher");
    assert!(!teacher(2, 6), "too much this school year");
    assert_eq!(leave.deciders(10, 10), [Role::DeputyPrincipal, Role::Principal]);
    assert_eq!(leave.deciders(11, 11), [Role::Principal]);
    assert_eq!(leave.deciders(1, 11), [Role::Principal], "the total counts as well as the length");
    assert!(!leave.both_sign(2) && leave.both_sign(3));
}

#[test]
fn upper_secondary_calls_the_roll_by_lesson_and_lessons_count_from_one() {
    for country in Country::ALL.iter().copied() {
        let rules = rules(country).unwrap();
        let rules = rule_sets::pick(&rules, SchoolForm::UpperSecondary, day("2026-11-23")).unwrap();
        assert_eq!(rules.attendance.roll, RollBy::Lesson);
        assert!(rules.attendance.lesson(0).is_none());
        assert_eq!(rules.attendance.lesson(1), rules.attendance.lessons.first());
        assert!(rules.attendance.lesson(200).is_none());
    }
}
