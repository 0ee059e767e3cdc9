//! Reporting an absence: sick or otherwise away, for a day or several, for several children, by home or by the office
//! for a guardian who phoned. Nothing but rule sets and the calendar refuses a report; lateness never does.

use super::{
    AbsenceKind, AttendanceNote, Ended, Extent, NOTES_KEPT, PartOfDay, PupilDay, REPORTS_KEPT, Report, RollTaken,
    Session,
    about::{About, plausible, record, text},
    note_key, roll_key,
    session::{FURTHEST, day_to_report, days_in_session, next_in_session, previous_in_session, sessions_of},
};
use crate::domain::{
    access::may_about_pupil,
    command::Capacity,
    ids::{PersonId, RecordId},
    record::RecordKind,
    rejection::Rejection,
    rules::{Reporting, RuleSet},
    scope::Scope,
    time::local_date,
    world::Changes,
};
use chrono::{DateTime, Days, NaiveDate, Utc};

/// Children times days, from the first to the last, that one report may be about: 200 children for a fortnight.
const MOST_PUPIL_DAYS: usize = 3_000;

/// What a report says, of whichever days.
pub(super) struct Telling {
    pub kind: AbsenceKind,
    pub extent: Extent,
    pub by: PersonId,
    pub on_behalf_of: Option<PersonId>,
    pub filed_at: DateTime<Utc>,
}

/// `ReportAbsence`, as it came.
pub(super) struct Asked<'a> {
    pub pupils: &'a [PersonId],
    pub kind: AbsenceKind,
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub part: Option<PartOfDay>,
    pub note: Option<&'a String>,
    pub on_behalf_of: Option<PersonId>,
    pub phoned_at: Option<DateTime<Utc>>,
}

impl About<'_> {
    pub fn report(&self, asked: &Asked<'_>) -> Result<Changes, Rejection> {
        let mut pupils = asked.pupils.to_vec();
        pupils.sort_unstable();
        pupils.dedup();
        for pupil in &pupils {
            self.could_have_told(asked.on_behalf_of, *pupil)?;
        }
        let note = text(asked.note)?;
        if asked.to < asked.from {
            return Err(Rejection::SpanReversed);
        }
        not_too_much(pupils.len(), asked.from, asked.to)?;
        // The guardian's own time counts: that of the call, where the office filed it.
        let filed_at = match (asked.on_behalf_of, asked.phoned_at) {
            (Some(_), Some(phoned)) => plausible(phoned, self.now),
            (Some(_) | None, _) => self.filed_at,
        };
        let by = self.person()?;
        let mut changes = Changes::none();
        for pupil in pupils {
            let held = PupilDay::load_span(self.world, pupil, asked.from, asked.to);
            if held.values().any(|day| day.reports().iter().any(|report| report.command == self.command.id)) {
                // It was decided whole: one trace of it means that all of it has been done.
                return Ok(Changes::none());
            }
            let days = self.days_to_report(pupil, asked, filed_at)?;
            self.not_a_run_ahead(pupil, asked, &days, filed_at)?;
            let at =
                |day: NaiveDate| held.get(&day).cloned().unwrap_or_else(|| PupilDay::empty(self.roster(), pupil, day));
            let days = clipped(asked.part, days.into_iter().map(at))?;
            let mut back = None;
            for (number, (before, extent)) in days.into_iter().enumerate() {
                let day = before.day;
                let telling = Telling { kind: asked.kind, extent, by, on_behalf_of: asked.on_behalf_of, filed_at };
                let note = note.as_ref().filter(|_| number == 0);
                // Well again since it was filed: on the days after that too.
                let since = before.main().and_then(|main| main.ended.as_ref());
                let since = since.filter(|ended| !ended.withdrawn && filed_at < ended.filed_at);
                back = since.map(|ended| Ended { back_at: None, ..ended.clone() }).or(back);
                let after = self.told(&before, &telling, note.is_some(), back.as_ref());
                self.write(&before, &after, &mut changes);
                if let Some(note) = note {
                    self.keep_note(pupil, day, asked.on_behalf_of, note.clone(), &mut changes)?;
                }
            }
        }
        Ok(changes)
    }

    /// Staff file for a guardian who could have told it themselves; at home nobody speaks for another.
    fn could_have_told(&self, guardian: Option<PersonId>, pupil: PersonId) -> Result<(), Rejection> {
        let Some(guardian) = guardian else { return Ok(()) };
        let (roster, kind) = (self.roster(), self.command.body.kind());
        if self.is_staff() && may_about_pupil(roster, guardian, Capacity::Home, kind, pupil, self.today) {
            Ok(())
        } else {
            Err(Rejection::NotYours)
        }
    }

    /// The days in session of the span, if the rule set takes them.
    fn days_to_report(
        &self,
        pupil: PersonId,
        asked: &Asked<'_>,
        filed_at: DateTime<Utc>,
    ) -> Result<Vec<NaiveDate>, Rejection> {
        let filed_day = local_date(self.roster().time_zone(), filed_at);
        // The rules in force when it was said: those of a day of the sender's choice could be none, and take anything.
        let said_on = [filed_day, self.today, asked.from];
        let rules = said_on.into_iter().find_map(|day| PupilDay::empty(self.roster(), pupil, day).rules);
        if let Some(rules) = &rules {
            within_reach(rules, filed_day, self.today, asked.from, asked.to)?;
        }
        if asked.to.signed_duration_since(asked.from).num_days() >= i64::from(FURTHEST) {
            return Err(Rejection::RunTooLong { most_days: FURTHEST });
        }
        let days = days_in_session(self.roster(), pupil, asked.from, asked.to);
        if days.is_empty() {
            return Err(Rejection::NotInSession { next: next_in_session(self.roster(), pupil, asked.to) });
        }
        if let Some(rules) = &rules {
            match rules.attendance.reporting {
                Reporting::Daily if days.len() > 1 => return Err(Rejection::OneDayAtATime),
                Reporting::Daily | Reporting::MultiDay => {}
            }
            not_too_long(rules, days.len())?;
        }
        Ok(days)
    }

    /// Where one day at a time is reported, the days of one absence are not told one by one ahead either: each is told
    /// when the one before it is over.
    fn not_a_run_ahead(
        &self,
        pupil: PersonId,
        asked: &Asked<'_>,
        days: &[NaiveDate],
        filed_at: DateTime<Utc>,
    ) -> Result<(), Rejection> {
        let ([day], None) = (days, asked.part) else { return Ok(()) };
        let roster = self.roster();
        let Some(before) = previous_in_session(roster, pupil, *day) else { return Ok(()) };
        let before = PupilDay::load(self.world, pupil, before);
        let runs = before.told().is_some_and(|told| told.is_whole())
            && before.main().and_then(|main| main.kind) == Some(asked.kind);
        if runs { self.not_ahead_where_daily(&before, *day, filed_at) } else { Ok(()) }
    }

    /// Refuses one more day of an absence before its time, where one day at a time is reported: in the morning that is
    /// today, and once the school day is over the next one.
    pub fn not_ahead_where_daily(
        &self,
        last: &PupilDay,
        day: NaiveDate,
        filed_at: DateTime<Utc>,
    ) -> Result<(), Rejection> {
        let time_has_come =
            day_to_report(self.roster(), last.pupil, filed_at.max(self.now)).is_none_or(|due| day <= due);
        match last.rules.as_ref().map(|rules| rules.attendance.reporting) {
            Some(Reporting::Daily) if !time_has_come => Err(Rejection::OneDayAtATime),
            Some(Reporting::Daily | Reporting::MultiDay) | None => Ok(()),
        }
    }

    /// The day with one more report. `back`: an end of an earlier day, said since, where the day has none of its own.
    pub fn told(&self, before: &PupilDay, telling: &Telling, has_note: bool, back: Option<&Ended>) -> PupilDay {
        let mut day = before.clone();
        self.remember_roll_presence(&mut day, &telling.extent);
        let mut report = Report {
            command: self.command.id,
            kind: telling.kind,
            extent: telling.extent.clone(),
            by: telling.by,
            on_behalf_of: telling.on_behalf_of,
            filed_at: telling.filed_at,
            received_at: self.now,
            late: day.is_late(telling.filed_at),
            has_note,
            seen: None,
            ended_from: None,
        };
        let open = day.hours.open;
        let main = day.session_mut(Session::Day);
        // It crossed an end on its way: whoever is well again is not made sick by older words.
        let ended = main.ended.as_ref().filter(|ended| telling.filed_at < ended.filed_at).or(back).cloned();
        if let Some(ended) = ended.filter(|ended| ended.ends(&report, open)) {
            report.ended_from = Some(ended.from());
            main.ended.get_or_insert(ended);
        }
        main.reports.push(report);
        if main.reports.len() > REPORTS_KEPT {
            let over = main.reports.iter().position(|report| !report.holds()).unwrap_or(0);
            main.reports.remove(over);
        }
        day.settle();
        day
    }

    /// A closed roll says of everybody whom it does not name that they were there. Where that contradicts a report, it
    /// becomes a mark like any other, so that home's phone, which does not hold the roll, sees it too.
    fn remember_roll_presence(&self, day: &mut PupilDay, told: &Extent) {
        if day.day > self.today {
            return;
        }
        for roll in self.closed_rolls(day) {
            let marked = day.sessions.get(&roll.session).is_some_and(|record| record.mark_of(roll.group).is_some());
            if marked || roll.absent.contains(&day.pupil) {
                continue;
            }
            if day.contradicts(Some(told), &roll) {
                day.session_mut(roll.session).marks.push(roll.presence());
            }
        }
    }

    pub fn closed_rolls(&self, day: &PupilDay) -> Vec<RollTaken> {
        let roster = self.roster();
        let places = roster.pupil(day.pupil).map(|facts| facts.memberships.as_slice()).unwrap_or_default();
        let mut rolls = Vec::new();
        for place in places.iter().filter(|place| place.dates.contain(day.day)) {
            for session in sessions_of(roster, place.group, day.day) {
                rolls.extend(self.document::<RollTaken>(roll_key(self.school(), place.group, day.day, session)));
            }
        }
        rolls
    }

    /// Writes a note beside those of the day in the same circle, of which the newest [`NOTES_KEPT`] stay.
    pub fn keep_note(
        &self,
        pupil: PersonId,
        day: NaiveDate,
        on_behalf_of: Option<PersonId>,
        text: String,
        changes: &mut Changes,
    ) -> Result<(), Rejection> {
        let note = self.note(pupil, day, on_behalf_of, text)?;
        let others = self.world.pupil_records(RecordKind::AttendanceNote, pupil, day, day).into_iter();
        let others = others.filter(|other| other.scope == note.scope && other.id != note.id);
        let mut held: Vec<(DateTime<Utc>, Scope, RecordId)> = others
            .filter_map(|other| Some((AttendanceNote::try_from(other.body).ok()?.at, other.scope, other.id)))
            .collect();
        held.sort_unstable_by_key(|(at, _, id)| (*at, *id));
        let surplus = (held.len() + 1).saturating_sub(NOTES_KEPT);
        changes.remove.extend(held.into_iter().take(surplus).map(|(_, scope, id)| (scope, id)));
        changes.put.push(note);
        Ok(())
    }

    /// A note stands with the one whose word it is, and with staff.
    fn note(
        &self,
        pupil: PersonId,
        day: NaiveDate,
        on_behalf_of: Option<PersonId>,
        text: String,
    ) -> Result<crate::domain::record::Record, Rejection> {
        let person = self.person()?;
        let home = if self.is_staff() { on_behalf_of } else { Some(person) };
        let key = note_key(pupil, day, home, self.command.id);
        let by = home.unwrap_or(person);
        Ok(record(key, Some(pupil), day, AttendanceNote { command: self.command.id, by, at: self.now, text }))
    }
}

/// How far ahead and back the rule set takes a report, counted from the day when it was filed: one that waited for a
/// network is not refused for having waited.
pub(super) fn within_reach(
    rules: &RuleSet,
    filed_day: NaiveDate,
    today: NaiveDate,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<(), Rejection> {
    let last = filed_day.max(today).checked_add_days(Days::new(u64::from(rules.attendance.days_ahead)));
    if let Some(last) = last.filter(|last| to > *last) {
        return Err(Rejection::TooFarAhead { last });
    }
    let first = filed_day.min(today).checked_sub_days(Days::new(u64::from(rules.attendance.days_back)));
    if let Some(first) = first.filter(|first| from < *first) {
        return Err(Rejection::TooFarBack { first });
    }
    Ok(())
}

/// A report is decided and written whole, while everybody else waits; so several children are reported for fewer days.
fn not_too_much(pupils: usize, from: NaiveDate, to: NaiveDate) -> Result<(), Rejection> {
    // One that is too long for a single child is refused for that.
    let days = to.signed_duration_since(from).num_days().saturating_add(1).clamp(1, i64::from(FURTHEST));
    let most = MOST_PUPIL_DAYS / usize::try_from(days).unwrap_or(1).max(1);
    if pupils > most.max(1) { Err(Rejection::TooMany { most: most.max(1) as u16 }) } else { Ok(()) }
}

/// Each day with what of it is told: a part is clipped to the day's own hours, and all of these are a whole day. A day
/// that it misses is left out; only a part that misses them all is refused.
fn clipped(
    part: Option<PartOfDay>,
    days: impl Iterator<Item = PupilDay>,
) -> Result<Vec<(PupilDay, Extent)>, Rejection> {
    let Some(part) = part else { return Ok(days.map(|day| (day, Extent::Whole)).collect()) };
    let mut outside = None;
    let mut told = Vec::new();
    for day in days {
        let open = day.hours.open;
        match part.within(&open) {
            Some(all) if all == open => told.push((day, Extent::Whole)),
            Some(within) => told.push((day, Extent::Parts(vec![within]))),
            None => outside = Some(Rejection::PartOutsideDay { day_starts: open.from, day_ends: open.to }),
        }
    }
    match outside {
        Some(outside) if told.is_empty() => Err(outside),
        Some(_) | None => Ok(told),
    }
}

pub(super) fn not_too_long(rules: &RuleSet, days: usize) -> Result<(), Rejection> {
    let most_days = rules.attendance.longest_run;
    if days > usize::from(most_days) { Err(Rejection::RunTooLong { most_days }) } else { Ok(()) }
}
