//! The exchange: small batches and pages, lost and late answers, resets, restores, revoked rights, things of newer servers.

use crate::{
    fake::{FakeServer, Fault, Owner, held, in_step, sync},
    saying::{attendance, delivery, say, sick},
    school::{after, monday, person},
};
use chrono::TimeDelta;
use serde_json::value::RawValue;
use skolebro_core::{
    device::{Delivery, SyncEnd},
    domain::{
        command::Capacity,
        ids::{RecordId, SchoolId},
        people::Block,
        record::RecordKind,
        scope::{Circle, Scope, Topic},
    },
    protocol::{ProblemCode, Row},
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

#[test]
fn small_batches_and_pages_end_in_the_same_place() {
    for (batch, page) in [(1, 1), (2, 1), (1, 2), (2, 3), (3, 3)] {
        let server = FakeServer::new();
        server.0.lock().page = page;
        let school = server.school();
        let mut owner = Owner::new(&server);
        owner.options.batch = batch;
        let amal = owner.open();
        amal.enrol("Amal", "phone").unwrap();
        let ids: Vec<_> = (0..4).map(|days| say(&amal, school, sick("Liv", after(days), after(days)))).collect();
        assert_eq!(sync(&amal).ended, SyncEnd::Complete);
        for id in ids {
            assert!(matches!(delivery(&amal, id), Delivery::AtSchool { .. }), "batch {batch}, page {page}");
        }
        in_step(&amal, "Amal", &server, &format!("batch {batch}, page {page}"));
    }
}

#[test]
fn an_accepted_report_never_vanishes_while_pages_are_on_their_way() {
    let server = FakeServer::new();
    let school = server.school();
    let (mut owner, amal) = Owner::enrolled(&server, "Amal");
    drop(amal);
    server.0.lock().page = 1;
    owner.options.batch = 1;
    let amal = owner.open();
    for days in 1..4 {
        server.give("Erik", Capacity::Home, sick("Maja", after(days), after(days)));
    }
    say(&amal, school, sick("Liv", monday(), monday()));
    let missing = Arc::new(AtomicUsize::new(0));
    let (count, reading) = (missing.clone(), amal.clone());
    let _listening = amal.on_change(move |_| {
        let shown = attendance(&reading, school, "Liv", monday()).is_some_and(|found| found.extent.is_some());
        count.fetch_add(usize::from(!shown), Ordering::SeqCst);
    });
    assert_eq!(sync(&amal).ended, SyncEnd::Complete);
    assert_eq!(missing.load(Ordering::SeqCst), 0);
    assert_eq!(attendance(&amal, school, "Liv", monday()).unwrap().reports.len(), 1);
}

#[test]
fn a_lost_answer_settles_once() {
    let server = FakeServer::new();
    let school = server.school();
    let (_owner, amal) = Owner::enrolled(&server, "Amal");
    let id = say(&amal, school, sick("Liv", monday(), monday()));
    for _ in 0..3 {
        server.fault(Fault::Lost);
        assert_eq!(sync(&amal).ended, SyncEnd::Timeout);
        assert!(attendance(&amal, school, "Liv", monday()).is_some());
    }
    sync(&amal);
    assert_eq!(server.0.lock().applied, [id]);
    assert_eq!(server.0.lock().received.len(), 4, "the same bytes each time");
    in_step(&amal, "Amal", &server, "");
}

#[test]
fn an_answer_to_where_the_mirror_no_longer_is_changes_nothing() {
    let server = FakeServer::new();
    let school = server.school();
    let (owner, amal) = Owner::enrolled(&server, "Amal");
    server.give("Erik", Capacity::Home, sick("Liv", monday(), monday()));
    // While an answer is on its way, another process on the same folder syncs to a later state.
    let second = owner.open();
    let later = server.clone();
    server.0.lock().between = Some(Box::new(move || {
        later.give("Erik", Capacity::Home, sick("Maja", monday(), monday()));
        sync(&second);
    }));
    assert_eq!(sync(&amal).ended, SyncEnd::Complete);
    in_step(&amal, "Amal", &server, "");
    assert!(attendance(&amal, school, "Maja", monday()).is_some());
}

#[test]
fn two_processes_on_one_folder_see_what_the_other_says() {
    let server = FakeServer::new();
    let school = server.school();
    let (owner, watching) = Owner::enrolled(&server, "Amal");
    assert_eq!(watching.outbox().unwrap(), []);
    let typing = owner.open();
    let id = say(&typing, school, sick("Liv", monday(), monday()));
    assert!(matches!(delivery(&watching, id), Delivery::OnThisPhoneOnly { .. }));
    assert!(attendance(&watching, school, "Liv", monday()).is_some());
    sync(&watching);
    assert!(matches!(delivery(&typing, id), Delivery::AtSchool { .. }));
}

/// A school that comes after the fake's own in order, and of which the fake's list says nothing.
fn other_school() -> SchoolId {
    SchoolId(uuid::Uuid::max())
}

#[test]
fn a_school_that_fails_does_not_hold_up_the_other() {
    let server = FakeServer::new();
    let (school, other) = (server.school(), other_school());
    let (_owner, amal) = Owner::enrolled(&server, "Amal");
    let first = say(&amal, school, sick("Liv", monday(), monday()));
    let second = say(&amal, other, sick("Liv", monday(), monday()));
    server.0.lock().broken.insert(school);
    let report = sync(&amal);
    assert!(matches!(report.ended, SyncEnd::Refused { status: 503, .. }), "the first bad end is told: {report:?}");
    let received: Vec<_> = server.0.lock().received.iter().map(|(id, _)| *id).collect();
    assert_eq!(received, [second]);
    assert!(matches!(delivery(&amal, first), Delivery::OnThisPhoneOnly { tried: true, .. }));
}

#[test]
fn what_is_queued_goes_before_any_school_is_paged() {
    let server = FakeServer::new();
    let (school, other) = (server.school(), other_school());
    let owner = Owner::new(&server);
    let amal = owner.open();
    amal.enrol("Amal", "phone").unwrap();
    server.0.lock().page = 1;
    say(&amal, school, sick("Liv", monday(), monday()));
    say(&amal, other, sick("Liv", monday(), monday()));
    assert_eq!(sync(&amal).ended, SyncEnd::Complete);
    let state = server.0.lock();
    assert_eq!(state.asked[..3], [school, other, school], "both reports first, then page after page");
    assert!(state.asked.len() > 10);
}

#[test]
fn a_mirror_behind_the_floor_starts_over_and_the_outbox_stays() {
    let server = FakeServer::new();
    let school = server.school();
    let (_owner, amal) = Owner::enrolled(&server, "Amal");
    let sent = say(&amal, school, sick("Liv", monday(), monday()));
    sync(&amal);
    server.give("Erik", Capacity::Home, sick("Maja", monday(), monday()));
    {
        let mut state = server.0.lock();
        state.floor = state.head;
    }
    let queued = say(&amal, school, sick("Liv", after(1), after(1)));
    let report = sync(&amal);
    assert_eq!((report.ended, report.accepted), (SyncEnd::Complete, 1));
    in_step(&amal, "Amal", &server, "");
    let received = server.0.lock().received.iter().filter(|(id, _)| *id == sent).count();
    assert_eq!(received, 1, "the epoch is the same: nothing is sent again");
    assert!(matches!(delivery(&amal, queued), Delivery::AtSchool { .. }));
}

#[test]
fn a_server_restored_from_backup_gets_the_last_month_again() {
    let server = FakeServer::new();
    let school = server.school();
    let (owner, amal) = Owner::enrolled(&server, "Amal");
    let old = say(&amal, school, sick("Maja", monday(), monday()));
    sync(&amal);
    owner.pass(TimeDelta::days(50));
    sync(&amal);
    let later = server.now().date_naive();
    let recent = say(&amal, school, sick("Liv", later, later));
    sync(&amal);
    server.forget_everything_said();
    let report = sync(&amal);
    assert_eq!(report.ended, SyncEnd::Complete);
    assert_eq!(server.0.lock().applied, [recent], "same id, same bytes; {old} is older than a month");
    in_step(&amal, "Amal", &server, "");
    assert!(attendance(&amal, school, "Liv", later).is_some());
}

#[test]
fn a_restore_is_noticed_also_after_the_mirror_was_lost() {
    let server = FakeServer::new();
    let school = server.school();
    let (owner, amal) = Owner::enrolled(&server, "Amal");
    let id = say(&amal, school, sick("Liv", monday(), monday()));
    sync(&amal);
    drop(amal);
    for ending in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(owner.path().join(format!("mirror.db{ending}")));
    }
    server.restore_from_backup();
    let amal = owner.open();
    sync(&amal);
    assert_eq!(server.0.lock().received.iter().filter(|(sent, _)| *sent == id).count(), 2);
    assert!(matches!(delivery(&amal, id), Delivery::AtSchool { .. }));
}

#[test]
fn a_right_that_is_taken_takes_what_was_read() {
    let server = FakeServer::new();
    let school = server.school();
    server.give("Erik", Capacity::Home, sick("Liv", monday(), monday()));
    let (_owner, amal) = Owner::enrolled(&server, "Amal");
    assert!(attendance(&amal, school, "Liv", monday()).is_some());
    server.change(|school| school.put(Block { pupil: person("Liv"), person: person("Amal") }));
    sync(&amal);
    assert!(attendance(&amal, school, "Liv", monday()).is_none());
    in_step(&amal, "Amal", &server, "");
    let liv = person("Liv").to_string();
    assert!(!held(&amal).iter().any(|(scope, _, _)| scope.contains(&liv)));
    let view = amal.view(school).unwrap();
    assert!(view.roster().guardianship(person("Liv"), person("Amal")).is_none());
    assert!(view.name(person("Maja")).is_some(), "her other child is as before");
}

#[test]
fn what_a_newer_server_sends_is_kept_and_skipped() {
    let server = FakeServer::new();
    let school = server.school();
    {
        let mut state = server.0.lock();
        let body = || Some(RawValue::from_string("{\"sent\":\"by a newer server\"}".into()).unwrap());
        let own = Scope::own(person("Amal"), Topic::Info).to_string();
        for (scope, kind) in [("hologram:everybody/thoughts/all".to_owned(), "attendance"), (own, "hologram")] {
            state.head += 1;
            let (seq, id) = (state.head, RecordId::derive(&[&kind]));
            let row = Row { scope: scope.clone(), id, seq, kind: kind.into(), pupil: None, day: None, body: body() };
            state.rows.insert((scope.clone(), id), row);
            state.granted.entry((person("Amal"), scope)).or_insert((seq, None));
        }
    }
    let (_owner, amal) = Owner::enrolled(&server, "Amal");
    assert!(held(&amal).iter().any(|(scope, _, _)| scope.starts_with("hologram:")), "kept");
    let view = amal.view(school).unwrap();
    assert_eq!(view.of_kind(RecordKind::Attendance).unwrap(), [], "skipped");
    assert_eq!(view.relations().unwrap().len(), 2);
    assert!(view.holds(&Scope::pupil(person("Liv"), Topic::Attendance, Circle::All)));
}

#[test]
fn refusals_say_why_and_keep_the_queue() {
    let server = FakeServer::new();
    let school = server.school();
    let (_owner, amal) = Owner::enrolled(&server, "Amal");
    let id = say(&amal, school, sick("Liv", monday(), monday()));
    server.fault(Fault::Refuse(426, ProblemCode::TooOld, None));
    assert_eq!(sync(&amal).ended, SyncEnd::TooOld);
    server.fault(Fault::Refuse(503, ProblemCode::Unavailable, Some(Duration::from_secs(7))));
    let SyncEnd::Refused { retry_after, .. } = sync(&amal).ended else { panic!() };
    assert_eq!(retry_after, Some(Duration::from_secs(7)));
    assert!(matches!(delivery(&amal, id), Delivery::OnThisPhoneOnly { .. }));
    assert_eq!(sync(&amal).accepted, 1);
}

#[test]
fn a_request_that_is_too_large_is_halved() {
    let server = FakeServer::new();
    let school = server.school();
    let (_owner, amal) = Owner::enrolled(&server, "Amal");
    for days in 0..4 {
        say(&amal, school, sick("Liv", after(days), after(days)));
    }
    // Four at once, two at once, and the first alone: it is passed over this time.
    for _ in 0..3 {
        server.fault(Fault::Refuse(413, ProblemCode::TooLarge, None));
    }
    let report = sync(&amal);
    assert_eq!((report.ended, report.accepted), (SyncEnd::Complete, 3));
    assert_eq!(sync(&amal).accepted, 1);
}
