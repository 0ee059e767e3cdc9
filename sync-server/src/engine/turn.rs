//! One transaction of the writer, as the engine sees it: the store's transaction, the rosters as they are within it, and
//! what it did to each school, for the caches. Nothing here is visible to anybody else before the commit.

use super::{
    belief::Trust,
    live::{Done, roster_of},
    refusal::Fault,
    session::Session,
    shared::Shared,
    timekeeping::ClockState,
};
use crate::store::{Head, Result, StoreError, StoredRow, Subscription, Writing};
use chrono::{DateTime, NaiveDate, Utc};
use skolebro_core::domain::{
    ids::{DeviceId, PersonId, SchoolId},
    people::Person,
    roster::{Roster, RosterEntry},
    scope::Scope,
    time::local_date,
};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

pub(super) struct Turn<'a> {
    pub store: &'a mut dyn Writing,
    pub shared: &'a Shared,
    pub now: DateTime<Utc>,
    /// What is refused now might be refused for a fault of the server's clock.
    pub clock_is_doubted: bool,
    /// It was believed only lately, after a start or a correction: a phone that shows another time may be the one that is
    /// right.
    pub clock_is_new: bool,
    /// Phones whose tokens no longer open what they did.
    pub revoked: BTreeSet<DeviceId>,
    /// Bytes that persons' commands had written.
    pub spent: BTreeMap<PersonId, u64>,
    /// By how many bytes rows have grown.
    pub growth: u64,
    schools: BTreeMap<SchoolId, InTurn>,
}

/// One school within the transaction.
pub(super) struct InTurn {
    before: Head,
    pub head: Head,
    pub roster: Arc<Roster>,
    roster_is_new: bool,
    rows: Vec<StoredRow>,
    persons: BTreeSet<PersonId>,
    /// Of whom the roster says something else now.
    pub told_of: BTreeSet<PersonId>,
    devices: BTreeSet<DeviceId>,
    pub subscriptions: HashMap<PersonId, BTreeMap<Scope, Subscription>>,
    pub people: HashMap<PersonId, Option<Person>>,
}

pub(super) struct Finished {
    pub schools: Vec<(SchoolId, Done)>,
    pub revoked: BTreeSet<DeviceId>,
    pub spent: BTreeMap<PersonId, u64>,
}

impl<'a> Turn<'a> {
    pub fn new(shared: &'a Shared, store: &'a mut dyn Writing) -> Self {
        let ClockState { now, trust, may_destroy, machine: _ } = shared.time.state();
        let clock_is_doubted = trust != Trust::Believed;
        let clock_is_new = !clock_is_doubted && !may_destroy;
        Self {
            store,
            shared,
            now,
            clock_is_doubted,
            clock_is_new,
            revoked: BTreeSet::new(),
            spent: BTreeMap::new(),
            growth: 0,
            schools: BTreeMap::new(),
        }
    }

    /// Whether the store has such a school.
    pub fn knows(&self, school: SchoolId) -> Result<bool> {
        Ok(self.schools.contains_key(&school)
            || self.shared.live(school).is_some()
            || self.store.head(school)? != Head::default())
    }

    pub fn school(&mut self, school: SchoolId) -> Result<&mut InTurn> {
        match self.schools.entry(school) {
            std::collections::btree_map::Entry::Occupied(entry) => Ok(entry.into_mut()),
            std::collections::btree_map::Entry::Vacant(entry) => {
                let head = self.store.head(school)?;
                let live = self.shared.live(school);
                let (roster, roster_is_new) = match &live {
                    Some(live) => {
                        live.refresh(&*self.store, &self.shared.config.limits)?;
                        let known = live.newest.read().roster.is_some();
                        (roster_of(live, &*self.store, head.access_version)?, !known)
                    }
                    None => {
                        let mut roster = Roster::default();
                        self.store.roster(school, &mut |stored| roster.put(&stored.entry))?;
                        (Arc::new(roster), true)
                    }
                };
                Ok(entry.insert(InTurn {
                    before: head,
                    head,
                    roster,
                    roster_is_new,
                    rows: Vec::new(),
                    persons: BTreeSet::new(),
                    told_of: BTreeSet::new(),
                    devices: BTreeSet::new(),
                    subscriptions: HashMap::new(),
                    people: HashMap::new(),
                }))
            }
        }
    }

    /// Whether the person reads or has read anything there.
    pub fn is_persons(&self, school: SchoolId, person: PersonId) -> Result<bool> {
        // What was so at the newest commit is so now: a subscription ends, and stays as one that has ended.
        if self.shared.remembered_schools_of(person).is_some_and(|schools| schools.contains(&school)) {
            return Ok(true);
        }
        Ok(!self.store.subscriptions(school, person)?.is_empty())
    }

    pub fn roster(&mut self, school: SchoolId) -> Result<Arc<Roster>> {
        Ok(self.school(school)?.roster.clone())
    }

    pub fn set_roster(&mut self, school: SchoolId, roster: Arc<Roster>) -> Result<()> {
        let turn = self.school(school)?;
        turn.roster = roster;
        turn.roster_is_new = true;
        Ok(())
    }

    pub fn today(&mut self, school: SchoolId) -> Result<NaiveDate> {
        let now = self.now;
        Ok(local_date(self.school(school)?.roster.time_zone(), now))
    }

    pub fn take_number(&mut self, school: SchoolId) -> Result<u64> {
        self.school(school)?;
        let number = self.store.take_number(school)?;
        self.school(school)?.head.seq = number;
        Ok(number)
    }

    /// Somebody's rights, or the roster, are no longer what they were.
    pub fn bump_access(&mut self, school: SchoolId) -> Result<()> {
        self.school(school)?;
        let version = self.store.bump_access_version(school)?;
        self.school(school)?.head.access_version = version;
        Ok(())
    }

    pub fn touch_person(&mut self, school: SchoolId, person: PersonId) -> Result<()> {
        self.school(school)?.persons.insert(person);
        Ok(())
    }

    pub fn touch_device(&mut self, school: SchoolId, device: DeviceId) -> Result<()> {
        self.school(school)?.devices.insert(device);
        Ok(())
    }

    /// Writes a row under the next number.
    pub fn put_row(&mut self, school: SchoolId, mut row: StoredRow) -> Result<()> {
        self.school(school)?;
        row.seq = self.take_number(school)?;
        self.store.put_row(school, &row)?;
        self.school(school)?.rows.push(row);
        Ok(())
    }

    /// A person's name and contact details, as they are within this transaction.
    pub fn person(&mut self, school: SchoolId, person: PersonId) -> Result<Option<Person>> {
        if let Some(known) = self.school(school)?.people.get(&person) {
            return Ok(known.clone());
        }
        let key = skolebro_core::domain::roster::RosterKey { kind: "person", key: person.to_string() };
        let found = match self.store.roster_entry(school, &key)?.map(|stored| stored.entry) {
            Some(RosterEntry::Person(person)) => Some(person),
            Some(_) | None => None,
        };
        self.school(school)?.people.insert(person, found.clone());
        Ok(found)
    }

    /// Work that only reads: what this version cannot read, and what panics, spoils nothing else.
    pub fn attempt<T>(
        &mut self,
        school: SchoolId,
        work: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<Result<T, Fault>> {
        match catch_unwind(AssertUnwindSafe(|| work(self))) {
            Ok(Ok(value)) => return Ok(Ok(value)),
            Ok(Err(error @ (StoreError::Backend(_) | StoreError::Doubtful(_) | StoreError::InUse))) => {
                return Err(error);
            }
            Ok(Err(error @ StoreError::Unreadable(_))) => tracing::error!(%error, %school, "a request was left undone"),
            Err(_) => tracing::error!(%school, "a request panicked and was left undone"),
        }
        Ok(Err(Fault::Failed))
    }

    /// Work that happens whole or not at all, without spoiling the rest of the transaction: what this version cannot read,
    /// and what panics, is undone alone.
    pub fn guarded<T>(
        &mut self,
        school: SchoolId,
        work: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<Result<T, Fault>> {
        self.school(school)?;
        // Of every school: a bar that is set at one is set at the others with it.
        let as_of = |turn: &InTurn| (turn.head, turn.roster.clone(), turn.roster_is_new, turn.rows.len());
        let before: BTreeMap<_, _> = self.schools.iter().map(|(school, turn)| (*school, as_of(turn))).collect();
        let revoked = self.revoked.clone();
        self.store.savepoint()?;
        if let Ok(value) = self.attempt(school, work)? {
            self.store.release_savepoint()?;
            return Ok(Ok(value));
        }
        self.store.rollback_to_savepoint()?;
        self.revoked = revoked;
        self.schools.retain(|school, _| before.contains_key(school));
        for (school, (head, roster, roster_is_new, rows)) in before {
            let turn = self.school(school)?;
            (turn.head, turn.roster, turn.roster_is_new) = (head, roster, roster_is_new);
            turn.rows.truncate(rows);
            turn.subscriptions.clear();
            turn.people.clear();
        }
        Ok(Err(Fault::Failed))
    }

    /// Whether what is refused of a command that was given then may be refused only by a wrong clock of the server's.
    pub fn may_have_a_wrong_day(&self, given: DateTime<Utc>) -> bool {
        let bears_it_out = (given - self.now).abs() <= self.shared.config.limits.clock.explained;
        self.clock_is_doubted || (self.clock_is_new && !bears_it_out)
    }

    /// Whether the session's device has been revoked, also earlier in this transaction.
    pub fn is_revoked(&self, session: &Session) -> Result<bool> {
        Ok(self.revoked.contains(&session.device) || self.shared.is_revoked(&*self.store, session)?)
    }

    /// Whether the person has had written today what one may in a day.
    pub fn is_over_budget(&self, person: PersonId) -> bool {
        let before = self.shared.budgets.spent(person, self.now);
        before + self.spent.get(&person).copied().unwrap_or(0) >= self.shared.config.limits.bytes_per_day
    }

    pub fn spend(&mut self, person: PersonId, bytes: u64) {
        *self.spent.entry(person).or_default() += bytes;
    }

    /// Forgets *gone* rows, and with them phones that are further behind.
    pub fn raise_floor(&mut self, school: SchoolId, floor: u64, limit: usize) -> Result<u64> {
        self.store.raise_floor(school, floor, limit)?;
        let head = self.store.head(school)?;
        self.school(school)?.head.floor = head.floor;
        Ok(head.floor)
    }

    pub fn finish(self) -> Result<Finished> {
        let schools = self.schools.into_iter().map(|(school, turn)| {
            let done = Done {
                before: turn.before,
                after: turn.head,
                roster: turn.roster_is_new.then_some(turn.roster),
                rows: turn.rows,
                persons: turn.persons,
                told_of: turn.told_of,
                devices: turn.devices,
            };
            (school, done)
        });
        Ok(Finished { schools: schools.collect(), revoked: self.revoked, spent: self.spent })
    }
}
