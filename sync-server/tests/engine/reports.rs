//! The first whole path: a child is reported sick, and those who must know see it.

use crate::{
    phone::{Phone, outcome, raw},
    town::{Town, day, group, person},
};
use chrono::TimeDelta;
use skolebro_core::{
    domain::{
        attendance::{AbsenceKind, Attendance, Presence, Session, attendance_key},
        command::{Capacity, Command, CommandBody, RollMark},
        people::Role,
        record::{Body, RecordKind},
        rejection::Rejection,
    },
    protocol::Outcome,
};

pub fn sick(town: &Town) -> Command {
    let today = day("2026-09-15");
    let body = CommandBody::ReportAbsence {
        pupils: vec![person("Liv")],
        kind: AbsenceKind::Sick,
        from: today,
        to: today,
        part: None,
        note: None,
        on_behalf_of: None,
        phoned_at: None,
    };
    town.command(Capacity::Home, body)
}

pub fn marks(town: &Town, presence: Presence) -> Command {
    let marks = vec![RollMark { pupil: person("Liv"), presence }];
    let body = CommandBody::MarkRoll { group: group("4B"), day: day("2026-09-15"), session: Session::Day, marks };
    town.command(Capacity::Staff(Role::ContactTeacher), body)
}

pub fn attendance(phone: &Phone, town: &Town) -> Option<Attendance> {
    let (scope, id) = attendance_key(town.school, person("Liv"), day("2026-09-15"), Session::Day);
    let row = phone.rows.get(&(scope.to_string(), id))?;
    match Body::from_json(RecordKind::Attendance, row.body.as_ref().unwrap().get()).unwrap() {
        Body::Attendance(attendance) => Some(attendance),
        other => panic!("not an attendance: {other:?}"),
    }
}

#[test]
fn amal_reports_and_everybody_who_must_know_sees_it_and_nobody_else() {
    let town = Town::new();
    let (mut amal, mut erik, mut sanna) = (town.phone("Amal"), town.phone("Erik"), town.phone("Sanna"));
    let (mut greta, mut omar) = (town.phone("Greta"), town.phone("Omar"));
    for phone in [&mut amal, &mut erik, &mut sanna, &mut greta, &mut omar] {
        phone.pull();
    }
    let command = sick(&town);
    let response = amal.sync(vec![raw(&command)]);
    assert!(matches!(outcome(&response, command.id), Outcome::Accepted { .. }));
    assert!(attendance(&amal, &town).is_some(), "one round trip settles a morning report");
    for phone in [&mut erik, &mut sanna] {
        phone.pull();
        assert_eq!(attendance(phone, &town).unwrap().reports[0].by, person("Amal"));
    }
    for phone in [&mut greta, &mut omar] {
        phone.pull();
        assert!(attendance(phone, &town).is_none());
        assert_eq!(phone.send(&sick(&town)), Outcome::Rejected(Rejection::NotYours));
    }
    // Both guardians: one absence.
    assert!(matches!(erik.send(&sick(&town)), Outcome::Accepted { .. }));
    amal.pull();
    assert_eq!(amal.of_kind(RecordKind::Attendance).len(), 1);
}

#[test]
fn an_unexplained_absence_reaches_the_guardians_and_then_the_call_list() {
    let town = Town::new();
    let (mut amal, mut sanna, mut olle) = (town.phone("Amal"), town.phone("Sanna"), town.phone("Olle"));
    town.later(TimeDelta::minutes(70));
    assert!(matches!(sanna.send(&marks(&town, Presence::Unexplained)), Outcome::Accepted { .. }));
    amal.pull();
    let mut notices = amal.of_kind(RecordKind::Notice).len();
    let mut called = false;
    for _ in 0..24 {
        town.later(TimeDelta::minutes(10));
        let ticked = town.engine.tick(town.engine.now()).unwrap();
        let again = town.engine.tick(town.engine.now()).unwrap();
        assert_eq!(again.commands, 0, "repeating a tick changes nothing");
        assert_eq!(again.next, ticked.next);
        amal.pull();
        notices = notices.max(amal.of_kind(RecordKind::Notice).len());
        olle.pull();
        called |= !olle.of_kind(RecordKind::CallListEntry).is_empty();
    }
    assert_eq!(notices, 1);
    assert!(called);
    assert!(amal.of_kind(RecordKind::CallListEntry).is_empty());
}
