//! When staff read what home writes, and when phones keep still.

use crate::domain::time::hh_mm;
use chrono::{Datelike, NaiveDateTime, NaiveTime, Weekday};
use serde::{Deserialize, Serialize};

/// A part of a day in the school's time zone: `from` belongs to it, `to` does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TimeSpan {
    #[serde(with = "hh_mm")]
    pub from: NaiveTime,
    #[serde(with = "hh_mm")]
    pub to: NaiveTime,
}

impl TimeSpan {
    pub fn new(from: NaiveTime, to: NaiveTime) -> Self {
        Self { from, to }
    }

    /// A span whose `to` is not after its `from` passes midnight: 21:00–06:30 contains 23:00 and 06:00.
    pub fn contains(&self, time: NaiveTime) -> bool {
        if self.from < self.to { self.from <= time && time < self.to } else { self.from <= time || time < self.to }
    }

    /// Whether two spans of one day share any time.
    pub fn overlaps(&self, other: &TimeSpan) -> bool {
        self.from < other.to && other.from < self.to
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffHours {
    /// When staff read and answer. Outside them the app says when a message will be read.
    pub staffed: TimeSpan,
    /// The days of the week on which they do.
    pub weekdays: Vec<Weekday>,
    /// When a phone shows new things without sound. May pass midnight. A child that is missed is never quiet.
    pub quiet: TimeSpan,
}

impl StaffHours {
    /// Whether staff are at work at `local`, a time on the school's wall. Knows nothing of holidays: ask the calendar.
    pub fn staffed_at(&self, local: NaiveDateTime) -> bool {
        self.weekdays.contains(&local.weekday()) && self.staffed.contains(local.time())
    }

    pub fn quiet_at(&self, time: NaiveTime) -> bool {
        self.quiet.contains(time)
    }
}
