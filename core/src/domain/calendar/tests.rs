//! The school year of 4B and of the club: what is in session, what a span is clipped to, and what a file can have wrong.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;
use crate::domain::{
    people::{Group, GroupKind},
    toml_file::FileError,
};

const RIGHT: &str = r#"[[public_holiday]]
name = "Jul"
from = "12-24"
to = "12-26"
[[public_holiday]]
name = "Kristi himmelsfärdsdag"
on = "easter+39"
[[public_holiday]]
name = "Alla helgons dag"
on = "sat from 10-31"
[[calendar]]
forms = ["compulsory"]
school_years = ["2025/26", "2026/27"]
extra_days = [2026-09-12]
term = [
    { name = "Höst", from = "week 34 tue", to = "12-20" },
    { name = "Vår", from = "01-08", to = "06-12" },
]
[[calendar.holiday]]
name = "Höstlov"
week = 44
[[calendar.event]]
name = "Lägerskola"
kind = "outing"
from = 2026-09-21
to = 2026-09-23
[[calendar.group]]
name = "4B"
extra_days = [2026-10-24]
[[calendar.group.holiday]]
name = "Lägerskola hem"
on = 2026-09-24
[[calendar.group.event]]
name = "Uppspel"
kind = "other"
on = 2026-12-01
[[calendar]]
forms = ["after_school"]
school_years = ["2026/27"]
term = [{ name = "Året", from = "08-01", to = "07-31" }]
"#;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn group(name: &str) -> Option<Group> {
    let form = match name {
        "4B" => SchoolForm::Compulsory,
        "Myran" => SchoolForm::AfterSchool,
        _ => return None,
    };
    Some(Group {
        id: GroupId::derive(&[&name]),
        name: name.to_owned(),
        kind: GroupKind::Class,
        form,
        code: None,
        location: None,
    })
}

fn read(text: &str) -> Vec<SchoolCalendar> {
    SchoolCalendar::from_toml(text, "year.toml", group).unwrap_or_else(|errors| panic!("{errors:#?}"))
}

fn errors(text: &str) -> Vec<FileError> {
    SchoolCalendar::from_toml(text, "year.toml", group).err().unwrap_or_default()
}

#[test]
fn easter_is_when_the_almanac_says() {
    for (year, expected) in [
        (1961, "1961-04-02"),
        (2000, "2000-04-23"),
        // The earliest and the latest of their centuries.
        (2008, "2008-03-23"),
        (2038, "2038-04-25"),
        (2024, "2024-03-31"),
        (2025, "2025-04-20"),
        (2026, "2026-04-05"),
        (2027, "2027-03-28"),
        (2028, "2028-04-16"),
        (2029, "2029-04-01"),
        (2030, "2030-04-21"),
        (2031, "2031-04-13"),
    ] {
        assert_eq!(easter(year).unwrap(), day(expected));
    }
}

#[test]
fn days_that_come_back_are_found_in_each_school_year() {
    let calendars = read(RIGHT);
    let of = |year: &str| calendars.iter().find(|c| c.school_year == year && c.group.is_none()).unwrap();
    let holiday = |year: &str, name: &str| {
        let found = of(year).holidays.iter().find(|holiday| holiday.name == name).unwrap();
        (found.from.to_string(), found.to.to_string())
    };
    let days = |from: &str, to: &str| (from.to_owned(), to.to_owned());
    assert_eq!(holiday("2025/26", "Höstlov"), days("2025-10-27", "2025-11-02"));
    assert_eq!(holiday("2026/27", "Höstlov"), days("2026-10-26", "2026-11-01"));
    assert_eq!(holiday("2026/27", "Jul"), days("2026-12-24", "2026-12-26"));
    assert_eq!(holiday("2025/26", "Kristi himmelsfärdsdag"), days("2026-05-14", "2026-05-14"));
    assert_eq!(holiday("2025/26", "Alla helgons dag"), days("2025-11-01", "2025-11-01"));
    assert_eq!(holiday("2026/27", "Alla helgons dag"), days("2026-10-31", "2026-10-31"));
    assert_eq!(of("2026/27").terms[0].from, day("2026-08-18"));
    assert!(of("2025/26").events.is_empty(), "the camp is in one year");
}

#[test]
fn a_day_is_in_session_by_term_weekday_holiday_and_exception() {
    let calendars = read(RIGHT);
    let calendar = pick(&calendars, SchoolForm::Compulsory, &[], day("2026-09-01")).unwrap();
    for (text, expected, why) in [
        ("2026-08-17", false, "before the term"),
        ("2026-08-18", true, "the term's first day"),
        ("2026-09-11", true, "a Friday"),
        ("2026-09-12", true, "a Saturday in session"),
        ("2026-09-13", false, "a Sunday"),
        ("2026-10-26", false, "autumn break"),
        ("2026-11-02", true, "the Monday after"),
        ("2026-12-21", false, "between the terms"),
        ("2027-05-06", false, "Ascension"),
        ("2027-06-12", false, "the term's last day is a Saturday"),
        ("2025-09-01", false, "another year's calendar"),
    ] {
        assert_eq!(calendar.in_session(day(text)), expected, "{text}: {why}");
    }
}

#[test]
fn a_span_is_clipped_to_the_days_in_session() {
    let calendars = read(RIGHT);
    let calendar = pick(&calendars, SchoolForm::Compulsory, &[], day("2026-09-01")).unwrap();
    let days = |from: &str, to: &str| -> Vec<String> {
        calendar.days_in_session(day(from), day(to)).map(|day| day.to_string()).collect()
    };
    assert_eq!(days("2026-10-22", "2026-11-03"), ["2026-10-22", "2026-10-23", "2026-11-02", "2026-11-03"]);
    assert_eq!(days("2026-08-01", "2026-08-19"), ["2026-08-18", "2026-08-19"]);
    assert!(days("2026-10-24", "2026-11-01").is_empty());
    assert!(days("2026-11-03", "2026-11-02").is_empty(), "a span that ends before it starts");
    assert!(days("2027-07-01", "2027-07-31").is_empty());
    assert!(days("2031-01-01", "2099-01-01").is_empty());

    // A span of all time costs a school year.
    let all = calendar.days_in_session(NaiveDate::MIN, NaiveDate::MAX).count();
    assert_eq!(all, calendar.days_in_session(day("2026-08-01"), day("2027-07-31")).count());
    assert!((170..200).contains(&all), "{all}");

    let empty = SchoolCalendar { terms: Vec::new(), ..calendar.clone() };
    assert_eq!(empty.days_in_session(NaiveDate::MIN, NaiveDate::MAX).count(), 0);
}

#[test]
fn the_next_and_the_previous_day_in_session_skip_what_is_free() {
    let calendars = read(RIGHT);
    let calendar = pick(&calendars, SchoolForm::Compulsory, &[], day("2026-09-01")).unwrap();
    for (from, next, previous) in [
        ("2026-10-23", Some("2026-11-02"), Some("2026-10-22")),
        ("2026-11-02", Some("2026-11-03"), Some("2026-10-23")),
        ("2026-12-28", Some("2027-01-08"), Some("2026-12-18")),
        ("2026-08-01", Some("2026-08-18"), None),
        ("2027-06-30", None, Some("2027-06-11")),
        ("2035-01-01", None, Some("2027-06-11")),
        ("1999-01-01", Some("2026-08-18"), None),
    ] {
        assert_eq!(calendar.next_in_session(day(from)), next.map(day), "after {from}");
        assert_eq!(calendar.previous_in_session(day(from)), previous.map(day), "before {from}");
    }
}

#[test]
fn the_club_takes_its_own_days_and_keeps_the_public_holidays() {
    let calendars = read(RIGHT);
    let at = |form, text: &str| pick(&calendars, form, &[], day(text)).unwrap().in_session(day(text));
    for (text, school, club) in [
        ("2026-10-28", false, true),
        ("2026-12-22", false, true),
        ("2026-12-24", false, false),
        ("2027-05-06", false, false),
        ("2027-07-30", false, true),
        ("2026-11-23", true, true),
    ] {
        assert_eq!(at(SchoolForm::Compulsory, text), school, "school {text}");
        assert_eq!(at(SchoolForm::AfterSchool, text), club, "club {text}");
    }
}

#[test]
fn a_group_that_differs_has_a_whole_calendar_and_others_keep_the_forms() {
    let calendars = read(RIGHT);
    let (own, other) = (group("4B").unwrap().id, GroupId::derive(&[&"4A"]));
    let of = |groups: &[GroupId], text: &str| pick(&calendars, SchoolForm::Compulsory, groups, day(text)).unwrap();
    for (text, in_4b, in_4a) in [
        ("2026-09-24", false, true),
        ("2026-10-24", true, false),
        ("2026-09-12", true, true),
        ("2026-10-28", false, false),
    ] {
        assert_eq!(of(&[other, own], text).in_session(day(text)), in_4b, "4B {text}");
        assert_eq!(of(&[other], text).in_session(day(text)), in_4a, "4A {text}");
    }
    let camp = of(&[own], "2026-09-22").events_on(day("2026-09-22")).map(|event| event.kind).collect::<Vec<_>>();
    assert_eq!(camp, [EventKind::Outing]);
    assert_eq!(of(&[own], "2026-12-01").events_on(day("2026-12-01")).count(), 1);
    assert_eq!(of(&[other], "2026-12-01").events_on(day("2026-12-01")).count(), 0);
    assert_eq!(of(&[own], "2026-12-01").events_between(day("2026-09-23"), day("2026-12-01")).count(), 2);
    assert!(
        pick(&calendars, SchoolForm::AfterSchool, &[own], day("2026-09-24")).unwrap().in_session(day("2026-09-24"))
    );
    assert!(pick(&calendars, SchoolForm::Preschool, &[own], day("2026-09-24")).is_none());
    assert!(pick(&calendars, SchoolForm::Compulsory, &[], day("2027-08-01")).is_none(), "nobody wrote that year");
}

#[test]
fn a_school_year_turns_on_the_first_of_august() {
    for (text, year) in
        [("2026-07-31", "2025/26"), ("2026-08-01", "2026/27"), ("2027-01-01", "2026/27"), ("1999-12-01", "1999/00")]
    {
        assert_eq!(school_year_of(day(text)), year);
    }
}

/// What is written, what is written instead, the code, the place.
#[test]
fn each_mistake_is_found_where_it_is() {
    let table = [
        ("name = \"Jul\"", "name = Jul", "syntax", ""),
        ("forms = [\"after_school\"]\n", "", "missing", "calendar[2].forms"),
        ("kind = \"outing\"\n", "", "missing", "calendar[1].event[1].kind"),
        ("on = \"easter+39\"\n", "", "missing", "public_holiday[2].from"),
        ("week = 44", "weeks = 44", "unknown_key", "calendar[1].holiday[1].weeks"),
        ("week = 44", "week = 54", "out_of_range", "calendar[1].holiday[1].week"),
        ("week = 44", "on = 44", "wrong_type", "calendar[1].holiday[1].on"),
        ("\"outing\"", "\"picnic\"", "unknown_word", "calendar[1].event[1].kind"),
        ("school_years = [\"2026/27\"]", "school_years = []", "empty", "calendar[2].school_years"),
        ("\"2025/26\"", "\"2025/27\"", "wrong_value", "calendar[1].school_years"),
        ("\"2025/26\"", "\"2025-26\"", "wrong_value", "calendar[1].school_years"),
        ("\"easter+39\"", "\"easter39\"", "wrong_value", "public_holiday[2].on"),
        ("\"easter+39\"", "\"påsk\"", "wrong_value", "public_holiday[2].on"),
        ("\"12-24\"", "\"12-32\"", "wrong_value", "public_holiday[1].from"),
        ("\"sat from 10-31\"", "\"sat from oktober\"", "wrong_value", "public_holiday[3].on"),
        ("\"week 34 tue\"", "\"week 34 tis\"", "wrong_value", "calendar[1].term[1].from"),
        ("week = 44", "week = 53", "no_such_day", "calendar[1].holiday[1]"),
        ("\"easter+39\"", "\"02-29\"", "no_such_day", "public_holiday[2]"),
        ("week = 44", "on = 2029-10-29", "outside_school_years", "calendar[1].holiday[1]"),
        ("extra_days = [2026-09-12]", "extra_days = [2029-09-12]", "outside_school_years", "calendar[1].extra_days"),
        ("extra_days = [2026-09-12]", "extra_days = [2026-12-30]", "extra_day_outside_terms", "calendar[1].extra_days"),
        (
            "extra_days = [2026-10-24]",
            "extra_days = [2027-07-30]",
            "extra_day_outside_terms",
            "calendar[1].group[1].extra_days",
        ),
        ("week = 44", "week = 44\non = \"10-27\"", "one_of", "calendar[1].holiday[1].week"),
        ("to = \"12-26\"", "to = \"12-23\"", "ends_before_start", "public_holiday[1].to"),
        ("to = 2026-09-23", "to = 2026-09-20", "ends_before_start", "calendar[1].event[1].to"),
        ("term = [{ name = \"Året\", from = \"08-01\", to = \"07-31\" }]\n", "", "no_term", "calendar[2].school_years"),
        ("to = \"12-20\"", "to = \"01-08\"", "terms_overlap", "calendar[1].term"),
        ("name = \"4B\"", "name = \"4C\"", "unknown_group", "calendar[1].group[1].name"),
        ("name = \"4B\"", "name = \"Myran\"", "group_of_other_form", "calendar[1].group[1].name"),
        ("[\"after_school\"]", "[\"after_school\", \"compulsory\"]", "twice", "calendar[2].school_years"),
    ];
    for (right, wrong, code, path) in table {
        assert!(RIGHT.contains(right), "{right}");
        let found = errors(&RIGHT.replacen(right, wrong, 1));
        let hit = found.iter().find(|error| error.problem.code() == code && error.path == path);
        let Some(hit) = hit else { panic!("{wrong:?} gave {found:#?}") };
        assert!(hit.to_string().starts_with(&format!("year.toml:{}: ", hit.line.unwrap())), "{hit}");
    }
    assert_eq!(errors("")[0].path, "calendar");
}

#[test]
fn all_mistakes_of_a_file_are_told_at_once_from_the_top_down() {
    let text = RIGHT.replace("easter+39", "easter39").replace("week = 44", "weak = 44").replace("4B", "4C");
    let found: Vec<_> = errors(&text).into_iter().map(|error| (error.line.unwrap(), error.problem.code())).collect();
    let expected = [(7, "wrong_value"), (19, "missing"), (19, "missing"), (21, "unknown_key"), (28, "unknown_group")];
    assert_eq!(found, expected);
}
