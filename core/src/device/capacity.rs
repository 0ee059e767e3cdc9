//! In which capacities a person may ask for something: what a shell needs to act as the right one, or to ask. Read off the
//! access table over what this phone holds; like all that is decided here, it is advice.

use super::view::View;
use crate::domain::{
    access::{may_about_group, may_about_pupil, may_about_school},
    command::{Capacity, CommandBody, CommandKind},
    ids::{GroupId, PersonId},
};

impl View {
    /// The capacities in which this person may ask for that today: home first, then the roles in their order. Empty:
    /// in none, as far as this phone knows.
    pub fn capacities(&self, body: &CommandBody) -> Vec<Capacity> {
        let kind = body.kind();
        match body {
            CommandBody::ReportAbsence { pupils, on_behalf_of, .. } => {
                let mut found = self.about_pupils(kind, pupils);
                // At home one speaks for oneself.
                found.retain(|capacity| on_behalf_of.is_none() || *capacity != Capacity::Home);
                found
            }
            CommandBody::MarkSeen { pupils, .. } => self.about_pupils(kind, pupils),
            CommandBody::EndAbsence { pupil, .. }
            | CommandBody::ExtendAbsence { pupil, .. }
            | CommandBody::WithdrawAbsence { pupil, .. }
            | CommandBody::ExplainAbsence { pupil, .. }
            | CommandBody::DelegateTopics { pupil, .. }
            | CommandBody::JudgeExplanation { pupil, .. }
            | CommandBody::LogCall { pupil, .. }
            | CommandBody::HandleFollowUp { pupil, .. }
            | CommandBody::ConfirmAdult { pupil, .. }
            | CommandBody::BlockAdult { pupil, .. }
            | CommandBody::LiftBlock { pupil, .. }
            | CommandBody::RecordAdultConsent { pupil, .. } => self.about_pupils(kind, &[*pupil]),
            CommandBody::MarkRoll { group, .. }
            | CommandBody::UndoMark { group, .. }
            | CommandBody::CloseRoll { group, .. } => self.about_group(kind, *group),
            CommandBody::AddSubstitute { .. }
            | CommandBody::AssignStaff { .. }
            | CommandBody::EndAssignment { .. }
            | CommandBody::GrantStrongAssurance { .. } => self.about_school(kind),
            // One's own, in whatever capacity.
            CommandBody::MarkNoticeRead { .. } => self.in_turn(|_| true),
            CommandBody::NotifyUnexplained { .. }
            | CommandBody::EscalateToCallList { .. }
            | CommandBody::FollowUp { .. }
            | CommandBody::ReachMajority { .. }
            | CommandBody::Erase { .. } => Vec::new(),
        }
    }

    fn in_turn(&self, may: impl Fn(Capacity) -> bool) -> Vec<Capacity> {
        let roles = self.roles_today().into_iter().map(Capacity::Staff);
        std::iter::once(Capacity::Home).chain(roles).filter(|capacity| may(*capacity)).collect()
    }

    fn about_pupils(&self, kind: CommandKind, pupils: &[PersonId]) -> Vec<Capacity> {
        let (roster, me, today) = (self.roster(), self.me(), self.today());
        self.in_turn(|capacity| pupils.iter().all(|pupil| may_about_pupil(roster, me, capacity, kind, *pupil, today)))
    }

    fn about_group(&self, kind: CommandKind, group: GroupId) -> Vec<Capacity> {
        self.in_turn(|capacity| may_about_group(self.roster(), self.me(), capacity, kind, group, self.today()))
    }

    fn about_school(&self, kind: CommandKind) -> Vec<Capacity> {
        self.in_turn(|capacity| may_about_school(self.roster(), self.me(), capacity, kind, self.today()))
    }
}
