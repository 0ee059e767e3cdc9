//! What an organiser decides about sick reports, the roll, and when absence becomes a signal.

use super::TimeSpan;
use crate::domain::{people::Role, time::hh_mm};
use crate::reading::known_ones;
use chrono::NaiveTime;
use serde::{Deserialize, Serialize};

fn a_minute() -> u16 {
    60
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttendanceRules {
    /// Until when a report for the same day is in time. Later ones are taken and marked late, never refused.
    #[serde(with = "hh_mm")]
    pub cutoff: NaiveTime,
    #[serde(with = "hh_mm")]
    pub day_starts: NaiveTime,
    #[serde(with = "hh_mm")]
    pub day_ends: NaiveTime,
    pub reporting: Reporting,
    /// How far ahead a report may reach, in calendar days from today. 1 is tomorrow.
    pub days_ahead: u16,
    /// How far back a day may still be reported or explained, in calendar days. 0 is today only.
    pub days_back: u16,
    /// The longest that one report may be, in days in session.
    pub longest_run: u16,
    pub roll: RollBy,
    /// The day's lessons in order, when the roll is called by lesson. Lesson 1 is the first.
    #[serde(default)]
    pub lessons: Vec<TimeSpan>,
    /// Minutes after `day_starts`, or after a lesson's start, until a roll that is not closed shows as untaken.
    pub roll_due_minutes: u16,
    /// Seconds in which a teacher can take a mark back without a trace on the board.
    #[serde(default = "a_minute")]
    pub undo_seconds: u16,
    /// Minutes until a notice of unexplained absence that no guardian has read enters the office's call list.
    pub notice_read_minutes: u16,
    /// Minutes before `cutoff` from which a report that is still unsent warns on the phone.
    pub warn_minutes_before_cutoff: u16,
    #[serde(default, deserialize_with = "known_ones")]
    pub thresholds: Vec<Threshold>,
}

impl AttendanceRules {
    /// When lesson `number` is, counted from 1. `None`: the day has no such lesson.
    pub fn lesson(&self, number: u8) -> Option<&TimeSpan> {
        self.lessons.get(usize::from(number).checked_sub(1)?)
    }
}

/// What a guardian is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reporting {
    /// One report a day: a longer absence is reported, or extended, every morning.
    Daily,
    /// One report may cover several days.
    MultiDay,
}

/// How the roll is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RollBy {
    Day,
    Lesson,
}

/// When `measure` reaches `count` within `within_days`, the roles in `tell` get a signal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Threshold {
    /// What the signal is called; unique in its rule set, so that a signal is raised once per pupil and window.
    pub name: String,
    pub measure: Measure,
    pub count: u16,
    /// The window looked back over, in calendar days, today included.
    pub within_days: u16,
    #[serde(deserialize_with = "known_ones")]
    pub tell: Vec<Role>,
}

/// What a threshold counts. Days are days in session with any absence on them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Separate absences, however long each.
    Occasions,
    /// Days of absence, valid or not.
    Days,
    /// The longest unbroken run of days in session, valid or not.
    ConsecutiveDays,
    /// Days of absence that is not valid (ogiltig, ulovlig, udokumenteret).
    InvalidDays,
}
