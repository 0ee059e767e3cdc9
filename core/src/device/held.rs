//! All that is read of one school at one moment: scopes, roster, names, and the outbox replayed over the mirror.

use super::{
    directory::Directory,
    error::PhoneError,
    merged::Merged,
    overlay::Overlay,
    scopes::Scopes,
    store::{
        entry::{Entry, EntryState},
        reader::Reader,
    },
    world::PhoneWorld,
};
use crate::domain::{
    command::Command,
    decide::{advice, decide},
    ids::{PersonId, SchoolId},
    rejection::Rejection,
    roster::Roster,
    world::{Actor, Changes},
};
use chrono::{DateTime, Utc};
use std::{collections::HashMap, sync::Arc};
use uuid::Uuid;

#[derive(Clone, Debug)]
pub(super) struct Held {
    pub school: SchoolId,
    pub me: PersonId,
    /// The mirror's count of changes when this was read.
    pub generation: i64,
    /// The count up to which no card is known to have changed since the directory was read.
    pub directory_at: i64,
    number: Option<i64>,
    epoch: Option<Uuid>,
    pub cursor: u64,
    pub scopes: Arc<Scopes>,
    directory: Directory,
    /// The directory's, and what the outbox changes in it.
    pub roster: Arc<Roster>,
    pub overlay: Arc<Overlay>,
}

impl Held {
    /// Reads the school and replays the outbox. What `before` has of the directory is kept when no card has changed since.
    pub fn read(
        reader: &Reader,
        school: SchoolId,
        me: PersonId,
        now: DateTime<Utc>,
        entries: &[Entry],
        before: Option<&Held>,
    ) -> Result<Self, PhoneError> {
        let generation = reader.generation()?;
        let raw = reader.school(school)?;
        let number = raw.as_ref().map(|raw| raw.number);
        let scopes = match number {
            Some(number) => Scopes::new(&reader.scopes(number)?, now),
            None => Scopes::default(),
        };
        let nothing = Overlay::default();
        let directory = match before {
            Some(before) => before.directory.clone(),
            None => Directory::read(&Merged { reader, school: number, scopes: &scopes, overlay: &nothing }, me)?,
        };
        let mut held = Held {
            school,
            me,
            generation,
            directory_at: generation,
            number,
            epoch: raw.as_ref().and_then(|raw| raw.epoch),
            cursor: raw.as_ref().map_or(0, |raw| raw.cursor),
            scopes: Arc::new(scopes),
            roster: directory.roster.clone(),
            directory,
            overlay: Arc::new(nothing),
        };
        held.replay(reader, entries);
        Ok(held)
    }

    /// Replays the outbox over the mirror, in the order in which things were said, each at the time it was said.
    pub fn replay(&mut self, reader: &Reader, entries: &[Entry]) {
        self.overlay = Arc::new(Overlay::default());
        self.roster = self.directory.roster.clone();
        for entry in entries {
            if entry.school != self.school || self.is_settled(entry) {
                continue;
            }
            if let Some(command) = &entry.command
                && let Ok(changes) = self.decide(reader, command, entry.said_at)
            {
                self.take(&changes);
            }
        }
    }

    /// Rejected, or accepted and in the mirror by now. An accepted command stays in the overlay until then, or its effect
    /// would vanish from the screen for a moment.
    pub fn is_settled(&self, entry: &Entry) -> bool {
        match &entry.state {
            EntryState::Queued { .. } => false,
            EntryState::Accepted { seq, epoch, reached, .. } => {
                *reached || (self.epoch == Some(*epoch) && *seq <= self.cursor)
            }
            EntryState::Rejected { .. } => true,
        }
    }

    /// What the rules here say of a command: advice.
    pub fn decide(&self, reader: &Reader, command: &Command, now: DateTime<Utc>) -> Result<Changes, Rejection> {
        let world = PhoneWorld { school: self.school, merged: self.merged(reader), roster: &self.roster, now };
        decide(&world, Actor { person: Some(self.me), command: command.id }, command)
    }

    /// The same, and what the person is warned of: also of what somebody has said before.
    pub fn advise(
        &self,
        reader: &Reader,
        command: &Command,
        now: DateTime<Utc>,
    ) -> (Result<Changes, Rejection>, Option<Rejection>) {
        let world = PhoneWorld { school: self.school, merged: self.merged(reader), roster: &self.roster, now };
        let actor = Actor { person: Some(self.me), command: command.id };
        let decided = decide(&world, actor, command);
        let advice = advice(&world, actor, command, &decided);
        (decided, advice)
    }

    /// Shows what a command changes from now on.
    pub fn take(&mut self, changes: &Changes) {
        if !changes.put.is_empty() || !changes.remove.is_empty() {
            Arc::make_mut(&mut self.overlay).apply(changes, &self.scopes);
        }
        if !changes.roster.is_empty() {
            let roster = Arc::make_mut(&mut self.roster);
            for change in &changes.roster {
                roster.apply(change);
            }
        }
    }

    pub fn merged<'a>(&'a self, reader: &'a Reader) -> Merged<'a> {
        Merged { reader, school: self.number, scopes: &self.scopes, overlay: &self.overlay }
    }

    /// Whether the school has been pulled whole once. Before, the rules here know too little to advise.
    pub fn is_known(&self) -> bool {
        self.cursor > 0
    }

    pub fn names(&self) -> &HashMap<PersonId, Arc<str>> {
        &self.directory.names
    }
}
