//! The table of mistakes in `docs/rule-sets.md` is the list of them, no more and no less.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::domain::{
    calendar::SchoolCalendar,
    people::Role,
    record::RecordKind,
    rules::{
        AttendanceRules, Country, LeaveRules, LeaveStep, PlanBeforehand, RuleSet, StaffHours, TalkRules, Threshold,
    },
    samples,
    toml_file::{Problem, section::fields_of, toml_word},
};
use std::collections::BTreeSet;
use strum::VariantNames;

#[test]
fn the_guide_names_every_mistake_and_a_test_reaches_each() {
    let codes: BTreeSet<&str> = Problem::VARIANTS.iter().copied().collect();
    let guide = include_str!("../../../../docs/rule-sets.md");
    let rows = guide.split("## Every mistake").nth(1).unwrap().lines().filter_map(|line| line.strip_prefix("| `"));
    let named: BTreeSet<&str> = rows.filter_map(|row| row.split('`').next()).collect();
    assert_eq!(named, codes);

    let tests = [include_str!("../rules/tests.rs"), include_str!("../calendar/tests.rs")].concat();
    for code in codes {
        assert!(tests.contains(&format!("\"{code}\"")), "no test reaches {code}");
    }
}

/// What the guide shows is what ships.
#[test]
fn the_guides_examples_are_taken_from_the_samples() {
    let samples =
        [include_str!("../../../samples/rules/se.toml"), include_str!("../../../samples/calendars/se.toml")].concat();
    let guide = include_str!("../../../../docs/rule-sets.md");
    let examples: Vec<&str> = guide.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(examples.len() >= 5);
    for example in examples {
        assert!(samples.contains(example.trim()), "not in the samples:\n{example}");
    }
}

/// A field of a rule set is read from the file as soon as it is there; how to write it is for the guide to say.
#[test]
fn the_guide_names_every_key_of_a_rule_set() {
    let guide = include_str!("../../../../docs/rule-sets.md");
    // Lists of tables, each by the name of its table.
    let table_of = |field: &str| {
        match field {
            "lessons" => "lesson",
            "thresholds" => "threshold",
            "steps" => "step",
            "plans" => "plan",
            other => other,
        }
        .to_owned()
    };
    for fields in [
        fields_of::<AttendanceRules>(),
        fields_of::<Threshold>(),
        fields_of::<LeaveRules>(),
        fields_of::<LeaveStep>(),
        fields_of::<TalkRules>(),
        fields_of::<PlanBeforehand>(),
        fields_of::<StaffHours>(),
    ] {
        for key in fields.unwrap().iter().map(|field| table_of(field)) {
            assert!(guide.contains(&format!("`{key}`")), "{key}");
        }
    }
}

#[test]
fn the_guide_names_every_role_and_every_kind_that_grows_old() {
    let guide = include_str!("../../../../docs/rule-sets.md");
    for role in Role::ALL {
        assert!(guide.contains(&format!("`\"{}\"`", toml_word(role))), "{role:?}");
    }
    for kind in RecordKind::ageing() {
        assert!(guide.contains(&format!("`{}`", kind.as_str())), "{kind:?}");
    }
}

/// A slip of the finger here and there in a file is a mistake or another value, never a crash.
#[test]
fn no_slip_of_the_finger_stops_the_reading() {
    let rules = samples::rules_toml(Country::Sweden).split("# ---").next().unwrap();
    let calendar = samples::calendars_toml(Country::Sweden);
    for (at, _) in rules.char_indices().step_by(5) {
        for slip in ["", "9", "\"", "-"] {
            let rest = &rules[at..];
            let text = [&rules[..at], slip, &rest[rest.chars().next().unwrap().len_utf8()..]].concat();
            if let Err(errors) = RuleSet::from_toml(&text, "slip.toml") {
                assert!(!errors.is_empty() && errors.iter().all(|error| error.to_string().starts_with("slip.toml")));
            }
        }
    }
    for (at, _) in calendar.char_indices().step_by(5) {
        let rest = &calendar[at..];
        let text = [&calendar[..at], "9", &rest[rest.chars().next().unwrap().len_utf8()..]].concat();
        if let Err(errors) = SchoolCalendar::from_toml(&text, "slip.toml", |_| None) {
            assert!(!errors.is_empty());
        }
    }
}
