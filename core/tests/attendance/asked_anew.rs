//! What was said this morning says nothing of this afternoon: a later mark asks anew, and is heard.

use crate::school::*;
use skolebro_core::domain::{
    attendance::{AbsenceKind, Presence, Session, Status, Told, Validity},
    notice::NoticeReason,
    rejection::Rejection,
};

/// Whether home has a notice of Liv's absence that stands.
fn alarmed(school: &School) -> bool {
    let notice = school.notice("Amal", NoticeReason::UnexplainedAbsence, "Liv");
    notice.is_some_and(|notice| notice.corrected_at.is_none())
}

/// Marked missing 08:20, explained 08:25, and in class 09:50.
fn overslept() -> School {
    let mut school = School::new();
    school.at("08:20");
    school.give("Sanna", STAFF_4B, mark("4B", "Liv", Presence::Unexplained)).unwrap();
    school.at("08:22");
    school.tick("Liv", monday());
    school.at("08:25");
    school.home("Amal", explain("Liv", monday(), AbsenceKind::Other)).unwrap();
    assert!(!alarmed(&school));
    school.at("09:50");
    school.give("Sanna", STAFF_4B, mark("4B", "Liv", late("09:50"))).unwrap();
    school
}

#[test]
fn an_explanation_of_the_morning_does_not_silence_the_afternoon() {
    for who in ["the club", "the class"] {
        let mut school = overslept();
        school.at("14:00");
        match who {
            "the club" => school.give("Fia", CLUB, mark("Fritids", "Liv", Presence::Unexplained)),
            _ => school.give("Sanna", STAFF_4B, mark("4B", "Liv", Presence::Unexplained)),
        }
        .unwrap();
        let name = if who == "the club" { "Fritids" } else { "4B" };
        assert_eq!(school.status("Liv", name), Status::Unexplained { told: Told::Nothing }, "{who}");
        assert_eq!(school.school_board().total.unexplained, 1, "{who}");
        school.at("14:02");
        assert_eq!(school.tick("Liv", monday()), 1, "{who}");
        assert!(alarmed(&school), "{who}");
        school.at("14:32");
        assert_eq!(school.tick("Liv", monday()), 1, "{who}: the office calls");
        assert_eq!(school.call("Liv").unwrap().closed_at, None, "{who}");
    }
}

#[test]
fn each_explanation_stands_and_both_are_judged() {
    let mut school = overslept();
    school.give("Sanna", STAFF_4B, judge("Liv", monday(), false, Some("Tredje gången"))).unwrap();
    school.at("14:00");
    school.give("Fia", CLUB, mark("Fritids", "Liv", Presence::Unexplained)).unwrap();
    school.at("14:05");
    school.home("Erik", explain("Liv", monday(), AbsenceKind::Appointment)).unwrap();
    let record = school.record("Liv", monday()).unwrap();
    let said: Vec<_> = record.explanations.iter().map(|said| (said.by, said.judged.is_some())).collect();
    assert_eq!(said, [(person("Amal"), true), (person("Erik"), false)]);
    assert_eq!(record.validity, Validity::Invalid, "what was refused this morning stays refused");
    assert_eq!(school.status("Liv", "Fritids"), Status::Unexplained { told: Told::Waiting });
    assert!(!alarmed(&school) && school.tick("Liv", monday()) == 0);
    school.give("Sanna", STAFF_4B, judge("Liv", monday(), true, None)).unwrap();
    let again = Err(Rejection::AlreadyJudged { accepted: true });
    assert_eq!(school.give("Olle", OFFICE, judge("Liv", monday(), false, Some("Nej"))), again);
    assert_eq!(school.home("Amal", explain("Liv", monday(), AbsenceKind::Sick)), again);
}

#[test]
fn an_explanation_that_waited_for_a_network_answers_what_home_knew_of() {
    let mut school = School::new();
    school.at("08:20");
    school.give("Sanna", STAFF_4B, mark("4B", "Liv", Presence::Unexplained)).unwrap();
    school.at("14:00");
    school.give("Fia", CLUB, mark("Fritids", "Liv", Presence::Unexplained)).unwrap();
    // Said at 08:30 about the class, with no network until now.
    school.at("14:10");
    school.waited = school.world.now - school.moment(monday(), "08:30");
    school.home("Amal", explain("Liv", monday(), AbsenceKind::Other)).unwrap();
    school.waited = chrono::TimeDelta::zero();
    assert_eq!(school.tick("Liv", monday()), 1, "the club still misses her");
    assert!(alarmed(&school));
    // Erik's words of now answer both.
    school.home("Erik", explain("Liv", monday(), AbsenceKind::Sick)).unwrap();
    assert!(!alarmed(&school) && school.pupil_day("Liv", monday()).missing(Session::Day).is_none());
}

#[test]
fn who_is_missing_at_the_end_of_what_was_told_is_missed_again() {
    let mut school = School::new();
    school.at("08:20");
    school.give("Sanna", STAFF_4B, mark("4B", "Liv", Presence::Unexplained)).unwrap();
    school.give("Sanna", STAFF_4B, close("4B")).unwrap();
    school.at("08:22");
    school.tick("Liv", monday());
    school.home("Amal", dentist("Liv", "08:20", "10:00")).unwrap();
    assert!(!alarmed(&school));
    school.at("10:30");
    assert_eq!(school.tick("Liv", monday()), 0);
    school.give("Sanna", STAFF_4B, mark("4B", "Liv", Presence::Unexplained)).unwrap();
    assert_eq!(school.status("Liv", "4B"), Status::Unexplained { told: Told::Nothing });
    school.at("10:32");
    assert_eq!(school.tick("Liv", monday()), 1);
    assert!(alarmed(&school));
    // Said once more, while nothing has answered it, it is the same mark.
    assert!(school.give("Sanna", STAFF_4B, mark("4B", "Liv", Presence::Unexplained)).unwrap().is_empty());
}

#[test]
fn an_answered_call_of_the_morning_does_not_end_the_list_for_the_day() {
    let mut school = School::new();
    school.at("08:20");
    school.give("Sanna", STAFF_4B, mark("4B", "Liv", Presence::Unexplained)).unwrap();
    for time in ["08:22", "09:00"] {
        school.at(time);
        school.tick("Liv", monday());
    }
    school.at("09:05");
    school.give("Olle", OFFICE, called("Liv", Some("Amal"), true)).unwrap();
    school.at("09:30");
    school.give("Sanna", STAFF_4B, mark("4B", "Liv", late("09:30"))).unwrap();
    school.at("14:00");
    school.give("Fia", CLUB, mark("Fritids", "Liv", Presence::Unexplained)).unwrap();
    for time in ["14:02", "14:40"] {
        school.at(time);
        assert_eq!(school.tick("Liv", monday()), 1, "{time}");
    }
    let entry = school.call("Liv").unwrap();
    assert_eq!((entry.closed_at, entry.calls.len()), (None, 1), "what was said this morning is still read there");
    school.give("Olle", OFFICE, called("Liv", Some("Erik"), true)).unwrap();
    assert_eq!(school.tick("Liv", monday()), 0);
}

/// Marked missing and explained again and again: what is kept is bounded, and none of it asks anew.
#[test]
fn a_record_keeps_the_newest_explanations() {
    let mut school = School::new();
    school.at("08:20");
    let morning = school.world.now;
    for round in 0..25 {
        school.world.now = morning + chrono::TimeDelta::minutes(2 * round);
        school.give("Sanna", STAFF_4B, mark("4B", "Liv", Presence::Unexplained)).unwrap();
        school.world.now += chrono::TimeDelta::minutes(1);
        school.home("Amal", explain("Liv", monday(), AbsenceKind::Other)).unwrap();
    }
    assert_eq!(school.record("Liv", monday()).unwrap().explanations.len(), 20);
    assert_eq!(school.status("Liv", "4B"), Status::Unexplained { told: Told::Waiting });
}
