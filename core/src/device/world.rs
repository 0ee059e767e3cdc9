//! The phone's side of [`World`]: the part of the school that this phone holds, and *unseen* for the rest.

use super::merged::Merged;
use crate::domain::{
    ids::{DeviceId, PersonId, RecordId, SchoolId},
    record::{Record, RecordKind},
    roster::Roster,
    scope::Scope,
    world::{Fact, World},
};
use chrono::{DateTime, NaiveDate, Utc};

pub(super) struct PhoneWorld<'a> {
    pub school: SchoolId,
    pub merged: Merged<'a>,
    pub roster: &'a Roster,
    pub now: DateTime<Utc>,
}

impl World for PhoneWorld<'_> {
    fn school(&self) -> SchoolId {
        self.school
    }

    fn now(&self) -> DateTime<Utc> {
        self.now
    }

    fn roster(&self) -> &Roster {
        self.roster
    }

    /// A file that cannot be read is a fact that cannot be seen: `decide` here is advice, and must not stop a report.
    fn record(&self, scope: &Scope, id: RecordId) -> Fact<Record> {
        self.merged.record(scope, id).unwrap_or(Fact::Unseen)
    }

    fn pupil_records(&self, kind: RecordKind, pupil: PersonId, from: NaiveDate, to: NaiveDate) -> Vec<Record> {
        self.merged.of_pupil_between(kind, pupil, from, to).unwrap_or_default()
    }

    fn device_of(&self, _device: DeviceId) -> Fact<PersonId> {
        Fact::Unseen
    }
}
