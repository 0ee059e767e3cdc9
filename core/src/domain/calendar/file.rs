//! Calendars from the file in which an office writes them (`docs/rule-sets.md`): what comes back every year is written
//! once, and each school year and form becomes a calendar of its own.

use super::{
    EventKind, PlannedEvent, SchoolCalendar, Term,
    day_rule::{DayRule, SchoolYear, day_rule},
    monday_to_friday,
    span::{Span, span},
};
use crate::domain::{
    people::{Group, SchoolForm},
    rules::weekday,
    toml_file::{FileError, Mistakes, Problem, Section, list, read_file, text, toml_word, word},
};
use std::collections::BTreeSet;

impl SchoolCalendar {
    /// Reads one school's file: a calendar for each form and school year of each `[[calendar]]`, and one for each group
    /// that differs. `group` finds a group of the school by its name; `file_name` is only for the messages.
    ///
    /// # Errors
    /// Every mistake in the file, from the top down; after an error of syntax, those of syntax only.
    pub fn from_toml(
        text: &str,
        file_name: &str,
        group: impl Fn(&str) -> Option<Group>,
    ) -> Result<Vec<SchoolCalendar>, Vec<FileError>> {
        read_file(text, file_name, |file, mistakes| {
            let public = file.tables("public_holiday", mistakes);
            let sections = file.tables("calendar", mistakes);
            if !file.has("calendar") {
                file.mistake("calendar", Problem::Missing, mistakes);
            }
            file.done(mistakes);
            let public: Vec<Span<'_, '_, '_>> = public.iter().filter_map(|table| holiday(table, mistakes)).collect();
            let mut read: Vec<SchoolCalendar> = Vec::new();
            let mut years_of_file = BTreeSet::new();
            for section in &sections {
                let (years, calendars) = calendars(section, &public, &group, mistakes);
                years_of_file.extend(years);
                for calendar in calendars {
                    check_single(&read, &calendar, section, mistakes);
                    read.push(calendar);
                }
            }
            for holiday in &public {
                holiday.check_years(&years_of_file, mistakes);
            }
            Some(read)
        })
    }
}

fn check_single(
    read: &[SchoolCalendar],
    calendar: &SchoolCalendar,
    section: &Section<'_, '_>,
    mistakes: &mut Mistakes,
) {
    let same = |other: &SchoolCalendar| {
        (&other.school_year, other.form, other.group) == (&calendar.school_year, calendar.form, calendar.group)
    };
    if read.iter().any(same) {
        let what = format!("a calendar for {} in {}", toml_word(&calendar.form), calendar.school_year);
        section.mistake("school_years", Problem::Twice { what }, mistakes);
    }
}

fn holiday<'s, 'a, 'i>(section: &'s Section<'a, 'i>, mistakes: &mut Mistakes) -> Option<Span<'s, 'a, 'i>> {
    let span = span(section, mistakes);
    section.done(mistakes);
    span
}

fn event<'s, 'a, 'i>(section: &'s Section<'a, 'i>, mistakes: &mut Mistakes) -> Option<(Span<'s, 'a, 'i>, EventKind)> {
    const KINDS: [EventKind; 3] = [EventKind::Test, EventKind::Outing, EventKind::Other];
    let kind = section.need("kind", word(&KINDS), mistakes);
    let span = span(section, mistakes);
    section.done(mistakes);
    Some((span?, kind?))
}

/// What a whole calendar and a group's differences both have.
struct Days<'s, 'a, 'i> {
    holidays: Vec<Span<'s, 'a, 'i>>,
    events: Vec<(Span<'s, 'a, 'i>, EventKind)>,
    extra_days: Vec<DayRule>,
}

/// The tables that [`Days`] are read from; they outlive it.
struct Tables<'a, 'i> {
    holidays: Vec<Section<'a, 'i>>,
    events: Vec<Section<'a, 'i>>,
}

impl<'a, 'i> Tables<'a, 'i> {
    fn of(section: &Section<'a, 'i>, mistakes: &mut Mistakes) -> Self {
        Self { holidays: section.tables("holiday", mistakes), events: section.tables("event", mistakes) }
    }

    fn read(
        &self,
        section: &Section<'a, 'i>,
        years: &BTreeSet<SchoolYear>,
        mistakes: &mut Mistakes,
    ) -> Days<'_, 'a, 'i> {
        let holidays: Vec<_> = self.holidays.iter().filter_map(|table| holiday(table, mistakes)).collect();
        let events: Vec<_> = self.events.iter().filter_map(|table| event(table, mistakes)).collect();
        let extra_days = section.may("extra_days", list(day_rule), mistakes).unwrap_or_default();
        for span in holidays.iter().chain(events.iter().map(|(span, _)| span)) {
            span.check_years(years, mistakes);
        }
        for day in &extra_days {
            if !years.is_empty() && !years.iter().any(|year| day.in_year(*year).is_some()) {
                section.mistake("extra_days", Problem::OutsideSchoolYears, mistakes);
            }
        }
        Days { holidays, events, extra_days }
    }
}

impl Days<'_, '_, '_> {
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

fn calendars(
    section: &Section<'_, '_>,
    public: &[Span<'_, '_, '_>],
    find_group: &impl Fn(&str) -> Option<Group>,
    mistakes: &mut Mistakes,
) -> (BTreeSet<SchoolYear>, Vec<SchoolCalendar>) {
    let forms = section.need("forms", list(word(SchoolForm::ALL)), mistakes);
    let years = section.need("school_years", list(school_year), mistakes);
    let weekdays = section.may("weekdays", list(weekday), mistakes);
    let term_tables = section.tables("term", mistakes);
    let tables = Tables::of(section, mistakes);
    let group_tables = section.tables("group", mistakes);
    let years: BTreeSet<SchoolYear> = years.unwrap_or_default().into_iter().collect();
    let days = tables.read(section, &years, mistakes);
    section.done(mistakes);

    let terms: Vec<_> = term_tables.iter().filter_map(|table| holiday(table, mistakes)).collect();
    for term in &terms {
        term.check_years(&years, mistakes);
    }
    let whole = terms.len() == term_tables.len();
    let forms = forms.unwrap_or_default();
    let groups: Vec<_> = group_tables
        .iter()
        .filter_map(|table| {
            let name = table.need("name", text, mistakes);
            let tables = Tables::of(table, mistakes);
            let group = group_named(&name?, &forms, find_group, table, mistakes);
            Some((table, tables, group))
        })
        .collect();
    let groups: Vec<_> = groups
        .iter()
        .map(|(table, tables, group)| {
            let days = tables.read(table, &years, mistakes);
            table.done(mistakes);
            (*table, days, group)
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
            weekdays: weekdays.clone().unwrap_or_else(monday_to_friday),
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
            let Some(group) = group else { continue };
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
    table: &Section<'_, '_>,
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

fn school_year(value: &toml::de::DeValue<'_>) -> Result<SchoolYear, Problem> {
    let written = text(value)?;
    SchoolYear::parse(&written).ok_or(Problem::NotASchoolYear { found: written })
}

fn terms_of(terms: &[Span<'_, '_, '_>], year: SchoolYear) -> Vec<Term> {
    let mut terms: Vec<Term> = terms
        .iter()
        .filter_map(|span| span.in_year(year).map(|(from, to)| Term { name: span.name.clone(), from, to }))
        .collect();
    terms.sort_by_key(|term| term.from);
    terms
}

fn check_terms(calendar: &SchoolCalendar, section: &Section<'_, '_>, mistakes: &mut Mistakes) {
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

fn check_extra_days(calendar: &SchoolCalendar, section: &Section<'_, '_>, mistakes: &mut Mistakes) {
    for day in &calendar.extra_days {
        let in_a_term = calendar.terms.iter().any(|term| term.from <= *day && *day <= term.to);
        if !in_a_term && section.has("extra_days") && !calendar.terms.is_empty() {
            section.mistake("extra_days", Problem::ExtraDayOutsideTerms { day: *day }, mistakes);
        }
    }
}
