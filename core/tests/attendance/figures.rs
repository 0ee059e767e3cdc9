//! What the records add up to: the board, who is in the building, a child's statistics, follow-up, and what goes when.

use crate::school::*;
use chrono::{NaiveDate, TimeDelta};
use skolebro_core::domain::{
    attendance::{
        AbsenceKind, Attendance, FollowUpSignal, Presence, RollTaken, Session, Status, Validity, attendance_key,
        roll_key,
        stats::{Cause, statistics},
    },
    command::{Capacity, CommandBody},
    ids::RecordId,
    people::Role,
    record::Record,
    rejection::Rejection,
    retention::erased_on,
    rules::{Measure, Threshold},
};

#[test]
fn the_board_says_who_is_where_and_groups_add_up_to_the_school() {
    let mut school = School::new();
    school.home("Amal", sick_today("Maja")).unwrap();
    school.home("Nora", report(&["Omar"], AbsenceKind::Other, monday(), monday(), None)).unwrap();
    school.at("08:25");
    school.give("Sanna", STAFF_4B, mark("4B", "Adam", Presence::Unexplained)).unwrap();
    let before = school.board("4B").counts;
    assert_eq!((before.pupils, before.expected, before.unmarked, before.present), (4, 3, 2, 0));
    school.give("Sanna", STAFF_4B, close("4B")).unwrap();
    let board = school.board("4B").counts;
    assert_eq!((board.pupils, board.expected, board.present, board.sick), (4, 3, 2, 1));
    assert_eq!((board.unexplained, board.unmarked, board.away, board.gone), (1, 0, 0, 0));
    // Six children at school, Liv in two groups and counted once.
    let total = school.school_board().total;
    assert_eq!((total.pupils, total.present, total.sick, total.away), (6, 2, 1, 1));
    assert_eq!((total.unexplained, total.unmarked), (1, 1));
    let sum = total.present + total.sick + total.away + total.on_leave + total.unexplained + total.explained;
    assert_eq!(sum + total.gone + total.unmarked, total.pupils);
}

#[test]
fn who_is_in_the_building() {
    let mut school = School::new();
    school.home("Amal", dentist("Maja", "10:00", "11:00")).unwrap();
    school.at("08:25");
    let list = |school: &School| {
        let found = school.school_board().evacuation;
        let mut names: Vec<&str> = ["Liv", "Maja", "Adam", "Hugo", "Omar"]
            .into_iter()
            .filter(|name| found.inside.contains(&person(name)))
            .collect();
        names.sort_unstable();
        (names, found.uncertain.contains(&person("Omar")))
    };
    assert_eq!(list(&school), (vec![], true), "no roll has said anything: nobody is ruled out");
    school.give("Sanna", STAFF_4B, mark("4B", "Adam", Presence::Unexplained)).unwrap();
    school.give("Sanna", STAFF_4B, close("4B")).unwrap();
    assert_eq!(list(&school).0, ["Hugo", "Liv", "Maja"]);
    school.at("10:20");
    school.give("Sanna", STAFF_4B, mark("4B", "Hugo", Presence::SentHomeSick { at: hm("10:20") })).unwrap();
    assert_eq!(list(&school).0, ["Liv"], "Maja is at the dentist's, Hugo on his way home");
    school.at("11:05");
    assert_eq!(list(&school).0, ["Liv", "Maja"]);
    school.at("20:00");
    let late = school.school_board().evacuation;
    assert!(late.inside.is_empty() && late.uncertain.contains(&person("Liv")), "nobody has said that she left");
}

#[test]
fn a_leave_that_was_granted_shows_as_leave() {
    let mut school = School::new();
    let key = attendance_key(school.world.school, person("Maja"), monday(), Session::Day);
    let granted = Attendance { on_leave: true, validity: Validity::Valid, ..Attendance::of(Session::Day) };
    let record =
        Record { id: key.1, scope: key.0, pupil: Some(person("Maja")), day: Some(monday()), body: granted.into() };
    school.world.records.insert(key, record);
    assert_eq!(school.status("Maja", "4B"), Status::OnLeave);
    school.at("08:25");
    school.give("Sanna", STAFF_4B, close("4B")).unwrap();
    assert_eq!(school.roll_taken("4B").unwrap().absent, [person("Maja")]);
    let board = school.board("4B").counts;
    assert_eq!((board.on_leave, board.expected), (1, 3));
    // Marked missing by mistake, it is still leave and nobody is alarmed.
    school.give("Sanna", STAFF_4B, mark("4B", "Maja", Presence::Unexplained)).unwrap();
    school.at("08:40");
    assert_eq!((school.status("Maja", "4B"), school.tick("Maja", monday())), (Status::OnLeave, 0));
}

#[test]
fn a_childs_statistics() {
    let mut school = School::new();
    // Two days over a weekend are one occasion; a dentist's hour is another; a day missed a third.
    school.on(after(4), "07:00");
    school.home("Amal", sick(&["Maja"], after(4), after(7))).unwrap();
    school.on(after(9), "07:00");
    let hour = report(&["Maja"], AbsenceKind::Appointment, after(9), after(9), Some(part("09:00", "10:00")));
    school.home("Erik", hour).unwrap();
    school.on(after(11), "08:30");
    let roll = |number, presence| marks("4B", after(number), Session::Day, &[("Maja", presence)]);
    school.give("Sanna", STAFF_4B, roll(11, Presence::Unexplained)).unwrap();
    school.give("Sanna", STAFF_4B, roll(8, late("08:40"))).unwrap();
    let stats = statistics(&school.world, person("Maja"), after(0), after(13));
    assert_eq!((stats.days_in_session, stats.days, stats.whole_days), (10, 4, 3));
    assert_eq!((stats.occasions, stats.longest_run, stats.late_arrivals), (3, 2, 1));
    let causes: Vec<_> = stats.by_cause.into_iter().collect();
    assert_eq!(causes, [(Cause::Sick, 2), (Cause::Appointment, 1), (Cause::Unexplained, 1)]);
    assert_eq!(stats.by_validity[&Validity::Valid], 3);
    assert_eq!(stats.by_validity[&Validity::Invalid], 1, "nobody has said why");
    school.home("Amal", explain("Maja", after(11), AbsenceKind::Other)).unwrap();
    let stats = statistics(&school.world, person("Maja"), after(0), after(13));
    assert_eq!((stats.by_cause[&Cause::Other], stats.by_validity[&Validity::Unjudged]), (1, 1));
    // Home sees the same figures: they come from what home's phone holds.
    let on_phone = statistics(&school.world.on_phone_of(person("Erik")), person("Maja"), after(0), after(13));
    assert_eq!(on_phone, stats);
    let outside = statistics(&school.world.on_phone_of(person("Nora")), person("Maja"), after(0), after(13));
    assert_eq!(outside.days, 0);
}

fn threshold(name: &str, measure: Measure, count: u16, within_days: u16, tell: &[Role]) -> Threshold {
    Threshold { name: name.into(), measure, count, within_days, tell: tell.to_vec() }
}

fn signals(school: &School) -> Vec<(NaiveDate, String, u16)> {
    let found = school.world.all::<FollowUpSignal>().into_iter();
    let mut found: Vec<_> = found.map(|(record, s)| (record.day.unwrap(), s.threshold, s.count)).collect();
    found.sort();
    found
}

#[test]
fn repeated_absence_raises_a_signal_once_until_it_has_fallen_below() {
    let mut school = School::with(|rules| {
        rules.thresholds = vec![threshold("upprepad", Measure::Days, 2, 5, &[Role::ContactTeacher])];
    });
    let mut live = |number: i64, absent: bool| {
        school.on(after(number), "07:00");
        if absent {
            school.home("Amal", sick(&["Maja"], after(number), after(number))).unwrap();
        }
        assert_eq!(school.tick("Maja", after(number)), 0, "not before the day is over");
        school.on(after(number), "15:30");
        school.tick("Maja", after(number));
        signals(&school).len()
    };
    assert_eq!(live(0, true), 0);
    assert_eq!(live(1, true), 1);
    assert_eq!(live(2, true), 1, "told already");
    assert_eq!(live(3, false), 1);
    for quiet in 4..=10 {
        assert_eq!(live(quiet, false), 1);
    }
    assert_eq!(live(11, true), 1);
    assert_eq!(live(14, true), 2, "it had fallen below, and has risen again");
    let (record, signal) = school.world.all::<FollowUpSignal>().remove(0);
    assert_eq!((signal.tell, signal.count), (vec![Role::ContactTeacher], 2));
    let holds = |who: &str| !school.world.on_phone_of(person(who)).all::<FollowUpSignal>().is_empty();
    assert!(holds("Sanna") && holds("Petra"), "{record:?}");
    assert!(!holds("Amal") && !holds("Tomas") && !holds("Nora"));
}

/// Two days of Maja's, and the signal that they raise for her contact teacher.
fn signalled() -> (School, RecordId) {
    let mut school = School::with(|rules| {
        rules.thresholds = vec![threshold("upprepad", Measure::Days, 2, 5, &[Role::ContactTeacher])];
    });
    for number in 0..2 {
        school.on(after(number), "07:00");
        school.home("Amal", sick(&["Maja"], after(number), after(number))).unwrap();
        school.on(after(number), "15:30");
        school.tick("Maja", after(number));
    }
    let (record, _) = school.world.all::<FollowUpSignal>().remove(0);
    (school, record.id)
}

fn handle(pupil: &str, signal: RecordId, handled: bool, note: Option<&str>) -> CommandBody {
    CommandBody::HandleFollowUp { pupil: person(pupil), signal, handled, note: note.map(str::to_owned) }
}

#[test]
fn a_signal_waits_until_somebody_whom_it_is_for_has_dealt_with_it() {
    let (mut school, signal) = signalled();
    let held = |school: &School| school.world.all::<FollowUpSignal>().remove(0).1;
    let done = || handle("Maja", signal, true, Some("samtal med hemmet på torsdag"));
    for (who, capacity) in [
        ("Amal", Capacity::Home),
        ("Amal", STAFF_4B),
        ("Tomas", TEACHER),
        ("Vera", TEACHER),
        ("Fia", CLUB),
        ("Hedda", Capacity::Staff(Role::PupilHealth)),
        ("Olle", OFFICE),
        ("Sanna", PRINCIPAL),
    ] {
        assert_eq!(school.give(who, capacity, done()), Err(Rejection::NotYours), "{who}: it is not told to them");
    }
    let nobody = handle("Maja", RecordId::derive(&[&"another"]), true, None);
    assert_eq!(school.give("Sanna", STAFF_4B, nobody), Err(Rejection::NotYours));
    let long = "ä".repeat(301);
    let long = handle("Maja", signal, true, Some(&long));
    assert_eq!(school.give("Sanna", STAFF_4B, long), Err(Rejection::NoteTooLong { most: 300 }));

    school.give("Sanna", STAFF_4B, done()).unwrap();
    assert!(held(&school).is_handled());
    assert_eq!((held(&school).handling[0].by, held(&school).handling.len()), (person("Sanna"), 1));
    // Twice is once, and a signal that the clock raised is not raised anew.
    assert!(school.give("Lena", STAFF_4B, handle("Maja", signal, true, None)).unwrap().is_empty());
    assert_eq!(school.tick("Maja", after(1)), 0);
    // What Sanna wrote of Maja is hers and her colleagues': no phone at home holds it.
    assert!(school.world.on_phone_of(person("Amal")).all::<FollowUpSignal>().is_empty());
}

#[test]
fn what_was_called_dealt_with_by_mistake_is_taken_back_and_a_late_word_overrules_nobody() {
    let (mut school, signal) = signalled();
    let held = |school: &School| school.world.all::<FollowUpSignal>().remove(0).1;
    school.on(after(2), "08:00");
    school.give("Lena", STAFF_4B, handle("Maja", signal, true, None)).unwrap();
    school.on(after(2), "09:00");
    school.give("Petra", PRINCIPAL, handle("Maja", signal, false, Some("inte ringt än"))).unwrap();
    assert!(!held(&school).is_handled(), "whoever leads the school may, though it was not told to her");
    // Sanna had said so at half past eight, without a network.
    school.waited = TimeDelta::minutes(60);
    school.on(after(2), "09:30");
    school.give("Sanna", STAFF_4B, handle("Maja", signal, true, Some("talade med Amal"))).unwrap();
    assert!(!held(&school).is_handled());
    let who: Vec<_> = held(&school).handling.iter().map(|said| said.by).collect();
    assert_eq!(who, ["Lena", "Sanna", "Petra"].map(person));
    school.waited = TimeDelta::zero();
    school.on(after(2), "10:00");
    school.give("Sanna", STAFF_4B, handle("Maja", signal, true, None)).unwrap();
    assert!(held(&school).is_handled());
}

#[test]
fn nobody_deals_with_the_signal_of_their_own_child() {
    let mut school = School::with(|rules| {
        rules.thresholds = vec![threshold("dagar", Measure::Days, 1, 5, &[Role::ContactTeacher])];
    });
    school.home("Lena", sick_today("Hugo")).unwrap();
    school.at("15:30");
    school.tick("Hugo", monday());
    let (record, _) = school.world.all::<FollowUpSignal>().remove(0);
    let body = handle("Hugo", record.id, true, None);
    assert_eq!(school.give("Lena", STAFF_4B, body.clone()), Err(Rejection::OwnChild));
    school.give("Sanna", STAFF_4B, body).unwrap();
}

#[test]
fn a_signal_of_an_earlier_version_waits() {
    let old =
        r#"{"threshold":"upprepad","count":2,"within_days":5,"tell":["contact_teacher"],"at":"2026-11-20T15:00:00Z"}"#;
    let signal: FollowUpSignal = serde_json::from_str(old).unwrap();
    assert!(!signal.is_handled());
    assert_eq!(serde_json::to_string(&signal).unwrap(), old, "and an earlier version reads it as it was");
}

#[test]
fn each_measure_counts_what_it_says() {
    let measures = [
        ("tillfällen", Measure::Occasions, 2),
        ("dagar", Measure::Days, 3),
        ("i följd", Measure::ConsecutiveDays, 2),
        ("ogiltig", Measure::InvalidDays, 1),
    ];
    let mut school = School::with(|rules| {
        rules.thresholds =
            measures.map(|(name, measure, count)| threshold(name, measure, count, 30, &[Role::Principal])).to_vec();
    });
    let not_due = |school: &mut School, number| {
        let body = CommandBody::FollowUp { pupil: person("Maja"), day: after(number) };
        assert_eq!(school.clock(body), Err(Rejection::NotDue));
    };
    school.home("Amal", sick_today("Maja")).unwrap();
    not_due(&mut school, 0);
    school.at("16:00");
    not_due(&mut school, 0);
    school.on(after(2), "08:30");
    let roll = |number| marks("4B", after(number), Session::Day, &[("Maja", Presence::Unexplained)]);
    school.give("Sanna", STAFF_4B, roll(2)).unwrap();
    school.on(after(2), "16:00");
    let body = CommandBody::FollowUp { pupil: person("Maja"), day: after(2) };
    school.clock(body.clone()).unwrap();
    assert_eq!(signals(&school), [(after(2), "ogiltig".into(), 1), (after(2), "tillfällen".into(), 2)]);
    school.world.now += TimeDelta::seconds(1);
    assert!(school.clock(body).unwrap().is_empty(), "a repeated tick");
    school.on(after(3), "07:00");
    school.home("Amal", sick(&["Maja"], after(3), after(3))).unwrap();
    school.on(after(3), "16:00");
    school.tick("Maja", after(3));
    assert_eq!(signals(&school)[2..], [(after(3), "dagar".into(), 3), (after(3), "i följd".into(), 2)]);
}

#[test]
fn a_record_goes_when_its_rule_set_no_longer_needs_it() {
    let mut school = School::new();
    school.home("Amal", sick_today("Maja")).unwrap();
    school.at("08:25");
    school.give("Sanna", STAFF_4B, close("4B")).unwrap();
    let (scope, id) = attendance_key(school.world.school, person("Maja"), monday(), Session::Day);
    let record = school.world.records[&(scope, id)].clone();
    let erase = CommandBody::Erase { scope, record: id };
    let goes = erased_on(&school.world.roster, &record, monday()).expect("the sample rule set names attendance");
    assert!(goes > day("2027-07-31"), "counted from the end of the school year");
    school.on(goes.pred_opt().unwrap(), "23:00");
    assert_eq!(school.clock(erase.clone()), Err(Rejection::NotDue));
    assert_eq!(school.give("Petra", PRINCIPAL, erase.clone()), Err(Rejection::NotAPersonsCommand));
    school.on(goes, "03:00");
    let changes = school.clock(erase.clone()).unwrap();
    assert_eq!(changes.remove, [(scope, id)]);
    school.on(goes, "04:00");
    assert!(school.clock(erase).unwrap().is_empty(), "gone is gone");
    assert_eq!(school.record("Maja", monday()), None);
    // A roll follows its group's rule set; what no rule set names stays.
    let (scope, id) = roll_key(school.world.school, group("4B"), monday(), Session::Day);
    let roll = school.world.records[&(scope, id)].clone();
    assert!(RollTaken::try_from(roll.body.clone()).is_ok());
    assert!(erased_on(&school.world.roster, &roll, monday()).is_some());
    let mut rules =
        (**school.world.roster.rules(skolebro_core::domain::people::SchoolForm::Compulsory, monday()).unwrap()).clone();
    rules.retention.0.remove("roll_taken");
    school.put(rules);
    assert_eq!(erased_on(&school.world.roster, &roll, monday()), None);
    assert_eq!(school.clock(CommandBody::Erase { scope, record: id }), Err(Rejection::NotDue));
}

#[test]
fn what_a_day_counts_as_is_what_the_year_counts() {
    use skolebro_core::domain::attendance::stats::validity_of;
    let mut school = School::new();
    school.home("Amal", sick_today("Maja")).unwrap();
    school.at("08:30");
    school.give("Sanna", STAFF_4B, mark("4B", "Liv", Presence::Unexplained)).unwrap();
    let of = |school: &School, pupil: &str| {
        let numbers = statistics(&school.world, person(pupil), monday(), monday());
        let day = validity_of(&school.pupil_day(pupil, monday()));
        assert_eq!(numbers.by_validity.keys().copied().next(), day, "{pupil}");
        assert_eq!(numbers.by_cause.values().sum::<u16>(), numbers.days);
        assert_eq!(numbers.by_validity.values().sum::<u16>(), numbers.days);
        day
    };
    assert_eq!(of(&school, "Liv"), Some(Validity::Invalid), "nobody has said why");
    assert_eq!((of(&school, "Maja"), of(&school, "Omar")), (Some(Validity::Valid), None));
    school.home("Erik", explain("Liv", monday(), AbsenceKind::Sick)).unwrap();
    assert_eq!(of(&school, "Liv"), Some(Validity::Unjudged));
    school.give("Sanna", STAFF_4B, judge("Liv", monday(), true, None)).unwrap();
    assert_eq!(of(&school, "Liv"), Some(Validity::Valid));
}
