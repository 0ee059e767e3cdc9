//! Rule sets from the file in which an organiser writes them (`docs/rule-sets.md`), checked whole.

mod attendance;
mod leave;

use super::{Country, PlanBeforehand, Retention, RuleSet, StaffHours, TalkKind, TalkRules, TimeSpan};
use crate::domain::{
    calendar::monday_to_friday,
    people::{Language, SchoolForm},
    record::RecordKind,
    toml_file::{FileError, Mistakes, Problem, Section, date, list, read_file, text, time, toml_word, whole, word},
};
use attendance::attendance;
use chrono::{NaiveDate, Weekday};
use leave::leave;
use std::collections::BTreeMap;

/// A school year has no more days than this.
const A_YEAR: u16 = 366;

pub(in crate::domain) const WEEKDAYS: [(&str, Weekday); 7] = [
    ("mon", Weekday::Mon),
    ("tue", Weekday::Tue),
    ("wed", Weekday::Wed),
    ("thu", Weekday::Thu),
    ("fri", Weekday::Fri),
    ("sat", Weekday::Sat),
    ("sun", Weekday::Sun),
];

impl RuleSet {
    /// Reads one organiser's file: one rule set for each form of each `[[rule_set]]`, in the order of the file.
    /// `file_name` is only for the messages.
    ///
    /// # Errors
    /// Every mistake in the file, from the top down; after an error of syntax, those of syntax only.
    pub fn from_toml(text: &str, file_name: &str) -> Result<Vec<RuleSet>, Vec<FileError>> {
        read_file(text, file_name, |file, mistakes| {
            let sections = file.tables("rule_set", mistakes);
            if !file.has("rule_set") {
                file.mistake("rule_set", Problem::Missing, mistakes);
            }
            file.done(mistakes);
            let mut read: Vec<RuleSet> = Vec::new();
            for section in &sections {
                for rules in rule_sets(section, mistakes).unwrap_or_default() {
                    check_dates(&read, &rules, section, mistakes);
                    read.push(rules);
                }
            }
            Some(read)
        })
    }
}

fn rule_sets(section: &Section<'_, '_>, mistakes: &mut Mistakes) -> Option<Vec<RuleSet>> {
    let name = section.need("name", text, mistakes);
    let country = section.need("country", word(Country::ALL), mistakes);
    let forms = section.need("forms", list(word(SchoolForm::ALL)), mistakes);
    let valid_from = section.need("valid_from", date, mistakes);
    let valid_until = section.may("valid_until", date, mistakes);
    if let (Some(from), Some(until)) = (valid_from, valid_until) {
        check_order(from, until, "valid_until", section, mistakes);
    }
    let attendance = section.table("attendance", mistakes).and_then(|table| attendance(&table, mistakes));
    let leave = section.table("leave", mistakes).and_then(|table| leave(&table, mistakes));
    let talks = section.table("talks", mistakes).and_then(|table| talks(&table, mistakes));
    let hours = section.table("hours", mistakes).and_then(|table| hours(&table, mistakes));
    let retention = section.table("retention", mistakes).map(|table| retention(&table, mistakes));
    let appeal_text = section.table("appeal_text", mistakes).map(|table| appeal_text(&table, country, mistakes));
    section.done(mistakes);

    let mut forms = forms?;
    let all = forms.len();
    forms.sort_unstable();
    forms.dedup();
    if forms.len() < all {
        section.mistake("forms", Problem::Twice { what: "a form".to_owned() }, mistakes);
    }
    let of_first = RuleSet {
        name: name?,
        country: country?,
        form: *forms.first()?,
        valid_from: valid_from?,
        valid_until,
        attendance: attendance?,
        leave: leave?,
        talks: talks?,
        hours: hours?,
        retention: retention?,
        appeal_text: appeal_text?,
    };
    Some(forms.into_iter().map(|form| RuleSet { form, ..of_first.clone() }).collect())
}

/// A later rule set takes over from one that is open; one that says until when it holds is believed.
fn check_dates(read: &[RuleSet], rules: &RuleSet, section: &Section<'_, '_>, mistakes: &mut Mistakes) {
    let clash = read.iter().find(|other| {
        let (first, second) = if other.valid_from <= rules.valid_from { (*other, rules) } else { (rules, *other) };
        other.form == rules.form
            && (first.valid_from == second.valid_from || first.valid_until.is_some_and(|end| end >= second.valid_from))
    });
    if let Some(other) = clash {
        let problem = Problem::DatesOverlap { form: toml_word(&rules.form), other: other.name.clone() };
        section.mistake("valid_from", problem, mistakes);
    }
}

fn check_order(from: NaiveDate, to: NaiveDate, key: &'static str, section: &Section<'_, '_>, mistakes: &mut Mistakes) {
    if to < from {
        let problem = Problem::EndsBeforeStart { from: from.to_string(), to: to.to_string() };
        section.mistake(key, problem, mistakes);
    }
}

fn span(section: &Section<'_, '_>, mistakes: &mut Mistakes) -> Option<TimeSpan> {
    let from = section.need("from", time, mistakes);
    let to = section.need("to", time, mistakes);
    section.done(mistakes);
    span_in_order(TimeSpan { from: from?, to: to? }, "to", section, mistakes)
}

fn span_in_order(
    span: TimeSpan,
    key: &'static str,
    section: &Section<'_, '_>,
    mistakes: &mut Mistakes,
) -> Option<TimeSpan> {
    if span.from < span.to {
        return Some(span);
    }
    let (from, to) = (span.from.format("%H:%M").to_string(), span.to.format("%H:%M").to_string());
    section.mistake(key, Problem::EndsBeforeStart { from, to }, mistakes);
    None
}

fn talks(section: &Section<'_, '_>, mistakes: &mut Mistakes) -> Option<TalkRules> {
    let per_year = section.need("per_year", whole(0..=12_u8), mistakes);
    let lead_months = section.need("lead_months", whole(0..=12_u8), mistakes);
    let change_deadline_hours = section.need("change_deadline_hours", whole(0..=720), mistakes);
    let tables = section.tables("plan", mistakes);
    section.done(mistakes);
    let mut plans: Vec<PlanBeforehand> = Vec::new();
    for table in &tables {
        let kind = table.need("kind", word(TalkKind::ALL), mistakes);
        let days_before = table.need("days_before", whole(1..=90), mistakes);
        table.done(mistakes);
        let (Some(kind), Some(days_before)) = (kind, days_before) else { continue };
        if plans.iter().any(|plan| plan.kind == kind) {
            table.mistake("kind", Problem::Twice { what: toml_word(&kind) }, mistakes);
        }
        plans.push(PlanBeforehand { kind, days_before });
    }
    Some(TalkRules {
        per_year: per_year?,
        lead_months: lead_months?,
        plans,
        change_deadline_hours: change_deadline_hours?,
    })
}

fn hours(section: &Section<'_, '_>, mistakes: &mut Mistakes) -> Option<StaffHours> {
    let staffed = section.table("staffed", mistakes).and_then(|table| span(&table, mistakes));
    let weekdays = section.may("weekdays", list(weekday), mistakes);
    let quiet = section.table("quiet", mistakes).and_then(|table| {
        let from = table.need("from", time, mistakes);
        let to = table.need("to", time, mistakes);
        table.done(mistakes);
        Some(TimeSpan { from: from?, to: to? })
    });
    section.done(mistakes);
    let (staffed, quiet) = (staffed?, quiet?);
    // Two spans of which one may pass midnight share time when either starts inside the other.
    if quiet.contains(staffed.from) || staffed.contains(quiet.from) {
        section.mistake("quiet", Problem::QuietWhileStaffed, mistakes);
    }
    Some(StaffHours { staffed, weekdays: weekdays.unwrap_or_else(monday_to_friday), quiet })
}

/// `"mon"` to `"sun"`.
pub(in crate::domain) fn weekday(value: &toml::de::DeValue<'_>) -> Result<Weekday, Problem> {
    let written = text(value)?;
    WEEKDAYS.iter().find(|(word, _)| *word == written).map(|(_, day)| *day).ok_or_else(|| Problem::UnknownWord {
        found: written,
        nearest: None,
        known: WEEKDAYS.map(|(word, _)| word.to_owned()).to_vec(),
    })
}

fn retention(section: &Section<'_, '_>, mistakes: &mut Mistakes) -> Retention {
    let days = RecordKind::ageing().filter_map(|kind| {
        let days = section.may(kind.as_str(), whole(1..=36_600_i64), mistakes)?;
        Some((kind.as_str().to_owned(), u32::try_from(days).ok()?))
    });
    let days = Retention(days.collect());
    section.done(mistakes);
    days
}

fn appeal_text(
    section: &Section<'_, '_>,
    country: Option<Country>,
    mistakes: &mut Mistakes,
) -> BTreeMap<Language, String> {
    let mut texts = BTreeMap::new();
    for language in Language::ALL.iter().copied() {
        let own = country.is_some_and(|country| country.language() == language);
        let key = language.tag();
        let read = if own { section.need(key, text, mistakes) } else { section.may(key, text, mistakes) };
        if let Some(read) = read {
            texts.insert(language, read);
        }
    }
    section.done(mistakes);
    texts
}
