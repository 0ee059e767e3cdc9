//! What has been seen and read: *seen by NAME* for home, and a notice that its reader has opened. Nobody sees another
//! guardian's reading.

use super::{
    Notice, PupilDay, Seen, Session,
    about::{About, a_fair_number},
};
use crate::domain::{
    access::subscriptions_about,
    ids::{PersonId, RecordId},
    record::Record,
    rejection::Rejection,
    scope::{Scope, Subject, Topic},
    world::{Changes, Fact},
};
use chrono::NaiveDate;

impl About<'_> {
    /// A roll or board that shows these pupils was opened. Whoever sees a report first is named; a later report is
    /// unseen until a roll that shows it is opened again.
    pub fn mark_seen(&self, pupils: &[PersonId], day: NaiveDate) -> Result<Changes, Rejection> {
        a_fair_number(pupils.len())?;
        for pupil in pupils {
            self.allowed(*pupil)?;
        }
        let seen = Seen { by: self.person()?, at: self.now };
        let mut changes = Changes::none();
        let mut pupils = pupils.to_vec();
        pupils.sort_unstable();
        pupils.dedup();
        for pupil in pupils {
            let before = PupilDay::load(self.world, pupil, day);
            let mut after = before.clone();
            let reports = after.sessions.get_mut(&Session::Day).into_iter().flat_map(|main| &mut main.reports);
            for report in reports {
                report.seen.get_or_insert(seen);
            }
            self.write(&before, &after, &mut changes);
        }
        Ok(changes)
    }

    pub fn read_notice(&self, id: RecordId) -> Result<Changes, Rejection> {
        let person = self.person()?;
        let scope = Scope::own(person, Topic::Attendance);
        if !subscriptions_about(self.roster(), person, Subject::Person(person), self.today).0.contains_key(&scope) {
            return Err(Rejection::NotYours);
        }
        let held = match self.world.record(&scope, id) {
            Fact::Known(held) => held,
            Fact::Absent => return Err(Rejection::NotYours),
            Fact::Unseen => return Ok(Changes::none()),
        };
        let Ok(notice) = Notice::try_from(held.body) else { return Err(Rejection::NotYours) };
        if notice.read_at.is_some() {
            return Ok(Changes::none());
        }
        let read = Notice { read_at: Some(self.now), ..notice };
        let body = read.into();
        Ok(Changes { put: vec![Record { id, scope, pupil: held.pupil, day: held.day, body }], ..Changes::none() })
    }
}
