//! An absence that runs: well again, longer than thought, or taken back before it starts. Any guardian may, whoever told
//! it; a future absence of another kind is never touched.

use super::{
    AbsenceKind, Ended, Extent, PupilDay, Session,
    about::About,
    report::{Telling, not_too_long, within_reach},
    session::{days_in_session, next_in_session, previous_in_session, pupil_in_session},
};
use crate::domain::{ids::PersonId, rejection::Rejection, rules::Reporting, world::Changes};
use chrono::{Days, NaiveDate, NaiveTime};
use std::collections::BTreeMap;

/// How far a run is followed in either direction, in calendar days. Longer absences are leaves or school duty matters.
const FOLLOWED: u64 = 200;

/// A pupil's days around a date, with those that lie together in one absence.
struct Runs<'a> {
    about: &'a About<'a>,
    pupil: PersonId,
    days: BTreeMap<NaiveDate, PupilDay>,
}

impl<'a> Runs<'a> {
    fn around(about: &'a About<'a>, pupil: PersonId, day: NaiveDate) -> Self {
        let from = day.checked_sub_days(Days::new(FOLLOWED)).unwrap_or(day);
        let to = day.checked_add_days(Days::new(FOLLOWED)).unwrap_or(day);
        Self { about, pupil, days: PupilDay::load_span(about.world, pupil, from, to) }
    }

    /// What kind of absence home has told for a day.
    fn kind(&self, day: NaiveDate) -> Option<AbsenceKind> {
        let day = self.days.get(&day)?;
        day.told().and_then(|_| day.main()?.kind)
    }

    /// The absence that `day` is in: its days in session, in order, all of one kind. Empty: none.
    fn run(&self, day: NaiveDate) -> Vec<NaiveDate> {
        let Some(kind) = self.kind(day) else { return Vec::new() };
        let roster = self.about.roster();
        let same = |day: &NaiveDate| self.kind(*day) == Some(kind);
        let back = std::iter::successors(Some(day), |day| previous_in_session(roster, self.pupil, *day).filter(same));
        let ahead = std::iter::successors(Some(day), |day| next_in_session(roster, self.pupil, *day).filter(same));
        let mut run: Vec<NaiveDate> =
            back.take(FOLLOWED as usize).chain(ahead.skip(1).take(FOLLOWED as usize)).collect();
        run.sort_unstable();
        run
    }

    fn at(&self, day: NaiveDate) -> PupilDay {
        let empty = || PupilDay::empty(self.about.roster(), self.pupil, day);
        self.days.get(&day).cloned().unwrap_or_else(empty)
    }

    /// Whether this command has been here before.
    fn has_own_trace(&self) -> bool {
        let command = self.about.command.id;
        self.days.values().filter_map(PupilDay::main).any(|main| {
            main.ended.as_ref().is_some_and(|ended| ended.command == command)
                || main.reports.iter().any(|report| report.command == command)
        })
    }
}

impl About<'_> {
    fn allowed_running(&self, pupil: PersonId) -> Result<(), Rejection> {
        self.allowed(pupil)?;
        self.not_own_child(pupil)
    }

    /// The reports of a day hold no longer from a time on; `None`: not at all.
    fn ended(&self, before: &PupilDay, back_at: Option<NaiveTime>, withdrawn: bool) -> Result<PupilDay, Rejection> {
        let mut day = before.clone();
        let from = back_at.filter(|time| *time > day.starts()).unwrap_or(NaiveTime::MIN);
        let by = self.person()?;
        let main = day.session_mut(Session::Day);
        for report in &mut main.reports {
            report.ended_from = Some(report.ended_from.map_or(from, |ended| ended.min(from)));
        }
        main.ended = Some(Ended { command: self.command.id, by, at: self.now, back_at, withdrawn });
        day.settle();
        Ok(day)
    }

    pub fn end(&self, pupil: PersonId, back_on: NaiveDate, back_at: Option<NaiveTime>) -> Result<Changes, Rejection> {
        self.allowed_running(pupil)?;
        let runs = Runs::around(self, pupil, back_on);
        if runs.has_own_trace() {
            return Ok(Changes::none());
        }
        if back_on < self.filed_day {
            // What has been, has been; staff mend the roll.
            return Err(Rejection::TooFarBack { first: self.filed_day });
        }
        let roster = self.roster();
        let first = if pupil_in_session(roster, pupil, back_on) {
            back_on
        } else {
            next_in_session(roster, pupil, back_on).ok_or(Rejection::NoAbsence)?
        };
        let open = runs.at(first).hours.open;
        if back_at.is_some_and(|time| time < open.from || time >= open.to) {
            return Err(Rejection::PartOutsideDay { day_starts: open.from, day_ends: open.to });
        }
        let run = runs.run(first);
        if run.is_empty() {
            // Back on the very day after the last one: it ends by itself.
            let ends = previous_in_session(roster, pupil, first).is_some_and(|last| runs.kind(last).is_some());
            return if ends { Ok(Changes::none()) } else { Err(Rejection::NoAbsence) };
        }
        let mut changes = Changes::none();
        for day in run.into_iter().filter(|day| *day >= first) {
            let before = runs.at(day);
            let after = self.ended(&before, back_at.filter(|_| day == back_on), false)?;
            self.write(&before, &after, &mut changes);
        }
        Ok(changes)
    }

    pub fn extend(&self, pupil: PersonId, to: NaiveDate) -> Result<Changes, Rejection> {
        self.allowed_running(pupil)?;
        let runs = Runs::around(self, pupil, self.filed_day);
        if runs.has_own_trace() {
            return Ok(Changes::none());
        }
        let roster = self.roster();
        let run = self.run_to_extend(&runs)?;
        let (Some(last), Some(kind)) = (run.last().copied(), run.last().and_then(|day| runs.kind(*day))) else {
            return Err(Rejection::NoAbsence);
        };
        if to <= last {
            return Err(Rejection::NotLonger { ends: last });
        }
        let rules = runs.at(last).rules;
        if let Some(rules) = &rules {
            // The days that it has run are not asked about again.
            within_reach(rules, self.filed_day, self.today, self.filed_day.max(last), to)?;
        }
        let first = last.succ_opt().ok_or(Rejection::NotLonger { ends: last })?;
        let more = days_in_session(roster, pupil, first, to);
        if more.is_empty() {
            return Err(Rejection::NotLonger { ends: last });
        }
        if let Some(rules) = &rules {
            match rules.attendance.reporting {
                Reporting::Daily if more.len() > 1 => return Err(Rejection::OneDayAtATime),
                Reporting::Daily | Reporting::MultiDay => {}
            }
            not_too_long(rules, run.len() + more.len())?;
        }
        let by = self.person()?;
        let telling = Telling { kind, extent: Extent::Whole, by, on_behalf_of: None, filed_at: self.filed_at };
        let mut changes = Changes::none();
        for day in more {
            let before = runs.at(day);
            let after = self.told(&before, &telling, false);
            self.write(&before, &after, &mut changes);
        }
        Ok(changes)
    }

    /// The absence that goes on: the one of today, or that ended on the last day in session before, or the next one.
    fn run_to_extend(&self, runs: &Runs<'_>) -> Result<Vec<NaiveDate>, Rejection> {
        let (roster, today) = (self.roster(), self.filed_day);
        let now = Some(today).filter(|day| pupil_in_session(roster, runs.pupil, *day));
        let next = next_in_session(roster, runs.pupil, today);
        let last = previous_in_session(roster, runs.pupil, today);
        let later = runs.days.range(today..).map(|(day, _)| *day);
        let candidates = now.into_iter().chain(last).chain(next).chain(later);
        candidates.map(|day| runs.run(day)).find(|run| !run.is_empty()).ok_or(Rejection::NoAbsence)
    }

    pub fn withdraw(&self, pupil: PersonId, from: NaiveDate, to: NaiveDate) -> Result<Changes, Rejection> {
        self.allowed_running(pupil)?;
        if to < from {
            return Err(Rejection::SpanReversed);
        }
        let held = PupilDay::load_span(self.world, pupil, from, to);
        let own = |day: &PupilDay| {
            day.main().and_then(|main| main.ended.as_ref()).is_some_and(|ended| ended.command == self.command.id)
        };
        if held.values().any(own) {
            return Ok(Changes::none());
        }
        let told: Vec<(&PupilDay, Extent)> = held.values().filter_map(|day| Some((day, day.told()?))).collect();
        let Some((first, extent)) = told.first() else { return Err(Rejection::NoAbsence) };
        let starts = if extent.is_whole() { first.starts() } else { extent.starts(first.hours.open) };
        if first.instant(starts) <= self.filed_at {
            return Err(Rejection::AlreadyStarted { started: first.day });
        }
        let mut changes = Changes::none();
        for (before, _) in told {
            let after = self.ended(before, None, true)?;
            self.write(before, &after, &mut changes);
        }
        Ok(changes)
    }
}
