//! Reading what was stored or received as JSON. What is wrong with it is told by kind and place alone: the parser's own
//! words quote the value that it did not expect, which may be a child's name.

use serde::{Deserialize, Deserializer, de::IgnoredAny};
use serde_json::error::Category;

/// Why something could not be read. It says nothing of what was there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}, at line {line} column {column}")]
pub struct Unread {
    what: &'static str,
    line: usize,
    column: usize,
}

impl From<serde_json::Error> for Unread {
    fn from(error: serde_json::Error) -> Self {
        let what = match error.classify() {
            Category::Syntax => "not JSON",
            Category::Eof => "the JSON ends too early",
            Category::Data => "a field is missing or of another kind than asked for",
            Category::Io => "it could not be read to its end",
        };
        Self { what, line: error.line(), column: error.column() }
    }
}

/// # Errors
/// That it is not JSON, or not of this form.
pub fn from_json<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, Unread> {
    Ok(serde_json::from_str(text)?)
}

/// # Errors
/// As [`from_json`].
pub fn from_bytes<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, Unread> {
    Ok(serde_json::from_slice(bytes)?)
}

/// A value of a later version is none, and spoils nothing around it.
#[derive(Deserialize)]
#[serde(untagged)]
enum Perhaps<T> {
    Known(T),
    Unknown(IgnoredAny),
}

impl<T> Perhaps<T> {
    fn known(self) -> Option<T> {
        match self {
            Perhaps::Known(value) => Some(value),
            Perhaps::Unknown(_) => None,
        }
    }
}

/// For a field whose value this version may not know; none, where it does not.
pub(crate) fn known<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    Ok(Perhaps::deserialize(deserializer)?.known())
}

/// The same for a field that may be empty.
pub(crate) fn known_or_none<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    Ok(known::<D, Option<T>>(deserializer)?.flatten())
}

/// Of a list, what this version knows.
pub(crate) fn known_ones<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    let all: Vec<Perhaps<T>> = Vec::deserialize(deserializer)?;
    Ok(all.into_iter().filter_map(Perhaps::known).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_there_is_not_repeated() {
        for text in ["\"Liv Lindqvist\"", "[1, \"Liv\"]", "{\"Liv\": ", "Liv"] {
            let told = from_json::<Vec<u8>>(text).map_err(|unread| format!("{unread} {unread:?}"));
            assert!(told.as_ref().is_err_and(|told| !told.contains("Liv")), "{told:?}");
        }
    }
}
