//! Whose a screen of staff's is. A phone that is not given what a screen counts must not show it: *nobody to call* would be
//! said of a list that is not here.

use super::{Source, frame::Frame, today_staff::sees_school};
use crate::{
    device::text::Texts,
    domain::{
        access::{Relation, may},
        command::CommandKind,
        ids::GroupId,
        people::{Assignment, Reach},
    },
    say,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Desk {
    /// A group's roll and board.
    Group(GroupId),
    /// The school's board, of the groups that one has.
    School,
    /// The call list.
    Calls,
    /// Who waits to be confirmed.
    Confirming,
    /// Who is barred, for those who may lift it.
    Lifting,
}

/// None: this person's. Else in words that it is not, to be shown in its place. While nothing has come from the school yet,
/// every screen says so itself.
pub fn not_theirs(source: &dyn Source, texts: Texts, desk: Desk) -> Option<String> {
    let frame = Frame::new(source, texts);
    let theirs = !source.is_known()
        || match desk {
            Desk::Group(group) => reaches(&frame, group),
            Desk::School => frame.assignments().next().is_some(),
            Desk::Calls => sees_school(&frame),
            Desk::Confirming => frame.assignments().any(|held| may_do(held, CommandKind::ConfirmAdult)),
            Desk::Lifting => frame.assignments().any(|held| may_do(held, CommandKind::LiftBlock)),
        };
    (!theirs).then(|| say!(texts, "screen-of-staff"))
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
