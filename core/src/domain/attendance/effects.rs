//! What follows from a pupil's day that changed: its records, and the notices and calls that it raises or settles. The
//! only place that writes attendance.

use super::{
    CallListEntry, PupilDay, Session,
    about::{About, record},
    attendance_key, call_key,
};
use crate::domain::{
    ids::PersonId,
    notice::{Notice, NoticeReason, notice_key},
    world::Changes,
};
use std::collections::BTreeSet;

impl About<'_> {
    /// Writes what is different between the two, and what follows from it.
    pub fn write(&self, before: &PupilDay, after: &PupilDay, changes: &mut Changes) {
        let (pupil, day) = (after.pupil, after.day);
        for (session, document) in &after.sessions {
            if before.sessions.get(session) != Some(document) {
                let key = attendance_key(self.school(), pupil, day, *session);
                changes.put.push(record(key, Some(pupil), day, document.clone()));
            }
        }
        let sessions: BTreeSet<Session> = before.sessions.keys().chain(after.sessions.keys()).copied().collect();
        for session in sessions {
            if before.missing(session).is_some() && after.missing(session).is_none() {
                self.correct(after, NoticeReason::UnexplainedAbsence, session, changes);
                self.close_call(after, session, changes);
            }
        }
        let check = |day: &PupilDay| day.main().is_some_and(|main| main.check);
        match (check(before), check(after)) {
            (false, true) => self.raise(after, NoticeReason::CheckReport, Session::Day, changes),
            (true, false) => self.correct(after, NoticeReason::CheckReport, Session::Day, changes),
            (false, false) | (true, true) => {}
        }
        match (before.sent_home(), after.sent_home()) {
            (None, Some(_)) => self.raise(after, NoticeReason::SentHomeSick, Session::Day, changes),
            (Some(_), None) => self.correct(after, NoticeReason::SentHomeSick, Session::Day, changes),
            (None, None) | (Some(_), Some(_)) => {}
        }
    }

    /// Tells every adult at home who reads attendance.
    pub fn raise(&self, about: &PupilDay, reason: NoticeReason, session: Session, changes: &mut Changes) {
        for person in self.homes(about.pupil) {
            let notice = Notice { reason, session, at: self.now, corrected_at: None, read_at: None };
            let key = notice_key(self.school(), person, reason, about.pupil, about.day, session);
            changes.put.push(record(key, Some(about.pupil), about.day, notice));
        }
    }

    /// What a notice said is no longer so. A corrected one stands, so that who has read it knows that it is over.
    fn correct(&self, about: &PupilDay, reason: NoticeReason, session: Session, changes: &mut Changes) {
        for person in self.homes(about.pupil) {
            let key = notice_key(self.school(), person, reason, about.pupil, about.day, session);
            if let Some(notice) = self.document::<Notice>(key)
                && notice.corrected_at.is_none()
            {
                let notice = Notice { corrected_at: Some(self.now), ..notice };
                changes.put.push(record(key, Some(about.pupil), about.day, notice));
            }
        }
    }

    fn close_call(&self, about: &PupilDay, session: Session, changes: &mut Changes) {
        let key = call_key(self.school(), about.pupil, about.day, session);
        if let Some(entry) = self.document::<CallListEntry>(key)
            && entry.closed_at.is_none()
        {
            let entry = CallListEntry { closed_at: Some(self.now), ..entry };
            changes.put.push(record(key, Some(about.pupil), about.day, entry));
        }
    }

    /// The notices of one reason that stand uncorrected, with whom they are for.
    pub fn standing(&self, about: &PupilDay, reason: NoticeReason, session: Session) -> Vec<(PersonId, Notice)> {
        let held = self.homes(about.pupil).into_iter().filter_map(|person| {
            let key = notice_key(self.school(), person, reason, about.pupil, about.day, session);
            self.document::<Notice>(key).map(|notice| (person, notice))
        });
        held.filter(|(_, notice)| notice.corrected_at.is_none()).collect()
    }
}
