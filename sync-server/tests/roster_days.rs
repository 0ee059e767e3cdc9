//! Days in session on which no class has a pupil: told, because nobody would call the roll.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod roster_desk;

use roster_desk::{Desk, Files, as_delta, lilla};
use skolebro_server::roster::codes::Code;

fn with_calendar() -> Files {
    let path = format!("{}/../core/samples/calendars/se.toml", env!("CARGO_MANIFEST_DIR"));
    lilla()
        .with("calendar.toml", std::fs::read_to_string(path).unwrap())
        .and_row("classes.csv", "5A,,,5A,05,C,5A,homeroom,,S1,,,,")
        .and_row("classes.csv", "M1,,,Matematik,04,C,M1,scheduled,,S1,,,,")
        .and_row("classes.csv", "F1,,,Fritids,04,C,F1,ext:fritids,,S1,,,,")
}

/// The pupils of whom the report tells, with what it says.
fn told(files: &Files) -> Vec<(String, String)> {
    let mut desk = Desk::new();
    let report = desk.import(files);
    let issues = &report.files["enrollments.csv"].issues;
    let days = issues.iter().filter(|issue| issue.code == Code::DaysWithoutClass);
    days.map(|issue| (issue.value.clone().unwrap(), issue.what.clone())).collect()
}

#[test]
fn a_pupil_between_two_classes_before_the_first_or_after_the_last_is_told() {
    const NOAH: &str = "e2,,,4B,S1,noah,student,,,\n";
    assert_eq!(told(&with_calendar()), []);
    for (rows, next) in [
        // A weekend lies between the two; then two school days.
        ("e2,,,4B,S1,noah,student,,,2026-10-03\ne9,,,5A,S1,noah,student,,2026-10-05,\n", None),
        ("e2,,,4B,S1,noah,student,,,2026-10-01\ne9,,,5A,S1,noah,student,,2026-10-05,\n", Some("2026-10-01")),
        ("e2,,,4B,S1,noah,student,,2026-09-21,\n", Some("2026-09-01")),
        ("e2,,,4B,S1,noah,student,,,2026-09-21\n", Some("2026-09-21")),
        ("", Some("2026-09-01")),
        // Lessons alone do for who is in no class; beside a class they do not fill its gap.
        ("e2,,,M1,S1,noah,student,,,\n", None),
        ("e2,,,4B,S1,noah,student,,,2026-09-21\ne9,,,M1,S1,noah,student,,,\n", Some("2026-09-21")),
        ("e2,,,F1,S1,noah,student,,,\n", None),
    ] {
        let found = told(&with_calendar().change("enrollments.csv", NOAH, rows));
        match next {
            None => assert_eq!(found, [], "{rows}"),
            Some(day) => {
                assert_eq!(found.len(), 1, "{rows}");
                assert!(found[0].0 == "noah" && found[0].1.contains(day), "{found:?}");
            }
        }
    }
    // Who has left the school, or comes later, is not missed before or after.
    let leaves = with_calendar()
        .change("roles.csv", "r2,,,noah,primary,student,,,", "r2,,,noah,primary,student,,2026-09-21,")
        .change("enrollments.csv", NOAH, "e2,,,4B,S1,noah,student,,,2026-09-21\n");
    assert_eq!(told(&leaves), []);
}

#[test]
fn a_delta_that_leaves_a_pupil_without_a_class_tells_of_that_pupil_only() {
    let mut desk = Desk::new();
    desk.import(&with_calendar());
    let head = lilla().text("enrollments.csv").lines().next().unwrap().to_owned();
    let delta =
        as_delta(with_calendar()).with("enrollments.csv", format!("{head}\ne2,tobedeleted,,4B,S1,noah,student,,,\n"));
    let report = desk.import(&delta);
    assert!(desk.membership("S1", "noah", "4B").is_none());
    assert_eq!(report.times(Code::DaysWithoutClass), 1, "{report}");
    let report = desk.import(&as_delta(with_calendar()));
    assert_eq!(report.times(Code::DaysWithoutClass), 0, "{report}");
}
