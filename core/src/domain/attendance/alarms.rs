//! The documents that follow from attendance: the office's calls, and signals to staff.

use super::Session;
use crate::domain::{
    ids::{CommandId, PersonId},
    people::Role,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What somebody at home said on the telephone about a pupil who is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum CallOutcome {
    AtHome,
    /// *She left at eight*: nobody knows where the pupil is. Settles nothing.
    ShouldBeAtSchool,
    /// What it is stands in the note of the call.
    Other,
}

impl CallOutcome {
    /// Whether somebody knows where the pupil is.
    pub fn settles(self) -> bool {
        match self {
            CallOutcome::AtHome | CallOutcome::Other => true,
            CallOutcome::ShouldBeAtSchool => false,
        }
    }
}

/// The newest word of home's on the telephone, beside the marks that it is about. Whom the school spoke with, and the note,
/// are with staff alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HomeAnswer {
    pub command: CommandId,
    pub outcome: CallOutcome,
    /// Who at school heard it.
    pub by: PersonId,
    /// When it was heard: the device's time where it is plausible.
    pub at: DateTime<Utc>,
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
    /// What home said. None: nobody was reached, or an earlier version did not ask.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<CallOutcome>,
    /// Whether a note stands with staff ([`super::AttendanceNote`]).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub has_note: bool,
}

/// An unexplained absence that nobody at home has read of: the office calls (`school/attendance/staff`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallListEntry {
    pub session: Session,
    pub since: DateTime<Utc>,
    pub calls: Vec<LoggedCall>,
    /// Home has said where the pupil is, has explained it, or the pupil has come. Of an earlier version: reached.
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
    /// Who has dealt with it, or taken that back: by time, and the newest holds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub handling: Vec<Handling>,
}

/// A signal that somebody has dealt with, or that waits again after all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handling {
    pub command: CommandId,
    pub handled: bool,
    pub by: PersonId,
    /// The device's time where it is plausible.
    pub at: DateTime<Utc>,
    /// For staff alone; at most [`super::NOTE_MAX`] characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl FollowUpSignal {
    pub fn asks_staff(&self) -> bool {
        !self.is_handled()
    }

    pub fn is_handled(&self) -> bool {
        self.handling.last().is_some_and(|last| last.handled)
    }

    /// Whether it is for somebody in that role: those whom the rule set names, and whoever leads the school.
    pub fn is_for(&self, role: Role) -> bool {
        self.tell.contains(&role) || matches!(role, Role::Principal | Role::DeputyPrincipal)
    }
}
