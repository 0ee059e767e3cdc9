//! What can be wrong in a rule-set or calendar file. A closed list: each has a code, and `docs/rule-sets.md` names
//! them all.

use super::suggest::nearest;
use chrono::{NaiveDate, NaiveTime};
use std::fmt;

/// One mistake, where it is and what to do about it. Shown as
/// `rules.toml:12: rule_set[1].attendance.days_back: 400 is out of range. Write a whole number from 0 to 366.`
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct FileError {
    /// The name that the caller gave the file.
    pub file: String,
    /// Counted from 1.
    pub line: Option<usize>,
    /// Tables and keys, lists counted from 1: `rule_set[1].attendance.threshold[2].count`. Empty: the file as a whole.
    pub path: String,
    pub problem: Problem,
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if !self.path.is_empty() {
            write!(f, ": {}", self.path)?;
        }
        write!(f, ": {}", self.problem)
    }
}

/// Each says what is wrong and, in a second sentence, what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, strum::IntoStaticStr, strum::VariantNames)]
#[strum(serialize_all = "snake_case")]
pub enum Problem {
    // Any file.
    #[error("this is not TOML: {message}. Mend the line, then read the file again: more may be wrong further on.")]
    Syntax { message: String },
    #[error("nothing is here. Add it; docs/rule-sets.md says what it means.")]
    Missing,
    #[error("no such key is known here. {}", meant(nearest.clone(), known, "Known are"))]
    UnknownKey { nearest: Option<String>, known: Vec<String> },
    #[error("{found} stands where {expected} belongs. Write {expected}.")]
    WrongType { expected: String, found: String },
    #[error("{message}. Write it as docs/rule-sets.md says.")]
    WrongValue { message: String },
    #[error("{found:?} is not one of the words for this. {}", meant(nearest.as_ref().map(|word| format!("{word:?}")), known, "Write one of"))]
    UnknownWord { found: String, nearest: Option<String>, known: Vec<String> },
    #[error("{found} is out of range. Write a whole number from {least} to {most}.")]
    OutOfRange { found: String, least: i64, most: i64 },
    #[error("this is empty. Write something, or leave the key out if it may be left out.")]
    Empty,
    #[error("{what} stands here a second time. Keep one of them, or give one another name.")]
    Twice { what: String },
    #[error("it ends ({to}) before it starts ({from}). Change one of the two.")]
    EndsBeforeStart { from: String, to: String },

    // Rule sets.
    #[error(
        "{form} already has {other:?} for some of these days. End the earlier one before this one starts, or leave its valid_until out and start this one later."
    )]
    DatesOverlap { form: String, other: String },
    #[error("{cutoff} is not a cutoff for a day from {starts} to {ends}. Write a time that is at most three hours before day_starts and not after day_ends.", cutoff = cutoff.format("%H:%M"), starts = starts.format("%H:%M"), ends = ends.format("%H:%M"))]
    CutoffOutsideDay { cutoff: NaiveTime, starts: NaiveTime, ends: NaiveTime },
    #[error(
        "the roll is called by lesson, but there are no lessons. Add [[rule_set.attendance.lesson]] tables, or write roll = \"day\"."
    )]
    NoLessons,
    #[error("lesson {number} starts before lesson {before} has ended. Let each lesson start when the one before has ended, or later.", before = number - 1)]
    LessonsOverlap { number: usize },
    #[error("lesson {number} comes before lesson {before}. Write the lessons in the order of the day.", before = number - 1)]
    LessonsOutOfOrder { number: usize },
    #[error("lesson {number} is not within the day. Move the lesson, or change day_starts or day_ends.")]
    LessonOutsideDay { number: usize },
    #[error("{count} can never be reached within {within_days} days. Lower count or raise within_days.")]
    NeverReached { count: u16, within_days: u16 },
    #[error(
        "no leave gets as far as this step. Write the steps with the shortest leave first, each with a higher limit than the one before."
    )]
    StepNeverReached,
    #[error(
        "nobody decides a leave that is longer than all steps. Add a last step without up_to_days and up_to_total."
    )]
    StepsEndTooSoon,
    #[error(
        "one leave may be {longest} days, but a whole year's only {most_in_year}. Lower longest or raise most_in_year."
    )]
    CapsCross { longest: u16, most_in_year: u16 },
    #[error(
        "phones would be quiet while staff are at work. Let the quiet hours start when staff have left, and end before they come."
    )]
    QuietWhileStaffed,

    // Calendars.
    #[error("{school_year} has no such day. Write the day of that year as a date of its own.")]
    NoSuchDay { school_year: String },
    #[error(
        "this is in none of the calendar's school years. Correct the date, or add the year to school_years. A school year runs from 1 August to 31 July."
    )]
    OutsideSchoolYears,
    #[error("give either {first} or {second}, and not both. Keep one of the two.")]
    OneOf { first: &'static str, second: &'static str },
    #[error("{school_year} has no term. Add a [[calendar.term]] for it, or take the year out of school_years.")]
    NoTerm { school_year: String },
    #[error("{first:?} and {second:?} share days in {school_year}. Let the first end before the second starts.")]
    TermsOverlap { first: String, second: String, school_year: String },
    #[error("{day} is in no term. Lengthen the term, or take the day out.")]
    ExtraDayOutsideTerms { day: NaiveDate },
    #[error("the school has no group {name:?}. Write the name as the roster has it, or import the roster first.")]
    UnknownGroup { name: String },
    #[error(
        "group {name:?} is of a form that this calendar is not for. Move the group to the calendar of its own form."
    )]
    GroupOfOtherForm { name: String },
}

impl Problem {
    pub(super) fn other_than(expected: &str) -> Self {
        Problem::WrongType { expected: expected.to_owned(), found: "something else".to_owned() }
    }

    /// The field that is not there, where that is what `serde` says.
    pub(super) fn missing(message: &str) -> Option<&str> {
        message.strip_prefix("missing field `")?.split('`').next()
    }

    /// What else `serde` says is wrong.
    pub(super) fn of(message: &str) -> Self {
        let mut words = message.split('`').skip(1).step_by(2);
        if message.starts_with("unknown variant") {
            let found = words.next().unwrap_or_default().to_owned();
            let known: Vec<String> = words.map(str::to_owned).collect();
            return Problem::UnknownWord { nearest: nearest(&found, &known), found, known };
        }
        match message {
            "wanted string or table" => return Problem::other_than("a word in quotation marks"),
            "short or long weekday names expected" => return Problem::other_than(&in_plain_words("Weekday")),
            _ => {}
        }
        let Some((found, expected)) = message.split_once(", expected ") else {
            return Problem::WrongValue { message: message.to_owned() };
        };
        let found =
            ["invalid type: ", "invalid value: "].iter().find_map(|what| found.strip_prefix(what)).unwrap_or(found);
        let [found, expected] = [found, expected].map(in_plain_words);
        Problem::WrongType { expected, found }
    }

    /// A stable word for scripts and for the table in `docs/rule-sets.md`.
    pub fn code(&self) -> &'static str {
        self.into()
    }
}

fn meant(nearest: Option<String>, known: &[String], otherwise: &str) -> String {
    match nearest {
        Some(nearest) => format!("Did you mean {nearest}?"),
        None => format!("{otherwise}: {}.", known.join(", ")),
    }
}

/// What `serde` calls what stands there, and what it would take.
fn in_plain_words(of_code: &str) -> String {
    let plain = match of_code {
        // The range is told once it is one.
        "u8" | "u16" | "u32" => "a small whole number from 0 up",
        "a string" => "text in quotation marks",
        "a sequence" => "a list in brackets",
        "sequence" => "a list",
        "map" => "a date, a time or a table",
        "Weekday" => "a day of the week such as \"mon\"",
        other => other,
    };
    plain.replace('`', "")
}

/// The mistakes of one file, gathered while it is read.
#[derive(Debug)]
pub struct Mistakes {
    file: String,
    line_starts: Vec<usize>,
    found: Vec<FileError>,
}

impl Mistakes {
    pub fn new(file_name: &str, text: &str) -> Self {
        let line_starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { file: file_name.to_owned(), line_starts, found: Vec::new() }
    }

    /// The line, from 1, that the byte at `offset` is on.
    pub fn line(&self, offset: usize) -> Option<usize> {
        Some(self.line_starts.partition_point(|start| *start <= offset))
    }

    pub fn add(&mut self, line: Option<usize>, path: String, problem: Problem) {
        self.found.push(FileError { file: self.file.clone(), line, path, problem });
    }

    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// From the top of the file to its end; what is said twice of one place is said once.
    pub fn in_order(mut self) -> Vec<FileError> {
        self.found.sort_by_key(|error| error.line);
        self.found.dedup();
        self.found
    }
}
