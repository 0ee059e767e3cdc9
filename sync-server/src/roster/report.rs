//! What an import says afterwards: per file what was read, what came of it, and why something did not.
//!
//! It must never hold a person's name or contact details: reports are mailed around. Ids, dates of terms and column names are fine.

use super::codes::{Code, Effect};
use serde::{Deserialize, Serialize};
use skolebro_core::plain::plain;
use std::collections::BTreeMap;

/// One thing that somebody should know, with its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issue {
    /// The line in the file, counted from 1, where the row begins. `None` is about the whole file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    pub code: Code,
    pub effect: Effect,
    /// The value that it is about, shortened. Never a name; the digits of birth dates are masked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// What is so, in a sentence.
    pub what: String,
    /// What the reader can do.
    #[serde(rename = "do")]
    pub remedy: String,
}

/// How a file was given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileMode {
    /// Not in the bundle, or not usable: it changes and ends nothing.
    #[default]
    Absent,
    /// Everything there is: what it lacks is ended.
    Bulk,
    /// Only what changed: what it lacks stays.
    Delta,
}

/// One file of the bundle. `read` and `skipped` count rows; the others count facts, of which one row may bring several.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileReport {
    pub mode: FileMode,
    pub read: u64,
    pub created: u64,
    pub changed: u64,
    pub unchanged: u64,
    pub ended: u64,
    pub skipped: u64,
    /// How often each code came, all counted.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub counts: BTreeMap<Code, u64>,
    /// The first few of each code, in the order they were met.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub issues: Vec<Issue>,
}

/// Why nothing was applied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Stopped {
    /// More would end than is allowed without `--allow-ending`.
    TooMuchEnding { percent: u32, losses: Vec<Loss> },
}

/// What a school would lose of one kind of fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loss {
    /// The school's id, and its name.
    pub school: String,
    pub name: String,
    /// For example `guardianship`; of assignments also `assignment of a teacher`.
    pub kind: String,
    pub ending: u64,
    pub stored: u64,
    /// How many facts each file would end.
    pub files: BTreeMap<String, u64>,
}

/// The whole answer of an import.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportReport {
    /// Whether the run only looked.
    pub dry_run: bool,
    /// The OneRoster version that the manifest names, if it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stopped: Option<Stopped>,
    pub files: BTreeMap<String, FileReport>,
    /// Per kind of fact, over all files.
    #[serde(default)]
    pub facts: BTreeMap<String, Tally>,
}

/// What became of facts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    pub created: u64,
    pub changed: u64,
    pub unchanged: u64,
    pub ended: u64,
}

/// What became of one fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    Created,
    Changed,
    Unchanged,
    Ended,
}

impl ImportReport {
    pub fn file(&mut self, name: &str) -> &mut FileReport {
        // Looked up by &str first: the name is cloned once per file, not once per row.
        if !self.files.contains_key(name) {
            self.files.insert(name.to_owned(), FileReport::default());
        }
        self.files.entry(name.to_owned()).or_default()
    }

    /// Counts what became of a fact, for its file and its kind.
    pub fn count(&mut self, file: &str, kind: &str, outcome: Outcome) {
        let file = self.file(file);
        let tally_of_file = match outcome {
            Outcome::Created => &mut file.created,
            Outcome::Changed => &mut file.changed,
            Outcome::Unchanged => &mut file.unchanged,
            Outcome::Ended => &mut file.ended,
        };
        *tally_of_file += 1;
        let tally = self.facts.entry(kind.to_owned()).or_default();
        let tally_of_kind = match outcome {
            Outcome::Created => &mut tally.created,
            Outcome::Changed => &mut tally.changed,
            Outcome::Unchanged => &mut tally.unchanged,
            Outcome::Ended => &mut tally.ended,
        };
        *tally_of_kind += 1;
    }

    /// Forgets what was counted about facts, before counting anew; what was read stays.
    pub fn clear_outcomes(&mut self) {
        self.facts.clear();
        for file in self.files.values_mut() {
            (file.created, file.changed, file.unchanged, file.ended) = (0, 0, 0, 0);
        }
    }

    /// How often a code came, over all files.
    pub fn times(&self, code: Code) -> u64 {
        self.files.values().filter_map(|file| file.counts.get(&code)).sum()
    }

    /// Whether nothing would change, or nothing did.
    pub fn is_quiet(&self) -> bool {
        self.files.values().all(|file| file.created + file.changed + file.ended == 0)
    }
}

/// The place of an issue, as the readers of rows know it.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    pub file: &'a str,
    pub line: Option<u64>,
    pub column: Option<&'a str>,
}

impl<'a> Place<'a> {
    pub fn file(file: &'a str) -> Self {
        Self { file, line: None, column: None }
    }

    pub fn line(file: &'a str, line: u64) -> Self {
        Self { file, line: Some(line), column: None }
    }

    pub fn column(self, column: &'a str) -> Self {
        Self { column: Some(column), ..self }
    }
}

/// Collects the report while reading; keeps the first few issues of each code and file, and counts all.
#[derive(Debug)]
pub struct Reporter {
    pub report: ImportReport,
    /// How many issues of each code and file are kept.
    keep: usize,
}

impl Reporter {
    pub fn new(keep: usize) -> Self {
        Self { report: ImportReport::default(), keep }
    }

    /// Goes on with a report that was begun.
    pub fn resume(report: ImportReport, keep: usize) -> Self {
        Self { report, keep }
    }

    /// Notes an issue. `value` must not be a name.
    pub fn issue(&mut self, place: Place<'_>, code: Code, value: Option<&str>, what: impl Into<String>) {
        let keep = self.keep as u64;
        let file = self.report.file(place.file);
        let count = file.counts.entry(code).or_default();
        *count += 1;
        if *count <= keep {
            file.issues.push(Issue {
                line: place.line,
                column: place.column.map(str::to_owned),
                code,
                effect: code.effect(),
                value: value.map(shorten),
                what: what.into(),
                remedy: code.remedy().to_owned(),
            });
        }
        if code.effect() == Effect::RowSkipped && place.line.is_some() {
            file.skipped += 1;
        }
    }
}

/// At most 80 characters, nothing that moves a terminal's cursor.
fn shorten(value: &str) -> String {
    let mut text: String = plain(value).chars().take(80).collect();
    if value.chars().nth(80).is_some() {
        text.push('…');
    }
    text
}
