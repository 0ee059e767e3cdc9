//! Every mistake that an office can make in a rule-set file, beside the file that is right.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;
use crate::domain::{record::RecordKind, toml_file::FileError};
use chrono::{NaiveTime, Weekday};

const RIGHT: &str = r#"[[rule_set]]
name = "Lindköping"
country = "se"
forms = ["compulsory"]
valid_from = 2024-08-01
[rule_set.attendance]
cutoff = "08:15"
day_starts = "08:20"
day_ends = 15:30
reporting = "multi_day"
days_ahead = 30
days_back = 7
longest_run = 10
roll = "lesson"
roll_due_minutes = 15
notice_read_minutes = 30
warn_minutes_before_cutoff = 20
lesson = [
    { from = "08:20", to = "09:40" },
    { from = "10:00", to = "11:20" },
]
[[rule_set.attendance.threshold]]
name = "lång frånvaro"
measure = "days"
count = 5
within_days = 30
tell = ["contact_teacher", "principal"]
[rule_set.leave]
longest = 20
most_in_year = 30
both_sign_above = 2
[[rule_set.leave.step]]
decides = ["contact_teacher"]
up_to_days = 2
[[rule_set.leave.step]]
decides = ["principal"]
[rule_set.talks]
per_year = 2
lead_months = 3
change_deadline_hours = 24
[[rule_set.talks.plan]]
kind = "development"
days_before = 14
[rule_set.hours]
staffed = { from = "07:30", to = "16:30" }
quiet = { from = "20:00", to = "06:30" }
[rule_set.retention]
attendance = 1_095
[rule_set.appeal_text]
sv = "Du kan be rektorn att ompröva beslutet."
"#;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn errors(text: &str) -> Vec<FileError> {
    RuleSet::from_toml(text, "rules.toml").err().unwrap_or_default()
}

#[test]
fn the_file_that_is_right_is_read_as_it_is_written() {
    let rules = RuleSet::from_toml(RIGHT, "rules.toml").unwrap_or_else(|errors| panic!("{errors:#?}"));
    let [rules] = rules.as_slice() else { panic!("one rule set") };
    assert_eq!((rules.form, rules.country), (SchoolForm::Compulsory, Country::Sweden));
    assert_eq!(rules.attendance.day_ends, NaiveTime::from_hms_opt(15, 30, 0).unwrap());
    assert_eq!(rules.attendance.undo_seconds, 60, "a minute unless the file says otherwise");
    assert_eq!(rules.attendance.lesson(2).unwrap().from, NaiveTime::from_hms_opt(10, 0, 0).unwrap());
    assert_eq!(rules.talks.plan_days_before(TalkKind::Development), Some(14));
    assert_eq!(rules.talks.plan_days_before(TalkKind::Extra), None);
    assert_eq!(rules.retention.days(RecordKind::Attendance), Some(1095));
    assert_eq!(rules.retention.days(RecordKind::Notice), None);
    assert_eq!(rules.appeal_text_in(Language::En), "Du kan be rektorn att ompröva beslutet.");
}

/// What is written, what is written instead, the code, the place.
#[test]
fn each_mistake_is_found_where_it_is() {
    let table = [
        ("[[rule_set]]\n", "[[rule_set]\n", "syntax", ""),
        ("days_back = 7\n", "", "missing", "rule_set[1].attendance.days_back"),
        ("sv = ", "nb = ", "missing", "rule_set[1].appeal_text.sv"),
        ("cutoff = ", "cutof = ", "unknown_key", "rule_set[1].attendance.cutof"),
        ("attendance = 1_095", "attendence = 1_095", "unknown_key", "rule_set[1].retention.attendence"),
        ("days_back = 7", "days_back = \"7\"", "wrong_type", "rule_set[1].attendance.days_back"),
        ("forms = [\"compulsory\"]", "forms = \"compulsory\"", "wrong_type", "rule_set[1].forms"),
        ("longest = 20", "longest = 20.5", "wrong_type", "rule_set[1].leave.longest"),
        ("[\"compulsory\"]", "[\"compulsary\"]", "unknown_word", "rule_set[1].forms"),
        (
            "\"contact_teacher\", \"principal\"",
            "\"rektor\"",
            "unknown_word",
            "rule_set[1].attendance.threshold[1].tell",
        ),
        ("decides = [\"principal\"]", "decides = [\"rektor\"]", "unknown_word", "rule_set[1].leave.step[2].decides"),
        ("kind = \"development\"", "kind = \"develop\"", "unknown_word", "rule_set[1].talks.plan[1].kind"),
        ("measure = \"days\"", "measure = \"hours\"", "unknown_word", "rule_set[1].attendance.threshold[1].measure"),
        ("country = \"se\"", "country = \"sv\"", "unknown_word", "rule_set[1].country"),
        ("cutoff = \"08:15\"", "cutoff = \"8.15\"", "wrong_value", "rule_set[1].attendance.cutoff"),
        ("day_ends = 15:30", "day_ends = 15:30:20", "wrong_value", "rule_set[1].attendance.day_ends"),
        ("2024-08-01", "\"1/8 2024\"", "wrong_value", "rule_set[1].valid_from"),
        ("days_ahead = 30", "days_ahead = 0", "out_of_range", "rule_set[1].attendance.days_ahead"),
        ("count = 5", "count = 0", "out_of_range", "rule_set[1].attendance.threshold[1].count"),
        ("count = 5", "count = 99999", "wrong_type", "rule_set[1].attendance.threshold[1].count"),
        ("\"Du kan be rektorn att ompröva beslutet.\"", "\" \"", "empty", "rule_set[1].appeal_text.sv"),
        ("[\"contact_teacher\", \"principal\"]", "[]", "empty", "rule_set[1].attendance.threshold[1].tell"),
        ("[\"compulsory\"]", "[\"compulsory\", \"compulsory\"]", "twice", "rule_set[1].forms"),
        ("2024-08-01\n", "2024-08-01\nvalid_until = 2023-07-31\n", "ends_before_start", "rule_set[1].valid_until"),
        ("day_ends = 15:30", "day_ends = 08:20", "ends_before_start", "rule_set[1].attendance.day_ends"),
        ("to = \"16:30\"", "to = \"07:00\"", "ends_before_start", "rule_set[1].hours.staffed.to"),
        ("cutoff = \"08:15\"", "cutoff = \"15:31\"", "cutoff_outside_day", "rule_set[1].attendance.cutoff"),
        ("cutoff = \"08:15\"", "cutoff = \"05:19\"", "cutoff_outside_day", "rule_set[1].attendance.cutoff"),
        ("from = \"10:00\"", "from = \"09:30\"", "lessons_overlap", "rule_set[1].attendance.lesson[2].from"),
        (
            "from = \"10:00\", to = \"11:20\"",
            "from = \"08:20\", to = \"08:20\"",
            "ends_before_start",
            "rule_set[1].attendance.lesson[2].to",
        ),
        (
            "{ from = \"08:20\", to = \"09:40\" }",
            "{ from = \"12:20\", to = \"13:40\" }",
            "lessons_out_of_order",
            "rule_set[1].attendance.lesson[2].from",
        ),
        ("to = \"11:20\"", "to = \"15:40\"", "lesson_outside_day", "rule_set[1].attendance.lesson[2]"),
        ("within_days = 30", "within_days = 4", "never_reached", "rule_set[1].attendance.threshold[1].count"),
        ("up_to_days = 2\n", "", "step_never_reached", "rule_set[1].leave.step[2]"),
        (
            "decides = [\"principal\"]",
            "decides = [\"principal\"]\nup_to_days = 10",
            "steps_end_too_soon",
            "rule_set[1].leave.step[2]",
        ),
        ("longest = 20", "longest = 40", "caps_cross", "rule_set[1].leave.longest"),
        ("from = \"20:00\"", "from = \"16:00\"", "quiet_while_staffed", "rule_set[1].hours.quiet"),
        ("to = \"06:30\"", "to = \"07:31\"", "quiet_while_staffed", "rule_set[1].hours.quiet"),
    ];
    for (right, wrong, code, path) in table {
        assert!(RIGHT.contains(right), "{right}");
        let text = RIGHT.replacen(right, wrong, 1);
        let found = errors(&text);
        let hit = found.iter().find(|error| error.problem.code() == code && error.path == path);
        let Some(hit) = hit else { panic!("{wrong:?} gave {found:#?}") };
        let shown = hit.to_string();
        assert!(shown.starts_with(&format!("rules.toml:{}: ", hit.line.unwrap())), "{shown}");
        assert!(shown.ends_with(['.', '?']), "{shown}");
    }
}

#[test]
fn a_mistake_is_shown_with_its_line_and_what_to_do() {
    let text = RIGHT.replace("cutoff = \"08:15\"", "cutof = \"08:15\"").replace("\"lesson\"", "\"lessons\"");
    let shown: Vec<String> = errors(&text).iter().map(ToString::to_string).collect();
    assert_eq!(
        shown,
        [
            "rules.toml:6: rule_set[1].attendance.cutoff: nothing is here. Add it; docs/rule-sets.md says what it means.",
            "rules.toml:7: rule_set[1].attendance.cutof: no such key is known here. Did you mean cutoff?",
            "rules.toml:14: rule_set[1].attendance.roll: \"lessons\" is not one of the words for this. Did you mean \"lesson\"?",
        ]
    );
}

#[test]
fn all_mistakes_of_a_file_are_told_at_once_from_the_top_down() {
    let text = RIGHT
        .replace("days_ahead = 30", "days_ahead = 0")
        .replace("name = \"Lindköping\"", "name = 7")
        .replace("2024-08-01", "\"soon\"")
        .replace("per_year = 2", "per_yaer = 2")
        .replace("08:15", "23:00");
    let found: Vec<_> = errors(&text).into_iter().map(|error| (error.line.unwrap(), error.problem.code())).collect();
    assert_eq!(
        found,
        [
            (2, "wrong_type"),
            (5, "wrong_value"),
            (7, "cutoff_outside_day"),
            (11, "out_of_range"),
            (37, "missing"),
            (38, "unknown_key"),
        ]
    );
}

#[test]
fn a_file_without_rule_sets_says_so() {
    for text in ["", "# nothing yet\n", "[rule_set]\nname = \"x\"\n"] {
        let found = errors(text);
        assert_eq!(found.len(), 1, "{found:#?}");
        assert_eq!(found[0].path, "rule_set");
    }
    let found = errors(&RIGHT.replace(
        "lesson = [\n    { from = \"08:20\", to = \"09:40\" },\n    { from = \"10:00\", to = \"11:20\" },\n]\n",
        "",
    ));
    assert_eq!(found.iter().map(|error| error.problem.code()).collect::<Vec<_>>(), ["no_lessons"]);
}

#[test]
fn names_that_stand_twice_are_mistakes() {
    let threshold = "[[rule_set.attendance.threshold]]\nname = \"lång frånvaro\"\nmeasure = \"occasions\"\ncount = 9\nwithin_days = 2\ntell = [\"office\"]\n";
    let plan = "[[rule_set.talks.plan]]\nkind = \"development\"\ndays_before = 7\n";
    let text = RIGHT
        .replace("[rule_set.leave]\n", &format!("{threshold}[rule_set.leave]\n"))
        .replace("[rule_set.hours]\n", &format!("{plan}[rule_set.hours]\n"));
    let found: Vec<_> = errors(&text).into_iter().map(|error| (error.path, error.problem.code())).collect();
    assert_eq!(
        found,
        [
            ("rule_set[1].attendance.threshold[2].name".to_owned(), "twice"),
            ("rule_set[1].talks.plan[2].kind".to_owned(), "twice"),
        ]
    );
}

fn two(first_until: Option<&str>, second_from: &str, second_forms: &str) -> String {
    let first = match first_until {
        Some(until) => RIGHT.replace("2024-08-01", &format!("2024-08-01\nvalid_until = {until}")),
        None => RIGHT.to_owned(),
    };
    let second = RIGHT.replace("2024-08-01", second_from).replace("[\"compulsory\"]", second_forms);
    format!("{first}{second}").replacen("Lindköping", "Lindköping 2024", 1)
}

#[test]
fn two_rule_sets_of_one_form_may_not_share_days() {
    for (first_until, second_from, second_forms, fits) in [
        (None, "2026-08-01", "[\"compulsory\"]", true),
        (Some("2026-07-31"), "2026-08-01", "[\"compulsory\"]", true),
        (Some("2026-08-01"), "2026-08-01", "[\"compulsory\"]", false),
        (Some("2026-08-01"), "2026-08-01", "[\"upper_secondary\"]", true),
        (Some("2026-08-01"), "2026-08-01", "[\"upper_secondary\", \"compulsory\"]", false),
        (None, "2024-08-01", "[\"compulsory\"]", false),
        // The earlier one may stand further down.
        (None, "2023-08-01", "[\"compulsory\"]", true),
    ] {
        let found = errors(&two(first_until, second_from, second_forms));
        let codes: Vec<_> = found.iter().map(|error| error.problem.code()).collect();
        assert_eq!(codes, if fits { vec![] } else { vec!["dates_overlap"] }, "{first_until:?} {second_from}");
        assert!(found.iter().all(|error| error.path == "rule_set[2].valid_from"));
    }
}

#[test]
fn the_rule_set_of_the_day_is_the_one_that_started_last() {
    let rules = RuleSet::from_toml(&two(None, "2026-08-01", "[\"compulsory\"]"), "rules.toml").unwrap();
    let name = |form, text: &str| pick(&rules, form, day(text)).map(|rules| rules.name.as_str());
    for (text, expected) in [
        ("2024-07-31", None),
        ("2024-08-01", Some("Lindköping 2024")),
        ("2026-07-31", Some("Lindköping 2024")),
        ("2026-08-01", Some("Lindköping")),
        ("2099-01-01", Some("Lindköping")),
    ] {
        assert_eq!(name(SchoolForm::Compulsory, text), expected, "{text}");
        assert_eq!(name(SchoolForm::Preschool, text), None, "{text}");
    }

    let rules = RuleSet::from_toml(&two(Some("2025-07-31"), "2026-08-01", "[\"compulsory\"]"), "rules.toml").unwrap();
    assert_eq!(pick(&rules, SchoolForm::Compulsory, day("2025-12-01")), None, "nobody decided that year");
}

#[test]
fn quiet_hours_pass_midnight_and_staff_keep_their_weekdays() {
    let rules = &RuleSet::from_toml(RIGHT, "rules.toml").unwrap()[0].hours;
    let at = |hour, minute| NaiveTime::from_hms_opt(hour, minute, 0).unwrap();
    for (hour, minute, quiet) in
        [(20, 0, true), (23, 59, true), (0, 0, true), (6, 29, true), (6, 30, false), (19, 59, false)]
    {
        assert_eq!(rules.quiet_at(at(hour, minute)), quiet, "{hour}:{minute}");
    }
    let (friday, saturday) = (day("2026-11-20"), day("2026-11-21"));
    assert!(rules.staffed_at(friday.and_time(at(7, 30))));
    assert!(!rules.staffed_at(friday.and_time(at(16, 30))), "the end is not within");
    assert!(!rules.staffed_at(saturday.and_time(at(9, 0))));
    assert!(!rules.weekdays.contains(&Weekday::Sun));
}

/// Also of the next one that is added: a slip of the finger makes a number that nobody means.
#[test]
fn every_number_has_a_range() {
    let is_number = |value: &str| value.trim().replace('_', "").parse::<u32>().is_ok();
    let numbers = RIGHT.lines().filter(|line| line.split_once('=').is_some_and(|(_, value)| is_number(value)));
    let numbers: Vec<&str> = numbers.collect();
    assert!(numbers.len() > 10, "{numbers:?}");
    for line in numbers {
        let key = line.split_once('=').unwrap().0;
        let found = errors(&RIGHT.replacen(line, &format!("{key}= 65535"), 1));
        let codes: Vec<_> = found.iter().map(|error| error.problem.code()).collect();
        assert!(codes.contains(&"out_of_range") || codes.contains(&"wrong_type"), "{key}{codes:?}");
    }
}

/// What is written instead, and what is said of it.
#[test]
fn a_value_of_another_kind_is_told_in_words_of_an_office() {
    for (right, wrong, said) in [
        (
            "days_back = 7",
            "days_back = \"7\"",
            "12: rule_set[1].attendance.days_back: string \"7\" stands where a small whole number from 0 up belongs. Write a small whole number from 0 up.",
        ),
        (
            "forms = [\"compulsory\"]",
            "forms = \"compulsory\"",
            "4: rule_set[1].forms: string \"compulsory\" stands where a list in brackets belongs. Write a list in brackets.",
        ),
        (
            "roll = \"lesson\"",
            "roll = 7",
            "14: rule_set[1].attendance.roll: something else stands where a word in quotation marks belongs. Write a word in quotation marks.",
        ),
        (
            "cutoff = \"08:15\"",
            "cutoff = \"8.15\"",
            "7: rule_set[1].attendance.cutoff: this is not a time of day such as \"08:15\". Write it as docs/rule-sets.md says.",
        ),
        (
            "quiet = {",
            "weekdays = [\"mon\", \"tis\"]\nquiet = {",
            "46: rule_set[1].hours.weekdays: something else stands where a day of the week such as \"mon\" belongs. Write a day of the week such as \"mon\".",
        ),
        (
            "staffed = { from = \"07:30\", to = \"16:30\" }",
            "staffed = \"07:30-16:30\"",
            "45: rule_set[1].hours.staffed: something else stands where a table belongs. Write a table.",
        ),
        // The name of the list in the program is none in the file.
        (
            "cutoff = ",
            "lessons = []\ncutoff = ",
            "7: rule_set[1].attendance.lessons: no such key is known here. Did you mean lesson?",
        ),
    ] {
        assert!(RIGHT.contains(right), "{right}");
        let found: Vec<String> = errors(&RIGHT.replacen(right, wrong, 1)).iter().map(ToString::to_string).collect();
        assert_eq!(found, [format!("rules.toml:{said}")]);
    }
}
