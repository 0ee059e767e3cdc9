//! Liv is missing, and home says on the telephone that she left at eight: nobody knows where she is. That stands until a roll
//! has seen her, or home has said something else.

use crate::school::*;
use chrono::TimeDelta;
use skolebro_core::domain::{
    attendance::{
        AbsenceKind, Attendance, AttendanceNote, CallListEntry, CallOutcome, Presence, Session, Status, Told, note_key,
    },
    command::{Capacity, CommandBody},
    ids::CommandId,
    rejection::Rejection,
};

/// Missed at 08:25, and on the call list at nine.
fn on_the_list() -> School {
    let mut school = School::new();
    school.at("08:25");
    school.give("Sanna", STAFF_4B, mark("4B", "Liv", Presence::Unexplained)).unwrap();
    school.at("08:30");
    school.tick("Liv", monday());
    school.at("09:00");
    school.tick("Liv", monday());
    assert!(is_open(&school));
    school
}

fn is_open(school: &School) -> bool {
    school.call("Liv").unwrap().closed_at.is_none()
}

fn alarms(school: &School) -> bool {
    school.pupil_day("Liv", monday()).alarm(Session::Day).is_some()
}

fn left_at_eight(school: &mut School) {
    school.at("09:10");
    school.give("Olle", OFFICE, said_home("Liv", CallOutcome::ShouldBeAtSchool, Some("gick åtta, astma"))).unwrap();
}

#[test]
fn what_home_said_decides_whether_a_call_settles_anything() {
    for (outcome, note, settles) in [
        (CallOutcome::AtHome, None, true),
        (CallOutcome::ShouldBeAtSchool, None, false),
        (CallOutcome::Other, Some("hos tandläkaren"), true),
    ] {
        let mut school = on_the_list();
        school.give("Olle", OFFICE, said_home("Liv", outcome, note)).unwrap();
        assert_eq!((is_open(&school), alarms(&school)), (!settles, !settles), "{outcome:?}");
        school.at("09:40");
        assert_eq!(school.tick("Liv", monday()), 0, "{outcome:?}: nobody is asked to call again");
    }
}

#[test]
fn something_else_needs_words_and_nobody_says_what_was_not_said() {
    let mut school = on_the_list();
    for note in [None, Some("  ")] {
        let refused = school.give("Olle", OFFICE, said_home("Liv", CallOutcome::Other, note));
        assert_eq!(refused, Err(Rejection::NoteNeeded));
    }
    let long = "ä".repeat(301);
    let refused = school.give("Olle", OFFICE, said_home("Liv", CallOutcome::Other, Some(&long)));
    assert_eq!(refused, Err(Rejection::NoteTooLong { most: 300 }));
    let mut nobody = said_home("Liv", CallOutcome::AtHome, None);
    if let CommandBody::LogCall { reached, .. } = &mut nobody {
        *reached = false;
    }
    assert_eq!(school.give("Olle", OFFICE, nobody), Err(Rejection::Malformed));
    for (who, capacity) in [("Amal", Capacity::Home), ("Vera", TEACHER), ("Tomas", TEACHER), ("Nora", OFFICE)] {
        let body = said_home("Liv", CallOutcome::AtHome, None);
        assert_eq!(school.give(who, capacity, body), Err(Rejection::NotYours), "{who}");
    }
    assert!(is_open(&school));
}

#[test]
fn an_app_of_an_earlier_version_does_not_settle_what_it_did_not_ask() {
    let mut school = on_the_list();
    let old = r#"{"do":"log_call","pupil":"PUPIL","day":"2026-11-23","session":"day","reached":true}"#;
    let old: CommandBody = serde_json::from_str(&old.replace("PUPIL", &person("Liv").to_string())).unwrap();
    school.give("Olle", OFFICE, old).unwrap();
    assert!(is_open(&school), "nobody knows what was said");
    assert_eq!(school.call("Liv").unwrap().calls.len(), 1);
    // What an earlier version has closed stays closed.
    let stored = r#"{"session":"day","since":"2026-11-23T08:00:00Z","calls":[{"command":"COMMAND","by":"PERSON","at":"2026-11-23T08:10:00Z","reached":true}],"closed_at":"2026-11-23T08:10:00Z"}"#;
    let stored =
        stored.replace("COMMAND", &CommandId::new().to_string()).replace("PERSON", &person("Olle").to_string());
    let entry: CallListEntry = serde_json::from_str(&stored).unwrap();
    assert!(entry.closed_at.is_some() && entry.calls[0].outcome.is_none());
    assert_eq!(serde_json::to_string(&entry).unwrap(), stored);
}

#[test]
fn whoever_should_be_at_school_is_missing_whatever_else_is_written() {
    let mut school = on_the_list();
    left_at_eight(&mut school);
    // Amal explains it, and Erik, who has heard nothing, reports her sick from his phone; neither has seen her.
    school.home("Amal", explain("Liv", monday(), AbsenceKind::Other)).unwrap();
    school.give("Sanna", STAFF_4B, judge("Liv", monday(), true, None)).unwrap();
    school.home("Erik", sick_today("Liv")).unwrap();
    assert!(alarms(&school) && is_open(&school));
    assert_eq!(school.status("Liv", "4B"), Status::Unexplained { told: Told::Nothing });
    assert!(school.board("4B").rows.iter().any(|row| row.alarm && row.pupil == person("Liv")));
    assert!(school.school_board().evacuation.uncertain.contains(&person("Liv")), "she may be in the building");
    // Home, called again, has found her there.
    school.at("09:30");
    school.give("Petra", PRINCIPAL, said_home("Liv", CallOutcome::AtHome, None)).unwrap();
    assert!(!alarms(&school) && !is_open(&school));
    assert!(matches!(school.status("Liv", "4B"), Status::Reported { .. }));
}

#[test]
fn a_roll_that_sees_her_ends_it_and_a_mistaken_mark_too() {
    for found in [mark("4B", "Liv", late("09:20")), mark("Fritids", "Liv", Presence::Present)] {
        let mut school = on_the_list();
        left_at_eight(&mut school);
        school.at("13:30");
        let (who, capacity) = match &found {
            CommandBody::MarkRoll { group: of, .. } if *of == group("4B") => ("Sanna", STAFF_4B),
            _ => ("Fia", CLUB),
        };
        school.give(who, capacity, found).unwrap();
        assert!(!alarms(&school) && !is_open(&school));
        // Missed again in the afternoon, she is missing anew: what home said in the morning is not of that.
        school.at("14:00");
        school.give("Sanna", STAFF_4B, mark("4B", "Liv", Presence::Unexplained)).unwrap();
        assert!(!alarms(&school));
    }
}

#[test]
fn the_newest_word_of_home_holds_in_whichever_order_two_calls_arrive() {
    // Olle heard at 09:10, without a network, that she is at home; Petra at 09:20 that she is not.
    let mut school = on_the_list();
    school.at("09:20");
    school.give("Petra", PRINCIPAL, said_home("Liv", CallOutcome::ShouldBeAtSchool, None)).unwrap();
    school.waited = TimeDelta::minutes(20);
    school.at("09:30");
    school.give("Olle", OFFICE, said_home("Liv", CallOutcome::AtHome, None)).unwrap();
    assert!(alarms(&school) && is_open(&school));
    assert_eq!(school.call("Liv").unwrap().calls.len(), 2, "two who call are two calls");
    // And a list that was settled by mistake opens again.
    let mut school = on_the_list();
    school.give("Olle", OFFICE, said_home("Liv", CallOutcome::AtHome, None)).unwrap();
    assert!(!is_open(&school));
    left_at_eight(&mut school);
    assert!(is_open(&school) && alarms(&school));
}

#[test]
fn a_teacher_who_calls_before_the_clock_has_asked_raises_it_as_well() {
    let mut school = School::new();
    school.at("08:25");
    let sought = || said_home("Liv", CallOutcome::ShouldBeAtSchool, None);
    assert_eq!(school.give("Olle", OFFICE, sought()), Err(Rejection::NotOnCallList), "nobody misses her");
    school.give("Sanna", STAFF_4B, mark("4B", "Liv", Presence::Unexplained)).unwrap();
    school.at("08:35");
    school.give("Sanna", STAFF_4B, sought()).unwrap();
    assert!(alarms(&school) && is_open(&school), "the office's list has it");
    // Her own phone, which does not hold the list, shows the alarm too.
    let phone = school.world.on_phone_of(person("Sanna"));
    assert!(phone.all::<CallListEntry>().is_empty());
    let held: Vec<Attendance> = phone.all::<Attendance>().into_iter().map(|(_, held)| held).collect();
    assert!(held.iter().any(|held| held.answered.is_some()));
}

#[test]
fn what_was_said_on_the_telephone_is_for_staff_alone() {
    let mut school = on_the_list();
    left_at_eight(&mut school);
    let entry = school.call("Liv").unwrap();
    let key = note_key(person("Liv"), monday(), None, entry.calls[0].command);
    let note: AttendanceNote = school.world.document(key).unwrap();
    assert_eq!(note.text, "gick åtta, astma");
    let reads = |who: &str| {
        let phone = school.world.on_phone_of(person(who));
        phone.records.values().any(|record| record.body.to_json().unwrap().contains("astma"))
    };
    for who in ["Sanna", "Olle", "Petra"] {
        assert!(reads(who), "{who}");
    }
    for who in ["Amal", "Erik", "Bo", "Tomas", "Nora", "Zlatan"] {
        assert!(!reads(who), "{who}");
    }
}
