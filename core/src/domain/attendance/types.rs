//! The documents of attendance: what is so for a pupil, a day and a session, and a group's roll.
//!
//! No diagnosis is asked for or stored: a kind, a time, who and when. Nothing here may hold a name.

use super::HomeAnswer;
use crate::domain::ids::{CommandId, GroupId, PersonId};
use crate::reading::known;
use chrono::{DateTime, NaiveTime, Utc};
use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;

/// The longest note, in characters. It is for "back at ten, dentist's", not for health.
pub const NOTE_MAX: usize = 300;

/// The whole day, or a lesson where the school calls the roll by lesson (numbered from 1 in the rule set).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum Session {
    #[default]
    Day,
    Lesson(u8),
}

impl fmt::Display for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Session::Day => f.write_str("day"),
            Session::Lesson(number) => write!(f, "lesson-{number}"),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum AbsenceKind {
    Sick,
    Appointment,
    Other,
}

// An older app's word for a kind that it does not know, in what is so; in what is asked for there is none.

fn absence_kind<'de, D: Deserializer<'de>>(deserializer: D) -> Result<AbsenceKind, D::Error> {
    Ok(known(deserializer)?.unwrap_or(AbsenceKind::Other))
}

fn some_absence_kind<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<AbsenceKind>, D::Error> {
    Ok(known(deserializer)?.unwrap_or(Some(AbsenceKind::Other)))
}

/// A part of a day, local time, `from < to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct PartOfDay {
    pub from: NaiveTime,
    pub to: NaiveTime,
}

/// How much of the day. A whole day beats a part; parts unite (sorted, disjoint, never empty).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum Extent {
    Whole,
    Parts(Vec<PartOfDay>),
}

/// One telling of the absence. Several guardians, or one twice, still make one absence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    pub command: CommandId,
    #[serde(deserialize_with = "absence_kind")]
    pub kind: AbsenceKind,
    pub extent: Extent,
    /// Who filed it: an adult at home, or staff.
    pub by: PersonId,
    /// For whom the office filed it (*phoned 08:12*).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<PersonId>,
    /// The device's time. Shown beside the server's; lateness follows it where it is plausible.
    pub filed_at: DateTime<Utc>,
    /// The server's time.
    pub received_at: DateTime<Utc>,
    /// Filed after the rule set's cutoff of that day.
    pub late: bool,
    /// Whether a note stands in the teller's own circle ([`AttendanceNote`]); on the first day of several only.
    #[serde(default)]
    pub has_note: bool,
    /// The first member of staff who saw it in a roll or a board.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<Seen>,
    /// Well again or withdrawn: it holds no longer from this time of the day on; midnight: not at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_from: Option<NaiveTime>,
}

impl Report {
    /// Whose word it is: the guardian who phoned, or else who filed it.
    pub fn teller(&self) -> PersonId {
        self.on_behalf_of.unwrap_or(self.by)
    }

    /// Whether anything of it still holds.
    pub fn holds(&self) -> bool {
        self.ended_from != Some(NaiveTime::MIN)
    }
}

/// Well again, or withdrawn before it started: what was reported no longer holds from `from` on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    pub command: CommandId,
    pub by: PersonId,
    /// The server's time.
    pub at: DateTime<Utc>,
    /// When it was said: the device's time where it is plausible. A report that was filed before it and arrives after it
    /// has been ended too.
    pub filed_at: DateTime<Utc>,
    /// What kind of absence it was.
    #[serde(deserialize_with = "absence_kind")]
    pub kind: AbsenceKind,
    /// The pupil is back from this time; none: the whole day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub back_at: Option<NaiveTime>,
    /// Withdrawn before it started, rather than ended.
    pub withdrawn: bool,
}

impl Ended {
    /// Whether it speaks of a report that was filed before it. Of a day that ends at a time: whatever runs then, so that
    /// a dentist's hour later in the day stands. Of a whole one: the absence of its kind. Whole days make one absence,
    /// whatever each teller called it.
    pub fn ends(&self, report: &Report, open: PartOfDay) -> bool {
        match self.back_at {
            Some(back) => report.extent.starts(open) < back,
            None => report.kind == self.kind || report.extent.is_whole(),
        }
    }

    /// From when on a report that it ends holds no longer.
    pub fn from(&self) -> NaiveTime {
        self.back_at.unwrap_or(NaiveTime::MIN)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum Presence {
    Present,
    Late {
        at: NaiveTime,
    },
    /// Not there, and nobody has said why.
    Unexplained,
    LeftEarly {
        at: NaiveTime,
    },
    SentHomeSick {
        at: NaiveTime,
    },
}

impl Presence {
    /// Whether the mark says that the pupil was at school, however briefly.
    pub fn was_there(self) -> bool {
        match self {
            Presence::Present | Presence::Late { .. } | Presence::LeftEarly { .. } | Presence::SentHomeSick { .. } => {
                true
            }
            Presence::Unexplained => false,
        }
    }
}

/// A mark in one group's roll. `previous` lets a teacher undo within the rule set's seconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    pub command: CommandId,
    pub presence: Presence,
    pub by: PersonId,
    /// The device's time where it is plausible, so that undoing is measured by the teacher's own clock.
    pub at: DateTime<Utc>,
    pub group: GroupId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<Box<Mark>>,
}

/// A mark that was taken back: kept so that a replay of either command finds its own effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undone {
    pub command: CommandId,
    /// The command whose mark it was.
    pub mark: CommandId,
}

/// A guardian's explanation of an unexplained absence, and what staff made of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    pub command: CommandId,
    #[serde(deserialize_with = "absence_kind")]
    pub kind: AbsenceKind,
    pub by: PersonId,
    /// When it was said: the device's time where it is plausible. Whoever said it knew of the marks made until then.
    pub at: DateTime<Utc>,
    #[serde(default)]
    pub has_note: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judged: Option<Judgement>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judgement {
    pub command: CommandId,
    pub accepted: bool,
    pub by: PersonId,
    pub at: DateTime<Utc>,
    /// Shown to the guardians; at most [`NOTE_MAX`] characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// The first member of staff who saw the report in a roll or a board.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    pub by: PersonId,
    pub at: DateTime<Utc>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum Validity {
    #[default]
    Unjudged,
    /// Giltig, lovlig, gyldig.
    Valid,
    /// Ogiltig, ulovlig, ugyldig.
    Invalid,
}

/// What is so for one pupil, day and session; one record, in `pupil/attendance/all`.
///
/// Reports are in the day's own record ([`Session::Day`]), also where the roll is called by lesson.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attendance {
    pub session: Session,
    /// In the order the server took them; the newest [`REPORTS_KEPT`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reports: Vec<Report>,
    /// The absence in force: the union of the reports, less what was ended, less what presence marks outrank. None:
    /// expected at school.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extent: Option<Extent>,
    /// What kind the reports say, as long as any holds.
    #[serde(default, deserialize_with = "some_absence_kind", skip_serializing_if = "Option::is_none")]
    pub kind: Option<AbsenceKind>,
    /// Away on a granted leave, the whole day. Written by the rules of leave.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub on_leave: bool,
    /// The newest end or withdrawal. It says nothing of reports that came after it: each report knows whether it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Ended>,
    /// One per group that marked: a class in the morning, an after-school club in the afternoon.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<Mark>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undone: Option<Undone>,
    /// Oldest first. Each answers the marks that were made before it, so a mark after the last one asks anew.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub explanations: Vec<Explanation>,
    /// What home said when the school called about a pupil who was missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered: Option<HomeAnswer>,
    #[serde(default)]
    pub validity: Validity,
    /// A presence mark and a report contradict each other: both sides are asked to check.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub check: bool,
}

/// The newest reports that one record keeps. Two guardians tell it twice, not twenty times.
pub const REPORTS_KEPT: usize = 20;
/// The newest explanations that one record keeps.
pub const EXPLANATIONS_KEPT: usize = 20;
/// The newest notes about a pupil's day that are kept in one circle, one teller's.
pub const NOTES_KEPT: usize = 20;

impl RollTaken {
    /// Whether whoever closed it knew of a report: it had reached the school, or they had seen or filed it themselves. A roll
    /// holds against every other report, in whichever order the two arrive.
    pub fn knew_of(&self, report: &Report) -> bool {
        report.received_at <= self.at
            || report.seen.is_some_and(|seen| seen.by == self.by)
            || (report.by == self.by && report.filed_at <= self.at)
    }

    /// What it says of whomever it does not name, as a mark.
    pub fn presence(&self) -> Mark {
        Mark {
            command: self.command,
            presence: Presence::Present,
            by: self.by,
            at: self.at,
            group: self.group,
            previous: None,
        }
    }
}

/// That a group's roll was closed, for the homes of its members (`group/info/all`): who is not named in it, nobody's
/// business. What home's phone holds of its own child says the rest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RollClosed {
    pub command: CommandId,
    pub group: GroupId,
    pub session: Session,
    pub by: PersonId,
    pub at: DateTime<Utc>,
}

impl From<&RollTaken> for RollClosed {
    fn from(taken: &RollTaken) -> Self {
        Self { command: taken.command, group: taken.group, session: taken.session, by: taken.by, at: taken.at }
    }
}

impl From<RollClosed> for RollTaken {
    /// As a home's phone knows it: of nobody's absence.
    fn from(closed: RollClosed) -> Self {
        let RollClosed { command, group, session, by, at } = closed;
        Self { command, group, session, by, at, absent: Vec::new() }
    }
}

impl Attendance {
    pub fn of(session: Session) -> Self {
        Self { session, ..Self::default() }
    }

    /// The mark that one group has made.
    pub fn mark_of(&self, group: GroupId) -> Option<&Mark> {
        self.marks.iter().find(|mark| mark.group == group)
    }

    /// The newest mark of any group.
    pub fn latest_mark(&self) -> Option<&Mark> {
        self.marks.iter().max_by_key(|mark| mark.at)
    }

    /// What home said of a mark that missed the pupil: the first explanation since.
    pub fn answer_to(&self, mark: &Mark) -> Option<&Explanation> {
        self.explanations.iter().find(|explanation| mark.at <= explanation.at)
    }

    /// Whether staff have an explanation to accept or refuse.
    pub fn waits_for_judgement(&self) -> bool {
        self.explanations.iter().any(|explanation| explanation.judged.is_none())
    }

    /// Whether home, called about a mark of this session, believes the pupil at school, as far as this session tells.
    fn is_sought(&self) -> bool {
        self.answered.as_ref().is_some_and(|answer| !answer.outcome.settles()) && self.is_marked_unexplained()
    }

    /// Whether it asks something of staff that does not pass with the day. An alarm may have been answered in another
    /// session: the day tells ([`super::PupilDay::alarm`]).
    pub fn asks_staff(&self) -> bool {
        self.waits_for_judgement() || self.is_sought()
    }

    pub fn is_marked_unexplained(&self) -> bool {
        self.marks.iter().any(|mark| mark.presence == Presence::Unexplained)
    }
}

/// The optional note to a report or explanation: for staff and its author (`pupil/attendance/party:AUTHOR`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttendanceNote {
    pub command: CommandId,
    pub by: PersonId,
    pub at: DateTime<Utc>,
    pub text: String,
}

/// The roll of one group, day and session, once it is closed (`group/attendance/staff`). Before, it is untaken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RollTaken {
    pub command: CommandId,
    pub group: GroupId,
    pub session: Session,
    pub by: PersonId,
    pub at: DateTime<Utc>,
    /// Pupils not there when it was closed; every other member of the group was, so a later report contradicts it.
    pub absent: Vec<PersonId>,
}
