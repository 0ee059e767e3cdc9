//! What is kept in memory of one school: its newest head and rows, the roster, and the rights of who was here lately.
//!
//! Changed only after commit, all at once. Whatever is missing or in doubt is forgotten and read from the store again;
//! nothing here is ever the only copy.

use super::{bounded::Bounded, limits::Limits, rights::Rights, tail::Tail};
use crate::store::{Head, Reading, Result, StoredRow};
use chrono::{DateTime, Utc};
use parking_lot::{Mutex, RwLock};
use skolebro_core::domain::{
    ids::{DeviceId, PersonId, SchoolId},
    roster::Roster,
};
use std::{collections::BTreeSet, sync::Arc};

#[derive(Debug)]
pub(super) struct Live {
    pub school: SchoolId,
    /// Locked before `rights`, never after.
    pub newest: RwLock<Newest>,
    pub rights: Mutex<Bounded<DeviceId, (PersonId, Arc<Rights>)>>,
    /// None: the clock has to look.
    pub quiet: Mutex<Option<Quiet>>,
}

/// That the clock owes a school nothing, as it was found, as long as nothing is written there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Quiet {
    pub head: Head,
    pub since: DateTime<Utc>,
    /// When the next thing is due.
    pub next: Option<DateTime<Utc>>,
    /// Whether what waits for a clock that has stood was looked for too.
    pub may_destroy: bool,
}

#[derive(Debug)]
pub(super) struct Newest {
    pub head: Head,
    pub tail: Tail,
    /// As of `head.access_version`; none until somebody asks.
    pub roster: Option<Arc<Roster>>,
    /// After a fault nothing of this may be used.
    pub trusted: bool,
}

/// What one transaction did to a school.
#[derive(Debug)]
pub(super) struct Done {
    pub before: Head,
    pub after: Head,
    pub roster: Option<Arc<Roster>>,
    /// In order of their numbers.
    pub rows: Vec<StoredRow>,
    /// Whose rights are others now.
    pub persons: BTreeSet<PersonId>,
    /// Of whom the roster says something else now.
    pub told_of: BTreeSet<PersonId>,
    pub devices: BTreeSet<DeviceId>,
}

impl Live {
    pub fn new(school: SchoolId, head: Head, limits: &Limits) -> Self {
        let tail = Tail::empty(head.seq, limits.tail_rows);
        Self {
            school,
            newest: RwLock::new(Newest { head, tail, roster: None, trusted: true }),
            rights: Mutex::new(Bounded::new(limits.cached_rights)),
            quiet: Mutex::new(None),
        }
    }

    pub fn publish(&self, done: &mut Done) {
        let mut newest = self.newest.write();
        if !newest.trusted {
            return;
        }
        if newest.head != done.before {
            // Read from the store between this commit and now, or written by another process.
            if newest.head != done.after {
                newest.trusted = false;
            }
            return;
        }
        newest.head = done.after;
        if done.roster.is_some() {
            newest.roster = done.roster.take();
        }
        newest.tail.extend(&done.rows, done.after.seq);
        if !done.persons.is_empty() || !done.devices.is_empty() {
            let (persons, devices) = (&done.persons, &done.devices);
            self.rights.lock().retain(|device, (person, _)| !persons.contains(person) && !devices.contains(device));
        }
    }

    /// The newest head, where memory knows it.
    pub fn head(&self) -> Option<Head> {
        let newest = self.newest.read();
        newest.trusted.then_some(newest.head)
    }

    pub fn forget(&self) {
        let mut newest = self.newest.write();
        newest.trusted = false;
        newest.roster = None;
        self.rights.lock().clear();
    }

    /// Starts from what the store says, where nothing is trusted. For the writer, within its transaction and before it
    /// has written: a reader's snapshot may be older than what was answered already.
    pub fn refresh(&self, reading: &dyn Reading, limits: &Limits) -> Result<()> {
        let mut newest = self.newest.write();
        if !newest.trusted {
            let head = reading.head(self.school)?;
            *newest = Newest { head, tail: Tail::empty(head.seq, limits.tail_rows), roster: None, trusted: true };
            self.rights.lock().clear();
        }
        Ok(())
    }

    /// Keeps rights that were read at `version`, if that is still the newest.
    pub fn remember(&self, version: u64, device: DeviceId, person: PersonId, rights: &Arc<Rights>) {
        let newest = self.newest.read();
        if newest.trusted && newest.head.access_version == version {
            self.rights.lock().insert(device, (person, rights.clone()), rights.list().len() + 1);
        }
    }

    /// Keeps a roster that was read at `version`, if that is still the newest.
    pub fn remember_roster(&self, version: u64, roster: &Arc<Roster>) {
        let mut newest = self.newest.write();
        if newest.trusted && newest.head.access_version == version {
            newest.roster = Some(roster.clone());
        }
    }
}

/// The roster of one snapshot, from memory where it is the same.
pub(super) fn roster_of(live: &Live, reading: &dyn Reading, version: u64) -> Result<Arc<Roster>> {
    {
        let newest = live.newest.read();
        if let (true, Some(roster)) = (newest.trusted && newest.head.access_version == version, &newest.roster) {
            return Ok(roster.clone());
        }
    }
    let mut roster = Roster::default();
    reading.roster(live.school, &mut |stored| roster.put(&stored.entry))?;
    Ok(Arc::new(roster))
}

/// What a session reads as of one snapshot, from memory where it is the same.
pub(super) fn rights_of(
    live: &Live,
    reading: &dyn Reading,
    version: u64,
    person: PersonId,
    device: DeviceId,
) -> Result<Arc<Rights>> {
    let known = {
        let newest = live.newest.read();
        let same = newest.trusted && newest.head.access_version == version;
        if same { live.rights.lock().get(&device).filter(|(owner, _)| *owner == person) } else { None }
    };
    if let Some((_, rights)) = known {
        return Ok(rights);
    }
    let rights = Arc::new(Rights::load(reading, live.school, person, device)?);
    live.remember(version, device, person, &rights);
    Ok(rights)
}
