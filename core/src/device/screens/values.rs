//! The values that screens are made of. Texts are in the person's language already; ids and states are for the shell's
//! next command and for its icons, never to be shown.

use super::{
    absences::{AbsenceLine, AbsencePlace},
    board::BoardRow,
    call_list::CallLine,
    child::ChildDay,
    evacuation::EvacuationLine,
    follow_ups::SignalLine,
    inbox::{InboxPlace, NoticeLine},
    outbox::{OutboxLine, Stands},
    today_staff::GroupToday,
    waiting::ExplanationLine,
    who_can_read::Reader,
};
use crate::domain::{
    attendance::{Presence, Session, Status, Validity, board::RollState},
    command::{Capacity, CommandBody},
    ids::PersonId,
};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::Serialize;

/// A state, and how it is said: one type for each kind of state, since generics do not cross to other languages.
macro_rules! said {
    ($($name:ident of $state:ty),+ $(,)?) => {$(
        #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
        #[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
        pub struct $name {
            pub state: $state,
            pub text: String,
        }

        impl $name {
            pub fn new(state: $state, text: String) -> Self {
                Self { state, text }
            }
        }
    )+};
}

said! {
    SaidStatus of Status,
    SaidReached of Reached,
    SaidStands of Stands,
    SaidRoll of RollState,
    SaidValidity of Validity,
}

/// Somebody, by the name that this phone knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Person {
    pub id: PersonId,
    pub name: String,
}

/// One page of a list. The shell asks for the next one with the value that `next` holds; none: that was the last.
macro_rules! pages {
    ($($name:ident of $item:ty, by $next:ty);+ $(;)?) => {$(
        #[derive(Clone, Debug, PartialEq, Serialize)]
        #[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
        pub struct $name {
            pub items: Vec<$item>,
            pub next: Option<$next>,
        }

        impl From<Page<$item, $next>> for $name {
            fn from(Page { items, next }: Page<$item, $next>) -> Self {
                Self { items, next }
            }
        }
    )+};
}

pages! {
    AbsenceLines of AbsenceLine, by AbsencePlace;
    ChildDays of ChildDay, by NaiveDate;
    BoardRows of BoardRow, by u32;
    GroupLines of GroupToday, by u32;
    CallLines of CallLine, by u32;
    ExplanationLines of ExplanationLine, by u32;
    FollowUpLines of SignalLine, by u32;
    EvacuationLines of EvacuationLine, by u32;
    NoticeLines of NoticeLine, by InboxPlace;
    OutboxLines of OutboxLine, by u32;
    Readers of Reader, by u32;
}

pub(super) struct Page<T, N> {
    pub items: Vec<T>,
    pub next: Option<N>,
}

/// Which part of a list is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Window {
    /// How many come before.
    pub skip: u32,
    /// At most so many.
    pub limit: u32,
}

impl Window {
    pub const fn first(limit: u32) -> Self {
        Self { skip: 0, limit }
    }

    /// Everything: for a printout, never for a screen.
    pub const ALL: Window = Window::first(u32::MAX);

    /// Cuts the page out of the whole list.
    pub(super) fn cut<T, P: From<Page<T, u32>>>(self, all: Vec<T>) -> P {
        let next = self.next(all.len());
        Page { items: all.into_iter().skip(at_most(self.skip)).take(at_most(self.limit)).collect(), next }.into()
    }

    /// The same, and makes only what is on the page.
    pub(super) fn make<T, R, E, P: From<Page<R, u32>>>(
        self,
        all: &[T],
        make: impl FnMut(&T) -> Result<R, E>,
    ) -> Result<P, E> {
        let next = self.next(all.len());
        let here = all.iter().skip(at_most(self.skip)).take(at_most(self.limit));
        Ok(Page { items: here.map(make).collect::<Result<_, _>>()?, next }.into())
    }

    fn next(self, length: usize) -> Option<u32> {
        let end = self.skip.saturating_add(self.limit);
        (length > at_most(end)).then_some(end)
    }
}

/// As a length.
pub(super) fn at_most(count: u32) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

/// What a button does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
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
    HandleFollowUp,
    ReopenFollowUp,
    MarkNoticeRead,
}

/// What the person must still add to the command of a button.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum Adds {
    /// The `reason` of a refusal.
    Reason,
    /// A `note` for staff: of a call about something else needed, of a signal where there is something to say.
    Note,
}

/// A button: its label, and the command that it sends as it is.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
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
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum Reached {
    OnThisPhoneOnly,
    AtSchool { at: DateTime<Utc> },
    Seen { by: PersonId, at: DateTime<Utc> },
}

/// One telling of an absence, with who, when and how far it has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct ReportLine {
    pub text: String,
    pub filed_at: DateTime<Utc>,
    pub received_at: DateTime<Utc>,
    pub delivery: SaidReached,
    /// In words, where it was filed after the cutoff.
    pub late: Option<String>,
    /// Ended or withdrawn: it holds no longer.
    pub over: bool,
    /// The note, where this person may read it.
    pub note: Option<String>,
}

/// Well again, or withdrawn. Stands among the reports by its time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct EndedLine {
    pub text: String,
    pub filed_at: DateTime<Utc>,
    /// The child was reported again afterwards: it holds no longer.
    pub over: bool,
}

/// A mark in a roll.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
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
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct DayLine {
    pub day: NaiveDate,
    pub label: String,
    pub status: SaidStatus,
    /// The absence in force where the status does not say it: this afternoon's appointment.
    pub absence: Option<String>,
}

/// Until when a report for today is in time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Cutoff {
    pub at: NaiveTime,
    pub past: bool,
    pub text: String,
}

/// A number with its word, for boards and figures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Figure {
    /// Stable, for icons: `expected`, `sick` …
    pub what: String,
    pub number: u32,
    pub text: String,
}
