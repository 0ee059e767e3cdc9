//! Which absence a command tells a school of: what a phone warns of near the cutoff, and follows until somebody has seen it.

use crate::domain::{
    command::{Area, AttendanceCommand, CommandBody},
    ids::PersonId,
};
use chrono::NaiveDate;

/// An absence that is to come, as a command tells of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AbsenceTold<'a> {
    pub pupils: &'a [PersonId],
    /// None: a running absence goes on. Which of its days are new is in what the command would change.
    pub from: Option<NaiveDate>,
    /// Inclusive.
    pub to: NaiveDate,
}

impl CommandBody {
    /// The absence that this tells of. An explanation tells of what has been, and is none.
    pub fn absence_told(&self) -> Option<AbsenceTold<'_>> {
        match self.area() {
            Area::Attendance(asked) => told(asked),
            Area::Common(_) | Area::People(_) => None,
        }
    }
}

fn told(asked: AttendanceCommand<'_>) -> Option<AbsenceTold<'_>> {
    match asked {
        AttendanceCommand::ReportAbsence { pupils, from, to, .. } => {
            Some(AbsenceTold { pupils, from: Some(*from), to: *to })
        }
        AttendanceCommand::ExtendAbsence { pupil, to } => {
            Some(AbsenceTold { pupils: std::slice::from_ref(pupil), from: None, to: *to })
        }
        AttendanceCommand::EndAbsence { .. }
        | AttendanceCommand::WithdrawAbsence { .. }
        | AttendanceCommand::ExplainAbsence { .. }
        | AttendanceCommand::MarkRoll { .. }
        | AttendanceCommand::UndoMark { .. }
        | AttendanceCommand::CloseRoll { .. }
        | AttendanceCommand::MarkSeen { .. }
        | AttendanceCommand::JudgeExplanation { .. }
        | AttendanceCommand::LogCall { .. }
        | AttendanceCommand::HandleFollowUp { .. }
        | AttendanceCommand::NotifyUnexplained { .. }
        | AttendanceCommand::EscalateToCallList { .. }
        | AttendanceCommand::FollowUp { .. } => None,
    }
}
