//! The attendance board: one group's or the whole school's day at a glance, and who is in the building. Where records and
//! rolls say nothing it says *unmarked*, never *present*. [`DayBook`] fills it.

use super::{AbsenceKind, Extent, Session, Status, Told};
use crate::domain::ids::{GroupId, PersonId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub use super::day_book::DayBook;

/// Whether a group's roll has been called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum RollState {
    /// The group does not meet that day, or has no roll of its own.
    NoRoll,
    /// Not closed, and not late yet.
    Open,
    /// Not closed although it is due.
    Untaken,
    Taken {
        by: PersonId,
        at: DateTime<Utc>,
    },
}

/// Pupils by where they stand. `pupils` is the sum of all below it but `expected`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// In session that day.
    pub pupils: u32,
    /// Should be at school now: not reported, not on leave, not explained.
    pub expected: u32,
    pub present: u32,
    pub sick: u32,
    /// At an appointment, or away for another reason that home has told.
    pub away: u32,
    pub on_leave: u32,
    /// Missed, and nobody has said why.
    pub unexplained: u32,
    /// Missed, and explained afterwards.
    pub explained: u32,
    /// Left early or sent home.
    pub gone: u32,
    /// No roll has said anything yet.
    pub unmarked: u32,
}

impl Counts {
    pub(super) fn add(&mut self, status: &Status) {
        let place = match status {
            Status::NotInSession => return,
            Status::Present | Status::Late { .. } => &mut self.present,
            Status::Expected | Status::Back { .. } => &mut self.unmarked,
            Status::Reported { kind: AbsenceKind::Sick, .. } => &mut self.sick,
            Status::Reported { kind: AbsenceKind::Appointment | AbsenceKind::Other, .. } => &mut self.away,
            Status::OnLeave => &mut self.on_leave,
            Status::Unexplained { told: Told::Nothing } => &mut self.unexplained,
            Status::Unexplained { told: Told::Waiting | Told::Accepted | Told::Refused } => &mut self.explained,
            Status::LeftEarly { .. } | Status::SentHome { .. } => &mut self.gone,
        };
        *place += 1;
        self.pupils += 1;
        self.expected = self.pupils - self.sick - self.away - self.on_leave - self.explained;
    }
}

/// One pupil's line in a roll or board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    pub pupil: PersonId,
    pub status: Status,
    /// The absence in force, also where it is of another time of the day.
    pub extent: Option<Extent>,
    /// Some report in force was filed late.
    pub late_report: bool,
    /// Some report in force has not been seen by staff.
    pub unseen: bool,
    pub has_note: bool,
    /// School and home contradict each other.
    pub check: bool,
    /// An explanation waits for staff.
    pub to_judge: bool,
    /// Home believes the pupil at school, and it is missing.
    pub alarm: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupBoard {
    pub group: GroupId,
    pub session: Session,
    pub roll: RollState,
    pub counts: Counts,
    /// In the order of ids; screens sort by name.
    pub rows: Vec<Row>,
}

/// Who is in the building, for whoever stands outside it with a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evacuation {
    /// Seen at school, and not seen to leave.
    pub inside: Vec<PersonId>,
    /// Not ruled out: no roll has said, or the day is over and nobody has said that they left.
    pub uncertain: Vec<PersonId>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchoolBoard {
    /// The groups that call a roll that day.
    pub groups: Vec<GroupBoard>,
    /// Each pupil once, in however many groups.
    pub total: Counts,
    pub rolls_untaken: u32,
    /// Whom nobody would miss: at school today, and in no group whose roll is called.
    pub no_roll: Vec<PersonId>,
    pub evacuation: Evacuation,
}
