//! What the numbers that a schedule draws stand for: something that a person says, a change of the roster. They never ask
//! whether it is allowed: wrong people say wrong things here.

use crate::village::{self, assignment, group, guardianship, person};
use chrono::{Days, NaiveDate, NaiveTime};
use skolebro_core::domain::{
    attendance::{AbsenceKind, CallOutcome, PartOfDay, Presence, Session},
    command::{Capacity, CommandBody, RollMark},
    people::{
        Block, Dates, Enrolment, GuardianshipKind, Membership, Reach, Role, SchoolForm, Standing as AdultStanding,
    },
    roster::{Roster, RosterChange},
    scope::Topic,
};

pub(super) const PUPILS: [&str; 3] = ["Liv", "Omar", "Siri"];

/// Something that this person might say, rightly or wrongly.
pub(super) fn sentence(owner: &str, what: u32, today: NaiveDate) -> (Capacity, CommandBody) {
    let pupil = person(PUPILS[(what / 10 % 3) as usize]);
    let on = |ahead: u32| today + Days::new(u64::from(ahead));
    let time = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
    let class = group(if what.is_multiple_of(2) { "4B" } else { "5A" });
    let session = Session::Day;
    let capacity = match owner {
        "Sanna" => Capacity::Staff(Role::ContactTeacher),
        "Olga" => Capacity::Staff(Role::Office),
        _ => Capacity::Home,
    };
    let report = |from: u32, to: u32, part| CommandBody::ReportAbsence {
        pupils: vec![pupil],
        kind: AbsenceKind::Sick,
        from: on(from),
        to: on(to),
        part,
        note: (what.is_multiple_of(5)).then(|| "tillbaka i morgon".to_owned()),
        on_behalf_of: None,
        phoned_at: None,
    };
    let home = match what % 10 {
        0..4 => report(what % 3, what % 3 + what % 4, None),
        4 => report(0, 0, Some(PartOfDay { from: time(8), to: time(10) })),
        5 => CommandBody::EndAbsence { pupil, back_on: on(what % 3), back_at: None },
        6 => CommandBody::ExtendAbsence { pupil, to: on(what % 5) },
        7 => CommandBody::WithdrawAbsence { pupil, from: on(1), to: on(4) },
        8 => CommandBody::ExplainAbsence { pupil, day: today, session, kind: AbsenceKind::Other, note: None },
        _ => CommandBody::DelegateTopics {
            pupil: person("Liv"),
            to: person("Kaj"),
            topics: if what.is_multiple_of(4) { vec![] } else { vec![Topic::Attendance] },
            dates: Dates { from: None, until: (what.is_multiple_of(3)).then(|| on(1)) },
        },
    };
    let presence = match what % 4 {
        0 => Presence::Present,
        1 => Presence::Late { at: time(9) },
        2 => Presence::Unexplained,
        _ => Presence::SentHomeSick { at: time(11) },
    };
    let staff = match what % 8 {
        0 | 1 => CommandBody::MarkRoll { group: class, day: today, session, marks: vec![RollMark { pupil, presence }] },
        2 => CommandBody::UndoMark { group: class, day: today, session, pupil },
        3 => CommandBody::CloseRoll { group: class, day: today, session },
        4 => CommandBody::MarkSeen { pupils: PUPILS.map(person).to_vec(), day: today },
        5 => CommandBody::JudgeExplanation {
            pupil,
            day: today,
            session,
            accept: what.is_multiple_of(3),
            reason: Some("samtal".into()),
        },
        6 => {
            let outcome = match (what / 8) % 3 {
                0 => Some(CallOutcome::AtHome),
                1 => Some(CallOutcome::ShouldBeAtSchool),
                _ => None,
            };
            CommandBody::LogCall { pupil, day: today, session, called: None, reached: true, outcome, note: None }
        }
        _ => report(0, 1, None),
    };
    (capacity, if matches!(capacity, Capacity::Home) { home } else { staff })
}

/// What an import or the office changes in `roster`.
pub(super) fn roster_change(what: u32, roster: &Roster, today: NaiveDate) -> Vec<RosterChange> {
    let liv_amal = Block { pupil: person("Liv"), person: person("Amal") };
    let nora = |standing| {
        let mut nora = guardianship("Omar", "Nora", GuardianshipKind::Guardian, &[]);
        nora.standing = standing;
        RosterChange::staff(nora)
    };
    let membership =
        |pupil: &str, class: &str| Membership { pupil: person(pupil), group: group(class), dates: Dates::default() };
    let omar = person("Omar");
    let enrolment = Enrolment { pupil: omar, form: SchoolForm::Compulsory, dates: Dates::default() };
    match what % 11 {
        0 if roster.is_blocked(person("Liv"), person("Amal")) => vec![RosterChange::Remove(liv_amal.into())],
        0 => vec![RosterChange::staff(liv_amal)],
        1 => vec![nora(AdultStanding::Pending)],
        2 => vec![nora(AdultStanding::Confirmed)],
        3 => vec![RosterChange::Remove(membership("Siri", "5A").into()), RosterChange::staff(membership("Siri", "4B"))],
        4 => vec![RosterChange::Remove(membership("Siri", "4B").into()), RosterChange::staff(membership("Siri", "5A"))],
        5 => {
            let mut sanna = assignment("Sanna", Role::Teacher, Reach::Group(group("5A")));
            sanna.dates = Dates { from: None, until: Some(today) };
            vec![RosterChange::staff(sanna)]
        }
        6 => vec![RosterChange::Remove(assignment("Sanna", Role::Teacher, Reach::Group(group("5A"))).into())],
        7 => vec![RosterChange::staff(guardianship(
            "Siri",
            "Frida",
            GuardianshipKind::Carer,
            if what.is_multiple_of(2) { &[Topic::Attendance] } else { &[] },
        ))],
        // As a delta does that ends the role and says nothing of the class.
        8 => vec![RosterChange::Remove(enrolment.into())],
        9 => vec![RosterChange::staff(enrolment)],
        // The same import once more: it must not lift the block.
        _ => village::roster(),
    }
}
