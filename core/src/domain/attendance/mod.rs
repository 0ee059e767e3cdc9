//! Attendance: what is so for a pupil, a day and a session, and the commands that change it (domain.md, *Attendance*).
//!
//! - Words: `types` and `alarms` are the documents, `keys` where they stand, `extent` their arithmetic, `session` which days count.
//! - Facts: [`PupilDay`] is all that is so for a pupil on a day; `outranking` what presence leaves of a report;
//!   `effects` writes what changed, with the notices and calls that follow.
//! - Commands, one file per group: `report`, `running`, `roll`, `seen`, `explain`, `calls`, `notices`, `follow_up`,
//!   `about` is what each looks up first, `telling` which absence one tells of,
//!   `advice` what has been said already.
//! - Views, for screens, the demo and the server's clock: [`status`], [`board`] (from a `DayBook`), [`stats`], [`due`].

mod about;
mod advice;
mod alarms;
pub mod board;
mod calls;
mod day_book;
pub mod due;
mod effects;
mod explain;
mod extent;
mod follow_up;
mod keys;
mod notices;
mod outranking;
mod pupil_day;
mod report;
mod roll;
mod running;
mod seen;
pub mod session;
pub mod stats;
pub mod status;
mod telling;
mod types;

pub use alarms::{CallListEntry, CallOutcome, FollowUpSignal, Handling, HomeAnswer, LoggedCall};
pub use follow_up::REMEMBERED as SIGNAL_REMEMBERED;
pub use keys::{attendance_key, call_key, note_key, roll_closed_key, roll_key, signal_key, signal_scope};
pub use outranking::Hours;
pub use pupil_day::PupilDay;
pub use session::{FURTHEST, sessions_of};
pub use status::{Status, Told};
pub use telling::AbsenceTold;
pub use types::{
    AbsenceKind, Attendance, AttendanceNote, EXPLANATIONS_KEPT, Ended, Explanation, Extent, Judgement, Mark, NOTE_MAX,
    NOTES_KEPT, PartOfDay, Presence, REPORTS_KEPT, Report, RollClosed, RollTaken, Seen, Session, Undone, Validity,
};

use super::{
    command::{AttendanceCommand, Command},
    rejection::Rejection,
    world::{Actor, Changes, World},
};
use about::About;
use calls::Call;
use report::Asked;
use roll::Roll;

/// What has been said already, where `command` says the same and nothing more. For a phone's advice.
pub fn said_already(
    world: &dyn World,
    actor: Actor,
    command: &Command,
    asked: AttendanceCommand<'_>,
    decided: &Result<Changes, Rejection>,
) -> Option<Rejection> {
    About::new(world, actor, command).said_already(asked, decided)
}

/// Decides the commands of this area: `asked` is what `command` asks for.
///
/// # Errors
/// The rejection that the actor is to see.
pub fn decide(
    world: &dyn World,
    actor: Actor,
    command: &Command,
    asked: AttendanceCommand<'_>,
) -> Result<Changes, Rejection> {
    let about = About::new(world, actor, command);
    match asked {
        AttendanceCommand::ReportAbsence { pupils, kind, from, to, part, note, on_behalf_of, phoned_at } => {
            let absence = Asked {
                pupils,
                kind: *kind,
                from: *from,
                to: *to,
                part: *part,
                note: note.as_ref(),
                on_behalf_of: *on_behalf_of,
                phoned_at: *phoned_at,
            };
            about.report(&absence)
        }
        AttendanceCommand::EndAbsence { pupil, back_on, back_at } => about.end(*pupil, *back_on, *back_at),
        AttendanceCommand::ExtendAbsence { pupil, to } => about.extend(*pupil, *to),
        AttendanceCommand::WithdrawAbsence { pupil, from, to } => about.withdraw(*pupil, *from, *to),
        AttendanceCommand::ExplainAbsence { pupil, day, session, kind, note } => {
            about.explain(*pupil, *day, *session, *kind, note.as_ref())
        }
        AttendanceCommand::MarkRoll { group, day, session, marks } => {
            about.mark(Roll { group: *group, day: *day, session: *session }, marks)
        }
        AttendanceCommand::UndoMark { group, day, session, pupil } => {
            about.undo(Roll { group: *group, day: *day, session: *session }, *pupil)
        }
        AttendanceCommand::CloseRoll { group, day, session } => {
            about.close(Roll { group: *group, day: *day, session: *session })
        }
        AttendanceCommand::MarkSeen { pupils, day } => about.mark_seen(pupils, *day),
        AttendanceCommand::JudgeExplanation { pupil, day, session, accept, reason } => {
            about.judge(*pupil, *day, *session, *accept, reason.as_ref())
        }
        AttendanceCommand::LogCall { pupil, day, session, called, reached, outcome, note } => about.log_call(Call {
            pupil: *pupil,
            day: *day,
            session: *session,
            called: *called,
            reached: *reached,
            outcome: *outcome,
            note: note.as_ref(),
        }),
        AttendanceCommand::HandleFollowUp { pupil, signal, handled, note } => {
            about.handle(*pupil, *signal, *handled, note.as_ref())
        }
        AttendanceCommand::NotifyUnexplained { pupil, day, session } => about.notify(*pupil, *day, *session),
        AttendanceCommand::EscalateToCallList { pupil, day, session } => about.escalate(*pupil, *day, *session),
        AttendanceCommand::FollowUp { pupil, day } => about.follow_up(*pupil, *day),
    }
}
