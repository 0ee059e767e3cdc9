//! Random mornings: whoever says whatever in whatever order, what is so stays whole.

use crate::school::*;
use chrono::{NaiveTime, TimeDelta};
use proptest::prelude::*;
use skolebro_core::domain::{
    attendance::{
        AbsenceKind, Attendance, CallListEntry, Extent, Notice, NoticeReason, Presence, PupilDay, RollTaken, Session,
        call_key,
    },
    command::{Capacity, CommandBody},
    ids::CommandId,
    people::Role,
    rules::RollBy,
};

const PUPILS: [&str; 3] = ["Liv", "Maja", "Hugo"];
const PEOPLE: [(&str, Capacity); 6] = [
    ("Amal", Capacity::Home),
    ("Erik", Capacity::Home),
    ("Lena", Capacity::Home),
    ("Sanna", STAFF_4B),
    ("Olle", OFFICE),
    ("Fia", Capacity::Staff(Role::AfterSchoolStaff)),
];

#[derive(Clone, Debug)]
enum Step {
    Wait(i64),
    Tick,
    Say { who: usize, waited: i64, what: What },
}

#[derive(Clone, Debug)]
enum What {
    Report { pupils: Vec<usize>, kind: usize, from: i64, days: i64, part: Option<(u32, u32)> },
    End { pupil: usize, on: i64, at: Option<u32> },
    Extend { pupil: usize, to: i64 },
    Withdraw { pupil: usize, from: i64, to: i64 },
    Mark { club: bool, session: usize, marks: Vec<(usize, usize, u32)> },
    Undo { club: bool, session: usize, pupil: usize },
    Close { club: bool, session: usize },
    Seen { pupil: usize },
    Explain { pupil: usize, session: usize },
    Judge { pupil: usize, session: usize, accept: bool },
    Called { pupil: usize, reached: bool },
    Read { number: usize },
}

/// Minutes after 08:20, in fives.
fn time(fives: u32) -> NaiveTime {
    hm("08:20") + TimeDelta::minutes(i64::from(fives) * 5)
}

fn what() -> impl Strategy<Value = What> {
    let pupil = || 0..PUPILS.len();
    let part = (0..70u32, 1..20u32).prop_map(|(from, long)| (from, from + long));
    let report = (prop::collection::vec(pupil(), 1..3), 0..3usize, 0..3i64, 0..3i64, prop::option::of(part));
    let mark = prop::collection::vec((pupil(), 0..5usize, 0..80u32), 1..3);
    prop_oneof![
        4 => report.prop_map(|(pupils, kind, from, days, part)| What::Report { pupils, kind, from, days, part }),
        2 => (pupil(), 0..3i64, prop::option::of(0..80u32)).prop_map(|(pupil, on, at)| What::End { pupil, on, at }),
        1 => (pupil(), 0..5i64).prop_map(|(pupil, to)| What::Extend { pupil, to }),
        1 => (pupil(), 0..3i64, 0..3i64).prop_map(|(pupil, from, to)| What::Withdraw { pupil, from, to }),
        5 => (any::<bool>(), 0..3usize, mark).prop_map(|(club, session, marks)| What::Mark { club, session, marks }),
        2 => (any::<bool>(), 0..3usize, pupil()).prop_map(|(club, session, pupil)| What::Undo { club, session, pupil }),
        1 => (any::<bool>(), 0..3usize).prop_map(|(club, session)| What::Close { club, session }),
        1 => pupil().prop_map(|pupil| What::Seen { pupil }),
        3 => (pupil(), 0..3usize).prop_map(|(pupil, session)| What::Explain { pupil, session }),
        1 => (pupil(), 0..3usize, any::<bool>()).prop_map(|(pupil, session, accept)| What::Judge { pupil, session, accept }),
        1 => (pupil(), any::<bool>()).prop_map(|(pupil, reached)| What::Called { pupil, reached }),
        1 => (0..9usize).prop_map(|number| What::Read { number }),
    ]
}

/// Mostly somebody who may say it, sometimes anybody.
fn speaker(who: usize, what: &What) -> (&'static str, Capacity) {
    let able: &[usize] = match what {
        What::Report { .. } | What::End { .. } | What::Extend { .. } | What::Withdraw { .. } => &[0, 1, 0, 4],
        What::Explain { .. } | What::Read { .. } => &[0, 1],
        What::Mark { club: true, .. } | What::Undo { club: true, .. } | What::Close { club: true, .. } => &[5, 4],
        What::Mark { .. } | What::Undo { .. } | What::Close { .. } => &[3, 4],
        What::Seen { .. } | What::Judge { .. } | What::Called { .. } => &[3, 4],
    };
    if who < 4 * PEOPLE.len() { PEOPLE[able[who % able.len()]] } else { PEOPLE[who % PEOPLE.len()] }
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let say = (0..5 * PEOPLE.len(), prop_oneof![3 => Just(0), 1 => 0..90i64], what());
    let step = prop_oneof![
        2 => (0..45i64).prop_map(Step::Wait),
        2 => Just(Step::Tick),
        8 => say.prop_map(|(who, waited, what)| Step::Say { who, waited, what }),
    ];
    prop::collection::vec(step, 1..40)
}

/// Session 0 is the day; 1 and 2 are lessons, where the roll is called by them.
fn session(by_lesson: bool, number: usize) -> Session {
    if by_lesson { Session::Lesson(number.max(1) as u8) } else { Session::Day }
}

fn body(school: &School, by_lesson: bool, who: &str, what: &What) -> CommandBody {
    let names = |pupils: &[usize]| pupils.iter().map(|pupil| PUPILS[*pupil]).collect::<Vec<_>>();
    let roll = |club: bool, number| match club {
        true => (group("Fritids"), Session::Day),
        false => (group("4B"), session(by_lesson, number)),
    };
    let pupil = |number: &usize| person(PUPILS[*number]);
    let day = monday();
    match what {
        What::Report { pupils, kind, from, days, part } => {
            let kind = [AbsenceKind::Sick, AbsenceKind::Appointment, AbsenceKind::Other][*kind];
            let part =
                part.and_then(|(from, to)| skolebro_core::domain::attendance::PartOfDay::new(time(from), time(to)));
            report(&names(pupils), kind, after(*from), after(from + days), part)
        }
        What::End { pupil: p, on, at } => {
            CommandBody::EndAbsence { pupil: pupil(p), back_on: after(*on), back_at: at.map(time) }
        }
        What::Extend { pupil, to } => longer(PUPILS[*pupil], after(*to)),
        What::Withdraw { pupil, from, to } => take_back(PUPILS[*pupil], after(*from), after(*to)),
        What::Mark { club, session, marks: given } => {
            let (group, session) = roll(*club, *session);
            let presence = |kind: usize, at: u32| match kind {
                0 => Presence::Present,
                1 => Presence::Late { at: time(at) },
                2 => Presence::LeftEarly { at: time(at) },
                3 => Presence::SentHomeSick { at: time(at) },
                _ => Presence::Unexplained,
            };
            let mut named: Vec<_> = given.iter().map(|(p, kind, at)| (pupil(p), presence(*kind, *at))).collect();
            named.sort_unstable_by_key(|(pupil, _)| *pupil);
            named.dedup_by_key(|(pupil, _)| *pupil);
            let marks =
                named.into_iter().map(|(pupil, presence)| skolebro_core::domain::command::RollMark { pupil, presence });
            CommandBody::MarkRoll { group, day, session, marks: marks.collect() }
        }
        What::Undo { club, session, pupil: p } => {
            let (group, session) = roll(*club, *session);
            CommandBody::UndoMark { group, day, session, pupil: pupil(p) }
        }
        What::Close { club, session } => {
            let (group, session) = roll(*club, *session);
            CommandBody::CloseRoll { group, day, session }
        }
        What::Seen { pupil: p } => CommandBody::MarkSeen { pupils: vec![pupil(p)], day },
        What::Explain { pupil: p, session: number } => CommandBody::ExplainAbsence {
            pupil: pupil(p),
            day,
            session: session(by_lesson, *number),
            kind: AbsenceKind::Other,
            note: None,
        },
        What::Judge { pupil: p, session: number, accept } => CommandBody::JudgeExplanation {
            pupil: pupil(p),
            day,
            session: session(by_lesson, *number),
            accept: *accept,
            reason: Some("därför".into()),
        },
        What::Called { pupil, reached } => called(PUPILS[*pupil], None, *reached),
        What::Read { number } => {
            let own = school.world.all::<Notice>().into_iter().map(|(record, _)| record);
            let own: Vec<_> = own
                .filter(|record| record.scope.subject == skolebro_core::domain::scope::Subject::Person(person(who)))
                .collect();
            let notice = own.get(number % own.len().max(1)).map(|record| record.id);
            CommandBody::MarkNoticeRead {
                notice: notice.unwrap_or(skolebro_core::domain::ids::RecordId(CommandId::new().0)),
            }
        }
    }
}

/// Minute by minute, from the reports alone.
fn told_at(record: &Attendance, minute: NaiveTime) -> bool {
    record.reports.iter().any(|report| {
        let holds = report.ended_from.is_none_or(|ended| minute < ended);
        let covers = match &report.extent {
            Extent::Whole => true,
            Extent::Parts(parts) => parts.iter().any(|part| part.from <= minute && minute < part.to),
        };
        holds && covers
    })
}

fn is_whole(school: &School) {
    for (record, attendance) in school.world.all::<Attendance>() {
        let (pupil, day) = (record.pupil.unwrap(), record.day.unwrap());
        let facts = PupilDay::load(&school.world, pupil, day);
        let mut again = facts.clone();
        again.settle();
        assert_eq!(again, facts, "settled once is settled");
        if attendance.session == Session::Day {
            for minute in (0..24 * 12).map(|five| NaiveTime::MIN + TimeDelta::minutes(five * 5)) {
                let open = facts.hours.open;
                if minute < open.from || minute >= open.to {
                    continue;
                }
                let in_force = attendance.extent.as_ref().is_some_and(|extent| extent.contains(minute));
                let told = told_at(&attendance, minute);
                assert!(told || !in_force, "{minute}: away and nobody said so: {attendance:?}");
                if facts.marks().next().is_none() {
                    assert_eq!(in_force, told, "{minute}: {attendance:?}");
                }
            }
            if let Some(Extent::Parts(parts)) = &attendance.extent {
                assert!(!parts.is_empty() && parts.iter().all(|part| part.from < part.to));
                assert!(parts.windows(2).all(|two| two[0].to < two[1].from), "{parts:?}");
            }
            let asked = school.world.all::<Notice>().into_iter().any(|(held, notice)| {
                (held.pupil, held.day) == (Some(pupil), Some(day))
                    && notice.reason == NoticeReason::CheckReport
                    && notice.corrected_at.is_none()
            });
            assert_eq!(asked, attendance.check, "both sides are asked exactly while they differ: {attendance:?}");
        } else {
            assert!(attendance.reports.is_empty() && attendance.extent.is_none(), "reports are of the day");
        }
        let missing = facts.missing(attendance.session).is_some();
        for (held, notice) in school.world.all::<Notice>() {
            let about = (held.pupil, held.day, notice.session) == (Some(pupil), Some(day), attendance.session);
            if about && notice.reason == NoticeReason::UnexplainedAbsence && notice.corrected_at.is_none() {
                assert!(missing, "a notice stands of a child that is not missing: {attendance:?}");
            }
        }
        let call: Option<CallListEntry> =
            school.world.document(call_key(school.world.school, pupil, day, attendance.session));
        assert!(missing || call.is_none_or(|call| call.closed_at.is_some()), "a call about nobody: {attendance:?}");
    }
    for (record, roll) in school.world.all::<RollTaken>() {
        for name in PUPILS {
            let facts = PupilDay::load(&school.world, person(name), record.day.unwrap());
            let own = facts.sessions.get(&roll.session).and_then(|attendance| attendance.mark_of(roll.group)).cloned();
            if let Some(mark) = own {
                assert_eq!(roll.absent.contains(&person(name)), !mark.presence.was_there(), "{name} {mark:?}");
            }
        }
    }
    let total = school.school_board().total;
    let sum = total.present + total.sick + total.away + total.on_leave + total.unexplained + total.explained;
    assert_eq!(sum + total.gone + total.unmarked, total.pupils);
}

fn morning(by_lesson: bool, steps: &[Step]) {
    let mut school = School::with(|rules| {
        if by_lesson && rules.day_starts == hm("08:20") {
            rules.roll = RollBy::Lesson;
            let lesson = |from, to| skolebro_core::domain::rules::TimeSpan::new(hm(from), hm(to));
            rules.lessons = vec![lesson("08:20", "09:10"), lesson("09:20", "10:10")];
        }
    });
    school.at("08:00");
    for step in steps {
        match step {
            Step::Wait(minutes) => school.world.now += TimeDelta::minutes(*minutes),
            Step::Tick => {
                for pupil in PUPILS {
                    school.tick(pupil, monday());
                }
            }
            Step::Say { who, waited, what } => {
                let (name, capacity) = speaker(*who, what);
                school.waited = TimeDelta::minutes(*waited);
                // A rejection is an answer too; `give` checks the replay and the phone's advice.
                let _ = school.give(name, capacity, body(&school, by_lesson, name, what));
            }
        }
        is_whole(&school);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_morning_stays_whole(steps in steps()) {
        morning(false, &steps);
    }

    #[test]
    fn a_morning_by_lesson_stays_whole(steps in steps()) {
        morning(true, &steps);
    }

    #[test]
    fn two_guardians_reports_make_the_same_absence_in_either_order(
        a in (0..70u32, 1..20u32), b in prop::option::of((0..70u32, 1..20u32)),
    ) {
        let say = |part: Option<(u32, u32)>| {
            let part = part.and_then(|(from, long)| {
                skolebro_core::domain::attendance::PartOfDay::new(time(from), time(from + long))
            });
            report(&["Maja"], AbsenceKind::Sick, monday(), monday(), part)
        };
        let after = |first: CommandBody, second: CommandBody| {
            let mut school = School::new();
            let _ = school.home("Amal", first);
            let _ = school.home("Erik", second);
            school.record("Maja", monday()).map(|record| (record.extent, record.kind, record.validity))
        };
        prop_assert_eq!(after(say(Some(a)), say(b)), after(say(b), say(Some(a))));
    }
}
