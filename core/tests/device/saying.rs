//! A guardian says something, with and without a network, and sees honestly where it is.

use crate::{
    fake::{FakeServer, Fault, Owner, in_step, sync},
    school::{STAFF_4B, after, day, monday, person},
};
use chrono::{NaiveDate, TimeDelta};
use parking_lot::Mutex;
use skolebro_core::{
    device::{Change, Delivery, Draft, IfAdvised, Phone, PhoneError, Submission, SyncEnd},
    domain::{
        attendance::{AbsenceKind, Attendance, Session, attendance_key},
        command::{Capacity, CommandBody},
        ids::{CommandId, SchoolId},
        record::{Body, RecordKind},
        rejection::Rejection,
        world::Fact,
    },
    protocol::NotNow,
};
use std::{collections::BTreeSet, sync::Arc};

pub fn sick(pupil: &str, from: NaiveDate, to: NaiveDate) -> CommandBody {
    CommandBody::ReportAbsence {
        pupils: vec![person(pupil)],
        kind: AbsenceKind::Sick,
        from,
        to,
        part: None,
        note: None,
        on_behalf_of: None,
        phoned_at: None,
    }
}

pub fn say(phone: &Phone, school: SchoolId, body: CommandBody) -> CommandId {
    phone.submit(school, Capacity::Home, body, None).unwrap().id
}

pub fn delivery(phone: &Phone, id: CommandId) -> Delivery {
    phone.outbox().unwrap().into_iter().find(|item| item.id == id).unwrap().delivery
}

pub fn attendance(phone: &Phone, school: SchoolId, pupil: &str, on: NaiveDate) -> Option<Attendance> {
    let (scope, id) = attendance_key(school, person(pupil), on, Session::Day);
    match phone.view(school).unwrap().record(&scope, id).unwrap() {
        Fact::Known(record) => match record.body {
            Body::Attendance(attendance) => Some(attendance),
            other => panic!("{other:?}"),
        },
        Fact::Absent | Fact::Unseen => None,
    }
}

const UNTRIED: Delivery = Delivery::OnThisPhoneOnly { tried: false, not_now: None };

#[test]
fn liv_is_reported_sick_with_no_network_and_the_school_knows() {
    let server = FakeServer::new();
    let school = server.school();
    let (owner, amal) = Owner::enrolled(&server, "Amal");
    server.fault(Fault::Offline);
    let id = say(&amal, school, sick("Liv", monday(), monday()));
    assert_eq!(delivery(&amal, id), UNTRIED);
    assert!(attendance(&amal, school, "Liv", monday()).unwrap().extent.is_some(), "shown at once");
    assert_eq!(sync(&amal).ended, SyncEnd::Offline);
    drop(amal);

    let amal = owner.open();
    assert_eq!(delivery(&amal, id), Delivery::OnThisPhoneOnly { tried: true, not_now: None });
    assert!(attendance(&amal, school, "Liv", monday()).unwrap().extent.is_some(), "also after a restart");
    let report = sync(&amal);
    assert_eq!((report.ended, report.accepted), (SyncEnd::Complete, 1));
    assert_eq!(delivery(&amal, id), Delivery::AtSchool { at: server.now() });

    let (_erik_owner, erik) = Owner::enrolled(&server, "Erik");
    let (_sanna_owner, sanna) = Owner::enrolled(&server, "Sanna");
    let (_nora_owner, nora) = Owner::enrolled(&server, "Nora");
    assert_eq!(attendance(&erik, school, "Liv", monday()).unwrap().reports[0].by, person("Amal"));
    assert!(attendance(&sanna, school, "Liv", monday()).is_some());
    assert!(attendance(&nora, school, "Liv", monday()).is_none(), "a guardian of another child");

    let seen = CommandBody::MarkSeen { pupils: vec![person("Liv")], day: monday() };
    sanna.submit(school, STAFF_4B, seen, None).unwrap();
    sync(&sanna);
    sync(&amal);
    assert_eq!(delivery(&amal, id), Delivery::Seen { by: person("Sanna"), at: server.now() });
    assert_eq!(amal.view(school).unwrap().name(person("Sanna")).as_deref(), Some("Sanna Ek"));
    in_step(&amal, "Amal", &server, "");
}

#[test]
fn a_phone_that_has_never_seen_the_school_takes_a_report_without_advice() {
    let server = FakeServer::new();
    let owner = Owner::new(&server);
    let phone = owner.open();
    let refused = phone.submit(server.school(), Capacity::Home, sick("Liv", monday(), monday()), None);
    assert!(matches!(refused, Err(PhoneError::NotEnrolled)));
    phone.enrol("Amal", "phone").unwrap();
    let kept = phone.submit(server.school(), Capacity::Home, sick("Liv", monday(), monday()), None).unwrap();
    assert_eq!(kept.advice, None);
    assert_eq!(sync(&phone).accepted, 1);
}

#[test]
fn the_phone_warns_and_the_person_may_send_anyway() {
    let server = FakeServer::new();
    let school = server.school();
    let (_owner, amal) = Owner::enrolled(&server, "Amal");
    let far = day("2029-03-01");
    let draft = Draft { school, capacity: Capacity::Home, body: sick("Liv", far, far), depends_on: None };
    let advised = amal.submit_draft(draft.clone(), IfAdvised::Ask).unwrap();
    let Submission::Advised(advice) = advised else { panic!("not warned: {advised:?}") };
    assert_eq!(amal.outbox().unwrap(), []);

    let kept = amal.submit_draft(draft, IfAdvised::SendAnyway).unwrap();
    let id = kept.id().unwrap();
    assert_eq!(kept, Submission::Kept(skolebro_core::device::Submitted { id, advice: Some(advice.clone()) }));
    assert_eq!(delivery(&amal, id), UNTRIED, "advice is no rejection");
    assert!(attendance(&amal, school, "Liv", far).is_none());
    sync(&amal);
    assert_eq!(delivery(&amal, id), Delivery::Rejected { rejection: advice, at: server.now() });
}

#[test]
fn a_rejection_stays_until_it_is_mended_resent_or_dismissed() {
    let server = FakeServer::new();
    let school = server.school();
    let (owner, amal) = Owner::enrolled(&server, "Amal");
    let far = day("2029-03-01");
    let first = say(&amal, school, sick("Liv", far, far));
    let second = say(&amal, school, sick("Liv", far, far));
    let third = say(&amal, school, sick("Liv", far, far));
    let hanging = amal.submit(school, Capacity::Home, sick("Maja", monday(), monday()), Some(third)).unwrap().id;
    sync(&amal);
    drop(amal);
    let amal = owner.open();
    assert_eq!(amal.outbox().unwrap().len(), 4);

    let mended = amal.mend(first, sick("Liv", monday(), monday()), IfAdvised::Ask).unwrap().id().unwrap();
    let resent = amal.resend(second).unwrap().id;
    assert!(matches!(amal.resend(second), Err(PhoneError::NoSuchItem)), "once");
    let items = amal.outbox().unwrap();
    let third_item = items.iter().find(|item| item.id == third).unwrap();
    assert_eq!(third_item.dependents, [hanging], "said once, with the one that it hung on");
    let told = &items.iter().find(|item| item.id == hanging).unwrap().delivery;
    assert!(matches!(told, Delivery::Rejected { rejection: Rejection::DependencyRejected { on }, .. } if *on == third));
    amal.dismiss(third).unwrap();
    let left: BTreeSet<CommandId> = amal.outbox().unwrap().iter().map(|item| item.id).collect();
    assert_eq!(left, BTreeSet::from([mended, resent]));
    sync(&amal);
    assert!(matches!(delivery(&amal, mended), Delivery::AtSchool { .. }));
    assert!(matches!(delivery(&amal, resent), Delivery::Rejected { .. }));
    assert!(matches!(amal.dismiss(mended), Err(PhoneError::NoSuchItem)), "what is at the school is not put away");
}

#[test]
fn what_hung_on_a_rejected_command_follows_its_replacement() {
    let server = FakeServer::new();
    let school = server.school();
    let (_owner, amal) = Owner::enrolled(&server, "Amal");
    let far = day("2029-03-01");
    let root = say(&amal, school, sick("Liv", far, far));
    let hanging = amal.submit(school, Capacity::Home, sick("Maja", monday(), monday()), Some(root)).unwrap().id;
    sync(&amal);
    let mended = amal.mend(root, sick("Liv", monday(), monday()), IfAdvised::Ask).unwrap().id().unwrap();
    let again = amal.resend(hanging).unwrap().id;
    let items = amal.outbox().unwrap();
    assert_eq!(items.iter().find(|item| item.id == again).unwrap().depends_on, Some(mended));
    assert_eq!(sync(&amal).accepted, 2);
}

#[test]
fn only_what_was_never_on_its_way_is_taken_back() {
    let server = FakeServer::new();
    let school = server.school();
    let (_owner, amal) = Owner::enrolled(&server, "Amal");
    let early = say(&amal, school, sick("Liv", monday(), monday()));
    amal.take_back(early).unwrap();
    assert!(attendance(&amal, school, "Liv", monday()).is_none());
    let late = say(&amal, school, sick("Liv", monday(), monday()));
    server.fault(Fault::Lost);
    assert_eq!(sync(&amal).ended, SyncEnd::Timeout);
    assert!(matches!(amal.take_back(late), Err(PhoneError::NoSuchItem)));
    sync(&amal);
    assert_eq!(server.0.lock().applied, [late], "and settled once");
}

#[test]
fn what_hangs_on_a_command_is_taken_back_with_it() {
    let server = FakeServer::new();
    let school = server.school();
    let (_owner, amal) = Owner::enrolled(&server, "Amal");
    let after_it = |on, days| {
        amal.submit(school, Capacity::Home, sick("Maja", after(days), after(days)), Some(on)).map(|kept| kept.id)
    };
    let root = say(&amal, school, sick("Liv", monday(), monday()));
    let child = after_it(root, 1).unwrap();
    after_it(child, 2).unwrap();
    let other = say(&amal, school, sick("Maja", monday(), monday()));
    amal.take_back(root).unwrap();
    let left: Vec<CommandId> = amal.outbox().unwrap().iter().map(|item| item.id).collect();
    assert_eq!(left, [other], "those would wait for it for ever, and stand before all that is said later");
    assert!(matches!(after_it(root, 3), Err(PhoneError::NoSuchItem)), "nor can anything hang on it now");
    let report = sync(&amal);
    assert_eq!((report.accepted, report.not_now), (1, 0));
    assert!(attendance(&amal, school, "Maja", after(1)).is_none());
}

#[test]
fn two_threads_say_things_and_none_is_lost_or_doubled() {
    let server = FakeServer::new();
    let school = server.school();
    let (owner, amal) = Owner::enrolled(&server, "Amal");
    std::thread::scope(|scope| {
        for pupil in ["Liv", "Maja"] {
            let amal = amal.clone();
            scope.spawn(move || {
                for days in 0..20 {
                    say(&amal, school, sick(pupil, after(days), after(days)));
                }
            });
        }
    });
    let listed: Vec<CommandId> = amal.outbox().unwrap().iter().map(|item| item.id).collect();
    assert_eq!(listed.len(), 40);
    drop(amal);
    let amal = owner.open();
    assert_eq!(amal.outbox().unwrap().iter().map(|item| item.id).collect::<Vec<_>>(), listed, "in the same order");
    sync(&amal);
    let received: Vec<CommandId> = server.0.lock().received.iter().map(|(id, _)| *id).collect();
    assert_eq!(received, listed, "and sent in that order");
}

#[test]
fn screens_hear_of_small_changes_current_state_first() {
    let server = FakeServer::new();
    let school = server.school();
    let (_owner, amal) = Owner::enrolled(&server, "Amal");
    let heard = Arc::new(Mutex::new(Vec::new()));
    let (into, reading) = (heard.clone(), amal.clone());
    let listening = amal.on_change(move |change| {
        // A screen reads when it is told.
        let _ = reading.view(school).map(|view| view.today());
        into.lock().push(change.clone());
    });
    assert_eq!(heard.lock().drain(..).collect::<Vec<_>>(), [Change::Everything]);
    say(&amal, school, sick("Liv", monday(), monday()));
    let told = heard.lock().drain(..).collect::<Vec<_>>();
    assert_eq!(told[0], Change::Outbox);
    let Change::Records { kinds, .. } = &told[1] else { panic!("{told:?}") };
    assert_eq!(kinds, &BTreeSet::from([RecordKind::Attendance]));
    sync(&amal);
    assert!(heard.lock().drain(..).any(|change| matches!(change, Change::Records { .. })));
    drop(listening);
    say(&amal, school, sick("Maja", monday(), monday()));
    assert_eq!(heard.lock().len(), 0);
}

#[test]
fn what_the_server_leaves_in_the_queue_holds_up_nothing_behind_it() {
    for batch in [1, 2, 3] {
        let server = FakeServer::new();
        let school = server.school();
        let (mut owner, amal) = Owner::enrolled(&server, "Amal");
        drop(amal);
        owner.options.batch = batch;
        let amal = owner.open();
        let first = say(&amal, school, sick("Liv", monday(), monday()));
        let rest: Vec<_> = (1..4).map(|days| say(&amal, school, sick("Maja", after(days), after(days)))).collect();
        for _ in 0..12 {
            server.fault(Fault::LeaveFirst);
        }
        let report = sync(&amal);
        assert_eq!(report.ended, SyncEnd::Complete);
        let not_now = Some(NotNow::Fault);
        assert_eq!(delivery(&amal, first), Delivery::OnThisPhoneOnly { tried: true, not_now });
        for id in rest {
            assert!(matches!(delivery(&amal, id), Delivery::AtSchool { .. }), "batch {batch}");
        }
        server.0.lock().faults.clear();
        sync(&amal);
        assert!(matches!(delivery(&amal, first), Delivery::AtSchool { .. }));
    }
}

/// All bytes of the phone's folder.
fn tells(folder: &std::path::Path, what: &str) -> bool {
    std::fs::read_dir(folder).unwrap().any(|file| {
        let bytes = std::fs::read(file.unwrap().path()).unwrap_or_default();
        bytes.windows(what.len()).any(|bytes| bytes == what.as_bytes())
    })
}

#[test]
fn what_is_taken_back_put_away_or_long_settled_is_in_no_file_of_the_phone() {
    let server = FakeServer::new();
    let school = server.school();
    let (owner, amal) = Owner::enrolled(&server, "Amal");
    let noted = |text: &str, pupil: &str| {
        let mut body = sick(pupil, monday(), monday());
        if let CommandBody::ReportAbsence { note, .. } = &mut body {
            *note = Some(text.to_owned());
        }
        body
    };
    let taken_back = say(&amal, school, noted("TAKEN-BACK-NOTE", "Liv"));
    assert!(tells(owner.path(), "TAKEN-BACK-NOTE"));
    amal.take_back(taken_back).unwrap();
    assert!(!tells(owner.path(), "TAKEN-BACK-NOTE"));

    let refused = say(&amal, school, noted("REFUSED-NOTE", "Adam"));
    let mended = say(&amal, school, noted("MENDED-NOTE", "Adam"));
    sync(&amal);
    assert!(matches!(delivery(&amal, refused), Delivery::Rejected { .. }));
    assert!(tells(owner.path(), "REFUSED-NOTE"), "until she has seen it");
    amal.dismiss(refused).unwrap();
    assert!(!tells(owner.path(), "REFUSED-NOTE"));
    amal.mend(mended, sick("Liv", monday(), monday()), IfAdvised::SendAnyway).unwrap();
    assert!(!tells(owner.path(), "MENDED-NOTE"));

    say(&amal, school, noted("SETTLED-NOTE", "Liv"));
    sync(&amal);
    owner.pass(TimeDelta::days(32));
    server.change(|school| school.world.records.retain(|(scope, _), _| !scope.to_string().contains("/party:")));
    let gone: Vec<_> = {
        let state = server.0.lock();
        let notes = state.rows.values().filter(|row| row.kind == "attendance_note");
        notes.map(|row| (row.scope.parse().unwrap(), row.id)).collect()
    };
    for key in gone {
        server.0.lock().write(key, None);
    }
    sync(&amal);
    assert!(!tells(owner.path(), "SETTLED-NOTE"), "neither in the outbox nor in the mirror");
}
