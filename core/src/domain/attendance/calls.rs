//! The office's call list: whom nobody at home has read of, and what came of the calls. A call settles nothing by itself: only
//! what home said does.

use super::{
    AttendanceNote, CallListEntry, CallOutcome, HomeAnswer, LoggedCall, PupilDay, Session,
    about::{About, record, text},
    call_key, note_key,
};
use crate::domain::{ids::PersonId, rejection::Rejection, world::Changes};
use chrono::NaiveDate;

/// The newest calls that one entry keeps.
const CALLS_KEPT: usize = 20;

/// What the caller says of one call.
#[derive(Clone, Copy)]
pub(super) struct Call<'a> {
    pub pupil: PersonId,
    pub day: NaiveDate,
    pub session: Session,
    pub called: Option<PersonId>,
    pub reached: bool,
    /// None of somebody who was reached: an earlier version of the app, which did not ask. Nobody knows what was said, so
    /// nothing is settled.
    pub outcome: Option<CallOutcome>,
    pub note: Option<&'a String>,
}

impl About<'_> {
    /// A call is logged also where a colleague has reached home meanwhile: two who call are two calls.
    pub fn log_call(&self, call: Call<'_>) -> Result<Changes, Rejection> {
        let Call { pupil, day, session, called, reached, outcome, note } = call;
        // Whoever may not hear of the pupil's attendance is not called about it, and does not close the list.
        if called.is_some_and(|adult| !self.homes(pupil).contains(&adult)) {
            return Err(Rejection::NotYours);
        }
        if outcome.is_some() && !reached {
            return Err(Rejection::Malformed);
        }
        let note = text(note)?;
        if outcome == Some(CallOutcome::Other) && note.is_none() {
            return Err(Rejection::NoteNeeded);
        }
        let key = call_key(self.school(), pupil, day, session);
        let held = self.document::<CallListEntry>(key);
        if held.as_ref().is_some_and(|entry| entry.calls.iter().any(|call| call.command == self.command.id)) {
            return Ok(Changes::none());
        }
        let before = PupilDay::load(self.world, pupil, day);
        let entry = match held {
            Some(entry) => Some(entry),
            // A contact teacher's phone does not hold the list, and leaves it to the server to know.
            None if !self.is_absent(key) => None,
            // Whoever calls before the clock has asked for it is a call sooner.
            None if before.missing(session).is_some() => {
                Some(CallListEntry { session, since: self.now, calls: Vec::new(), closed_at: None })
            }
            None => return Err(Rejection::NotOnCallList),
        };
        let (command, by, at, has_note) = (self.command.id, self.person()?, self.filed_at, note.is_some());
        let mut after = before.clone();
        if let Some(outcome) = outcome {
            after.take_answer(session, HomeAnswer { command, outcome, by, at });
        }
        let mut changes = Changes::none();
        self.write(&before, &after, &mut changes);
        if let Some(mut entry) = entry {
            entry.calls.push(LoggedCall { command, by, at, called, reached, outcome, has_note });
            if entry.calls.len() > CALLS_KEPT {
                let dropped = entry.calls.remove(0);
                changes.remove.extend(dropped.has_note.then(|| note_key(pupil, day, None, dropped.command)));
            }
            if after.alarm(session).is_some() {
                entry.closed_at = None;
            } else if outcome.is_some_and(CallOutcome::settles) && entry.closed_at.is_none() {
                entry.closed_at = Some(self.now);
            }
            changes.put.retain(|put| (put.scope, put.id) != key);
            changes.put.push(record(key, Some(pupil), day, entry));
        }
        if let Some(text) = note {
            let key = note_key(pupil, day, None, command);
            if self.document::<AttendanceNote>(key).is_none() {
                changes.put.push(record(key, Some(pupil), day, AttendanceNote { command, by, at: self.now, text }));
            }
        }
        Ok(changes)
    }

    /// The clock: nobody at home has read the notice in time, or there is nobody to send one to.
    pub fn escalate(&self, pupil: PersonId, day: NaiveDate, session: Session) -> Result<Changes, Rejection> {
        let about = PupilDay::load(self.world, pupil, day);
        let key = call_key(self.school(), pupil, day, session);
        let held = self.document::<CallListEntry>(key);
        if about.missing(session).is_some() && held.as_ref().is_some_and(|entry| entry.closed_at.is_none()) {
            return Ok(Changes::none());
        }
        match self.call_due_at(&about, session) {
            Some(due) if due <= self.now => {}
            Some(_) | None => return Err(Rejection::NotDue),
        }
        let calls = held.map(|entry| entry.calls).unwrap_or_default();
        let entry = CallListEntry { session, since: self.now, calls, closed_at: None };
        Ok(Changes { put: vec![record(key, Some(pupil), day, entry)], ..Changes::none() })
    }
}
