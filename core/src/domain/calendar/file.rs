//! Calendars from the file in which an office writes them (`docs/rule-sets.md`): what comes back every year is written
//! once, and each school year and form becomes a calendar of its own.

use super::{
    EventKind, PlannedEvent, SchoolCalendar, Term,
    day_rule::{DayRule, SchoolYear},
    monday_to_friday,
    span::{Span, span},
};
use crate::domain::{
    people::{Group, SchoolForm},
    toml_file::{FileError, Mistakes, Problem, Section, read_file, toml_word},
};
use chrono::Weekday;
use serde::Deserialize;
use std::collections::BTreeSet;

impl SchoolCalendar {
    /// Reads one school's file: a calendar for each form and school year of each `[[calendar]]`, and one for each group
    /// that differs. `group` finds a group of the school by its name; `file_name` is only for the messages.
    ///
    /// # Errors
    /// The mistakes in the file, from the top down; after an error of syntax, those of syntax only.
    pub fn from_toml(
        text: &str,
        file_name: &str,
        group: impl Fn(&str) -> Option<Group>,
    ) -> Result<Vec<SchoolCalendar>, Vec<FileError>> {
        read_file(text, file_name, |mut file, mistakes| {
            let public = file.sections("public_holiday", mistakes);
            let sections = file.sections("calendar", mistakes);
            if !file.has("calendar") {
                file.mistake("calendar", Problem::Missing, mistakes);
            }
            file.done(mistakes);
            let public: Vec<Span<'_>> = public.into_iter().filter_map(|table| span(table, mistakes)).collect();
            let mut read: Vec<SchoolCalendar> = Vec::new();
            let mut years_of_file = BTreeSet::new();
            for mut section in sections {
                let (years, calendars) = calendars(&mut section, &public, &group, mistakes);
                years_of_file.extend(years);
                for calendar in calendars {
                    check_single(&read, &calendar, &section, mistakes);
                    read.push(calendar);
                }
            }
            for holiday in &public {
                holiday.check_years(&years_of_file, mistakes);
            }
            read
        })
    }
}

fn check_single(read: &[SchoolCalendar], calendar: &SchoolCalendar, section: &Section<'_>, mistakes: &mut Mistakes) {
    let same = |other: &SchoolCalendar| {
        (&other.school_year, other.form, other.group) == (&calendar.school_year, calendar.form, calendar.group)
    };
    if read.iter().any(same) {
        let what = format!("a calendar for {} in {}", toml_word(&calendar.form), calendar.school_year);
        section.mistake("school_years", Problem::Twice { what }, mistakes);
    }
}

/// What a whole calendar and a group's differences both have.
struct Days<'i> {
    holidays: Vec<Span<'i>>,
    events: Vec<(Span<'i>, EventKind)>,
    extra_days: Vec<DayRule>,
}

impl<'i> Days<'i> {
    /// Without the extra days, which stand beside others of the section's own values.
    fn take(section: &mut Section<'i>, mistakes: &mut Mistakes) -> Self {
        let holidays = section.sections("holiday", mistakes).into_iter().filter_map(|table| span(table, mistakes));
        let holidays = holidays.collect();
        let events = section.sections("event", mistakes).into_iter().filter_map(|mut table| {
            let kind = table.need("kind", mistakes);
            Some((span(table, mistakes)?, kind?))
        });
        Self { holidays, events: events.collect(), extra_days: Vec::new() }
    }

    fn check_years(&self, years: &BTreeSet<SchoolYear>, section: &Section<'_>, mistakes: &mut Mistakes) {
        for span in self.holidays.iter().chain(self.events.iter().map(|(span, _)| span)) {
            span.check_years(years, mistakes);
        }
        for day in &self.extra_days {
            if !years.is_empty() && !years.iter().any(|year| day.in_year(*year).is_some()) {
                section.mistake("extra_days", Problem::OutsideSchoolYears, mistakes);
            }
        }
    }

    fn add_to(&self, calendar: &mut SchoolCalendar, year: SchoolYear) {
        calendar.holidays.extend(self.holidays.iter().filter_map(|span| span.holiday(year)));
        calendar.events.extend(self.events.iter().filter_map(|(span, kind)| {
            let (from, to) = span.in_year(year)?;
            Some(PlannedEvent { name: span.name.clone(), from, to, kind: *kind })
        }));
        calendar.extra_days.extend(self.extra_days.iter().filter_map(|day| day.in_year(year)));
        calendar.holidays.sort_by_key(|holiday| (holiday.from, holiday.to));
        calendar.events.sort_by_key(|event| (event.from, event.to));
        calendar.extra_days.sort_unstable();
        calendar.extra_days.dedup();
    }
}

/// What a `[[calendar]]` says beside its tables.
#[derive(Deserialize)]
struct Head {
    forms: Vec<SchoolForm>,
    school_years: BTreeSet<SchoolYear>,
    #[serde(default = "monday_to_friday")]
    weekdays: Vec<Weekday>,
    #[serde(default)]
    extra_days: Vec<DayRule>,
}

/// What a `[[calendar.group]]` says beside its tables.
#[derive(Deserialize)]
struct GroupHead {
    name: String,
    #[serde(default)]
    extra_days: Vec<DayRule>,
}

fn calendars(
    section: &mut Section<'_>,
    public: &[Span<'_>],
    find_group: &impl Fn(&str) -> Option<Group>,
    mistakes: &mut Mistakes,
) -> (BTreeSet<SchoolYear>, Vec<SchoolCalendar>) {
    let term_tables = section.sections("term", mistakes);
    let all_terms = term_tables.len();
    let terms: Vec<_> = term_tables.into_iter().filter_map(|table| span(table, mistakes)).collect();
    let whole = terms.len() == all_terms;
    let mut days = Days::take(section, mistakes);
    let groups: Vec<_> = section
        .sections("group", mistakes)
        .into_iter()
        .map(|mut table| {
            let days = Days::take(&mut table, mistakes);
            let head = table.read::<GroupHead>(&[], mistakes);
            (table, days, head)
        })
        .collect();
    let Some(Head { forms, school_years: years, weekdays, extra_days }) = section.read(&[], mistakes) else {
        return (BTreeSet::new(), Vec::new());
    };
    days.extra_days = extra_days;
    days.check_years(&years, section, mistakes);
    terms.iter().for_each(|term| term.check_years(&years, mistakes));
    let groups: Vec<_> = groups
        .into_iter()
        .filter_map(|(table, days, head)| {
            let GroupHead { name, extra_days } = head?;
            let days = Days { extra_days, ..days };
            days.check_years(&years, &table, mistakes);
            let group = group_named(&name, &forms, find_group, &table, mistakes)?;
            Some((table, days, group))
        })
        .collect();

    let mut read = Vec::new();
    for year in &years {
        let mut of_year = SchoolCalendar {
            school_year: year.name(),
            form: SchoolForm::Compulsory,
            group: None,
            terms: terms_of(&terms, *year),
            holidays: public.iter().filter_map(|span| span.holiday(*year)).collect(),
            extra_days: Vec::new(),
            weekdays: weekdays.clone(),
            events: Vec::new(),
        };
        if whole {
            check_terms(&of_year, section, mistakes);
        }
        days.add_to(&mut of_year, *year);
        if whole {
            check_extra_days(&of_year, section, mistakes);
        }
        read.extend(forms.iter().map(|form| SchoolCalendar { form: *form, ..of_year.clone() }));
        for (table, days, group) in &groups {
            let mut of_group = SchoolCalendar { form: group.form, group: Some(group.id), ..of_year.clone() };
            days.add_to(&mut of_group, *year);
            if whole {
                check_extra_days(&of_group, table, mistakes);
            }
            read.push(of_group);
        }
    }
    (years, read)
}

fn group_named(
    name: &str,
    forms: &[SchoolForm],
    find_group: &impl Fn(&str) -> Option<Group>,
    table: &Section<'_>,
    mistakes: &mut Mistakes,
) -> Option<Group> {
    let Some(group) = find_group(name) else {
        table.mistake("name", Problem::UnknownGroup { name: name.to_owned() }, mistakes);
        return None;
    };
    if !forms.is_empty() && !forms.contains(&group.form) {
        table.mistake("name", Problem::GroupOfOtherForm { name: name.to_owned() }, mistakes);
        return None;
    }
    Some(group)
}

fn terms_of(terms: &[Span<'_>], year: SchoolYear) -> Vec<Term> {
    let mut terms: Vec<Term> = terms
        .iter()
        .filter_map(|span| span.in_year(year).map(|(from, to)| Term { name: span.name.clone(), from, to }))
        .collect();
    terms.sort_by_key(|term| term.from);
    terms
}

fn check_terms(calendar: &SchoolCalendar, section: &Section<'_>, mistakes: &mut Mistakes) {
    let school_year = &calendar.school_year;
    if calendar.terms.is_empty() {
        section.mistake("school_years", Problem::NoTerm { school_year: school_year.clone() }, mistakes);
    }
    for pair in calendar.terms.windows(2) {
        if let [first, second] = pair
            && second.from <= first.to
        {
            let (first, second) = (first.name.clone(), second.name.clone());
            let problem = Problem::TermsOverlap { first, second, school_year: school_year.clone() };
            section.mistake("term", problem, mistakes);
        }
    }
}

fn check_extra_days(calendar: &SchoolCalendar, section: &Section<'_>, mistakes: &mut Mistakes) {
    for day in &calendar.extra_days {
        let in_a_term = calendar.terms.iter().any(|term| term.from <= *day && *day <= term.to);
        if !in_a_term && section.has("extra_days") && !calendar.terms.is_empty() {
            section.mistake("extra_days", Problem::ExtraDayOutsideTerms { day: *day }, mistakes);
        }
    }
}
