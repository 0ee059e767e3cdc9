//! What requests and the writer share: the store, the clock, and the caches.

use super::{
    EngineConfig,
    bounded::Bounded,
    live::{Done, Live},
    pokes::Pokes,
    refusal::{EngineError, Refusal},
    session::Token,
    tries::Tries,
    writer::Commits,
};
use crate::store::{self, Reading, Result, Store};
use chrono::{DateTime, Utc};
use parking_lot::{Mutex, RwLock};
use skolebro_core::{
    clock::Clock,
    domain::ids::{PersonId, SchoolId},
};
use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering},
    },
};
use uuid::Uuid;

/// With the version of [`Shared::people_version`] that it was read at.
type AsOf<T> = (u64, T);

pub(super) struct Shared {
    pub store: Arc<dyn Store>,
    pub clock: Arc<dyn Clock>,
    pub config: EngineConfig,
    pub epoch: Uuid,
    pub schools: RwLock<HashMap<SchoolId, Arc<Live>>>,
    pub tokens: Mutex<Bounded<[u8; 32], Token>>,
    /// Rises with every change of a device; what is cached about tokens is as of one value of it.
    pub devices_version: AtomicU64,
    /// Rises with every change of anybody's rights.
    pub people_version: AtomicU64,
    pub schools_of: Mutex<Bounded<PersonId, AsOf<Arc<[SchoolId]>>>>,
    pub tries: Tries,
    pub pokes: Pokes,
    pub commits: Commits,
    /// After a commit whose result nobody knows: nothing is answered until a write has succeeded.
    pub suspect: AtomicBool,
    newest_now: AtomicI64,
}

impl Shared {
    pub fn open(store: Arc<dyn Store>, clock: Arc<dyn Clock>, config: EngineConfig) -> Result<Self, EngineError> {
        let (epoch, schools) = store::read(&*store, |reading| {
            let schools = reading.schools()?.into_iter();
            let live =
                schools.map(|school| Ok((school, Arc::new(Live::new(school, reading.head(school)?, &config.limits)))));
            Ok((reading.epoch()?, live.collect::<Result<HashMap<_, _>>>()?))
        })?;
        let (most, tries) = (config.limits.cached_sessions, Tries::new(&config.limits));
        Ok(Self {
            store,
            clock,
            config,
            epoch,
            schools: RwLock::new(schools),
            tokens: Mutex::new(Bounded::new(most)),
            devices_version: AtomicU64::new(0),
            people_version: AtomicU64::new(0),
            schools_of: Mutex::new(Bounded::new(most)),
            tries,
            pokes: Pokes::default(),
            commits: Commits::default(),
            suspect: AtomicBool::new(false),
            newest_now: AtomicI64::new(i64::MIN),
        })
    }

    /// Never backwards, and to the microsecond as stores keep it: a right that has ended does not come back because the
    /// server's clock was set.
    pub fn now(&self) -> DateTime<Utc> {
        let micros = self.clock.now().timestamp_micros();
        let micros = self.newest_now.fetch_max(micros, Ordering::SeqCst).max(micros);
        DateTime::from_timestamp_micros(micros).unwrap_or_default()
    }

    pub fn live(&self, school: SchoolId) -> Option<Arc<Live>> {
        self.schools.read().get(&school).cloned()
    }

    /// Reads one snapshot, unless nothing may be trusted at this moment.
    pub fn read<T>(&self, work: impl FnMut(&dyn Reading) -> Result<T>) -> Result<T, Refusal> {
        if self.suspect.load(Ordering::SeqCst) {
            return Err(Refusal::UNAVAILABLE);
        }
        Ok(store::read(&*self.store, work)?)
    }

    pub fn publish(&self, done: &mut [(SchoolId, Done)], devices_changed: bool) {
        if devices_changed {
            self.devices_version.fetch_add(1, Ordering::SeqCst);
        }
        for (school, done) in done {
            if done.before == done.after {
                if let (Some(roster), Some(live)) = (&done.roster, self.live(*school)) {
                    live.remember_roster(done.after.access_version, roster);
                }
                continue;
            }
            if !done.persons.is_empty() || done.roster.is_some() {
                self.people_version.fetch_add(1, Ordering::SeqCst);
            }
            let live = self.live(*school);
            match live {
                Some(live) => live.publish(done),
                None => {
                    let live = Arc::new(Live::new(*school, done.after, &self.config.limits));
                    live.newest.write().roster = done.roster.take();
                    self.schools.write().insert(*school, live);
                }
            }
            self.pokes.after_commit(*school, done, self.now());
        }
    }

    /// Drops every cache.
    pub fn forget(&self) {
        for live in self.schools.read().values() {
            live.forget();
        }
        self.tokens.lock().clear();
        self.schools_of.lock().clear();
        self.devices_version.fetch_add(1, Ordering::SeqCst);
        self.people_version.fetch_add(1, Ordering::SeqCst);
    }

    /// The schools where the person reads, or has read, anything: one pull each.
    pub fn schools_of(&self, person: PersonId) -> Result<Arc<[SchoolId]>, Refusal> {
        let version = self.people_version.load(Ordering::SeqCst);
        if let Some(schools) = self.remembered_schools_of(person) {
            return Ok(schools);
        }
        let schools = self.read(|reading| subscribed_schools(reading, person))?;
        let schools: Arc<[SchoolId]> = schools.into();
        self.schools_of.lock().insert(person, (version, schools.clone()), 1);
        Ok(schools)
    }
}

impl Shared {
    /// From memory only.
    pub fn remembered_schools_of(&self, person: PersonId) -> Option<Arc<[SchoolId]>> {
        let version = self.people_version.load(Ordering::SeqCst);
        let (as_of, schools) = self.schools_of.lock().get(&person)?;
        (as_of == version).then_some(schools)
    }
}

/// Where the person has or had any subscription: a pending or barred adult learns of no school.
pub(super) fn subscribed_schools(reading: &dyn Reading, person: PersonId) -> Result<Vec<SchoolId>> {
    let mut schools = Vec::new();
    for school in reading.schools_of(person)? {
        if !reading.subscriptions(school, person)?.is_empty() {
            schools.push(school);
        }
    }
    Ok(schools)
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").field("epoch", &self.epoch).finish_non_exhaustive()
    }
}
