//! The documents that follow from attendance: notices to home, the office's calls, and signals to staff.

use super::Session;
use crate::domain::{
    ids::{CommandId, PersonId},
    people::Role,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum NoticeReason {
    /// The pupil is not at school and nobody has said why (skollagen 7 kap. 17 §: the same day).
    UnexplainedAbsence,
    /// School's roll and a report contradict each other: please check.
    CheckReport,
    SentHomeSick,
    /// Staff accepted or refused an explanation.
    ExplanationJudged,
    /// A topic was delegated to this person, or no longer is.
    DelegationChanged,
    /// Staff made a code for a next phone of this person's.
    CodeMade,
}

/// To one person, in `person/attendance/all`. The lock screen shows neither name nor content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    pub reason: NoticeReason,
    pub session: Session,
    pub at: DateTime<Utc>,
    /// What it said is no longer so (a late arrival, an explanation).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corrected_at: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_at: Option<DateTime<Utc>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoggedCall {
    pub command: CommandId,
    pub by: PersonId,
    pub at: DateTime<Utc>,
    /// Whom the office called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub called: Option<PersonId>,
    pub reached: bool,
}

/// An unexplained absence that nobody at home has read of: the office calls (`school/attendance/staff`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallListEntry {
    pub session: Session,
    pub since: DateTime<Utc>,
    pub calls: Vec<LoggedCall>,
    /// Reached, explained or arrived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<DateTime<Utc>>,
}

/// Repeated or long absence past a rule set's threshold (`pupil/attendance/staff`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowUpSignal {
    /// The threshold's name in the rule set.
    pub threshold: String,
    pub count: u16,
    pub within_days: u16,
    pub tell: Vec<Role>,
    pub at: DateTime<Utc>,
}
