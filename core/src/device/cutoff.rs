//! A report for today that is still unsent near the cutoff: warn, without a name, and show whom to call.

use super::{error::PhoneError, phone::Phone, screens::Source};
use crate::domain::{
    attendance::{PupilDay, session::pupil_in_session},
    command::Command,
    ids::{PersonId, SchoolId},
    record::{Body, RecordKind},
    time::{instant, local_date},
};
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};

/// One school that has not got a report for today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CutoffWarning {
    pub school: SchoolId,
    /// The office's telephone number.
    pub phone: String,
    pub cutoff: DateTime<Utc>,
    /// The cutoff is over: call.
    pub passed: bool,
    /// How many reports.
    pub unsent: usize,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CutoffWarnings {
    pub warnings: Vec<CutoffWarning>,
    /// When to ask again: the next moment at which a report that is unsent by then begins to warn, or passes its cutoff.
    pub next: Option<DateTime<Utc>>,
}

/// How far ahead a moment to warn is looked for.
const AHEAD: u64 = 7;

impl Phone {
    /// What to warn of at `now`, the server's time as [`Phone::now`] gives it.
    ///
    /// # Errors
    /// [`PhoneError::NotEnrolled`], [`PhoneError::Suspended`], or the mirror cannot be read.
    pub fn cutoff_warning(&self, now: DateTime<Utc>) -> Result<CutoffWarnings, PhoneError> {
        let mut found = CutoffWarnings::default();
        for school in self.schools() {
            look(&self.view(school)?, now, &mut found);
        }
        Ok(found)
    }
}

/// The same of one school.
pub fn warnings_of(source: &dyn Source, now: DateTime<Utc>) -> CutoffWarnings {
    let mut found = CutoffWarnings::default();
    look(source, now, &mut found);
    found
}

fn look(view: &dyn Source, now: DateTime<Utc>, found: &mut CutoffWarnings) {
    let Some(school) = view.roster().school() else { return };
    let today = local_date(school.time_zone, now);
    let mut warning: Option<CutoffWarning> = None;
    for command in view.unsent() {
        let told = days_told(view, &command, today);
        if told.is_empty() {
            continue;
        }
        let mut warns = None;
        for day in (0..=AHEAD).filter_map(|ahead| today.checked_add_days(Days::new(ahead))) {
            let pupils = told.iter().filter(|(_, from, to)| *from <= day && day <= *to).map(|(pupil, ..)| pupil);
            for (warn_at, cutoff) in pupils.filter_map(|pupil| moments(view, *pupil, day)) {
                for moment in [warn_at, cutoff] {
                    if now < moment {
                        found.next = Some(found.next.map_or(moment, |next| next.min(moment)));
                    }
                }
                if day == today && warn_at <= now {
                    warns = Some(warns.map_or(cutoff, |held: DateTime<Utc>| held.min(cutoff)));
                }
            }
        }
        if let Some(cutoff) = warns {
            let held = warning.get_or_insert(CutoffWarning {
                school: school.id,
                phone: school.phone.clone(),
                cutoff,
                passed: false,
                unsent: 0,
            });
            held.cutoff = held.cutoff.min(cutoff);
            held.passed = held.cutoff <= now;
            held.unsent += 1;
        }
    }
    found.warnings.extend(warning);
}

/// Which days of which pupils a command tells the school of, both ends inclusive.
fn days_told(view: &dyn Source, command: &Command, today: NaiveDate) -> Vec<(PersonId, NaiveDate, NaiveDate)> {
    let Some(told) = command.body.absence_told() else { return Vec::new() };
    if let Some(from) = told.from {
        return told.pupils.iter().map(|pupil| (*pupil, from, told.to)).collect();
    }
    // Which days are new is in what it would change; those before them have been told.
    let added = |pupil: &PersonId| -> Vec<(PersonId, NaiveDate, NaiveDate)> {
        let held = view.of_pupil_between(RecordKind::Attendance, *pupil, today, told.to).unwrap_or_default();
        let days = held.into_iter().filter_map(|record| {
            let Body::Attendance(attendance) = record.body else { return None };
            attendance.reports.iter().any(|report| report.command == command.id).then_some(record.day?)
        });
        days.map(|day| (*pupil, day, day)).collect()
    };
    told.pupils.iter().flat_map(added).collect()
}

/// When a report for that pupil and day begins to warn, and its cutoff. None: no school on that day, or no rules held.
fn moments(view: &dyn Source, pupil: PersonId, day: NaiveDate) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let roster = view.roster();
    if !pupil_in_session(roster, pupil, day) {
        return None;
    }
    // Of a club's own day they are the club's.
    let rules = PupilDay::empty(roster, pupil, day).rules?;
    let rules = &rules.attendance;
    let cutoff = instant(roster.time_zone(), day, rules.cutoff);
    Some((cutoff - TimeDelta::minutes(i64::from(rules.warn_minutes_before_cutoff)), cutoff))
}
