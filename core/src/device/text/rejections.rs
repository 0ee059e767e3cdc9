//! Why a command has no effect, and what can be done instead.

use super::{Arg, Names, Texts};
use crate::domain::rejection::Rejection;
use chrono::NaiveDate;
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// A rejection, or the phone's advice before sending, in a person's words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Refusal {
    /// For a shell that leads somewhere from it.
    pub code: String,
    pub text: String,
    /// What can be done instead.
    pub instead: String,
}

impl Texts {
    /// `today` and `tz` are the school's.
    pub fn rejection(&self, rejection: &Rejection, names: &dyn Names, tz: Tz, today: NaiveDate) -> Refusal {
        let yes_no = |yes: bool| Arg::from(if yes { "yes" } else { "no" });
        let args: Vec<(&str, Arg<'_>)> = match rejection {
            Rejection::NotYours
            | Rejection::NotAPersonsCommand
            | Rejection::IdReused
            | Rejection::DependencyRejected { on: _ }
            | Rejection::Malformed
            | Rejection::CommandTooLong
            | Rejection::OwnChild
            | Rejection::NothingNamed
            | Rejection::SpanReversed
            | Rejection::OneDayAtATime
            | Rejection::NoAbsence
            | Rejection::NothingToExplain
            | Rejection::NoExplanation
            | Rejection::ReasonNeeded
            | Rejection::NoSuchSession
            | Rejection::NoMark
            | Rejection::NoteNeeded
            | Rejection::NotOnCallList
            | Rejection::KindNeeded
            | Rejection::NameNeeded
            | Rejection::CannotDelegateTo
            | Rejection::TopicNotDelegable
            | Rejection::Blocked
            | Rejection::NotAdult
            | Rejection::NotDue
            | Rejection::Newer => Vec::new(),
            Rejection::TooMany { most } | Rejection::NoteTooLong { most } | Rejection::NameTooLong { most } => {
                vec![("most", (*most).into())]
            }
            Rejection::PartOutsideDay { day_starts, day_ends } => {
                vec![("day_starts", self.clock(*day_starts).into()), ("day_ends", self.clock(*day_ends).into())]
            }
            Rejection::NotInSession { next } => {
                let day = next.map(|next| self.day(next, today)).unwrap_or_default();
                vec![("next", day.into()), ("known", yes_no(next.is_some()))]
            }
            Rejection::TooFarAhead { last } => vec![("last", self.day(*last, today).into())],
            Rejection::EndNeeded { latest } => vec![("latest", self.day(*latest, today).into())],
            Rejection::TooFarBack { first } => vec![("first", self.day(*first, today).into())],
            Rejection::RunTooLong { most_days } => vec![("most_days", (*most_days).into())],
            Rejection::AlreadyStarted { started } => vec![("started", self.day(*started, today).into())],
            Rejection::NotLonger { ends } => vec![("ends", self.day(*ends, today).into())],
            Rejection::MarkedPresent { day } | Rejection::RollNotOpen { day } => {
                vec![("day", self.day(*day, today).into())]
            }
            Rejection::AlreadyReported { pupil, kind, by, from, to } => vec![
                ("pupil", self.sentence(&self.pupil_named(names, *pupil)).into()),
                ("kind", self.within(&self.absence_kind(*kind)).into()),
                ("days", self.days(*from, *to, today).into()),
                ("by", self.teller_named(names, *by).into()),
            ],
            Rejection::AlreadyWell { pupil, by, back_on, back_at } => vec![
                ("pupil", self.sentence(&self.pupil_named(names, *pupil)).into()),
                ("back", self.day_and_time(*back_on, *back_at, today).into()),
                ("by", self.teller_named(names, *by).into()),
            ],
            Rejection::AlreadyExplained { pupil, day, by } => vec![
                ("pupil", self.sentence(&self.pupil_named(names, *pupil)).into()),
                ("day", self.day(*day, today).into()),
                ("by", self.teller_named(names, *by).into()),
            ],
            Rejection::RollNotBegun { starts } => vec![("starts", self.clock(*starts).into())],
            Rejection::AlreadyJudged { accepted } => vec![("accepted", yes_no(*accepted))],
            Rejection::NotInGroup { pupil } | Rejection::MarkedTwice { pupil } => {
                vec![("pupil", self.sentence(&self.pupil_named(names, *pupil)).into())]
            }
            Rejection::UndoTooLate { seconds } => vec![("seconds", (*seconds).into())],
            Rejection::RollClosed { by, at } => {
                vec![("by", self.staff_named(names, *by).into()), ("at", self.moment(*at, tz, today).into())]
            }
            Rejection::CannotAssign { role } => vec![("role", self.role(*role).into())],
            Rejection::AssuranceSpan { latest } => vec![("latest", self.moment(*latest, tz, today).into())],
        };
        let code = rejection.code();
        let text = self.text(&format!("rejection-{code}"), &args);
        let instead = self.text(&format!("rejection-{code}.instead"), &args);
        Refusal { code: code.to_owned(), text, instead }
    }
}
