//! A store that fails: nobody is told that anything happened which may not have, and memory is right afterwards.

use crate::{
    phone::{Phone, outcome, raw},
    reports::{attendance, sick},
    town::{Town, config, group, person, works},
};
use parking_lot::Mutex;
use skolebro_core::{
    domain::{
        attendance::{Session, attendance_key},
        command::CommandBody,
        people::{Reach, Role},
        record::RecordKind,
        scope::Topic,
    },
    protocol::{NotNow, Outcome, ProblemCode},
};
use skolebro_server::{
    engine::{Engine, EngineConfig, Limits, WriterMode},
    store::{self, Reading, Result, Store, StoreError, StoredRow, Writing, sqlite::SqliteStore},
};
use std::{path::Path, sync::Arc};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fails {
    BeforeWork,
    AtCommit,
    DoubtfulLost,
    DoubtfulKept,
}

/// Fails the next write, or one of those behind it, once; or every one while it is `down`.
pub struct Frail {
    inner: SqliteStore,
    next: Mutex<Option<Fails>>,
    /// Writes that go through before that one.
    first: Mutex<usize>,
    down: Mutex<bool>,
    /// Reads fail.
    blind: Mutex<bool>,
}

impl Default for Frail {
    fn default() -> Self {
        let inner = SqliteStore::temporary().unwrap();
        let (next, first) = Default::default();
        Self { inner, next, first, down: Mutex::default(), blind: Mutex::default() }
    }
}

impl Frail {
    pub fn fail_after(&self, writes: usize, fails: Fails) {
        (*self.next.lock(), *self.first.lock()) = (Some(fails), writes);
    }
    /// Whether the write that was to fail has not come; now it does not any more.
    pub fn goes_on(&self) -> bool {
        self.next.lock().take().is_some()
    }
}

impl Store for Frail {
    fn read(&self, work: &mut dyn FnMut(&dyn Reading) -> Result<()>) -> Result<()> {
        if *self.blind.lock() {
            return Err(StoreError::Backend("the disk does not answer".to_owned()));
        }
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
        let first = {
            let mut first = self.first.lock();
            let now = *first;
            *first = now.saturating_sub(1);
            now
        };
        let fails = if first > 0 { None } else { self.next.lock().take() };
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
    fn scrub(&self) -> Result<()> {
        self.inner.scrub()
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

#[test]
fn what_a_doubtful_commit_did_is_poked_once_the_store_is_sound_again() {
    let frail = Arc::new(Frail::default());
    let town = Town::on(frail.clone(), Limits::default());
    let amal = town.phone("Amal");
    let mut sanna = town.engine.subscribe(&town.session("Sanna")).unwrap();
    let command = sick(&town);
    *frail.next.lock() = Some(Fails::DoubtfulKept);
    assert_eq!(amal.ask(vec![raw(&command)]).unwrap_err().code, ProblemCode::Unavailable);
    assert!(!sanna.was_poked(), "nobody knows yet");
    // The report is there: sent again it is a replay, which writes nothing.
    assert!(matches!(outcome(&amal.ask(vec![raw(&command)]).unwrap(), command.id), Outcome::Accepted { .. }));
    assert!(sanna.was_poked());
}

#[test]
fn a_listener_whose_rights_could_not_be_read_looks_again_with_the_next_poke() {
    let frail = Arc::new(Frail::default());
    let town = Town::on(frail.clone(), Limits::default());
    let mut amal = town.phone("Amal");
    let mut omar = town.engine.subscribe(&town.session("Omar")).unwrap();
    town.put(works("Omar", Role::Teacher, Reach::Group(group("4B"))));
    *frail.blind.lock() = true;
    assert!(omar.was_poked());
    *frail.blind.lock() = false;
    // Something in the class that he had before.
    let mut nils = sick(&town);
    if let CommandBody::ReportAbsence { pupils, .. } = &mut nils.body {
        *pupils = vec![person("Nils")];
    }
    assert!(matches!(town.phone("Greta").send(&nils), Outcome::Accepted { .. }));
    assert!(omar.was_poked());
    amal.send(&sick(&town));
    assert!(omar.was_poked());
}

/// Commits wait until somebody opens it.
struct Gate {
    inner: SqliteStore,
    open: Mutex<bool>,
    opened: parking_lot::Condvar,
    waiting: std::sync::atomic::AtomicUsize,
}

impl Store for Gate {
    fn read(&self, work: &mut dyn FnMut(&dyn Reading) -> Result<()>) -> Result<()> {
        self.inner.read(work)
    }
    fn write(&self, work: &mut dyn FnMut(&mut dyn Writing) -> Result<()>) -> Result<()> {
        self.waiting.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        self.opened.wait_while(&mut self.open.lock(), |open| !*open);
        self.waiting.fetch_sub(1, std::sync::atomic::Ordering::SeqCst);
        self.inner.write(work)
    }
    fn backup(&self, to: &Path) -> Result<()> {
        self.inner.backup(to)
    }
    fn scrub(&self) -> Result<()> {
        self.inner.scrub()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_disk_stalls_only_so_many_wait_and_who_has_gone_is_not_settled_afterwards() {
    let gate = Arc::new(Gate {
        inner: SqliteStore::temporary().unwrap(),
        open: Mutex::new(true),
        opened: parking_lot::Condvar::new(),
        waiting: std::sync::atomic::AtomicUsize::new(0),
    });
    let town = Town::on(gate.clone(), Limits::default());
    let amal = town.phone("Amal");
    let config = EngineConfig {
        writer: WriterMode::Thread,
        ..config(Limits { requests_waiting: 2, requests_per_commit: 1, ..Limits::default() })
    };
    let engine = Engine::open(town.store.clone(), town.clock.clone(), config).unwrap();
    *gate.open.lock() = false;
    let commands: Vec<_> = (0..4).map(|_| town.delegates(&[Topic::Attendance])).collect();
    let ask = |at: usize| {
        let (engine, session) = (engine.clone(), amal.session);
        let request = amal.request(vec![raw(&commands[at])]);
        tokio::spawn(async move { engine.sync(&session, request).await.map(drop) })
    };
    let first = ask(0);
    // Until the writer has taken it out of the queue.
    while gate.waiting.load(std::sync::atomic::Ordering::SeqCst) == 0 {
        tokio::task::yield_now().await;
    }
    let mut waiting = vec![ask(1), ask(2)];
    // One of the three is one too many, whichever comes last.
    waiting.push(ask(3));
    let refused = loop {
        if let Some(at) = waiting.iter().position(tokio::task::JoinHandle::is_finished) {
            break waiting.swap_remove(at);
        }
        tokio::task::yield_now().await;
    };
    assert_eq!(refused.await.unwrap().unwrap_err().code, ProblemCode::Unavailable);
    for gone in &mut waiting {
        gone.abort();
        assert!(gone.await.unwrap_err().is_cancelled());
    }
    *gate.open.lock() = true;
    gate.opened.notify_all();
    first.await.unwrap().unwrap();
    // The writer's queue is in order: what stood before this one has had its turn.
    engine.sync(&amal.session, amal.request(vec![raw(&sick(&town))])).await.unwrap();
    let settled = commands.iter().filter(|command| {
        store::read(&*town.store, |reading| reading.command(town.school, command.id)).unwrap().is_some()
    });
    assert_eq!(settled.map(|command| command.id).collect::<Vec<_>>(), [commands[0].id]);
}
