//! Rule sets and calendars to start from, one organiser for each country. They are fictional where the law leaves the
//! organiser free; the law is cited in the files, which `docs/rule-sets.md` explains.

use super::{
    calendar::SchoolCalendar,
    rules::{Country, RuleSet},
    toml_file::FileError,
};

/// The rule sets of every form, as their file is written.
pub fn rules_toml(country: Country) -> &'static str {
    match country {
        Country::Sweden => include_str!("../../samples/rules/se.toml"),
        Country::Denmark => include_str!("../../samples/rules/dk.toml"),
        Country::Norway => include_str!("../../samples/rules/no.toml"),
    }
}

/// The school years 2024/25 to 2030/31 of every form, as their file is written.
pub fn calendars_toml(country: Country) -> &'static str {
    match country {
        Country::Sweden => include_str!("../../samples/calendars/se.toml"),
        Country::Denmark => include_str!("../../samples/calendars/dk.toml"),
        Country::Norway => include_str!("../../samples/calendars/no.toml"),
    }
}

/// # Errors
/// None for the files that ship; a test reads them all.
pub fn rules(country: Country) -> Result<Vec<RuleSet>, Vec<FileError>> {
    RuleSet::from_toml(rules_toml(country), &format!("samples/rules/{}.toml", country.code()))
}

/// # Errors
/// None for the files that ship; a test reads them all.
pub fn calendars(country: Country) -> Result<Vec<SchoolCalendar>, Vec<FileError>> {
    let file_name = format!("samples/calendars/{}.toml", country.code());
    SchoolCalendar::from_toml(calendars_toml(country), &file_name, |_| None)
}

#[cfg(test)]
#[path = "samples_tests.rs"]
mod tests;
