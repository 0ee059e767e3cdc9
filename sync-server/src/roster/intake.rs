//! What every reader of a file shares: the options, the staging file, the report, and the ways to read a value.

use super::{
    CarriedText,
    codes::Code,
    options::{EndDates, ReadOptions},
    report::{FileMode, Place, Reporter},
    staging::Staging,
    table::Row,
    values::{WrittenDate, masked, read_date},
};
use chrono::{DateTime, NaiveDate, Utc};
use skolebro_core::domain::{
    ids::{GroupId, PersonId, SchoolId},
    people::{Language, SchoolForm},
};
use std::collections::{BTreeMap, BTreeSet};

/// What is known of an organisation; there are few, so they are kept in memory.
#[derive(Clone, Debug)]
pub struct Org {
    pub name: String,
    pub kind: OrgKind,
    pub parent: Option<String>,
    pub gone: bool,
    pub line: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrgKind {
    School,
    /// A part of a school, or of the organiser.
    Department,
    /// The organiser, or above.
    Above,
    Unknown,
}

/// A school's own words from school.csv.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    pub line: u64,
    pub time_zone: Option<chrono_tz::Tz>,
    pub phone: Option<String>,
    pub language: Option<Language>,
    pub form: Option<SchoolForm>,
}

/// A value, or that the row cannot be used and the report says why.
pub type Cell<T> = Result<T, Skip>;

/// The row is skipped; the issue has been noted.
#[derive(Clone, Copy, Debug)]
pub struct Skip;

/// The bundle as it is being read.
#[derive(Debug)]
pub struct Intake {
    pub options: ReadOptions,
    pub staging: Staging,
    pub reporter: Reporter,
    pub modes: BTreeMap<&'static str, FileMode>,
    pub orgs: BTreeMap<String, Org>,
    pub settings: BTreeMap<String, Settings>,
    /// `rules*.toml` and `calendar*.toml`, as they stand.
    pub texts: Vec<CarriedText>,
    /// The other ids of persons who have several, both ways; filled when all is put together.
    pub aliases: BTreeMap<String, BTreeSet<String>>,
    /// Persons of rows under ids that are not theirs by derivation; filled when it is known who is who.
    pub renamed: BTreeMap<String, PersonId>,
    /// Rows whose person is in dispute: nothing that gives goes by them.
    pub disputed: BTreeSet<String>,
    /// `same_as` in legal.csv: two ids of one person,
    pub same_as: Vec<(String, String)>,
    /// ids that are still the same person's,
    pub still_same: BTreeSet<String>,
    /// and ids that have gone to somebody else.
    pub somebody_else: BTreeSet<String>,
    /// Whether classes.csv has a column of codes, and one of locations: a missing column says nothing.
    pub codes_told: bool,
    pub locations_told: bool,
    /// Whether users.csv has a column of guardians: without it, silence about them means nothing.
    pub agents_told: bool,
    /// Files that the bundle has and that could not be read: what refers to them is as unreadable as they are.
    pub unread: BTreeSet<&'static str>,
    /// A rules file could not be used, so that nobody knows which rule sets are left.
    pub rules_unclear: bool,
    /// Whether roles come from users.csv (OneRoster 1.1).
    pub roles_in_users: bool,
}

/// `status` of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Active,
    Gone,
}

impl Intake {
    pub fn new(options: ReadOptions, staging: Staging) -> Self {
        let reporter = Reporter::new(options.issues_kept);
        Self {
            options,
            staging,
            reporter,
            modes: BTreeMap::new(),
            orgs: BTreeMap::new(),
            settings: BTreeMap::new(),
            texts: Vec::new(),
            aliases: BTreeMap::new(),
            renamed: BTreeMap::new(),
            disputed: BTreeSet::new(),
            same_as: Vec::new(),
            still_same: BTreeSet::new(),
            somebody_else: BTreeSet::new(),
            codes_told: false,
            locations_told: false,
            agents_told: false,
            unread: BTreeSet::new(),
            rules_unclear: false,
            roles_in_users: false,
        }
    }

    pub fn mode(&self, file: &str) -> FileMode {
        self.modes.get(file).copied().unwrap_or_default()
    }

    /// Whether the bundle holds the file, in which nothing could be read.
    pub fn is_unread(&self, file: &str) -> bool {
        self.unread.contains(file)
    }

    /// Who a row is about: derived from its id, or whom that id was found to be.
    pub fn person_id(&self, sid: &str) -> PersonId {
        if let Some(person) = self.renamed.get(sid) {
            return *person;
        }
        PersonId::derive(&[&self.options.organiser, &sid])
    }

    pub fn school_id(&self, sid: &str) -> SchoolId {
        SchoolId::derive(&[&self.options.organiser, &sid])
    }

    pub fn group_id(&self, sid: &str) -> GroupId {
        GroupId::derive(&[&self.options.organiser, &sid])
    }

    pub fn issue(&mut self, file: &str, row: &Row, column: &str, code: Code, value: Option<&str>, what: &str) {
        let place = Place::line(file, row.line);
        let place = if column.is_empty() { place } else { place.column(column) };
        self.reporter.issue(place, code, value, what);
    }

    /// The id that a row cannot be without.
    pub fn id<'r>(&mut self, file: &str, row: &'r Row, column: &str) -> Cell<&'r str> {
        row.value(column).ok_or_else(|| {
            self.issue(file, row, column, Code::IdMissing, None, "the row has no id");
            Skip
        })
    }

    pub fn status(&mut self, file: &str, row: &Row) -> Cell<Status> {
        let Some(status) = row.value("status") else { return Ok(Status::Active) };
        match status.to_lowercase().as_str() {
            "active" => Ok(Status::Active),
            // 1.0 and 1.1 also have inactive, which the binding of 1.2 folds into the other.
            "tobedeleted" | "inactive" => {
                if self.mode(file) == FileMode::Bulk {
                    self.issue(file, row, "status", Code::StatusInBulk, Some(status), "the row stands in a bulk file");
                }
                Ok(Status::Gone)
            }
            _ => {
                self.issue(file, row, "status", Code::StatusUnknown, Some(status), "the status is not known");
                Err(Skip)
            }
        }
    }

    /// A day, or none where the cell is empty. An unreadable one skips the row: an end that is lost would give for ever.
    pub fn date(&mut self, file: &str, row: &Row, column: &str) -> Cell<Option<NaiveDate>> {
        let Some(text) = row.value(column) else { return Ok(None) };
        match read_date(text, self.options.time_zone) {
            WrittenDate::Standard(day) => Ok(Some(day)),
            WrittenDate::Odd(day) => {
                self.issue(file, row, column, Code::DateForm, Some(text), &format!("the date was read as {day}"));
                Ok(Some(day))
            }
            WrittenDate::Never => {
                self.issue(file, row, column, Code::DateEmpty, Some(text), "the date stands for none");
                Ok(None)
            }
            WrittenDate::Ambiguous => {
                let what = "the date can be read with the day or the month first";
                self.issue(file, row, column, Code::DateAmbiguous, Some(text), what);
                Err(Skip)
            }
            WrittenDate::Unreadable => {
                self.issue(file, row, column, Code::DateUnreadable, Some(text), "the date cannot be read");
                Err(Skip)
            }
        }
    }

    /// The last day that counts, from OneRoster's end date.
    pub fn last_day(&mut self, file: &str, row: &Row, column: &str) -> Cell<Option<NaiveDate>> {
        let end = self.date(file, row, column)?;
        Ok(match self.options.end_dates {
            EndDates::Exclusive => end.and_then(|end| end.pred_opt()),
            EndDates::Inclusive => end,
        })
    }

    /// A span with at least one day.
    pub fn span(
        &mut self,
        file: &str,
        row: &Row,
        first: Option<NaiveDate>,
        until: Option<NaiveDate>,
        column: &str,
    ) -> Cell<()> {
        if let (Some(first), Some(until)) = (first, until)
            && until < first
        {
            let what = format!("from {first}, and the last day that counts is {until}");
            self.issue(file, row, column, Code::DatesEmpty, row.value(column), &what);
            return Err(Skip);
        }
        Ok(())
    }

    /// A birth date; what cannot be read is unknown. Its digits never reach the report.
    pub fn birth_date(&mut self, file: &str, row: &Row, column: &str) -> Option<NaiveDate> {
        let text = row.value(column)?;
        let written = read_date(text, self.options.time_zone);
        match written {
            WrittenDate::Standard(day) | WrittenDate::Odd(day) => {
                let oldest = self.options.today.checked_sub_days(chrono::Days::new(120 * 366));
                if day > self.options.today || oldest.is_some_and(|oldest| day < oldest) {
                    let what = "the birth date is in the future, or more than 120 years ago";
                    self.issue(file, row, column, Code::BirthDateUnlikely, Some(&masked(text)), what);
                    return None;
                }
                if matches!(written, WrittenDate::Odd(_)) {
                    let what = "the birth date has another form than the standard's, and one reading";
                    self.issue(file, row, column, Code::DateForm, Some(&masked(text)), what);
                }
                Some(day)
            }
            WrittenDate::Never => None,
            WrittenDate::Ambiguous | WrittenDate::Unreadable => {
                let what = "the birth date cannot be read in one way only";
                self.issue(file, row, column, Code::BirthDateUnreadable, Some(&masked(text)), what);
                None
            }
        }
    }

    pub fn language(&mut self, file: &str, row: &Row, column: &str) -> Option<Language> {
        let text = row.value(column)?;
        let language = Language::from_tag(text);
        if language.is_none() {
            self.issue(file, row, column, Code::LanguageUnknown, Some(text), "the app does not speak the language");
        }
        language
    }

    /// When a row was modified, for telling which of two is newer.
    pub fn modified(&self, row: &Row) -> Option<String> {
        let text = row.value("dateLastModified")?;
        if let Ok(instant) = DateTime::parse_from_rfc3339(text) {
            return Some(instant.with_timezone(&Utc).format("%Y-%m-%dT%H:%M:%S%.6f").to_string());
        }
        match read_date(text, self.options.time_zone) {
            WrittenDate::Standard(day) | WrittenDate::Odd(day) => Some(day.to_string()),
            WrittenDate::Never | WrittenDate::Ambiguous | WrittenDate::Unreadable => None,
        }
    }

    /// The school that an organisation is, or is within.
    pub fn school_of_org(&self, sid: &str) -> SchoolOf {
        let mut at = sid;
        // Departments nest a few levels at most; a circle of them is no school.
        for _ in 0..8 {
            match self.orgs.get(at) {
                Some(org) if org.kind == OrgKind::School => return SchoolOf::School(self.school_id(at)),
                Some(Org { kind: OrgKind::Department, parent: Some(parent), .. }) => at = parent,
                Some(_) => return SchoolOf::NotSchool,
                // A delta need not repeat a school that is stored; whether it is shows when all is put together.
                None if self.mode("orgs.csv") != FileMode::Bulk => return SchoolOf::School(self.school_id(at)),
                None => return SchoolOf::Dangling,
            }
        }
        SchoolOf::NotSchool
    }

    /// The school of a row, or an issue.
    pub fn school(&mut self, file: &str, row: &Row, column: &str, sid: &str) -> Cell<SchoolId> {
        match self.school_of_org(sid) {
            SchoolOf::School(school) => Ok(school),
            SchoolOf::NotSchool => {
                self.issue(file, row, column, Code::OrgNotSchool, Some(sid), "it is not a school, nor within one");
                Err(Skip)
            }
            SchoolOf::Dangling => {
                self.issue(file, row, column, Code::OrgDangling, Some(sid), "orgs.csv has no such organisation");
                Err(Skip)
            }
        }
    }
}

/// What a reference to an organisation comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SchoolOf {
    School(SchoolId),
    /// Above or beside any school.
    NotSchool,
    Dangling,
}
