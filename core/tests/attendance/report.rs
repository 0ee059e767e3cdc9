//! Reporting an absence.

use crate::school::*;
use chrono::{Days, NaiveDate, TimeDelta};
use skolebro_core::domain::{
    attendance::{AbsenceKind, AttendanceNote, Extent, Presence, Status, Validity},
    command::CommandBody,
    notice::NoticeReason,
    people::{Block, Dates, Enrolment, GuardianshipKind, SchoolForm, Standing},
    rejection::Rejection,
    roster::RosterEntry,
    rules::{Country, Reporting},
    samples,
    scope::{Circle, Scope, Topic},
};

fn with_note(body: CommandBody, text: &str) -> CommandBody {
    let CommandBody::ReportAbsence { pupils, kind, from, to, part, on_behalf_of, phoned_at, .. } = body else {
        panic!("not a report")
    };
    let note = Some(text.to_owned());
    CommandBody::ReportAbsence { pupils, kind, from, to, part, note, on_behalf_of, phoned_at }
}

/// Olle in the office files what a guardian phoned.
fn phoned(body: CommandBody, guardian: &str, at: Option<chrono::DateTime<chrono::Utc>>) -> CommandBody {
    let CommandBody::ReportAbsence { pupils, kind, from, to, part, note, .. } = body else { panic!("not a report") };
    let on_behalf_of = Some(person(guardian));
    CommandBody::ReportAbsence { pupils, kind, from, to, part, note, on_behalf_of, phoned_at: at }
}

#[test]
fn amal_reports_liv_sick_and_the_teacher_sees_who_said_what_and_when() {
    let mut school = School::new();
    school.home("Amal", sick_today("Liv")).unwrap();
    let record = school.record("Liv", monday()).unwrap();
    assert_eq!(record.extent, Some(Extent::Whole));
    assert_eq!((record.kind, record.validity, record.check), (Some(AbsenceKind::Sick), Validity::Valid, false));
    let report = &record.reports[0];
    assert_eq!((report.by, report.late, report.seen), (person("Amal"), false, None));
    assert_eq!((report.filed_at, report.received_at), (school.world.now, school.world.now));
    assert_eq!(school.status("Liv", "4B"), Status::Reported { kind: AbsenceKind::Sick, extent: Extent::Whole });
}

#[test]
fn several_children_and_days_are_one_report_clipped_to_days_in_session() {
    let mut school = School::new();
    // Friday to Tuesday: the weekend is left out.
    school.on(after(4), "07:00");
    school.home("Erik", sick(&["Liv", "Maja"], after(4), after(8))).unwrap();
    for pupil in ["Liv", "Maja"] {
        assert_eq!(school.whole_days(pupil, 0, 12), [4, 7, 8]);
    }
}

#[test]
fn only_an_empty_span_is_refused_with_the_next_day_that_can_be_reported() {
    let mut school = School::new();
    let refused = school.home("Amal", sick(&["Maja"], after(5), after(6)));
    assert_eq!(refused, Err(Rejection::NotInSession { next: Some(after(7)) }));
    assert_eq!(school.record("Maja", after(5)), None);
}

#[test]
fn the_after_school_club_takes_reports_on_days_when_school_has_none() {
    let mut school = School::new();
    // The autumn break's Monday: Liv goes to the club, Maja to nothing.
    let day = day("2026-10-26");
    school.on(day, "06:30");
    school.home("Amal", sick(&["Liv"], day, day)).unwrap();
    assert_eq!(school.status("Liv", "4B"), Status::NotInSession);
    assert!(matches!(school.status("Liv", "Fritids"), Status::Reported { .. }));
    assert!(matches!(school.home("Amal", sick(&["Maja"], day, day)), Err(Rejection::NotInSession { .. })));
    // Both at once: it is decided whole.
    let sister = school.home("Erik", sick(&["Liv", "Maja"], day, day));
    assert!(matches!(sister, Err(Rejection::NotInSession { .. })));
    assert_eq!(school.record("Liv", day).unwrap().reports.len(), 1);
}

#[test]
fn a_part_of_the_day_is_clipped_to_the_day_and_only_an_empty_one_is_refused() {
    let mut school = School::new();
    school.home("Amal", dentist("Maja", "10:00", "11:30")).unwrap();
    assert_eq!(school.extent("Maja", monday()), Some(parts("10:00", "11:30")));
    let outside = Err(Rejection::PartOutsideDay { day_starts: hm("08:20"), day_ends: hm("15:30") });
    for (from, to) in [("07:00", "08:20"), ("15:30", "16:00"), ("11:00", "11:00"), ("12:00", "11:00")] {
        assert_eq!(school.home("Amal", dentist("Maja", from, to)), outside, "{from}–{to}");
    }
    for (from, to, taken) in [
        ("08:00", "09:00", Some(parts("08:20", "09:00"))),
        ("15:00", "16:00", Some(parts("15:00", "15:30"))),
        // All of the day is a whole day.
        ("08:00", "16:00", Some(Extent::Whole)),
    ] {
        let mut school = School::new();
        school.home("Amal", dentist("Maja", from, to)).unwrap();
        assert_eq!(school.extent("Maja", monday()), taken, "{from}–{to}");
    }
    // Liv is at the club until late: her day is longer.
    school.home("Amal", dentist("Liv", "16:00", "16:30")).unwrap();
}

#[test]
fn a_whole_day_beats_a_part_and_parts_unite() {
    let mut school = School::new();
    school.home("Amal", dentist("Maja", "09:00", "10:00")).unwrap();
    school.home("Erik", dentist("Maja", "09:30", "11:00")).unwrap();
    assert_eq!(school.extent("Maja", monday()), Some(parts("09:00", "11:00")));
    school.home("Amal", dentist("Maja", "13:00", "14:00")).unwrap();
    let both = Extent::Parts(vec![part("09:00", "11:00"), part("13:00", "14:00")]);
    assert_eq!(school.extent("Maja", monday()), Some(both));
    school.home("Erik", sick_today("Maja")).unwrap();
    let record = school.record("Maja", monday()).unwrap();
    assert_eq!((record.extent, record.kind), (Some(Extent::Whole), Some(AbsenceKind::Sick)));
}

#[test]
fn two_guardians_who_report_the_same_child_make_one_absence() {
    let mut school = School::new();
    school.home("Amal", sick_today("Liv")).unwrap();
    let before = school.record("Liv", monday()).unwrap();
    school.home("Erik", report(&["Liv"], AbsenceKind::Other, monday(), monday(), None)).unwrap();
    let joined = school.record("Liv", monday()).unwrap();
    assert_eq!(joined.reports.len(), 2);
    assert_eq!((&joined.extent, joined.kind, joined.validity), (&before.extent, before.kind, before.validity));
    // Amal says it again in other words: hers are the words that count.
    school.home("Amal", report(&["Liv"], AbsenceKind::Other, monday(), monday(), None)).unwrap();
    let mended = school.record("Liv", monday()).unwrap();
    assert_eq!((mended.kind, mended.validity), (Some(AbsenceKind::Other), Validity::Unjudged));
}

#[test]
fn many_reports_of_one_day_stay_few() {
    let mut school = School::new();
    for _ in 0..30 {
        school.home("Amal", sick_today("Liv")).unwrap();
    }
    assert_eq!(school.record("Liv", monday()).unwrap().reports.len(), 20);
}

#[test]
fn lateness_follows_the_time_of_filing_where_that_is_plausible() {
    let late = |filed_before: TimeDelta| {
        let mut school = School::new();
        school.at("08:30");
        school.waited = filed_before;
        school.home("Amal", sick_today("Maja")).unwrap();
        let report = school.record("Maja", monday()).unwrap().reports[0].clone();
        assert_eq!(report.received_at, school.world.now);
        report.late
    };
    // The cutoff is 08:15 and it is 08:30.
    assert!(late(TimeDelta::zero()));
    assert!(!late(TimeDelta::minutes(15)), "filed at 08:15");
    assert!(late(TimeDelta::minutes(14)), "filed at 08:16");
    assert!(!late(TimeDelta::days(2)), "filed on Saturday, no network until Monday");
    assert!(late(TimeDelta::days(4)), "no phone waits four days: its clock is wrong");
    assert!(late(TimeDelta::hours(-2)), "its clock is ahead");
    // At 08:10 a clock that is two hours ahead makes nobody late.
    let mut school = School::new();
    school.at("08:10");
    school.waited = TimeDelta::hours(-2);
    school.home("Amal", sick_today("Maja")).unwrap();
    let report = school.record("Maja", monday()).unwrap().reports[0].clone();
    assert_eq!((report.late, report.filed_at), (false, school.world.now));
}

#[test]
fn the_cutoff_is_a_time_on_the_wall_on_both_days_on_which_the_clocks_change() {
    // Both changes are on Sundays, so the school has lessons on one for once.
    for (sunday, cutoff) in [("2027-03-28", "06:15:00Z"), ("2026-10-25", "07:15:00Z")] {
        let sunday = day(sunday);
        for (seconds, late) in [(0, false), (1, true)] {
            let mut school = School::new();
            for calendar in samples::calendars(Country::Sweden).unwrap() {
                school.put(skolebro_core::domain::calendar::SchoolCalendar { extra_days: vec![sunday], ..calendar });
            }
            let cutoff: chrono::DateTime<chrono::Utc> = format!("{sunday}T{cutoff}").parse().unwrap();
            school.world.now = cutoff + TimeDelta::seconds(seconds);
            school.home("Amal", sick(&["Maja"], sunday, sunday)).unwrap();
            assert_eq!(school.record("Maja", sunday).unwrap().reports[0].late, late, "{sunday} {seconds}");
        }
    }
}

#[test]
fn how_far_ahead_and_back_and_how_long_is_the_rule_sets() {
    let mut school = School::with(|rules| {
        rules.days_ahead = 10;
        rules.days_back = 3;
        rules.longest_run = 4;
    });
    school.on(after(3), "07:00");
    let say = |from: i64, to: i64| sick(&["Maja"], after(from), after(to));
    assert_eq!(school.home("Amal", say(3, 14)), Err(Rejection::TooFarAhead { last: after(13) }));
    assert_eq!(school.home("Amal", say(-1, 3)), Err(Rejection::TooFarBack { first: after(0) }));
    assert_eq!(school.home("Amal", say(4, 3)), Err(Rejection::SpanReversed));
    // Thursday to Wednesday are five days in session.
    assert_eq!(school.home("Amal", say(3, 9)), Err(Rejection::RunTooLong { most_days: 4 }));
    school.home("Amal", say(3, 8)).unwrap();
    school.home("Erik", say(0, 0)).unwrap();
    assert!(school.record("Maja", after(0)).unwrap().reports[0].late);
}

#[test]
fn a_day_from_before_the_first_rule_set_opens_no_door() {
    let mut school = School::new();
    let long_ago = NaiveDate::from_ymd_opt(2020, 1, 7).unwrap();
    let first = monday() - Days::new(u64::from(samples::rules(Country::Sweden).unwrap()[0].attendance.days_back));
    assert_eq!(school.home("Amal", sick(&["Maja"], long_ago, monday())), Err(Rejection::TooFarBack { first }));
    assert_eq!(school.home("Amal", sick(&["Maja"], NaiveDate::MIN, monday())), Err(Rejection::TooFarBack { first }));

    // A school that has no rules yet takes reports, but never years of them.
    let rules: Vec<RosterEntry> = school.world.roster.rule_sets().map(|rules| (**rules).clone().into()).collect();
    rules.iter().for_each(|rules| school.world.roster.remove(rules));
    let year = sick(&["Maja"], monday(), after(400));
    assert_eq!(school.home("Amal", year), Err(Rejection::RunTooLong { most_days: 400 }));
    school.home("Amal", sick_today("Maja")).unwrap();
}

#[test]
fn a_report_that_waited_for_a_network_is_not_too_far_back() {
    let mut school = School::with(|rules| rules.days_back = 0);
    school.on(after(2), "07:00");
    school.waited = TimeDelta::days(2);
    school.home("Amal", sick_today("Maja")).unwrap();
    assert!(!school.record("Maja", monday()).unwrap().reports[0].late);
}

#[test]
fn a_school_that_takes_one_day_at_a_time_says_so() {
    let mut school = School::with(|rules| rules.reporting = Reporting::Daily);
    assert_eq!(school.home("Amal", sick(&["Maja"], after(0), after(1))), Err(Rejection::OneDayAtATime));
    // Friday to Sunday is one day in session.
    school.home("Amal", sick(&["Maja"], after(4), after(6))).unwrap();
    assert_eq!(school.whole_days("Maja", 0, 9), [4]);
}

#[test]
fn a_note_is_short_and_for_its_author_and_staff() {
    let mut school = School::new();
    let long = "ö".repeat(301);
    assert_eq!(school.home("Amal", with_note(sick_today("Liv"), &long)), Err(Rejection::NoteTooLong { most: 300 }));
    school.home("Amal", with_note(sick(&["Liv"], after(0), after(2)), &"ö".repeat(300))).unwrap();
    let notes = school.world.all::<AttendanceNote>();
    assert_eq!(notes.len(), 1, "one note on the first day is enough");
    let (record, note) = &notes[0];
    assert_eq!(record.scope, Scope::pupil(person("Liv"), Topic::Attendance, Circle::Party(person("Amal"))));
    assert_eq!((record.day, note.by), (Some(monday()), person("Amal")));
    let sees = |who: &str| school.world.on_phone_of(person(who)).all::<AttendanceNote>().len();
    assert_eq!((sees("Amal"), sees("Sanna"), sees("Olle")), (1, 1, 1));
    assert_eq!((sees("Erik"), sees("Tomas"), sees("Nora")), (0, 0, 0));
    let has_note = |number| school.record("Liv", after(number)).unwrap().reports[0].has_note;
    assert!(has_note(0) && !has_note(1));
    // Blank is none.
    school.home("Erik", with_note(sick_today("Liv"), "  \n")).unwrap();
    assert_eq!(school.world.all::<AttendanceNote>().len(), 1);
}

#[test]
fn nothing_and_too_much_are_refused() {
    let mut school = School::new();
    assert_eq!(school.home("Amal", sick(&[], monday(), monday())), Err(Rejection::NothingNamed));
    assert_eq!(school.home("Amal", sick(&["Liv"; 201], monday(), monday())), Err(Rejection::TooMany { most: 200 }));
    school.home("Amal", sick(&["Liv", "Liv"], monday(), monday())).unwrap();
    assert_eq!(school.record("Liv", monday()).unwrap().reports.len(), 1);
}

#[test]
fn many_children_are_reported_for_a_fortnight_and_not_for_a_month() {
    let mut school = School::new();
    let names: Vec<String> = (0..200).map(|number| format!("pupil {number}")).collect();
    for name in &names {
        school.put(Enrolment { pupil: person(name), form: SchoolForm::Compulsory, dates: Dates::default() });
        school.adult("Amal", name, GuardianshipKind::Guardian, Standing::Confirmed);
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    // Everything else waits while one command is decided and written.
    let month = sick(&names, monday(), after(29));
    assert_eq!(school.home("Amal", month), Err(Rejection::TooMany { most: 100 }));
    let fortnight = school.home("Amal", sick(&names, monday(), after(11))).unwrap();
    assert_eq!(fortnight.put.len(), 200 * 10);
    // Of one child the rule set says how long.
    let year = school.home("Amal", sick(&["Liv"], monday(), after(300)));
    assert!(!matches!(year, Ok(_) | Err(Rejection::TooMany { .. })), "{year:?}");
}

#[test]
fn however_often_it_is_said_a_day_keeps_the_newest_notes_of_each_teller() {
    let mut school = School::new();
    school.home("Erik", with_note(sick_today("Liv"), "Eriks")).unwrap();
    let morning = school.world.now;
    for number in 0..25 {
        school.world.now = morning + TimeDelta::seconds(number);
        school.home("Amal", with_note(sick_today("Liv"), &format!("note {number}"))).unwrap();
    }
    let notes = school.world.all::<AttendanceNote>();
    let of = |who: &str| {
        let mut texts: Vec<_> = notes.iter().filter(|(_, note)| note.by == person(who)).collect();
        texts.sort_by_key(|(_, note)| note.at);
        texts.into_iter().map(|(_, note)| note.text.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(of("Amal").len(), 20);
    assert_eq!((of("Amal")[0], of("Amal")[19]), ("note 5", "note 24"));
    assert_eq!(of("Erik"), ["Eriks"], "nobody writes another's notes away");
    assert_eq!(school.record("Liv", monday()).unwrap().reports.len(), 20);
}

#[test]
fn who_may_report_whom() {
    for (adult, pupil) in
        [("Amal", "Liv"), ("Erik", "Liv"), ("Greta", "Adam"), ("Fatou", "Adam"), ("Ulf", "Elias"), ("Nora", "Omar")]
    {
        assert!(School::new().home(adult, sick_today(pupil)).is_ok(), "{adult} reports {pupil}");
    }
    for (adult, pupil) in [
        // Another family's child, and one who does not exist: told apart by nobody.
        ("Nora", "Liv"),
        ("Amal", "Omar"),
        ("Amal", "Nobody"),
        // Without delegation, blocked, pending, unsaid what they are, and of a grown-up who has not consented.
        ("Bo", "Liv"),
        ("Zlatan", "Liv"),
        ("Per", "Liv"),
        ("Ville", "Liv"),
        ("Eva", "Elias"),
        // Staff are not at home.
        ("Sanna", "Liv"),
        ("Olle", "Liv"),
    ] {
        assert_eq!(School::new().home(adult, sick_today(pupil)), Err(Rejection::NotYours), "{adult} {pupil}");
    }
    // One child of several that is not yours: none is reported.
    let mut school = School::new();
    assert_eq!(school.home("Amal", sick(&["Liv", "Omar"], monday(), monday())), Err(Rejection::NotYours));
    assert_eq!(school.record("Liv", monday()), None);
}

#[test]
fn the_parent_whom_liv_lives_with_reports_once_a_guardian_has_delegated_it() {
    let mut school = School::new();
    assert_eq!(school.home("Bo", sick_today("Liv")), Err(Rejection::NotYours));
    let (pupil, to) = (person("Liv"), person("Bo"));
    let delegate = |topics: &[Topic]| CommandBody::DelegateTopics {
        pupil,
        to,
        topics: topics.to_vec(),
        dates: Dates { from: None, until: Some(after(1)) },
    };
    // Another topic opens nothing here.
    school.home("Amal", delegate(&[Topic::Info])).unwrap();
    assert_eq!(school.home("Bo", sick_today("Liv")), Err(Rejection::NotYours));
    school.home("Amal", delegate(&[Topic::Attendance])).unwrap();
    school.home("Bo", sick(&["Liv"], after(0), after(2))).unwrap();
    school.home("Bo", well("Liv", after(1), None)).unwrap();
    assert_eq!(school.whole_days("Liv", 0, 4), [0]);
    // It ended last night.
    school.on(after(2), "00:00");
    assert_eq!(school.home("Bo", sick(&["Liv"], after(2), after(2))), Err(Rejection::NotYours));
    // And with the custody of the one who gave it.
    school.on(after(1), "07:00");
    school.put(Block { pupil, person: person("Amal") });
    assert_eq!(school.home("Bo", sick(&["Liv"], after(1), after(1))), Err(Rejection::NotYours));
}

#[test]
fn the_office_files_for_a_guardian_who_phoned() {
    let mut school = School::new();
    school.at("08:40");
    let at = school.moment(monday(), "08:12");
    let body = with_note(phoned(sick_today("Liv"), "Amal", Some(at)), "feber? nej, bara hemma");
    school.give("Olle", OFFICE, body).unwrap();
    let report = school.record("Liv", monday()).unwrap().reports[0].clone();
    assert_eq!((report.by, report.on_behalf_of), (person("Olle"), Some(person("Amal"))));
    assert_eq!((report.filed_at, report.late), (at, false), "phoned 08:12, before the cutoff");
    let (record, note) = school.world.all::<AttendanceNote>().remove(0);
    assert_eq!((record.scope.circle, note.by), (Circle::Party(person("Amal")), person("Amal")));
    // The principal too; nobody else.
    school.give("Petra", PRINCIPAL, phoned(sick_today("Maja"), "Erik", None)).unwrap();
    let refused = Err(Rejection::NotYours);
    assert_eq!(school.give("Sanna", STAFF_4B, phoned(sick_today("Liv"), "Amal", None)), refused);
    assert_eq!(school.give("Hedda", OFFICE, phoned(sick_today("Liv"), "Amal", None)), refused);
    // Only for whom could have said it themselves.
    for adult in ["Bo", "Zlatan", "Per", "Nora", "Ville"] {
        assert_eq!(school.give("Olle", OFFICE, phoned(sick_today("Liv"), adult, None)), refused, "{adult}");
    }
    // At home nobody speaks for another.
    assert_eq!(school.home("Erik", phoned(sick_today("Liv"), "Amal", None)), refused);
}

#[test]
fn the_office_files_without_a_guardian_too_and_keeps_that_note_to_staff() {
    let mut school = School::new();
    school.give("Olle", OFFICE, with_note(sick_today("Liv"), "sms från hemmet")).unwrap();
    let (record, _) = school.world.all::<AttendanceNote>().remove(0);
    assert_eq!(record.scope.circle, Circle::Staff);
    assert_eq!(school.world.on_phone_of(person("Amal")).all::<AttendanceNote>().len(), 0);
}

#[test]
fn nobody_files_for_their_own_child_as_staff() {
    let mut school = School::new();
    school.adult("Olle", "Maja", GuardianshipKind::Guardian, Standing::Confirmed);
    assert_eq!(school.give("Olle", OFFICE, sick_today("Maja")), Err(Rejection::OwnChild));
    assert_eq!(school.give("Olle", OFFICE, phoned(sick_today("Maja"), "Amal", None)), Err(Rejection::OwnChild));
    school.home("Olle", sick_today("Maja")).unwrap();
    assert_eq!(school.give("Olle", OFFICE, well("Maja", monday(), None)), Err(Rejection::OwnChild));
}

#[test]
fn a_presence_mark_outranks_a_report_that_arrives_later_and_both_sides_are_asked_to_check() {
    let mut school = School::new();
    school.at("08:25");
    school.give("Sanna", STAFF_4B, mark("4B", "Liv", Presence::Present)).unwrap();
    school.at("08:50");
    school.home("Amal", sick_today("Liv")).unwrap();
    let record = school.record("Liv", monday()).unwrap();
    assert_eq!((record.extent.as_ref(), record.check, record.reports.len()), (None, true, 1));
    assert_eq!(school.status("Liv", "4B"), Status::Present);
    assert!(school.board("4B").rows.iter().any(|row| row.pupil == person("Liv") && row.check));
    for adult in ["Amal", "Erik"] {
        assert!(school.notice(adult, NoticeReason::CheckReport, "Liv").is_some(), "{adult}");
    }
    for adult in ["Bo", "Zlatan", "Per", "Ville", "Nora"] {
        assert!(school.notice(adult, NoticeReason::CheckReport, "Liv").is_none(), "{adult}");
    }
    // Amal takes it back: the contradiction is over, and the notice says so.
    school.home("Amal", well("Liv", monday(), None)).unwrap();
    assert!(!school.record("Liv", monday()).unwrap().check);
    assert!(school.notice("Erik", NoticeReason::CheckReport, "Liv").unwrap().corrected_at.is_some());
}

#[test]
fn a_closed_roll_that_does_not_name_the_pupil_outranks_a_later_report_as_a_mark_does() {
    let mut school = School::new();
    school.at("08:30");
    school.give("Sanna", STAFF_4B, close("4B")).unwrap();
    school.at("09:00");
    school.home("Amal", sick_today("Maja")).unwrap();
    let record = school.record("Maja", monday()).unwrap();
    assert_eq!((record.extent.as_ref(), record.check), (None, true));
    // Home's phone does not hold the roll, and sees who saw Maja all the same.
    assert_eq!((record.marks[0].presence, record.marks[0].by), (Presence::Present, person("Sanna")));
    // The teacher was wrong: the report counts.
    school.give("Sanna", STAFF_4B, mark("4B", "Maja", Presence::Unexplained)).unwrap();
    let record = school.record("Maja", monday()).unwrap();
    assert_eq!((record.extent, record.check), (Some(Extent::Whole), false));
    assert_eq!(school.roll_taken("4B").unwrap().absent, [person("Maja")]);
}

#[test]
fn a_roll_closed_without_a_network_and_a_report_say_the_same_in_whichever_order_they_arrive() {
    for roll_first in [true, false] {
        let mut school = School::new();
        // Sanna closes at 08:20, with Liv in the room; Amal's report is received at 08:25.
        let closes = |school: &mut School| {
            school.waited = school.world.now - school.moment(monday(), "08:20");
            school.give("Sanna", STAFF_4B, close("4B")).unwrap();
            school.waited = TimeDelta::zero();
        };
        if roll_first {
            school.at("08:21");
            closes(&mut school);
        }
        school.at("08:25");
        school.home("Amal", sick_today("Liv")).unwrap();
        if !roll_first {
            school.at("08:35");
            closes(&mut school);
        }
        let record = school.record("Liv", monday()).unwrap();
        assert_eq!((record.extent, record.check), (None, true), "{roll_first}");
        assert_eq!(school.status("Liv", "4B"), Status::Present, "{roll_first}");
        assert!(!school.roll_taken("4B").unwrap().absent.contains(&person("Liv")), "{roll_first}");
        for adult in ["Amal", "Erik"] {
            assert!(school.notice(adult, NoticeReason::CheckReport, "Liv").is_some(), "{adult} {roll_first}");
        }
    }
}

#[test]
fn a_roll_counts_as_absent_whom_its_teacher_knew_to_be() {
    // What had reached the school, what she saw in the roll, and what she had filed herself on the same phone.
    for how in ["received", "seen", "filed"] {
        let mut school = School::new();
        school.at(if how == "received" { "08:10" } else { "08:25" });
        match how {
            "filed" => {
                school.waited = TimeDelta::minutes(10);
                school.give("Olle", OFFICE, sick_today("Maja")).unwrap();
            }
            _ => {
                school.home("Amal", sick_today("Maja")).unwrap();
            }
        }
        if how == "seen" {
            let seen = CommandBody::MarkSeen { pupils: vec![person("Maja")], day: monday() };
            school.give("Sanna", STAFF_4B, seen).unwrap();
        }
        school.at("08:30");
        school.waited = TimeDelta::minutes(10);
        let (who, capacity) = if how == "filed" { ("Olle", OFFICE) } else { ("Sanna", STAFF_4B) };
        school.give(who, capacity, close("4B")).unwrap();
        assert_eq!(school.roll_taken("4B").unwrap().absent, [person("Maja")], "{how}");
        assert_eq!(school.extent("Maja", monday()), Some(Extent::Whole), "{how}");
    }
}

#[test]
fn presence_in_the_morning_says_nothing_of_the_dentist_in_the_afternoon() {
    let mut school = School::new();
    school.at("08:25");
    school.give("Sanna", STAFF_4B, mark("4B", "Maja", Presence::Present)).unwrap();
    school.home("Amal", dentist("Maja", "13:00", "14:00")).unwrap();
    let record = school.record("Maja", monday()).unwrap();
    assert_eq!((record.extent, record.check), (Some(parts("13:00", "14:00")), false));
    assert_eq!(school.status("Maja", "4B"), Status::Present);
    school.at("13:30");
    assert!(matches!(school.status("Maja", "4B"), Status::Reported { kind: AbsenceKind::Appointment, .. }));
    school.at("14:10");
    assert_eq!(school.status("Maja", "4B"), Status::Present);
}

#[test]
fn a_report_that_arrives_after_an_unexplained_mark_explains_it() {
    let mut school = School::new();
    school.at("08:25");
    school.give("Sanna", STAFF_4B, mark("4B", "Maja", Presence::Unexplained)).unwrap();
    school.at("08:27");
    assert_eq!(school.tick("Maja", monday()), 1);
    school.at("08:40");
    school.home("Amal", sick_today("Maja")).unwrap();
    let record = school.record("Maja", monday()).unwrap();
    assert_eq!((record.extent.clone(), record.validity, record.check), (Some(Extent::Whole), Validity::Valid, false));
    assert_eq!(record.marks[0].presence, Presence::Unexplained, "the mark stays as history");
    assert!(matches!(school.status("Maja", "4B"), Status::Reported { .. }));
    for adult in ["Amal", "Erik"] {
        let notice = school.notice(adult, NoticeReason::UnexplainedAbsence, "Maja").unwrap();
        assert_eq!(notice.corrected_at, Some(school.world.now));
    }
    // A dentist in the afternoon explains no morning.
    school.give("Sanna", STAFF_4B, mark("4B", "Hugo", Presence::Unexplained)).unwrap();
    school.home("Lena", dentist("Hugo", "13:00", "14:00")).unwrap();
    assert!(matches!(school.status("Hugo", "4B"), Status::Unexplained { .. }));
    // One who is there now, and was not quite when the roll was called, does.
    school.home("Lena", dentist("Hugo", "08:30", "10:00")).unwrap();
    assert!(matches!(school.status("Hugo", "4B"), Status::Reported { .. }));
}
