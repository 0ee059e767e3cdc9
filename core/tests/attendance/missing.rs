//! Unexplained absence: the notice the same day, the call list, the explanation and what staff make of it.

use crate::school::*;
use chrono::TimeDelta;
use skolebro_core::domain::{
    attendance::{AbsenceKind, CallOutcome, Presence, Session, Status, Told, Validity, due},
    command::{Capacity, CommandBody},
    notice::{Notice, NoticeReason, notice_key},
    people::{AdultConsent, Block, Dates, GuardianshipKind, Standing},
    rejection::Rejection,
    rules::RollBy,
    scope::Topic,
    world::World,
};

/// It is 08:25 and Sanna has just marked that pupil missing.
fn missed(pupil: &str) -> School {
    let mut school = School::new();
    school.at("08:25");
    school.give("Sanna", STAFF_4B, mark("4B", pupil, Presence::Unexplained)).unwrap();
    school
}

fn notify(pupil: &str) -> CommandBody {
    CommandBody::NotifyUnexplained { pupil: person(pupil), day: monday(), session: Session::Day }
}
fn escalate(pupil: &str) -> CommandBody {
    CommandBody::EscalateToCallList { pupil: person(pupil), day: monday(), session: Session::Day }
}
fn told(school: &School, adult: &str, pupil: &str) -> bool {
    school.notice(adult, NoticeReason::UnexplainedAbsence, pupil).is_some()
}
fn read(school: &School, adult: &str, pupil: &str) -> CommandBody {
    let reason = NoticeReason::UnexplainedAbsence;
    let key = notice_key(school.world.school(), person(adult), reason, person(pupil), monday(), Session::Day);
    CommandBody::MarkNoticeRead { notice: key.1 }
}

#[test]
fn home_is_told_the_same_day_once_the_teacher_can_no_longer_take_it_back() {
    let mut school = missed("Liv");
    assert_eq!(school.clock(notify("Liv")), Err(Rejection::NotDue));
    let next = due::missing(&school.world, person("Liv"), monday());
    assert_eq!((next.commands.len(), next.next), (0, Some(school.world.now + TimeDelta::seconds(61))));
    school.world.now += TimeDelta::seconds(61);
    assert_eq!(school.tick("Liv", monday()), 1);
    assert!(told(&school, "Amal", "Liv") && told(&school, "Erik", "Liv"));
    for adult in ["Bo", "Zlatan", "Per", "Ville", "Nora"] {
        assert!(!told(&school, adult, "Liv"), "{adult}");
    }
    assert_eq!(school.tick("Liv", monday()), 0, "once");
    assert!(school.clock(notify("Liv")).unwrap().is_empty());
}

#[test]
fn the_foster_home_and_the_god_man_are_told() {
    let mut school = missed("Adam");
    school.at("08:30");
    school.tick("Adam", monday());
    assert!(told(&school, "Greta", "Adam") && told(&school, "Fatou", "Adam"));
}

#[test]
fn nobody_is_told_of_a_day_that_is_over_or_of_one_who_is_not_missing() {
    let mut school = School::new();
    for body in [notify("Liv"), escalate("Liv")] {
        assert_eq!(school.clock(body), Err(Rejection::NotDue));
    }
    school.on(after(1), "09:00");
    school.give("Sanna", STAFF_4B, mark("4B", "Liv", Presence::Unexplained)).unwrap();
    school.on(after(1), "09:30");
    assert_eq!(school.clock(notify("Liv")), Err(Rejection::NotDue));
    assert_eq!(school.tick("Liv", monday()), 0, "a correction of yesterday is no alarm");
}

#[test]
fn the_clock_is_nobody() {
    let mut school = missed("Liv");
    school.at("08:40");
    for body in [notify("Liv"), escalate("Liv"), CommandBody::FollowUp { pupil: person("Liv"), day: monday() }] {
        for (who, capacity) in [("Petra", PRINCIPAL), ("Amal", Capacity::Home), ("Amal", Capacity::System)] {
            assert_eq!(school.give(who, capacity, body.clone()), Err(Rejection::NotAPersonsCommand));
        }
    }
}

#[test]
fn whoever_nobody_has_read_of_is_called() {
    let mut school = missed("Liv");
    school.at("08:30");
    school.tick("Liv", monday());
    assert_eq!(school.clock(escalate("Liv")), Err(Rejection::NotDue));
    assert_eq!(due::missing(&school.world, person("Liv"), monday()).next, Some(school.moment(monday(), "09:00")));
    school.at("09:00");
    assert_eq!(school.tick("Liv", monday()), 1);
    let entry = school.call("Liv").unwrap();
    assert_eq!((entry.since, entry.closed_at, entry.calls.len()), (school.world.now, None, 0));
    assert!(school.clock(escalate("Liv")).unwrap().is_empty());
    // The office's phone holds the list; the teacher's and home's do not.
    let holds = |who: &str| {
        !school.world.on_phone_of(person(who)).all::<skolebro_core::domain::attendance::CallListEntry>().is_empty()
    };
    assert!(holds("Olle") && holds("Petra"));
    assert!(!holds("Amal") && !holds("Sanna") && !holds("Tomas"));
}

#[test]
fn one_who_has_read_it_is_enough() {
    let mut school = missed("Liv");
    school.at("08:30");
    school.tick("Liv", monday());
    school.home("Erik", read(&school, "Erik", "Liv")).unwrap();
    school.at("09:30");
    assert_eq!(school.tick("Liv", monday()), 0);
    assert_eq!(school.clock(escalate("Liv")), Err(Rejection::NotDue));
    // Reading is one's own: Amal's says nothing of Erik's, and nobody reads it for another.
    assert!(school.notice("Amal", NoticeReason::UnexplainedAbsence, "Liv").unwrap().read_at.is_none());
    let of_amal = read(&school, "Amal", "Liv");
    for who in ["Erik", "Nora", "Zlatan"] {
        assert_eq!(school.home(who, of_amal.clone()), Err(Rejection::NotYours), "{who}");
    }
    assert_eq!(school.give("Olle", OFFICE, of_amal), Err(Rejection::NotYours));
    assert_eq!(school.world.on_phone_of(person("Erik")).all::<Notice>().len(), 1);
}

#[test]
fn where_there_is_nobody_to_tell_the_office_calls_at_once() {
    let mut school = missed("Adam");
    for adult in ["Greta", "Fatou"] {
        school.put(Block { pupil: person("Adam"), person: person(adult) });
    }
    school.at("08:27");
    assert_eq!(school.tick("Adam", monday()), 1);
    assert!(school.call("Adam").is_some());
}

#[test]
fn of_a_grown_up_who_has_consented_to_nobody_the_office_hears_at_once() {
    let mut school = missed("Liv");
    let elias = |school: &mut School| {
        let body = mark("4C", "Elias", Presence::Unexplained);
        school.give("Tomas", TEACHER, body).unwrap();
        school.world.now += TimeDelta::seconds(61);
        school.tick("Elias", monday())
    };
    // Ulf reads by Elias' consent: he is told first.
    assert_eq!(elias(&mut school.clone()), 1);
    let until_yesterday = Dates { from: None, until: Some(after(-1)) };
    school.put(AdultConsent { pupil: person("Elias"), person: person("Ulf"), dates: until_yesterday });
    assert_eq!(elias(&mut school), 2);
    assert!(school.call("Elias").is_some(), "at once: there is nobody to wait for");
    assert!(told(&school, "Elias", "Elias"), "Elias hears what home would have heard");
    for adult in ["Ulf", "Eva"] {
        assert!(!told(&school, adult, "Elias"), "{adult}");
        assert_eq!(school.home(adult, explain("Elias", monday(), AbsenceKind::Sick)), Err(Rejection::NotYours));
    }
}

#[test]
fn calls_are_logged_until_home_is_reached() {
    let mut school = missed("Liv");
    let listed = |school: &mut School| {
        school.at("08:30");
        school.tick("Liv", monday());
        school.at("09:00");
        school.tick("Liv", monday());
    };
    assert_eq!(school.give("Olle", OFFICE, called("Maja", None, true)), Err(Rejection::NotOnCallList));
    listed(&mut school);
    school.give("Olle", OFFICE, called("Liv", Some("Amal"), false)).unwrap();
    assert_eq!(school.call("Liv").unwrap().closed_at, None);
    let mut at_home = said_home("Liv", CallOutcome::AtHome, None);
    if let CommandBody::LogCall { called, .. } = &mut at_home {
        *called = Some(person("Erik"));
    }
    school.give("Petra", PRINCIPAL, at_home).unwrap();
    let entry = school.call("Liv").unwrap();
    assert_eq!((entry.calls.len(), entry.closed_at), (2, Some(school.world.now)));
    assert_eq!((entry.calls[0].called, entry.calls[0].reached), (Some(person("Amal")), false));
    // A colleague's call that crossed it is logged too.
    school.give("Olle", OFFICE, called("Liv", None, false)).unwrap();
    assert_eq!(school.tick("Liv", monday()), 0, "and nobody is asked to call again");
    for (who, capacity) in [("Vera", TEACHER), ("Tomas", TEACHER), ("Amal", Capacity::Home), ("Fia", CLUB)] {
        assert_eq!(school.give(who, capacity, called("Liv", None, true)), Err(Rejection::NotYours), "{who}");
    }
    assert_eq!(school.give("Olle", OFFICE, called("Liv", Some("Nora"), true)), Err(Rejection::NotYours));
    // Bo has leave alone, Zlatan is barred, Per is not confirmed: none of them may hear of it, nor close the list.
    let mut bo = school.world.roster.guardianship(person("Liv"), person("Bo")).unwrap().clone();
    bo.topics = vec![Topic::Leave];
    school.put(bo);
    for adult in ["Bo", "Zlatan", "Per", "Ville"] {
        let refused = school.give("Olle", OFFICE, called("Liv", Some(adult), true));
        assert_eq!(refused, Err(Rejection::NotYours), "{adult}");
    }
    // The contact teacher calls as well, though her phone does not hold the list.
    school.give("Sanna", STAFF_4B, called("Liv", Some("Amal"), true)).unwrap();
    // Lena is Hugo's mother: a colleague calls her.
    assert_eq!(school.give("Lena", STAFF_4B, called("Hugo", Some("Lena"), true)), Err(Rejection::OwnChild));
}

#[test]
fn an_arrival_and_a_report_take_the_child_off_the_call_list() {
    for what in ["arrives", "is reported", "is explained", "turns up at the club"] {
        let mut school = missed("Liv");
        school.at("08:30");
        school.tick("Liv", monday());
        school.at("09:00");
        school.tick("Liv", monday());
        school.at("09:10");
        match what {
            "arrives" => school.give("Sanna", STAFF_4B, mark("4B", "Liv", late("09:10"))),
            "is reported" => school.home("Amal", sick_today("Liv")),
            "is explained" => school.home("Erik", explain("Liv", monday(), AbsenceKind::Other)),
            _ => school.give("Fia", CLUB, mark("Fritids", "Liv", Presence::Present)),
        }
        .unwrap();
        assert_eq!(school.call("Liv").unwrap().closed_at, Some(school.world.now), "{what}");
        let notice = school.notice("Amal", NoticeReason::UnexplainedAbsence, "Liv").unwrap();
        assert_eq!(notice.corrected_at, Some(school.world.now), "{what}");
        assert_eq!(school.tick("Liv", monday()), 0, "{what}");
    }
}

#[test]
fn a_child_who_was_missed_and_is_said_to_be_well_again_is_missing_until_somebody_sees_it() {
    for comes in [false, true] {
        let mut school = missed("Liv");
        school.at("08:30");
        school.tick("Liv", monday());
        school.at("08:40");
        school.home("Amal", sick_today("Liv")).unwrap();
        school.at("08:50");
        school.home("Amal", well("Liv", monday(), None)).unwrap();
        assert_eq!(school.status("Liv", "4B"), Status::Back { at: Some(hm("08:50")) });
        assert_eq!(school.tick("Liv", monday()), 0, "she is on her way");
        if comes {
            school.at("09:00");
            school.give("Sanna", STAFF_4B, mark("4B", "Liv", late("09:00"))).unwrap();
        }
        school.at("09:05");
        assert_eq!(school.tick("Liv", monday()), usize::from(!comes));
        let notice = school.notice("Erik", NoticeReason::UnexplainedAbsence, "Liv").unwrap();
        assert_eq!(notice.corrected_at.is_none(), !comes);
        if !comes {
            // Not well after all: that answers it.
            school.home("Amal", sick_today("Liv")).unwrap();
            let notice = school.notice("Erik", NoticeReason::UnexplainedAbsence, "Liv").unwrap();
            assert_eq!(notice.corrected_at, Some(school.world.now));
        }
    }
}

#[test]
fn home_explains_afterwards_and_staff_accept_or_refuse() {
    let mut school = missed("Liv");
    school.on(after(1), "18:00");
    school.home("Erik", explain("Liv", monday(), AbsenceKind::Other)).unwrap();
    let mut record = school.record("Liv", monday()).unwrap();
    assert_eq!((record.validity, record.explanations.remove(0).by), (Validity::Unjudged, person("Erik")));
    assert_eq!(school.pupil_day("Liv", monday()).told_of(Session::Day), Told::Waiting);
    // Amal says it better before anybody has judged.
    school.home("Amal", explain("Liv", monday(), AbsenceKind::Sick)).unwrap();
    let refused = school.give("Sanna", STAFF_4B, judge("Liv", monday(), false, Some("  ")));
    assert_eq!(refused, Err(Rejection::ReasonNeeded));
    let long = "x".repeat(301);
    let refused = school.give("Sanna", STAFF_4B, judge("Liv", monday(), false, Some(&long)));
    assert_eq!(refused, Err(Rejection::NoteTooLong { most: 300 }));
    school.give("Sanna", STAFF_4B, judge("Liv", monday(), false, Some("Sågs på stan"))).unwrap();
    let mut record = school.record("Liv", monday()).unwrap();
    let judged = record.explanations.remove(0).judged.unwrap();
    assert_eq!((record.validity, judged.reason.as_deref()), (Validity::Invalid, Some("Sågs på stan")));
    for adult in ["Amal", "Erik"] {
        let reason = NoticeReason::ExplanationJudged;
        let key = notice_key(school.world.school, person(adult), reason, person("Liv"), monday(), Session::Day);
        assert!(school.world.document::<Notice>(key).is_some(), "{adult}");
    }
    let judged = Err(Rejection::AlreadyJudged { accepted: false });
    assert_eq!(school.give("Olle", OFFICE, judge("Liv", monday(), true, None)), judged);
    assert_eq!(school.home("Amal", explain("Liv", monday(), AbsenceKind::Sick)), judged);
    // It was a slip of the hand: whoever may judge mends it, and home is told anew.
    school.on(after(1), "18:01");
    school.give("Olle", OFFICE, judge("Liv", monday(), true, None)).unwrap();
    assert_eq!(school.record("Liv", monday()).unwrap().validity, Validity::Valid);
    school.on(after(1), "18:02");
    school.give("Sanna", STAFF_4B, judge("Liv", monday(), false, Some("Sågs på stan"))).unwrap();
    // A report now does not talk its way past the refusal.
    school.home("Amal", sick_today("Liv")).unwrap();
    assert_eq!(school.record("Liv", monday()).unwrap().validity, Validity::Invalid);
    // Accepted, of another child.
    school.on(after(1), "18:03");
    school.give("Sanna", STAFF_4B, mark("4B", "Maja", Presence::Unexplained)).unwrap();
    school.home("Amal", explain("Maja", monday(), AbsenceKind::Other)).unwrap();
    school.give("Olle", OFFICE, judge("Maja", monday(), true, None)).unwrap();
    assert_eq!(school.record("Maja", monday()).unwrap().validity, Validity::Valid);
    assert_eq!(school.pupil_day("Maja", monday()).told_of(Session::Day), Told::Accepted);
}

#[test]
fn only_what_was_marked_unexplained_is_explained_and_only_what_was_explained_is_judged() {
    let mut school = missed("Liv");
    school.give("Sanna", STAFF_4B, mark("4B", "Maja", Presence::Present)).unwrap();
    let nothing = Err(Rejection::NothingToExplain);
    assert_eq!(school.home("Amal", explain("Liv", after(1), AbsenceKind::Sick)), nothing);
    assert_eq!(school.home("Lena", explain("Hugo", monday(), AbsenceKind::Sick)), nothing);
    let present = Err(Rejection::MarkedPresent { day: monday() });
    assert_eq!(school.home("Amal", explain("Maja", monday(), AbsenceKind::Sick)), present);
    assert_eq!(school.give("Sanna", STAFF_4B, judge("Liv", monday(), true, None)), Err(Rejection::NoExplanation));
    school.on(after(8), "09:00");
    let too_far = Err(Rejection::TooFarBack { first: after(1) });
    assert_eq!(school.home("Amal", explain("Liv", monday(), AbsenceKind::Sick)), too_far);
}

#[test]
fn who_may_explain_and_who_may_judge() {
    let mut school = missed("Liv");
    for adult in ["Bo", "Zlatan", "Per", "Ville", "Nora", "Sanna"] {
        let refused = school.home(adult, explain("Liv", monday(), AbsenceKind::Sick));
        assert_eq!(refused, Err(Rejection::NotYours), "{adult}");
    }
    assert_eq!(school.give("Olle", OFFICE, explain("Liv", monday(), AbsenceKind::Sick)), Err(Rejection::NotYours));
    school.home("Amal", explain("Liv", monday(), AbsenceKind::Sick)).unwrap();
    for (who, capacity) in
        [("Tomas", TEACHER), ("Vera", TEACHER), ("Fia", CLUB), ("Erik", Capacity::Home), ("Erik", STAFF_4B)]
    {
        let refused = school.give(who, capacity, judge("Liv", monday(), true, None));
        assert_eq!(refused, Err(Rejection::NotYours), "{who}");
    }
    // Nobody decides their own child's matter: Lena teaches Hugo's class.
    school.give("Lena", STAFF_4B, mark("4B", "Hugo", Presence::Unexplained)).unwrap();
    school.home("Lena", explain("Hugo", monday(), AbsenceKind::Sick)).unwrap();
    assert_eq!(school.give("Lena", STAFF_4B, judge("Hugo", monday(), true, None)), Err(Rejection::OwnChild));
    school.give("Sanna", STAFF_4B, judge("Hugo", monday(), true, None)).unwrap();
    // Whatever she is to the child.
    school.adult("Sanna", "Liv", GuardianshipKind::ParentWithoutCustody, Standing::Pending);
    assert_eq!(school.give("Sanna", STAFF_4B, judge("Liv", monday(), true, None)), Err(Rejection::OwnChild));
}

#[test]
fn an_explanation_carries_a_note_for_staff_alone() {
    let mut school = missed("Liv");
    let (pupil, session, kind) = (person("Liv"), Session::Day, AbsenceKind::Other);
    let say = |note: String| CommandBody::ExplainAbsence { pupil, day: monday(), session, kind, note: Some(note) };
    assert_eq!(school.home("Amal", say("x".repeat(301))), Err(Rejection::NoteTooLong { most: 300 }));
    school.home("Amal", say("missade bussen".into())).unwrap();
    assert!(school.record("Liv", monday()).unwrap().explanations.remove(0).has_note);
    let sees = |who: &str| {
        let phone = school.world.on_phone_of(person(who));
        !phone.all::<skolebro_core::domain::attendance::AttendanceNote>().is_empty()
    };
    assert!(sees("Amal") && sees("Sanna") && !sees("Erik"));
}

#[test]
fn seen_by_whoever_opened_the_roll_first() {
    let mut school = School::new();
    school.home("Amal", sick(&["Liv", "Maja"], after(0), after(1))).unwrap();
    let seen =
        |pupils: &[&str]| CommandBody::MarkSeen { pupils: pupils.iter().map(|p| person(p)).collect(), day: monday() };
    school.at("07:45");
    school.give("Sanna", STAFF_4B, seen(&["Liv", "Maja", "Adam"])).unwrap();
    school.at("08:00");
    assert!(school.give("Olle", OFFICE, seen(&["Liv", "Maja"])).unwrap().is_empty());
    let by = |school: &School, number: usize| {
        school.record("Liv", monday()).unwrap().reports[number].seen.map(|seen| seen.by)
    };
    assert_eq!(by(&school, 0), Some(person("Sanna")));
    assert_eq!(school.record("Liv", after(1)).unwrap().reports[0].seen, None, "tomorrow's roll is not opened yet");
    assert!(school.board("4B").rows.iter().all(|row| !row.unseen));
    // Erik's report is new, and unseen until somebody opens the roll again.
    school.home("Erik", sick_today("Liv")).unwrap();
    assert_eq!((by(&school, 0), by(&school, 1)), (Some(person("Sanna")), None));
    assert!(school.board("4B").rows.iter().any(|row| row.unseen && row.pupil == person("Liv")));
    school.give("Olle", OFFICE, seen(&["Liv"])).unwrap();
    assert_eq!((by(&school, 0), by(&school, 1)), (Some(person("Sanna")), Some(person("Olle"))));
    assert_eq!(school.give("Sanna", STAFF_4B, seen(&[])), Err(Rejection::NothingNamed));
    for (who, capacity) in [("Tomas", TEACHER), ("Amal", Capacity::Home), ("Fia", CLUB)] {
        assert_eq!(school.give(who, capacity, seen(&["Maja"])), Err(Rejection::NotYours), "{who}");
    }
}

#[test]
fn the_boards_missing_child_is_the_one_that_nobody_has_told_of() {
    let mut school = missed("Liv");
    assert_eq!(school.board("4B").counts.unexplained, 1);
    school.home("Amal", explain("Liv", monday(), AbsenceKind::Other)).unwrap();
    let board = school.board("4B");
    assert_eq!((board.counts.unexplained, board.counts.explained), (0, 1));
    assert!(board.rows.iter().any(|row| row.to_judge && row.status == Status::Unexplained { told: Told::Waiting }));
}

#[test]
fn a_carer_without_the_topic_hears_nothing() {
    let mut school = missed("Adam");
    let mut carer = school.world.roster.guardianship(person("Adam"), person("Fatou")).unwrap().clone();
    carer.topics = vec![Topic::Leave];
    school.put(carer);
    school.at("08:30");
    school.tick("Adam", monday());
    assert!(told(&school, "Greta", "Adam") && !told(&school, "Fatou", "Adam"));
    assert_eq!(school.home("Fatou", explain("Adam", monday(), AbsenceKind::Sick)), Err(Rejection::NotYours));
}

#[test]
fn by_lesson_each_missed_lesson_has_its_notice() {
    let mut school = School::with(|rules| {
        rules.roll = RollBy::Lesson;
        rules.lessons = vec![skolebro_core::domain::rules::TimeSpan::new(hm("08:20"), hm("09:10"))];
    });
    school.at("08:25");
    let body = marks("4B", monday(), Session::Lesson(1), &[("Liv", Presence::Unexplained)]);
    school.give("Sanna", STAFF_4B, body).unwrap();
    school.at("08:30");
    assert_eq!(school.tick("Liv", monday()), 1);
    let (_, notice) = school.world.all::<Notice>().remove(0);
    assert_eq!(notice.session, Session::Lesson(1));
    let explain = CommandBody::ExplainAbsence {
        pupil: person("Liv"),
        day: monday(),
        session: Session::Lesson(1),
        kind: AbsenceKind::Sick,
        note: None,
    };
    school.home("Amal", explain).unwrap();
    assert!(school.pupil_day("Liv", monday()).missing(Session::Lesson(1)).is_none());
}
