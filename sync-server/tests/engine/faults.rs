//! A store that fails: nobody is told that anything happened which may not have, and memory is right afterwards.

use crate::{
    phone::{Phone, outcome, raw},
    reports::{attendance, sick},
    town::{Town, config, person},
};
use parking_lot::Mutex;
use skolebro_core::{
    domain::{
        attendance::{Session, attendance_key},
        record::RecordKind,
        scope::Topic,
    },
    protocol::{NotNow, Outcome, ProblemCode},
};
use skolebro_server::{
    engine::{Engine, Limits},
    store::{self, Reading, Result, Store, StoreError, StoredRow, Writing, memory::MemoryStore},
};
use std::{path::Path, sync::Arc};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fails {
    BeforeWork,
    AtCommit,
    DoubtfulLost,
    DoubtfulKept,
}

/// Fails the next write, once; or every one while it is `down`.
#[derive(Default)]
struct Frail {
    inner: MemoryStore,
    next: Mutex<Option<Fails>>,
    down: Mutex<bool>,
}

impl Store for Frail {
    fn read(&self, work: &mut dyn FnMut(&dyn Reading) -> Result<()>) -> Result<()> {
        self.inner.read(work)
    }
    fn write(&self, work: &mut dyn FnMut(&mut dyn Writing) -> Result<()>) -> Result<()> {
        let broken = || StoreError::Backend("the disk is full".to_owned());
        let unknown = || StoreError::Doubtful("the sync did not return".to_owned());
        if *self.down.lock() {
            return Err(unknown());
        }
        let rolled_back = |work: &mut dyn FnMut(&mut dyn Writing) -> Result<()>| {
            self.inner.write(&mut |writing| work(writing).and(Err(broken())))
        };
        let fails = self.next.lock().take();
        match fails {
            None => self.inner.write(work),
            Some(Fails::BeforeWork) => Err(broken()),
            Some(Fails::AtCommit) => rolled_back(work),
            Some(Fails::DoubtfulLost) => rolled_back(work).map_err(|_| unknown()),
            Some(Fails::DoubtfulKept) => self.inner.write(work).and(Err(unknown())),
        }
    }
    fn backup(&self, to: &Path) -> Result<()> {
        self.inner.backup(to)
    }
}

/// What a new engine over the same store would send.
fn truth(town: &Town, phone: &Phone) -> Vec<(String, skolebro_core::domain::ids::RecordId, u64, String)> {
    let engine = Engine::open(town.store.clone(), town.clock.clone(), config(Limits::default())).unwrap();
    let mut fresh = Phone::new(engine, town.school, phone.session);
    fresh.pull();
    fresh.held()
}

#[test]
fn nobody_is_answered_what_may_not_be_so() {
    for fails in [Fails::BeforeWork, Fails::AtCommit, Fails::DoubtfulLost, Fails::DoubtfulKept] {
        let frail = Arc::new(Frail::default());
        let town = Town::on(frail.clone(), Limits::default());
        let (mut amal, mut sanna) = (town.phone("Amal"), town.phone("Sanna"));
        amal.pull();
        sanna.pull();
        let command = sick(&town);
        *frail.next.lock() = Some(fails);
        match amal.ask(vec![raw(&command)]) {
            Ok(response) => {
                assert!(matches!(fails, Fails::BeforeWork | Fails::AtCommit), "{fails:?}");
                assert_eq!(outcome(&response, command.id), Outcome::NotNow(NotNow::Fault));
                amal.apply(&response);
                assert!(attendance(&amal, &town).is_none());
            }
            Err(refusal) => {
                assert!(matches!(fails, Fails::DoubtfulLost | Fails::DoubtfulKept), "{fails:?}");
                assert_eq!(refusal.code, ProblemCode::Unavailable);
            }
        }
        // The phone asks again, and it is so once.
        assert!(matches!(amal.send(&command), Outcome::Accepted { .. }), "{fails:?}");
        sanna.pull();
        assert_eq!(attendance(&sanna, &town).unwrap().reports.len(), 1);
        for phone in [&amal, &sanna] {
            assert_eq!(phone.held(), truth(&town, phone), "{fails:?}");
        }
        amal.send(&town.delegates(&[Topic::Attendance]));
        sanna.pull();
        assert_eq!(sanna.held(), truth(&town, &sanna), "{fails:?}");
    }
}

#[test]
fn while_the_store_is_in_doubt_no_page_is_sent_and_then_all_is_well_again() {
    let frail = Arc::new(Frail::default());
    let town = Town::on(frail.clone(), Limits::default());
    let (mut amal, mut sanna) = (town.phone("Amal"), town.phone("Sanna"));
    amal.pull();
    let token = {
        let code = town.code("Erik").unwrap();
        let request = skolebro_core::protocol::EnrolRequest { protocol: 1, code, device_name: String::new() };
        town.engine.enrol(&request).unwrap().token
    };
    *frail.down.lock() = true;
    let refused = |result: std::result::Result<_, skolebro_server::engine::Refusal>| match result {
        Ok(_) => panic!("an answer out of doubt"),
        Err(refusal) => assert_eq!(refusal.code, ProblemCode::Unavailable),
    };
    let command = sick(&town);
    refused(amal.ask(vec![raw(&command)]).map(drop));
    refused(sanna.ask(Vec::new()).map(drop));
    refused(town.engine.authenticate(&token).map(drop));
    refused(
        town.engine
            .apply_roster(
                town.school,
                vec![crate::town::put(crate::town::named("Svea").into())],
                skolebro_server::engine::RosterAuthor::Operator,
            )
            .map(drop),
    );
    *frail.down.lock() = false;
    assert!(matches!(amal.send(&command), Outcome::Accepted { .. }));
    sanna.pull();
    assert!(attendance(&sanna, &town).is_some());
    town.engine.authenticate(&token).unwrap();
}

#[test]
fn a_document_that_cannot_be_read_spoils_its_own_command_only() {
    let town = Town::new();
    let mut amal = town.phone("Amal");
    let (scope, id) = attendance_key(town.school, person("Liv"), "2026-09-15".parse().unwrap(), Session::Day);
    store::write(&*town.store, |writing| {
        let seq = writing.take_number(town.school)?;
        let body = Some(r#"{"reports":7}"#.into());
        let (kind, pupil, day) = (RecordKind::Attendance, Some(person("Liv")), Some("2026-09-15".parse().unwrap()));
        writing.put_row(town.school, &StoredRow { scope, id, seq, kind, pupil, day, body })
    })
    .unwrap();
    let (bad, good) = (sick(&town), town.delegates(&[Topic::Attendance]));
    let response = amal.sync(vec![raw(&bad), raw(&good)]);
    assert_eq!(outcome(&response, bad.id), Outcome::NotNow(NotNow::Fault));
    assert!(matches!(outcome(&response, good.id), Outcome::Accepted { .. }));
    assert_eq!(store::read(&*town.store, |reading| reading.command(town.school, bad.id)).unwrap(), None);
}
