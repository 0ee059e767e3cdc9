//! The server's [`World`]: the whole truth, as the transaction sees it. Never answers [`Fact::Unseen`].

use crate::store::{Reading, Result, StoreError, StoredRow};
use chrono::{DateTime, NaiveDate, Utc};
use skolebro_core::domain::{
    ids::{DeviceId, PersonId, RecordId, SchoolId},
    record::{Body, Record, RecordKind},
    roster::Roster,
    scope::Scope,
    world::{Fact, World},
};
use std::{cell::RefCell, collections::HashMap};

/// Rows that were read for one command, so that writing them back does not read them again.
pub(super) type Seen = HashMap<(Scope, RecordId), Option<StoredRow>>;

pub(super) struct ServerWorld<'a> {
    pub reading: &'a dyn Reading,
    pub school: SchoolId,
    pub now: DateTime<Utc>,
    pub roster: &'a Roster,
    pub seen: RefCell<Seen>,
    trouble: RefCell<Option<StoreError>>,
}

impl<'a> ServerWorld<'a> {
    pub fn new(reading: &'a dyn Reading, school: SchoolId, now: DateTime<Utc>, roster: &'a Roster) -> Self {
        Self { reading, school, now, roster, seen: RefCell::default(), trouble: RefCell::default() }
    }

    /// What was read, or the store's failure that a [`Fact::Absent`] stood for.
    pub fn into_seen(self) -> Result<Seen> {
        match self.trouble.into_inner() {
            Some(error) => Err(error),
            None => Ok(self.seen.into_inner()),
        }
    }

    fn or_trouble<T>(&self, result: Result<T>) -> Option<T> {
        result.map_err(|error| *self.trouble.borrow_mut() = Some(error)).ok()
    }

    fn record_of(&self, row: &StoredRow) -> Option<Record> {
        self.or_trouble(to_record(row)).flatten()
    }
}

/// None: gone.
pub(super) fn to_record(row: &StoredRow) -> Result<Option<Record>> {
    let Some(json) = &row.body else { return Ok(None) };
    let body = Body::from_json(row.kind, json)
        .map_err(|error| StoreError::Unreadable(format!("record {} of kind {}: {error}", row.id, row.kind.as_str())))?;
    Ok(Some(Record { id: row.id, scope: row.scope, pupil: row.pupil, day: row.day, body }))
}

impl World for ServerWorld<'_> {
    fn school(&self) -> SchoolId {
        self.school
    }
    fn now(&self) -> DateTime<Utc> {
        self.now
    }
    fn roster(&self) -> &Roster {
        self.roster
    }

    fn record(&self, scope: &Scope, id: RecordId) -> Fact<Record> {
        let key = (*scope, id);
        if !self.seen.borrow().contains_key(&key) {
            let Some(row) = self.or_trouble(self.reading.row(self.school, scope, id)) else { return Fact::Absent };
            self.seen.borrow_mut().insert(key, row);
        }
        let seen = self.seen.borrow();
        match seen.get(&key).and_then(Option::as_ref).and_then(|row| self.record_of(row)) {
            Some(record) => Fact::Known(record),
            None => Fact::Absent,
        }
    }

    fn pupil_records(&self, kind: RecordKind, pupil: PersonId, from: NaiveDate, to: NaiveDate) -> Vec<Record> {
        let rows = self.or_trouble(self.reading.rows_of_pupil(self.school, kind, pupil, from, to)).unwrap_or_default();
        let mut seen = self.seen.borrow_mut();
        let record = |row: StoredRow| {
            let record = self.record_of(&row);
            seen.insert((row.scope, row.id), Some(row));
            record
        };
        rows.into_iter().filter_map(record).collect()
    }

    fn device_of(&self, device: DeviceId) -> Fact<PersonId> {
        match self.or_trouble(self.reading.device(device)).flatten() {
            Some(device) if device.revoked_at.is_none() => Fact::Known(device.person),
            Some(_) | None => Fact::Absent,
        }
    }
}
