//! What requests and the writer share: the store, the clock, and the caches.

use super::{
    EngineConfig,
    bounded::Bounded,
    budget::Budgets,
    handed_codes::Pace,
    live::{Done, Live},
    pokes::Pokes,
    refusal::{EngineError, Refusal},
    renewal::Renewals,
    scrub::NEVER,
    session::{Session, Token},
    timekeeping::Timekeeper,
    tries::Tries,
    writer::Commits,
};
use crate::store::{self, Reading, Result, Store};
use chrono::{DateTime, Utc};
use parking_lot::{Mutex, RwLock};
use skolebro_core::{
    clock::Clock,
    domain::ids::{DeviceId, PersonId, SchoolId},
};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering},
    },
};
use uuid::Uuid;

/// What each token opens.
#[derive(Debug)]
pub(super) struct Tokens {
    pub known: Bounded<[u8; 32], Token>,
    /// Those that open nothing, and why: they are asked about again and again.
    pub refused: Bounded<[u8; 32], Refusal>,
}

/// Each person's schools.
#[derive(Debug)]
pub(super) struct Schools {
    of: Bounded<PersonId, Arc<[SchoolId]>>,
    /// Rises with every change of anybody's: what was read before one is not kept.
    version: u64,
}

pub(super) struct Shared {
    pub store: Arc<dyn Store>,
    pub time: Timekeeper,
    pub config: EngineConfig,
    pub epoch: Uuid,
    pub schools: RwLock<HashMap<SchoolId, Arc<Live>>>,
    pub renewals: Renewals,
    pub tokens: Mutex<Tokens>,
    /// Rises with every revocation, while `tokens` are locked: what was read before one is not kept.
    pub revocations: AtomicU64,
    pub people: Mutex<Schools>,
    pub tries: Tries,
    pub budgets: Budgets,
    pub handing: Pace,
    pub pokes: Pokes,
    pub commits: Commits,
    /// After a commit whose result nobody knows: nothing is answered until a write has succeeded.
    pub suspect: AtomicBool,
    /// When to try again to take off the disk what was erased, in microseconds; the least: nothing has failed.
    pub scrub_again: AtomicI64,
}

impl Shared {
    pub fn open(store: Arc<dyn Store>, clock: Arc<dyn Clock>, config: EngineConfig) -> Result<Self, EngineError> {
        let (epoch, schools, renewals) = store::read(&*store, |reading| {
            let schools = reading.schools()?.into_iter();
            let live =
                schools.map(|school| Ok((school, Arc::new(Live::new(school, reading.head(school)?, &config.limits)))));
            let live = live.collect::<Result<HashMap<_, _>>>()?;
            let schools: Vec<SchoolId> = live.keys().copied().collect();
            Ok((reading.epoch()?, live, Renewals::read(reading, &schools)?))
        })?;
        let time = Timekeeper::begin(clock, config.limits.clock, &*store)?;
        let (most, tries) = (config.limits.cached_sessions, Tries::new(&config.limits));
        let handing = Pace::new(&config.limits);
        Ok(Self {
            store,
            time,
            config,
            epoch,
            schools: RwLock::new(schools),
            renewals,
            tokens: Mutex::new(Tokens { known: Bounded::new(most), refused: Bounded::new(most) }),
            revocations: AtomicU64::new(0),
            people: Mutex::new(Schools { of: Bounded::new(most), version: 0 }),
            tries,
            budgets: Budgets::new(most),
            handing,
            pokes: Pokes::default(),
            commits: Commits::default(),
            suspect: AtomicBool::new(false),
            scrub_again: AtomicI64::new(NEVER),
        })
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.time.now()
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

    pub fn publish(&self, done: &mut [(SchoolId, Done)], revoked: &BTreeSet<DeviceId>) {
        if !revoked.is_empty() {
            let mut tokens = self.tokens.lock();
            self.revocations.fetch_add(1, Ordering::SeqCst);
            tokens.known.retain(|_, token| !revoked.contains(&token.session.device));
        }
        for (school, done) in done {
            if done.before == done.after {
                if let (Some(roster), Some(live)) = (&done.roster, self.live(*school)) {
                    live.remember_roster(done.after.access_version, roster);
                }
                continue;
            }
            if !done.persons.is_empty() || !done.told_of.is_empty() {
                let mut people = self.people.lock();
                people.version += 1;
                done.persons.iter().chain(&done.told_of).for_each(|person| people.of.remove(person));
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

    /// Counts what a commit has cost, each person for themselves.
    pub fn spend(&self, spent: &BTreeMap<PersonId, u64>) {
        let now = self.now();
        spent.iter().for_each(|(person, bytes)| self.budgets.spend(*person, *bytes, now));
    }

    /// Whether the session's device was revoked since the session began: a request may be long on its way.
    pub fn is_revoked(&self, reading: &dyn Reading, session: &Session) -> Result<bool> {
        if self.revocations.load(Ordering::SeqCst) == session.as_of {
            return Ok(false);
        }
        Ok(reading.device(session.device)?.is_none_or(|device| device.revoked_at.is_some()))
    }

    /// Drops every cache.
    pub fn forget(&self) {
        for live in self.schools.read().values() {
            live.forget();
        }
        let mut tokens = self.tokens.lock();
        self.revocations.fetch_add(1, Ordering::SeqCst);
        tokens.known.clear();
        tokens.refused.clear();
        drop(tokens);
        let mut people = self.people.lock();
        people.version += 1;
        people.of.clear();
    }

    /// From memory; none: only the store knows.
    pub fn remembered_schools_of(&self, person: PersonId) -> Option<Arc<[SchoolId]>> {
        self.people.lock().of.get(&person)
    }

    /// The schools where the person reads, or has read, anything: one pull each.
    pub fn schools_of(&self, person: PersonId) -> Result<Arc<[SchoolId]>, Refusal> {
        let version = {
            let mut people = self.people.lock();
            if let Some(schools) = people.of.get(&person) {
                return Ok(schools);
            }
            people.version
        };
        let schools = self.read(|reading| subscribed_schools(reading, person))?;
        let schools: Arc<[SchoolId]> = schools.into();
        let mut people = self.people.lock();
        if people.version == version {
            people.of.insert(person, schools.clone(), 1);
        }
        Ok(schools)
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
