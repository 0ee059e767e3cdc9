//! Which day it is: the school's, asked about where only this phone's own clock says so. A wrong clock never stops a report;
//! nor does it make one of another day in silence.

use super::{
    phone::{Inner, Phone},
    submit::Draft,
    view::View,
};
use crate::domain::{
    command::{CommandBody, CommandKind},
    ids::SchoolId,
    time::local_date,
};
use chrono::NaiveDate;

impl Phone {
    /// The day that this phone shows and the one that it is at a school, where they differ and the second is only what the
    /// phone has reckoned since it last heard from the school.
    pub fn two_todays(&self, school: SchoolId) -> Option<(NaiveDate, NaiveDate)> {
        self.inner.two_todays(school)
    }

    /// Whether only this phone's own clock says that it is the day that it takes it for at a school: the school is better
    /// asked before something is said of today, where it can be.
    pub fn day_is_reckoned(&self, school: SchoolId) -> bool {
        let time = &self.inner.time;
        let Some(heard) = time.last_heard().filter(|_| !time.is_sure()) else { return false };
        let Ok(view) = self.inner.view(school) else { return false };
        let day = |at| local_date(view.time_zone(), at);
        day(heard) != view.today() || day(view.device_now()) != view.today()
    }
}

impl Inner {
    /// Where one of the drafts is about a day.
    pub(super) fn two_todays_of(&self, drafts: &[Draft]) -> Option<(NaiveDate, NaiveDate)> {
        drafts.iter().filter(|draft| names_a_day(&draft.body)).find_map(|draft| self.two_todays(draft.school))
    }

    fn two_todays(&self, school: SchoolId) -> Option<(NaiveDate, NaiveDate)> {
        if self.time.is_sure() {
            return None;
        }
        let zone = self.view(school).ok().filter(View::is_known)?.time_zone();
        let days = (local_date(zone, self.time.device_now()), local_date(zone, self.time.now()));
        (days.0 != days.1).then_some(days)
    }
}

/// What is said of a day as *today* or *tomorrow*, and would be another's if that were wrong.
fn names_a_day(body: &CommandBody) -> bool {
    use CommandKind as Kind;
    matches!(
        body.kind(),
        Kind::ReportAbsence
            | Kind::EndAbsence
            | Kind::ExtendAbsence
            | Kind::WithdrawAbsence
            | Kind::ExplainAbsence
            | Kind::MarkRoll
            | Kind::CloseRoll
    )
}
