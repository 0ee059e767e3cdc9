//! All that the memory store holds, with the same look-ups as the indices of a database. Every change goes through
//! [`State::set`], which answers with the change that would undo it.

use crate::store::{ActivationCode, Assurance, Device, Head, LoggedCommand, StoredEntry, StoredRow, Subscription};
use crate::store::{Result, StoreError, known_person};
use chrono::NaiveDate;
use skolebro_core::domain::{
    ids::{CommandId, DeviceId, PersonId, RecordId, SchoolId},
    record::RecordKind,
    roster::RosterKey,
    scope::Scope,
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

pub(super) type RowKey = (SchoolId, Scope, RecordId);
pub(super) type SourceKey = (String, String, String);

#[derive(Clone, Debug, Default)]
pub(super) struct State {
    pub epoch: Uuid,
    pub heads: BTreeMap<SchoolId, Head>,
    pub rows: BTreeMap<RowKey, StoredRow>,
    pub by_sequence: BTreeMap<(SchoolId, u64), (Scope, RecordId)>,
    pub by_scope: BTreeMap<(SchoolId, Scope, u64), RecordId>,
    /// Gone rows are in neither of these two.
    pub by_pupil: BTreeSet<(SchoolId, PersonId, RecordKind, NaiveDate, RecordId, Scope)>,
    pub by_day: BTreeSet<(SchoolId, RecordKind, NaiveDate, RecordId, Scope)>,
    pub subscriptions: BTreeMap<(SchoolId, PersonId, Scope), Subscription>,
    pub assurances: BTreeMap<(SchoolId, DeviceId), Assurance>,
    pub commands: BTreeMap<(SchoolId, CommandId), LoggedCommand>,
    pub roster: BTreeMap<(SchoolId, RosterKey), StoredEntry>,
    /// Where a person is known, and by what.
    pub known: BTreeSet<(PersonId, SchoolId, RosterKey)>,
    /// By organiser, file and id.
    pub source_rows: BTreeMap<SourceKey, Box<str>>,
    pub devices: BTreeMap<DeviceId, Device>,
    pub tokens: BTreeMap<[u8; 32], DeviceId>,
    pub codes: BTreeMap<String, ActivationCode>,
    pub meta: BTreeMap<String, String>,
}

/// A place and what it shall hold; none: nothing.
#[derive(Clone, Debug)]
pub(super) enum Set {
    Epoch(Uuid),
    Head(SchoolId, Option<Head>),
    Row(RowKey, Option<StoredRow>),
    Subscription((SchoolId, PersonId, Scope), Option<Subscription>),
    Assurance((SchoolId, DeviceId), Option<Assurance>),
    Command((SchoolId, CommandId), Option<LoggedCommand>),
    Roster((SchoolId, RosterKey), Option<StoredEntry>),
    SourceRow(SourceKey, Option<Box<str>>),
    Device(DeviceId, Option<Device>),
    Code(String, Option<ActivationCode>),
    Meta(String, Option<String>),
}

fn exchange<K: Ord, V>(map: &mut BTreeMap<K, V>, key: K, value: Option<V>) -> Option<V> {
    match value {
        Some(value) => map.insert(key, value),
        None => map.remove(&key),
    }
}

impl State {
    /// What a database's unique indices refuse.
    pub fn check(&self, set: &Set) -> Result<()> {
        match set {
            Set::Row((school, scope, id), Some(row)) => match self.by_sequence.get(&(*school, row.seq)) {
                Some(holder) if *holder != (*scope, *id) => {
                    Err(StoreError::Backend(format!("the number {} has a row already", row.seq)))
                }
                Some(_) | None => Ok(()),
            },
            Set::Device(id, Some(device)) => match self.tokens.get(&device.token_hash) {
                Some(holder) if holder != id => Err(StoreError::Backend("two devices with one token".to_owned())),
                Some(_) | None => Ok(()),
            },
            Set::Epoch(_)
            | Set::Head(..)
            | Set::Row(..)
            | Set::Subscription(..)
            | Set::Assurance(..)
            | Set::Command(..)
            | Set::Roster(..)
            | Set::SourceRow(..)
            | Set::Device(..)
            | Set::Code(..)
            | Set::Meta(..) => Ok(()),
        }
    }

    /// Makes the change and gives back the one that undoes it.
    pub fn set(&mut self, set: Set) -> Set {
        match set {
            Set::Epoch(epoch) => Set::Epoch(std::mem::replace(&mut self.epoch, epoch)),
            Set::Head(school, head) => Set::Head(school, exchange(&mut self.heads, school, head)),
            Set::Row(key, row) => Set::Row(key, self.set_row(key, row)),
            Set::Subscription(key, value) => Set::Subscription(key, exchange(&mut self.subscriptions, key, value)),
            Set::Assurance(key, value) => Set::Assurance(key, exchange(&mut self.assurances, key, value)),
            Set::Command(key, value) => Set::Command(key, exchange(&mut self.commands, key, value)),
            Set::Roster(key, value) => {
                let before = self.set_roster(key.clone(), value);
                Set::Roster(key, before)
            }
            Set::SourceRow(key, value) => {
                let before = exchange(&mut self.source_rows, key.clone(), value);
                Set::SourceRow(key, before)
            }
            Set::Device(id, device) => {
                let token = device.as_ref().map(|device| device.token_hash);
                let before = exchange(&mut self.devices, id, device);
                if let Some(before) = &before {
                    self.tokens.remove(&before.token_hash);
                }
                if let Some(token) = token {
                    self.tokens.insert(token, id);
                }
                Set::Device(id, before)
            }
            Set::Code(selector, code) => {
                let before = exchange(&mut self.codes, selector.clone(), code);
                Set::Code(selector, before)
            }
            Set::Meta(key, value) => {
                let before = exchange(&mut self.meta, key.clone(), value);
                Set::Meta(key, before)
            }
        }
    }

    fn set_row(&mut self, key: RowKey, row: Option<StoredRow>) -> Option<StoredRow> {
        let (school, scope, id) = key;
        if let Some(before) = self.rows.get(&key) {
            self.by_sequence.remove(&(school, before.seq));
            self.by_scope.remove(&(school, scope, before.seq));
            if let (Some(_), Some(day)) = (&before.body, before.day) {
                self.by_day.remove(&(school, before.kind, day, id, scope));
                if let Some(pupil) = before.pupil {
                    self.by_pupil.remove(&(school, pupil, before.kind, day, id, scope));
                }
            }
        }
        if let Some(row) = &row {
            self.by_sequence.insert((school, row.seq), (scope, id));
            self.by_scope.insert((school, scope, row.seq), id);
            if let (Some(_), Some(day)) = (&row.body, row.day) {
                self.by_day.insert((school, row.kind, day, id, scope));
                if let Some(pupil) = row.pupil {
                    self.by_pupil.insert((school, pupil, row.kind, day, id, scope));
                }
            }
        }
        exchange(&mut self.rows, key, row)
    }

    fn set_roster(&mut self, key: (SchoolId, RosterKey), entry: Option<StoredEntry>) -> Option<StoredEntry> {
        let (school, about) = key.clone();
        if let Some(person) = self.roster.get(&key).and_then(|before| known_person(&before.entry)) {
            self.known.remove(&(person, school, about.clone()));
        }
        if let Some(person) = entry.as_ref().and_then(|entry| known_person(&entry.entry)) {
            self.known.insert((person, school, about));
        }
        exchange(&mut self.roster, key, entry)
    }
}
