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
use chrono::{DateTime, NaiveDate, Utc};
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
    /// Nothing is queued: this phone shows another day than it is at the school, as far as it can know, and what was said
    /// is about a day. The person may send anyway.
    OtherDay { by_phone: NaiveDate, by_school: NaiveDate },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submitted {
    pub id: CommandId,
    /// What the phone warned of. Only the server's outcome is a rejection.
    pub advice: Option<Rejection>,
}

/// What has become of several things that were said together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Together {
    /// All on this phone, durably, each with its school.
    Kept(Vec<(SchoolId, Submitted)>),
    /// None is queued: these schools' rules warn, and the person may send anyway.
    Advised(Vec<(SchoolId, Rejection)>),
    /// None is queued: as [`Submission::OtherDay`].
    OtherDay { by_phone: NaiveDate, by_school: NaiveDate },
}

impl Submission {
    /// The id, where something was queued.
    pub fn id(&self) -> Option<CommandId> {
        match self {
            Submission::Kept(submitted) => Some(submitted.id),
            Submission::Advised(_) | Submission::OtherDay { .. } => None,
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
            Submission::Advised(_) | Submission::OtherDay { .. } => Err(PhoneError::NoSuchItem),
        }
    }

    /// Queues a command, or, if the rules here warn and the person is to be asked, gives the warning instead.
    ///
    /// # Errors
    /// As [`Phone::submit`].
    pub fn submit_draft(&self, draft: Draft, if_advised: IfAdvised) -> Result<Submission, PhoneError> {
        self.inner.queue(draft, if_advised, None)
    }

    /// Queues several commands, all or none, or, if the rules here warn of any and the person is to be asked, gives the
    /// warnings instead.
    ///
    /// # Errors
    /// As [`Phone::submit`].
    pub fn submit_together(&self, drafts: Vec<Draft>, if_advised: IfAdvised) -> Result<Together, PhoneError> {
        self.inner.queue_together(drafts, if_advised)
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
            Submission::Advised(_) | Submission::OtherDay { .. } => Err(PhoneError::NoSuchItem),
        }
    }

    /// The person has seen the rejection. Those that were rejected because of it, and were told of with it, go too.
    ///
    /// # Errors
    /// [`PhoneError::NoSuchItem`] if it is not a rejected command of this person.
    pub fn dismiss(&self, rejected: CommandId) -> Result<(), PhoneError> {
        let who = self.inner.readable()?;
        let files = self.inner.files_to_write()?;
        let gone = files.outbox.lock().dismiss(who.person, rejected)?;
        if gone.is_empty() {
            return Err(PhoneError::NoSuchItem);
        }
        self.inner.reload(&files)?;
        self.inner.listeners.tell(&Change::Outbox);
        Ok(())
    }

    /// Takes back what has never been on its way, and what depends on it with it; what was said with it at the child's
    /// other schools too, all or none.
    ///
    /// # Errors
    /// [`PhoneError::NoSuchItem`] if one of them has been, or is settled: then say the opposite with a command of its own.
    pub fn take_back(&self, queued: CommandId) -> Result<(), PhoneError> {
        let who = self.inner.readable()?;
        let files = self.inner.files_to_write()?;
        let together = self.inner.said_with(queued);
        if !files.outbox.lock().take_back(who.person, &together)? {
            return Err(PhoneError::NoSuchItem);
        }
        self.inner.replay_all(&files)?;
        self.inner.listeners.tell(&Change::Outbox);
        Ok(())
    }
}

/// What the rules on this phone say of a command.
#[derive(Default)]
struct Advice {
    /// What it changes here; none: nothing, as the rules refuse it.
    decided: Option<Changes>,
    /// What the person is warned of.
    warns: Option<Rejection>,
    /// Of which state they said it.
    version: u64,
}

/// A command on its way into the outbox.
struct Said {
    command: Command,
    payload: Arc<str>,
    at: DateTime<Utc>,
    advice: Advice,
}

impl Said {
    fn entry(&self, who: &Who, replaces: Option<CommandId>) -> NewEntry<'_> {
        NewEntry {
            id: self.command.id,
            owner: who.person,
            school: self.command.school,
            payload: &self.payload,
            depends_on: self.command.depends_on,
            said_at: self.at,
            advice: self.advice.warns.as_ref(),
            replaces,
        }
    }
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
        let files = self.files_to_write()?;
        if if_advised == IfAdvised::Ask
            && let Some((by_phone, by_school)) = self.two_todays_of(std::slice::from_ref(&draft))
        {
            return Ok(Submission::OtherDay { by_phone, by_school });
        }
        let said = self.said(&who, draft)?;
        if let (IfAdvised::Ask, Some(advice)) = (if_advised, &said.advice.warns) {
            return Ok(Submission::Advised(advice.clone()));
        }
        self.at(Step::SubmitAdvised)?;
        let kept = Submitted { id: said.command.id, advice: said.advice.warns.clone() };
        let change = {
            let mut outbox = files.outbox.lock();
            let entry = said.entry(&who, replaces);
            let position = match replaces {
                Some(old) => outbox.replace(old, &entry)?.ok_or(PhoneError::NoSuchItem)?,
                None => outbox.add(&entry)?,
            };
            self.remember(said, position, replaces)
        };
        self.at(Step::SubmitKept)?;
        self.tell_kept(vec![change]);
        Ok(Submission::Kept(kept))
    }

    /// All of them or none, in one transaction.
    fn queue_together(&self, drafts: Vec<Draft>, if_advised: IfAdvised) -> Result<Together, PhoneError> {
        self.look_elsewhere();
        let who = self.readable()?;
        let files = self.files_to_write()?;
        if if_advised == IfAdvised::Ask
            && let Some((by_phone, by_school)) = self.two_todays_of(&drafts)
        {
            return Ok(Together::OtherDay { by_phone, by_school });
        }
        let mut said = Vec::with_capacity(drafts.len());
        for draft in drafts {
            said.push(self.said(&who, draft)?);
        }
        // Said in one breath: by this they are known to belong together.
        if let Some(at) = said.first().map(|first| first.at) {
            said.iter_mut().for_each(|said| said.at = at);
        }
        let warned = || said.iter().filter_map(|said| Some((said.command.school, said.advice.warns.clone()?)));
        if if_advised == IfAdvised::Ask && warned().next().is_some() {
            return Ok(Together::Advised(warned().collect()));
        }
        self.at(Step::SubmitAdvised)?;
        let kept =
            |said: &Said| (said.command.school, Submitted { id: said.command.id, advice: said.advice.warns.clone() });
        let kept = said.iter().map(kept).collect();
        let changes = {
            let mut outbox = files.outbox.lock();
            let entries: Vec<NewEntry<'_>> = said.iter().map(|said| said.entry(&who, None)).collect();
            let positions = outbox.add_all(&entries)?;
            said.into_iter().zip(positions).map(|(said, position)| self.remember(said, position, None)).collect()
        };
        self.at(Step::SubmitKept)?;
        self.tell_kept(changes);
        Ok(Together::Kept(kept))
    }

    fn tell_kept(&self, changes: Vec<Change>) {
        self.listeners.tell(&Change::Outbox);
        for change in &changes {
            self.listeners.tell(change);
        }
        self.signal.wake();
    }

    /// What a draft becomes, and what the rules here say of it.
    fn said(&self, who: &Who, draft: Draft) -> Result<Said, PhoneError> {
        let command = Command {
            id: CommandId::new(),
            school: draft.school,
            capacity: draft.capacity,
            device_time: self.time.device_now(),
            depends_on: draft.depends_on,
            body: draft.body,
        };
        let payload: Arc<str> = serde_json::to_string(&command)?.into();
        let at = self.time.now();
        let advice = self.advice(who, &command, at)?;
        Ok(Said { command, payload, at, advice })
    }

    /// What the rules here say. A mirror that cannot be read gives no advice, and stops nothing; nor does it before the
    /// first whole pull, when the rules here know too little to warn of anything.
    fn advice(&self, who: &Who, command: &Command, now: DateTime<Utc>) -> Result<Advice, PhoneError> {
        let seen = match self.look(who, command.school, now) {
            Ok(seen) => seen,
            Err(PhoneError::Suspended) => return Err(PhoneError::Suspended),
            Err(_) => return Ok(Advice::default()),
        };
        let (decided, advice) = seen.held.advise(&seen.reader, command, now);
        let warns = advice.filter(|_| seen.held.is_known());
        Ok(Advice { decided: decided.ok(), warns, version: seen.version })
    }

    /// Takes what was kept into memory, and its effect with it.
    fn remember(&self, said: Said, position: i64, replaces: Option<CommandId>) -> Change {
        let Said { command, payload, at, advice: Advice { decided: changes, warns, version } } = said;
        let entry = Entry {
            position,
            id: command.id,
            school: command.school,
            depends_on: command.depends_on,
            command: Some(Arc::new(command)),
            payload,
            said_at: at,
            advice: warns,
            sent: 0,
            state: EntryState::Queued { not_now: None },
            replaces,
        };
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

    /// The command, and those that were said in one breath with it at other schools.
    fn said_with(&self, id: CommandId) -> Vec<CommandId> {
        let state = self.state.lock();
        let mut together = vec![id];
        if let Some(this) = state.entries.iter().find(|entry| entry.id == id) {
            let kind = |entry: &Entry| entry.command.as_ref().map(|command| command.body.kind());
            let with = |other: &&Entry| {
                let refused = matches!(other.state, EntryState::Rejected { .. });
                other.school != this.school && other.said_at == this.said_at && kind(other) == kind(this) && !refused
            };
            together.extend(state.entries.iter().filter(with).map(|other| other.id));
        }
        together
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
