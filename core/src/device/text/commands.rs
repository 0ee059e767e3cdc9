//! What a person has asked for, in one line: the outbox's titles.

use super::{Names, Texts};
use crate::{
    domain::{
        attendance::{CallOutcome, Session},
        command::CommandBody,
        ids::{GroupId, PersonId},
        people::{Assignment, Reach},
    },
    say,
};
use chrono::NaiveDate;
use chrono_tz::Tz;

/// Names of people and groups, as far as this phone holds them.
pub trait Labels: Names {
    fn group_name(&self, group: GroupId) -> Option<String>;
}

/// Marks that a receipt names one by one.
const MARKS_NAMED: usize = 6;

impl Texts {
    /// A role, where it holds and when.
    pub fn assignment(&self, held: &Assignment, group: &dyn Fn(GroupId) -> String, today: NaiveDate) -> String {
        let reach = match held.reach {
            Reach::School => say!(self, "reach-school"),
            Reach::Group(id) => group(id),
        };
        self.with(self.with(self.role(held.role), Some(reach)), self.span_of(&held.dates, today))
    }

    /// What was said, so that nobody has to guess: who, on which day, which part of it, in which group, until when.
    /// `today` and `tz` are the school's.
    pub fn command(&self, body: &CommandBody, names: &dyn Labels, tz: Tz, today: NaiveDate) -> String {
        let name = |pupil: PersonId| names.name(pupil).unwrap_or_else(|| self.a_pupil());
        let several = |pupils: &[PersonId]| self.list(&pupils.iter().map(|pupil| name(*pupil)).collect::<Vec<_>>());
        let group = |group: GroupId| names.group_name(group).unwrap_or_else(|| say!(self, "group-unknown"));
        let adult = |person: PersonId| names.name(person).unwrap_or_else(|| self.a_guardian());
        let staff = |person: PersonId| names.name(person).unwrap_or_else(|| self.someone_at_school());
        let on = |day: NaiveDate| self.day_in_full(day, today);
        let days = |from: NaiveDate, to: NaiveDate| self.days_in_full(from, to, today);
        let in_session = |day: NaiveDate, session: Session| self.session_in_full(day, session, today);
        let assigned = |assignment: &Assignment| self.assignment(assignment, &group, today);
        let text = match body {
            CommandBody::ReportAbsence { pupils, kind, from, to, part, on_behalf_of, phoned_at, note: _ } => {
                let kind = self.absence_kind(*kind);
                let told =
                    say!(self, "command-report-absence", kind = kind, names = several(pupils), days = days(*from, *to));
                let told = self.with(told, part.map(|part| self.part(part)));
                let caller = on_behalf_of.map(|person| match phoned_at {
                    Some(at) => {
                        say!(self, "command-phoned", adult = adult(person), time = self.moment(*at, tz, today))
                    }
                    None => say!(self, "command-on-behalf", adult = adult(person)),
                });
                self.with(told, caller)
            }
            CommandBody::EndAbsence { pupil, back_on, back_at } => {
                let back = match back_at {
                    Some(time) => say!(self, "date-moment", day = on(*back_on), time = self.clock(*time)),
                    None => on(*back_on),
                };
                say!(self, "command-end-absence", name = name(*pupil), day = back)
            }
            CommandBody::ExtendAbsence { pupil, to } => {
                say!(self, "command-extend-absence", name = name(*pupil), day = on(*to))
            }
            CommandBody::WithdrawAbsence { pupil, from, to } => {
                say!(self, "command-withdraw-absence", name = name(*pupil), days = days(*from, *to))
            }
            CommandBody::ExplainAbsence { pupil, day, session, kind, note: _ } => {
                let told = say!(self, "command-explain-absence", name = name(*pupil), day = in_session(*day, *session));
                self.with(told, Some(self.within(&self.absence_kind(*kind))))
            }
            CommandBody::MarkNoticeRead { notice: _ } => say!(self, "command-mark-notice-read"),
            CommandBody::DelegateTopics { pupil, to, topics, dates } => {
                let topics: Vec<String> = topics.iter().map(|topic| self.topic(*topic)).collect();
                let (child, adult) = (name(*pupil), adult(*to));
                if topics.is_empty() {
                    say!(self, "command-delegate-nothing", name = child, adult = adult)
                } else {
                    let told =
                        say!(self, "command-delegate-topics", name = child, adult = adult, topics = self.list(&topics));
                    self.with(told, self.span_of(dates, today))
                }
            }
            CommandBody::MarkRoll { group: id, day, session, marks } => {
                let named = marks.iter().take(MARKS_NAMED).map(|mark| {
                    let presence = self.within(&self.presence(mark.presence));
                    say!(self, "command-mark", name = name(mark.pupil), presence = presence)
                });
                let mut named: Vec<String> = named.collect();
                if marks.len() > MARKS_NAMED {
                    named.push(say!(self, "command-more-marks", count = marks.len() - MARKS_NAMED));
                }
                let day = in_session(*day, *session);
                say!(self, "command-mark-roll", group = group(*id), day = day, marks = named.join("; "))
            }
            CommandBody::UndoMark { group: id, day, session, pupil } => {
                let told = say!(self, "command-undo-mark", name = name(*pupil), day = in_session(*day, *session));
                self.with(told, Some(group(*id)))
            }
            CommandBody::CloseRoll { group: id, day, session } => {
                say!(self, "command-close-roll", group = group(*id), day = in_session(*day, *session))
            }
            CommandBody::MarkSeen { pupils, day } => {
                say!(self, "command-mark-seen", count = pupils.len(), day = on(*day))
            }
            CommandBody::JudgeExplanation { pupil, day, session, accept, reason } => {
                let key = if *accept { "command-accept-explanation" } else { "command-refuse-explanation" };
                let told = say!(self, key, name = name(*pupil), day = in_session(*day, *session));
                self.with(told, reason.as_ref().map(|reason| self.quoted(reason)))
            }
            CommandBody::LogCall { pupil, day, session, called, reached, outcome, note } => {
                let key = match (*reached, *outcome) {
                    (false, _) => "command-call-not-reached",
                    (true, None) => "command-call-reached",
                    (true, Some(CallOutcome::AtHome)) => "command-call-at-home",
                    (true, Some(CallOutcome::ShouldBeAtSchool)) => "command-call-should-be-at-school",
                    (true, Some(CallOutcome::Other)) => "command-call-other",
                };
                let told = self.with(say!(self, key, name = name(*pupil)), called.map(adult));
                let told = self.with(told, Some(in_session(*day, *session)));
                self.with(told, note.as_ref().map(|note| self.quoted(note)))
            }
            CommandBody::HandleFollowUp { pupil, handled, note, .. } => {
                let key = if *handled { "command-follow-up-handled" } else { "command-follow-up-reopened" };
                let told = say!(self, key, name = name(*pupil));
                self.with(told, note.as_ref().map(|note| self.quoted(note)))
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
                say!(self, "command-assign-staff", person = staff(assignment.person), role = assigned(assignment))
            }
            CommandBody::EndAssignment { person, assignment } => {
                say!(self, "command-end-assignment", person = staff(*person), role = assigned(assignment))
            }
            CommandBody::RecordAdultConsent { pupil, person, dates } => {
                let told = say!(self, "command-record-consent", name = name(*pupil), adult = adult(*person));
                self.with(told, self.span_of(dates, today))
            }
            CommandBody::GrantStrongAssurance { person, device: _, until } => {
                let who = names.name(*person).unwrap_or_else(|| say!(self, "person-unknown"));
                let until = say!(self, "date-until", day = self.moment(*until, tz, today));
                self.with(say!(self, "command-grant-assurance", person = who), Some(until))
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

    /// A receipt with one thing more.
    fn with(&self, told: String, more: Option<String>) -> String {
        match more {
            Some(more) => say!(self, "command-with", told = told, more = more),
            None => told,
        }
    }

    /// A command that this version cannot read: an app of another version wrote it.
    pub fn unreadable_command(&self) -> String {
        say!(self, "command-unreadable")
    }
}
