//! Unexplained absence and the clock: home is told the same day, and the office calls where nobody at home reads it. When
//! each is due is asked here, by the commands and by the server's tick alike.

use super::{CallListEntry, CallOutcome, LoggedCall, PupilDay, Session, about::About, about::record, call_key};
use crate::domain::{
    ids::PersonId,
    notice::{Notice, NoticeReason, notice_key},
    rejection::Rejection,
    world::Changes,
};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

impl About<'_> {
    /// The clock: each adult at home who reads attendance is told, once.
    pub fn notify(&self, pupil: PersonId, day: NaiveDate, session: Session) -> Result<Changes, Rejection> {
        let about = PupilDay::load(self.world, pupil, day);
        match self.notice_due_at(&about, session) {
            Some(due) if due <= self.now => {}
            Some(_) | None => return Err(Rejection::NotDue),
        }
        let mut changes = Changes::none();
        let reason = NoticeReason::UnexplainedAbsence;
        for person in self.untold(&about, session) {
            let notice = Notice { reason, session, at: self.now, corrected_at: None, read_at: None };
            let key = notice_key(self.school(), person, reason, pupil, day, session);
            changes.put.push(record(key, Some(pupil), day, notice));
        }
        Ok(changes)
    }

    /// The adults at home who read attendance and have no standing notice yet.
    pub fn untold(&self, about: &PupilDay, session: Session) -> Vec<PersonId> {
        let told = self.standing(about, NoticeReason::UnexplainedAbsence, session);
        let homes = self.homes(about.pupil).into_iter();
        homes.filter(|person| !told.iter().any(|(adult, _)| adult == person)).collect()
    }

    /// When home is to be told, whether it has been or not: once the teacher can no longer take the mark back, on the
    /// day itself. `None`: nobody is missing, or the day is over.
    pub fn notice_due_at(&self, about: &PupilDay, session: Session) -> Option<DateTime<Utc>> {
        let mark = about.missing(session)?;
        let since = about.missing_since(session)?;
        // Whoever is said to be back is given the time that a roll has, before anybody is alarmed.
        let roll_minutes = about.rules.as_ref().map_or(0, |rules| i64::from(rules.attendance.roll_due_minutes));
        let grace = if about.is_due_back(session, mark) { roll_minutes } else { 0 };
        let since = since + TimeDelta::minutes(grace);
        (about.day == self.today).then(|| since.max(mark.at + about.undo_window() + TimeDelta::seconds(1)))
    }

    /// When the office is to call. `None`: nobody is missing, home has not been told yet, somebody has read it, or the
    /// office has reached home since the pupil went missing.
    pub fn call_due_at(&self, about: &PupilDay, session: Session) -> Option<DateTime<Utc>> {
        let notice_due = self.notice_due_at(about, session)?;
        let key = call_key(self.school(), about.pupil, about.day, session);
        let held = self.document::<CallListEntry>(key);
        // A call of this morning says nothing of who has come since and is missing again.
        let since = about.missing_since(session)?;
        let reached =
            |call: &LoggedCall| call.reached && call.outcome.is_none_or(CallOutcome::settles) && call.at >= since;
        if held.is_some_and(|entry| entry.closed_at.is_none() || entry.calls.iter().any(reached)) {
            return None;
        }
        let told = self.standing(about, NoticeReason::UnexplainedAbsence, session);
        let homes = self.homes(about.pupil);
        if homes.is_empty() {
            return Some(notice_due);
        }
        if told.iter().any(|(_, notice)| notice.read_at.is_some()) {
            return None;
        }
        // A pupil of age hears of it too, but whoever is missing is nobody to wait for.
        if homes == [about.pupil] {
            return Some(notice_due);
        }
        let minutes = about.rules.as_ref().map_or(0, |rules| i64::from(rules.attendance.notice_read_minutes));
        told.iter().map(|(_, notice)| notice.at + TimeDelta::minutes(minutes)).min()
    }
}
