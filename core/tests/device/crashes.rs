//! Killed between any two steps: nothing is lost, nothing happens twice, and the phone ends where it would have.

use crate::{
    fake::{FakeServer, Fault, Owner, in_step, sync},
    saying::{attendance, say, sick},
    school::{after, monday},
};
use parking_lot::Mutex;
use skolebro_core::{
    device::{Delivery, Phone, PhoneError, Standing, crash::Step},
    domain::{command::Capacity, ids::CommandId},
};
use std::sync::Arc;

/// Kills at the `nth` time that `step` is reached; 0: never.
fn kill_at(owner: &mut Owner, step: Step, nth: usize) {
    let count = Mutex::new(0);
    owner.options.crash = Some(Arc::new(move |here| {
        let mut count = count.lock();
        *count += usize::from(here == step);
        here == step && *count == nth
    }));
}

#[test]
fn a_phone_killed_between_any_two_steps_goes_on() {
    for (batch, page) in [(1, 1), (2, 2), (3, 100)] {
        for step in Step::ALL.iter().copied() {
            for nth in 1..3 {
                for lost in [false, true] {
                    story(step, nth, batch, page, lost);
                }
            }
        }
    }
}

fn story(step: Step, nth: usize, batch: usize, page: usize, lost: bool) {
    let told = format!("killed at {step:?} no. {nth}, batch {batch}, page {page}, lost {lost}");
    let server = FakeServer::new();
    let school = server.school();
    let (mut owner, amal) = Owner::enrolled(&server, "Amal");
    drop(amal);
    server.0.lock().page = page;
    owner.options.batch = batch;
    kill_at(&mut owner, step, nth);
    server.give("Erik", Capacity::Home, sick("Maja", monday(), monday()));
    let amal = owner.open();
    let mut kept: Vec<CommandId> = Vec::new();
    for days in 0..3 {
        match amal.submit(school, Capacity::Home, sick("Liv", after(days), after(days)), None) {
            Ok(submitted) => kept.push(submitted.id),
            Err(error) => assert!(matches!(error, PhoneError::Died(_)), "{told}: {error}"),
        }
    }
    if lost {
        server.fault(Fault::Lost);
    }
    for _ in 0..2 {
        match amal.sync_once(std::time::Duration::from_secs(20)) {
            Ok(_) | Err(PhoneError::Died(_)) => {}
            Err(error) => panic!("{told}: {error}"),
        }
    }
    drop(amal);

    owner.options.crash = None;
    server.0.lock().faults.clear();
    let amal = owner.open();
    let items = amal.outbox().unwrap();
    for id in &kept {
        let item = items.iter().find(|item| item.id == *id);
        let item = item.unwrap_or_else(|| panic!("{told}: {id} was acknowledged and is gone"));
        assert!(!matches!(item.delivery, Delivery::Rejected { .. }), "{told}: a false rejection");
    }
    for (days, _) in kept.iter().enumerate() {
        let shown = attendance(&amal, school, "Liv", after(days as i64));
        assert!(shown.is_some_and(|found| found.extent.is_some()), "{told}: day {days} is not shown");
    }
    sync(&amal);
    in_step(&amal, "Amal", &server, &told);
    for item in amal.outbox().unwrap() {
        assert!(matches!(item.delivery, Delivery::AtSchool { .. }), "{told}: {item:?}");
    }
    let applied = &server.0.lock().applied;
    for id in &kept {
        assert_eq!(applied.iter().filter(|done| *done == id).count(), 1, "{told}: {id}");
    }
}

/// Amal and her phone, and a hook that does something of hers at a step of her own sync.
fn meanwhile(server: &Arc<FakeServer>, step: Step, act: impl Fn(&Phone) + Send + Sync + 'static) -> (Owner, Phone) {
    let (mut owner, amal) = Owner::enrolled(server, "Amal");
    drop(amal);
    let hand: Arc<Mutex<Option<Phone>>> = Arc::default();
    let held = hand.clone();
    owner.options.crash = Some(Arc::new(move |here| {
        let phone = (here == step).then(|| held.lock().take()).flatten();
        if let Some(phone) = phone {
            act(&phone);
        }
        false
    }));
    let amal = owner.open();
    *hand.lock() = Some(amal.clone());
    (owner, amal)
}

#[test]
fn what_is_taken_back_between_choosing_and_marking_does_not_go() {
    let taken = Arc::new(Mutex::new(None));
    let server = FakeServer::new();
    let school = server.school();
    let into = taken.clone();
    let (_owner, amal) = meanwhile(&server, Step::SyncChosen, move |phone| {
        let first = phone.outbox().unwrap()[0].id;
        phone.take_back(first).unwrap();
        *into.lock() = Some(first);
    });
    let first = say(&amal, school, sick("Liv", monday(), monday()));
    let second = say(&amal, school, sick("Liv", after(1), after(1)));
    let report = sync(&amal);
    assert_eq!((*taken.lock(), report.sent, report.accepted), (Some(first), 1, 1));
    assert_eq!(server.0.lock().applied, [second], "what she was told is taken back never reaches the school");
    assert!(attendance(&amal, school, "Liv", monday()).is_none());
    in_step(&amal, "Amal", &server, "");
}

#[test]
fn a_phone_killed_while_it_enrols_needs_no_second_code() {
    let server = FakeServer::new();
    let mut owner = Owner::new(&server);
    kill_at(&mut owner, Step::EnrolTokenKept, 1);
    assert!(matches!(owner.open().enrol("Amal", "phone"), Err(PhoneError::Died(Step::EnrolTokenKept))));
    owner.options.crash = None;
    let amal = owner.open();
    assert_eq!(amal.who().unwrap().standing, Standing::Enrolled);
    say(&amal, server.school(), sick("Liv", monday(), monday()));
    assert_eq!(sync(&amal).accepted, 1);
}

#[test]
fn a_phone_killed_while_it_signs_out_is_signed_out() {
    for step in [Step::Sealed, Step::Wiped] {
        let server = FakeServer::new();
        let school = server.school();
        let (mut owner, amal) = Owner::enrolled(&server, "Amal");
        drop(amal);
        kill_at(&mut owner, step, 1);
        let amal = owner.open();
        say(&amal, school, sick("Liv", monday(), monday()));
        assert!(matches!(amal.even_if_unsent().sign_out(), Err(PhoneError::Died(_))));
        drop(amal);
        owner.options.crash = None;
        let phone = owner.open();
        assert_eq!(phone.who().unwrap().standing, Standing::SignedOut);
        assert!(matches!(phone.view(school), Err(PhoneError::NotEnrolled)));
        assert!(matches!(phone.outbox(), Err(PhoneError::NotEnrolled)));
        phone.enrol("Amal", "phone").unwrap();
        assert_eq!(sync(&phone).accepted, 1, "{step:?}: the queue is as it was left");
        in_step(&phone, "Amal", &server, "");
    }
}

#[test]
fn a_reset_killed_half_way_is_done_again() {
    let server = FakeServer::new();
    let school = server.school();
    let (mut owner, amal) = Owner::enrolled(&server, "Amal");
    let id = say(&amal, school, sick("Liv", monday(), monday()));
    sync(&amal);
    drop(amal);
    server.restore_from_backup();
    for step in [Step::SyncOutcomesKept, Step::SyncMirrorDropped, Step::SyncAnswered] {
        kill_at(&mut owner, step, 1);
        let died = owner.open().sync_once(std::time::Duration::from_secs(20));
        assert!(died.is_err() || step == Step::SyncMirrorDropped, "{died:?}");
    }
    owner.options.crash = None;
    let amal = owner.open();
    sync(&amal);
    in_step(&amal, "Amal", &server, "");
    assert!(server.0.lock().received.iter().filter(|(sent, _)| *sent == id).count() >= 2, "sent again");
    assert_eq!(server.0.lock().applied, [id], "and applied once");
}
