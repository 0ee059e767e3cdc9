//! A world in memory, for tests of rules here and in the other crates. It does what a store does and nothing more: it
//! holds records, applies changes whole, and can forget what a phone does not hold.

use super::{
    access::subscriptions,
    command::Command,
    decide::decide,
    ids::{DeviceId, PersonId, RecordId, SchoolId},
    record::{Body, Record, RecordKind},
    rejection::Rejection,
    roster::Roster,
    scope::Scope,
    time::local_date,
    world::{Actor, AssuranceGrant, Changes, Fact, World},
};
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug)]
pub struct MemoryWorld {
    pub school: SchoolId,
    pub now: DateTime<Utc>,
    pub roster: Roster,
    pub records: BTreeMap<(Scope, RecordId), Record>,
    pub devices: BTreeMap<DeviceId, PersonId>,
    pub assurance: Vec<AssuranceGrant>,
    /// The scopes that are held; `None`: all, as on the server.
    pub held: Option<BTreeSet<Scope>>,
}

impl MemoryWorld {
    pub fn new(school: SchoolId, now: DateTime<Utc>) -> Self {
        Self {
            school,
            now,
            roster: Roster::default(),
            records: BTreeMap::new(),
            devices: BTreeMap::new(),
            assurance: Vec::new(),
            held: None,
        }
    }

    pub fn apply(&mut self, changes: &Changes) {
        for gone in &changes.remove {
            self.records.remove(gone);
        }
        for record in &changes.put {
            self.records.insert((record.scope, record.id), record.clone());
        }
        for change in &changes.roster {
            self.roster.apply(change);
        }
        self.assurance.extend(changes.assurance);
    }

    /// Decides a command of a person, or of the clock where there is none, and applies what follows.
    ///
    /// # Errors
    /// The rejection, with the world as it was.
    pub fn submit(&mut self, person: Option<PersonId>, command: &Command) -> Result<Changes, Rejection> {
        let changes = decide(self, Actor { person, command: command.id }, command)?;
        self.apply(&changes);
        Ok(changes)
    }

    /// What a person's phone holds of it now: the rest is unseen there.
    #[must_use]
    pub fn on_phone_of(&self, person: PersonId) -> Self {
        let today = local_date(self.roster.time_zone(), self.now);
        let held: BTreeSet<Scope> = subscriptions(&self.roster, person, today).0.into_keys().collect();
        let mut phone = self.clone();
        phone.records.retain(|(scope, _), _| held.contains(scope));
        phone.held = Some(held);
        phone
    }

    /// The documents of one kind, in no promised order.
    pub fn all<T: TryFrom<Body>>(&self) -> Vec<(Record, T)> {
        let typed = |record: &Record| Some((record.clone(), T::try_from(record.body.clone()).ok()?));
        self.records.values().filter_map(typed).collect()
    }

    pub fn document<T: TryFrom<Body>>(&self, key: (Scope, RecordId)) -> Option<T> {
        self.records.get(&key).and_then(|record| T::try_from(record.body.clone()).ok())
    }
}

impl World for MemoryWorld {
    fn school(&self) -> SchoolId {
        self.school
    }

    fn now(&self) -> DateTime<Utc> {
        self.now
    }

    fn roster(&self) -> &Roster {
        &self.roster
    }

    fn record(&self, scope: &Scope, id: RecordId) -> Fact<Record> {
        match self.records.get(&(*scope, id)) {
            Some(record) => Fact::Known(record.clone()),
            None if self.held.as_ref().is_none_or(|held| held.contains(scope)) => Fact::Absent,
            None => Fact::Unseen,
        }
    }

    fn pupil_records(&self, kind: RecordKind, pupil: PersonId, from: NaiveDate, to: NaiveDate) -> Vec<Record> {
        let of_pupil = |record: &&Record| {
            record.body.kind() == kind
                && record.pupil == Some(pupil)
                && record.day.is_some_and(|day| from <= day && day <= to)
        };
        let mut found: Vec<Record> = self.records.values().filter(of_pupil).cloned().collect();
        found.sort_by_key(|record| record.day);
        found
    }

    fn device_of(&self, device: DeviceId) -> Fact<PersonId> {
        match (self.devices.get(&device), &self.held) {
            (Some(person), None) => Fact::Known(*person),
            (None, None) => Fact::Absent,
            (_, Some(_)) => Fact::Unseen,
        }
    }
}
