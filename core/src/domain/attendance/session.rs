//! Which days a pupil is expected on, over its form and its groups: an after-school club is open on days when school is
//! not, and takes reports on them (domain.md, *School year*). It must never know what day it is.

use super::{PartOfDay, Session};
use crate::domain::{
    calendar::school_year_of,
    ids::{GroupId, PersonId},
    people::{GroupKind, SchoolForm},
    roster::Roster,
    rules::{AttendanceRules, RollBy, RuleSet, TimeSpan},
    time::{local_date, local_datetime},
};
use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Utc, Weekday};
use std::{collections::BTreeMap, sync::Arc};

/// How far the next day in session is looked for, in calendar days.
pub const FURTHEST: u16 = 400;

/// What a calendar says of a form's day: that of a group that has its own, or else the form's. `None`: no calendar
/// covers the day.
fn says(roster: &Roster, form: SchoolForm, groups: &[GroupId], day: NaiveDate) -> Option<bool> {
    let year = school_year_of(day);
    let covering = || roster.calendars().filter(|c| c.form == form && c.school_year == year);
    let mut own = covering().filter(|c| c.group.is_some_and(|group| groups.contains(&group))).peekable();
    if own.peek().is_some() {
        return Some(own.any(|calendar| calendar.in_session(day)));
    }
    let mut general = covering().filter(|c| c.group.is_none()).peekable();
    general.peek()?;
    Some(general.any(|calendar| calendar.in_session(day)))
}

/// A school that has not said when it is open is taken to be so on weekdays: a report must never fall through a calendar
/// that is not there.
fn by_default(day: NaiveDate) -> bool {
    !matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

/// The forms that a pupil goes to on a day, with its groups in each. Its own form comes first.
fn forms(roster: &Roster, pupil: PersonId, day: NaiveDate) -> Vec<(SchoolForm, Vec<GroupId>)> {
    let Some(facts) = roster.pupil(pupil).filter(|facts| facts.dates.contain(day)) else { return Vec::new() };
    let mut forms: BTreeMap<SchoolForm, Vec<GroupId>> = BTreeMap::new();
    for place in facts.memberships.iter().filter(|place| place.dates.contain(day)) {
        let form = roster.group(place.group).map_or(facts.form, |group| group.form);
        forms.entry(form).or_default().push(place.group);
    }
    let own = forms.remove(&facts.form).unwrap_or_default();
    std::iter::once((facts.form, own)).chain(forms).collect()
}

/// The forms that are in session for a pupil on a day; its own first.
pub fn forms_in_session(roster: &Roster, pupil: PersonId, day: NaiveDate) -> Vec<SchoolForm> {
    let forms = forms(roster, pupil, day);
    let said: Vec<_> = forms.iter().map(|(form, groups)| (*form, says(roster, *form, groups, day))).collect();
    if said.iter().all(|(_, said)| said.is_none()) {
        return said.into_iter().take(1).filter(|_| by_default(day)).map(|(form, _)| form).collect();
    }
    said.into_iter().filter(|(_, said)| *said == Some(true)).map(|(form, _)| form).collect()
}

/// Whether anything that the pupil goes to is open on that day.
pub fn pupil_in_session(roster: &Roster, pupil: PersonId, day: NaiveDate) -> bool {
    !forms_in_session(roster, pupil, day).is_empty()
}

/// Whether a group meets on that day.
pub fn group_in_session(roster: &Roster, group: GroupId, day: NaiveDate) -> bool {
    let Some(facts) = roster.group(group) else { return false };
    says(roster, facts.form, &[group], day).unwrap_or_else(|| by_default(day))
}

/// The sessions that a group's roll is called for on a day, by its form's rule set. A teaching group has lessons, but no
/// roll of the day: the class calls that.
pub fn sessions_of(roster: &Roster, group: GroupId, day: NaiveDate) -> Vec<Session> {
    let Some(facts) = roster.group(group) else { return Vec::new() };
    let rules = roster.rules(facts.form, day).map(|rules| &rules.attendance);
    match (rules.map(|rules| (rules.roll, rules.lessons.len())), facts.kind) {
        (Some((RollBy::Lesson, lessons)), _) => {
            (1..=lessons).filter_map(|number| u8::try_from(number).ok()).map(Session::Lesson).collect()
        }
        (Some((RollBy::Day, _)) | None, GroupKind::TeachingGroup) => Vec::new(),
        (
            Some((RollBy::Day, _)) | None,
            GroupKind::Class | GroupKind::MentorGroup | GroupKind::Club | GroupKind::Department,
        ) => vec![Session::Day],
    }
}

/// When a session begins.
pub(super) fn session_starts(rules: &AttendanceRules, session: Session) -> NaiveTime {
    match session {
        Session::Day => rules.day_starts,
        Session::Lesson(number) => rules.lesson(number).map_or(rules.day_starts, |lesson| lesson.from),
    }
}

/// The pupil's days in session in a span, both inclusive, in order. Looks at no more than a little over a year.
pub fn days_in_session(roster: &Roster, pupil: PersonId, from: NaiveDate, to: NaiveDate) -> Vec<NaiveDate> {
    let span = from.iter_days().take(usize::from(FURTHEST)).take_while(|day| *day <= to);
    span.filter(|day| pupil_in_session(roster, pupil, *day)).collect()
}

/// The pupil's first day in session after `day`.
pub fn next_in_session(roster: &Roster, pupil: PersonId, day: NaiveDate) -> Option<NaiveDate> {
    day.iter_days().skip(1).take(usize::from(FURTHEST)).find(|day| pupil_in_session(roster, pupil, *day))
}

/// The group's first day in session after `day`.
pub fn group_next_in_session(roster: &Roster, group: GroupId, day: NaiveDate) -> Option<NaiveDate> {
    day.iter_days().skip(1).take(usize::from(FURTHEST)).find(|day| group_in_session(roster, group, *day))
}

/// The pupil's last day in session before `day`. Holidays of a summer are the longest gap that is looked across.
pub fn previous_in_session(roster: &Roster, pupil: PersonId, day: NaiveDate) -> Option<NaiveDate> {
    std::iter::successors(day.pred_opt(), NaiveDate::pred_opt)
        .take(120)
        .find(|day| pupil_in_session(roster, pupil, *day))
}

/// How far a pupil's school day of today has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SchoolDay {
    /// Nothing that the pupil goes to is open.
    None,
    /// It has not begun, or goes on.
    Ahead,
    /// The pupil's own form has closed, though a club may be open still.
    Over,
}

pub fn school_day(roster: &Roster, pupil: PersonId, now: DateTime<Utc>) -> SchoolDay {
    let local = local_datetime(roster.time_zone(), now);
    if !pupil_in_session(roster, pupil, local.date()) {
        return SchoolDay::None;
    }
    let (rules, open, _) = rules_and_hours(roster, pupil, local.date());
    let ends = rules.map_or(open.to, |rules| rules.attendance.day_ends);
    if local.time() < ends { SchoolDay::Ahead } else { SchoolDay::Over }
}

/// The day that a report is about which names none: today until the school day is over, else the next one in session.
/// In the evening and at weekends nobody means the day that has been. `None`: none is to come.
pub fn day_to_report(roster: &Roster, pupil: PersonId, now: DateTime<Utc>) -> Option<NaiveDate> {
    let today = local_date(roster.time_zone(), now);
    match school_day(roster, pupil, now) {
        SchoolDay::Ahead => Some(today),
        SchoolDay::None | SchoolDay::Over => next_in_session(roster, pupil, today),
    }
}

/// A pupil's rules and hours on a day: those of its form, or of the club that is open when the form is not. The hours
/// reach over everything that is open for it.
pub(super) fn rules_and_hours(
    roster: &Roster,
    pupil: PersonId,
    day: NaiveDate,
) -> (Option<Arc<RuleSet>>, PartOfDay, Vec<TimeSpan>) {
    let open = forms_in_session(roster, pupil, day);
    let fallback = roster.pupil(pupil).map(|facts| facts.form);
    let forms = if open.is_empty() { fallback.into_iter().collect() } else { open };
    let found: Vec<&Arc<RuleSet>> = forms.into_iter().filter_map(|form| roster.rules(form, day)).collect();
    let whole_clock = PartOfDay { from: NaiveTime::MIN, to: END_OF_DAY };
    let hours = found.iter().fold(None::<PartOfDay>, |hours, rules| {
        let (from, to) = (rules.attendance.day_starts, rules.attendance.day_ends);
        Some(hours.map_or(PartOfDay { from, to }, |h| PartOfDay { from: h.from.min(from), to: h.to.max(to) }))
    });
    let lessons = found.first().map(|rules| rules.attendance.lessons.clone()).unwrap_or_default();
    (found.first().map(|rules| Arc::clone(rules)), hours.unwrap_or(whole_clock), lessons)
}

const END_OF_DAY: NaiveTime = match NaiveTime::from_hms_opt(23, 59, 0) {
    Some(time) => time,
    None => NaiveTime::MIN,
};
