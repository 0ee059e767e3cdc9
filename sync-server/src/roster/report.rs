//! What an import says afterwards: per file what was read, what came of it, and why something did not.
//!
//! It must never hold a person's name or contact details: reports are mailed around. Ids, dates of terms and column names are fine.

use super::{
    codes::{Code, Effect},
    options::EndDates,
};
use serde::{Deserialize, Serialize};
use skolebro_core::{domain::people::Language, plain::plain};
use std::collections::{BTreeMap, BTreeSet};

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
    /// Columns are not understood, and what they say may bar, end or narrow. Nothing gives leave; the files must be mended.
    ColumnsUnknown { columns: Vec<UnknownColumn> },
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

/// A column name that stopped an import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnknownColumn {
    pub file: String,
    /// As it stands in the file; empty where the line of names cannot be read.
    pub column: String,
    /// The known name that it is near to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub near: Option<String>,
    /// What is so, in words.
    pub what: String,
}

/// The whole answer of an import.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportReport {
    /// Whether the run only looked.
    pub dry_run: bool,
    /// The OneRoster version that the manifest names, if it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// How values were read where the bundle itself cannot tell; the data folder remembers it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_with: Option<ReadWith>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stopped: Option<Stopped>,
    pub files: BTreeMap<String, FileReport>,
    /// Per kind of fact, over all files.
    #[serde(default)]
    pub facts: BTreeMap<String, Tally>,
    /// What became of the rows of legal.csv that guard a child: their lines. One that was not understood may bar or
    /// protect all the same, and stands among those too.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub safeguards: BTreeMap<Safeguard, BTreeMap<Fate, BTreeSet<u64>>>,
}

/// What was said once about an organiser's exports, and holds until something else is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadWith {
    pub end_dates: EndDates,
    /// Of new schools of which school.csv says nothing, and of instants that stand for days.
    pub time_zone: chrono_tz::Tz,
    pub language: Language,
    /// How end dates were read until this import, if it said otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_dates_before: Option<EndDates>,
}

/// What a row guards with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Safeguard {
    /// `block`.
    Bar,
    /// `protected_identity`.
    Protection,
    /// `kind` and `consent_until`: what an adult is to a pupil.
    Custody,
}

/// What became of such a row. Over several schools the first that holds for one of them counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    New,
    Changed,
    Ended,
    /// Staff said otherwise, and that stands.
    Outranked,
    Unchanged,
    /// It could not be used; what is stored about the two stays as it is.
    Held,
    /// It could not be used, and nothing is stored about the two; or nobody knows whom it is about.
    NotUnderstood,
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

    /// Notes what became of a row that guards.
    pub fn safeguard(&mut self, guard: Safeguard, fate: Fate, line: u64) {
        self.safeguards.entry(guard).or_default().entry(fate).or_default().insert(line);
    }

    /// One fate for each row, but what was not understood; `rows` without one say what is so already.
    pub fn settle_safeguards(&mut self, rows: &BTreeSet<(Safeguard, u64)>) {
        for (guard, line) in rows {
            let fates = self.safeguards.entry(*guard).or_default();
            let mut of_line = fates.iter().filter(|(_, lines)| lines.contains(line)).map(|(fate, _)| *fate);
            match of_line.next() {
                None => {
                    fates.entry(Fate::Unchanged).or_default().insert(*line);
                }
                Some(first) => {
                    let others: Vec<Fate> = of_line.filter(|fate| *fate != Fate::NotUnderstood).collect();
                    for fate in others.into_iter().filter(|fate| *fate != first) {
                        fates.entry(fate).or_default().remove(line);
                    }
                }
            }
        }
        for fates in self.safeguards.values_mut() {
            fates.retain(|_, lines| !lines.is_empty());
        }
    }

    /// Whether a row that guards could not be used as it stands.
    pub fn has_safeguards_to_look_at(&self) -> bool {
        let fates = self.safeguards.values().flat_map(BTreeMap::keys);
        fates.into_iter().any(|fate| matches!(fate, Fate::Held | Fate::NotUnderstood))
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
    /// Rows that guard, as they are read.
    guarding: BTreeSet<(Safeguard, u64)>,
}

impl Reporter {
    pub fn new(keep: usize) -> Self {
        Self { report: ImportReport::default(), keep, guarding: BTreeSet::new() }
    }

    /// Notes that a row guards; what becomes of it shows later.
    pub fn safeguard_row(&mut self, guard: Safeguard, line: u64) {
        self.guarding.insert((guard, line));
    }

    pub fn guards(&self, guard: Safeguard, line: u64) -> bool {
        self.guarding.contains(&(guard, line))
    }

    pub fn safeguard(&mut self, guard: Safeguard, fate: Fate, line: u64) {
        self.report.safeguard(guard, fate, line);
    }

    /// Settles what became of all rows that guard.
    pub fn settle_safeguards(&mut self) {
        self.report.settle_safeguards(&self.guarding);
    }

    /// Notes a column that is not understood and may be one that bars, ends or narrows: nothing of the bundle is applied.
    pub fn stop_at(&mut self, place: Place<'_>, column: &str, near: Option<&str>, what: &str) {
        self.issue(place, Code::ColumnStops, None, what);
        let found = UnknownColumn {
            file: place.file.to_owned(),
            column: shorten(column),
            near: near.map(str::to_owned),
            what: what.to_owned(),
        };
        match &mut self.report.stopped {
            Some(Stopped::ColumnsUnknown { columns }) => columns.push(found),
            Some(Stopped::TooMuchEnding { .. }) | None => {
                self.report.stopped = Some(Stopped::ColumnsUnknown { columns: vec![found] });
            }
        }
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
