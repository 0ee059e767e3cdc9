//! Well again, longer than thought, and taken back before it starts.

use crate::school::*;
use chrono::TimeDelta;
use skolebro_core::domain::{
    attendance::{AbsenceKind, Extent, Presence, Status},
    command::Capacity,
    rejection::Rejection,
    rules::Reporting,
};

#[test]
fn any_guardian_ends_a_running_absence_early() {
    let mut school = School::new();
    school.home("Amal", sick(&["Maja"], after(0), after(4))).unwrap();
    school.on(after(1), "18:00");
    school.home("Erik", well("Maja", after(2), None)).unwrap();
    assert_eq!(school.whole_days("Maja", 0, 7), [0, 1], "earlier days are as they were");
    let ended = school.record("Maja", after(2)).unwrap().ended.unwrap();
    assert_eq!((ended.by, ended.withdrawn), (person("Erik"), false));
    school.on(after(2), "08:00");
    assert_eq!(school.status("Maja", "4B"), Status::Back { at: None });
}

#[test]
fn back_in_the_middle_of_a_day() {
    let mut school = School::new();
    school.home("Amal", sick(&["Maja"], after(0), after(1))).unwrap();
    school.at("10:00");
    school.home("Amal", well("Maja", monday(), Some("11:00"))).unwrap();
    assert_eq!(school.extent("Maja", monday()), Some(parts("08:20", "11:00")));
    assert_eq!(school.extent("Maja", after(1)), None);
    assert!(matches!(school.status("Maja", "4B"), Status::Reported { .. }));
    school.at("11:05");
    assert_eq!(school.status("Maja", "4B"), Status::Back { at: Some(hm("11:00")) });
    // Before the day starts is the whole day, and outside it is no time to come back.
    let outside = Err(Rejection::PartOutsideDay { day_starts: hm("08:20"), day_ends: hm("15:30") });
    school.home("Erik", sick(&["Maja"], after(1), after(1))).unwrap();
    assert_eq!(school.home("Amal", well("Maja", after(1), Some("16:00"))), outside);
    school.home("Amal", well("Maja", after(1), Some("08:20"))).unwrap();
    assert_eq!(school.extent("Maja", after(1)), None);
}

#[test]
fn an_end_leaves_other_absences_alone() {
    let mut school = School::new();
    school.home("Amal", sick(&["Maja"], after(0), after(1))).unwrap();
    let dentist =
        |from, to| report(&["Maja"], AbsenceKind::Appointment, after(from), after(to), Some(part("09:00", "10:00")));
    school.home("Amal", dentist(2, 2)).unwrap();
    school.home("Amal", sick(&["Maja"], after(4), after(4))).unwrap();
    school.home("Erik", well("Maja", after(1), None)).unwrap();
    assert_eq!(school.whole_days("Maja", 0, 4), [0, 4]);
    assert_eq!(school.extent("Maja", after(2)), Some(parts("09:00", "10:00")));
}

#[test]
fn a_run_goes_on_over_the_weekend_and_ends_on_either_side_of_it() {
    let mut school = School::new();
    school.on(after(3), "07:00");
    school.home("Amal", sick(&["Maja"], after(3), after(8))).unwrap();
    // Well on Saturday: back on Monday.
    school.home("Amal", well("Maja", after(5), None)).unwrap();
    assert_eq!(school.whole_days("Maja", 0, 9), [3, 4]);
}

#[test]
fn where_nothing_runs_there_is_nothing_to_end() {
    let mut school = School::new();
    assert_eq!(school.home("Amal", well("Maja", monday(), None)), Err(Rejection::NoAbsence));
    school.home("Amal", sick_today("Maja")).unwrap();
    // It ends by itself.
    assert!(school.home("Erik", well("Maja", after(1), None)).unwrap().is_empty());
    assert_eq!(school.home("Erik", well("Maja", after(2), None)), Err(Rejection::NoAbsence));
    // What has been, has been.
    school.on(after(1), "07:00");
    assert_eq!(school.home("Erik", well("Maja", monday(), None)), Err(Rejection::TooFarBack { first: after(1) }));
}

#[test]
fn a_report_after_the_end_opens_it_again_without_bringing_back_the_old_one() {
    let mut school = School::new();
    school.home("Amal", sick(&["Maja"], after(0), after(2))).unwrap();
    school.home("Amal", well("Maja", after(0), None)).unwrap();
    assert!(school.whole_days("Maja", 0, 2).is_empty());
    school.home("Erik", dentist("Maja", "09:00", "10:00")).unwrap();
    let record = school.record("Maja", monday()).unwrap();
    assert_eq!((record.extent, record.kind), (Some(parts("09:00", "10:00")), Some(AbsenceKind::Appointment)));
}

#[test]
fn a_report_that_crossed_well_again_on_its_way_does_not_make_the_child_sick() {
    let mut school = School::new();
    // Erik reports and, at 07:20, ends it; Amal had said it at 06:40, days ahead, with no network until 07:50.
    school.at("06:50");
    school.home("Erik", sick_today("Maja")).unwrap();
    school.at("07:20");
    school.home("Erik", well("Maja", monday(), None)).unwrap();
    school.at("07:50");
    school.waited = TimeDelta::minutes(70);
    school.home("Amal", sick(&["Maja"], after(0), after(2))).unwrap();
    school.waited = TimeDelta::zero();
    assert_eq!(school.whole_days("Maja", 0, 2), [0i64; 0]);
    assert_eq!(school.status("Maja", "4B"), Status::Back { at: None });
    assert_eq!(school.record("Maja", monday()).unwrap().reports.len(), 2, "it is kept, and told");
    // So the roll misses her, and home hears of it.
    school.at("08:25");
    school.give("Sanna", STAFF_4B, mark("4B", "Maja", Presence::Unexplained)).unwrap();
    school.at("08:27");
    assert_eq!(school.tick("Maja", monday()), 1);
    // What is said after the end holds; and an end that was said before a report leaves it alone.
    school.home("Amal", sick_today("Maja")).unwrap();
    assert_eq!(school.whole_days("Maja", 0, 2), [0]);
    school.waited = TimeDelta::minutes(60);
    assert_eq!(school.home("Erik", well("Maja", monday(), None)), Err(Rejection::NoAbsence));
    assert_eq!(school.whole_days("Maja", 0, 2), [0]);
}

#[test]
fn well_again_leaves_the_dentists_hour_of_the_same_day() {
    let mut school = School::new();
    school.home("Amal", dentist("Maja", "13:00", "14:00")).unwrap();
    school.home("Amal", sick_today("Maja")).unwrap();
    school.at("09:55");
    school.home("Erik", well("Maja", monday(), Some("10:00"))).unwrap();
    let both = Extent::Parts(vec![part("08:20", "10:00"), part("13:00", "14:00")]);
    assert_eq!(school.extent("Maja", monday()), Some(both));
    school.at("10:30");
    assert_eq!(school.status("Maja", "4B"), Status::Back { at: Some(hm("10:00")) });
    school.at("13:10");
    assert!(matches!(school.status("Maja", "4B"), Status::Reported { kind: AbsenceKind::Appointment, .. }));
    // Before the day, the whole of what she had: the hour stands too.
    let mut school = School::new();
    school.home("Amal", dentist("Maja", "13:00", "14:00")).unwrap();
    school.home("Amal", sick_today("Maja")).unwrap();
    school.home("Erik", well("Maja", monday(), None)).unwrap();
    assert_eq!(school.extent("Maja", monday()), Some(parts("13:00", "14:00")));
    // And taken back: first the sick day, then the hour, which has not begun.
    school.home("Amal", sick_today("Maja")).unwrap();
    school.home("Amal", take_back("Maja", after(0), after(0))).unwrap();
    assert_eq!(school.extent("Maja", monday()), Some(parts("13:00", "14:00")));
    school.at("12:00");
    school.home("Amal", take_back("Maja", after(0), after(0))).unwrap();
    assert_eq!(school.extent("Maja", monday()), None);
    // Two guardians' words for one whole day are one absence.
    school.on(after(1), "07:00");
    school.home("Amal", sick(&["Maja"], after(1), after(1))).unwrap();
    school.home("Erik", report(&["Maja"], AbsenceKind::Other, after(1), after(1), None)).unwrap();
    school.home("Erik", well("Maja", after(1), None)).unwrap();
    assert_eq!(school.extent("Maja", after(1)), None);
}

#[test]
fn well_again_in_the_evening_leaves_the_day_that_has_been() {
    let mut school = School::new();
    school.home("Amal", sick(&["Maja"], after(0), after(1))).unwrap();
    school.at("08:25");
    school.give("Sanna", STAFF_4B, close("4B")).unwrap();
    for back_at in [None, Some("08:30")] {
        let mut school = School { world: school.world.clone(), waited: TimeDelta::zero() };
        school.at("19:00");
        school.home("Amal", well("Maja", monday(), back_at)).unwrap();
        assert_eq!(school.whole_days("Maja", 0, 1), [0], "{back_at:?}");
        assert_eq!(school.record("Maja", after(1)).unwrap().ended.unwrap().back_at, None);
        assert!(school.home("Erik", well("Maja", monday(), back_at)).unwrap().is_empty(), "it has ended by itself");
    }
    // In the middle of it, from now on: also where she says that it was earlier.
    for back_at in [None, Some("08:30"), Some("10:00")] {
        let mut school = School { world: school.world.clone(), waited: TimeDelta::zero() };
        school.at("10:00");
        school.home("Amal", well("Maja", monday(), back_at)).unwrap();
        assert_eq!(school.extent("Maja", monday()), Some(parts("08:20", "10:00")), "{back_at:?}");
        assert_eq!(school.extent("Maja", after(1)), None);
    }
}

#[test]
fn extending_is_not_reporting_every_morning() {
    let mut school = School::new();
    school.home("Amal", sick(&["Maja"], after(0), after(1))).unwrap();
    school.on(after(1), "19:00");
    school.home("Erik", longer("Maja", after(7))).unwrap();
    // Over the weekend to the next Monday.
    assert_eq!(school.whole_days("Maja", 0, 9), [0, 1, 2, 3, 4, 7]);
    let more = school.record("Maja", after(2)).unwrap();
    assert_eq!((more.kind, more.reports[0].by, more.reports[0].late), (Some(AbsenceKind::Sick), person("Erik"), false));
}

#[test]
fn an_absence_that_ended_yesterday_goes_on_this_morning_and_late_is_late() {
    let mut school = School::new();
    school.home("Amal", sick_today("Maja")).unwrap();
    school.on(after(1), "08:30");
    school.home("Amal", longer("Maja", after(1))).unwrap();
    assert!(school.record("Maja", after(1)).unwrap().reports[0].late);
    // Not what ended before that.
    school.on(after(3), "07:00");
    assert_eq!(school.home("Amal", longer("Maja", after(3))), Err(Rejection::NoAbsence));
}

#[test]
fn what_extending_refuses() {
    let mut school = School::with(|rules| {
        rules.longest_run = 4;
        rules.days_ahead = 20;
    });
    assert_eq!(school.home("Amal", longer("Maja", after(1))), Err(Rejection::NoAbsence));
    school.home("Amal", sick(&["Maja"], after(0), after(2))).unwrap();
    for to in [0, 2] {
        assert_eq!(school.home("Erik", longer("Maja", after(to))), Err(Rejection::NotLonger { ends: after(2) }));
    }
    // The whole run counts: three days and two more.
    assert_eq!(school.home("Erik", longer("Maja", after(4))), Err(Rejection::RunTooLong { most_days: 4 }));
    assert_eq!(school.home("Erik", longer("Maja", after(30))), Err(Rejection::TooFarAhead { last: after(20) }));
    school.home("Erik", longer("Maja", after(3))).unwrap();
    assert_eq!(school.whole_days("Maja", 0, 7), [0, 1, 2, 3]);
    // To a Sunday is not longer than to the Friday before it.
    let mut school = School::new();
    school.on(after(4), "07:00");
    school.home("Amal", sick(&["Maja"], after(4), after(4))).unwrap();
    assert_eq!(school.home("Amal", longer("Maja", after(6))), Err(Rejection::NotLonger { ends: after(4) }));
}

#[test]
fn where_one_day_at_a_time_is_reported_it_is_extended_so_too() {
    let mut school = School::with(|rules| rules.reporting = Reporting::Daily);
    school.home("Amal", sick_today("Maja")).unwrap();
    // In the morning there is only today to be told of, in whichever words and however often it is tried.
    let refused = Err(Rejection::OneDayAtATime);
    for body in [longer("Maja", after(1)), longer("Maja", after(2)), sick(&["Maja"], after(1), after(1))] {
        assert_eq!(school.home("Amal", body), refused);
    }
    // Once the school day is over, or in the next morning, the next one; never the one after that.
    school.at("15:30");
    school.home("Amal", longer("Maja", after(1))).unwrap();
    for body in [longer("Maja", after(2)), sick(&["Maja"], after(2), after(2))] {
        assert_eq!(school.home("Erik", body), refused);
    }
    school.on(after(2), "06:20");
    school.home("Erik", longer("Maja", after(2))).unwrap();
    assert_eq!(school.whole_days("Maja", 0, 4), [0, 1, 2]);
    // What is no longer absence is told ahead: the dentist's hour, and a day of its own.
    let dentist = report(&["Maja"], AbsenceKind::Appointment, after(3), after(3), Some(part("09:00", "10:00")));
    school.home("Amal", dentist).unwrap();
    school.home("Amal", report(&["Maja"], AbsenceKind::Other, after(4), after(4), None)).unwrap();
    // On Friday evening Monday is next.
    school.on(after(4), "19:00");
    school.home("Amal", longer("Maja", after(7))).unwrap();
}

#[test]
fn a_longer_absence_that_waited_for_its_day_is_taken_when_it_has_come() {
    let mut school = School::with(|rules| rules.reporting = Reporting::Daily);
    school.home("Amal", sick_today("Maja")).unwrap();
    // Said on Monday morning against the phone's advice, and without a network until Tuesday.
    school.on(after(1), "07:00");
    school.waited = TimeDelta::hours(24);
    school.home("Amal", longer("Maja", after(1))).unwrap();
    assert_eq!(school.whole_days("Maja", 0, 3), [0, 1]);
}

#[test]
fn well_again_before_school_begins_is_well_all_day() {
    let mut school = School::new();
    school.home("Amal", sick(&["Maja"], after(0), after(1))).unwrap();
    school.home("Amal", well("Maja", after(1), Some("07:30"))).unwrap();
    assert_eq!(school.extent("Maja", after(1)), None);
}

#[test]
fn who_was_sent_home_sick_stays_at_home_tomorrow() {
    let mut school = School::new();
    school.at("10:30");
    school.give("Sanna", STAFF_4B, mark("4B", "Maja", Presence::SentHomeSick { at: hm("10:30") })).unwrap();
    school.at("19:00");
    school.home("Amal", longer("Maja", after(1))).unwrap();
    assert_eq!(school.extent("Maja", after(1)), Some(Extent::Whole));
}

#[test]
fn a_report_is_withdrawn_before_it_starts() {
    let mut school = School::new();
    school.home("Amal", sick(&["Maja"], after(1), after(3))).unwrap();
    school.at("21:00");
    school.home("Erik", take_back("Maja", after(1), after(2))).unwrap();
    assert_eq!(school.whole_days("Maja", 0, 4), [3]);
    assert!(school.record("Maja", after(1)).unwrap().ended.unwrap().withdrawn);
    school.on(after(1), "08:00");
    assert_eq!(school.status("Maja", "4B"), Status::Expected, "as if it had not been said");
    assert_eq!(school.home("Amal", take_back("Maja", after(1), after(2))), Err(Rejection::NoAbsence));
    assert_eq!(school.home("Amal", take_back("Maja", after(3), after(2))), Err(Rejection::SpanReversed));
}

#[test]
fn what_has_started_is_ended_and_not_withdrawn() {
    let mut school = School::new();
    school.home("Amal", sick_today("Maja")).unwrap();
    school.home("Amal", dentist("Hugo", "13:00", "14:00")).unwrap_err();
    school.home("Lena", dentist("Hugo", "13:00", "14:00")).unwrap();
    school.at("08:20");
    let started = Err(Rejection::AlreadyStarted { started: monday() });
    assert_eq!(school.home("Amal", take_back("Maja", after(0), after(0))), started);
    // The dentist's at one has not.
    school.home("Lena", take_back("Hugo", after(0), after(0))).unwrap();
    assert_eq!(school.extent("Hugo", monday()), None);
    // Withdrawn at 08:00, and no network until now.
    school.waited = TimeDelta::minutes(20);
    school.home("Amal", take_back("Maja", after(0), after(0))).unwrap();
    assert_eq!(school.extent("Maja", monday()), None);
}

#[test]
fn who_may_end_extend_and_withdraw() {
    let bodies = [well("Liv", after(1), None), longer("Liv", after(4)), take_back("Liv", after(1), after(2))];
    for body in bodies {
        let mut reported = School::new();
        reported.home("Amal", sick(&["Liv"], after(1), after(2))).unwrap();
        for (who, capacity) in
            [("Erik", Capacity::Home), ("Amal", Capacity::Home), ("Olle", OFFICE), ("Petra", PRINCIPAL)]
        {
            let mut school = School::new();
            school.home("Amal", sick(&["Liv"], after(1), after(2))).unwrap();
            school.give(who, capacity, body.clone()).unwrap();
        }
        for (who, capacity) in [
            ("Bo", Capacity::Home),
            ("Zlatan", Capacity::Home),
            ("Per", Capacity::Home),
            ("Nora", Capacity::Home),
            ("Ville", Capacity::Home),
            ("Sanna", STAFF_4B),
            ("Sanna", OFFICE),
            ("Tomas", TEACHER),
            ("Olle", Capacity::Home),
        ] {
            assert_eq!(reported.give(who, capacity, body.clone()), Err(Rejection::NotYours), "{who} {body:?}");
        }
    }
    // The foster home and the god man, of the same child.
    let mut school = School::new();
    school.home("Fatou", sick(&["Adam"], after(0), after(2))).unwrap();
    school.home("Greta", longer("Adam", after(3))).unwrap();
    school.home("Fatou", well("Adam", after(1), None)).unwrap();
    assert_eq!(school.whole_days("Adam", 0, 4), [0]);
}
