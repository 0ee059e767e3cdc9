//! How single values are read. Each gives the value, or the problem with it.

use super::{problem::Problem, section::wrong_type, suggest::nearest};
use crate::domain::time::hh_mm;
use chrono::{NaiveDate, NaiveTime};
use serde::Serialize;
use std::ops::RangeInclusive;
use toml::de::DeValue;

/// Text with something in it.
pub fn text(value: &DeValue<'_>) -> Result<String, Problem> {
    let text = value.as_str().ok_or_else(|| wrong_type("text in quotation marks", value))?;
    if text.trim().is_empty() { Err(Problem::Empty) } else { Ok(text.trim().to_owned()) }
}

/// `"08:15"`, or TOML's own 08:15:00.
pub fn time(value: &DeValue<'_>) -> Result<NaiveTime, Problem> {
    let written = match (value.as_str(), value.as_datetime()) {
        (Some(text), _) => text.to_owned(),
        (None, Some(found)) => {
            let text = found.to_string();
            text.strip_suffix(":00").filter(|short| short.len() == 5).map_or(text.clone(), str::to_owned)
        }
        (None, None) => return Err(wrong_type("a time of day such as \"08:15\"", value)),
    };
    hh_mm::parse(&written).ok_or(Problem::NotATime { found: written })
}

/// 2026-08-18, with or without quotation marks.
pub fn date(value: &DeValue<'_>) -> Result<NaiveDate, Problem> {
    let written = match (value.as_str(), value.as_datetime()) {
        (Some(text), _) => text.to_owned(),
        (None, Some(found)) => found.to_string(),
        (None, None) => return Err(wrong_type("a date such as 2026-08-18", value)),
    };
    parse_date(&written).ok_or(Problem::NotADate { found: written })
}

/// Year, month and day with all their digits.
pub(in crate::domain) fn parse_date(text: &str) -> Option<NaiveDate> {
    if text.len() != 10 {
        return None;
    }
    NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()
}

/// A whole number in `range`.
pub fn whole<N>(range: RangeInclusive<N>) -> impl Fn(&DeValue<'_>) -> Result<N, Problem>
where
    N: TryFrom<i64> + Into<i64> + Copy + PartialOrd,
{
    move |value| {
        let written = value.as_integer().ok_or_else(|| wrong_type("a whole number", value))?;
        i64::from_str_radix(&written.as_str().replace('_', ""), written.radix())
            .ok()
            .and_then(|number| N::try_from(number).ok())
            .filter(|number| range.contains(number))
            .ok_or_else(|| Problem::OutOfRange {
                found: written.as_str().to_owned(),
                least: (*range.start()).into(),
                most: (*range.end()).into(),
            })
    }
}

/// One of `all`, by the word that serde writes it with.
pub fn word<T: Serialize + Copy>(all: &[T]) -> impl Fn(&DeValue<'_>) -> Result<T, Problem> {
    move |value| {
        let written = value.as_str().ok_or_else(|| wrong_type("a word in quotation marks", value))?;
        all.iter().copied().find(|one| toml_word(one) == written).ok_or_else(|| {
            let known: Vec<String> = all.iter().map(toml_word).collect();
            Problem::UnknownWord { found: written.to_owned(), nearest: nearest(written, &known), known }
        })
    }
}

/// The word for `one` in files and on the wire.
pub fn toml_word<T: Serialize>(one: &T) -> String {
    match serde_json::to_value(one) {
        Ok(serde_json::Value::String(word)) => word,
        Ok(_) | Err(_) => String::new(),
    }
}

/// A list of at least one.
pub fn list<T>(read: impl Fn(&DeValue<'_>) -> Result<T, Problem>) -> impl Fn(&DeValue<'_>) -> Result<Vec<T>, Problem> {
    move |value| {
        let items = value.as_array().ok_or_else(|| wrong_type("a list in brackets", value))?;
        if items.is_empty() {
            return Err(Problem::Empty);
        }
        items.iter().map(|item| read(item.get_ref())).collect()
    }
}
