//! Whose a screen of staff's is. A phone that is not given what a screen counts must not show it: *nobody to call* would be
//! said of a list that is not here.

use super::{Source, frame::Frame, today_staff::sees_school, waiting::groups_answered_for};
use crate::{
    device::text::Texts,
    domain::{
        access::{Relation, may},
        command::CommandKind,
        ids::GroupId,
        people::{Assignment, Reach},
    },
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Desk {
    /// A group's roll and board.
    Group(GroupId),
    /// The school's board, of the groups that one has.
    School,
    /// The call list.
    Calls,
    /// Who is in the building: of the school, or of one's own groups.
    Evacuation,
    /// What waits for somebody who works here: explanations, signals.
    Waiting,
    /// Who waits to be confirmed.
    Confirming,
    /// Who is barred, for those who may lift it.
    Lifting,
}

/// None: this person's. Else in words whose it is, to be shown in its place. While nothing has come from the school yet,
/// every screen says so itself.
pub fn not_theirs(source: &dyn Source, texts: Texts, desk: Desk) -> Option<String> {
    let frame = Frame::new(source, texts);
    let works = || frame.assignments().next().is_some();
    let theirs = !source.is_known()
        || match desk {
            Desk::Group(group) => reaches(&frame, group),
            Desk::School | Desk::Waiting => works(),
            Desk::Calls => sees_school(&frame),
            Desk::Evacuation => sees_school(&frame) || !groups_answered_for(&frame).is_empty(),
            Desk::Confirming => frame.assignments().any(|held| may_do(held, CommandKind::ConfirmAdult)),
            Desk::Lifting => frame.assignments().any(|held| may_do(held, CommandKind::LiftBlock)),
        };
    let whose = || match desk {
        Desk::Group(_) => "screen-of-group",
        Desk::School | Desk::Waiting => "screen-of-staff",
        Desk::Calls => "screen-of-calls",
        Desk::Evacuation => "screen-of-evacuation",
        Desk::Confirming => "screen-of-confirming",
        Desk::Lifting => "screen-of-lifting",
    };
    (!theirs).then(|| texts.text(if works() { whose() } else { "screen-of-staff" }, &[]))
}

pub(super) fn reaches(frame: &Frame<'_>, group: GroupId) -> bool {
    frame.assignments().any(|assignment| match assignment.reach {
        Reach::School => true,
        Reach::Group(own) => own == group,
    })
}

fn may_do(assignment: &Assignment, kind: CommandKind) -> bool {
    may(Relation::Staff(assignment.role), kind).is_some()
}
