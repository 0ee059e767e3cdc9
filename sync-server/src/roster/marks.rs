//! What a person is known by beside the row's own id: `userMasterIdentifier`, and, less surely, `identifier`, `userIds` and
//! the id itself in other letter case. Often these are personal identity numbers, so only fingerprints are kept.
//!
//! A placeholder is no mark. It must never make two people one.

use super::{oneroster::twice::fingerprint, table::Row};
use skolebro_core::domain::names::folded;
use std::fmt::Write;

/// How surely a mark tells who somebody is. The letter is kept with the stored fingerprints, and never means another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MarkKind {
    /// `userMasterIdentifier`: the same for a person in all systems, by the standard.
    Master,
    /// `identifier` and `userIds`: each system's own, so another word must agree.
    Weak,
    /// The row's id without its letter case, which some exporters change.
    Spelling,
}

impl MarkKind {
    fn letter(self) -> char {
        match self {
            MarkKind::Master => 'm',
            MarkKind::Weak => 'w',
            MarkKind::Spelling => 's',
        }
    }

    pub fn of(mark: &str) -> Option<Self> {
        [MarkKind::Master, MarkKind::Weak, MarkKind::Spelling].into_iter().find(|kind| mark.starts_with(kind.letter()))
    }
}

/// A row's marks, and the placeholders that it has instead of a `userMasterIdentifier`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    pub marks: Vec<String>,
    pub placeholder: Option<String>,
}

/// The marks of a row of users.csv.
pub fn of_row(organiser: &str, row: &Row, sid: &str) -> Marks {
    let mut found = Marks::default();
    if let Some(master) = row.value("userMasterIdentifier") {
        if is_placeholder(master) {
            found.placeholder = Some(master.to_owned());
        } else {
            found.marks.push(mark(organiser, MarkKind::Master, "", master));
        }
    }
    if let Some(identifier) = row.value("identifier").filter(|text| !is_placeholder(text)) {
        found.marks.push(mark(organiser, MarkKind::Weak, "identifier", identifier));
    }
    // The standard writes {type:id}.
    for user_id in row.list("userIds") {
        let bare = user_id.trim_matches(['{', '}', ' ']);
        if let Some((kind, id)) = bare.split_once(':').filter(|(_, id)| !is_placeholder(id)) {
            found.marks.push(mark(organiser, MarkKind::Weak, &bare_word(kind), id));
        }
    }
    found.marks.push(mark(organiser, MarkKind::Spelling, "", sid));
    found
}

fn mark(organiser: &str, kind: MarkKind, of: &str, value: &str) -> String {
    let value = match kind {
        // A hyphen, a brace or letter case make no other person.
        MarkKind::Master | MarkKind::Weak => bare_word(value),
        MarkKind::Spelling => folded(value),
    };
    let mut text = String::from(kind.letter());
    for byte in fingerprint(&[organiser, of, &value]) {
        // Writing to a String does not fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

fn bare_word(text: &str) -> String {
    folded(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// What exporters write where they have no id.
const WORDS: [&str; 49] = [
    "na",
    "nan",
    "nil",
    "nn",
    "null",
    "none",
    "no",
    "not",
    "empty",
    "blank",
    "default",
    "dummy",
    "false",
    "true",
    "missing",
    "notapplicable",
    "notavailable",
    "notset",
    "unset",
    "undefined",
    "unknown",
    "tbd",
    "test",
    "todo",
    "temp",
    "string",
    "id",
    "ssn",
    "okänd",
    "okänt",
    "saknas",
    "uppgiftsaknas",
    "ingen",
    "inget",
    "ingenuppgift",
    "ejangiven",
    "ejangivet",
    "finnsej",
    "tom",
    "tomt",
    "ukjent",
    "ukendt",
    "mangler",
    "ikkeangitt",
    "ikkeoplyst",
    "ikkeangivet",
    "intet",
    "personnummer",
    "cpr",
];

/// Whether a value stands for none: blanks and signs, `N/A` and its like, zeros, one letter over and over, `123456`.
pub fn is_placeholder(text: &str) -> bool {
    let word = bare_word(text);
    let mut letters = word.chars();
    let Some(first) = letters.next() else { return true };
    let over_and_over = letters.all(|letter| letter == first);
    // 7, 11 and 222 may be somebody's number; 0, xx and 999999 are nobody's.
    let nobodys = !first.is_ascii_digit() || first == '0' || word.len() >= 6;
    let counted =
        word.len() >= 6 && ["01234567890123456789", "1234567890123456789"].iter().any(|all| all.starts_with(&word));
    (over_and_over && nobodys) || counted || WORDS.contains(&word.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_for_no_id_is_none() {
        for text in [
            "",
            " ",
            "-",
            "—",
            "--",
            "?",
            "0",
            "000000",
            "000000-0000",
            "00000000-0000-0000-0000-000000000000",
            "N/A",
            "n.a.",
            "NULL",
            "<null>",
            "none",
            "x",
            "XXX",
            "saknas",
            "Ukjent",
            "ukendt",
            "OKÄND",
            "okänd",
            "123456",
            "1234567890",
            "999999999",
            "ej angivet",
            "#N/A",
            "undefined",
        ] {
            assert!(is_placeholder(text), "{text:?}");
        }
        for text in ["M-100", "7", "11", "222", "20160308-1234", "1234", "a1b2", "X7", "nora", "100000"] {
            assert!(!is_placeholder(text), "{text:?}");
        }
    }

    #[test]
    fn letter_case_hyphens_and_braces_make_no_other_person() {
        let of = |text: &str| mark("storvik", MarkKind::Master, "", text);
        assert_eq!(of("M-100"), of("{m100}"));
        assert_ne!(of("M-100"), of("M-101"));
        assert_ne!(of("M-100"), mark("björkdal", MarkKind::Master, "", "M-100"), "another organiser's");
        assert_eq!(MarkKind::of(&of("M-100")), Some(MarkKind::Master));
    }
}
