//! Values that are written as text, or as one of TOML's own dates and times.

use chrono::NaiveDate;
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{Error, MapAccess, Visitor, value::MapAccessDeserializer},
};
use std::{fmt, marker::PhantomData};
use toml::value::Datetime;

/// What `parse` makes of the text. `expected` is for the message; the text is not in it, since it may come from elsewhere
/// than a file.
pub(in crate::domain) fn parsed<'de, T, D: Deserializer<'de>>(
    deserializer: D,
    expected: &'static str,
    parse: fn(&str) -> Option<T>,
) -> Result<T, D::Error> {
    deserializer.deserialize_str(Parsed { expected, parse, value: PhantomData })
}

struct Parsed<T> {
    expected: &'static str,
    parse: fn(&str) -> Option<T>,
    value: PhantomData<T>,
}

impl<'de, T> Visitor<'de> for Parsed<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expected)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        (self.parse)(text).ok_or_else(|| E::custom(format!("this is not {}", self.expected)))
    }

    /// A date or time without quotation marks.
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        let text = Datetime::deserialize(MapAccessDeserializer::new(map))?.to_string();
        let without_seconds = text.strip_suffix(":00").filter(|short| short.len() == 5);
        self.visit_str(without_seconds.unwrap_or(&text))
    }
}

/// 2026-08-18, with or without quotation marks.
pub(in crate::domain) fn date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<NaiveDate, D::Error> {
    parsed(deserializer, "a date such as 2026-08-18", parse_date)
}

pub(in crate::domain) fn date_if_given<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<NaiveDate>, D::Error> {
    date(deserializer).map(Some)
}

/// Year, month and day with all their digits.
pub(in crate::domain) fn parse_date(text: &str) -> Option<NaiveDate> {
    if text.len() != 10 {
        return None;
    }
    NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()
}

/// The word for `one` in files and on the wire.
pub fn toml_word<T: Serialize>(one: &T) -> String {
    match serde_json::to_value(one) {
        Ok(serde_json::Value::String(word)) => word,
        Ok(_) | Err(_) => String::new(),
    }
}
