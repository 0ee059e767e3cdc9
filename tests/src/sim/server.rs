//! The school's side of the simulation: the real engine over the real SQLite store, on a clock that the schedule moves.

use super::oracle;
use crate::village;
use chrono::{DateTime, TimeDelta, Utc};
use parking_lot::Mutex;
use skolebro_core::{
    clock::{Clock, TestClock},
    domain::{
        attendance::AttendanceNote,
        ids::{CommandId, PersonId, RecordId},
        record::RecordKind,
        roster::RosterChange,
        scope::Scope,
    },
};
use skolebro_server::{
    engine::{Engine, EngineConfig, Limits, RosterAuthor, WriterMode},
    store::{
        self, StoredRow,
        sqlite::{SqliteOptions, SqliteStore, restore},
    },
};
use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};
use tempfile::TempDir;

/// The clock of the server's machine. It can be years off on the wall; the steady part is right.
#[derive(Debug)]
struct MachineClock {
    right: Arc<TestClock>,
    /// In years of 365 days.
    wrong_by: AtomicI64,
    /// Nobody doubts it.
    is_followed: bool,
}

impl Clock for MachineClock {
    fn now(&self) -> DateTime<Utc> {
        self.right.now() + TimeDelta::days(365 * self.wrong_by.load(Ordering::SeqCst))
    }
    fn elapsed(&self) -> TimeDelta {
        self.right.elapsed()
    }
    fn is_moved_on_purpose(&self) -> bool {
        self.is_followed
    }
}

#[derive(Debug)]
pub struct Server {
    folder: TempDir,
    clock: Arc<TestClock>,
    machine: Arc<MachineClock>,
    limits: Limits,
    running: Mutex<Running>,
}

#[derive(Debug)]
struct Running {
    engine: Option<Arc<Engine>>,
    generation: u32,
    backup: Option<u32>,
    backups: u32,
}

impl Server {
    /// `doubts`: its machine's clock may be wrong, and it is to see that.
    pub fn start(now: DateTime<Utc>, mut limits: Limits, doubts: bool) -> Self {
        let clock = Arc::new(TestClock::at(now));
        let (right, wrong_by) = (clock.clone(), AtomicI64::new(0));
        let machine = Arc::new(MachineClock { right, wrong_by, is_followed: !doubts });
        // Days pass in a schedule without anybody looking at a clock.
        limits.clock.sleep = TimeDelta::days(300);
        let folder = folder();
        let running = Running { engine: None, generation: 0, backup: None, backups: 0 };
        let server = Self { folder, clock, machine, limits, running: Mutex::new(running) };
        server.open();
        server.engine().apply_roster(village::school(), village::roster(), RosterAuthor::Import).unwrap();
        server
    }

    fn data(&self, generation: u32) -> PathBuf {
        self.folder.path().join(format!("data-{generation}"))
    }

    fn open(&self) {
        let mut running = self.running.lock();
        // The old engine lets go of the files first, as a process that ends does.
        running.engine = None;
        let store = SqliteStore::open(&self.data(running.generation), SqliteOptions::default()).unwrap();
        let config = EngineConfig { limits: self.limits.clone(), code_key: [7; 32], writer: WriterMode::Inline };
        running.engine = Some(Engine::open(Arc::new(store), self.machine.clone(), config).unwrap());
    }

    pub fn engine(&self) -> Arc<Engine> {
        self.running.lock().engine.clone().expect("a running server")
    }

    pub fn clock(&self) -> &Arc<TestClock> {
        &self.clock
    }

    /// What time it really is.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// From now on the wall is wrong by so many years.
    pub fn set_wall(&self, years: i64) {
        self.machine.wrong_by.store(years, Ordering::SeqCst);
    }

    pub fn advance(&self, minutes: i64) {
        self.clock.advance(TimeDelta::minutes(minutes));
    }

    /// The process ends and starts again.
    pub fn restart(&self) {
        self.open();
    }

    pub fn tick(&self) {
        let engine = self.engine();
        engine.tick(engine.now()).unwrap();
    }

    pub fn roster(&self, changes: Vec<RosterChange>) {
        self.engine().apply_roster(village::school(), changes, RosterAuthor::Operator).unwrap();
    }

    pub fn backup(&self) {
        let number = self.running.lock().backups;
        self.engine().store().backup(&self.folder.path().join(format!("backup-{number}"))).unwrap();
        let mut running = self.running.lock();
        running.backup = Some(number);
        running.backups += 1;
    }

    /// The school goes back to its last backup. False: there is none.
    pub fn restore(&self) -> bool {
        {
            let mut running = self.running.lock();
            let Some(number) = running.backup else { return false };
            running.engine = None;
            running.generation += 1;
            let to = self.data(running.generation);
            restore(&self.folder.path().join(format!("backup-{number}")), &to).unwrap();
        }
        self.open();
        true
    }

    /// Forgets gone rows up to a part of the sequence (of 4).
    pub fn purge(&self, part: u64) {
        let store = self.engine().store().clone();
        store::write(store.as_ref(), |writing| {
            let head = writing.head(village::school())?;
            let floor = head.floor + (head.seq - head.floor) * part / 4;
            writing.raise_floor(village::school(), floor, usize::MAX)
        })
        .unwrap();
        drop(store);
        self.restart();
    }

    /// Writes into a sensitive scope, which no command of this version does; a record that stood elsewhere moves there.
    /// None: it is deleted. Another process' write to the engine, so it starts anew.
    pub fn write_sensitive(&self, pupil: PersonId, id: RecordId, scope: Option<Scope>, text: &str) {
        let school = village::school();
        let note = AttendanceNote { command: CommandId(id.0), by: pupil, at: self.now(), text: text.to_owned() };
        let store = self.engine().store().clone();
        let rows = oracle::rows(store.as_ref());
        store::write(store.as_ref(), |writing| {
            let mut row = StoredRow {
                scope: Scope::school(
                    skolebro_core::domain::scope::Topic::Info,
                    skolebro_core::domain::scope::Circle::All,
                ),
                id,
                seq: 0,
                kind: RecordKind::AttendanceNote,
                pupil: Some(pupil),
                day: None,
                body: None,
            };
            for old in rows.iter().filter(|old| old.id == id && old.body.is_some() && Some(old.scope) != scope) {
                row.scope = old.scope;
                row.seq = writing.take_number(school)?;
                writing.put_row(school, &row)?;
            }
            if let Some(scope) = scope {
                row.scope = scope;
                row.seq = writing.take_number(school)?;
                row.body = Some(serde_json::to_string(&note).unwrap().into());
                writing.put_row(school, &row)?;
            }
            Ok(())
        })
        .unwrap();
        drop(store);
        self.restart();
    }
}

/// In memory where the machine has a memory file system: the simulation syncs files many thousand times.
pub fn folder() -> TempDir {
    let shm = std::path::Path::new("/dev/shm");
    let made = if shm.is_dir() { tempfile::tempdir_in(shm) } else { tempfile::tempdir() };
    made.or_else(|_| tempfile::tempdir()).unwrap()
}
