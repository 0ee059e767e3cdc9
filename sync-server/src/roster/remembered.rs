//! What rows of the source said when they were last imported, as the store keeps it between imports. A row that comes again
//! replaces that; a person whose id changes is known by it. No names and no contact details: ids, days and fingerprints.
//!
//! It is stored: a field is never renamed, and a new one has a default. What cannot be read any more is as if it had not
//! been said.

use crate::store::SourceRow;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use skolebro_core::domain::ids::{PersonId, SchoolId};

pub const USERS: &str = "users.csv";
pub const ROLES: &str = "roles.csv";
pub const CLASSES: &str = "classes.csv";
pub const ENROLLMENTS: &str = "enrollments.csv";

/// A row of users.csv.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaidUser {
    /// Who that is here: not derived from this id where the person had another one before.
    pub person: PersonId,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<String>,
    /// `agentSourcedIds`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub agents: Vec<String>,
    /// In OneRoster 1.1: schools, and what the user is there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<(SchoolId, String)>,
    /// The id seems to have gone to somebody else; nothing goes by it until that is settled.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub disputed: bool,
}

/// A row of roles.csv.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaidRole {
    pub user: String,
    pub school: SchoolId,
    /// As it is staged: `pupil`, `teaching`, `principal`, `office`.
    pub role: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
}

/// A row of classes.csv: the days that its terms span.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaidClass {
    pub school: SchoolId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
}

/// A row of enrollments.csv.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaidEnrollment {
    pub class: String,
    pub user: String,
    /// `pupil` or `teacher`.
    pub role: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub lead: bool,
    /// The class's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub school: Option<SchoolId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
}

/// What is to be remembered of a row from now on; none: nothing any longer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remember {
    pub file: String,
    pub id: String,
    pub said: Option<String>,
}

impl Remember {
    /// As the store keeps it.
    pub fn row(&self, organiser: &str) -> Option<SourceRow> {
        let said = self.said.as_deref()?.into();
        Some(SourceRow { organiser: organiser.to_owned(), file: self.file.clone(), id: self.id.clone(), said })
    }
}

/// What a row said, if it can be read.
pub fn read<T: DeserializeOwned>(said: &str) -> Option<T> {
    serde_json::from_str(said).ok()
}
