//! Named days as they stand in a file, before a school year is chosen: terms, holidays and events.

use super::{
    Holiday,
    day_rule::{DayRule, SchoolYear, day_rule},
};
use crate::domain::toml_file::{Mistakes, Problem, Section, text, whole};
use chrono::{NaiveDate, Weekday};
use std::collections::BTreeSet;

/// Something with a name and days, still written for any year.
pub(super) struct Span<'s, 'a, 'i> {
    section: &'s Section<'a, 'i>,
    pub name: String,
    from: DayRule,
    to: DayRule,
}

impl Span<'_, '_, '_> {
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

/// `from` and `to`, or `on`, or `week`.
pub(super) fn span<'s, 'a, 'i>(section: &'s Section<'a, 'i>, mistakes: &mut Mistakes) -> Option<Span<'s, 'a, 'i>> {
    let name = section.need("name", text, mistakes);
    let on = section.may("on", day_rule, mistakes);
    let week = section.may("week", whole(1..=53_u32), mistakes);
    for (first, second) in [("on", "week"), ("on", "from"), ("on", "to"), ("week", "from"), ("week", "to")] {
        if section.has(first) && section.has(second) {
            section.mistake(second, Problem::OneOf { first, second }, mistakes);
        }
    }
    let single = section.has("on") || section.has("week");
    let (from, to) = if single {
        let from = week.map(|week| DayRule::Week { week, weekday: Weekday::Mon });
        let to = week.map(|week| DayRule::Week { week, weekday: Weekday::Sun });
        (on.or(from), on.or(to))
    } else {
        (section.need("from", day_rule, mistakes), section.need("to", day_rule, mistakes))
    };
    Some(Span { section, name: name?, from: from?, to: to? })
}
