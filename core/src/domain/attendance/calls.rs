//! The office's call list: whom nobody at home has read of, and what came of the calls.

use super::{
    CallListEntry, LoggedCall, PupilDay, Session,
    about::{About, record},
    call_key,
};
use crate::domain::{ids::PersonId, rejection::Rejection, world::Changes};
use chrono::NaiveDate;

/// The newest calls that one entry keeps.
const CALLS_KEPT: usize = 20;

impl About<'_> {
    /// A call is logged also where a colleague has reached home meanwhile: two who call are two calls.
    pub fn log_call(
        &self,
        pupil: PersonId,
        day: NaiveDate,
        session: Session,
        called: Option<PersonId>,
        reached: bool,
    ) -> Result<Changes, Rejection> {
        self.allowed(pupil)?;
        self.not_own_child(pupil)?;
        // Whoever may not hear of the pupil's attendance is not called about it, and does not close the list.
        if called.is_some_and(|adult| !self.homes(pupil).contains(&adult)) {
            return Err(Rejection::NotYours);
        }
        let key = call_key(self.school(), pupil, day, session);
        let Some(mut entry) = self.document::<CallListEntry>(key) else {
            // A contact teacher's phone does not hold the list, and leaves it to the server to know.
            return if self.is_absent(key) { Err(Rejection::NotOnCallList) } else { Ok(Changes::none()) };
        };
        if entry.calls.iter().any(|call| call.command == self.command.id) {
            return Ok(Changes::none());
        }
        let by = self.person()?;
        entry.calls.push(LoggedCall { command: self.command.id, by, at: self.filed_at, called, reached });
        if entry.calls.len() > CALLS_KEPT {
            entry.calls.remove(0);
        }
        if reached && entry.closed_at.is_none() {
            entry.closed_at = Some(self.now);
        }
        Ok(Changes { put: vec![record(key, Some(pupil), day, entry)], ..Changes::none() })
    }

    /// The clock: nobody at home has read the notice in time, or there is nobody to send one to.
    pub fn escalate(&self, pupil: PersonId, day: NaiveDate, session: Session) -> Result<Changes, Rejection> {
        self.of_the_clock()?;
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
