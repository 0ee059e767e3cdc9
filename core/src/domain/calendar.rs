//! A school year: terms, days in session, holidays and planned events, per school form and group.
//!
//! Leave and absence count days in session, and a span is clipped to them (domain.md, *School year*). Days are days in
//! the school's time zone. Nothing here knows what day it is.

mod day_rule;
mod easter;
mod file;
mod span;

use day_rule::SchoolYear;
pub use easter::easter;

use super::{ids::GroupId, people::SchoolForm};
use chrono::{Datelike, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

/// One school year of one school form, or of one group that differs from its form. A group's calendar is whole: it
/// stands instead of the form's, not on top of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchoolCalendar {
    /// `2026/27`. A school year runs from 1 August to 31 July.
    pub school_year: String,
    pub form: SchoolForm,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<GroupId>,
    /// In order, and apart.
    pub terms: Vec<Term>,
    #[serde(default)]
    pub holidays: Vec<Holiday>,
    /// Days in session all the same: a Saturday, or a day inside a holiday.
    #[serde(default)]
    pub extra_days: Vec<NaiveDate>,
    #[serde(default = "monday_to_friday")]
    pub weekdays: Vec<Weekday>,
    #[serde(default)]
    pub events: Vec<PlannedEvent>,
}

/// The days of the week that a school is open on unless it says otherwise.
pub fn monday_to_friday() -> Vec<Weekday> {
    vec![Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri]
}

/// Both days inclusive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    pub name: String,
    pub from: NaiveDate,
    pub to: NaiveDate,
}

/// Both days inclusive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holiday {
    pub name: String,
    pub from: NaiveDate,
    pub to: NaiveDate,
}

/// Something that a leave would clash with. Both days inclusive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedEvent {
    pub name: String,
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub kind: EventKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// A national test or another that is hard to take later.
    Test,
    Outing,
    Other,
}

impl SchoolCalendar {
    pub fn in_session(&self, day: NaiveDate) -> bool {
        if !self.terms.iter().any(|term| term.from <= day && day <= term.to) {
            return false;
        }
        self.extra_days.contains(&day)
            || (self.weekdays.contains(&day.weekday())
                && !self.holidays.iter().any(|holiday| holiday.from <= day && day <= holiday.to))
    }

    /// The days in session from `from` to `to`, both inclusive, in order. Costs at most a school year, however long the
    /// span; a span that ends before it starts has none.
    pub fn days_in_session(&self, from: NaiveDate, to: NaiveDate) -> impl Iterator<Item = NaiveDate> + '_ {
        let (first, last) = self.bounds().map_or((from, None), |(first, last)| (from.max(first), Some(to.min(last))));
        let days = last.map(|last| first.iter_days().take_while(move |day| *day <= last));
        days.into_iter().flatten().filter(|day| self.in_session(*day))
    }

    /// The first day in session after `day`, within this school year.
    pub fn next_in_session(&self, day: NaiveDate) -> Option<NaiveDate> {
        let (_, last) = self.bounds()?;
        self.days_in_session(day.succ_opt()?, last).next()
    }

    /// The last day in session before `day`, within this school year.
    pub fn previous_in_session(&self, day: NaiveDate) -> Option<NaiveDate> {
        let (first, last) = self.bounds()?;
        let mut day = day.pred_opt()?.min(last);
        while day >= first {
            if self.in_session(day) {
                return Some(day);
            }
            day = day.pred_opt()?;
        }
        None
    }

    pub fn events_on(&self, day: NaiveDate) -> impl Iterator<Item = &PlannedEvent> {
        self.events_between(day, day)
    }

    /// The events that share a day with the span, both days inclusive.
    pub fn events_between(&self, from: NaiveDate, to: NaiveDate) -> impl Iterator<Item = &PlannedEvent> {
        self.events.iter().filter(move |event| event.from <= to && from <= event.to)
    }

    /// The name of the holiday that `day` is in, if it is in one.
    pub fn holiday_on(&self, day: NaiveDate) -> Option<&Holiday> {
        self.holidays.iter().find(|holiday| holiday.from <= day && day <= holiday.to)
    }

    /// The first term's first day and the last term's last. `None`: a year without terms.
    pub fn bounds(&self) -> Option<(NaiveDate, NaiveDate)> {
        Some((self.terms.iter().map(|term| term.from).min()?, self.terms.iter().map(|term| term.to).max()?))
    }

    /// Whether `day` is in this calendar's school year, in session or not.
    pub fn covers(&self, day: NaiveDate) -> bool {
        SchoolYear::of(day).is_named(&self.school_year)
    }
}

/// The school year that `day` is in, 1 August to 31 July, written `2026/27`.
pub fn school_year_of(day: NaiveDate) -> String {
    SchoolYear::of(day).name()
}

/// The calendar that holds on `day` for a pupil in `groups` and `form`: that of the first of the groups which has one
/// for the form, or else the form's.
pub fn pick<'a>(
    calendars: &'a [SchoolCalendar],
    form: SchoolForm,
    groups: &[GroupId],
    day: NaiveDate,
) -> Option<&'a SchoolCalendar> {
    let of = |group: Option<GroupId>| {
        calendars.iter().find(|calendar| calendar.form == form && calendar.group == group && calendar.covers(day))
    };
    groups.iter().find_map(|group| of(Some(*group))).or_else(|| of(None))
}

#[cfg(test)]
mod tests;
