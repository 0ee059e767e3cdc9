//! The sync loop: it goes when something is said, rests when nothing is, and backs off when nobody answers.

use crate::{
    fake::{FakeServer, Fault, Owner},
    saying::{say, sick},
    school::{after, monday},
};
use skolebro_core::{
    device::{SyncEnd, SyncLoop, SyncReport, Told},
    protocol::ProblemCode,
};
use std::{
    sync::mpsc::{self, Receiver},
    time::{Duration, Instant},
};

fn start(owner: &Owner, phone: &skolebro_core::device::Phone) -> (SyncLoop, Receiver<SyncReport>) {
    let _ = owner;
    let (send, receive) = mpsc::channel();
    let stepping = SyncLoop::start(phone, move |told| {
        if let Told::Ended(Ok(report)) = told {
            let _ = send.send(report.clone());
        }
    });
    (stepping.unwrap(), receive)
}

fn next(reports: &Receiver<SyncReport>) -> SyncReport {
    reports.recv_timeout(Duration::from_secs(20)).unwrap()
}

#[test]
fn what_is_said_goes_at_once_and_then_it_rests() {
    let server = FakeServer::new();
    let (owner, amal) = Owner::enrolled(&server, "Amal");
    let (stepping, reports) = start(&owner, &amal);
    assert_eq!(next(&reports).ended, SyncEnd::Complete);
    say(&amal, server.school(), sick("Liv", monday(), monday()));
    assert_eq!(next(&reports).accepted, 1);
    let resting = server.requests();
    assert!(reports.recv_timeout(Duration::from_millis(300)).is_err(), "no busy wait");
    assert_eq!(server.requests(), resting);
    stepping.stop();
}

#[test]
fn nobody_answering_is_tried_again_after_growing_pauses() {
    let server = FakeServer::new();
    let (mut owner, amal) = Owner::enrolled(&server, "Amal");
    drop(amal);
    owner.options.first_pause = Duration::from_millis(20);
    owner.options.seed = Some(4);
    let amal = owner.open();
    for _ in 0..4 {
        server.fault(Fault::Offline);
    }
    let begun = Instant::now();
    let (_stepping, reports) = start(&owner, &amal);
    for _ in 0..4 {
        assert_eq!(next(&reports).ended, SyncEnd::Offline);
    }
    assert_eq!(next(&reports).ended, SyncEnd::Complete);
    // At least half of 20 + 40 + 80 + 160 ms.
    assert!(begun.elapsed() >= Duration::from_millis(150), "{:?}", begun.elapsed());
}

#[test]
fn a_pause_that_the_server_asks_for_is_kept_whatever_is_said() {
    let server = FakeServer::new();
    let (owner, amal) = Owner::enrolled(&server, "Amal");
    server.fault(Fault::Refuse(503, ProblemCode::Unavailable, Some(Duration::from_secs(1))));
    let begun = Instant::now();
    let (_stepping, reports) = start(&owner, &amal);
    assert!(matches!(next(&reports).ended, SyncEnd::Refused { .. }));
    say(&amal, server.school(), sick("Liv", monday(), monday()));
    say(&amal, server.school(), sick("Liv", after(1), after(1)));
    assert_eq!(next(&reports).accepted, 2);
    assert!(begun.elapsed() >= Duration::from_secs(1));
}

#[test]
fn a_pause_that_is_absurd_is_kept_no_longer_than_thrice_our_own_longest() {
    for absurd in [Duration::from_secs(86_400), Duration::from_secs(u64::MAX), Duration::MAX] {
        let server = FakeServer::new();
        let (mut owner, amal) = Owner::enrolled(&server, "Amal");
        drop(amal);
        owner.options.longest_pause = Duration::from_millis(30);
        owner.options.first_pause = Duration::from_millis(10);
        let amal = owner.open();
        server.fault(Fault::Refuse(503, ProblemCode::Unavailable, Some(absurd)));
        let (_stepping, reports) = start(&owner, &amal);
        assert!(matches!(next(&reports).ended, SyncEnd::Refused { .. }));
        assert_eq!(next(&reports).ended, SyncEnd::Complete, "a proxy under maintenance asked for {absurd:?}");
    }
}

#[test]
fn a_listener_keeps_the_pause_that_it_is_asked_for() {
    let server = FakeServer::new();
    let (mut owner, amal) = Owner::enrolled(&server, "Amal");
    drop(amal);
    owner.options.first_pause = Duration::from_millis(1);
    let amal = owner.open();
    server.0.lock().deaf.push_back(Some(Duration::from_millis(600)));
    let (stepping, _reports) = start(&owner, &amal);
    stepping.listen().unwrap();
    let begun = Instant::now();
    let listened = loop {
        let listened = server.0.lock().listened.clone();
        if listened.len() > 1 {
            break listened;
        }
        assert!(begun.elapsed() < Duration::from_secs(20));
        std::thread::yield_now();
    };
    assert!(listened[1] - listened[0] >= Duration::from_millis(600), "{:?}", listened[1] - listened[0]);
}

#[test]
fn a_loop_that_is_stopped_or_whose_phone_sleeps_asks_nothing() {
    let server = FakeServer::new();
    let (owner, amal) = Owner::enrolled(&server, "Amal");
    let (stepping, reports) = start(&owner, &amal);
    next(&reports);
    amal.suspend();
    amal.resume().unwrap();
    next(&reports);
    stepping.stop();
    let resting = server.requests();
    say(&amal, server.school(), sick("Liv", monday(), monday()));
    assert!(reports.recv_timeout(Duration::from_millis(200)).is_err());
    assert_eq!(server.requests(), resting);
}
