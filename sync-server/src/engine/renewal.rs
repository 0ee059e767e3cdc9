//! A school whose cards and rights were made by another version: other rules made them, so all of them are made anew, in
//! slices beside everything else. Until that is done nobody of that school is answered, for what is stored may give what must
//! not be read any more; phones keep what they have to say, and ask again.

use super::{
    Engine,
    belief::Trust,
    rebuild,
    refusal::Refusal,
    tick::{Clockwork, meta_key},
    turn::Turn,
};
use crate::store::{Reading, Result};
use chrono::{DateTime, Utc};
use parking_lot::Mutex;
use skolebro_core::{
    domain::{
        fingerprint::fingerprint,
        ids::{PersonId, SchoolId},
    },
    protocol::ProblemCode,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::atomic::{AtomicUsize, Ordering},
};

/// By which rules a school's cards and rights were made.
const RULES: &str = "rules";

/// Whom at a school the stored rights are not to be read for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Closed {
    All,
    /// Those whose rights could not be made anew, which the log tells of.
    These(BTreeSet<PersonId>),
}

/// What is still to be done.
#[derive(Debug)]
pub(super) struct Renewals {
    fingerprint: String,
    waiting: Mutex<Waiting>,
    /// Held by whoever makes them anew.
    under_way: Mutex<()>,
    /// How many schools wait, so that nobody else takes the lock.
    count: AtomicUsize,
}

#[derive(Debug, Default)]
struct Waiting {
    schools: BTreeMap<SchoolId, Closed>,
    /// Those that somebody has asked about come first.
    asked: BTreeSet<SchoolId>,
}

impl Renewals {
    pub fn read(reading: &dyn Reading, schools: &[SchoolId]) -> Result<Self> {
        let fingerprint = fingerprint();
        let mut waiting = Waiting::default();
        for school in schools {
            if reading.meta(&meta_key(RULES, *school))?.as_deref() != Some(fingerprint.as_str()) {
                waiting.schools.insert(*school, Closed::All);
            }
        }
        let count = AtomicUsize::new(waiting.schools.len());
        Ok(Self { fingerprint, waiting: Mutex::new(waiting), under_way: Mutex::default(), count })
    }

    /// How many schools' cards and rights are still those of another version.
    pub fn count(&self) -> usize {
        self.count.load(Ordering::Acquire)
    }

    /// # Errors
    /// What is stored of the person's rights there is not to be gone by yet.
    pub fn check(&self, school: SchoolId, person: PersonId) -> Result<(), Refusal> {
        if self.count() == 0 {
            return Ok(());
        }
        let mut waiting = self.waiting.lock();
        let is_closed = match waiting.schools.get(&school) {
            None => false,
            Some(Closed::All) => true,
            Some(Closed::These(persons)) => persons.contains(&person),
        };
        if !is_closed {
            return Ok(());
        }
        waiting.asked.insert(school);
        let detail = "the school's cards and rights are being made anew after an upgrade; try again";
        Err(Refusal::new(ProblemCode::Unavailable, detail))
    }

    fn is_waiting(&self, school: SchoolId) -> bool {
        self.count() > 0 && self.waiting.lock().schools.contains_key(&school)
    }

    fn next(&self, but: &BTreeSet<SchoolId>) -> Option<SchoolId> {
        let waiting = self.waiting.lock();
        let left = |school: &&SchoolId| !but.contains(school);
        let asked = waiting.asked.iter().filter(|school| waiting.schools.contains_key(school)).find(left);
        asked.or_else(|| waiting.schools.keys().find(left)).copied()
    }

    /// `left`: whose rights could not be made anew; none: everything is as it should be.
    fn done(&self, school: SchoolId, left: Option<BTreeSet<PersonId>>) {
        let mut waiting = self.waiting.lock();
        match left {
            Some(persons) => waiting.schools.insert(school, Closed::These(persons)),
            None => waiting.schools.remove(&school),
        };
        waiting.asked.remove(&school);
        self.count.store(waiting.schools.len(), Ordering::Release);
    }
}

/// Notes on a school's first roster that this version makes its cards and rights.
pub(super) fn note(turn: &mut Turn<'_>, school: SchoolId) -> Result<()> {
    let renewals = &turn.shared.renewals;
    if renewals.is_waiting(school) {
        return Ok(());
    }
    turn.store.put_meta(&meta_key(RULES, school), &renewals.fingerprint)
}

/// Before this version writes any card or right of a school where others' still stand: from now on they are of no one
/// version, also should the earlier one come back.
pub(super) fn begin(turn: &mut Turn<'_>, school: SchoolId) -> Result<()> {
    if !turn.shared.renewals.is_waiting(school) {
        return Ok(());
    }
    let key = meta_key(RULES, school);
    if turn.store.meta(&key)?.is_none_or(|rules| !rules.is_empty()) {
        turn.store.put_meta(&key, "")?;
    }
    Ok(())
}

/// Makes anew what other rules made, school by school; nothing while somebody does it already. What could not be done is tried again with the next tick.
pub(super) fn renew(engine: &Engine, now: DateTime<Utc>) -> Result<(), Refusal> {
    let renewals = &engine.shared.renewals;
    let Some(_alone) = renewals.under_way.try_lock() else { return Ok(()) };
    let mut tried = BTreeSet::new();
    while let Some(school) = renewals.next(&tried) {
        tried.insert(school);
        let clock = Clockwork::new(engine, school, now, false);
        let (rebuilt, left) = rebuild::everything(&clock)?;
        if rebuilt.left > 0 {
            tracing::error!(%school, left = rebuilt.left, "not all cards and rights could be made anew after the upgrade");
            renewals.done(school, Some(left));
            continue;
        }
        let noted = clock.write(move |turn| {
            let fingerprint = &turn.shared.renewals.fingerprint;
            turn.store.put_meta(&meta_key(RULES, school), fingerprint)
        })?;
        renewals.done(school, noted.is_none().then(BTreeSet::new));
    }
    Ok(())
}

impl Engine {
    /// How many schools are closed until their cards and rights have been made anew after an upgrade.
    pub fn schools_to_renew(&self) -> usize {
        self.shared.renewals.count()
    }

    /// Makes anew what another version's rules made. Each tick does it too; before a server listens, so that a school of
    /// which there is little to do finds nothing closed.
    ///
    /// # Errors
    /// `Unavailable`: the store does not answer, or nobody knows what time it is.
    pub fn renew(&self) -> Result<(), Refusal> {
        let state = self.clock_state();
        if state.trust == Trust::Waiting {
            return self.knows_the_time();
        }
        renew(self, state.now)
    }
}
