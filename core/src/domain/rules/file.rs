//! Rule sets from the file in which an organiser writes them (`docs/rule-sets.md`), checked whole.

mod attendance;
mod leave;

use super::{Country, PlanBeforehand, Retention, RuleSet, StaffHours, TalkRules, TimeSpan};
use crate::domain::{
    calendar::monday_to_friday,
    people::{Language, SchoolForm},
    record::RecordKind,
    toml_file::{FileError, Mistakes, Problem, Section, date, date_if_given, read_file, toml_word},
};
use attendance::attendance;
use chrono::NaiveDate;
use leave::leave;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// A school year has no more days than this.
const A_YEAR: i64 = 366;

impl RuleSet {
    /// Reads one organiser's file: one rule set for each form of each `[[rule_set]]`, in the order of the file.
    /// `file_name` is only for the messages.
    ///
    /// # Errors
    /// The mistakes in the file, from the top down; after an error of syntax, those of syntax only.
    pub fn from_toml(text: &str, file_name: &str) -> Result<Vec<RuleSet>, Vec<FileError>> {
        read_file(text, file_name, |mut file, mistakes| {
            let sections = file.sections("rule_set", mistakes);
            if !file.has("rule_set") {
                file.mistake("rule_set", Problem::Missing, mistakes);
            }
            file.done(mistakes);
            let mut read: Vec<RuleSet> = Vec::new();
            for mut section in sections {
                for rules in rule_sets(&mut section, mistakes).unwrap_or_default() {
                    check_dates(&read, &rules, &section, mistakes);
                    read.push(rules);
                }
            }
            read
        })
    }
}

/// What a `[[rule_set]]` says beside its tables.
#[derive(Deserialize)]
struct Head {
    name: String,
    country: Country,
    forms: Vec<SchoolForm>,
    #[serde(deserialize_with = "date")]
    valid_from: NaiveDate,
    #[serde(default, deserialize_with = "date_if_given")]
    valid_until: Option<NaiveDate>,
}

fn rule_sets(section: &mut Section<'_>, mistakes: &mut Mistakes) -> Option<Vec<RuleSet>> {
    let attendance = section.section("attendance", mistakes).and_then(|table| attendance(table, mistakes));
    let leave = section.section("leave", mistakes).and_then(|table| leave(table, mistakes));
    let talks = section.section("talks", mistakes).and_then(|table| talks(table, mistakes));
    let hours = section.section("hours", mistakes).and_then(|table| hours(table, mistakes));
    let retention = section.section("retention", mistakes).and_then(|table| retention(&table, mistakes));
    let appeal = section.section("appeal_text", mistakes);
    let head = section.read::<Head>(&[], mistakes);
    let country = head.as_ref().map(|head| head.country);
    let appeal_text = appeal.and_then(|table| appeal_text(&table, country, mistakes));

    let Head { name, country, forms, valid_from, valid_until } = head?;
    if let Some(until) = valid_until.filter(|until| *until < valid_from) {
        let problem = Problem::EndsBeforeStart { from: valid_from.to_string(), to: until.to_string() };
        section.mistake("valid_until", problem, mistakes);
    }
    let apart: BTreeSet<SchoolForm> = forms.iter().copied().collect();
    if apart.len() < forms.len() {
        section.mistake("forms", Problem::Twice { what: "a form".to_owned() }, mistakes);
    }
    let of_first = RuleSet {
        name,
        country,
        form: *forms.first()?,
        valid_from,
        valid_until,
        attendance: attendance?,
        leave: leave?,
        talks: talks?,
        hours: hours?,
        retention: retention?,
        appeal_text: appeal_text?,
    };
    Some(apart.into_iter().map(|form| RuleSet { form, ..of_first.clone() }).collect())
}

/// A later rule set takes over from one that is open; one that says until when it holds is believed.
fn check_dates(read: &[RuleSet], rules: &RuleSet, section: &Section<'_>, mistakes: &mut Mistakes) {
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

fn span(section: &Section<'_>, mistakes: &mut Mistakes) -> Option<TimeSpan> {
    span_in_order(section.read(&[], mistakes)?, "to", section, mistakes)
}

fn span_in_order(span: TimeSpan, key: &str, section: &Section<'_>, mistakes: &mut Mistakes) -> Option<TimeSpan> {
    if span.from < span.to {
        return Some(span);
    }
    let (from, to) = (span.from.format("%H:%M").to_string(), span.to.format("%H:%M").to_string());
    section.mistake(key, Problem::EndsBeforeStart { from, to }, mistakes);
    None
}

fn talks(mut section: Section<'_>, mistakes: &mut Mistakes) -> Option<TalkRules> {
    let mut plans: Vec<PlanBeforehand> = Vec::new();
    for table in section.sections("plan", mistakes) {
        let Some(plan) = table.read::<PlanBeforehand>(&[], mistakes) else { continue };
        table.within("days_before", plan.days_before, 1..=90, mistakes);
        if plans.iter().any(|other| other.kind == plan.kind) {
            table.mistake("kind", Problem::Twice { what: toml_word(&plan.kind) }, mistakes);
        }
        plans.push(plan);
    }
    let read = section.read::<TalkRules>(&["plans"], mistakes)?;
    section.within("per_year", read.per_year, 0..=12, mistakes);
    section.within("lead_months", read.lead_months, 0..=12, mistakes);
    section.within("change_deadline_hours", read.change_deadline_hours, 0..=720, mistakes);
    Some(TalkRules { plans, ..read })
}

fn hours(mut section: Section<'_>, mistakes: &mut Mistakes) -> Option<StaffHours> {
    let staffed = section.section("staffed", mistakes).and_then(|table| span(&table, mistakes));
    let quiet = section.section("quiet", mistakes).and_then(|table| table.read::<TimeSpan>(&[], mistakes));
    let weekdays = section.may("weekdays", mistakes);
    section.done(mistakes);
    let (staffed, quiet) = (staffed?, quiet?);
    // Two spans of which one may pass midnight share time when either starts inside the other.
    if quiet.contains(staffed.from) || staffed.contains(quiet.from) {
        section.mistake("quiet", Problem::QuietWhileStaffed, mistakes);
    }
    Some(StaffHours { staffed, weekdays: weekdays.unwrap_or_else(monday_to_friday), quiet })
}

fn retention(section: &Section<'_>, mistakes: &mut Mistakes) -> Option<Retention> {
    let kinds: Vec<&str> = RecordKind::ageing().map(RecordKind::as_str).collect();
    section.nothing_but(&kinds, mistakes);
    let read = section.read::<Retention>(&[], mistakes)?;
    for (kind, days) in &read.0 {
        section.within(kind, *days, 1..=36_600, mistakes);
    }
    Some(read)
}

fn appeal_text(
    section: &Section<'_>,
    country: Option<Country>,
    mistakes: &mut Mistakes,
) -> Option<BTreeMap<Language, String>> {
    let own = country.map(|country| country.language().tag()).filter(|own| !section.has(own));
    if let Some(own) = own {
        section.mistake(own, Problem::Missing, mistakes);
    }
    section.read(&[], mistakes)
}
