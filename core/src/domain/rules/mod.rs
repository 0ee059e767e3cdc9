//! Rule sets: what an organiser decides about absence, leave, talks, hours and retention, per school form and date.
//!
//! Data and never code (domain.md, *School year*): a rule here is a number, a time or a text, and what it does is in
//! `attendance`, `leave` and so on. Rule sets are written as TOML ([`RuleSet::from_toml`], `docs/rule-sets.md`) and
//! travel to phones as records.

mod attendance;
mod file;
mod hours;
mod leave;
mod older;
mod retention;
mod talks;

pub use attendance::{AttendanceRules, Measure, Reporting, RollBy, Threshold};
pub use hours::{StaffHours, TimeSpan};
pub use leave::{LeaveRules, LeaveStep};
pub use retention::Retention;
pub use talks::{PlanBeforehand, TalkKind, TalkRules};

use super::people::{Language, SchoolForm};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use strum::VariantArray;

/// Whose school law a rule set follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, VariantArray)]
pub enum Country {
    #[serde(rename = "se")]
    Sweden,
    #[serde(rename = "dk")]
    Denmark,
    #[serde(rename = "no")]
    Norway,
}

impl Country {
    pub const ALL: &'static [Self] = Self::VARIANTS;

    /// ISO 3166-1 alpha-2, in small letters as in file names.
    pub fn code(self) -> &'static str {
        match self {
            Country::Sweden => "se",
            Country::Denmark => "dk",
            Country::Norway => "no",
        }
    }

    /// The language of its schools, in which an organiser always writes.
    pub fn language(self) -> Language {
        match self {
            Country::Sweden => Language::Sv,
            Country::Denmark => Language::Da,
            Country::Norway => Language::Nb,
        }
    }
}

/// One organiser's rules for one school form, from a date on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RuleSet {
    /// What the office calls it; shown beside what it decides.
    pub name: String,
    pub country: Country,
    pub form: SchoolForm,
    pub valid_from: NaiveDate,
    /// The last day, inclusive. `None`: until a later rule set of the same form starts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<NaiveDate>,
    pub attendance: AttendanceRules,
    pub leave: LeaveRules,
    pub talks: TalkRules,
    pub hours: StaffHours,
    pub retention: Retention,
    /// How a decision can be appealed, in each language that the organiser has written it in.
    pub appeal_text: BTreeMap<Language, String>,
}

impl RuleSet {
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.valid_from <= day && self.valid_until.is_none_or(|until| day <= until)
    }

    /// The appeal text in `language`, or else in the language of the country, or else in any. Never empty in a rule set
    /// that was read from a file.
    pub fn appeal_text_in(&self, language: Language) -> &str {
        [language, self.country.language()]
            .iter()
            .find_map(|wanted| self.appeal_text.get(wanted))
            .or_else(|| self.appeal_text.values().next())
            .map_or("", String::as_str)
    }
}

/// The rule set that holds for `form` on `day`: of those whose dates contain it, the one that started last.
pub fn pick(rule_sets: &[RuleSet], form: SchoolForm, day: NaiveDate) -> Option<&RuleSet> {
    rule_sets.iter().filter(|rules| rules.form == form && rules.holds_on(day)).max_by_key(|rules| rules.valid_from)
}

#[cfg(test)]
mod tests;
