//! Attendance: what is so for a pupil, a day and a session, and the commands that change it (domain.md, *Attendance*).
//!
//! `types` are the documents, `keys` where they stand.

mod keys;
mod types;

pub use keys::{attendance_key, call_key, note_key, notice_key, roll_key, signal_key};
pub use types::{
    AbsenceKind, Attendance, AttendanceNote, CallListEntry, Ended, Explanation, Extent, FollowUpSignal, Judgement,
    LoggedCall, Mark, NOTE_MAX, Notice, NoticeReason, PartOfDay, Presence, REPORTS_KEPT, Report, RollTaken, Seen,
    Session, Undone, Validity,
};

/// Decides the commands of this area.
///
/// # Errors
/// The rejection that the actor is to see.
pub fn decide(
    _world: &dyn super::world::World,
    _actor: super::world::Actor,
    _command: &super::command::Command,
) -> Result<super::world::Changes, super::rejection::Rejection> {
    Err(super::rejection::Rejection::NotYours)
}
