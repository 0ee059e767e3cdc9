//! Calling the roll.

use crate::school::*;
use chrono::TimeDelta;
use skolebro_core::domain::{
    attendance::{AbsenceKind, Extent, Presence, Session, Status, board::RollState},
    command::{Capacity, CommandBody},
    notice::NoticeReason,
    people::{Assignment, Dates, Group, GroupKind, Membership, Reach, Role, SchoolForm},
    rejection::Rejection,
    rules::{RollBy, TimeSpan},
    world::World,
};

fn untouched(school: &School, pupil: &str) -> bool {
    school.record(pupil, monday()).is_none()
}

#[test]
fn a_teacher_marks_exceptions_only_and_closes_the_roll() {
    let mut school = School::new();
    school.home("Amal", sick_today("Maja")).unwrap();
    school.at("08:25");
    assert_eq!(school.board("4B").roll, RollState::Open);
    let exceptions = [("Adam", Presence::Unexplained), ("Hugo", late("08:31"))];
    school.give("Sanna", STAFF_4B, marks("4B", monday(), Session::Day, &exceptions)).unwrap();
    assert_eq!(school.status("Liv", "4B"), Status::Expected, "an untaken roll says nothing");
    school.give("Sanna", STAFF_4B, close("4B")).unwrap();
    let taken = school.roll_taken("4B").unwrap();
    let mut absent = [person("Adam"), person("Maja")];
    absent.sort_unstable();
    assert_eq!((taken.by, taken.absent.as_slice()), (person("Sanna"), &absent[..]));
    assert_eq!(school.status("Liv", "4B"), Status::Present);
    assert_eq!(school.status("Hugo", "4B"), Status::Late { at: hm("08:31") });
    assert!(matches!(school.status("Maja", "4B"), Status::Reported { .. }));
    assert!(matches!(school.status("Adam", "4B"), Status::Unexplained { .. }));
    assert!(untouched(&school, "Liv"), "whoever is there needs no record");
}

#[test]
fn an_untaken_roll_shows_as_untaken() {
    let mut school = School::new();
    school.at("08:34");
    assert_eq!(school.board("4B").roll, RollState::Open);
    school.at("08:35");
    assert_eq!(school.board("4B").roll, RollState::Untaken);
    assert_eq!(school.school_board().rolls_untaken, 2 + u32::from(school.board("Fritids").roll == RollState::Untaken));
    school.give("Sanna", STAFF_4B, close("4B")).unwrap();
    let taken = RollState::Taken { by: person("Sanna"), at: school.world.now };
    assert_eq!(school.board("4B").roll, taken);
    school.on(after(5), "09:00");
    assert_eq!(school.board("4B").roll, RollState::NoRoll, "on Saturday there is none");
}

#[test]
fn a_closed_roll_is_closed_once() {
    let mut school = School::new();
    school.at("08:25");
    school.give("Sanna", STAFF_4B, close("4B")).unwrap();
    let at = school.world.now;
    school.at("08:40");
    assert_eq!(school.give("Lena", STAFF_4B, close("4B")), Err(Rejection::RollClosed { by: person("Sanna"), at }));
}

#[test]
fn a_late_pupil_comes_after_the_roll_was_closed() {
    let mut school = School::new();
    school.at("08:25");
    school.give("Sanna", STAFF_4B, mark("4B", "Maja", Presence::Unexplained)).unwrap();
    school.give("Sanna", STAFF_4B, close("4B")).unwrap();
    assert_eq!(school.roll_taken("4B").unwrap().absent, [person("Maja")]);
    school.at("08:27");
    school.tick("Maja", monday());
    assert!(school.notice("Amal", NoticeReason::UnexplainedAbsence, "Maja").unwrap().corrected_at.is_none());
    school.at("09:10");
    school.give("Sanna", STAFF_4B, mark("4B", "Maja", late("09:10"))).unwrap();
    assert_eq!(school.roll_taken("4B").unwrap().absent, []);
    let notice = school.notice("Amal", NoticeReason::UnexplainedAbsence, "Maja").unwrap();
    assert_eq!(notice.corrected_at, Some(school.world.now), "a late arrival corrects the notice");
    // And who was there goes missing.
    school.give("Sanna", STAFF_4B, mark("4B", "Liv", Presence::Unexplained)).unwrap();
    assert_eq!(school.roll_taken("4B").unwrap().absent, [person("Liv")]);
}

#[test]
fn leaving_early_is_told_in_the_roll_and_to_nobody_else() {
    let mut school = School::new();
    school.at("13:00");
    school.give("Sanna", STAFF_4B, mark("4B", "Maja", Presence::LeftEarly { at: hm("13:00") })).unwrap();
    assert_eq!(school.status("Maja", "4B"), Status::LeftEarly { at: hm("13:00") });
    assert!(school.world.all::<skolebro_core::domain::notice::Notice>().is_empty());
}

#[test]
fn sent_home_sick_is_an_absence_from_then_on_and_home_is_told() {
    let mut school = School::new();
    school.at("10:30");
    school.give("Sanna", STAFF_4B, mark("4B", "Maja", Presence::SentHomeSick { at: hm("10:30") })).unwrap();
    let record = school.record("Maja", monday()).unwrap();
    assert_eq!((record.extent, record.kind), (Some(parts("10:30", "15:30")), Some(AbsenceKind::Sick)));
    assert!(!record.check);
    assert_eq!(school.status("Maja", "4B"), Status::SentHome { at: hm("10:30") });
    for adult in ["Amal", "Erik"] {
        assert!(school.notice(adult, NoticeReason::SentHomeSick, "Maja").is_some(), "{adult}");
    }
    // Home says so too: nothing contradicts, and the morning stays a morning at school.
    school.home("Erik", sick_today("Maja")).unwrap();
    let record = school.record("Maja", monday()).unwrap();
    assert_eq!((record.extent, record.check), (Some(parts("10:30", "15:30")), false));
    // It was the wrong child.
    school.give("Sanna", STAFF_4B, mark("4B", "Hugo", Presence::SentHomeSick { at: hm("10:30") })).unwrap();
    school.give("Sanna", STAFF_4B, undo("4B", "Hugo")).unwrap();
    assert_eq!(school.extent("Hugo", monday()), None);
    assert!(school.notice("Lena", NoticeReason::SentHomeSick, "Hugo").unwrap().corrected_at.is_some());
}

#[test]
fn a_presence_mark_where_a_report_stands_asks_both_sides_to_check() {
    let mut school = School::new();
    school.home("Amal", sick_today("Maja")).unwrap();
    school.at("08:25");
    school.give("Sanna", STAFF_4B, mark("4B", "Maja", Presence::Present)).unwrap();
    let record = school.record("Maja", monday()).unwrap();
    assert_eq!((record.extent, record.check), (None, true));
    assert_eq!(school.status("Maja", "4B"), Status::Present);
    assert!(school.notice("Erik", NoticeReason::CheckReport, "Maja").unwrap().corrected_at.is_none());
    // She had marked the wrong child.
    school.give("Sanna", STAFF_4B, undo("4B", "Maja")).unwrap();
    let record = school.record("Maja", monday()).unwrap();
    assert_eq!((record.extent, record.check), (Some(Extent::Whole), false));
    assert!(school.notice("Erik", NoticeReason::CheckReport, "Maja").unwrap().corrected_at.is_some());
    // Late into a day that was reported whole is a question; back early from the dentist's is none.
    school.give("Sanna", STAFF_4B, mark("4B", "Maja", late("09:00"))).unwrap();
    let record = school.record("Maja", monday()).unwrap();
    assert_eq!((record.extent, record.check), (Some(parts("08:20", "09:00")), true));
    school.home("Lena", dentist("Hugo", "08:20", "10:00")).unwrap();
    school.at("09:40");
    school.give("Sanna", STAFF_4B, mark("4B", "Hugo", late("09:40"))).unwrap();
    let record = school.record("Hugo", monday()).unwrap();
    assert_eq!((record.extent, record.check), (Some(parts("08:20", "09:40")), false));
}

#[test]
fn a_mark_is_undone_within_a_minute_by_the_teachers_own_clock() {
    let mut school = School::new();
    school.at("08:25");
    school.give("Sanna", STAFF_4B, mark("4B", "Maja", late("08:24"))).unwrap();
    school.give("Sanna", STAFF_4B, mark("4B", "Maja", Presence::Unexplained)).unwrap();
    school.world.now += TimeDelta::seconds(60);
    school.give("Sanna", STAFF_4B, undo("4B", "Maja")).unwrap();
    assert_eq!(school.status("Maja", "4B"), Status::Late { at: hm("08:24") }, "what stood before");
    school.world.now += TimeDelta::seconds(1);
    assert_eq!(school.give("Sanna", STAFF_4B, undo("4B", "Maja")), Err(Rejection::UndoTooLate { seconds: 60 }));
    assert_eq!(school.give("Sanna", STAFF_4B, undo("4B", "Liv")), Err(Rejection::NoMark));
    // No network: both were given at eight, both arrive at ten.
    school.at("10:00");
    school.waited = TimeDelta::hours(1);
    school.give("Sanna", STAFF_4B, mark("4B", "Adam", Presence::Unexplained)).unwrap();
    school.waited = TimeDelta::hours(1) - TimeDelta::seconds(30);
    school.give("Sanna", STAFF_4B, undo("4B", "Adam")).unwrap();
    assert_eq!(school.status("Adam", "4B"), Status::Expected);
    assert_eq!(school.tick("Adam", monday()), 0, "home never hears of it");
}

#[test]
fn a_roll_that_is_marked_and_undone_does_not_come_back_on_replay() {
    let mut school = School::new();
    school.at("08:25");
    let marked = school.command(STAFF_4B, mark("4B", "Maja", Presence::Unexplained));
    school.submit("Sanna", &marked).unwrap();
    school.give("Sanna", STAFF_4B, undo("4B", "Maja")).unwrap();
    assert!(school.submit("Sanna", &marked).unwrap().is_empty());
    // Nor one that a colleague has marked over.
    let marked = school.command(STAFF_4B, mark("4B", "Adam", Presence::Unexplained));
    school.submit("Sanna", &marked).unwrap();
    school.give("Lena", STAFF_4B, mark("4B", "Adam", Presence::Present)).unwrap();
    assert!(school.submit("Sanna", &marked).unwrap().is_empty());
}

#[test]
fn what_a_roll_refuses() {
    let mut school = School::with(|rules| rules.days_back = 2);
    school.on(after(3), "09:00");
    let say = |day, session, who: &[(&str, Presence)]| marks("4B", day, session, who);
    let there = [("Maja", Presence::Present)];
    let mut give = |body| school.give("Sanna", STAFF_4B, body);
    assert_eq!(give(say(after(3), Session::Day, &[])), Err(Rejection::NothingNamed));
    let many = vec![("Maja", Presence::Present); 201];
    assert_eq!(give(say(after(3), Session::Day, &many)), Err(Rejection::TooMany { most: 200 }));
    let twice = [("Maja", Presence::Present), ("Maja", late("09:00"))];
    assert_eq!(give(say(after(3), Session::Day, &twice)), Err(Rejection::MarkedTwice { pupil: person("Maja") }));
    let other = [("Maja", Presence::Present), ("Omar", Presence::Present)];
    assert_eq!(give(say(after(3), Session::Day, &other)), Err(Rejection::NotInGroup { pupil: person("Omar") }));
    assert_eq!(give(say(after(3), Session::Lesson(1), &there)), Err(Rejection::NoSuchSession));
    assert_eq!(give(say(after(4), Session::Day, &there)), Err(Rejection::RollNotOpen { day: after(4) }));
    assert_eq!(give(say(after(0), Session::Day, &there)), Err(Rejection::RollNotOpen { day: after(0) }));
    let outside = Err(Rejection::PartOutsideDay { day_starts: hm("08:20"), day_ends: hm("15:30") });
    assert_eq!(give(say(after(3), Session::Day, &[("Maja", late("22:00"))])), outside);
    give(say(after(1), Session::Day, &there)).unwrap();
    let undo = |day, pupil: &str| CommandBody::UndoMark {
        group: group("4B"),
        day,
        session: Session::Day,
        pupil: person(pupil),
    };
    assert_eq!(give(undo(after(3), "Omar")), Err(Rejection::NotInGroup { pupil: person("Omar") }));
    let saturday = CommandBody::CloseRoll { group: group("4B"), day: after(5), session: Session::Day };
    school.on(after(5), "09:00");
    assert_eq!(school.give("Sanna", STAFF_4B, saturday), Err(Rejection::NotInSession { next: Some(after(7)) }));
}

#[test]
fn a_roll_that_waited_for_a_network_is_still_open() {
    let mut school = School::with(|rules| rules.days_back = 0);
    school.on(after(2), "09:00");
    assert_eq!(
        school.give("Sanna", STAFF_4B, close("4B")),
        Err(Rejection::RollNotOpen { day: monday() }),
        "no corrections here"
    );
    school.waited = TimeDelta::days(2);
    school.give("Sanna", STAFF_4B, close("4B")).unwrap();
}

#[test]
fn who_may_call_the_roll() {
    let bodies = || [mark("4B", "Maja", late("08:30")), close("4B")];
    for (who, capacity) in
        [("Sanna", STAFF_4B), ("Lena", STAFF_4B), ("Vera", TEACHER), ("Olle", OFFICE), ("Petra", PRINCIPAL)]
    {
        let mut school = School::new();
        school.at("08:30");
        for body in bodies() {
            school.give(who, capacity, body).unwrap();
        }
        school.give(who, capacity, undo("4B", "Maja")).unwrap();
    }
    for (who, capacity) in [
        // The teacher of another class, the club, the health team, home, and a role that is not theirs.
        ("Tomas", TEACHER),
        ("Fia", CLUB),
        ("Hedda", Capacity::Staff(Role::PupilHealth)),
        ("Amal", Capacity::Home),
        ("Amal", STAFF_4B),
        ("Vera", STAFF_4B),
        ("Zlatan", TEACHER),
    ] {
        let mut school = School::new();
        school.at("08:30");
        for body in bodies().into_iter().chain([undo("4B", "Maja")]) {
            assert_eq!(school.give(who, capacity, body), Err(Rejection::NotYours), "{who}");
        }
    }
    // No such class.
    let mut school = School::new();
    assert_eq!(school.give("Petra", PRINCIPAL, close("9Z")), Err(Rejection::NotYours));
}

#[test]
fn a_substitutes_class_is_theirs_until_midnight() {
    let mut school = School::new();
    school.at("23:59");
    school.give("Vera", TEACHER, mark("4B", "Maja", late("08:30"))).unwrap();
    school.on(after(1), "00:00");
    for body in [mark("4B", "Hugo", late("08:30")), close("4B"), undo("4B", "Maja")] {
        assert_eq!(school.give("Vera", TEACHER, body), Err(Rejection::NotYours));
    }
    assert!(school.world.on_phone_of(person("Vera")).records.is_empty());
}

#[test]
fn the_club_calls_its_own_roll_of_the_same_child_and_day() {
    let mut school = School::new();
    school.at("08:25");
    school.give("Sanna", STAFF_4B, mark("4B", "Liv", Presence::Unexplained)).unwrap();
    school.at("14:00");
    assert!(matches!(school.status("Liv", "Fritids"), Status::Unexplained { .. }), "nobody expects her to walk in");
    school.give("Fia", CLUB, mark("Fritids", "Liv", Presence::Present)).unwrap();
    assert_eq!(school.status("Liv", "Fritids"), Status::Present);
    // She is here now; that she was missing all morning stays so.
    assert!(matches!(school.status("Liv", "4B"), Status::Unexplained { .. }));
    assert!(school.school_board().evacuation.inside.contains(&person("Liv")));
    assert!(school.pupil_day("Liv", monday()).missing(Session::Day).is_none());
    // The club on the school's closed day.
    let day = day("2026-10-26");
    school.on(day, "09:00");
    school.give("Fia", CLUB, marks("Fritids", day, Session::Day, &[("Liv", late("08:50"))])).unwrap();
    let closed = marks("4B", day, Session::Day, &[("Liv", late("08:50"))]);
    assert_eq!(
        school.give("Sanna", STAFF_4B, closed),
        Err(Rejection::NotInSession { next: Some(crate::school::day("2026-11-02")) })
    );
}

/// Where the roll is called by lesson: 08:20, 09:20 and 10:20.
fn by_lesson() -> School {
    School::with(|rules| {
        rules.roll = RollBy::Lesson;
        let lesson = |from, to| TimeSpan::new(hm(from), hm(to));
        rules.lessons = vec![lesson("08:20", "09:10"), lesson("09:20", "10:10"), lesson("10:20", "11:10")];
    })
}

fn lesson(number: u8, who: &[(&str, Presence)]) -> CommandBody {
    marks("4B", monday(), Session::Lesson(number), who)
}

#[test]
fn by_lesson_each_lesson_has_its_roll() {
    let mut school = by_lesson();
    school.at("08:22");
    for wrong in [Session::Day, Session::Lesson(0), Session::Lesson(4)] {
        let body = marks("4B", monday(), wrong, &[("Maja", Presence::Present)]);
        assert_eq!(school.give("Sanna", STAFF_4B, body), Err(Rejection::NoSuchSession), "{wrong}");
    }
    assert_eq!(school.board("4B").session, Session::Lesson(1));
    school.give("Sanna", STAFF_4B, lesson(1, &[("Maja", Presence::Unexplained)])).unwrap();
    let close = |number| CommandBody::CloseRoll { group: group("4B"), day: monday(), session: Session::Lesson(number) };
    school.give("Sanna", STAFF_4B, close(1)).unwrap();
    school.at("08:25");
    assert_eq!(school.tick("Maja", monday()), 1);
    // In the next lesson she is there, and that corrects the notice.
    school.at("09:22");
    assert_eq!(school.board("4B").session, Session::Lesson(2));
    assert_eq!(school.status("Maja", "4B"), Status::Expected);
    school.give("Sanna", STAFF_4B, close(2)).unwrap();
    assert_eq!(school.status("Maja", "4B"), Status::Present);
    assert!(school.pupil_day("Maja", monday()).missing(Session::Lesson(1)).is_none());
    let school_id = school.world.school();
    let key = skolebro_core::domain::notice::notice_key(
        school_id,
        person("Amal"),
        NoticeReason::UnexplainedAbsence,
        person("Maja"),
        monday(),
        Session::Lesson(1),
    );
    let notice: skolebro_core::domain::notice::Notice = school.world.document(key).unwrap();
    assert!(notice.corrected_at.is_some());
    assert_eq!(school.session("Maja", monday(), Session::Lesson(1)).unwrap().marks[0].presence, Presence::Unexplained);
}

fn close_lesson(number: u8) -> CommandBody {
    CommandBody::CloseRoll { group: group("4B"), day: monday(), session: Session::Lesson(number) }
}

#[test]
fn a_lesson_is_not_closed_before_it_begins_and_there_is_none_beside_the_rules() {
    let mut school = by_lesson();
    let starts = school.pupil_day("Liv", monday()).hours.lessons[1].from;
    school.at("08:25");
    let refused = school.give("Sanna", STAFF_4B, close_lesson(2));
    assert_eq!(refused, Err(Rejection::RollNotBegun { starts }));
    for none in [0, 9, 99] {
        assert_eq!(school.give("Sanna", STAFF_4B, close_lesson(none)), Err(Rejection::NoSuchSession), "{none}");
    }
    // A mark is not for everybody: it can be made as soon as it is known.
    school.give("Sanna", STAFF_4B, lesson(2, &[("Liv", Presence::Unexplained)])).unwrap();
    school.on(monday(), &starts.format("%H:%M").to_string());
    school.give("Sanna", STAFF_4B, close_lesson(2)).unwrap();
}

#[test]
fn whoever_sits_in_class_is_on_the_evacuation_list_though_an_earlier_lesson_missed_them() {
    // In whichever order the two rolls are entered.
    for entered_late in [false, true] {
        let mut school = by_lesson();
        let first = |school: &mut School| {
            school.give("Sanna", STAFF_4B, lesson(1, &[("Maja", Presence::Unexplained)])).unwrap();
            school.give("Sanna", STAFF_4B, close_lesson(1)).unwrap();
        };
        if !entered_late {
            school.at("08:25");
            first(&mut school);
            school.at("08:30");
            let body = CommandBody::ExplainAbsence {
                pupil: person("Maja"),
                day: monday(),
                session: Session::Lesson(1),
                kind: AbsenceKind::Other,
                note: None,
            };
            school.home("Amal", body).unwrap();
            assert!(!school.school_board().evacuation.uncertain.contains(&person("Maja")));
            // Lesson 2 has begun, and nobody has called its roll: she may have come.
            school.at("09:21");
            assert!(school.school_board().evacuation.uncertain.contains(&person("Maja")));
        }
        school.at("09:25");
        school.give("Sanna", STAFF_4B, close_lesson(2)).unwrap();
        if entered_late {
            school.at("10:00");
            first(&mut school);
        }
        assert_eq!(school.status("Maja", "4B"), Status::Present, "{entered_late}");
        let evacuation = school.school_board().evacuation;
        assert!(evacuation.inside.contains(&person("Maja")), "{entered_late} {evacuation:?}");
        // Home's phone holds no rolls, and sees it too.
        let home = school.world.on_phone_of(person("Amal"));
        let book = skolebro_core::domain::attendance::board::DayBook::of_group(&home, group("4B"), monday());
        assert_eq!(book.whereabouts(person("Maja")), Status::Present, "{entered_late}");
        assert_eq!(school.tick("Maja", monday()), 0, "nobody is called about a pupil who sits there");
        let missed = school.session("Maja", monday(), Session::Lesson(1)).unwrap().marks[0].presence;
        assert_eq!(missed, Presence::Unexplained, "that she was missing in the first lesson stays so");
    }
}

#[test]
fn by_lesson_presence_outranks_a_report_for_that_lesson_only() {
    let mut school = by_lesson();
    school.at("08:25");
    school.give("Sanna", STAFF_4B, lesson(1, &[("Maja", Presence::Present)])).unwrap();
    school.at("09:15");
    school.home("Amal", sick_today("Maja")).unwrap();
    let record = school.record("Maja", monday()).unwrap();
    assert_eq!((record.extent, record.check), (Some(parts("09:10", "15:30")), true));
    school.at("09:25");
    assert!(matches!(school.status("Maja", "4B"), Status::Reported { .. }));
    // A dentist's hour is absence from the lessons that it touches.
    school.home("Lena", dentist("Hugo", "09:00", "10:00")).unwrap();
    let book = |school: &School, number| {
        let book = skolebro_core::domain::attendance::board::DayBook::of_group(&school.world, group("4B"), monday());
        book.status_in(person("Hugo"), group("4B"), Session::Lesson(number))
    };
    assert!(matches!(book(&school, 1), Status::Reported { .. }));
    assert!(matches!(book(&school, 2), Status::Reported { .. }));
    assert_eq!(book(&school, 3), Status::Expected);
    // A report explains the lessons that it covers, and no others.
    school.give("Sanna", STAFF_4B, lesson(2, &[("Adam", Presence::Unexplained)])).unwrap();
    school.home("Greta", dentist("Adam", "10:20", "11:00")).unwrap();
    assert!(school.pupil_day("Adam", monday()).missing(Session::Lesson(2)).is_some());
    school.home("Fatou", dentist("Adam", "09:20", "10:00")).unwrap();
    assert!(school.pupil_day("Adam", monday()).missing(Session::Lesson(2)).is_none());
}

#[test]
fn a_teaching_group_has_lessons_and_no_roll_of_the_day() {
    let teaching = |mut school: School| {
        let kind = GroupKind::TeachingGroup;
        school.put(Group {
            id: group("Matte"),
            name: "Matte".into(),
            kind,
            form: SchoolForm::Compulsory,
            code: None,
            location: None,
        });
        school.put(Membership { pupil: person("Maja"), group: group("Matte"), dates: Dates::default() });
        school.at("08:40");
        school
    };
    let roll = |session| marks("Matte", monday(), session, &[("Maja", Presence::Unexplained)]);
    let mut school = teaching(School::new());
    assert_eq!(school.give("Olle", OFFICE, roll(Session::Day)), Err(Rejection::NoSuchSession));
    assert_eq!(school.board("Matte").roll, RollState::NoRoll);
    assert!(school.school_board().groups.iter().all(|board| board.group != group("Matte")));
    let mut school = teaching(by_lesson());
    school.give("Olle", OFFICE, roll(Session::Lesson(1))).unwrap();
    assert_eq!(school.board("Matte").roll, RollState::Open);
    assert!(matches!(school.status("Maja", "Matte"), Status::Unexplained { .. }));
}

#[test]
fn whoever_is_barred_from_liv_calls_the_roll_of_the_others_and_closes_none() {
    let mut school = School::new();
    // Zlatan, barred from Liv, is given her class.
    let reach = Reach::Group(group("4B"));
    school.put(Assignment { person: person("Zlatan"), role: Role::Teacher, reach, dates: Dates::default() });
    school.at("08:25");
    school.give("Zlatan", TEACHER, mark("4B", "Maja", Presence::Unexplained)).unwrap();
    for mark in [mark("4B", "Liv", Presence::Present), undo("4B", "Liv")] {
        let refused = school.give("Zlatan", TEACHER, mark);
        assert_eq!(refused, Err(Rejection::NotInGroup { pupil: person("Liv") }), "she reads like nobody of this class");
    }
    assert_eq!(school.give("Zlatan", TEACHER, close("4B")), Err(Rejection::NotYours), "it would say that Liv is there");
    let seen = CommandBody::MarkSeen { pupils: vec![person("Liv")], day: monday() };
    assert_eq!(school.give("Zlatan", TEACHER, seen), Err(Rejection::NotYours));
    assert!(untouched(&school, "Liv"));
    school.give("Sanna", STAFF_4B, close("4B")).unwrap();
    assert_eq!(school.status("Liv", "4B"), Status::Present);
}
