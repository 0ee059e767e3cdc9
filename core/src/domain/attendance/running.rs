//! An absence that runs: well again, longer than thought, or taken back before it starts. Any guardian may, whoever told
//! it; a future absence of another kind is never touched.

use super::{
    AbsenceKind, Ended, Extent, PupilDay, Report, Session,
    about::About,
    report::{Telling, not_too_long, within_reach},
    session::{days_in_session, next_in_session, previous_in_session, pupil_in_session},
};
use crate::domain::{ids::PersonId, rejection::Rejection, rules::Reporting, time::local_datetime, world::Changes};
use chrono::{Days, NaiveDate, NaiveTime, Timelike};
use std::collections::BTreeMap;

/// How far a run is followed in either direction, in calendar days. Longer absences are leaves or school duty matters.
const FOLLOWED: u64 = 200;

/// A pupil's days around a date, with those that lie together in one absence.
pub(super) struct Runs<'a> {
    about: &'a About<'a>,
    pupil: PersonId,
    days: BTreeMap<NaiveDate, PupilDay>,
}

impl<'a> Runs<'a> {
    pub fn around(about: &'a About<'a>, pupil: PersonId, day: NaiveDate) -> Self {
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
    pub fn run(&self, day: NaiveDate) -> Vec<NaiveDate> {
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
    /// The day with its reports ended, as far as the end speaks of them; `None`: of none.
    fn ended(&self, before: &PupilDay, ended: &Ended, counts: impl Fn(&Report) -> bool) -> Option<PupilDay> {
        let mut day = before.clone();
        let (open, from) = (day.hours.open, ended.from());
        let main = day.sessions.get_mut(&Session::Day)?;
        let mut any = false;
        for report in &mut main.reports {
            let before = report.filed_at.min(report.received_at) <= ended.filed_at;
            let runs = report.ended_from.is_none_or(|held| from < held);
            if before && runs && ended.ends(report, open) && counts(report) {
                report.ended_from = Some(from);
                any = true;
            }
        }
        main.ended = Some(ended.clone());
        day.settle();
        any.then_some(day)
    }

    fn end_of(&self, kind: AbsenceKind, back_at: Option<NaiveTime>, withdrawn: bool) -> Result<Ended, Rejection> {
        let (command, by) = (self.command.id, self.person()?);
        Ok(Ended { command, by, at: self.now, filed_at: self.filed_at, kind, back_at, withdrawn })
    }

    /// When a pupil is back who is said to be back on the very day: what has been of it has been, so not before it was
    /// said, and on the next day once this one is over. Where the school has seen the pupil all along, home agrees.
    fn back_today(&self, day: &PupilDay, back_at: Option<NaiveTime>) -> (bool, Option<NaiveTime>) {
        let said = local_datetime(day.hours.tz, self.filed_at).time();
        let said = said.with_second(0).and_then(|said| said.with_nanosecond(0)).unwrap_or(said);
        if said >= day.hours.open.to {
            return (false, None);
        }
        let agrees = back_at.is_none() && day.told().is_some() && day.extent().is_none();
        if said <= day.starts() || agrees {
            return (true, back_at);
        }
        (true, Some(back_at.map_or(said, |back| back.max(said))))
    }

    pub fn end(&self, pupil: PersonId, back_on: NaiveDate, back_at: Option<NaiveTime>) -> Result<Changes, Rejection> {
        let runs = Runs::around(self, pupil, back_on);
        if runs.has_own_trace() {
            return Ok(Changes::none());
        }
        if back_on < self.filed_day {
            // What has been, has been; staff mend the roll.
            return Err(Rejection::TooFarBack { first: self.filed_day });
        }
        let roster = self.roster();
        let (comes, back_at) =
            if back_on == self.filed_day { self.back_today(&runs.at(back_on), back_at) } else { (true, back_at) };
        let first = if comes && pupil_in_session(roster, pupil, back_on) {
            back_on
        } else {
            next_in_session(roster, pupil, back_on).ok_or(Rejection::NoAbsence)?
        };
        let back_at = back_at.filter(|_| first == back_on);
        // Before the day has begun is from its beginning on.
        let open = runs.at(first).hours.open;
        if back_at.is_some_and(|time| time >= open.to) {
            return Err(Rejection::PartOutsideDay { day_starts: open.from, day_ends: open.to });
        }
        let run = runs.run(first);
        let Some(kind) = runs.kind(first) else {
            // Back on the very day after the last one: it ends by itself.
            let ends = previous_in_session(roster, pupil, first).is_some_and(|last| runs.kind(last).is_some());
            return if ends { Ok(Changes::none()) } else { Err(Rejection::NoAbsence) };
        };
        let mut changes = Changes::none();
        for day in run.into_iter().filter(|day| *day >= first) {
            let before = runs.at(day);
            let back_at = back_at.filter(|time| day == first && *time > before.starts());
            if let Some(after) = self.ended(&before, &self.end_of(kind, back_at, false)?, |_| true) {
                self.write(&before, &after, &mut changes);
            }
        }
        if changes.is_empty() { Err(Rejection::NoAbsence) } else { Ok(changes) }
    }

    pub fn extend(&self, pupil: PersonId, to: NaiveDate) -> Result<Changes, Rejection> {
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
            match (rules.attendance.reporting, more.as_slice()) {
                (Reporting::Daily, [_, _, ..]) => return Err(Rejection::OneDayAtATime),
                (Reporting::Daily, [day]) => self.not_ahead_where_daily(&runs.at(last), *day, self.filed_at)?,
                (Reporting::Daily, []) | (Reporting::MultiDay, _) => {}
            }
            not_too_long(rules, run.len() + more.len())?;
        }
        let by = self.person()?;
        let telling = Telling { kind, extent: Extent::Whole, by, on_behalf_of: None, filed_at: self.filed_at };
        let mut changes = Changes::none();
        for day in more {
            let before = runs.at(day);
            let after = self.told(&before, &telling, false, None);
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
        let told: Vec<&PupilDay> = held.values().filter(|day| day.told().is_some()).collect();
        let Some(first) = told.first() else { return Err(Rejection::NoAbsence) };
        // A part that has not begun can be taken back, unless a whole day has begun that it is in.
        let ahead = |day: &PupilDay, report: &Report| {
            let starts = if report.extent.is_whole() { day.starts() } else { report.extent.starts(day.hours.open) };
            day.instant(starts) > self.filed_at
        };
        let stands = || first.reports().iter().filter(|report| report.ended_from.is_none());
        let began = stands().any(|report| report.extent.is_whole() && !ahead(first, report));
        let whole = stands().find(|report| report.extent.is_whole());
        let Some(next) = whole.or_else(|| stands().find(|report| ahead(first, report))).filter(|_| !began) else {
            return Err(Rejection::AlreadyStarted { started: first.day });
        };
        let ended = self.end_of(next.kind, None, true)?;
        let mut changes = Changes::none();
        for before in told {
            if let Some(after) = self.ended(before, &ended, |report| ahead(before, report)) {
                self.write(before, &after, &mut changes);
            }
        }
        Ok(changes)
    }
}
