//! The values that screens are made of. Texts are in the person's language already; ids and states are for the shell's
//! next command and for its icons, never to be shown.

use crate::domain::{
    attendance::{Presence, Session},
    command::{Capacity, CommandBody},
    ids::PersonId,
};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::Serialize;

/// A state, and how it is said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Said<T> {
    pub state: T,
    pub text: String,
}

impl<T> Said<T> {
    pub fn new(state: T, text: String) -> Self {
        Self { state, text }
    }
}

/// Somebody, by the name that this phone knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Person {
    pub id: PersonId,
    pub name: String,
}

/// One page of a list. The shell asks for the next one with the value that `next` holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Page<T, N> {
    pub items: Vec<T>,
    pub next: Option<N>,
}

/// Which part of a list is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// How many come before.
    pub skip: usize,
    /// At most so many.
    pub limit: usize,
}

impl Window {
    pub const fn first(limit: usize) -> Self {
        Self { skip: 0, limit }
    }

    /// Cuts the page out of the whole list.
    pub(super) fn cut<T>(self, all: Vec<T>) -> Page<T, usize> {
        let end = self.skip.saturating_add(self.limit);
        let next = (all.len() > end).then_some(end);
        Page { items: all.into_iter().skip(self.skip).take(self.limit).collect(), next }
    }

    /// The same, and makes only what is on the page.
    pub(super) fn make<T, R, E>(self, all: &[T], make: impl FnMut(&T) -> Result<R, E>) -> Result<Page<R, usize>, E> {
        let end = self.skip.saturating_add(self.limit);
        let next = (all.len() > end).then_some(end);
        let items = all.iter().skip(self.skip).take(self.limit).map(make).collect::<Result<_, _>>()?;
        Ok(Page { items, next })
    }
}

/// What a button does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Does {
    ReportSick,
    SameAsYesterday,
    WellAgainToday,
    WellAgainLater,
    Extend,
    Withdraw,
    Explain,
    Mark,
    UndoMark,
    CloseRoll,
    MarkSeen,
    AcceptExplanation,
    RefuseExplanation,
    LogCall,
    MarkNoticeRead,
}

/// What the person must still add to the command of a button.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Adds {
    /// The `reason` of a refusal.
    Reason,
}

/// A button: its label, and the command that it sends as it is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Action {
    pub does: Does,
    pub label: String,
    pub capacity: Capacity,
    pub body: CommandBody,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub adds: Option<Adds>,
}

/// How far something has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Reached {
    OnThisPhoneOnly,
    AtSchool { at: DateTime<Utc> },
    Seen { by: PersonId, at: DateTime<Utc> },
}

/// One telling of an absence, with who, when and how far it has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReportLine {
    pub text: String,
    pub filed_at: DateTime<Utc>,
    pub received_at: DateTime<Utc>,
    pub delivery: Said<Reached>,
    /// In words, where it was filed after the cutoff.
    pub late: Option<String>,
    /// Ended or withdrawn: it holds no longer.
    pub over: bool,
    /// The note, where this person may read it.
    pub note: Option<String>,
}

/// Well again, or withdrawn. Stands among the reports by its time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EndedLine {
    pub text: String,
    pub filed_at: DateTime<Utc>,
    /// The child was reported again afterwards: it holds no longer.
    pub over: bool,
}

/// A mark in a roll.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MarkLine {
    pub presence: Presence,
    pub session: Session,
    pub text: String,
    pub here_only: bool,
    /// While it can be taken back.
    pub undo: Option<Action>,
}

/// A day of a child, in one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DayLine {
    pub day: NaiveDate,
    pub label: String,
    pub status: Said<crate::domain::attendance::Status>,
    /// The absence in force where the status does not say it: this afternoon's appointment.
    pub absence: Option<String>,
}

/// Until when a report for today is in time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cutoff {
    pub at: NaiveTime,
    pub past: bool,
    pub text: String,
}

/// A number with its word, for boards and figures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Figure {
    /// Stable, for icons: `expected`, `sick` …
    pub what: &'static str,
    pub number: u32,
    pub text: String,
}
