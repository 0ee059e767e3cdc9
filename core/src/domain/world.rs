//! What `decide` may look at: the same trait over the server's transaction and the phone's mirror.

use super::{
    ids::{CommandId, PersonId, RecordId, SchoolId},
    record::{Record, RecordKind},
    roster::{Roster, RosterChange},
    scope::Scope,
};
use crate::domain::ids::DeviceId;
use chrono::{DateTime, NaiveDate, Utc};

/// A fact is known, absent, or unseen: a phone holds a part of what is so, and must not take that part for the whole.
#[derive(Clone, Debug, PartialEq)]
pub enum Fact<T> {
    Known(T),
    Absent,
    Unseen,
}

impl<T> Fact<T> {
    pub fn known(self) -> Option<T> {
        match self {
            Fact::Known(value) => Some(value),
            Fact::Absent | Fact::Unseen => None,
        }
    }
}

/// Read-only. The server's never answers [`Fact::Unseen`]; a phone's does for scopes it does not hold.
pub trait World {
    fn school(&self) -> SchoolId;
    /// The server's clock; on a phone the last server time plus elapsed time.
    fn now(&self) -> DateTime<Utc>;
    fn roster(&self) -> &Roster;
    fn record(&self, scope: &Scope, id: RecordId) -> Fact<Record>;
    /// The pupil's records of a kind by day, both days inclusive, in the order of days. What is not held is left out.
    fn pupil_records(&self, kind: RecordKind, pupil: PersonId, from: NaiveDate, to: NaiveDate) -> Vec<Record>;
    /// Whether that device is that person's. Phones cannot know.
    fn device_of(&self, device: DeviceId) -> Fact<PersonId>;
}

/// Who asks. `command` is the id it came with, so that a command finds its own effect on replay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Actor {
    /// None: the clock.
    pub person: Option<PersonId>,
    pub command: CommandId,
}

/// What an accepted command changes, all of it or nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changes {
    /// Written at their newest state; each takes a number of its own in the school's sequence.
    pub put: Vec<Record>,
    /// Leaves a *gone* row.
    pub remove: Vec<(Scope, RecordId)>,
    /// The roster's facts; directory records and subscriptions follow from them.
    pub roster: Vec<RosterChange>,
    pub assurance: Option<AssuranceGrant>,
}

impl Changes {
    pub fn none() -> Self {
        Self::default()
    }
    pub fn is_empty(&self) -> bool {
        self.put.is_empty() && self.remove.is_empty() && self.roster.is_empty() && self.assurance.is_none()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AssuranceGrant {
    pub device: DeviceId,
    pub until: DateTime<Utc>,
}
