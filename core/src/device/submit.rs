//! Saying something: advice at once, then durable in the outbox before anybody is told that it is kept. Needs no network
//! and no server, and never asks what the phone's clock shows.

use super::{
    crash::Step,
    error::PhoneError,
    held::Held,
    listeners::Change,
    phone::{Inner, Phone},
    store::{
        Files,
        entry::{Entry, EntryState},
        outbox::{NewEntry, Who},
    },
};
use crate::domain::{
    command::{Capacity, Command, CommandBody},
    ids::{CommandId, SchoolId},
    rejection::Rejection,
    world::Changes,
};
use chrono::{DateTime, Utc};
use std::{collections::BTreeSet, sync::Arc};

/// What a person asks for, before it has an id and a time.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Draft {
    pub school: SchoolId,
    pub capacity: Capacity,
    pub body: CommandBody,
    /// Only meant if that command is accepted.
    pub depends_on: Option<CommandId>,
}

/// What to do when the rules on this phone warn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum IfAdvised {
    /// Queue nothing, and give the advice.
    Ask,
    /// The person has seen it, or is not to be asked.
    SendAnyway,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Submission {
    /// On this phone, durably.
    Kept(Submitted),
    /// Nothing is queued: the phone warns, and the person may send anyway.
    Advised(Rejection),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submitted {
    pub id: CommandId,
    /// What the phone warned of. Only the server's outcome is a rejection.
    pub advice: Option<Rejection>,
}

impl Submission {
    /// The id, where something was queued.
    pub fn id(&self) -> Option<CommandId> {
        match self {
            Submission::Kept(submitted) => Some(submitted.id),
            Submission::Advised(_) => None,
        }
    }
}

impl Phone {
    /// Queues a command, whatever the rules here say of it.
    ///
    /// # Errors
    /// [`PhoneError::NotEnrolled`], [`PhoneError::Suspended`], [`PhoneError::NoSuchItem`] if what it depends on has been
    /// taken back, or it could not be written: then it is not kept.
    pub fn submit(
        &self,
        school: SchoolId,
        capacity: Capacity,
        body: CommandBody,
        depends_on: Option<CommandId>,
    ) -> Result<Submitted, PhoneError> {
        let draft = Draft { school, capacity, body, depends_on };
        match self.inner.queue(draft, IfAdvised::SendAnyway, None)? {
            Submission::Kept(submitted) => Ok(submitted),
            // `SendAnyway` always keeps.
            Submission::Advised(_) => Err(PhoneError::NoSuchItem),
        }
    }

    /// Queues a command, or, if the rules here warn and the person is to be asked, gives the warning instead.
    ///
    /// # Errors
    /// As [`Phone::submit`].
    pub fn submit_draft(&self, draft: Draft, if_advised: IfAdvised) -> Result<Submission, PhoneError> {
        self.inner.queue(draft, if_advised, None)
    }

    /// Sends something else instead of a rejected command: a new id, in its place in one transaction.
    ///
    /// # Errors
    /// [`PhoneError::NoSuchItem`] if it is not a rejected command of this person; else as [`Phone::submit`].
    pub fn mend(
        &self,
        rejected: CommandId,
        body: CommandBody,
        if_advised: IfAdvised,
    ) -> Result<Submission, PhoneError> {
        let entry = self.inner.rejected(rejected)?;
        let command = entry.command.as_ref().ok_or(PhoneError::NoSuchItem)?;
        let depends_on = self.inner.dependency_now(entry.depends_on);
        let draft = Draft { school: entry.school, capacity: command.capacity, body, depends_on };
        self.inner.queue(draft, if_advised, Some(rejected))
    }

    /// Sends a rejected command again as it was, with a new id.
    ///
    /// # Errors
    /// As [`Phone::mend`].
    pub fn resend(&self, rejected: CommandId) -> Result<Submitted, PhoneError> {
        let entry = self.inner.rejected(rejected)?;
        let body = entry.command.as_ref().ok_or(PhoneError::NoSuchItem)?.body.clone();
        match self.mend(rejected, body, IfAdvised::SendAnyway)? {
            Submission::Kept(submitted) => Ok(submitted),
            Submission::Advised(_) => Err(PhoneError::NoSuchItem),
        }
    }

    /// The person has seen the rejection. Those that were rejected because of it, and were told of with it, go too.
    ///
    /// # Errors
    /// [`PhoneError::NoSuchItem`] if it is not a rejected command of this person.
    pub fn dismiss(&self, rejected: CommandId) -> Result<(), PhoneError> {
        let who = self.inner.readable()?;
        let files = self.inner.files()?;
        let gone = files.outbox.lock().dismiss(who.person, rejected)?;
        if gone.is_empty() {
            return Err(PhoneError::NoSuchItem);
        }
        self.inner.reload(&files)?;
        self.inner.listeners.tell(&Change::Outbox);
        Ok(())
    }

    /// Takes back what has never been on its way, and what depends on it with it.
    ///
    /// # Errors
    /// [`PhoneError::NoSuchItem`] if one of them has been, or is settled: then say the opposite with a command of its own.
    pub fn take_back(&self, queued: CommandId) -> Result<(), PhoneError> {
        let who = self.inner.readable()?;
        let files = self.inner.files()?;
        if !files.outbox.lock().take_back(who.person, queued)? {
            return Err(PhoneError::NoSuchItem);
        }
        self.inner.replay_all(&files)?;
        self.inner.listeners.tell(&Change::Outbox);
        Ok(())
    }
}

/// What the rules on this phone say of a command.
struct Advice {
    /// What it changes here; none: nothing, as the rules refuse it.
    decided: Option<Changes>,
    /// What the person is warned of.
    advice: Option<Rejection>,
    /// Of which state they said it.
    version: u64,
}

impl Inner {
    fn queue(
        &self,
        draft: Draft,
        if_advised: IfAdvised,
        replaces: Option<CommandId>,
    ) -> Result<Submission, PhoneError> {
        self.look_elsewhere();
        let who = self.readable()?;
        let files = self.files()?;
        let command = Command {
            id: CommandId::new(),
            school: draft.school,
            capacity: draft.capacity,
            device_time: self.time.device_now(),
            depends_on: draft.depends_on,
            body: draft.body,
        };
        let payload: Arc<str> = serde_json::to_string(&command)?.into();
        let said_at = self.time.now();
        let Advice { decided, advice, version } = self.advice(&who, &command, said_at)?;
        if let (IfAdvised::Ask, Some(advice)) = (if_advised, &advice) {
            return Ok(Submission::Advised(advice.clone()));
        }
        self.at(Step::SubmitAdvised)?;
        let entry = NewEntry {
            id: command.id,
            owner: who.person,
            school: command.school,
            payload: &payload,
            depends_on: command.depends_on,
            said_at,
            advice: advice.as_ref(),
            replaces,
        };
        let id = command.id;
        let change = {
            let mut outbox = files.outbox.lock();
            let position = match replaces {
                Some(old) => outbox.replace(old, &entry)?.ok_or(PhoneError::NoSuchItem)?,
                None => outbox.add(&entry)?,
            };
            let entry = Entry {
                position,
                id,
                school: command.school,
                depends_on: command.depends_on,
                command: Some(Arc::new(command)),
                payload: payload.clone(),
                said_at,
                advice: advice.clone(),
                sent: 0,
                state: EntryState::Queued { not_now: None },
                replaces,
            };
            self.remember(entry, decided, version)
        };
        self.at(Step::SubmitKept)?;
        self.listeners.tell(&Change::Outbox);
        self.listeners.tell(&change);
        self.signal.wake();
        Ok(Submission::Kept(Submitted { id, advice }))
    }

    /// What the rules here say. A mirror that cannot be read gives no advice, and stops nothing; nor does it before the
    /// first whole pull, when the rules here know too little to warn of anything.
    fn advice(&self, who: &Who, command: &Command, now: DateTime<Utc>) -> Result<Advice, PhoneError> {
        let files = self.files()?;
        let mut state = self.state.lock();
        let advised = files.reader().and_then(|reader| {
            let held = self.held(&mut state, who, &reader, command.school, now)?;
            let (decided, advice) = held.advise(&reader, command, now);
            Ok((decided.ok(), advice.filter(|_| held.is_known())))
        });
        let (decided, advice) = advised.unwrap_or_default();
        Ok(Advice { decided, advice, version: state.version })
    }

    /// Takes the new entry into memory, and its effect with it.
    fn remember(&self, entry: Entry, changes: Option<Changes>, version: u64) -> Change {
        let mut state = self.state.lock();
        let state = &mut *state;
        let unmoved = state.version == version;
        state.version += 1;
        let school = entry.school;
        let entries = Arc::make_mut(&mut state.entries);
        if let Some(old) = entry.replaces {
            entries.retain(|entry| entry.id != old);
        }
        entries.push(entry);
        let (mut scopes, mut kinds) = (BTreeSet::new(), BTreeSet::new());
        if let Some(held) = state.schools.get_mut(&school) {
            let held = Arc::make_mut(held);
            match changes {
                Some(changes) if unmoved => {
                    held.take(&changes);
                    scopes = changes.put.iter().map(|record| record.scope).collect();
                    kinds = changes.put.iter().map(|record| record.body.kind()).collect();
                }
                None if unmoved => {}
                // Something moved meanwhile: replayed when next read.
                Some(_) | None => held.generation = -1,
            }
        }
        Change::Records { school, scopes, kinds }
    }

    fn rejected(&self, id: CommandId) -> Result<Entry, PhoneError> {
        let who = self.readable()?;
        let entry = self.files()?.outbox.lock().entry(who.person, id)?;
        entry.filter(|entry| matches!(entry.state, EntryState::Rejected { .. })).ok_or(PhoneError::NoSuchItem)
    }

    /// What a command that is sent again depends on now: the replacement of the one it named, that one itself while it may
    /// still be accepted, or nothing.
    fn dependency_now(&self, named: Option<CommandId>) -> Option<CommandId> {
        let named = named?;
        let state = self.state.lock();
        if let Some(replacement) = state.entries.iter().rev().find(|entry| entry.replaces == Some(named)) {
            return Some(replacement.id);
        }
        let held = state.entries.iter().find(|entry| entry.id == named)?;
        (!matches!(held.state, EntryState::Rejected { .. })).then_some(named)
    }

    /// Replays every school's outbox again and tells what has changed by it.
    pub fn replay_all(&self, files: &Files) -> Result<(), PhoneError> {
        let before: Vec<_> = self.state.lock().schools.values().cloned().collect();
        self.reload(files)?;
        for old in before {
            self.tell_difference(&old);
        }
        Ok(())
    }

    /// Reads a school again and tells where its overlay says something else than before.
    pub fn tell_difference(&self, old: &Held) {
        let Ok(view) = self.view(old.school) else { return };
        let (scopes, kinds) = old.overlay.difference(&view.held.overlay);
        drop(view);
        self.listeners.tell(&Change::Records { school: old.school, scopes, kinds });
    }
}
