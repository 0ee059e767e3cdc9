//! The memory store's transaction. Dropped without a commit, by an error or a panic, it undoes what it did.

use super::state::{Set, State};
use crate::store::{
    ActivationCode, Assurance, Device, Head, LoggedCommand, Result, SourceRow, StoreError, StoredEntry, StoredRow,
    Subscription, Writing,
};
use chrono::{DateTime, SubsecRound, Utc};
use skolebro_core::domain::{
    ids::{CommandId, DeviceId, PersonId, SchoolId},
    roster::RosterKey,
};
use uuid::Uuid;

/// The writer's own copy, which is the published one between transactions.
#[derive(Debug)]
pub(super) struct Working {
    pub state: State,
    done: Vec<Set>,
    undo: Vec<Set>,
}

impl Working {
    pub fn new(state: State) -> Self {
        Self { state, done: Vec::new(), undo: Vec::new() }
    }
    fn undo_to(&mut self, length: usize) {
        self.done.truncate(length);
        for set in self.undo.drain(length..).rev() {
            self.state.set(set);
        }
    }
}

#[derive(Debug)]
pub(super) struct Transaction<'w> {
    pub working: &'w mut Working,
    /// How long the log was when each open savepoint was set.
    savepoints: Vec<usize>,
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        self.working.undo_to(0);
    }
}

impl<'w> Transaction<'w> {
    pub fn begin(working: &'w mut Working) -> Self {
        Self { working, savepoints: Vec::new() }
    }

    /// Plays what was done on the published state.
    pub fn commit(self, published: &mut State) {
        for set in self.working.done.drain(..) {
            published.set(set);
        }
        self.working.undo.clear();
    }

    fn set(&mut self, set: Set) -> Result<()> {
        self.working.state.check(&set)?;
        self.working.done.push(set.clone());
        let undo = self.working.state.set(set);
        self.working.undo.push(undo);
        Ok(())
    }

    fn change_head(&mut self, school: SchoolId, change: impl FnOnce(&mut Head)) -> Result<Head> {
        let mut head = self.working.state.heads.get(&school).copied().unwrap_or_default();
        change(&mut head);
        self.set(Set::Head(school, Some(head)))?;
        Ok(head)
    }

    fn innermost_savepoint(&mut self) -> Result<usize> {
        self.savepoints.pop().ok_or_else(|| StoreError::Backend("no savepoint is open".to_owned()))
    }
}

/// Times as every store keeps them.
fn micros(time: DateTime<Utc>) -> DateTime<Utc> {
    time.trunc_subsecs(6)
}

impl Writing for Transaction<'_> {
    fn take_number(&mut self, school: SchoolId) -> Result<u64> {
        Ok(self.change_head(school, |head| head.seq += 1)?.seq)
    }

    fn bump_access_version(&mut self, school: SchoolId) -> Result<u64> {
        Ok(self.change_head(school, |head| head.access_version += 1)?.access_version)
    }

    fn raise_floor(&mut self, school: SchoolId, floor: u64, limit: usize) -> Result<()> {
        let state = &self.working.state;
        let Some(head) = state.heads.get(&school) else { return Ok(()) };
        let floor = floor.min(head.seq);
        if floor <= head.floor {
            return Ok(());
        }
        let mut gone: Vec<_> = state
            .by_sequence
            .range((school, 0)..=(school, floor))
            .filter(|(_, (scope, id))| state.rows.get(&(school, *scope, *id)).is_some_and(|row| row.body.is_none()))
            .map(|((_, seq), (scope, id))| (*seq, (school, *scope, *id)))
            .take(limit.saturating_add(1))
            .collect();
        let more = gone.len() > limit;
        gone.truncate(limit);
        let reached = if more { gone.last().map_or(0, |(seq, _)| *seq) } else { floor };
        for (_, key) in gone {
            self.set(Set::Row(key, None))?;
        }
        self.change_head(school, |head| head.floor = head.floor.max(reached))?;
        Ok(())
    }

    fn put_row(&mut self, school: SchoolId, row: &StoredRow) -> Result<()> {
        self.set(Set::Row((school, row.scope, row.id), Some(row.clone())))
    }

    fn put_subscription(&mut self, school: SchoolId, person: PersonId, subscription: &Subscription) -> Result<()> {
        let subscription = Subscription { until: subscription.until.map(micros), ..subscription.clone() };
        self.set(Set::Subscription((school, person, subscription.scope), Some(subscription)))
    }

    fn put_assurance(&mut self, school: SchoolId, device: DeviceId, assurance: &Assurance) -> Result<()> {
        let assurance = Assurance { until: micros(assurance.until), ..*assurance };
        self.set(Set::Assurance((school, device), Some(assurance)))
    }

    fn log_command(&mut self, school: SchoolId, command: &LoggedCommand) -> Result<()> {
        if self.working.state.commands.contains_key(&(school, command.id)) {
            return Err(StoreError::Backend(format!("the command {} is in the log already", command.id)));
        }
        let command = LoggedCommand { at: micros(command.at), ..command.clone() };
        self.set(Set::Command((school, command.id), Some(command)))
    }

    fn erase_payload(&mut self, school: SchoolId, command: CommandId) -> Result<()> {
        match self.working.state.commands.get(&(school, command)).cloned() {
            Some(line) => self.set(Set::Command((school, command), Some(LoggedCommand { payload: None, ..line }))),
            None => Ok(()),
        }
    }

    fn put_roster(&mut self, school: SchoolId, entry: &StoredEntry) -> Result<()> {
        self.set(Set::Roster((school, entry.entry.key()), Some(entry.clone())))
    }

    fn remove_roster(&mut self, school: SchoolId, key: &RosterKey) -> Result<()> {
        self.set(Set::Roster((school, key.clone()), None))
    }

    fn put_source_row(&mut self, row: &SourceRow) -> Result<()> {
        let key = (row.organiser.clone(), row.file.clone(), row.id.clone());
        self.set(Set::SourceRow(key, Some(row.said.clone())))
    }

    fn remove_source_row(&mut self, organiser: &str, file: &str, id: &str) -> Result<()> {
        self.set(Set::SourceRow((organiser.to_owned(), file.to_owned(), id.to_owned()), None))
    }

    fn put_device(&mut self, device: &Device) -> Result<()> {
        let kept = Device {
            enrolled_at: micros(device.enrolled_at),
            last_seen: device.last_seen.map(micros),
            revoked_at: device.revoked_at.map(micros),
            ..device.clone()
        };
        self.set(Set::Device(device.id, Some(kept)))
    }

    fn put_code(&mut self, code: &ActivationCode) -> Result<()> {
        let kept = ActivationCode {
            made_at: micros(code.made_at),
            expires_at: micros(code.expires_at),
            used_at: code.used_at.map(micros),
            ..code.clone()
        };
        self.set(Set::Code(code.selector.clone(), Some(kept)))
    }

    fn put_meta(&mut self, key: &str, value: &str) -> Result<()> {
        self.set(Set::Meta(key.to_owned(), Some(value.to_owned())))
    }

    fn put_epoch(&mut self, epoch: Uuid) -> Result<()> {
        self.set(Set::Epoch(epoch))
    }

    fn savepoint(&mut self) -> Result<()> {
        self.savepoints.push(self.working.done.len());
        Ok(())
    }

    fn release_savepoint(&mut self) -> Result<()> {
        self.innermost_savepoint().map(|_| ())
    }

    fn rollback_to_savepoint(&mut self) -> Result<()> {
        let length = self.innermost_savepoint()?;
        self.working.undo_to(length);
        Ok(())
    }
}
