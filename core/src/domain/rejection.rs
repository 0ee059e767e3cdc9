//! Rejections: why a command has no effect, and what can be done instead.
//!
//! A rejection carries only facts that its actor may read, and does not tell *forbidden* from *unknown*: both are
//! [`Rejection::NotYours`].

use super::attendance::AbsenceKind;
use super::ids::{CommandId, PersonId};
use super::people::Role;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use serde_json::Value;

macro_rules! rejections {
    ($($(#[$doc:meta])* $variant:ident $({ $($field:ident : $type:ty),* $(,)? })? = $code:literal),+ $(,)?) => {
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
        #[serde(tag = "code", rename_all = "snake_case", remote = "Self")]
        pub enum Rejection { $($(#[$doc])* #[error($code)] $variant $({ $($field: $type),* })?),+,
            /// A code of a newer server. This version shows the general text.
            #[serde(other)]
            #[error("newer")]
            Newer,
        }

        impl Serialize for Rejection {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                Self::serialize(self, serializer)
            }
        }

        impl<'de> Deserialize<'de> for Rejection {
            /// One that says something of which this version knows no word is a newer one, whatever its code.
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let told = Value::deserialize(deserializer)?;
                match Self::deserialize(&told) {
                    Ok(rejection) => Ok(rejection),
                    Err(_) if told.get("code").is_some_and(Value::is_string) => Ok(Rejection::Newer),
                    Err(_) => Err(D::Error::custom("no rejection")),
                }
            }
        }

        impl Rejection {
            /// Stable on the wire and in the catalogues (`rejection-CODE`).
            pub const CODES: &[&str] = &[$($code),+, "newer"];
            pub fn code(&self) -> &'static str {
                match self { $(Rejection::$variant { .. } => $code),+, Rejection::Newer => "newer" }
            }
        }
    };
}

rejections! {
    /// There is no such thing, or it is not this person's to see or do.
    NotYours = "not_yours",
    /// The clock's commands are not a person's to give, and a phone's ids are UUIDv7.
    NotAPersonsCommand = "not_a_persons_command",
    /// The same id was used for another command or by another author.
    IdReused = "id_reused",
    /// The command that this one depended on was rejected.
    DependencyRejected { on: CommandId } = "dependency_rejected",
    /// A command in this form cannot be read (an unknown kind or a missing field).
    Malformed = "malformed",
    /// A command of more bytes than any app of ours makes.
    CommandTooLong = "command_too_long",
    /// Nobody decides their own child's matter.
    OwnChild = "own_child",
    NothingNamed = "nothing_named",
    /// More pupils, marks or topics in one command than the limit, or periods of one person's work.
    TooMany { most: u16 } = "too_many",
    NoteTooLong { most: u16 } = "note_too_long",
    /// `to` is before `from`.
    SpanReversed = "span_reversed",
    /// The part of the day is empty or outside the day.
    PartOutsideDay { day_starts: NaiveTime, day_ends: NaiveTime } = "part_outside_day",
    /// None of the days is in session for this pupil.
    NotInSession { next: Option<NaiveDate> } = "not_in_session",
    TooFarAhead { last: NaiveDate } = "too_far_ahead",
    TooFarBack { first: NaiveDate } = "too_far_back",
    /// Longer than one report may be; call the school, or file again with a certificate.
    RunTooLong { most_days: u16 } = "run_too_long",
    /// This school takes one day at a time.
    OneDayAtATime = "one_day_at_a_time",
    /// There is no running absence to end or extend.
    NoAbsence = "no_absence",
    /// It has started: end it instead.
    AlreadyStarted { started: NaiveDate } = "already_started",
    /// Extending to a day that it covers already, or before it ends.
    NotLonger { ends: NaiveDate } = "not_longer",
    /// Somebody has reported the same. A phone's advice only: no school refuses it.
    AlreadyReported { pupil: PersonId, kind: AbsenceKind, by: PersonId, from: NaiveDate, to: NaiveDate } = "already_reported",
    /// Somebody has said that the pupil is well again. A phone's advice only.
    AlreadyWell { pupil: PersonId, by: PersonId, back_on: NaiveDate, back_at: Option<NaiveTime> } = "already_well",
    /// Somebody has explained it so, and it waits for an answer. A phone's advice only.
    AlreadyExplained { pupil: PersonId, day: NaiveDate, by: PersonId } = "already_explained",
    /// A presence mark stands for that time; staff can change it.
    MarkedPresent { day: NaiveDate } = "marked_present",
    /// Only an absence that staff marked unexplained is explained.
    NothingToExplain = "nothing_to_explain",
    AlreadyJudged { accepted: bool } = "already_judged",
    /// No explanation has been given to judge.
    NoExplanation = "no_explanation",
    /// A refusal needs a reason that the guardians can read.
    ReasonNeeded = "reason_needed",
    /// Not a member of that group on that day.
    NotInGroup { pupil: PersonId } = "not_in_group",
    /// The school calls the roll by day, or has no such lesson.
    NoSuchSession = "no_such_session",
    /// A roll is called on its day, or before its day is over in the rule set's days back.
    RollNotOpen { day: NaiveDate } = "roll_not_open",
    /// The same pupil twice in one roll command.
    MarkedTwice { pupil: PersonId } = "marked_twice",
    NoMark = "no_mark",
    /// Undo is for the first seconds; mark again instead.
    UndoTooLate { seconds: u16 } = "undo_too_late",
    /// The roll is closed already.
    RollClosed { by: PersonId, at: DateTime<Utc> } = "roll_closed",
    /// A roll is not closed before it begins.
    RollNotBegun { starts: NaiveTime } = "roll_not_begun",
    /// What home said is none of the usual things: it needs words.
    NoteNeeded = "note_needed",
    /// There is no call to log for that pupil and day.
    NotOnCallList = "not_on_call_list",
    /// Nothing says yet what the adult is to the pupil; custody is never assumed.
    KindNeeded = "kind_needed",
    /// A new person needs a given name and a family name.
    NameNeeded = "name_needed",
    NameTooLong { most: u16 } = "name_too_long",
    /// A substitute's assignment has a last day, on the way.
    EndNeeded { latest: NaiveDate } = "end_needed",
    /// Delegation is to an adult without custody whom the school has confirmed.
    CannotDelegateTo = "cannot_delegate_to",
    /// This topic is not one that can be delegated.
    TopicNotDelegable = "topic_not_delegable",
    /// The person has no such role to be given there.
    CannotAssign { role: Role } = "cannot_assign",
    /// Custody is never given to somebody who is barred; lift the block first.
    Blocked = "blocked",
    /// Only an adult pupil consents for itself.
    NotAdult = "not_adult",
    /// Strong assurance ends within the rule set's longest time, and not in the past.
    AssuranceSpan { latest: DateTime<Utc> } = "assurance_span",
    /// What is due by the clock is not due (any more). Never stored.
    NotDue = "not_due",
}
