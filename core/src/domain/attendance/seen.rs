//! What has been seen: *seen by NAME* for home.

use super::{PupilDay, Seen, Session, about::About};
use crate::domain::{ids::PersonId, rejection::Rejection, world::Changes};
use chrono::NaiveDate;

impl About<'_> {
    /// A roll or board that shows these pupils was opened. Whoever sees a report first is named; a later report is
    /// unseen until a roll that shows it is opened again.
    pub fn mark_seen(&self, pupils: &[PersonId], day: NaiveDate) -> Result<Changes, Rejection> {
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
}
