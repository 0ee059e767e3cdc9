//! Named days as they stand in a file, before a school year is chosen: terms, holidays and events.

use super::{
    Holiday,
    day_rule::{DayRule, SchoolYear},
};
use crate::domain::toml_file::{Mistakes, Problem, Section};
use chrono::{NaiveDate, Weekday};
use serde::Deserialize;
use std::collections::BTreeSet;

/// Something with a name and days, still written for any year.
pub(super) struct Span<'i> {
    section: Section<'i>,
    pub name: String,
    from: DayRule,
    to: DayRule,
}

impl Span<'_> {
    /// Its days in `year`; `None` where exact days are in another year.
    pub fn in_year(&self, year: SchoolYear) -> Option<(NaiveDate, NaiveDate)> {
        Some((self.from.in_year(year)?, self.to.in_year(year)?))
    }

    pub fn holiday(&self, year: SchoolYear) -> Option<Holiday> {
        self.in_year(year).map(|(from, to)| Holiday { name: self.name.clone(), from, to })
    }

    /// What comes back every year has its days in every year, in order; what is exact has them in one of the years.
    pub fn check_years(&self, years: &BTreeSet<SchoolYear>, mistakes: &mut Mistakes) {
        if self.from.is_exact() || self.to.is_exact() {
            if !years.is_empty() && !years.iter().any(|year| self.in_year(*year).is_some()) {
                self.section.mistake("", Problem::OutsideSchoolYears, mistakes);
            }
        } else if let Some(without) = years.iter().find(|year| self.in_year(**year).is_none()) {
            self.section.mistake("", Problem::NoSuchDay { school_year: without.name() }, mistakes);
        }
        if let Some((from, to)) = years.iter().filter_map(|year| self.in_year(*year)).find(|(from, to)| to < from) {
            let problem = Problem::EndsBeforeStart { from: from.to_string(), to: to.to_string() };
            self.section.mistake("to", problem, mistakes);
        }
    }
}

#[derive(Deserialize)]
struct Written {
    name: String,
    on: Option<DayRule>,
    week: Option<u32>,
    from: Option<DayRule>,
    to: Option<DayRule>,
}

/// `from` and `to`, or `on`, or `week`.
pub(super) fn span<'i>(section: Section<'i>, mistakes: &mut Mistakes) -> Option<Span<'i>> {
    for (first, second) in [("on", "week"), ("on", "from"), ("on", "to"), ("week", "from"), ("week", "to")] {
        if section.has(first) && section.has(second) {
            section.mistake(second, Problem::OneOf { first, second }, mistakes);
        }
    }
    if !section.has("on") && !section.has("week") {
        for key in ["from", "to"].into_iter().filter(|key| !section.has(key)) {
            section.mistake(key, Problem::Missing, mistakes);
        }
    }
    let Written { name, on, week, from, to } = section.read(&[], mistakes)?;
    if let Some(week) = week {
        section.within("week", week, 1..=53, mistakes);
    }
    let week = week.filter(|week| (1..=53).contains(week));
    let day_of = |weekday| week.map(|week| DayRule::Week { week, weekday });
    let from = on.or(day_of(Weekday::Mon)).or(from)?;
    let to = on.or(day_of(Weekday::Sun)).or(to)?;
    Some(Span { section, name, from, to })
}
