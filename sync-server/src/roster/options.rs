//! What the caller decides about an import: whose roster it is, what holds where the bundle is silent, and every limit.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use skolebro_core::domain::people::{Language, SchoolForm};

/// How a bundle is read.
#[derive(Clone, Debug)]
pub struct ReadOptions {
    /// The organiser's stable id: all ids are derived from it and the source's own, so it must never change.
    pub organiser: String,
    /// The organiser's name for people; the id stands in where it is not known.
    pub organiser_name: Option<String>,
    /// The day of the import, for notes about what is over. It changes no fact.
    pub today: NaiveDate,
    /// Where school.csv is silent about a new school.
    pub time_zone: chrono_tz::Tz,
    pub language: Language,
    pub form: Option<SchoolForm>,
    /// How the exporter means `endDate`.
    pub end_dates: EndDates,
    /// How many issues of each code and file are kept; all are counted.
    pub issues_kept: usize,
    pub limits: Limits,
}

impl ReadOptions {
    pub fn new(organiser: impl Into<String>, today: NaiveDate) -> Self {
        Self {
            organiser: organiser.into(),
            organiser_name: None,
            today,
            time_zone: chrono_tz::Europe::Stockholm,
            language: Language::Sv,
            form: None,
            end_dates: EndDates::Exclusive,
            issues_kept: 20,
            limits: Limits::default(),
        }
    }
}

/// OneRoster says that an end date is the first day that no longer counts. Some exporters write the last day that does;
/// the files cannot tell, so the operator says it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndDates {
    #[default]
    Exclusive,
    Inclusive,
}

/// What a bundle may cost. A zip that unpacks to more is refused whole.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Files in the zip.
    pub entries: usize,
    /// Bytes of one file, unpacked.
    pub file_bytes: u64,
    /// Bytes of all files, unpacked.
    pub total_bytes: u64,
    /// How many times larger than packed a file may be, once it is past `ratio_from`.
    pub ratio: u64,
    /// Bytes up to which the ratio does not count: small files of few words pack well.
    pub ratio_from: u64,
    /// Bytes of one row.
    pub row_bytes: usize,
    /// Bytes of rules.toml, calendar.toml and the like.
    pub text_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            entries: 1_000,
            file_bytes: 1 << 30,
            total_bytes: 4 << 30,
            ratio: 200,
            ratio_from: 16 << 20,
            row_bytes: 64 << 10,
            text_bytes: 1 << 20,
        }
    }
}
