//! What can be wrong in a rule-set or calendar file. A closed list: each has a code, a sentence and an advice, and
//! `docs/rule-sets.md` names them all.

use chrono::{NaiveDate, NaiveTime};
use std::fmt;

/// One mistake, where it is and what to do about it. Shown as
/// `rules.toml:12: rule_set[1].attendance.cutoff: "8.15" is not a time of day. Write it as "08:15".`
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
        write!(f, ": {}. {}", self.problem, self.problem.advice())
    }
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    // Any file.
    #[error("this is not TOML: {message}")]
    Syntax { message: String },
    #[error("nothing is here")]
    Missing,
    #[error("no such key is known here")]
    UnknownKey { nearest: Option<String>, known: Vec<String> },
    #[error("{found} stands where {expected} belongs")]
    WrongType { expected: &'static str, found: &'static str },
    #[error("{found:?} is not one of the words for this")]
    UnknownWord { found: String, nearest: Option<String>, known: Vec<String> },
    #[error("{found:?} is not a time of day")]
    NotATime { found: String },
    #[error("{found:?} is not a date")]
    NotADate { found: String },
    #[error("{found} is out of range")]
    OutOfRange { found: String, least: i64, most: i64 },
    #[error("this is empty")]
    Empty,
    #[error("{what} stands here a second time")]
    Twice { what: String },
    #[error("it ends ({to}) before it starts ({from})")]
    EndsBeforeStart { from: String, to: String },

    // Rule sets.
    #[error("{form} already has {other:?} for some of these days")]
    DatesOverlap { form: String, other: String },
    #[error("{cutoff} is not a cutoff for a day from {starts} to {ends}", cutoff = cutoff.format("%H:%M"), starts = starts.format("%H:%M"), ends = ends.format("%H:%M"))]
    CutoffOutsideDay { cutoff: NaiveTime, starts: NaiveTime, ends: NaiveTime },
    #[error("the roll is called by lesson, but there are no lessons")]
    NoLessons,
    #[error("lesson {number} starts before lesson {before} has ended", before = number - 1)]
    LessonsOverlap { number: usize },
    #[error("lesson {number} comes before lesson {before}", before = number - 1)]
    LessonsOutOfOrder { number: usize },
    #[error("lesson {number} is not within the day")]
    LessonOutsideDay { number: usize },
    #[error("{count} can never be reached within {within_days} days")]
    NeverReached { count: u16, within_days: u16 },
    #[error("no leave gets as far as this step")]
    StepNeverReached,
    #[error("nobody decides a leave that is longer than all steps")]
    StepsEndTooSoon,
    #[error("one leave may be {longest} days, but a whole year's only {most_in_year}")]
    CapsCross { longest: u16, most_in_year: u16 },
    #[error("phones would be quiet while staff are at work")]
    QuietWhileStaffed,

    // Calendars.
    #[error("{found:?} is not a school year")]
    NotASchoolYear { found: String },
    #[error("{found:?} is not a day of the year")]
    NotADay { found: String },
    #[error("{school_year} has no such day")]
    NoSuchDay { school_year: String },
    #[error("this is in none of the calendar's school years")]
    OutsideSchoolYears,
    #[error("give either {first} or {second}, and not both")]
    OneOf { first: &'static str, second: &'static str },
    #[error("{school_year} has no term")]
    NoTerm { school_year: String },
    #[error("{first:?} and {second:?} share days in {school_year}")]
    TermsOverlap { first: String, second: String, school_year: String },
    #[error("{day} is in no term")]
    ExtraDayOutsideTerms { day: NaiveDate },
    #[error("the school has no group {name:?}")]
    UnknownGroup { name: String },
    #[error("group {name:?} is of a form that this calendar is not for")]
    GroupOfOtherForm { name: String },
}

impl Problem {
    /// A stable word for scripts and for the table in `docs/rule-sets.md`.
    pub fn code(&self) -> &'static str {
        match self {
            Problem::Syntax { .. } => "syntax",
            Problem::Missing => "missing",
            Problem::UnknownKey { .. } => "unknown_key",
            Problem::WrongType { .. } => "wrong_type",
            Problem::UnknownWord { .. } => "unknown_word",
            Problem::NotATime { .. } => "not_a_time",
            Problem::NotADate { .. } => "not_a_date",
            Problem::OutOfRange { .. } => "out_of_range",
            Problem::Empty => "empty",
            Problem::Twice { .. } => "twice",
            Problem::EndsBeforeStart { .. } => "ends_before_start",
            Problem::DatesOverlap { .. } => "dates_overlap",
            Problem::CutoffOutsideDay { .. } => "cutoff_outside_day",
            Problem::NoLessons => "no_lessons",
            Problem::LessonsOverlap { .. } => "lessons_overlap",
            Problem::LessonsOutOfOrder { .. } => "lessons_out_of_order",
            Problem::LessonOutsideDay { .. } => "lesson_outside_day",
            Problem::NeverReached { .. } => "never_reached",
            Problem::StepNeverReached => "step_never_reached",
            Problem::StepsEndTooSoon => "steps_end_too_soon",
            Problem::CapsCross { .. } => "caps_cross",
            Problem::QuietWhileStaffed => "quiet_while_staffed",
            Problem::NotASchoolYear { .. } => "not_a_school_year",
            Problem::NotADay { .. } => "not_a_day",
            Problem::NoSuchDay { .. } => "no_such_day",
            Problem::OutsideSchoolYears => "outside_school_years",
            Problem::OneOf { .. } => "one_of",
            Problem::NoTerm { .. } => "no_term",
            Problem::TermsOverlap { .. } => "terms_overlap",
            Problem::ExtraDayOutsideTerms { .. } => "extra_day_outside_terms",
            Problem::UnknownGroup { .. } => "unknown_group",
            Problem::GroupOfOtherForm { .. } => "group_of_other_form",
        }
    }

    /// What to do about it, as a whole sentence.
    pub fn advice(&self) -> String {
        match self {
            Problem::Syntax { .. } => {
                "Mend the line, then read the file again: more may be wrong further on.".to_owned()
            }
            Problem::Missing => "Add it; docs/rule-sets.md says what it means.".to_owned(),
            Problem::UnknownKey { nearest: Some(nearest), .. } => format!("Did you mean {nearest}?"),
            Problem::UnknownKey { nearest: None, known } => format!("Known are: {}.", known.join(", ")),
            Problem::WrongType { expected, .. } => format!("Write {expected}."),
            Problem::UnknownWord { nearest: Some(nearest), .. } => format!("Did you mean {nearest:?}?"),
            Problem::UnknownWord { nearest: None, known, .. } => format!("Write one of: {}.", known.join(", ")),
            Problem::NotATime { .. } => "Write it as \"08:15\".".to_owned(),
            Problem::NotADate { .. } => "Write it as 2026-08-18.".to_owned(),
            Problem::OutOfRange { least, most, .. } => format!("Write a whole number from {least} to {most}."),
            Problem::Empty => "Write something, or leave the key out if it may be left out.".to_owned(),
            Problem::Twice { .. } => "Keep one of them, or give one another name.".to_owned(),
            Problem::EndsBeforeStart { .. } => "Change one of the two.".to_owned(),
            Problem::DatesOverlap { .. } => {
                "End the earlier one before this one starts, or leave its valid_until out and start this one later."
                    .to_owned()
            }
            Problem::CutoffOutsideDay { .. } => {
                "Write a time that is at most three hours before day_starts and not after day_ends.".to_owned()
            }
            Problem::NoLessons => "Add [[rule_set.attendance.lesson]] tables, or write roll = \"day\".".to_owned(),
            Problem::LessonsOverlap { .. } => {
                "Let each lesson start when the one before has ended, or later.".to_owned()
            }
            Problem::LessonsOutOfOrder { .. } => "Write the lessons in the order of the day.".to_owned(),
            Problem::LessonOutsideDay { .. } => "Move the lesson, or change day_starts or day_ends.".to_owned(),
            Problem::NeverReached { .. } => "Lower count or raise within_days.".to_owned(),
            Problem::StepNeverReached => {
                "Write the steps with the shortest leave first, each with a higher limit than the one before."
                    .to_owned()
            }
            Problem::StepsEndTooSoon => "Add a last step without up_to_days and up_to_total.".to_owned(),
            Problem::CapsCross { .. } => "Lower longest or raise most_in_year.".to_owned(),
            Problem::QuietWhileStaffed => {
                "Let the quiet hours start when staff have left, and end before they come.".to_owned()
            }
            Problem::NotASchoolYear { .. } => "Write it as \"2026/27\".".to_owned(),
            Problem::NotADay { .. } => {
                "Write 2026-08-18, \"12-24\", \"easter-2\", \"week 44 mon\" or \"sat from 10-31\".".to_owned()
            }
            Problem::NoSuchDay { .. } => "Write the day of that year as a date of its own.".to_owned(),
            Problem::OutsideSchoolYears => {
                "Correct the date, or add the year to school_years. A school year runs from 1 August to 31 July."
                    .to_owned()
            }
            Problem::OneOf { .. } => "Keep one of the two.".to_owned(),
            Problem::NoTerm { .. } => {
                "Add a [[calendar.term]] for it, or take the year out of school_years.".to_owned()
            }
            Problem::TermsOverlap { .. } => "Let the first end before the second starts.".to_owned(),
            Problem::ExtraDayOutsideTerms { .. } => "Lengthen the term, or take the day out.".to_owned(),
            Problem::UnknownGroup { .. } => {
                "Write the name as the roster has it, or import the roster first.".to_owned()
            }
            Problem::GroupOfOtherForm { .. } => "Move the group to the calendar of its own form.".to_owned(),
        }
    }
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
