//! What a person has asked for, in one line: the outbox's titles.

use super::{Names, Texts};
use crate::{
    domain::{
        command::CommandBody,
        ids::{GroupId, PersonId},
    },
    say,
};
use chrono::NaiveDate;

/// Names of people and groups, as far as this phone holds them.
pub trait Labels: Names {
    fn group_name(&self, group: GroupId) -> Option<String>;
}

impl Texts {
    /// `today` is the school's.
    pub fn command(&self, body: &CommandBody, names: &dyn Labels, today: NaiveDate) -> String {
        let name = |pupil: PersonId| names.name(pupil).unwrap_or_else(|| self.a_pupil());
        let several = |pupils: &[PersonId]| self.list(&pupils.iter().map(|pupil| name(*pupil)).collect::<Vec<_>>());
        let group = |group: GroupId| names.group_name(group).unwrap_or_else(|| say!(self, "group-unknown"));
        let adult = |person: PersonId| names.name(person).unwrap_or_else(|| self.a_guardian());
        let staff = |person: PersonId| names.name(person).unwrap_or_else(|| self.someone_at_school());
        let text = match body {
            CommandBody::ReportAbsence { pupils, kind, from, to, .. } => {
                let (kind, days) = (self.absence_kind(*kind), self.days(*from, *to, today));
                say!(self, "command-report-absence", kind = kind, names = several(pupils), days = days)
            }
            CommandBody::EndAbsence { pupil, back_on, .. } => {
                say!(self, "command-end-absence", name = name(*pupil), day = self.day(*back_on, today))
            }
            CommandBody::ExtendAbsence { pupil, to } => {
                say!(self, "command-extend-absence", name = name(*pupil), day = self.day(*to, today))
            }
            CommandBody::WithdrawAbsence { pupil, from, to } => {
                say!(self, "command-withdraw-absence", name = name(*pupil), days = self.days(*from, *to, today))
            }
            CommandBody::ExplainAbsence { pupil, day, session, .. } => {
                let day = self.day_and_session(*day, *session, today);
                say!(self, "command-explain-absence", name = name(*pupil), day = day)
            }
            CommandBody::MarkNoticeRead { notice: _ } => say!(self, "command-mark-notice-read"),
            CommandBody::DelegateTopics { pupil, to, topics, .. } => {
                let topics: Vec<String> = topics.iter().map(|topic| self.topic(*topic)).collect();
                let (child, adult) = (name(*pupil), adult(*to));
                if topics.is_empty() {
                    say!(self, "command-delegate-nothing", name = child, adult = adult)
                } else {
                    say!(self, "command-delegate-topics", name = child, adult = adult, topics = self.list(&topics))
                }
            }
            CommandBody::MarkRoll { group: id, day, session, marks } => {
                let day = self.day_and_session(*day, *session, today);
                say!(self, "command-mark-roll", group = group(*id), day = day, count = marks.len())
            }
            CommandBody::UndoMark { day, session, pupil, .. } => {
                let day = self.day_and_session(*day, *session, today);
                say!(self, "command-undo-mark", name = name(*pupil), day = day)
            }
            CommandBody::CloseRoll { group: id, day, session } => {
                let day = self.day_and_session(*day, *session, today);
                say!(self, "command-close-roll", group = group(*id), day = day)
            }
            CommandBody::MarkSeen { pupils, day } => {
                say!(self, "command-mark-seen", count = pupils.len(), day = self.day(*day, today))
            }
            CommandBody::JudgeExplanation { pupil, day, session, accept, .. } => {
                let key = if *accept { "command-accept-explanation" } else { "command-refuse-explanation" };
                say!(self, key, name = name(*pupil), day = self.day_and_session(*day, *session, today))
            }
            CommandBody::LogCall { pupil, reached, .. } => {
                let key = if *reached { "command-call-reached" } else { "command-call-not-reached" };
                say!(self, key, name = name(*pupil))
            }
            CommandBody::ConfirmAdult { pupil, person, kind } => {
                let (adult, kind) = (adult(*person), self.guardianship(*kind));
                say!(self, "command-confirm-adult", adult = adult, name = name(*pupil), kind = kind)
            }
            CommandBody::BlockAdult { pupil, person } => {
                say!(self, "command-block-adult", adult = adult(*person), name = name(*pupil))
            }
            CommandBody::LiftBlock { pupil, person } => {
                say!(self, "command-lift-block", adult = adult(*person), name = name(*pupil))
            }
            CommandBody::AddSubstitute { given_name, family_name, role, group: id, dates } => {
                let person = format!("{} {}", given_name.trim(), family_name.trim());
                let until = dates.until.map(|day| self.day(day, today)).unwrap_or_default();
                let (role, group) = (self.role(*role), group(*id));
                say!(self, "command-add-substitute", person = person, role = role, group = group, day = until)
            }
            CommandBody::AssignStaff { assignment } => {
                let person = staff(assignment.person);
                say!(self, "command-assign-staff", person = person, role = self.role(assignment.role))
            }
            CommandBody::EndAssignment { person, assignment } => {
                say!(self, "command-end-assignment", person = staff(*person), role = self.role(assignment.role))
            }
            CommandBody::RecordAdultConsent { pupil, person, .. } => {
                say!(self, "command-record-consent", name = name(*pupil), adult = adult(*person))
            }
            CommandBody::GrantStrongAssurance { person, .. } => {
                say!(
                    self,
                    "command-grant-assurance",
                    person = names.name(*person).unwrap_or_else(|| say!(self, "person-unknown"))
                )
            }
            // The clock's own: never in a phone's outbox.
            CommandBody::NotifyUnexplained { .. }
            | CommandBody::EscalateToCallList { .. }
            | CommandBody::FollowUp { .. }
            | CommandBody::ReachMajority { .. }
            | CommandBody::Erase { .. } => self.unreadable_command(),
        };
        self.sentence(&text)
    }

    /// A command that this version cannot read: an app of another version wrote it.
    pub fn unreadable_command(&self) -> String {
        say!(self, "command-unreadable")
    }
}
