//! Time on a phone: a wrong clock, a night's sleep, a substitute after midnight, the cutoff of the morning.

use crate::{
    fake::{FakeServer, Fault, Owner, held, in_step, sync},
    saying::{attendance, say, sick},
    school::{after, group, hm, monday, person},
};
use chrono::TimeDelta;
use parking_lot::Mutex;
use skolebro_core::{
    clock::{Clock, TestClock},
    device::{Draft, IfAdvised, Phone, PhoneError, Submission, crash::Step},
    domain::{
        command::{Capacity, CommandBody},
        scope::{Circle, Scope, Topic},
        time::instant,
    },
};
use std::{sync::Arc, time::Duration};

#[test]
fn a_wrong_clock_stops_no_report() {
    for wrong in [TimeDelta::days(-900), TimeDelta::days(900)] {
        let server = FakeServer::new();
        let school = server.school();
        let mut owner = Owner::new(&server);
        owner.clock = Arc::new(TestClock::at(server.now() + wrong));
        let amal = owner.open();
        amal.enrol("Amal", "phone").unwrap();
        sync(&amal);
        owner.pass(TimeDelta::minutes(5));
        assert_eq!(amal.now(), server.now());
        assert_eq!(amal.view(school).unwrap().today(), monday());
        let kept = amal.submit(school, Capacity::Home, sick("Liv", monday(), monday()), None).unwrap();
        assert_eq!(kept.advice, None);
        assert!(attendance(&amal, school, "Liv", monday()).is_some());
        drop(amal);
        owner.clock.advance(TimeDelta::minutes(10));
        let amal = owner.open();
        assert_eq!(amal.now(), server.now() + TimeDelta::minutes(10), "it goes on after a restart");
        assert_eq!(sync(&amal).accepted, 1);
    }
}

#[test]
fn a_clock_that_is_put_back_while_the_phone_is_off_does_not_put_time_back() {
    let server = FakeServer::new();
    let (mut owner, amal) = Owner::enrolled(&server, "Amal");
    drop(amal);
    owner.clock = Arc::new(TestClock::at(owner.clock.now() - TimeDelta::days(400)));
    assert_eq!(owner.open().now(), server.now());
}

#[test]
fn a_phone_that_shows_another_day_than_it_reckons_at_the_school_asks_before_it_calls_a_day_today() {
    let server = FakeServer::new();
    let school = server.school();
    let mut owner = Owner::new(&server);
    // A day slow when it last heard from the school, and put right while it was off.
    owner.clock = Arc::new(TestClock::at(server.now() - TimeDelta::days(1)));
    let amal = owner.open();
    amal.enrol("Amal", "phone").unwrap();
    sync(&amal);
    let draft = |body| Draft { school, capacity: Capacity::Home, body, depends_on: None };
    let ask = |amal: &Phone, body| amal.submit_draft(draft(body), IfAdvised::Ask).unwrap();
    // The school has just said what day it is: whatever the phone shows, there is nothing to ask.
    assert_eq!(amal.two_todays(school), None);
    drop(amal);
    owner.clock = Arc::new(TestClock::at(server.now()));
    let amal = owner.open();
    let asked = ask(&amal, sick("Liv", after(1), after(1)));
    assert_eq!(asked, Submission::OtherDay { by_phone: monday(), by_school: after(1) });
    assert_eq!(amal.outbox().unwrap(), []);
    // What is about no day is not asked of, and the person may say it all the same.
    let role = CommandBody::DelegateTopics {
        pupil: person("Liv"),
        to: person("Kaj"),
        topics: vec![Topic::Attendance],
        dates: Default::default(),
    };
    assert!(!matches!(ask(&amal, role), Submission::OtherDay { .. }));
    sync(&amal);
    assert_eq!(amal.view(school).unwrap().today(), monday());
    assert!(ask(&amal, sick("Liv", monday(), monday())).id().is_some());
}

#[test]
fn what_was_said_by_a_clock_that_ran_ahead_is_told_when_the_school_has_it() {
    let server = FakeServer::new();
    let school = server.school();
    let (owner, amal) = Owner::enrolled(&server, "Amal");
    // Nothing but its own clock has counted the night.
    owner.clock.advance(TimeDelta::days(1));
    let ahead = say(&amal, school, sick("Liv", after(1), after(1)));
    let flag = |amal: &Phone, id| amal.outbox().unwrap().into_iter().find(|item| item.id == id).unwrap().said_ahead;
    assert!(!flag(&amal, ahead), "nobody knows yet");
    assert_eq!(sync(&amal).accepted, 1);
    assert!(flag(&amal, ahead));
    let right = say(&amal, school, sick("Liv", monday(), monday()));
    owner.pass(TimeDelta::hours(3));
    sync(&amal);
    assert!(!flag(&amal, right));
}

#[test]
fn a_clock_that_runs_years_ahead_forgets_nothing_that_a_restored_server_needs() {
    let server = FakeServer::new();
    let school = server.school();
    let (mut owner, amal) = Owner::enrolled(&server, "Amal");
    let id = say(&amal, school, sick("Liv", monday(), monday()));
    assert_eq!(sync(&amal).accepted, 1);
    drop(amal);
    let right = std::mem::replace(&mut owner.clock, Arc::new(TestClock::at(server.now() + TimeDelta::days(1400))));
    drop(owner.open());
    owner.clock = right;
    server.forget_everything_said();
    let amal = owner.open();
    sync(&amal);
    assert_eq!(server.0.lock().applied, [id], "it is sent again");
    in_step(&amal, "Amal", &server, "");
}

#[test]
fn what_was_settled_long_ago_by_the_servers_time_is_forgotten() {
    let server = FakeServer::new();
    let school = server.school();
    let (owner, amal) = Owner::enrolled(&server, "Amal");
    say(&amal, school, sick("Liv", monday(), monday()));
    sync(&amal);
    let kept = || {
        let file = rusqlite::Connection::open(owner.path().join("outbox.db")).unwrap();
        file.query_row("SELECT count(*) FROM command", [], |row| row.get::<_, i64>(0)).unwrap()
    };
    owner.pass(TimeDelta::days(30));
    sync(&amal);
    assert_eq!(kept(), 1, "the server may still ask for it");
    owner.pass(TimeDelta::days(2));
    sync(&amal);
    assert_eq!(kept(), 0, "also by a sync that has nothing to say");
}

#[test]
fn a_phone_is_not_suspended_while_it_writes() {
    let server = FakeServer::new();
    let school = server.school();
    let (mut owner, amal) = Owner::enrolled(&server, "Amal");
    drop(amal);
    let hand: Arc<Mutex<Option<Phone>>> = Arc::default();
    let early = Arc::new(Mutex::new(None));
    let (held, into) = (hand.clone(), early.clone());
    let (tell, told) = std::sync::mpsc::channel();
    let (tell, told) = (Mutex::new(Some(tell)), Mutex::new(told));
    owner.options.crash = Some(Arc::new(move |step| {
        let phone = (step == Step::SubmitKept).then(|| held.lock().take()).flatten();
        if let Some(phone) = phone {
            let tell = tell.lock().take().unwrap();
            std::thread::spawn(move || {
                phone.suspend();
                let _ = tell.send(());
            });
            // The thread that says something has the files open here: the system must not be told that it may sleep.
            *into.lock() = Some(told.lock().recv_timeout(Duration::from_millis(300)).is_ok());
        }
        false
    }));
    let amal = owner.open();
    *hand.lock() = Some(amal.clone());
    let id = say(&amal, school, sick("Liv", monday(), monday()));
    assert_eq!(*early.lock(), Some(false), "it came back while the files were in use");
    while !amal.schools().is_empty() && !matches!(amal.outbox(), Err(PhoneError::Suspended)) {
        std::thread::yield_now();
    }
    amal.resume().unwrap();
    assert_eq!(amal.outbox().unwrap()[0].id, id);
}

#[test]
fn a_substitute_reads_nothing_after_midnight_with_no_network() {
    let server = FakeServer::new();
    let school = server.school();
    server.give("Amal", Capacity::Home, sick("Liv", monday(), monday()));
    let (owner, vera) = Owner::enrolled(&server, "Vera");
    let (_sanna_owner, sanna) = Owner::enrolled(&server, "Sanna");
    assert!(attendance(&vera, school, "Liv", monday()).is_some());
    server.fault(Fault::Offline);
    owner.clock.advance(TimeDelta::hours(17));
    assert!(attendance(&vera, school, "Liv", monday()).is_none(), "it is Tuesday");
    let view = vera.view(school).unwrap();
    assert!(!view.holds(&Scope::group(group("4B"), Topic::Attendance, Circle::Staff)));
    assert_eq!(view.name(person("Liv")), None);
    assert_eq!(view.roster().pupils().count(), 0);
    assert!(attendance(&sanna, school, "Liv", monday()).is_some());
    drop(view);
    drop(vera);
    // A clock that ran ahead hides what is still held, and shows it again when the server has said what time it is.
    assert!(attendance(&owner.open(), school, "Liv", monday()).is_none());
    server.0.lock().faults.clear();
    let vera = owner.open();
    sync(&vera);
    assert!(attendance(&vera, school, "Liv", monday()).is_some());
    in_step(&vera, "Vera", &server, "");
}

#[test]
fn what_has_ended_by_the_servers_time_is_dropped() {
    let server = FakeServer::new();
    let school = server.school();
    let (owner, vera) = Owner::enrolled(&server, "Vera");
    owner.pass(TimeDelta::hours(18));
    // The server has not ticked yet: nothing is revoked, and still nothing is held.
    sync(&vera);
    assert!(held(&vera).is_empty());
    assert!(!vera.view(school).unwrap().holds(&Scope::school(Topic::Info, Circle::All)));
}

/// The server is put on another day, as an operator's mistake would do, and its answers say so.
fn server_time(server: &FakeServer, by: TimeDelta) {
    server.0.lock().school.world.now += by;
}

#[test]
fn what_was_dropped_at_its_end_by_a_server_that_was_wrong_comes_back_when_it_is_right() {
    let server = FakeServer::new();
    let school = server.school();
    server.give("Amal", Capacity::Home, sick("Liv", monday(), monday()));
    let (owner, vera) = Owner::enrolled(&server, "Vera");
    assert!(attendance(&vera, school, "Liv", monday()).is_some());
    server_time(&server, TimeDelta::days(3_653));
    sync(&vera);
    assert!(held(&vera).is_empty());
    server_time(&server, TimeDelta::days(-3_653));
    // Nothing has been revoked nor granted, and still it is all there again; also where the app was closed meanwhile.
    drop(vera);
    let vera = owner.open();
    sync(&vera);
    assert!(attendance(&vera, school, "Liv", monday()).is_some());
    in_step(&vera, "Vera", &server, "");
    assert_eq!(vera.view(school).unwrap().today(), monday());
    drop(vera);
    assert_eq!(owner.open().now(), server.now(), "nor does it remember another year");
}

#[test]
fn a_server_in_another_year_makes_no_phone_forget_what_a_restore_needs() {
    let server = FakeServer::new();
    let school = server.school();
    let (owner, amal) = Owner::enrolled(&server, "Amal");
    let first = say(&amal, school, sick("Liv", monday(), monday()));
    sync(&amal);
    server_time(&server, TimeDelta::days(3_653));
    sync(&amal);
    server_time(&server, TimeDelta::days(-3_653));
    server.forget_everything_said();
    sync(&amal);
    assert_eq!(server.0.lock().applied, [first], "it is sent again");
    // What was settled in the other year is not listed for ten years.
    let second = say(&amal, school, sick("Liv", after(1), after(1)));
    server.fault(Fault::Lost);
    let _ = amal.sync_once(Duration::from_secs(5));
    server_time(&server, TimeDelta::days(3_653));
    sync(&amal);
    server_time(&server, TimeDelta::days(-3_653));
    sync(&amal);
    assert!(amal.outbox().unwrap().iter().any(|item| item.id == second));
    owner.pass(TimeDelta::days(3));
    sync(&amal);
    drop(amal);
    assert!(!owner.open().outbox().unwrap().iter().any(|item| item.id == second));
}

#[test]
fn a_report_still_unsent_near_the_cutoff_warns_without_a_name() {
    let server = FakeServer::new();
    let school = server.school();
    let (owner, amal) = Owner::enrolled(&server, "Amal");
    let zone = chrono_tz::Europe::Stockholm;
    let (warn, cutoff) = (instant(zone, monday(), hm("07:55")), instant(zone, monday(), hm("08:15")));
    assert_eq!(amal.cutoff_warning(amal.now()).unwrap(), Default::default());
    say(&amal, school, sick("Liv", monday(), after(1)));
    let found = amal.cutoff_warning(amal.now()).unwrap();
    assert_eq!((found.warnings.len(), found.next), (0, Some(warn)));

    let warnings = amal.cutoff_warning(warn).unwrap();
    let [warning] = warnings.warnings.as_slice() else { panic!("{warnings:?}") };
    assert_eq!(
        (warning.phone.as_str(), warning.cutoff, warning.passed, warning.unsent),
        ("021-000 00", cutoff, false, 1)
    );
    assert_eq!(warnings.next, Some(cutoff));
    let late = amal.cutoff_warning(cutoff + TimeDelta::minutes(1)).unwrap();
    assert!(late.warnings[0].passed);
    assert_eq!(late.next, Some(instant(zone, after(1), hm("07:55"))), "tomorrow's is next");
    owner.pass(TimeDelta::minutes(1));
    sync(&amal);
    assert_eq!(amal.cutoff_warning(cutoff).unwrap(), Default::default(), "it is at the school");
}

#[test]
fn an_extension_still_unsent_near_the_cutoff_warns_of_the_days_that_it_adds() {
    let server = FakeServer::new();
    let school = server.school();
    let (owner, amal) = Owner::enrolled(&server, "Amal");
    say(&amal, school, sick("Liv", monday(), monday()));
    sync(&amal);
    let longer = |to| CommandBody::ExtendAbsence { pupil: person("Liv"), to };
    // Told on Monday for Tuesday: Monday's cutoff is none of its business.
    say(&amal, school, longer(after(1)));
    let zone = chrono_tz::Europe::Stockholm;
    let at = |days, time| instant(zone, after(days), hm(time));
    let found = amal.cutoff_warning(at(0, "08:05")).unwrap();
    assert_eq!((found.warnings.len(), found.next), (0, Some(at(1, "07:55"))));
    sync(&amal);
    // The normal thing on a morning, with no network.
    owner.pass(at(2, "07:40") - amal.now());
    say(&amal, school, longer(after(2)));
    let found = amal.cutoff_warning(at(2, "08:05")).unwrap();
    let [warning] = found.warnings.as_slice() else { panic!("{found:?}") };
    assert_eq!((warning.cutoff, warning.passed, warning.unsent), (at(2, "08:15"), false, 1));
}

#[test]
fn on_a_day_of_the_clubs_alone_its_own_cutoff_warns() {
    let server = FakeServer::new();
    let school = server.school();
    // The autumn break's Monday: school is closed, and the club is open.
    let day = crate::school::day("2026-10-26");
    server.change(|school| school.on(day, "06:30"));
    let (_owner, amal) = Owner::enrolled(&server, "Amal");
    say(&amal, school, sick("Liv", day, day));
    let at = |time| instant(chrono_tz::Europe::Stockholm, day, hm(time));
    let found = amal.cutoff_warning(at("08:20")).unwrap();
    assert_eq!((found.warnings.len(), found.next), (0, Some(at("11:40"))));
    let found = amal.cutoff_warning(at("11:45")).unwrap();
    assert_eq!((found.warnings[0].cutoff, found.warnings[0].passed), (at("12:00"), false));
}

#[test]
fn a_suspended_phone_holds_no_file_and_goes_on_when_it_is_resumed() {
    let server = FakeServer::new();
    let school = server.school();
    let (owner, amal) = Owner::enrolled(&server, "Amal");
    let id = say(&amal, school, sick("Liv", monday(), monday()));
    amal.suspend();
    for wal in ["outbox.db-wal", "mirror.db-wal"] {
        assert!(!owner.path().join(wal).exists(), "{wal}: the last connection is closed");
    }
    let refused = amal.submit(school, Capacity::Home, sick("Liv", after(1), after(1)), None);
    assert!(matches!(refused, Err(PhoneError::Suspended)));
    assert!(matches!(amal.view(school), Err(PhoneError::Suspended)));
    assert!(matches!(amal.sync_once(Duration::from_secs(1)), Err(PhoneError::Suspended)));
    owner.clock.advance(TimeDelta::hours(1));
    amal.resume().unwrap();
    assert_eq!(amal.now(), server.now() + TimeDelta::hours(1));
    assert_eq!(amal.outbox().unwrap()[0].id, id);
    assert_eq!(sync(&amal).accepted, 1);
}

#[test]
fn a_phone_suspended_while_an_answer_is_on_its_way_sends_again_later() {
    let server = FakeServer::new();
    let school = server.school();
    let (_owner, amal) = Owner::enrolled(&server, "Amal");
    let id = say(&amal, school, sick("Liv", monday(), monday()));
    let sleeping = amal.clone();
    server.0.lock().between = Some(Box::new(move || sleeping.suspend()));
    assert!(matches!(amal.sync_once(Duration::from_secs(5)), Err(PhoneError::Suspended)));
    amal.resume().unwrap();
    sync(&amal);
    assert_eq!(server.0.lock().applied, [id]);
    in_step(&amal, "Amal", &server, "");
}
